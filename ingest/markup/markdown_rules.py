"""How Markdown is parsed: markdown-it with the rules that forums add, and limits in front of what nests or looks ahead.

Past its own limit of nesting markdown-it drops the rest of the text; here what is too deep is read as words. What it
would drop besides, footnotes that nothing refers to and a line such as "[Ana]: yes", is kept as well.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from ingest.markup.elements import AS_WRITTEN

_NESTING = 40  # quotes, lists (which count twice) and other blocks deeper than this are read as words
_SPOILERS = 10  # spoilers within spoilers, likewise
_SCANNED = 10_000_000  # characters looked through in vain for the end of a link, in one body
_MACHINE = re.compile(r"%%%\s*llm-output(?:\s+model\s*=\s*\"?(?P<note>[^\"\n]*)\"?)?\s*\Z")
_MACHINE_END = re.compile(r"%%%\s*/llm-output\s*\Z")
_COLLAPSED = re.compile(r"\+\+\+(?!\+)\s*(?P<note>.*)\Z")
_COLLAPSED_END = re.compile(r"\+\+\+\s*\Z")
_SPOILER = re.compile(r":{3,}\s*spoilers?\b\s*(?P<note>.*)\Z", re.IGNORECASE)
_SPOILER_END = re.compile(r":{3,}\s*\Z")
_CALLOUT = re.compile(r"\[!([A-Za-z-]+)\][-+]?[ \t]*")
_QUOTING = frozenset({"quote", "cite"})
_REFERENCE = re.compile(r"\s*\[(?:[^\[\]\\]|\\.){1,999}\]:\s*(?P<address>\S*)", re.DOTALL)
# As ForumMagnum writes <sup> and <sub> in Markdown: 10^6^, a footnote's mark ^[\[1\]](#fn1)^, H~2~O.
_RAISED = re.compile(
    r"\^(?:(?P<link>(?P<strong>(?:\*\*)?)\[(?:[^\[\]\\\n]|\\.){1,40}\]\([^()\s]{0,300}\)(?P=strong))"
    r"|(?P<words>[-+\u2212]?\w[\w.,/+\u2212-]{0,20}))\^(?(words)(?![\w^({\\]))"
)
_LOWERED = re.compile(r"~(?P<words>\d{1,3}(?=~)|[\w+-]{1,10}(?=~(?!\w)))~(?!~)")


@cache
def make_parser(*, html: bool = True) -> MarkdownIt:
    """Make the parser: CommonMark with tables, strikethrough, footnotes, definitions, math, and what forums add.

    Without `html` tags are words like any others.
    """
    made = MarkdownIt("commonmark", {"html": html, "maxNesting": _NESTING + 20})
    made.enable(["table", "strikethrough"])
    made.use(footnote_plugin).use(deflist_plugin).use(
        dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False, double_inline=True
    )
    for name in ("blockquote", "list", "deflist"):
        existing = next(known for known in made.block.ruler.__rules__ if known.name == name)
        made.block.ruler.at(name, _limit_nesting(existing.fn), {"alt": existing.alt})
    for name in ("link", "image", "footnote_inline"):
        existing = next(known for known in made.inline.ruler.__rules__ if known.name == name)
        made.inline.ruler.at(name, _limit_lookahead(existing.fn))
    fences = (
        _Fence("machine", "%", _MACHINE, _MACHINE_END),
        _Fence("collapsed", "+", _COLLAPSED, _COLLAPSED_END, title="summary"),
        _Fence("spoiler", ":", _SPOILER, _SPOILER_END, title="p", ends_with_text=True),
    )
    breaks = ["paragraph", "reference", "blockquote", "list"]
    for fence in fences:
        made.block.ruler.before("fence", fence.name, _make_fence_rule(fence), {"alt": breaks})
    made.block.ruler.before("blockquote", "marked_spoiler", _read_spoiler, {"alt": breaks})
    known = next(known for known in made.block.ruler.__rules__ if known.name == "reference")
    made.block.ruler.at("reference", _limit_references(known.fn), {"alt": known.alt})
    made.inline.ruler.before("link", "raised", _read_raised)
    made.inline.ruler.before("strikethrough", "lowered", _read_lowered)
    made.core.ruler.at("footnote_tail", _move_footnotes)
    made.core.ruler.push("callouts", _part_callouts)
    made.core.ruler.before("text_join", "as_written", _keep_entities)
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


@dataclass(frozen=True, slots=True)
class _Fence:
    """A block between an opening and a closing line. Unclosed it ends with the text around it, or is no such block.

    What stands behind its name is a title, shown in an element of that tag, or, without one, data.
    """

    name: str
    sign: str
    opening: re.Pattern[str]
    closing: re.Pattern[str]
    title: str = ""
    ends_with_text: bool = False


def _make_fence_rule(fence: _Fence) -> _Rule:
    """Make the block rule for what stands between an opening line and a closing line."""

    def read_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = _line(state, start)
        if not first.startswith(fence.sign * 3) or state.level >= _NESTING:
            return False
        match = fence.opening.match(first)
        unclosed = f"unclosed {fence.name} {id(state.src)} {end}"  # do not look again from every line below
        if match is None or state.env.get(unclosed, end + 1) <= start:
            return False
        last, within = start + 1, 1
        while last < end:
            line = _line(state, last)
            if line.startswith(fence.sign * 3):
                within += -1 if fence.closing.match(line) else fence.opening.match(line) is not None
            if not within:
                break
            last += 1
        if last >= end and not fence.ends_with_text:
            state.env[unclosed] = start
            return False
        if silent:
            return True
        outer, state.lineMax = state.lineMax, last
        token = state.push(f"{fence.name}_open", "div", 1)
        token.info = (match["note"] or "").strip()
        if fence.title and token.info:
            state.push(f"{fence.title}_open", fence.title, 1)
            inline = state.push("inline", "", 0)
            inline.content, inline.children = token.info, []
            state.push(f"{fence.title}_close", fence.title, -1)
        state.md.block.tokenize(state, start + 1, last)
        state.push(f"{fence.name}_close", "div", -1)
        state.lineMax = outer
        state.line = min(last + 1, end)
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


def _limit_references(rule: _Rule) -> _Rule:
    """Take "[label]: address" for a definition only where it is an address; "[Ana]: yes" is words."""

    def apply(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        match = _REFERENCE.match(
            state.src, state.bMarks[start] + state.tShift[start], state.eMarks[min(start + 3, end - 1)]
        )
        is_address = match is None or re.search(r"[/.#:<]", match["address"]) is not None
        return is_address and rule(state, start, end, silent)

    return apply


def _read_raised(state: StateInline, silent: bool) -> bool:
    """Read `10^6^`, and a link that is raised: the mark of a footnote."""
    match = _RAISED.match(state.src, state.pos, state.posMax)
    if silent or match is None or (match["words"] and not _char_before(state).strip()):
        return False
    _push_around(state, "sup", match["link"] or match["words"], is_markup=match["link"] is not None)
    state.pos = match.end()
    return True


def _read_lowered(state: StateInline, silent: bool) -> bool:
    """Read `H~2~O`."""
    match = _LOWERED.match(state.src, state.pos, state.posMax)
    if silent or match is None or not re.match(r"[^\W\d_]|\)", _char_before(state)):
        return False
    _push_around(state, "sub", match["words"], is_markup=False)
    state.pos = match.end()
    return True


def _char_before(state: StateInline) -> str:
    return state.src[max(state.pos - 1, 0) : state.pos]


def _push_around(state: StateInline, tag: str, content: str, is_markup: bool) -> None:
    state.push(f"{tag}_open", tag, 1)
    if is_markup:
        state.md.inline.parse(content, state.md, state.env, state.tokens)
    else:
        state.push("text", "", 0).content = content
    state.push(f"{tag}_close", tag, -1)


def _move_footnotes(state: StateCore) -> None:
    """Move footnotes to the end: in the order of their marks, then those that nothing refers to."""
    texts: list[list[Token]] = [[]]
    labels: list[str] = []
    defined: list[tuple[str, list[Token]]] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            labels.append(token.meta["label"])
            texts.append([])
        elif token.type == "footnote_reference_close":
            defined.append((labels.pop(), texts.pop()))
        else:
            texts[-1].append(token)
    state.tokens = texts[0]
    first = {label: tokens for label, tokens in reversed(defined)}
    referred = list(state.env.get("footnotes", {}).get("list", {}).values())
    notes = [
        _make_paragraph(note["content"], note["tokens"]) if "tokens" in note else first.pop(note["label"], [])
        for note in referred
    ]
    shown = set(map(id, notes))
    notes += [tokens for _, tokens in defined if id(tokens) not in shown]
    if not notes:
        return
    state.tokens.append(Token("footnote_block_open", "section", 1, attrs={"class": "footnotes"}))
    for number, tokens in enumerate(notes, 1):
        name: dict[str, str | int | float] = {"class": "footnote-item", "data-footnote-id": str(number)}
        state.tokens += [Token("footnote_open", "li", 1, attrs=name), *tokens, Token("footnote_close", "li", -1)]
    state.tokens.append(Token("footnote_block_close", "section", -1))


def _make_paragraph(content: str, children: list[Token]) -> list[Token]:
    inline = Token("inline", "", 0, content=content, children=children)
    return [Token("paragraph_open", "p", 1, block=True), inline, Token("paragraph_close", "p", -1, block=True)]


def _keep_entities(state: StateCore) -> None:
    """Mark `&gt;` as the character that an author meant, so that nobody takes it for a sign he typed."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text_special" and child.info == "entity" and child.content in "&>":
                child.type, child.content = "html_inline", f'<span class="{AS_WRITTEN}">{escape(child.content)}</span>'


