"""Who answers whom, in their own words: the pairs of utterances in which a term may be used differently.

A forum's reply link names one utterance, but where a thread is shown flat (everybody answers its head) the words answer
the comment before. So each utterance is set against its parent, the comments before it under the same head, those it
quotes, and the post.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import BLOCKS, Conversation, PassageKind, Quotation, Status, Utterance

_OTHERS_WORDS = frozenset({PassageKind.QUOTE, PassageKind.MACHINE_TEXT})
_SAID = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.TABLE_ROW})
_BEFORE = 2  # comments before one under the same head that it may answer


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
    utterances = [utterance for utterance in conversation.utterances if utterance.status is not Status.DELETED]
    by_id = {utterance.id: utterance for utterance in utterances}
    if not utterances:
        return
    post = next((utterance for utterance in utterances if utterance.reply_to is None), utterances[0])
    quoted: dict[str, dict[str, None]] = {}
    for quotation in quotations:
        if quotation.source_utterance_id in by_id:
            quoted.setdefault(quotation.utterance_id, {})[quotation.source_utterance_id or ""] = None
    before = _find_preceding(utterances, post)
    for utterance in utterances:
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


def _find_preceding(utterances: Sequence[Utterance], post: Utterance) -> dict[str, list[str]]:
    """Give, for each utterance below a comment, those by others that came before it under the same head."""
    under: dict[str, list[Utterance]] = {}
    for utterance in utterances:
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


def select_own_sentences(
    utterance: Utterance, spans: Iterable[tuple[int, int]], quotations: Sequence[Quotation] = ()
) -> tuple[OwnSentence, ...]:
    """Return the sentences of an utterance that are its author's own words: no quotes, headings, code.

    `spans` is where its sentences stand, in order, as the record keeps them (`Record.get_sentences_of`).
    """
    blocks = [passage for passage in utterance.passages if passage.kind in BLOCKS and not passage.inline]
    foreign = [(passage.start, passage.end) for passage in utterance.passages if passage.kind in _OTHERS_WORDS]
    foreign += [(quotation.start, quotation.end) for quotation in quotations if quotation.how != "inline"]
    said_blocks = (
        [(block.start, block.end) for block in blocks if block.kind in _SAID] if blocks else [(0, len(utterance.text))]
    )
    return tuple(
        OwnSentence(utterance.id, start, end, utterance.text[start:end])
        for start, end in spans
        if any(first <= start and end <= last for first, last in said_blocks)
        and not any(first < end and start < last for first, last in foreign)
    )
