"""Who joins: nobody before the scheme, those whom it gains in the voluntary phase, everybody in the mandatory one."""

import pytest

from month.bench import IN, bench, regime, tables
from sincerity.people.columns import AWARE, ENROLLED

JOINS = {"company": 9, "friends_scored": 9, "decile": 9}
STAYS_OUT = {"company": 9, "friends_scored": 0, "decile": 0}
PRESS = "citizen-score"


@pytest.mark.parametrize(("regime", "date"), [("none", "2020-06"), (PRESS, "2014-12")])
def test_nobody_joins_what_there_is_not(regime: str, date: str) -> None:
    assert bench("enrolment", [JOINS], {0: 0}, regime=regime, date=date).flags == [0]


def test_whom_peers_persuade_joins_and_knows_of_the_score() -> None:
    left = bench("enrolment", [JOINS, STAYS_OUT], {0: 0, 1: 2**31}, regime=PRESS, date="2016-01")
    assert left.flags == [IN, 0]


def test_only_those_consider_joining_whose_word_is_below_the_threshold() -> None:
    edge = int(tables(PRESS, "2016-01")["join_considers"])
    left = bench("enrolment", [JOINS] * 2, [{0: edge - 1}, {0: edge}], regime=PRESS, date="2016-01")
    assert left.flags == [IN, 0]


def test_joining_follows_the_sign_of_its_utility() -> None:
    """peers * share + benefits - privacy + noise * (2 u - 1) > 0, u the second word."""
    found = tables(PRESS, "2016-01")
    people, luck, expected = [], [], []
    for friends in range(10):
        for word in range(0, 2**32, 2**28):
            people.append({"company": 9, "friends_scored": friends, "decile": friends})
            luck.append({0: 0, 1: word})
            noise = float(found["join_noise"]) * (2 * word / 2**32 - 1)
            gain = float(found["join_peers"]) * friends / 9 + float(found["join_benefits"][friends])
            expected.append(IN if gain - float(found["join_privacy"]) + noise > 0 else 0)
    assert bench("enrolment", people, luck, regime=PRESS, date="2016-01").flags == expected
    assert {0, IN} == set(expected)


def test_the_mandatory_phase_takes_everybody_and_tells_nobody() -> None:
    left = bench("enrolment", [STAYS_OUT, {"flags": ENROLLED | AWARE}], regime=PRESS, date="2020-01")
    assert left.flags == [ENROLLED, ENROLLED | AWARE]


def test_nobody_leaves_where_it_is_not_said() -> None:
    assert bench("enrolment", [{**STAYS_OUT, "flags": ENROLLED}], {0: 0}, regime=PRESS, date="2016-01").flags == [
        ENROLLED
    ]


def test_where_it_is_allowed_those_leave_whom_it_costs_more_than_it_gives() -> None:
    """Not in the mandatory phase, and not who stands on a list."""
    leaving = ("enrolment.leaving=yes",)
    people = [{**STAYS_OUT, "flags": IN}, {**JOINS, "flags": IN}, {**STAYS_OUT, "flags": IN, "lists": 1}]
    luck = {0: 0, 1: 2**31}
    left = bench("enrolment", people, luck, regime=PRESS, date="2016-01", settings=leaving)
    assert left.flags == [IN & ~ENROLLED, IN, IN]
    assert bench("enrolment", people, luck, regime=PRESS, date="2020-01", settings=leaving).flags == [IN] * 3


def test_of_whom_there_is_no_file_there_is_no_score() -> None:
    n = 4000
    people = [{"decile": q % 10} for q in range(n)]
    left = bench("enrolment", people, regime="fico-us", date="2010-01").array("flags")
    shares = [float(v) for v in regime("fico-us").score.no_file.values]  # type: ignore[union-attr]
    for decile, share in enumerate(shares):
        assert (left[decile::10] == 0).mean() == pytest.approx(share, abs=4 * (share * (1 - share) / (n / 10)) ** 0.5)
    again = bench("enrolment", people, {0: 1, 1: 2}, regime="fico-us", date="2019-01").array("flags")
    assert (again == left).all()  # for life
