"""A nation beside a million: what is read from two runs, what is not shown, and the page made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import nation
from sincerity.study.run import run
from sincerity.study.study import Study

ASKED: dict[str, Any] = {"regime": "citizen-score", "years": 1, "seeds": 1}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Study]:
    """Few people in the place of a nation, fewer in that of a million."""
    out = tmp_path_factory.mktemp("both")
    return run(people="4k", out=out, **ASKED), run(people="1k", out=out, **ASKED)


def test_counts_are_those_of_the_last_month_and_small_ones_are_not_shown(both: tuple[Study, Study]) -> None:
    large, small = nation.rows_of(both[0]), nation.rows_of(both[1])
    made = nation.collect(*both)
    assert made["runs"]["nation"]["people"] == 4_000
    for (measure, by, group, _), row in zip(nation.RARE, made["rare"], strict=True):
        for rows, told in ((large, row["nation"]), (small, row["million"])):
            count, of = rows[measure, by, group]
            assert of > 0
            assert (told is None) == (count < nation.FEWEST)
            if told:
                assert told == {"count": count, "of_million": round(1e6 * count / of, 3)}
    assert made["manifest"]["content"] == both[0].manifest["content"]
    assert "scenario" not in made["manifest"]
    assert len(made["province"]) == 31
    cells = made["cells"]
    assert cells["all"] > cells["nation"] > cells["million"] > 0
    assert sum(row["million"] is None for row in made["rare"]) > 3


def test_the_page_has_both_runs_side_by_side(both: tuple[Study, Study]) -> None:
    made = nation.collect(*both)
    page = nation.placed(f"before\n{nation.BEGIN}\nold\n{nation.END}\nafter\n", made)
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    assert "| living |" in page
    assert "4,000 people" in page
    assert "| Guangdong | " in page
    tables = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {4, 6}
    assert nation.placed(page, made) == page
    more = nation.told(nation.collect(*both, both[1])).splitlines()
    assert "|  | 4,000 people | 1,000 people | 1,000 people |" in more


def test_runs_of_other_months_or_regimes_are_refused(
    both: tuple[Study, Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = run(people="1k", out=tmp_path, **ASKED | {"start": "2015-01"})
    monkeypatch.setattr(nation, "RESULT", tmp_path / "nation.json")
    assert nation.main([str(both[0].folder), str(other.folder)]) == 2
    assert "differ in their start" in capsys.readouterr().err
    assert nation.main([str(both[0].folder)]) == 2
    assert not (tmp_path / "nation.json").exists()


def test_two_runs_make_the_page(both: tuple[Study, Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nation, "RESULT", tmp_path / "nation.json")
    monkeypatch.setattr(nation, "PAGE", tmp_path / "nation.md")
    nation.PAGE.write_text(f"{nation.BEGIN}\n{nation.END}\n")
    assert nation.main([str(study.folder) for study in both]) == 0
    page = nation.PAGE.read_text()
    assert "Few of them" in page
    assert nation.main([]) == 0
    assert nation.PAGE.read_text() == page


def test_the_page_is_the_one_that_the_result_makes() -> None:
    page = nation.PAGE.read_text()
    assert page.count(nation.BEGIN) == page.count(nation.END) == 1
    assert nation.placed(page, nation.kept()) == page
