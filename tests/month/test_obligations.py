"""Bills, loans, default, suit, judgment, and each way in which a judgment debt ends."""

import numpy as np
import pytest

from month.bench import IN, NEVER, act, bench, gate, many, tables, words
from sincerity.month.obligations import EXIT_GARNISHED, EXIT_NONE, EXIT_PAID, EXIT_SETTLED
from sincerity.people.columns import (
    LOAN_PAID,
    NO_LOAN,
    NOT_SUED,
    ONE_LATE,
    OUT_OF_WORK,
    SUED,
    TWO_LATE,
    UNWILLING,
)

PLAIN = tables()
LATE = act("pay_late")
ALWAYS = 2**32


def test_a_shortfall_is_an_unpaid_bill() -> None:
    assert bench("obligations", [{"shortfall": 1}, {"shortfall": 0}]).acts == [act("bill_unpaid"), 0]


def test_who_can_pay_pays_an_instalment() -> None:
    left = bench("obligations", many(1, loan=LOAN_PAID, buffer=40))
    due = int(16 * float(PLAIN["instalment"]) * float(PLAIN["surplus"][5]))
    assert (left.buffer, left.loan, left.acts) == ([40 - due], [LOAN_PAID], [0])


def test_three_months_without_money_are_a_default_and_not_two() -> None:
    loan, seen = LOAN_PAID, []
    for _ in range(3):
        left = bench("obligations", many(1, loan=loan, buffer=0, decile=9))
        loan = left.loan[0]
        seen.append((loan, left.acts[0]))
    assert seen == [(ONE_LATE, LATE), (TWO_LATE, LATE), (NOT_SUED, LATE | act("default"))]


def test_a_suit_follows_below_the_threshold() -> None:
    edge = int(PLAIN["suit_chance"])
    left = bench("obligations", many(2, loan=TWO_LATE, buffer=0), [{2: edge - 1}, {2: edge}])
    assert left.loan == [SUED, NOT_SUED]


def test_arrears_are_made_good_when_two_instalments_can_be_paid() -> None:
    left = bench("obligations", [{"loan": TWO_LATE, "buffer": 40}, {"loan": TWO_LATE, "buffer": 3}])
    assert left.loan == [ONE_LATE, TWO_LATE]
    assert left.acts == [0, 0]


def test_carelessness_is_late_and_costs_no_default() -> None:
    edge = int(float(PLAIN["careless"]) * (255 - 55) / 255)
    left = bench("obligations", many(2, loan=LOAN_PAID, conscientiousness=55), [{0: edge - 1000}, {0: edge + 1000}])
    assert left.acts == [LATE, 0]
    assert left.loan == [LOAN_PAID, LOAN_PAID]
    assert bench("obligations", many(1, loan=LOAN_PAID, conscientiousness=255), {0: 0, 1: 0}).acts == [0]


def test_the_unwilling_do_not_pay_though_they_could() -> None:
    left = bench("obligations", many(1, loan=LOAN_PAID, buffer=200, conscientiousness=0), {1: 0})
    assert (left.loan, left.buffer, left.acts) == ([ONE_LATE], [200], [LATE])
    assert left.flags[0] & UNWILLING


def test_points_hold_back_carelessness_only_of_those_who_are_in_and_know() -> None:
    people = [{"loan": LOAN_PAID, "conscientiousness": 0, "flags": f, "score": 600 * 32} for f in (0, IN)]
    both = words(8, 4000)
    late = [
        np.array(bench("obligations", [p] * 4000, both, regime="citizen-score", date=date).acts) & LATE > 0
        for p in people
        for date in ("2014-06", "2020-06")
    ]
    assert (late[0] == late[1]).all()
    assert (late[0] == late[2]).all()  # before the regime nobody is held back
    assert (late[3] <= late[0]).all()
    assert late[3].sum() < late[0].sum()


def test_a_loan_is_wanted_by_those_who_earn() -> None:
    edge = int(PLAIN["loan_wanted"])
    people = [{"surplus": 0.2}, {"surplus": 0.2}, {"surplus": -0.1}, {"surplus": 0.2, "flags": OUT_OF_WORK}]
    left = bench("obligations", people, [{4: edge - 1}, {4: edge}, {4: 0}, {4: 0}])
    assert left.tried == [gate("loan"), 0, 0, 0]
    assert left.loan == [NO_LOAN] * 4  # `standing` grants it


