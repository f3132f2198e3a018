"""Sentences → claims: what somebody says, in exact words, with whose words they are.

Works on one conversation. Blocks that nobody asserts (headings, code, formulas on a line of their own, widgets) are
left out; words inside a quotation are credited to the person quoted or to nobody, never to the one who quotes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.model import (
    BLOCKS,
    Attribution,
    Claim,
    ClaimKind,
    Conversation,
    PassageKind,
    Quotation,
    Speaker,
    Status,
    Utterance,
    claim_id,
)

_SAID = frozenset({PassageKind.PARAGRAPH, PassageKind.LIST_ITEM, PassageKind.TABLE_ROW})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence `utterance.text[start:end]`."""

    utterance: Utterance
    start: int
    end: int


def said_blocks(utterance: Utterance) -> list[tuple[int, int]]:
    """Give the stretches of an utterance in which something is said: paragraphs, list items, table rows."""
    blocks = [p for p in utterance.passages if p.kind in BLOCKS and not p.inline]
    if not blocks:
        return [(0, len(utterance.text))] if utterance.text.strip() else []
    return [(block.start, block.end) for block in blocks if block.kind in _SAID]


def sentences(conversation: Conversation) -> Iterator[Sentence]:
    """Cut what is said in a conversation into sentences, in order. Deleted utterances say nothing."""
    from ingest.language import parse
    from ingest.language import sentences as sentences_of

    places = [
        (utterance, start, end)
        for utterance in conversation.utterances
        if utterance.status is not Status.DELETED
        for start, end in said_blocks(utterance)
    ]
    docs = parse(utterance.text[start:end] for utterance, start, end in places)
    for (utterance, offset, _), doc in zip(places, docs, strict=True):
        for span in sentences_of(doc):
            start, end = trim(doc.text, span.start_char, span.end_char)
            if start < end:
                yield Sentence(utterance, offset + start, offset + end)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends inward past white space.

    Example: trim(" so it is ", 0, 10) -> (1, 9)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def claims(conversation: Conversation, quotations: Sequence[Quotation]) -> tuple[Claim, ...]:
    """Give the claims of a conversation, in order of place, each once."""
    quoted: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        quoted.setdefault(quotation.utterance_id, []).append(quotation)
    found: dict[str, Claim] = {}
    for sentence in sentences(conversation):
        utterance = sentence.utterance
        text = utterance.text[sentence.start : sentence.end]
        if not any(character.isalpha() for character in text):
            continue
        claim = _claim(sentence, text, quoted.get(utterance.id, ()))
        found.setdefault(claim.id, claim)
    return tuple(found.values())


def _claim(sentence: Sentence, text: str, quotations: Sequence[Quotation]) -> Claim:
    utterance, start, end = sentence.utterance, sentence.start, sentence.end
    attribution, speaker, quoted_by, probability = _whose(utterance, start, end, quotations)
    return Claim(
        id=claim_id(utterance.id, start, end, text),
        utterance_id=utterance.id,
        start=start,
        end=end,
        text=text,
        standalone=text,
        kind=ClaimKind.QUESTION if text.rstrip("\"'”’)] ").endswith("?") else ClaimKind.ASSERTION,
        attribution=attribution,
        speaker=speaker,
        quoted_by=quoted_by,
        retracted=utterance.status is Status.RETRACTED or _within(utterance, start, end, PassageKind.STRUCK),
        probability=probability,
    )


def _whose(
    utterance: Utterance, start: int, end: int, quotations: Sequence[Quotation]
) -> tuple[Attribution, Speaker | None, Speaker | None, float]:
    """Say whose words stand at [start, end): (attribution, speaker, quoted_by, probability)."""
    around = [q for q in quotations if q.start <= start and end <= q.end]
    if around:
        innermost = min(around, key=lambda quotation: quotation.end - quotation.start)
        return Attribution.QUOTED, innermost.speaker, utterance.speaker, innermost.probability
    if _within(utterance, start, end, PassageKind.QUOTE) or _within(utterance, start, end, PassageKind.MACHINE_TEXT):
        return Attribution.QUOTED, None, utterance.speaker, 1.0
    return Attribution.OWN, utterance.speaker, None, 1.0


def _within(utterance: Utterance, start: int, end: int, kind: PassageKind) -> bool:
    """Tell whether [start, end) lies in a passage of a kind, but for space and punctuation at its ends."""
    return any(
        passage.kind is kind and passage.start <= start and _to_last_letter(utterance, start, end) <= passage.end
        for passage in utterance.passages
    )


def _to_last_letter(utterance: Utterance, start: int, end: int) -> int:
    while end > start and not utterance.text[end - 1].isalnum():
        end -= 1
    return end
