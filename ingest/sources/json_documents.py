"""A JSON file as people have it: one document, or one on each line; a line that is broken costs itself alone."""

# pyright: standard

from collections.abc import Iterator
from typing import Any

import orjson

from corpus.errors import Malformed, TooLarge
from corpus.limits import LIMITS
from ingest.sources.json_bytes import parse_json_bytes
from ingest.sources.line_reader import parse_line, read_numbered_lines
from ingest.sources.source import Failure, Source


def read_json_documents(source: Source, failures: list[Failure]) -> Iterator[tuple[str, Any]]:
    """Yield (place in the source, document): the whole, or each line; what is broken is added to `failures`.

    Raise `Malformed` where nothing in the source is JSON.
    """
    try:
        document = parse_json_bytes(source.read_whole())
    except orjson.JSONDecodeError as problem:
        first = problem
    else:
        yield source.name, document
        return
    read = 0
    faulty: list[Failure] = []
    with source.open() as stream:
        for line in read_numbered_lines(stream, LIMITS.line_bytes):
            try:
                row = parse_line(line, source.name, LIMITS.line_bytes)
            except (Malformed, TooLarge) as problem:
                faulty.append(Failure(source.name, problem))
                continue
            read += 1
            yield f"{source.name}: line {line.number}", row
    if not read:
        raise Malformed(f"{source.name}: not whole JSON: {first.msg} (line {first.lineno}); save it again")
    failures.extend(faulty)
