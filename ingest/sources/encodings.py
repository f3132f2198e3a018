"""Sources in UTF-16 and UTF-32 made UTF-8, before anybody looks at their content.

What Windows PowerShell redirects into a file, and what its editors save as "Unicode", begins with a byte order mark,
or, as RFC 4627 (section 3) says of JSON, shows by where its zero bytes lie how it is encoded.
"""

import codecs
from dataclasses import replace

from corpus.errors import Unreadable
from ingest.sources.source import Source

_MARKS: tuple[tuple[bytes, str], ...] = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLANK = frozenset(b"\t\n\r")
_LOOKED_AT = 4096


def find_wide_encoding(head: bytes) -> tuple[str, int] | None:
    """Return the encoding of text that is in UTF-16 or UTF-32, and the length of its mark; None for any other.

    >>> find_wide_encoding('{"a": 1}'.encode("utf-16-le"))
    ('utf-16-le', 0)
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    sample = head[: _LOOKED_AT - _LOOKED_AT % 4]
    if b"\x00" not in sample:
        return None
    for size, encodings in ((4, ("utf-32-le", "utf-32-be")), (2, ("utf-16-le", "utf-16-be"))):
        for encoding, offset_in_unit in zip(encodings, (0, size - 1), strict=True):
            if _is_spread_ascii(sample[: len(sample) - len(sample) % size], size, offset_in_unit):
                return encoding, 0
    return None


def _is_spread_ascii(sample: bytes, size: int, offset_in_unit: int) -> bool:
    """Tell whether in every `size` bytes only the one at `place` says something, and says text of ASCII nearly always.

    Without a mark nothing less is believed: at most one character in ten may be of another script.
    """
    if len(sample) < 2 * size:
        return False
    others = b"".join(sample[offset::size] for offset in range(size) if offset != offset_in_unit)
    significant = sample[offset_in_unit::size]
    ascii_share = sum(32 <= byte < 127 or byte in _BLANK for byte in significant) / len(significant)
    return others[: size - 1].count(0) == size - 1 and others.count(0) >= 0.9 * len(others) and ascii_share >= 0.9


def convert_to_utf8(source: Source) -> Source:
    """Return the source with its bytes in UTF-8; the same where they are already, or where it is no file.

    Raise `Unreadable` for text that breaks its own encoding, and what `Source.read_whole` raises.
    """
    encoding = find_wide_encoding(source.read_head())
    if encoding is None:
        return source
    name, mark = encoding
    content = source.read_whole()[mark:]
    try:
        return replace(source, content=content.decode(name).encode("utf-8"))
    except UnicodeDecodeError as problem:
        raise Unreadable(
            f"{source.name}: not {name.upper()} at byte {mark + problem.start:,}; save it again as UTF-8"
        ) from problem
    except UnicodeEncodeError as problem:  # UTF-32 can spell half a character
        raise Unreadable(f"{source.name}: not {name.upper()}: half a character at {problem.start:,}") from problem
