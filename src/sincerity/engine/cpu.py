"""The engine for processors: walks the schedule over blocks of people, shared out to threads.

for month: for block: traits and contacts, then for rule: luck, then for world: rule(block); then publish. All worlds
share people and luck, and joint counts between a world and its baseline (world 0) are taken in step. What is added up
are integers, so that threads and block sizes cannot matter.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sincerity.census import causes
from sincerity.census import counts as census
from sincerity.census.groups import COLUMNS as GROUP_COLUMNS
from sincerity.census.groups import Groupings, fill_groups
from sincerity.census.rows import Rows
from sincerity.declare.dates import Month
from sincerity.declare.regime import Regime
from sincerity.declare.scenario import Scenario
from sincerity.engine import publish as publishing
from sincerity.engine.checkpoint import WARM_UP, Keep, State, refill
from sincerity.engine.frames import compiled, frame, kind_of, read_only
from sincerity.engine.room import MEMORY, Room
from sincerity.engine.starts import Start
from sincerity.engine.taking_over import (
    HOLD,
    SAMPLE,
    SETTLING,
    Donors,
    donors_of,
    take_firms,
    take_shown,
    take_state,
    take_ties,
)
from sincerity.engine.trace import Trace
from sincerity.engine.watch import Watch, nobody
from sincerity.engine.world import (
    ABOVE,
    BLOCK,
    PACKED_TRAITS,
    WARM_UP_MONTHS,
    World,
    block_size,
    build,
    kept_columns,
    settle,
    successor,
    usual_threads,
    worth_having,
)
from sincerity.month.ranks import WIDTH
from sincerity.month.schedule import CENSUS_WRITES, START, Rule, Schedule, check, names_used
from sincerity.people import traits
from sincerity.people.columns import Column, registry
from sincerity.people.draws import fill_luck, key_of
from sincerity.people.firms import fill_workplaces
from sincerity.people.ties import SLOTS, dense, fill_reach, fill_ties, room_for, spread

WARM_UP_FROM = 0x80000000
"""Months of the warm-up are numbered from here on, so that their luck is their own."""
ALL_BITS = np.uint64(2**64 - 1)
FLOWS = ((1 << census.MANY) - 1) & ~census.STOCKS
MASKS = (("measured", slice(0, 64), FLOWS & (2**64 - 1)), ("measured_more", slice(64, 128), FLOWS >> 64))
"""The masks of a person's month: the column, its place among the counts, and which of its bits are flows."""
FIRMS = 8192
"""Firms that a thread takes at a time."""


Counting = Literal["none", "month", "last"]
"""What the census takes: nothing (warm-up), a month, or a month that is the last of its year."""


def no_lap(name: str, world: int | None = None) -> None:
    """A clock that nobody looks at: called when a part of the month is done, of one world or of all."""


class Outcome(NamedTuple):
    """What one seed gave: census rows (`rows.table()`), and the seconds each phase took."""

    rows: Rows
    seconds: dict[str, float]


class Crew:
    """Threads that share out ranges; each has its own scratch. Same results for any number of them."""

    def __init__(self, threads: int, people: int, block: int) -> None:
        self.threads = max(1, threads)
        self.ranges = [(lo, min(lo + block, people)) for lo in range(0, people, block)]
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def each(self, work: Callable[[int, int], None]) -> None:
        """Call work(lo, hi) for every block; an error in any of them is raised."""
        self.share(self.ranges, work)

    def share(self, ranges: Iterable[tuple[int, int]], work: Callable[[int, int], None]) -> None:
        """The same over other ranges."""
        if self._pool is None:
            for lo, hi in ranges:
                work(lo, hi)
            return
        left, one_by_one = iter(ranges), threading.Lock()

        def take() -> tuple[int, int] | None:
            with one_by_one:
                return next(left, None)

        @contextmanager
        def or_nobody() -> Iterator[None]:
            """After an error or Ctrl-C nobody takes another range."""
            try:
                yield
            except BaseException:
                with one_by_one:
                    deque(left, maxlen=0)
                raise

        def pull() -> None:
            """Work as long as there is a range: to be handed one after the other would hold all threads up."""
            with or_nobody():
                while (span := take()) is not None:
                    work(*span)

        with or_nobody():
            for done in [self._pool.submit(pull) for _ in range(self.threads)]:
                done.result()

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


