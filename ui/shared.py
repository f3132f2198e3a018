"""The one open base of a serving process: the web pages and the HTTP API ask the same object."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from corpus.errors import CrosstalkError
from index.answers import Query
from ui.place import Place

if TYPE_CHECKING:
    from index.knowledge_base import KnowledgeBase

WATCH_SECONDS = 3.0


@functools.cache
def knowledge_at(place: Place) -> "KnowledgeBase":
    """Open the base at `place` once in this process."""
    return place.open(purpose="crosstalk serve")


def knowledge_here() -> "KnowledgeBase":
    """Give the base that the environment names: how a page finds the one that is being served."""
    return knowledge_at(Place.of())


@contextmanager
def kept_up_to_date(knowledge: "KnowledgeBase") -> Iterator[None]:
    """Pull in, in the background, what other processes ingest while this one serves."""
    stop = threading.Event()

    def watch() -> None:
        with suppress(CrosstalkError):
            knowledge.search(Query("the first question loads the encoder", limit=1))
        while not stop.wait(WATCH_SECONDS):
            with suppress(CrosstalkError):  # a busy record: the next round tries again
                if knowledge.behind():
                    knowledge.refresh(optimize=False)

    watcher = threading.Thread(target=watch, name="crosstalk-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(timeout=30)
