"""What a month costs, part by part: worlds are built, warmed up, brought into the last year of their scenario, and
lived with a clock beside every rule.

Times are those of the processor for one thread, so that other work on the machine counts little; each part has the
least of its months. Then whole months are lived on all threads and taken by the clock on the wall.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from sincerity.declare.dates import Month
from sincerity.declare.scenario import Scenario
from sincerity.engine.cpu import Engine, warm_up
from sincerity.engine.watch import Watch, nobody
from sincerity.engine.world import KEEPS_TRAITS, block_size, build, settle, successor, usual_threads
from sincerity.month.schedule import Schedule

SETTLES, MEASURED, BY_THE_CLOCK = 6, 6, 3
"""Months under the regimes before the clock runs, months with it, and months on all threads."""
FEWEST, MOST = 200_000, 1_000_000
"""People of a profile: fewer fit into the caches as a whole, more tell nothing further."""
REST, YEAR = "the rest", "year"
Part = tuple[str, int | None]
"""A part of the month, and the number of the world; None: all of them."""


@dataclass(frozen=True)
class Profile:
    """Nanoseconds a person and month, of one thread's processor.

    shared: by part, what is done once for all worlds. worlds: by part, what each world takes, in their order; the part
    `year` is what only the last month of a year has, a twelfth of it. threads: how many lived whole months, and
    clocked: the nanoseconds a person and month that these took for all worlds.
    """

    people: int
    names: tuple[str, ...]
    shared: dict[str, float]
    worlds: dict[str, tuple[float, ...]]
    threads: int
    clocked: float

    @property
    def total(self) -> float:
        """Of all parts and worlds."""
        return sum(self.shared.values()) + sum(map(sum, self.worlds.values()))


class Clock:
    """Adds up the time since the last part was done, by part and world; keeps the least month of each."""

    def __init__(self) -> None:
        self._least: dict[Part, int] = {}
        self.begin_month()

    def begin_month(self) -> None:
        """Start anew."""
        self._spent: dict[Part, int] = {}
        self._last = time.thread_time_ns()

    def lap(self, name: str, world: int | None) -> None:
        """A part is done."""
        now = time.thread_time_ns()
        self._spent[name, world] = self._spent.get((name, world), 0) + now - self._last
        self._last = now

    def end_month(self) -> None:
        """Keep what took less than in the months before."""
        self.lap(REST, None)
        for part, spent in self._spent.items():
            self._least[part] = min(spent, self._least.get(part, spent))

    def profile(self, people: int, names: list[str], threads: int, clocked: float) -> Profile:
        """What was measured, by person."""
        each = {part: ns / people / (12 if part[0] == YEAR else 1) for part, ns in self._least.items()}
        shared = {name: ns for (name, world), ns in each.items() if world is None}
        own = {name: [0.0] * len(names) for name, world in each if world is not None}
        for (name, world), ns in each.items():
            if world is not None:
                own[name][world] = ns
        return Profile(people, tuple(names), shared, {name: tuple(row) for name, row in own.items()}, threads, clocked)


def profile(
    scenario: Scenario,
    people: int | None = None,
    threads: int | None = None,
    schedule: Schedule | None = None,
    watch: Watch = nobody,
) -> Profile:
    """Live months of the scenario's last year, and say what they took. `people`: else the scenario's, in bounds."""
    from sincerity.declare.catalogue import regime

    many = people or min(max(scenario.people, FEWEST), MOST)
    crew = threads or usual_threads()
    listing, seed = schedule or Schedule(), scenario.seeds[0]
    months = SETTLES + MEASURED + BY_THE_CLOCK
    first = scenario.start + max(scenario.months - months, 0)
    watch("building", 0, 1)
    land = replace(settle(scenario.society, many, seed), keeps_traits=scenario.people <= KEEPS_TRAITS)
    start = Engine([build(land, regime("none"), listing, scenario.regimes)], listing, seed, 1, block_size(many, 1))
    start.compile(watch)
    warm_up(start, first, watch)
    worlds = [successor(start.worlds[0], made) for made in scenario.regimes]
    for world in worlds:
        world.begun = scenario.start
    clock = Clock()
    engine = Engine(worlds, listing, seed, 1, block_size(many, 1))
    engine.compile(nobody)
    for month in range(SETTLES):
        watch("living", month, months)
        _live(engine, month, first)
    engine.lap = clock.lap
    for month in range(SETTLES, SETTLES + MEASURED):
        watch("living", month, months)
        clock.begin_month()
        _live(engine, month, first, last=month == SETTLES + MEASURED - 1)
        clock.end_month()
    engine = Engine(worlds, listing, seed, crew, block_size(many, crew))
    clocked = []
    for month in range(SETTLES + MEASURED, months):
        watch("living", month, months)
        began = time.perf_counter_ns()
        _live(engine, month, first)
        clocked.append(time.perf_counter_ns() - began)
    watch("living", months, months)
    engine.crew.close()
    return clock.profile(many, [made.name for made in scenario.regimes], crew, min(clocked) / many)


def _live(engine: Engine, month: int, first: Month, last: bool = False) -> None:
    """A month with its census, as in a run, of which nothing is kept."""
    engine.live(month, first + month, counting="last" if last else "month")
    engine.clear("counts", "ever_counts", "sums", "flows", "totals", "bins")
