"""Calibration: declared figures fitted to published patterns, and to those only that are said to be calibrated.

calibration.yaml says which figures are free, inside which bounds, and to which patterns of patterns.yaml they are
fitted. The distance of a pattern is how far its value lies from the middle of the target's band, in half bands; the sum
of their squares is made small by SciPy's bounded least squares (Branch, Coleman and Li 1999), all steps with the same
people and luck. Nothing is written: the figures found are told as settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from ruamel.yaml import YAML

from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.declare.scenario import scenario
from sincerity.engine.watch import nobody
from sincerity.study import patterns
from sincerity.study.patterns import Found
from sincerity.study.series import Series, series

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch

FILE = Path(__file__).with_name("calibration.yaml")
PEOPLE, SEED, SEEDS, LIVES = 20_000, 101, 2, 20
"""Other seeds than those that `validate` judges by; lives: of a fit, at most."""
WELL_INSIDE, STEP = 0.5, 0.05
"""Half bands from the middle within which a pattern is left alone; the share of a range by which slopes are found."""


class Enough(Exception):
    """The patterns lie well inside their bands, or all lives are used up."""


@dataclass(frozen=True, slots=True)
class Free:
    """A figure that may be moved: its dotted path, and the bounds of the search, in its unit."""

    path: str
    low: float
    high: float

    def value(self, place: float) -> Decimal:
        """The figure at a place of its range (0 to 1), with three significant digits."""
        return Decimal(f"{self.low + (self.high - self.low) * place:.3g}")


@dataclass(frozen=True, slots=True)
class Fit:
    """One entry of calibration.yaml. targets: ids of patterns."""

    name: str
    title: str
    targets: tuple[str, ...]
    free: tuple[Free, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure. unit: its unit; old: as declared; new: where the patterns lie nearest to their targets."""

    path: str
    unit: str
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class Fitted:
    """One fit done. figures and targets in the order of the fit; before, after: values; lives: how many were tried."""

    fit: Fit
    figures: tuple[Moved, ...]
    before: tuple[Found, ...]
    after: tuple[Found, ...]
    lives: int

    @property
    def settings(self) -> tuple[str, ...]:
        """What gives the new figures, for those that moved: 'path=value'."""
        return tuple(f"{figure.path}={figure.new}" for figure in self.figures if figure.new != figure.old)

    def document(self) -> dict[str, Any]:
        """All of it as plain values."""
        targets = [
            {
                "id": old.id,
                "target": asdict(old.target),
                "before": old.value,
                "after": new.value,
                "verdict": new.verdict,
            }
            for old, new in zip(self.before, self.after, strict=True)
        ]
        figures = [
            {"path": one.path, "unit": one.unit, "old": float(one.old), "new": float(one.new)} for one in self.figures
        ]
        return {"name": self.fit.name, "figures": figures, "targets": targets, "lives": self.lives}

    def lines(self) -> Iterator[str]:
        """Figure old → new, then target, before, after."""
        yield f"{self.fit.name}: {self.fit.title} ({self.lives} lives)"
        wide = max(len(one.path) for one in self.figures)
        for one in self.figures:
            new = f"→ {one.new:<9}" if one.new != one.old else "stays      "
            yield f"  {one.path.ljust(wide)}  {one.old!s:>9} {new} {one.unit}"
        for old, found in zip(self.before, self.after, strict=True):
            yield f"    {old.declared['pattern']}"
            target = f"target {found.target} {found.target.unit}: {found.verdict}"
            yield f"      {old.value:.3g} → {found.value:.3g}, {target}"


class Lived:
    """What `patterns` asks of a study, of a census that no run folder holds."""

    def __init__(self, lived: Scenario, census: pa.Table) -> None:
        self.scenario, self.census = lived, census

    def series(self, measure: str, world: str, by: str = "all", group: str = "all") -> Series:
        """As `Study.series`."""
        return series(self.census, measure, world, by, group)

    def groups(self, by: str) -> tuple[str, ...]:
        """The groups counted."""
        return tuple(sorted(set(self.census.filter(pa.compute.equal(self.census["by"], by))["group"].to_pylist())))


