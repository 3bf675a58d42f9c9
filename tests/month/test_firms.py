"""Firms: trade and cash, wages late, an own account, a list."""

from pathlib import Path

import numpy as np
import pytest

from month.bench import (
    NEVER,
    RULES,
    SCHEDULE,
    bench,
    bench_rows,
    land,
    looked_up,
    luck_of,
    many,
    regime,
    tables,
    workplaces,
)
from sincerity.declare.dates import Month
from sincerity.engine.frames import frame, read_only
from sincerity.engine.world import FIRM_COLUMNS, build
from sincerity.month.livelihood import FIRM_LISTED, LEADS, NO_CASH, WAGES_LATE
from sincerity.people.columns import OUT_OF_WORK, OWN_LISTED
from sincerity.people.firms import NO_FIRM, fill_members

PRESS = "citizen-score"
PLAIN, FOUND = tables(), tables(PRESS)
FIRMS = land().firms
EVEN = 0x8000_8000
"""A word of trade without noise."""
MARGIN = 64 * float(PLAIN["firm_margin"])


def test_a_firm_earns_its_margin_and_holds_no_more_than_its_most() -> None:
    left = bench_rows("firms", FIRMS, {"cash": 60}, {0: EVEN, 3: 0}, firm_margin=0.5)
    assert left.cash == [92] * FIRMS
    most = int(64 * float(PLAIN["firm_cash_most"]))
    assert bench_rows("firms", FIRMS, {"cash": most}, {0: EVEN}, firm_margin=0.5).cash == [most] * FIRMS


def test_noise_of_trade_has_mean_nothing() -> None:
    rng = np.random.default_rng(3)
    change = []
    for _ in range(60):
        luck = [{0: int(a), 3: int(b)} for a, b in rng.integers(0, 2**32, (FIRMS, 2))]
        change.append(np.mean(bench_rows("firms", FIRMS, {"cash": 64}, luck).cash) - 64)
    spread = 64 * float(PLAIN["firm_noise"]) * np.sqrt(1 / 6 / FIRMS / 60)
    assert np.mean(change) == pytest.approx(MARGIN, abs=4 * spread)


def members(number: int) -> np.ndarray:
    """Who feels it when one firm's wages come late: its people, as `livelihood` has them."""
    people = many(land().people)
    quiet, late = (bench("livelihood", people, firm_shown={number: flag}).array("surplus") for flag in (0, WAGES_LATE))
    return np.asarray(np.flatnonzero(late < quiet))


