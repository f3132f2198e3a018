"""How sentences of real threads are cut into claims: `python -m bench.cuts DATA --seeds DIR [--half unseen]`.

DATA holds `arbital-dev`, `lw-conversations-dev` and `axrp-dev`. `bench/gold/cuts` holds 400 sentences with two clauses
or more, drawn at random, each cut by two readers who did not see each other's cut: the places of the parts, and the
least and the most number of claims that the reader would still call right. They agree on the number in .97. No text
stands there, only places. The halves are divided by a hash of the conversation: the rules were written with "tune" in
view; "unseen" is for a figure at the end.

A number is right where it lies between a reader's least and most. Parts are paired one to one where they share 0.8 of
their words (Jaccard). A claim is torn where a part, by either reader, goes through its end. The baseline takes each
sentence whole.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from bench.conversations import FOLDERS, read_conversations
from bench.propositions import Tokens, paired
from bench.training.parser.treebank import f1

if TYPE_CHECKING:
    from spacy.tokens import Span

    from ingest.claims.clause_boundaries import Boundary

GOLD = Path(__file__).parent / "gold" / "cuts"
OVERLAP = 0.8
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class ReadersCut:
    """One reader's cut of a sentence: its parts in word numbers, and how many claims would be right."""

    least: int
    most: int
    parts: tuple[Tokens, ...]


@dataclass(frozen=True, slots=True)
class CutSentence:
    """A labelled sentence as the parser reads it, `text` its block's words; `readers` as they cut it."""

    sentence: "Span"
    text: str
    readers: tuple[ReadersCut, ...]


Cutter = Callable[[CutSentence], list[Tokens]]


def number_words(text: str, spans: Sequence[tuple[int, int]]) -> Tokens:
    """Return the numbers of the words of a text that begin within some of its stretches.

    >>> sorted(number_words("so it goes", [(3, 10)]))
    [1, 2]
    """
    return frozenset(
        number
        for number, word in enumerate(_WORD.finditer(text))
        if any(start <= word.start() < end for start, end in spans)
    )


def read_labels(half: str) -> list[dict]:
    """Return the labelled sentences of a half, "tune" or "unseen", by place."""
    return [orjson.loads(line) for line in (GOLD / f"{half}.jsonl").read_bytes().splitlines()]


def find_sentences(rows: Sequence[dict], data: Path, seeds: Path) -> Iterator[CutSentence]:
    """Yield the labelled sentences that the parser still cuts at the same place, read within their conversations."""
    from ingest.blocks import parse_blocks

    folders = {corpus: data / folder for corpus, folder in FOLDERS.items()} | {"seeds": seeds}
    for corpus, folder in folders.items():
        places = {(row["utterance"], row["start"]): row for row in rows if row["corpus"] == corpus}
        utterances = {utterance for utterance, _ in places}
        found = {id_: held for id_, held in read_conversations(folder).items() if id_ in utterances}
        for conversation in {held.id: held for held in found.values()}.values():
            for block in parse_blocks(conversation, utterances):
                for sentence in block.sentences:
                    row = places.get((block.utterance.id, block.start + sentence.start_char))
                    if row is not None and row["end"] == block.start + sentence.end_char:
                        yield CutSentence(sentence, block.text, tuple(_read_cut(block.text, sentence, row)))


def _read_cut(text: str, sentence: "Span", row: dict) -> Iterator[ReadersCut]:
    words = text[sentence.start_char : sentence.end_char]
    for cut in row["readers"]:
        parts = tuple(number_words(words, part) for part in cut["parts"])
        yield ReadersCut(cut["least"], cut["most"], parts)


def cut_by_product(labelled: CutSentence, boundaries: "Sequence[Boundary] | None" = None) -> list[Tokens]:
    """Cut a sentence as the product does, at `boundaries` if they are given; return each claim's own words."""
    from ingest.claims.clauses import split_clauses

    offset, end = labelled.sentence.start_char, labelled.sentence.end_char
    claims = []
    for clause in split_clauses(labelled.sentence, labelled.text, boundaries):
        spans = [span for span in clause.spans if clause.start <= span[0] < clause.end] or [(clause.start, clause.end)]
        claims.append(
            number_words(labelled.text[offset:end], [(start - offset, stop - offset) for start, stop in spans])
        )
    return claims


def leave_whole(labelled: CutSentence) -> list[Tokens]:
    """Take the sentence as one claim."""
    words = labelled.text[labelled.sentence.start_char : labelled.sentence.end_char]
    return [number_words(words, [(0, len(words))])]


def is_torn(claim: Tokens, claims: int, readers: Sequence[ReadersCut]) -> bool:
    """Tell whether a claim takes a piece out of a part and leaves the rest, by every reader.

    Not by one who would let the sentence be cut into so many `claims`, and into more than he cut it himself.
    """
    return all(
        not len(cut.parts) < claims <= cut.most
        and any(
            0 < len(claim & part) and len(claim & part) < OVERLAP * len(part) and not part <= claim
            for part in cut.parts
        )
        for cut in readers
    )


@dataclass(frozen=True, slots=True)
class CutFigures:
    """Shares of sentences and claims; each is the mean over the readers where they may differ."""

    sentences: int
    number_right: float
    parts_f1: float
    torn: float
    kept_whole: float


def measure(labelled: Sequence[CutSentence], cutter: Cutter) -> CutFigures:
    """Return how a cutter does on labelled sentences."""
    cuts = [cutter(one) for one in labelled]
    readers = len(labelled[0].readers)
    right = sum(
        cut.least <= len(found) <= cut.most for one, found in zip(labelled, cuts, strict=True) for cut in one.readers
    )
    scores = []
    for reader in range(readers):
        pairs = [(one.readers[reader].parts, found) for one, found in zip(labelled, cuts, strict=True)]
        scores.append(
            f1(
                sum(paired(parts, found, OVERLAP) for parts, found in pairs),
                sum(len(parts) for parts, _ in pairs),
                sum(len(found) for _, found in pairs),
            )
        )
    torn = [
        is_torn(claim, len(found), one.readers) for one, found in zip(labelled, cuts, strict=True) for claim in found
    ]
    single = [found for one, found in zip(labelled, cuts, strict=True) if all(cut.most == 1 for cut in one.readers)]
    return CutFigures(
        len(labelled),
        right / (readers * len(labelled)),
        sum(scores) / readers,
        sum(torn) / len(torn),
        sum(len(found) == 1 for found in single) / len(single),
    )


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--seeds", type=Path, required=True)
    parser.add_argument("--half", choices=("tune", "unseen"), default="tune")
    asked = parser.parse_args()
    rows = read_labels(asked.half)
    labelled = list(find_sentences(rows, asked.data, asked.seeds))
    print(f"{asked.half}: {len(labelled)} of {len(rows)} sentences are still cut there by the parser")
    print("| | number right | parts F1 | torn | kept whole |\n|---|---|---|---|---|")
    for name, cutter in (("crosstalk", cut_by_product), ("each sentence whole", leave_whole)):
        figures = measure(labelled, cutter)
        cells = (figures.number_right, figures.parts_f1, figures.torn, figures.kept_whole)
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
