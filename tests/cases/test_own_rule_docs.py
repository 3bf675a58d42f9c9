"""docs/own-rule.md: its example runs as it stands, and the names that it speaks of are there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sincerity as sc
from engine.living import BOTH, declared, live
from sincerity.month.speech import speech
from sincerity.rules import checked

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "own-rule.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The example of the document, as a file of a researcher's."""
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path_factory.mktemp("own") / "own_rule.py"
    path.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("own_rule", path)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules["own_rule"] = made
    spec.loader.exec_module(made)
    return made


def test_the_example_is_lived_and_keeps_to_its_row(own: Any) -> None:
    wanted = declared(2_000, 14, BOTH, "2019-06")
    found, usual = live(wanted, schedule=checked(own.SCHEDULE)), live(wanted)
    law, ruled = found.worlds
    assert not law.columns["resentment"].any()
    assert 0 < ruled.columns["resentment"].max() <= own.RESENTMENT.high
    assert np.array_equal(law.columns["outlook"], usual.worlds[0].columns["outlook"])
    assert ruled.columns["outlook"].astype(int).sum() < usual.worlds[1].columns["outlook"].astype(int).sum()


def test_the_example_is_compared(own: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    study = sc.compare(["none", "citizen-score"], people=1_000, years=1, seeds=1, schedule=own.SCHEDULE)
    assert study.manifest["rules"] == ["resent (own_rule)"]
    assert len(study.ledger()) == 12


def test_an_own_rule_is_compiled_as_ours_are(own: Any) -> None:
    ours: Any = speech
    assert own.resent.targetoptions == ours.targetoptions
    live(declared(1_000, 1, BOTH), schedule=own.SCHEDULE)
    assert own.resent.nopython_signatures


def test_every_case_stands_in_the_gallery_and_every_link_leads_somewhere() -> None:
    cases = {path.stem for path in (ROOT / "examples" / "cases").glob("*.py")} - {"beside"}
    assert set(re.findall(r"^\| \[(\w+)\]", TEXT, re.MULTILINE)) == cases
    for name in ("own-rule", "alternatives"):
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / "docs" / link).is_file(), link
    assert "(docs/own-rule.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
