"""Write text block by block, and keep what every stretch of it is.

All three readers of markup write through one `Writer`, so that one set of rules decides about white space, the
distance of blocks, and offsets that are exact because they are counted while the text is made.
"""

# pyright: standard

import re
from dataclasses import dataclass, field

from corpus.errors import TooLarge
from corpus.limits import LIMITS
from corpus.model import Passage, PassageKind


@dataclass(frozen=True, slots=True)
class Markup:
    """Words as a reader sees them, and the passages in them, sorted by (start, -end)."""

    text: str
    passages: tuple[Passage, ...] = ()


@dataclass(slots=True)
class _Open:
    """A region or an inline stretch that has begun; `start` is None until its first word is written."""

    kind: PassageKind
    note: str
    serial: int
    start: int | None = None


# Control characters, and characters that no reader can see: soft hyphen, zero-width space, word joiner, BOM. The
# joiners of scripts and emoji and the marks of writing direction stay.
_INVISIBLE: dict[int, str | None] = {
    **dict.fromkeys([*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x2060, 0xFEFF]),
    **dict.fromkeys([0x0B, 0x0C], "\n"),
}
_UNWANTED = re.compile("[" + "".join(map(re.escape, map(chr, _INVISIBLE))) + "\r\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile("[ \t\n\u00a0]+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_JOINED = frozenset({PassageKind.LIST_ITEM, PassageKind.TABLE_ROW})


def clean(raw: str) -> str:
    """Drop control and invisible characters, replace lone surrogates by U+FFFD, make every line end a newline."""
    if _UNWANTED.search(raw) is None:
        return raw
    text = raw.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text)


