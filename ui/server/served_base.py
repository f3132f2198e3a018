"""The one open base of a serving process: the web pages, the HTTP API and the tools ask the same object."""

# pyright: standard

import functools
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING

from corpus.errors import CrosstalkError
from index.answers import Query
from ui.base_location import BaseLocation

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase

WATCH_SECONDS = 3.0


@functools.cache
def open_base_at(location: BaseLocation) -> "KnowledgeBase":
    """Open the base at `place` once in this process."""
    return location.open(purpose="crosstalk serve")


def open_served_base() -> "KnowledgeBase":
    """Return the base that the environment names: how a page finds the one that is being served."""
    return open_base_at(BaseLocation.resolve())


@contextmanager
def keep_up_to_date(knowledge: "KnowledgeBase") -> Iterator[None]:
    """Pull in, in the background, what other processes ingest while this one serves, and analyze it.

    Analyses wait for a round in which nothing new came: they are of the whole record, and take longer than a round.
    After an upgrade of the program another process reads out again what an older version did: here it would take the
    time of those who ask.
    """
    stop = threading.Event()
    upgrade = _start_upgrade(knowledge)

    def watch() -> None:
        with suppress(CrosstalkError):
            knowledge.search.find(Query("the first question loads the encoder", limit=1))
        tried = -1  # the generation that was analyzed last, so that a fault of ours is not met again every round
        while not stop.wait(WATCH_SECONDS):
            with suppress(CrosstalkError):  # a busy record: the next round tries again
                generation = knowledge.generation
                if knowledge.is_behind():
                    knowledge.refresh(optimize=False)
                elif knowledge.is_unanalyzed() and tried != generation and not (upgrade and upgrade.is_alive()):
                    tried = generation
                    _analyze(knowledge)

    watcher = threading.Thread(target=watch, name="crosstalk-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        if upgrade is not None:
            upgrade.terminate()  # each conversation is a transaction of its own: the next server goes on
        watcher.join(timeout=30)


def _start_upgrade(knowledge: "KnowledgeBase") -> SpawnProcess | None:
    from ingest.upgrade import is_outdated, upgrade_at

    with knowledge.open_record() as record:
        if not is_outdated(record):
            return None
        location = record.name
    upgrade = get_context("spawn").Process(target=upgrade_at, args=(location,), daemon=True)
    upgrade.start()
    return upgrade


def _analyze(knowledge: "KnowledgeBase") -> None:
    """Analyze without ever ending the watch: what was found before stays, and the server's output says what broke."""
    try:
        knowledge.analyze()
    except CrosstalkError:
        raise
    except Exception:
        logging.getLogger(__name__).exception("the analyses broke; what they found before is still shown")
