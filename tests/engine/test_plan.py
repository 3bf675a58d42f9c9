"""The plan: what a run will take, told before anything is allocated, and kept to."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.living import BOTH, declared
from sincerity.declare.catalogue import regime
from sincerity.engine import world as worlds
from sincerity.engine.cpu import simulate
from sincerity.engine.world import Land, Plan, build, free_memory, plan, usual_threads
from sincerity.month.schedule import ROWS, Schedule, rule
from sincerity.people.columns import Column
from sincerity.people.kernel import kernel

MB = 10**6


def planned(people: int, **more: Any) -> Plan:
    return plan(replace(declared(1_000, 12), people=people), **more)


def traced(work: Callable[[], Any]) -> int:
    """The most bytes that Python and NumPy held at once while `work` ran, beyond what they held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@kernel
def idle(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Touches nothing."""


def test_bytes_a_person_are_the_sum_of_the_columns() -> None:
    found = planned(10_000)
    by_life = {life: sum(c.bytes for c in found.columns if c.life == life) for life in ("state", "board")}
    assert (found.bytes_private, found.bytes_board) == (by_life["state"], by_life["board"])
    assert found.bytes_per_person == sum(by_life.values())
    assert found.bytes_private <= 24
    assert found.bytes_board <= 8


def test_bytes_a_person_are_what_a_world_allocates(land: Land) -> None:
    found = planned(land.people)
    columns = build(land, regime("none"), Schedule(), (regime("citizen-score"),)).columns
    assert sum(array.nbytes for array in columns.values()) == found.bytes_per_person * land.people
    assert land.packed.nbytes == found.shared_per_person * land.people


def test_a_further_column_is_planned_for() -> None:
    more = Column("rancour", np.uint16, "state", "points", 0, 9, "what is not forgotten")
    listing = Schedule().after("speech", rule("idle", idle, "", "rancour", 0), (more,))
    before, after = planned(1 * MB), planned(1 * MB, schedule=listing)
    assert after.bytes_private == before.bytes_private + 2
    assert after.bytes_total - before.bytes_total == 2 * len(BOTH) * MB
    assert after.columns[-1] == more


def test_people_and_worlds_cost_their_bytes() -> None:
    small, large = planned(2 * MB), planned(4 * MB)
    each = small.shared_per_person + 2 * small.bytes_per_person
    assert large.bytes_total - small.bytes_total == pytest.approx(2 * MB * each, rel=0.02)
    alone = plan(replace(declared(1_000, 12, ("none",)), people=2 * MB))
    assert small.bytes_total - alone.bytes_total >= 2 * MB * small.bytes_per_person
    assert (small.worlds, alone.worlds, small.people) == (2, 1, 2 * MB)


def test_traits_are_planned_for_where_they_are_kept() -> None:
    kept, more = planned(worlds.KEEPS_TRAITS), planned(worlds.KEEPS_TRAITS + 1)
    each = sum(column.bytes for column in kept.columns if column.life == "trait") + worlds.CELLS
    assert each > 64
    assert kept.bytes_total - more.bytes_total == pytest.approx(each * worlds.KEEPS_TRAITS, rel=1e-3)


def test_threads_cost_scratch_and_nothing_a_person() -> None:
    one, eight = planned(1 * MB, threads=1), planned(1 * MB, threads=8)
    extra = (eight.bytes_total - one.bytes_total) / 7
    assert 1 * MB < extra < 30 * MB
    assert planned(9 * MB, threads=8).bytes_total - planned(9 * MB, threads=1).bytes_total == 7 * extra
    assert planned(MB).threads == usual_threads() >= 1


def test_whether_it_fits_is_a_matter_of_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    total = planned(10 * MB).bytes_total
    for memory, fits in (
        (total, False),
        (int(total / 0.9) + 10, True),
        (int(total / 0.9) - 10, False),
        (10 * total, True),
    ):
        monkeypatch.setattr(worlds, "free_memory", lambda memory=memory: memory)
        found = planned(10 * MB)
        assert (found.memory, found.fits) == (memory, fits)


def test_what_is_wanted_least_lies_in_files_and_no_more_of_it_than_must() -> None:
    def of(share: float) -> Plan:
        all_in_files = planned(10 * MB).in_files().bytes_resident
        rest = planned(10 * MB).bytes_total - all_in_files
        return replace(planned(10 * MB), memory=int((all_in_files + share * rest) / worlds.FULL_MAPPED)).as_fits()

    everything = set(planned(10 * MB).sizes)
    assert set(of(0.001).mapped) == everything
    some = of(0.5)
    assert some.fits_mapped
    assert not some.fits
    assert {"traits", "history"} <= set(some.mapped)
    assert not {"flags", "score"} & set(some.mapped)
    left = some.memory * worlds.FULL_MAPPED - some.bytes_resident
    assert all(some.sizes[name] > left for name in some.mapped)
    assert some.bytes_resident + some.bytes_mapped == some.bytes_total
    assert of(2).mapped == ()


def test_free_memory_is_that_of_this_machine() -> None:
    assert 100 * MB < free_memory() < 2**48


def test_a_nation_is_planned_without_allocating_it() -> None:
    found: list[Plan] = []
    scenario = replace(declared(1_000, 12), people=1_300_000_000)
    assert traced(lambda: found.append(plan(scenario))) < 5 * MB
    assert found[0].bytes_total > 1_300_000_000 * 2 * 24


def test_the_plan_lists_the_month() -> None:
    assert tuple(planned(MB).schedule) == ROWS


def test_a_run_takes_no_more_than_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    simulate(declared(1_000, 1), 1, threads=2)  # compiled forms are not the run's
    monkeypatch.setattr(worlds, "KEEPS_TRAITS", 0)
    monkeypatch.setattr("sincerity.engine.cpu.WARM_UP_MONTHS", 2)
    scenario = declared(300_000, 1)
    most = traced(lambda: simulate(scenario, 1, threads=2))
    assert most < 1.05 * plan(scenario, threads=2).bytes_total
