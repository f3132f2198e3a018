"""Check the rules of `PassageKind` on a text."""

from collections.abc import Iterator

from corpus.model import BLOCKS, REGIONS, Passage
from ingest.markup.writer import Markup


def flaws(markup: Markup) -> list[str]:
    """Say in what the passages of a text break the rules of `PassageKind`; an empty list for a sound text.

    Blocks cover all of the text but the newlines between them and do not overlap; regions lie around whole blocks;
    inline stretches lie within one; all is sorted.
    """
    passages = markup.passages
    blocks = [passage for passage in passages if passage.kind in BLOCKS and not passage.inline]
    found = [*_uncovered(markup.text, blocks), *_astray(passages, blocks)]
    if list(passages) != sorted(passages, key=lambda passage: (passage.start, -passage.end)):
        found.append("passages are not sorted")
    return found


def _uncovered(text: str, blocks: list[Passage]) -> Iterator[str]:
    at = 0
    for block in blocks:
        if text[at : block.start].strip("\n") or (at and not text[at : block.start]):
            yield f"[{at}:{block.start}] is in no block, or two blocks touch"
        if text[block.end - 1].isspace():
            yield f"{block} ends with white space"
        at = block.end
    if text[at:]:
        yield f"[{at}:] is in no block"


def _astray(passages: tuple[Passage, ...], blocks: list[Passage]) -> Iterator[str]:
    starts, ends = {block.start for block in blocks}, {block.end for block in blocks}
    following = iter(blocks)
    block = next(following, None)
    for passage in passages:
        while block is not None and block.end <= passage.start:
            block = next(following, None)
        if passage.inline:
            if block is None or not block.start <= passage.start < passage.end <= block.end:
                yield f"{passage} is not within one block"
        elif passage.kind in REGIONS and (passage.start not in starts or passage.end not in ends):
            yield f"{passage} is not around whole blocks"
