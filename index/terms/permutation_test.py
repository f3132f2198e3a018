"""Do people differ in their use of a term more than each differs from himself? A permutation test."""

from collections.abc import Sequence

import numpy as np

_MOST = 199
_ENOUGH = 10  # permutations as extreme after which the answer is plain (Besag & Clifford, 1991)
_LEAST = 2  # utterances of a person who can differ from himself, and such persons


def compute_usage_difference_p(
    alike: np.ndarray, utterances: Sequence[str], voices: Sequence[str], seed: int
) -> float | None:
    """Return the probability of so great a difference between people by chance; None where too few write often enough.

    What is dealt out anew is whole utterances: uses within one are not independent. Only voices with two utterances or
    more count, since the others show nothing of how far one person varies. `alike` (uses, uses) is the log odds that
    two uses have one sense; the statistic is its mean between two utterances of one voice, less that of two voices.
    """
    names = sorted(set(utterances))
    voice_of = dict(zip(utterances, voices, strict=True))
    often = [voice for voice in sorted(set(voices)) if sum(voice_of[name] == voice for name in names) >= _LEAST]
    if len(often) < 2:
        return None
    number = {name: index for index, name in enumerate(names)}
    unit_of = np.array([number[name] for name in utterances])
    member = np.zeros((len(utterances), len(names)), dtype=np.float64)
    member[np.arange(len(utterances)), unit_of] = 1.0
    sizes = member.sum(axis=0)
    mean = (member.T @ alike @ member) / np.outer(sizes, sizes)
    kept = [index for index, name in enumerate(names) if voice_of[name] in often]
    mean = mean[np.ix_(kept, kept)]
    np.fill_diagonal(mean, 0.0)
    owners = np.array([often.index(voice_of[names[index]]) for index in kept])
    same = np.zeros((len(kept), len(often)))
    same[np.arange(len(kept)), owners] = 1.0
    total = mean.sum()
    pairs_within = float((same.sum(axis=0) * (same.sum(axis=0) - 1)).sum())
    pairs_between = len(kept) * (len(kept) - 1) - pairs_within

    def measure_gap(deal: np.ndarray) -> float:
        within = float((deal * (mean @ deal)).sum())
        return within / pairs_within - (total - within) / pairs_between

    observed = measure_gap(same)
    generator = np.random.default_rng(seed)
    extreme = 0
    for dealt in range(1, _MOST + 1):
        extreme += int(measure_gap(same[generator.permutation(len(kept))]) >= observed - 1e-12)
        if extreme >= _ENOUGH:
            return round(int(extreme) / dealt, 4)
    return round((int(extreme) + 1) / (_MOST + 1), 4)
