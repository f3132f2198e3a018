"""From the sentences of an exchange to the probability that its people use a term differently."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.mismatches.conversation_view import Voices, Weighed
from index.mismatches.cues import is_question
from index.mismatches.exchanges import Exchange, Relation
from index.mismatches.sentence_scorer import NOTHING, trained
from index.mismatches.term_choice import OF_TERM

FEATURES = (
    "strongest", "second", "third", "together", "shares a mention", "near", "nearest", "holds an answer", "reply",
    "before", "quotes", "post", "length of later", "length of earlier", "earlier is the post", "earlier's strongest",
    "next one's strongest", "asks", "strongest asks", "many", *OF_TERM,
)  # fmt: skip
WEAKEST = -3.5  # log-odds of the strongest sentence, below which an exchange is not looked at further
_FEW = -3.0  # log-odds that stand for a second or third sentence where there is none


def is_worth_a_look(sentences: Sequence[Weighed]) -> bool:
    """Tell whether any sentence of an exchange may be about what a word means."""
    return max(one.log_odds for one in sentences) >= WEAKEST


def described(voices: Voices, exchange: Exchange, sentences: Sequence[Weighed]) -> list[float]:
    """Describe an exchange by numbers, from the sentences that belong to it: `FEATURES` but those of its term."""
    ordered = sorted(sentences, key=lambda one: -one.log_odds)
    odds = [one.log_odds for one in ordered]
    first, earlier, later = ordered[0], exchange.earlier, exchange.later
    following = [voices.strongest(one.later.id) for one in voices.answers.get(later.id, ())]
    return [
        odds[0],
        odds[1] if len(odds) > 1 else _FEW,
        odds[2] if len(odds) > 2 else _FEW,
        math.log1p(sum(1 / (1 + math.exp(-one)) for one in odds)),
        float(any(one.shared for one in ordered)),
        first.near,
        max(one.near for one in ordered),
        float(any(one.asked for one in ordered)),
        *(float(exchange.relation is one) for one in (Relation.REPLY, Relation.BEFORE, Relation.QUOTES, Relation.POST)),
        math.log1p(len(later.text)),
        math.log1p(len(earlier.text)),
        float(earlier.reply_to is None),
        voices.strongest(earlier.id) if earlier.reply_to is not None else NOTHING,
        max(following, default=NOTHING),
        float(is_question(first.sentence.text)),
        float(first.asked),
        float(sum(one > -1 for one in odds)),
    ]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A logistic model over `FEATURES`, which are standardised."""

    means: Sequence[float]
    deviations: Sequence[float]
    weights: Sequence[float]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        """Give the probability that the exchange is a mismatch."""
        total = self.bias
        for value, mean, deviation, weight in zip(features, self.means, self.deviations, self.weights, strict=True):
            total += weight * (value - mean) / deviation
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Models:
    """What an exchange is judged by: how likely it is a mismatch, of which term, of which kind."""

    scorer: Scorer
    term: Sequence[float]  # weights in the order of `at_issue.FEATURES`
    kind: Sequence[float]  # weights of `kinds.described_kind`, and the bias


@cache
def shipped() -> Models:
    """Give the shipped models."""
    return Models(Scorer(**trained()["scorer"]), trained()["term"], trained()["kind"])
