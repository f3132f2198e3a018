"""How Markdown is parsed: markdown-it with the rules that forums add, and limits in front of what nests or looks ahead.

Past its own limit of nesting markdown-it drops the rest of the text; here what is too deep is read as words.
"""

import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

_NESTING = 40  # quotes, lists (which count twice) and other blocks deeper than this are read as words
_SPOILERS = 10  # spoilers within spoilers, likewise
_SCANNED = 10_000_000  # characters looked through in vain for the end of a link, in one body
_MACHINE = re.compile(r"%%%\s*llm-output(?:\s+model\s*=\s*\"?(?P<note>[^\"\n]*)\"?)?\s*\Z")
_MACHINE_END = re.compile(r"%%%\s*/llm-output\s*\Z")
_COLLAPSED = re.compile(r"\+\+\+(?!\+)\s*(?P<note>.*)\Z")
_COLLAPSED_END = re.compile(r"\+\+\+\s*\Z")


@cache
def make_parser(*, html: bool = True) -> MarkdownIt:
    """Make the parser: CommonMark with tables, strikethrough, footnotes, definitions, math, and forum blocks.

    Without `html` tags are words like any others.
    """
    made = MarkdownIt("commonmark", {"html": html, "maxNesting": _NESTING + 20})
    made.enable(["table", "strikethrough"])
    made.use(footnote_plugin).use(deflist_plugin).use(
        dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True
    )
    for name in ("blockquote", "list", "deflist"):
        existing = next(known for known in made.block.ruler.__rules__ if known.name == name)
        made.block.ruler.at(name, _limit_nesting(existing.fn), {"alt": existing.alt})
    for name in ("link", "image", "footnote_inline"):
        existing = next(known for known in made.inline.ruler.__rules__ if known.name == name)
        made.inline.ruler.at(name, _limit_lookahead(existing.fn))
    fences = (
        ("machine", "%", _MACHINE, _MACHINE_END),
        ("collapsed", "+", _COLLAPSED, _COLLAPSED_END),
    )
    breaks = ["paragraph", "reference", "blockquote", "list"]
    for name, sign, opening, closing in fences:
        made.block.ruler.before("fence", name, _make_fence_rule(name, sign, opening, closing), {"alt": breaks})
    made.block.ruler.before("blockquote", "spoiler", _read_spoiler, {"alt": breaks})
    return made


_Rule = Callable[[StateBlock, int, int, bool], bool]


def _limit_nesting(rule: _Rule) -> _Rule:
    """Let a block rule pass where it would nest too deep; the parser alone would drop the rest of the text."""

    def apply(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < _NESTING and rule(state, start, end, silent)

    return apply


def _limit_lookahead(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Stop looking for links once a body has cost too much: each `[` without an end is looked for to the end."""

    def apply(state: StateInline, silent: bool) -> bool:
        if state.env.get("scanned", 0) > _SCANNED:
            return False
        begins = state.pos
        matched = rule(state, silent)
        if not matched and state.src[begins] in "![^":
            state.env["scanned"] = state.env.get("scanned", 0) + state.posMax - begins
        return matched

    return apply


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _make_fence_rule(name: str, sign: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> _Rule:
    """Make a block rule for what stands between an opening line and a closing line. Unclosed, it is no such block."""

    def read_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = _line(state, start)
        if not first.startswith(sign * 3) or state.level >= _NESTING:
            return False
        match = opening.match(first)
        unclosed = f"unclosed {name} {id(state.src)} {end}"  # do not look again from every line below
        if match is None or state.env.get(unclosed, end + 1) <= start:
            return False
        last = start + 1
        while last < end and not closing.match(_line(state, last)):
            last += 1
        if last >= end:
            state.env[unclosed] = start
            return False
        if silent:
            return True
        outer, state.lineMax = state.lineMax, last
        token = state.push(f"{name}_open", "div", 1)
        token.info = (match["note"] or "").strip()
        state.md.block.tokenize(state, start + 1, last)
        state.push(f"{name}_close", "div", -1)
        state.lineMax = outer
        state.line = last + 1
        return True

    return read_fence


def _read_spoiler(state: StateBlock, start: int, end: int, silent: bool) -> bool:
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
