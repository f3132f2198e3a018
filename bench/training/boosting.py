"""Grow boosted trees (histogram gradient boosting, Ke et al. 2017), written as `corpus.boosted_trees` reads them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def grow_trees(
    rows: Sequence[Mapping[str, float]],
    answers: Sequence[bool],
    names: Sequence[str],
    *,
    weights: Sequence[float] | None = None,
    digits: int,
    seeds: int = 1,
    **settings: Any,
) -> list[Any]:
    """Return trees as JSON has them; the first is a number, the mean's log odds.

    A row is the features of one thing; `names` are those that the trees may ask about. Thresholds are rounded to
    `digits`; `settings` are those of scikit-learn's HistGradientBoostingClassifier. With several `seeds` the trees are
    those of as many models, which judge by their mean.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    column = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(rows), len(names)), dtype=np.float32)
    for number, row in enumerate(rows):
        for name, value in row.items():
            if name in column:
                table[number, column[name]] = value
    trees: list[Any] = [0.0]
    for seed in range(seeds):
        model: Any = HistGradientBoostingClassifier(random_state=seed, **settings)
        model.fit(table, answers, sample_weight=weights)
        # scikit-learn shows its trees nowhere else; the pinned version keeps them there.
        trees[0] = round(float(model._baseline_prediction.item()), 4)
        trees += [_write_tree(round_[0].nodes, 0, names, digits, seeds) for round_ in model._predictors]
    return trees


def select_features(rows: Sequence[Mapping[str, float]], least: int) -> list[str]:
    """Return the names of the features that at least so many rows have, in order."""
    often = Counter(name for row in rows for name, value in row.items() if value)
    return sorted(name for name, count in often.items() if count >= least)


def _write_tree(nodes: Any, index: int, names: Sequence[str], digits: int, seeds: int) -> Any:
    node = nodes[index]
    if node["is_leaf"]:
        return round(float(node["value"]) / seeds, 4)
    left, right = (_write_tree(nodes, int(node[side]), names, digits, seeds) for side in ("left", "right"))
    return [names[int(node["feature_idx"])], round(float(node["num_threshold"]), digits), left, right]
