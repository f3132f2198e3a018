"""Find the same words anywhere in the record, whatever the order in which it was read.

Resolving within a conversation needs nothing but that conversation. What is quoted from elsewhere is looked up in a
`SourceLookup` in a second pass over the whole record, so that the result does not depend on what was ingested first.
"""

# pyright: standard

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from corpus.model import Utterance
from ingest.quotations.alignment import hash_grams, split_words

_SIZE = 5  # words in a fingerprinted run
_WINDOW = 4  # one fingerprint is kept of every four runs in a row
_FREQUENT = 64  # a fingerprint found more often is a commonplace or a form letter
_CANDIDATES = 8


class SourceLookup(Protocol):
    """Whatever can say which utterances may hold given words."""

    def find(self, text: str) -> Sequence[Utterance]:
        """Return utterances that share runs of words with `text`; a superset is fine, what is given is verified."""
        ...


class FingerprintIndex:
    """A `SourceLookup` in memory: fingerprints of every utterance.

    Winnowing (Schleimer, Wilkerson & Aiken, SIGMOD 2003).

    Any run of eight words that two texts share is found. Memory is about 6 bytes a word beside the texts; with
    `fetch` (ids → utterances, as `Record.utterances`) the texts are not kept.
    """

    def __init__(
        self,
        utterances: Iterable[Utterance],
        fetch: Callable[[Sequence[str]], Mapping[str, Utterance]] | None = None,
    ) -> None:
        kept: dict[str, Utterance] = {}
        ids: list[str] = []
        hashes: list[np.ndarray] = []
        for utterance in utterances:
            ids.append(utterance.id)
            hashes.append(np.unique(_fingerprints(utterance.text)))
            if fetch is None:
                kept[utterance.id] = utterance
        owners = np.repeat(np.arange(len(ids), dtype=np.int32), [len(fingerprints) for fingerprints in hashes])
        every = np.concatenate(hashes) if hashes else np.empty(0, np.uint64)
        order = np.argsort(every, kind="stable")
        self._hashes, self._owners, self._ids = every[order], owners[order], ids
        self._fetch = fetch or (lambda wanted: {fingerprints: kept[fingerprints] for fingerprints in wanted})

    def find(self, text: str) -> Sequence[Utterance]:
        """Return up to 8 utterances by the number of fingerprints shared, ties by id."""
        wanted = np.unique(_fingerprints(text))
        left = np.searchsorted(self._hashes, wanted, side="left")
        right = np.searchsorted(self._hashes, wanted, side="right")
        shared: dict[str, int] = {}
        for start, end in zip(left.tolist(), right.tolist(), strict=True):
            if end - start <= _FREQUENT:
                for owner in self._owners[start:end].tolist():
                    shared[self._ids[owner]] = shared.get(self._ids[owner], 0) + 1
        best = sorted(shared, key=lambda id_: (-shared[id_], id_))[:_CANDIDATES]
        utterances = self._fetch(best) if best else {}
        return [utterances[id_] for id_ in best if id_ in utterances]


def _fingerprints(text: str) -> np.ndarray:
    """Keep the least of every `_WINDOW` hashes in a row, so that equal stretches keep equal hashes."""
    hashed = hash_grams(split_words(text).codes, _SIZE)
    if len(hashed) <= _WINDOW:
        return hashed[hashed == hashed.min()] if len(hashed) else hashed
    return np.lib.stride_tricks.sliding_window_view(hashed, _WINDOW).min(axis=1)
