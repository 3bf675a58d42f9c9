"""What reaches the scorer's record, what the law notices, and whose record it is written on."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from month.bench import act, bench, land, many, regime, tables, words
from sincerity.declare.vocabulary import ACTS, CHANNELS
from sincerity.month.gates import ACT
from sincerity.month.observation import CONDUCT_ACCOUNT
from sincerity.people.columns import DISORDER

PRESS = "citizen-score"
FOUND = tables(PRESS)
N = 4000
EVERYTHING = 2**32 - 1
ALWAYS = 2**32
QUIET = {2: 2**32 - 1}


def seen(name: str, channels: int = 0xFFFF, **changes: Any) -> np.ndarray:
    left = bench("observation", many(N, acts=act(name), channels=channels), words(4, N), regime=PRESS, **changes)
    return np.asarray((left.array("seen") & act(name)) > 0)


def test_who_uses_no_channel_has_no_record() -> None:
    left = bench("observation", many(N, acts=EVERYTHING, channels=0), words(4, N), regime=PRESS)
    assert not left.array("seen").any()


def test_what_is_not_done_is_not_seen() -> None:
    left = bench("observation", many(N, acts=act("fraud")), words(4, N), regime=PRESS)
    assert set(left.seen) | set(left.caught) <= {0, act("fraud")}


def test_without_a_scorer_the_law_still_notices() -> None:
    left = bench("observation", many(N, acts=act("disorder"), neighbours=9), words(4, N))
    assert not left.array("seen").any()
    caught = (left.array("caught") > 0).mean()
    assert caught == pytest.approx(int(tables()["act_caught"][ACT["disorder"]]) / 2**32, abs=0.02)


@pytest.mark.parametrize("name", ["tax_evasion", "buys_diapers", "exercises", "petition", "judgment"])
def test_an_act_is_seen_as_often_as_its_channel_is_sensitive(name: str) -> None:
    assert seen(name).mean() == pytest.approx(float(FOUND["act_seen"][ACT[name]]), abs=0.03)


def test_an_act_is_seen_only_through_a_channel_that_shows_it() -> None:
    shops = 1 << CHANNELS.index("shops online")
    assert seen("buys_diapers", shops).any()
    assert not seen("buys_diapers", 0xFFFF & ~shops).any()


@pytest.mark.parametrize("channel", ["cameras", "number plates"])
def test_each_channel_sees_with_its_own_sensitivity(channel: str) -> None:
    expected = float(regime(PRESS).channels[channel].sensitivity)
    assert seen("traffic_offence", 1 << CHANNELS.index(channel)).mean() == pytest.approx(expected, abs=0.03)


def test_detection_grows_with_sensitivity() -> None:
    found = [seen("fare_dodging", settings=(f"channels.cameras.sensitivity={s}",)) for s in (0, 0.2, 0.5, 1)]
    for less, more in pairwise(found):
        assert (less <= more).all()
    assert not found[0].any()
    assert found[-1].all()


def test_the_offenders_whose_records_fall_on_others_go_free() -> None:
    half = [0, 0, 0, 0, 0.5, 0]
    assert (seen("fraud", gazette=half) <= seen("fraud")).all()
    assert seen("fraud", gazette=half).mean() == pytest.approx(seen("fraud").mean() / 2, abs=0.03)
    assert (seen("charity", gazette=half) == seen("charity")).all()  # nobody's good deed goes astray


def test_the_law_notices_below_its_threshold_and_fines() -> None:
    people = many(1, acts=act("serious_offence"), buffer=200)
    left = bench("observation", people, QUIET, regime=PRESS)
    assert left.caught == [act("serious_offence")]  # caught for certain
    fine = float(FOUND["act_fine"][ACT["serious_offence"]])
    assert left.buffer == [200 - round(16 * fine)]
    assert bench("observation", many(1, acts=act("serious_offence"), buffer=3), QUIET).buffer == [0]


def test_small_fines_are_paid_on_average() -> None:
    left = bench("observation", many(N, acts=act("traffic_offence"), buffer=100), words(4, N), act_caught=ALWAYS)
    paid = 100 - left.array("buffer").mean()
    assert paid == pytest.approx(16 * float(FOUND["act_fine"][ACT["traffic_offence"]]), abs=0.03)


def test_a_false_record_is_written_below_the_threshold() -> None:
    edge = int(FOUND["false_match"][0])
    left = bench("observation", many(2), [{2: edge - 1}, {2: edge}], regime=PRESS)
    assert left.false_new[0] in FOUND["false_cost"]
    assert left.false_new[0] > 0
    assert left.false_new[1] == 0
    assert left.seen == [0, 0]  # it is no act of theirs
    minority = bench("observation", many(1, minority=1), {2: edge}, regime=PRESS)
    assert minority.false_new[0] > 0


def test_false_records_fall_on_acts_in_proportion_and_on_their_account() -> None:
    n = 20_000
    left = bench("observation", many(n), words(4, n), regime=PRESS, false_match=ALWAYS)
    pairs = list(zip(FOUND["false_cost"].tolist(), FOUND["false_account"].tolist(), strict=True))
    shares = np.diff(FOUND["false_cumulated"].astype(np.float64), prepend=0.0) / 2**32
    found = list(zip(left.false_new, [int(m == CONDUCT_ACCOUNT) for m in left.false_months], strict=True))
    for pair in set(pairs):
        expected = sum(s for s, p in zip(shares, pairs, strict=True) if p == pair)
        assert found.count(pair) / n == pytest.approx(expected, abs=0.015)


def test_nobody_carries_two_false_records() -> None:
    left = bench("observation", many(1, false_points=3, false_months=5), {2: 0}, regime=PRESS, false_match=ALWAYS)
    assert left.false_new == [0]
    assert left.false_months == [5]


def test_neighbours_report_more_the_less_they_overlook() -> None:
    counts = []
    for tolerance in (255, 100, 0):
        people = many(N, neighbours=9, neighbours_disorderly=9, tolerance=tolerance)
        left = bench("observation", people, words(4, N), regime=PRESS, reports=0.1)
        reported = (left.array("acts") & act("report_neighbour")) > 0
        assert (reported == ((left.array("seen") & act("report_neighbour")) > 0)).all()
        counts.append(int(reported.sum()))
    assert counts[0] == 0
    assert counts[1] < counts[2]
    assert counts[2] / N == pytest.approx(0.9, abs=0.03)


def test_one_reports_only_harm_above_ones_tolerance() -> None:
    harm, most = float(FOUND["act_harm"][ACT["disorder"]]), float(FOUND["overlooks"])
    edge = int(255 * harm / most)
    ready = []
    plain: dict[str, Any] = {"grudges": 0.0, "disorder_share": 1.0, "report_pull": 0.0}
    for tolerance in (edge, edge + 1):
        people = many(N, neighbours=9, neighbours_disorderly=9, tolerance=tolerance)
        left = bench("observation", people, words(4, N), regime=PRESS, reports=0.1, **plain)
        ready.append(((left.array("acts") & act("report_neighbour")) > 0).mean())
    assert ready[0] == pytest.approx(0.9, abs=0.03)
    assert ready[1] == 0


def reports(**changes: Any) -> tuple[float, float]:
    """Share reported of the disorderly among neighbours of all tolerances, and share of neighbours who report one."""
    settled: dict[str, Any] = {
        "regime": PRESS,
        "reports": 0.1,
        "grudges": 0.0,
        "disorder_share": 1.0,
        "report_pull": 0.0,
    }
    own = bench(
        "observation", many(N, acts=act("disorder"), channels=0, neighbours=4), words(4, N), **(settled | changes)
    )
    quantiles = np.linspace(0, 1, N, endpoint=False)
    tolerances = np.sort(land().traits.kernel.tolerance)[(quantiles * 256).astype(int)]
    others = [{"neighbours": 4, "neighbours_disorderly": 4, "tolerance": int(t)} for t in tolerances]
    theirs = bench("observation", others, words(4, N, 5), **(settled | changes))
    return (
        float(((own.array("seen") & act("disorder")) > 0).mean()),
        float(((theirs.array("acts") & act("report_neighbour")) > 0).mean()),
    )


@pytest.mark.parametrize(
    "change", [{}, {"report_pull": 0.6}, {"gazette": [0, 0, -0.8, 1, 0, 0]}, {"gazette": [0, 0, 0.8, 1, 0, 0]}]
)
def test_who_is_reported_and_who_reports_come_from_one_chance(change: dict[str, Any]) -> None:
    reported, reporting = reports(**change)
    assert reported == pytest.approx(reporting, abs=0.035)
    assert reported > 0.1


def test_tolerance_falls_with_rewards_and_disorder_and_rises_with_calm() -> None:
    wild, calm = {"gazette": [0, 0, -1.0, 1, 0, 0]}, {"gazette": [0, 0, 1.0, 1, 0, 0]}
    usual, paid, unruly, quiet = (reports(**c)[0] for c in ({}, {"report_pull": 0.6}, wild, calm))
    assert quiet < usual < min(paid, unruly)
    assert reports(report_pull=1.0)[0] == pytest.approx(0.4, abs=0.03)  # nobody overlooks anything
    assert tables(PRESS)["report_pull"] > 0 == tables()["report_pull"]


def test_grudges_are_records_of_nothing_and_the_reporters_gain() -> None:
    left = bench("observation", many(N, neighbours=5), words(4, N), regime=PRESS, grudges=0.04, false_match=0)
    hit, gained = left.array("grudge") > 0, (left.array("seen") & act("report_neighbour")) > 0
    assert hit.mean() == pytest.approx(0.2, abs=0.03)
    assert gained.mean() == pytest.approx(0.2, abs=0.03)
    assert set(left.array("false_new")[hit]) == {int(FOUND["grudge_cost"])}
    assert not left.array("false_new")[~hit].any()
    assert set(left.array("false_months")[hit]) == {CONDUCT_ACCOUNT}
    burdened = many(N, neighbours=5, false_points=9)
    assert not bench("observation", burdened, words(4, N), regime=PRESS, grudges=0.04).array("grudge").any()
    assert tables()["grudges"] == tables(PRESS, "2014-06")["grudges"] == 0 < tables(PRESS)["grudges"]


def test_those_without_neighbours_are_reported_by_nobody() -> None:
    alone, watched = (
        bench(
            "observation",
            many(N, acts=act("disorder"), channels=0, neighbours=k),
            words(4, N),
            regime=PRESS,
            reports=0.1,
        )
        for k in (0, 9)
    )
    assert not alone.array("seen").any()
    assert watched.array("seen").any()


def test_disorder_is_shown_and_last_months_forgotten() -> None:
    left = bench("observation", [{"flags": DISORDER}, {"acts": act("disorder")}, {"acts": act("fraud")}])
    assert left.flags == [0, DISORDER, 0]


def test_every_penalised_act_can_be_seen_somewhere() -> None:
    for name in ACTS:
        if FOUND["points_credit"][ACT[name]] or FOUND["points_conduct"][ACT[name]]:
            special = name in ("report_neighbour", "critical_post")
            assert special or FOUND["act_channels"][ACT[name]] > 0
