"""Lines of a big file, one at a time, with their places; an overlong one is named and passed over unread."""

# pyright: standard

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson

from corpus.errors import Malformed, TooLarge
from ingest.sources.json_bytes import parse_json_bytes

_BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """Line `number` (from 1) at byte `offset`; `content` is None for a line over the limit of `size` bytes."""

    number: int
    offset: int
    size: int
    content: bytes | None


def read_numbered_lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """Yield the lines that are not blank. A line above `limit` bytes is skipped in chunks, never held."""
    number = offset = 0
    while line := stream.readline(limit + 1):
        number += 1
        size = len(line)
        if size > limit and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(_CHUNK)
                size += len(line)
            yield Line(number, offset, size, None)
        elif line.removeprefix(_BOM if number == 1 else b"").strip():
            yield Line(number, offset, size, line.removeprefix(_BOM if number == 1 else b""))
        offset += size


def parse_line(line: Line, name: str, limit: int) -> dict[str, Any]:
    """Parse a line as one JSON object. Raise `TooLarge` or `Malformed`, naming the line."""
    if line.content is None:
        raise TooLarge(f"{name}: line {line.number} has {line.size:,} bytes; the limit is {limit:,}")
    try:
        row = parse_json_bytes(line.content)
    except orjson.JSONDecodeError as problem:
        raise Malformed(f"{name}: line {line.number} is not JSON ({problem.msg})") from problem
    if not isinstance(row, dict):
        raise Malformed(f"{name}: line {line.number} is no JSON object")
    return row
