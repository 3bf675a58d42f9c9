"""What a study was about, in the words that its manifest keeps: worlds, society, size, and every declared figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario


@dataclass(frozen=True, slots=True)
class World:
    """A regime as shown.

    name: as in the census. title: a full heading. short: for a chart. summary: a paragraph. built: whether anything of
    the kind was ever built.
    """

    name: str
    title: str
    short: str
    summary: str
    built: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The society. reference_year: the year its published totals are of."""

    name: str
    title: str
    place: str
    reference_year: int


@dataclass(frozen=True, slots=True)
class Told:
    """A declared figure, each part as text.

    path: where it stands. value, low, high: in `unit`; low and high are factors where the value is a list
    ('0.03, 0.07, …'). source: a key of `Summary.sources`, 'assumed', 'calibrated' or 'set by hand'.
    """

    path: str
    value: str
    unit: str
    date: str
    source: str
    low: str
    high: str
    to: str
    note: str

    @property
    def assumed(self) -> bool:
        """Whether nobody has measured it."""
        return self.source == "assumed"


@dataclass(frozen=True, slots=True)
class Summary:
    """A scenario as the run folder tells it, readable without the files it was declared in.

    regimes: the worlds in order, the first the one that the others are measured against. people: adults in each world.
    start: first month, 'YYYY-MM'. months: how many. seeds: as run. declared: every declared figure of the worlds and
    the society. sources: key -> title. warnings: what to keep in mind, such as a run longer than anything measured.
    """

    regimes: tuple[World, ...]
    society: Place
    people: int
    start: str
    months: int
    seeds: tuple[int, ...]
    declared: tuple[Told, ...]
    sources: dict[str, str]
    warnings: tuple[str, ...]

    def figures(self) -> list[tuple[str, Told]]:
        """Every declared figure, as (path, figure)."""
        return [(figure.path, figure) for figure in self.declared]

    def assumed(self) -> list[tuple[str, Told]]:
        """The figures that nobody has measured, as (path, figure)."""
        return [(path, figure) for path, figure in self.figures() if figure.assumed]

    def world(self, name: str) -> World:
        """The world of this name; KeyError for others."""
        for world in self.regimes:
            if world.name == name:
                return world
        raise KeyError(name)


def summary(scenario: Scenario) -> dict[str, Any]:
    """Return what the manifest keeps of a scenario (JSON)."""
    society = scenario.society
    parts = (society, *scenario.regimes)
    return {
        "regimes": [{name: getattr(regime, name) for name in World.__slots__} for regime in scenario.regimes],
        "society": {
            "name": society.name,
            "title": society.title,
            "place": society.place,
            "reference_year": int(society.reference_year),
        },
        "people": scenario.people,
        "start": str(scenario.start),
        "months": scenario.months,
        "seeds": list(scenario.seeds),
        "figures": [_told(path, figure) for path, figure in scenario.figures()],
        "sources": {key: str(source.title) for part in parts for key, source in part.sources.items()},
        "warnings": list(scenario.warnings),
    }


def read_summary(told: dict[str, Any]) -> Summary:
    """Return the summary that a manifest holds."""
    return Summary(
        regimes=tuple(World(**regime) for regime in told["regimes"]),
        society=Place(**told["society"]),
        people=told["people"],
        start=told["start"],
        months=told["months"],
        seeds=tuple(told["seeds"]),
        declared=tuple(Told(**{name: figure.get(name, "") for name in Told.__slots__}) for figure in told["figures"]),
        sources=dict(told["sources"]),
        warnings=tuple(told["warnings"]),
    )


def _told(path: str, figure: Any) -> dict[str, str]:
    values = getattr(figure, "values", None)
    value = str(figure.value) if values is None else ", ".join(map(str, values))
    given = {name: getattr(figure, name, None) for name in ("unit", "date", "source", "low", "high", "to", "note")}
    return {"path": path, "value": value, **{name: str(text) for name, text in given.items() if text is not None}}
