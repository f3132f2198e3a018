"""What the elements of forum HTML write: handlers by tag and by class, and what is open while they do.

The tables of tags, classes and addresses are in `elements`; who walks the tree is `html`.
"""

# pyright: standard

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from corpus.model import PassageKind
from ingest.markup.elements import (
    BACK_LINKS,
    BACK_MARK,
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
    choose_sign,
    read_number,
)
from ingest.markup.tex import find_tex
from ingest.markup.typed_signs import read_signs
from ingest.markup.writer import Writer

Leave = Callable[[], None]
Attributes = Mapping[str, str | None]


@dataclass(slots=True)
class _List:
    """A list that is open: `number` is the next item's, None where items have none."""

    number: int | None


@dataclass(slots=True)
class ElementReader:
    """What is open while one body is read.

    Handlers write what an element means; what they return is done when it is left. Footnotes are put off:
    `begin_notes` returns them to whoever walks, when the body is read.
    """

    writer: Writer = field(default_factory=Writer)
    lists: list[_List] = field(default_factory=list)
    preformatted: int = 0
    cells: int = 0  # table rows open whose cells are one line
    groups: int = 0
    has_back_links: bool = False  # from notes to their marks
    notes: list[LexborNode] = field(default_factory=list)  # footnotes, put off to the end
    in_notes: bool = False
    in_note: bool = False
    note_numbers: dict[str, str] = field(default_factory=dict)

    def begin_notes(self) -> list[LexborNode]:
        """Return the footnotes that were put off, in order; from now on they are read where they are met."""
        self.in_notes = True
        notes, self.notes = self.notes, []
        return notes

    def enter(self, node: LexborNode) -> Leave | None:
        """Begin an element. The answer ends it; `SKIP` says that its children are not to be read."""
        tag = node.tag
        if tag == "-text":
            words = node.text_content or ""
            if self.preformatted:
                self.writer.write_verbatim(words)
                return SKIP
            if self.writer.begins_line and not words.isspace():
                kinds, length = read_signs(node)
                self.writer.sign_line(kinds)
                words = words[length:]
            self.writer.write_text(words)
            return SKIP
        if tag is None or tag in DROPPED:
            return self._enter_image(node) if tag == "img" else SKIP
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
        return self._begin_block() if tag in BLOCK else None

    def _begin_block(self) -> Leave:
        if self.cells:
            self.writer.leave_space()
            return self.writer.leave_space
        self.writer.end()
        return self.writer.end

    def _begin_kind(self, kind: PassageKind, note: str = "") -> Leave:
        if self.cells:
            return self._begin_block()
        self.writer.begin(kind, note)
        return self.writer.cancel

    def _open_region(self, kind: PassageKind, node: LexborNode, note: str = "") -> Leave:
        if node.tag not in BLOCK or self.cells:
            return self._start_stretch(kind, note)
        self.writer.open(kind, note)
        return self.writer.close

    def _start_stretch(self, kind: PassageKind, note: str = "") -> Leave:
        stretch = self.writer.start(kind, note)
        return lambda: self.writer.stop(stretch)

    def _read_words(self, node: LexborNode) -> str:
        return (node.text(deep=True) or "").strip()

    # Elements by tag

    def _enter_heading(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._begin_kind(PassageKind.HEADING, (node.tag or "")[1:])

    def _enter_summary(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._begin_kind(PassageKind.HEADING, "summary")

    def _enter_quote(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._open_region(PassageKind.QUOTE, node)

    def _enter_list(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if self.cells:
            return self._begin_block()
        if self.has_back_links and not self.lists and not self.in_note and _is_list_of_notes(node):
            return self._enter_footnotes(node, attributes)
        self.writer.end()
        if not self.lists:
            self.groups += 1
            self.writer.group(self.groups)
        ordered = node.tag == "ol"
        self.lists.append(_List(read_number(attributes.get("start"), 1) if ordered else None))
        return self._leave_list

    def _leave_list(self) -> None:
        self.writer.end()
        self.lists.pop()
        if not self.lists:
            self.writer.group(0)

    def _enter_list_item(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if self.in_notes and not self.in_note and node.css_first(BACK_LINKS) is not None:
            return self._enter_footnote(node, attributes)
        if not self.lists:
            return self._begin_kind(PassageKind.LIST_ITEM)
        innermost = self.lists[-1]
        if innermost.number is None:
            return self._begin_kind(PassageKind.LIST_ITEM)
        number = read_number(attributes.get("value"), innermost.number)
        innermost.number = number + 1
        return self._begin_kind(PassageKind.LIST_ITEM, f"{number}.")

    def _enter_callout_title(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._begin_kind(PassageKind.HEADING, "callout")

    def _enter_description(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._begin_kind(PassageKind.LIST_ITEM)

    def _enter_preformatted(self, node: LexborNode, attributes: Attributes) -> Leave:
        code = node.css_first("code")
        names = ((code.attributes.get("class") if code is not None else None) or "").split()
        language = next((name.removeprefix("language-") for name in names if name.startswith("language-")), "")
        leave_block = self._begin_kind(PassageKind.CODE, language)
        self.preformatted += 1

        def leave() -> None:
            self.preformatted -= 1
            leave_block()

        return leave

    def _enter_code(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        return None if self.preformatted else self._start_stretch(PassageKind.CODE)

    def _enter_row(self, node: LexborNode, attributes: Attributes) -> Leave:
        if self.cells or node.css_first(FLOW_IN_CELL) is not None:
            return self._begin_block()
        header = "header" if node.css_first("td") is None else ""
        self.writer.begin(PassageKind.TABLE_ROW, header)
        self.cells += 1

        def leave() -> None:
            self.cells -= 1
            self.writer.cancel()

        return leave

    def _enter_cell(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.cells:
            return self._begin_block()
        self.writer.leave_tab()
        return None

    def _enter_table(self, node: LexborNode, attributes: Attributes) -> Leave:
        if self.cells:
            return self._begin_block()
        self.writer.end()
        if self.lists:
            return self.writer.end
        self.groups += 1
        self.writer.group(self.groups)

        def leave() -> None:
            self.writer.end()
            self.writer.group(0)

        return leave

    def _enter_line_break(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if self.preformatted:
            self.writer.write_verbatim("\n")
        elif self.cells:
            self.writer.leave_space()
        else:
            self.writer.break_line()
        return SKIP

    def _enter_emphasis(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._start_stretch(PassageKind.EMPHASIS, EMPHASIS[node.tag or ""])

    def _enter_struck(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._start_stretch(PassageKind.STRUCK)

    def _enter_quotation_marks(self, node: LexborNode, attributes: Attributes) -> Leave:
        self.writer.write_text("“")
        return lambda: self.writer.write_text("”")

    def _enter_raised(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        """Show what is raised or lowered so that it is not read as part of the word before."""
        link = node.css_first("a")
        address = (link.attributes.get("href") or "") if link is not None else ""
        if FOOTNOTE_LINK.match(address) or FOOTNOTE_BACK.match(address):
            return None
        words = self._read_words(node)
        sign = choose_sign(node.tag == "sup", words, self.writer.tail)
        if sign == "[":
            return self._write_footnote_mark(words, words)
        self.writer.write_exactly(sign)
        return None

    def _enter_link(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        address = (attributes.get("href") or "").strip()
        if FOOTNOTE_BACK.match(address):
            words = self._read_words(node)
            if BACK_MARK.fullmatch(words) or (self.in_notes and MARK.fullmatch(words)):
                return SKIP
        elif (note := FOOTNOTE_LINK.match(address)) is not None:
            words = self._read_words(node)
            if MARK.fullmatch(words):
                return self._write_footnote_mark(words, note["id"])
        if not address or not SAFE_ADDRESS.match(address):
            return None
        return self._start_stretch(PassageKind.LINK, address)

    def _enter_math(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        tex = find_tex(node)
        if tex is None:
            return None
        apart = node.tag in BLOCK and not self.cells
        if apart:
            self.writer.end()
        if self.writer.begins_line:
            self.writer.sign_line(())
        self.writer.write_math(*tex)
        if apart:
            self.writer.end()
        return SKIP

    def _enter_image(self, node: LexborNode) -> Leave | None:
        tex = find_tex(node)
        if tex is not None:
            self.writer.write_math(*tex)
        return SKIP

    # Elements by class

    def _enter_skipped(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        return SKIP

    def _enter_spoiler(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._open_region(PassageKind.SPOILER, node)

    def _enter_machine_text(self, node: LexborNode, attributes: Attributes) -> Leave:
        return self._open_region(PassageKind.MACHINE_TEXT, node, attributes.get("data-model-name") or "")

    def _enter_embed(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        name = next(name for name in (attributes.get("class") or "").split() if name in EMBEDS)
        self.writer.begin(PassageKind.EMBED, name)
        self.writer.write_text(self._read_words(node))
        self.writer.cancel()
        return SKIP

    def _enter_mention(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self._read_words(node):
            self.writer.write_text(attributes.get("data-mention-title") or "")
        return None

    def _enter_footnote_reference(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        words = attributes.get("data-footnote-index") or self._read_words(node)
        return self._write_footnote_mark(words, attributes.get("data-footnote-id") or "")

    def _write_footnote_mark(self, words: str, target: str) -> Leave | None:
        match = MARK.fullmatch(words.strip())
        number = match[1] if match else words.strip().strip("[]")
        self.note_numbers.setdefault(FOOTNOTE_ID.sub("", target), number)
        stretch = self.writer.start(PassageKind.FOOTNOTE_MARK, number)
        self.writer.write_exactly(f"[{number}]")
        self.writer.stop(stretch)
        return SKIP

    def _enter_footnotes(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.in_notes:
            self.notes.append(node)
            return SKIP
        if node.css_first("li") is None:
            return self._open_region(PassageKind.FOOTNOTE, node)
        self.lists.append(_List(read_number(attributes.get("start"), 1)))
        return self._leave_list

    def _enter_footnote(self, node: LexborNode, attributes: Attributes) -> Leave | None:
        if not self.in_notes:
            self.notes.append(node)
            return SKIP
        back = node.css_first(BACK_LINKS)
        back_link = FOOTNOTE_BACK.match((back.attributes.get("href") or "") if back is not None else "")
        name = attributes.get("data-footnote-id") or FOOTNOTE_ID.sub("", attributes.get("id") or "")
        name = name or (back_link["id"] if back_link else "")
        number = self.note_numbers.get(name, "")
        if self.lists and self.lists[-1].number is not None:
            number = number or str(self.lists[-1].number)
            self.lists[-1].number += 1
        outer, self.lists = self.lists, []
        self.writer.open(PassageKind.FOOTNOTE, number)
        within, self.in_note = self.in_note, True

        def leave() -> None:
            self.writer.close()
            self.lists, self.in_note = outer, within

        return leave


def _is_list_of_notes(node: LexborNode) -> bool:
    """Return whether the first item of a list links back to a footnote's mark."""
    item = node.css_first("li")
    link = item.css_first(BACK_LINKS) if item is not None else None
    return link is not None and BACK_MARK.fullmatch((link.text(deep=True) or "").strip()) is not None


def _skip() -> None:
    """Mark an element whose children are not read."""


SKIP: Leave = _skip
_Handler = Callable[[ElementReader, LexborNode, Attributes], Leave | None]


def _tags() -> Iterator[tuple[str, _Handler]]:
    for tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield tag, ElementReader._enter_heading
    for tag in EMPHASIS:
        yield tag, ElementReader._enter_emphasis
    for tag in CODE:
        yield tag, ElementReader._enter_code
    for tag in STRUCK:
        yield tag, ElementReader._enter_struck
    for tag in ("ul", "ol", "menu", "dir", "dl"):
        yield tag, ElementReader._enter_list
    for tag in ("pre", "listing", "xmp"):
        yield tag, ElementReader._enter_preformatted


_BY_TAG: Mapping[str, _Handler] = {
    **dict(_tags()),
    "a": ElementReader._enter_link,
    "blockquote": ElementReader._enter_quote,
    "br": ElementReader._enter_line_break,
    "dd": ElementReader._enter_description,
    "dt": ElementReader._enter_description,
    "li": ElementReader._enter_list_item,
    "math": ElementReader._enter_math,
    "mjx-container": ElementReader._enter_math,
    "q": ElementReader._enter_quotation_marks,
    "sub": ElementReader._enter_raised,
    "summary": ElementReader._enter_summary,
    "sup": ElementReader._enter_raised,
    "table": ElementReader._enter_table,
    "td": ElementReader._enter_cell,
    "th": ElementReader._enter_cell,
    "tr": ElementReader._enter_row,
}
_BY_CLASS: Mapping[str, _Handler] = {
    **dict.fromkeys(SKIPPED_CLASSES, ElementReader._enter_skipped),
    **dict.fromkeys(SPOILERS, ElementReader._enter_spoiler),
    **dict.fromkeys(FOOTNOTE_SECTIONS, ElementReader._enter_footnotes),
    **dict.fromkeys(EMBEDS, ElementReader._enter_embed),
    **dict.fromkeys(
        ("math-tex", "mjpage", "mjpage__block", "mjx-chtml", "katex", "MathJax"), ElementReader._enter_math
    ),
    **dict.fromkeys(("draft-latex-placeholder", "draft-latex-placeholder-block"), ElementReader._enter_math),
    "callout-title": ElementReader._enter_callout_title,
    "footnote-item": ElementReader._enter_footnote,
    "footnote-reference": ElementReader._enter_footnote_reference,
    "llm-content-block": ElementReader._enter_machine_text,
    "research-mention": ElementReader._enter_mention,
}
