"""Signs of Markdown that somebody typed where an editor shows them as they are: `> ` for a quotation, `>!` a spoiler.

In HTML such a sign is a character like any other. A line that begins with it is quoted, unless what follows is a
formula, program text or a comparison: in doubt it is no sign.
"""

import re

from selectolax.lexbor import LexborNode

from corpus.model import PassageKind
from ingest.markup.code_lines import mark_code_lines
from ingest.markup.elements import AS_WRITTEN, BLOCK, CODE

_SIGNS = re.compile(r"\s*(?P<quotes>(?:(?:>|&gt;)[ \t\u00a0]?){1,9})(?P<spoiler>!(?=[ \t]*\w))?\s*")
_PROMPT = re.compile(r"\s*>>> \w")  # Python's, as in plain text
_WORD = re.compile(r"[^\W\d_]{2,}")
_BEGINS = re.compile(r"[^\W\d_]|[\"'“‘«(\[*—–-][ \t]*\w|…|\.{3}")  # as a quotation does
_NOT_SIGNED = CODE | {"a"}
_LOOKED_AT = 300  # characters of a line


def read_signs(node: LexborNode) -> tuple[tuple[PassageKind, ...], int]:
    """Return what the signs at the beginning of a text node say its line is, outermost first, and how long they are."""
    words = node.text_content or ""
    match = _SIGNS.match(words)
    if match is None or _is_unsigned(node):
        return (), 0
    line = _read_line(node)
    match = _SIGNS.match(line)
    if match is None or not _is_quoted(line, match):
        return (), 0
    kinds = (PassageKind.QUOTE,) * len(re.findall(">|&gt;", match["quotes"]))
    return (*kinds[1:], PassageKind.SPOILER) if match["spoiler"] else kinds, min(match.end(), len(words))


def _is_quoted(line: str, match: re.Match[str]) -> bool:
    rest = line[match.end() :]
    count = len(_WORD.findall(rest))
    if not count or _PROMPT.match(line) or mark_code_lines([line.strip()])[0]:
        return False
    if match["spoiler"]:
        return True
    begins = _BEGINS.match(rest) is not None
    if match["quotes"][-1:].isspace():
        return begins or count >= 3
    return begins and (count >= 2 or rest.rstrip()[-1:] in ".!?")


def _is_unsigned(node: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.tag not in BLOCK:
        if above.tag in _NOT_SIGNED or above.attributes.get("class") == AS_WRITTEN:
            return True
        above = above.parent
    return False


def _read_line(node: LexborNode) -> str:
    """Return the words from a text node to the end of its line."""
    parts: list[str] = []
    length = 0
    following: LexborNode | None = node
    while following is not None and length < _LOOKED_AT:
        if following.tag == "br" or following.tag in BLOCK:
            break
        parts.append((following.text_content if following.is_text_node else following.text(deep=True)) or "")
        length += len(parts[-1])
        above = following.parent
        while following.next is None and above is not None and above.tag not in BLOCK:
            following, above = above, above.parent
        following = following.next
    return "".join(parts)[:_LOOKED_AT]
