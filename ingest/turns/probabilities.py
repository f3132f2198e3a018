"""From features to probabilities: whether a page holds several voices, how often they change, and where."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from ingest.turns.boosted_trees import Tree, score, tree_of
from ingest.turns.features import Features

_TOP = 5  # how many of the likeliest beginnings tell of the page
_OF_THE_PAGE = ("page: repeats", "page: answers", "page: you", "page: I")


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: three readings, the later ones of what the earlier ones found.

    `trees` score a paragraph by its features. `level` turns scores into log odds of a beginning on a page of several
    voices, by what the page looks like: people at talk take turns more often than people who write. `several` gives
    the log odds that a page holds several voices. Both are logistic regressions, by names of `levels` and `summary`.
    """

    trees: tuple[Tree, ...]
    level: Mapping[str, float]
    several: Mapping[str, float]

    @classmethod
    def of(cls, loaded: Mapping[str, Any]) -> "Weights":
        """Make weights of what JSON holds."""
        return cls(tuple(map(tree_of, loaded["trees"])), loaded["level"], loaded["several"])


def probabilities(described: Sequence[Features], weights: Weights) -> list[float]:
    """Give the probability that each paragraph of a page begins a turn; 1 for the first one."""
    return of_scores(described, [score(weights.trees, here) for here in described[1:]], weights)


def of_scores(described: Sequence[Features], scores: Sequence[float], weights: Weights) -> list[float]:
    """Give the same, by what the trees made of each paragraph but the first."""
    likely = if_several(described, scores, weights.level)
    several = sigmoid(_dot(weights.several, summary(described, likely)))
    return [1.0, *(several * each for each in likely)]


def if_several(described: Sequence[Features], scores: Sequence[float], level: Mapping[str, float]) -> list[float]:
    """Give the probability that each paragraph but the first begins a turn, on a page known to hold several voices."""
    return [sigmoid(_dot(level, each)) for each in levels(described, scores)]


def levels(described: Sequence[Features], scores: Sequence[float]) -> list[Features]:
    """Describe each paragraph but the first by its score among the scores of its page."""
    page = _looks(described) | {"mean score": fmean(scores), "bias": 1.0}
    return [page | {"score": each} for each in scores]


def summary(described: Sequence[Features], likely: Sequence[float]) -> Features:
    """Sum up a page of two or more paragraphs: its likeliest beginnings, and what it looks like as a whole."""
    best = sorted(likely, reverse=True)[:_TOP]
    return _looks(described) | {
        "best": log_odds(best[0]) / 3,
        "best few": fmean(map(log_odds, best)) / 3,
        "mean": log_odds(fmean(likely)) / 3,
        "bias": 1.0,
    }


def log_odds(probability: float) -> float:
    """Give log(p / (1 - p)), kept within ±7."""
    bounded = min(max(probability, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))


def sigmoid(value: float) -> float:
    """Give the probability of log odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _looks(described: Sequence[Features]) -> Features:
    return {name: described[0][name] for name in _OF_THE_PAGE}


def _dot(weights: Mapping[str, float], values: Features) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in values.items())
