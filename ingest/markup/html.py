"""Read the HTML of forum bodies: what a browser shows, as blocks and passages.

The markup is that of ForumMagnum (its sanitizer's allow-list and editor output), of the readers that show the same
bodies (GreaterWrong, issarice), and of older posts. The tree is walked with a stack, never recursively.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.limits import LIMITS
from corpus.model import PassageKind
from ingest.markup.guard import bounded
from ingest.markup.tex import tex_of_element
from ingest.markup.writer import Markup, Writer, clean

Leave = Callable[[], None]
Attributes = Mapping[str, str | None]

_DROPPED = frozenset(
    "applet area audio base button canvas dialog embed frame frameset head iframe img input link map meta nav noembed "
    "noframes noscript object param progress script select source style svg template textarea title track "
    "video".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_EMPHASIS = {"em": "em", "i": "em", "b": "strong", "strong": "strong"}
_CODE = frozenset({"code", "kbd", "samp", "tt", "var"})
_STRUCK = frozenset({"del", "s", "strike"})
_SCRIPT_SIGN = {"sup": "^", "sub": "_"}
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|e|o|a|ème|TM|SM|®|™)\Z")
_FOOTNOTE_LINK = re.compile(r"#(?:fn(?!ref)|footnote(?!-?ref)|user-content-fn(?!ref)|ftn(?!ref)|_ftn(?!ref))")
_FOOTNOTE_BACK = re.compile(r"#(?:fnref|footnote-?ref|user-content-fnref|ftnref|_ftnref)")
_MARK = re.compile(r"\[?\s*(\w{1,6}|[*†‡§]{1,3})\s*\]?")
_FOOTNOTE_ID = re.compile(r"^(?:user-content-)?(?:fn|footnote)[-:]?")

_SKIPPED_CLASSES = frozenset(
    {
        "footnote-back-link",
        "footnote-backref",
        "footnote-backlink",
        "elicit-binary-prediction",  # the word in it is "Prediction"
        "mjx-assistive-mml",
        "MJX_Assistive_MathML",
        "katex-html",
        "link-post-link",  # GreaterWrong's words "Link post"
    }
)
_SPOILERS = frozenset({"spoiler", "spoilers", "spoiler-v2"})
_FOOTNOTE_SECTIONS = frozenset({"footnotes", "footnote-section", "footnotes-list"})
_EMBEDS = frozenset(
    {
        "metaculus-preview",
        "manifold-preview",
        "metaforecast-preview",
        "owid-preview",
        "strawpoll-embed",
        "ck-poll",
        "viewpoints-preview",
        "youtube-preview",
        "lwartifacts-preview",
        "thoughtSaverFrameWrapper",
        "calendly-preview",
        "neuronpedia-preview",
        "estimaker-preview",
        "review-results-table",
    }
)
_FLOW_IN_CELL = "blockquote, ul, ol, pre, table, h1, h2, h3, h4, h5, h6, p + p, div + div"
_SAFE_ADDRESS = re.compile(r"(?:https?:|mailto:|/|#|\?|[^:]*$)", re.IGNORECASE)


def from_html(html: str) -> Markup:
    """Read the HTML of one body.

    Raises `TooLarge` for more than `LIMITS.utterance_chars` of words or `LIMITS.markup_chars` of markup.

    Example: from_html("<p>I said <em>no</em>.</p><blockquote>Yes</blockquote>").text -> "I said no.\\n\\nYes"
    """
    if len(html) <= LIMITS.markup_chars:
        html = clean(html)
    body = LexborHTMLParser(bounded(html)).body
    if body is None:
        return Markup("")
    return from_node(body)


def read_fragment(html: str, writer: Writer) -> None:
    """Read a piece of HTML that stands within other text into that text's writer."""
    body = LexborHTMLParser(bounded(html)).body
    if body is not None:
        _Reader(writer).walk(body)


def from_node(root: LexborNode) -> Markup:
    """Read what stands within one element of a page that is parsed already (of bounded depth: see `bounded`)."""
    return _Reader().read(root)


