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
from sincerity.people.ties import (
    FIRST_MATCHING,
    FIRST_WORK,
    KIND_OF_SLOT,
    KINDS,
    LAYER_BITS,
    NOBODY,
    SLOTS,
    TieTables,
    area_keys,
    block_keys,
    contact,
    fill_contacts,
    is_dead,
    shuffle,
    tie_tables,
    unshuffle,
)

SIZES = (1_000, 1_023, 1_024, 1_025, 4_097, 10_007, 70_001)
Ids = NDArray[np.int64]


@kernel
def fill_dead(ties: TieTables, lo: int, dead: NDArray[np.bool_]) -> None:
    for slot in range(dead.shape[0]):
        for q in range(dead.shape[1]):
            dead[slot, q] = is_dead(lo + q, slot, ties)


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
def ties_of(people: int, seed: int = 1) -> TieTables:
    return tie_tables(people, seed, households())


def contacts_of(people: int, lo: int = 0, hi: int | None = None, seed: int = 1) -> Ids:
    """(16, people of the range) ids, oneself where a slot leads to nobody."""
    hi = people if hi is None else hi
    out = np.full((SLOTS, hi - lo), 0xDEADBEEF, np.uint32)
    fill_contacts(lo, hi, ties_of(people, seed), out)
    return out.astype(np.int64)


@pytest.mark.parametrize("people", SIZES)
def test_the_contact_of_my_contact_is_me(people: int) -> None:
    ids = np.arange(people)
    for slot, whom in enumerate(contacts_of(people)):
        assert whom.max() < people
        assert np.array_equal(whom[whom], ids), slot


@settings(max_examples=400, deadline=None)
@given(
    people=st.integers(1_000, 2**31) | st.sampled_from([2**k + d for k in range(10, 31) for d in (-1, 0, 1, 63)]),
    seed=st.integers(0, 2**32 - 1),
    who=st.floats(0, 1, exclude_max=True),
    slot=st.integers(0, SLOTS - 1),
)
def test_the_contact_of_anybodys_contact_is_that_person(people: int, seed: int, who: float, slot: int) -> None:
    ties = tie_tables(people, seed, households())
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
def test_a_contact_lives_in_the_block_of_its_layer(people: int) -> None:
    ids = np.arange(people)
    found = contacts_of(people)
    for slot in range(FIRST_WORK, SLOTS - 1):
        assert np.array_equal(found[slot] >> LAYER_BITS[slot], ids >> LAYER_BITS[slot]), slot


def test_a_whole_block_is_matched_perfectly_and_a_cut_one_almost() -> None:
    for people, most in ((1 << 14, 0), (10_007, 1)):
        alone = (contacts_of(people) == np.arange(people)).sum(axis=1)
        assert (alone[FIRST_MATCHING:] <= most).all()
        assert (alone[FIRST_WORK:FIRST_MATCHING] <= 4 * most).all()


def test_slots_seeds_and_blocks_are_matched_each_in_their_own_way() -> None:
    found, other = contacts_of(10_007), contacts_of(10_007, seed=2)
    for slot in range(FIRST_WORK, SLOTS):
        assert np.mean(found[slot] == other[slot]) < 0.15, slot
        for nearer in range(slot):
            assert np.mean(found[slot] == found[nearer]) < 0.2, (nearer, slot)
    streets = found[6, :9_984].reshape(-1, 64) % 64
    assert len(np.unique(streets, axis=0)) > 50


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
def test_both_ends_agree_that_a_slot_is_dead_and_no_other_repeats_a_contact(people: int) -> None:
    found, ids = contacts_of(people), np.arange(people)
    dead = np.zeros((SLOTS, people), np.bool_)
    fill_dead(ties_of(people), 0, dead)
    for slot in range(SLOTS):
        assert np.array_equal(dead[slot], dead[slot][found[slot]]), slot
        repeats = (found[slot] == ids) | (found[:slot] == found[slot]).any(axis=0)
        assert np.array_equal(dead[slot], repeats), slot
    assert dead[FIRST_WORK:].any()


def test_the_labour_areas_are_ordered_as_the_workplace_ties_have_them() -> None:
    ties = ties_of(10_007)
    mine = np.zeros((9, 2), np.uint32)
    fill_keys(ties.key, FIRST_WORK, np.arange(9, dtype=np.int64) << 10, mine)
    assert np.array_equal(area_keys(9, ties), mine)
    there, back = np.zeros(1024, np.uint32), np.zeros(1024, np.uint32)
    fill_shuffled(10, int(mine[2, 0]), int(mine[2, 1]), there, back)
    found = contacts_of(10_007)
    for slot in range(FIRST_WORK, FIRST_MATCHING):
        assert np.array_equal(there[found[slot, 2048:3072] - 2048] ^ there, np.full(1024, slot - FIRST_WORK + 1))


# -- what is kept up after the start rule ---------------------------------------------------------------------------


@lru_cache
def started(people: int) -> tuple[Ids, NDArray[np.bool_]]:
    """(contacts, whether each slot lives: both ends hold it), each (16, people), after the start rule."""
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
    assert np.mean(np.array(degrees) >= 2) > 0.97


def test_ties_are_clustered_and_yet_the_world_is_small() -> None:
    """Watts and Strogatz 1998: far more triangles than among strangers, and few steps from anyone to anyone."""
    made = graph(10_000)
    assert nx.transitivity(made) > 20 * 8.8 / 10_000
    steps = nx.single_source_shortest_path_length(made, 17)
    assert 3 < np.mean(list(steps.values())) < 8
    assert len(max(nx.connected_components(graph(10_000, range(FIRST_WORK))), key=len)) <= 4


def test_every_kind_of_tie_is_kept_up() -> None:
    _, alive = started(10_000)
    by_kind = [alive[[k for k in range(SLOTS) if KIND_OF_SLOT[k] == kind]].sum() / 10_000 for kind in range(len(KINDS))]
    assert min(by_kind) > 0.3, dict(zip(KINDS, by_kind, strict=True))


@pytest.mark.parametrize("people", [1_000, 10_000])
def test_nobody_is_tied_to_the_same_person_twice(people: int) -> None:
    _, alive = started(people)
    assert graph(people).number_of_edges() * 2 == alive.sum()
