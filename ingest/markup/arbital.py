"""Turn Arbital's own syntax into CommonMark: links by page id, and its widgets.

`[1lz words]`, `[-1lz]`, `[+1lz]`, `[@5]`, `[https://… words]` are links. `[summary: …]` stands for readers,
`[todo: …]`, `[comment: …]`, `[fixme: …]` and `%%comment: … %%` do not. `%%note: … %%` is a footnote,
`%%hidden(Title): … %%` collapses, `%%knows-requisite([x]): … %%` and the like show words to some readers, with `!` to
the others.
"""

# pyright: standard

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

PAGE = "arbital:"  # the scheme of addresses that are page ids
_DEEPEST = 40  # brackets and widgets open at once; more are words

_TOKEN = re.compile(
    r"(?P<kept>\\.|(?P<fence>^```[^\n]*\n.*?(?:^```|\Z))|(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`)"
    r"|\$\$.*?\$\$|\$(?=\S)(?:\\.|[^$\\\n])*?\$)"
    r"|(?P<signs>%+)(?:(?P<widget>!?(?:(?<!(?<!%)%)[a-z][a-z-]*|note))(?:\((?P<argument>[^()\n]*)\))?:)?"
    r"|!?\[(?:(?P<block>summary|todo|comment|fixme|toc|vote|visualization|starttable|auto-summary-to-here)"
    r"(?:\((?P<variant>[^()\n]*)\))?:)?"
    r"|\](?P<after>[(\[:]?)",
    re.DOTALL | re.MULTILINE,
)
_UNSEEN = frozenset({"todo", "comment", "fixme", "toc", "vote", "auto-summary-to-here", "visualization"})
_LINK = re.compile(
    r"(?P<sign>[-+@]?)(?P<page>https?://\S+|[A-Za-z0-9_.-]*[A-Za-z0-9_])(?:\s+(?P<words>\S.*))?\Z", re.DOTALL
)
_ID = re.compile(r"(?=.*[0-9_])(?!\d+\Z)[A-Za-z0-9_]+\Z")


@dataclass(slots=True)
class _OpenBracket:
    """A bracket or widget that is open, and what has been written in it."""

    opening: str
    signs: str = ""
    widget: str = ""
    argument: str = ""
    parts: list[str] = field(default_factory=list)


def convert_to_commonmark(source: str, titles: Mapping[str, str]) -> str:
    """Write Arbital Markdown as CommonMark with footnotes and `+++` blocks.

    One pass over the source; what is never closed stays as it is.
    """
    frames = [_OpenBracket("")]
    notes: list[str] = []
    asked = set(re.findall(r"%%((?:knows|if|wants)[a-z-]*\([^()\n]*\)):", source))
    offset = 0
    is_removed = False  # a widget that leaves nothing was just closed: the space after it must indent no line
    for token in _TOKEN.finditer(source):
        between = source[offset : token.start()]
        frames[-1].parts.append(between.lstrip(" ") if is_removed and _is_line_start(frames[-1].parts) else between)
        is_removed = False
        offset = token.end()
        words = token[0]
        if token["kept"]:
            frames[-1].parts.append(words)
        elif (token["widget"] or words[-1] in "[:") and len(frames) > _DEEPEST:
            frames[-1].parts.append(words)
        elif token["signs"] and token["widget"]:
            frames.append(_OpenBracket(words, token["signs"], token["widget"], token["argument"] or ""))
        elif token["signs"]:
            is_removed = _close_widget(frames, words, notes, asked)
        elif words.endswith("]") or token["after"]:
            is_removed = _close_bracket(frames, words, titles)
        else:
            frames.append(_OpenBracket(words, widget=token["block"] or ""))
    rest = source[offset:]
    frames[-1].parts.append(rest.lstrip(" ") if is_removed and _is_line_start(frames[-1].parts) else rest)
    while len(frames) > 1:
        _flush(frames)
    return "".join([*frames[0].parts, *notes])


