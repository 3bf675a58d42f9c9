"""The model described in the order of ODD (2020) + D, as Markdown: what can be read off the code is read off it.

Columns come from the registry, the process overview and submodels from the schedule and the rules' own files, input
data from the declared files, observation from the census. What only a person can write stands in templates/odd.md.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sincerity.census.measures import MEASURES
from sincerity.engine.taking_over import SETTLING
from sincerity.engine.world import WARM_UP_MONTHS
from sincerity.month.schedule import START, Rule, Schedule
from sincerity.people import traits
from sincerity.people.columns import registry
from sincerity.study.summary import summary

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario

MOST_VALUES = 24
"""A longer list is told by its length: its numbers stand in a table beside the society's file."""


def odd(scenario: Scenario) -> str:
    """Return the description of the model as this scenario's regimes and society fill it, in Markdown.

    Sections are those of Grimm and others (2020) with the decisions of ODD+D (Müller and others 2013). Every declared
    figure is listed with its unit, date and source; assumed ones with their range.
    """
    told = summary(scenario)
    columns = registry(traits.columns())
    text: str = _template().render(
        scenario=scenario,
        regimes=told["regimes"],
        society=scenario.society,
        lives={life: [c for c in columns.values() if c.life == life] for life in ("state", "board", "trait", "month")},
        start=_row(START),
        rows=[_row(rule) for rule in Schedule()],
        parts=_parts(told["figures"]),
        assumed=len(scenario.assumed()),
        total=len(scenario.figures()),
        calibrated=[figure for figure in told["figures"] if figure["source"] == "calibrated"],
        declared=(scenario.society, *scenario.regimes),
        measures=MEASURES,
        warm_up=WARM_UP_MONTHS,
        settling=SETTLING,
    )
    return text


def _row(rule: Rule) -> dict[str, Any]:
    """One row of the schedule, with what the rule's file says of it: its first paragraph and the rest."""
    text = (sys.modules[rule.function.__module__].__doc__ or "").strip()
    first, _, rest = text.partition("\n\n")
    return asdict(rule) | {"first": _joined(first), "rest": _joined(rest)}


def _joined(text: str) -> str:
    return " ".join(text.split())


def _parts(figures: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The figures by the first two words of their paths, in the order of the files."""
    parts: dict[str, list[dict[str, str]]] = {}
    for figure in figures:
        head, _, rest = figure["path"].partition(".")
        section, _, name = rest.partition(".")
        parts.setdefault(f"{head}: {section}", []).append({**figure, "name": name or section, "value": _value(figure)})
    return parts


def _value(figure: dict[str, str]) -> str:
    values = figure["value"].split(", ")
    if len(values) > MOST_VALUES:
        return f"{len(values)} numbers, in a table beside the file"
    return ", ".join(values)


def _cell(text: object) -> str:
    """A text inside a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


@cache
def _template() -> Any:
    # Markdown, not HTML: nothing is escaped but the bars of tables.
    made = Environment(
        loader=PackageLoader("sincerity.report"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["cell"] = _cell
    return made.get_template("odd.md")
