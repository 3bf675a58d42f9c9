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
from sincerity.census.measures import BIT, EVER, EVER_BIT, MONTHLY, SUMS
from sincerity.engine.frames import frame
from sincerity.month.gates import ACT, GATE
from sincerity.month.livelihood import FAULTY, WAGES_LATE
from sincerity.month.obligations import EXIT_GARNISHED, EXIT_PAID, EXIT_SETTLED
from sincerity.month.schedule import CENSUS_WRITES
from sincerity.month.speech import (
    EXPECTED,
    HEARD,
    PASSED_ON,
    PASSED_ON_FREE,
    PRETENDED_PUNISHED,
    SORRY_PUNISHED,
    SORRY_SPARED,
    TRUE,
)
from sincerity.people import columns, traits
from sincerity.people.columns import registry
from sincerity.people.firms import LEADS_IT, NO_FIRM

ALL_BITS = np.uint64(2**64 - 1)
Masks = NDArray[np.uint64]


def masks_of(n: int, seed: int, density: int = 1) -> Masks:
    """Random masks; the greater `density`, the fewer bits."""
    words = np.random.default_rng(seed).integers(0, 2**64, (density, n), np.uint64)
    return np.asarray(np.bitwise_and.reduce(words, axis=0), np.uint64)


def room() -> Masks:
    """Room in which masks are added up; what lies in it does not matter."""
    return np.full((census.PLANES, census.WIDTH), 7, np.uint64)


def by_bit(masks: Masks) -> NDArray[np.int64]:
    """(64,) how many masks have each bit, by NumPy alone."""
    return np.array([np.count_nonzero(masks >> np.uint64(k) & np.uint64(1)) for k in range(64)])


@pytest.mark.parametrize("n", [0, 1, 254, 255, 256, 510, 511, 2_047, 2_048, 8_193])
@pytest.mark.parametrize("density", [1, 4])
def test_counts_are_numpys(n: int, density: int) -> None:
    masks, found = masks_of(n + 7, n, density), np.full(64, 5, np.int64)
    census.count(n, masks, room(), found)
    assert np.array_equal(found, by_bit(masks[:n]) + 5)


@pytest.mark.parametrize("n", [1_000, 32_768, 70_001])
def test_counters_hold_when_everybody_has_every_bit(n: int) -> None:
    found = np.zeros(64, np.int64)
    census.count(n, np.full(n, ALL_BITS), room(), found)
    assert (found == n).all()


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 700), cut=st.integers(0, 700), seed=st.integers(0, 99))
def test_counts_of_pieces_add_up(n: int, cut: int, seed: int) -> None:
    masks = masks_of(n, seed)
    whole, pieces = np.zeros(64, np.int64), np.zeros(64, np.int64)
    census.count(n, masks, room(), whole)
    for part in (masks[:cut], masks[cut:]):
        census.count(len(part), part, room(), pieces)
    assert np.array_equal(whole, pieces)


def test_lone_is_what_is_true_here_and_not_of_the_twin() -> None:
    mine, base, out = masks_of(500, 1), masks_of(500, 2), np.full(501, 9, np.uint64)
    census.lone(500, mine, base, out)
    for k in (0, 17, 63):
        has, twin = mine >> np.uint64(k) & np.uint64(1), base >> np.uint64(k) & np.uint64(1)
        assert np.array_equal(out[:500] >> np.uint64(k) & np.uint64(1), (has == 1) & (twin == 0))
    assert out[500] == 9


@pytest.mark.parametrize("wanted", [ALL_BITS, np.uint64(0x8000_0F0F_0000_0001), np.uint64(0)])
@pytest.mark.parametrize("density", [1, 5, 12])
@pytest.mark.parametrize("cells", [448, 202])
def test_counts_by_group_are_numpys(wanted: np.uint64, density: int, cells: int) -> None:
    """With 202 cells, two of them hold more people than a byte counts."""
    n = 3_000
    masks = masks_of(n, 3, density)
    luck = np.random.default_rng(4)
    groups = np.stack([luck.integers(0, 200, n), luck.integers(200, cells, n)]).astype(np.uint16)
    found = np.full((cells, 70), 2, np.int64)
    orders = np.argsort(groups[:, : n - 1], axis=1).astype(np.uint32)
    ends = np.cumsum([np.bincount(cell, minlength=cells) for cell in groups[:, : n - 1]], axis=1)
    census.count_groups(n - 1, masks, wanted, groups, orders, ends, room()[0], found, 6)
    expected = np.full((64, cells), 2, np.int64)
    for k in range(64):
        if int(wanted) >> k & 1:
            has = (masks[: n - 1] >> np.uint64(k) & np.uint64(1)).astype(bool)
            for composite in groups[:, : n - 1]:
                expected[k] += np.bincount(composite[has], minlength=cells)
    assert np.array_equal(found[:, 6:].T, expected)
    assert (found[:, :6] == 2).all()


