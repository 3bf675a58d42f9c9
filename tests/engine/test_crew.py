"""Threads that share out ranges: each range once, an error stops them, and no thread for too few people."""

from __future__ import annotations

import threading
import time

import pytest

from sincerity.engine.cpu import Crew
from sincerity.engine.world import A_THREAD, block_size, worth_having


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_every_range_is_worked_once_and_in_order_of_taking(threads: int) -> None:
    crew, met, lock = Crew(threads, 1_000, 7), [], threading.Lock()

    def work(lo: int, hi: int) -> None:
        with lock:
            met.append((lo, hi))

    crew.each(work)
    crew.each(work)
    crew.close()
    assert sorted(met) == sorted(2 * [(lo, min(lo + 7, 1_000)) for lo in range(0, 1_000, 7)])


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_after_an_error_nobody_takes_another_range_and_the_crew_can_go_on(threads: int) -> None:
    crew, met = Crew(threads, 1_000, 1), []

    def work(lo: int, hi: int) -> None:
        met.append(lo)
        if lo == 5:
            raise OverflowError("five")
        time.sleep(0.001)

    with pytest.raises(OverflowError, match="five"):
        crew.each(work)
    assert len(met) < 100
    again: list[int] = []
    crew.each(lambda lo, hi: again.append(lo))
    crew.close()
    assert sorted(again) == list(range(1_000))


def test_few_people_get_few_threads() -> None:
    assert [worth_having(8, people) for people in (1_000, A_THREAD, 2 * A_THREAD, 10**9)] == [1, 1, 2, 8]
    assert worth_having(1, 10**9) == 1


@pytest.mark.parametrize(("people", "threads"), [(1_000, 1), (100_000, 2), (1_000_003, 2), (1_000_000, 3)])
def test_each_thread_has_as_many_blocks(people: int, threads: int) -> None:
    blocks = -(-people // block_size(people, threads))
    assert blocks % threads == 0
