"""Which reform saves most: ranked within each right, seed by seed, and never summed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sincerity.declare.problems import BadInput
from sincerity.report import page
from sincerity.report import reforms as shown
from sincerity.study.entries import PROMISES, RIGHTS
from sincerity.study.reforms import asked_of, keep_asked, reforms, worlds_of
from sincerity.study.rules import _cheaper
from sincerity.study.study import Study
from study.fake import fake_scenario, make_study

WORLDS = ("none", "citizen-score", "no-friends", "with-appeal", "own")
CHANGED = {
    ("no-friends", "by_ties_ever"): (0, 0, 0),
    ("no-friends", "refused_seat"): (-6, -4, -5),
    ("with-appeal", "refused_seat"): (-5, -6, -4),
    ("own", "refused_seat"): (-1, -1, -1),
    ("with-appeal", "late"): (9, 8, 7),
    ("own", "late"): (9, -9, 0),
    ("with-appeal", "on_list"): (30, 20, 30),
}
"""(world, measure) -> people added in every month, a seed each; 0 for all seeds: the measure is gone."""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = make_study(tmp_path / "runs", fake_scenario(regimes=WORLDS))
    rows = made.census.to_pylist()
    for row in rows:
        more = CHANGED.get((row["world"], row["measure"])) if row["by"] == "all" else None
        if more is not None:
            row["count"] = max(0, row["count"] + more[row["seed"] - 1]) if any(more) else 0
    made.__dict__["census"] = pa.Table.from_pylist(rows, schema=made.census.schema)
    return made


def test_who_saves_most_is_ranked_and_what_chance_cannot_tell_is_level(study: Study) -> None:
    found = reforms(study, "citizen-score", WORLDS[2:])
    seats = found.line("seats")
    assert seats.leads
    assert [(change.reform, change.rank, change.level) for change in seats.ranked] == [
        ("no-friends", 1, True),
        ("with-appeal", 2, True),
        ("own", 3, False),
    ]
    first = seats.change("no-friends")
    assert (first.better, first.low, first.high) == pytest.approx((2.5, 2.0, 3.0))
    assert seats.regime - first.figure == pytest.approx(first.better)
    ties = found.line("dragged")
    assert [change.reform for change in ties.ranked] == ["no-friends"]
    assert ties.change("no-friends").better == pytest.approx(ties.regime)


def test_costs_of_promises_are_clear_or_open(study: Study) -> None:
    late = reforms(study, "citizen-score", WORLDS[2:]).line("late")
    assert late.change("with-appeal").clear == "worse"
    assert late.change("with-appeal").better == pytest.approx(-4.0)
    assert late.change("own").clear == ""
    assert shown.cost(late.change("own"), late).endswith(shown.OPEN) == bool(late.change("own").better)


def test_standings_count_rights_and_sum_nothing(study: Study) -> None:
    found = reforms(study, "citizen-score", WORLDS[2:])
    standings = {each.reform: each for each in found.standings}
    assert standings["no-friends"].alone == ("guilt by tie, by guess",)
    assert standings["no-friends"].level == standings["with-appeal"].level == ("movement",)
    assert "proportionality" in standings["with-appeal"].worse
    assert standings["with-appeal"].costs == ("debts",)
    assert standings["own"].alone == ()
    for line in found:
        level = [change.reform for change in line.changes if change.level]
        assert bool(level) == bool(line.ranked)


def test_every_right_and_promise_is_led_by_one_entry_or_not_ranked(study: Study) -> None:
    found = reforms(study, "citizen-score", WORLDS[2:])
    for entries, kind in ((RIGHTS, "right"), (PROMISES, "promise")):
        led = [line.heading for line in found.leading(kind)]
        assert len(led) == len(set(led))
        assert set(led) == {entry.heading for entry in entries if entry.good and entry.kind == kind}
    assert not any(change.rank for change in found.line("disapprove").changes)
    assert found.line("health").few


def test_the_catalogue_says_which_worlds_are_reforms(study: Study) -> None:
    assert asked_of(study) == ("citizen-score", ("no-friends", "with-appeal"))
    keep_asked(study, "citizen-score", WORLDS[2:])
    assert asked_of(study) == ("citizen-score", WORLDS[2:])
    assert worlds_of("citizen-score", ["mine.yaml"])[:2] == ("none", "citizen-score")
    assert {"no-friends", "mine.yaml"} < set(worlds_of("citizen-score", ["mine.yaml"]))
    with pytest.raises(BadInput, match="no reform of `suining-2010`"):
        worlds_of("suining-2010")


def test_text_fits_and_page_says_that_there_is_no_grade(study: Study) -> None:
    found = study.reforms()
    assert found is not None
    lines = shown.lines(study, found)
    assert max(map(len, lines)) <= shown.WIDEST
    assert any("no single grade" in line for line in lines)
    table = found.to_arrow()
    assert table.num_rows == len(found.lines) * len(found.names)
    assert np.isfinite(table["better"].to_numpy()).all()
    html = page.render(study)
    assert 'id="reforms"' in html
    assert "Which reform saves most, in which right?" in html


def test_the_answer_names_who_saves_most_and_its_price(study: Study) -> None:
    found = reforms(study, "citizen-score", WORLDS[2:])
    said = " ".join(shown.answer(study, found))
    most = max(len(each.alone) for each in found.standings)
    for standing in found.standings:
        name = study.scenario.world(standing.reform).short
        assert (f"{name} saves most in".lower() in said.lower()) == (len(standing.alone) == most > 0)
    assert "no single grade" in said
    only = reforms(study, "citizen-score", ("with-appeal",))
    price = shown.answer(study, only)[1]
    late = only.line("late").change("with-appeal")
    assert f"{late.figure - only.line('late').regime:.1f} more {only.line('late').words}" in price


def test_a_study_without_reforms_has_no_section(tmp_path: Path) -> None:
    made = make_study(tmp_path / "runs")
    assert made.reforms() is None
    assert 'id="reforms"' not in page.render(made)


def test_the_cheaper_reform_costs_fewest_promises_among_those_that_save_a_tenth(study: Study) -> None:
    found = reforms(study, "citizen-score", WORLDS[2:])
    seats = found.line("seats")
    cheaper = _cheaper(found, "seats")
    assert cheaper is not None
    assert (cheaper.reform, cheaper.costs) == ("no-friends", ())
    assert cheaper.of == pytest.approx(seats.regime - (seats.ordinary or 0.0))
    assert cheaper.saves == pytest.approx(2.5)
    assert seats.change("own").better < 0.1 * cheaper.of < cheaper.saves  # it costs nothing, and saves too little
    only = reforms(study, "citizen-score", ("with-appeal", "own"))
    found_there = _cheaper(only, "seats")
    assert found_there is not None
    assert (found_there.reform, found_there.costs) == ("with-appeal", ("debts",))
    assert _cheaper(found, "health") is None