def test_widened_masks_are_the_same_numbers() -> None:
    ever, out = np.arange(128, dtype=np.uint8), np.zeros(200, np.uint64)
    census.widen(128, ever, ever[:0], out)
    assert out.tolist() == [*range(128), *[0] * 72]


def test_history_follows_what_ever_happened_and_both_at_once_have_a_bit() -> None:
    history, out = np.array([0, 1, 2, 3, 128, 130], np.uint8), np.zeros(6, np.uint64)
    census.widen(6, np.full(6, 0b101, np.uint8), history, out)
    did, wrong = (1 << EVER_BIT[name] for name in ("did_sanctioned_ever", "wrong_sanctioned_ever"))
    assert [int(mask) & 0x3FFF | 0 for mask in out] == [(5 | int(h) << 7) & 0x3FFF for h in history]
    assert [bool(int(mask) & did) for mask in out] == [False, False, False, True, False, False]
    assert [bool(int(mask) & wrong) for mask in out] == [False, False, False, False, False, True]
    assert EVER[14].id == "wrong_ever"
    named = [EVER[7 + k].id for k in (0, 1)]
    assert named == ["did_ever", "sanctioned_ever"]


def test_bits_fit_and_stocks_are_measures_of_state() -> None:
    assert len(MONTHLY) <= 128
    assert len(EVER) == census.EVER_BITS + 10
    stocks = {m.id for k, m in enumerate(MONTHLY) if census.STOCKS >> k & 1}
    assert stocks == {
        "approve",
        "approve_meant",
        "critic",
        "working",
        "enrolled",
        "aware",
        "partner",
        "member",
        "has_loan",
    }


# -- what sets each bit ------------------------------------------------------------------------------------------------

CALM = {"outlook": 0, "flags": columns.OUT_OF_WORK, "workplace": NO_FIRM}
"""A person of whom nothing is measured."""