@dataclass(slots=True)
class Writer:
    """Text under construction. `begin`…`end` make a block, `open`…`close` a region, `start`…`stop` an inline stretch.

    Words outside `begin`…`end` make a paragraph. Blocks, regions and stretches in which nothing is written leave
    nothing. Raise `TooLarge` above `limit` characters.
    """

    limit: int = LIMITS.utterance_chars
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _pending: str = ""  # white space that is written only if a word follows in the same block
    _next: tuple[PassageKind, str] = (PassageKind.PARAGRAPH, "")
    _block: _Open | None = None
    _before: tuple[PassageKind, int, int] | None = None  # kind, list and regions of the block before
    _group: int = 0
    _serial: int = 0
    _regions: list[_Open] = field(default_factory=list)
    _region_changes: int = 0
    _signed: tuple[PassageKind, ...] = ()  # the regions that signs before a line have opened
    _after_signs: bool = False  # signs were told, and the first word after them is not written yet
    _stretches: list[_Open] = field(default_factory=list)
    _waiting: int = 0  # stretches begun in which no word is written yet
    _display: tuple[int, int] | None = None  # where display math was last written
    _found: list[tuple[int, int, int, int, Passage]] = field(default_factory=list)

    def begin(self, kind: PassageKind, note: str = "") -> None:
        """End the block before; the next word begins one of this kind."""
        self.end()
        self._next = (kind, note)

    def end(self) -> None:
        """End the block; the next word begins a paragraph, unless a kind announced by `begin` is still unused."""
        self._end_block()
        signed, self._signed = self._signed, ()
        for _ in signed:
            self._close_region()

    def _end_block(self) -> None:
        self._pending = ""
        self._after_signs = False
        block = self._block
        if block is None:
            return
        for stretch in self._stretches:
            self._finish(stretch)
        assert block.start is not None
        if self._display == (block.start, self._length) and block.kind is PassageKind.PARAGRAPH:
            block.kind = PassageKind.MATH
            while self._found and self._found[-1][:2] == (block.start, -self._length):
                self._found.pop()
        self._keep(block, 1, inline=False)
        self._block = None

    def cancel(self) -> None:
        """End the block and forget a kind announced by `begin` that no word has used."""
        self.end()
        self._next = (PassageKind.PARAGRAPH, "")

    def refuse_above(self, characters: int) -> None:
        """Raise `TooLarge` at once for what is going to be written whole."""
        if characters > self.limit:
            raise TooLarge(f"{characters:,} characters, above {self.limit:,}, the most one utterance may have")

    def group(self, number: int) -> None:
        """Say which list or table the following blocks belong to (0: none); those of one stand a newline apart."""
        self._group = number

    def open(self, kind: PassageKind, note: str = "") -> None:
        """Begin a region."""
        self.end()
        self._serial += 1
        self._region_changes += 1
        self._regions.append(_Open(kind, note, self._serial))

    def close(self) -> None:
        """End the innermost region."""
        self.end()
        self._close_region()

    def _close_region(self) -> None:
        self._region_changes += 1
        region = self._regions.pop()
        if region.start is not None:
            self._keep(region, 0, inline=False)

    @property
    def begins_line(self) -> bool:
        """Whether the next word begins a paragraph, or a line of one, and no signs before it were told."""
        if self._after_signs:
            return False
        if self._block is None:
            return self._next[0] is PassageKind.PARAGRAPH
        return self._block.kind is PassageKind.PARAGRAPH and "\n" in self._pending

    def sign_line(self, kinds: tuple[PassageKind, ...]) -> None:
        """Say in which regions the line that begins stands by signs of its own; they end with the paragraph at last."""
        if kinds != self._signed:
            self.end()
            for kind in kinds:
                self.open(kind)
            self._signed = kinds
        self._after_signs = bool(kinds)

    def start(self, kind: PassageKind, note: str = "") -> _Open:
        """Begin an inline stretch; give what is returned to `stop`."""
        self._serial += 1
        stretch = _Open(kind, note, self._serial)
        self._stretches.append(stretch)
        self._waiting += 1
        return stretch

    def stop(self, stretch: _Open) -> None:
        """End an inline stretch, wherever it stands among those begun."""
        self._finish(stretch)
        self._stretches.remove(stretch)
        self._waiting -= 1

    def write_text(self, words: str) -> None:
        """Write words, folding white space as a browser does."""
        folded = _SPACE.sub(" ", clean(words))
        body = folded.strip()
        if not body:
            self._owe(folded)
            return
        start = folded.find(body)
        self._owe(folded[:start])
        self._write(body)
        self._owe(folded[start + len(body) :])

    def write_verbatim(self, words: str) -> None:
        """Write words keeping all white space but that at the end of the block and blank lines at its beginning."""
        words = clean(words).replace("\u00a0", " ")
        body = words.strip()
        start = words.find(body) if body else len(words)
        self._pending += words[:start]
        if self._block is None:
            self._pending = self._pending[self._pending.rfind("\n") + 1 :]
        if body:
            self._write(body, keep_indent=True)
            self._pending = words[start + len(body) :]

    def write_exactly(self, words: str) -> None:
        """Write words as they are, after the white space that is due."""
        if words := clean(words).strip():
            self._write(words)

    def write_math(self, tex: str, display: bool) -> None:
        """Write TeX source between $ or $$; display math alone in a paragraph becomes a block of its own."""
        tex = clean(tex)
        source = _BLANK_LINES.sub("\n", tex.strip()) if display else _SPACE.sub(" ", tex).strip()
        if not source:
            return
        stretch = self.start(PassageKind.MATH)
        self._write(f"$${source}$$" if display else f"${source}$")
        if display:
            self._display = (stretch.start or 0, self._length)
        self.stop(stretch)

    def leave_space(self) -> None:
        """Leave a space if a word follows in the block."""
        self._owe(" ")

    def _owe(self, space: str) -> None:
        """Leave white space if a word follows; a plain space adds nothing to what is due already."""
        self._pending = space if not self._pending else self._pending if space == " " else self._pending + space

    def leave_tab(self) -> None:
        """Leave a tab if words stand before it in the block and follow after it: the gap between two table cells."""
        if self._block is not None:
            self._pending = "\t"

    def break_line(self) -> None:
        """Break the line; two breaks on end begin a new paragraph."""
        if self._block is None:
            return
        if self._pending.startswith("\n"):
            self.end()
        else:
            self._pending = "\n"

    @property
    def tail(self) -> str:
        """The last characters written in the block, four at most if they came in one piece, with the space due."""
        return "" if self._block is None else self._parts[-1][-4:] + self._pending

    def finish(self) -> Markup:
        """End everything and give the text with its passages."""
        while self._regions:
            self.close()
        self.end()
        rows = sorted(self._found, key=lambda row: row[:4])
        inline: set[tuple[PassageKind, int, int]] = set()
        passages: list[Passage] = []
        for *_, passage in rows:
            if passage.inline:
                key = (passage.kind, passage.start, passage.end)
                if key in inline:  # <b><strong>…</strong></b>
                    continue
                inline.add(key)
            passages.append(passage)
        return Markup("".join(self._parts), tuple(passages))

    def _write(self, words: str, keep_indent: bool = False) -> None:
        self._after_signs = False
        if self._block is None:
            self._begin_block(keep_indent)
        self.refuse_above(self._length + len(words))
        if self._pending:
            self._parts.append(self._pending)
            self._length += len(self._pending)
            self._pending = ""
        if self._waiting:
            for stretch in self._stretches:
                if stretch.start is None:
                    stretch.start = self._length
            self._waiting = 0
        self._parts.append(words)
        self._length += len(words)

    def _begin_block(self, keep_indent: bool) -> None:
        kind, note = self._next
        self._next = (PassageKind.PARAGRAPH, "")
        now = (kind, self._group, self._region_changes)
        if self._before is not None:
            near = now == self._before and kind in _JOINED and self._group
            self._parts.append("\n" if near else "\n\n")
            self._length += 1 if near else 2
        self._before = now
        if not keep_indent:
            self._pending = ""
        self._serial += 1
        self._block = _Open(kind, note, self._serial, self._length)
        for region in reversed(self._regions):
            if region.start is not None:
                break
            region.start = self._length
        self._waiting = len(self._stretches)

    def _finish(self, stretch: _Open) -> None:
        if stretch.start is not None:
            self._keep(stretch, 2, inline=True)
            stretch.start = None
            self._waiting += 1

    def _keep(self, opened: _Open, rank: int, inline: bool) -> None:
        start = opened.start if opened.start is not None else self._length
        if start < self._length:
            passage = Passage(opened.kind, start, self._length, opened.note, inline)
            self._found.append((start, -self._length, rank, opened.serial, passage))
