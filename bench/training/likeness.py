"""Train the four weights of index/clusters/similarity.json on the training topics of KPA-2021.

    python -m bench.training.likeness --data DIR

A pair is an argument with a key point (labelled), or two arguments of one topic (they make the same point if they share
a key point; pairs that share none are negative only where both have one). Both sorts weigh the same together. `--folds`
leaves topics out and prints what the held-out ones give; nothing is chosen on the development topics.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from bench.kpa import Split, load, mean_average_precision, vectors_of
from index.clusters.similarity import ClaimSimilarity, SimilarityWeights

OUT = Path(__file__).parents[2] / "index" / "clusters" / "similarity.json"
_PAIRS_A_TOPIC = 3_000  # of two arguments
_SEED = 5
_STRENGTH = 10.0  # inverse of the regularization


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts by number, with whether they make the same point, and what each pair weighs."""

    rows: np.ndarray
    columns: np.ndarray
    same: np.ndarray
    weights: np.ndarray


def make_pairs(split: Split) -> Pairs:
    """Give the pairs of a split; texts are numbered arguments first, key points after."""
    chance = np.random.default_rng(_SEED)
    argument = {one.id: place for place, one in enumerate(split.arguments)}
    point = {one.id: len(argument) + place for place, one in enumerate(split.points)}
    matched = [(argument[a], point[p], same) for (a, p), same in split.labels.items()]
    both = []
    for topic in sorted({one.topic for one in split.arguments}):
        some = [n for n, one in enumerate(split.arguments) if one.topic == topic and split.gold[n]]
        drawn = chance.choice(some, (_PAIRS_A_TOPIC, 2))
        both += [(a, b, bool(split.gold[a] & split.gold[b])) for a, b in drawn.tolist() if a != b]
    every = np.array([*matched, *both], dtype=np.int64)
    weights = np.concatenate([np.full(len(matched), 0.5 / len(matched)), np.full(len(both), 0.5 / len(both))])
    return Pairs(every[:, 0], every[:, 1], every[:, 2].astype(bool), weights * len(every))


def trained(split: Split) -> SimilarityWeights:
    """Fit the weights to a split."""
    from sklearn.linear_model import LogisticRegression

    texts = split.texts()
    similarity = ClaimSimilarity.from_texts(texts, vectors_of(texts), SimilarityWeights(0, 0, 0, 0))
    some = make_pairs(split)
    parts = similarity.measure_parts(some.rows, some.columns)
    fitted = LogisticRegression(C=_STRENGTH, max_iter=1_000).fit(np.stack(parts, axis=1), some.same, some.weights)
    return SimilarityWeights(*(round(float(value), 4) for value in (*fitted.coef_[0], fitted.intercept_[0])))


def scores(split: Split, weights: SimilarityWeights) -> tuple[float, float]:
    """Give strict and relaxed mean average precision of matching a split's arguments to its key points."""
    texts = split.texts()
    similarity = ClaimSimilarity.from_texts(texts, vectors_of(texts), weights)
    n = len(split.arguments)
    odds = similarity.compare_all(np.arange(n), np.arange(n, len(texts)))
    return mean_average_precision(split, odds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the weights; or with `--folds` only print what held-out topics give."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds kpa2021/")
    parser.add_argument("--folds", type=int, default=0)
    asked = parser.parse_args(arguments)
    train = load(asked.data / "kpa2021", "train")
    topics = train.topics()
    for fold in range(asked.folds):
        out = set(topics[fold :: asked.folds])
        inside, held = train.only(set(topics) - out), train.only(out)
        weights = trained(inside)
        ours, cosine = (" / ".join(f"{score:.3f}" for score in scores(held, one)) for one in (weights, COSINE))
        print(fold, weights, "held out", ours, "cosine", cosine)
    if not asked.folds:
        weights = trained(train)
        values = {name: getattr(weights, name) for name in ("cosine", "words", "letters", "bias")}
        OUT.write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n")
        sys.stdout.write(f"{OUT}: {values}\n")


COSINE = SimilarityWeights(1, 0, 0, 0)

if __name__ == "__main__":
    main()
