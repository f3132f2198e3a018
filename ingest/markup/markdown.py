"""Read Markdown as forums write it: CommonMark with tables, footnotes, math, and the blocks of ForumMagnum.

The text is made while the tokens are walked, so offsets are exact by construction. What ForumMagnum adds: spoilers
(`>! `), text of language models (`%%% llm-output model="M"` … `%%% /llm-output`), collapsible blocks
(`+++ Title` … `+++`). A block quote that begins with `[!note]` or the like is a callout, the author's own words;
only `[!quote]` and `[!cite]` quote.
"""

# pyright: standard

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markdown_it.token import Token

from corpus.errors import TooLarge
from corpus.limits import LIMITS
from corpus.model import PassageKind
from ingest.markup.arbital import PAGE, convert_to_commonmark
from ingest.markup.html import read_fragment
from ingest.markup.markdown_rules import make_parser
from ingest.markup.writer import Markup, Writer, clean

Dialect = Literal["commonmark", "arbital", "reddit"]

_CALLOUT = re.compile(r"\[!([A-Za-z-]+)\][-+]?[ \t]*")
_QUOTING = frozenset({"quote", "cite"})
_REDDIT_SPOILER = re.compile(r">!((?:(?!>!|!<|\n\n).){1,5000})!<", re.DOTALL)
_INLINE_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^>]*>\Z")
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_KNOWN_TAGS = frozenset(
    "a abbr b big br center cite code details div em font hr i iframe img input ins kbd mark p q small span strong sub "
    "summary sup table tbody td th thead tr tt u var wbr video audio source del s strike figure figcaption "
    "blockquote ul ol li h1 h2 h3 h4 h5 h6 pre section script style".split()
)


def read_markdown(markdown: str, dialect: Dialect = "commonmark", titles: Mapping[str, str] | None = None) -> Markup:
    """Read the Markdown of one body.

    With `dialect="arbital"` `[id words]` is a link to a page, `[summary: …]`, `%%note: … %%` and the like are that
    site's widgets; `titles` (page id → title) gives words to links that have none, as the site does. With
    `dialect="reddit"` tags of HTML are words, as that site shows them, and `>!spoilers!<` lose their signs.
    Raise `TooLarge` for more than `LIMITS.utterance_chars` of words, or four times as much markup.

    >>> read_markdown("I *said*\\n> no").text
    'I said\\n\\nno'
    """
    if len(markdown) > 4 * LIMITS.utterance_chars:
        raise TooLarge(f"Markdown of {len(markdown):,} characters, above {4 * LIMITS.utterance_chars:,}")
    source = clean(markdown)
    if dialect == "arbital":
        source = convert_to_commonmark(source, titles or {})
    elif dialect == "reddit":
        source = _REDDIT_SPOILER.sub(r"\1", source)
    return _MarkdownReader().read_tokens(make_parser(html=dialect != "reddit").parse(source))


