"""The mails that a mail answers or forwards and that stand in it without marks, below an introduction: quotations.

What is below a header or an attribution is somebody else's, however it is set; what stands above is the author's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Passage, PassageKind
from ingest.markup import Markup, read_text
from ingest.sources.headed_passages import PassageHead, apply_heads, list_standing_blocks, split_block
from ingest.sources.mail.introductions import read_introduction_lines
from ingest.sources.mail.mail_text import clean_mail

_AHEAD = 40  # lines that an introduction may take
_MOST = 200  # introductions in one mail that are read
_GREETING = re.compile(r"|\W?(?:\w{1,30}[ ,:]{1,2}){0,4}\w{1,30}[,!]?")  # "Hi Otto,": it is no answer
_MARK = re.compile(r"[ \t]{2,}(?=\S)|[|:}#%»]+[ \t]|[A-Z]{2,3}> ")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text; `scope` is the innermost quotation around it (its number), -1 for none."""

    start: int
    end: int
    scope: int


def read_mail_text(text: str) -> Markup:
    """Read the body of a mail: its author's words, and what he answers as quotations of whoever wrote it."""
    return mark_quoted_mails(read_text(clean_mail(text)))


def mark_quoted_mails(markup: Markup) -> Markup:
    """Return the mail with what stands below an introduction as a quotation, whose `note` is the name if one is told.

    >>> markup = mark_quoted_mails(read_text("No.\\n\\nAm 1.6.24 um 8:00 schrieb Otto Kern <o@x.example>:\\n\\nYes."))
    >>> [(markup.text[p.start : p.end], p.note) for p in markup.passages if p.kind is PassageKind.QUOTE]
    [('Yes.', 'Otto Kern')]
    """
    heads = list(_find_heads(markup))
    return Markup(markup.text, apply_heads(markup.text, markup.passages, heads)) if heads else markup


def _find_heads(markup: Markup) -> Iterator[PassageHead]:
    text = markup.text
    regions = [passage for passage in markup.passages if passage.kind is PassageKind.QUOTE]
    scopes = [*regions, Passage(PassageKind.QUOTE, 0, max(_end_of_words(markup), 1))]  # the last one is the whole mail
    within = _list_within(regions)
    lines = list(_split_lines(text, markup.passages, regions))
    answered: set[int] = set()  # the scopes in which somebody has said something already
    index = count = 0
    introduced: dict[int, tuple[int, str]] = {}  # by scope: where its last introduction ends, and whom that names
    while index < len(lines) and count < _MOST:
        line = lines[index]
        ahead = lines[index : index + _AHEAD]
        same = next((n for n, other in enumerate(ahead) if other.scope != line.scope), len(ahead))
        read = read_introduction_lines([text[other.start : other.end] for other in ahead[:same]])
        if read is None:
            if not _GREETING.fullmatch(text[line.start : line.end].strip()):
                answered.add(line.scope)
            index += 1
            continue
        count += 1
        end = lines[index + read.lines - 1].end
        index += read.lines
        scope = scopes[line.scope]
        yield from _name_marked(regions, within, introduced, line.scope, line.start)
        introduced[line.scope] = end, read.name
        below = next((n for n in range(index, len(lines)) if text[lines[n].start : lines[n].end].strip()), None)
        is_marked = any(regions[number].start >= end for number in within.get(line.scope, ())[-1:])
        has_answer = line.scope in answered
        if below is None or lines[below].start >= scope.end:
            yield PassageHead(line.start, end)
        elif lines[below].scope != line.scope:
            yield PassageHead(line.start, end)
            if read.is_header and has_answer:
                yield PassageHead(end, end, "", scope.end)  # beside what is marked, nobody's
        elif not read.is_header and (runs := list(_find_runs(text, lines[below:], line.scope))):
            yield PassageHead(line.start, end)
            yield from (PassageHead(start, start, read.name, stop) for start, stop in runs)
        elif is_marked and not (read.is_header and has_answer):
            yield PassageHead(line.start, end)  # the mail marks what it quotes: the rest is its author's
        else:
            # Where nothing stands above an attribution, the answer is somewhere below, and nothing tells where. In a
            # quoted digest the marked words are those of the mail told of, and the rest is of him who is quoted.
            is_sure = (read.is_header or has_answer) and not (is_marked and line.scope >= 0)
            yield PassageHead(line.start, end, read.name if is_sure else "", scope.end)
            introduced[line.scope] = end, ""  # what is marked in it is somebody else's again
    for number in introduced:
        yield from _name_marked(regions, within, introduced, number, len(text))


def _name_marked(
    regions: Sequence[Passage],
    within: Mapping[int, Sequence[int]],
    introduced: Mapping[int, tuple[int, str]],
    scope: int,
    before: int,
) -> Iterator[PassageHead]:
    """Name the marked quotations between the last introduction of a scope and the next."""
    end, name = introduced.get(scope, (0, ""))
    for number in within.get(scope, ()):
        if name and end <= regions[number].start < before:
            yield PassageHead(regions[number].start, regions[number].start, name)


def _find_runs(text: str, lines: Sequence[_Line], scope: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of lines that begin with the sign that the first of them begins with, if it is one of quotation.

    Some people mark by "|" or ":" or by an indent, where others do by ">".
    """
    mark = _MARK.match(text, max(text.rfind("\n", 0, lines[0].start) + 1, 0))
    if mark is None:
        return
    sign = mark[0][:2] if mark[0].isspace() else mark[0].strip()
    start = end = -1
    for line in lines:
        begins = text.rfind("\n", 0, line.start) + 1
        if line.scope == scope and text.startswith(sign, begins):
            start = line.start if start < 0 else start
            end = line.end
        elif start >= 0 and text[line.start : line.end].strip():
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def _list_within(regions: Sequence[Passage]) -> dict[int, list[int]]:
    """Return for each scope the quotations directly within it, in order."""
    within: dict[int, list[int]] = {}
    around: list[int] = []
    for number, region in enumerate(regions):
        while around and regions[around[-1]].end <= region.start:
            around.pop()
        within.setdefault(around[-1] if around else -1, []).append(number)
        around.append(number)
    return within


def _end_of_words(markup: Markup) -> int:
    """Return where the notes at the end begin."""
    notes = (passage.start for passage in markup.passages if passage.kind is PassageKind.FOOTNOTE)
    return min(notes, default=len(markup.text))


def _split_lines(text: str, passages: Sequence[Passage], regions: Sequence[Passage]) -> Iterator[_Line]:
    """Yield the lines of what is no code, each with the quotation that it stands in."""
    coming = 0
    around: list[int] = []
    for block in list_standing_blocks(text, passages):
        if block.kind is PassageKind.CODE:
            continue
        while coming < len(regions) and regions[coming].start <= block.start:
            around.append(coming)
            coming += 1
        around = [number for number in around if regions[number].end > block.start]
        region = around[-1] if around else -1
        yield from (_Line(start, end, region) for start, end in split_block(text, block))
        yield _Line(block.end, block.end, region)
