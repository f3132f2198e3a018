"""Read the HTML of forum bodies: what a browser shows, as blocks and passages.

The markup is that of ForumMagnum (its sanitizer's allow-list and editor output), of the readers that show the same
bodies (GreaterWrong, issarice), and of older posts. The tree is walked with a stack, never recursively.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.limits import LIMITS
from corpus.model import PassageKind
from ingest.markup.elements import (
    BLOCK,
    CODE,
    DROPPED,
    EMBEDS,
    EMPHASIS,
    FLOW_IN_CELL,
    FOOTNOTE_BACK,
    FOOTNOTE_ID,
    FOOTNOTE_LINK,
    FOOTNOTE_SECTIONS,
    MARK,
    SAFE_ADDRESS,
    SKIPPED_CLASSES,
    SPOILERS,
    STRUCK,
    number_in,
    sign_before,
)
from ingest.markup.guard import bound_markup
from ingest.markup.tex import find_tex
from ingest.markup.writer import Markup, Writer, clean

Leave = Callable[[], None]
Attributes = Mapping[str, str | None]


def read_html(html: str) -> Markup:
    """Read the HTML of one body.

    Raise `TooLarge` for more than `LIMITS.utterance_chars` of words or `LIMITS.markup_chars` of markup.

    >>> read_html("<p>I said <em>no</em>.</p><blockquote>Yes</blockquote>").text
    'I said no.\\n\\nYes'
    """
    if len(html) <= LIMITS.markup_chars:
        html = clean(html)
    body = LexborHTMLParser(bound_markup(html)).body
    if body is None:
        return Markup("")
    return read_node(body)


def read_fragment(html: str, writer: Writer) -> None:
    """Read a piece of HTML that stands within other text into that text's writer."""
    body = LexborHTMLParser(bound_markup(html)).body
    if body is not None:
        _HtmlReader(writer).walk(body)


def read_node(root: LexborNode) -> Markup:
    """Read what stands within one element of a page that is parsed already (of bounded depth: see `bound_markup`)."""
    return _HtmlReader().read_body(root)


@dataclass(slots=True)
class _List:
    """A list that is open: `number` is the next item's, None where items have none."""

    number: int | None


