"""Many regimes side by side: a line each, at any width."""

from collections.abc import Callable

import pytest

from sincerity.report import beside, table, words
from sincerity.study.study import Study

FIVE = ("none", "citizen-score", "no-friends", "no-speech", "fast-repair")


@pytest.fixture
def study(study_of: Callable[..., Study]) -> Study:
    return study_of(regimes=FIVE)


@pytest.mark.parametrize("width", [80, 148])
def test_each_regime_has_its_line_and_its_differences(study: Study, width: int) -> None:
    lines = beside.lines(study, width)
    assert max(map(len, lines)) <= width
    for name in FIVE[1:]:
        found = [line for line in lines if line.startswith(study.scenario.world(name).short)]
        assert len(found) == (1 if width == 148 else 2)
        shown = [word.strip("~") for line in found for word in line[len(study.scenario.world(name).short) :].split()]
        assert [w for w in shown if w] == [words.number(r.difference or 0, sign=True) for r in study.ledger(name)]


def test_the_mark_stands_where_seeds_disagree(study: Study) -> None:
    unclear = sum(row.low < 0 < row.high for name in FIVE[1:] for row in study.ledger(name))
    assert "".join(beside.lines(study, 148)).count(beside.UNCLEAR) == unclear


def test_every_row_of_the_ledger_has_a_head(study: Study) -> None:
    assert list(beside.HEADS) == [row.id for row in study.ledger(FIVE[1])]


def test_on_a_page_it_is_the_same_turned(study: Study) -> None:
    grid = beside.grid(study)
    assert grid.heads == [study.scenario.world(name).short for name in FIVE]
    assert [kind for kind, _, _ in grid.rows if kind] == list(words.KINDS.values())
    for k, name in enumerate(FIVE[1:], start=1):
        shown = [cells[k].strip(f"~{words.FIGURE_SPACE}{words.POINT_SPACE}") for _, _, cells in grid.rows]
        assert shown == [words.number(row.difference or 0, sign=True) for row in study.ledger(name)]
        unclear = sum(words.is_unclear(row) for row in study.ledger(name))
        assert sum(beside.UNCLEAR in cells[k] for _, _, cells in grid.rows) == unclear


def test_few_worlds_have_a_table_each(study: Study, fake_study: Study) -> None:
    assert "What each regime changes" in table.render(study)
    assert "What each regime changes" not in table.render(fake_study)


def test_fewer_worlds_stand_so_where_it_is_asked_for(study_of: Callable[..., Study]) -> None:
    few = study_of(regimes=FIVE[:3])
    assert "spread over" in table.render(few, 100)
    brief = table.render(few, 100, brief=True)
    assert "What each regime changes, against" in brief
    assert max(map(len, brief.split("What to type next")[0].splitlines())) <= 100
    assert table.render(study_of(regimes=FIVE), 100) == table.render(study_of(regimes=FIVE), 100, brief=True)
