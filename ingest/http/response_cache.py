"""Answers of a site on disk, so that a read that was interrupted goes on where it stopped.

An entry lives as long as its read is unfinished: `forget` removes all entries of a read when it is done, so that the
next read sees the site as it then is. Entries older than a day are not used.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ResponseCache:
    """The answers of one read, in a folder of their own under `folder`."""

    folder: Path

    @classmethod
    def open(cls, root: Path, read: str) -> "ResponseCache":
        """Open the cache of the read named `read` (an address) under `root`."""
        return cls(root / hashlib.sha256(read.encode("utf-8", "surrogatepass")).hexdigest()[:32])

    def find(self, request: str) -> bytes | None:
        """Return the answer to `request` if it was kept and is fresh."""
        path = self._path(request)
        try:
            if time.time() - path.stat().st_mtime > _SECONDS:
                return None
            return path.read_bytes()
        except OSError:
            return None

    def keep(self, request: str, answer: bytes) -> None:
        """Keep an answer, whole or not at all. A full disk costs only the convenience."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(answer)
                os.replace(name, self._path(request))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise

    def forget(self) -> None:
        """Drop all answers of this read."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, request: str) -> Path:
        return self.folder / hashlib.sha256(request.encode("utf-8", "surrogatepass")).hexdigest()
