"""Where a base is, and the ways to open it. Every face starts here."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import NotFound

if TYPE_CHECKING:
    from corpus.record import Record
    from index.knowledge_base import KnowledgeBase

KB, VECTORS, RECORD = "CROSSTALK_KB", "CROSSTALK_VECTORS", "CROSSTALK_RECORD"


@dataclass(frozen=True, slots=True)
class BaseLocation:
    """A base: its folder, and the addresses of its vectors and its record where they live elsewhere."""

    folder: Path
    vectors: str | None = None
    record: str | None = None

    @classmethod
    def resolve(
        cls, folder: Path | None = None, vectors: str | None = None, record: str | None = None
    ) -> "BaseLocation":
        """Take what is given, else the environment ($CROSSTALK_KB, …), else the user's own data folder."""
        chosen = folder or os.environ.get(KB)
        if not chosen:
            import platformdirs

            chosen = platformdirs.user_data_dir("crosstalk", appauthor=False)
        return cls(
            Path(chosen).expanduser(),
            vectors or os.environ.get(VECTORS) or None,
            record or os.environ.get(RECORD) or None,
        )

    @property
    def exists(self) -> bool:
        """Return whether there is a record to ask."""
        return self.record is not None or (self.folder / "corpus.db").is_file()

    def make_environment(self) -> dict[str, str]:
        """Return the variables under which `resolve` finds this location again."""
        named = {KB: str(self.folder.absolute()), VECTORS: self.vectors, RECORD: self.record}
        return {name: value for name, value in named.items() if value}

    def require_base(self) -> None:
        """Raise `NotFound` where there is no base yet."""
        if not self.exists:
            raise NotFound(f"there is no base at {self.folder}; make one with `crosstalk ingest SOURCE`")

    def open_record(self, *, read_only: bool = True) -> "Record":
        """Open the record alone: enough for writing to it and for exports, also while another process serves."""
        from corpus.record import Record

        if read_only:
            self.require_base()
        elif self.record is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Record.open(self.record or self.folder / "corpus.db", read_only=read_only)

    def open(self, purpose: str = "crosstalk", *, rebuild: bool = False) -> "KnowledgeBase":
        """Open the base for questions, or to `rebuild` its index whatever that was made with.

        Raises `NotFound`, `RecordBusy`, `WrongVersion`, `BrokenRecord`.
        """
        from index.knowledge_base import KnowledgeBase

        self.require_base()
        return KnowledgeBase.open(
            self.folder, vectors=self.vectors, record=self.record, purpose=purpose, rebuild=rebuild
        )
