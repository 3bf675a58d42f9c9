"""Asked of a run that was lived: matrix of domains, assessment, twins, floor, and draws of the assumed figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sincerity as sc
from sincerity.declare.catalogue import reforms_of
from sincerity.declare.figures import Figure
from sincerity.declare.problems import BadInput
from sincerity.report import page, table
from sincerity.study.assess import ELEMENTS, NO_FINDING
from sincerity.study.context import OTHERS
from sincerity.study.places import regime_places
from sincerity.study.robustness import changed, drawable, hypercube
from sincerity.study.study import Study
from sincerity.study.twins import TWINNED

WORLDS = ("none", "citizen-score", "no-friends")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Study:
    out = tmp_path_factory.mktemp("runs")
    return sc.compare(WORLDS, people=4_000, start="2019-01", years=2, seeds=2, out=out, threads=1)


def test_the_matrix_holds_every_refusal_at_what_it_costs(lived: Study) -> None:
    found, tally = lived.context("citizen-score"), lived.tally("cause")
    worth = {name: float(value) for name, value in lived.declared().society.worth.items()}
    lost = np.zeros(2)
    for group in tally.groups:
        gate = group.partition(" > ")[2]
        lost += tally.get("citizen-score", group, "refusals_sum", 0) / 64 * worth[gate] / 4_000 * 1_000
    assert found.total == pytest.approx(lost)
    assert lost.min() > 0
    assert ((found.unrelated > 0) & (found.unrelated <= 1)).all()
    assert sum(mass.sum() for mass, _ in found.by_gate.values()) == pytest.approx(lost.sum())
    assert set(OTHERS.values()) & set(found.data)


def test_ordinary_law_closes_nothing_for_a_regime(lived: Study) -> None:
    assert lived.context("none").data == ()
    assert "closed no gate" in lived.context("none").lines()[0]


def test_without_friends_nothing_comes_of_them(lived: Study) -> None:
    assert "friends and household" in lived.context("citizen-score").data
    assert "friends and household" not in lived.context("no-friends").data


def test_every_point_names_a_rule_that_stands_there(lived: Study) -> None:
    found = lived.assessment("citizen-score")
    assert {point.element for point in found} == set(ELEMENTS)
    for point in found:
        file, _, line = point.place.rpartition(":")
        text = (Path(sc.__file__).parent / file).read_text().splitlines()[int(line) - 1]
        key = point.path.rpartition(".")[2]
        assert text.strip().startswith(f"{key}:") or f"{key}:" in text, point
        if point.figure:
            assert any(sign.isdigit() for sign in point.figure)


def test_it_gives_figures_and_no_grade(lived: Study) -> None:
    text = str(lived.assessment("citizen-score"))
    assert NO_FINDING in text
    for word in ("violat", "complian", "unlawful", "prohibited practice", "/10", "grade:"):
        assert word not in text
    ties = next(p for p in lived.assessment("citizen-score") if p.path == "ties")
    assert ties.truth
    assert ties.reform.startswith("no-friends: ")
    assert lived.rights(regime="no-friends").row("dragged").regime == pytest.approx(float(ties.reform[12:]), abs=0.5)


def test_rules_are_said_in_words(lived: Study) -> None:
    found = {point.path: point for point in lived.assessment("citizen-score")}
    assert found["gates.deposit_free"].says == "bars from a rental without deposit"
    assert found["points.buys_alcohol"].says == "−2 points to whoever bought alcohol, though lawful and harmless"
    assert found["points.buys_alcohol"].truth
    assert "Nobody was followed" in str(lived.assessment("citizen-score"))


def test_a_reform_lacks_the_rule_that_it_takes_away(lived: Study) -> None:
    assert {"no-friends", "same-context"} <= set(reforms_of("citizen-score"))
    assert "ties" not in {point.path for point in lived.assessment("no-friends")}


def test_rules_of_a_file_of_ones_own_stand_in_the_run_folder(lived: Study) -> None:
    made = lived.declared().regimes[-1]
    found = regime_places(lived.folder, made)
    assert found["safeguards.no_guilt_by_tie"].startswith("regimes/no-friends/regime.yaml:")
    other = made.model_copy(update={"summary": "changed"})
    found = regime_places(lived.folder, other)
    assert found["safeguards.no_guilt_by_tie"].startswith(f"{lived.folder.name}/scenario.yaml:")


def test_net_is_switched_less_reverse(lived: Study) -> None:
    for row in lived.twins("citizen-score"):
        assert row.net == pytest.approx(row.switched - row.reverse)
        assert row.net == pytest.approx(row.regime - row.ordinary)
        assert min(row.switched, row.reverse) >= 0
        assert row.floor is None
    with pytest.raises(BadInput, match="twins"):
        lived.twins("none")


def test_the_floor_is_small_and_kept(lived: Study) -> None:
    found = lived.floor(threads=1)
    assert set(found) == set(TWINNED)
    assert max(max(pair) for pair in found.values()) < 5
    row = lived.twins("citizen-score").row("late")
    assert [row.floor, row.floor_reverse] == found["late"]


def test_every_stretch_of_a_range_is_drawn_once() -> None:
    places_ = hypercube(16, 5)
    assert (np.sort((places_ * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()
    assert np.array_equal(hypercube(16, 5), places_)


@pytest.mark.parametrize("place", [0.0, 0.37, 1.0])
def test_a_draw_puts_every_assumed_figure_at_its_place(lived: Study, place: float) -> None:
    scenario = lived.declared()
    assumed = drawable(scenario)
    assert len(assumed) > 300
    drawn = dict(changed(scenario, assumed, np.full(len(assumed), place)).figures())
    for path, figure in assumed:
        if not isinstance(figure, Figure) or figure.low is None or figure.high is None:
            continue
        wanted = figure.low + (figure.high - figure.low) * Decimal(repr(place))
        if not figure.unit.startswith(("share", "chance", "1/")):
            found = drawn[path]
            assert isinstance(found, Figure)
            assert float(found.value) == pytest.approx(float(wanted), rel=1e-4), path
        assert drawn[path].assumed


def test_draws_give_a_second_band_that_table_and_report_show(lived: Study) -> None:
    before: Any = lived.robust
    assert before is None
    assert "If the assumed figures" not in page.render(lived)
    stages: list[tuple[Any, ...]] = []
    found = lived.robustness(draws=2, people=1_000, threads=1, watch=lambda *told, people=0: stages.append(told))
    assert [done for _, done, _ in stages] == [0, 1, 2, 3]
    kept: Any = lived.robust
    assert kept == found
    assert set(found.rows) == set(WORLDS[1:])
    for row in found.rows["citizen-score"]:
        assert row.low <= row.high
        assert row.known == (not row.low < 0 < row.high)
    assert "If the assumed figures are otherwise" in page.render(lived)
    assert "Under 2 draws of all assumed figures" in table.render(lived).replace("\n", " ")
    for bad in (1, 1_001):
        with pytest.raises(BadInput, match="2 to 1,000"):
            lived.robustness(draws=bad)
