"""Counting, against NumPy: masks bit by bit, by group, beside the baseline; and what sets each bit of a month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.living import usual
from sincerity.census import counts as census
from sincerity.census.measures import BIT, EVER, MONTHLY, SUMS
from sincerity.engine.frames import frame
from sincerity.month.gates import ACT, GATE
from sincerity.people import columns, traits
from sincerity.people.columns import registry

ALL_BITS = np.uint64(2**64 - 1)
Masks = NDArray[np.uint64]


def masks_of(n: int, seed: int, density: int = 1) -> Masks:
    """Random masks; the greater `density`, the fewer bits."""
    words = np.random.default_rng(seed).integers(0, 2**64, (density, n), np.uint64)
    return np.asarray(np.bitwise_and.reduce(words, axis=0), np.uint64)


def by_bit(masks: Masks) -> NDArray[np.int64]:
    """(64,) how many masks have each bit, by NumPy alone."""
    return np.array([np.count_nonzero(masks >> np.uint64(k) & np.uint64(1)) for k in range(64)])


@pytest.mark.parametrize("n", [0, 1, 254, 255, 256, 510, 511, 8_192])
@pytest.mark.parametrize("density", [1, 4])
def test_counts_are_numpys(n: int, density: int) -> None:
    masks, found = masks_of(n + 7, n, density), np.full(64, 5, np.int64)
    census.count(n, masks, found)
    assert np.array_equal(found, by_bit(masks[:n]) + 5)


def test_counters_of_a_byte_hold_when_everybody_has_every_bit() -> None:
    found = np.zeros(64, np.int64)
    census.count(1_000, np.full(1_000, ALL_BITS), found)
    assert (found == 1_000).all()


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 700), cut=st.integers(0, 700), seed=st.integers(0, 99))
def test_counts_of_pieces_add_up(n: int, cut: int, seed: int) -> None:
    masks = masks_of(n, seed)
    whole, pieces = np.zeros(64, np.int64), np.zeros(64, np.int64)
    census.count(n, masks, whole)
    for part in (masks[:cut], masks[cut:]):
        census.count(len(part), part, pieces)
    assert np.array_equal(whole, pieces)


def test_lone_is_what_is_true_here_and_not_of_the_twin() -> None:
    mine, base, out = masks_of(500, 1), masks_of(500, 2), np.full(501, 9, np.uint64)
    census.lone(500, mine, base, out)
    for k in (0, 17, 63):
        has, twin = mine >> np.uint64(k) & np.uint64(1), base >> np.uint64(k) & np.uint64(1)
        assert np.array_equal(out[:500] >> np.uint64(k) & np.uint64(1), (has == 1) & (twin == 0))
    assert out[500] == 9


@pytest.mark.parametrize("wanted", [ALL_BITS, np.uint64(0x8000_0F0F_0000_0001), np.uint64(0)])
@pytest.mark.parametrize("density", [1, 5])
def test_counts_by_group_are_numpys(wanted: np.uint64, density: int) -> None:
    n, cells = 3_000, 448
    masks = masks_of(n, 3, density)
    luck = np.random.default_rng(4)
    groups = np.stack([luck.integers(0, 200, n), luck.integers(200, cells, n)]).astype(np.uint16)
    found = np.full((64, cells), 2, np.int64)
    census.count_groups(n - 1, masks, wanted, groups, found)
    expected = np.full((64, cells), 2, np.int64)
    for k in range(64):
        if int(wanted) >> k & 1:
            has = (masks[: n - 1] >> np.uint64(k) & np.uint64(1)).astype(bool)
            for composite in groups[:, : n - 1]:
                expected[k] += np.bincount(composite[has], minlength=cells)
    assert np.array_equal(found, expected)


def test_widened_masks_are_the_same_numbers() -> None:
    ever, out = np.arange(256, dtype=np.uint8), np.zeros(300, np.uint64)
    census.widen(256, ever, out)
    assert out.tolist() == [*range(256), *[0] * 44]


def test_bits_fit_and_stocks_are_measures_of_state() -> None:
    assert len(MONTHLY) <= 63
    assert len(EVER) <= 8
    stocks = {m.id for k, m in enumerate(MONTHLY) if census.STOCKS >> k & 1}
    assert stocks == {"approve", "approve_meant", "critic", "working", "enrolled", "aware", "partner", "member"}


# -- what sets each bit ------------------------------------------------------------------------------------------------

CALM = {"outlook": 0, "flags": columns.OUT_OF_WORK}
"""A person of whom nothing is measured."""


def measured(**given: int) -> tuple[set[str], NDArray[np.int64], NDArray[np.int64]]:
    """(measures, sums, flows) of one person of a month with these columns, the others at zero."""
    known = registry(traits.columns())
    arrays = {name: np.zeros(2, known[name].dtype) for name in (*census.READS, "measured")}
    for name, value in (CALM | given).items():
        arrays[name][1 if known[name].life == "state" else 0] = value  # the person is number 1, and seat 0 of the block
    closed = np.zeros(len(GATE), np.int64)
    closed[GATE["flight"]] = 0b10
    late, listed = np.array([0, 1, 0], np.uint8), np.array([0, 0, 1], np.uint8)  # by region
    fields = ("bad_acts", "gate_lists", "state_channels", "region_late", "region_listed")
    tables = frame("Tables", fields)(1 << ACT["fraud"], closed, 0b1101, late, listed)
    sums, flows = np.zeros(len(SUMS), np.int64), np.zeros(census.FLOWS, np.int64)
    people = frame("People", tuple(arrays))(*arrays.values())
    census.measure(1, 2, people, tables, sums, flows)
    mask = int(arrays["measured"][0])
    return {m.id for k, m in enumerate(MONTHLY) if mask >> k & 1}, sums, flows


def test_nothing_is_measured_of_a_calm_person() -> None:
    found, sums, flows = measured()
    assert found == set()
    assert not sums.any()
    assert not flows.any()


def act(*names: str) -> int:
    return sum(1 << ACT[name] for name in names)


def gate(*names: str) -> int:
    return sum(1 << GATE[name] for name in names)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"acts": act("pay_late")}, {"late"}),
        ({"acts": act("bill_unpaid")}, {"unpaid_bill"}),
        ({"acts": act("default")}, {"defaulted"}),
        ({"acts": act("fraud"), "acts_free": act("fraud")}, {"offence"}),
        ({"acts": act("disorder")}, {"offence"}),
        ({"acts": act("charity"), "acts_free": act("charity")}, {"good_deed"}),
        ({"acts": act("charity")}, {"good_deed", "good_for_points"}),
        ({"acts_free": act("charity")}, set()),
        ({"acts_free": act("buys_alcohol")}, {"gave_up"}),
        ({"acts": act("exercises")}, {"gave_up"}),
        ({"acts": act("exercises"), "acts_free": act("exercises")}, set()),
        ({"judged": 1}, {"judged"}),
        ({"answer": 1}, {"approve"}),
        ({"answer": 1, "outlook": 5}, {"approve", "approve_meant"}),
        ({"answer": 1, "outlook": -5}, {"approve", "critic"}),
        ({"outlook": -1}, {"critic"}),
        ({"lists": 1}, {"on_list"}),
        ({"lists": 2}, {"on_list", "barred_travel"}),
        ({"lists": 1, "entered": 1}, {"on_list", "newly_listed"}),
        ({"lists": 1, "owed": 9, "buffer": 17}, {"on_list", "listed_unable"}),
        ({"lists": 1, "owed": 9, "buffer": 18}, {"on_list"}),
        ({"lists": 1, "owed": 9, "flags": columns.OUT_OF_WORK | columns.UNWILLING}, {"on_list"}),
        (
            {"lists": 1, "flags": columns.OUT_OF_WORK | columns.MISTAKEN},
            {"on_list", "wrongly_listed", "false_record"},
        ),
        ({"refused": gate("flight")}, {"refused", "refused_seat", "barred_travel"}),
        ({"refused": gate("fast_train")}, {"refused", "refused_seat", "barred_travel"}),
        ({"refused": gate("loan")}, {"refused", "refused_loan"}),
        ({"refused": gate("mortgage")}, {"refused", "refused_loan"}),
        ({"refused": gate("company_office")}, {"refused", "refused_job"}),
        ({"refused": gate("school")}, {"refused", "refused_school"}),
        ({"refused": gate("dating")}, {"refused_date"}),
        ({"refused": gate("flat", "internet")}, set()),
        ({"refused_clean": gate("loan")}, {"refused_innocent"}),
        ({"refused_clean": gate("flat")}, set()),
        ({"refused_unable": gate("job")}, {"refused_unable"}),
        ({"refused_false": gate("flat")}, {"refused_wrongly"}),
        ({"refused_ties": gate("flat")}, {"refused_by_ties"}),
        ({"said": columns.SILENT}, {"occasion", "silent", "muted"}),
        ({"said": columns.CRITICISED}, {"occasion", "spoke_critical"}),
        ({"said": columns.PRAISED}, {"occasion"}),
        ({"said": columns.PRAISED_UNMEANT}, {"occasion", "insincere", "muted"}),
        ({"false_points": 3}, {"false_record"}),
        ({"flags": 0}, {"working"}),
        ({"flags": columns.OUT_OF_WORK | columns.ENROLLED}, {"enrolled"}),
        ({"flags": columns.OUT_OF_WORK | columns.AWARE}, {"aware"}),
        ({"flags": columns.OUT_OF_WORK | columns.PUNISHED}, {"punished_post"}),
        ({"flags": columns.OUT_OF_WORK | columns.PARTNER}, {"partner"}),
        ({"lost": 1}, {"lost_tie"}),
        ({"presumed_falsely": 1}, {"presumed"}),
        ({"flags": columns.OUT_OF_WORK | columns.MEMBER}, {"member"}),
        ({"in_line": gate("flat")}, {"in_line"}),
        ({"in_line": gate("flat"), "refused": gate("flat")}, {"in_line", "outranked"}),
        ({"in_line": gate("flat"), "refused": gate("internet")}, {"in_line"}),
        ({"roll": columns.NEEDY | columns.ON_ROLL}, {"in_need"}),
        ({"roll": columns.NEEDY}, {"in_need", "relief_missed"}),
        ({"roll": columns.ON_ROLL}, {"relief_unneeded"}),
        ({"region": 1}, {"government_late"}),
        ({"region": 2}, {"government_listed"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_each_bit_is_set_by_what_it_is_named_for(given: dict[str, int], expected: set[str]) -> None:
    assert measured(**given)[0] == expected


def test_the_cases_above_set_every_bit() -> None:
    cases: Any = test_each_bit_is_set_by_what_it_is_named_for
    found = {name for case in cases.pytestmark[0].args[1] for name in case[1]}
    assert found == set(BIT)


def test_sums_and_flows_are_those_of_the_block() -> None:
    _, sums, flows = measured(score=20_800, company=7, fear=51, outlook=-300, buffer=64, false_new=9, seen=act("fraud"))
    assert sums.tolist() == [20_800, 7, 51, -300, 64, 0, 0]
    assert flows[census.FLOWS_FALSE] == flows[census.FLOWS_BAD] == 1
    assert not measured(seen=act("charity"))[2].any()


def test_who_can_see_a_person_and_through_what() -> None:
    """The state of this test taps channels 0, 2 and 3."""
    for channels, watchers, through, expected in (
        (0b0010, 0, 0, [0, 0]), (0b0011, 0, 0, [1, 1]), (0b1111, 2, 0b0110, [3, 4]), (0xFFFF, 8, 0xFFFF, [9, 16])
    ):  # fmt: skip
        _, sums, _ = measured(channels=channels, watchers=watchers, seen_through=through)
        assert sums[5:].tolist() == expected


def test_totals_of_a_run_are_those_of_its_columns() -> None:
    lived = usual()
    for world in lived.worlds:
        last = {
            row["measure"]: row["count"]
            for row in lived.rows
            if row["world"] == world.regime.name and row["by"] == "all" and row["month"] == "2015-07"
        }
        state = {name: column.astype(np.int64) for name, column in world.columns.items() if name != "board"}
        for name, column in (("score_sum", "score"), ("fear_sum", "fear"), ("view_sum", "outlook")):
            assert last[name] == state[column].sum()
        assert last["buffer_sum"] == state["buffer"].sum()
        assert last["on_list"] == np.count_nonzero(state["lists"])
        assert last["critic"] == np.count_nonzero(state["outlook"] < 0)
        for name, flag in (("enrolled", columns.ENROLLED), ("aware", columns.AWARE), ("partner", columns.PARTNER)):
            assert last[name] == np.count_nonzero(state["flags"] & flag)
        for k, measure in enumerate(EVER):
            assert last[measure.id] == np.count_nonzero(state["ever"] >> k & 1)
