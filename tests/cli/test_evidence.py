"""What `sincerity sensitivity` and `sincerity calibrate` print and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sincerity.cli.main import execute
from sincerity.study import calibrate, sensitivity
from sincerity.study.calibrate import Fitted, Moved
from sincerity.study.robustness import drawable


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only two assumed figures, so that it is quick."""
    monkeypatch.setattr(
        sensitivity, "drawable", lambda made: [one for one in drawable(made) if ".observation.mi" in one[0]]
    )


SMALL = ("sensitivity", "citizen-score", "--people", "1k", "--years", "1", "--seeds", "2", "--threads", "1")


def test_sensitivity_writes_a_page_and_has_a_document(
    few: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "sensitivity.md"
    assert execute([*SMALL, "--json", "--out", str(page)]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["schema"] == "sincerity/sensitivity"
    found = told["sensitivity"]
    assert {"command", "sections", "figures", "entries", "lives", "seconds"} <= set(found)
    assert {"name", "range", "index", "moves"} <= set(found["figures"][0])
    text = page.read_text(encoding="utf-8")
    assert "`society.observation.minority_factor`" in text
    assert "2 assumed figures in 1 sections" in text
    assert found["command"] in text
    assert "about 1 min" in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("sensitivity", "citizen-skore"), "did you mean"),
        (("sensitivity", "--seeds", "1"), "one trajectory shows no spread"),
        (("sensitivity", "--people", "few"), "`few` is no number of people"),
        (("calibrate", "sesam"), "did you mean `sesame`"),
        (("calibrate", "--threads", "none"), "no number of threads"),
    ],
)
def test_bad_input_is_said(words: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(list(words)) == 2
    out, err = capsys.readouterr()
    assert expected in err
    assert out == ""


def test_calibrate_prints_settings_that_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["calibrate", "sesame", "--people", "1k", "--seeds", "1", "--lives", "3", "--threads", "1"]
    path = tmp_path / "settings"
    assert execute([*asked, "--write", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "sincerity/calibration"
    (fit,) = told["fits"]
    (figure,) = fit["figures"]
    assert (fit["name"], figure["path"]) == ("sesame", "sesame-2015.score.centre")
    options = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(options) == (figure["new"] != figure["old"])
    (chosen,) = calibrate.fits(["sesame"])

    def done(*_: Any) -> list[Fitted]:
        figures = tuple(Moved(one.path, "points", one.value(0.4), one.value(0.5)) for one in chosen.free)
        return [Fitted(chosen, figures, (), (), 2)]

    monkeypatch.setattr(calibrate, "calibrate", done)
    assert execute(asked) == 0
    out = capsys.readouterr().out
    setting = out.splitlines()[-1].removeprefix("--set ")
    assert setting == "sesame-2015.score.centre=630"
    assert execute(["show", "sesame-2015", "--set", setting.removeprefix("sesame-2015.")]) == 0
    assert "630" in capsys.readouterr().out
