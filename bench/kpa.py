"""KPA-2021 (Friedman et al., 2021): arguments, key points, which argument makes which, and how matching is scored."""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

_TOP = 0.5  # the share of arguments that are scored, as the shared task has it


@dataclass(frozen=True, slots=True)
class Text:
    """An argument or a key point."""

    id: str
    text: str
    topic: str
    stance: str


@dataclass(frozen=True, slots=True)
class Split:
    """One part of the data. `gold[i]` holds the key points of argument i. A pair without a label is undecided."""

    arguments: tuple[Text, ...]
    points: tuple[Text, ...]
    labels: dict[tuple[str, str], bool] = field(hash=False)
    gold: tuple[frozenset[str], ...]

    def texts(self) -> list[str]:
        """Give the words of all arguments, then of all key points."""
        return [one.text for one in (*self.arguments, *self.points)]

    def topics(self) -> list[str]:
        """Give the topics in order."""
        return sorted({one.topic for one in self.arguments})

    def only(self, topics: set[str]) -> "Split":
        """Give the part on some topics."""
        arguments = tuple(one for one in self.arguments if one.topic in topics)
        points = tuple(one for one in self.points if one.topic in topics)
        kept = {one.id for one in arguments}
        return _split(arguments, points, {pair: same for pair, same in self.labels.items() if pair[0] in kept})


def load(folder: Path, name: str) -> Split:
    """Read the split `name` (train, dev)."""
    arguments = tuple(
        Text(r["arg_id"], r["argument"], r["topic"], r["stance"]) for r in _rows(folder, "arguments", name)
    )
    points = tuple(
        Text(r["key_point_id"], r["key_point"], r["topic"], r["stance"]) for r in _rows(folder, "key_points", name)
    )
    labels = {(r["arg_id"], r["key_point_id"]): r["label"] == "1" for r in _rows(folder, "labels", name)}
    return _split(arguments, points, labels)


def _rows(folder: Path, what: str, name: str) -> list[dict[str, str]]:
    with (folder / f"{what}_{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _split(arguments: tuple[Text, ...], points: tuple[Text, ...], labels: dict[tuple[str, str], bool]) -> Split:
    made: dict[str, set[str]] = {}
    for (argument, point), same in labels.items():
        if same:
            made.setdefault(argument, set()).add(point)
    return Split(arguments, points, labels, tuple(frozenset(made.get(one.id, ())) for one in arguments))


def mean_average_precision(split: Split, scores: np.ndarray) -> tuple[float, float]:
    """Score a matching as the shared task does: (strict, relaxed). `scores`: arguments by key points.

    For each topic and stance every argument gets its best key point, the surer half is ranked, and average precision
    taken; undecided pairs are wrong when strict and right when relaxed.
    """
    from sklearn.metrics import average_precision_score

    strict, relaxed = [], []
    for side in sorted({(one.topic, one.stance) for one in split.arguments}):
        rows = [n for n, one in enumerate(split.arguments) if (one.topic, one.stance) == side]
        columns = [n for n, one in enumerate(split.points) if (one.topic, one.stance) == side]
        part = scores[np.ix_(rows, columns)]
        best, surest = part.argmax(axis=1), part.max(axis=1)
        ranked = np.argsort(-surest, kind="stable")[: int(len(rows) * _TOP)]
        for undecided, into in ((False, strict), (True, relaxed)):
            right = [
                split.labels.get((split.arguments[rows[n]].id, split.points[columns[best[n]]].id), undecided)
                for n in ranked
            ]
            into.append(average_precision_score(right, surest[ranked]) if any(right) else 0.0)
    return float(np.mean(strict)), float(np.mean(relaxed))


def bcubed(found: Sequence[int], gold: Sequence[frozenset[str]]) -> tuple[float, float, float]:
    """Give extended B-cubed precision, recall and F1 (Amigó et al., 2009), of things with several labels.

    Things without a gold label are not counted. Things in no cluster must each have a number of their own.
    """
    kept = [n for n, labels in enumerate(gold) if labels]
    of = np.asarray(found)[kept]
    names = sorted(set().union(*(gold[n] for n in kept)))
    has = np.array([[name in gold[n] for name in names] for n in kept], dtype=float)
    together, shared = of[:, None] == of[None, :], has @ has.T
    both = np.minimum(together, shared)
    precision = float(np.mean((np.where(together, both, 0)).sum(axis=1) / together.sum(axis=1)))
    recall = float(
        np.mean(np.where(shared > 0, both / np.maximum(shared, 1), 0).sum(axis=1) / (shared > 0).sum(axis=1))
    )
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def vectors_of(texts: Sequence[str]) -> np.ndarray:
    """Encode texts, or read them from $CROSSTALK_BENCH_CACHE where it names a folder: encoding takes minutes."""
    from index.encoding.sentence_encoder import Encoder

    folder = os.environ.get("CROSSTALK_BENCH_CACHE")
    if not folder:
        return Encoder.load().encode(list(texts))
    known = _Known(Path(folder) / "vectors.npz")
    missing = sorted(set(texts) - known.places.keys())
    if missing:
        known.add(missing, Encoder.load().encode(missing))
    return known.vectors[[known.places[text] for text in texts]]


class _Known:
    """Vectors that were computed before, by text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.vectors = np.zeros((0, 0), np.float32)
        self.places: dict[str, int] = {}
        if path.is_file():
            with np.load(path, allow_pickle=False) as kept:
                self.vectors = kept["vectors"]
                self.places = {str(text): place for place, text in enumerate(kept["texts"])}

    def add(self, texts: list[str], vectors: np.ndarray) -> None:
        for text in texts:
            self.places[text] = len(self.places)
        self.vectors = np.concatenate([self.vectors, vectors]) if len(self.vectors) else vectors
        self._path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._path, texts=np.array(list(self.places)), vectors=self.vectors)
