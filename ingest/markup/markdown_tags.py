"""Decide what the HTML tags in Markdown are: markup, which may reach over blank lines, or an author's words.

CommonMark ends a piece of HTML at a blank line and looks no further. Here each tag finds its partner in the same
container, so that what stands between them is quoted, struck out or hidden; a tag that is never closed ends with the
piece it stands in, and no quotation runs on to the end of the text.
"""

# pyright: standard

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from markdown_it.token import Token

from ingest.markup.elements import BLOCK, CODE, DROPPED, EMPHASIS, STRUCK
from ingest.markup.guard import HTML_TOKEN

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_OPTIONAL_END = frozenset("caption colgroup dd dt li p tbody td tfoot th thead tr".split())
_INLINE = frozenset("a abbr big center cite font ins mark q small span sub sup u".split())
_KNOWN = BLOCK | CODE | STRUCK | _INLINE | EMPHASIS.keys() | _VOID
# Names that people also write for themselves, as in "give <label> and <time>": markup only if closed.
_AMBIGUOUS = DROPPED | frozenset("bdi bdo data dfn label meter optgroup option output picture rp rt ruby time".split())
_VANISHING = frozenset({"audio", "iframe", "script", "source", "style", "video"})  # in a line; words in them stay
_MARKUP = re.compile(r"\s*</?[A-Za-z][A-Za-z0-9]*[\s/>]")


@dataclass(slots=True)
class _Tag:
    """A tag as it will be written, or what stands between two. `name` is "" for what needs no partner."""

    written: str
    name: str = ""
    closes: bool = False


@dataclass(slots=True)
class _Fragment:
    """A block of HTML, or the tags in one stretch of text (then `line` holds all that stands in it)."""

    container: int
    tokens: list[Token]
    line: list[Token] | None = None
    tags: list[tuple[Token, list[_Tag]]] = field(default_factory=list[tuple[Token, list[_Tag]]])
    unclosed: dict[int, _Tag] = field(default_factory=dict[int, _Tag])  # by identity, in order

    def write(self) -> None:
        """Write the tags into the tokens; what was never closed is closed here, or was no tag."""
        for tag in self.unclosed.values():
            if tag.name in _AMBIGUOUS:
                tag.written, tag.name = escape(tag.written), ""
        for token, tags in self.tags:
            token.content = "".join(tag.written for tag in tags)
        ends = "".join(f"</{tag.name}>" for tag in reversed(self.unclosed.values()) if tag.name)
        if self.line is None:
            self.tokens[-1].content += ends
        elif ends:
            self.line.append(Token("html_inline", "", 0, content=ends))


def settle_tags(tokens: Sequence[Token]) -> None:
    """Write the content of every piece of HTML among the tokens anew, with tags that find each other."""
    opened: dict[int, dict[str, list[tuple[_Fragment, _Tag]]]] = {}
    pieces: list[_Fragment] = []
    for piece in _list_pieces(tokens, opened):
        pieces.append(piece)
        names = opened.setdefault(piece.container, {})
        piece.tags = [(token, list(_read_tags(token.content, piece.line is not None))) for token in piece.tokens]
        for tag in (tag for _, tags in piece.tags for tag in tags if tag.name):
            if not tag.closes:
                names.setdefault(tag.name, []).append((piece, tag))
                piece.unclosed[id(tag)] = tag
            elif tag.name in names:
                opener, partner = names[tag.name].pop()
                del opener.unclosed[id(partner)]
                if not names[tag.name]:
                    del names[tag.name]
            else:
                tag.written = escape(tag.written) if tag.name in _AMBIGUOUS else ""
    for piece in pieces:
        piece.write()


def _list_pieces(tokens: Sequence[Token], opened: Mapping[int, Mapping[str, object]]) -> Iterator[_Fragment]:
    """Yield the pieces of HTML. Indented tags within an element that is `opened` are no program text."""
    containers = [0]
    for number, token in enumerate(tokens, 1):
        if token.nesting > 0:
            containers.append(number)
        elif token.nesting < 0 and len(containers) > 1:
            containers.pop()
        elif token.type == "code_block" and opened.get(containers[-1]) and _MARKUP.match(token.content):
            token.type = "html_block"
            yield _Fragment(containers[-1], [token])
        elif token.type == "html_block":
            yield _Fragment(containers[-1], [token])
        elif token.type == "inline" and token.children:
            tags = [child for child in token.children if child.type == "html_inline"]
            if tags:
                yield _Fragment(containers[-2:][0], tags, token.children)


def _read_tags(content: str, in_line: bool) -> Iterator[_Tag]:
    """Yield the tags of a piece, and what stands between them."""
    offset = 0
    for match in HTML_TOKEN.finditer(content):
        yield _Tag(content[offset : match.start()])
        offset = match.end()
        yield _read_tag(match, in_line)
    yield _Tag(content[offset:])


def _read_tag(match: re.Match[str], in_line: bool) -> _Tag:
    whole = match[0]
    raw, name = match["raw"], (match["name"] or "").lower()
    if raw:
        is_closed = f"</{raw}".lower() in whole.lower()
        return _Tag("" if in_line else whole if is_closed else f"{whole}</{raw}>")
    if not name or name in {"body", "html"}:
        return _Tag("")  # a comment, a declaration
    if not match["end"]:
        return _Tag(escape(whole))
    if in_line and name in _VANISHING:
        return _Tag("")
    if name not in _KNOWN and name not in _AMBIGUOUS:
        is_element = "=" in match["rest"] or "-" in name  # <work in progress> is words
        return _Tag("" if is_element else escape(whole))
    if name in _VOID or name in _OPTIONAL_END:
        return _Tag(whole)
    return _Tag(whole, name, bool(match["slash"]))
