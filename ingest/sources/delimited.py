"""CSV and TSV: tables of comments with a line of column names, as people export and survey tools give them.

The separator is the one of comma, tab, semicolon and bar that parts nearly all lines alike. A row that does not fit
is named and the next is read; a quotation mark that is never closed costs the row that it stands in, not the rest.
"""

# pyright: standard

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.errors import Malformed, SourceError, TooLarge, UnknownFormat
from corpus.limits import LIMITS
from ingest.sources.columns import (
    KNOWN_NAMES,
    choose_columns,
    explain_mapping,
    fold_name,
    is_claims_table,
    parse_map,
)
from ingest.sources.fields import decode_source
from ingest.sources.reddit import is_reddit_row, read_things
from ingest.sources.rows import Row, make_row, read_rows
from ingest.sources.source import HEAD_BYTES, Failure, Format, Loaded, Source

_SEPARATORS = (",", "\t", ";", "|")
_HEADER_CELL = re.compile(r"[\w#@$%(][\w .:/()#@?%&'+*\[\]$-]{0,79}")
_SEPARATOR_LINE = re.compile(r"sep=(.)\n")  # Excel's own first line
_LOOKED_AT = 100  # records
_NUMBER = re.compile(r"[-+]?[\d.:/TZ -]*\d[\d.:/TZ -]*")  # dates and times among them
_MOST_RESTARTS = 20
_FIELD_CHARS = 4 * LIMITS.utterance_chars
_ALL_NAMES = frozenset(name for names in KNOWN_NAMES.values() for name in names)
_TEXT_NAMES = frozenset(KNOWN_NAMES["text"])


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is written: the separator, the column names, and where (which character) its first line begins.

    `names` is empty for a table that names no column.
    """

    separator: str
    names: tuple[str, ...]
    begins: int


def is_table(source: Source, head: bytes) -> bool:
    """Return whether a source is a table with a line of column names."""
    return _find_layout(source, head.decode("utf-8", "ignore"), cut=len(head) >= HEAD_BYTES) is not None


def read_table(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a table. Raise `UnknownFormat` where nothing tells which column is the text."""
    text = decode_source(source)
    layout = _find_layout(source, text[:HEAD_BYTES], cut=len(text) > HEAD_BYTES)
    if layout is None or not layout.names:
        raise UnknownFormat(f"{source.name}: a table without a line of column names; write one above it: author,text,…")
    if is_claims_table(layout.names):
        raise UnknownFormat(
            f"{source.name}: claims that Crosstalk wrote out; ingest the sources that they were cut from"
        )
    records = list(_read_records(text, layout, source.name))
    sample = [
        dict(zip(layout.names, cells, strict=False)) for _, cells in records if not isinstance(cells, SourceError)
    ]
    if is_reddit_row(layout.names) and not source.hints.map:
        yield from read_things(source, [row for row in sample if row["id"] and row["body"]])
        yield from (Failure(source.name, cells) for _, cells in records if isinstance(cells, SourceError))
        return
    try:
        columns = choose_columns(layout.names, sample, parse_map(source.hints.map))
    except UnknownFormat as problem:
        raise UnknownFormat(f"{source.name}: {problem}") from problem
    if not sample:
        raise Malformed(
            f"{source.name}: a table without a row: {len(layout.names)} column names and nothing below them"
        )
    if columns is None:
        raise UnknownFormat(f"{source.name}: {explain_mapping('a table with the columns', layout.names)}")
    failures: list[Failure] = []
    yield from read_rows(source, _make_rows(records, layout, columns, source.name, failures), columns["text"])
    yield from failures


def _make_rows(
    records: Sequence[tuple[int, list[str] | SourceError]],
    layout: _Layout,
    columns: dict[str, str],
    name: str,
    failures: list[Failure],
) -> Iterator[Row]:
    for line, cells in records:
        where = f"{name}: line {line}"
        try:
            if isinstance(cells, SourceError):
                raise cells
            yield make_row(where, dict(zip(layout.names, cells, strict=False)), columns)
        except SourceError as problem:
            failures.append(Failure(name, problem))


