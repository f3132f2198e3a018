"""Clusters of claims: what many people say in their own words, topic by topic.

In come claims and their vectors; out go clusters with ids that last, a label, a central claim verbatim and the people
in them, and every claim's place. What fits nowhere is kept in a bucket of its own, with the cluster nearest to it.
"""

# pyright: standard

from collections.abc import Iterable, Mapping

import numpy as np

from index.clusters.clustering import Clustering, PreviousRun, cluster_claims
from index.clusters.model import UNCLUSTERED, ClaimPlacement, Cluster
from index.clusters.wordings import is_comparable
from index.findings.bodies import write_body
from index.findings.context import Analysis, AnalysisContext
from index.findings.findings_store import Finding, FindingsStore

CLUSTER, PLACED = "cluster", "clustered_claim"
_BATCH = 1_000

__all__ = [
    "CLUSTER",
    "CLUSTERS",
    "PLACED",
    "UNCLUSTERED",
    "ClaimPlacement",
    "Cluster",
    "Clustering",
]


def find_clusters(context: AnalysisContext) -> Mapping[str, Iterable[Finding]]:
    """Cluster all claims of a base. A claim that the index lacks is left out until it has it."""

    claims = [
        claim
        for conversation_id in context.record.list_conversations()
        for claim in context.record.list_claims_of(conversation_id)
        if is_comparable(claim)
    ]
    dense: dict[str, np.ndarray] = {}
    for start in range(0, len(claims), _BATCH):
        context.progress("reading vectors", start, len(claims))
        dense.update(context.vectors.get_dense([claim.id for claim in claims[start : start + _BATCH]]))
    claims = [claim for claim in claims if claim.id in dense]
    context.progress("clustering", 0, len(claims))
    matrix = np.stack([dense[claim.id] for claim in claims]) if claims else np.zeros((0, 1), np.float32)
    clustering = cluster_claims(claims, matrix.astype(np.float32), read_previous_run(context.findings_store))
    context.progress("clustering", len(claims), len(claims))
    return {
        CLUSTER: (
            Finding(cluster.id or UNCLUSTERED, write_body(cluster), _keys(cluster)) for cluster in clustering.clusters
        ),
        PLACED: (
            Finding(one.claim_id, write_body(one), (("cluster", one.cluster or UNCLUSTERED),))
            for one in clustering.placed
        ),
    }


def read_previous_run(findings_store: FindingsStore) -> PreviousRun:
    """Read what binds the next run from the findings of the last."""
    clusters, topics = {}, {}
    for body in findings_store.find(PLACED):
        if body["cluster"]:
            clusters[body["claim_id"]] = body["cluster"]
        if body["topic"]:
            topics[body["claim_id"]] = body["topic"]
    places = {body["id"]: (body["x"], body["y"]) for body in findings_store.find(CLUSTER) if body["id"]}
    return PreviousRun(clusters, topics, places)


def _keys(cluster: Cluster) -> tuple[tuple[str, str], ...]:
    return (("topic", cluster.topic.id),) if cluster.topic else ()


CLUSTERS = Analysis("clusters", (CLUSTER, PLACED), find_clusters)
