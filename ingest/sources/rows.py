"""Rows with known columns → conversations: what CSV, JSON lines and lists of objects have in common.

Rows go into one conversation by the column that says so; else by the root that their replies lead to; else by their
title or address; else all are one, as the comments of a survey are. Where ids are a known forum's they are named as
everywhere; others are told apart by the table they stand in.
"""

# pyright: standard

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any
from urllib.parse import urldefrag

from corpus.errors import Malformed, SourceError
from corpus.limits import LIMITS
from corpus.model import Speaker, Status, Utterance
from ingest.markup import Markup, read_html, read_markdown, read_text
from ingest.sources.assembly import ConversationFrame, assemble_conversation
from ingest.sources.columns import fold_name, join_text
from ingest.sources.escaped_text import EscapeEvidence, unescape_once
from ingest.sources.fields import (
    check_size,
    fold_to_line,
    format_comment_id,
    format_post_id,
    invent_ids,
    is_removed,
    make_speaker,
    name_site,
    parse_any_time,
    parse_web_address,
    parse_whole_number,
)
from ingest.sources.plain_text.plain_text import is_markdown
from ingest.sources.sites import parse_forum_address
from ingest.sources.source import Failure, Loaded, Source

_TAG = re.compile(
    r"</?(?:p|br|a|em|i|b|strong|blockquote|ul|ol|li|div|span|code|pre|h[1-6]|hr|img|sup|sub)\b[^<>]*>", re.I
)
_HTML_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8}\d?);")
_BARE_SIGN = re.compile(r"<(?!/?[A-Za-z])|&(?!#?\w{1,8};)")
_HTML_COLUMNS = frozenset({"html", "htmlbody", "bodyhtml", "cooked", "contenthtml", "rendered"})
_HTML_SHARE = 0.3
_WHOLE_FLOAT = re.compile(r"(\d{1,18})\.0")
_NO_NAME = re.compile(r"[\d\s.#-]+|[0-9a-f-]{16,}")
_RE = re.compile(r"(?i)^(?:\s*re:\s*)+")
_NO_PARENT = ("0", "root", "-1")  # what some sites give for the parent of what answers nothing
_MOST_OTHERS = 50
_OTHER_CHARS = 2_000
_SIGNED_PARENTS = ("t1_", "t3_")

Render = Callable[[str], Markup]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says, by our fields; `where` names its place in the source, `cells` holds it all.

    `others` are the columns that are none of our fields: they are kept with the utterance.
    """

    where: str
    cells: Mapping[str, Any]
    text: str
    id: str | None = None
    reply_to: str | None = None
    speaker: str | None = None
    title: str = ""
    url: str | None = None
    conversation: str | None = None
    date: Any = None
    karma: Any = None
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Table:
    """All rows, and what is true of the source as a whole."""

    source: Source
    rows: list[Row]
    render: Render
    namespace: str
    site: str | None
    numbers: dict[str, int] = field(default_factory=dict)  # the place in `rows` of each id
    ids: list[str] = field(default_factory=list)  # the id of the utterance of each row


def make_row(where: str, cells: Mapping[str, Any], columns: Mapping[str, str]) -> Row:
    """Read a row by its columns. Raise `Malformed` where its text is none."""
    written = {field_: cells.get(column) for field_, column in columns.items()}
    text = join_text(written.get("text"))
    if text is None and written.get("text") is not None:
        raise Malformed(f"{where}: {columns['text']} is no text")
    own = _read_key(written.get("id"))
    parent = _read_key(written.get("reply_to"))
    parent = None if parent in _NO_PARENT else parent
    if not (text or "").strip() and own is None:
        raise Malformed(f"{where}: no text in {columns['text']}")
    return Row(
        where,
        cells,
        text or "",
        own,
        None if parent == own else parent,
        _read_name(written.get("speaker")),
        fold_to_line(written.get("title")),
        parse_web_address(written.get("url")),
        _read_key(written.get("conversation")),
        written.get("date"),
        written.get("karma"),
        dict(_list_others(cells, frozenset(columns.values()))),
    )


def _list_others(cells: Mapping[str, Any], taken: Set[str]) -> Iterator[tuple[str, Any]]:
    """Yield the cells of other columns, as far as they are short values."""
    kept = ((name, cell) for name, cell in cells.items() if name not in taken and cell not in (None, ""))
    yield from islice(((name, cell) for name, cell in kept if _is_short(cell)), _MOST_OTHERS)


def _is_short(cell: Any) -> bool:
    return isinstance(cell, bool | int | float) or (isinstance(cell, str) and len(cell) <= _OTHER_CHARS)


def _read_key(value: Any) -> str | None:
    """Read an id; what a spreadsheet or pandas made of a whole number ("12.0") is that number again."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    key = str(value).strip()
    whole = _WHOLE_FLOAT.fullmatch(key)
    key = whole[1] if whole else key
    return None if key.casefold() in ("", "nan", "none", "null", "na", "n/a") or len(key) > 500 else key


