"""The commands that ask a finished run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sincerity.cli.main import execute
from sincerity.declare.scenario import people_typed
from sincerity.study.study import Study
from study.fake import fake_study

__all__ = ["fake_study"]

Printed = pytest.CaptureFixture[str]


def out(study: Study) -> list[str]:
    return [study.folder.name, "--out", str(study.folder.parent)]


def test_ledger_prints_both_and_defines_them(fake_study: Study, capsys: Printed) -> None:
    assert execute(["ledger", *out(fake_study), "--define"]) == 0
    text = capsys.readouterr().out
    assert text.index("rights") < text.index("promises")
    assert "Adults late with a loan instalment in a month, of all adults." in text
    assert execute(["ledger", *out(fake_study), "--by", "decile"]) == 0
    assert "by decile" in capsys.readouterr().out


def test_json_is_one_document(fake_study: Study, capsys: Printed) -> None:
    assert execute(["ledger", *out(fake_study), "--by", "sex", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "sincerity/ledgers"
    assert {row["group"] for row in found["rights"]["rows"]} == {"women", "men"}
    assert execute(["audit", *out(fake_study), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["by"] == "minority"


def test_audit_and_twins_are_printed(fake_study: Study, capsys: Printed) -> None:
    assert execute(["audit", *out(fake_study), "--by", "education"]) == 0
    assert "needs ground truth" in capsys.readouterr().out
    assert execute(["twins", *out(fake_study)]) == 0
    assert "switched" in capsys.readouterr().out


def test_what_cannot_be_asked_is_said(fake_study: Study, capsys: Printed, tmp_path: Path) -> None:
    assert execute(["ledger", *out(fake_study), "--by", "shoe-size"]) == 2
    assert "decile" in capsys.readouterr().err
    assert execute(["audit", "--out", str(tmp_path)]) == 2
    assert "no finished run" in capsys.readouterr().err
    assert execute(["twins", *out(fake_study), "--regime", "none"]) == 2
    assert "no twins" in capsys.readouterr().err


def test_people_of_the_draws_are_typed_as_elsewhere(fake_study: Study, capsys: Printed) -> None:
    assert people_typed("20k", "--people") == people_typed("2e4", "--people") == people_typed(20_000, "--people")
    for typed in ("20x", "full", "3"):
        assert execute(["robustness", *out(fake_study), "--people", typed]) == 2
        said = capsys.readouterr().err
        assert said.startswith("--people")
        assert "10k, 1m" in said
