"""Accounts fade and take up points once; the score is what its factors say; those beside it leave out theirs."""

from typing import Any

import numpy as np
import pytest

from month.bench import NEVER, act, bench, land, many, regime, tables, words
from sincerity.month.gates import ACT
from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT
from sincerity.month.speech import EXPECTED, MISSED
from sincerity.month.tables import _full_savings
from sincerity.people.columns import ENROLLED, LOAN_PAID, MISTAKEN, PARTNER, PRAISED, SILENT

PRESS = "citizen-score"
FOUND = tables(PRESS)
SCORED = {"flags": ENROLLED}
SCORES = ("score", "score_own", "score_true", "score_alone")


def scored(people: list[dict[str, Any]], **changes: Any) -> Any:
    return bench("score", people, regime=PRESS, **changes)


def expected(person: dict[str, Any]) -> float:
    """The score in points, in plain Python, from the regime's own figures; accounts as they stand."""
    score = regime(PRESS).score
    assert score
    assert score.factors
    assert score.makeup
    assert score.spread
    w, makeup = score.factors, score.makeup

    def inside(value: float) -> float:
        return min(max(value, 0.0), 100.0)

    history = inside(50 + float(makeup.credit) * person["credit"] / 16)
    behaviour = inside(50 + float(makeup.conduct) * person["conduct"] / 16)
    assert makeup.savings_full
    capacity = float(makeup.savings) * min(person["buffer"] / 16 / float(makeup.savings_full), 1)
    capacity += float(makeup.income) * person["decile"] / 9
    identity = float(makeup.age) * (person["age"] >= 30) + float(makeup.education) * person["education"] / 3
    identity += float(makeup.urban) * person["urban"] + float(makeup.partner) * person["partner"]
    mixed = float(w.credit_history) * history + float(w.behaviour) * behaviour
    mixed += float(w.capacity) * capacity + float(w.identity) * identity
    total = float(score.usual) + float(score.spread) * (mixed - 50 * (1 - float(w.ties)))
    return float(min(max(total, float(score.lowest)), float(score.highest)))


def test_the_score_is_what_its_factors_say() -> None:
    rng = np.random.default_rng(1)
    people = []
    for _ in range(300):
        age, education, decile, buffer = (int(rng.integers(*r)) for r in ((18, 90), (0, 4), (0, 10), (0, 256)))
        credit, conduct = (int(rng.normal(0, 1200)) for _ in range(2))
        urban, partner = (int(rng.integers(0, 2)) for _ in range(2))
        people.append(
            {
                "age": age, "education": education, "decile": decile, "buffer": buffer, "credit": credit,
                "conduct": conduct, "urban": urban, "flags": ENROLLED | PARTNER * partner, "partner": partner,
            }
        )  # fmt: skip
    left = scored(people, credit_retained=1.0, conduct_retained=1.0)
    assert np.array(left.score) / 32 == pytest.approx([expected(p) for p in people], abs=1 / 16)
    assert left.score == left.score_own == left.score_true == left.score_alone


def test_points_are_taken_up_once_and_on_their_account() -> None:
    people = [{**SCORED, "seen": act("fraud")}, {**SCORED, "seen": act("charity", "fare_dodging")}, SCORED]
    left = scored(people)
    fraud, charity, fares = (float(regime(PRESS).points[name].value) for name in ("fraud", "charity", "fare_dodging"))
    assert left.credit == [16 * fraud, 0, 0]
    assert left.conduct == [0, 16 * (charity + fares), 0]


def test_what_is_done_and_not_seen_costs_nothing() -> None:
    left = scored([{**SCORED, "acts": act("fraud", "disorder")}])
    assert (left.credit, left.conduct) == ([0], [0])


def test_paying_on_time_is_rewarded_and_late_is_not() -> None:
    people = [{"loan": LOAN_PAID}, {"loan": LOAN_PAID, "acts": act("pay_late")}, {"loan": 0}, {"loan": 2}]
    assert scored(people).credit == [16 * float(regime(PRESS).points["pay_on_time"].value), 0, 0, 0]


@pytest.mark.parametrize("account", ["credit", "conduct"])
def test_accounts_halve_in_their_half_life(account: str) -> None:
    half_life = regime(PRESS).accounts[account].half_life
    assert half_life
    months = round(float(half_life))
    n = 2000
    value = np.full(n, -1600)
    for month in range(months):
        left = bench("score", [{account: int(v)} for v in value], words(3, n, month), regime=PRESS)
        value = left.array(account)
    assert value.mean() == pytest.approx(-800, rel=0.01)


def test_no_penalty_is_made_permanent_by_rounding() -> None:
    n = 500
    value = np.full(n, -1)
    for month in range(600):
        value = bench("score", [{"credit": int(v)} for v in value], words(3, n, month), regime=PRESS).array("credit")
    assert (value != 0).mean() < 0.02


def test_rounding_keeps_the_mean_of_scores() -> None:
    n = 8000
    luck = words(3, n)
    person = {**SCORED, "friends_scored": 3, "friends_score": 3 * 600 * 32 + 7}
    left = bench("score", [person] * n, luck, regime=PRESS, gazette=[611.3, 0, 0, 1, 0])
    low, high = min(left.score), max(left.score)
    assert high - low == 1
    up = (left.array("score") == high).mean()
    floor = bench("score", [person], {2: NEVER}, regime=PRESS, gazette=[611.3, 0, 0, 1, 0]).score[0]
    assert low == floor
    own = expected(
        {
            **person,
            "age": 40,
            "education": 2,
            "decile": 5,
            "buffer": 32,
            "urban": 1,
            "partner": 0,
            "credit": 0,
            "conduct": 0,
        }
    )
    ties = float(FOUND["friends"]) * ((3 * 600 * 32 + 7) / 96 - 611.3)
    assert low + up == pytest.approx((own + ties) * 32, abs=0.05)


