"""How a command comes to a base that is up to date: the index always, the analyses where they are asked for."""

# pyright: standard

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.base_location import BaseLocation
from ui.cli import output

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase


@contextmanager
def open_current_base(
    location: BaseLocation, purpose: str, *, analyzed: bool = False, upgraded: bool = True
) -> Iterator["KnowledgeBase"]:
    """Open the base. Where it is behind its record, catch up first: the index always, the analyses where `analyzed`.

    Before these, unless not `upgraded`, what an older version of the program read out is read out again.
    """
    with location.open(purpose=purpose) as knowledge:
        if analyzed and upgraded:
            upgrade(location, knowledge)
        refresh(knowledge)
        if analyzed and knowledge.is_unanalyzed():
            analyze(knowledge)
        yield knowledge


def upgrade(location: BaseLocation, knowledge: "KnowledgeBase") -> None:
    """Read out again what an older version of the program read out, with progress."""
    from ingest.upgrade import extract_again, is_outdated

    with knowledge.open_record() as record:
        if not is_outdated(record):
            return
    with location.open_record(read_only=False) as record, output.show_progress("reading again") as report:
        extract_again(record, lambda done, total: report(done, total, f"{done:,} of {total:,} conversations"))


def refresh(knowledge: "KnowledgeBase") -> None:
    """Bring the index up to date, with progress."""
    if knowledge.is_behind():
        with output.show_progress("indexing") as report:
            knowledge.refresh(lambda done, total: report(done, total, f"{done:,} of {total:,} claims"))


def analyze(knowledge: "KnowledgeBase", *, anew: bool = False) -> dict[str, int]:
    """Bring terms, mismatches and clusters up to date, with progress; gives the number of findings by kind."""

    def report_stage(what: str, done: int, total: int) -> None:
        report(done, total or None, f"{what}: {done:,} of {total:,}" if total else what)

    with output.show_progress("analyzing") as report:
        return knowledge.analyze(report_stage, anew=anew)
