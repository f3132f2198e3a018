"""The text of a page that a browser printed to PDF: heads and feet of its sheets dropped, words at line ends joined.

    3/14/24, 5:02 PM            Oversight of models — LessWrong         (head)
    https://www.lesswrong.com/posts/…                        1/3        (foot)

Each may be on one line or on two. A hyphen at the end of a line is dropped only where the word without it is shown to
be one: by the text itself, or by the words that the parser knows; a real hyphen stays.
"""

import itertools
import re
from collections.abc import Sequence, Set
from functools import cache

import orjson

from ingest.language import OWN
from ingest.sources.plain_text.page_furniture import is_possible_furniture

_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ \u202f]?[AP]M)?"
_FOOT = re.compile(r"\f?\s*(?:https?|file|about)\S{3,2000}\s+\d{1,4}/\d{1,4}\s*$")
_ADDRESS = re.compile(r"\f?\s*(?:https?://|file:)\S{3,2000}\s*$")
_NUMBER = re.compile(r"\f?\s*\d{1,4}/\d{1,4}\s*$")
_HEAD = re.compile(rf"\f?\s*{_DATE}(?:\s{{2,}}(\S.{{0,300}}?))?\s*$")
_TITLED = re.compile(rf"\f?\s*(\S.{{0,300}}?)\s{{2,}}{_DATE}\s*$")
_COLUMNS = re.compile(r"\s{2,}")
_BROKEN = re.compile(r"(?:^|(?<=[\s(\"“'‘]))([^\W\d_]{1,40})-$")
_GOES_ON = re.compile(r"([^\W\d_]{1,40})")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "nor", "versus"})
_WIDEST = 160  # characters of a line of a sheet
_FULL = 0.75  # of its width: shorter lines end where a paragraph does
_BEGINS_ANEW = re.compile(r"\s*(?:[-*•>\[#(]|\d+[.)])")
_STOPS = (".", "!", "?", ":", "…", "”", '"', ")", "]")


def read_printed_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines of a printed page without its heads and feet, words joined; of any other text, the lines.

    >>> read_printed_lines(["An au-", "dit is an audit.", "https://x.example/a    1/1"])
    ['An audit is an audit.']
    """
    framed = _mark_frames(lines)
    if not any(framed):
        return list(lines)
    kept: list[str] = []
    broken = False  # a sheet has ended since the last line
    for line, is_frame in zip(lines, framed, strict=True):
        line = line.replace("\f", "")
        if is_frame or (broken and not line.strip()):
            broken = True
            continue
        if broken and kept:
            while kept and not kept[-1].strip():
                kept.pop()
            runs_on = bool(kept) and not kept[-1].rstrip().endswith(_STOPS) and line.lstrip()[:1].islower()
            kept += [] if runs_on else [""]
        broken = False
        if not _is_row_of_furniture(line):
            kept.append(line)
    return _join_broken_words(kept)


def _mark_frames(lines: Sequence[str]) -> list[bool]:
    """Tell which lines are heads and feet of sheets; none where no foot with its number of sheets shows them."""
    framed = [len(line) < 2500 and _FOOT.match(line) is not None for line in lines]
    shown = [index for index, line in enumerate(lines) if line.strip()]
    for before, after in itertools.pairwise(shown):
        if len(lines[before]) < 2500 and _ADDRESS.match(lines[before]) and _NUMBER.match(lines[after]):
            framed[before] = framed[after] = True
    if not any(framed):
        return framed
    titles: set[str] = set()
    for index, line in enumerate(lines):
        match = (_HEAD.match(line) or _TITLED.match(line)) if len(line) < 500 else None
        if match is not None:
            framed[index] = True
            titles.add(" ".join((match[1] or "").split()))
    # A head on two lines: the title of the page stands alone beside the time, on each sheet.
    for before, after in itertools.pairwise(shown):
        if framed[before] != framed[after] and _HEAD.match(lines[before if framed[before] else after]):
            other = after if framed[before] else before
            if sum(lines[n].replace("\f", "").split() == lines[other].split() for n in shown) > 1:
                titles.add(" ".join(lines[other].replace("\f", "").split()))
    titles.discard("")
    for index in shown:
        near = [n for n in range(max(0, index - 2), min(len(lines), index + 3)) if framed[n] and n != index]
        if near and " ".join(lines[index].replace("\f", "").split()) in titles and _is_framing(lines, near):
            framed[index] = True
    return framed


def _is_framing(lines: Sequence[str], near: Sequence[int]) -> bool:
    """Return whether a head of a sheet that has no title of its own stands near: the title is its other half."""
    return any((match := _HEAD.match(lines[n])) is not None and not match[1] for n in near)


def _is_row_of_furniture(line: str) -> bool:
    """Return whether a line is furniture side by side: "14th Mar 2024     3 min read     12"."""
    parts = _COLUMNS.split(line.strip())
    return len(parts) > 1 and all(is_possible_furniture(part) for part in parts)


def _join_broken_words(lines: Sequence[str]) -> list[str]:
    """Join what the width of the sheet broke: words with a hyphen, where it is shown that they are one, and lines.

    A line is broken by the width where it is about as long as any.
    """
    known = {word.casefold() for line in lines for word in _WORD.findall(line.rstrip().removesuffix("-"))}
    width = max((len(line.rstrip()) for line in lines if len(line) <= _WIDEST and " " in line.strip()), default=0)
    joined: list[str] = []
    before = ""
    for line in lines:
        begun = _join_word(before.rstrip(), line.lstrip(), known)
        if begun is not None:
            joined[-1] = joined[-1].rstrip()[: len(joined[-1].rstrip()) - 1] + begun + line.lstrip()
        elif len(before.rstrip()) >= _FULL * width and line.strip() and not _BEGINS_ANEW.match(line):
            joined[-1] = f"{joined[-1].rstrip()} {line.lstrip()}"
        else:
            joined.append(line)
        before = line
    return joined


def _join_word(line: str, following: str, known: Set[str]) -> str | None:
    """Return what stands between the parts of a word broken at a line end, "" or "-"; None where it is unknown."""
    broken, goes_on = _BROKEN.search(line[-60:]), _GOES_ON.match(following)
    if broken is None or goes_on is None or not goes_on[1][0].islower() or goes_on[1] in _SUSPENDED:
        return None
    first, rest = broken[1].casefold(), goes_on[1].casefold()
    if f"{first}-{rest}" in known:
        return "-"
    if first + rest in known or first + rest in _list_known_words():
        return ""
    return "-" if {first, rest} <= _list_known_words() else None


@cache
def _list_known_words() -> frozenset[str]:
    """Return the words, folded, that the parser has learned from."""
    words = orjson.loads((OWN / "vocab" / "strings.json").read_bytes())
    return frozenset(word.casefold() for word in words if word.isalpha())
