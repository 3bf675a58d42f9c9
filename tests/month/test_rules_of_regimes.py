"""What regimes can say beyond the citizen score: one regime that says it all, one rule at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from month.bench import (
    COLUMNS,
    NEVER,
    RULES,
    Left,
    act,
    bench,
    column,
    gate,
    looked_up,
    luck_of,
    many,
    regime,
    tables,
    words,
)
from sincerity.declare.vocabulary import CHANNELS
from sincerity.engine.frames import frame
from sincerity.engine.world import kept_columns
from sincerity.month.gates import ACT, GATE
from sincerity.month.observation import CONDUCT_ACCOUNT
from sincerity.month.schedule import Schedule
from sincerity.month.standing import REFUSE
from sincerity.people.columns import (
    CRITICISED,
    DID_GOOD,
    DISORDER,
    ENROLLED,
    LOAN_PAID,
    ONE_LATE,
    SPOKE_AGAINST,
    SPOKE_FOR,
    SUED,
)

ALL = str(Path(__file__).parent / "regimes" / "everything.yaml")
PEERS, PRESS = "peer-ratings", "citizen-score"
UPDATED, BETWEEN = "2020-07", "2020-08"
JANUARY = "2021-01"
SCORED = {"flags": ENROLLED}
SCORES = ("score", "score_own", "score_true", "score_alone", "score_money", "score_money_true")
N = 4_000


def scored(*people: dict[str, Any], date: str = UPDATED, regime: str = ALL, **changes: Any) -> Left:
    return bench("score", [{**SCORED, **p} for p in people], regime=regime, date=date, **changes)


# -- ledgers, accounts, bands ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credit", "conduct", "score"),
    [(0, 0, 1000), (-40, 0, 960), (-600, 5, 405), (300, 200, 1400), (-900, -900, 1 / 32)],
)
def test_a_ledger_is_where_it_starts_and_both_accounts(credit: int, conduct: int, score: float) -> None:
    left = scored({"credit": 16 * credit, "conduct": 16 * conduct}, conduct_retained=1, after_repair=1, heals=0)
    assert [s / 32 for s in left.score] == [score]


def test_what_is_kept_for_good_stays_to_the_last_point() -> None:
    left = scored({"credit": -3217, "conduct": 160}, after_repair=1, heals=0)
    assert left.credit == [-3217]
    assert left.conduct[0] == int(160 * 0.5 ** (1 / 12))


def test_a_gate_is_closed_below_its_band() -> None:
    found = tables(ALL)
    assert found["gate_threshold"][GATE["loan"]] == 32 * 600
    assert found["gate_threshold"][GATE["health"]] == 32 * 900


def test_a_gate_closes_from_its_month_on() -> None:
    before, after = (tables(ALL, date)["gate_lists"][GATE["flight"]] for date in ("2020-02", "2020-03"))
    assert (before, after) == (0, 0b110)
    earlier, later = (tables(ALL, date)["worth"] for date in ("2020-02", "2020-03"))
    assert (earlier == later).all()  # no score opens a gate that only lists close


# -- points with more to them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "points"), [(0, 8), (16, 4 + 2), (72, 4), (80, 2), (255, 2)])
def test_hours_are_worth_what_the_tier_says(hours: int, points: float) -> None:
    left = scored({"seen": act("volunteering"), "hours": hours})
    assert left.conduct == [16 * points]
    assert left.hours == [min(hours + 8, 255)]


def test_hours_and_capped_points_are_counted_anew_each_january() -> None:
    person = {"seen": act("volunteering"), "hours": 200, "earned": 25}
    assert scored(person, date=JANUARY).hours == [8]
    assert scored(person, date=JANUARY).earned == [0]
    assert scored(person, date=JANUARY).conduct == [16 * 8]
    assert scored(person).earned == [25]


def test_capped_points_share_the_years_total() -> None:
    both = {"seen": act("charity", "award")}
    left = scored(*({**both, "earned": e} for e in (0, 10, 25)))
    assert left.conduct == [16 * 25, 16 * 15, 0]
    assert left.earned == [25, 25, 25]
    assert scored({"seen": act("charity"), "earned": 3}).earned == [13]


@pytest.mark.parametrize(("credit", "conduct"), [(0, 0), (100, 50), (-150, 0), (300, 200)])
def test_an_act_that_sets_a_band_brings_the_score_just_below_the_next(credit: int, conduct: int) -> None:
    person = {"seen": act("serious_offence"), "credit": 16 * credit, "conduct": 16 * conduct}
    left = scored(person, conduct_retained=1, heals=0)
    assert 599.8 <= left.score[0] / 32 < 600
    assert left.credit == [16 * credit]


def test_an_act_that_sets_a_band_lifts_nobody() -> None:
    left = scored({"seen": act("serious_offence"), "credit": -16 * 500}, heals=0)
    assert left.score == [32 * 500]
    assert left.conduct == [0]


def test_an_official_picks_each_value_of_the_range_alike() -> None:
    left = bench("score", many(N, seen=act("disorder"), **SCORED), words(4, N), regime=ALL, presumed_wrongly=0)
    lost = -left.array("conduct") / 16
    assert lost.min() >= 10 - 1 / 16
    assert lost.max() <= 50 + 1 / 16
    assert np.histogram(lost, 4, (10, 50))[0] == pytest.approx([N / 4] * 4, rel=0.12)


def test_arrears_cost_points_in_every_month_that_they_last() -> None:
    people = [
        {"loan": loan, "acts": acts}
        for loan, acts in ((LOAN_PAID, 0), (ONE_LATE, 0), (SUED, 0), (ONE_LATE, act("pay_late")))
    ]
    left = bench("observation", people, {0: 0}, regime=ALL, reports=0, false_match=0)
    assert left.seen == [0, act("pay_late"), act("pay_late"), act("pay_late")]
    assert bench("observation", people[1:3], {0: 0}, regime=PRESS, reports=0, false_match=0).seen == [0, 0]


@pytest.mark.parametrize("name", ["rewards-only", "penalties-only"])
def test_balance_puts_the_whole_stake_on_one_side(name: str) -> None:
    usual, shifted = (
        np.append(tables(n)["points_credit"] + tables(n)["points_conduct"], tables(n)["paid_points"])
        for n in (PRESS, name)
    )
    assert abs(shifted).sum() == pytest.approx(abs(usual).sum(), rel=1e-5)
    side = usual > 0 if name == "rewards-only" else usual < 0
    assert (shifted[~side] == 0).all()
    assert shifted[side] == pytest.approx(usual[side] * abs(usual).sum() / abs(usual[side]).sum(), rel=1e-5)
    assert tables("rewards-only")["false_match"].sum() == 0  # a record that costs nothing harms nobody


# -- cadence, repair, amnesty, review --------------------------------------------------------------------------------


def test_between_two_updates_the_old_score_stays_in_force() -> None:
    fallen = {"credit": -16 * 100, "score": 32 * 990}
    now, later = scored(fallen, heals=0), scored(fallen, date=BETWEEN, heals=0)
    assert now.score == [32 * 900]
    assert later.score == later.score_own == [32 * 990]
    assert later.credit == now.credit
    assert scored({"credit": -16 * 100}, date=BETWEEN, heals=0).score == [32 * 900]  # who has none yet gets one


def test_a_loss_is_repaired_in_months_without_a_new_penalty_and_a_gain_is_not() -> None:
    loss = {"credit": -1600, "conduct": -1600, "seen": act("default")}
    left = scored(loss, {**loss, "seen": 0}, {"credit": 1600, "conduct": 1600}, conduct_retained=1)
    assert left.credit == [-1600 - 16 * 40, -800, 1600]
    assert left.conduct == [-800, -800, 1600]


def test_an_amnesty_strikes_its_share_in_its_month() -> None:
    loss = {"credit": -1600, "seen": act("default")}
    assert scored(loss, date="2020-05").credit == [-1200 - 640]
    assert scored(loss, date="2020-06").credit == [-1600 - 640]


def test_a_human_holds_back_a_share_of_the_records_of_others() -> None:
    reviewed = tables(ALL)
    assert reviewed["false_match"][0] / 2**32 == pytest.approx(0.001 * 0.6)
    assert reviewed["presumed_wrongly"][0] / 2**32 == pytest.approx(0.25 * 0.6)


# -- presumptions ----------------------------------------------------------------------------------------------------


def test_presumptions_follow_what_was_seen_and_sometimes_nothing() -> None:
    n = 3 * N
    acts = np.repeat([act("plays_for_hours"), act("plays_for_hours"), 0], N)
    seen = np.repeat([act("plays_for_hours"), 0, 0], N)
    people = [{"acts": int(a), "seen": int(s)} for a, s in zip(acts, seen, strict=True)]
    left = bench("score", people, words(4, n), regime=ALL, date=UPDATED)
    told, wrong = (left.array(c).reshape(3, N) for c in ("presumed", "presumed_falsely"))
    assert (told & 1).mean(axis=1) == pytest.approx([0.5, 0, 0.15], abs=0.03)
    assert (wrong & 1).mean(axis=1) == pytest.approx([0, 0, 0.15], abs=0.03)
    assert not (told & 2).any()
    assert bench("score", [{"acts": act("exercises"), "seen": act("exercises")}], regime=ALL).presumed == [2]


def test_a_wrong_presumption_that_costs_points_is_a_false_record() -> None:
    left = scored({"acts": 0}, presumed_wrongly=2**32, presumed_points=-7)
    assert left.false_points == [7]
    assert left.false_months[0] & CONDUCT_ACCOUNT
    assert left.score_true[0] - left.score[0] == 32 * 7
    again = scored(
        {"false_points": 20, "false_months": CONDUCT_ACCOUNT | 3},
        presumed_wrongly=[2**32, 0],
        conduct_retained=1,
        heals=0,
    )
    assert again.conduct == [-16 * 7]
    assert again.false_points == [20]


def test_a_right_presumption_costs_its_points() -> None:
    left = scored({"acts": act("plays_for_hours"), "seen": act("plays_for_hours")}, presumed_rightly=2**32)
    assert left.conduct == [-16 * 7]
    assert left.false_points == [0]


def test_platforms_presume_without_a_score() -> None:
    left = bench("score", many(N), words(4, N), regime="platform-tracking", date="2015-01")
    assert (left.array("presumed_falsely") & 2 > 0).mean() == pytest.approx(0.01, abs=0.006)
    assert not left.array("score").any()


# -- nudges ----------------------------------------------------------------------------------------------------------


def exercising(channels: int, date: str) -> Left:
    """Women from 60 years on, whose pastimes are few enough to double, in a month."""
    luck = np.full((8, 20_000), NEVER, np.uint32)
    luck[5] = words(1, 20_000)[0]
    return bench("conduct", many(20_000, cell=24, channels=channels), luck, regime=ALL, date=date)


def test_a_nudge_draws_the_users_of_its_channel_and_fades() -> None:
    users = 1 << CHANNELS.index("health tracker")
    bit = act("exercises")
    shares = {}
    for name, channels, date in (("others", 0, "2020-01"), ("first", users, "2020-01"), ("later", users, "2022-01")):
        left = exercising(channels, date)
        did, free = left.array("acts") & bit > 0, left.array("acts_free") & bit > 0
        assert (did >= free).all()
        shares[name] = did.mean() / free.mean()
    assert shares["others"] == 1
    assert shares["first"] == pytest.approx(2, rel=0.06)
    assert shares["later"] == pytest.approx(2 ** (1 / 4), rel=0.04)


def test_before_the_regime_nobody_is_nudged() -> None:
    assert (tables(ALL, "2019-12")["act_nudge"] == 1).all()
    assert tables(ALL, "2020-01")["act_nudge"][ACT["exercises"]] == pytest.approx(2)


# -- lists -----------------------------------------------------------------------------------------------------------


def test_a_record_stays_public_for_its_months_after_the_cure() -> None:
    state: dict[str, Any] = {"lists": 1, "exit": 1}
    found = []
    for _ in range(5):
        left = bench("standing", [state], {}, regime=ALL)
        found.append(left.lists[0])
        state = {"lists": left.lists[0], "term": left.array("term")[:, 0]}
    assert found == [1, 1, 1, 0, 0]


def test_who_was_listed_by_mistake_is_gone_at_once() -> None:
    assert bench("standing", [{"lists": 1}], {}, regime=ALL).lists == [0]


def test_each_list_keeps_its_own_term() -> None:
    state: dict[str, Any] = {"seen": act("fare_dodging", "disorder")}
    found = []
    for _ in range(8):
        left = bench("standing", [state], {}, regime=ALL)
        found.append(left.lists[0])
        state = {"lists": left.lists[0], "term": left.array("term")[:, 0]}
    assert found == [0b110] * 2 + [0b100] * 4 + [0] * 2


# -- who is rated, and what a gate hears -------------------------------------------------------------------------------


def test_officials_are_not_enrolled_and_no_gate_holds_it_against_them() -> None:
    left = bench("enrolment", [{"official": o} for o in (0, 1)], regime=ALL)
    assert [f & ENROLLED for f in left.flags] == [ENROLLED, 0]
    assert bench("enrolment", [{"official": 1}], regime=PRESS).flags[0] & ENROLLED
    people = [{"official": o, "tried": gate("loan")} for o in (0, 1)]
    shut = bench("standing", people, {7: 123456}, regime=ALL, bank_refuses=0)
    assert tables(ALL)["gate_unscored"][GATE["loan"]] == REFUSE
    assert shut.refused_regime == [gate("loan"), 0]


def test_in_one_context_a_gate_hears_only_its_own() -> None:
    press, apart = tables(PRESS), tables("same-context")
    names = list(regime(PRESS).lists)
    defaulters, no_travel = (1 << names.index(n) for n in ("defaulters", "no-travel"))
    assert apart["gate_lists"][GATE["flight"]] == no_travel
    assert apart["gate_lists"][GATE["mortgage"]] == apart["gate_lists"][GATE["loan"]] == defaulters
    assert apart["gate_threshold"][GATE["loan"]] == press["gate_threshold"][GATE["loan"]] > 0
    assert apart["gate_threshold"][GATE["job"]] == 0 < press["gate_threshold"][GATE["job"]]
    assert apart["gate_unscored"][GATE["dating"]] != REFUSE
    assert apart["act_points"][ACT["buys_alcohol"]] == 0 > press["act_points"][ACT["buys_alcohol"]]
    assert apart["act_points"][ACT["default"]] == press["act_points"][ACT["default"]] < 0


def test_in_one_context_a_loan_is_refused_for_money_and_not_for_conduct() -> None:
    wild, broke = {"conduct": -16 * 60}, {"credit": -16 * 300}
    for name, shut in (("same-context", [0, gate("loan")]), (PRESS, [gate("loan"), gate("loan")])):
        people = [{**SCORED, "buffer": 0, "decile": 0, **p} for p in (wild, broke)]
        left = bench("score", people, regime=name)
        after = [{**SCORED, "tried": gate("loan"), **{c: getattr(left, c)[q] for c in SCORES}} for q in range(2)]
        tried = bench("standing", after, {7: 123456}, regime=name, bank_refuses=0, list_kind=0)
        assert tried.refused_regime == shut


def test_no_friends_and_no_household_weigh_where_there_is_no_guilt_by_tie() -> None:
    free = tables("no-friends")
    assert (free["friends"], free["posts"], free["gate_household"].sum()) == (0, 0, 0)
    press = tables(PRESS)
    assert press["friends"] > 0 < press["gate_household"].sum()


def test_only_those_who_are_shown_the_score_act_on_it() -> None:
    settings = ("score.shown_to=[self]", "score.rules=known")
    hidden, shown = tables(PRESS, settings=settings), tables(PRESS, settings=settings[1:])
    assert hidden["stigma"].sum() == hidden["tie_cost"] == 0 < shown["stigma"].sum()
    assert shown["tie_cost"] == shown["friends"] == hidden["friends"] > 0


# -- peers -----------------------------------------------------------------------------------------------------------


def rated(rating: int = 1, shown: int = 0, **person: Any) -> Left:
    given = {"flags": ENROLLED, "company": 10, "rating": rating, "board": shown << 16, **person}
    return bench("peers", [given], regime=PEERS, rating_kept=0)


def mean_of(left: Left) -> float:
    return float((left.rating[0] - 1) / 254)


def test_ties_rate_deeds_likeness_and_criticism() -> None:
    start, near = 0.95, 1 / 254
    assert mean_of(rated()) == pytest.approx(start, abs=near)
    assert mean_of(rated(shown=DISORDER)) == 0
    assert mean_of(rated(flags=ENROLLED | DID_GOOD)) == pytest.approx(1, abs=near)
    assert mean_of(rated(shown=SPOKE_AGAINST)) == pytest.approx(start - 0.3, abs=near)
    assert mean_of(rated(shown=SPOKE_AGAINST, friends_against=5)) == pytest.approx(start - 0.3 + 0.2 / 2, abs=near)
    assert mean_of(rated(shown=SPOKE_FOR, friends_for=10, friends_against=0)) == pytest.approx(1, abs=near)
    assert mean_of(rated(shown=SPOKE_FOR, friends_against=10)) == pytest.approx(start, abs=near)


def test_who_has_no_ties_or_is_not_enrolled_is_not_rated() -> None:
    assert rated(rating=77, shown=DISORDER, company=0).rating == [77]
    assert rated(rating=77, shown=DISORDER, flags=0).rating == [77]


def test_a_rating_fades_with_its_half_life() -> None:
    people = [{"flags": ENROLLED, "company": 9, "rating": 255, "board": DISORDER << 16}] * N
    for _ in range(6):
        luck = np.random.default_rng(len(people[0]) + people[0]["rating"]).integers(0, 2**32, (1, N), dtype=np.uint32)
        left = bench("peers", people, luck, regime=PEERS)
        people = [{**people[0], "rating": r} for r in left.rating]
    assert (left.array("rating") - 1.0).mean() / 254 == pytest.approx(0.5, abs=0.005)


def test_a_good_deed_is_remembered_for_a_month() -> None:
    assert bench("peers", [{"acts": act("charity")}], regime=PEERS).flags == [DID_GOOD]
    assert bench("peers", [{"flags": DID_GOOD}], regime=PEERS).flags == [0]
    assert bench("peers", [{"acts": act("charity")}], regime=PRESS).flags == [0]


def test_the_mean_of_ratings_has_its_share_of_the_score() -> None:
    people = [{"rating": r} for r in (0, 1, 128, 255)]
    assert np.array(scored(*people, regime=PEERS, date="2020-06").score) / 32 == pytest.approx(
        [95, 1 / 32, 50, 100], abs=0.04
    )
    half = scored(*people, regime=PEERS, date="2020-06", peers=0.5)
    assert np.array(half.score) / 32 == pytest.approx([95, 47.5, 72.5, 97.5], abs=0.04)


def test_to_criticise_costs_what_ties_take_back() -> None:
    assert tables(PEERS)["critical_points"] == pytest.approx(-100 * 0.3 * (1 - 0.5 ** (1 / 6)), rel=1e-5)


# -- columns that are not there ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["peers", "providers", "score", "standing", "redress", "observation", "conduct"])
@pytest.mark.parametrize("ruling", ["none", "platform-tracking", "fico-us"])
def test_rules_leave_columns_alone_that_no_regime_needs(name: str, ruling: str) -> None:
    """In plain Python, where a column without room cannot be touched."""
    there = kept_columns(Schedule(), [regime(ruling)])
    row = RULES[name]
    person = {
        "flags": ENROLLED,
        "seen": act("charity", "pay_late"),
        "acts": act("charity"),
        "company": 3,
        "said": CRITICISED,
    }
    arrays = {}
    for c in row.columns:
        arrays[c] = column(c, [person])
        if COLUMNS[c].needs and c not in there:
            arrays[c] = np.zeros((0, 1) if arrays[c].ndim == 2 else 0, arrays[c].dtype)
    found = looked_up(row, tables(ruling))
    plain: Any = row.function
    with np.errstate(over="ignore"):
        plain.py_func(0, 1, frame("People", row.columns)(*arrays.values()), found, luck_of(row.words, 1, None))
    assert all(arrays[c].size == 0 for c in row.columns if COLUMNS[c].needs and c not in there)
