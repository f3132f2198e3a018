"""Findings listed page by page, the best first."""

import time
from collections.abc import Mapping
from typing import TypeVar

from index import cursors
from index.answers import Page
from index.findings.bodies import read_bodies
from index.findings.findings_store import FindingsStore

Listed = TypeVar("Listed")


def list_findings(
    findings_store: FindingsStore,
    kind: str,
    where: Mapping[str, str],
    limit: int,
    cursor: str | None,
    finding_class: type[Listed],
) -> Page[Listed]:
    """Return a page of the findings of a kind that have all the given keys, read as `finding_class`.

    Raises `WrongUsage` for the cursor of another list.
    """
    began = time.perf_counter()
    name = f"{kind} {sorted(where.items())} {findings_store.read_generation(kind)}"
    start = cursors.read_start(cursor, name)
    total = findings_store.count(kind, where)
    bodies = findings_store.find(kind, where, limit=limit, offset=start)
    following = cursors.pack_next(name, start, limit, total)
    findings = tuple(read_bodies(finding_class, bodies))
    return Page(findings, following, total, took_ms=(time.perf_counter() - began) * 1000)
