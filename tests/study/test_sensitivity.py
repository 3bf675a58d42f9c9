"""Sensitivity: designs, effects of answers that are known, and a small real one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sincerity.declare.scenario import scenario
from sincerity.study import sensitivity as study
from sincerity.study.entries import RIGHTS
from sincerity.study.robustness import drawable
from sincerity.study.sensitivity import LEVELS, STEP, Parameter, effects, guess, radial, sections, sensitivity, units

ASKED = scenario(["none", "citizen-score"], people="1k", years=1, seeds=2)
ASSUMED = drawable(ASKED)


def test_a_point_moves_one_parameter_by_two_thirds_of_its_range() -> None:
    parameters = [Parameter("a", (0, 2), ""), Parameter("b", (1,), ""), Parameter("c", (3, 4), "")]
    base, points = radial(5, parameters, np.random.default_rng(1))
    assert set(base) <= set(LEVELS)
    for parameter, point in zip(parameters, points, strict=True):
        moved = np.flatnonzero(point != base)
        assert tuple(moved) == parameter.figures
        assert np.abs(point - base)[moved] == pytest.approx(STEP)
    assert ((points > -1e-9) & (points < 1 + 1e-9)).all()


def test_every_assumed_figure_is_in_one_section_and_one_unit_and_rows_are_moved_whole() -> None:
    for found in (sections(ASSUMED), units(ASKED, ASSUMED)):
        assert sorted(k for one in found for k in one.figures) == list(range(len(ASSUMED)))
    of = {one.name: one for one in units(ASKED, ASSUMED)}
    assert len(of["society.acts.traffic_offence"].figures) > 5
    assert of["society.learning.fear_fades"].range == "0.01 to 0.04 1/month"
    assert of["society.livelihood.surplus"].range == "0.8 to 1.25 times the list"
    assert {"society.acts", "society.learning", "citizen-score.points"} <= {one.name for one in sections(ASSUMED)}


def linear(trajectories: int, slopes: Any, luck: np.random.Generator) -> tuple[Any, ...]:
    """Points of a ledger that is a linear function of the figures, one parameter each, and of the trajectory's seed."""
    parameters = [Parameter(f"p{k}", (k,), "") for k in range(len(slopes))]
    points, bases = [], []
    for _ in range(trajectories):
        base, moved = radial(len(slopes), parameters, luck)
        chance = luck.normal(size=slopes.shape[1])
        points.append(moved @ slopes + chance)
        bases.append(base @ slopes + chance)
    return parameters, np.array(points), np.array(bases)


def test_effects_of_a_linear_answer_are_its_slopes_whatever_chance_does() -> None:
    slopes = np.zeros((3, len(RIGHTS)))
    slopes[:, 0], slopes[:, 1] = (3, -6, 0), (1, 1, 0)
    spreads = np.zeros(len(RIGHTS))
    spreads[:2] = (2.0, 0.5)
    parameters, points, bases = linear(4, slopes, np.random.default_rng(3))
    found = effects(parameters, points, bases, spreads)
    by = {one.name: one for one in found}
    assert by["p0"].index == pytest.approx((3 * STEP / 2 + 1 * STEP / 0.5) / 2)
    assert [one.name for one in found] == ["p1", "p0", "p2"]
    assert by["p2"].index == pytest.approx(0)
    first = by["p1"].moves[0]
    assert first.entry == RIGHTS[0].id
    assert first.by == pytest.approx(6 * STEP)
    assert by["p0"].moves[0].entry == RIGHTS[1].id  # 1 of a spread of 0.5 is more than 3 of 2


def test_what_could_not_be_lived_is_left_out() -> None:
    slopes = np.zeros((2, len(RIGHTS)))
    slopes[:, 0] = (3, 1)
    spreads = np.eye(1, len(RIGHTS))[0]
    parameters, points, bases = linear(3, slopes, np.random.default_rng(3))
    points[0, 0] = np.nan
    points[:, 1] = np.nan
    found = {one.name: one for one in effects(parameters, points, bases, spreads)}
    assert found["p0"].steps == 2
    assert found["p0"].index == pytest.approx(3 * STEP)
    assert (found["p1"].steps, found["p1"].index) == (0, 0)


def test_a_small_one_ends_with_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = [one for one in ASSUMED if one[0].startswith(("society.observation", "citizen-score.lists.discredited"))]
    monkeypatch.setattr(study, "drawable", lambda scenario: chosen)
    told: list[tuple[str, int, int]] = []
    found = sensitivity(ASKED, 3, watch=lambda stage, done, total, people=0: told.append((stage, done, total)))
    assert {one.name for one in found.sections} == {"society.observation", "citizen-score.lists"}
    assert len(found.figures) in (2, 3)
    assert [one.index for one in found.figures] == sorted((one.index for one in found.figures), reverse=True)
    assert all(0 <= one.chance <= 1 and one.spread > 0 for one in found.entries)
    assert found.lives + found.impossible == 2 + 2 * 3 + 2 * (len(found.figures) + 1)
    assert (told[0][0], told[-1][0], told[-1][1]) == ("as declared", "figures", told[-1][2])
    page = "\n".join(found.lines())
    assert found.command in page
    assert f"| `{found.figures[0].name}` |" in page
    assert len(page.splitlines()) < 60
    assert found.document()["seeds"] == (1, 2)


def test_the_guess_grows_with_what_is_asked() -> None:
    assert 0 < guess(ASKED, 10, 2) < guess(ASKED, 40, 2) < guess(ASKED, 40, 1)
