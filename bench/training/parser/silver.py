"""Trees of forum text for the small pipeline to learn from, read by the large one: silver beside the treebank's gold.

`python -m bench.training.parser.silver --teacher FILE --output FILE SOURCE [SOURCE...]` takes any sources that
Crosstalk reads, keeps each paragraph of running prose once, and writes CoNLL-U, a document an utterance. Lemmas are
left open. On sentences the large one is no surer than the small one: only paragraphs that both cut alike are kept.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby, islice, tee
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.training.parser.teacher import read, restore
from bench.training.parser.treebank import conllu
from corpus.model import Conversation
from ingest.blocks import find_spoken_blocks
from ingest.language import parse, split_sentences
from ingest.sources.formats import read_source
from ingest.sources.gather import gather
from ingest.sources.source import Failure, Hints

if TYPE_CHECKING:
    from spacy.tokens import Doc

WORDS = 1_500_000
FEWEST, MOST = 4, 180
LEAST_PROSE = 0.8
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?[.,;:!?)\"”]*|\d+|[-–—]+|I")
_CODE = re.compile(r"[{}<>\\=_]|\w\(\)|::|->")


def prose(conversations: Iterable[Conversation]) -> Iterator[tuple[str, str]]:
    """Yield (utterance, paragraph on one line) for what reads as running prose, each paragraph once."""
    seen: set[str] = set()
    for conversation in conversations:
        for utterance, _, _, words in find_spoken_blocks(conversation):
            text = " ".join(words.split())
            if text not in seen and is_prose(text):
                seen.add(text)
                yield f"{utterance.id} {conversation.id}", text


def is_prose(text: str) -> bool:
    """Whether a paragraph is words rather than code, tables, addresses or a line of two words."""
    parts = text.split()
    if not FEWEST <= len(parts) <= MOST or _CODE.search(text):
        return False
    return sum(_WORD.fullmatch(part.lstrip("(\"“'‘")) is not None for part in parts) >= LEAST_PROSE * len(parts)


def agreed(docs: "Iterable[Doc]") -> "Iterator[Doc | None]":
    """Give each parsed paragraph, or None where the pipeline in `model/` cuts it into other sentences."""
    mine, theirs = tee(docs)
    for doc, read_again in zip(mine, parse(doc.text for doc in theirs), strict=True):
        ends = [[sentence.end_char for sentence in split_sentences(one)] for one in (doc, read_again)]
        yield doc if ends[0] == ends[1] else None


def conversations_of(name: str) -> Iterator[Conversation]:
    """Every conversation that can be read of what a name stands for."""
    for source in gather([name], Hints()):
        for found in () if isinstance(source, Failure) else read_source(source):
            if not isinstance(found, Failure):
                yield found


def chosen(names: Iterable[str], words: int, seed: int = 0) -> list[list[str]]:
    """Paragraphs by utterance, about `words` words together, shared evenly among the sources, drawn at random."""
    random = Random(seed)
    pools = []
    for name in names:
        pool = [[text for _, text in group] for _, group in groupby(prose(conversations_of(name)), lambda it: it[0])]
        random.shuffle(pool)
        pools.append(pool)
    taken: list[list[str]] = []
    left = words
    # The smallest source first: what it cannot give, the larger ones give.
    sizes = [sum(len(text.split()) for texts in pool for text in texts) for pool in pools]
    for i, (size, pool) in enumerate(sorted(zip(sizes, pools, strict=True), key=lambda it: it[0])):
        share, here = left / (len(pools) - i), 0
        for texts in pool:
            if here >= share:
                break
            taken.append(texts)
            here += sum(len(text.split()) for text in texts)
        left -= here
        sys.stderr.write(f"{here:,} words of a source that holds {size:,}\n")
    random.shuffle(taken)
    return taken


def main() -> None:
    """Read the command line, choose, read and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+")
    parser.add_argument(
        "--teacher", type=Path, required=True, help="weights that bench.training.parser.teacher_train wrote"
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--words", type=int, default=WORDS)
    parser.add_argument("--seed", type=int, default=0, help="another one draws other paragraphs")
    given = parser.parse_args()
    utterances = chosen(given.sources, given.words, given.seed)
    docs = agreed(read(restore(given.teacher), (text for texts in utterances for text in texts)))
    with given.output.open("w", encoding="utf-8") as out:
        for texts in utterances:
            document = [doc for doc in islice(docs, len(texts)) if doc is not None]
            if document:
                out.write(conllu(document))


if __name__ == "__main__":
    main()
