"""Uses of a term → senses: its users are divided in two, again and again, as long as the evidence for two is clear.

What is divided is people, with all that each wrote in one thread: within that a term has one sense (Gale, Church &
Yarowsky, 1992: "one sense per discourse"). A division starts from the main axes of what the places call for and is
refined by moving people to the side that their places support. It stands only where two words explain the places much
better than one does, and both sides are large enough to be a sense; else the term keeps the sense it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.terms.context_model import Contexts

if TYPE_CHECKING:
    import numpy as np

NONE = -1  # the sense of a use that cannot be told
CLEAR = 1.0  # log odds of the one sense against the next, below which nobody is said to mean either
_KEPT = 2.2  # log odds that an utterance has the sense that its author means all in all: nine in ten
_LEAST_UTTERANCES, _LEAST_SHARE = 3, 0.05  # of a sense
_MOST_SENSES = 8
_AXES, _ROUNDS = 3, 8
_BAR, _LEAST_BAR = 12.0, 10.0  # what a division must gain where too few terms tell, and anywhere
_ENOUGH, _OFTEN = 40, 8  # terms that tell, and utterances of each; fewer are not divided, since nothing tells of them
_ONE_SENSE = 0.98  # share of them that is taken to have one sense


@dataclass(frozen=True, slots=True)
class Heaps:
    """Contexts taken together by who wrote them where: their sums (heaps, size), and of how many utterances each is."""

    sums: "np.ndarray"
    counts: "np.ndarray"

    def part(self, members: "np.ndarray") -> "Heaps":
        """Give some of the heaps."""
        return Heaps(self.sums[members], self.counts[members])


@dataclass(frozen=True, slots=True)
class Split:
    """A division in two: which heaps are on the one side, what it gains, and of how many utterances.

    `gain` is the log odds of two senses against one, divided by the fourth root of the number of utterances: the best
    of ever more divisions of what is one sense grows so (measured).
    """

    side: "np.ndarray"
    gain: float
    utterances: int


def heaped(seen: "np.ndarray", utterances: Sequence[str], units: Sequence[str]) -> tuple[Heaps, list[int]]:
    """Take contexts together by unit; each utterance speaks once. Gives the heaps, and in which heap each use is."""
    import numpy as np

    pairs = sorted(set(zip(units, utterances, strict=True)))
    place = {pair: at for at, pair in enumerate(pairs)}
    of_utterance = np.array([place[pair] for pair in zip(units, utterances, strict=True)])
    means = np.zeros((len(pairs), seen.shape[1]))
    np.add.at(means, of_utterance, seen)
    means /= np.bincount(of_utterance)[:, None]
    number = {unit: at for at, unit in enumerate(sorted(set(units)))}
    of_pair = np.array([number[unit] for unit, _ in pairs])
    sums = np.zeros((len(number), seen.shape[1]))
    np.add.at(sums, of_pair, means)
    return Heaps(sums, np.bincount(of_pair).astype(np.float64)), [number[unit] for unit in units]


def clusters(model: Contexts, heaps: Heaps, bar: float, first: Split | None) -> list[int]:
    """Give the number of its sense for each heap, 0 for the most used sense, `NONE` where it is not clear.

    `first` is the best division of them all, `bar` what a division must gain to stand.
    """
    import numpy as np

    senses: list[np.ndarray] = []
    waiting = [np.arange(len(heaps.counts))]
    least = max(_LEAST_SHARE * heaps.counts.sum(), _LEAST_UTTERANCES)
    while waiting:
        members = waiting.pop()
        here = heaps.part(members)
        split = first if len(members) == len(heaps.counts) else divide(model, here)
        if split is None or len(senses) + len(waiting) + 1 >= _MOST_SENSES or not stands(here, split, bar, least):
            senses.append(members)
        else:
            waiting += [members[split.side], members[~split.side]]
    senses.sort(key=lambda members: (-heaps.counts[members].sum(), members.min()))
    number = np.zeros(len(heaps.counts), dtype=np.int64)
    for its, members in enumerate(senses):
        number[members] = its
    return [int(its) if sure else NONE for its, sure in zip(number, _clear(model, heaps, number), strict=True)]


def divide(model: Contexts, heaps: Heaps) -> Split | None:
    """Give the best division in two; None where there is none, or too few utterances to hold one against the bar."""
    import numpy as np

    sums, counts = heaps.sums, heaps.counts
    if len(counts) < 2 or counts.sum() < _OFTEN:
        return None
    total, number = sums.sum(axis=0), counts.sum()
    centred = (sums / counts[:, None] - total / number) * np.sqrt(model.ratio)
    axes = np.linalg.svd(np.sqrt(counts)[:, None] * centred, full_matrices=False)[2][:_AXES]
    best: tuple[float, np.ndarray] | None = None
    for axis in axes:
        side = centred @ axis > 0
        for _ in range(_ROUNDS):
            gain = _gain(model, heaps, side)
            if gain is None:
                break
            if best is None or gain > best[0] + 1e-9:
                best = gain, side
            moved = _odds(model, heaps, side) > 0
            if (moved == side).all():
                break
            side = moved
    if best is None:
        return None
    gain, side = _polished(model, heaps, *best)
    return Split(side, gain / float(number) ** 0.25, int(number))


def _polished(model: Contexts, heaps: Heaps, gain: float, side: "np.ndarray") -> "tuple[float, np.ndarray]":
    """Move one heap at a time, the one that gains most, until none gains."""
    import numpy as np

    for _ in range(len(heaps.counts)):
        odds = _odds(model, heaps, side)
        gains = np.where(side, -odds, odds)
        at = int(gains.argmax())
        if gains[at] <= 1e-9:
            break
        other = side.copy()
        other[at] = not other[at]
        now = _gain(model, heaps, other)
        if now is None or now <= gain:
            break
        gain, side = now, other
    return gain, side


def _gain(model: Contexts, heaps: Heaps, side: "np.ndarray") -> float | None:
    if side.all() or not side.any():
        return None
    parts = [(heaps.sums[part].sum(axis=0), heaps.counts[part].sum()) for part in (side, ~side)]
    apart = sum(float(model.support(*part)) for part in parts)
    return apart - float(model.support(heaps.sums.sum(axis=0), heaps.counts.sum()))


def _odds(model: Contexts, heaps: Heaps, side: "np.ndarray") -> "np.ndarray":
    """Give the log odds of each heap's being on the one side rather than the other."""
    return _joined(model, heaps, side) - _joined(model, heaps, ~side)


