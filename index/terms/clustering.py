"""Uses of a term → senses: average-link clusters of utterances, kept apart only on clear evidence.

Within an utterance a term has one sense (Gale, Church & Yarowsky, 1992: "one sense per discourse"), so what is
compared is utterances, by the mean probability that their uses are alike. Groups are joined, the most alike first, as
long as the mean is not clearly below even. What is then too small to be a sense goes to the sense it is most like.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

APART = 0.35  # joined down to this mean probability of one sense
_LEAST_UTTERANCES = 2  # of a sense; one suffices where somebody defines it
_LEAST_SHARE = 0.05


def clusters(
    alike: "np.ndarray", utterances: Sequence[str], anchors: Sequence[int] = (), apart: float = APART
) -> list[int]:
    """Give the number of its sense for each use, 0 for the largest sense.

    `alike` (uses, uses) is the probability that two uses have one sense; `utterances` says where each stands; `anchors`
    are the uses at which somebody defines the term.
    """
    import numpy as np

    names = sorted(set(utterances))
    if len(names) < 2:
        return [0] * len(utterances)
    unit_of = np.array([names.index(name) for name in utterances]) if len(names) < 50 else _numbers(utterances, names)
    member = np.zeros((len(utterances), len(names)), dtype=np.float32)
    member[np.arange(len(utterances)), unit_of] = 1.0
    sizes = member.sum(axis=0)
    mean = (member.T @ alike @ member) / np.outer(sizes, sizes)
    labels = _linked(mean, apart)
    labels = _kept(labels, mean, sizes, {int(unit_of[at]) for at in anchors})
    order = _by_size(labels, sizes)
    return [order[labels[unit]] for unit in unit_of.tolist()]


def _numbers(utterances: Sequence[str], names: Sequence[str]) -> "np.ndarray":
    import numpy as np

    number = {name: at for at, name in enumerate(names)}
    return np.array([number[name] for name in utterances])


def _linked(mean: "np.ndarray", apart: float) -> list[int]:
    """Link units by the average, down to a mean probability."""
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    distance = 1 - (mean + mean.T) / 2
    np.fill_diagonal(distance, 0.0)
    settings: dict[str, Any] = {"n_clusters": None, "distance_threshold": 1 - apart}
    linked = AgglomerativeClustering(metric="precomputed", linkage="average", **settings)
    return [int(label) for label in linked.fit_predict(distance)]


def _kept(labels: list[int], mean: "np.ndarray", sizes: "np.ndarray", anchored: set[int]) -> list[int]:
    """Give the units of clusters that are too small to be a sense to the sense they are most like."""
    members: dict[int, list[int]] = {}
    for unit, label in enumerate(labels):
        members.setdefault(label, []).append(unit)
    large = [
        label
        for label, units in members.items()
        if anchored.intersection(units)
        or (len(units) >= _LEAST_UTTERANCES and sizes[units].sum() >= _LEAST_SHARE * sizes.sum())
    ]
    if not large:
        large = [max(members, key=lambda label: (sizes[members[label]].sum(), -label))]
    found = list(labels)
    for label, units in members.items():
        if label not in large:
            for unit in units:
                found[unit] = max(large, key=lambda other: (mean[unit, members[other]].mean(), -other))
    return found


def _by_size(labels: list[int], sizes: "np.ndarray") -> dict[int, int]:
    total: dict[int, float] = {}
    for unit, label in enumerate(labels):
        total[label] = total.get(label, 0.0) + float(sizes[unit])
    ordered = sorted(total, key=lambda label: (-total[label], labels.index(label)))
    return {label: number for number, label in enumerate(ordered)}
