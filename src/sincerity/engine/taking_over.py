"""The start of a nation: what a warmed-up sample of it has, taken over person by person; then only the last months of
the warm-up are lived.

Hot-deck imputation: everybody takes all that is kept from month to month of one keyed donor in the sample, of the same
cell: working age or not and age band, schooling, income decile, how careful (fourths), of which first opinion (eighths)
and of what to expect to hear from live ties (sixteenths): by what people of their opinion, company and integrity say in
public. Where the sample has nobody in a cell, of the next cell in that order. A view is taken as it has moved from the
first opinion. A slot leads elsewhere here than in the sample: so of ties only how many are held is taken over, from a
donor with as many to hold, and which they are is drawn. Firms take over what a keyed firm of like size has.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import int64, uint32, uint64
from numpy.typing import NDArray

from sincerity.engine.world import BLOCK
from sincerity.people import traits
from sincerity.people.columns import SPOKE_AGAINST, SPOKE_FOR
from sincerity.people.draws import fill_luck, key_of, mix
from sincerity.people.firms import FirmTables, first_of
from sincerity.people.kernel import kernel
from sincerity.people.ties import SLOTS, dense, whom

if TYPE_CHECKING:
    from sincerity.engine.cpu import Engine, Scratch
    from sincerity.engine.world import World

SAMPLE = 1_000_000
"""People of the sample: the same society, seed and rules."""
SETTLING = 4
"""The last months of the warm-up, which everybody lives, for ties, firms and regions to settle and talk to spread."""
HOLD, VIEW, OPINION = "hold", "outlook", "opinion"
"""The column of state that is kept by slot, and the one that moves away from a trait."""
BY = ("age", "education", "decile", "conscientiousness", "opinion")
"""The traits that make a cell, the weightiest first."""
SPEAKERS = ("opinion", "sociability", "integrity")
"""The traits that say how often somebody speaks in public."""
AGES, EDUCATIONS, DECILES, CAREFUL, VIEWS, CLIMATES = 5, 4, 10, 4, 8, 16
CELLS = AGES * EDUCATIONS * DECILES * CAREFUL * VIEWS * CLIMATES
FINE = 1 << 14
"""Steps of what to expect to hear, on each side of nothing."""
FIRM_CLASSES = 24
"""Firms of like size: as many bits."""
PEOPLE, TIES, FIRMS = "taking over", "taking over ties", "taking over firms"
"""Names of the luck that draws donors."""


class Deck(NamedTuple):
    """Donors by class: those of class c are order[first[c] : first[c] + many[c]]; an empty class has the nearest's."""

    order: NDArray[np.uint32]
    first: NDArray[np.int64]
    many: NDArray[np.int64]


class Donors(NamedTuple):
    """A sample as it stood, to be taken over by others of the same society and seed.

    columns: those of people that are taken over as they are; moved: the view less the first opinion. ties: by how many
    slots beyond the household lead to somebody; held: how many of these a person holds. disorderly: disorderly people a
    person, added up over the months before that count for what is usual. careful, views, climates: the part of the
    sample by what a person has, of conscientiousness, of opinion + 32,768 and of what to expect to hear + FINE. voices:
    (VIEWS, 4, 4, 2), posts for and against a person and month, in 1/65535, by eighth of opinion and fourths of
    sociability and integrity.
    """

    world: World
    columns: tuple[str, ...]
    moved: NDArray[np.int32]
    people: Deck
    ties: Deck
    held: NDArray[np.uint8]
    firms: Deck
    retired: int
    careful: NDArray[np.int64]
    views: NDArray[np.int64]
    climates: NDArray[np.int64]
    voices: NDArray[np.uint16]
    disorderly: float


