"""What exchanges are judged by is learned here: how likely one is a mismatch, of which term, of which kind."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.training.mismatches.sentence_data import SentenceTrainingSet, assign_folds
from corpus.model import Definition
from corpus.term_key import make_term_key
from index.mismatches.conversation_view import assign_sentences
from index.mismatches.exchange_scorer import ExchangeScorer, MismatchModels, describe_exchange, is_worth_a_look
from index.mismatches.kind import describe_kind
from index.mismatches.term_choice import FEATURES as OF_PHRASE
from index.mismatches.term_choice import TermChooser, TermIndex, choose_phrase

_RIDGE = 3.0  # of the choice of terms
_LOOSE, _DISPUTES = 0.1, 1.5  # of scores and kinds: inverse strength of the ridge; and what a dispute counts
_PARTLY = 0.3  # what a phrase with one word of the label's is worth beside the label itself
_ALTERNATIVES = re.compile(r"[/()]| vs\.? | versus ")
_GLUE = frozenset("a an and as by for from in is it of on or that the this to with".split())


@dataclass(frozen=True, slots=True)
class CorpusTerms:
    """What is known of a corpus beside its conversations: their definitions by conversation, and its terms."""

    definitions: Mapping[str, Sequence[Definition]]
    term_index: TermIndex


@dataclass(frozen=True, slots=True)
class LabelledExchange:
    """An exchange in numbers, with what its label says of it.

    `phrases` (phrases, features) are those that it may be about, and `right` how right each is (sums to 1, or is
    nought); `kind` is the label's, or none; `worth` how much it counts, 0 where nobody is sure.
    """

    pair: frozenset[str]
    conversation_id: str
    worth: float
    mismatch: bool
    features: list[float]
    phrases: np.ndarray
    right: np.ndarray
    kind: str | None
    kind_features: list[float]

    def combine_features(self, term: Sequence[float]) -> list[float]:
        """Return the features of the scorer, where terms are chosen by these weights."""
        best = choose_phrase(self.phrases.tolist(), term)
        return [*self.features, *(best[1] if best else (0.0, 0.0))]


def label_exchanges(held: SentenceTrainingSet, reading: CorpusTerms) -> Iterator[LabelledExchange]:
    """Yield the exchanges of weighed conversations that are worth a look."""
    for voices in held.views:
        id_ = voices.conversation.id
        naming = TermChooser(voices, reading.definitions[id_], reading.term_index)
        for pair, (exchange, sentences) in assign_sentences(voices).items():
            if not is_worth_a_look(sentences):
                continue
            label, ranked = held.gold.get(pair), naming.rank_by_plainness(sentences)
            found = naming.describe_candidates(exchange, ranked)
            right = np.array([rate_term(key, label["term"]) if label else 0.0 for key in found])
            yield LabelledExchange(
                pair,
                id_,
                0.0 if pair in held.unsure else held.worth[id_],
                label is not None,
                describe_exchange(voices, exchange, sentences),
                np.array([one.features for one in found.values()]).reshape(len(found), len(OF_PHRASE)),
                right / max(right.sum(), 1e-9),
                label["kind"] if label else None,
                describe_kind(voices, exchange, ranked),
            )


def rate_term(key: str, labelled: str) -> float:
    """Say how right a term is, by its key: 1 for (one alternative of) the label, less where they share a word.

    >>> rate_term("goal concept", "goal / concept")
    0.3
    """
    if key in {make_term_key(one) for one in _ALTERNATIVES.split(labelled)}:
        return 1.0
    words = set(make_term_key(_ALTERNATIVES.sub(" ", labelled)).split()) - _GLUE
    return _PARTLY if words & set(key.split()) else 0.0


def learn(held: Sequence[LabelledExchange], folds: int = 8) -> MismatchModels:
    """Learn all three. The scorer learns from terms that were chosen by weights that had not seen the conversation."""
    fold = assign_folds({one.conversation_id for one in held}, folds)
    term: dict[int, list[float]] = {}
    for number in range(folds):
        term[number] = learn_terms([one for one in held if fold[one.conversation_id] != number])
    features = [one.combine_features(term[fold[one.conversation_id]]) for one in held]
    return MismatchModels(learn_scorer(held, features), learn_terms(held), learn_kinds(held))


def learn_scorer(held: Sequence[LabelledExchange], features: Sequence[Sequence[float]]) -> ExchangeScorer:
    """Learn how likely an exchange is a mismatch."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(np.array(features))
    model = LogisticRegression(C=_LOOSE, max_iter=1000)
    labels = [one.mismatch for one in held]
    model.fit(scaler.transform(np.array(features)), labels, sample_weight=[one.worth for one in held])
    return ExchangeScorer(
        [round(float(one), 5) for one in np.asarray(scaler.mean_)],
        [round(float(one), 5) for one in np.asarray(scaler.scale_)],
        [round(float(one), 5) for one in np.asarray(model.coef_)[0]],
        round(float(np.asarray(model.intercept_)[0]), 5),
    )


def learn_terms(held: Sequence[LabelledExchange]) -> list[float]:
    """Learn the weights of `term_choice.FEATURES`: a conditional logit with ridge, from mismatches of a known term."""
    from scipy.optimize import minimize

    known = [one for one in held if one.right.any()]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = _RIDGE / 2 * float(weights @ weights), _RIDGE * weights
        for one in known:
            scores = one.phrases @ weights
            scores = np.exp(scores - scores.max())
            chances = scores / scores.sum()
            total -= float(one.right @ np.log(chances + 1e-12))
            slope = slope - one.phrases.T @ (one.right - chances)
        return total, slope

    found = minimize(loss, np.zeros(len(OF_PHRASE)), jac=True, method="L-BFGS-B")
    return [round(float(one), 4) for one in found.x]


def learn_kinds(held: Sequence[LabelledExchange]) -> list[float]:
    """Learn the weights, and the bias, of `kind.describe_kind`; what nobody notices teaches nothing."""
    from sklearn.linear_model import LogisticRegression

    known = [one for one in held if one.kind in ("dispute", "clarify")]
    disputed = np.array([one.kind == "dispute" for one in known])
    weights = np.array([one.worth for one in known]) * np.where(disputed, _DISPUTES, 1.0)
    model = LogisticRegression(C=_LOOSE, max_iter=1000)
    model.fit(np.array([one.kind_features for one in known]), disputed, sample_weight=weights)
    return [round(float(one), 4) for one in (*np.asarray(model.coef_)[0], *np.asarray(model.intercept_))]
