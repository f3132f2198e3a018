"""What a term is said to mean: term, gloss and stance, cut out of a sentence or two in the author's own words.

forms.py and genus.py propose, candidates.py cuts, features.py describes, detector.py weighs. It is trained by
bench/training/definitions.py; figures are in MODEL_CARD.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Attribution, Claim, Conversation, Definition, PassageKind, Speaker, Utterance
from ingest.blocks import Block, parse_blocks
from ingest.definitions.detector import Detector, load_detector, score_candidates, select_best
from ingest.definitions.features import Setting
from ingest.definitions.forms import DefinitionCandidate
from ingest.definitions.spans import Place, is_overlapping

if TYPE_CHECKING:
    from spacy.tokens import Span


__all__ = ["DetectedDefinition", "attribute_definitions", "detect_definitions", "find_definitions", "iterate_settings"]

_MARKING = frozenset({PassageKind.EMPHASIS, PassageKind.LINK})
_LONGEST_MARK = 60


@dataclass(frozen=True, slots=True)
class DetectedDefinition:
    """A candidate that is held to define, with the probability that it does and where it stands.

    `before` is the sentence before, where the candidate has a part of it; places within the candidate count characters
    of the block.
    """

    block: Block
    sentence: "Span"
    before: "Span | None"
    candidate: DefinitionCandidate
    probability: float

    @property
    def place(self) -> Place:
        """Return where the sentence or sentences that define stand in the utterance."""
        first = self.before if self.candidate.before and self.before is not None else self.sentence
        return self.block.start + first.start_char, self.block.start + self.sentence.end_char

    def choose(self, spans: Sequence[Place]) -> int | None:
        """Return the index of the claim that shares most with the defining words, else with the sentence.

        `places` are those of claims, in characters of the utterance; None where none of them has a share.
        """
        start, end = self.candidate.gloss or self.candidate.term
        for around in ((self.block.start + start, self.block.start + end), self.place):
            near = [index for index, span in enumerate(spans) if is_overlapping(around, span)]
            if near:
                return max(near, key=lambda index: _share(spans[index], around))
        return None


def _share(span: Place, around: Place) -> tuple[int, int]:
    """Say how much of `around` a place has; of two that have as much, the shorter is the better."""
    return min(span[1], around[1]) - max(span[0], around[0]), span[0] - span[1]


def find_definitions(
    conversation: Conversation,
    blocks: Sequence[Block] | None = None,
    claims: Sequence[Claim] = (),
    by: Detector | None = None,
) -> tuple[Definition, ...]:
    """Return what terms are said to mean in a conversation, in order of place.

    `blocks` is its parse, where there is one already. `claims` say whose words stand where: a definition inside a
    quotation is the quoted person's, or nobody's where that person is unknown.
    """
    if blocks is None:
        blocks = list(parse_blocks(conversation))
    return attribute_definitions(conversation, detect_definitions(conversation, blocks, by), claims)


def detect_definitions(
    conversation: Conversation, blocks: Sequence[Block], by: Detector | None = None
) -> list[DetectedDefinition]:
    """Return what the detector holds to define, the surest reading of each term in a sentence."""
    by = by or load_detector()
    detected: list[DetectedDefinition] = []
    for block, sentence, before, setting in iterate_settings(conversation, blocks):
        text = block.text
        weighed = [pair for pair in score_candidates(sentence, text, setting, before, by) if pair[1] >= by.threshold]
        detected.extend(
            DetectedDefinition(block, sentence, before, candidate, probability)
            for candidate, probability in select_best(weighed, text)
        )
    return detected


def attribute_definitions(
    conversation: Conversation, detected: Iterable[DetectedDefinition], claims: Sequence[Claim]
) -> tuple[Definition, ...]:
    """Return what was detected as definitions, each with the claim that holds it and whose words they are, in order."""
    order = {utterance.id: number for number, utterance in enumerate(conversation.utterances)}
    by_utterance: dict[str, list[Claim]] = {}
    for claim in claims:
        by_utterance.setdefault(claim.utterance_id, []).append(claim)
    definitions = [_attribute(detection, by_utterance.get(detection.block.utterance.id, ())) for detection in detected]
    return tuple(
        sorted(definitions, key=lambda definition: (order[definition.utterance_id], definition.start, definition.end))
    )


def iterate_settings(
    conversation: Conversation, blocks: Sequence[Block]
) -> "Iterator[tuple[Block, Span, Span | None, Setting]]":
    """Walk the sentences of a conversation: (block, sentence, the one before it, where it stands)."""
    number, utterance, before = 0, "", None
    opener = conversation.utterances[0].id if conversation.utterances else ""
    title = conversation.title.casefold()
    for block in blocks:
        if block.utterance.id != utterance:
            number, utterance = 0, block.utterance.id
        _text, marked = block.text, _find_marked(block)
        listed = any(p.kind is PassageKind.LIST_ITEM and p.start == block.start for p in block.utterance.passages)
        before = None
        for index, sentence in enumerate(block.sentences):
            start = block.start + sentence.start_char
            opens = block.utterance.id == opener
            yield (
                block,
                sentence,
                before,
                Setting(number, index, opens, listed, title, marked, block.utterance.text, start),
            )
            number, before = number + 1, sentence


def _find_marked(block: Block) -> tuple[Place, ...]:
    return tuple(
        (p.start - block.start, p.end - block.start)
        for p in block.utterance.passages
        if p.kind in _MARKING and block.start <= p.start and p.end <= block.end and p.end - p.start <= _LONGEST_MARK
    )


def _attribute(detected: DetectedDefinition, claims: Sequence[Claim]) -> Definition:
    block, candidate, span = detected.block, detected.candidate, detected.place
    index = detected.choose([(claim.start, claim.end) for claim in claims])
    claim = None if index is None else claims[index]
    return Definition(
        utterance_id=block.utterance.id,
        start=span[0],
        end=span[1],
        term=block.text[slice(*candidate.term)],
        gloss=block.text[slice(*candidate.gloss)] if candidate.gloss else "",
        speaker=_whose(block.utterance, span, claim),
        stance=candidate.stance,
        claim_id=claim.id if claim else None,
        probability=round(detected.probability, 4),
    )


def _whose(utterance: Utterance, span: Place, claim: Claim | None) -> Speaker | None:
    """Say whose words define: the person quoted, as the claim has it, or nobody known; else the author.

    Where it is not certain whose words they are, nobody defines.
    What the author tells of somebody else's term is no definition of either: not his sense, nor the other's words.
    """
    if claim is not None:
        return None if claim.attribution is Attribution.REPORTED or not claim.is_sure else claim.speaker
    foreign = {PassageKind.QUOTE, PassageKind.MACHINE_TEXT}
    if any(p.kind in foreign and is_overlapping(span, (p.start, p.end)) for p in utterance.passages):
        return None
    return utterance.speaker
