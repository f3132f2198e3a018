"""A Qdrant server or cluster, by its address; the same points and the same answers as in process."""

# pyright: standard

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from corpus.errors import RecordError, WrongUsage
from index.encoding.bm25 import SparseWeights
from index.store import points as store
from index.store.points import Condition, FieldType, Payload, Point, StoredPoint, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdrant_client import QdrantClient

API_KEY = "CROSSTALK_VECTORS_KEY"
_BATCH = 256
_SECONDS = 60


class ServerVectors:
    """A collection on a server."""

    def __init__(self, client: "QdrantClient", collection: str, size: int, address: str) -> None:
        self._client = client
        self._collection = collection
        self._size = size
        self._address = address

    @classmethod
    def open(cls, address: str, size: int, collection: str, *, anew: bool = False) -> "ServerVectors":
        """Connect, and make the collection if it is not there. A key is read from $CROSSTALK_VECTORS_KEY.

        `:memory:` gives qdrant-client's own stand-in for a server, for tests. Raises `WrongUsage` for what is no
        address, `RecordError` where nobody answers.
        """
        from qdrant_client import QdrantClient

        if address == ":memory:":
            vectors = cls(QdrantClient(":memory:"), collection, size, address)
        else:
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise WrongUsage(f"{address}: is no address of a Qdrant server; one is http://localhost:6333")
            base = f"{parts.scheme}://{parts.netloc}"
            client = QdrantClient(
                url=base, api_key=os.environ.get(API_KEY), timeout=_SECONDS, check_compatibility=False
            )
            vectors = cls(client, parts.path.strip("/") or collection, size, base)
        with vectors._named_errors():
            if anew:
                vectors._client.delete_collection(vectors._collection)
            if not vectors._client.collection_exists(vectors._collection):
                vectors._create()
        return vectors

    @contextmanager
    def _named_errors(self) -> "Iterator[None]":
        """Say which server an error is about, in one line."""
        from qdrant_client.http.exceptions import ApiException

        try:
            yield
        except (ApiException, OSError) as problem:
            cause = (str(problem).strip() or type(problem).__name__).splitlines()[0]
            raise RecordError(f"{self._address}: the vectors there cannot be used ({cause})") from problem

    def _create(self) -> None:
        from qdrant_client import models

        kilobytes = self._size * 4 / 1024  # of one vector; thresholds are in KB
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the stand-in says that it has no payload indexes
            self._client.create_collection(
                self._collection,
                vectors_config={
                    store.DENSE: models.VectorParams(
                        size=self._size,
                        distance=models.Distance.COSINE,
                        quantization_config=models.ScalarQuantization(
                            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99)
                        ),
                    )
                },
                sparse_vectors_config={store.WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                hnsw_config=models.HnswConfigDiff(
                    m=store.GRAPH_LINKS,
                    ef_construct=store.GRAPH_EFFORT,
                    full_scan_threshold=int(store.SCAN_BELOW * kilobytes),
                ),
                optimizers_config=models.OptimizersConfigDiff(indexing_threshold=int(store.EXACT_BELOW * kilobytes)),
            )
            for name, type_ in store.FIELDS:
                self._client.create_payload_index(self._collection, name, _index_of(type_), wait=True)

    def upsert(self, points: Sequence[Point]) -> None:
        """Insert points, or replace those with the same ids."""
        from qdrant_client import models

        waiting = iter(points)
        with self._named_errors():
            while batch := list(islice(waiting, _BATCH)):
                made = [
                    models.PointStruct(
                        id=point.id,
                        vector={
                            store.DENSE: point.dense.tolist(),
                            store.WORDS: models.SparseVector(
                                indices=list(point.words.words), values=list(point.words.values)
                            ),
                        },
                        payload=dict(point.payload),
                    )
                    for point in batch
                ]
                self._client.upsert(self._collection, made, wait=True)

    def replace_payloads(self, payloads: Mapping[str, Payload]) -> None:
        """Replace the payloads of points that are there, by id."""
        with self._named_errors():
            for id_, payload in payloads.items():
                self._client.overwrite_payload(self._collection, payload=dict(payload), points=[id_], wait=True)

    def delete(self, ids: Sequence[str]) -> None:
        """Delete points; ids that are not there are no error."""
        from qdrant_client import models

        if ids:
            with self._named_errors():
                self._client.delete(self._collection, models.PointIdsList(points=list(ids)), wait=True)

    def find_nearest(self, vector: np.ndarray, where: Where, limit: int, *, exact: bool = False) -> list[StoredPoint]:
        """Return the points whose dense vectors are closest by cosine; `exact` compares all of them."""
        from qdrant_client import models

        params = models.SearchParams(
            hnsw_ef=max(store.SEARCH_EFFORT, limit),
            exact=exact,
            quantization=models.QuantizationSearchParams(ignore=exact, rescore=True, oversampling=store.OVERSAMPLING),
        )
        return self._query(vector.tolist(), store.DENSE, where, limit, params)

    def find_matching(self, words: SparseWeights, where: Where, limit: int) -> list[StoredPoint]:
        """Return the points that share words, by BM25."""
        from qdrant_client import models

        if not words.words:
            return []
        sparse = models.SparseVector(indices=list(words.words), values=list(words.values))
        return self._query(sparse, store.WORDS, where, limit, None)

    def _query(self, query: Any, using: str, where: Where, limit: int, params: Any) -> list[StoredPoint]:
        with self._named_errors(), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the stand-in says that it always compares everything
            answer = self._client.query_points(
                self._collection,
                query=query,
                using=using,
                query_filter=_filter(where),
                limit=limit,
                search_params=params,
                with_payload=_selector(),
            )
        return store.sort_by_score(_read_points(answer.points, scored=True))

    def scroll(self, where: Where, limit: int, after: str | None = None) -> list[StoredPoint]:
        """Return points in order of id, those after `after`."""
        with self._named_errors():
            records, _ = self._client.scroll(
                self._collection,
                scroll_filter=_filter(where),
                limit=limit + 1,
                offset=after,
                with_payload=_selector(),
            )
        return [point for point in _read_points(records) if point.id != after][:limit]

    def list_latest(self, where: Where, limit: int) -> list[StoredPoint]:
        """Return points by their field `newest`, highest first; which of equals come is open."""
        from qdrant_client import models

        order = models.OrderBy(key="newest", direction=models.Direction.DESC)
        with self._named_errors():
            records, _ = self._client.scroll(
                self._collection,
                scroll_filter=_filter(where),
                limit=limit,
                order_by=order,
                with_payload=_selector(),
            )
        return list(_read_points(records))

    def get_dense(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the dense vectors of the points that are there, by id."""
        with self._named_errors():
            records = self._client.retrieve(self._collection, list(ids), with_payload=False, with_vectors=[store.DENSE])
        vectors: list[tuple[str, Any]] = [(str(record.id), record.vector) for record in records]
        return {id_: np.asarray(vector[store.DENSE], dtype=np.float32) for id_, vector in vectors}

    def count(self, where: Where = store.EVERYTHING) -> int:
        """Count points."""
        with self._named_errors():
            return self._client.count(self._collection, count_filter=_filter(where), exact=True).count

    def count_values(self, name: str, where: Where, limit: int) -> list[tuple[str, int]]:
        """Count points by the value of a field, most first, equal counts in order of value."""
        with self._named_errors():
            answer = self._client.facet(self._collection, name, facet_filter=_filter(where), limit=limit, exact=True)
        return store.sort_by_count((hit.value, hit.count) for hit in answer.hits)

    def clear(self) -> None:
        """Delete everything, and begin anew."""
        with self._named_errors():
            self._client.delete_collection(self._collection)
            self._create()

    def flush(self) -> None:
        """Return at once: every write above was waited for."""

    def optimize(self) -> None:
        """Return at once: a server builds its graph by itself, in the background."""

    def close(self) -> None:
        """Let go of the store."""
        self._client.close()


def _read_points(points: Iterable[Any], *, scored: bool = False) -> "Iterator[StoredPoint]":
    for point in points:
        yield StoredPoint(str(point.id), point.payload or {}, point.score if scored else 0.0)


def _index_of(type_: FieldType) -> Any:
    from qdrant_client import models

    return {
        FieldType.KEYWORD: models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD),
        FieldType.INTEGER: models.IntegerIndexParams(type=models.IntegerIndexType.INTEGER, lookup=False, range=True),
        FieldType.TEXT: models.TextIndexParams(
            type=models.TextIndexType.TEXT, tokenizer=models.TokenizerType.WORD, phrase_matching=True
        ),
    }[type_]


def _selector() -> Any:
    from qdrant_client import models

    return models.PayloadSelectorExclude(exclude=list(store.UNSEEN))


def _filter(where: Where) -> Any:
    from qdrant_client import models

    conditions: list[Any] = [_condition(condition) for condition in where.conditions if not condition.unless]
    against = [_condition(condition) for condition in where.conditions if condition.unless]
    if where.ids is not None:
        conditions.append(models.HasIdCondition(has_id=list(where.ids)))
    return models.Filter(must=conditions, must_not=against) if conditions or against else None


def _condition(condition: Condition) -> Any:
    from qdrant_client import models

    if condition.phrases:
        held: list[Any] = [
            models.FieldCondition(key=condition.field, match=models.MatchPhrase(phrase=phrase))
            for phrase in condition.phrases
        ]
        return held[0] if len(held) == 1 else models.Filter(should=held)
    if condition.any_of:
        if len(condition.any_of) == 1:
            return models.FieldCondition(key=condition.field, match=models.MatchValue(value=condition.any_of[0]))
        return models.FieldCondition(key=condition.field, match=models.MatchAny(any=list(condition.any_of)))
    return models.FieldCondition(key=condition.field, range=models.Range(gte=condition.at_least, lt=condition.below))
