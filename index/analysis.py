"""What is computed over the whole record, beside the vectors: a list of analyses, each a function of its material.

An analysis reads record and vectors and gives findings by kind; it writes nothing itself. It may keep in the cache what
is dear and depends on one thing alone, so that a new conversation costs what it brings and no more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.analyses import Analyses, Finding
from index.encoder import Encoder
from index.vectors import Vectors

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


def analyses() -> tuple[Analysis, ...]:
    """Give the analyses, in the order in which they run."""
    from index import mismatches
    from index.clusters import CLUSTERS
    from index.terms.study import study

    return (
        Analysis("terms", ("term",), study),
        Analysis("mismatches", ("mismatch",), mismatches.study),
        CLUSTERS,
    )


def outdated(kept: Analyses, generation: int) -> tuple[Analysis, ...]:
    """Give the analyses whose findings do not describe the record as it is at `generation`."""
    return tuple(one for one in analyses() if any(kept.generation(kind) != generation for kind in one.kinds))


def run(material: Material, wanted: Iterable[Analysis]) -> dict[str, int]:
    """Run analyses and keep what they find; gives the number of findings by kind.

    Killed in between, the findings of the run before stand; the next run does what is still outdated.
    """
    found: dict[str, int] = {}
    for one in wanted:
        generation = material.record.generation
        results = one.run(material)
        for kind in one.kinds:
            found[kind] = material.kept.replace(kind, results[kind], generation)
    return found
