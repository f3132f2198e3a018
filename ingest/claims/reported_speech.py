"""Whose view a clause tells: "Eliezer thinks that P", "as Paul argued, P", "P, Ana says", "on Bo's view P".

Works on a dependency parse with Universal Dependencies labels. A report has a source (who), a cue (thinks, according
to) and a content (P), as in PARC and PolNeAR (Newell et al. 2018). What the author says of himself ("I think that
P") is no report, only a hedge. Everything that asks whose view some words are asks here.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims import report_cues as cues
from ingest.claims.noun_reports import find_by_noun, find_by_perspective, find_by_phrase
from ingest.claims.report import Report
from ingest.claims.report_places import QUOTED
from ingest.claims.verb_reports import (
    find_by_adjective,
    find_by_being_like,
    find_by_defining,
    find_by_following,
    find_by_repute,
    find_by_seeming,
    find_by_verb,
)
from ingest.claims.word_order_reports import find_by_object, find_by_order

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_RULES = (
    find_by_following,
    find_by_defining,
    find_by_verb,
    find_by_object,
    find_by_order,
    find_by_repute,
    find_by_seeming,
    find_by_being_like,
    find_by_adjective,
    find_by_noun,
    find_by_phrase,
    find_by_perspective,
)
_LEMMAS = (
    cues.SAYING | cues.DEFINING | cues.INTENDING | cues.CALLING | cues.VIEWS | cues.UNDERSTANDING | cues.CONVINCED
    | cues.PERSPECTIVES | cues.MODELS | cues.FOLLOWING | cues.OPINING | cues.FORESEEN | cues.RAISING_OBJECTS
    | cues.SEEING_AS | cues.SEEMING
)  # fmt: skip
_LEADING_OVER = re.compile(
    r"(?:that|how)\s+(?!(?:is|was|will|would|can|could|should|may|might|must|has|had|does|did)\b)", re.IGNORECASE
)
_LONGEST = 250  # tokens: the rules walk up and down the tree from every cue

__all__ = ["Report", "find_reports", "find_sentence_reports", "skip_that"]


def find_reports(text: str, sentences: "Sequence[Span]", known: frozenset[str] = frozenset()) -> list[Report]:
    """Find the views told in a paragraph: those of each sentence, where quoted speech counts to its closing mark.

    `text` is the text of the paragraph's Doc; `known` are words (lower case) that are names here.
    '"It fails. It must," Ana said. "Wait."' is one content, though it is several sentences.
    """
    quotes = [match.span() for match in QUOTED.finditer(text)]
    reports: list[Report] = []
    for sentence in sentences:
        for report in find_sentence_reports(sentence, known):
            if any(start < report.cue[0] < end for start, end in quotes):
                reports.append(report)  # told within somebody's speech
                continue
            start, end = report.content
            beside = [q for q in quotes if _is_overlapping(q, (start, end)) or _is_adjoining(text, q, report.cue)]
            if beside and any(q[0] <= start + 1 or q[1] + 1 >= end for q in beside if _is_overlapping(q, (start, end))):
                start, end = min(start, *(q[0] for q in beside)), max(end, *(q[1] for q in beside))
            alone = [q for q in beside if q[0] <= start + 1] if len(beside) == 1 else []
            if alone and text[alone[0][1] : end].strip(" .,"):  # what comes after the quotation is the author's
                end = alone[0][1]
            _add(reports, replace(report, content=(start, end)))
    return reports


def _begins_with_verb(sentence: "Span", report: Report) -> bool:
    """Tell a content whose subject stands outside: "what you thought was new", "somebody who they say will come"."""
    content = sentence.doc.char_span(*report.content, alignment_mode="expand")
    return content is not None and content[0].tag_ in cues.FINITE


def _add(reports: list[Report], report: Report) -> None:
    """Add a report; of two with the same content the first stays, but for one that nobody holds."""
    again = next((n for n, other in enumerate(reports) if other.content == report.content), None)
    if again is None:
        reports.append(report)
    elif report.is_view and not reports[again].is_view:
        reports[again] = report


def _is_overlapping(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] < other[1] and other[0] < span[1]


def _is_adjoining(text: str, quote: tuple[int, int], cue: tuple[int, int]) -> bool:
    """Tell whether a quotation goes on right after "Ana said" or ends right before it."""
    start = quote[0]
    after = text[cue[1] : start] if start >= cue[1] else None
    return after is not None and len(after) < 60 and bool(re.fullmatch(r"[^.!?“\"]{0,50}[.,:]?\s*", after))


def find_sentence_reports(sentence: "Span", known: frozenset[str] = frozenset()) -> list[Report]:
    """Find the views told in a sentence, outermost first; none in what is too long to be one."""
    reports: list[Report] = []
    for token in sentence if len(sentence) <= _LONGEST else ():
        if not _may_tell(token):
            continue
        for report in (report for find in _RULES for report in find(sentence, token, known)):
            if report.content[0] < report.content[1]:
                is_cut = report.somebody and _begins_with_verb(sentence, report)
                _add(reports, replace(report, somebody=False) if is_cut else report)
    return sorted(reports, key=lambda report: report.content[0] - report.content[1])


def _may_tell(token: "Token") -> bool:
    """Tell whether any rule may find something at a word."""
    return (
        cues.find_lemma(token) in _LEMMAS
        or token.lower_ in cues.CONVINCED
        or token.lower_ in {"according", "like"}
        or token.text.endswith(("verse", "topia"))
        or (token.i > 0 and token.nbor(-1).lower_ == "for")
    )


def skip_that(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the "that" that leads over to a view.

    >>> skip_that("that it rains", 0, 13)
    (5, 13)
    >>> skip_that("that will do", 0, 12)
    (0, 12)
    """
    led = _LEADING_OVER.match(text, start, end)
    return (led.end(), end) if led else (start, end)
