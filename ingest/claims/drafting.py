"""Cut a block into what is claimed in it: its clauses, the views of others told in them, the words of others quoted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.model import Attribution, Quotation, QuotationKind
from ingest.blocks import Block
from ingest.claims.attribution import MOSTLY, find_whose_words
from ingest.claims.clauses import split_clauses
from ingest.claims.draft import ClaimDraft
from ingest.claims.reported_speech import Report, skip_that
from ingest.claims.substance import has_substance
from ingest.claims.trimming import trim_claim, trim_quotation_marks
from ingest.epistemic.kinds import classify_kind

if TYPE_CHECKING:
    from spacy.tokens import Span


def draft_claims(block: Block, quotations: Sequence[Quotation], reports: Sequence[Report]) -> list[ClaimDraft]:
    """Return what a block claims, sentence by sentence, and then what it quotes within sentences.

    `quotations` are those of its utterance, `reports` what the block tells of what people say and think.
    """
    views = [report for report in reports if report.is_view]
    drafts: list[ClaimDraft] = []
    for sentence in block.sentences:
        cut: list[ClaimDraft] = []
        for clause in split_clauses(sentence, block.text):
            draft = _draft(block, sentence, clause.start, clause.end)
            if draft is not None:
                cut.append(replace(draft, standalone=clause.standalone, spans=clause.spans))
        drafts.extend(_split_views(cut, _select_near(sentence, views), quotations))
    drafts.extend(_draft_inline_quotations(block, quotations, drafts))
    return drafts


def is_own(draft: ClaimDraft, quotations: Sequence[Quotation]) -> bool:
    """Tell whether a claim is in its author's words and his view."""
    return draft.report is None and _attribution_of_words(draft, quotations) is Attribution.OWN


def _attribution_of_words(draft: ClaimDraft, quotations: Sequence[Quotation]) -> Attribution:
    return find_whose_words(draft.block.utterance, *draft.place, quotations).attribution


def _draft(block: Block, sentence: "Span", start: int, end: int) -> ClaimDraft | None:
    """Draft the claim at [start, end); None for thanks, greetings, bare links, bare names: what claims nothing."""
    start, end = trim_claim(block.text, start, end)
    if not has_substance(block, start, end):
        return None
    text = block.text[start:end]
    kind = classify_kind(text, block.text[sentence.start_char : sentence.end_char])
    return None if kind is None else ClaimDraft(block, sentence, start, end, text, kind)


def _split_views(
    drafts: Sequence[ClaimDraft], views: Sequence[Report], quotations: Sequence[Quotation]
) -> Iterator[ClaimDraft]:
    """Yield the claims of a sentence and the views of others that it tells, each view whole and once.

    `views` are those that concern it. A claim that does no more than tell a view, or is a part of what is told, gives
    way to it; speech that runs over several sentences stays in its claims, all of them told of whoever speaks.
    """
    running = [view for view in views if not _is_told_within(view, drafts[0].sentence)] if drafts else []
    separate: list[Report] = []
    for draft in drafts:
        if not is_own(draft, quotations):
            yield draft
        elif any(_is_mostly_in(draft, [view.content]) for view in separate):
            continue
        elif (around := next((view for view in running if _is_mostly_in(draft, [view.content])), None)) is not None:
            yield replace(draft, report=around)
        elif within := _select_views(draft, views):
            yield from _split_view(draft, within)
            separate.extend(view for view in within if view not in running and not within[0].denied)
        else:
            yield draft


def _select_near(sentence: "Span", views: Sequence[Report]) -> list[Report]:
    """Return the views that a sentence tells, or that run on into it."""
    start, end = sentence.start_char, sentence.end_char
    return [view for view in views if start <= view.cue[0] < end or (view.content[0] < end and start < view.content[1])]


def _is_crossing(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] < other[1] and other[0] < span[1]


def _is_told_within(view: Report, sentence: "Span") -> bool:
    return sentence.start_char <= view.content[0] < view.content[1] <= sentence.end_char


def _select_views(draft: ClaimDraft, views: Sequence[Report]) -> list[Report]:
    """Return the views told in a draft, none within another."""
    chosen: list[Report] = []
    for view in views:  # outermost first
        is_within = draft.start <= view.cue[0] and view.cue[1] <= draft.end
        if is_within and not any(_is_crossing(view.content, other.content) for other in chosen):
            chosen.append(view)
    return chosen


def _split_view(draft: ClaimDraft, views: Sequence[Report]) -> Iterator[ClaimDraft]:
    """Yield a claim, or the views of others that it tells, or both where it does more than tell them."""
    block, sentence = draft.block, draft.sentence
    first = views[0]
    if first.denied or not _is_told_within(first, sentence):
        # "Ana doesn't think that P" says nothing of P that anybody holds: it stays whole, as what is told of Ana.
        yield replace(draft, report=first)
        return
    contents: list[ClaimDraft] = []
    for view in views:
        span = skip_that(block.text, *trim_quotation_marks(block.text, *view.content))
        content = None if view.denied else _draft(block, sentence, *span)
        if content is not None and not content.text.lower().startswith("to "):
            standalone = content.text[:1].upper() + content.text[1:]
            contents.append(replace(content, report=view, standalone=standalone))
    is_all = _is_mostly_in(
        draft, [stretch for view in views for stretch in (view.content, view.cue, view.source) if stretch]
    )
    if is_all and not contents:
        # What is told says too little by itself: the sentence is the holder's view.
        yield replace(draft, report=first)
        return
    if not is_all:
        yield draft
    yield from contents


def _is_mostly_in(draft: ClaimDraft, stretches: Sequence[tuple[int, int]]) -> bool:
    """Tell whether most of a draft lies between the first and the last of these stretches."""
    start = max(draft.start, min(start for start, _ in stretches))
    end = min(draft.end, max(end for _, end in stretches))
    return end - start >= MOSTLY * (draft.end - draft.start)


def _draft_inline_quotations(
    block: Block, quotations: Sequence[Quotation], drafts: Sequence[ClaimDraft]
) -> Iterator[ClaimDraft]:
    """Yield the words of others quoted within a sentence of the block, where no draft has them yet."""
    inline = [
        quotation
        for quotation in quotations
        if quotation.how is QuotationKind.INLINE and block.start <= quotation.start < quotation.end <= block.end
    ]
    if not inline:
        return
    quoted = [draft.place for draft in drafts if _attribution_of_words(draft, quotations) is Attribution.QUOTED]
    for quotation in inline:
        span = trim_quotation_marks(block.text, quotation.start - block.start, quotation.end - block.start)
        sentence = block.doc.char_span(*span, alignment_mode="expand")
        if sentence is None or any(start < quotation.end and quotation.start < end for start, end in quoted):
            continue
        draft = _draft(block, sentence, *span)
        if draft is not None and _attribution_of_words(draft, quotations) is Attribution.QUOTED:
            quoted.append(draft.place)
            yield draft
