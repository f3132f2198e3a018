"""Topics and, in each, claims that make the same point.

Both are cuts of one tree: claims are joined by average linkage, the two groups first between which the mean log odds of
making the same point are highest; what is joined above one bar is a cluster, above a lower one a topic. A tree needs
all pairs. So a large base is first cut into parts that have little to do with each other: communities of the graph of
nearest neighbours (Leiden with the constant Potts model: Traag, Waltman & van Eck, Sci. Rep. 2019), whose resolution
does not depend on the size of the whole. All is a function of the texts alone; the seed is fixed.
"""

# pyright: standard

from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.logistic import logistic_array
from index.clusters.neighbours import find_neighbours
from index.clusters.settings import SETTINGS, ClusterSettings
from index.clusters.similarity import ClaimSimilarity


@dataclass(frozen=True, slots=True)
class Partition:
    """For each text the number of its topic and of its cluster; -1 where it is in none. Clusters lie within topics."""

    topics: np.ndarray
    clusters: np.ndarray


def partition(similarity: ClaimSimilarity, settings: ClusterSettings = SETTINGS) -> Partition:
    """Find topics and clusters of texts."""

    n = len(similarity.dense)
    topics, clusters = np.full(n, -1), np.full(n, -1)
    cluster, topic = 0, 0
    for members in _parts(similarity, settings):
        if len(members) < settings.smallest:
            continue
        of_topics, of_clusters = _cuts(similarity, members, settings)
        for group in _large_enough(members, of_topics, settings.smallest):
            topics[group] = topic
            topic += 1
        for group in _large_enough(members, of_clusters, settings.smallest):
            clusters[group] = cluster
            cluster += 1
    return Partition(topics, clusters)


def _parts(similarity: ClaimSimilarity, settings: ClusterSettings) -> list[np.ndarray]:
    """Return the parts of which a tree each is made, in order of their first text."""

    n = len(similarity.dense)
    if n <= settings.whole_below:
        return [np.arange(n)]
    rows, columns, _ = find_neighbours(similarity.dense, settings.neighbours, settings.least_cosine)
    graph = _symmetric(rows, columns, logistic_array(similarity.compare_pairs(rows, columns)), n)
    queue, done = [(np.arange(n), settings.density)], []
    while queue:
        members, density = queue.pop()
        part = graph if len(members) == n else graph[members][:, members].tocsr()
        for community in _leiden(part, density, settings.partition_seed):
            whole = members[community]
            if len(whole) > settings.whole_below:
                queue.append((whole, density * 2))
            else:
                done.append(whole)
    return sorted(done, key=lambda members: int(members[0]))


def _symmetric(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray, n: int) -> Any:
    from scipy.sparse import coo_matrix

    directed = coo_matrix((weights.astype(np.float64), (rows, columns)), (n, n)).tocsr()
    graph = directed.maximum(directed.T).tocsr()
    graph.sort_indices()
    return graph


def _leiden(graph: Any, density: float, seed: int) -> list[np.ndarray]:
    from graspologic_native import leiden_csr  # pyright: ignore[reportAttributeAccessIssue]

    _, of = leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        graph.shape[0],
        resolution=density,
        iterations=3,
        use_modularity=False,
        seed=seed,
    )
    number = np.array([of.get(node, -1 - node) for node in range(graph.shape[0])])
    order = np.argsort(number, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def _cuts(similarity: ClaimSimilarity, members: np.ndarray, settings: ClusterSettings) -> tuple[np.ndarray, np.ndarray]:
    """Join texts to a tree, and cut it twice: gives the number of each text's topic, and of its cluster."""
    from scipy.cluster.hierarchy import fcluster, linkage

    odds = similarity.compare_all(members, members)
    far = -odds[np.triu_indices(len(members), 1)]
    lowest = float(far.min())
    tree = linkage(far - lowest, "average")
    topics, clusters = (fcluster(tree, -bar - lowest, "distance") for bar in (settings.same_topic, settings.same_point))
    return topics, clusters


def _large_enough(members: np.ndarray, of: np.ndarray, smallest: int) -> list[np.ndarray]:

    order = np.argsort(of, kind="stable")
    groups = np.split(members[order], np.flatnonzero(np.diff(of[order])) + 1)
    return sorted((group for group in groups if len(group) >= smallest), key=lambda group: int(group[0]))
