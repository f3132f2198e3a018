"""What an analysis is, and what it works on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.encoding.sentence_encoder import Encoder
from index.findings.findings_store import Analyses, Finding
from index.store.points import Vectors

if TYPE_CHECKING:
    from corpus.record import Record

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, done, total)."""


@dataclass(frozen=True, slots=True)
class Material:
    """What analyses work on. `kept` holds the findings of the run before, and the cache."""

    record: "Record"
    vectors: Vectors
    encoder: Encoder
    kept: Analyses
    progress: Progress = lambda what, done, total: None


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: its name, the kinds of findings that it gives, and how."""

    name: str
    kinds: tuple[str, ...]
    run: Callable[[Material], Mapping[str, Iterable[Finding]]]
