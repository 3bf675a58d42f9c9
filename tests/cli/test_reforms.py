"""sincerity reforms: lived, found again, as text and as JSON; and the lines on a person fit the table's width."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sincerity.cli.main import execute
from sincerity.report.table import table_width

SMALL = ["--people", "1k", "--years", "1", "--seeds", "2", "--start", "2016-01"]

Printed = pytest.CaptureFixture[str]


def test_reforms_are_lived_ranked_and_found_again(tmp_path: Path, capsys: Printed) -> None:
    asked = ["reforms", "defaulter-lists-2018", *SMALL, "--out", str(tmp_path)]
    assert execute(asked) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.split("\nThe run:")[0].splitlines())) <= 100
    for words in ("Which saves most, right by right", "In how many rights each saves most", "no single grade"):
        assert words in text
    assert execute([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "sincerity/reforms"
    assert [each["name"] for each in found["reforms"]] == ["defaulter-lists-2025"]
    assert {entry["kind"] for entry in found["entries"]} == {"right", "promise", "condition"}
    assert all(len(entry["changes"]) == 1 for entry in found["entries"])


def test_a_regime_without_reforms_is_one_clear_message(capsys: Printed) -> None:
    assert execute(["reforms", "suining-2010"]) == 2
    said = capsys.readouterr().err
    assert "no reform of `suining-2010`" in said
    assert "citizen-score" in said


def test_the_lines_on_a_person_fit_the_table(tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    assert execute(["compare", "none", "suining-2010", *SMALL, "--out", str(tmp_path)]) == 0
    drawn = capsys.readouterr().out.split("\n\n")
    (lines,) = (part.splitlines() for part in drawn if part.startswith("One of "))
    assert len(lines) > 6
    assert max(map(len, lines)) <= table_width(70)
