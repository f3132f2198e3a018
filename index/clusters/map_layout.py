"""Where things stand on the map: near what they are like.

Clusters are laid out by t-SNE of their centres (van der Maaten & Hinton, JMLR 2008), claims around their cluster's
centre by the two main directions within it: so the cost grows with the number of clusters, not of pairs of claims. A
map is turned, mirrored and moved to fit the one before as well as it can (orthogonal Procrustes), since people remember
where things were.
"""

# pyright: standard

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from index.clusters.settings import SETTINGS


def lay_out_centres(centres: np.ndarray) -> np.ndarray:
    """Lay out cluster centres; gives shape (n, 2), about -1..1 on the longer side."""

    if len(centres) == 0:
        return np.zeros((0, 2))
    flat = _main_directions(centres)
    if SETTINGS.least_centres <= len(centres) <= SETTINGS.most_centres:
        from sklearn.manifold import TSNE

        scale: Any = flat / max(float(flat[:, 0].std()), 1e-9) * 1e-4
        perplexity = min(SETTINGS.perplexity, (len(centres) - 1) / 3)
        tsne = TSNE(2, perplexity=perplexity, init=scale, random_state=SETTINGS.map_seed, metric="cosine", max_iter=500)
        laid = tsne.fit_transform(centres)
        flat = np.asarray(laid, dtype=float)
    flat = flat - flat.mean(axis=0)
    return flat / max(float(np.abs(flat).max()), 1e-9)


def fit_to_previous(places: np.ndarray, ids: Sequence[str], before: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """Turn, mirror and move a map so that what was on the one before comes close to its place."""

    known = [row for row, id_ in enumerate(ids) if id_ in before]
    if len(known) < 3:
        return places
    now = places[known]
    previous = np.array([before[ids[row]] for row in known])
    left, _, right = np.linalg.svd((now - now.mean(axis=0)).T @ (previous - previous.mean(axis=0)))
    return (places - now.mean(axis=0)) @ (left @ right) + previous.mean(axis=0)


def lay_out_claims(
    dense: np.ndarray, centre_of: np.ndarray, centres: np.ndarray, places: np.ndarray, closeness: np.ndarray
) -> np.ndarray:
    """Place claims around the centre that each belongs to, or is nearest to; the less alike, the further out."""

    if len(places) == 0:
        flat = _main_directions(dense) if len(dense) else np.zeros((0, 2))
        return flat / max(float(np.abs(flat).max(initial=0.0)), 1e-9)
    room, dense = _room(places), _main_directions(dense, SETTINGS.directions)
    laid = places[centre_of].astype(float)
    order = np.argsort(centre_of, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(centre_of[order])) + 1):
        within = _main_directions(dense[group])
        lengths = np.linalg.norm(within, axis=1, keepdims=True)
        far = np.clip(1.0 - closeness[group], 0.0, 1.0)[:, None]
        laid[group] += within / np.maximum(lengths, 1e-9) * far * room[centre_of[group]][:, None] * 1.2
    return laid


def _room(places: np.ndarray) -> np.ndarray:
    """Return the distance from each centre to the one closest, within bounds."""
    from scipy.spatial import KDTree

    if len(places) < 2:
        return np.ones(len(places))
    gaps = KDTree(places).query(places, k=2)[0][:, 1]
    middle = float(np.median(gaps)) or 1e-3
    return np.clip(gaps, middle / 2, middle * 2)


def _main_directions(rows: np.ndarray, count: int = 2) -> np.ndarray:
    """Project on the main directions; signs are fixed, so that the same rows always give the same."""

    middle = rows - rows.mean(axis=0)
    count = min(count, rows.shape[1])
    if len(rows) < 3:
        flat = np.zeros((len(rows), count))
        flat[:, 0] = np.arange(len(rows))
        return flat - flat.mean(axis=0)
    _, vectors = np.linalg.eigh(middle.T @ middle)
    main = vectors[:, ::-1][:, :count]
    main = main * np.where(main[np.abs(main).argmax(axis=0), np.arange(count)] < 0, -1.0, 1.0)
    return middle @ main