@dataclass(slots=True)
class _List:
    """A list that is open: `number` is the next item's, None where items have none."""

    number: int | None


@dataclass(slots=True)
class _Reader:
    """The walk over one body. Handlers write what an element means; what they return is done when it is left."""

    writer: Writer = field(default_factory=Writer)
    lists: list[_List] = field(default_factory=list)
    preformatted: int = 0
    cells: int = 0  # table rows open whose cells are one line
    groups: int = 0
    notes: list[LexborNode] = field(default_factory=list)  # footnotes, put off to the end
    in_notes: bool = False
    note_numbers: dict[str, str] = field(default_factory=dict)

    def read(self, root: LexborNode) -> Markup:
        self.walk(root)
        self.in_notes = True
        waiting, self.notes = self.notes, []
        for note in waiting:
            self.walk(note, whole=True)
        return self.writer.markup()

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
                self.writer.verbatim(words)
            else:
                self.writer.text(words)
            return _SKIP
        if tag is None or tag in _DROPPED:
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
        return self._block() if tag in _BLOCK else None

    def _block(self) -> Leave:
        if self.cells:
            self.writer.space()
            return self.writer.space
        self.writer.end()
        return self.writer.end

    def _kind(self, kind: PassageKind, note: str = "") -> Leave:
        if self.cells:
            return self._block()
        self.writer.begin(kind, note)
        return self.writer.cancel

    def _region(self, kind: PassageKind, node: LexborNode, note: str = "") -> Leave:
        if node.tag not in _BLOCK or self.cells:
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
        self.lists.append(_List(_number(attributes.get("start"), 1) if ordered else None))
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
        number = _number(attributes.get("value"), innermost.number)
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
        if self.cells or node.css_first(_FLOW_IN_CELL) is not None:
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
        self.writer.tab()
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
            self.writer.verbatim("\n")
        elif self.cells:
            self.writer.space()
        else:
            self.writer.line_break()
        return _SKIP

    def _emphasis(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._stretch(PassageKind.EMPHASIS, _EMPHASIS[node.tag or ""])

    def _struck(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._stretch(PassageKind.STRUCK)

    def _quotation_marks(self, node: LexborNode, attributes: Attributes) -> Leave:
        self.writer.text("“")
        return lambda: self.writer.text("”")

    def _raised(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        """Keep 10<sup>6</sup> from reading as 106, but 1<sup>st</sup> as 1st and H<sub>2</sub>O as H2O."""
        words = self._text_of(node)
        before = self.writer.last
        if node.css_first("a") is not None or re.fullmatch(r"\[.*\]", words):
            return self._mark(words, words) if re.fullmatch(r"\[\w{1,4}\]", words) and not self.in_notes else None
        numeral = words[:1].isdigit()
        if node.tag == "sup" and not _ORDINAL.match(words) and (before.isdigit() or before in {")", "]", "$"}):
            self.writer.exactly("^")
        elif node.tag == "sup" and before.isalpha() and (numeral or words[:1] in "-−+"):
            self.writer.exactly("^")
        elif node.tag == "sub" and before.isalnum() and not numeral:
            self.writer.exactly("_")
        return None

    def _link(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        address = (attributes.get("href") or "").strip()
        if _FOOTNOTE_BACK.match(address):
            words = self._text_of(node)
            if self.in_notes or not _MARK.fullmatch(words):
                return _SKIP
        elif _FOOTNOTE_LINK.match(address):
            words = self._text_of(node)
            if _MARK.fullmatch(words):
                return self._mark(words, address[1:])
        if not address or not _SAFE_ADDRESS.match(address):
            return None
        return self._stretch(PassageKind.LINK, address)

    def _math(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        found = tex_of_element(node)
        if found is None:
            return None
        self.writer.math(*found)
        return _SKIP

    def _image(self, node: LexborNode) -> Leave | None:
        found = tex_of_element(node)
        if found is not None:
            self.writer.math(*found)
        return _SKIP

    # Elements by class

    def _skipped(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        return _SKIP

    def _spoiler(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._region(PassageKind.SPOILER, node)

    def _machine(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._region(PassageKind.MACHINE_TEXT, node, attributes.get("data-model-name") or "")

    def _embed(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        name = next(name for name in (attributes.get("class") or "").split() if name in _EMBEDS)
        self.writer.begin(PassageKind.EMBED, name)
        self.writer.text(self._text_of(node))
        self.writer.cancel()
        return _SKIP

    def _mention(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self._text_of(node):
            self.writer.text(attributes.get("data-mention-title") or "")
        return None

    def _reference(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        words = attributes.get("data-footnote-index") or self._text_of(node)
        return self._mark(words, attributes.get("data-footnote-id") or "")

    def _mark(self, words: str, target: str) -> Leave | None:
        found = _MARK.fullmatch(words.strip())
        number = found[1] if found else words.strip().strip("[]")
        self.note_numbers.setdefault(_FOOTNOTE_ID.sub("", target), number)
        stretch = self.writer.start(PassageKind.FOOTNOTE_MARK, number)
        self.writer.exactly(f"[{number}]")
        self.writer.stop(stretch)
        return _SKIP

    def _footnotes(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.in_notes:
            self.notes.append(node)
            return _SKIP
        if node.css_first("li") is None:
            return self._region(PassageKind.FOOTNOTE, node)
        self.lists.append(_List(_number(attributes.get("start"), 1)))
        return self._leave_list

    def _footnote(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.in_notes:
            self.notes.append(node)
            return _SKIP
        name = attributes.get("data-footnote-id") or _FOOTNOTE_ID.sub("", attributes.get("id") or "")
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
_Handler = Callable[[_Reader, LexborNode, Attributes], Leave | None]


def _number(written: str | None, otherwise: int) -> int:
    """Read a list number; forums hold any rubbish there."""
    written = (written or "").strip()
    return int(written) if re.fullmatch(r"-?\d{1,9}", written) else otherwise


def _tags() -> Iterator[tuple[str, _Handler]]:
    for tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield tag, _Reader._heading
    for tag in _EMPHASIS:
        yield tag, _Reader._emphasis
    for tag in _CODE:
        yield tag, _Reader._code
    for tag in _STRUCK:
        yield tag, _Reader._struck
    for tag in ("ul", "ol", "menu", "dir", "dl"):
        yield tag, _Reader._list
    for tag in ("pre", "listing", "xmp"):
        yield tag, _Reader._preformatted


_BY_TAG: Mapping[str, _Handler] = {
    **dict(_tags()),
    "a": _Reader._link,
    "blockquote": _Reader._quote,
    "br": _Reader._line_break,
    "dd": _Reader._described,
    "dt": _Reader._described,
    "li": _Reader._list_item,
    "math": _Reader._math,
    "mjx-container": _Reader._math,
    "q": _Reader._quotation_marks,
    "sub": _Reader._raised,
    "summary": _Reader._summary,
    "sup": _Reader._raised,
    "table": _Reader._table,
    "td": _Reader._cell,
    "th": _Reader._cell,
    "tr": _Reader._row,
}
_BY_CLASS: Mapping[str, _Handler] = {
    **dict.fromkeys(_SKIPPED_CLASSES, _Reader._skipped),
    **dict.fromkeys(_SPOILERS, _Reader._spoiler),
    **dict.fromkeys(_FOOTNOTE_SECTIONS, _Reader._footnotes),
    **dict.fromkeys(_EMBEDS, _Reader._embed),
    **dict.fromkeys(("math-tex", "mjpage", "mjpage__block", "mjx-chtml", "katex", "MathJax"), _Reader._math),
    **dict.fromkeys(("draft-latex-placeholder", "draft-latex-placeholder-block"), _Reader._math),
    "footnote-item": _Reader._footnote,
    "footnote-reference": _Reader._reference,
    "llm-content-block": _Reader._machine,
    "research-mention": _Reader._mention,
}
