"""The description of the model: rebuilt here, complete, and nothing in it that the code does not say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sincerity.census.measures import MEASURES
from sincerity.declare.scenario import Scenario, scenario
from sincerity.month.schedule import START, Schedule
from sincerity.people import traits
from sincerity.people.columns import registry
from sincerity.report.odd import odd

DOCS = Path(__file__).parents[2] / "docs" / "odd.md"


@cache
def described(*settings: str) -> tuple[Scenario, str]:
    made = scenario("citizen-score", settings=settings)
    return made, odd(made)


def test_the_document_is_not_stale() -> None:
    """If it is: `sincerity odd citizen-score --out docs/odd.md`."""
    assert DOCS.read_text(encoding="utf-8") == described()[1]


def test_all_columns_rules_measures_and_figures_are_in_it() -> None:
    made, text = described()
    rows = {line.split(" |")[0] for line in text.splitlines() if line.startswith("| ")}
    for column in registry(traits.columns()).values():
        assert f"| `{column.name}`" + (f" × {column.rows}" if column.rows > 1 else "") in rows
    for rule in (START, *Schedule()):
        assert f"| **{rule.name}**" in rows
        assert f"\n### {rule.name}\n" in text
    for measure in MEASURES:
        assert f"| `{measure.id}`" in rows
    for path, _ in made.figures():
        head, _, rest = path.partition(".")
        section, _, name = rest.partition(".")
        assert f"\n### {head}: {section}\n" in text
        assert f"| {name or section}" in rows
    assert text.count("**assumed**") == len(made.assumed())


def test_a_changed_figure_is_told_as_changed() -> None:
    _, text = described("citizen-score.score.factors.ties=0.1", "citizen-score.score.factors.behaviour=0.15")
    (line,) = (line for line in text.splitlines() if line.startswith("| factors.ties |"))
    assert "| 0.1 |" in line
    assert "set by hand" in line


@pytest.mark.parametrize(
    "limit", ["No prices", "No media", "No politics that answers", "no\nageing, births, deaths, moving"]
)
def test_it_says_what_the_model_cannot(limit: str) -> None:
    assert limit in described()[1]
