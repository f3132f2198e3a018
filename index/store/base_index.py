"""The record of a base and the index of it: opened together, the one filled from the other, closed together."""

# pyright: standard

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

from corpus.errors import CrosstalkError
from corpus.record import Record
from index.encoding.bm25 import Bm25
from index.encoding.sentence_encoder import Encoder, Progress
from index.store.base_folder import INDEX_SCHEMA, FolderLock, IndexMeta, check_meta, make_meta, read_meta, write_meta
from index.store.opening import open_vectors
from index.store.points import Vectors
from index.store.sync import sync_index


class BaseIndex:
    """The folder of a base, open: its record (for reading), its vectors, and the encoder that they are made with.

    `lock` is held while the base is embedded and open. Its methods may be called from several threads.
    """

    def __init__(
        self, folder: Path, lock: FolderLock | None, record: Record, vectors: Vectors, encoder: Encoder, meta: IndexMeta
    ) -> None:
        self.folder = folder
        self.record = record
        self.vectors = vectors
        self.encoder = encoder
        self._lock = lock
        self._meta = meta
        self._filling = threading.Lock()

    @classmethod
    def open(
        cls,
        location: Path,
        *,
        vectors: str | None = None,
        record: str | None = None,
        purpose: str = "crosstalk",
        encoder: str | None = None,
        rebuild: bool = False,
    ) -> Self:
        """Open the base in a folder, made if it is not there; the parameters are those of `KnowledgeBase.open`.

        Raises `RecordBusy`, `WrongVersion`, `BrokenRecord`, `NotFound` (no model).
        """
        folder = Path(location).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as problem:
            raise CrosstalkError(f"{folder}: cannot be made ({problem.strerror})") from problem
        lock = FolderLock.take(folder, purpose) if vectors is None else None
        opened = None
        try:
            model = Encoder.load(encoder)
            opened = _open_record(record or folder / "corpus.db")
            store, meta = _open_vectors(folder, vectors, model, rebuild)
        except BaseException:
            if lock is not None:
                lock.release()
            if opened is not None:
                opened.close()
            raise
        return cls(folder, lock, opened, store, model, meta)

    def close(self) -> None:
        """Let go of the vectors, the record and the folder."""
        self.vectors.close()
        self.record.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def bm25(self) -> Bm25:
        """Return what weighs words."""
        return Bm25()

    def announce(self, purpose: str, url: str) -> None:
        """Tell a process that finds the base in use where to ask instead."""
        if self._lock is not None:
            self._lock.write_holder(purpose, url)

    def is_behind(self) -> bool:
        """Tell whether the record has changed since the index was filled."""
        return self.record.generation != self._meta.generation

    def refresh(self, progress: Progress | None = None, *, optimize: bool = True) -> int:
        """Pull into the index what the record changed. Return the number of points written or deleted.

        May be interrupted anywhere; the next call goes on. `optimize=False` leaves the graph of a large base for
        another time: building it takes minutes in which the process answers nothing.
        """
        with self.hold():
            return self._fill(self._meta.generation, progress, optimize)

    def reindex(self, progress: Progress | None = None) -> int:
        """Build the index anew from the record. Return the number of points written."""
        with self.hold():
            self._save_meta(self._meta.reset())
            self.vectors.clear()
            return self._fill(0, progress, True)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the folder while it is written to: one thread at a time, and one process.

        An embedded base is its process's anyway; with a server, only now. Raises `RecordBusy`.
        """
        with self._filling:
            lock = FolderLock.take(self.folder, "indexing") if self._lock is None else None
            try:
                yield
            finally:
                if lock is not None:
                    lock.release()

    def _fill(self, since: int, progress: Progress | None, optimize: bool) -> int:
        def commit(generation: int) -> None:
            used = {self.encoder.precision} if self.encoder.precision else set()
            precisions = tuple(sorted({*self._meta.precisions, *used}))
            points = self.vectors.count()
            self._save_meta(replace(self._meta, generation=generation, points=points, precisions=precisions))

        written = sync_index(self.record, self.vectors, self.encoder, self.bm25, since, commit, progress)
        if written and optimize:
            self.vectors.optimize()
        return written

    def _save_meta(self, meta: IndexMeta) -> None:
        write_meta(self.folder, meta)
        self._meta = meta


def _open_record(location: str | Path) -> Record:
    """Open the record for reading only, so that questions never hold up who writes; made if it is not there."""
    Record.open(location).close()
    return Record.open(location, read_only=True)


def _open_vectors(folder: Path, address: str | None, encoder: Encoder, rebuild: bool) -> tuple[Vectors, IndexMeta]:
    """Open the vectors that belong to the folder, and say what they hold: nothing, where not as they were left."""
    meta = read_meta(folder)
    if meta is not None and meta.schema < INDEX_SCHEMA:
        rebuild = True  # after an upgrade: all that it holds is derived
    if meta is not None and not rebuild:
        check_meta(folder, meta, encoder.name, encoder.size)
    fits = meta is not None and (meta.schema, meta.encoder, meta.size) == (INDEX_SCHEMA, encoder.name, encoder.size)
    if meta is None or not fits or meta.vectors != address:
        collection = meta.collection if meta is not None else None
        meta = make_meta(encoder.name, encoder.size, address, collection)
    anew = not fits and (rebuild or address is None)
    vectors = open_vectors(folder / "vectors", address, encoder.size, meta.collection, anew=anew)
    return vectors, meta if vectors.count() == meta.points else meta.reset()
