"""A world: the columns of its people, its firms and regions, and its gazette; and the plan that says beforehand what
it takes.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sincerity.census.counts import BANDS
from sincerity.census.groups import Groupings
from sincerity.declare.dates import Month
from sincerity.declare.regime import Regime
from sincerity.declare.scenario import Scenario
from sincerity.declare.society import Society
from sincerity.declare.tables import MOST_REGIONS
from sincerity.engine.given import month_contacts
from sincerity.engine.publish import BINS
from sincerity.engine.publish import COLUMNS as PUBLISHED
from sincerity.engine.room import MEMORY, Room
from sincerity.month.points import needs
from sincerity.month.ranks import opened, publish_cuts
from sincerity.month.schedule import Schedule
from sincerity.month.tables import Tables, monthly_tables, regime_tables, society_tables
from sincerity.people import traits
from sincerity.people.columns import Column, kept, registry
from sincerity.people.firms import FirmTables, by_class, declared, firm_tables
from sincerity.people.ties import (
    FIRST_WORK,
    GROUPS,
    KIND_OF_SLOT,
    SLOTS,
    TOWN,
    TieTables,
    fill_contacts,
    open_slots,
    tie_tables,
)

BLOCK = 32768
"""People of a block: so many that calls cost little and threads seldom wait for each other's, so few that the columns
of a rule stay near."""
A_THREAD = 16384
"""People for whom a further thread is worth having: with fewer, waiting takes longer than living."""
WARM_UP_MONTHS = 48
"""Long enough for views to settle under ordinary law; debts start at their stationary law."""
FULL, FULL_MAPPED = 0.9, 0.875
"""Shares of the free memory that a run may fill; less where the system needs some for files."""
ABOVE = 10_000_000
"""People above which a world begins with the state of a sample (`engine/taking_over.py`); up to there everybody lives
the whole warm-up."""
SAMPLED = 500 << 20
"""Bytes for the sample and its traits, while they are taken over."""
TABLES = 6 << 20
"""Bytes for cell counts, tables of functions and what is short-lived beside the columns, at any size."""
KEEPS_TRAITS = 200_000
"""Up to so many people traits, ties and cells of the census are kept (20 MB; 46 where a rule asks for contacts). Of
more, reading them from memory takes as long as computing them."""
CELLS = 14
"""Bytes a person of the census's cells: two composites, each a cell, a seat and its share of where cells end."""
PACKED_TRAITS = "traits"
"""What the packed traits are called among the columns that may be mapped."""
PACKED = 1 << 18
"""People whose traits are packed at a time: whole streets."""
SAMPLE = 1 << 18
"""People whose firms are counted for a plan: as many a person as more people have, to a few in a thousand."""
FEWEST = 2048
"""People of a land that is settled only to have its kernels compiled."""
FIRM_COLUMNS = {"cash": np.int16, "points": np.int16, "flags": np.uint8, "term": np.uint8}
REGION_COLUMNS = {
    "needy": np.int64,
    "out_of_work": np.int64,
    "on_list": np.int64,
    "scored": np.int64,
    "score": np.int64,
    "relief": np.float32,
    "late": np.uint8,
    "points": np.int16,
    "term": np.uint8,
    "listed": np.uint8,
}
GAZETTE = (
    "mean score",
    "share newly listed or punished for speech",
    "fall of disorder",
    "share of appeals decided",
    "share of records misdirected",
    "share of private scorers' records misdirected",
)