@pytest.mark.parametrize("number", [0, 1, 5, FIRMS - 1])
def test_those_out_of_work_earn_nothing_for_their_firm(number: int) -> None:
    people = members(number)
    assert set(people) == set(np.flatnonzero(workplaces() & NO_FIRM == number))
    idle = people[: -(-len(people) // 2)]
    shown = np.zeros(land().people, np.uint64)
    shown[idle] = OUT_OF_WORK << 16
    left = bench_rows("firms", FIRMS, {"cash": 64, "board": shown}, {0: EVEN}, firm_margin=1.0)
    assert left.cash[number] == 64 + 64 * (len(people) - len(idle)) // len(people)
    assert left.cash[:number] + left.cash[number + 1 :] == [128] * (FIRMS - 1)


def test_without_cash_wages_come_late_below_the_threshold_and_ease_it() -> None:
    edge = int(PLAIN["late_wage"])
    poor = {"cash": -10}
    late = bench_rows("firms", FIRMS, poor, {0: EVEN, 1: edge - 1, 3: 0})
    paid = bench_rows("firms", FIRMS, poor, {0: EVEN, 1: edge, 3: 0})
    assert late.flags == [NO_CASH | WAGES_LATE] * FIRMS
    assert paid.flags == [NO_CASH] * FIRMS
    assert late.cash[0] - paid.cash[0] == 64 * float(PLAIN["held_back"])
    assert bench_rows("firms", FIRMS, {"cash": 10}, {0: EVEN, 1: 0}).flags == [0] * FIRMS


def test_a_region_that_pays_late_costs_its_firms_what_they_earn_from_it() -> None:
    left = bench_rows("firms", FIRMS, {"cash": 64}, {0: EVEN}, firm_margin=0.25, public_trade=0.25, region_late=1)
    assert left.cash == [64] * FIRMS


def test_an_account_of_faults_taxes_and_wages_leads_onto_the_list_where_firms_are_rated() -> None:
    low = int(16 * float(FOUND["firm_listed_below"])) - 200
    assert (
        bench_rows("firms", FIRMS, {"points": low, "cash": 64}, {0: EVEN}, regime=PRESS).flags == [FIRM_LISTED] * FIRMS
    )
    assert bench_rows("firms", FIRMS, {"points": 0, "cash": 64}, {0: EVEN}, regime=PRESS).flags == [0] * FIRMS
    free = bench_rows("firms", FIRMS, {"points": low, "cash": 64}, {0: EVEN})
    assert (free.flags, free.points) == ([0] * FIRMS, [low] * FIRMS)


def test_a_fault_and_unpaid_wages_cost_points_and_points_fade() -> None:
    edge = int(FOUND["fault"])
    luck = [{0: EVEN, 2: edge - 1}] + [{0: EVEN, 2: edge}] * (FIRMS - 1)
    left = bench_rows("firms", FIRMS, {"cash": 64, "points": -160}, luck, regime=PRESS, firm_evades=0)
    kept = -160 * float(FOUND["credit_retained"])
    assert left.points[1] == pytest.approx(kept, abs=1)
    assert left.points[0] == pytest.approx(kept - 16 * float(FOUND["firm_fault_points"]), abs=1)
    late = bench_rows("firms", FIRMS, {"cash": -64}, {0: EVEN, 1: 0}, regime=PRESS, firm_evades=0)
    assert late.points[0] == pytest.approx(-16 * float(FOUND["firm_wage_points"]), abs=1)


def test_a_listed_firm_loses_trade() -> None:
    free, listed = (
        bench_rows("firms", FIRMS, {"cash": 64, "flags": f}, {0: EVEN, 3: NEVER}, regime=PRESS)
        for f in (0, FIRM_LISTED)
    )
    assert free.cash[0] - listed.cash[0] == pytest.approx(64 * float(FOUND["loses_trade"]), abs=1)


def test_a_larger_firm_gathers_its_members_over_all_its_areas() -> None:
    wide = land(65_536)
    of = wide.workplaces
    room = np.zeros(wide.people, np.int64)
    number = max(range(of.local, of.firms), key=lambda firm: fill_members(firm, of, room))
    people = room[: fill_members(number, of, room)]
    assert len({person // 1024 for person in people}) > 2
    board = np.zeros(wide.people, np.uint64)
    idle = people[::3]
    board[idle] = OUT_OF_WORK << 16
    found = dict(build(wide, regime("none"), SCHEDULE).tables(Month.parse("2020-06"))) | {"firm_margin": np.float32(1)}
    left = {name: np.zeros(of.firms, kind) for name, kind in FIRM_COLUMNS.items()}
    row = RULES["firms"]
    handed = [read_only(board) if c == "board" else left[c] for c in row.columns]
    for lo, hi in ((0, number), (number, of.firms)):
        luck = luck_of(row.words, hi - lo, {0: EVEN})
        row.function(lo, hi, frame("Firms", row.columns)(*handed), looked_up(row, found), luck)
    assert left["cash"][number] == 64 * (len(people) - len(idle)) // len(people)
    assert (np.delete(left["cash"], number) == 64).all()


# -- firms and who leads them ------------------------------------------------------------------------------------------

RANKED = str(Path(__file__).parent / "regimes" / "ranked.yaml")
RATED = tables(RANKED)


def leaders() -> np.ndarray:
    """Who leads a firm of the land, as `livelihood` has it."""
    return np.flatnonzero(bench("livelihood", many(land().people)).array("firm") & LEADS)


def test_each_firm_is_led_by_one_of_its_people() -> None:
    assert len(leaders()) == FIRMS
    for number in (0, 3, FIRMS - 1):
        assert len(set(leaders()) & set(members(number))) == 1


def test_a_firm_is_listed_for_what_it_did_and_for_its_term() -> None:
    luck = {0: EVEN, 2: 0}
    sure = {"fault": 0, "firm_evades": 2**32, "firm_led": 2**32, "firm_listed_below": -1e9}
    left = bench_rows("firms", FIRMS, {"cash": 64}, luck, regime=RANKED, **sure)
    assert (left.flags, left.term) == ([FIRM_LISTED] * FIRMS, [4] * FIRMS)
    for months, flags in ((2, FIRM_LISTED), (1, 0), (0, 0)):
        left = bench_rows("firms", FIRMS, {"cash": 64, "term": months}, luck, regime=RANKED, **(sure | {"firm_led": 0}))
        assert (left.flags, left.term) == ([flags] * FIRMS, [max(months - 1, 0)] * FIRMS)


def test_late_wages_lead_onto_the_list_at_their_chance() -> None:
    poor = {"cash": -64}
    changes = {"fault": 0, "firm_evades": 0, "firm_listed_below": -1e9}
    rng = np.random.default_rng(1)
    listed = 0
    for _ in range(100):
        luck = [{0: EVEN, 1: int(word)} for word in rng.integers(0, int(RATED["late_wage"]), FIRMS)]
        flags = bench_rows("firms", FIRMS, poor, luck, regime=RANKED, **changes).array("flags")
        assert (flags & WAGES_LATE).all()
        listed += int((flags & FIRM_LISTED > 0).sum())
    assert listed / (100 * FIRMS) == pytest.approx(0.25, abs=0.04)


def test_an_owner_on_a_list_of_his_own_drags_the_firm_down() -> None:
    shown = np.zeros(land().people, np.uint64)
    mine = next(person for person in leaders() if person in set(members(2)))
    shown[mine] = OWN_LISTED << 16
    shown[[person for person in members(3) if person not in set(leaders())]] = OWN_LISTED << 16  # they lead nothing
    left = bench_rows("firms", FIRMS, {"cash": 64, "board": shown}, {0: EVEN}, regime=RANKED)
    assert left.points == [-480 if number == 2 else 0 for number in range(FIRMS)]
    assert bench_rows("firms", FIRMS, {"cash": 64, "board": shown}, {0: EVEN}, regime=PRESS).points == [0] * FIRMS
