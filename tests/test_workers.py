"""Work done by other processes is the same work, in the same order."""

import operator

import pytest

from ingest.workers import run_in_order

TASKS = [(f"tag{n}", None if n % 3 == 2 else float(n), 1) for n in range(20)]


@pytest.mark.parametrize(("start_at", "workers"), [(10**9, 2), (5, 2), (0, 2), (0, 1)])
def test_results_come_in_order_wherever_they_are_computed(start_at, workers):
    got = [
        (tag, None if call is None else call())
        for tag, call in run_in_order(TASKS, operator.neg, start_at=start_at, workers=workers)
    ]
    assert got == [(tag, None if task is None else -task) for tag, task, _ in TASKS]


def test_what_the_work_raises_is_raised_where_its_result_is_wanted():
    calls = dict(run_in_order([("bad", "text", 1), ("good", 2.0, 1)], operator.neg, start_at=0, workers=2))
    with pytest.raises(TypeError):
        calls["bad"]()
    assert calls["good"]() == -2.0
