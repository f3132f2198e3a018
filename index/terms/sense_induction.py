"""Uses of a term → senses: its users are divided in two, again and again, as long as the evidence for two is clear.

What is divided is people, with all that each wrote in one thread: within that a term has one sense (Gale, Church &
Yarowsky, 1992: "one sense per discourse"). A division starts from the main axes of what the places call for and is
refined by moving people to the side that their places support. It stands only where two words explain the places much
better than one does, and both sides are large enough to be a sense; else the term keeps the sense it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.terms.context_model import ContextModel

NONE = -1  # the sense of a use that cannot be told
CLEAR = 1.0  # log odds of the one sense against the next, below which nobody is said to mean either
_KEPT = 2.2  # log odds that an utterance has the sense that its author means all in all: nine in ten
_LEAST_UTTERANCES, _LEAST_SHARE = 3, 0.05  # of a sense
_MOST_SENSES = 8
_AXES, _ROUNDS = 3, 8
_THRESHOLD, _LEAST_THRESHOLD = 12.0, 10.0  # what a division must gain where too few terms tell, and anywhere
_ENOUGH, _OFTEN = 40, 8  # terms that tell, and utterances of each; fewer are not divided, since nothing tells of them
_ONE_SENSE = 0.98  # share of them that is taken to have one sense


@dataclass(frozen=True, slots=True)
class GroupedContexts:
    """Contexts grouped by who wrote them where: their sums (groups, size), and of how many utterances each is."""

    sums: np.ndarray
    counts: np.ndarray

    def select(self, members: np.ndarray) -> "GroupedContexts":
        """Return some of the groups."""
        return GroupedContexts(self.sums[members], self.counts[members])


@dataclass(frozen=True, slots=True)
class SenseSplit:
    """A division in two: which groups are on the one side, what it gains, and of how many utterances.

    `gain` is the log odds of two senses against one, divided by the fourth root of the number of utterances: the best
    of ever more divisions of what is one sense grows so (measured).
    """

    side: np.ndarray
    gain: float
    utterances: int


def group_contexts(
    contexts: np.ndarray, utterances: Sequence[str], units: Sequence[str]
) -> tuple[GroupedContexts, list[int]]:
    """Group contexts by unit; each utterance speaks once. Return the groups, and in which group each use is."""
    pairs = sorted(set(zip(units, utterances, strict=True)))
    index_of_pair = {pair: index for index, pair in enumerate(pairs)}
    of_utterance = np.array([index_of_pair[pair] for pair in zip(units, utterances, strict=True)])
    means = np.zeros((len(pairs), contexts.shape[1]))
    np.add.at(means, of_utterance, contexts)
    means /= np.bincount(of_utterance)[:, None]
    row_of_unit = {unit: index for index, unit in enumerate(sorted(set(units)))}
    of_pair = np.array([row_of_unit[unit] for unit, _ in pairs])
    sums = np.zeros((len(row_of_unit), contexts.shape[1]))
    np.add.at(sums, of_pair, means)
    return GroupedContexts(sums, np.bincount(of_pair).astype(np.float64)), [row_of_unit[unit] for unit in units]


def induce_senses(
    model: ContextModel, groups: GroupedContexts, threshold: float, first: SenseSplit | None
) -> list[int]:
    """Return the number of its sense for each group, 0 for the most used sense, `NONE` where it is not clear.

    `first` is the best division of them all, `threshold` what a division must gain to stand.
    """
    senses: list[np.ndarray] = []
    waiting = [np.arange(len(groups.counts))]
    least = max(_LEAST_SHARE * groups.counts.sum(), _LEAST_UTTERANCES)
    while waiting:
        members = waiting.pop()
        part = groups.select(members)
        split = first if len(members) == len(groups.counts) else find_best_split(model, part)
        if (
            split is None
            or len(senses) + len(waiting) + 1 >= _MOST_SENSES
            or not is_clear_split(part, split, threshold, least)
        ):
            senses.append(members)
        else:
            waiting += [members[split.side], members[~split.side]]
    senses.sort(key=lambda members: (-groups.counts[members].sum(), members.min()))
    sense_of = np.zeros(len(groups.counts), dtype=np.int64)
    for its, members in enumerate(senses):
        sense_of[members] = its
    return [
        int(its) if sure else NONE
        for its, sure in zip(sense_of, _has_clear_sense(model, groups, sense_of), strict=True)
    ]


def find_best_split(model: ContextModel, groups: GroupedContexts) -> SenseSplit | None:
    """Return the best division in two; None where there is none, or too few utterances to judge one."""
    sums, counts = groups.sums, groups.counts
    if len(counts) < 2 or counts.sum() < _OFTEN:
        return None
    total, utterance_count = sums.sum(axis=0), counts.sum()
    centred = (sums / counts[:, None] - total / utterance_count) * np.sqrt(model.ratio)
    axes = np.linalg.svd(np.sqrt(counts)[:, None] * centred, full_matrices=False)[2][:_AXES]
    best: tuple[float, np.ndarray] | None = None
    for axis in axes:
        side = centred @ axis > 0
        for _ in range(_ROUNDS):
            gain = _compute_gain(model, groups, side)
            if gain is None:
                break
            if best is None or gain > best[0] + 1e-9:
                best = gain, side
            moved = _compute_odds(model, groups, side) > 0
            if (moved == side).all():
                break
            side = moved
    if best is None:
        return None
    gain, side = _improve_split(model, groups, *best)
    return SenseSplit(side, gain / float(utterance_count) ** 0.25, int(utterance_count))


def _improve_split(
    model: ContextModel, groups: GroupedContexts, gain: float, side: np.ndarray
) -> tuple[float, np.ndarray]:
    """Move one group at a time, the one that gains most, until none gains."""
    for _ in range(len(groups.counts)):
        odds = _compute_odds(model, groups, side)
        gains = np.where(side, -odds, odds)
        index = int(gains.argmax())
        if gains[index] <= 1e-9:
            break
        other = side.copy()
        other[index] = not other[index]
        now = _compute_gain(model, groups, other)
        if now is None or now <= gain:
            break
        gain, side = now, other
    return gain, side


def _compute_gain(model: ContextModel, groups: GroupedContexts, side: np.ndarray) -> float | None:
    if side.all() or not side.any():
        return None
    parts = [(groups.sums[part].sum(axis=0), groups.counts[part].sum()) for part in (side, ~side)]
    apart = sum(float(model.measure_support(*part)) for part in parts)
    return apart - float(model.measure_support(groups.sums.sum(axis=0), groups.counts.sum()))


def _compute_odds(model: ContextModel, groups: GroupedContexts, side: np.ndarray) -> np.ndarray:
    """Return the log odds of each group's being on the one side rather than the other."""
    return _compute_added_support(model, groups, side) - _compute_added_support(model, groups, ~side)


