"""What the record holds for the study of terms: every claim in its author's own words, whose it is, and definitions."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Attribution, Claim, Definition, Quotation, QuotationKind, Speaker, Status
from corpus.record import Record


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim in somebody's own words, at `[start, end)` of an utterance.

    `voice` tells people apart: the id of the speaker, or one of its own for each utterance of which nobody knows the
    author: two of those are never taken for one person, and never named. `terms` are the candidates that the parse saw.
    """

    utterance_id: str
    conversation_id: str
    start: int
    end: int
    text: str
    voice: str
    speaker: Speaker | None
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributedDefinition:
    """A definition with the voice that gives, disputes or asks for it."""

    definition: Definition
    conversation_id: str
    voice: str
    text: str  # the sentence


@dataclass(frozen=True, slots=True)
class RecordView:
    """All of it, in the order of conversation, utterance and place."""

    claims: tuple[OwnClaim, ...]
    definitions: tuple[AttributedDefinition, ...]


def read_record(record: Record) -> RecordView:
    """Read the record once. What stands in two claims (a view within the claim that tells it) is given once."""
    claims: list[OwnClaim] = []
    definitions: list[AttributedDefinition] = []
    for conversation_id in record.list_conversations():
        conversation = record.get_conversation(conversation_id)
        utterances = {
            utterance.id: utterance for utterance in conversation.utterances if utterance.status is not Status.DELETED
        }
        quoted: dict[str, list[Quotation]] = {}
        for quotation in record.list_quotations_of(conversation_id):
            # What may have lost its marks is nobody's use of a term.
            if quotation.is_sure or quotation.how is QuotationKind.UNMARKED:
                quoted.setdefault(quotation.utterance_id, []).append(quotation)
        for claim in _select_own(record.list_claims_of(conversation_id)):
            utterance = utterances.get(claim.utterance_id)
            if utterance is not None and not _is_quoted(claim, quoted.get(claim.utterance_id, ())):
                span = (claim.start, claim.end, claim.text)
                claims.append(OwnClaim(utterance.id, conversation_id, *span, claim.voice, claim.speaker, claim.terms))
        for definition in record.list_definitions_of(conversation_id):
            utterance = utterances.get(definition.utterance_id)
            if utterance is not None:
                text = utterance.text[definition.start : definition.end]
                definitions.append(AttributedDefinition(definition, conversation_id, definition.voice, text))
    return RecordView(tuple(claims), tuple(definitions))


def _select_own(claims: list[Claim]) -> Iterator[Claim]:
    """Return the claims in the author's own words; of those that lie in one another the outermost only."""
    own = [claim for claim in claims if claim.attribution is not Attribution.QUOTED]
    own.sort(key=lambda claim: (claim.utterance_id, claim.start, -claim.end))
    before: Claim | None = None
    for claim in own:
        if before is not None and before.utterance_id == claim.utterance_id and claim.end <= before.end:
            continue
        before = claim
        yield claim


def _is_quoted(claim: Claim, quotations: "list[Quotation] | tuple[()]") -> bool:
    return any(quotation.start <= claim.start and claim.end <= quotation.end for quotation in quotations)
