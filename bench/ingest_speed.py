"""How fast a thread becomes claims that can be found: python -m bench.ingest_speed SOURCE...

For each source, in a fresh base: conversations, utterances, claims; seconds until all is in the record (loading,
parsing, claims) and until all is in the index; the encoder's own share of the whole, which nothing can do without;
claims a second; peak memory of this process.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Clock:
    """Sums the seconds spent inside wrapped functions."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that does the same and is timed under `name`."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

        return timed


def main() -> None:
    """Print a table, a row a source."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    given = parser.parse_args()

    from corpus.record import Record
    from index.encoding import sentence_encoder as encoders
    from index.knowledge_base import KnowledgeBase
    from ingest import pipeline
    from ingest.sources.source import Hints

    columns = "source|conversations|utterances|claims|s|read s|index s|encoder s|encoder share|claims/s|peak MB"
    print("|", columns.replace("|", " | "), "|")
    print("|" + "---|" * (columns.count("|") + 1))
    for source in given.sources:
        clock = Clock()
        plain_encode = encoders.Encoder.encode
        encoders.Encoder.encode = clock.wrap("encoder", plain_encode)
        began = time.perf_counter()
        with (
            tempfile.TemporaryDirectory() as folder,
            Record.open(Path(folder) / "corpus.db") as record,
            KnowledgeBase.open(Path(folder), purpose="bench") as base,
        ):
            report = pipeline.ingest([str(source)], record, Hints())
            read = time.perf_counter()
            base.refresh(None)
            done = time.perf_counter()
            count = base.count()
        encoders.Encoder.encode = plain_encode
        whole = done - began
        encoder = clock.seconds.get("encoder", 0.0)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"| {source.name} "
            f"| {count['conversations']:,} | {count['utterances']:,} | {count['claims']:,} | {whole:.1f} "
            f"| {read - began:.1f} | {done - read:.1f} | {encoder:.1f} | {encoder / whole:.0%} "
            f"| {count['claims'] / whole:.0f} | {peak:.0f} |"
        )
        for failure in report.failed:
            print(f"failed: {failure.source}: {failure.error}")


if __name__ == "__main__":
    main()
