"""Clusters of claims: what many people say in their own words, topic by topic.

In come claims and their vectors; out go clusters with ids that last, a label, a central claim verbatim and the people
in them, and every claim's place. What fits nowhere is kept in a bucket of its own, with the cluster nearest to it.
"""

from collections.abc import Iterable, Mapping

from index.clusters.clustering import Before, Clustering, clustered
from index.clusters.model import UNCLUSTERED, Cluster, Placed, cluster_json, cluster_of, placed_json, placed_of
from index.clusters.wordings import comes_in
from index.findings.context import Analysis, Material
from index.findings.findings_store import Analyses, Finding

CLUSTER, PLACED = "cluster", "clustered_claim"
_BATCH = 1_000

__all__ = ["CLUSTER", "CLUSTERS", "PLACED", "UNCLUSTERED", "Cluster", "Clustering", "Placed", "cluster_of", "placed_of"]


def find_clusters(material: Material) -> Mapping[str, Iterable[Finding]]:
    """Cluster all claims of a base. A claim that the index lacks is left out until it has it."""
    import numpy as np

    claims = [
        claim
        for conversation_id in material.record.conversations()
        for claim in material.record.claims_of(conversation_id)
        if comes_in(claim)
    ]
    dense: dict[str, np.ndarray] = {}
    for at in range(0, len(claims), _BATCH):
        material.progress("reading vectors", at, len(claims))
        dense.update(material.vectors.dense_of([claim.id for claim in claims[at : at + _BATCH]]))
    claims = [claim for claim in claims if claim.id in dense]
    material.progress("clustering", 0, len(claims))
    matrix = np.stack([dense[claim.id] for claim in claims]) if claims else np.zeros((0, 1), np.float32)
    found = clustered(claims, matrix.astype(np.float32), before(material.kept))
    material.progress("clustering", len(claims), len(claims))
    return {
        CLUSTER: (Finding(one.id or UNCLUSTERED, cluster_json(one), _keys(one)) for one in found.clusters),
        PLACED: (
            Finding(one.claim_id, placed_json(one), (("cluster", one.cluster or UNCLUSTERED),)) for one in found.placed
        ),
    }


def before(kept: Analyses) -> Before:
    """Read what binds the next run from the findings of the last."""
    clusters, topics = {}, {}
    for body in kept.find(PLACED):
        if body["cluster"]:
            clusters[body["claim_id"]] = body["cluster"]
        if body["topic"]:
            topics[body["claim_id"]] = body["topic"]
    places = {body["id"]: (body["x"], body["y"]) for body in kept.find(CLUSTER) if body["id"]}
    return Before(clusters, topics, places)


def _keys(cluster: Cluster) -> tuple[tuple[str, str], ...]:
    return (("topic", cluster.topic.id),) if cluster.topic else ()


CLUSTERS = Analysis("clusters", (CLUSTER, PLACED), find_clusters)