@dataclass(frozen=True)
class Land:
    """What all worlds of one society, size and seed share: traits, ties, who works where, regions.

    given: contacts (32, people) that take the place of the computed ones, for ties that are given as an edge list.
    """

    society: Society
    people: int
    seed: int
    traits: Any
    ties: TieTables
    packed: NDArray[np.uint32]
    workplaces: FirmTables
    region_first: NDArray[np.int64]
    parents: float
    keeps_traits: bool
    """Whether traits and ties are kept once computed: the engine's choice, the same bits."""
    given: NDArray[np.uint32] | None = None
    room: Room = MEMORY
    known: dict[tuple[int, int], Tables] = field(default_factory=dict)
    """What is kept of a block's traits and ties, by name."""
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    """And of the cells in which its people are counted."""

    @property
    def firms(self) -> int:
        """Firms, those of areas first."""
        return self.workplaces.firms

    @property
    def regions(self) -> int:
        """Regions of the society."""
        return len(self.region_first) - 1

    def contacts(self, lo: int, hi: int) -> NDArray[np.uint32]:
        """(32, hi - lo) whom the slots of the people lo … hi - 1 lead to, oneself for nobody."""
        if self.given is not None:
            return self.given[:, lo:hi]
        found = np.zeros((SLOTS, hi - lo), np.uint32)
        fill_contacts(lo, hi, self.ties, found)
        return found

    def _slots(self) -> Tables:
        """Kinds of the slots, and which of them people of each group of sociability review."""
        if self.given is None:
            mine, many = open_slots()
            return {
                "household_slots": FIRST_WORK,
                "kind_of_slot": np.array(KIND_OF_SLOT, np.int64),
                "open_slots": mine,
                "slots_open": many,
            }
        used = int((self.given != np.arange(self.people, dtype=np.uint32)).any(axis=1).sum())
        return {
            "household_slots": 0,
            "kind_of_slot": np.full(SLOTS, TOWN, np.int64),
            "open_slots": np.tile(np.arange(SLOTS, dtype=np.uint32), (GROUPS, 1)),
            "slots_open": np.full(GROUPS, max(used, 1), np.uint32),
        }

    def tables(self) -> Tables:
        """What rules look up about the land: workplaces, regions, ties."""
        return {
            "workplaces": self.workplaces,
            "region_first": self.region_first,
            **self._slots(),
            "tolerance_below": (np.searchsorted(self.traits.kernel.tolerance, np.arange(257)) / 256).astype(np.float32),
            "civic": np.asarray(self.traits.civic_table, np.float32),
            "sociability": np.asarray(self.traits.sociability_table, np.float32),
            "integrity": np.asarray(self.traits.integrity_table, np.float32),
        }


def settle(
    society: Society, people: int, seed: int, room: Room = MEMORY, edges: Any = None, threads: int | None = None
) -> Land:
    """The land of a society: `people` adults (1,000 to 2**31) for a seed; with `edges`, ties that are given instead.

    BadInput for an edge list that the usual month can't live with.
    """
    given = None if edges is None else month_contacts(people, edges)
    built = traits.build(society, people, seed)
    packed = room.zeros((people,), np.uint32, PACKED_TRAITS)
    with_child = _fill_packed(people, built, packed, threads or usual_threads())
    ties = tie_tables(people, seed, traits.household_tables(built), packed)
    first = np.asarray(built.region_first, np.int64)
    workplaces = firm_tables(society, ties, first, packed, seed)
    parents = with_child / people
    keeps = people <= KEEPS_TRAITS
    return Land(society, people, seed, built, ties, packed, workplaces, first, parents, keeps, given, room)


def _fill_packed(people: int, built: Any, packed: NDArray[np.uint32], threads: int) -> int:
    """Everybody's packed traits, some streets at a time on all threads; how many are parents."""
    bit = np.uint32(traits.PARENT_BIT)

    def fill(lo: int) -> int:
        part = packed[lo : lo + PACKED]
        traits.fill_packed(lo, lo + len(part), built.kernel, part)
        return int(np.count_nonzero(part & bit))

    with ThreadPoolExecutor(threads) as crew:
        return sum(crew.map(fill, range(0, people, PACKED)))


class Cost(NamedTuple):
    """What it took to settle so many people: seconds of one thread, and bytes kept for as long as worlds live there."""

    people: int
    seconds: float
    bytes: int


