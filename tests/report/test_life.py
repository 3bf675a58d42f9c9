"""The life in the report: what lives.parquet holds, on one axis, and nothing where no life was kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import sincerity as sc
from sincerity.census.lives import EVENT
from sincerity.report import life, page
from sincerity.report.map import KINDS
from sincerity.study.person import by_month, events
from sincerity.study.store import StoreError
from sincerity.study.study import Study


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> sc.Study:
    return sc.compare(["none", "citizen-score"], people="2k", years=5, seeds=1, out=tmp_path_factory.mktemp("runs"))


def test_every_event_is_in_the_table_and_on_the_axis(lived: sc.Study) -> None:
    (told,) = life.told(lived)
    wanted = [
        [e for e in events(lived.lives, name) if e.weight >= EVENT and e.kind != "record"] for name in lived.worlds
    ]
    assert sum(map(len, wanted)) > 10
    for k, each in enumerate(wanted):
        assert {month: cells[k] for month, cells in told.rows if cells[k]} == by_month(each)
    marks = re.findall(r'<path aria[^>]*transform="translate|<path transform="translate', told.picture.svg)
    assert len(marks) == sum(map(len, wanted))
    assert "drawn at random" in told.lines[0]


def test_the_page_tells_the_life_and_shows_the_map(lived: sc.Study) -> None:
    text = page.render(lived)
    section = re.search(r'<section id="life">.*?</table>', text, re.DOTALL)
    assert section is not None
    assert "Drawn at random" in section.group()
    assert KINDS["refused"].title in text
    assert "data:image/png;base64" in text


def test_a_map_too_large_is_left_out(lived: sc.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "LARGEST_MAP", 100)
    text = page.render(lived)
    assert "data:image" not in text
    assert "too large for this page" in text


def test_without_a_life_there_is_no_section(fake_study: Study) -> None:
    assert fake_study.lives is None
    assert life.told(fake_study) == []


def test_a_changed_file_is_refused(lived: sc.Study, tmp_path: Path, study_of: Callable[..., Study]) -> None:
    study = study_of()
    study.manifest["files"]["lives.parquet"] = "0" * 64
    (study.folder / "lives.parquet").write_bytes((lived.folder / "lives.parquet").read_bytes())
    with pytest.raises(StoreError, match="not the one that the run wrote"):
        _ = study.lives
