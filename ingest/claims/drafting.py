"""Cut a block into what is claimed in it: its clauses, the views of others told in them, the words of others quoted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.model import Attribution, ClaimKind, Quotation, QuotationKind
from ingest.blocks import Block
from ingest.claims.attribution import MOSTLY, find_whose_words
from ingest.claims.clauses import split_clauses
from ingest.claims.draft import ClaimDraft
from ingest.claims.reported_speech import Report, find_reports, skip_that
from ingest.claims.substance import has_substance
from ingest.claims.trimming import trim_claim, trim_quotation_marks
from ingest.epistemic.kinds import classify_kind

if TYPE_CHECKING:
    from spacy.tokens import Span


def draft_claims(block: Block, quotations: Sequence[Quotation], names: frozenset[str]) -> list[ClaimDraft]:
    """Return what a block claims, sentence by sentence, and then what it quotes within sentences.

    `quotations` are those of its utterance, `names` words (lower case) by which people are called.
    """
    views = [report for report in find_reports(block.read, block.sentences, names) if report.is_view]
    drafts: list[ClaimDraft] = []
    for sentence in block.sentences:
        cut: list[ClaimDraft] = []
        for clause in split_clauses(sentence, block.text):
            draft = _draft(block, sentence, clause.start, clause.end)
            if draft is not None:
                cut.append(replace(draft, standalone=clause.standalone, spans=clause.spans))
        drafts.extend(_split_views(cut, views, quotations))
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

    A claim that does no more than tell a view, or is a part of what is told, gives way to it.
    """
    told: list[Report] = []  # outermost first
    for draft in drafts:
        view = next((view for view in views if draft.start <= view.cue[0] and view.cue[1] <= draft.end), None)
        around = next((one for one in told if _is_mostly_in(draft, [one.content])), None)
        if not is_own(draft, quotations):
            yield draft
        elif around is not None:
            if not around.denied and draft.sentence.end_char < around.content[1]:
                yield replace(draft, report=around)  # speech that goes on over several sentences
        elif view is None:
            yield draft
        else:
            yield from _split_view(draft, view)
            told.append(view)


def _split_view(draft: ClaimDraft, view: Report) -> Iterator[ClaimDraft]:
    """Yield a claim, or the view of somebody else that it tells, or both where it does more than tell it."""
    block, sentence = draft.block, draft.sentence
    if view.denied or not sentence.start_char <= view.content[0] < view.content[1] <= sentence.end_char:
        # "Ana doesn't think that P" says nothing of P that anybody holds: it stays whole, as what is told of Ana.
        yield replace(draft, report=view)
        return
    span = skip_that(block.text, *trim_quotation_marks(block.text, *view.content))
    content = _draft(block, sentence, *span)
    is_all = _is_mostly_in(draft, [view.content, view.cue, *([view.source] if view.source else [])])
    if content is None or content.text.lower().startswith("to "):
        # What is told says too little by itself; the sentence is the holder's view only where it tells nothing else.
        yield replace(draft, report=view) if is_all else draft
        return
    if not is_all:
        yield draft
    yield replace(content, report=view, standalone=content.text[:1].upper() + content.text[1:])


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
