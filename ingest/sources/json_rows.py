"""JSON of no shape that is known, in which objects hold texts: JSON lines, lists, and lists within objects.

The objects with the most texts are the rows; objects within them are columns ("author.name"), and lists of objects
under names such as "replies" are answers to the row that they stand in.
"""

# pyright: standard

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from corpus.errors import SourceError, TooLarge, UnknownFormat
from corpus.limits import LIMITS
from ingest.sources.columns import choose_columns, explain_mapping, is_claims_table, parse_map
from ingest.sources.json_documents import read_json_documents
from ingest.sources.rows import Row, make_row, read_rows
from ingest.sources.sniff import is_json, list_json_keys
from ingest.sources.source import Failure, Format, Loaded, Source

_DEEPEST = 4  # lists within objects within objects
_COLUMN_DEPTH = 3
_MOST_COLUMNS = 1_000
_SAMPLE = 200
_ANSWERS = ("replies", "children", "comments", "answers", "responses", "subcomments", "thread", "posts", "messages")
_WITHIN = ("data", "nodes", "results", "items", "edges", "children", "comments")

Found = tuple[str, dict[str, Any]]
"""An object with its place in the source."""


def is_json_rows(_: Source, head: bytes) -> bool:
    """Return whether a source is JSON: what has a shape that is known has been asked before."""
    return is_json(head)


def is_mapped_json(source: Source, head: bytes) -> bool:
    """Return whether a source is JSON of whose keys the user says what they are, whatever they look like."""
    columns = parse_map(source.hints.map).values()
    if not columns or not is_json(head):
        return False
    keys = list_json_keys(head)
    return all(column in keys or column.partition(".")[0] in keys for column in columns)


def read_json_rows(source: Source) -> Iterator[Loaded]:
    """Yield the conversations of a JSON file. Raise `UnknownFormat` where nothing tells which key holds the text."""
    failures: list[Failure] = []
    objects = list(read_json_documents(source, failures))
    tables = _find_tables(objects)
    given = parse_map(source.hints.map)
    for table in tables:
        names = _list_columns(table)
        if is_claims_table(names):
            raise UnknownFormat(f"{source.name}: what Crosstalk wrote out; ingest the sources themselves")
        try:
            columns = choose_columns(names, [_flatten(entry) for _, entry in table[:_SAMPLE]], given)
        except UnknownFormat as problem:
            raise UnknownFormat(f"{source.name}: {problem}") from problem
        if columns is not None:
            yield from read_rows(source, _make_rows(table, columns, source.name, failures), columns["text"])
            yield from failures
            return
    names = _list_columns(tables[0]) if tables else []
    raise UnknownFormat(
        f"{source.name}: " + explain_mapping("JSON of no shape that is known; its objects have the keys", names)
        if names
        else f"{source.name}: JSON of no shape that is known: no objects with a text in them"
    )


def _find_tables(objects: Sequence[tuple[str, Any]]) -> list[list[Found]]:
    """Find the lists of objects in a document, the longest words first."""
    if len(objects) != 1:
        return [[(where, entry) for where, entry in objects if isinstance(entry, dict)]]
    name, document = objects[0]
    tables: list[list[Found]] = []
    waiting: deque[tuple[str, Any, int]] = deque([(name, document, 0)])
    while waiting:
        where, value, depth = waiting.popleft()
        if isinstance(value, dict) and len(value) > 1 and all(isinstance(entry, dict) for entry in value.values()):
            tables.append([(f"{where}: {key}", {"id": key, **entry}) for key, entry in value.items()])
        elif isinstance(value, dict):
            if depth < _DEEPEST:
                waiting.extend((f"{where}: {key}", inner, depth + 1) for key, inner in value.items())
            if depth == 0 or not isinstance(next(iter(value.values()), None), dict):
                tables.append([(where, value)])
        elif isinstance(value, list):
            rows = [
                (f"{where}: item {number}", entry) for number, entry in enumerate(value, 1) if isinstance(entry, dict)
            ]
            if rows:
                tables.append(rows)
            if depth < _DEEPEST:
                waiting.extend((f"{where}: item {n}", entry, depth + 1) for n, entry in enumerate(value[:3], 1))
    return sorted(tables, key=_count_words, reverse=True)


def _count_words(table: Sequence[Found]) -> int:
    """Count the characters of the texts in the first objects of a table, by how many there are."""
    sample = table[:_SAMPLE]
    size = sum(
        len(cell) for _, entry in sample for cell in _flatten(entry).values() if isinstance(cell, str) and " " in cell
    )
    return size * len(table) // max(len(sample), 1)


def _flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first thousand values of an object by their keys, those of objects within it by "key.inner"."""
    cells: dict[str, Any] = {}
    waiting: list[tuple[str, Mapping[str, Any], int]] = [("", row, 1)]
    while waiting:
        above, inner, depth = waiting.pop()
        for key, value in islice(inner.items(), _MOST_COLUMNS - len(cells)):
            name = f"{above}{key}"
            cells[name] = value
            if isinstance(value, dict) and depth < _COLUMN_DEPTH:
                waiting.append((f"{name}.", value, depth + 1))
    return cells


def _list_columns(table: Sequence[Found]) -> list[str]:
    return list(dict.fromkeys(name for _, entry in table[:_SAMPLE] for name in _flatten(entry)))


def _make_rows(table: Sequence[Found], columns: Mapping[str, str], name: str, failures: list[Failure]) -> Iterator[Row]:
    """Yield the rows, and below each the answers that stand in it; without recursion."""
    waiting: list[tuple[str, dict[str, Any], str | None]] = [(where, entry, None) for where, entry in reversed(table)]
    count = 0
    while waiting:
        where, entry, parent = waiting.pop()
        count += 1
        if count > 10 * LIMITS.utterances:
            failures.append(Failure(name, TooLarge(f"{name}: more than {10 * LIMITS.utterances:,} objects")))
            return
        answers = list(_list_answers(entry))
        cells = _flatten(entry)
        id_column = columns.get("id", "id")
        if cells.get(id_column) in (None, "") and (answers or parent is not None):
            cells[id_column] = f"row {count}"
        try:
            row = make_row(where, cells, {"id": id_column, **columns})
        except SourceError as problem:
            failures.append(Failure(name, problem))
            parent_of_answers = parent
        else:
            yield row if row.reply_to is not None or parent is None else replace(row, reply_to=parent)
            parent_of_answers = row.id
        waiting.extend(
            (f"{where}: answer {number}", answer, parent_of_answers)
            for number, answer in reversed(list(enumerate(answers, 1)))
        )


def _list_answers(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in _ANSWERS:
        value = row.get(key)
        for inner in _WITHIN:
            if isinstance(value, dict) and isinstance(value.get(inner), list):
                value = value[inner]
        if isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, dict))


FORMAT = Format(
    "json_rows",
    rank=20,
    detects=is_json_rows,
    read=read_json_rows,
    what="JSON lines, a list, or a list within an object, of any other shape",
    sign="JSON; keys are told by their names or --map",
    example="crosstalk ingest dump.jsonl --map text=words,speaker=who",
)