def _part_callouts(state: StateCore) -> None:
    """Put the title of a callout, its first line, before it; its words are quoted only where it says so."""
    parted: list[Token] = []
    quoting: list[str] = []  # the tags of the block quotes that are open
    for index, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            title, tag = _cut_title(state.tokens[index + 1 : index + 3])
            parted += title
            quoting.append(tag)
            token.tag = tag
        elif token.type == "blockquote_close":
            token.tag = quoting.pop()
        parted.append(token)
    state.tokens = parted


def _cut_title(following: Sequence[Token]) -> tuple[list[Token], str]:
    """Cut the title off a callout's first paragraph. Return it with the tag that the block then has."""
    first = following[-1] if len(following) == 2 and following[0].type == "paragraph_open" else None
    callout = _CALLOUT.match(first.content) if first is not None else None
    children = (first.children or []) if first is not None else []
    if callout is None or not children or not children[0].content.startswith(callout[0].rstrip()):
        return [], "blockquote"
    children[0].content = children[0].content[len(callout[0]) :]
    ends = next((n for n, child in enumerate(children) if child.type in {"softbreak", "hardbreak"}), len(children))
    title = _make_paragraph("", children[:ends])
    title[0] = Token("callout_open", "div", 1, attrs={"class": "callout-title"})
    title[-1] = Token("callout_close", "div", -1)
    del children[: ends + 1]
    return title, "blockquote" if callout[1].lower() in _QUOTING else "div"
