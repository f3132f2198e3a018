"""From features to probabilities: whether a page holds several voices, how often they change, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from corpus.boosted_trees import Tree, score, tree_from_json
from corpus.logistic import compute_log_odds, logistic
from ingest.turns.features import Features

_TOP = 5  # how many of the likeliest beginnings tell of the page
_OF_THE_PAGE = ("page: repeats", "page: answers", "page: you", "page: I")


@dataclass(frozen=True, slots=True)
class TurnWeights:
    """What was learned: three readings, the later ones of what the earlier ones found.

    `trees` score a paragraph by its features. `level` turns scores into log odds of a beginning on a page of several
    voices, by what the page looks like: people at talk take turns more often than people who write. `several` gives
    the log odds that a page holds several voices. Both are logistic regressions, by names of `describe_scores` and
    `summarize_page`.
    """

    trees: tuple[Tree, ...]
    level: Mapping[str, float]
    several: Mapping[str, float]

    @classmethod
    def from_json(cls, loaded: Mapping[str, Any]) -> "TurnWeights":
        """Make weights of what JSON holds."""
        return cls(tuple(map(tree_from_json, loaded["trees"])), loaded["level"], loaded["several"])


def predict_starts(described: Sequence[Features], weights: TurnWeights) -> list[float]:
    """Return the probability that each paragraph of a page begins a turn; 1 for the first one."""
    return predict_from_scores(described, [score(weights.trees, row) for row in described[1:]], weights)


def predict_from_scores(described: Sequence[Features], scores: Sequence[float], weights: TurnWeights) -> list[float]:
    """Return the same as `predict_starts`, by the scores that the trees gave to each paragraph but the first."""
    likely = predict_if_several(described, scores, weights.level)
    several = logistic(_dot(weights.several, summarize_page(described, likely)))
    return [1.0, *(several * likelihood for likelihood in likely)]


def predict_if_several(
    described: Sequence[Features], scores: Sequence[float], level: Mapping[str, float]
) -> list[float]:
    """Return how probably each paragraph but the first begins a turn, on a page known to hold several voices."""
    return [logistic(_dot(level, row)) for row in describe_scores(described, scores)]


def describe_scores(described: Sequence[Features], scores: Sequence[float]) -> list[Features]:
    """Describe each paragraph but the first by its score among the scores of its page."""
    page = _select_page_features(described) | {"mean score": fmean(scores), "bias": 1.0}
    return [page | {"score": score_} for score_ in scores]


def summarize_page(described: Sequence[Features], likely: Sequence[float]) -> Features:
    """Sum up a page of two or more paragraphs: its likeliest beginnings, and what it looks like as a whole."""
    best = sorted(likely, reverse=True)[:_TOP]
    return _select_page_features(described) | {
        "best": compute_bounded_log_odds(best[0]) / 3,
        "best few": fmean(map(compute_bounded_log_odds, best)) / 3,
        "mean": compute_bounded_log_odds(fmean(likely)) / 3,
        "bias": 1.0,
    }


def compute_bounded_log_odds(probability: float) -> float:
    """Return log(p / (1 - p)), kept within ±7."""
    return compute_log_odds(min(max(probability, 0.001), 0.999))


def _select_page_features(described: Sequence[Features]) -> Features:
    return {name: described[0][name] for name in _OF_THE_PAGE}


def _dot(weights: Mapping[str, float], values: Features) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in values.items())
