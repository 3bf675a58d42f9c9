"""A study: what one run folder holds, opened for reading."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from sincerity.census.measures import BY_ID
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.study import store
from sincerity.study.accounts import GROUPINGS, PROVIDER, Account, account
from sincerity.study.audit import Audit, audit
from sincerity.study.context import Context, context
from sincerity.study.entries import PROMISES, RIGHTS, Entry
from sincerity.study.ledger import Ledger, ledger
from sincerity.study.reforms import Reforms, asked_of, reforms
from sincerity.study.robustness import Robustness, read_robustness, robustness
from sincerity.study.series import Series, series
from sincerity.study.summary import Summary, read_summary
from sincerity.study.tally import Tally
from sincerity.study.twins import Twins, floor, read_floor, twins

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch
    from sincerity.study.assess import Assessment
    from sincerity.study.follow import Followed
    from sincerity.study.rules import Rules


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
        'region', 'education', 'age', 'sex', 'urban', 'minority', 'opinion' in the last month of each year, and 'act',
        'cause', 'score and decile', … with it. group: str, 'all', '1'…'10', a region; for by='score' the lower edge of
        a bin of 25 points; for by='act' an act; for by='cause' what closed a gate, ' > ', the gate; for by='score and
        …' the lower edge of a band of 50 points, ' > ', the group. measure: str, a key of `measures`.
        count: int, adults, or a sum in units of 1/scale. of: int, the denominator; what happens in a month is summed
        over the year's months for groups, and `of` with it. against: int, of the count, those for whom it was not so in
        the first world that month, with the same luck (0 in that world).
        """
        return store.read_census(self.folder, self.manifest)

    @cached_property
    def lives(self) -> pa.Table | None:
        """Every event in the life of the person drawn at random, in every world; None where the run was cut in between.

        seed, person, chosen, who, world, then the parts of an event: month 'YYYY-MM', rule, kind, what, cause, paths
        (of declared figures, in one text), points of the score, weight (1 a detail, 2 an event, 3 a turn).
        """
        return store.read_lives(self.folder, self.manifest)

    @cached_property
    def measures(self) -> dict[str, dict[str, Any]]:
        """Measure id -> title, unit, denominator, window ('month' or 'ever'), kind, scale, definition."""
        return store.read_measures(self.folder)

    @property
    def command(self) -> str:
        """The one command that makes this run again, from the sources of the version in `manifest`.

        Rules of its own (`compare(schedule=…)`) are named behind a `#`: no command has them.
        """
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

    def rights(self, by: str = "all", regime: str | None = None) -> Account:
        """The ledger of rights: what a regime takes, entry by entry, beside the same under the first world.

        by: 'all', or a grouping of the census ('decile', 'education', 'age', 'sex', 'urban', 'region', 'minority',
        'opinion'). regime: a world's name, by default the last. Figures are of the last twelve months, or of the whole
        run where their unit says *at some time*; each row gives unit and definition. Groups with fewer than 20 cases,
        all seeds together, have no figure. Raises BadInput for names that are not there.
        """
        return self._account("What it takes: rights", RIGHTS, by, regime)

    def promises(self, by: str = "all", regime: str | None = None) -> Account:
        """The ledger of promises: what a regime gives, with the conditions it rests on; arguments as for `rights`.

        Offences are counted true and recorded, side by side: a regime that sees more is not one under which more is
        done.
        """
        return self._account("What it gives: promises", PROMISES, by, regime)

    def audit(self, by: str = "minority", regime: str | None = None) -> Audit:
        """Audit a regime by group: selection rates, parity, equalised odds, calibration, entry, exit, false listing.

        by: a grouping, as for `rights`, other than 'all'; 'provider' (private scorers, whose groups overlap) once
        `follow` was run. regime: a world's name, by default the last. Each rate has counts and an interval; groups with
        fewer than 20 cases are suppressed; what only a simulator can know is marked *needs ground truth*. Raises
        BadInput for names that are not there.
        """
        name, _ = self._against(regime)
        _known(by, (*GROUPINGS, PROVIDER), "grouping for an audit")
        title = f"Audit by {by} — {self.scenario.world(name).title}"
        return audit(self.census, self._tally_of(by, name), name, title)

    def declared(self) -> Scenario:
        """The scenario as it was run, from the run folder: society and regimes with every rule and figure."""
        return self._declared

    @cached_property
    def _declared(self) -> Scenario:
        return store.read_scenario(self.folder)

    def context(self, regime: str | None = None) -> Context:
        """Sanction mass by domain of the data and domain of the gate, in the last year: see `Context`."""
        name, _ = self._against(regime)
        scenario = self.declared()
        made = next(each for each in scenario.regimes if each.name == name)
        return context(self.tally("cause"), self.tally("act"), scenario, made)

    def assessment(self, regime: str | None = None) -> Assessment:
        """Say which element of which law each rule bears on, and with what figures; no finding, no grade.

        regime: a world's name, by default the last. Elements: AI Act 5(1)(c), GDPR 22, PIPL 24. Each point names its
        rule with file and line, its figure with the band over the seeds, whether that needs ground truth, and which
        reform of the catalogue takes the rule away. `str()` of it is Markdown.
        """
        from sincerity.study.assess import assess

        name, _ = self._against(regime)
        return assess(self, name)

    def rules(self, regime: str | None = None) -> Rules:
        """Rule by rule: who loses what, for how long, whether it is undone, what it buys, and what would be cheaper.

        regime: a world's name, by default the last. How long is known once `follow` was run, what a rule buys where
        reforms stand beside it in the study.
        """
        from sincerity.study.rules import rules

        return rules(self, self._against(regime)[0])

    def twins(self, regime: str | None = None) -> Twins:
        """People and their twins without the regime: net, switched, the reverse, at once, and the floor if it was run.

        regime: a world's name, by default the last. BadInput for the first world, whose twin is itself.
        """
        name, ordinary = self._against(regime)
        if ordinary is None:
            raise BadInput([Problem(name, 0, 0, "the first world of a study has no twins", "a world set against it")])
        title = f"Twins — {self.scenario.world(name).title}, against {self.scenario.world(ordinary).title}"
        return twins(self.tally(), name, ordinary, title, read_floor(self))

    def floor(self, watch: Watch | None = None, threads: int | None = None) -> dict[str, list[float]]:
        """Switched by chance alone: ordinary law against itself with one post of one person changed.

        Runs as long as two worlds of this study (all its people, months and seeds) and is kept in the run folder, where
        `twins` finds it. Returns measure -> [switched, reverse], of every 1,000 adults a month of the last year.
        """
        return floor(self, watch, threads)

    def robustness(
        self, draws: int = 32, people: int = 20_000, watch: Watch | None = None, threads: int | None = None
    ) -> Robustness:
        """Draw all assumed figures inside their ranges, live again, and say where the sign is not known.

        draws: 2 to 1,000. people: adults of each draw. Takes minutes; the result is kept in the run folder and shown by
        table and report from then on. `robust` is what is kept, or None.
        """
        if not 2 <= draws <= 1000:
            raise BadInput([Problem("draws", 0, 0, f"{draws} draws", "2 to 1,000")])
        if len(self.worlds) < 2:
            raise BadInput([Problem("robustness", 0, 0, "a study of one world", "a regime set against another")])
        return robustness(self, draws, people, watch, threads)

    @property
    def robust(self) -> Robustness | None:
        """The draws that the run folder keeps; None where none were made."""
        return read_robustness(self)

    def reforms(self, regime: str | None = None) -> Reforms | None:
        """Set the reforms in this study against what they reform: who saves most in each right, and what it costs.

        regime: a world's name, by default the one with most reforms among the worlds; which is a reform of which, the
        catalogue says. None where the study holds no reform of it. BadInput for a name that is not in the study.
        """
        if regime is not None:
            _known(regime, self.worlds, "world in this study")
        name, names = asked_of(self, regime)
        return reforms(self, name, names) if names else None

    def follow(
        self,
        sample: int = 100,
        world: str | None = None,
        seed: int | None = None,
        threads: int | None = None,
        watch: Watch | None = None,
    ) -> Followed:
        """Live one seed again and follow people: how long each rule holds, what parts lives, what a record costs.

        sample: people drawn at random and traced, 1 to 2,000. world: the regime, by default the last. seed: by default
        the first. Takes two lives of one seed; kept in the run folder, where tables and report find it (`followed`).
        """
        from sincerity.study.follow import follow  # Numba loads here

        return follow(self, sample, world, seed, threads, watch)

    @property
    def followed(self) -> Followed | None:
        """What following people told, as the run folder keeps it; None where nobody was followed."""
        from sincerity.study.follow import read_followed

        return read_followed(self)

    def tally(self, by: str = "all") -> Tally:
        """The counts of the last twelve months by a grouping of the census."""
        _known(by, ("all", "act", "cause", *GROUPINGS), "grouping in this census")
        if by not in self._tallies:
            self._tallies[by] = Tally(self.census, by)
        return self._tallies[by]

    @cached_property
    def _tallies(self) -> dict[str, Tally]:
        return {}

    def _against(self, regime: str | None) -> tuple[str, str | None]:
        """The world asked about, and the one it is set against."""
        worlds = self.worlds
        name = worlds[-1] if regime is None else _known(regime, worlds, "world in this study")
        return name, None if name == worlds[0] else worlds[0]

    def _tally_of(self, by: str, name: str) -> Tally:
        """The tally of a world by a grouping; that by private scorer is of the people followed. BadInput without."""
        if by != PROVIDER:
            return self.tally(by)
        if not next(made for made in self.declared().regimes if made.name == name).providers:
            raise BadInput([Problem(PROVIDER, 0, 0, f"{name} has no private scorers", "another grouping")])
        followed = self.followed
        if followed is None or followed.world != name:
            message = "who is a member of which private scorer is known once people were followed"
            raise BadInput([Problem(PROVIDER, 0, 0, message, f"sincerity follow {self.folder} --regime {name}")])
        return Tally(followed.by_provider(), PROVIDER)

    def _account(self, title: str, entries: Sequence[Entry], by: str, regime: str | None) -> Account:
        name, ordinary = self._against(regime)
        _known(by, ("all", *GROUPINGS, PROVIDER), "grouping of the ledgers")
        ordinary = None if by == PROVIDER else ordinary
        titles = {world.name: world.title for world in self.scenario.regimes}
        versus = "" if ordinary is None else f", against {titles[ordinary]}"
        return account(self._tally_of(by, name), entries, name, ordinary, f"{title} — {titles[name]}{versus}")

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

    def to_polars(self) -> Any:
        """The census as a polars.DataFrame, columns as in `census`. BadInput where polars is not installed."""
        return _library("polars", "to_polars").from_arrow(self.census)

    def to_pandas(self) -> Any:
        """The census as a pandas.DataFrame, columns as in `census`. BadInput where pandas is not installed."""
        _library("pandas", "to_pandas")
        return self.census.to_pandas()

    def sql(self, query: str) -> Any:
        """Ask in SQL, by DuckDB in memory: a DuckDBPyRelation, which shows itself and has `.fetchall()`, `.arrow()`.

        Tables: `census`, `lives` (where kept) and `measures` (id, title, unit, denominator, window, kind, scale,
        definition). BadInput where DuckDB is not installed; its own errors for a query that it does not understand.
        """
        connection = _library("duckdb", "sql").connect(":memory:")
        connection.register("census", self.census)
        connection.register("measures", pa.Table.from_pylist([{"id": id} | m for id, m in self.measures.items()]))
        if self.lives is not None:
            connection.register("lives", self.lives)
        return connection.sql(query)

    def __repr__(self) -> str:
        size = f"{self.scenario.people:,} people, {self.scenario.months} months, {len(self.scenario.seeds)} seeds"
        return f"<Study {' against '.join(reversed(self.worlds))}: {size}; {self.folder}>"

    def _repr_html_(self) -> str:
        tables = [self.ledger(name)._repr_html_() for name in self.worlds[1:] or self.worlds]
        return f"<p>{escape(repr(self)[1:-1])}</p>{''.join(tables)}"


def load(run: str | Path = "last", runs: str | Path | None = None) -> Study:
    """Open a finished run: a folder, a name in `runs`, a start that only one name has, or 'last' (made or found last).

    runs: the folder that holds run folders, by default `runs` in the working directory. Raises BadInput where there is
    no such run, more than one, or one that was never finished.
    """
    return Study(store.find(run, runs), found=True)


def _library(name: str, asked_by: str) -> Any:
    """A library that is not among our own."""
    try:
        return importlib.import_module(name)
    except ImportError:
        message = f"this needs the library {name}, which is not installed"
        raise BadInput([Problem(f"Study.{asked_by}", 0, 0, message, f"pip install {name}")]) from None


def _known(name: str, names: Any, what: str) -> str:
    if name in names:
        return name
    near = closest(name, names)
    listed = ", ".join(names) if len(names) <= 12 else ""
    raise BadInput([Problem(name, 0, 0, f"no {what} has this name", f"one of {listed}" if listed else "", near)])


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdigit()