def _joined(model: Contexts, heaps: Heaps, part: "np.ndarray") -> "np.ndarray":
    """Give what it adds to the support of a part to have each heap in it, itself left out before."""
    total = heaps.sums[part].sum(axis=0) - heaps.sums * part[:, None]
    count = heaps.counts[part].sum() - heaps.counts * part
    return model.support(total + heaps.sums, count + heaps.counts) - model.support(total, count)


def _of_senses(model: Contexts, heaps: Heaps, number: "np.ndarray") -> "np.ndarray":
    """Give what it adds to the support of each sense to have each heap in it: (senses, heaps)."""
    import numpy as np

    return np.array([_joined(model, heaps, number == its) for its in range(int(number.max()) + 1)])


def _clear(model: Contexts, heaps: Heaps, number: "np.ndarray") -> "np.ndarray":
    """Tell whose sense is clear: where there is one sense only, everybody's."""
    import numpy as np

    if not len(number) or number.max() == 0:
        return np.ones(len(number), dtype=bool)
    odds = _of_senses(model, heaps, number)
    everybody = np.arange(len(number))
    own = odds[number, everybody]
    odds[number, everybody] = -np.inf
    return own - odds.max(axis=0) >= CLEAR


def by_utterance(model: Contexts, heaps: Heaps, meant: Sequence[int]) -> list[int]:
    """Give the number of the sense of each utterance, `NONE` where it is not clear.

    `heaps` are utterances, `meant` the sense that each one's author was found to mean, all in all. People keep to a
    sense in most of what they write; what calls clearly for another is another.
    """
    import numpy as np

    number = np.asarray(meant)
    if not len(number) or number.max() <= 0:
        return [int(its) for its in number]
    odds = _of_senses(model, heaps, number)
    for its in range(len(odds)):
        odds[its, number == its] += _KEPT
    best = odds.argmax(axis=0)
    second = np.partition(odds, -2, axis=0)[-2]
    clear = odds.max(axis=0) - second >= CLEAR
    return [int(its) if sure else NONE for its, sure in zip(best, clear, strict=True)]


def stands(heaps: Heaps, split: Split, bar: float, least: float) -> bool:
    """Tell whether a division is clear enough to make two senses of one. `least` utterances make a sense."""
    sizes = heaps.counts[split.side].sum(), heaps.counts[~split.side].sum()
    return min(sizes) >= least and split.gain >= bar


def bar_of(splits: "Mapping[str, Split | None]") -> float:
    """Say what a division must gain in this base to stand, from the best divisions of all its terms.

    Terms of several words hardly ever have two senses (Yarowsky, 1993: "one sense per collocation"), so what nearly all
    of them stay below is what one sense gains by chance here (an empirical null: Efron, 2004).
    """
    import numpy as np

    gains = [
        split.gain
        for name, split in splits.items()
        if split is not None and split.utterances >= _OFTEN and len(name.split()) > 1
    ]
    if len(gains) < _ENOUGH:
        return _BAR
    return max(_LEAST_BAR, float(np.quantile(gains, _ONE_SENSE)))
