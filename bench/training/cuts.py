"""Learn where within a sentence another claim begins: `python -m bench.training.cuts LABELS... [--least SCORE]`.

LABELS are lines {"text": a sentence, "parts": the claims that a reader cut it into, verbatim, " … " where something was
cut out of one, "least", "most"}. A boundary that the parse proposes is right where a part begins. The trees are judged
on sentences that they have not seen (five folds by a hash of the text); then all sentences are learned from and the
weights written. The score above which a sentence is cut is the least at which .95 of what readers leave whole stays
whole by the folds.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.cuts import CutFigures, CutSentence, ReadersCut, cut_by_product, measure, number_words
from bench.propositions import Tokens
from bench.training.boosting import grow_trees
from corpus.boosted_trees import Tree, score, tree_from_json
from ingest.claims.clause_boundaries import (
    WEIGHTS,
    Boundary,
    Features,
    describe_boundary,
    find_boundaries,
    scan_sentence,
)
from ingest.language import parse, split_sentences

FOLDS = 5
_TREES, _LEAVES, _RATE, _PENALTY, _SMALLEST = 150, 8, 0.08, 3.0, 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """A boundary of a sentence, what is seen there, and whether a claim begins there by the labels."""

    features: Features
    is_right: bool


@dataclass(frozen=True, slots=True)
class TrainingSentence:
    """A labelled sentence with the boundaries that the parse proposes."""

    labelled: CutSentence
    proposals: tuple[Proposal, ...]
    fold: int


def place_parts(text: str, parts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Return where each part stands in a sentence, its pieces as stretches of characters.

    Raises:
        ValueError: a piece is not there.
    """
    placed = []
    offset = 0
    for part in parts:
        pieces = []
        for piece in part.split(" … "):
            start = text.find(piece, offset) if text.find(piece, offset) >= 0 else text.find(piece)
            if start < 0:
                raise ValueError(f"{piece!r} does not stand in {text!r}")
            pieces.append((start, start + len(piece)))
            offset = start + len(piece)
        offset = pieces[0][1]
        placed.append(pieces)
    return placed


def read_sentences(paths: Sequence[Path]) -> list[TrainingSentence]:
    """Read labels; a sentence that the parser cuts in two is left out."""
    rows = [orjson.loads(line) for path in paths for line in path.read_bytes().splitlines()]
    sentences = []
    for row, doc in zip(rows, parse([row["text"] for row in rows]), strict=True):
        spans = split_sentences(doc)
        if len(spans) == 1:
            text = row["text"]
            parts = place_parts(text, row["parts"])
            cut = ReadersCut(row["least"], row["most"], tuple(number_words(text, part) for part in parts))
            starts = {part[0][0] for part in parts}
            proposals = tuple(
                Proposal(describe_boundary(scan_sentence(spans[0]), boundary, before), _is_right(boundary, starts))
                for before, boundary in enumerate(find_boundaries(spans[0]))
            )
            fold = int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS
            sentences.append(TrainingSentence(CutSentence(spans[0], text, (cut,)), proposals, fold))
    return sentences


def _is_right(boundary: Boundary, starts: set[int]) -> bool:
    """Tell whether a part begins at a boundary, or with its joining words, or behind one word more."""
    doc = boundary.head.doc
    last = min(boundary.start + 1, len(doc) - 1)
    return any(doc[boundary.edge].idx <= start <= doc[last].idx for start in starts)


def learn(sentences: Sequence[TrainingSentence]) -> list[Any]:
    """Learn boosted trees, as JSON has them; the first is a number, the score of the average."""
    proposals = [proposal for one in sentences for proposal in one.proposals]
    counts = Counter(name for proposal in proposals for name, value in proposal.features.items() if value)
    return grow_trees(
        [proposal.features for proposal in proposals],
        [proposal.is_right for proposal in proposals],
        sorted(name for name, count in counts.items() if count >= _SMALLEST),
        digits=4,
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        l2_regularization=_PENALTY,
        min_samples_leaf=_SMALLEST,
        early_stopping=False,
    )


def judge(sentences: Sequence[TrainingSentence], models: Sequence[Sequence[Tree]], least: float) -> CutFigures:
    """Return how sentences are cut where the score is at least `least`, each by the model of its fold."""
    by_text = {id(one.labelled): one for one in sentences}

    def cut(labelled: CutSentence) -> list[Tokens]:
        one = by_text[id(labelled)]
        boundaries = find_boundaries(labelled.sentence)
        return cut_by_product(
            labelled,
            [
                boundary
                for boundary, proposal in zip(boundaries, one.proposals, strict=True)
                if score(models[one.fold], proposal.features) >= least
            ],
        )

    return measure([one.labelled for one in sentences], cut)


def main() -> None:
    """Judge by folds, learn from all, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path, nargs="+", metavar="LABELS")
    parser.add_argument("--least", type=float, default=0.8, help="the score above which a sentence is cut")
    asked = parser.parse_args()
    sentences = read_sentences(asked.labels)
    models = [
        [tree_from_json(tree) for tree in learn([one for one in sentences if one.fold != fold])]
        for fold in range(FOLDS)
    ]
    print(f"{len(sentences)} sentences, {sum(len(one.proposals) for one in sentences)} boundaries; judged by folds")
    print("| least score | number right | parts F1 | torn | kept whole |\n|---|---|---|---|---|")
    for least in (-0.8, -0.4, 0.0, 0.4, 0.8):
        figures = judge(sentences, models, least)
        cells = (figures.number_right, figures.parts_f1, figures.torn, figures.kept_whole)
        print(f"| {least} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    lines = ",\n".join(json.dumps(tree) for tree in learn(sentences))
    WEIGHTS.write_text(f'{{"least": {asked.least}, "least_reason": 0.0, "trees": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
