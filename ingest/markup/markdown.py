"""Read Markdown as forums write it: CommonMark with tables, footnotes, math, and the blocks of ForumMagnum.

The text is made while the tokens are walked, so offsets are exact by construction. What ForumMagnum adds: spoilers
(`>! `), text of language models (`%%% llm-output model="M"` … `%%% /llm-output`), collapsible blocks
(`+++ Title` … `+++`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from corpus.errors import TooLarge
from corpus.limits import LIMITS
from corpus.model import PassageKind
from ingest.markup.arbital import PAGE, to_commonmark
from ingest.markup.html import read_fragment
from ingest.markup.writer import Markup, Writer, clean

Dialect = Literal["commonmark", "arbital"]

_NESTING = 40  # quotes, lists (which count twice) and other blocks deeper than this are read as words
_SPOILERS = 10  # spoilers within spoilers, likewise
_SCANNED = 10_000_000  # characters looked through in vain for the end of a link, in one body
_MACHINE = re.compile(r"%%%\s*llm-output(?:\s+model\s*=\s*\"?(?P<note>[^\"\n]*)\"?)?\s*\Z")
_MACHINE_END = re.compile(r"%%%\s*/llm-output\s*\Z")
_COLLAPSED = re.compile(r"\+\+\+(?!\+)\s*(?P<note>.*)\Z")
_COLLAPSED_END = re.compile(r"\+\+\+\s*\Z")
_INLINE_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^>]*>\Z")
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_KNOWN_TAGS = frozenset(
    "a abbr b big br center cite code details div em font hr i iframe img input ins kbd mark p q small span strong sub "
    "summary sup table tbody td th thead tr tt u var wbr video audio source del s strike figure figcaption "
    "blockquote ul ol li h1 h2 h3 h4 h5 h6 pre section script style".split()
)


def from_markdown(markdown: str, dialect: Dialect = "commonmark", titles: Mapping[str, str] | None = None) -> Markup:
    """Read the Markdown of one body.

    With `dialect="arbital"` `[id words]` is a link to a page, `[summary: …]`, `%%note: … %%` and the like are that
    site's widgets; `titles` (page id → title) gives words to links that have none, as the site does.
    Raises `TooLarge` for more than `LIMITS.utterance_chars` of words, or four times as much markup.

    Example: from_markdown("I *said*\\n> no").text -> "I said\\n\\nno"
    """
    if len(markdown) > 4 * LIMITS.utterance_chars:
        raise TooLarge(f"Markdown of {len(markdown):,} characters, above {4 * LIMITS.utterance_chars:,}")
    source = clean(markdown)
    if dialect == "arbital":
        source = to_commonmark(source, titles or {})
    return _Reader().read(_parser().parse(source))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING + 20})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    for name, rule in (("blockquote", _not_deep), ("list", _not_deep)):
        existing = next(known for known in parser.block.ruler.__rules__ if known.name == name)
        parser.block.ruler.at(name, rule(existing.fn), {"alt": existing.alt})
    for name in ("link", "image", "footnote_inline"):
        existing = next(known for known in parser.inline.ruler.__rules__ if known.name == name)
        parser.inline.ruler.at(name, _not_endless(existing.fn))
    fences = (
        ("machine", "%", _MACHINE, _MACHINE_END, PassageKind.MACHINE_TEXT),
        ("collapsed", "+", _COLLAPSED, _COLLAPSED_END, None),
    )
    breaks = ["paragraph", "reference", "blockquote", "list"]
    for name, sign, opening, closing, _ in fences:
        parser.block.ruler.before("fence", name, _fenced(name, sign, opening, closing), {"alt": breaks})
    parser.block.ruler.before("blockquote", "spoiler", _spoiler, {"alt": breaks})
    return parser


_Rule = Callable[[StateBlock, int, int, bool], bool]


def _not_deep(rule: _Rule) -> _Rule:
    """Let a block rule pass where it would nest too deep; the parser alone would drop the rest of the text."""

    def guarded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < _NESTING and rule(state, start, end, silent)

    return guarded


def _not_endless(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Stop looking for links once a body has cost too much: each `[` without an end is looked for to the end."""

    def guarded(state: StateInline, silent: bool) -> bool:
        if state.env.get("scanned", 0) > _SCANNED:
            return False
        begins = state.pos
        found = rule(state, silent)
        if not found and state.src[begins] in "![^":
            state.env["scanned"] = state.env.get("scanned", 0) + state.posMax - begins
        return found

    return guarded


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _fenced(name: str, sign: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> _Rule:
    """Make a block rule for what stands between an opening line and a closing line. Unclosed, it is no such block."""

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = _line(state, start)
        if not first.startswith(sign * 3) or state.level >= _NESTING:
            return False
        found = opening.match(first)
        if found is None or state.env.get(f"unclosed {name}", end + 1) <= start:
            return False
        last = start + 1
        while last < end and not closing.match(_line(state, last)):
            last += 1
        if last >= end:
            state.env[f"unclosed {name}"] = start  # do not look again from every line below
            return False
        if silent:
            return True
        outer, state.lineMax = state.lineMax, last
        token = state.push(f"{name}_open", "div", 1)
        token.info = (found["note"] or "").strip()
        state.md.block.tokenize(state, start + 1, last)
        state.push(f"{name}_close", "div", -1)
        state.lineMax = outer
        state.line = last + 1
        return True

    return rule


def _spoiler(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read consecutive `>! ` lines as one spoiler."""
    if not _line(state, start).startswith(">!") or state.env.get("spoilers", 0) >= _SPOILERS:
        return False
    if silent:
        return True
    state.env["spoilers"] = state.env.get("spoilers", 0) + 1
    last = start
    lines: list[str] = []
    while last < end and _line(state, last).startswith(">"):
        words = _line(state, last)
        lines.append(words[2:].removeprefix(" ") if words.startswith(">!") else words[1:].removeprefix(" "))
        last += 1
    state.push("spoiler_open", "div", 1)
    state.md.block.parse("\n".join(lines), state.md, state.env, state.tokens)
    state.push("spoiler_close", "div", -1)
    state.env["spoilers"] -= 1
    state.line = last
    return True


@dataclass(slots=True)
class _Reader:
    """The walk over the tokens."""

    writer: Writer = field(default_factory=Writer)
    lists: int = 0
    groups: int = 0
    open: list[tuple[str, Any]] = field(default_factory=list)  # inline stretches begun by tags, with their names

    def read(self, tokens: Sequence[Token]) -> Markup:
        for token in tokens:
            handler = _BLOCKS.get(token.type)
            if handler is not None:
                handler(self, token)
            elif token.type == "inline":
                self._inline(token.children or [])
        return self.writer.markup()

    # Blocks

    def _end(self, token: Token) -> None:
        self.writer.end()

    def _cancel(self, token: Token) -> None:
        self.writer.cancel()

    def _heading(self, token: Token) -> None:
        self.writer.begin(PassageKind.HEADING, token.tag[1:])

    def _close(self, token: Token) -> None:
        self.writer.close()

    def _quote(self, token: Token) -> None:
        self.writer.open(PassageKind.QUOTE)

    def _spoiler(self, token: Token) -> None:
        self.writer.open(PassageKind.SPOILER)

    def _machine(self, token: Token) -> None:
        self.writer.open(PassageKind.MACHINE_TEXT, token.info)

    def _collapsed(self, token: Token) -> None:
        self.writer.begin(PassageKind.HEADING, "summary")
        self.writer.text(token.info)
        self.writer.cancel()

    def _list(self, token: Token) -> None:
        self.writer.end()
        if not self.lists:
            self._group()
        self.lists += 1

    def _list_end(self, token: Token) -> None:
        self.writer.end()
        self.lists -= 1
        if not self.lists:
            self.writer.group(0)

    def _group(self) -> None:
        self.groups += 1
        self.writer.group(self.groups)

    def _item(self, token: Token) -> None:
        self.writer.begin(PassageKind.LIST_ITEM, f"{token.info}." if token.info else "")

    def _table(self, token: Token) -> None:
        self.writer.end()
        if not self.lists:
            self._group()

    def _table_end(self, token: Token) -> None:
        self.writer.end()
        if not self.lists:
            self.writer.group(0)

    def _row(self, token: Token) -> None:
        self.writer.begin(PassageKind.TABLE_ROW)

    def _cell(self, token: Token) -> None:
        self.writer.tab()

    def _code(self, token: Token) -> None:
        self.writer.begin(PassageKind.CODE, token.info.strip())
        self.writer.verbatim(token.content)
        self.writer.cancel()

    def _math_block(self, token: Token) -> None:
        self.writer.end()
        self.writer.math(token.content, display=True)
        self.writer.end()

    def _html_block(self, token: Token) -> None:
        self.writer.end()
        read_fragment(token.content, self.writer)
        self.writer.end()

    def _footnote(self, token: Token) -> None:
        self.writer.open(PassageKind.FOOTNOTE, str(token.meta["id"] + 1))

    # Inline

    def _inline(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            handler = _INLINE.get(token.type)
            if handler is not None:
                handler(self, token)
        for _, stretch in self.open:
            self.writer.stop(stretch)
        self.open.clear()

    def _text(self, token: Token) -> None:
        self.writer.text(token.content)

    def _space(self, token: Token) -> None:
        self.writer.space()

    def _line_break(self, token: Token) -> None:
        self.writer.line_break()

    def _stretch(self, kind: PassageKind, note: str, name: str) -> None:
        self.open.append((name, self.writer.start(kind, note)))

    def _stop(self, token: Token) -> None:
        self._stop_named(token.type.removesuffix("_close"))

    def _stop_named(self, name: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == name:
                self.writer.stop(self.open.pop(place)[1])
                return

    def _emphasis(self, token: Token) -> None:
        self._stretch(PassageKind.EMPHASIS, token.tag, token.type.removesuffix("_open"))

    def _struck(self, token: Token) -> None:
        self._stretch(PassageKind.STRUCK, "", "s")

    def _link(self, token: Token) -> None:
        address = str(token.attrGet("href") or "")
        self._stretch(PassageKind.LINK, address.removeprefix(PAGE), "link")

    def _code_inline(self, token: Token) -> None:
        stretch = self.writer.start(PassageKind.CODE)
        self.writer.text(token.content)
        self.writer.stop(stretch)

    def _math(self, token: Token) -> None:
        self.writer.math(token.content, display=token.type == "math_inline_double")

    def _reference(self, token: Token) -> None:
        number = str(token.meta["id"] + 1)
        stretch = self.writer.start(PassageKind.FOOTNOTE_MARK, number)
        self.writer.exactly(f"[{number}]")
        self.writer.stop(stretch)

    def _html(self, token: Token) -> None:
        found = _INLINE_TAG.match(token.content)
        name = found[2].lower() if found else ""
        if found is None:
            return  # a comment or the like
        if name == "br":
            self.writer.line_break()
        elif name in _STRUCK_TAGS and not found[1]:
            self._struck(token)
        elif name in _STRUCK_TAGS:
            self._stop_named("s")
        elif name not in _KNOWN_TAGS:
            self.writer.text(token.content)  # <work in progress> is words


_BLOCKS: Mapping[str, Callable[[_Reader, Token], None]] = {
    "paragraph_close": _Reader._end,
    "heading_open": _Reader._heading,
    "heading_close": _Reader._cancel,
    "blockquote_open": _Reader._quote,
    "blockquote_close": _Reader._close,
    "spoiler_open": _Reader._spoiler,
    "spoiler_close": _Reader._close,
    "machine_open": _Reader._machine,
    "machine_close": _Reader._close,
    "collapsed_open": _Reader._collapsed,
    "collapsed_close": _Reader._cancel,
    "bullet_list_open": _Reader._list,
    "bullet_list_close": _Reader._list_end,
    "ordered_list_open": _Reader._list,
    "ordered_list_close": _Reader._list_end,
    "list_item_open": _Reader._item,
    "list_item_close": _Reader._cancel,
    "table_open": _Reader._table,
    "table_close": _Reader._table_end,
    "tr_open": _Reader._row,
    "tr_close": _Reader._cancel,
    "th_open": _Reader._cell,
    "td_open": _Reader._cell,
    "fence": _Reader._code,
    "code_block": _Reader._code,
    "math_block": _Reader._math_block,
    "math_block_label": _Reader._math_block,
    "html_block": _Reader._html_block,
    "hr": _Reader._end,
    "footnote_open": _Reader._footnote,
    "footnote_close": _Reader._close,
}
_INLINE: Mapping[str, Callable[[_Reader, Token], None]] = {
    "text": _Reader._text,
    "text_special": _Reader._text,
    "softbreak": _Reader._space,
    "hardbreak": _Reader._line_break,
    "em_open": _Reader._emphasis,
    "em_close": _Reader._stop,
    "strong_open": _Reader._emphasis,
    "strong_close": _Reader._stop,
    "s_open": _Reader._struck,
    "s_close": _Reader._stop,
    "link_open": _Reader._link,
    "link_close": _Reader._stop,
    "code_inline": _Reader._code_inline,
    "math_inline": _Reader._math,
    "math_inline_double": _Reader._math,
    "footnote_ref": _Reader._reference,
    "html_inline": _Reader._html,
}
