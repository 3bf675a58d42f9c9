"""What `sincerity validate patterns` and `sincerity odd` print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sincerity.cli.main import execute
from sincerity.study import patterns
from sincerity.study.patterns import Found, Target, declared

TOLD = declared()


def found(value: float) -> list[Found]:
    asked = (*TOLD["patterns"], *TOLD["reported"])
    return [Found(one, Target(**one["target"]), value, value - 0.1, value + 0.1) for one in asked]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []

    def judge(people: int, seeds: int, **_: Any) -> list[Found]:
        asked.append((people, seeds))
        return found(-5000.0)

    monkeypatch.setattr(patterns, "judge", judge)
    return asked


def test_the_json_has_its_fixed_keys(judged: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["validate", "patterns", "--people", "5k", "--seeds", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], judged) == ("sincerity/validate", [(5_000, 2)])
    rows = told["validate"]["patterns"]
    assert [row["id"] for row in rows] == [one["id"] for one in TOLD["patterns"]]
    for row in rows:
        assert {"id", "world", "when", "target", "value", "low", "high", "verdict", "role"} <= set(row)
        assert row["verdict"] == "missed"


def test_the_missed_are_shown_missed_with_a_sentence(judged: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["validate", "patterns"]) == 0
    out, err = capsys.readouterr()
    emergent = sum(one["role"] == "emergent" for one in TOLD["patterns"])
    assert f"emergent 0 of {emergent}" in out
    assert out.count("**missed**") == len(TOLD["patterns"])
    assert all(one["otherwise"] in out for one in TOLD["patterns"])
    assert all(one["why"] in out for one in TOLD["not_measured"])
    reported = out.partition("## Reported, not judged\n")[2].partition("\n## ")[0]
    assert all(one["pattern"] in reported for one in TOLD["reported"])
    assert "-5e+03 (-5e+03 to -5e+03) percentage points" in reported
    assert "minutes" in err


def test_what_is_written_is_what_is_printed(
    judged: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, keep = tmp_path / "validation.json", patterns.keep
    monkeypatch.setattr(patterns, "keep", lambda made: keep(made, path))
    assert execute(["validate", "patterns", "--write", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["validate"] == json.loads(path.read_text(encoding="utf-8")) == patterns.kept(path)
    assert f"written: {path}" in err


def test_without_a_word_ties_and_patterns_are_judged(judged: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["validate", "--people", "1k", "--seeds", "1", "--threads", "1"]
    assert execute(asked) == 0
    out = capsys.readouterr().out
    assert out.index("Living ties of") < out.index("# Validation")
    assert execute([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "sincerity/validate"
    assert {"ties", "patterns"} <= set(told["validate"])
    assert judged == [(1_000, 1)] * 2


def test_options_before_the_word_are_refused(judged: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["validate", "--people", "1k", "patterns"]) == 2
    assert "behind the word" in capsys.readouterr().err
    assert not judged


def test_a_number_that_is_none_is_refused(judged: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["validate", "patterns", "--people", "few"]) == 2
    assert not judged


def test_odd_writes_a_file_and_refuses_what_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.md"
    assert execute(["odd", "fico-us", "--society", "usa-2020", "--out", str(path)]) == 0
    assert "(`fico-us`); society" in path.read_text(encoding="utf-8")
    capsys.readouterr()
    assert execute(["odd", "fico-uz"]) == 2
    assert "did you mean" in capsys.readouterr().err
