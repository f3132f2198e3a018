"""What an analysis is, and what it works on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.encoding.sentence_encoder import Encoder
from index.findings.findings_store import Finding, FindingsStore
from index.store.points import Vectors

if TYPE_CHECKING:
    from corpus.record import Record

AnalysisProgress = Callable[[str, int, int], None]
"""Called with (what is being done, done, total)."""


@dataclass(frozen=True, slots=True)
class AnalysisContext:
    """What analyses work on. `findings_store` holds the findings of the run before, and the cache."""

    record: "Record"
    vectors: Vectors
    encoder: Encoder
    findings_store: FindingsStore
    progress: AnalysisProgress = lambda what, done, total: None

    def report_to(self, progress: AnalysisProgress | None) -> "AnalysisContext":
        """Return the same context that reports to `progress`, where there is one."""
        return replace(self, progress=progress) if progress else self


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: its name, the kinds of findings that it gives, and how."""

    name: str
    kinds: tuple[str, ...]
    run: Callable[[AnalysisContext], Mapping[str, Iterable[Finding]]]