@dataclass(slots=True)
class _MarkdownReader:
    """The walk over the tokens."""

    writer: Writer = field(default_factory=Writer)
    lists: int = 0
    groups: int = 0
    quotes: list[bool] = field(default_factory=list)  # block quotes open, and whether they quote
    open: list[tuple[str, Any]] = field(default_factory=list)  # inline stretches begun by tags, with their names

    def read_tokens(self, tokens: Sequence[Token]) -> Markup:
        for index, token in enumerate(tokens):
            handler = _BLOCKS.get(token.type)
            if token.type == "blockquote_open":
                self._open_quote(tokens[index + 1 : index + 3])
            elif handler is not None:
                handler(self, token)
            elif token.type == "inline":
                self._read_inline(token.children or [])
        return self.writer.finish()

    # Blocks

    def _end_block(self, token: Token) -> None:
        self.writer.end()

    def _end_kind(self, token: Token) -> None:
        self.writer.cancel()

    def _begin_heading(self, token: Token) -> None:
        self.writer.begin(PassageKind.HEADING, token.tag[1:])

    def _close_region(self, token: Token) -> None:
        self.writer.close()

    def _open_quote(self, following: Sequence[Token]) -> None:
        """Open a quote; a callout's title, its first line, stands before it."""
        first = following[-1] if len(following) == 2 and following[0].type == "paragraph_open" else None
        callout = _CALLOUT.match(first.content) if first is not None else None
        children = (first.children or []) if first is not None else []
        if callout is None or not children or not children[0].content.startswith(callout[0].rstrip()):
            self.quotes.append(True)
            self.writer.open(PassageKind.QUOTE)
            return
        children[0].content = children[0].content[len(callout[0]) :]
        ends = next((n for n, child in enumerate(children) if child.type in {"softbreak", "hardbreak"}), len(children))
        self.writer.begin(PassageKind.HEADING, "callout")
        self._read_inline(children[:ends])
        self.writer.cancel()
        del children[: ends + 1]
        self.quotes.append(callout[1].lower() in _QUOTING)
        if self.quotes[-1]:
            self.writer.open(PassageKind.QUOTE)

    def _close_quote(self, token: Token) -> None:
        if self.quotes.pop():
            self.writer.close()
        else:
            self.writer.end()

    def _open_spoiler(self, token: Token) -> None:
        self.writer.open(PassageKind.SPOILER)

    def _open_machine_text(self, token: Token) -> None:
        self.writer.open(PassageKind.MACHINE_TEXT, token.info)

    def _begin_summary(self, token: Token) -> None:
        self.writer.begin(PassageKind.HEADING, "summary")
        self.writer.write_text(token.info)
        self.writer.cancel()

    def _open_list(self, token: Token) -> None:
        self.writer.end()
        if not self.lists:
            self._begin_group()
        self.lists += 1

    def _close_list(self, token: Token) -> None:
        self.writer.end()
        self.lists -= 1
        if not self.lists:
            self.writer.group(0)

    def _begin_group(self) -> None:
        self.groups += 1
        self.writer.group(self.groups)

    def _begin_item(self, token: Token) -> None:
        self.writer.begin(PassageKind.LIST_ITEM, f"{token.info}." if token.info else "")

    def _open_table(self, token: Token) -> None:
        self.writer.end()
        if not self.lists:
            self._begin_group()

    def _close_table(self, token: Token) -> None:
        self.writer.end()
        if not self.lists:
            self.writer.group(0)

    def _begin_row(self, token: Token) -> None:
        self.writer.begin(PassageKind.TABLE_ROW)

    def _begin_cell(self, token: Token) -> None:
        self.writer.leave_tab()

    def _write_code(self, token: Token) -> None:
        self.writer.begin(PassageKind.CODE, token.info.strip())
        self.writer.write_verbatim(token.content)
        self.writer.cancel()

    def _write_math_block(self, token: Token) -> None:
        self.writer.end()
        self.writer.write_math(token.content, display=True)
        self.writer.end()

    def _write_html_block(self, token: Token) -> None:
        self.writer.end()
        read_fragment(token.content, self.writer)
        self.writer.end()

    def _open_footnote(self, token: Token) -> None:
        self.writer.open(PassageKind.FOOTNOTE, str(token.meta["id"] + 1))

    # Inline

    def _read_inline(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            handler = _INLINE.get(token.type)
            if handler is not None:
                handler(self, token)
        for _, stretch in self.open:
            self.writer.stop(stretch)
        self.open.clear()

    def _write_text(self, token: Token) -> None:
        self.writer.write_text(token.content)

    def _leave_space(self, token: Token) -> None:
        self.writer.leave_space()

    def _break_line(self, token: Token) -> None:
        self.writer.break_line()

    def _start_stretch(self, kind: PassageKind, note: str, name: str) -> None:
        self.open.append((name, self.writer.start(kind, note)))

    def _stop_stretch(self, token: Token) -> None:
        self._stop_named(token.type.removesuffix("_close"))

    def _stop_named(self, name: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == name:
                self.writer.stop(self.open.pop(index)[1])
                return

    def _start_emphasis(self, token: Token) -> None:
        self._start_stretch(PassageKind.EMPHASIS, token.tag, token.type.removesuffix("_open"))

    def _start_struck(self, token: Token) -> None:
        self._start_stretch(PassageKind.STRUCK, "", "s")

    def _start_link(self, token: Token) -> None:
        address = str(token.attrGet("href") or "")
        self._start_stretch(PassageKind.LINK, address.removeprefix(PAGE), "link")

    def _write_inline_code(self, token: Token) -> None:
        stretch = self.writer.start(PassageKind.CODE)
        self.writer.write_text(token.content)
        self.writer.stop(stretch)

    def _write_math(self, token: Token) -> None:
        self.writer.write_math(token.content, display=token.type == "math_inline_double")

    def _write_footnote_mark(self, token: Token) -> None:
        number = str(token.meta["id"] + 1)
        stretch = self.writer.start(PassageKind.FOOTNOTE_MARK, number)
        self.writer.write_exactly(f"[{number}]")
        self.writer.stop(stretch)

    def _read_inline_tag(self, token: Token) -> None:
        match = _INLINE_TAG.match(token.content)
        name = match[2].lower() if match else ""
        if match is None:
            return  # a comment or the like
        if name == "br":
            self.writer.break_line()
        elif name in _STRUCK_TAGS and not match[1]:
            self._start_struck(token)
        elif name in _STRUCK_TAGS:
            self._stop_named("s")
        elif name not in _KNOWN_TAGS:
            self.writer.write_text(token.content)  # <work in progress> is words


_BLOCKS: Mapping[str, Callable[[_MarkdownReader, Token], None]] = {
    "paragraph_close": _MarkdownReader._end_block,
    "heading_open": _MarkdownReader._begin_heading,
    "heading_close": _MarkdownReader._end_kind,
    "blockquote_close": _MarkdownReader._close_quote,
    "spoiler_open": _MarkdownReader._open_spoiler,
    "spoiler_close": _MarkdownReader._close_region,
    "machine_open": _MarkdownReader._open_machine_text,
    "machine_close": _MarkdownReader._close_region,
    "collapsed_open": _MarkdownReader._begin_summary,
    "collapsed_close": _MarkdownReader._end_kind,
    "bullet_list_open": _MarkdownReader._open_list,
    "bullet_list_close": _MarkdownReader._close_list,
    "ordered_list_open": _MarkdownReader._open_list,
    "ordered_list_close": _MarkdownReader._close_list,
    "list_item_open": _MarkdownReader._begin_item,
    "list_item_close": _MarkdownReader._end_kind,
    "dl_open": _MarkdownReader._open_list,
    "dl_close": _MarkdownReader._close_list,
    "dt_open": _MarkdownReader._begin_item,
    "dt_close": _MarkdownReader._end_kind,
    "dd_open": _MarkdownReader._begin_item,
    "dd_close": _MarkdownReader._end_kind,
    "table_open": _MarkdownReader._open_table,
    "table_close": _MarkdownReader._close_table,
    "tr_open": _MarkdownReader._begin_row,
    "tr_close": _MarkdownReader._end_kind,
    "th_open": _MarkdownReader._begin_cell,
    "td_open": _MarkdownReader._begin_cell,
    "fence": _MarkdownReader._write_code,
    "code_block": _MarkdownReader._write_code,
    "math_block": _MarkdownReader._write_math_block,
    "math_block_label": _MarkdownReader._write_math_block,
    "html_block": _MarkdownReader._write_html_block,
    "hr": _MarkdownReader._end_block,
    "footnote_open": _MarkdownReader._open_footnote,
    "footnote_close": _MarkdownReader._close_region,
}
_INLINE: Mapping[str, Callable[[_MarkdownReader, Token], None]] = {
    "text": _MarkdownReader._write_text,
    "text_special": _MarkdownReader._write_text,
    "softbreak": _MarkdownReader._leave_space,
    "hardbreak": _MarkdownReader._break_line,
    "em_open": _MarkdownReader._start_emphasis,
    "em_close": _MarkdownReader._stop_stretch,
    "strong_open": _MarkdownReader._start_emphasis,
    "strong_close": _MarkdownReader._stop_stretch,
    "s_open": _MarkdownReader._start_struck,
    "s_close": _MarkdownReader._stop_stretch,
    "link_open": _MarkdownReader._start_link,
    "link_close": _MarkdownReader._stop_stretch,
    "code_inline": _MarkdownReader._write_inline_code,
    "math_inline": _MarkdownReader._write_math,
    "math_inline_double": _MarkdownReader._write_math,
    "footnote_ref": _MarkdownReader._write_footnote_mark,
    "html_inline": _MarkdownReader._read_inline_tag,
}
