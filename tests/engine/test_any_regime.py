"""Any valid regime compiles to tables, runs, and keeps every score inside its range."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.living import live
from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import Scenario, scenario
from sincerity.people.columns import ENROLLED

PEOPLE, MONTHS, START = 1_003, 3, "2019-11"  # over a new year, when what is counted by the year begins anew
NAMES = tuple(catalogue.regime_names())
SWITCHES = (
    "score.rules=known", "score.rules=secret", "score.shown_to=[self]", "score.shown_to=[self, ties, officials, shops]",
    "score.updated={value: 3, unit: months, date: 2020, source: assumed, low: 1, high: 6}",
    "balance={value: 0.3, unit: share of all points on rewards, date: 2020, source: assumed, low: 0, high: 1}",
    "safeguards.same_context=yes", "safeguards.no_guilt_by_tie=yes", "rated.exempt=[officials]", "ties=null",
    "inference=null", "nudges=null", "stigma=null", "campaign=null", "safeguards=null", "enrolment=null", "lists=null",
)  # fmt: skip


SOCIETY = catalogue.society("china-2020")


@cache
def ranges(name: str) -> tuple[tuple[str, float, float], ...]:
    """The figures of a regime for which a range is declared: path, low, high."""
    found = scenario([name], people=PEOPLE).figures()
    own = [(path.removeprefix(f"{name}."), figure) for path, figure in found if path.startswith(f"{name}.")]
    return tuple((p, float(f.low), float(f.high)) for p, f in own if f.low is not None and f.high is not None)


@st.composite
def regimes(draw: st.DrawFn) -> Scenario:
    """A regime of the catalogue with some figures drawn from their ranges and some switches thrown."""
    name = draw(st.sampled_from(NAMES))
    given = list(draw(st.lists(st.sampled_from(SWITCHES), max_size=3, unique_by=lambda s: s.partition("=")[0])))
    if ranges(name):
        for path, low, high in draw(st.lists(st.sampled_from(ranges(name)), max_size=8, unique=True)):
            value = draw(st.floats(low, high)) if low <= high else low
            given.append(f"{path}={value:.5f}")
    try:
        made = catalogue.regime(name, [pair(setting) for setting in given])
    except BadInput:  # a list left while still below it, weights that do not sum to 1
        assume(False)
    return Scenario(SOCIETY, (made,), PEOPLE, Month.parse(START), MONTHS, (1,))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(regimes())
def test_it_runs_and_scores_stay_on_their_scale(wanted: Scenario) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sincerity.engine.cpu.WARM_UP_MONTHS", 2)
        (world,) = live(wanted, threads=1).worlds
    (made,) = wanted.regimes
    columns = world.columns
    if made.score is None:
        assert not columns["score"].any()
        return
    scores = columns["score"][(columns["flags"] & ENROLLED) != 0] / 32
    low, high = float(made.score.lowest), float(made.score.highest)
    assert len(scores) == 0 or max(low, 1 / 32) <= scores.min() <= scores.max() <= high
    assert not columns["score"][(columns["flags"] & ENROLLED) == 0].any()


def test_much_of_what_is_drawn_is_valid() -> None:
    """Else the property above would hold for want of cases."""
    assert all(len(ranges(name)) > 10 for name in ("citizen-score", "sesame-2015", "rongcheng-2019", "fico-us"))
    assert sum(valid("citizen-score", switch) for switch in SWITCHES) > len(SWITCHES) / 3


def valid(name: str, switch: str) -> bool:
    try:
        catalogue.regime(name, [pair(switch)])
    except BadInput:
        return False
    return True


def pair(setting: str) -> tuple[str, str]:
    path, _, value = setting.partition("=")
    return path, value