class Scratch:
    """One thread's block of traits, contacts, luck, month columns of each world, and its share of the totals."""

    def __init__(self, engine: Engine) -> None:
        columns, size, worlds = engine.columns.values(), engine.block, len(engine.worlds)

        def room(column: Any) -> NDArray[Any]:
            return np.zeros(size if column.rows == 1 else (column.rows, size), column.dtype)

        self.traits = engine.room_for_traits()
        self.month = [{c.name: room(c) for c in columns if c.life == "month"} for _ in range(worlds)]
        self.luck = np.zeros((max(4, -(-max(r.words for r in (START, *engine.schedule)) // 4) * 4), size), np.uint32)
        self.ever = [np.zeros(size, np.uint64) for _ in range(worlds)]
        self.lone = np.zeros(size, np.uint64)
        self.planes = np.zeros((census.PLANES, census.WIDTH), np.uint64)
        self.shown_luck = read_only(self.luck)
        self.frames: dict[tuple[str, int], Any] = {}
        self.steps: dict[str, Step] = {}
        self.by_block: dict[tuple[int, int], tuple[dict[tuple[str, int], Any], dict[str, Step]]] = {}
        cells = engine.groupings.cells
        self.counts = np.zeros((worlds, 2, 128), np.int64)
        self.ever_counts = np.zeros((worlds, 2, 64), np.int64)
        by_cell = (0, 1, 3, 2)  # the counts of a cell lie side by side
        self.group_counts = np.zeros((worlds, 2, cells, 128), np.int64).transpose(by_cell)
        self.group_ever = np.zeros((worlds, 2, cells, 64), np.int64).transpose(by_cell)
        self.cells = Cells(size, cells)
        self.group_people = np.zeros(cells, np.int64)
        self.deeds = [np.zeros(size, np.uint64) for _ in range(worlds)]
        self.deed_counts = np.zeros((worlds, 2, 64), np.int64)
        self.mass = np.zeros((worlds, *causes.SHAPE), np.int64)
        self.bands = np.zeros((worlds, 3, census.BANDS, cells), np.int64)
        self.sums = np.zeros((worlds, census.MANY_SUMS), np.int64)
        self.flows = np.zeros((worlds, census.FLOWS), np.int64)
        self.totals = np.zeros((worlds, len(publishing.TOTALS)), np.int64)
        self.bins = np.zeros((worlds, publishing.BINS), np.int64)
        self.lines = np.zeros((worlds, max(w.lines for w in engine.worlds), WIDTH), np.int64)


class Step(NamedTuple):
    """A rule, ready to be called over blocks of people for a month: `month` are the tables it was prepared with.

    fill, key, words: what fills its luck, None if it has none. calls: world, code, columns and tables.
    """

    month: list[dict[str, Any]]
    fill: Callable[..., None] | None
    key: tuple[int, int]
    words: NDArray[np.uint32]
    calls: list[tuple[int, Callable[..., None], Any, Any]]


class Cells:
    """The people of a block by the composite cells in which they are counted, as `fill_groups` finds them."""

    def __init__(self, size: int, cells: int) -> None:
        self.groups = np.zeros((2, size), np.uint16)
        self.orders = np.zeros((2, size), np.uint32)
        self.ends = np.zeros((2, cells), np.int64)


def side_by_side(columns: list[Column], size: int) -> dict[str, Any]:
    """Columns of `size` seats in one piece of memory, the widest first."""
    whole = np.zeros(size * sum(c.bytes for c in columns), np.uint8)
    found: dict[str, Any] = {}
    at = 0
    for column in sorted(columns, key=lambda c: -np.dtype(c.dtype).itemsize):
        part = whole[at : at + size * column.bytes].view(column.dtype)
        found[column.name] = part if column.rows == 1 else part.reshape(column.rows, size)
        at += size * column.bytes
    return found


class Engine:
    """Some worlds of one land, and the crew that lives their months."""

    def __init__(self, worlds: list[World], schedule: Schedule, seed: int, threads: int, block: int) -> None:
        self.worlds, self.schedule, self.seed, self.block = worlds, schedule, seed, block
        self.land = worlds[0].land
        self.columns = registry(traits.columns(), schedule.columns)
        self._traits = [column.name for column in traits.columns()]
        check(schedule, self.columns)
        self.groupings = Groupings(self.land.traits.region_names)
        self.rules = schedule.over("persons")
        self.keys = {r.name: key_of(seed, r.name) for r in (START, *schedule)}
        self.crew = Crew(threads, self.land.people, block)
        self._local = threading.local()
        self._lock = threading.Lock()
        self.scratches: list[Scratch] = []
        self._names = {
            r.name: names_used(r.function) | (names_used(r.idle) if r.idle else set()) for r in (START, *schedule)
        }
        self._names["measure"] = names_used(census.measure)
        self._names["line"] = names_used(publishing.stand_in_line)
        self._names["measure_more"] = names_used(census.measure_more)
        self._names["causes"] = names_used(causes.causes)
        self._rule_tables: list[dict[str, Any]] = []
        self._code: dict[tuple[str, int], Callable[..., None]] = {}
        self._kinds: list[list[Any]] = []
        self._looks_up: list[dict[str, Any]] = []
        self._awake: dict[str, list[int]] = {}
        self.wanted = (PACKED_TRAITS, *kept_columns(schedule, [world.regime for world in worlds]))
        self.trace: Trace | None = None
        self.lap: Callable[[str, int | None], None] = no_lap
        self.date = Month(self.land.society.reference_year, 1)

    # -- handing out ---------------------------------------------------------------------------------------------

    def scratch(self) -> Scratch:
        """This thread's scratch."""
        mine: Scratch | None = getattr(self._local, "scratch", None)
        if mine is None:
            mine = self._local.scratch = Scratch(self)
            with self._lock:
                self.scratches.append(mine)
        return mine

    def people_frame(self, name: str, fields: Iterable[str], writes: Iterable[str], world: int, mine: Scratch) -> Any:
        """The frame of a rule for a world on this thread; what it only reads is handed read-only."""
        known = mine.frames.get((name, world))
        if known is None:
            arrays = {**self.worlds[world].columns, **mine.traits, **mine.month[world]}
            wanted = list(fields)
            allowed = set(writes)
            parts = [arrays[f] if f in allowed else read_only(arrays[f]) for f in wanted]
            known = mine.frames[name, world] = frame("People", wanted)(*parts)
        return known

    def set_tables(self, date: Month) -> None:
        """Look up this month's tables for every rule and world."""
        self.date = date
        found = [world.tables(date) for world in self.worlds]
        kinds = [[(name, kind_of(value)) for name, value in tables.items()] for tables in found]
        if kinds != self._kinds:
            self._code, self._kinds = {}, kinds
            self._looks_up = [_looks_up(self._names, tables) for tables in found]
        self._rule_tables = [
            {name: made(*map(tables.__getitem__, made._fields)) for name, made in frames.items()}
            for frames, tables in zip(self._looks_up, found, strict=True)
        ]
        for rule in self.rules:
            given = [tables[rule.name] for tables in self._rule_tables]
            self._awake[rule.name] = [w for w, one in enumerate(given) if rule.idle is None or not rule.idle(one)]
        self.lap("tables", None)

    def rule_tables(self, world: int, rule: str) -> Any:
        """What a rule looks up this month in a world."""
        return self._rule_tables[world][rule]

    def code(self, name: str, function: Callable[..., None], w: int, *arguments: Any) -> Callable[..., None]:
        """A kernel as it was compiled for one world and the kinds of these arguments.

        These are the same in every block; where a month's tables are of another kind, `set_tables` forgets the code.
        """
        known = self._code.get((name, w))
        if known is None:
            known = self._code[name, w] = compiled(function, *arguments)
        return known

    def call(self, name: str, function: Callable[..., None], w: int, *arguments: Any) -> None:
        """Call a kernel over one world."""
        self.code(name, function, w, *arguments)(*arguments)

    # -- a month ---------------------------------------------------------------------------------------------------

    def room_for_traits(self) -> dict[str, Any]:
        """Room for the traits and ties of a block."""
        apart = {"ties"} if self.schedule.asks_for("contacts") else {"ties", "contacts"}
        made = side_by_side([c for c in self.columns.values() if c.life == "trait" and c.name not in apart], self.block)
        dense_ties = self.land.given is not None
        made["ties"] = dense(np.zeros((SLOTS, self.block), np.uint32)) if dense_ties else room_for(self.block)
        return made

    def fill_block(self, lo: int, hi: int, mine: Scratch) -> None:
        """Traits, ties and workplaces of the people lo … hi - 1."""
        if self.land.keeps_traits:
            mine.frames, mine.steps = mine.by_block.setdefault((lo, hi), ({}, {}))
            known = self.land.known.get((lo, hi))
            mine.traits = self.room_for_traits() if known is None else known
            if known is not None:
                self.lap("traits", None)
                return
        t = mine.traits
        columns = (t[name] for name in self._traits)
        self.call("traits", traits.fill_traits, 0, lo, hi, self.land.packed, self.land.traits.kernel, *columns)
        self.call("workplaces", fill_workplaces, 0, lo, hi, self.land.workplaces, t["workplace"])
        self.lap("traits", None)
        if self.land.given is None:
            self.call("ties", fill_ties, 0, lo, hi, self.land.ties, t["ties"], t["reach"])
        else:
            t["ties"].by_seat[:, : hi - lo] = self.land.given[:, lo:hi]
            fill_reach(lo, hi, t["ties"].by_seat, t["reach"])
        if "contacts" in t:
            spread(lo, hi, self.land.ties, t["ties"], t["contacts"])
        self.lap("contacts", None)
        if self.land.keeps_traits:
            self.land.known[lo, hi] = t

    def run_rule(self, rule: Rule, lo: int, hi: int, month: int, mine: Scratch) -> None:
        """One rule over one block of every world in which it does something, with the same luck."""
        step = mine.steps.get(rule.name)
        if step is None or step.month is not self._rule_tables:
            step = mine.steps[rule.name] = self._prepared(rule, lo, hi, month, mine)
        if step.fill is not None:
            step.fill(lo, hi, month, *step.key, step.words)
            self.lap("luck", None)
        for w, code, people, tables in step.calls:
            code(lo, hi, people, tables, mine.shown_luck)
            self.lap(rule.name, w)

    def _prepared(self, rule: Rule, lo: int, hi: int, month: int, mine: Scratch) -> Step:
        """What a rule takes to be called this month on a thread: finding it anew for every block takes its time."""
        awake = self._awake.get(rule.name, range(len(self.worlds)))
        if lo == hi:  # over nobody, to compile it
            awake = range(len(self.worlds))
        words, key = mine.luck[: -(-rule.words // 4) * 4], self.keys[rule.name]
        fill = self.code("luck", fill_luck, 0, lo, hi, month, *key, words) if rule.words and awake else None
        calls = []
        for w in awake:
            handed = self.people_frame(rule.name, rule.columns, rule.writes, w, mine), self._rule_tables[w][rule.name]
            calls.append((w, self.code(rule.name, rule.function, w, lo, hi, *handed, mine.shown_luck), *handed))
        return Step(self._rule_tables, fill, key, words, calls)

    def live_block(self, lo: int, hi: int, month: int, counting: Counting) -> None:
        """All rules over one block, then the census of it."""
        mine = self.scratch()
        self.fill_block(lo, hi, mine)
        traced = self.trace.inside(lo, hi, month) if self.trace else []
        for rule in self.rules:
            if self.trace and traced:
                self.trace.run_rule(self, rule, lo, hi, month, mine, traced)
            else:
                self.run_rule(rule, lo, hi, month, mine)
        for w in range(len(self.worlds)):
            people = self.people_frame("measure", (*census.READS, "measured"), ("measured",), w, mine)
            tables = self._rule_tables[w]["measure"]
            self.call("measure", census.measure, w, lo, hi, people, tables, mine.sums[w], mine.flows[w])
            if self.worlds[w].lines or lo == hi:  # over nobody, to compile it
                people = self.people_frame("line", publishing.LINE_COLUMNS, (), w, mine)
                tables = self._rule_tables[w]["line"]
                self.call("line", publishing.stand_in_line, w, lo, hi, people, tables, mine.lines[w])
            self.lap("measure", w)
        if counting != "none":
            self.count_block(lo, hi, mine, last=counting == "last")
        if self.trace:  # told what the census counted, too
            self.trace.end_block(self, lo, hi, month, mine, traced)

    def cells_of(self, lo: int, hi: int, mine: Scratch) -> Cells:
        """The cells of a block's people: found anew, or kept like traits."""
        known = self.land.cells.get((lo, hi))
        if known is None:
            known = Cells(hi - lo, self.groupings.cells) if self.land.keeps_traits else mine.cells
            people = self.people_frame("groups", GROUP_COLUMNS, (), 0, mine)
            self.call("groups", fill_groups, 0, hi - lo, people, known.groups, known.orders, known.ends)
            if self.land.keeps_traits:
                self.land.cells[lo, hi] = known
        self.lap("groups", None)
        return known

    def count_block(self, lo: int, hi: int, mine: Scratch, last: bool) -> None:
        """Counts of a block: all people every month; groups' flows every month, stocks and ever in a year's last."""
        n = hi - lo
        cells = self.cells_of(lo, hi, mine)
        for w, tables in enumerate(self._rule_tables):
            people = self.people_frame("measure_more", (*census.READS_MORE, *CENSUS_WRITES), CENSUS_WRITES, w, mine)
            more = tables["measure_more"]
            self.call("measure_more", census.measure_more, w, lo, hi, people, more, mine.sums[w])
            self.lap("measure more", w)
        for w, world in enumerate(self.worlds):
            for name, at, flows in MASKS:
                masks, wanted = [m[name] for m in mine.month], ALL_BITS if last else np.uint64(flows)
                self.count_masks(n, masks, w, wanted, mine, cells, mine.counts[:, :, at], mine.group_counts, at.start)
            self.lap("count", w)
            self.count_deeds(lo, hi, w, mine)
            self.lap("deeds", w)
            if last:
                census.widen(n, world.columns["ever"][lo:hi], world.columns["history"][lo:hi], mine.ever[w])
                self.count_masks(n, mine.ever, w, ALL_BITS, mine, cells, mine.ever_counts, mine.group_ever, 0)
                people = self.people_frame("bands", ("board", "measured"), (), w, mine)
                census.count_bands(lo, hi, people, cells.groups, mine.bands[w], census.LATE, census.PENALISED)
                self.lap("year", w)
        if last:
            mine.group_people += np.bincount(cells.groups[:, :n].ravel(), minlength=self.groupings.cells)

    def count_deeds(self, lo: int, hi: int, w: int, mine: Scratch) -> None:
        """Counts of one world's acts, done and recorded, and of what closed its gates."""
        people = self.people_frame("deeds", ("acts", "seen"), (), w, mine)
        self.call("deeds", census.deeds, w, hi - lo, people, mine.deeds[w])
        self.count_all(hi - lo, mine.deeds, w, mine, mine.deed_counts)
        people = self.people_frame("causes", causes.READS, (), w, mine)
        self.call("causes", causes.causes, w, lo, hi, people, self._rule_tables[w]["causes"], mine.mass[w])

    def count_masks(
        self, n: int, masks: Any, w: int, wanted: Any, mine: Scratch, cells: Cells, counts: Any, by_group: Any, bit: int
    ) -> None:
        """Counts of one world's masks, of all and by group; groups from `bit` on."""
        self.count_all(n, masks, w, mine, counts)
        by_cell = (cells.groups, cells.orders, cells.ends, mine.planes[0])
        for k, some in enumerate((masks[w], mine.lone) if w > 0 else (masks[w],)):
            self.call("count groups", census.count_groups, 0, n, some, wanted, *by_cell, by_group[w, k].T, bit)

    def count_all(self, n: int, masks: Any, w: int, mine: Scratch, counts: Any) -> None:
        """Counts of one world's masks, and of what is true in it, not of its twin in world 0: `mine.lone`, too."""
        self.call("count", census.count, 0, n, masks[w], mine.planes, counts[w, 0])
        if w > 0:
            self.call("lone", census.lone, 0, n, masks[w], masks[0], mine.lone)
            self.call("count", census.count, 0, n, mine.lone, mine.planes, counts[w, 1])

    def publish_block(self, lo: int, hi: int) -> None:
        """Write the board for one block and add up what the gazette totals."""
        mine = self.scratch()
        for w in range(len(self.worlds)):
            people = self.people_frame("publish", publishing.COLUMNS, ("board",), w, mine)
            self.call("publish", publishing.publish, w, lo, hi, people, mine.totals[w], mine.bins[w])
            self.lap("publish", w)

    def walk(self, work: Callable[[int, int], None], columns: Iterable[str]) -> None:
        """Call work(lo, hi) for every block, in order; the columns that it needs, if they are mapped, are streamed."""
        with self.land.room.stream(self.land.people, columns) as stream:

            def block(lo: int, hi: int) -> None:
                stream.reached(lo)
                work(lo, hi)

            self.crew.each(block)

    def run_rows(self, month: int, nobody: bool = False) -> None:
        """The rules that walk over firms and regions; over none of them where `nobody`, to compile them."""
        together = max(1, self.land.regions * BLOCK // self.land.people)
        for kind, rows, step in (("firms", self.land.firms, FIRMS), ("regions", self.land.regions, together)):
            ranges = [(0, 0)] if nobody else [(lo, min(lo + step, rows)) for lo in range(0, rows, step)]
            for rule in self.schedule.over(kind):
                self.crew.share(ranges, partial(self.run_row_rule, rule, month))

    def run_row_rule(self, rule: Rule, month: int, lo: int, hi: int) -> None:
        """One rule over firms or regions lo … hi - 1 of every world, with the same luck."""
        luck = np.zeros((max(-(-rule.words // 4) * 4, 4), hi - lo), np.uint32)
        fill_luck(lo, hi, month, *self.keys[rule.name], luck)
        for w, world in enumerate(self.worlds):
            arrays = {**getattr(world, rule.over), "board": read_only(world.columns["board"])}
            handed = frame(rule.over.capitalize(), rule.columns)(*(arrays[c] for c in rule.columns))
            rule.function(lo, hi, handed, self._rule_tables[w][rule.name], luck)
            self.lap(rule.name, w)

    def live(self, month: int, date: Month, counting: Counting) -> None:
        """One month of every world: live, barrier, publish."""
        self.set_tables(date)
        self.walk(lambda lo, hi: self.live_block(lo, hi, month, counting), self.wanted)
        self.run_rows(month)
        self.walk(self.publish_block, publishing.COLUMNS)
        for w, world in enumerate(self.worlds):
            world.announce(self.total("totals")[w], self.total("flows")[w], self.total("lines")[w])
            world.bins[:] = self.total("bins")[w]
        self.clear("lines")

    def total(self, name: str) -> NDArray[np.int64]:
        """The sum of one kind of totals over all threads."""
        first, *others = (getattr(s, name) for s in self.scratches)
        total: NDArray[np.int64] = first.copy(order="K")
        for other in others:
            total += other
        return total

    def clear(self, *names: str) -> None:
        """Set some totals back to zero."""
        for one in self.scratches:
            for name in names:
                getattr(one, name)[...] = 0

    def begin(self) -> None:
        """The state before the warm-up."""

        def work(lo: int, hi: int) -> None:
            mine = self.scratch()
            self.fill_block(lo, hi, mine)
            self.run_rule(START, lo, hi, WARM_UP_FROM - 1, mine)

        self.set_tables(Month(self.land.society.reference_year, 1))
        self.walk(work, self.wanted)
        self.walk(self.publish_block, publishing.COLUMNS)
        self.clear("totals", "bins")

    def take_over(self, donors: Donors) -> None:
        """The state before the last months of the warm-up, from a sample."""

        def ties(lo: int, hi: int) -> None:
            mine = self.scratch()
            self.fill_block(lo, hi, mine)
            take_ties(self, lo, hi, mine, donors)

        def state(lo: int, hi: int) -> None:
            mine = self.scratch()
            self.fill_block(lo, hi, mine)
            take_state(self, lo, hi, mine, donors)

        self.set_tables(Month(self.land.society.reference_year, 1))
        self.walk(ties, (PACKED_TRAITS, HOLD))
        self.walk(state, self.wanted)
        firms = [(lo, min(lo + FIRMS, self.land.firms)) for lo in range(0, self.land.firms, FIRMS)]
        self.crew.share(firms, lambda lo, hi: take_firms(self, lo, hi, donors))
        take_shown(self.worlds[0], donors)
        self.walk(self.publish_block, publishing.COLUMNS)
        self.clear("totals", "bins")

    def compile(self, watch: Watch) -> None:
        """Compile every rule (or load it from disk) on no people, telling which one is at hand."""
        mine = self.scratch()
        self.set_tables(Month(self.land.society.reference_year, 1))
        rules = (START, *self.rules)
        steps = len(rules) + 3
        watch("compiling", 0, steps)
        self.fill_block(0, 0, mine)
        for k, rule in enumerate(rules, start=1):
            watch("compiling", k, steps)
            self.run_rule(rule, 0, 0, 0, mine)
        watch("compiling", steps - 2, steps)
        self.run_rows(0, nobody=True)
        watch("compiling", steps - 1, steps)
        self.live_block(0, 0, 0, counting="last")
        self.publish_block(0, 0)
        watch("compiling", steps, steps)


def _looks_up(names: dict[str, set[str]], tables: dict[str, Any]) -> dict[str, Any]:
    """By rule: the class of what it looks up, of those tables that its code names."""
    return {rule: frame("Tables", sorted(used & set(tables))) for rule, used in names.items()}


class Phases(dict[str, float]):
    """Seconds by phase; `with phases("living"):` adds to one."""

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self[name] = self.get(name, 0.0) + time.perf_counter() - began


def warm_up(
    start: Engine,
    first: Month,
    watch: Watch,
    kept: Keep | None = None,
    reached: State | None = None,
    phases: Phases | None = None,
    sample: Callable[[], Engine] | None = None,
) -> None:
    """Bring one empty world to the month before `first`, under ordinary law, with what is usual there.

    kept: where checkpoints of the warm-up go; reached: one of them, to go on from. sample: makes an empty sample of the
    society, which is warmed up in this world's place but for the last months (`engine/taking_over.py`).
    """
    (common,) = start.worlds
    phases = Phases() if phases is None else phases
    people = common.land.people
    begun, disorder = 0, 0
    if reached is not None:
        refill(reached, start.worlds)
        begun, disorder = int(reached.about["month"]), int(reached.about["disorder"])
    elif sample is None:
        start.begin()
    else:
        begun = WARM_UP_MONTHS - SETTLING
        few = sample()
        few.begin()
        disorderly = sum(_warm_up_months(few, first, 0, begun, watch, phases, "warming up the sample"))
        few.crew.close()
        watch("taking over", 0, 1)
        with phases("taking over"):
            start.take_over(donors_of(few.worlds[0], disorderly / few.land.people))
        watch("taking over", 1, 1)
        disorder = round(disorderly / few.land.people * people)
    stage = "settling" if sample else "warming up"
    for k, found in enumerate(_warm_up_months(start, first, begun, WARM_UP_MONTHS, watch, phases, stage), begun + 1):
        disorder += found
        if kept is not None:
            kept.after_warm_up(k, WARM_UP_MONTHS, start, disorder, dict(phases))
    common.usual_disorder = disorder / 12 / people
    common.columns["ever"][:] = 0
    common.columns["history"][:] = 0


def _warm_up_months(
    engine: Engine, first: Month, begun: int, end: int, watch: Watch, phases: Phases, stage: str
) -> Iterator[int]:
    """Live the months `begun` … `end` - 1 of the warm-up; after each, its disorderly people if they count as usual."""
    watch(stage, begun, end)
    for k in range(begun, end):
        disorder = 0
        with phases(stage):
            engine.live(WARM_UP_FROM + k, first + (k - WARM_UP_MONTHS), counting="none")
            if k >= WARM_UP_MONTHS - 12:
                disorder = int(engine.total("totals")[0][publishing.TOTALS.index("disorder")])
            engine.clear("totals", "bins", "flows", "sums")
        watch(stage, k + 1, end, people=engine.land.people)
        yield disorder


def simulate(
    scenario: Scenario,
    seed: int,
    *,
    threads: int | None = None,
    watch: Watch = nobody,
    schedule: Schedule | None = None,
    block: int | None = None,
    trace: Trace | None = None,
    keep: Keep | None = None,
    start: Start | None = None,
    touch: Callable[[list[World], int], None] | None = None,
    room: Room = MEMORY,
    ties: Any = None,
) -> Outcome:
    """Live a scenario once: all its worlds, in step, for one seed. World 0 is the baseline of the joint counts.

    trace: people who are watched rule by rule from the first month on (not in the warm-up). keep: where what was
    reached is kept, and gone on from; start: where the common start is. room: where private columns lie. Same bits
    without them. touch: called as touch(worlds, month) after each month is published; what it changes is changed.
    ties: an edge list (m, 2) of ids, in the place of the society's own ties: all of them acquaintances in town, none of
    the household; at most 31 a person, self-pairs and repeats count for nothing (BadInput). No start is taken then.
    """
    from sincerity.declare.catalogue import regime

    listing, kept = schedule or Schedule(), keep or Keep()
    crew = threads or usual_threads()
    crew = crew if block else worth_having(crew, scenario.people)
    size = block or block_size(scenario.people, crew)
    reached = kept.reached()
    phases = Phases(reached.about["seconds"] if reached else {})
    watch("building", 0, 1)
    with phases("building"):
        land = settle(scenario.society, scenario.people, seed, room, ties, crew)
    watch("building", 1, 1)

    def empty(under: Regime) -> World:
        return build(land, under, listing, scenario.regimes, room)

    def sample() -> Engine:
        few = settle(scenario.society, SAMPLE, seed, threads=crew)
        made = build(few, regime("none"), listing, scenario.regimes)
        return Engine([made], listing, seed, crew, block_size(SAMPLE, crew))

    def engine_of(worlds: list[World]) -> Engine:
        return Engine(worlds, listing, seed, crew, size)

    if reached is None or reached.about["kind"] == WARM_UP:
        known = start if schedule is None and ties is None else None  # a start is that of the usual month and ties
        with kept.patiently():
            worlds = _common_worlds(
                scenario, lambda: empty(regime("none")), engine_of, known, watch, phases, room, kept, reached,
                sample if scenario.people > ABOVE and ties is None else None,
            )  # fmt: skip
        reached = None
    else:
        worlds = [empty(made) for made in scenario.regimes]
    for world in worlds:
        world.begun = scenario.start
    engine = engine_of(worlds)
    engine.trace = trace
    rows = Rows([made.name for made in scenario.regimes], seed, engine.groupings, land.people)
    lived = 0
    if reached is not None:
        with phases("compiling"):
            engine.compile(watch)
        with phases("reading what was kept"):
            lived = kept.go_on(reached, engine, rows)
    with kept.patiently():
        watch("living", lived, scenario.months)
        for month in range(lived, scenario.months):
            last = month % 12 == 11 or month == scenario.months - 1
            date = scenario.start + month
            with phases("living"):
                engine.live(month, date, counting="last" if last else "month")
                if touch is not None:
                    touch(worlds, month)
                rows.add_month(str(date), engine, ever=last)
                if last:
                    rows.add_year(str(date), engine, months=month % 12 + 1)
                engine.clear("counts", "ever_counts", "sums", "flows", "totals", "bins")
            watch("living", month + 1, scenario.months, people=land.people * len(worlds))
            with phases("keeping"):
                kept.after_month(month + 1, scenario.months, engine, rows, dict(phases))
    engine.crew.close()
    with phases("keeping"):
        kept.end(str(scenario.start + (scenario.months - 1)), worlds)
    return Outcome(rows, dict(phases))


def _common_worlds(
    scenario: Scenario,
    empty: Callable[[], World],
    engine_of: Callable[[list[World]], Engine],
    start: Start | None,
    watch: Watch,
    phases: Phases,
    room: Room,
    kept: Keep,
    reached: State | None,
    sample: Callable[[], Engine] | None,
) -> list[World]:
    """The worlds of a scenario as they begin: one warmed-up world, from disk or lived, under each regime."""
    with phases("reading the start"):
        found = start.take(empty) if start else None
    common = found or empty()
    engine = engine_of([common])
    with phases("compiling"):
        engine.compile(watch)
    if found is None:
        warm_up(engine, scenario.start, watch, kept, reached, phases, sample)
        with phases("keeping the start"):
            if start:
                start.keep(common, kept_columns(engine.schedule, [common.regime]))
    engine.crew.close()
    worlds = [successor(common, made, room=room) for made in scenario.regimes[:-1]]
    worlds.append(successor(common, scenario.regimes[-1], copies=False))
    return worlds
