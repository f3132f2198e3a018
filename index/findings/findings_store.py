"""Where findings are kept: `analyses.db` in the folder of a base, derived from the record and disposable.

A finding is a JSON body with a kind ("term", "mismatch", "cluster", "clustered_claim"), an id, a rank (best first) and
keys by which it is looked up. All findings of a kind are replaced together, in one transaction, and name the record's
generation that they describe, and what made them (`made_by`): after an upgrade they are made again. `cache` keeps what
is dear to compute and depends on one thing alone (a conversation's digest, some words).
"""

# pyright: standard

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import orjson

import index

ANALYSES_SCHEMA = 1
ANALYZER = "5"  # raise it where an analysis finds other things in the same record, or keeps them in another form
_TABLES = """
create table if not exists facts (name text primary key, value integer not null);
create table if not exists findings (
    kind text not null, id text not null, rank integer not null, body blob not null, primary key (kind, id)
);
create index if not exists findings_by_rank on findings (kind, rank);
create table if not exists keys (
    kind text not null, field text not null, value text not null, id text not null,
    primary key (kind, field, value, id)
) without rowid;
create table if not exists cache (stage text not null, key text not null, body blob not null, primary key (stage, key));
"""


@cache
def compute_analyzer_version() -> int:
    """Name the analyses of this program by a number: `ANALYZER`, and all weights and tables that they may read."""
    version = zlib.crc32(ANALYZER.encode())
    for path in sorted(Path(index.__file__).parent.rglob("*")):
        if path.suffix in (".json", ".safetensors"):
            version = zlib.crc32(path.read_bytes(), version)
    return version


@dataclass(frozen=True, slots=True)
class Finding:
    """One result. `keys` name it for look-ups: (field, value) pairs, such as ("term", "goal")."""

    id: str
    body: Mapping[str, Any]
    keys: Sequence[tuple[str, str]] = ()


class FindingsStore:
    """The findings of a base. May be asked from several threads; one writes at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, made if it is not there; one that is broken or of another schema is begun anew."""
        try:
            return cls(_connect(path))
        except (sqlite3.DatabaseError, _OtherSchema):
            for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                name.unlink(missing_ok=True)
            return cls(_connect(path))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            self._connection.execute("begin immediate")
            yield self._connection

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    # ---- findings --------------------------------------------------------------------------------------------------

    def read_generation(self, kind: str) -> int:
        """Return the record's generation that the findings of a kind describe; 0 where this program made none yet."""
        return self._fact(f"generation:{kind}") if self._fact(f"made by:{kind}") == compute_analyzer_version() else 0

    def _fact(self, name: str) -> int:
        rows = self._rows("select value from facts where name = ?", name)
        return int(rows[0][0]) if rows else 0

    def replace(self, kind: str, findings: Iterable[Finding], generation: int) -> int:
        """Put new findings, best first, in the place of all of a kind. Gives their number."""
        number = 0
        with self._transaction() as connection:
            connection.execute("delete from findings where kind = ?", (kind,))
            connection.execute("delete from keys where kind = ?", (kind,))
            for rank, finding in enumerate(findings):
                number += 1
                body = orjson.dumps(finding.body)
                connection.execute("insert into findings values (?, ?, ?, ?)", (kind, finding.id, rank, body))
                connection.executemany(
                    "insert or ignore into keys values (?, ?, ?, ?)",
                    [(kind, field, value, finding.id) for field, value in finding.keys],
                )
            connection.executemany(
                "insert into facts values (?, ?) on conflict (name) do update set value = excluded.value",
                [(f"generation:{kind}", generation), (f"made by:{kind}", compute_analyzer_version())],
            )
        return number

    def count(self, kind: str, where: Mapping[str, str] | None = None) -> int:
        """Count the findings of a kind that have all the given keys."""
        condition, values = _where(kind, where)
        return int(self._rows(f"select count(*) from findings where {condition}", *values)[0][0])

    def find(
        self, kind: str, where: Mapping[str, str] | None = None, *, limit: int = -1, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Return the bodies of the findings that have all the given keys, best first."""
        condition, values = _where(kind, where)
        query = f"select body from findings where {condition} order by rank limit ? offset ?"
        return [orjson.loads(body) for (body,) in self._rows(query, *values, limit, offset)]

    def get(self, kind: str, id_: str) -> dict[str, Any] | None:
        """Return the body of one finding."""
        rows = self._rows("select body from findings where kind = ? and id = ?", kind, id_)
        return orjson.loads(rows[0][0]) if rows else None

    def list_keys(self, kind: str, field: str) -> list[tuple[str, str]]:
        """Return (value, id) of every finding of a kind that has a key of this field."""
        rows = self._rows("select value, id from keys where kind = ? and field = ?", kind, field)
        return [(value, id_) for value, id_ in rows]

    # ---- cache -----------------------------------------------------------------------------------------------------

    def load_cached(self, stage: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what was kept under the given keys; what was not is left out."""
        bodies: dict[str, bytes] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"select key, body from cache where stage = ? and key in ({marks})"
            bodies.update((key, body) for key, body in self._rows(query, stage, *part))
        return bodies

    def save_cached(self, stage: str, bodies: Mapping[str, bytes]) -> None:
        """Keep what was computed under its keys."""
        with self._transaction() as connection:
            connection.executemany(
                "insert or replace into cache values (?, ?, ?)", [(stage, key, body) for key, body in bodies.items()]
            )

    def drop_cached(self, stage: str, but: Iterable[str]) -> None:
        """Drop what was kept of a stage under other keys than these."""
        wanted = set(but)
        gone = [key for (key,) in self._rows("select key from cache where stage = ?", stage) if key not in wanted]
        with self._transaction() as connection:
            connection.executemany("delete from cache where stage = ? and key = ?", [(stage, key) for key in gone])


class _OtherSchema(Exception):
    """The file was written by another version of the program."""


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
    try:
        path.chmod(0o600)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")  # derived: what a power cut takes is computed again
        connection.executescript(_TABLES)
        schema = connection.execute("select value from facts where name = 'schema'").fetchone()
        if schema is None:
            connection.execute("insert into facts values ('schema', ?)", (ANALYSES_SCHEMA,))
        elif schema[0] != ANALYSES_SCHEMA:
            raise _OtherSchema
    except BaseException:
        connection.close()
        raise
    return connection


def _where(kind: str, keys: Mapping[str, str] | None) -> tuple[str, list[str]]:
    condition, values = "kind = ?", [kind]
    for field, value in (keys or {}).items():
        condition += " and id in (select id from keys where keys.kind = ? and field = ? and value = ?)"
        values += [kind, field, value]
    return condition, values
