"""Work, income, shocks and savings."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from month.bench import COLUMNS, NEVER, bench, gate, many, tables, words, workplaces
from sincerity.month.livelihood import BY_DATA, BY_NEED, BY_WORTH
from sincerity.people.columns import ENROLLED, IN_NEED, NEEDY, ON_ROLL, OUT_OF_WORK
from sincerity.people.firms import NO_FIRM

PLAIN = tables()
MIDDLE = 512 | 512 << 10 | 512 << 22
"""A word of income noise that gives none."""
OUT = OUT_OF_WORK


def test_work_is_lost_below_the_threshold_and_not_at_it() -> None:
    edge = int(PLAIN["job_loss"][2])
    left = bench("livelihood", many(2, education=2), [{0: edge - 1}, {0: edge}])
    assert [f & OUT for f in left.flags] == [OUT, 0]


def test_a_search_below_the_threshold_lodges_an_application_and_changes_nothing_yet() -> None:
    edge = int(PLAIN["job_finding"][3])
    left = bench("livelihood", many(2, education=3, flags=OUT), [{0: edge - 1}, {0: edge}])
    assert left.tried == [gate("job"), 0]
    assert [f & OUT for f in left.flags] == [OUT, OUT]


def test_the_old_neither_lose_nor_look_for_work() -> None:
    left = bench("livelihood", [{"age": 70}, {"age": 70, "flags": OUT}], {0: 0, 2: MIDDLE})
    assert left.flags == [0, 0]
    assert left.tried == [0, 0]
    expected = float(PLAIN["surplus"][5]) * float(PLAIN["retired_factor"])
    assert left.surplus == pytest.approx([expected] * 2)


def test_income_is_that_of_the_decile_at_work_and_without() -> None:
    people = [{"decile": d, "flags": f} for f in (0, OUT) for d in range(10)]
    left = bench("livelihood", people, {2: MIDDLE})
    assert left.surplus == pytest.approx([*PLAIN["surplus"], *PLAIN["surplus_out_of_work"]])


def test_savings_grow_by_the_surplus_and_stop_at_the_cap_of_the_decile() -> None:
    people = [{"decile": 9, "buffer": 32}, {"decile": 9, "buffer": 255}, {"decile": 0, "buffer": 200}]
    left = bench("livelihood", people, {2: MIDDLE})
    assert left.buffer == [32 + int(16 * PLAIN["surplus"][9]), PLAIN["buffer_cap"][9], PLAIN["buffer_cap"][0]]
    assert left.shortfall == [0, 0, 0]


def test_what_is_missing_is_a_shortfall_and_savings_stop_at_nothing() -> None:
    left = bench("livelihood", many(1, decile=9, flags=OUT, buffer=5), {2: MIDDLE, 3: 0})
    assert left.buffer == [0]
    missing = -16 * float(PLAIN["surplus_out_of_work"][9])
    assert left.shortfall == [int(missing) - 5]  # towards 0 by the word


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_savings_stay_in_their_range_and_the_books_balance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [
        {"buffer": b, "decile": d, "age": a, "education": e, "flags": f * OUT}
        for b, d, a, e, f in rng.integers([0, 0, 18, 0, 0], [256, 10, 90, 4, 2], (200, 5)).tolist()
    ]
    left = bench("livelihood", people, words(4, 200, seed))
    before = np.array([p["buffer"] for p in people])
    cap = PLAIN["buffer_cap"][[p["decile"] for p in people]]
    change = left.array("buffer").astype(int) - left.array("shortfall") - before
    income = 16 * left.array("surplus").astype(float)
    free = left.array("buffer") < cap
    assert (left.array("buffer") <= cap).all()
    assert ((left.array("shortfall") == 0) | (left.array("buffer") == 0)).all()
    assert (np.abs(change - income)[free] < 1).all()


def test_a_shock_takes_what_its_size_says() -> None:
    edge = int(PLAIN["shock_chance"])
    left = bench("livelihood", many(2), [{1: edge - 1, 2: MIDDLE}, {1: edge, 2: MIDDLE}])
    assert left.surplus[1] == pytest.approx(float(PLAIN["surplus"][5]))
    assert left.surplus[0] < left.surplus[1]


def test_rounding_of_savings_keeps_the_mean() -> None:
    n = 4000
    luck = np.full((4, n), NEVER, np.uint32)
    luck[2] = MIDDLE
    luck[3] = np.linspace(0, 65535, n).astype(np.uint32)
    left = bench("livelihood", many(n, decile=4, buffer=16), luck)
    assert left.array("buffer").mean() - 16 == pytest.approx(16 * float(PLAIN["surplus"][4]), abs=0.001)


def test_without_work_and_savings_one_is_in_need_and_relief_arrives() -> None:
    least = int(PLAIN["relief_least"])
    poor = {"flags": OUT, "decile": 0, "buffer": 0}
    left = bench("livelihood", [poor, {**poor, "flags": 0}, {**poor, "buffer": least + 10}], {2: MIDDLE, 3: 0})
    assert [bool(f & IN_NEED) for f in left.flags] == [True, False, False]
    helped = bench("livelihood", [{**poor, "flags": OUT | IN_NEED, "region": 3}], {2: MIDDLE}, relief_shown={3: 0.5})
    assert helped.surplus[0] == pytest.approx(left.surplus[0] + 0.5)


def employed(firm: int) -> int:
    """How many of 1,024 people feel what all firms show."""
    quiet = bench("livelihood", many(1024), {0: int(PLAIN["job_loss"][2]), 2: MIDDLE})
    left = bench("livelihood", many(1024), {0: int(PLAIN["job_loss"][2]), 2: MIDDLE}, firm_shown=firm)
    return int((left.array("surplus") != quiet.array("surplus")).sum())


def test_a_firm_without_cash_lays_off_and_late_wages_are_felt_by_its_members_alone() -> None:
    members = int(np.count_nonzero(workplaces() != NO_FIRM))
    assert 0 < members < 1024
    assert [employed(flag) for flag in (1, 2, 4)] == [members] * 3  # late wages; no cash; on the list


def test_columns_stay_in_their_declared_ranges() -> None:
    left = bench("livelihood", many(500, flags=OUT, decile=9, buffer=0), words(4, 500))
    assert left.array("surplus").min() > COLUMNS["surplus"].low
    assert left.array("surplus").max() < COLUMNS["surplus"].high


# -- relief under a regime ---------------------------------------------------------------------------------------------

RANKED = str(Path(__file__).parent / "regimes" / "ranked.yaml")
POOR = {"flags": OUT, "buffer": 0, "decile": 0}
RICH = {"flags": 0, "buffer": 200, "decile": 9}


def test_by_need_the_roll_is_those_in_need() -> None:
    left = bench("livelihood", [POOR, RICH], {2: MIDDLE})
    assert left.roll == [NEEDY | ON_ROLL, 0]


def test_by_score_the_roll_is_those_in_need_above_the_score() -> None:
    scored = {**POOR, "flags": OUT | ENROLLED}
    people = [{**scored, "score": 32 * p} for p in (600, 599)] + [{**POOR, "score": 0}, {**RICH, "score": 32 * 900}]
    left = bench("livelihood", people, {2: MIDDLE}, relief_by=BY_WORTH, relief_above=32 * 600)
    assert left.roll == [NEEDY | ON_ROLL, NEEDY, NEEDY, 0]
    assert [bool(f & IN_NEED) for f in left.flags] == [True, False, False, False]


def test_by_data_some_are_missed_some_are_taken_for_poor_and_who_is_not_seen_gets_nothing() -> None:
    n = 4_000
    found = tables(RANKED)
    seen, unseen = int(found["relief_channel"]), 0xFFFF & ~int(found["relief_channel"])
    luck = words(4, n)
    poor, rich = (
        bench("livelihood", [{**who, "channels": seen}] * n, luck, regime=RANKED).array("roll") for who in (POOR, RICH)
    )
    assert (poor == NEEDY).mean() == pytest.approx(0.2, abs=0.03)
    assert (rich == ON_ROLL).mean() == pytest.approx(0.02, abs=0.01)
    assert bench("livelihood", [{**POOR, "channels": unseen}] * n, luck, regime=RANKED).roll == [NEEDY] * n


def test_relief_moves_the_savings_of_who_is_on_the_roll() -> None:
    without, with_relief = (
        bench("livelihood", [{**RICH, "buffer": 16, "flags": f, "region": 2}], {2: MIDDLE}, relief_shown={2: 0.5})
        for f in (0, IN_NEED)
    )
    assert with_relief.buffer[0] - without.buffer[0] == 8


def test_a_regime_gives_by_its_own_rule_once_it_is_in_force() -> None:
    before, after = (tables(RANKED, date) for date in ("2014-12", "2015-01"))
    assert (before["relief_by"], after["relief_by"]) == (BY_NEED, BY_DATA)
    assert float(after["relief"]) == pytest.approx(0.02)
    assert before["relief"] == tables()["relief"]