def deck(classes: NDArray[np.int64], many: int) -> Deck:
    """The members of each class, in their order; at least one class must have any."""
    order = np.argsort(classes, kind="stable").astype(np.uint32)
    count = np.bincount(classes, minlength=many)
    there = np.flatnonzero(count)
    after = np.minimum(np.searchsorted(there, np.arange(many)), len(there) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.abs(there[before] - np.arange(many)) < np.abs(there[after] - np.arange(many))
    source = np.where(nearer, there[before], there[after])
    first = np.cumsum(count) - count
    return Deck(order, first[source].astype(np.int64), count[source].astype(np.int64))


def parts(values: NDArray[Any], low: int, high: int, many: int) -> NDArray[np.int64]:
    """For each whole number from low to high, in which of so many equal parts of the values it lies."""
    cuts = np.quantile(values, np.arange(1, many) / many, method="lower")
    return np.searchsorted(cuts, np.arange(low, high + 1), side="left").astype(np.int64)


def donors_of(world: World, disorderly: float) -> Donors:
    """A world that was warmed up, made ready to be taken over."""
    land = world.land
    found = {c.name: np.zeros(land.people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, land.people, land.packed, land.traits.kernel, *found.values())
    retired = math.ceil(float(land.society.livelihood.retirement_age))
    careful = parts(found["conscientiousness"], 0, 255, CAREFUL)
    views = parts(found["opinion"], -32768, 32767, VIEWS)
    cells = np.zeros(land.people, np.int64)
    voices = _voices(world, views, found)
    open_to, held, climate = _ties_of(world, views, voices, found)
    climates = parts(climate, -FINE, FINE, CLIMATES)
    by = (found[name] for name in BY)
    fill_cells(land.people, retired, careful, views, climates, climate, cells, *by)
    sizes = np.zeros(land.firms, np.int64)
    fill_firm_classes(0, land.firms, land.workplaces, sizes)
    firms = deck(sizes, FIRM_CLASSES) if land.firms else Deck(*(np.zeros(0, kind) for kind in (np.uint32, int, int)))
    columns = [name for name, column in world.columns.items() if name not in ("board", HOLD, VIEW) and column.any()]
    moved = world.columns[VIEW].astype(np.int32) - found[OPINION]
    ties = deck(open_to, SLOTS + 1)
    return Donors(
        world, tuple(columns), moved, deck(cells, CELLS), ties, held, firms, retired, careful, views, climates,
        voices, disorderly,
    )  # fmt: skip


def _voices(world: World, views: NDArray[np.int64], found: dict[str, NDArray[Any]]) -> NDArray[np.uint16]:
    """How often people of an opinion, company and integrity spoke in public in the last month."""
    view, seeks, honest = (found[name].astype(np.int64) for name in SPEAKERS)
    of = (views[view + 32768] * 4 + seeks // 64) * 4 + honest // 64
    many = np.maximum(np.bincount(of, minlength=VIEWS * 16), 1)
    spoke = [np.bincount(of, (world.columns["flags"] & bit) != 0, VIEWS * 16) for bit in (SPOKE_FOR, SPOKE_AGAINST)]
    return np.round(np.stack(spoke, axis=-1) * 65535 / many[:, None]).astype(np.uint16).reshape(VIEWS, 4, 4, 2)


def _ties_of(
    world: World, views: NDArray[np.int64], voices: NDArray[np.uint16], found: dict[str, NDArray[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]]:
    """Of everybody: slots beyond the household that lead to somebody, how many are held, and what ties are to say."""
    land, household = world.land, int(world.fixed["household_slots"])
    many, held = np.zeros(land.people, np.int64), np.zeros(land.people, np.uint8)
    climate = np.zeros(land.people, np.int64)
    slots, seeks = np.zeros(BLOCK, np.uint32), found["sociability"]
    who = (found[name] for name in SPEAKERS)
    lend_board(0, land.people, views, voices, world.columns[HOLD], world.columns["board"], *who)
    for lo in range(0, land.people, BLOCK):
        hi = min(lo + BLOCK, land.people)
        ties = dense(land.contacts(lo, hi))
        fill_open(lo, hi, household, ties, seeks[lo:hi], np.empty(SLOTS, np.uint32), slots, many[lo:hi])
        held[lo:hi] = np.bitwise_count(slots[: hi - lo] & world.columns[HOLD][lo:hi])
        fill_climate(lo, hi, ties, seeks[lo:hi], world.columns["board"], climate[lo:hi])
    return many, held, climate


@kernel
def fill_cells(
    n: int,
    retired: int,
    careful: NDArray[np.int64],
    views: NDArray[np.int64],
    climates: NDArray[np.int64],
    climate: NDArray[np.int64],
    cells: NDArray[np.int64],
    age: Any,
    education: Any,
    decile: Any,
    conscientiousness: Any,
    opinion: Any,
) -> None:
    """cells[q]: the cell of each of n people."""
    for q in range(n):
        years = int64(age[q])
        of_age = int64(4) if years >= int64(retired) else int64(years >= 30) + int64(years >= 45) + int64(years >= 60)
        cell = (of_age * int64(EDUCATIONS) + int64(education[q])) * int64(DECILES) + int64(decile[q])
        cell = cell * int64(CAREFUL) + careful[int64(conscientiousness[q])]
        cell = cell * int64(VIEWS) + views[int64(opinion[q]) + int64(32768)]
        cells[q] = cell * int64(CLIMATES) + climates[climate[q] + int64(FINE)]


@kernel
def fill_firm_classes(lo: int, hi: int, firms: FirmTables, classes: NDArray[np.int64]) -> None:
    """classes[f - lo]: bits of the size of the firms lo … hi - 1."""
    for firm in range(lo, hi):
        size = first_of(int64(firm), firms)[2]
        bits = int64(0)
        while size > int64(0) and bits < int64(FIRM_CLASSES - 1):
            size >>= int64(1)
            bits += int64(1)
        classes[firm - lo] = bits


@kernel
def draw(n: int, classes: NDArray[np.int64], donors: Deck, luck: NDArray[np.uint32], drawn: NDArray[np.uint32]) -> None:
    """drawn[q]: a donor of the class of each of n, by one word of luck."""
    for q in range(n):
        kind = classes[q]
        at = (uint64(luck[0, q]) * uint64(donors.many[kind])) >> uint64(32)
        drawn[q] = uint32(donors.order[donors.first[kind] + int64(at)])


@kernel
def fill_open(lo: int, hi: int, household: int, ties: Any, sociability: Any, met: Any, slots: Any, many: Any) -> None:
    """slots[q]: bits of the slots of lo … hi - 1 beyond the household that lead to somebody anew; many[q]: how many.

    met (SLOTS,): room for whom one person meets.
    """
    for q in range(hi - lo):
        there, count, known = uint32(0), int64(0), 0
        for slot in range(SLOTS):
            j = whom(ties, lo, q, slot, sociability[q])
            again = j == uint32(lo + q)
            for nearer in range(known):
                again |= met[nearer] == j
            if not again:
                met[known] = j
                known += 1
                if slot >= household:
                    there |= uint32(1) << uint32(slot)
                    count += int64(1)
        slots[q], many[q] = there, count


@kernel
def hold_some(n: int, household: int, slots: Any, many: Any, held: Any, drawn: Any, luck: Any, hold: Any) -> None:
    """hold[q]: the household, and as many of the slots as the donor holds, each as likely. Words: 0 donor, 1 which."""
    for q in range(n):
        kept = uint32((1 << household) - 1)
        left, wanted = many[q], min(int64(held[drawn[q]]), many[q])
        for slot in range(int64(household), int64(SLOTS)):
            if (slots[q] >> uint32(slot)) & uint32(1):
                word = mix(luck[1, q] ^ (uint32(slot) * uint32(0x9E3779B9)))
                if int64((uint64(word) * uint64(left)) >> uint64(32)) < wanted:
                    kept |= uint32(1) << uint32(slot)
                    wanted -= int64(1)
                left -= int64(1)
        hold[q] = kept


@kernel
def lend_board(
    lo: int, hi: int, views: Any, voices: Any, hold: Any, board: Any, opinion: Any, sociability: Any, integrity: Any
) -> None:
    """Lend the board, before anything is published on it, to what people are likely to say and to the slots held."""
    for i in range(lo, hi):
        q = i - lo
        view, seeks, honest = views[int64(opinion[q]) + int64(32768)], sociability[q] >> 6, integrity[q] >> 6
        says = uint64(voices[view, seeks, honest, 0]) | (uint64(voices[view, seeks, honest, 1]) << uint64(16))
        board[i] = says | (uint64(hold[i]) << uint64(32))


@kernel
def fill_climate(lo: int, hi: int, ties: Any, sociability: Any, board: Any, climate: Any) -> None:
    """climate[q]: what lo … hi - 1 can expect to hear from live ties, from the board as lent; in 1/FINE.

    (posts for - against) / (1 + posts for + against), of a month: nothing where nobody speaks, 1 where many praise.
    """
    for q in range(hi - lo):
        mine = board[lo + q] >> uint64(32)
        praise, blame = int64(0), int64(0)
        for slot in range(SLOTS):
            if (mine >> uint64(slot)) & uint64(1) == uint64(0):
                continue
            j = whom(ties, lo, q, slot, sociability[q])
            if j != uint32(lo + q):
                entry = board[j]
                if (entry >> uint64(slot + 32)) & uint64(1):
                    praise += int64(entry & uint64(0xFFFF))
                    blame += int64((entry >> uint64(16)) & uint64(0xFFFF))
        climate[q] = (praise - blame) * int64(FINE) // (int64(65535) + praise + blame)


def take_ties(engine: Engine, lo: int, hi: int, mine: Scratch, donors: Donors) -> None:
    """Which ties the people lo … hi - 1 hold, whose traits and contacts are at hand; the board is lent to say so."""
    n, (world,) = hi - lo, engine.worlds
    household, hold = int(world.fixed["household_slots"]), world.columns[HOLD]
    many, slots, drawn, luck = np.empty(n, np.int64), *np.empty((2, n), np.uint32), np.empty((4, n), np.uint32)
    met = np.empty(SLOTS, np.uint32)
    fill_open(lo, hi, household, mine.traits["ties"], mine.traits["sociability"], met, slots, many)
    fill_luck(lo, hi, 0, *key_of(engine.seed, TIES), luck)
    draw(n, many, donors.ties, luck, drawn)
    hold_some(n, household, slots, many, donors.held, drawn, luck, hold[lo:hi])
    who = (mine.traits[name] for name in SPEAKERS)
    lend_board(lo, hi, donors.views, donors.voices, hold, world.columns["board"], *who)


def take_state(engine: Engine, lo: int, hi: int, mine: Scratch, donors: Donors) -> None:
    """All else of the people lo … hi - 1, once everybody's ties are on the board."""
    n, (world,) = hi - lo, engine.worlds
    (cells, climate), drawn, luck = np.empty((2, n), np.int64), np.empty(n, np.uint32), np.empty((4, n), np.uint32)
    fill_climate(lo, hi, mine.traits["ties"], mine.traits["sociability"], world.columns["board"], climate)
    by = (mine.traits[name] for name in BY)
    fill_cells(n, donors.retired, donors.careful, donors.views, donors.climates, climate, cells, *by)
    fill_luck(lo, hi, 0, *key_of(engine.seed, PEOPLE), luck)
    draw(n, cells, donors.people, luck, drawn)
    for name in donors.columns:
        world.columns[name][..., lo:hi] = donors.world.columns[name][..., drawn]
    view = mine.traits[OPINION][:n] + donors.moved[drawn]
    world.columns[VIEW][lo:hi] = np.clip(view, -32767, 32767)


def take_firms(engine: Engine, lo: int, hi: int, donors: Donors) -> None:
    """What the firms lo … hi - 1 have, from firms of like size; the sample has firms where the nation has any."""
    n, (world,) = hi - lo, engine.worlds
    classes, drawn = np.empty(n, np.int64), np.empty(n, np.uint32)
    luck = np.empty((4, n), np.uint32)
    fill_luck(lo, hi, 0, *key_of(engine.seed, FIRMS), luck)
    fill_firm_classes(lo, hi, world.land.workplaces, classes)
    draw(n, classes, donors.firms, luck, drawn)
    for name, column in world.firms.items():
        column[lo:hi] = donors.world.firms[name][drawn]


def take_shown(world: World, donors: Donors) -> None:
    """What regions are and what everybody was shown; the totals of regions are counted anew in the first month."""
    for name, array in world.regions.items():
        array[:] = donors.world.regions[name]
    for name, array in world.shown.items():
        array[:] = world.firms["flags"] if name == "firm_shown" else donors.world.shown[name]
