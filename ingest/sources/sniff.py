"""What the first bytes of a source say about it, before any loader is asked."""

import re

from corpus.errors import SourceError, UnknownFormat, Unreadable

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PK\x03\x04", "a zip archive (or an office document): unpack it first"),
    (0, b"PK\x05\x06", "an empty zip archive: unpack it first"),
    (0, b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
    (0, b"\xfd7zXZ\x00", "compressed with xz: unpack it first"),
    (0, b"BZh", "compressed with bzip2: unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (0, b"Rar!\x1a\x07", "a rar archive: unpack it first"),
    (257, b"ustar", "a tar archive: unpack it first"),
    (0, b"%PDF-", "a PDF: save its text first"),
    (0, b"{\\rtf", "a rich text document: save it as plain text first"),
    (0, b"%!PS", "a PostScript document: save its text first"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document: save it as text, or a table as CSV"),
    (0, b"bplist00", "a Safari web archive or property list: save the page's source"),
    (0, b"PAR1", "a Parquet table: write it as CSV or JSON lines first"),
    (0, b"\x89PNG\r\n\x1a\n", "an image, not text; leave it out"),
    (0, b"\xff\xd8\xff", "an image, not text; leave it out"),
    (0, b"GIF87a", "an image, not text; leave it out"),
    (0, b"GIF89a", "an image, not text; leave it out"),
    (0, b"\x00\x00\x01\x00", "an icon, not text; leave it out"),
    (8, b"WEBP", "an image, not text; leave it out"),
    (4, b"ftyp", "a video or an image, not text; leave it out"),
    (0, b"wOFF", "a font, not text; leave it out"),
    (0, b"wOF2", "a font, not text; leave it out"),
    (0, b"ID3", "sound, not text; leave it out"),
    (0, b"OggS", "sound or video, not text; leave it out"),
    (0, b"RIFF", "sound, video or an image, not text; leave it out"),
    (0, b"\x1aE\xdf\xa3", "a video, not text; leave it out"),
    (0, b"SQLite format 3\x00", "a SQLite database, not a source; to search a base give it as --kb"),
)
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


def find_refusal(name: str, head: bytes) -> SourceError | None:
    """Say why no loader need be asked: empty, an archive, binary. None if the source may be text."""
    if not head:
        return Unreadable(f"{name}: empty")
    for magic_offset, magic, words in _MAGIC:
        if head[magic_offset : magic_offset + len(magic)] == magic:
            return UnknownFormat(f"{name}: {words}")
    if (offset := head.find(b"\x00")) >= 0:
        return Unreadable(f"{name}: not text (a NUL byte at offset {offset:,})")
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        return Unreadable(f"{name}: nothing but blanks in it")
    return None


def is_html(head: bytes) -> bool:
    """Return whether the bytes begin as an HTML page."""
    return _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def is_json(head: bytes) -> bool:
    """Return whether the bytes begin as JSON or JSON Lines: an object or a list of objects."""
    return re.match(rb"\s*(?:\[\s*)*(?:\{\s*[\"}]|\[\s*\])", head.removeprefix(b"\xef\xbb\xbf")) is not None


def list_json_keys(head: bytes, depth: int = 1) -> frozenset[str]:
    """Return the keys of the first JSON object, as far as `head` reaches; lists around it do not count as depth.

    Works on the cut-off beginning of a document, which no parser takes. `depth` 2 lists the keys one level down.

    >>> sorted(list_json_keys(b'{"id": 1, "meta": {"a": ['))
    ['id', 'meta']
    """
    keys: set[str] = set()
    offset = level = 0
    while offset < len(head):
        char = head[offset : offset + 1]
        if char == b'"':
            string = _STRING.match(head, offset)
            if string is None:
                break
            offset = string.end()
            if level == depth and re.compile(rb"\s*:").match(head, offset):
                keys.add(string[0][1:-1].decode("utf-8", "replace"))
            continue
        if char == b"{":
            level += 1
        elif char == b"}":
            level -= 1
            if level == 0:
                break
        offset += 1
    return frozenset(keys)
