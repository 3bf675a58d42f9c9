"""Firms, computed: who works where, and who is in a firm, each in O(1).

People of a labour area of 1,024 ids stand in a keyed order, that of the workplace ties. Its first places belong to
firms larger than an area, its next to firms of the area, and those after that to no firm. Firms of an area are laid
out for sixteen to thirty-one areas at a time, so that each size class has its share of these in whole firms; the same
layouts come again and again. Larger firms stand in a table of their own: the first places of a region's areas, one
area after another, are a line, which they cut into pieces.

Sizes within a class follow Zipf's law, as those of firms do (Axtell 2001, Science 293): half as many firms have at
least twice a size as have at least that size. Where less room is left than a class's smallest firm needs, there is a
part of one that reaches further.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint16, uint32
from numpy.typing import NDArray

from sincerity.declare.society import LABOUR_AREA, Firms, Society
from sincerity.people.kernel import inline, kernel, roomy
from sincerity.people.population import apportion, marginals
from sincerity.people.ties import TieTables, area_keys, shuffle, unshuffle
from sincerity.people.traits import AGE_SHIFT, OWNER_SHIFT, YOUNGEST

SET = 16
"""The fewest labour areas, where there are so many, over which the firms of areas are laid out; the most are twice as
many less one.
"""
WIDEST = 300
"""A class whose firms may have more people than this has firms that reach over several areas."""
LEADS_IT = 1 << 31
"""The bit of `workplace` that says that the person leads the firm."""
NO_FIRM = LEADS_IT - 1
"""The workplace of those who are in no firm."""
LOOKED_AT = 1 << 10
"""Members among whom a firm seeks who leads it."""

Counts = NDArray[np.int64]


class FirmTables(NamedTuple):
    """What finds a person's firm and a firm's members. Areas are complete labour areas; there are `firms` firms.

    keys: (areas, 2), the words that order each area; layouts: how many there are; cycle: firms of one set of layouts.
    Of a firm's number in its set: layout, first (its first place), size; before: firms of a set before each layout. The
    first `local` firms are firms of areas.
    Larger ones: places: the first places of each area, which are theirs; starts: (larger + 1,) where each begins on the
    line; at: the first that has people in an area. leader: seat among the members of who leads each firm.
    """

    areas: int
    keys: NDArray[np.uint32]
    region_of_area: Counts
    layouts: int
    cycle: int
    local: int
    firms: int
    layout: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    before: NDArray[np.int64]
    places: int
    starts: Counts
    at: Counts
    leader: NDArray[np.uint16]


class Classes(NamedTuple):
    """The size classes that a society states, and where its firms are.

    names, shares: of those in firms, summing to 1; least, most: people of a firm; larger: whether its firms reach over
    several areas.
    """

    names: tuple[str, ...]
    shares: NDArray[np.float64]
    least: tuple[int, ...]
    most: tuple[int, ...]
    larger: NDArray[np.bool_]


class Laid(NamedTuple):
    """The layouts of a society's areas, and of the larger firms that its regions have room for.

    firms: (class, size, first place) of each firm of an area, layout by layout; lines: (class, size) of larger firms,
    region by region.
    """

    classes: Classes
    places: int
    firms: list[list[tuple[int, int, int]]]
    lines: list[tuple[int, int]]
    region_of_area: Counts


def classes(firms: Firms) -> Classes:
    """The size classes of a society; shares are taken in proportion, whatever they sum to."""
    named = sorted(firms.sizes.items(), key=lambda one: (one[1].least, one[1].most or math.inf))
    rows = [row for _, row in named]
    shares = np.array([float(row) for row in rows])
    open_end = round(float(firms.largest))
    most = [int(row.most) if row.most is not None else max(open_end, int(row.least)) for row in rows]
    room = LABOUR_AREA * float(firms.members)
    larger = np.array([top > WIDEST for top in most])
    shares = shares / shares.sum()
    for k in sorted(range(len(rows)), key=lambda k: -most[k]):  # a firm of an area must fit into what areas have left
        if most[k] > room * float(shares[~larger].sum()):
            larger[k] = True
    return Classes(tuple(name for name, _ in named), shares, tuple(int(row.least) for row in rows), tuple(most), larger)


def sizes_of(total: int, least: int, most: int) -> list[int]:
    """The sizes of whole firms of `least` to `most` people that have `total` people together, the largest first.

    By Zipf's law: the firms with at least s people are as many as 1 / s. Fewer than `least` people are one part of a
    firm; what no number of whole firms can take up is one, too.
    """
    if total < 1:
        return []
    if total <= least:
        return [total]
    most = min(most, total)
    low, high = 1 / least, 1 / (most + 1)
    mean = least + float((1 / np.arange(least + 1, most + 1) - high).sum()) / (low - high)
    many = min(max(round(total / mean), -(-total // most)), total // least)
    whole = min(total, many * most)
    rank = (np.arange(many) + 0.5) / many
    sizes = np.clip(np.floor(1 / (high + rank * (low - high))), least, most).astype(np.int64)
    lacking = whole - int(sizes.sum())
    while lacking:  # by as much as each has room for, the same for all
        room = most - sizes if lacking > 0 else sizes - least
        free = np.flatnonzero(room)
        step = np.minimum(room[free], max(abs(lacking) // len(free), 1))[: abs(lacking)]
        sizes[free[: len(step)]] += np.sign(lacking) * step
        lacking = whole - int(sizes.sum())
    left = [total - whole] if total > whole else []
    return [*sorted(sizes.tolist(), reverse=True), *left]


def lay_out(society: Society, region_of_area: Counts, key: int = 0) -> Laid:
    """Every firm of a society whose areas lie in these regions (areas,), in order."""
    made = classes(society.firms)
    areas = len(region_of_area)
    share = float(society.firms.members)
    places = round(LABOUR_AREA * share * float(made.shares[made.larger].sum()))
    layouts = min(range(SET, 2 * SET), key=lambda many: areas % many) if areas > SET else areas
    rooms = apportion(np.ones(max(layouts, 1)), max(round(LABOUR_AREA * share * layouts) - places * layouts, 0))
    firms = _pack(made, rooms, places) if layouts else []
    lines = list(_lines(made, region_of_area, places, key)) if places else []
    return Laid(made, places, firms, lines, region_of_area)


def _pack(made: Classes, rooms: Counts, places: int) -> list[list[tuple[int, int, int]]]:
    """The firms of each layout: the largest come first, each to the layout with most room; the last ones are cut."""
    local = np.flatnonzero(~made.larger)
    waiting: list[tuple[int, int]] = []
    if made.shares[local].sum() > 0 and rooms.sum():
        of_class = apportion(made.shares[local], int(rooms.sum()))
        for k, total in zip(local.tolist(), of_class.tolist(), strict=True):
            waiting += [(size, k) for size in sizes_of(total, made.least[k], made.most[k])]
    waiting.sort(reverse=True)
    left, found = rooms.copy(), [[] for _ in rooms]  # type: list[int] | Counts, list[list[tuple[int, int, int]]]
    while waiting:
        size, k = waiting.pop(0)
        layout = int(np.argmax(left))
        fits = min(size, int(left[layout]))
        if fits < size:
            waiting.append((size - fits, k))
        found[layout].append((k, fits, places + int(rooms[layout] - left[layout])))
        left[layout] -= fits
    return found


def _lines(made: Classes, region_of_area: Counts, places: int, key: int) -> Iterator[tuple[int, int]]:
    """(class, size) of the larger firms along each region's line, in a keyed order."""
    larger = np.flatnonzero(made.larger)
    for region, areas in enumerate(np.bincount(region_of_area)):
        of_class = apportion(made.shares[larger], int(areas) * places)
        found = [
            (k, size)
            for k, total in zip(larger.tolist(), of_class.tolist(), strict=True)
            for size in sizes_of(total, made.least[k], made.most[k])
        ]
        stir = np.uint64((key * 0x2545F4914F6CDD1D + region) & (2**64 - 1))
        words = (np.arange(len(found), dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        words = (words ^ stir) * np.uint64(0xD1342543DE82EF95)
        for place in np.argsort(words >> np.uint64(20), kind="stable").tolist():
            yield found[place]


def firm_tables(
    society: Society, ties: TieTables, region_first: Counts, packed: NDArray[np.uint32], seed: int
) -> FirmTables:
    """The firms of a society over people whose packed traits are given, for a seed."""
    region_of_area = regions_of_areas(region_first, ties.people)
    key = int.from_bytes(hashlib.sha256(f"firms {seed}".encode()).digest()[:4], "little")
    laid = lay_out(society, region_of_area, key)
    tables = _tables(laid, area_keys(len(region_of_area), ties))
    retired = math.ceil(float(society.livelihood.retirement_age))
    find_leaders(0, tables.firms, tables, packed, retired, tables.leader)
    return tables


def _tables(laid: Laid, keys: NDArray[np.uint32]) -> FirmTables:
    areas, layouts = len(keys), max(len(laid.firms), 1)
    before = np.cumsum([0, *map(len, laid.firms)]).astype(np.int64)
    cycle = int(before[-1])
    rows = [(layout, size, first) for layout, firms in enumerate(laid.firms) for _, size, first in firms]
    layout, size, first = np.array(rows or [(0, 0, 0)], np.int64).T
    local = areas // layouts * cycle + int(before[areas % layouts])
    starts = np.concatenate([[0], np.cumsum([many for _, many in laid.lines])]).astype(np.int64)
    at = np.searchsorted(starts, np.arange(areas) * laid.places, side="right").astype(np.int64) - 1
    firms = local + len(laid.lines)
    leader = np.zeros(firms, np.uint16)
    return FirmTables(
        areas, keys, laid.region_of_area, layouts, cycle, local, firms, layout.copy(), first.copy(),
        size.copy(), before, laid.places, starts, at, leader,
    )  # fmt: skip


def regions_of_areas(region_first: Counts, people: int) -> Counts:
    """(areas,) the region of each complete labour area: that of the person in its middle."""
    middle = np.arange(people // LABOUR_AREA) * LABOUR_AREA + LABOUR_AREA // 2
    return np.searchsorted(region_first, middle, side="right").astype(np.int64) - 1


def declared(society: Society, people: int) -> Laid:
    """Every firm that so many people of a society have, whoever works there. BadInput if a table cannot be read."""
    adults = marginals(society).kinds.sum(axis=1)
    region_first = np.concatenate([[0], np.cumsum(apportion(adults, people))])
    return lay_out(society, regions_of_areas(region_first, people))


class OfClass(NamedTuple):
    """What came of a size class. share: declared, of those in firms; people: in its firms; largest: people of one."""

    name: str
    least: int
    most: int
    share: float
    people: int
    firms: int
    largest: int


def by_class(laid: Laid) -> list[OfClass]:
    """What came of each size class, over all areas; the smallest first."""
    made, areas = laid.classes, len(laid.region_of_area)
    people, firms, largest = np.zeros((3, len(made.names)), np.int64)
    for layout, found in enumerate(laid.firms):
        times = areas // len(laid.firms) + (layout < areas % len(laid.firms))
        for k, size, _ in found:
            people[k] += size * times
            firms[k] += times
            largest[k] = max(largest[k], size)
    for k, size in laid.lines:
        people[k] += size
        firms[k] += 1
        largest[k] = max(largest[k], size)
    columns = (made.names, made.least, made.most, made.shares.tolist(), people.tolist(), firms.tolist())
    return [OfClass(*row) for row in zip(*columns, largest.tolist(), strict=True)]


# ---- a person's firm, a firm's people -------------------------------------------------------------------------------


@kernel
def _fill_workplaces(
    lo: int, hi: int, firms: FirmTables, at_place: NDArray[np.uint32], workplaces: NDArray[np.uint32]
) -> None:
    i = int64(lo)
    while i < int64(hi):
        area = i >> 10
        if area >= int64(firms.areas):
            for q in range(i - lo, hi - lo):
                workplaces[q] = uint32(NO_FIRM)
            return
        at_place[:] = uint32(NO_FIRM)
        place, number, line = int64(0), firms.at[area], area * int64(firms.places)
        while place < int64(firms.places):  # larger firms
            firm = int64(firms.local) + number
            end = min(firms.starts[number + 1] - line, int64(firms.places))
            at_place[place:end] = uint32(firm)
            leads = firms.starts[number] + int64(firms.leader[firm]) - line
            if place <= leads and leads < end:
                at_place[leads] = uint32(firm | int64(LEADS_IT))
            place, number = end, number + int64(1)
        layout = area % int64(firms.layouts)
        before = area // int64(firms.layouts) * int64(firms.cycle)
        for number in range(firms.before[layout], firms.before[layout + 1]):  # firms of the area
            first, firm = firms.first[number], before + number
            at_place[first : first + firms.size[number]] = uint32(firm)
            at_place[first + int64(firms.leader[firm])] = uint32(firm | int64(LEADS_IT))
        end = min(int64(hi), (area + int64(1)) << 10)
        k1, k2 = firms.keys[area, 0], firms.keys[area, 1]
        for q in range(i - lo, end - lo):
            workplaces[q] = at_place[shuffle(uint32((lo + q) & 1023), 10, k1, k2)]
        i = end


@roomy
def fill_workplaces(lo: int, hi: int, firms: FirmTables, workplaces: NDArray[np.uint32]) -> None:
    """workplaces[q]: the firm of the people lo … hi - 1, with the bit LEADS_IT for who leads it; NO_FIRM for none.

    Area by area: first what stands at each place of its order, then each person's place.
    """
    _fill_workplaces(lo, hi, firms, np.empty(LABOUR_AREA, np.uint32), workplaces)


@inline
def first_of(firm: Any, firms: Any) -> Any:
    """(area, place, people, end) of a firm: where its first member stands, how many there are, and the place at which
    those of the area end.
    """
    if firm < int64(firms.local):
        cycle = firm // int64(firms.cycle)
        number = firm - cycle * int64(firms.cycle)
        area = cycle * int64(firms.layouts) + firms.layout[number]
        return area, firms.first[number], firms.size[number], int64(LABOUR_AREA)
    number = firm - int64(firms.local)
    start = firms.starts[number]
    area = start // int64(firms.places)
    return area, start - area * int64(firms.places), firms.starts[number + 1] - start, int64(firms.places)


@inline
def member(area: Any, place: Any, firms: Any) -> Any:
    """The person at a place of an area's order."""
    return (area << int64(10)) + int64(unshuffle(uint32(place), 10, firms.keys[area, 0], firms.keys[area, 1]))


@kernel
def fill_members(firm: int, firms: FirmTables, people: NDArray[np.int64]) -> Any:
    """people[seat]: the members of a firm, in the order of their seats, as far as there is room; return how many."""
    area, place, size, end = first_of(int64(firm), firms)
    for seat in range(min(size, int64(len(people)))):
        people[seat] = member(area, place, firms)
        place += int64(1)
        if place == end:
            area, place = area + int64(1), int64(0)
    return size


@kernel
def find_leaders(
    lo: int, hi: int, firms: FirmTables, packed: NDArray[np.uint32], retired: int, leader: NDArray[np.uint16]
) -> None:
    """leader[firm]: the seat of who leads the firms lo … hi - 1: of the first LOOKED_AT members, the first who is an
    owner of working age (below `retired`); else the first of working age; else the first.
    """
    for firm in range(lo, hi):
        area, place, size, end = first_of(int64(firm), firms)
        chosen = worker = int64(-1)
        for seat in range(min(size, int64(LOOKED_AT))):
            word = packed[member(area, place, firms)]
            age = int64((word >> uint32(AGE_SHIFT)) & uint32(127)) + int64(YOUNGEST)
            if age < int64(retired):
                if worker < int64(0):
                    worker = seat
                if (word >> uint32(OWNER_SHIFT)) & uint32(1):
                    chosen = seat
                    break
            place += int64(1)
            if place == end:
                area, place = area + int64(1), int64(0)
        leader[firm] = uint16(max(chosen if chosen >= int64(0) else worker, int64(0)))
