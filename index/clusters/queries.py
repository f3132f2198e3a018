"""Clusters as they are asked for: page by page, from the findings that are kept."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.errors import NotFound, WrongUsage
from index import cursors
from index.answers import Hit, Page
from index.clusters.find import CLUSTER, PLACED
from index.clusters.model import ClaimPlacement, Cluster
from index.findings.bodies import read_bodies
from index.findings.findings_store import FindingsStore
from index.findings.listing import list_findings


@dataclass(frozen=True, slots=True)
class ClusteredClaim:
    """A claim where it stands, with its place among the clusters."""

    hit: Hit
    placed: ClaimPlacement


class Clusters:
    """Answers what the analyses found of clusters. `read_hits` reads claims that may be shown, by id.

    The bucket of claims that are in no cluster is asked for as `UNCLUSTERED`; its own id is None.
    """

    def __init__(self, findings_store: FindingsStore, read_hits: Callable[[Sequence[str]], Mapping[str, Hit]]) -> None:
        self._findings_store = findings_store
        self._read_hits = read_hits

    def list(
        self, min_size: int = 1, limit: int = 50, cursor: str | None = None, topic: str | None = None
    ) -> Page[Cluster]:
        """Return clusters of at least `min_size` claims, the largest first and the bucket (whatever its size) last.

        `topic` is the id of one. Raises `WrongUsage` for a limit or a size below 1, and for the cursor of another list.
        """
        began = time.perf_counter()
        if limit < 1 or min_size < 1:
            raise WrongUsage("limits and sizes below 1 show nothing; give 1 or more")
        name = f"clusters {min_size} {topic} {self._findings_store.read_generation(CLUSTER)}"
        start = cursors.read_start(cursor, name)
        bodies = [
            body
            for body in self._findings_store.find(CLUSTER, {"topic": topic} if topic else None)
            if body["id"] is None or body["size"] >= min_size
        ]
        shown = tuple(read_bodies(Cluster, bodies[start : start + limit]))
        following = cursors.pack_next(name, start, limit, len(bodies))
        return Page(shown, following, len(bodies), took_ms=(time.perf_counter() - began) * 1000)

    def get(self, id_: str) -> Cluster:
        """Return one cluster by its id. Raises `NotFound`."""
        body = self._findings_store.get(CLUSTER, id_)
        clusters = read_bodies(Cluster, [body] if body else [])
        if not clusters:
            raise NotFound(f"no cluster {id_!r} in this base; `crosstalk clusters` lists those there are")
        return clusters[0]

    def list_claims(self, id_: str, limit: int = 50, cursor: str | None = None) -> Page[ClusteredClaim]:
        """Return the claims of a cluster, the most central first; what the record has dropped since is left out.

        Raises `NotFound`, `WrongUsage`.
        """
        self.get(id_)
        if limit < 1:
            raise WrongUsage(f"a limit of {limit} shows nothing; give 1 or more")
        page = list_findings(self._findings_store, PLACED, {"cluster": id_}, limit, cursor, ClaimPlacement)
        hits = self._read_hits([placed.claim_id for placed in page.items])
        items = tuple(
            ClusteredClaim(replace(hits[placed.claim_id], score=max(0.0, placed.closeness)), placed)
            for placed in page.items
            if placed.claim_id in hits
        )
        return Page(items, page.next, page.total, page.facets, page.took_ms)

    def map_claims(self, limit: int = 5_000) -> Sequence[ClaimPlacement]:
        """Return at most `limit` claims with their places on the map (x, y), those of the largest clusters first."""
        return read_bodies(ClaimPlacement, self._findings_store.find(PLACED, limit=limit))
