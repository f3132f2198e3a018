"""Zip archives, read as the folders that they are.

Members are copied into a folder that is gone afterwards, under names that cannot leave it, up to limits: what unfolds
without end is refused before it does. An office document is a zip archive too, and is refused by what it is.
"""

import stat
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO

from corpus.errors import Malformed, SourceError, TooLarge, UnknownFormat, Unreadable
from corpus.limits import LIMITS

ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 20
_RATIO = 200  # unfolded bytes for each packed one; text seldom exceeds 20
_SMALL = 1 << 20  # bytes up to which the ratio says nothing
_OFFICE = (
    ("[Content_Types].xml", "an Office document: save it as plain text, or a table as CSV"),
    ("META-INF/container.xml", "an e-book (EPUB): save it as HTML or text first"),
    ("META-INF/MANIFEST.MF", "a Java archive, nobody's words"),
    ("content.xml", "an OpenDocument file: save it as plain text, or a table as CSV"),
)


@dataclass(frozen=True, slots=True)
class UnpackedArchive:
    """A folder with the members, and those that could not be had, by name."""

    folder: Path
    failed: tuple[tuple[str, SourceError], ...]


@contextmanager
def unpack_zip(stream: BinaryIO, name: str) -> Generator[UnpackedArchive, None, None]:
    """Unpack an archive for as long as the context lasts.

    Raise `Malformed` for a broken one, `TooLarge` above the limits, `UnknownFormat` for an office document.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise Malformed(f"{name}: not a whole zip archive ({problem}); fetch or pack it again") from problem
    with archive, TemporaryDirectory(prefix="crosstalk-") as temporary:
        folder = Path(temporary)
        members = [member for member in archive.infolist() if not member.is_dir()]
        kept = {member.filename for member in members}
        for sign, words in _OFFICE:
            if sign in kept:
                raise UnknownFormat(f"{name}: {words}")
        if len(members) > LIMITS.archive_members:
            raise TooLarge(f"{name}: {len(members):,} files in one archive; the limit is {LIMITS.archive_members:,}")
        failed: list[tuple[str, SourceError]] = []
        left = LIMITS.file_bytes
        for member in members:
            try:
                left -= _unpack_member(archive, member, folder, name, left)
            except SourceError as problem:
                if isinstance(problem, TooLarge):
                    raise
                failed.append((member.filename, problem))
        yield UnpackedArchive(folder, tuple(failed))


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, name: str, left: int) -> int:
    """Copy a member below `folder`; return its size. Raise `TooLarge`, or what else stands in the way."""
    where = f"{name}: {member.filename!a:.200}"
    if member.flag_bits & 1:
        raise Unreadable(f"{where}: locked with a password; unpack it first")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable(f"{where}: a link, which is not followed")
    parts = [
        part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("..", ".", "/", "")
    ]
    if not parts or len("/".join(parts)) > 1000 or any("\x00" in part or len(part.encode()) > 255 for part in parts):
        raise Unreadable(f"{where}: a name that no file can have")
    target = folder.joinpath(*(part.rstrip(":") or "_" for part in parts))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("xb") as written:
            return _copy(packed, written, where, min(left, max(_SMALL, _RATIO * member.compress_size)), left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        raise Malformed(f"{where}: cannot be unpacked ({problem})") from problem
    except zlib.error as problem:
        raise Malformed(f"{where}: cannot be unpacked ({problem})") from problem
    except OSError as problem:
        raise Unreadable(f"{where}: {problem.strerror or problem}") from problem


def _copy(packed: IO[bytes], written: BinaryIO, where: str, most: int, left: int) -> int:
    size = 0
    while chunk := packed.read(_CHUNK):
        size += len(chunk)
        if size > most:
            limit = f"{LIMITS.file_bytes:,} bytes in all" if most == left else f"{_RATIO} times its packed size"
            raise TooLarge(f"{where}: unfolds to more than {limit}; unpack it by hand if you trust it")
        written.write(chunk)
    return size