def fits(names: Sequence[str] = ()) -> list[Fit]:
    """The fits of calibration.yaml, or those named, in its order. BadInput for a name that is none."""
    told = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))["fits"]
    known = [
        Fit(one["name"], one["title"], tuple(one["targets"]), tuple(Free(**free) for free in one["free"]))
        for one in told
    ]
    by_name = [fit.name for fit in known]
    problems = []
    for name in names:
        if name not in by_name:
            near = closest(name, by_name)
            expected = "" if near else f"one of {', '.join(by_name)}"
            problems.append(Problem(name, 0, 0, "there is no such fit", expected, f"`{near}`" if near else ""))
    if problems:
        raise BadInput(problems)
    return [fit for fit in known if not names or fit.name in names]


def calibrate(
    chosen: Iterable[Fit],
    people: int = PEOPLE,
    seed: int = SEED,
    seeds: int = SEEDS,
    lives: int = LIVES,
    threads: int | None = None,
    watch: Watch = nobody,
    begin: Callable[[Fit], object] = lambda fit: None,
) -> list[Fitted]:
    """Fit them one after the other. people, seeds: of each life; lives: at most so many a fit.

    Raises BadInput where SciPy is not installed, and for a figure that its file does not have.
    """
    told = patterns.declared()
    carried: dict[str, list[str]] = {}
    done = []
    for fit in chosen:
        begin(fit)
        targets = [next(p for p in told["patterns"] if p["id"] == id) for id in fit.targets]
        home = {told["studies"][target["study"]]["society"] for target in targets}.pop()
        options = {"people": people, "seed": seed, "seeds": seeds}
        live = partial(_values, told["studies"], targets, options, threads, watch, carried.get(home, []))
        found = _fitted(fit, targets, live, _declared(fit, told["studies"], targets), lives)
        carried[home] = [*carried.get(home, []), *(s for s in found.settings if s.startswith("society."))]
        done.append(found)
    return done


def _fitted(
    fit: Fit,
    targets: Sequence[dict[str, Any]],
    live: Callable[[Sequence[str]], tuple[Found, ...]],
    declared: Sequence[tuple[Decimal, str]],
    lives: int,
) -> Fitted:
    """Make the distances small from where the figures stand; the best of all that was tried is taken."""
    least_squares = _least_squares()
    tried: dict[tuple[Decimal, ...], tuple[Found, ...]] = {}

    def distances_at(values: tuple[Decimal, ...]) -> NDArray[np.float64]:
        if values not in tried:
            if len(tried) >= lives:
                raise Enough
            moved = [f"{f.path}={v}" for f, v, (old, _) in zip(fit.free, values, declared, strict=True) if v != old]
            tried[values] = live(moved)
        found = distances(tried[values])
        if (np.abs(found) <= WELL_INSIDE).all():
            raise Enough
        return found

    def at(places: NDArray[np.float64]) -> NDArray[np.float64]:
        values = [free.value(float(place) - 1) for free, place in zip(fit.free, places, strict=True)]
        return distances_at(tuple(values))

    began = tuple(old for old, _ in declared)
    # places run from 1 to 2, since SciPy takes its steps in proportion to where it stands
    first = [1 + (float(old) - f.low) / (f.high - f.low) for f, old in zip(fit.free, began, strict=True)]
    try:
        distances_at(began)
        least_squares(at, np.clip(first, 1.001, 1.999), bounds=(1, 2), diff_step=STEP, max_nfev=lives)
    except Enough:
        pass
    best = min(tried, key=lambda values: float(np.nansum(distances(tried[values]) ** 2)))
    figures = [Moved(f.path, unit, old, new) for f, (old, unit), new in zip(fit.free, declared, best, strict=True)]
    return Fitted(fit, tuple(figures), tried[began], tried[best], len(tried))


