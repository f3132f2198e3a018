"""The store of vectors behind one protocol: Qdrant in process (`vectors_edge`) or a server (`vectors_server`).

A point is a claim: its id, a dense vector, weights of its words, and the fields that filters need. Both stores answer
alike; a contract test asks them the same questions. Everything here can be rebuilt from the record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import numpy as np

from index.encoding.bm25 import SparseWeights

Payload = Mapping[str, Any]

DENSE, WORDS = "dense", "words"
YES, NO = "yes", "no"
UNDATED = -(10**12)  # seconds; before any date: what has none is listed last
EXACT_BELOW = 50_000  # points; a graph is built above
SCAN_BELOW = 13_000  # points that pass a filter; fewer are compared one by one, with perfect recall
GRAPH_LINKS, GRAPH_EFFORT = 16, 100
SEARCH_EFFORT, OVERSAMPLING = 128, 2.0


class FieldType(StrEnum):
    """How a field of a point is indexed. No booleans: Edge takes Python's for integers, and then finds nothing."""

    KEYWORD = "keyword"
    INTEGER = "integer"
    TEXT = "text"  # words in their order, as `reduce_to_words` gives them


UNSEEN = ("said",)  # asked for, but not given back
FIELDS: tuple[tuple[str, FieldType], ...] = (
    ("conversation", FieldType.KEYWORD),
    ("utterance", FieldType.KEYWORD),
    ("speaker", FieldType.KEYWORD),
    ("site", FieldType.KEYWORD),
    ("kind", FieldType.KEYWORD),
    ("attribution", FieldType.KEYWORD),
    ("fold", FieldType.KEYWORD),
    ("says", FieldType.KEYWORD),
    ("said", FieldType.TEXT),
    ("uses", FieldType.TEXT),
    ("retracted", FieldType.KEYWORD),
    ("shown", FieldType.KEYWORD),
    ("posted_at", FieldType.INTEGER),
    ("newest", FieldType.INTEGER),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field must be: one of `any_of`, within `at_least` ≤ value < `below`, or hold one of `phrases`.

    With `unless` it must not be so.
    """

    field: str
    any_of: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None
    phrases: tuple[str, ...] = ()
    unless: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """All conditions must hold. `ids`, if given, are the only points looked at."""

    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] | None = None

    def narrow(self, *conditions: Condition) -> "Where":
        """Return the same with more conditions."""
        return Where(self.conditions + conditions, self.ids)


EVERYTHING = Where()


@dataclass(frozen=True, slots=True)
class Point:
    """A claim as the store keeps it. `id` is the claim's."""

    id: str
    dense: np.ndarray
    words: SparseWeights
    payload: Payload = field(hash=False)


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A point that was found; `score` is the cosine, or the BM25 weight, or 0 where nothing was compared."""

    id: str
    payload: Payload = field(hash=False)
    score: float = 0.0


class Vectors(Protocol):
    """A store of points. Lists of scored points come best first, equal scores in order of id."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Insert points, or replace those with the same ids."""
        ...

    def replace_payloads(self, payloads: Mapping[str, Payload]) -> None:
        """Replace the payloads of points that are there, by id."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Delete points; ids that are not there are no error."""
        ...

    def find_nearest(self, vector: np.ndarray, where: Where, limit: int, *, exact: bool = False) -> list[StoredPoint]:
        """Return the points whose dense vectors are closest by cosine; `exact` compares all of them."""
        ...

    def find_matching(self, words: SparseWeights, where: Where, limit: int) -> list[StoredPoint]:
        """Return the points that share words, by BM25."""
        ...

    def scroll(self, where: Where, limit: int, after: str | None = None) -> list[StoredPoint]:
        """Return points in order of id, those after `after`."""
        ...

    def list_latest(self, where: Where, limit: int) -> list[StoredPoint]:
        """Return points by their field `newest`, highest first; which of equals come is open."""
        ...

    def get_dense(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the dense vectors of the points that are there, by id."""
        ...

    def count(self, where: Where = EVERYTHING) -> int:
        """Count points."""
        ...

    def count_values(self, name: str, where: Where, limit: int) -> list[tuple[str, int]]:
        """Count points by the value of a field, most first, equal counts in order of value."""
        ...

    def clear(self) -> None:
        """Delete everything, and begin anew."""
        ...

    def flush(self) -> None:
        """Return when all that was written is on disk."""
        ...

    def optimize(self) -> None:
        """Build the graph where there are many points. May take minutes, and holds up the process."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


SCROLL = 1_000


def scroll_all(vectors: Vectors, where: Where = EVERYTHING) -> Iterator[StoredPoint]:
    """Yield all points that pass, in order of id."""
    last: str | None = None
    while page := vectors.scroll(where, SCROLL, last):
        yield from page
        if len(page) < SCROLL:
            return
        last = page[-1].id


def sort_by_score(points: Iterable[StoredPoint]) -> list[StoredPoint]:
    """Order by score, equal scores by id."""
    return sorted(points, key=lambda point: (-point.score, point.id))


def sort_by_count(counts: Iterable[tuple[Any, int]]) -> list[tuple[str, int]]:
    """Order by count, equal counts by value."""
    return sorted(((str(value), count) for value, count in counts), key=lambda pair: (-pair[1], pair[0]))
