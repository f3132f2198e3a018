"""Findings listed page by page, the best first."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from index import cursors
from index.answers import Page
from index.findings.findings_store import FindingsStore

Listed = TypeVar("Listed")


def list_findings(
    findings_store: FindingsStore,
    kind: str,
    where: Mapping[str, str],
    limit: int,
    cursor: str | None,
    from_json: Callable[[Any], Listed],
) -> Page[Listed]:
    """Return a page of the findings of a kind that have all the given keys, each read by `from_json`.

    Raises `WrongUsage` for the cursor of another list.
    """
    began = time.perf_counter()
    name = f"{kind} {sorted(where.items())} {findings_store.read_generation(kind)}"
    start = cursors.read_start(cursor, name)
    total = findings_store.count(kind, where)
    bodies = findings_store.find(kind, where, limit=limit, offset=start)
    following = cursors.pack_next(name, start, limit, total)
    return Page(tuple(map(from_json, bodies)), following, total, took_ms=(time.perf_counter() - began) * 1000)
