"""Sensitivity: which assumed figures move the rights ledger, and how much of its spread is chance.

Elementary effects (Morris, Technometrics 33(2), 1991) in a radial design (Campolongo, Saltelli and Cariboni, Computer
Physics Communications 182(4), 2011): from a point at which every assumed figure stands somewhere in its range, one
parameter at a time is moved by two thirds of its range. All points of a trajectory share people and luck, so that
chance does not move them apart; each trajectory has a seed of its own. First sections of the declared files are moved
whole (groups: Campolongo, Cariboni and Saltelli, Environmental Modelling & Software 22(10), 2007), then the figures of
the strongest sections one by one. The ledger is the regime's difference to ordinary law.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.problems import BadInput, Problem
from sincerity.engine.watch import nobody
from sincerity.study import store
from sincerity.study.accounts import account
from sincerity.study.entries import RIGHTS
from sincerity.study.ledger import shown
from sincerity.study.robustness import TRIES, changed, drawable, part_at, parts
from sincerity.study.tally import Tally

if TYPE_CHECKING:
    from sincerity.declare.figures import Figure, Figures
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch

Values = NDArray[np.float64]
SEEDS, PARAMETERS, TOP = 6, 48, 10
CHANCE = 0.5
"""Share of an entry's variance from which on chance speaks and not the figures: it is left out of the index."""
LEVELS, STEP = (0.0, 1 / 3, 2 / 3, 1.0), 2 / 3
"""Places of a range at which a trajectory begins; how far a parameter is moved, up from the lower half, else down."""
SECONDS_A_POINT, SECONDS_A_PERSON_MONTH = 0.2, 0.5e-6
"""For `guess`: to declare a scenario anew, and of processor time for a world's month."""


class Parameter(NamedTuple):
    """What is moved at once. name: its dotted path; figures: numbers of its figures; range: in words."""

    name: str
    figures: tuple[int, ...]
    range: str


@dataclass(frozen=True, slots=True)
class Move:
    """By how much an entry moves, in its own unit: the mean over trajectories of the unsigned effect of one step."""

    entry: str
    words: str
    unit: str
    by: float


