"""Calibration: what may be fitted to what, answers that are known, and a small real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from sincerity.declare.problems import BadInput
from sincerity.study import calibrate as study
from sincerity.study import patterns
from sincerity.study.calibrate import Fit, Fitted, Free, calibrate, distances, fits, settings_text
from sincerity.study.patterns import Found, Target

TOLD = patterns.declared()
BY_ID = {one["id"]: one for one in TOLD["patterns"]}
FREE = (Free("society.a", 0, 10), Free("x.b", 0, 1))
FIT = Fit("two", "two figures", ("one", "other"), FREE)
OLD = ((Decimal("2"), "points"), (Decimal("0.5"), "share"))
WANTED = [{"id": name, "pattern": f"the {name}", "from": "2020-01", "to": "2020-01"} for name in FIT.targets]


@pytest.mark.parametrize("fit", fits(), ids=lambda fit: fit.name)
def test_figures_are_fitted_to_calibrated_patterns_of_one_society(fit: Fit) -> None:
    targets = [BY_ID[id] for id in fit.targets]
    assert {target["role"] for target in targets} == {"calibrated"}
    assert all(target["target"].get("high") is not None for target in targets)  # a sign has no middle
    assert len({TOLD["studies"][target["study"]]["society"] for target in targets}) == 1
    assert len(fit.free) <= len(targets)  # what the patterns cannot tell apart is not to be moved
    for free, (old, unit) in zip(fit.free, study._declared(fit, TOLD["studies"], targets), strict=True):
        assert free.low < float(old) < free.high
        assert unit


def test_an_unknown_fit_is_refused_with_the_nearest() -> None:
    assert [fit.name for fit in fits(["sesame", "loans"])] == ["loans", "sesame"]  # in the file's order
    with pytest.raises(BadInput, match="did you mean `sesame`"):
        fits(["sesam"])
    with pytest.raises(BadInput, match="expected one of loans"):
        fits(["zzz"])


def test_a_figure_that_is_not_there_is_refused() -> None:
    fit = Fit("x", "x", ("late-loans",), (Free("society.livelihood.shock_sice", 0, 1),))
    with pytest.raises(BadInput, match=r"society\.livelihood\.shock_sice"):
        study._declared(fit, TOLD["studies"], [BY_ID["late-loans"]])


def answers(asked: list[tuple[float, float]]) -> Callable[[Sequence[str]], tuple[Found, ...]]:
    """Two patterns that are known functions of the two figures; targets 30 to 34, and 7 to 9: met at a = 6, b = 0.8."""

    def live(settings: Sequence[str]) -> tuple[Found, ...]:
        given = {"society.a": 2.0, "x.b": 0.5} | {s.partition("=")[0]: float(s.partition("=")[2]) for s in settings}
        a, b = given["society.a"], given["x.b"]
        asked.append((a, b))
        values = (4 * a + 10 * b, a * b + 3.2)
        bands = (Target(30, "x", 34), Target(7, "x", 9))
        return tuple(Found(w, t, v, v, v) for w, t, v in zip(WANTED, bands, values, strict=True))

    return live


def test_figures_are_moved_to_where_the_patterns_are_met_in_few_lives() -> None:
    asked: list[tuple[float, float]] = []
    found = study._fitted(FIT, WANTED, answers(asked), OLD, 20)
    assert found.lives == len(asked) == len(set(asked)) <= 12
    assert asked[0] == (2.0, 0.5)
    assert [one.verdict for one in found.before] == ["missed", "missed"]
    assert [one.verdict for one in found.after] == ["met", "met"]
    assert all(free.low <= float(one.new) <= free.high for free, one in zip(FREE, found.figures, strict=True))
    assert found.settings == tuple(f"{one.path}={one.new}" for one in found.figures)
    text = "\n".join(found.lines())
    assert "the other" in text
    assert "target 7 to 9 x: met" in text


def test_lives_are_not_exceeded_and_the_best_is_taken() -> None:
    asked: list[tuple[float, float]] = []
    found = study._fitted(FIT, WANTED, answers(asked), OLD, 4)
    assert len(asked) == found.lives == 4

    def far(of: Sequence[Found]) -> float:
        return float((distances(of) ** 2).sum())

    assert far(found.after) < far(found.before)
    assert study._fitted(FIT, WANTED, answers([]), OLD, 1).settings == ()


def test_what_is_well_inside_stays() -> None:
    asked: list[tuple[float, float]] = []
    found = study._fitted(FIT, WANTED, answers(asked), ((Decimal("6"), ""), (Decimal("0.8"), "")), 20)
    assert found.lives > 1  # `answers` begins at the declared 2 and 0.5 where nothing is set
    asked.clear()

    def met(settings: Sequence[str]) -> tuple[Found, ...]:
        return answers(asked)(["society.a=6", "x.b=0.8"])

    found = study._fitted(FIT, WANTED, met, OLD, 20)
    assert (found.lives, found.settings) == (1, ())


def test_distance_is_in_half_bands_from_the_middle() -> None:
    (low, middle, beyond) = (Found(WANTED[0], Target(2, "x", 4), value, 0, 0) for value in (2.0, 3.0, 6.0))
    assert distances([low, middle, beyond]) == pytest.approx([-1, 0, 3])


def test_settings_are_told_as_options_and_as_lines_of_files() -> None:
    found = study._fitted(FIT, WANTED, answers([]), OLD, 20)
    text = settings_text([found], "sincerity calibrate two")
    options = [line for line in text.splitlines() if not line.startswith("#")]
    assert options == [f"--set {setting}" for setting in found.settings]
    assert 'unit: points, source: calibrated, to: "the one; the other"' in text


def test_a_small_real_one_moves_the_score_towards_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    (done,) = calibrate(fits(["sesame"]), 1000, seeds=1, lives=3, threads=1, begin=lambda fit: told.append(fit.name))
    assert isinstance(done, Fitted)
    assert told == ["sesame"]
    (figure,) = done.figures
    assert (figure.path, figure.unit) == ("sesame-2015.score.centre", "points")
    (before,), (after,) = done.before, done.after
    assert abs(after.value - 40) <= abs(before.value - 40)
    if figure.new < figure.old:
        assert after.value < before.value  # a lower centre, fewer above the cut-off
    document: dict[str, Any] = done.document()
    assert document["targets"][0]["before"] == before.value


def test_what_is_moved_in_a_society_holds_for_the_fits_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[tuple[str, ...]] = []

    def values(studies: Any, targets: Any, options: Any, threads: Any, watch: Any, earlier: Any, now: Any) -> Any:
        carried.append(tuple(earlier))
        middle = [Target(**one["target"]) for one in targets]
        found = [((t.low or 0) + (t.high or 0)) / 2 * (1 if now else 3) for t in middle]
        return tuple(Found(one, t, v, v, v) for one, t, v in zip(targets, middle, found, strict=True))

    monkeypatch.setattr(study, "_values", values)
    done = calibrate(fits(["loans", "sesame", "us-loans"]), 1000, seeds=1)
    assert [one.fit.name for one in done] == ["loans", "sesame", "us-loans"]
    assert done[0].settings
    assert carried[-1] == ()  # another society
    assert carried[2] == done[0].settings