def _read_name(value: Any) -> str | None:
    """Read a name: a string or a number, or of an object or a list the first that is one."""
    if isinstance(value, list):
        return next((name for entry in value if (name := _read_name(entry))), None)
    if isinstance(value, dict):
        wanted = ("displayname", "name", "fullname", "username", "login", "handle", "id")
        by_name = {fold_name(str(key)): inner for key, inner in value.items()}
        return next((name for key in wanted if (name := _read_name(by_name.get(key)))), None)
    return _read_key(value)


def read_rows(source: Source, rows: Iterable[Row], text_column: str) -> Iterator[Loaded]:
    """Yield the conversations of rows that have been read; one id told in two ways is a `Failure` of the later row."""
    kept: list[Row] = []
    numbers: dict[str, int] = {}
    for row in rows:
        if row.id is not None and row.id in numbers:
            if row.text != kept[numbers[row.id]].text:
                problem = Malformed(f"{row.where}: the id {row.id} is that of {kept[numbers[row.id]].where} too")
                yield Failure(source.name, problem)
            continue
        if row.id is not None:
            numbers[row.id] = len(kept)
        kept.append(row)
    if not kept:
        yield Failure(source.name, Malformed(f"{source.name}: no row with a text in it"))
        return
    table = _make_table(source, kept, numbers, text_column)
    for key, members in _group(table).items():
        frame = _make_frame(table, key, members)
        makers = ((table.ids[number], partial(_make_utterance, table, number, frame)) for number in members)
        yield from assemble_conversation(source.name, frame, makers)


def _make_table(source: Source, rows: list[Row], numbers: dict[str, int], text_column: str) -> _Table:
    first = rows[0]
    address = parse_forum_address(source.hints.url) or next(
        (own_address for row in rows[:1000] if (own_address := parse_forum_address(row.url)) is not None), None
    )
    digest = hashlib.sha256(
        repr((sorted(map(str, first.cells)), first.id, first.text[:1000])).encode("utf-8", "replace")
    )
    namespace = address.site.namespace if address is not None else f"table:{digest.hexdigest()[:12]}"
    table = _Table(
        source,
        rows,
        choose_render([row.text for row in rows], text_column),
        namespace,
        address.site.namespace if address is not None else None,
        numbers,
    )
    invented = invent_ids(namespace, ((row.speaker or "", str(row.date or ""), row.text) for row in rows))
    for row, made_up in zip(rows, invented, strict=True):
        own = parse_forum_address(row.url)
        known = format_comment_id(own) or (format_post_id(own) if not row.reply_to else None)
        named = f"{namespace}:{row.id}" if row.id is not None else None
        table.ids.append(
            (known if own is not None and row.id in (own.comment, own.post, None) else None) or named or made_up
        )
    return table


def choose_render(texts: Sequence[str], column: str = "") -> Render:
    """Choose how the texts of a source are marked up, by all of them: HTML, Markdown (escaped or not) or none.

    They are HTML where the column's name says so, or where whatever looks like a tag is one of HTML and either many
    texts have some, or the signs that HTML must escape stand nowhere bare.
    """
    if fold_name(column.rpartition(".")[2]) in _HTML_COLUMNS:
        return read_html
    written = [text for text in texts if text.strip()]
    tagged = sum(_TAG.search(text) is not None for text in written)
    signed = sum("<" in text for text in written)
    bare = any(_BARE_SIGN.search(text) for text in written)
    entities = any(_HTML_ENTITY.search(text) for text in written)
    if tagged and tagged >= 0.8 * signed and (tagged >= _HTML_SHARE * len(written) or (entities and not bare)):
        return read_html
    evidence = EscapeEvidence()
    for text in written:
        evidence.note(text)
    if evidence.is_escaped:
        return lambda text: read_markdown(unescape_once(text), dialect="reddit")
    return read_markdown if any(is_markdown(text[:20_000]) for text in written[:2000]) else read_text