def _is_line_start(parts: list[str]) -> bool:
    written = next((part for part in reversed(parts) if part.strip(" ")), "\n")
    return not written.rpartition("\n")[2].strip(" ") and "\n" in written


def _flush(frames: list[_OpenBracket]) -> None:
    """Give up on the innermost frame: it was words after all."""
    frame = frames.pop()
    frames[-1].parts.append(frame.opening)
    frames[-1].parts.extend(frame.parts)


def _close_widget(frames: list[_OpenBracket], signs: str, notes: list[str], asked: set[str]) -> bool:
    """End the innermost widget of these signs. Tell whether nothing is left of it."""
    index = next((n for n in range(len(frames) - 1, 0, -1) if frames[n].signs == signs), 0)
    if not index:
        frames[-1].parts.append(signs)
        return False
    while len(frames) - 1 > index:
        _flush(frames)
    frame = frames.pop()
    words = "".join(frame.parts).strip()
    out = frames[-1].parts
    if frame.widget in _UNSEEN:
        return True
    if frame.widget == "note":
        number = len(notes) + 1
        out.append(f"[^note-{number}]")
        indented = words.replace("\n", "\n    ")
        notes.append(f"\n\n[^note-{number}]: {indented}\n")
    elif frame.widget == "hidden":
        out.append(f"\n\n+++ {frame.argument}\n\n{words}\n\n+++\n\n")
    elif frame.widget.startswith("!") and f"{frame.widget[1:]}({frame.argument})" in asked:
        return True  # the other version of the same words stands beside it
    else:
        out.append(f"\n\n{words}\n\n" if "\n" in words else words)
    return False


def _close_bracket(frames: list[_OpenBracket], closing: str, titles: Mapping[str, str]) -> bool:
    """End the innermost bracket. Tell whether nothing is left of it."""
    frame = frames[-1]
    if len(frames) == 1 or frame.signs:
        frame.parts.append(closing)
        return False
    if frame.widget:
        frames.pop()
        words = "" if frame.widget in _UNSEEN else "".join(frame.parts).strip()
        frames[-1].parts.append((f"\n\n{words}\n\n" if words else "") + closing[1:])
        return not words and len(closing) == 1
    words = "".join(frame.parts)
    link = None if (len(closing) > 1 and closing[1] != ":") or frame.opening != "[" else _link(words, titles)
    if link is None:
        _flush(frames)
        frames[-1].parts.append(closing)
    else:
        frames.pop()
        frames[-1].parts.append(link + closing[1:])
    return False


def _link(inside: str, titles: Mapping[str, str]) -> str | None:
    """Write a link of Arbital's as one of CommonMark's; None if the bracket is an author's own."""
    if inside[:1].isspace() and inside.strip():
        return inside.strip()  # "[ words]": a link to a page not written yet
    match = _LINK.match(inside)
    if match is None:
        return None
    page, words, sign = match["page"], match["words"], match["sign"]
    certain = bool(sign) or page.startswith("http") or _ID.match(page) is not None
    if words is None:
        if not certain:
            return None
        words = titles.get(page) or (f"\\[{page}\\]" if re.search(r"\d", page) else page.replace("_", " "))
        if sign == "-" and words[1:2].islower():
            words = words[:1].lower() + words[1:]
    elif not certain and not _echoes(page, words):
        return None
    address = page if page.startswith("http") else PAGE + page
    return f"[{words}](<{address}>)"


def _echoes(page: str, words: str) -> bool:
    """Return whether a page name without digits is meant: its words say the same, as in [topology topological]."""
    spoken = re.findall(r"\w+", words.lower())
    name = page.lower()
    if not page.isdigit() and (words.startswith("$") or name == "".join(word[0] for word in spoken)):
        return True
    return not page.isdigit() and any(word[:4] == name[:4] and len(word) > 2 for word in spoken)