@dataclass(slots=True)
class _HtmlReader:
    """The walk over one body. Handlers write what an element means; what they return is done when it is left."""

    writer: Writer = field(default_factory=Writer)
    lists: list[_List] = field(default_factory=list)
    preformatted: int = 0
    cells: int = 0  # table rows open whose cells are one line
    groups: int = 0
    notes: list[LexborNode] = field(default_factory=list)  # footnotes, put off to the end
    in_notes: bool = False
    note_numbers: dict[str, str] = field(default_factory=dict)

    def read_body(self, root: LexborNode) -> Markup:
        self.walk(root)
        self.in_notes = True
        waiting, self.notes = self.notes, []
        for note in waiting:
            self.walk(note, whole=True)
        return self.writer.finish()

    def walk(self, root: LexborNode, whole: bool = False) -> None:
        """Walk `root`'s children, or `root` itself with them."""
        stack: list[tuple[LexborNode | None, Leave | None]] = []
        node: LexborNode | None = root if whole else root.first_child
        while True:
            if node is None:
                if not stack:
                    return
                node, leave = stack.pop()
                if leave is not None:
                    leave()
                continue
            following = None if whole and not stack else node.next
            entered = self._enter(node)
            if entered is _SKIP:
                node = following
                continue
            child = node.first_child
            if child is None:
                if entered is not None:
                    entered()
                node = following
            else:
                stack.append((following, entered))
                node = child

    def _enter(self, node: LexborNode) -> Leave | None:
        """Begin an element. The answer ends it; `_SKIP` says that its children are not to be read."""
        tag = node.tag
        if tag == "-text":
            words = node.text_content or ""
            if self.preformatted:
                self.writer.write_verbatim(words)
            else:
                self.writer.write_text(words)
            return _SKIP
        if tag is None or tag in DROPPED:
            return self._image(node) if tag == "img" else _SKIP
        attributes: Attributes = node.attributes
        names = attributes.get("class")
        if names:
            for name in names.split():
                handler = _BY_CLASS.get(name)
                if handler is not None:
                    return handler(self, node, attributes)
        handler = _BY_TAG.get(tag)
        if handler is not None:
            return handler(self, node, attributes)
        return self._block() if tag in BLOCK else None

    def _block(self) -> Leave:
        if self.cells:
            self.writer.leave_space()
            return self.writer.leave_space
        self.writer.end()
        return self.writer.end

    def _kind(self, kind: PassageKind, note: str = "") -> Leave:
        if self.cells:
            return self._block()
        self.writer.begin(kind, note)
        return self.writer.cancel

    def _region(self, kind: PassageKind, node: LexborNode, note: str = "") -> Leave:
        if node.tag not in BLOCK or self.cells:
            return self._stretch(kind, note)
        self.writer.open(kind, note)
        return self.writer.close

    def _stretch(self, kind: PassageKind, note: str = "") -> Leave:
        stretch = self.writer.start(kind, note)
        return lambda: self.writer.stop(stretch)

    def _text_of(self, node: LexborNode) -> str:
        return (node.text(deep=True) or "").strip()

    # Elements by tag

    def _heading(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._kind(PassageKind.HEADING, (node.tag or "")[1:])

    def _summary(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._kind(PassageKind.HEADING, "summary")

    def _quote(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._region(PassageKind.QUOTE, node)

    def _list(self, node: LexborNode, attributes: Attributes) -> Leave:
        if self.cells:
            return self._block()
        self.writer.end()
        if not self.lists:
            self.groups += 1
            self.writer.group(self.groups)
        ordered = node.tag == "ol"
        self.lists.append(_List(number_in(attributes.get("start"), 1) if ordered else None))
        return self._leave_list

    def _leave_list(self) -> None:
        self.writer.end()
        self.lists.pop()
        if not self.lists:
            self.writer.group(0)

    def _list_item(self, node: LexborNode, attributes: Attributes) -> Leave:
        if not self.lists:
            return self._kind(PassageKind.LIST_ITEM)
        innermost = self.lists[-1]
        if innermost.number is None:
            return self._kind(PassageKind.LIST_ITEM)
        number = number_in(attributes.get("value"), innermost.number)
        innermost.number = number + 1
        return self._kind(PassageKind.LIST_ITEM, f"{number}.")

    def _described(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._kind(PassageKind.LIST_ITEM)

    def _preformatted(self, node: LexborNode, attributes: Attributes) -> Leave:
        leave = self._kind(PassageKind.CODE)
        self.preformatted += 1

        def done() -> None:
            self.preformatted -= 1
            leave()

        return done

    def _code(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        return None if self.preformatted else self._stretch(PassageKind.CODE)

    def _row(self, node: LexborNode, attributes: Attributes) -> Leave:
        if self.cells or node.css_first(FLOW_IN_CELL) is not None:
            return self._block()
        header = "header" if node.css_first("td") is None else ""
        self.writer.begin(PassageKind.TABLE_ROW, header)
        self.cells += 1

        def done() -> None:
            self.cells -= 1
            self.writer.cancel()

        return done

    def _cell(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.cells:
            return self._block()
        self.writer.leave_tab()
        return None

    def _table(self, node: LexborNode, attributes: Attributes) -> Leave:
        if self.cells:
            return self._block()
        self.writer.end()
        if self.lists:
            return self.writer.end
        self.groups += 1
        self.writer.group(self.groups)

        def done() -> None:
            self.writer.end()
            self.writer.group(0)

        return done

    def _line_break(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if self.preformatted:
            self.writer.write_verbatim("\n")
        elif self.cells:
            self.writer.leave_space()
        else:
            self.writer.break_line()
        return _SKIP

    def _emphasis(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._stretch(PassageKind.EMPHASIS, EMPHASIS[node.tag or ""])

    def _struck(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._stretch(PassageKind.STRUCK)

    def _quotation_marks(self, node: LexborNode, attributes: Attributes) -> Leave:
        self.writer.write_text("“")
        return lambda: self.writer.write_text("”")

    def _raised(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        """Show what is raised or lowered so that it is not read as part of the word before."""
        if node.css_first("a") is not None:
            return None
        words = self._text_of(node)
        sign = sign_before(node.tag == "sup", words, self.writer.tail)
        if sign == "[":
            return self._mark(words, words)
        self.writer.write_exactly(sign)
        return None

    def _link(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        address = (attributes.get("href") or "").strip()
        if FOOTNOTE_BACK.match(address):
            words = self._text_of(node)
            if self.in_notes or not MARK.fullmatch(words):
                return _SKIP
        elif FOOTNOTE_LINK.match(address):
            words = self._text_of(node)
            if MARK.fullmatch(words):
                return self._mark(words, address[1:])
        if not address or not SAFE_ADDRESS.match(address):
            return None
        return self._stretch(PassageKind.LINK, address)

    def _math(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        tex = find_tex(node)
        if tex is None:
            return None
        apart = node.tag in BLOCK and not self.cells
        if apart:
            self.writer.end()
        self.writer.write_math(*tex)
        if apart:
            self.writer.end()
        return _SKIP

    def _image(self, node: LexborNode) -> Leave | None:
        tex = find_tex(node)
        if tex is not None:
            self.writer.write_math(*tex)
        return _SKIP

    # Elements by class

    def _skipped(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        return _SKIP

    def _spoiler(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._region(PassageKind.SPOILER, node)

    def _machine(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._region(PassageKind.MACHINE_TEXT, node, attributes.get("data-model-name") or "")

    def _embed(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        name = next(name for name in (attributes.get("class") or "").split() if name in EMBEDS)
        self.writer.begin(PassageKind.EMBED, name)
        self.writer.write_text(self._text_of(node))
        self.writer.cancel()
        return _SKIP

    def _mention(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self._text_of(node):
            self.writer.write_text(attributes.get("data-mention-title") or "")
        return None

    def _reference(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        words = attributes.get("data-footnote-index") or self._text_of(node)
        return self._mark(words, attributes.get("data-footnote-id") or "")

    def _mark(self, words: str, target: str) -> Leave | None:
        match = MARK.fullmatch(words.strip())
        number = match[1] if match else words.strip().strip("[]")
        self.note_numbers.setdefault(FOOTNOTE_ID.sub("", target), number)
        stretch = self.writer.start(PassageKind.FOOTNOTE_MARK, number)
        self.writer.write_exactly(f"[{number}]")
        self.writer.stop(stretch)
        return _SKIP

    def _footnotes(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.in_notes:
            self.notes.append(node)
            return _SKIP
        if node.css_first("li") is None:
            return self._region(PassageKind.FOOTNOTE, node)
        self.lists.append(_List(number_in(attributes.get("start"), 1)))
        return self._leave_list

    def _footnote(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.in_notes:
            self.notes.append(node)
            return _SKIP
        name = attributes.get("data-footnote-id") or FOOTNOTE_ID.sub("", attributes.get("id") or "")
        number = self.note_numbers.get(name, "")
        if self.lists and self.lists[-1].number is not None:
            number = number or str(self.lists[-1].number)
            self.lists[-1].number += 1
        outer, self.lists = self.lists, []
        self.writer.open(PassageKind.FOOTNOTE, number)

        def done() -> None:
            self.writer.close()
            self.lists = outer

        return done


def _skip() -> None:
    """Mark an element whose children are not read."""


_SKIP: Leave = _skip
_Handler = Callable[[_HtmlReader, LexborNode, Attributes], Leave | None]


def _tags() -> Iterator[tuple[str, _Handler]]:
    for tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield tag, _HtmlReader._heading
    for tag in EMPHASIS:
        yield tag, _HtmlReader._emphasis
    for tag in CODE:
        yield tag, _HtmlReader._code
    for tag in STRUCK:
        yield tag, _HtmlReader._struck
    for tag in ("ul", "ol", "menu", "dir", "dl"):
        yield tag, _HtmlReader._list
    for tag in ("pre", "listing", "xmp"):
        yield tag, _HtmlReader._preformatted


_BY_TAG: Mapping[str, _Handler] = {
    **dict(_tags()),
    "a": _HtmlReader._link,
    "blockquote": _HtmlReader._quote,
    "br": _HtmlReader._line_break,
    "dd": _HtmlReader._described,
    "dt": _HtmlReader._described,
    "li": _HtmlReader._list_item,
    "math": _HtmlReader._math,
    "mjx-container": _HtmlReader._math,
    "q": _HtmlReader._quotation_marks,
    "sub": _HtmlReader._raised,
    "summary": _HtmlReader._summary,
    "sup": _HtmlReader._raised,
    "table": _HtmlReader._table,
    "td": _HtmlReader._cell,
    "th": _HtmlReader._cell,
    "tr": _HtmlReader._row,
}
_BY_CLASS: Mapping[str, _Handler] = {
    **dict.fromkeys(SKIPPED_CLASSES, _HtmlReader._skipped),
    **dict.fromkeys(SPOILERS, _HtmlReader._spoiler),
    **dict.fromkeys(FOOTNOTE_SECTIONS, _HtmlReader._footnotes),
    **dict.fromkeys(EMBEDS, _HtmlReader._embed),
    **dict.fromkeys(("math-tex", "mjpage", "mjpage__block", "mjx-chtml", "katex", "MathJax"), _HtmlReader._math),
    **dict.fromkeys(("draft-latex-placeholder", "draft-latex-placeholder-block"), _HtmlReader._math),
    "footnote-item": _HtmlReader._footnote,
    "footnote-reference": _HtmlReader._reference,
    "llm-content-block": _HtmlReader._machine,
    "research-mention": _HtmlReader._mention,
}
