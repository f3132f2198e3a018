"""Passages under lines that say whose words follow: the line becomes a heading, what it heads is quoted of that person.

A heading is never a claim, and what is quoted is never its quoter's: so the rest of the house need not know of labels.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.convokit_format import UNATTRIBUTED
from corpus.model import BLOCKS, Passage, PassageKind
from ingest.blocks import trim

_UNCUT = frozenset({PassageKind.CODE, PassageKind.MATH, PassageKind.EMBED})


@dataclass(frozen=True, slots=True)
class PassageHead:
    """A line `text[start:end]` that says whose words follow.

    They reach to `until`, and are quoted; None if they are the author's own, or marked as quoted already. `name` is
    whose they are, "" for nobody's (the note of the quotation is "[unattributed]" then).
    """

    start: int
    end: int
    name: str = ""
    until: int | None = None


def list_standing_blocks(text: str, passages: Sequence[Passage]) -> list[Passage]:
    """Return the blocks of a text, in order; a text without any is one paragraph."""
    blocks = [passage for passage in passages if passage.kind in BLOCKS and not passage.inline]
    start, end = trim(text, 0, len(text))
    return blocks or ([Passage(PassageKind.PARAGRAPH, start, end)] if start < end else [])


def split_block(text: str, block: Passage) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line of a block, without its line break."""
    start = block.start
    while start < block.end:
        stop = text.find("\n", start, block.end)
        stop = block.end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def apply_heads(text: str, passages: Sequence[Passage], heads: Sequence[PassageHead]) -> tuple[Passage, ...]:
    """Return the passages with the heads cut out of their blocks and what they head as quotations, named in `note`.

    A head that is followed by a quotation with nothing between names that quotation.

    >>> apply_heads("Ana: Yes.", (), [PassageHead(0, 4, "Ana", 9)])[1]
    Passage(kind=<PassageKind.QUOTE: 'quote'>, start=5, end=9, note='Ana', inline=False)
    """
    if not heads:
        return tuple(passages)
    cut = list(_cut_passages(text, passages, heads))
    named = {_skip_space(text, head.end): head.name for head in heads if head.until is None and head.name}
    seen: set[int] = set()
    kept: list[Passage] = []
    for passage in cut:
        if passage.kind is PassageKind.QUOTE and passage.start in named and passage.start not in seen:
            seen.add(passage.start)
            passage = replace(passage, note=passage.note or named[passage.start])
        kept.append(passage)
    marked = {(passage.start, passage.end) for passage in cut if passage.kind is PassageKind.QUOTE}
    for head in heads:
        start, end = trim(text, head.end, head.until or 0)
        if start < end and (start, end) not in marked:
            kept.append(Passage(PassageKind.QUOTE, start, end, head.name or UNATTRIBUTED))
    return tuple(sorted(kept, key=_order))


def _cut_passages(text: str, passages: Sequence[Passage], heads: Sequence[PassageHead]) -> Iterator[Passage]:
    cuts = sorted({offset for head in heads for offset in (head.start, head.end)})
    starts = sorted(head.start for head in heads)
    ends = {head.start: head.end for head in heads}
    has_blocks = any(passage.kind in BLOCKS and not passage.inline for passage in passages)
    for passage in [*passages, *(() if has_blocks else list_standing_blocks(text, ()))]:
        is_block = passage.kind in BLOCKS and not passage.inline
        if (is_block and passage.kind in _UNCUT) or not (is_block or _is_inline(passage)):
            yield passage
            continue
        inner = cuts[bisect_right(cuts, passage.start) : bisect_left(cuts, passage.end)]
        for start, end in pairwise([passage.start, *inner, passage.end]):
            start, end = trim(text, start, end)
            if start >= end:
                continue
            above = bisect_right(starts, start) - 1
            is_head = above >= 0 and end <= ends[starts[above]]
            if is_block and is_head:
                yield Passage(PassageKind.HEADING, start, end)
            else:
                yield replace(passage, start=start, end=end)


def _is_inline(passage: Passage) -> bool:
    return passage.inline or passage.kind in (PassageKind.LINK, PassageKind.EMPHASIS, PassageKind.FOOTNOTE_MARK)


def _order(passage: Passage) -> tuple[int, int, bool]:
    return passage.start, -passage.end, passage.kind in BLOCKS


def _skip_space(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset
