"""What a loader is given, and what it answers.

A *source* is one file, one ConvoKit folder, one web address or standard input. A loader yields conversations one at
a time; a conversation that cannot be read is yielded as a `Failure`, and the next one follows.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from corpus.errors import CrosstalkError, TooLarge, Unreadable
from corpus.limits import LIMITS
from corpus.model import Conversation

HEAD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user says of a source that lacks it: `--author --title --url --date`, or a sidecar `NAME.meta.toml`.

    `map` says which columns of a table, or keys of objects, are what: "text=body,speaker=author" (see `columns`).
    """

    author: str | None = None
    title: str | None = None
    url: str | None = None
    date: datetime | None = None
    map: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One source, or one conversation in it, that could not be read. `source` names it as the user would."""

    source: str
    error: CrosstalkError


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name. `path` for a file or a ConvoKit folder, `url` for an address, `content` for standard input.

    `key` tells the same source again at the next reading; `member_of` is how it tells one that was unpacked.
    """

    name: str
    path: Path | None = None
    url: str | None = None
    content: bytes | None = None
    hints: Hints = field(default_factory=Hints)
    member_of: str | None = None

    @property
    def key(self) -> str:
        """Name the same source the same way at every reading."""
        if self.member_of:
            return self.member_of
        if self.url:
            return self.url
        if self.path is not None:
            return os.fsencode(self.path.resolve()).decode("utf-8", "backslashreplace")
        return "stdin:" + hashlib.sha256(self.content or b"").hexdigest()

    def open(self) -> BinaryIO:
        """Open the bytes for reading. Raise `Unreadable`."""
        if self.content is not None:
            return io.BytesIO(self.content)
        if self.path is None:
            raise Unreadable(f"{self.name}: there are no bytes to read")
        try:
            return self.path.open("rb")
        except OSError as problem:
            raise Unreadable(f"{self.name}: {problem.strerror or problem}") from problem

    def read_head(self) -> bytes:
        """Read the first 64 KiB, by which a format is recognised. Empty for an address or a folder."""
        if self.content is None and (self.path is None or self.path.is_dir()):
            return b""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def read_whole(self, limit: int = LIMITS.file_bytes) -> bytes:
        """Read everything. Raise `TooLarge` above `limit` bytes, before they are in memory."""
        with self.open() as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise TooLarge(f"{self.name}: larger than {limit:,} bytes, the most that is read at once; split it")
        return content


Loaded = Conversation | Failure


@dataclass(frozen=True, slots=True)
class Format:
    """One loader. `rank` decides between readings of one utterance by several formats: the richest (highest) wins.

    `detects` looks at the source and its head, by content and never by file name. `read` yields conversations; what it
    had to fetch first it may yield as a `Source` of its own, whose format is then detected. `what` and `sign` say to
    people what it is and by what it is known, `example` how it is read.
    """

    name: str
    rank: int
    detects: Callable[[Source, bytes], bool]
    read: Callable[[Source], Iterator[Loaded | Source]]
    what: str = ""
    sign: str = ""
    example: str = ""
