"""Ties: the contact of my contact is me, ranges agree with single people, and what is kept up hangs together."""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sincerity.declare.catalogue import regime, society
from sincerity.engine.cpu import Engine
from sincerity.engine.world import build, settle
from sincerity.month.schedule import Schedule
from sincerity.people import traits
from sincerity.people.kernel import kernel
from sincerity.people.orders import NOBODY, STREET_BITS, by_age, sociable_key, sociable_person, sociable_rank
from sincerity.people.population import STREET
from sincerity.people.ties import (
    ENDS,
    FIRST_FRIENDS,
    FIRST_LAYERED,
    FIRST_WORK,
    GROUP,
    KIND_OF_SLOT,
    KINDS,
    LAYERS,
    LAYOUT,
    NATION_BITS,
    SLOTS,
    Ties,
    TieTables,
    area_keys,
    block_keys,
    contact,
    dense,
    fill_contacts,
    fill_reach,
    fill_ties,
    open_slots,
    room_for,
    shuffle,
    tie_tables,
    unshuffle,
    whom,
)

SIZES = (1_000, 1_023, 1_024, 1_025, 4_097, 10_007, 70_001)
Ids = NDArray[np.int64]


@kernel
def fill_ranks(people: int, key: int, rank: NDArray[np.int64], back: NDArray[np.int64]) -> None:
    for i in range(rank.shape[0]):
        rank[i] = sociable_rank(i, people, key)
    for k in range(back.shape[0]):
        back[k] = sociable_person(k >> STREET_BITS, k & (STREET - 1), people, key)


@kernel
def fill_by_age(first: int, many: int, packed: NDArray[np.uint32], shift: int, seats: NDArray[np.uint32]) -> None:
    by_age(first, many, packed, shift, seats)


@kernel
def fill_shuffled(bits: int, k1: int, k2: int, there: NDArray[np.uint32], back: NDArray[np.uint32]) -> None:
    for k in range(there.shape[0]):
        there[k] = shuffle(np.uint32(k), bits, np.uint32(k1), np.uint32(k2))
        back[k] = unshuffle(there[k], bits, np.uint32(k1), np.uint32(k2))


@kernel
def fill_keys(key: int, layer: int, bases: NDArray[np.int64], keys: NDArray[np.uint32]) -> None:
    for k in range(bases.shape[0]):
        keys[k, 0], keys[k, 1] = block_keys(np.uint32(key), layer, np.uint32(bases[k]))


@lru_cache
def households() -> tuple[NDArray[np.uint16], NDArray[np.uint8], int]:
    return traits.household_tables(traits.build(society("china-2020"), 1_000, 1))


@lru_cache
def all_of_an_age() -> NDArray[np.uint32]:
    """Room for as many as there may be; the pages that nobody reads take no memory."""
    return np.zeros(2**31, np.uint32)


@lru_cache
def ties_of(people: int, seed: int = 1) -> TieTables:
    if people > SIZES[-1]:
        return tie_tables(people, seed, households(), all_of_an_age()[:people])
    ages = np.random.default_rng(people).integers(0, 80, people).astype(np.uint32) << np.uint32(traits.AGE_SHIFT)
    return tie_tables(people, seed, households(), ages)