def test_scores_stay_on_the_scale() -> None:
    people = [{**SCORED, "credit": c, "conduct": c} for c in (-32767, 32767)]
    left = scored(people, credit_weight=50.0, conduct_weight=50.0, origin=-4000.0)
    assert left.score == [int(FOUND["lowest"]) * 32, int(FOUND["highest"]) * 32]


def test_friends_enter_the_published_score_and_no_account() -> None:
    mean = 640.0
    person = {**SCORED, "friends_scored": 4, "friends_score": (4 * 600 * 32)}
    left = scored([person, SCORED], gazette=[mean, 0, 0, 1, 0])
    ties = float(FOUND["friends"]) * (600 - mean)
    assert left.score[0] - left.score_alone[0] == pytest.approx(32 * ties, abs=1)
    assert left.score_alone[0] == left.score_own[0] == left.score[1] == left.score_alone[1]
    assert left.credit == left.conduct == [0, 0]


def test_friends_posts_cost_points() -> None:
    left = scored([{**SCORED, "friends_punished": k} for k in range(4)])
    assert [left.score[0] - s for s in left.score] == [32 * k * float(FOUND["posts"]) for k in range(4)]
    assert len(set(left.score_alone)) == 1


@pytest.mark.parametrize("account", ["credit", "conduct"])
def test_scores_beside_the_published_one_leave_out_what_they_say(account: str) -> None:
    months = CONDUCT_ACCOUNT * (account == "conduct")
    person = {**SCORED, "false_new": 30, "false_months": months, "friends_scored": 2, "friends_score": 2 * 500 * 32}
    left = scored([person], gazette=[600, 0, 0, 1, 0])
    false = 30 * float(FOUND[f"{account}_weight"]) * float(FOUND[f"{account}_scale"]) * 32
    ties = -100 * float(FOUND["friends"]) * 32
    assert left.score_true[0] - left.score[0] == pytest.approx(false, abs=1)
    assert left.score_own[0] - left.score_alone[0] == pytest.approx(false, abs=1)
    assert left.score[0] - left.score_alone[0] == pytest.approx(ties, abs=1)
    assert left.score_true[0] - left.score_own[0] == pytest.approx(ties, abs=1)
    assert getattr(left, account) == [-30 * 16]
    assert left.false_points == [30]


def test_a_false_record_fades_with_its_account() -> None:
    n = 4000
    luck = words(3, n)
    for account, months in (("credit", 0), ("conduct", CONDUCT_ACCOUNT)):
        left = bench("score", many(n, false_points=100, false_months=months), luck, regime=PRESS)
        assert left.array("false_points").mean() == pytest.approx(100 * float(FOUND[f"{account}_retained"]), abs=0.03)


def test_months_of_a_false_record_are_counted_and_end_with_it() -> None:
    people = [
        {"false_points": 50, "false_months": CONDUCT_ACCOUNT | APPEALED | 4},
        {"false_points": 50, "false_months": 63},
        {"false_points": 0, "false_months": APPEALED | 4},
        {"false_points": 0, "false_months": APPEALED, "flags": MISTAKEN},
    ]
    assert scored(people).false_months == [CONDUCT_ACCOUNT | APPEALED | 5, 63, 0, APPEALED]


def test_without_full_savings_they_are_measured_by_what_ones_income_keeps() -> None:
    made = regime("fico-us").score
    assert made is not None
    assert made.makeup is not None
    full = _full_savings(land().society, made.makeup.model_copy(update={"savings_full": None}))
    caps = [int(c) for c in FOUND["buffer_cap"]]
    for share in (0.25, 1.0):
        people = [{"flags": ENROLLED, "decile": d, "buffer": round(c * share), "age": 40} for d, c in enumerate(caps)]
        found = bench("score", people, regime="fico-us", savings_full=full).array("score") / 32
        assert found == pytest.approx(np.full(10, found[-1]), abs=4.5 * 40 * 0.04)  # savings are whole sixteenths


def test_a_history_counts_by_its_length_from_18_to_full() -> None:
    ages = (18, 28, 38, 58, 90)
    people = [{"flags": ENROLLED, "age": age, "buffer": 0} for age in ages]
    found = bench("score", people, regime="fico-us").array("score") / 32
    score = regime("fico-us").score
    assert score
    assert score.spread
    assert score.factors
    full = float(score.spread) * float(score.factors.identity) * 100
    assert found - found[0] == pytest.approx([0, full / 4, full / 2, full, full], abs=1 / 16)


def test_silence_where_taking_part_is_expected_costs_its_points_if_it_is_noticed() -> None:
    cases = [(EXPECTED | MISSED, SILENT), (EXPECTED, SILENT), (EXPECTED | MISSED, PRAISED), (0, SILENT)]
    left = scored([{"flags": ENROLLED, "called": c, "said": s} for c, s in cases], silence_points=-20.0)
    assert left.conduct == [-20 * 16, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "date", "flags"), [("none", "2020-06", ENROLLED), (PRESS, "2020-06", 0), (PRESS, "2014-06", ENROLLED)]
)
def test_the_unscored_have_no_score(name: str, date: str, flags: int) -> None:
    left = bench("score", [{"flags": flags, "score": 999}], regime=name, date=date)
    assert [getattr(left, s) for s in SCORES] == [[0]] * 4


def test_every_act_on_the_list_of_points_reaches_an_account() -> None:
    for name, points in regime(PRESS).points.items():
        if name in ACT:
            left = scored([{"seen": act(name)}])
            assert getattr(left, points.account) == [16 * float(points.value)]
