"""The folder of a knowledge base: what its index was made with, and who has it open."""

import fcntl
import os
import uuid
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson

from corpus.atomic_files import open_atomically
from corpus.errors import RecordBusy, WrongVersion

INDEX_SCHEMA = 3
_META, _LOCK = "meta.json", "lock"


@dataclass(frozen=True, slots=True)
class IndexMeta:
    """What the index was made with, and how far it has come. `generation` is the record's that it holds in full.

    `points` is how many the store held then: another number at the next opening means that it was tampered with.
    `precisions` are those that the vectors were computed in.
    """

    schema: int
    encoder: str
    size: int
    collection: str
    created_by: str
    created_at: str
    generation: int = 0
    points: int = 0
    precisions: tuple[str, ...] = ()
    vectors: str | None = None

    def reset(self) -> "IndexMeta":
        """Return the same for an index that holds nothing yet."""
        return replace(self, generation=0, points=0, precisions=())


def make_meta(encoder: str, size: int, vectors: str | None, collection: str | None = None) -> IndexMeta:
    """Describe a new index, whose name on a server is `collection`, or made up."""
    name = collection or f"crosstalk-{uuid.uuid4().hex[:12]}"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return IndexMeta(INDEX_SCHEMA, encoder, size, name, _program(), now, vectors=vectors)


def read_meta(folder: Path) -> IndexMeta | None:
    """Read what the index was made with; None where there is none, or where it cannot be read: it is derived."""
    try:
        body = orjson.loads((folder / _META).read_bytes())
        known: dict[str, Any] = {field.name: body[field.name] for field in fields(IndexMeta)}
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError):
        return None
    known["precisions"] = tuple(known["precisions"] or ())
    return IndexMeta(**known)


def write_meta(folder: Path, meta: IndexMeta) -> None:
    """Write it whole or not at all: into a file beside it, to the disk, then in its place."""
    with open_atomically(folder / _META) as stream:
        stream.write(orjson.dumps(asdict(meta), option=orjson.OPT_INDENT_2) + b"\n")


def check_meta(folder: Path, meta: IndexMeta, encoder: str, size: int) -> None:
    """Raise `WrongVersion` where the index was made by another schema or encoder than this program uses.

    One of an older schema is not asked about: it is begun anew.
    """
    if meta.schema != INDEX_SCHEMA:
        raise WrongVersion(
            f"{folder}: its index has schema {meta.schema}, this program uses {INDEX_SCHEMA}; run `crosstalk reindex`"
        )
    if (meta.encoder, meta.size) != (encoder, size):
        raise WrongVersion(
            f"{folder}: its index was made with the encoder {meta.encoder} ({meta.size} numbers), this program uses "
            f"{encoder} ({size}); run `crosstalk reindex`, or set CROSSTALK_ENCODER={meta.encoder}"
        )


class FolderLock:
    """The right to use a folder's embedded index. It ends with the process, however that ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, folder: Path, purpose: str) -> "FolderLock":
        """Take the lock. Raises `RecordBusy`, which says who holds it and where to ask it."""
        path = folder / _LOCK
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise RecordBusy(_who_holds(folder, path)) from None
        lock = cls(descriptor)
        lock.write_holder(purpose)
        return lock

    def write_holder(self, purpose: str, url: str | None = None) -> None:
        """Write down who holds the lock, for whoever comes second."""
        holder = orjson.dumps({"pid": os.getpid(), "purpose": purpose, "url": url})
        os.pwrite(self._descriptor, holder, 0)
        os.ftruncate(self._descriptor, len(holder))

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)


def _who_holds(folder: Path, path: Path) -> str:
    try:
        holder = orjson.loads(path.read_bytes())
        who = f"`{holder['purpose']}` (process {holder['pid']})"
        url = holder.get("url")
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        who, url = "another process", None
    ask = f"ask it at {url}" if url else "wait for it, or stop it"
    return f"{folder}: in use by {who}; {ask}"


def _program() -> str:
    try:
        return f"crosstalk {metadata.version('crosstalk')}"
    except metadata.PackageNotFoundError:
        return "crosstalk"
