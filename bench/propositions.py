"""How sentences are cut into claims, against PropSegmEnt: `python -m bench.propositions DIR`.

DIR holds `document_clusters.dev.json` and `propositions.dev.json` of PropSegmEnt (Chen et al. 2023, v1); sentences
whose text is not in the first file are left out. A proposition is a set of tokens of its sentence. Found and wanted
ones are paired one to one where their Jaccard overlap reaches the bar (0.8 is the strict one), as many as can be;
the wanted ones are those of the reference rater. The baseline takes each sentence whole; "another rater" is how well
people agree.

PropSegmEnt goes on where Crosstalk stops on purpose: "a film by A and B" is two propositions there, and "an American
fantasy film" three, while a claim is meant to be quoted and keeps its details.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.training.parser.treebank import f1

Tokens = frozenset[int]
BARS = (0.5, 0.8)
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")  # the corpus' own: a run of letters and digits, or any other sign


def read(folder: Path) -> Iterator[tuple[str, list[list[Tokens]]]]:
    """Yield each sentence that has a text and a reference, with the propositions of its raters, the reference first."""
    texts = {
        (document["document_id"], place): sentence["sentence_text"]
        for cluster in json.loads((folder / "document_clusters.dev.json").read_text("utf-8"))
        for document in cluster["documents"]
        for place, sentence in enumerate(document["sentences"])
    }
    for row in json.loads((folder / "propositions.dev.json").read_text("utf-8")):
        text = texts.get((row["sentence_id"]["document_id"], row["sentence_id"]["sentence_index"]))
        raters = sorted(row["segmentation_responses"], key=lambda one: not one["is_reference_response"])
        if text is not None and raters and raters[0]["is_reference_response"]:
            yield text, [_propositions(one) for one in raters]


def _propositions(response: dict[str, Any]) -> list[Tokens]:
    return [frozenset(one["token_indices"]) for one in response.get("propositions", [])]


def claimed(texts: Sequence[str]) -> list[list[Tokens]]:
    """Cut each sentence into claims and give their tokens: those of the stretches that carry it."""
    from ingest.claims.clauses import split_clauses
    from ingest.language import parse, split_sentences

    return [
        [
            _inside(text, atom.spans or ((atom.start, atom.end),))
            for sentence in split_sentences(doc)
            for atom in split_clauses(sentence)
        ]
        for text, doc in zip(texts, parse(texts), strict=True)
    ]


def whole(texts: Sequence[str]) -> list[list[Tokens]]:
    """Take each sentence as one claim."""
    return [[_inside(text, ((0, len(text)),))] for text in texts]


def _inside(text: str, spans: Sequence[tuple[int, int]]) -> Tokens:
    return frozenset(
        number
        for number, token in enumerate(_TOKEN.finditer(text))
        if any(start <= token.start() < end for start, end in spans)
    )


def paired(wanted: Sequence[Tokens], found: Sequence[Tokens], bar: float) -> int:
    """Say how many can be paired one to one with an overlap of at least `bar`."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not wanted or not found:
        return 0
    alike = np.array([[len(one & other) / len(one | other) >= bar for other in found] for one in wanted], dtype=int)
    return int(alike[linear_sum_assignment(alike, maximize=True)].sum())


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    asked = parser.parse_args()
    rows = list(read(asked.folder))
    texts, wanted = [text for text, _ in rows], [raters[0] for _, raters in rows]
    ways: dict[str, Callable[[], list[list[Tokens]]]] = {
        "crosstalk": lambda: claimed(texts),
        "each sentence whole": lambda: whole(texts),
        "another rater": lambda: [raters[1] for _, raters in rows],
    }
    print(f"{len(rows)} sentences, {sum(map(len, wanted))} propositions")
    print("| | found | " + " | ".join(f"P / R / F1 at {bar}" for bar in BARS) + " |\n|---|---|" + "---|" * len(BARS))
    for name, way in ways.items():
        found = way()
        total, gold = sum(map(len, found)), sum(map(len, wanted))
        cells = []
        for bar in BARS:
            right = sum(paired(one, other, bar) for one, other in zip(wanted, found, strict=True))
            cells.append(f"{right / total:.3f} / {right / gold:.3f} / {f1(right, gold, total):.3f}")
        print(f"| {name} | {total} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