@dataclass(frozen=True, slots=True)
class Effect:
    """One parameter. index: mean over the entries of move / spread of the entry. figures: how many it moves at once.
    moves: of every entry, the greatest first (by move / spread). steps: trajectories in which it could be moved.
    """

    name: str
    range: str
    figures: int
    index: float
    moves: tuple[Move, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class Spread:
    """One entry. declared: as declared, mean over the seeds. spread: standard deviation over all points of
    the sections' trajectories. chance: variance over the seeds as declared, of the points' variance; 1 at most. by: the
    parameter that moves it most.
    """

    entry: str
    words: str
    unit: str
    declared: float
    spread: float
    chance: float
    by: str


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What was found. sections, figures: strongest first. entries: those that moved at all. drawn: assumed figures.

    lives: simulations; impossible: steps that no scenario can have; seconds: it took, in so many workers (processes).
    """

    regime: str
    society: str
    people: int
    years: int
    start: str
    seeds: tuple[int, ...]
    sections: tuple[Effect, ...]
    figures: tuple[Effect, ...]
    entries: tuple[Spread, ...]
    drawn: int
    lives: int
    impossible: int
    seconds: float
    workers: int
    made: str

    @property
    def command(self) -> str:
        """What makes it."""
        return (
            f"sincerity sensitivity {self.regime} --society {self.society} --people {self.people} --start {self.start} "
            f"--years {self.years} --seed {self.seeds[0]} --seeds {len(self.seeds)} --figures {len(self.figures)}"
        )

    @property
    def how(self) -> str:
        """How it was done, in a few sentences."""
        return (
            f"{self.drawn} assumed figures in {len(self.sections)} sections, then the {len(self.figures)} parameters "
            "of the strongest sections, passing over those that hold more than there was room for; "
            f"{len(self.seeds)} trajectories each, one seed a trajectory; {self.lives} "
            f"lives of {self.people:,} people, each under ordinary law and under {self.regime}, {self.years} years "
            f"from {self.start}; {self.impossible} impossible steps left out; {self.seconds / 60:.0f} minutes in "
            f"{self.workers} process{'es' * (self.workers > 1)}."
        )

    def document(self) -> dict[str, Any]:
        """All of it as plain values."""
        return asdict(self) | {"command": self.command}

    def lines(self, top: int = TOP) -> Iterator[str]:
        """The page in Markdown."""
        yield from ("# Sensitivity", "")
        yield f"`{self.command}`, {self.made}."
        yield self.how
        yield ""
        yield (
            "An effect is what an entry of the rights ledger (the regime's difference to ordinary law) moves when a "
            "parameter is moved by two thirds of its range, the rest standing anywhere in theirs: unsigned, mean over "
            "the trajectories. The index divides it by the spread of the entry and takes the mean over the entries, "
            f"those left out that are chance by more than {100 * CHANCE:.0f} %. "
            "Ranges are our own: a wide one makes a figure important. With so few trajectories neighbours in rank can "
            "change places."
        )
        yield from ("", f"## The {min(top, len(self.figures))} parameters that move the rights ledger most", "")
        yield from _table(self.figures[:top], "parameter", 2)
        yield from ("", "## Sections of the declared files", "")
        yield from _table(self.sections, "section", 1)
        yield from ("", "## Entries", "")
        yield "Spread: standard deviation over the points. Chance: share of the variance that seeds alone give."
        yield from ("", "| entry | unit | as declared | spread | chance | moved most by |", "|---|---|---|---|---|---|")
        for one in self.entries:
            figures = f"{shown(one.declared, True)} | {_short(one.spread)} | {100 * one.chance:.0f} %"
            yield f"| {one.words} | {one.unit} | {figures} | `{one.by}` |"


def _table(effects: Sequence[Effect], what: str, most: int) -> Iterator[str]:
    yield f"| {what} | figures | range | index | moves most |"
    yield "|---|---|---|---|---|"
    for one in effects:
        moves = "; ".join(f"{move.words}: {_short(move.by)} {move.unit}" for move in one.moves[:most] if move.by)
        yield f"| `{one.name}` | {one.figures} | {one.range} | {one.index:.2f} | {moves or 'nothing'} |"


def _short(value: float) -> str:
    """Two digits, whole from ten on."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def guess(scenario: Scenario, parameters: int, workers: int) -> float:
    """Return about how many seconds `sensitivity` takes."""
    assumed = drawable(scenario)
    points = len(scenario.seeds) * (len(sections(assumed)) + min(parameters, len(assumed)) + 3)
    a_point = SECONDS_A_POINT + scenario.people * (2 * scenario.months + 24) * SECONDS_A_PERSON_MONTH
    return points * a_point / workers


def sensitivity(
    scenario: Scenario, parameters: int = PARAMETERS, workers: int = 1, watch: Watch = nobody
) -> Sensitivity:
    """Move the assumed figures of a scenario of ordinary law and one regime, first by section, then one by one.

    scenario.seeds: one trajectory each. parameters: how many are moved one by one, at most. workers: processes; the
    result does not depend on them. Raises BadInput where no figure is assumed, or no draw can be lived.
    """
    began = time.perf_counter()
    assumed = drawable(scenario)
    if not assumed:
        raise BadInput([Problem(scenario.regimes[-1].name, 0, 0, "no figure of this scenario is assumed")])
    with _pool(scenario, assumed, workers) as live:
        seeds = scenario.seeds
        declared = _together(live, [(None, seed) for seed in seeds], watch, "as declared")
        whole = sections(assumed)
        first, bases, impossible = _stage(scenario, assumed, whole, live, watch, "sections", 0)
        points = np.concatenate([first.reshape(-1, first.shape[-1]), bases])
        with np.errstate(invalid="ignore"):
            spreads = np.where(np.isfinite(points).any(axis=0), _nan(np.nanstd, points), 0.0)
        chance = np.minimum(_nan(np.nanvar, declared) / np.where(spreads > 0, spreads, 1) ** 2, 1)
        told = np.where(chance <= CHANCE, spreads, 0.0)
        strong = effects(whole, first, bases, told)
        single = _of_the_strongest(strong, whole, units(scenario, assumed), parameters)
        second, more, further = _stage(scenario, assumed, single, live, watch, "figures", 1)
    moved = effects(single, second, more, told)
    by: dict[str, tuple[float, str]] = {}
    for one in moved:
        for move in one.moves:
            by[move.entry] = max(by.get(move.entry, (0.0, "")), (move.by, one.name))
    entries = tuple(
        Spread(entry.id, entry.words, entry.unit, float(mean), float(spread), float(share), by[entry.id][1])
        for entry, mean, spread, share in zip(RIGHTS, _nan(np.nanmean, declared), spreads, chance, strict=True)
        if spread > 0
    )
    lives = len(declared) + sum(int(np.isfinite(a).any(axis=-1).sum()) for a in (first, bases, second, more))
    return Sensitivity(
        scenario.regimes[-1].name, scenario.society.name, scenario.people, scenario.months // 12, str(scenario.start),
        scenario.seeds, strong, moved, entries, len(assumed), lives, impossible + further,
        round(time.perf_counter() - began, 1), workers, store.now()[:10],
    )  # fmt: skip


# ---- parameters ------------------------------------------------------------------------------------------------------


def sections(assumed: Sequence[tuple[str, Figure | Figures]]) -> list[Parameter]:
    """The assumed figures by section of their file: its name and the first key."""
    return _grouped([".".join(path.split(".")[:2]) for path, _ in assumed], assumed)


def units(scenario: Scenario, assumed: Sequence[tuple[str, Figure | Figures]]) -> list[Parameter]:
    """The assumed figures one by one; the numbers of a row that has one range for all of them are moved together."""
    plain = parts(scenario)

    def of(path: str) -> str:
        row = path.rpartition(".")[0]
        at = part_at(plain, row)
        return row if isinstance(at, dict) and "source" in at and not {"value", "values"} & set(at) else path

    return _grouped([of(path) for path, _ in assumed], assumed)


def _grouped(names: Sequence[str], assumed: Sequence[tuple[str, Figure | Figures]]) -> list[Parameter]:
    members: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        members.setdefault(name, []).append(k)
    return [Parameter(name, tuple(of), _range([assumed[k][1] for k in of])) for name, of in members.items()]


def _range(figures: Sequence[Figure | Figures]) -> str:
    """Of one figure, its range; of several, nothing."""
    if len(figures) > 1:
        return "each its own"
    (one,) = figures
    unit = f"{'times the list' if hasattr(one, 'values') else one.unit}"
    return f"{one.low:g} to {one.high:g} {unit}" if one.low is not None and one.high is not None else ""


def _of_the_strongest(
    strong: Sequence[Effect], whole: Sequence[Parameter], single: Sequence[Parameter], most: int
) -> list[Parameter]:
    """The parameters of the sections, strongest first, as long as all of a section's still have room."""
    of = {parameter.name: set(parameter.figures) for parameter in whole}
    chosen: list[Parameter] = []
    for section in strong:
        members = [one for one in single if of[section.name] >= set(one.figures)]
        if len(chosen) + len(members) <= most:
            chosen += members
    return chosen or [one for one in single if of[strong[0].name] >= set(one.figures)]


# ---- points ----------------------------------------------------------------------------------------------------------


def radial(figures: int, parameters: Sequence[Parameter], luck: np.random.Generator) -> tuple[Values, Values]:
    """(figures,) where a trajectory begins, and (parameters, figures) its other points: one parameter moved in each."""
    base = luck.choice(LEVELS, figures)
    moved = np.where(base < 0.5, base + STEP, base - STEP)
    points = np.tile(base, (len(parameters), 1))
    for k, parameter in enumerate(parameters):
        points[k, list(parameter.figures)] = moved[list(parameter.figures)]
    return base, points


def effects(parameters: Sequence[Parameter], points: Values, bases: Values, spreads: Values) -> tuple[Effect, ...]:
    """Effects, strongest first. points: (trajectories, parameters, entries), NaN for what could not be lived or is not
    defined; bases: (trajectories, entries); spreads: (entries,), 0 for entries that are left out.
    """
    moves = np.abs(points - bases[:, None])
    steps = np.isfinite(moves).any(axis=2).sum(axis=0)
    mean = np.nan_to_num(_nan(np.nanmean, moves))
    share = np.divide(mean, spreads, out=np.zeros_like(mean), where=spreads > 0)
    index = share[:, spreads > 0].mean(axis=1) if (spreads > 0).any() else np.zeros(len(parameters))
    found = []
    for k, parameter in enumerate(parameters):
        order = np.argsort(-share[k], kind="stable")
        told = tuple(Move(RIGHTS[e].id, RIGHTS[e].words, RIGHTS[e].unit, float(mean[k, e])) for e in order)
        found.append(
            Effect(parameter.name, parameter.range, len(parameter.figures), float(index[k]), told, int(steps[k]))
        )
    return tuple(sorted(found, key=lambda one: -one.index))


def _nan(reduce: Any, values: Values) -> Values:
    """A reduction over the first axis that leaves NaN, without a warning, where nothing is defined."""
    empty = ~np.isfinite(values).any(axis=0)
    return np.asarray(np.where(empty, np.nan, reduce(np.where(empty, 0.0, values), axis=0)))


def _stage(
    scenario: Scenario, assumed: Any, parameters: Sequence[Parameter], live: Any, watch: Watch, name: str, number: int
) -> tuple[Values, Values, int]:
    """(trajectories, parameters, entries) points, (trajectories, entries) bases, and how many steps were impossible."""
    jobs: list[tuple[Values | None, int]] = []
    for seed in scenario.seeds:
        base, points = _beginning(scenario, assumed, parameters, seed, number)
        jobs += [(base, seed), *((point, seed) for point in points)]
    found = _together(live, jobs, watch, name).reshape(len(scenario.seeds), len(parameters) + 1, -1)
    impossible = int((~np.isfinite(found).any(axis=2)).sum())
    return found[:, 1:], found[:, 0], impossible


def _beginning(
    scenario: Scenario, assumed: Any, parameters: Sequence[Parameter], seed: int, number: int
) -> tuple[Values, Values]:
    """A trajectory whose first point can be lived."""
    for tries in range(TRIES):
        base, points = radial(len(assumed), parameters, np.random.default_rng([seed, number, tries]))
        try:
            changed(scenario, assumed, base)
        except BadInput as error:
            problems = error.problems
        else:
            return base, points
    raise BadInput(list(problems))


def _together(live: Any, jobs: Sequence[tuple[Values | None, int]], watch: Watch, name: str) -> Values:
    """(jobs, entries) the ledger of every job, in order."""
    watch(name, 0, len(jobs))
    found = []
    for k, values in enumerate(live(jobs)):
        found.append(values)
        watch(name, k + 1, len(jobs))
    return np.array(found)


def rights(scenario: Scenario, assumed: Any, job: tuple[Values | None, int]) -> list[float]:
    """The rights ledger with figures at these places (None: as declared) for one seed; NaN if it cannot be lived."""
    from sincerity.engine.cpu import simulate

    places, seed = job
    ordinary, regime = (one.name for one in scenario.regimes)
    try:
        made = scenario if places is None else changed(scenario, assumed, places)
    except BadInput:
        return [np.nan] * len(RIGHTS)
    census = simulate(replace(made, seeds=(seed,)), seed, threads=1).rows.table()
    rows = {row.id: row.difference for row in account(Tally(census, "all"), RIGHTS, regime, ordinary, "")}
    return [np.nan if rows.get(entry.id) is None else float(rows[entry.id] or 0.0) for entry in RIGHTS]


@contextmanager
def _pool(scenario: Scenario, assumed: Any, workers: int) -> Iterator[Any]:
    """A function from jobs to their ledgers, in order, in so many processes."""
    work = partial(rights, scenario, assumed)
    if workers <= 1:
        yield partial(map, work)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        try:
            yield partial(pool.map, work)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
