"""Read plain text and mail: paragraphs, and `>` quotes as deep as they nest."""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from corpus.model import PassageKind
from ingest.markup.code_lines import mark_code_lines
from ingest.markup.writer import Markup, Writer, clean

_PREFIX = re.compile(r" {0,3}((?:>[ \t]?)+)")
_REPL = re.compile(r" {0,3}>>>(?: \S|$)")
_MBOX = re.compile(r" {0,3}>+From ")
_ATTRIBUTION_END = re.compile(
    r"\b(?:wrote|writes|said|says|schrieb|escribió|écrit|scrisse|scripsit|quoth)\b[^\n]{0,60}:\s*$", re.IGNORECASE
)
_ATTRIBUTION_BEGINS = re.compile(r"^\W{0,3}(?:on\b|am\b|le\b|at\b|\d{4}|\w{3},? \d)", re.IGNORECASE)
_DEEPEST = 50


def read_text(text: str) -> Markup:
    """Read plain text. Lines stay lines; a blank line ends a paragraph; `>` lines become quote regions.

    A line such as "On Tue, Ann wrote:" just before a quote is a paragraph of its own. Python's `>>>` prompts that
    stand among no other quotes are code, and so are lines that cannot be prose (`mark_code_lines`). Raise `TooLarge`
    above `LIMITS.utterance_chars`.

    >>> markup = read_text("> Yes?\\nNo.")
    >>> markup.text
    'Yes?\\n\\nNo.'
    >>> [(passage.start, passage.end) for passage in markup.passages if passage.kind is PassageKind.QUOTE]
    [(0, 4)]
    """
    writer = Writer()
    writer.refuse_above(len(text))
    depth = 0
    for new_depth, kind, lines in _split_paragraphs(clean(text).split("\n")):
        while depth > new_depth:
            writer.close()
            depth -= 1
        while depth < new_depth:
            writer.open(PassageKind.QUOTE)
            depth += 1
        writer.begin(kind)
        writer.write_exactly("\n".join(lines))
        writer.end()
    return writer.finish()


def _split_paragraphs(lines: list[str]) -> Iterator[tuple[int, PassageKind, list[str]]]:
    """Yield (depth of quoting, kind, lines) of each paragraph."""
    parted = list(_split_depths(lines))
    paragraph: list[str] = []
    depth = 0
    for index, (line_depth, line) in enumerate(parted):
        if paragraph and (line_depth != depth or not line):
            deeper = line_depth > depth or (not line and _next_depth(parted, index) > depth)
            yield from _split_attribution(depth, paragraph, deeper)
            paragraph = []
        depth = line_depth
        if line:
            paragraph.append(line)
    if paragraph:
        yield from _split_attribution(depth, paragraph, deeper=False)


def _next_depth(parted: list[tuple[int, str]], index: int) -> int:
    for depth, line in parted[index : index + 4]:
        if line:
            return depth
    return 0


def _split_attribution(depth: int, lines: list[str], deeper: bool) -> Iterator[tuple[int, PassageKind, list[str]]]:
    """Part the lines that say who wrote the quote that follows from the paragraph before them."""
    if depth < 0:
        yield -depth - 1, PassageKind.CODE, lines
        return
    begins = len(lines)
    if deeper and _ATTRIBUTION_END.search(lines[-1]):
        begins -= 1
        while begins > 0 and len(lines) - begins < 3 and not _ATTRIBUTION_BEGINS.match(lines[begins]):
            begins -= 1
        if not _ATTRIBUTION_BEGINS.match(lines[begins]):
            begins = len(lines) - 1
    for part in (lines[:begins], lines[begins:]):
        for is_code, run in groupby(zip(mark_code_lines(part), part, strict=True), key=itemgetter(0)):
            yield depth, PassageKind.CODE if is_code else PassageKind.PARAGRAPH, [line for _, line in run]


def _split_depths(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield (depth, line without quote marks and trailing space); depth -1 is unquoted code."""
    group: list[tuple[int, str, str]] = []
    for line in lines:
        match = None if _MBOX.match(line) else _PREFIX.match(line)
        if match is None:
            yield from _judge_marked_lines(group)
            group = []
            yield 0, (line[1:] if _MBOX.match(line) else line).rstrip()
        else:
            group.append((min(match[1].count(">"), _DEEPEST), line[match.end() :].rstrip(), line.rstrip()))
    yield from _judge_marked_lines(group)


def _judge_marked_lines(group: list[tuple[int, str, str]]) -> Iterator[tuple[int, str]]:
    """Decide whether a run of marked lines is quoting or a Python prompt."""
    prompts = bool(group) and all(_REPL.match(raw) for _, _, raw in group)
    for depth, words, raw in group:
        yield (-1, raw) if prompts else (depth, words)
