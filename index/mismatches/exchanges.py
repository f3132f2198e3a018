"""Who answers whom, in their own words: the pairs of utterances in which a term may be used differently.

A forum's reply link names one utterance, but where a thread is shown flat (everybody answers its head) the words answer
the comment before. So each utterance is set against its parent, the comments before it under the same head, those it
quotes, and the post.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from corpus.model import BLOCKS, Conversation, PassageKind, Quotation, Status, Utterance

_OTHERS_WORDS = frozenset({PassageKind.QUOTE, PassageKind.MACHINE_TEXT})
_SAID = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.TABLE_ROW})
_BEFORE = 2  # comments before one under the same head that it may answer
# An end of sentence: its mark, closing marks, blanks, and then what can begin one.
_END = re.compile(r"(?<=[.!?…])[\"”’'*_)\]]{0,3}\s+(?=[\"“‘'(\[*_$]{0,3}[A-Z0-9])")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|viz|al|resp|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|Eq|Sec|p|pp)|\b[A-Z])\.[\"”’'*_)\]]{0,3}\s+$"
)


class Relation(StrEnum):
    """How the later utterance of an exchange stands to the earlier one."""

    REPLY = "reply"  # answers it, by the forum's own link
    BEFORE = "before"  # comes after it under the same head
    POST = "post"  # stands somewhere below it in the thread
    QUOTES = "quotes"  # quotes it


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two utterances by different people; `later` was written with `earlier` in view."""

    earlier: Utterance
    later: Utterance
    relation: Relation


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """A sentence in its author's own words: `utterance.text[start:end] == text`."""

    utterance_id: str
    start: int
    end: int
    text: str


def find_exchanges(conversation: Conversation, quotations: Sequence[Quotation] = ()) -> Iterator[Exchange]:
    """Yield the exchanges of a conversation, each pair of utterances once, by the closest relation they have."""
    standing = [utterance for utterance in conversation.utterances if utterance.status is not Status.DELETED]
    by_id = {utterance.id: utterance for utterance in standing}
    if not standing:
        return
    post = next((utterance for utterance in standing if utterance.reply_to is None), standing[0])
    quoted: dict[str, dict[str, None]] = {}
    for quotation in quotations:
        if quotation.source_utterance_id in by_id:
            quoted.setdefault(quotation.utterance_id, {})[quotation.source_utterance_id or ""] = None
    before = _find_preceding(standing, post)
    for utterance in standing:
        related: list[tuple[str | None, Relation]] = [(utterance.reply_to, Relation.REPLY)]
        related += [(id_, Relation.QUOTES) for id_ in quoted.get(utterance.id, ())]
        related += [(id_, Relation.BEFORE) for id_ in before.get(utterance.id, ())]
        if utterance is not post:
            related.append((post.id, Relation.POST))
        met_ids: set[str] = set()
        for id_, relation in related:
            other = by_id.get(id_ or "")
            if other is not None and other.id not in met_ids and other.voice != utterance.voice:
                met_ids.add(other.id)
                yield Exchange(other, utterance, relation)


def _find_preceding(standing: Sequence[Utterance], post: Utterance) -> dict[str, list[str]]:
    """Give, for each utterance below a comment, those by others that came before it under the same head."""
    under: dict[str, list[Utterance]] = {}
    for utterance in standing:
        if utterance.reply_to is not None and utterance.reply_to != post.id:
            under.setdefault(utterance.reply_to, []).append(utterance)
    preceding: dict[str, list[str]] = {}
    for siblings in under.values():
        dated = all(sibling.posted_at is not None for sibling in siblings)
        ordered = sorted(siblings, key=lambda sibling: (sibling.posted_at, sibling.id)) if dated else siblings
        for index, utterance in enumerate(ordered):
            others = [sibling for sibling in ordered[:index] if sibling.voice != utterance.voice]
            preceding[utterance.id] = [sibling.id for sibling in reversed(others[-_BEFORE:])]
    return preceding


def cut_sentences(utterance: Utterance, quotations: Sequence[Quotation] = ()) -> tuple[OwnSentence, ...]:
    """Cut what an utterance says in its author's own words into sentences: no quotes, headings, code."""
    blocks = [passage for passage in utterance.passages if passage.kind in BLOCKS and not passage.inline]
    foreign = [(passage.start, passage.end) for passage in utterance.passages if passage.kind in _OTHERS_WORDS]
    foreign += [
        (quotation.start, quotation.end) for quotation in quotations if quotation.how != "inline" and quotation.is_sure
    ]
    said = (
        [(block.start, block.end) for block in blocks if block.kind in _SAID] if blocks else [(0, len(utterance.text))]
    )
    own: list[OwnSentence] = []
    for start, end in said:
        if not any(begin <= start and end <= finish for begin, finish in foreign):
            own.extend(_cut_block(utterance, start, end, foreign))
    return tuple(own)


def _cut_block(utterance: Utterance, start: int, end: int, foreign: Sequence[tuple[int, int]]) -> Iterator[OwnSentence]:
    text = utterance.text
    edges = [start]
    for mark in _END.finditer(text, start, end):
        if not _NO_END.search(text, max(start, mark.end() - 16), mark.end()):
            edges.append(mark.end())
    edges.append(end)
    for begin, finish in pairwise(edges):
        while begin < finish and text[begin].isspace():
            begin += 1
        while finish > begin and text[finish - 1].isspace():
            finish -= 1
        if begin < finish and not any(a < finish and begin < b for a, b in foreign):
            yield OwnSentence(utterance.id, begin, finish, text[begin:finish])