def _read_records(text: str, layout: _Layout, name: str) -> Iterator[tuple[int, list[str] | SourceError]]:
    """Yield (line, cells) of every record below the column names, or what is wrong with it."""
    lines = text[layout.begins :].split("\n")
    before = text.count("\n", 0, layout.begins)
    csv.field_size_limit(_FIELD_CHARS)
    start = restarts = 0
    header_passed = False
    while start < len(lines):
        reader = csv.reader((f"{line}\n" for line in islice(lines, start, None)), delimiter=layout.separator)
        begins = start
        while True:
            try:
                cells = next(reader)
                problem = None
            except StopIteration:
                return
            except csv.Error as error:
                cells, problem = [], TooLarge(f"{name}: line {before + begins + 1}: {error}")
            ends = start + reader.line_num
            if problem is None and cells and any(cell.strip() for cell in cells):
                cells = _fit(cells, len(layout.names))
                if len(cells) != len(layout.names):
                    problem = Malformed(
                        f"{name}: line {before + begins + 1} has {len(cells)} columns, not {len(layout.names)}"
                    )
                elif ends >= len(lines) and ends > begins + 1 and _is_left_open(lines[begins:ends]):
                    problem = Malformed(f"{name}: line {before + begins + 1}: a quotation mark that is never closed")
                if not header_passed:
                    header_passed = True
                else:
                    yield before + begins + 1, problem or cells
            elif problem is not None:
                yield before + begins + 1, problem
            if problem is not None and ends > begins + 1 and restarts < _MOST_RESTARTS:
                restarts += 1
                start = begins + 1
                break
            begins = ends


def _is_left_open(lines: Sequence[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _fit(cells: list[str], width: int) -> list[str]:
    """Drop empty cells beyond the last column, which spreadsheets write."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _find_layout(source: Source, text: str, *, cut: bool) -> _Layout | None:
    """Find how a table is written; None for what is none. `cut`: the text goes on beyond what is looked at."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    declared = _SEPARATOR_LINE.match(text)
    begins = declared.end() if declared else 0
    begins += len(text[begins:]) - len(text[begins:].lstrip("\n"))
    first = text[begins:].split("\n", 1)[0]
    if not first.strip() or first.lstrip().startswith(("|", "{", "[", "<")):
        return None
    given = parse_map(source.hints.map)
    for separator in (declared[1],) if declared else _SEPARATORS:
        records = _sample_records(text[begins:], separator, cut)
        if records and _is_header(records, separator, given):
            return _Layout(separator, _name_columns(records[0]), begins)
    for separator in _SEPARATORS:
        if _is_nameless(_sample_records(text[begins:], separator, cut)):
            return _Layout(separator, (), begins)
    return None


def _is_nameless(records: Sequence[list[str]]) -> bool:
    """Tell whether records are a table without column names: as wide as each other, with numbers below each other."""
    widths = {len(record) for record in records}
    if len(records) < 3 or len(widths) != 1 or widths.pop() < 3:
        return False
    columns = list(zip(*records, strict=True))
    return any(all(_NUMBER.fullmatch(cell.strip()) for cell in column) for column in columns)


def _sample_records(text: str, separator: str, cut: bool) -> list[list[str]]:
    csv.field_size_limit(_FIELD_CHARS)
    records: list[list[str]] = []
    try:
        for record in csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=separator):
            if record and any(cell.strip() for cell in record):
                records.append(record)
            if len(records) > _LOOKED_AT:
                return records
    except csv.Error:
        return records
    return records[:-1] if cut and len(records) > 2 else records


def _is_header(records: Sequence[list[str]], separator: str, given: dict[str, str]) -> bool:
    """Tell whether the first record names columns and the others have as many.

    Prose has commas too: names must look like names, and either be names that columns of comments have, or stand over
    at least three rows of at least three columns.
    """
    header = [cell.strip() for cell in records[0]]
    if given and set(given.values()) <= set(header):
        return True
    header = header[1:] if len(header) > 2 and not header[0] else header  # the nameless index that pandas writes
    folded = [fold_name(cell) for cell in header]
    if len(header) < 2 or len(set(header)) < len(header) or not all(map(_HEADER_CELL.fullmatch, header)):
        return False
    if any(_NUMBER.fullmatch(cell) for cell in header):
        return False
    rows = [_fit(record, len(records[0])) for record in records[1:]]
    fitting = sum(len(row) == len(records[0]) for row in rows)
    known = sum(name in _ALL_NAMES for name in folded)
    if _TEXT_NAMES & set(folded) and known >= 2:
        return 2 * fitting >= len(rows)
    if any(cell.startswith(" ") for record in records for cell in record) and separator == ",":
        return False  # commas of prose have a blank behind them
    even = fitting >= 0.95 * len(rows)
    if _TEXT_NAMES & set(folded):
        return even and len(rows) >= 2
    return even and len(rows) >= (3 if len(header) >= 3 else 5) and max(map(len, header)) <= 60


def _name_columns(header: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() or f"column {number}" for number, cell in enumerate(header, 1))


FORMAT = Format(
    "table",
    rank=25,
    detects=is_table,
    read=read_table,
    what="a table: CSV, TSV, also with ; or |",
    sign="a line of column names; columns are told by their names or --map",
    example="crosstalk ingest survey.csv --map text=Q3,speaker=Name",
)