def cost(society: Society, people: int, seed: int) -> Cost:
    """Settle people and let them go again, by the clock; what has to be compiled is compiled before."""
    settle(society, FEWEST, seed)
    began = time.perf_counter()
    land = settle(society, people, seed)
    seconds = time.perf_counter() - began
    return Cost(people, seconds, _bytes((land.region_first, land.traits, land.ties, land.workplaces)))


def _bytes(part: Any) -> int:
    """Bytes of all arrays in nested tuples."""
    if isinstance(part, np.ndarray):
        return part.nbytes
    return sum(map(_bytes, part)) if isinstance(part, tuple) else 0


@dataclass
class World:
    """One regime in force over a land: its state, and what it shows."""

    land: Land
    regime: Regime
    fixed: Tables
    columns: dict[str, NDArray[Any]]
    firms: dict[str, NDArray[Any]]
    regions: dict[str, NDArray[Any]]
    gazette: NDArray[np.float32]
    shown: Tables
    usual_disorder: float = 0.0
    begun: Month | None = None
    bins: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))

    def tables(self, date: Month) -> Tables:
        """Everything the rules may look up in a month."""
        monthly = monthly_tables(self.land.society, self.regime, self.fixed, date, self.begun, self.shown["cut_points"])
        return self.fixed | self.shown | monthly

    @property
    def lines(self) -> int:
        """How many lines of ranks its regime keeps."""
        return int(self.fixed["lines"])

    def living_ties(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(edges (m, 2), the lower id first, and the slot (m,) of each) of the ties that live by the board."""
        people = self.land.people
        hold = self.columns["board"] >> np.uint64(32)
        edges, slots = [], []
        for slot, whom in enumerate(self.land.contacts(0, people)):
            mine = (hold >> np.uint64(slot) & np.uint64(1)) == 1
            ids = np.flatnonzero(mine & mine[whom] & (whom > np.arange(people)))
            edges.append(np.stack([ids, whom[ids].astype(np.int64)], axis=1))
            slots.append(np.full(len(ids), slot))
        return np.concatenate(edges), np.concatenate(slots)

    def announce(self, totals: NDArray[np.int64], flows: NDArray[np.int64], lines: NDArray[np.int64]) -> None:
        """Bring the gazette up to date from the month's totals (order of publish.TOTALS), flows and lines."""
        if self.lines:
            publish_cuts(self.regime, lines, self.land.people, self.shown)
        enrolled, score, disorder, appeals = (int(v) for v in totals)
        n = self.land.people
        self.gazette[0] = score / 32 / enrolled if enrolled else 0.0
        self.gazette[1] = int(flows[2]) / n
        self.gazette[2] = 1 - disorder / n / self.usual_disorder if self.usual_disorder else 0.0
        self.gazette[3] = min(self.fixed["appeal_capacity"] * n / appeals, 1.0) if appeals else 1.0
        self.gazette[4] = min(int(flows[0]) / int(flows[1]), 0.5) if flows[1] else 0.0
        self.gazette[5] = min(int(flows[3]) / int(flows[4]), 0.5) if flows[4] else 0.0
        self.shown["firm_shown"][:] = self.firms["flags"]
        self.shown["relief_shown"][:] = self.regions["relief"]
        self.shown["region_late"][:] = self.regions["late"]
        self.shown["region_listed"][:] = self.regions["listed"]


def kept_columns(schedule: Schedule, regimes: Iterable[Regime]) -> dict[str, Column]:
    """The columns of state and board that take memory in the worlds of these regimes, with their rows."""
    needed: dict[str, int] = {}
    for regime in regimes:
        for name, rows in needs(regime).items():
            needed[name] = max(rows, needed.get(name, 0))
    return kept(registry(traits.columns(), schedule.columns), needed)


def build(land: Land, regime: Regime, schedule: Schedule, beside: Iterable[Regime] = (), room: Room = MEMORY) -> World:
    """An empty world: all columns at zero. It has the columns that its regime and those `beside` it need.

    The board is in memory, since everybody looks at all of it; the columns of state lie where `room` makes them.

    A column of state that none of them needs is there without a row or a place, so that rules can be handed it.
    """
    base = society_tables(land.society, land.parents)
    fixed = base | land.tables() | regime_tables(land.society, regime, base)
    gazette = np.zeros(len(GAZETTE), np.float32)
    gazette[3] = 1.0
    used = kept_columns(schedule, (regime, *beside))
    columns: dict[str, NDArray[Any]] = {}
    for column in registry(traits.columns(), schedule.columns).values():
        if column.life in ("state", "board"):
            shape: tuple[int, ...] = (land.people if column.name in used else 0,)
            if column.rows != 1:
                shape = (used[column.name].rows if column.name in used else 0, land.people)
            columns[column.name] = (MEMORY if column.life == "board" else room).zeros(shape, column.dtype, column.name)
    firms = {name: np.zeros(land.firms, dtype) for name, dtype in FIRM_COLUMNS.items()}
    firms["cash"][:] = round(64 * float(land.society.firms.cash_at_start))
    regions = {name: np.zeros(land.regions, dtype) for name, dtype in REGION_COLUMNS.items()}
    shown: Tables = {
        "gazette": gazette,
        "firm_shown": np.zeros(land.firms, np.uint8),
        "relief_shown": np.zeros(land.regions, np.float32),
        "region_late": np.zeros(land.regions, np.uint8),
        "region_listed": np.zeros(land.regions, np.uint8),
    } | opened(regime)
    return World(land, regime, fixed, columns, firms, regions, gazette, shown)


def successor(start: World, regime: Regime, copies: bool = True, room: Room = MEMORY) -> World:
    """A world that begins where another stands, under another regime; without `copies` it takes over its columns."""
    base = society_tables(start.land.society, start.land.parents)
    fixed = base | start.land.tables() | regime_tables(start.land.society, regime, base)

    def kept(arrays: dict[str, Any], within: Room = MEMORY) -> dict[str, Any]:
        if not copies:
            return arrays
        return {name: (MEMORY if name == "board" else within).copy(array, name) for name, array in arrays.items()}

    shown = kept(start.shown) | opened(regime)
    return World(
        start.land,
        regime,
        fixed,
        kept(start.columns, room),
        kept(start.firms),
        kept(start.regions),
        shown["gazette"],
        shown,
        start.usual_disorder,
    )


@dataclass(frozen=True)
class Plan:
    """What a scenario will take, told before anything is allocated.

    columns: those that at least one of the regimes needs; every world of the scenario has them.
    bytes_per_person: private and board columns of one world; shared_per_person: packed traits, once for all worlds;
    bytes_total: all worlds of one seed with their land and each thread's scratch; memory: bytes this machine has free.
    mapped: which columns of state, and `traits` for the packed ones, lie in mapped files (`engine/room.py`): none where
    all fits into memory, else the least wanted, as many as it takes.
    """

    schedule: Schedule
    columns: tuple[Column, ...]
    people: int
    worlds: int
    threads: int
    bytes_private: int
    bytes_board: int
    shared_per_person: int
    bytes_total: int
    memory: int
    mapped: tuple[str, ...] = ()

    @property
    def sampled(self) -> bool:
        """Whether worlds begin with the state of a sample."""
        return self.people > ABOVE

    @property
    def bytes_per_person(self) -> int:
        """Private and board bytes a person of one world."""
        return self.bytes_private + self.bytes_board

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of what may lie on disk, over all worlds: each column of state, and the packed traits."""
        sizes = {c.name: self.people * self.worlds * c.bytes for c in self.columns if c.life == "state"}
        return {PACKED_TRAITS: self.people * self.shared_per_person} | sizes

    @property
    def bytes_mapped(self) -> int:
        """What lies on disk while the run goes on."""
        return sum(self.sizes[name] for name in self.mapped)

    @property
    def bytes_resident(self) -> int:
        """What stays in memory."""
        return self.bytes_total - self.bytes_mapped

    @property
    def fits(self) -> bool:
        """Whether the run fits into nine tenths of the free memory."""
        return self.bytes_total <= FULL * self.memory

    @property
    def fits_mapped(self) -> bool:
        """Whether what stays in memory fits, with room for what is read ahead and written behind."""
        return self.bytes_resident <= FULL_MAPPED * self.memory

    def in_files(self) -> Plan:
        """The same run with all columns in mapped files that can lie there."""
        return replace(self, mapped=tuple(self.sizes))

    def as_fits(self) -> Plan:
        """The same run with as much as fits in memory; what is wanted most stays there."""
        if self.fits:
            return replace(self, mapped=())
        left = int(FULL_MAPPED * self.memory) - self.in_files().bytes_resident
        mapped = []
        for name, size in sorted(self.sizes.items(), key=lambda one: (_wanted(self.schedule, one[0]), one[0]))[::-1]:
            if size <= left:
                left -= size
            else:
                mapped.append(name)
        return replace(self, mapped=tuple(mapped))


def _wanted(schedule: Schedule, name: str) -> tuple[int, int]:
    """How often a month wants a column (to be lived, written, published), and how many of its rules do."""
    rules = [row for row in schedule.over("persons") if name in row.columns]
    walks = (1 if rules else 0) + any(name in row.writes for row in rules) + (name in PUBLISHED)
    return walks, len(rules)


def free_memory() -> int:
    """Bytes of memory that a new run could take."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return int(os.sysconf("SC_PHYS_PAGES")) * int(os.sysconf("SC_PAGE_SIZE"))


def plan(scenario: Scenario, threads: int | None = None, schedule: Schedule | None = None) -> Plan:
    """The plan of a scenario; nothing of it is allocated."""
    listing = schedule or Schedule()
    used = kept_columns(listing, scenario.regimes)
    everything = registry(traits.columns(), listing.columns).values()
    columns = tuple(used.get(c.name, c) for c in everything if c.name in used or c.life in ("trait", "month"))
    if not listing.asks_for("contacts"):
        columns = tuple(c for c in columns if c.name != "contacts")
    private = sum(c.bytes for c in columns if c.life == "state")
    board = sum(c.bytes for c in columns if c.life == "board")
    month = sum(c.bytes for c in columns if c.life == "month")
    shared = sum(c.bytes for c in columns if c.life == "trait")
    crew = threads or usual_threads()
    worlds = len(scenario.regimes)
    words = 4 * max(row.words for row in listing) + 64
    scratch = crew * BLOCK * (shared + worlds * (month + 16) + words)
    scratch += (shared + CELLS) * scenario.people if scenario.people <= KEEPS_TRAITS else 0
    scratch += crew * worlds * (6 * 64 + 3 * BANDS) * 8 * Groupings([""] * MOST_REGIONS).cells + TABLES
    few = min(scenario.people, SAMPLE)
    firms = sum(row.firms for row in by_class(declared(scenario.society, few))) * scenario.people // few
    firms *= 2 + worlds * (1 + sum(np.dtype(dtype).itemsize for dtype in FIRM_COLUMNS.values()))
    sample = SAMPLED if scenario.people > ABOVE else 0
    total = scenario.people * (4 + worlds * (private + board)) + scratch + firms + sample
    made = Plan(listing, columns, scenario.people, worlds, crew, private, board, 4, total, free_memory())
    return made.as_fits()


def block_size(people: int, threads: int, most: int | None = None) -> int:
    """People of a block: at most `most` (BLOCK), and as many blocks for each thread."""
    rounds = -(-people // (threads * (most or BLOCK)))
    return -(-people // (threads * rounds))


def worth_having(threads: int, people: int) -> int:
    """How many of these threads to share the people out to."""
    return max(1, min(threads, people // A_THREAD))


def usual_threads() -> int:
    """As many threads as this process may use processors."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
