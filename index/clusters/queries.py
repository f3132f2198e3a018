"""Clusters as they are asked for: page by page, from the findings that are kept."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.errors import NotFound, WrongUsage
from index import cursors
from index.answers import Hit, Page
from index.clusters.find import CLUSTER, PLACED
from index.clusters.model import UNCLUSTERED, Cluster, Placed, cluster_of, placed_of
from index.findings.findings_store import Analyses


@dataclass(frozen=True, slots=True)
class Clustered:
    """A claim where it stands, with its place among the clusters."""

    hit: Hit
    placed: Placed


def page(kept: Analyses, min_size: int, limit: int, cursor: str | None, topic: str | None = None) -> Page[Cluster]:
    """List clusters of at least `min_size` claims, the largest first and the bucket (whatever its size) last.

    `topic` is the id of one. Raises `WrongUsage` for a limit or a size below 1, and for the cursor of another list.
    """
    began = time.perf_counter()
    if limit < 1 or min_size < 1:
        raise WrongUsage("limits and sizes below 1 show nothing; give 1 or more")
    what = f"clusters {min_size} {topic} {kept.generation(CLUSTER)}"
    start = cursors.start(cursor, what)
    bodies = [
        body
        for body in kept.find(CLUSTER, {"topic": topic} if topic else None)
        if body["id"] is None or body["size"] >= min_size
    ]
    shown = tuple(cluster_of(body) for body in bodies[start : start + limit])
    further = cursors.further(what, start, limit, len(bodies))
    return Page(shown, further, len(bodies), took_ms=(time.perf_counter() - began) * 1000)


def one(kept: Analyses, id_: str) -> Cluster:
    """Give a cluster by its id; the bucket is called `unclustered`. Raises `NotFound`."""
    body = kept.get(CLUSTER, id_)
    if body is None:
        raise NotFound(f"no cluster {id_!r} in this base; `crosstalk clusters` lists those there are")
    return cluster_of(body)


def claims(
    kept: Analyses,
    id_: str,
    limit: int,
    cursor: str | None,
    hits: Callable[[Sequence[str]], dict[str, Hit]],
) -> Page[Clustered]:
    """List the claims of a cluster, the most central first. Raises `NotFound`, `WrongUsage`.

    `hits` reads claims from the record, by id; what the record has dropped since is left out.
    """
    began = time.perf_counter()
    one(kept, id_)
    if limit < 1:
        raise WrongUsage(f"a limit of {limit} shows nothing; give 1 or more")
    what = f"cluster {id_} {kept.generation(PLACED)}"
    start = cursors.start(cursor, what)
    where = {"cluster": id_}
    total = kept.count(PLACED, where)
    placed = [placed_of(body) for body in kept.find(PLACED, where, limit=limit, offset=start)]
    found = hits([place.claim_id for place in placed])
    items = tuple(
        Clustered(replace(found[place.claim_id], score=max(0.0, place.closeness)), place)
        for place in placed
        if place.claim_id in found
    )
    further = cursors.further(what, start, limit, total)
    return Page(items, further, total, took_ms=(time.perf_counter() - began) * 1000)


def on_the_map(kept: Analyses, limit: int) -> list[Placed]:
    """Give at most `limit` claims with their places, those of the largest clusters first."""
    return [placed_of(body) for body in kept.find(PLACED, limit=limit)]


__all__ = ["UNCLUSTERED", "Clustered", "claims", "on_the_map", "one", "page"]