def _compute_added_support(model: ContextModel, groups: GroupedContexts, part: np.ndarray) -> np.ndarray:
    """Return what it adds to the support of a part to have each group in it, itself left out before."""
    total = groups.sums[part].sum(axis=0) - groups.sums * part[:, None]
    count = groups.counts[part].sum() - groups.counts * part
    return model.measure_support(total + groups.sums, count + groups.counts) - model.measure_support(total, count)


def _compute_sense_support(model: ContextModel, groups: GroupedContexts, sense_of: np.ndarray) -> np.ndarray:
    """Return what it adds to the support of each sense to have each group in it: (senses, groups)."""
    return np.array([_compute_added_support(model, groups, sense_of == its) for its in range(int(sense_of.max()) + 1)])


def _has_clear_sense(model: ContextModel, groups: GroupedContexts, sense_of: np.ndarray) -> np.ndarray:
    """Tell whose sense is clear: where there is one sense only, everybody's."""
    if not len(sense_of) or sense_of.max() == 0:
        return np.ones(len(sense_of), dtype=bool)
    odds = _compute_sense_support(model, groups, sense_of)
    everybody = np.arange(len(sense_of))
    own = odds[sense_of, everybody]
    odds[sense_of, everybody] = -np.inf
    return own - odds.max(axis=0) >= CLEAR


def assign_utterances(model: ContextModel, groups: GroupedContexts, author_senses: Sequence[int]) -> list[int]:
    """Return the number of the sense of each utterance, `NONE` where it is not clear.

    `groups` are utterances, `author_senses` the sense that each one's author was found to mean, all in all. People
    keep to a sense in most of what they write; what calls clearly for another is another.
    """
    sense_of = np.asarray(author_senses)
    if not len(sense_of) or sense_of.max() <= 0:
        return [int(its) for its in sense_of]
    odds = _compute_sense_support(model, groups, sense_of)
    for its in range(len(odds)):
        odds[its, sense_of == its] += _KEPT
    best = odds.argmax(axis=0)
    second = np.partition(odds, -2, axis=0)[-2]
    clear = odds.max(axis=0) - second >= CLEAR
    return [int(its) if sure else NONE for its, sure in zip(best, clear, strict=True)]


def is_clear_split(groups: GroupedContexts, split: SenseSplit, threshold: float, least: float) -> bool:
    """Return whether a division is clear enough to make two senses of one. `least` utterances make a sense."""
    sizes = groups.counts[split.side].sum(), groups.counts[~split.side].sum()
    return min(sizes) >= least and split.gain >= threshold


def estimate_null_threshold(splits: "Mapping[str, SenseSplit | None]") -> float:
    """Say what a division must gain in this base to stand, from the best divisions of all its terms.

    Terms of several words hardly ever have two senses (Yarowsky, 1993: "one sense per collocation"), so what nearly all
    of them stay below is what one sense gains by chance here (an empirical null: Efron, 2004).
    """
    gains = [
        split.gain
        for name, split in splits.items()
        if split is not None and split.utterances >= _OFTEN and len(name.split()) > 1
    ]
    if len(gains) < _ENOUGH:
        return _THRESHOLD
    return max(_LEAST_THRESHOLD, float(np.quantile(gains, _ONE_SENSE)))
