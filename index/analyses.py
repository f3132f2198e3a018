"""What is computed over the whole record, beside the vectors: a list of analyses, each a function of its context.

An analysis reads record and vectors and gives findings by kind; it writes nothing itself. It may keep in the cache what
is dear and depends on one thing alone, so that a new conversation costs what it brings and no more.
"""

from collections.abc import Iterable

from index.findings.context import Analysis, AnalysisContext
from index.findings.findings_store import FindingsStore


def list_analyses() -> tuple[Analysis, ...]:
    """Return the analyses, in the order in which they run."""
    from index.clusters.find import CLUSTERS
    from index.mismatches.find import find_mismatches
    from index.terms.find import find_terms

    return (
        Analysis("terms", ("term",), find_terms),
        Analysis("mismatches", ("mismatch",), find_mismatches),
        CLUSTERS,
    )


def list_outdated(findings_store: FindingsStore, generation: int) -> tuple[Analysis, ...]:
    """Return the analyses whose findings do not describe the record as it is at `generation`."""
    return tuple(
        analysis
        for analysis in list_analyses()
        if any(findings_store.read_generation(kind) != generation for kind in analysis.kinds)
    )


def run_analyses(context: AnalysisContext, wanted: Iterable[Analysis]) -> dict[str, int]:
    """Run analyses and keep what they find; return the number of findings by kind.

    Killed in between, the findings of the run before stand; the next run does what is still outdated.
    """
    counts: dict[str, int] = {}
    for analysis in wanted:
        generation = context.record.generation
        results = analysis.run(context)
        for kind in analysis.kinds:
            counts[kind] = context.findings_store.replace(kind, results[kind], generation)
    return counts
