"""Vectors of uses, each computed once: they depend on the words of a claim and the place of the term alone."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from index.analyses import Analyses
from index.senses import Gloss
from index.terms.usages import Place
from index.words import short_hash

if TYPE_CHECKING:
    import numpy as np

STAGE = "usage"
_AT_ONCE = 4096


class Senses(Protocol):
    """What tells senses apart: vectors of uses and of definitions, and calibrated probabilities over them."""

    def usages(self, texts: Sequence[str], places: Sequence[tuple[int, int]]) -> "np.ndarray":
        """Give the vector of each use, shape (uses, size)."""
        ...

    def meanings(self, definitions: Sequence[Gloss]) -> "np.ndarray":
        """Give the vector of each definition."""
        ...

    def same_sense(self, a: "np.ndarray", b: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses have one sense, shape (len(a), len(b))."""
        ...

    def match(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses match definitions, shape (len(uses), len(meanings))."""
        ...


def vectors(
    standing: Sequence[Place],
    senses: Senses,
    weights: str,
    kept: Analyses,
    progress: Callable[[int, int], None] | None = None,
) -> "dict[str, np.ndarray]":
    """Give vectors by `Place.key`, float16, those not kept yet computed; what is no longer asked for is forgotten.

    `weights` names those of `senses`: vectors by others cannot be compared with these.
    """
    import numpy as np

    wanted = {place.key: place for place in standing}
    keys = {key: short_hash(f"{weights}\x1f{key}") for key in wanted}
    bodies = kept.cached(STAGE, keys.values())
    missing = [key for key in wanted if keys[key] not in bodies]
    missing.sort(key=lambda key: (wanted[key].said.text, wanted[key].start))  # uses in one text are read together
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        computed = senses.usages(
            [wanted[key].said.text for key in part], [(wanted[key].start, wanted[key].end) for key in part]
        )
        new = {keys[key]: row.astype(np.float16).tobytes() for key, row in zip(part, computed, strict=True)}
        kept.keep(STAGE, new)
        bodies |= new
        if progress is not None:
            progress(start + len(part), len(missing))
    kept.forget(STAGE, but=keys.values())
    return {key: np.frombuffer(bodies[name], dtype=np.float16) for key, name in keys.items()}
