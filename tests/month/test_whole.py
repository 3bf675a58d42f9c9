"""Properties of whole months: lists, terms, demand, rates, and what no channel shows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.living import declared
from month.bench import SCHEDULE, bench, gate, land, many, regime, tables, words
from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.engine import cpu
from sincerity.engine.trace import Tally, Trace
from sincerity.engine.world import build, settle
from sincerity.month.gates import ACT, GATE
from sincerity.month.livelihood import WAGES_LATE
from sincerity.month.observation import APPEALED
from sincerity.people.columns import AWARE, ENROLLED, IN_NEED, OUT_OF_WORK

PEOPLE, MONTHS = 4_000, 14
SEEN = ("tried", "refused", "refused_regime", "entered", "left", "seen", "false_new", "judged")
KEPT = ("lists", "term", "flags", "owed", "credit", "conduct")
Months = list[dict[str, NDArray[Any]]]


class Lived(Tally):
    """All months of all worlds: `months[world][t]` has the month columns of SEEN and the state after the month."""

    def __init__(self) -> None:
        self.months: list[Months] = []
        self.trace = Trace({}, lambda step: None, self)

    def add(self, lo: int, hi: int, months: list[dict[str, NDArray[Any]]]) -> None:
        self.months = self.months or [[] for _ in months]
        for world, month, kept in zip(self.trace.worlds, months, self.months, strict=True):
            found = {name: month[name][: hi - lo].astype(np.int64) for name in SEEN}
            kept.append(found | {name: world.columns[name].astype(np.int64) for name in KEPT if name in world.columns})


@cache
def lived(name: str, start: str = "2019-08", silent: bool = False) -> list[Months]:
    """The months of `none` and of a regime, in one block; silent: the regime taps no channel and matches nobody."""
    scenario = declared(PEOPLE, MONTHS, ("none", name), start)
    if silent:
        blind = catalogue.regime(name, [("channels", "null")])
        scenario = replace(scenario, regimes=(scenario.regimes[0], blind))
    told = Lived()
    cpu.simulate(scenario, 1, threads=1, block=PEOPLE, trace=told.trace)
    return told.months


REGIMES = ("citizen-score", "defaulter-lists-2018")


@pytest.mark.parametrize("name", REGIMES)
def test_nobody_is_on_a_list_without_having_entered_it(name: str) -> None:
    before = np.zeros(PEOPLE, np.int64)
    entries = exits = 0
    for month in lived(name)[1]:
        entered, left = month["entered"], month["left"]
        assert not (entered & before).any()
        assert not (left & ~before).any()
        assert np.array_equal(month["lists"], (before & ~left) | entered)
        before = month["lists"]
        entries, exits = entries + int((entered > 0).sum()), exits + int((left > 0).sum())
    assert entries > 10
    assert exits > 0
    assert not any(month["lists"].any() for month in lived(name)[0])


def test_a_term_is_a_month_shorter_each_month_and_ends_with_the_list() -> None:
    made = regime("citizen-score")
    number, listed = next((k, made.lists[n]) for k, n in enumerate(made.lists) if n == "no-travel")
    assert listed.term is not None
    acts, longest = sum(1 << ACT[act] for act in listed.acts), int(listed.term.value)
    months = lived("citizen-score")[1]
    on = [(month["lists"] >> number) & 1 for month in months]
    row = next(r for r in range(months[0]["term"].shape[0]) if np.array_equal(months[-1]["term"][r] > 0, on[-1] > 0))
    terms = [month["term"][row].astype(int) for month in months]
    for t in range(1, len(months)):
        assert np.array_equal(terms[t] > 0, on[t] == 1)
        assert terms[t].max() <= longest
        calm = (months[t]["seen"] & acts) == 0
        assert np.array_equal(terms[t][calm], np.maximum(terms[t - 1][calm] - 1, 0))
    ended = sum(int(((a == 1) & (b == 0)).sum()) for a, b in pairwise(terms))
    assert ended > 0


@pytest.mark.parametrize("name", REGIMES)
def test_each_demand_ends_passed_or_refused_and_is_the_same_in_both_worlds(name: str) -> None:
    """Applications for work and loans are lodged from state, and only singles look for a partner: these may differ."""
    lodged = gate("job", "loan", "dating")
    free, ruled = lived(name)
    refused = 0
    for mine, other in zip(free, ruled, strict=True):
        assert np.array_equal(mine["tried"] & ~lodged, other["tried"] & ~lodged)
        for month in (mine, other):
            tried, no = month["tried"], month["refused"]
            assert not (no & ~tried).any()
            assert not (month["refused_regime"] & ~no).any()
            for number in GATE.values():
                asked, turned = (((column >> number) & 1).sum() for column in (tried, no))
                passed = ((tried & ~no) >> number & 1).sum()
                assert turned + passed + (PEOPLE - asked) == PEOPLE
        refused += int((other["refused_regime"] > 0).sum())
        assert not mine["refused_regime"].any()
    assert refused > 0


def test_whom_no_channel_shows_has_no_record() -> None:
    blind, sighted = lived("citizen-score", silent=True)[1], lived("citizen-score")[1]
    assert any(month["seen"].any() for month in sighted)
    for month in blind:
        assert not month["seen"].any()
        assert not month["false_new"].any()
        assert not month["conduct"].any()


@pytest.mark.parametrize("name", ["fraud", "serious_offence", "award"])
def test_doubling_a_rare_rate_doubles_its_flow(name: str) -> None:
    """Within three standard errors; the envelope, from which candidates are drawn, exactly."""
    society = catalogue.society("china-2020")
    rate = society.acts[name].rate
    people, rounds = 6_000, 60
    flows, widths = [], []
    for factor in (1, 2):
        path, value = f"acts.{name}.rate", f"{rate * factor}"
        other = catalogue.society("china-2020", [(path, value)])
        made = build(settle(other, 1024, 1), regime("none"), SCHEDULE).tables(Month.parse("2020-06"))
        found = {key: made[key] for key in ("envelope", "group_totals", "group_acts", "group_bound")}
        group, at = (int(k[0]) for k in np.nonzero(found["group_acts"] == ACT[name]))
        widths.append(np.diff(found["envelope"][group, 15].astype(float), prepend=0.0)[at])
        done = 0
        for seed in range(rounds):
            left = bench("conduct", many(people, cell=15), words(len(found["group_acts"]), people, seed), **found)
            done += int(((left.array("acts") >> ACT[name]) & 1).sum())
        flows.append(done)
    once, twice = flows
    assert widths[1] == pytest.approx(2 * widths[0], rel=1e-4)  # differences of cumulated float32
    assert widths[1] < 0.01
    assert once > 5
    assert abs(twice - 2 * once) <= 3 * np.sqrt(twice + 4 * once)


# -- toy versions that this model is not -------------------------------------------------------------------------------

PRESS = "citizen-score"
N = 4_000


def test_an_appeal_waits_in_a_queue() -> None:
    waiting = many(N, false_points=20, false_months=APPEALED | 20)
    corrected = []
    for share in (0.0, 0.5, 1.0):
        left = bench(
            "redress", waiting, words(3, N), regime=PRESS, gazette=[0, 0, 0, share, 0, 0], appeal_accuracy=2**32
        )
        corrected.append(left.array("corrected").mean())
    assert corrected == pytest.approx([0, 0.5, 1], abs=0.03)


def test_relief_moves_savings() -> None:
    poor = many(N, flags=OUT_OF_WORK | IN_NEED, buffer=8, age=40)
    none, given = (
        bench("livelihood", poor, words(4, N), relief_shown=r).array("buffer").astype(int) for r in (0.0, 0.5)
    )
    assert (given >= none).all()
    assert (given - none).mean() > 3


def test_joining_is_no_fixed_share_but_follows_ties() -> None:
    joined = [
        (
            bench("enrolment", many(N, company=8, friends_scored=k), words(2, N), regime=PRESS, date="2016-06").array(
                "flags"
            )
            & ENROLLED
            > 0
        ).sum()
        for k in (0, 4, 8)
    ]
    assert joined[0] < joined[1] < joined[2]


def test_secrecy_is_no_label() -> None:
    people = many(N, cell=15, flags=ENROLLED | AWARE, score=560 * 32)
    known, secret = (
        bench("conduct", people, words(7, N), regime=PRESS, settings=(f"score.rules={r}",), group_bound=4.0)
        for r in ("known", "secret")
    )
    assert known.acts_free == secret.acts_free
    assert known.acts != secret.acts


def test_spillover_reads_the_household_and_reaches_children() -> None:
    word = int(tables(PRESS)["demand"][5, 1, 3]) - 1  # a school is wanted
    people = [
        {
            "flags": ENROLLED,
            "score": 900 * 32,
            "score_own": 900 * 32,
            "score_true": 900 * 32,
            "score_alone": 900 * 32,
            **p,
        }
        for p in ({"parent": 1, "household_listed": 1}, {"parent": 1}, {"household_listed": 1})
    ]
    left = bench("standing", people, {4: word, 7: 123456}, regime=PRESS, school_papers=0)
    assert left.refused == [gate("school"), 0, 0]


def test_the_true_offender_goes_free_where_another_has_the_record() -> None:
    did = many(N, acts=1 << ACT["fraud"])
    straight, astray = (
        (bench("observation", did, words(4, N), regime=PRESS, gazette=[0, 0, 0, 1, s, 0]).array("seen") > 0)
        for s in (0.0, 0.5)
    )
    assert (astray <= straight).all()
    assert astray.mean() == pytest.approx(straight.mean() / 2, abs=0.03)


def test_the_friends_factor_is_of_friends_and_not_of_ones_own_score() -> None:
    ties = [
        {"flags": ENROLLED, "score": s, "friends_scored": 4, "friends_score": 4 * f * 32}
        for s in (400 * 32, 900 * 32)
        for f in (500, 700)
    ]
    found = bench("score", ties, regime=PRESS, gazette=[600, 0, 0, 1, 0, 0]).array("score").astype(int)
    assert found[0] == found[2] < found[1] == found[3]


def test_ties_are_not_all_alike() -> None:
    found = tables()
    assert len({round(float(found["worth_of_kind"][k]), 4) for k in found["kind_of_slot"]}) >= 4


def test_a_firm_has_cash_and_without_it_wages_come_late() -> None:
    rich, poor = (build(land(), regime("none", ()), SCHEDULE) for _ in range(2))
    poor.firms["cash"][:] = -64
    shown = []
    for one in (rich, poor):
        engine = cpu.Engine([one], SCHEDULE, 1, 1, 1024)
        engine.set_tables(Month.parse("2020-06"))
        engine.run_rows(1)
        shown.append(int((one.firms["flags"] & WAGES_LATE > 0).sum()))
        engine.crew.close()
    assert shown[0] < shown[1]
