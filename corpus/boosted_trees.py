"""Boosted trees as plain data: read from JSON, summed in plain Python. Nothing is unpickled.

A tree is a number (what a leaf adds to the score) or [name, most, left, right]: a thing whose feature `name`
(0 where it has none) is not above `most` goes left.
"""

from collections.abc import Mapping, Sequence

Tree = float | tuple[str, float, "Tree", "Tree"]


def tree_from_json(loaded: float | Sequence[object]) -> Tree:
    """Make a tree of what JSON holds. Raise `ValueError` where that is no tree."""
    if isinstance(loaded, int | float):
        return float(loaded)
    name, most, left, right = loaded
    if not isinstance(name, str) or not isinstance(most, int | float):
        raise ValueError(f"a branch is [name, most, left, right], not {loaded!r:.80}")
    return name, float(most), tree_from_json(left), tree_from_json(right)  # type: ignore[arg-type]


def score(trees: Sequence[Tree], features: Mapping[str, float]) -> float:
    """Sum what the leaves add to which something with these features falls."""
    total = 0.0
    for tree in trees:
        while isinstance(tree, tuple):
            name, most, left, right = tree
            tree = left if features.get(name, 0.0) <= most else right
        total += tree
    return total
