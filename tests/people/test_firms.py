"""Who works where: the two ways agree, classes have their shares, larger firms stay in their region."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sincerity.declare import catalogue
from sincerity.declare.scenario import scenario
from sincerity.declare.society import LABOUR_AREA
from sincerity.engine.world import Land, settle
from sincerity.people import firms, traits
from sincerity.people.firms import LEADS_IT, NO_FIRM, fill_members, fill_workplaces, sizes_of

SOCIETIES = ("china-2020", "usa-2020", "uk-2020", "cologne-2020")


@cache
def land(society: str = "china-2020", people: int = 50_000, seed: int = 1) -> Land:
    """A settled land."""
    return settle(catalogue.society(society), people, seed)


def workplaces(of: Land, lo: int = 0, hi: int | None = None) -> NDArray[np.uint32]:
    """Where the people lo … hi - 1 work."""
    end = of.people if hi is None else hi
    found = np.zeros(end - lo, np.uint32)
    fill_workplaces(lo, end, of.workplaces, found)
    return found


def members(of: Land, firm: int) -> list[int]:
    """The people of a firm, in the order of their seats."""
    room = np.zeros(of.people, np.int64)
    many = fill_members(firm, of.workplaces, room)
    return room[:many].tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "settings",
    [
        ("members=0",),
        ("members=1",),
        ("members=0.0001",),
        ("sizes.large=0", "sizes.medium=0"),
        ("sizes.individual business=0", "sizes.micro=0", "sizes.small=0"),
        ("sizes.individual business=0", "sizes.micro=0", "sizes.medium=0", "sizes.large=0", "sizes.small.least=299"),
        ("largest=1", "sizes.large=1"),
    ],
)
def test_any_declared_sizes_make_whole_firms(settings: tuple[str, ...]) -> None:
    changed = scenario("none", settings=[f"society.firms.{setting}" for setting in settings]).society
    here = settle(changed, 20_000, 1)
    number = workplaces(here) & NO_FIRM
    counts = np.bincount(number[number != NO_FIRM], minlength=here.firms)
    assert (counts > 0).all()
    assert len(counts) == here.firms == sum(row.firms for row in firms.by_class(firms.declared(changed, 20_000)))
    areas = 20_000 // LABOUR_AREA
    assert counts.sum() == pytest.approx(areas * LABOUR_AREA * float(changed.firms.members), abs=areas)
    for firm in range(0, here.firms, max(here.firms // 50, 1)):
        assert sorted(members(here, firm)) == np.flatnonzero(number == firm).tolist()


@pytest.mark.parametrize("society", SOCIETIES)
@pytest.mark.parametrize(("people", "seed"), [(1_000, 1), (1_024, 2), (5_000, 3), (19_999, 4), (50_000, 1)])
def test_a_persons_firm_and_a_firms_people_agree(society: str, people: int, seed: int) -> None:
    here = land(society, people, seed)
    found = workplaces(here)
    number = found & NO_FIRM
    assert here.firms > 0 or people < LABOUR_AREA
    taken = 0
    for firm in range(here.firms):
        mine = members(here, firm)
        assert len(set(mine)) == len(mine) > 0
        assert (number[mine] == firm).all()
        led = [seat for seat, person in enumerate(mine) if found[person] & LEADS_IT]
        assert led == [here.workplaces.leader[firm]]
        taken += len(mine)
    assert taken == np.count_nonzero(number != NO_FIRM)
    assert number[number != NO_FIRM].max(initial=0) < max(here.firms, 1)


def test_any_part_of_the_people_is_that_part_of_the_whole() -> None:
    here = land()
    whole = workplaces(here)
    for lo, hi in ((0, 1), (1_000, 1_030), (1_024, 2_048), (5_555, 16_001), (49_151, 49_154), (40_000, 50_000)):
        assert np.array_equal(workplaces(here, lo, hi), whole[lo:hi])


@pytest.mark.parametrize("society", SOCIETIES)
@pytest.mark.parametrize("people", [20_000, 50_000, 300_000])
def test_each_size_class_has_its_share_of_those_in_firms(society: str, people: int) -> None:
    here = land(society, people)
    areas = people // LABOUR_AREA
    stated = here.society.firms
    found = firms.by_class(firms.declared(here.society, people))
    everyone = sum(row.people for row in found)
    assert sum(row.firms for row in found) == here.firms
    assert everyone == np.count_nonzero(workplaces(here) != NO_FIRM)
    assert everyone == pytest.approx(areas * LABOUR_AREA * float(stated.members), abs=areas)
    whole = sum(map(float, stated.sizes.values()))
    for row in found:
        assert row.share == pytest.approx(float(stated.sizes[row.name]) / whole)
        assert abs(row.people - row.share * everyone) <= 2 * areas, row.name  # two of a thousand adults
        assert row.largest <= row.most


def test_a_class_has_firms_of_its_sizes_where_there_is_room() -> None:
    here = land("usa-2020", 300_000)
    laid = firms.declared(here.society, here.people)
    rows = [(k, size) for layout in laid.firms for k, size, _ in layout]
    for k, name in enumerate(laid.classes.names):
        sizes = [size for of, size in rows + laid.lines if of == k]
        inside = [laid.classes.least[k] <= size <= laid.classes.most[k] for size in sizes]
        parts = len(inside) - sum(inside)
        assert parts <= (2 * firms.SET if not laid.classes.larger[k] else len(here.region_first)), name
    assert sum(laid.classes.larger) == 2


def test_larger_firms_reach_over_areas_of_one_region() -> None:
    here = land("cologne-2020", 300_000)
    of = here.workplaces
    wide = 0
    for firm in range(of.local, of.firms):
        areas = {person // LABOUR_AREA for person in members(here, firm)}
        assert areas == set(range(min(areas), max(areas) + 1))
        assert len({int(of.region_of_area[area]) for area in areas}) == 1
        wide += len(areas) > 1
    assert wide > (of.firms - of.local) / 2
    for firm in range(0, of.local, 97):
        assert len({person // LABOUR_AREA for person in members(here, firm)}) == 1


def test_who_leads_a_firm_is_an_owner_of_working_age_where_there_is_one() -> None:
    here = land()
    columns = {c.name: np.zeros(here.people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, here.people, here.packed, here.traits.kernel, *columns.values())
    works = columns["age"] < float(here.society.livelihood.retirement_age)
    owns = works & (columns["owner"] == 1)
    led = by_owner = 0
    for firm in range(0, here.firms, 7):
        mine = members(here, firm)
        leader = mine[here.workplaces.leader[firm]]
        best = owns if owns[mine].any() else works if works[mine].any() else np.ones(here.people, bool)
        assert leader == next(person for person in mine if best[person])
        led, by_owner = led + 1, by_owner + owns[leader]
    assert 0 < by_owner < led


@given(st.integers(1, 50_000), st.integers(1, 2_000), st.integers(0, 3_000))
def test_sizes_sum_and_keep_to_their_class(total: int, least: int, wide: int) -> None:
    most = least + wide
    sizes = sizes_of(total, least, most)
    assert sum(sizes) == total
    assert max(sizes) <= most
    assert sum(size < least for size in sizes) <= 1
    assert sizes_of(0, least, most) == []


def test_sizes_follow_zipfs_law() -> None:
    sizes = np.array(sizes_of(200_000, 1, 5_000))
    counts = [int(np.count_nonzero(sizes >= 2**k)) for k in range(1, 9)]
    for k, (larger, twice) in enumerate(pairwise(counts), start=1):
        expected = (1 / 2 ** (k + 1) - 1 / 5_001) / (1 / 2**k - 1 / 5_001)
        assert twice / larger == pytest.approx(expected, abs=4 * math.sqrt(0.25 / larger))


def test_firms_of_a_class_are_on_average_as_large_as_those_counted() -> None:
    """US Census Bureau, SUSB 2019: people employed by firms in each class; only the shares are declared."""
    counted = {
        "1-4": 5_632_339 / 3_556_927,
        "5-9": 6_329_828 / 959_641,
        "10-19": 8_211_284 / 609_355,
        "20-99": 20_893_780 / 532_972,
        "100-499": 18_235_627 / 92_159,
    }
    found = {row.name: row for row in firms.by_class(firms.declared(catalogue.society("usa-2020"), 5_000_000))}
    for name, mean in counted.items():
        assert found[name].people / found[name].firms == pytest.approx(mean, rel=0.05), name


def test_firms_of_a_seed_are_firms_of_that_seed() -> None:
    assert not np.array_equal(workplaces(land()), workplaces(land(seed=2)))
    again = settle(catalogue.society("china-2020"), 50_000, 1)
    assert np.array_equal(workplaces(again), workplaces(land()))