def ranks_of(people: int, seed: int = 1) -> tuple[Ids, Ids]:
    """Ranks of sociability (people,), and who stands on each rank of each street."""
    rank, back = np.zeros(people, np.int64), np.zeros(-(-people // STREET) * STREET, np.int64)
    fill_ranks(people, sociable_key(seed), rank, back)
    return rank, back


def contacts_of(people: int, lo: int = 0, hi: int | None = None, seed: int = 1) -> Ids:
    """(32, people of the range) ids, oneself where a slot leads to nobody."""
    hi = people if hi is None else hi
    out = np.full((SLOTS, hi - lo), 0xDEADBEEF, np.uint32)
    fill_contacts(lo, hi, ties_of(people, seed), out)
    return out.astype(np.int64)


# -- orders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 2, 5, 63, 64, 65, 127, 1_000, 10_007])
def test_a_rank_says_who_it_is_and_nobody_stands_on_two(people: int) -> None:
    rank, back = ranks_of(people)
    ids = np.arange(people)
    assert ((rank >= 0) & (rank < STREET)).all()
    assert np.array_equal(back[(ids >> STREET_BITS) * STREET + rank], ids)
    assert (back != NOBODY).sum() == people
    many = people % STREET
    if many:  # the ranks of the last street are spread evenly
        assert sorted(rank[people - many :]) == [place * STREET // many for place in range(many)]


def test_ranks_are_drawn_afresh_in_each_street_and_know_nothing_of_seats() -> None:
    rank, _ = ranks_of(64_000)
    streets = rank.reshape(-1, STREET)
    assert np.allclose(streets.mean(axis=0), 31.5, atol=2.4)  # 1,000 streets: 0.6 a standard error
    seats = np.corrcoef(streets, rowvar=False) - np.eye(STREET)
    assert np.abs(seats).max() < 0.35
    housemates = ((streets[:, :-1] < GROUP) & (streets[:, 1:] < GROUP)).mean()
    assert housemates == pytest.approx(8 / 64 * 7 / 63, abs=0.004)
    assert not np.array_equal(rank, ranks_of(64_000, seed=2)[0])


@settings(max_examples=50, deadline=None)
@given(ages=st.lists(st.integers(0, 85), min_size=1, max_size=64))
def test_a_street_stands_by_age(ages: list[int]) -> None:
    packed = np.array([0, 0, *ages], np.uint32) << np.uint32(traits.AGE_SHIFT) | np.uint32(3)
    seats = np.zeros(STREET, np.uint32)
    fill_by_age(2, len(ages), packed, traits.AGE_SHIFT, seats)
    assert seats[: len(ages)].tolist() == sorted(range(len(ages)), key=lambda seat: (ages[seat], seat))


def test_the_sociability_that_rules_see_is_the_rank_that_ties_have() -> None:
    people = 1_000
    land = settle(society("china-2020"), people, 1)
    found = {c.name: np.zeros(people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, people, land.packed, land.traits.kernel, *found.values())
    rank, _ = ranks_of(people)
    assert np.array_equal((255 - found["sociability"].astype(int)) >> 2, rank)


# -- the layout -------------------------------------------------------------------------------------------------------


def test_the_layout_fills_the_slots_and_its_layers_fit_streets_and_blocks() -> None:
    assert sum(row.slots for row in LAYOUT) == len(KIND_OF_SLOT) == SLOTS
    assert {row.kind for row in LAYOUT} == set(range(len(KINDS)))
    assert len(ENDS) == FIRST_LAYERED
    for one in LAYERS:
        assert one.width & (one.width - 1) == 0
        assert one.first % GROUP == one.to % GROUP == one.width % GROUP == 0
        assert one.first == one.to or one.first + one.width <= one.to
        assert one.to + one.width <= STREET
        assert FIRST_LAYERED <= one.slot < SLOTS
    assert all(end % GROUP == 0 for end in ENDS[FIRST_WORK:])


def test_each_group_reviews_the_slots_that_its_people_have() -> None:
    people = 64 * 64
    found, (rank, _) = contacts_of(people), ranks_of(people)
    mine, many = open_slots()
    for group in range(len(many)):
        there = (found[:, rank // GROUP == group] != np.arange(people)[rank // GROUP == group]).any(axis=1)
        assert mine[group, : many[group]].tolist() == np.flatnonzero(there)[FIRST_WORK:].tolist()
    reach = np.zeros(people, np.uint8)
    fill_reach(0, people, found.astype(np.uint32), reach)
    assert reach.tolist() == (found != np.arange(people)).sum(axis=0).tolist()


@kernel
def fill_whom(lo: int, ties: Ties, rank: NDArray[np.int64], contacts: NDArray[np.uint32]) -> None:
    for slot in range(contacts.shape[0]):
        for q in range(contacts.shape[1]):
            contacts[slot, q] = whom(ties, lo, q, slot, np.uint8(255 - 4 * rank[lo + q] - q % 4))


@pytest.mark.parametrize("people", SIZES)
def test_a_blocks_ties_say_whom_each_slot_leads_to_and_how_many_lead_to_somebody(people: int) -> None:
    rank, _ = ranks_of(people)
    for lo, hi in ((0, people), (0, 1), (people - 1, people), (people // 3, people), (people // 2, people // 2 + 70)):
        found, reach = room_for(hi - lo), np.full(hi - lo, 99, np.uint8)
        fill_ties(lo, hi, ties_of(people), found, reach)
        contacts, made = contacts_of(people, lo, hi), np.zeros((SLOTS, hi - lo), np.uint32)
        assert reach.tolist() == (contacts != np.arange(lo, hi)).sum(axis=0).tolist()
        for ties in (found, dense(contacts.astype(np.uint32))):
            fill_whom(lo, ties, rank, made)
            assert np.array_equal(made, contacts)
    fill_ties(5, 5, ties_of(people), room_for(0), np.zeros(0, np.uint8))


# -- contacts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", SIZES)
def test_the_contact_of_my_contact_is_me(people: int) -> None:
    ids = np.arange(people)
    for slot, met in enumerate(contacts_of(people)):
        assert met.max() < people
        assert np.array_equal(met[met], ids), slot


@settings(max_examples=400, deadline=None)
@given(
    people=st.integers(1_000, 2**31) | st.sampled_from([2**k + d for k in range(10, 31) for d in (-1, 0, 1, 63)]),
    seed=st.integers(0, 2**32 - 1),
    who=st.floats(0, 1, exclude_max=True),
    slot=st.integers(0, SLOTS - 1),
)
def test_the_contact_of_anybodys_contact_is_that_person(people: int, seed: int, who: float, slot: int) -> None:
    ties = tie_tables(people, seed, households(), all_of_an_age()[:people])
    i = min(int(who * people), people - 1)
    j = contact(i, slot, ties)
    assert j == NOBODY or (0 <= j < people and j != i and contact(j, slot, ties) == i)


@settings(max_examples=100, deadline=None)
@given(
    people=st.sampled_from(SIZES) | st.integers(1_000, 2**31),
    seed=st.integers(0, 99),
    at=st.floats(0, 1),
    many=st.integers(1, 300),
)
def test_a_range_is_its_people_one_by_one(people: int, seed: int, at: float, many: int) -> None:
    lo = min(int(at * people), people - 1)
    hi = min(lo + many, people)
    found = contacts_of(people, lo, hi, seed)
    ties = ties_of(people, seed)
    for slot in range(SLOTS):
        single = [contact(i, slot, ties) for i in range(lo, hi)]
        assert found[slot].tolist() == [i if j == NOBODY else j for i, j in enumerate(single, start=lo)], slot


@settings(max_examples=25, deadline=None)
@given(people=st.sampled_from(SIZES[:6]), cuts=st.lists(st.floats(0, 1), max_size=4))
def test_a_range_is_its_pieces(people: int, cuts: list[float]) -> None:
    edges = sorted({0, people, *(int(cut * people) for cut in cuts)})
    pieces = [contacts_of(people, a, b) for a, b in itertools.pairwise(edges)]
    assert np.array_equal(np.concatenate(pieces, axis=1), contacts_of(people))


@pytest.mark.parametrize("people", SIZES)
def test_a_contact_has_the_ranks_and_lives_in_the_block_of_its_layer(people: int) -> None:
    ids, found, (rank, _) = np.arange(people), contacts_of(people), ranks_of(people)
    for slot in range(FIRST_WORK, FIRST_LAYERED):
        some = found[slot] != ids
        bits = 10 if slot < FIRST_FRIENDS else STREET_BITS
        assert np.array_equal(found[slot] >> bits, ids >> bits), slot
        assert (rank[some] < ENDS[slot]).all()
    for one in LAYERS:
        some = found[one.slot] != ids
        if one.bits < NATION_BITS:
            assert np.array_equal(found[one.slot] >> one.bits, ids >> one.bits), one
        mine, theirs = rank[some], rank[found[one.slot][some]]
        here, there = mine - one.first, mine - one.to
        assert (((here >= 0) & (here < one.width)) | ((there >= 0) & (there < one.width))).all(), one
        if one.step == 0:
            assert ((mine < one.first + one.width) != (theirs < one.first + one.width)).all(), one


def test_friends_of_the_street_are_next_or_next_but_one_in_age() -> None:
    people = 1_000
    found, ties = contacts_of(people), ties_of(people)
    ages = ties.packed.astype(np.int64) * 1_000_000 + np.arange(people)
    for first in range(0, people, STREET):
        line = np.argsort(ages[first : first + STREET]) + first
        place = {int(i): k for k, i in enumerate(line)}
        for slot in range(FIRST_FRIENDS, FIRST_LAYERED):
            apart = {abs(place[int(i)] - place[int(found[slot, i])]) for i in line}
            assert apart <= {0, 2 if slot == FIRST_FRIENDS + 2 else 1}, (first, slot)
            assert len(apart) == 2


def test_circles_are_cliques_of_eight() -> None:
    circle = [one.slot for one in LAYERS if one.bits == 12]
    found = contacts_of(1 << 12)[circle]
    made: nx.Graph = nx.Graph((i, int(j)) for whom in found for i, j in enumerate(whom) if i != j)
    parts = list(nx.connected_components(made))
    assert {len(part) for part in parts} == {8}
    assert made.number_of_edges() == 28 * len(parts)
    assert len(parts) == (1 << 12) * 16 // 64 // 8


def test_a_whole_block_is_matched_perfectly_and_a_cut_one_almost() -> None:
    for people, most in ((1 << 14, 0), (10_007, 16)):
        ids, found, (rank, _) = np.arange(people), contacts_of(people), ranks_of(people)
        for one in LAYERS:
            mine = ((rank >= one.first) & (rank < one.first + one.width)) | (
                (rank >= one.to) & (rank < one.to + one.width)
            )
            assert (found[one.slot][mine] == ids[mine]).sum() <= most, (people, one)


def test_slots_seeds_and_blocks_are_matched_each_in_their_own_way() -> None:
    people, ids = 10_007, np.arange(10_007)
    found, other = contacts_of(people), contacts_of(people, seed=2)
    for slot in range(FIRST_LAYERED, SLOTS):
        some = found[slot] != ids
        assert np.mean(found[slot, some] == other[slot, some]) < 0.15, slot
        for nearer in range(slot):
            assert np.mean(found[slot, some] == found[nearer, some]) < 0.2, (nearer, slot)


@pytest.mark.parametrize("bits", [0, 1, 2, 5, 6, 10, 12])
def test_shuffling_is_a_permutation_and_unshuffling_undoes_it(bits: int) -> None:
    there, back = np.zeros(1 << bits, np.uint32), np.zeros(1 << bits, np.uint32)
    fill_shuffled(bits, 0x9ABCDEF1, 0x12345677, there, back)
    assert sorted(there.tolist()) == list(range(1 << bits))
    assert back.tolist() == list(range(1 << bits))


@pytest.mark.parametrize("people", SIZES)
def test_the_household_slots_join_exactly_the_household(people: int) -> None:
    """The oracle knows only the pattern of sizes: each whole superblock must have exactly its households."""
    found = contacts_of(people)[:FIRST_WORK]
    ids = np.arange(people)
    homes = nx.Graph()
    homes.add_nodes_from(range(people))
    homes.add_edges_from((i, j) for slot in found for i, j in enumerate(slot.tolist()) if i != j)
    sizes: dict[int, list[int]] = {}
    for home in nx.connected_components(homes):
        first, size = min(home), len(home)
        assert home == set(range(first, first + size))
        assert homes.subgraph(home).number_of_edges() == size * (size - 1) // 2
        sizes.setdefault(first >> 10, []).append(size)
    pattern_first, pattern_size, _ = households()
    expected = sorted(pattern_size[np.unique(pattern_first)].tolist())
    for block in range(people >> 10):
        assert sorted(sizes[block]) == expected, block
    assert (found >> 10 == ids >> 10).all()


@pytest.mark.parametrize("people", [1_000, 1_025, 10_007])
def test_both_ends_agree_that_a_slot_repeats_a_nearer_one(people: int) -> None:
    found, ids = contacts_of(people), np.arange(people)
    for slot in range(SLOTS):
        repeats = (found[slot] != ids) & (found[:slot] == found[slot]).any(axis=0)
        assert np.array_equal(repeats, repeats[found[slot]]), slot
        assert repeats.any() or slot not in range(FIRST_FRIENDS, FIRST_LAYERED), slot


def test_the_labour_areas_are_ordered_as_the_workplace_ties_have_them() -> None:
    ties = ties_of(10_007)
    mine = np.zeros((9, 2), np.uint32)
    fill_keys(ties.key, FIRST_WORK, np.arange(9, dtype=np.int64) << 10, mine)
    assert np.array_equal(area_keys(9, ties), mine)
    there, back = np.zeros(1024, np.uint32), np.zeros(1024, np.uint32)
    fill_shuffled(10, int(mine[2, 0]), int(mine[2, 1]), there, back)
    found = contacts_of(10_007)
    ids = np.arange(2048, 3072)
    for slot in range(FIRST_WORK, FIRST_FRIENDS):
        some = found[slot, ids] != ids
        assert (there[found[slot, ids[some]] - 2048] ^ there[some] == slot - FIRST_WORK + 1).all()
        assert some.any()


# -- what is kept up after the start rule ---------------------------------------------------------------------------


@lru_cache
def started(people: int) -> tuple[Ids, NDArray[np.bool_]]:
    """(contacts, whether each slot lives: both ends hold it), each (32, people), after the start rule."""
    land = settle(society("china-2020"), people, 1)
    world = build(land, regime("none"), Schedule())
    engine = Engine([world], Schedule(), 1, 1, 8_192)
    engine.begin()
    engine.crew.close()
    found = np.zeros((SLOTS, people), np.uint32)
    fill_contacts(0, people, land.ties, found)
    held = world.columns["board"] >> np.arange(32, 32 + SLOTS, dtype=np.uint64)[:, None] & np.uint64(1) > 0
    whom = found.astype(np.int64)
    alive: Any = held & np.take_along_axis(held, whom, axis=1) & (whom != np.arange(people))
    return whom, alive


def graph(people: int, slots: range = range(SLOTS)) -> nx.Graph:
    whom, alive = started(people)
    made = nx.Graph()
    made.add_nodes_from(range(people))
    for slot in slots:
        ids = np.flatnonzero(alive[slot])
        made.add_edges_from(zip(ids.tolist(), whom[slot, ids].tolist(), strict=True))
    return made


def test_a_tie_lives_at_both_ends_or_at_none() -> None:
    whom, alive = started(10_000)
    assert np.array_equal(alive, np.take_along_axis(alive, whom, axis=1))
    assert alive.any(axis=1).all()


def test_people_have_a_handful_of_ties_that_hang_together() -> None:
    made = graph(10_000)
    assert nx.number_of_selfloops(made) == 0
    assert 6 < 2 * made.number_of_edges() / 10_000 < 12
    assert len(max(nx.connected_components(made), key=len)) > 0.99 * 10_000
    degrees = [degree for _, degree in made.degree()]
    assert max(degrees) <= SLOTS
    assert np.mean(np.array(degrees) >= 2) > 0.9
    assert np.std(degrees) > 0.7 * np.mean(degrees)


def test_ties_are_clustered_and_yet_the_world_is_small() -> None:
    """Watts and Strogatz 1998: far more triangles than among strangers, and few steps from anyone to anyone."""
    made = graph(10_000)
    assert nx.average_clustering(made) > 20 * 8 / 10_000
    steps = nx.single_source_shortest_path_length(made, 17)
    assert 3 < np.mean(list(steps.values())) < 8
    assert len(max(nx.connected_components(graph(10_000, range(FIRST_WORK))), key=len)) <= 4


def test_every_kind_of_tie_is_kept_up() -> None:
    _, alive = started(10_000)
    by_kind = [alive[[k for k in range(SLOTS) if KIND_OF_SLOT[k] == kind]].sum() / 10_000 for kind in range(len(KINDS))]
    assert min(by_kind) > 0.5, dict(zip(KINDS, by_kind, strict=True))


@pytest.mark.parametrize("people", [1_000, 10_000])
def test_nobody_is_tied_to_the_same_person_twice(people: int) -> None:
    _, alive = started(people)
    assert graph(people).number_of_edges() * 2 == alive.sum()
