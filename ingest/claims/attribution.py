"""Whose words a claim is in, and whose view it tells.

Words inside a quotation are credited to the person quoted or to nobody, never to the one who quotes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Attribution, PassageKind, Quotation, QuotationKind, Speaker, Utterance
from ingest.blocks import Block
from ingest.claims.draft import ClaimContext, ClaimDraft, ClaimFields
from ingest.claims.reported_speech import Report
from ingest.quotations.speaker_names import SpeakerNames

MOSTLY = 0.8  # share of a claim inside a quotation that makes it quoted


@dataclass(frozen=True, slots=True)
class WhoseWords:
    """Whose words stand somewhere: `speaker`'s, with `probability`; `quoted_by` the author if they are quoted."""

    attribution: Attribution
    speaker: Speaker | None
    quoted_by: Speaker | None
    probability: float


def annotate_attribution(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    """Return whose words a claim is in; the author's own that tell somebody else's view are that view reported."""
    words = find_whose_words(draft.block.utterance, *draft.place, context.quotations)
    is_reported = draft.report is not None and words.attribution is Attribution.OWN
    holder = _holder(draft.block, draft.report, context.names, context.addressee) if draft.report else None
    return {
        "attribution": Attribution.REPORTED if is_reported else words.attribution,
        "speaker": words.speaker,
        "quoted_by": words.quoted_by,
        "holder": holder if is_reported else None,
        "probability": words.probability,
    }


def find_whose_words(utterance: Utterance, start: int, end: int, quotations: Sequence[Quotation]) -> WhoseWords:
    """Return whose words stand at [start, end) of an utterance with these quotations."""
    around = [
        quotation
        for quotation in quotations
        if min(end, quotation.end) - max(start, quotation.start) >= MOSTLY * (end - start)
    ]
    if around:
        innermost = min(around, key=lambda quotation: quotation.end - quotation.start)
        if innermost.how is QuotationKind.UNMARKED and not innermost.is_sure:
            return WhoseWords(Attribution.OWN, utterance.speaker, None, 1 - innermost.probability)
        return WhoseWords(Attribution.QUOTED, innermost.speaker, utterance.speaker, innermost.probability)
    if any(_is_within(utterance, start, end, kind) for kind in (PassageKind.QUOTE, PassageKind.MACHINE_TEXT)):
        return WhoseWords(Attribution.QUOTED, None, utterance.speaker, 1.0)
    return WhoseWords(Attribution.OWN, utterance.speaker, None, 1.0)


def _is_within(utterance: Utterance, start: int, end: int, kind: PassageKind) -> bool:
    """Tell whether [start, end) lies in a passage of a kind, but for space and punctuation at its ends."""
    while end > start and not utterance.text[end - 1].isalnum():
        end -= 1
    return any(p.kind is kind and p.start <= start and end <= p.end for p in utterance.passages)


def _holder(block: Block, report: Report, names: SpeakerNames, addressee: Speaker | None) -> str | None:
    """Name whose view is told: a known speaker, else the words used; "you" is whoever is answered.

    What is only imagined ("you might think that P", "Ana would say that P") is told of the words, of nobody real.
    """
    if report.source is None:
        return None
    source = block.text[slice(*report.source)]
    if report.imagined:
        return source
    if source.lower() in {"you", "your"}:
        return addressee.name if addressee and addressee != block.utterance.speaker else "you"
    speaker = names.find_only(source)
    return speaker.name if speaker else source
