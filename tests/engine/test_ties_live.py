"""Ties while months are lived: both ends always agree, in worlds of any size; and the ties of a seed never move."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sincerity.declare.catalogue import regime, society
from sincerity.declare.dates import Month
from sincerity.engine.cpu import Engine
from sincerity.engine.world import build, settle
from sincerity.month.schedule import Schedule, rule
from sincerity.people.columns import Column
from sincerity.people.kernel import kernel
from sincerity.people.orders import NOBODY
from sincerity.people.ties import SLOTS, contact, fill_contacts

GOLDEN = {
    (1_000, 1): "8a09b95a0a13d7bb5b374beba714d9257d2f6e39d8e30538eabe07efaba1c072",
    (1_025, 1): "067fa0523a1fb48391f82e64c760184618f29229fe645a8ce6273d889b8fb500",
    (10_007, 1): "8d5360d0a90ecbb34fb1564fe672fe2905bba8c7a7f94f50d3bbd715a50a7c68",
    (10_007, 2): "002550f4319e212f61455d2e73938fd39cf785f2a67193341a2f81d8f6f5440b",
    (300_001, 1): "2bf407e0ebfa476d4c66d2290942ac395ffa42a7ef35a268bd19ce4cddfb60e8",
}
"""sha256 of everybody's contacts in china-2020, by people and seed: a change is a change of results."""


@kernel
def keep_alive(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """What `meeting` found alive, kept to be looked at."""
    for q in range(hi - lo):
        people.was_alive[lo + q] = people.alive[q]


LOOKED = Schedule().after(
    "meeting",
    rule("keep alive", keep_alive, "alive", "was_alive", 0),
    (Column("was_alive", np.uint32, "state", "bits", 0, 2**32 - 1, "slots that lived this month"),),
)


@kernel
def keep_contacts(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """What a rule that asks for contacts is handed, stirred into a number."""
    for q in range(hi - lo):
        for slot in range(people.contacts.shape[0]):
            people.stirred[lo + q] = people.stirred[lo + q] * np.uint64(STIR) + np.uint64(people.contacts[slot, q])


STIR = 0x9E3779B97F4A7C15
ASKED = Schedule().after(
    "meeting",
    rule("keep contacts", keep_contacts, "contacts", "stirred", 0),
    (Column("stirred", np.uint64, "state", "bits", 0, 2**64 - 1, "all contacts, stirred"),),
)


def contacts_of(people: int, ties: Any) -> Any:
    found = np.zeros((SLOTS, people), np.uint32)
    fill_contacts(0, people, ties, found)
    return found


@pytest.mark.parametrize(("people", "seed"), list(GOLDEN))
def test_the_ties_of_a_seed_never_move(people: int, seed: int) -> None:
    found = contacts_of(people, settle(society("china-2020"), people, seed).ties)
    assert hashlib.sha256(found.astype("<u4").tobytes()).hexdigest() == GOLDEN[people, seed]


@settings(max_examples=12, deadline=None)
@given(
    people=st.integers(1_000, 1_100) | st.sampled_from([1_023, 1_024, 1_025, 2_047, 2_049, 3_001]),
    seed=st.integers(0, 2**32 - 1),
    months=st.integers(1, 4),
    threads=st.integers(1, 2),
    block=st.integers(200, 4_000),
    law=st.sampled_from(["none", "citizen-score"]),
)
def test_both_ends_of_a_tie_agree_in_every_month(
    people: int, seed: int, months: int, threads: int, block: int, law: str
) -> None:
    land = settle(society("china-2020"), people, seed)
    world = build(land, regime(law), LOOKED)
    world.begun = Month(2014, 6)
    engine = Engine([world], LOOKED, seed, threads, block)
    engine.begin()
    whom, ids = contacts_of(people, land.ties).astype(np.int64), np.arange(people)
    for month in range(months):
        edges, slots = world.living_ties()
        engine.live(month, Month(2014, 6) + month, counting="none")
        alive = world.columns["was_alive"] >> np.arange(SLOTS, dtype=np.uint32)[:, None] & 1 == 1
        assert np.array_equal(alive, np.take_along_axis(alive, whom, axis=1))  # both ends, or none
        assert not alive[whom == ids].any()  # nobody is a tie of oneself
        lived = np.argwhere(alive & (whom > ids))  # what the board said before the month is what met in it
        assert sorted(zip(slots.tolist(), edges[:, 0].tolist(), strict=True)) == sorted(map(tuple, lived.tolist()))
        assert np.array_equal(edges[:, 1], whom[slots, edges[:, 0]])
        assert len(np.unique(edges, axis=0)) == len(edges)  # no pair twice
    engine.crew.close()


@pytest.mark.parametrize("edges", [None, [(k, (k + 7) % 1_025) for k in range(1_025)]], ids=["computed", "given"])
@pytest.mark.parametrize("keeps", [True, False])
def test_a_rule_that_asks_for_contacts_is_handed_all_32(edges: Any, keeps: bool) -> None:
    land = replace(settle(society("china-2020"), 1_025, 3, edges=edges), keeps_traits=keeps)
    world = build(land, regime("none"), ASKED)
    engine = Engine([world], ASKED, 3, 1, 300)
    engine.begin()
    expected = np.zeros(land.people, np.uint64)
    for month in range(2):
        engine.live(month, Month(2014, 6) + month, counting="none")
        for whom in land.contacts(0, land.people):
            expected = expected * np.uint64(STIR) + whom
        assert np.array_equal(world.columns["stirred"], expected)
    engine.crew.close()
    assert "contacts" not in Engine([build(land, regime("none"), Schedule())], Schedule(), 3, 1, 300).scratch().traits


@pytest.mark.parametrize("people", [1, 2, 3, 5, 63, 64, 65, 127, 1_000])
def test_areas_smaller_than_a_block_are_matched_in_pieces(people: int) -> None:
    """The functions themselves hold below the least size of a society, down to one person."""
    ties = settle(society("china-2020"), 1_000, 1).ties._replace(people=people)
    found, ids = contacts_of(people, ties).astype(np.int64), np.arange(people)
    assert found.max() < people
    for slot in range(3, SLOTS):
        assert np.array_equal(found[slot][found[slot]], ids), slot
        for i in {0, people // 2, people - 1}:
            j = contact(i, slot, ties)
            assert found[slot, i] == (i if j == NOBODY else j)
    if people == 2:
        assert (found[3] == [1, 0]).all()
