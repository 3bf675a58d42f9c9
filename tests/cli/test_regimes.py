"""The commands about regimes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sincerity.cli.main import execute

Printed = pytest.CaptureFixture[str]


def test_regimes_as_json(capsys: Printed) -> None:
    assert execute(["regimes", "--json"]) == 0
    told = {row["name"]: row for row in json.loads(capsys.readouterr().out)["regimes"]}
    assert told["none"]["figures"] == {"total": 0, "assumed": 0}
    assert told["no-friends"]["safeguards"] == ["appeal", "no guilt by tie"]
    assert told["defaulter-lists-2018"]["score"] == "none"


def test_show_says_where_each_line_is_from(capsys: Printed) -> None:
    assert execute(["show", "published-rules", "--set", "gates.loan.threshold=560"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("# ")[1] for line in lines if line.startswith("  rules: known")] == ["published-rules:7"]
    loan = next(line for line in lines if line.startswith("  loan:"))
    assert "value: 560" in loan
    assert "citizen-score:" in loan
    assert "--set" in loan


def test_diff_in_words(capsys: Printed) -> None:
    assert execute(["diff", "citizen-score", "no-speech"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "points for petition: -50 points a case in citizen-score, nothing in no-speech" in lines
    assert len(lines) == 6
    assert execute(["diff", "none", "none"]) == 0
    assert "say the same" in capsys.readouterr().out


def test_check_tells_right_from_wrong(capsys: Printed, tmp_path: Path) -> None:
    assert execute(["check", "citizen-score"]) == 0
    assert "4 worked cases, as expected." in capsys.readouterr().out
    (tmp_path / "cases").mkdir()
    (tmp_path / "regime.yaml").write_text("name: mine\nextends: citizen-score\n", encoding="utf-8")
    case = "title: one\nsource: arithmetic\ngiven: {score: 700}\nexpect: {closed: [loan]}\n"
    (tmp_path / "cases" / "one.yaml").write_text(case, encoding="utf-8")
    assert execute(["check", str(tmp_path)]) == 1
    assert "gate loan: expected closed, came open" in capsys.readouterr().out


def test_schema_is_json(capsys: Printed) -> None:
    assert execute(["schema"]) == 0
    assert "reform of regime" in json.loads(capsys.readouterr().out)["$defs"]


def test_new_writes_once(capsys: Printed, tmp_path: Path) -> None:
    arguments = ["new", "mine", "--extends", "citizen-score", "--folder", str(tmp_path)]
    assert execute(arguments) == 0
    made = tmp_path / "mine.yaml"
    before = made.read_text(encoding="utf-8")
    assert execute(["check", str(made)]) == 0
    assert execute(arguments) == 2
    assert "not overwritten" in capsys.readouterr().err
    assert made.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "citizen-skore"], "did you mean `citizen-score`"),
        (["show", "none", "--set", "x"], "no setting"),
        (["check", "nowhere.yaml"], "there is no such file"),
        (["diff", "none", "nobody"], "no regime is called `nobody`"),
        (["new", "Bad Name", "--extends", "none"], "a name has small letters"),
        (["new", "none", "--extends", "none"], "has this name"),
        (["new", "mine", "--extends", "nothing"], "no regime is called `nothing`"),
        (["new", "mine", "--extends", "none", "--folder", "/nowhere/at/all"], "cannot be written"),
    ],
)
def test_bad_input_is_one_message(capsys: Printed, arguments: list[str], message: str) -> None:
    assert execute(arguments) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
