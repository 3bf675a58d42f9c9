"""What failed validation is said in the report, pattern by pattern, or how to find out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sincerity.report import page, validation
from sincerity.study.study import Study
from study.fake import fake_study

__all__ = ["fake_study"]


def pattern(id: str, verdict: str, role: str, low: float | None, high: float | None) -> dict[str, Any]:
    return {
        "id": id, "pattern": f"the pattern {id}", "world": "citizen-score", "society": "china-2020", "when": "2018",
        "target": {"low": low, "high": high, "unit": "percent"}, "source": "a paper", "value": 0.31234, "low": 0.3,
        "high": -0.4, "verdict": verdict, "role": role, "sentence": "It is more than was published.", "detail": "",
    }  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    patterns = [
        pattern("one", "missed", "emergent", 0.1, 0.2),
        pattern("two", "met", "calibrated", 0.1, 0.5),
        pattern("three", "missed", "calibrated", None, 0.2),
    ]
    whole = {
        "patterns": patterns,
        "people": 30_000,
        "seeds": 3,
        "version": "0.1.0",
        "made": "2026-11-25T21:00:00+00:00",
    }
    path = tmp_path / "validation.json"
    path.write_text(json.dumps(whole))
    return path


def test_every_missed_pattern_is_told_and_none_that_was_met(kept: Path) -> None:
    found = validation.section(kept)
    assert found is not None
    assert [row.pattern for row in found.rows] == ["The pattern one", "The pattern three"]
    assert found.said.startswith(
        "Of 3 published patterns the model misses 2 and meets 1. 1 of those missed were fitted"
    )
    assert (found.rows[0].target, found.rows[0].value) == ("0.1 to 0.2 percent", "0.312 (0.3 to −0.4)")
    assert found.rows[1].target == "below 0.2 percent"
    assert "30,000 invented adults and 3 seeds; Sincerity 0.1.0, 25 November 2026" in found.small


def test_the_page_shows_it_or_says_how_to_find_out(
    fake_study: Study, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = validation.section(kept)
    monkeypatch.setattr(validation, "section", lambda: found)
    assert "The pattern three" in page.render(fake_study)
    monkeypatch.setattr(validation, "section", lambda: None)
    text = page.render(fake_study)
    assert "What failed validation" in text
    assert "sincerity validate patterns" in text


def test_what_the_package_keeps_can_be_read() -> None:
    found = validation.section()
    assert found is None or found.rows
