"""A study: what one run folder holds, opened for reading."""

from __future__ import annotations

import importlib
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sincerity.census.measures import BY_ID
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.study import store
from sincerity.study.ledger import Ledger, ledger
from sincerity.study.series import Series, series
from sincerity.study.summary import Summary, read_summary


class Study:
    """One finished run: its worlds, seeds and census. Made by `compare`, `run` and `load`.

    folder: Path of the run folder. found: True where the run was there already and nothing was computed.
    manifest: dict, what manifest.json says (versions, timings, hashes, the command that makes it again).
    scenario: Summary of worlds, society, size and declared figures. measures: dict, id -> title, unit, denominator,
    scale, definition. census: pyarrow.Table, see there. Shares are of adults; a person-month is one adult in one month.
    """

    def __init__(self, folder: str | Path, found: bool = False) -> None:
        """Open the run folder; StoreError where it holds no run. The census is read when it is first asked for."""
        self.folder = Path(folder)
        self.found = found
        self.manifest: dict[str, Any] = store.read_manifest(self.folder)
        self.scenario: Summary = read_summary(self.manifest["scenario"])

    @cached_property
    def census(self) -> pa.Table:
        """What was counted, one row a world, seed, month, group and measure.

        world: str, a regime's name. seed: int. month: str 'YYYY-MM'. by: str, 'all' and 'score' every month; 'decile',
        'region', 'education', 'age', 'sex', 'urban', 'minority' in the last month of each year. group: str, 'all',
        '1'…'10', a region; for by='score' the lower edge of a bin of 25 points. measure: str, a key of `measures`.
        count: int, adults, or a sum in units of 1/scale. of: int, the denominator; what happens in a month is summed
        over the year's months for groups, and `of` with it. against: int, of the count, those for whom it was not so in
        the first world that month, with the same luck (0 in that world).
        """
        return store.read_census(self.folder, self.manifest)

    @cached_property
    def measures(self) -> dict[str, dict[str, Any]]:
        """Measure id -> title, unit, denominator, window ('month' or 'ever'), kind, scale, definition."""
        return store.read_measures(self.folder)

    @property
    def command(self) -> str:
        """The one command that makes this run again, from the sources of the version in `manifest`."""
        return str(self.manifest["command"])

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds, in order; the first is the one that the others are measured against."""
        return tuple(world.name for world in self.scenario.regimes)

    def ledger(self, regime: str | None = None) -> Ledger:
        """Twelve sentences of every 1,000 adults: under ordinary law, under the regime, the difference and its spread.

        regime: a world's name, by default the last. With one world in the study, or asked about the first, the ledger
        gives that world's own figures. Raises BadInput for a name that is not in the study.
        """
        worlds = self.worlds
        name = worlds[-1] if regime is None else _known(regime, worlds, "world in this study")
        titles = {world.name: world.title for world in self.scenario.regimes}
        return ledger(self.census, name, None if name == worlds[0] else worlds[0], titles)

    def series(self, measure: str, world: str, by: str = "all", group: str = "all") -> Series:
        """One measure through time: months (T), seeds (S), and rates, counts, of as arrays (S, T).

        measure: a key of `measures`. world: a name in `worlds`. by, group: as in the census; `groups(by)` lists them.
        rates: per 1,000 adults; for a sum (`score_sum`, …) the mean in the measure's unit. 'all' and 'score' have every
        month; other groups, and what ever happened, one figure a year, at its last month. Raises BadInput for names
        that are not there.
        """
        _known(measure, BY_ID, "measure")
        _known(world, self.worlds, "world in this study")
        _known(group, self.groups(by), f"group by {by}")
        return series(self.census, measure, world, by, group)

    def groups(self, by: str) -> tuple[str, ...]:
        """Names of the groups that the census counts `by`, numbers in order, others as counted."""
        _known(by, pc.unique(self.census["by"]).to_pylist(), "grouping in this census")
        names = pc.unique(self.census.filter(pc.equal(self.census["by"], by))["group"]).to_pylist()
        return tuple(sorted(names, key=float)) if all(map(_is_number, names)) else tuple(names)

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report, one HTML file that opens offline, and return its path.

        path: the file to write; by default report.html in the run folder. StoreError where it cannot be written.
        """
        # By name: the report reads studies, and studies do not depend on how they are shown.
        page = importlib.import_module("sincerity.report.page")
        return store.add_report(self.folder, lambda to: page.write(self, to), None if path is None else Path(path))

    def map(
        self,
        world: str | None = None,
        measure: str = "score",
        beside: str | None = None,
        path: str | Path | None = None,
    ) -> Path:
        """Draw a world as it stood after the last month, one pixel a person, as a PNG; return its path.

        world: by default the last. measure: 'score', 'listed', 'says' (and thinks) or 'refused'. beside: a second
        world, drawn at its left. path: the file to write; by default in the run folder. Raises BadInput for other
        names, and StoreError where no last state was kept (see `compare`) or the file cannot be written.
        """
        maps = importlib.import_module("sincerity.report.map")
        name = maps.file_name(world or self.worlds[-1], measure, beside)
        target = self.folder / name if path is None else Path(path)
        picture = maps.draw(self, world, measure, beside)
        store.write(target, lambda stream: stream.write(picture))
        return target

    def __repr__(self) -> str:
        size = f"{self.scenario.people:,} people, {self.scenario.months} months, {len(self.scenario.seeds)} seeds"
        return f"<Study {' against '.join(reversed(self.worlds))}: {size}; {self.folder}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self)[1:-1])}</p>{self.ledger()._repr_html_()}"


def load(run: str | Path = "last", runs: str | Path | None = None) -> Study:
    """Open a finished run: a folder, a name in `runs`, a start that only one name has, or 'last' (made or found last).

    runs: the folder that holds run folders, by default `runs` in the working directory. Raises BadInput where there is
    no such run, more than one, or one that was never finished.
    """
    return Study(store.find(run, runs), found=True)


def _known(name: str, names: Any, what: str) -> str:
    if name in names:
        return name
    near = closest(name, names)
    listed = ", ".join(names) if len(names) <= 12 else ""
    raise BadInput([Problem(name, 0, 0, f"no {what} has this name", f"one of {listed}" if listed else "", near)])


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdigit()
