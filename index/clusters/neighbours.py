"""Nearest neighbours among all claims, in numpy: exact where that is quick, by cells of the space above.

Cells (an inverted file, Jégou et al., TPAMI 2011): claims are put into about √n cells around centres, and each cell is
compared with itself and the cells closest to it. Both ways give the same answer whenever they are asked the same.
"""

# pyright: standard

import numpy as np

from index.clusters.settings import SETTINGS


def find_neighbours(dense: np.ndarray, k: int, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the `k` closest others of every row by cosine, those of at least `least`: (rows, columns, cosines).

    `dense` is of shape (n, size), rows of length 1. Sorted by row; a pair may come once or twice.
    """

    n = len(dense)
    if n < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    if n <= SETTINGS.exact_below:
        everything = np.arange(n)
        parts = [
            _closest(dense, everything[start : start + SETTINGS.block_rows], everything, k, least)
            for start in range(0, n, SETTINGS.block_rows)
        ]
    else:
        parts = _by_cells(dense, k, least)
    rows, columns, cosines = (np.concatenate([part[part_index] for part in parts]) for part_index in range(3))
    order = np.lexsort((columns, rows))
    return rows[order], columns[order], cosines[order]


def _by_cells(dense: np.ndarray, k: int, least: float) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:

    centres = _centres(dense, round(len(dense) ** 0.5))
    cell_of = _nearest_centre(dense, centres)
    members = [np.flatnonzero(cell_of == cell) for cell in range(len(centres))]
    close = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, : SETTINGS.probed_cells]
    parts = []
    for cell, rows in enumerate(members):
        around = np.concatenate([members[other] for other in {cell, *close[cell].tolist()}])
        parts += [
            _closest(dense, rows[start : start + SETTINGS.block_rows], around, k, least)
            for start in range(0, len(rows), SETTINGS.block_rows)
        ]
    return parts


def _centres(dense: np.ndarray, count: int) -> np.ndarray:

    chance = np.random.default_rng(SETTINGS.neighbour_seed)
    sample = dense[chance.choice(len(dense), min(len(dense), count * SETTINGS.rows_per_centre), replace=False)]
    centres = sample[:count].copy()
    for _ in range(SETTINGS.centre_rounds):
        cell_of = _nearest_centre(sample, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, cell_of, sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres


def _nearest_centre(dense: np.ndarray, centres: np.ndarray) -> np.ndarray:

    parts = [(dense[start : start + 8_192] @ centres.T).argmax(axis=1) for start in range(0, len(dense), 8_192)]
    return np.concatenate(parts)


def _closest(
    dense: np.ndarray, rows: np.ndarray, among: np.ndarray, k: int, least: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compare some rows with some others, and keep the best `k` of each."""

    cosines = dense[rows] @ dense[among].T
    cosines[rows[:, None] == among[None, :]] = -1.0
    if len(among) > k:  # lower the bar of each row to its k-th best
        kth = np.partition(cosines, len(among) - k, axis=1)[:, len(among) - k]
        bar = np.maximum(kth, least)[:, None]
    else:
        bar = np.full((len(rows), 1), least, dtype=cosines.dtype)
    row, column = np.nonzero(cosines >= bar)
    return rows[row], among[column], cosines[row, column]