def measured(**given: int) -> tuple[set[str], NDArray[np.int64], NDArray[np.int64]]:
    """(measures, sums, flows) of one person of a month with these columns, the others at zero."""
    known = registry(traits.columns())
    arrays = {n: np.zeros(2, known[n].dtype) for n in (*census.READS, *census.READS_MORE, *CENSUS_WRITES)}
    for name, value in (CALM | given).items():
        arrays[name][1 if known[name].life == "state" else 0] = value  # the person is number 1, and seat 0 of the block
    closed = np.zeros(len(GATE), np.int64)
    closed[GATE["flight"]] = 0b10
    late, listed = np.array([0, 1, 0], np.uint8), np.array([0, 0, 1], np.uint8)  # by region
    looked_up = {
        "bad_acts": 1 << ACT["fraud"],
        "gate_lists": closed,
        "state_channels": 0b1101,
        "list_acts": np.array([0, 0, 1 << ACT["fare_dodging"]], np.int64),
        "judgment_lists": 0b1000,
        "in_force": 1,
        "providers": 1,
        "region_late": late,
        "region_listed": listed,
    }
    tables = frame("Tables", tuple(looked_up))(*looked_up.values())
    sums, flows = np.zeros(len(SUMS), np.int64), np.zeros(census.FLOWS, np.int64)
    people = frame("People", tuple(arrays))(*arrays.values())
    census.measure(1, 2, people, tables, sums, flows)
    census.measure_more(1, 2, people, tables, sums)
    mask = int(arrays["measured"][0]) | int(arrays["measured_more"][0]) << 64
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
        ({"acts": act("fraud"), "acts_free": act("fraud")}, {"offence", "penalised"}),
        ({"acts": act("fare_dodging")}, {"offence", "penalised"}),
        ({"acts": act("tax_evasion")}, {"offence", "tax_evaded"}),
        ({"seen": act("fraud")}, {"recorded", "offence_recorded"}),
        ({"seen": act("disorder")}, {"offence_recorded"}),
        ({"corrected": 1}, {"corrected"}),
        ({"left": 1}, {"left_list"}),
        ({"loan": columns.ONE_LATE}, {"has_loan"}),
        ({"tried": gate("loan")}, {"got_loan"}),
        ({"refused_regime": gate("loan")}, {"refused_by_regime", "sanctioned"}),
        ({"refused": gate("health")}, {"refused_health"}),
        ({"lists": 8}, {"on_list", "sanctioned", "cured_listed"}),
        (
            {"said": columns.SILENT, "said_free": columns.CRITICISED},
            {"occasion", "silent", "muted", "muted_at_once"},
        ),
        ({"said": columns.PRAISED, "said_free": columns.SILENT}, {"occasion", "freed_at_once"}),
        ({"rumour": HEARD}, set()),
        ({"rumour": HEARD | TRUE}, {"warning_heard", "warning_withheld"}),
        ({"rumour": HEARD | TRUE | PASSED_ON}, {"warning_heard"}),
        (
            {"rumour": HEARD | TRUE | PASSED_ON_FREE},
            {"warning_heard", "warning_withheld", "warning_withheld_at_once"},
        ),
        ({"rumour": HEARD | PASSED_ON_FREE}, set()),
        ({"apology": SORRY_PUNISHED}, {"apologised", "apology_punished"}),
        ({"apology": SORRY_SPARED}, {"apologised"}),
        ({"apology": PRETENDED_PUNISHED}, {"apologised"}),
        ({"called": EXPECTED}, {"called_to_praise"}),
        ({"private_false": 0b101}, {"private_false"}),
        ({"grudge": 1}, {"grudge_report"}),
        ({"unproportional": 1}, {"unproportional"}),
        ({"workplace": 7}, {"in_firm"}),
        ({"workplace": 7 | LEADS_IT, "firm": WAGES_LATE}, {"in_firm", "wages_late"}),
        ({"workplace": 7, "firm": FAULTY}, {"in_firm", "faulty_firm"}),
        ({"owed": 1}, {"owes_judgment", "penalised"}),
        ({"exit": EXIT_PAID}, {"owes_judgment", "judgment_met"}),
        ({"exit": EXIT_GARNISHED}, {"owes_judgment", "judgment_met"}),
        ({"exit": EXIT_SETTLED}, {"owes_judgment"}),
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
        ({"lists": 1}, {"on_list", "sanctioned"}),
        ({"lists": 2}, {"on_list", "sanctioned", "barred_travel"}),
        ({"lists": 1, "entered": 1}, {"on_list", "sanctioned", "newly_listed"}),
        (
            {"lists": 1, "entered": 1, "owed": 9, "buffer": 17},
            {
                "on_list",
                "sanctioned",
                "newly_listed",
                "listed_unable",
                "newly_listed_unable",
                "penalised",
                "owes_judgment",
            },
        ),
        (
            {"lists": 1, "entered": 1, "owed": 9, "buffer": 18},
            {"on_list", "sanctioned", "newly_listed", "penalised", "owes_judgment"},
        ),
        (
            {"lists": 1, "owed": 9, "buffer": 17},
            {"on_list", "sanctioned", "listed_unable", "penalised", "owes_judgment"},
        ),
        ({"lists": 1, "owed": 9, "buffer": 18}, {"on_list", "sanctioned", "penalised", "owes_judgment"}),
        (
            {"lists": 1, "owed": 9, "flags": columns.OUT_OF_WORK | columns.UNWILLING},
            {"on_list", "sanctioned", "penalised", "owes_judgment"},
        ),
        (
            {"lists": 1, "flags": columns.OUT_OF_WORK | columns.MISTAKEN},
            {"on_list", "sanctioned", "wrongly_listed", "false_record"},
        ),
        ({"refused": gate("flight")}, {"refused", "refused_seat", "barred_travel"}),
        ({"refused": gate("fast_train")}, {"refused", "refused_seat", "barred_travel"}),
        ({"refused": gate("loan")}, {"refused", "refused_loan"}),
        ({"refused": gate("mortgage")}, {"refused", "refused_loan", "refused_home"}),
        ({"refused": gate("company_office")}, {"refused", "refused_job"}),
        ({"refused": gate("school")}, {"refused", "refused_school"}),
        ({"refused": gate("dating")}, {"refused_date"}),
        ({"refused": gate("flat", "internet")}, {"refused_home"}),
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
        ({"in_line": gate("flat"), "refused": gate("flat")}, {"in_line", "outranked", "refused_home"}),
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
    assert sums.tolist() == [20_800, 7, 51, -300, 64, 0, 0, 0]
    assert flows[census.FLOWS_FALSE] == flows[census.FLOWS_BAD] == 1
    assert not measured(seen=act("charity"))[2].any()


def test_who_can_see_a_person_and_through_what() -> None:
    """The state of this test taps channels 0, 2 and 3."""
    for channels, watchers, through, expected in (
        (0b0010, 0, 0, [0, 0]), (0b0011, 0, 0, [1, 1]), (0b1111, 2, 0b0110, [3, 4]), (0xFFFF, 8, 0xFFFF, [9, 16])
    ):  # fmt: skip
        _, sums, _ = measured(channels=channels, watchers=watchers, seen_through=through)
        assert sums[5:7].tolist() == expected


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
            history = state["history"] if state["history"].size else np.zeros_like(state["ever"])
            both = (history & 3 == 3).astype(np.int64) << 15 | (history & 130 == 130).astype(np.int64) << 16
            assert last[measure.id] == np.count_nonzero((state["ever"] & 127 | history << 7 | both) >> k & 1)