def _group(table: _Table) -> dict[str, list[int]]:
    """Sort the rows into conversations: key → the places of its rows, in order."""
    rows = table.rows
    naming = _HomeNaming(rows)
    groups: dict[str, list[int]] = {}
    homes: dict[int, str] = {}
    for number in range(len(rows)):
        walked: dict[int, None] = {}
        step = number
        while step not in homes:
            walked[step] = None
            above = None if rows[step].conversation is not None else _find_parent(table, rows[step])
            if above is None or above in walked:
                homes[step] = naming.name(rows[step])
            else:
                step = above
        homes.update(dict.fromkeys(walked, homes[step]))
        groups.setdefault(homes[number], []).append(number)
    return groups


class _HomeNaming:
    """How the conversation of a root is named, by what the rows of the source have."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._answered = any(row.reply_to is not None for row in rows)
        self._titled = any(row.title for row in rows)
        self._addressed = any(row.url for row in rows)
        self._named = {row.conversation for row in rows}

    def name(self, root: Row) -> str:
        if root.conversation is not None or (root.id is not None and root.id in self._named):
            return root.conversation or root.id or ""
        if (known := format_post_id(parse_forum_address(root.url))) is not None:
            return known
        if self._answered:
            return root.reply_to or root.id or root.where
        if self._titled:
            return "titled " + _RE.sub("", root.title)
        return "at " + urldefrag(root.url or "")[0] if self._addressed else "all"


def _find_parent(table: _Table, row: Row) -> int | None:
    if row.reply_to is None:
        return None
    number = table.numbers.get(row.reply_to)
    if number is None and row.reply_to.startswith(_SIGNED_PARENTS):
        number = table.numbers.get(row.reply_to[3:])
    return number


def _make_frame(table: _Table, key: str, members: Sequence[int]) -> ConversationFrame:
    rows = [table.rows[number] for number in members]
    hints = table.source.hints
    root = next((row for row in rows if row.id == key), rows[0])
    url = next((row.url for row in (root, *rows) if row.url), None) or parse_web_address(hints.url)
    address = parse_forum_address(url)
    known = format_post_id(address)
    title = next((row.title for row in (root, *rows) if row.title), "")
    own = (
        key
        if not key.startswith(("titled ", "at ")) and key != "all"
        else hashlib.sha256(key.encode()).hexdigest()[:12]
    )
    return ConversationFrame(
        known or f"{table.namespace}:{own}",
        _RE.sub("", title) or hints.title or _name_source(table.source),
        name_site(url, address),
        urldefrag(url)[0] if url else None,
    )


def _name_source(source: Source) -> str:
    return fold_to_line(PurePath(source.name).stem) if source.path is not None else ""


def _make_utterance(table: _Table, number: int, frame: ConversationFrame) -> Utterance:
    row, id_ = table.rows[number], table.ids[number]
    gone = is_removed(row.text)
    try:
        markup = Markup("") if gone else table.render(check_size(row.text, row.where))
        speaker = _make_speaker(row, table)
    except SourceError as problem:
        raise type(problem)(f"{row.where}: {problem}") from problem
    above = _find_parent(table, row)
    reply_to = table.ids[above] if above is not None else f"{table.namespace}:{row.reply_to}" if row.reply_to else None
    return Utterance(
        id=id_,
        conversation_id=frame.id,
        text=check_size(markup.text, row.where),
        speaker=speaker,
        reply_to=reply_to if reply_to != id_ else None,
        posted_at=parse_any_time(row.date),
        passages=markup.passages,
        karma=parse_whole_number(row.karma),
        status=Status.DELETED if gone else Status.LIVE,
        url=row.url,
        meta=row.others,
    )


def _make_speaker(row: Row, table: _Table) -> Speaker | None:
    """Make the speaker; one known only by a number is told apart from the same number in another table."""
    if row.speaker is None:
        return make_speaker(table.source.hints.author, table.site)
    namespace = table.namespace if table.site is None and _NO_NAME.fullmatch(row.speaker) else table.site
    made = make_speaker(row.speaker[: 4 * LIMITS.name_chars], namespace)
    return Speaker(made.id, made.name, table.site, made.url) if made is not None else None
