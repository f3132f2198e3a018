"""Topics and, in each, claims that make the same point.

Topics are communities of the graph of nearest neighbours (Leiden with the constant Potts model: Traag, Waltman & van
Eck, Sci. Rep. 2019; unlike modularity its resolution does not depend on the size of the whole). Within a topic, claims
are joined by average linkage as long as the mean log odds between two groups stay above a bar: that needs all pairs of
a topic, which a topic's size allows, and none of the whole. Both are functions of the graph alone, with a fixed seed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.clusters.likeness import Likeness
from index.clusters.neighbours import neighbours

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides how fine the clusters are. Chosen on training topics of KPA-2021 (bench/clusters.py)."""

    neighbours: int = 30
    least_cosine: float = 0.4  # of an edge
    topic_density: float = 0.02  # Leiden's resolution: how dense a topic must be inside
    same_point: float = 0.0  # mean log odds at which two groups still make one point
    smallest: int = 3  # wordings in a cluster
    largest_topic: int = 4_000  # wordings; a larger one is cut finer
    seed: int = 17


SETTINGS = Settings()


@dataclass(frozen=True, slots=True)
class Partition:
    """For each text the number of its topic and of its cluster; -1 where it is in none. Clusters lie within topics."""

    topics: "np.ndarray"
    clusters: "np.ndarray"


def partition(likeness: Likeness, settings: Settings = SETTINGS) -> Partition:
    """Find topics and clusters of texts."""
    import numpy as np

    n = len(likeness.dense)
    topics, clusters = np.full(n, -1), np.full(n, -1)
    if n < settings.smallest:
        return Partition(topics, clusters)
    rows, columns, cosines = neighbours(likeness.dense, settings.neighbours, settings.least_cosine)
    weights = _sigmoid(likeness.pairs(rows, columns, cosines))
    communities = _communities(rows, columns, weights, n, settings)
    found = 0
    for number, members in enumerate(communities):
        topics[members] = number
        for group in _same_point(likeness, members, settings):
            clusters[group] = found
            found += 1
    return Partition(topics, clusters)


def _sigmoid(odds: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return 1.0 / (1.0 + np.exp(-odds))


def _communities(
    rows: "np.ndarray", columns: "np.ndarray", weights: "np.ndarray", n: int, settings: Settings
) -> "list[np.ndarray]":
    """Give the topics of at least `smallest` members, in order of their first."""
    import numpy as np

    queue = [(np.arange(n), settings.topic_density)]
    done: list[np.ndarray] = []
    graph = _symmetric(rows, columns, weights, n)
    while queue:
        members, density = queue.pop()
        part = graph if len(members) == n else graph[members][:, members].tocsr()
        for community in _leiden(part, density, settings.seed):
            whole = members[community]
            if len(whole) > settings.largest_topic:
                queue.append((whole, density * 2))
            elif len(whole) >= settings.smallest:
                done.append(whole)
    return sorted(done, key=lambda members: int(members[0]))


def _symmetric(rows: "np.ndarray", columns: "np.ndarray", weights: "np.ndarray", n: int) -> "np.ndarray":
    import numpy as np
    from scipy.sparse import coo_matrix

    directed = coo_matrix((weights.astype(np.float64), (rows, columns)), (n, n)).tocsr()
    graph = directed.maximum(directed.T).tocsr()
    graph.sort_indices()
    return graph


def _leiden(graph: "np.ndarray", density: float, seed: int) -> "list[np.ndarray]":
    import numpy as np
    from graspologic_native import leiden_csr

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


def _same_point(likeness: Likeness, members: "np.ndarray", settings: Settings) -> "list[np.ndarray]":
    """Cut a topic into groups that make one point each; groups that are too small are left out."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    odds = likeness.between(members, members)
    odds = (odds + odds.T) / 2
    highest = float(odds.max())
    far = highest - odds
    np.fill_diagonal(far, 0.0)
    tree = linkage(squareform(far, checks=False), "average")
    of = fcluster(tree, highest - settings.same_point, "distance")
    groups = [members[of == number] for number in np.unique(of)]
    return sorted((group for group in groups if len(group) >= settings.smallest), key=lambda group: int(group[0]))
