"""Uses of a term → senses: utterances are divided in two, again and again, as long as the evidence for two is clear.

Within an utterance a term has one sense (Gale, Church & Yarowsky, 1992: "one sense per discourse"), so what is
compared is utterances, by the mean log odds that their uses are alike. A division starts from the main axis of likeness
and is refined by kernel k-means (Dhillon, Guan & Kulis, 2004). It stands only where uses of different sides are clearly
less alike than uses of one side, and both sides are large enough to be a sense; else the term keeps the sense it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

APART = 0.0  # log odds of one sense between two senses: at most this, on the average
GAP = 0.6  # by how much log odds within a sense must exceed those between two, and more where utterances are few:
_GAP_OF_FEW = (
    3.0  # divided by the number of utterances on the smaller side (words of one sense: bench/senses_pseudo.py)
)
_LEAST_UTTERANCES, _LEAST_SHARE = 2, 0.05  # of a sense
_MOST_SENSES = 8
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Likeness:
    """Mean log odds that the uses in two utterances have one sense, (utterances, utterances), and uses in each."""

    odds: "np.ndarray"
    uses: "np.ndarray"

    def part(self, members: "np.ndarray") -> "Likeness":
        """Give the same of some of the utterances."""
        import numpy as np

        return Likeness(self.odds[np.ix_(members, members)], self.uses[members])


def likeness(alike: "np.ndarray", utterances: Sequence[str]) -> tuple[Likeness, list[int]]:
    """Take uses together by utterance: what they are like, and the number of the utterance of each use.

    `alike` (uses, uses) is the probability that two uses have one sense.
    """
    import numpy as np

    number = {name: at for at, name in enumerate(sorted(set(utterances)))}
    of_use = [number[name] for name in utterances]
    member = np.zeros((len(of_use), len(number)))
    member[np.arange(len(of_use)), of_use] = 1.0
    sure = np.clip(alike.astype(np.float64), 1e-4, 1 - 1e-4)
    odds = np.log(sure / (1 - sure))
    uses = member.sum(axis=0)
    mean = member.T @ ((odds + odds.T) / 2) @ member / np.outer(uses, uses)
    return Likeness(mean, uses), of_use


def clusters(alike: "np.ndarray", utterances: Sequence[str]) -> list[int]:
    """Give the number of its sense for each use, 0 for the most used sense."""
    import numpy as np

    whole, of_use = likeness(alike, utterances)
    senses: list[np.ndarray] = []
    waiting = [np.arange(len(whole.uses))]
    least = max(_LEAST_SHARE * whole.uses.sum(), _LEAST_UTTERANCES)
    while waiting:
        members = waiting.pop()
        here = whole.part(members)
        side = divide(here) if len(senses) + len(waiting) + 1 < _MOST_SENSES else None
        if side is None or not stands(here, side, least):
            senses.append(members)
        else:
            waiting += [members[side], members[~side]]
    senses.sort(key=lambda members: (-whole.uses[members].sum(), members.min()))
    sense_of = {int(unit): number for number, members in enumerate(senses) for unit in members}
    return [sense_of[unit] for unit in of_use]


def divide(here: Likeness) -> "np.ndarray | None":
    """Give which utterances are on the one side of the best division in two; None where there is none."""
    import numpy as np

    size = len(here.uses)
    if size < 2 * _LEAST_UTTERANCES:
        return None
    odds, uses = here.odds.copy(), here.uses
    np.fill_diagonal(odds, 0.0)
    others = odds.sum(axis=1) / (size - 1)
    share = uses / uses.sum()
    filled = odds + np.diag(others)  # what an utterance is like to itself would say nothing
    mean = filled @ share
    centred = (filled - mean[:, None] - mean[None, :] + share @ mean) * np.sqrt(np.outer(share, share))
    side = np.linalg.eigh(centred)[1][:, -1] > 0
    for _ in range(_ROUNDS):
        if side.all() or not side.any():
            return None
        sums = [odds @ (uses * part) / np.maximum((uses * part).sum() - uses * part, 1e-9) for part in (side, ~side)]
        moved = sums[0] > sums[1]
        if (moved == side).all():
            break
        side = moved
    return None if side.all() or not side.any() else side


def evidence(here: Likeness, side: "np.ndarray") -> tuple[float, float]:
    """Give the mean log odds of one sense between the sides, and by how much those within a side exceed them."""
    import numpy as np

    weight = np.outer(here.uses, here.uses)
    np.fill_diagonal(weight, 0.0)
    across = np.not_equal.outer(side, side)
    between = float((here.odds * weight)[across].sum() / weight[across].sum())
    within = float((here.odds * weight)[~across].sum() / max(weight[~across].sum(), 1e-9))
    return between, within - between


def stands(here: Likeness, side: "np.ndarray", least: float) -> bool:
    """Tell whether a division is clear enough to make two senses of one. `least` uses make a sense."""
    for part in (side, ~side):
        if part.sum() < _LEAST_UTTERANCES or here.uses[part].sum() < least:
            return False
    between, gap = evidence(here, side)
    few = min(int(side.sum()), int((~side).sum()))
    return between <= APART and gap >= GAP + _GAP_OF_FEW / few
