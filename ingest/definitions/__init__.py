"""What a term is said to mean: term, gloss and stance, cut out of a sentence or two in the author's own words.

forms.py and genus.py propose, candidates.py cuts, features.py describes, detector.py weighs. Training is in train.py,
figures are in MODEL_CARD.md.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from corpus.model import Claim, Conversation, Definition, PassageKind, Speaker, Utterance
from ingest.definitions.detector import Detector, best, detector, scored
from ingest.definitions.features import Setting
from ingest.definitions.forms import Candidate
from ingest.definitions.spans import Place, overlap

if TYPE_CHECKING:
    from spacy.tokens import Span

    from ingest.blocks import Block

__all__ = ["definitions", "settings"]

_MARKING = frozenset({PassageKind.EMPHASIS, PassageKind.LINK})
_LONGEST_MARK = 60


def definitions(
    conversation: Conversation,
    blocks: "Sequence[Block] | None" = None,
    claims: Sequence[Claim] = (),
    by: Detector | None = None,
) -> tuple[Definition, ...]:
    """Find what terms are said to mean in a conversation, in order of place.

    `blocks` is its parse, where there is one already. `claims` say whose words stand where: a definition inside a
    quotation is the quoted person's, or nobody's where that person is unknown.
    """
    if blocks is None:
        from ingest.blocks import blocks as read

        blocks = list(read(conversation))
    by = by or detector()
    order = {utterance.id: number for number, utterance in enumerate(conversation.utterances)}
    made: dict[str, list[Claim]] = {}
    for claim in claims:
        made.setdefault(claim.utterance_id, []).append(claim)
    found: list[Definition] = []
    for block, sentence, before, setting in settings(conversation, blocks):
        text = block.text
        weighed = [pair for pair in scored(sentence, text, setting, before, by) if pair[1] >= by.threshold]
        for one, probability in best(weighed, text):
            found.append(_definition(block, sentence, before, one, probability, made.get(block.utterance.id, ())))
    return tuple(sorted(found, key=lambda each: (order[each.utterance_id], each.start, each.end)))


def settings(
    conversation: Conversation, blocks: "Sequence[Block]"
) -> "Iterator[tuple[Block, Span, Span | None, Setting]]":
    """Walk the sentences of a conversation: (block, sentence, the one before it, where it stands)."""
    number, utterance, before = 0, "", None
    opener = conversation.utterances[0].id if conversation.utterances else ""
    title = conversation.title.casefold()
    for block in blocks:
        if block.utterance.id != utterance:
            number, utterance = 0, block.utterance.id
        _text, marked = block.text, _marked(block)
        listed = any(p.kind is PassageKind.LIST_ITEM and p.start == block.start for p in block.utterance.passages)
        before = None
        for at, sentence in enumerate(block.sentences):
            start = block.start + sentence.start_char
            opens = block.utterance.id == opener
            yield (
                block,
                sentence,
                before,
                Setting(number, at, opens, listed, title, marked, block.utterance.text, start),
            )
            number, before = number + 1, sentence


def _marked(block: "Block") -> tuple[Place, ...]:
    return tuple(
        (p.start - block.start, p.end - block.start)
        for p in block.utterance.passages
        if p.kind in _MARKING and block.start <= p.start and p.end <= block.end and p.end - p.start <= _LONGEST_MARK
    )


def _definition(
    block: "Block",
    sentence: "Span",
    before: "Span | None",
    one: Candidate,
    probability: float,
    claims: Sequence[Claim],
) -> Definition:
    start = before.start_char if one.before and before is not None else sentence.start_char
    place = (block.start + start, block.start + sentence.end_char)
    words = one.gloss or one.term
    claim = _claim_of((block.start + words[0], block.start + words[1]), place, claims)
    return Definition(
        utterance_id=block.utterance.id,
        start=place[0],
        end=place[1],
        term=block.text[slice(*one.term)],
        gloss=block.text[slice(*one.gloss)] if one.gloss else "",
        speaker=_whose(block.utterance, place, claim),
        stance=one.stance,
        claim_id=claim.id if claim else None,
        probability=round(probability, 4),
    )


def _claim_of(words: Place, place: Place, claims: Sequence[Claim]) -> Claim | None:
    """Find the claim that shares most with the defining words, else with the sentence."""
    for around in (words, place):
        near = [claim for claim in claims if overlap(around, (claim.start, claim.end))]
        if near:
            return max(near, key=lambda c: (min(c.end, around[1]) - max(c.start, around[0]), c.start - c.end))
    return None


def _whose(utterance: Utterance, place: Place, claim: Claim | None) -> Speaker | None:
    """Say whose words define: the person quoted, as the claim has it, or nobody known; else the author."""
    if claim is not None:
        return claim.speaker
    foreign = {PassageKind.QUOTE, PassageKind.MACHINE_TEXT}
    if any(p.kind in foreign and overlap(place, (p.start, p.end)) for p in utterance.passages):
        return None
    return utterance.speaker
