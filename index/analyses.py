"""What is computed over the whole record, beside the vectors: a list of analyses, each a function of its context.

An analysis reads record and vectors and gives findings by kind; it writes nothing itself. It may keep in the cache what
is dear and depends on one thing alone, so that a new conversation costs what it brings and no more.
"""

from collections.abc import Iterable

from index.findings.context import Analysis, Material
from index.findings.findings_store import Analyses


def analyses() -> tuple[Analysis, ...]:
    """Give the analyses, in the order in which they run."""
    from index import mismatches
    from index.clusters.find import CLUSTERS
    from index.terms.find import find_terms

    return (
        Analysis("terms", ("term",), find_terms),
        Analysis("mismatches", ("mismatch",), mismatches.find_mismatches),
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