def distances(found: Sequence[Found]) -> NDArray[np.float64]:
    """(targets,) how far each lies from the middle of its band, in half bands; 1 and -1 are its ends."""
    ends = [(one.target.low or 0.0, one.target.high or 0.0) for one in found]
    return np.array([(2 * one.value - low - high) / (high - low) for one, (low, high) in zip(found, ends, strict=True)])


def _declared(fit: Fit, studies: dict[str, Any], targets: Sequence[dict[str, Any]]) -> list[tuple[Decimal, str]]:
    """Each free figure as its file declares it, and its unit. BadInput for one that is not there."""
    lived = [_scenario(studies[target["study"]], [target], {}, []) for target in targets]
    found: dict[str, tuple[Decimal, str]] = {}
    for path, figure in (one for each in lived for one in each.figures()):
        if hasattr(figure, "value"):
            found[path] = found[path.partition(".")[2]] = figure.value, figure.unit
    wrong = [
        Problem(free.path, 0, 0, f"{fit.name}: there is no such figure") for free in fit.free if free.path not in found
    ]
    if wrong:
        raise BadInput(wrong)
    return [found[free.path] for free in fit.free]


def _scenario(
    asked: dict[str, Any], targets: Sequence[dict[str, Any]], options: dict[str, Any], settings: Sequence[str]
) -> Scenario:
    """The study with only those worlds and months that these targets are taken from."""
    needed = {str(target[key]) for target in targets for key in ("world", "beside", "against") if key in target}
    files = {name.removesuffix(".yaml"): name for name in asked["regimes"]}
    regimes = [str(patterns.FILE.with_name(f)) if f.endswith(".yaml") else f for n, f in files.items() if n in needed]
    there = [s for s in settings if s.startswith("society.") or s.partition(".")[0] in files]
    made = scenario(
        regimes, society=asked["society"], start=asked["start"], years=asked["years"], settings=there, **options
    )
    last = max(Month.parse(str(target["to"])) for target in targets)
    return replace(made, months=min(made.months, last - made.start + 1))


def _values(
    studies: dict[str, Any],
    targets: Sequence[dict[str, Any]],
    options: dict[str, Any],
    threads: int | None,
    watch: Watch,
    carried: Sequence[str],
    settings: Sequence[str],
) -> tuple[Found, ...]:
    """The targets' patterns, judged in a life with these settings."""
    from sincerity.engine.cpu import simulate

    found: dict[str, Found] = {}
    for name in dict.fromkeys(target["study"] for target in targets):
        mine = [target for target in targets if target["study"] == name]
        lived = _scenario(studies[name], mine, options, [*carried, *settings])
        if "follow" in studies[name]:
            cohorts = patterns.follow(studies[name], lived, threads, watch)
            found |= {one["id"]: patterns.judged_cohorts(cohorts, one) for one in mine}
        else:
            tables = []
            for k, seed in enumerate(lived.seeds):
                watch("seed", k, len(lived.seeds))
                tables.append(simulate(lived, seed, threads=threads, watch=watch).rows.table())
            study: Any = Lived(lived, pa.concat_tables(tables))
            found |= {one["id"]: patterns.judged(study, one) for one in mine}
    return tuple(found[target["id"]] for target in targets)


def settings_text(done: Sequence[Fitted], command: str) -> str:
    """A file of settings: options to paste, and the line of each figure for its own file, as comments."""
    lines = [f"# {command}: the options below put the figures found into force; behind #, what their files would say."]
    for fitted in done:
        to = "; ".join(one.declared["pattern"] for one in fitted.before)
        for figure in fitted.figures:
            if figure.new != figure.old:
                said = f'{{value: {figure.new}, unit: {figure.unit}, source: calibrated, to: "{to}"}}'
                lines += [f"# {figure.path}: {said}", f"--set {figure.path}={figure.new}"]
    return "\n".join(lines) + "\n"


def _least_squares() -> Any:
    """SciPy's, or one clear message."""
    try:
        from scipy.optimize import least_squares
    except ImportError as error:
        raise BadInput(
            [Problem("calibrate", 0, 0, "SciPy is not installed", "pip install 'sincerity[analysis]'")]
        ) from error
    return least_squares
