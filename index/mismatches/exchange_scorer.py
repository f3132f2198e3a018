"""From the sentences of an exchange to the probability that its people use a term differently."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.logistic import logistic
from index.mismatches.conversation_view import ConversationView, ScoredSentence
from index.mismatches.cues import is_question
from index.mismatches.exchanges import Exchange, Relation
from index.mismatches.sentence_scorer import NOTHING, load_weights
from index.mismatches.term_choice import OF_TERM

FEATURES = (
    "strongest", "second", "third", "together", "shares a mention", "near", "nearest", "holds an answer", "reply",
    "before", "quotes", "post", "length of later", "length of earlier", "earlier is the post", "earlier's strongest",
    "next one's strongest", "asks", "strongest asks", "many", *OF_TERM,
)  # fmt: skip
WEAKEST = -3.5  # log-odds of the strongest sentence, below which an exchange is not looked at further
_FEW = -3.0  # log-odds that stand for a second or third sentence where there is none


def is_worth_a_look(sentences: Sequence[ScoredSentence]) -> bool:
    """Return whether any sentence of an exchange may be about what a word means."""
    return max(scored.log_odds for scored in sentences) >= WEAKEST


def describe_exchange(view: ConversationView, exchange: Exchange, sentences: Sequence[ScoredSentence]) -> list[float]:
    """Describe an exchange by numbers, from the sentences that belong to it: `FEATURES` but those of its term."""
    ordered = sorted(sentences, key=lambda scored: -scored.log_odds)
    odds = [scored.log_odds for scored in ordered]
    first, earlier, later = ordered[0], exchange.earlier, exchange.later
    following = [view.find_strongest(scored.later.id) for scored in view.answers.get(later.id, ())]
    return [
        odds[0],
        odds[1] if len(odds) > 1 else _FEW,
        odds[2] if len(odds) > 2 else _FEW,
        math.log1p(sum(map(logistic, odds))),
        float(any(scored.shares_mention for scored in ordered)),
        first.closeness,
        max(scored.closeness for scored in ordered),
        float(any(scored.has_answer for scored in ordered)),
        *(
            float(exchange.relation is scored)
            for scored in (Relation.REPLY, Relation.BEFORE, Relation.QUOTES, Relation.POST)
        ),
        math.log1p(len(later.text)),
        math.log1p(len(earlier.text)),
        float(earlier.reply_to is None),
        view.find_strongest(earlier.id) if earlier.reply_to is not None else NOTHING,
        max(following, default=NOTHING),
        float(is_question(first.sentence.text)),
        float(first.has_answer),
        float(sum(scored > -1 for scored in odds)),
    ]


@dataclass(frozen=True, slots=True)
class ExchangeScorer:
    """A logistic model over `FEATURES`, which are standardised."""

    means: Sequence[float]
    deviations: Sequence[float]
    weights: Sequence[float]
    bias: float

    def predict_probability(self, features: Sequence[float]) -> float:
        """Return the probability that the exchange is a mismatch."""
        total = self.bias
        for value, mean, deviation, weight in zip(features, self.means, self.deviations, self.weights, strict=True):
            total += weight * (value - mean) / deviation
        return logistic(total)


@dataclass(frozen=True, slots=True)
class MismatchModels:
    """What an exchange is judged by: how likely it is a mismatch, of which term, of which kind."""

    scorer: ExchangeScorer
    term: Sequence[float]  # weights in the order of `term_choice.FEATURES`
    kind: Sequence[float]  # weights of `kind.describe_kind`, and the bias


@cache
def load_models() -> MismatchModels:
    """Return the shipped models."""
    return MismatchModels(ExchangeScorer(**load_weights()["scorer"]), load_weights()["term"], load_weights()["kind"])
