"""Sentences → claims: what somebody says, in exact words, with whose words they are and how sure the author sounds.

Works on one conversation. Blocks that nobody asserts (headings, code, formulas on a line of their own, widgets) are
left out. A block is cut into drafts; each annotator says something of a draft, and sees no other's answer; then the
claim is built, once.
"""

from collections.abc import Callable, Mapping, Sequence, Set

from corpus.model import Attribution, Claim, ClaimKind, Conversation, Quotation, Stance, make_claim_id
from ingest.blocks import Block
from ingest.claims.attribution import MOSTLY, annotate_attribution, find_whose_words
from ingest.claims.draft import ClaimContext, ClaimDraft, ClaimFields
from ingest.claims.drafting import draft_claims, is_own
from ingest.claims.reported_speech import Report, find_reports
from ingest.claims.term_candidates import find_term_candidates, select_terms
from ingest.claims.worth import annotate_worth
from ingest.definitions import DetectedDefinition
from ingest.epistemic.certainty import estimate_certainty
from ingest.epistemic.credence import StatedCredence, attach_credences, find_credences
from ingest.epistemic.sure_kinds import is_surely
from ingest.quotations.speaker_names import SpeakerNames


def extract_claims(
    conversation: Conversation,
    quotations: Sequence[Quotation],
    blocks: Sequence[Block],
    retracted: Mapping[str, Sequence[tuple[int, int]]],
    definitions: Sequence[DetectedDefinition],
) -> tuple[Claim, ...]:
    """Return the claims of a conversation, in order of place, each once.

    `blocks` are its blocks, or those of them whose claims are wanted; `retracted` the stretches that their author has
    taken back, by the id of the utterance; `definitions` what was detected in the blocks.
    """
    stated: dict[tuple[str, int], list[DetectedDefinition]] = {}
    for definition in definitions:
        if definition.candidate.stance is Stance.STATED:
            stated.setdefault((definition.block.utterance.id, definition.block.start), []).append(definition)
    by_utterance: dict[str, list[Quotation]] = {}
    for quotation in quotations:
        by_utterance.setdefault(quotation.utterance_id, []).append(quotation)
    names = SpeakerNames(utterance.speaker for utterance in conversation.utterances if utterance.speaker is not None)
    speakers = {utterance.id: utterance.speaker for utterance in conversation.utterances}
    claims: dict[str, Claim] = {}
    for block in blocks:
        id_ = block.utterance.id
        addressee = speakers.get(block.utterance.reply_to or "")
        quoted = by_utterance.get(id_, ())
        reports = find_reports(block.read, block.sentences, names.words)
        drafts = draft_claims(block, quoted, reports)
        context = ClaimContext(
            quotations=quoted,
            names=names,
            addressee=addressee,
            retracted=retracted.get(id_, ()),
            reports=[report for report in reports if report.is_others],
            credences=_attach_credences(block, drafts, quoted, reports),
            terms=find_term_candidates(block.doc, names.words) if drafts else (),
            defining=_find_defining(drafts, stated.get((id_, block.start), ()), reports),
        )
        for draft in drafts:
            claim = _build(draft, context)
            claims.setdefault(claim.id, claim)
    return tuple(claims.values())


def _attach_credences(
    block: Block, drafts: Sequence[ClaimDraft], quotations: Sequence[Quotation], reports: Sequence[Report]
) -> dict[tuple[int, int], StatedCredence]:
    """Return the probabilities stated in a block by the place of the author's own claim that each is about."""
    views = [report.content for report in reports if report.is_others]
    stated = find_credences(block.text, [sentence.start_char for sentence in block.sentences], views)
    if not stated:
        return {}
    places = [(draft.start, draft.end) for draft in drafts if is_own(draft, quotations)]
    return {places[index]: credence for index, credence in attach_credences(block.text, stated, places).items()}


def _find_defining(
    drafts: Sequence[ClaimDraft], definitions: Sequence[DetectedDefinition], reports: Sequence[Report]
) -> Set[tuple[int, int]]:
    """Return the places of the drafts that hold these definitions, in characters of the block.

    What a term is to somebody else makes no claim of the author's define.
    """
    places = [draft.place for draft in drafts]
    views = [report.content for report in reports if report.is_view]
    defining: set[tuple[int, int]] = set()
    for definition in definitions:
        index = definition.choose(places)
        start, end = definition.candidate.gloss or definition.candidate.term
        is_told = any(view_start <= start and end <= view_end for view_start, view_end in views)
        if index is not None and (drafts[index].report is not None or not is_told):
            defining.add((drafts[index].start, drafts[index].end))
    return defining


# --- what is said of a draft


def _annotate_kind(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    """Say what kind of claim it is. This is where it is decided whether a claim defines.

    One in which a stated definition was detected does, unless it asks: of 40 such claims that their words alone give
    another kind ("A bijection is a kind of isomorphism"), 33 define. Else the words decide, since they also tell what
    has no term and gloss to cut out ("This technique is called diagonalization", "where ∘ denotes composition"): of
    the labelled claims that define, the words find 15 of 16 and the detector 8.
    """
    defines = (draft.start, draft.end) in context.defining and draft.kind is not ClaimKind.QUESTION
    kind = ClaimKind.DEFINITION if defines else draft.kind
    return {"kind": kind, "kind_shown": is_surely(kind, draft.text)}


def _annotate_certainty(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    offset = draft.sentence.start_char
    text = draft.block.text[offset : draft.sentence.end_char]
    span = draft.start - offset, draft.end - offset
    views = [(report.content[0] - offset, report.content[1] - offset) for report in context.reports]
    return {"certainty": estimate_certainty(text, span, draft.sentence, views).level}


def _annotate_credence(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    credence = context.credences.get((draft.start, draft.end))
    return {"credence": None if credence is None else (credence.low, credence.high)}


def _annotate_terms(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    return {"terms": select_terms(context.terms, draft.start, draft.end)}


def _annotate_retraction(draft: ClaimDraft, context: ClaimContext) -> ClaimFields:
    """Say whether its author has taken a claim back; what he quotes is not his to take back."""
    start, end = draft.place
    is_taken_back = any(
        min(end, stretch_end) - max(start, stretch_start) >= MOSTLY * (end - start)
        for stretch_start, stretch_end in context.retracted
    )
    if is_taken_back:
        words = find_whose_words(draft.block.utterance, start, end, context.quotations)
        is_taken_back = words.attribution is not Attribution.QUOTED
    return {"retracted": is_taken_back}


ANNOTATORS: tuple[Callable[[ClaimDraft, ClaimContext], ClaimFields], ...] = (
    annotate_attribution,
    _annotate_kind,
    _annotate_certainty,
    _annotate_credence,
    _annotate_terms,
    _annotate_retraction,
    annotate_worth,
)


def _build(draft: ClaimDraft, context: ClaimContext) -> Claim:
    fields: ClaimFields = {}
    for annotate in ANNOTATORS:
        fields.update(annotate(draft, context))
    utterance_id, (start, end), text = draft.block.utterance.id, draft.place, draft.text
    offset = draft.block.start
    return Claim(
        id=make_claim_id(utterance_id, start, end, text),
        utterance_id=utterance_id,
        start=start,
        end=end,
        text=text,
        standalone=draft.standalone,
        spans=tuple((offset + span_start, offset + span_end) for span_start, span_end in draft.spans),
        **fields,
    )
