"""Vectors of uses, each computed once: they depend on the words of a claim and the place of the term alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from index.findings.findings_store import FindingsStore
from index.senses import TermGloss
from index.terms.occurrences import Occurrence
from index.text_keys import compute_short_hash

USAGE, CONTEXT = "usage", "context"
Progress = Callable[[int, int], None]
_AT_ONCE = 4096


class UseEncoder(Protocol):
    """What tells senses apart: vectors of uses, of their contexts and of definitions, and probabilities over them."""

    def encode_uses(self, texts: Sequence[str], term_spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Return the vector of each use, shape (uses, size)."""
        ...

    def encode_contexts(
        self, texts: Sequence[str], term_spans: Sequence[tuple[int, int]], hidden: Sequence[Sequence[tuple[int, int]]]
    ) -> np.ndarray:
        """Return the vector of what each place calls for, with all of the `hidden` spans of its text masked."""
        ...

    def encode_glosses(self, definitions: Sequence[TermGloss]) -> np.ndarray:
        """Return the vector of each definition."""
        ...

    def predict_match(self, uses: np.ndarray, meanings: np.ndarray) -> np.ndarray:
        """Return the probability that uses match definitions, shape (len(uses), len(meanings))."""
        ...


def compute_use_vectors(
    occurrences: Sequence[Occurrence],
    encoder: UseEncoder,
    weights: str,
    findings_store: FindingsStore,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Return vectors of the terms where they stand, by `Occurrence.key`, float16.

    `weights` names those of the encoder: vectors by others cannot be compared with these. What is not kept yet is
    computed, and what is no longer asked for is forgotten.
    """
    wanted = {occurrence.key: occurrence for occurrence in occurrences}

    def compute(part: Sequence[str]) -> np.ndarray:
        part_occurrences = [wanted[key] for key in part]
        return encoder.encode_uses(
            [occurrence.claim.text for occurrence in part_occurrences],
            [(occurrence.start, occurrence.end) for occurrence in part_occurrences],
        )

    return _compute_missing(USAGE, wanted, compute, weights, findings_store, progress)


def compute_context_vectors(
    sampled_occurrences: Mapping[str, Sequence[Occurrence]],
    occurrences: Mapping[str, Sequence[Occurrence]],
    encoder: UseEncoder,
    weights: str,
    findings_store: FindingsStore,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Return vectors of what the places of the sampled occurrences call for, by the term: (occurrences, size), float16.

    `occurrences` says where each term stands besides: wherever it stands in a text it is hidden. Kept as those of
    `compute_use_vectors` are.
    """
    wanted: dict[str, tuple[Occurrence, tuple[tuple[int, int], ...]]] = {}
    keys: dict[str, list[str]] = {}
    for term, sampled in sampled_occurrences.items():
        spans = group_spans_by_claim(occurrences[term])
        for occurrence in sampled:
            hidden = spans[occurrence.claim.utterance_id, occurrence.claim.start]
            key = compute_short_hash(f"{occurrence.key}\x1f{hidden}")
            wanted[key] = occurrence, hidden
            keys.setdefault(term, []).append(key)

    def compute(part: Sequence[str]) -> np.ndarray:
        part_occurrences = [wanted[key] for key in part]
        spans = [(occurrence.start, occurrence.end) for occurrence, _ in part_occurrences]
        return encoder.encode_contexts(
            [occurrence.claim.text for occurrence, _ in part_occurrences],
            spans,
            [hidden for _, hidden in part_occurrences],
        )

    vectors = _compute_missing(
        CONTEXT,
        {key: occurrence for key, (occurrence, _) in wanted.items()},
        compute,
        weights,
        findings_store,
        progress,
    )
    return {term: np.stack([vectors[key] for key in its]) for term, its in keys.items()}


def group_spans_by_claim(occurrences: Sequence[Occurrence]) -> dict[tuple[str, int], tuple[tuple[int, int], ...]]:
    """Return where a term stands in each claim, by the claim's utterance and start."""
    spans: dict[tuple[str, int], set[tuple[int, int]]] = {}
    for occurrence in occurrences:
        spans.setdefault((occurrence.claim.utterance_id, occurrence.claim.start), set()).add(
            (occurrence.start, occurrence.end)
        )
    return {claim: tuple(sorted(its)) for claim, its in spans.items()}


def _compute_missing(
    stage: str,
    wanted: Mapping[str, Occurrence],
    compute: Callable[[Sequence[str]], np.ndarray],
    weights: str,
    findings_store: FindingsStore,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    keys = {key: compute_short_hash(f"{weights}\x1f{key}") for key in wanted}
    bodies = findings_store.load_cached(stage, keys.values())
    missing = [key for key in wanted if keys[key] not in bodies]
    missing.sort(key=lambda key: (wanted[key].claim.text, wanted[key].start, key))  # one reading of a text for its uses
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        new = {keys[key]: row.astype(np.float16).tobytes() for key, row in zip(part, compute(part), strict=True)}
        findings_store.save_cached(stage, new)
        bodies |= new
        if progress is not None:
            progress(start + len(part), len(missing))
    findings_store.drop_cached(stage, but=keys.values())
    return {key: np.frombuffer(bodies[name], dtype=np.float16) for key, name in keys.items()}
