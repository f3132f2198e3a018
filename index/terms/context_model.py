"""What a place calls for: whether two contexts, the term itself hidden, ask for one word.

A base teaches itself: every use of every term is an example of the contexts that ask for it. What is learned is how far
contexts of one term lie apart and how far those of different terms do (probabilistic linear discriminant analysis:
Ioffe, 2006; with length normalisation: Garcia-Romero & Espy-Wilson, 2011). From that follows the log odds that a group
of contexts asks for one word rather than two, whatever its size. Telling senses by the words that could stand in a
place goes back to Schütze (1998); hiding the word is what makes words examples of senses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_SIZE = 100  # dimensions kept, the most telling ones
_SHRUNK = 0.5  # share of the identity in the scatter within terms: there are fewer uses than it has numbers
_LEAST_TERMS, _LEAST_USES = 20, 300  # from which anything can be learned
_MOST_OF_ONE = 40  # uses of one term that are learned from, so that no term rules


@dataclass(frozen=True, slots=True)
class ContextModel:
    """The space in which uses of one term scatter with variance 1; `ratio` (size,) is how far terms lie apart in it."""

    centre: np.ndarray
    projection: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    ratio: np.ndarray

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """Bring vectors of contexts, shape (uses, n), into the space: (uses, size)."""
        return (_normalize_lengths((vectors - self.centre) @ self.projection) - self.mean) / self.spread

    def measure_support(self, total: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Return the log likelihood that contexts ask for one word, less that for their asking for anything at all.

        `total` (…, size) is the sum of the contexts, `count` (…) how many they are. Of two groups together less that of
        each alone is the log odds of one word.
        """
        count = np.asarray(count, dtype=np.float64)[..., None]
        shrunk = 1 + count * self.ratio
        return (self.ratio * total**2 / shrunk - np.log(shrunk)).sum(axis=-1) / 2

    def compare(self, contexts: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return the log odds that two contexts ask for one word: shape (len(one), len(other))."""
        alone, both = self.ratio / (1 + self.ratio), self.ratio / (1 + 2 * self.ratio)
        constant = (np.log1p(self.ratio) - np.log1p(2 * self.ratio) / 2).sum()
        own = [(part**2 @ (both - alone)) / 2 for part in (contexts, others)]
        return constant + own[0][:, None] + own[1][None, :] + (contexts * both) @ others.T


def learn_context_model(vectors: np.ndarray, terms: Sequence[str]) -> ContextModel | None:
    """Learn from contexts, shape (uses, n), and the term that stands in each; None where there are too few."""
    names, of_use = np.unique(np.asarray(terms, dtype=str), return_inverse=True)
    order = np.argsort(of_use, kind="stable")
    starts = np.searchsorted(of_use[order], np.arange(len(names)))
    turn = np.empty(len(order), dtype=np.int64)
    turn[order] = np.arange(len(order)) - starts[of_use[order]]
    often = np.bincount(of_use, minlength=len(names)) > 1 if len(names) else np.zeros(0, dtype=bool)
    kept = (turn < _MOST_OF_ONE) & often[of_use]
    if often.sum() < _LEAST_TERMS or kept.sum() < _LEAST_USES:
        return None
    given, of_use = vectors[kept].astype(np.float64), np.unique(of_use[kept], return_inverse=True)[1]
    centre, within, between = _compute_scatter(given, of_use)
    size = len(within)
    within = (1 - _SHRUNK) * within + _SHRUNK * np.trace(within) / size * np.eye(size)
    values, axes = np.linalg.eigh(within)
    white = axes / np.sqrt(values)
    telling, axes = np.linalg.eigh(white.T @ between @ white)
    projection = _fix_signs(white @ axes[:, np.argsort(-telling, kind="stable")[:_SIZE]])
    even = _normalize_lengths((given - centre) @ projection)
    _, within, between = _compute_scatter(even, of_use)
    varied = np.diag(within)
    return ContextModel(
        centre, projection, even.mean(axis=0), np.sqrt(varied), np.maximum(np.diag(between) / varied, 1e-3)
    )


def _compute_scatter(given: np.ndarray, of_use: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean of the terms, the scatter of uses within a term, and that of the terms themselves."""
    uses = np.bincount(of_use)
    middles = np.zeros((len(uses), given.shape[1]))
    np.add.at(middles, of_use, given)
    middles /= uses[:, None]
    apart = given - middles[of_use]
    within = apart.T @ apart / (len(given) - len(uses))
    mean = middles.mean(axis=0)
    return mean, within, np.cov((middles - mean).T) - within * float((1 / uses).mean())


def _normalize_lengths(rows: np.ndarray) -> np.ndarray:
    """Return every row one length: what is far from everything would else speak loudest."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9) * np.sqrt(rows.shape[1])


def _fix_signs(axes: np.ndarray) -> np.ndarray:
    """Turn each axis so that its largest number is positive: the sign of an eigenvector is arbitrary."""
    return axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
