"""Qdrant Edge: Qdrant's own engine in this process, a folder on disk.

Writes go through its log and survive a kill (measured: every acknowledged batch). Up to 50,000 points every comparison
is exact; above, `optimize` builds an HNSW graph over int8 vectors, and what it finds is scored again with
the full vectors. Links for the filtered fields are kept: without them recall under filters falls to nothing.
"""

import shutil
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import RecordBusy, RecordError
from index.encoding.bm25 import SparseWeights
from index.store import points as store
from index.store.points import Condition, FieldType, Payload, Point, StoredPoint, Where

_BATCH = 2_000


class EdgeVectors:
    """A shard on disk. One process at a time."""

    def __init__(self, shard: Any, folder: Path, size: int) -> None:
        self._shard = shard
        self._folder = folder
        self._size = size

    @classmethod
    def open(cls, folder: Path, size: int, *, anew: bool = False) -> "EdgeVectors":
        """Open the shard in `folder`, made if it is not there, and made anew if it is damaged: it is derived.

        Raises `RecordBusy` where another process has it open.
        """
        if anew:
            shutil.rmtree(folder, ignore_errors=True)
        if folder.is_dir() and any(folder.iterdir()):
            try:
                return cls(_load(folder), folder, size)
            except _Damaged:
                shutil.rmtree(folder)
        return cls(_create(folder, size), folder, size)

    def upsert(self, points: Sequence[Point]) -> None:
        """Insert points, or replace those with the same ids."""
        import qdrant_edge as edge

        waiting = iter(points)
        while batch := list(islice(waiting, _BATCH)):
            made = [
                edge.Point(
                    point.id,
                    {
                        store.DENSE: point.dense.tolist(),
                        store.WORDS: edge.SparseVector(list(point.words.words), list(point.words.values)),
                    },
                    dict(point.payload),
                )
                for point in batch
            ]
            self._shard.update(edge.UpdateOperation.upsert_points(made))

    def replace_payloads(self, payloads: Mapping[str, Payload]) -> None:
        """Replace the payloads of points that are there, by id."""
        import qdrant_edge as edge

        for id_, payload in payloads.items():
            self._shard.update(edge.UpdateOperation.overwrite_payload([id_], dict(payload)))

    def delete(self, ids: Sequence[str]) -> None:
        """Delete points; ids that are not there are no error."""
        import qdrant_edge as edge

        if ids:
            self._shard.update(edge.UpdateOperation.delete_points(list(ids)))

    def find_nearest(self, vector: np.ndarray, where: Where, limit: int, *, exact: bool = False) -> list[StoredPoint]:
        """Return the points whose dense vectors are closest by cosine; `exact` compares all of them."""
        import qdrant_edge as edge

        again = edge.QuantizationSearchParams(ignore=exact, rescore=True, oversampling=store.OVERSAMPLING)
        params = edge.SearchParams(hnsw_ef=max(store.SEARCH_EFFORT, limit), exact=exact, quantization=again)
        return self._query(edge.Query.Nearest(vector.tolist(), using=store.DENSE), where, limit, params)

    def find_matching(self, words: SparseWeights, where: Where, limit: int) -> list[StoredPoint]:
        """Return the points that share words, by BM25."""
        import qdrant_edge as edge

        if not words.words:
            return []
        sparse = edge.SparseVector(list(words.words), list(words.values))
        return self._query(edge.Query.Nearest(sparse, using=store.WORDS), where, limit, None)

    def _query(self, query: Any, where: Where, limit: int, params: Any) -> list[StoredPoint]:
        import qdrant_edge as edge

        request = edge.QueryRequest(
            limit=limit, query=query, filter=_filter(where), params=params, with_payload=_selector()
        )
        return store.sort_by_score(
            StoredPoint(str(point.id), point.payload or {}, point.score) for point in self._shard.query(request)
        )

    def scroll(self, where: Where, limit: int, after: str | None = None) -> list[StoredPoint]:
        """Return points in order of id, those after `after`."""
        import qdrant_edge as edge

        request = edge.ScrollRequest(offset=after, limit=limit + 1, filter=_filter(where), with_payload=_selector())
        records, _ = self._shard.scroll(request)
        points = (StoredPoint(str(record.id), record.payload or {}) for record in records)
        return [point for point in points if point.id != after][:limit]

    def list_latest(self, where: Where, limit: int) -> list[StoredPoint]:
        """Return points by their field `newest`, highest first; which of equals come is open."""
        import qdrant_edge as edge

        order = edge.OrderBy("newest", direction=edge.Direction.Desc)
        request = edge.ScrollRequest(limit=limit, filter=_filter(where), order_by=order, with_payload=_selector())
        records, _ = self._shard.scroll(request)
        return [StoredPoint(str(record.id), record.payload or {}) for record in records]

    def get_dense(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the dense vectors of the points that are there, by id."""
        records = self._shard.retrieve(list(ids), with_payload=False, with_vector=[store.DENSE])
        return {str(record.id): np.asarray(record.vector[store.DENSE], dtype=np.float32) for record in records}

    def count(self, where: Where = store.EVERYTHING) -> int:
        """Count points."""
        import qdrant_edge as edge

        return self._shard.count(edge.CountRequest(exact=True, filter=_filter(where)))

    def count_values(self, name: str, where: Where, limit: int) -> list[tuple[str, int]]:
        """Count points by the value of a field, most first, equal counts in order of value."""
        import qdrant_edge as edge

        request = edge.FacetRequest(name, limit=limit, exact=True, filter=_filter(where))
        return store.sort_by_count((hit.value, hit.count) for hit in self._shard.facet(request))

    def clear(self) -> None:
        """Delete everything, and begin anew."""
        self._shard.close()
        shutil.rmtree(self._folder)
        self._shard = _create(self._folder, self._size)

    def flush(self) -> None:
        """Return when all that was written is on disk."""
        self._shard.flush()

    def optimize(self) -> None:
        """Build the graph where there are many points. May take minutes, and holds up the process."""
        self._shard.optimize()
        self._shard.flush()

    def close(self) -> None:
        """Let go of the store."""
        self._shard.close()


class _Damaged(Exception):
    """The folder holds no shard that can be read."""


def _load(folder: Path) -> Any:
    import qdrant_edge as edge

    try:
        return edge.EdgeShard.load(str(folder))
    except Exception as problem:  # the binding raises bare Exceptions; only their words tell them apart
        if "WouldBlock" in str(problem):
            raise RecordBusy(f"{folder}: another process has these vectors open; stop it, or ask it") from problem
        raise _Damaged(str(problem)) from problem


def _create(folder: Path, size: int) -> Any:
    import qdrant_edge as edge

    kilobytes = size * 4 / 1024  # of one vector; thresholds are in KB
    config = edge.EdgeConfig(
        vectors={
            store.DENSE: edge.EdgeVectorParams(
                size=size,
                distance=edge.Distance.Cosine,
                quantization_config=edge.ScalarQuantizationConfig(
                    type=edge.ScalarType.Int8, quantile=0.99, memory=edge.Memory.Cached
                ),
            )
        },
        sparse_vectors={store.WORDS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        hnsw_config=edge.HnswIndexConfig(
            m=store.GRAPH_LINKS,
            ef_construct=store.GRAPH_EFFORT,
            full_scan_threshold=int(store.SCAN_BELOW * kilobytes),
        ),
        optimizers=edge.EdgeOptimizersConfig(
            indexing_threshold=int(store.EXACT_BELOW * kilobytes),
            default_segment_number=1,
            max_segment_size=50_000_000,
        ),
        max_search_threads=1,
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        shard = edge.EdgeShard.create(str(folder), config)
        for name, type_ in store.FIELDS:
            shard.update(edge.UpdateOperation.create_field_index(name, _index_of(type_)))
    except Exception as problem:  # as above
        raise RecordError(f"{folder}: the vectors cannot be written ({problem})") from problem
    return shard


def _index_of(type_: FieldType) -> Any:
    import qdrant_edge as edge

    return {
        FieldType.KEYWORD: edge.KeywordIndexParams(),
        FieldType.INTEGER: edge.IntegerIndexParams(lookup=False, range=True),
        FieldType.TEXT: edge.TextIndexParams(tokenizer=edge.TokenizerType.Word, phrase_matching=True),
    }[type_]


def _selector() -> Any:
    import qdrant_edge as edge

    return edge.PayloadSelector.Exclude(list(store.UNSEEN))


def _filter(where: Where) -> Any:
    import qdrant_edge as edge

    conditions: list[Any] = [_condition(condition) for condition in where.conditions if not condition.unless]
    against = [_condition(condition) for condition in where.conditions if condition.unless]
    if where.ids is not None:
        conditions.append(edge.HasIdCondition(set(where.ids)))
    return edge.Filter(must=conditions, must_not=against) if conditions or against else None


def _condition(condition: Condition) -> Any:
    import qdrant_edge as edge

    if condition.phrases:
        held: list[Any] = [
            edge.FieldCondition(condition.field, match=edge.MatchPhrase(phrase)) for phrase in condition.phrases
        ]
        return held[0] if len(held) == 1 else edge.Filter(should=held)
    if condition.any_of:
        if len(condition.any_of) == 1:
            return edge.FieldCondition(condition.field, match=edge.MatchValue(condition.any_of[0]))
        return edge.FieldCondition(condition.field, match=edge.MatchAny(list(condition.any_of)))
    return edge.FieldCondition(condition.field, range=edge.RangeFloat(gte=condition.at_least, lt=condition.below))
