"""Scenarios: names, numbers and settings become one description, or all problems at once."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sincerity.declare.catalogue import society_names
from sincerity.declare.emit import emit, plant
from sincerity.declare.figures import Figure, Figures
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.scenario import Month, Scenario, read, rebuild, scenario
from sincerity.declare.tree import Node, Row, Source, Table, read_node

BOTH = ["none", "citizen-score"]


def value(found: Scenario, path: str) -> Decimal:
    figure = dict(found.figures())[path]
    assert isinstance(figure, Figure)
    return figure.value


def test_defaults() -> None:
    found = scenario(BOTH)
    assert [regime.name for regime in found.regimes] == BOTH
    assert (found.people, found.start, found.months, found.seeds) == (100_000, Month(2014, 6), 96, (1, 2, 3))
    assert found.warnings == ()


def test_one_regime_may_be_given_by_itself() -> None:
    assert scenario("none") == scenario(["none"])


def test_it_loads_quickly() -> None:
    scenario(BOTH)
    start = time.process_time()
    scenario(BOTH)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("given_people", "people"),
    [("10k", 10_000), ("1m", 10**6), ("1.3e9", 1_300_000_000), ("2.5K", 2_500), ("12,000", 12_000), (1_000, 1_000)],
)
def test_people(given_people: str | int, people: int) -> None:
    assert scenario(["none"], people=given_people).people == people


def test_full_is_the_number_of_adults() -> None:
    found = scenario(["none"], people="full")
    assert found.people == found.society.adults
    assert 1.0e9 < found.people < 1.2e9


@pytest.mark.parametrize(
    ("given_people", "said"),
    [
        ("999", "too few"),
        (0, "too few"),
        ("3e9", "too many"),
        ("1e99", "too many"),
        ("-5k", "is no number of people"),
        ("many", "is no number of people"),
        ("", "is no number of people"),
        ("1e-9", "is no number of people"),
        (True, "is no number of people"),
    ],
)
def test_people_out_of_bounds(given_people: str | int, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        scenario(["none"], people=given_people)
    assert "1,000 to 2,147,483,648" in str(caught.value)


def test_long_runs_and_late_phases_warn() -> None:
    assert "20 years" in scenario(["none"], years=20).warnings[0]
    assert scenario(["none"], people="full").warnings == ()
    (large,) = scenario(["none"], people="1.3e9").warnings
    assert large == "1,300,000,000 people are more than the 1,112,784,302 adults of china-2020: a size test."
    late = scenario(BOTH, start="1990-01", years=2)
    assert "citizen-score begins in 2015-01, after the last month of the run (1991-12)" in late.warnings[0]


def test_all_problems_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        scenario(
            ["none", "citizn-score", "none"],
            society="china-2002",
            people="5",
            start="2014",
            years="0",
            seed="-1",
            seeds="0",
            settings=["run.pepole=3", "no-equals-sign", "points.fraud=[1", "run.years=x"],
        )
    said = str(caught.value)
    for part in (
        "did you mean `citizen-score`?",
        "two regimes are called `none`",
        "did you mean `china-2020`?",
        "--people: 5 people are too few",
        "--start: `2014` is no month",
        "--set run.years: `x` is not possible here",
        "--seed: `-1` is not possible here",
        "--seeds: `0` is not possible here",
        "did you mean `run.people`?",
        "a setting has a path and a value",
        "this is not YAML",
    ):
        assert part in said
    assert len(caught.value.problems) == 11


def test_settings_reach_what_they_name() -> None:
    found = scenario(
        BOTH,
        settings=[
            "citizen-score.points.fraud=-40",
            "gates.loan.threshold=560",
            "lists.no-travel.term=6",
            "society.acts.fraud.rate=0.02",
            "society.speech.loss=2",
            "phases.1.from=2016-01",
            "lists.no-travel.acts.fraud=0.7",
            "society.demand.flight.steep=3",
            "run.people=20k",
            "run.seeds=2",
        ],
    )
    assert found.people == 20_000
    assert found.seeds == (1, 2)
    assert value(found, "citizen-score.points.fraud") == -40
    assert value(found, "citizen-score.gates.loan.threshold") == 560
    assert value(found, "citizen-score.lists.no-travel.term") == 6
    assert found.society.acts["fraud"].rate == Decimal("0.02")
    assert found.regimes[1].phases[0].from_ == Month(2016, 1)
    by_hand = {path for path, figure in found.figures() if figure.source == "set by hand"}
    assert by_hand == {
        "citizen-score.points.fraud",
        "citizen-score.gates.loan.threshold",
        "citizen-score.lists.no-travel.term",
        "citizen-score.lists.no-travel.acts.fraud",
        "society.acts.fraud.rate",
        "society.speech.loss",
        "society.demand.flight.steep",
    }
    assert read(found.resolved()) == found


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("points.frau=-40", "did you mean `points.fraud`?"),
        ("citizen-score.points.frau=-40", "did you mean `citizen-score.points.fraud`?"),
        ("speech.loss=2", "did you mean `society.speech.loss`?"),
        ("society.points.fraud=2", "nothing has the path `society.points.fraud`"),
        ("gates.loan.threshold=1200", "expected 350 to 950"),
        ("gates.loan.lists=[defaulter]", "did you mean `defaulters`?"),
        ("gates.loan.threshold=high", "`high` is no number"),
        ("score.factors.ties=0.5", "the weights sum to 1.45"),
        ("society.livelihood.surplus=3", "expected a list"),
        ("society.acts.fraud.rate=-1", "expected 0 or more"),
        ("phases.1.from=2021-01", "2020-01 is not after 2021-01"),
        ("phases.7.from=2021-01", "nothing has the path"),
        ("none.title=null", "`title` is missing"),
        ("run=3", "nothing has the path `run`"),
        ("=", "a setting has a path and a value"),
    ],
)
def test_settings_that_cannot_be(setting: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        scenario(BOTH, settings=[setting])
    assert said in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(path=st.text("abc.=-_ 0\n", max_size=12), given_value=st.text("abc.=[]{}:,-&* 01\n\t", max_size=12))
def test_any_setting_is_bad_input_or_a_scenario(path: str, given_value: str) -> None:
    try:
        scenario(["none"], settings=[f"{path}={given_value}", f"none.title={given_value}"])
    except BadInput as error:
        assert error.problems  # noqa: PT017 - either outcome is right


def test_figures_say_where_they_are_from() -> None:
    found = scenario(BOTH)
    figures = dict(found.figures())
    assert len(figures) == len(found.figures())
    assert figures["society.livelihood.surplus"].assumed
    assert isinstance(figures["society.livelihood.surplus"], Figures)
    rate = figures["society.acts.fraud.rate"]
    assert (rate.source, rate.low, rate.high) == ("assumed", Decimal("0.005"), Decimal("0.02"))
    harm = figures["society.acts.award.harm"]
    assert harm.low is not None
    assert harm.high is not None
    assert harm.low < harm.high
    assert not figures["society.acts.serious_offence.rate"].assumed
    assert "citizen-score.channels.bank and payments.sensitivity" in figures
    assert "citizen-score.lists.no-travel.acts.fraud" in figures
    for path, figure in figures.items():
        assert figure.unit, path
        assert figure.date, path
        assert figure.source, path
    assert dict(found.assumed()) == {path: figure for path, figure in figures.items() if figure.assumed}
    assert 0 < len(found.assumed()) < len(figures)
    without_range = {path for path, figure in found.assumed() if figure.low is None}
    assert without_range == {path for path in figures if path.endswith(".steep")}


def test_a_removed_point_is_one_figure_less() -> None:
    assert len(scenario(BOTH).figures()) == len(scenario(BOTH, settings=["points.fraud=null"]).figures()) + 1


@pytest.mark.parametrize("name", society_names())
def test_resolved_gives_the_scenario_back(name: str) -> None:
    found = scenario(BOTH, society=name, people="12k", start="2015-03", years=3, seed=7, seeds=2)
    text = found.resolved()
    again = read(text)
    assert again == found
    assert again.resolved() == text
    assert again.society.folder == found.society.folder


def test_a_scenario_grows_from_plain_values_as_from_their_text() -> None:
    found = scenario(BOTH, people="12k", start="2015-03", years=3, seed=7, seeds=2)
    run = {"people": found.people, "start": str(found.start), "months": found.months, "seeds": list(found.seeds)}
    society, *regimes = (
        one.model_dump(exclude_none=True, exclude_defaults=True) for one in (found.society, *found.regimes)
    )
    assert rebuild({"run": run, "regimes": regimes, "society": society}) == found
    with pytest.raises(BadInput, match="no resolved scenario"):
        rebuild({"run": 3})
    society["livelihood"]["shock_chance"]["value"] = Decimal(2)
    with pytest.raises(BadInput, match="out of range"):
        rebuild({"run": run, "regimes": regimes, "society": society})


@pytest.mark.parametrize("text", ["", "run: 3", "run: {}\nregimes: []\nsociety: {}\n", "regimes: [1]"])
def test_a_text_that_is_no_resolved_scenario(text: str) -> None:
    with pytest.raises(BadInput):
        read(text)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.text(max_size=30) | st.lists(st.text(max_size=8), max_size=3) | st.decimals(-1000, 1000, places=4),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_read(data: dict[str, Any]) -> None:
    problems: list[Problem] = []
    tree = read_node(emit({"all": data}), Source("text"), problems)
    assert problems == []
    assert isinstance(tree, Table)
    assert _marked(plant({"all": data}, "text")) == _marked(tree)
    assert _plain(tree.entries["all"]) == {
        key: [str(item) for item in value] if isinstance(value, list) else str(value) for key, value in data.items()
    }


def _marked(node: Node) -> Any:
    """What a tree says, and which of its texts stand in quotes; not where."""
    if isinstance(node, Table):
        return {key: _marked(inner) for key, inner in node.entries.items()}
    return [_marked(item) for item in node.items] if isinstance(node, Row) else (node.text, node.quoted)


def _plain(node: Node) -> Any:
    if isinstance(node, Table):
        return {key: _plain(inner) for key, inner in node.entries.items()}
    return [_plain(item) for item in node.items] if isinstance(node, Row) else node.text


def test_months() -> None:
    month = Month.parse("2014-06")
    assert str(month + 7) == "2015-01"
    assert month - 6 == Month(2013, 12)
    assert Month(2016, 1) - month == 19
    assert Month(2014, 12) < Month(2015, 1)
    for wrong in ("2014", "2014-13", "14-06", "2014-6", "junk", "٢٠١٤-٠٦"):
        with pytest.raises(ValueError, match="not a month"):
            Month.parse(wrong)


@given(st.integers(1950, 2100), st.integers(1, 12), st.integers(-500, 500))
def test_months_add_and_subtract(year: int, month: int, steps: int) -> None:
    start = Month(year, month)
    assert (start + steps) - start == steps
    assert (start + steps) - steps == start


def test_a_setting_may_state_what_a_section_leaves_out() -> None:
    settings = ["safeguards.no_guilt_by_tie=yes", "citizen-score.rated.exempt=[officials]"]
    (made,) = scenario(["citizen-score"], people="10k", settings=settings).regimes
    assert made.safeguards is not None
    assert made.safeguards.no_guilt_by_tie
    assert made.rated is not None
    assert made.rated.exempt == ("officials",)