def test_a_paid_loan_ends_below_the_threshold() -> None:
    edge = int(PLAIN["loan_ends"])
    left = bench("obligations", many(2, loan=LOAN_PAID), [{4: edge - 1}, {4: edge}])
    assert left.loan == [NO_LOAN, LOAN_PAID]


def test_judgment_comes_below_the_threshold_and_states_an_amount() -> None:
    edge = int(PLAIN["judged"])
    left = bench("obligations", many(2, loan=SUED, buffer=0), [{2: edge - 1}, {2: edge}])
    assert left.judged == [1, 0]
    assert left.acts == [act("judgment"), 0]
    assert left.loan == [NO_LOAN, SUED]
    assert left.owed[0] in PLAIN["judgment"]
    assert left.owed[1] == 0


def test_a_judgment_is_met_at_once_only_by_those_able_and_willing() -> None:
    rich = {"loan": SUED, "buffer": 255}
    people = [rich, rich, {**rich, "buffer": 3}, {**rich, "flags": UNWILLING}]
    edge = int(PLAIN["met_at_judgment"])
    luck = [{2: 0, 3: edge - 1}, {2: 0, 3: edge}, {2: 0, 3: 0}, {2: 0, 3: 0}]
    left = bench("obligations", people, luck, judgment=10)
    assert left.owed == [0, 10, 10, 10]
    assert left.buffer == [255 - 20, 255, 3, 255]


def test_a_claim_that_nobody_sues_for_is_written_off() -> None:
    edge = int(PLAIN["written_off"])
    left = bench("obligations", many(2, loan=NOT_SUED, flags=UNWILLING), [{2: edge - 1}, {2: edge}])
    assert left.loan == [NO_LOAN, NOT_SUED]
    assert left.flags == [0, UNWILLING]


@pytest.mark.parametrize(
    ("person", "luck", "how"),
    [
        ({"owed": 3, "buffer": 6}, {3: 2**31}, EXIT_PAID),
        ({"owed": 3, "buffer": 5}, {3: 2**31}, EXIT_NONE),  # owed 3/8 are 6/16: unable
        ({"owed": 3, "buffer": 0}, {3: 0}, EXIT_SETTLED),
        ({"owed": 1, "surplus": 1.4, "buffer": 99}, {6: 0, 5: 0}, EXIT_GARNISHED),
        ({"owed": 9, "surplus": 0.1, "buffer": 9}, {}, EXIT_NONE),
    ],
)
def test_each_way_in_which_a_debt_ends(person: dict[str, float], luck: dict[int, int], how: int) -> None:
    left = bench("obligations", [{**person, "flags": UNWILLING}], luck, pays_unlisted=ALWAYS)
    assert left.exit == [how]
    assert (left.owed == [0]) == (how != EXIT_NONE)
    assert left.flags == [0 if how else UNWILLING]


def test_debts_are_paid_from_savings_and_the_listed_pay_more_often() -> None:
    n = 4000
    luck = words(8, n)
    luck[6] = NEVER  # no garnishing
    free = bench("obligations", many(n, owed=3, buffer=50), luck)
    listed = bench("obligations", many(n, owed=3, buffer=50, lists=1), luck)
    paid, paid_listed = (left.array("exit") == EXIT_PAID for left in (free, listed))
    assert (paid <= paid_listed).all()
    assert paid.sum() < paid_listed.sum()
    assert set(listed.array("buffer")[paid_listed]) == {50 - 6}


def test_garnishing_takes_as_much_from_savings_as_from_the_debt() -> None:
    n = 4000
    luck = words(8, n)
    luck[3] = NEVER
    luck[6] = 0
    left = bench("obligations", many(n, owed=200, buffer=200, surplus=0.5), luck)
    taken = float(PLAIN["garnished_share"]) * 0.5 * 8  # eighths of a month
    assert 200 - left.array("owed").mean() == pytest.approx(taken, abs=0.03)
    assert 200 - left.array("buffer").mean() == pytest.approx(2 * taken, abs=0.03)


def test_garnishing_never_takes_more_than_is_owed() -> None:
    left = bench("obligations", many(1, owed=1, buffer=100, surplus=1.4), {6: 0, 5: 0, 7: 0})
    assert left.owed == [0]
    assert left.buffer == [98]


def test_debts_stay_in_their_range() -> None:
    left = bench("obligations", many(1, loan=SUED, buffer=0, owed=250), {2: 0}, judgment=100)
    assert left.owed == [255]
