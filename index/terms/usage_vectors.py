"""Vectors of uses, each computed once: they depend on the words of a claim and the place of the term alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from index.findings.findings_store import Analyses
from index.senses import Gloss
from index.terms.places import Place
from index.text_keys import short_hash

if TYPE_CHECKING:
    import numpy as np

USAGE, CONTEXT = "usage", "context"
Progress = Callable[[int, int], None]
_AT_ONCE = 4096


class Senses(Protocol):
    """What tells senses apart: vectors of uses, of their contexts and of definitions, and probabilities over them."""

    def usages(self, texts: Sequence[str], places: Sequence[tuple[int, int]]) -> "np.ndarray":
        """Give the vector of each use, shape (uses, size)."""
        ...

    def contexts(
        self, texts: Sequence[str], places: Sequence[tuple[int, int]], hidden: Sequence[Sequence[tuple[int, int]]]
    ) -> "np.ndarray":
        """Give the vector of what each place calls for, with all of the `hidden` spans of its text masked."""
        ...

    def meanings(self, definitions: Sequence[Gloss]) -> "np.ndarray":
        """Give the vector of each definition."""
        ...

    def match(self, uses: "np.ndarray", meanings: "np.ndarray") -> "np.ndarray":
        """Give the probability that uses match definitions, shape (len(uses), len(meanings))."""
        ...


def usages(
    standing: Sequence[Place], senses: Senses, weights: str, kept: Analyses, progress: Progress | None = None
) -> "dict[str, np.ndarray]":
    """Give vectors of the terms where they stand, by `Place.key`, float16.

    `weights` names those of `senses`: vectors by others cannot be compared with these. What is not kept yet is
    computed, and what is no longer asked for is forgotten.
    """
    wanted = {place.key: place for place in standing}

    def compute(part: Sequence[str]) -> "np.ndarray":
        here = [wanted[key] for key in part]
        return senses.usages([place.said.text for place in here], [(place.start, place.end) for place in here])

    return _vectors(USAGE, wanted, compute, weights, kept, progress)


def contexts(
    looked_at: Mapping[str, Sequence[Place]],
    standing: Mapping[str, Sequence[Place]],
    senses: Senses,
    weights: str,
    kept: Analyses,
    progress: Progress | None = None,
) -> "dict[str, np.ndarray]":
    """Give vectors of what the places that are `looked_at` call for, by the term: (places, size), float16.

    `standing` says where each term stands besides: wherever it stands in a text it is hidden. Kept as `usages` are.
    """
    import numpy as np

    wanted: dict[str, tuple[Place, tuple[tuple[int, int], ...]]] = {}
    keys: dict[str, list[str]] = {}
    for term, places in looked_at.items():
        spans = spans_by_claim(standing[term])
        for place in places:
            hidden = spans[place.said.utterance_id, place.said.start]
            key = short_hash(f"{place.key}\x1f{hidden}")
            wanted[key] = place, hidden
            keys.setdefault(term, []).append(key)

    def compute(part: Sequence[str]) -> "np.ndarray":
        here = [wanted[key] for key in part]
        places = [(place.start, place.end) for place, _ in here]
        return senses.contexts([place.said.text for place, _ in here], places, [hidden for _, hidden in here])

    found = _vectors(CONTEXT, {key: place for key, (place, _) in wanted.items()}, compute, weights, kept, progress)
    return {term: np.stack([found[key] for key in its]) for term, its in keys.items()}


def spans_by_claim(standing: Sequence[Place]) -> dict[tuple[str, int], tuple[tuple[int, int], ...]]:
    """Give where a term stands in each claim, by the claim's utterance and start."""
    found: dict[tuple[str, int], set[tuple[int, int]]] = {}
    for place in standing:
        found.setdefault((place.said.utterance_id, place.said.start), set()).add((place.start, place.end))
    return {claim: tuple(sorted(spans)) for claim, spans in found.items()}


def _vectors(
    stage: str,
    wanted: Mapping[str, Place],
    compute: "Callable[[Sequence[str]], np.ndarray]",
    weights: str,
    kept: Analyses,
    progress: Progress | None,
) -> "dict[str, np.ndarray]":
    import numpy as np

    keys = {key: short_hash(f"{weights}\x1f{key}") for key in wanted}
    bodies = kept.cached(stage, keys.values())
    missing = [key for key in wanted if keys[key] not in bodies]
    missing.sort(key=lambda key: (wanted[key].said.text, wanted[key].start, key))  # one reading of a text for its uses
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        new = {keys[key]: row.astype(np.float16).tobytes() for key, row in zip(part, compute(part), strict=True)}
        kept.keep(stage, new)
        bodies |= new
        if progress is not None:
            progress(start + len(part), len(missing))
    kept.forget(stage, but=keys.values())
    return {key: np.frombuffer(bodies[name], dtype=np.float16) for key, name in keys.items()}
