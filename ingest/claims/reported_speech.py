"""Whose view a clause tells: "Eliezer thinks that P", "as Paul argued, P", "P, Ana says", "on Bo's view P".

Works on a dependency parse with Universal Dependencies labels. A report has a source (who), a cue (thinks, according
to) and a content (P), as in PARC and PolNeAR (Newell et al. 2018). What the author says of himself ("I think that
P") is no report, only a hedge. Everything that asks whose view some words are asks here.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.report import Report
from ingest.claims.report_rules import QUOTED, RULES, may_tell

if TYPE_CHECKING:
    from spacy.tokens import Span

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
            whole = replace(report, content=(start, end))
            if all(other.content != whole.content for other in reports):
                reports.append(whole)
    return reports


def _is_overlapping(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] < other[1] and other[0] < span[1]


def _is_adjoining(text: str, quote: tuple[int, int], cue: tuple[int, int]) -> bool:
    """Tell whether a quotation goes on right after "Ana said" or ends right before it."""
    start = quote[0]
    after = text[cue[1] : start] if start >= cue[1] else None
    return after is not None and len(after) < 60 and bool(re.fullmatch(r"[^.!?“\"]{0,50}[.,:]?\s*", after))


def find_sentence_reports(sentence: "Span", known: frozenset[str] = frozenset()) -> list[Report]:
    """Find the views told in a sentence, outermost first."""
    reports: list[Report] = []
    for token in sentence:
        if not may_tell(token):
            continue
        for report in (report for find in RULES for report in find(sentence, token, known)):
            if report.content[0] < report.content[1] and not any(r.content == report.content for r in reports):
                reports.append(report)
    return sorted(reports, key=lambda report: report.content[0] - report.content[1])


def skip_that(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the "that" that leads over to a view.

    >>> skip_that("that it rains", 0, 13)
    (5, 13)
    """
    led = re.match(r"(?:that|how)\s+", text[start:end], re.IGNORECASE)
    return (start + led.end(), end) if led else (start, end)
