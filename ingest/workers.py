"""Reading out conversations on every core: the parser is most of the work, and it uses one.

Results come in order, and a result is the same wherever it was computed. Small ingests stay in this process, since a
worker takes seconds to start. Workers end with the process that started them, even one that is killed.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

Tag = TypeVar("Tag")
Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 4  # tasks a worker that may wait for the reader of the results


def run_in_order(
    tasks: Iterable[tuple[Tag, Task | None, int]],
    work: Callable[[Task], Result],
    *,
    start_at: int,
    workers: int | None = None,
) -> Iterator[tuple[Tag, Callable[[], Result] | None]]:
    """Yield (tag, a call that gives the result of its task), in order; None for a tag without a task.

    Tasks come with their sizes. Once those sum to `start_at`, the rest is worked on ahead by other processes; before
    that, and on a machine with one core, the call does the work itself. Whatever `work` raises, the call raises.
    """
    workers = workers or _cores()
    waiting: deque[tuple[Tag, Future[Result] | None]] = deque()
    pool: ProcessPoolExecutor | None = None
    seen = 0
    try:
        for tag, task, size in tasks:
            seen += size
            if pool is None and (workers < 2 or seen < start_at):
                yield tag, None if task is None else partial(work, task)
                continue
            pool = pool or ProcessPoolExecutor(workers, get_context("spawn"), _end_with, (os.getpid(),))
            waiting.append((tag, None if task is None else pool.submit(work, task)))
            if len(waiting) > _AHEAD * workers:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _next(waiting: "deque[tuple[Tag, Future[Result] | None]]") -> tuple[Tag, Callable[[], Result] | None]:
    tag, future = waiting.popleft()
    return tag, None if future is None else future.result


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end_with(parent: int) -> None:
    """Start a watch in a worker that ends it once its parent is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
