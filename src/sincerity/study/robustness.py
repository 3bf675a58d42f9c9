"""The second band: how far the figures nobody has measured may move a result.

Every assumed figure is drawn inside its own range, all at once (Latin hypercube, uniform between low and high; McKay,
Beckman and Conover 1979), and the same people live again with the same seeds. Where the draws disagree on whether there
are more or fewer, the sign is not known.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sincerity.declare.figures import Figure, Figures, bounds
from sincerity.declare.problems import BadInput, Problem
from sincerity.engine.watch import nobody
from sincerity.study import store
from sincerity.study.ledger import bands, ledger, shown
from sincerity.study.tabular import aligned
from sincerity.study.twins import read_part

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch
    from sincerity.study.study import Study

ROBUSTNESS = "robustness.json"
DRAWS, PEOPLE, SEEDS = 32, 20_000, 3
TRIES = 20
"""Draws that no scenario can have (a list left below where it is entered) are drawn again, so often at most."""


@dataclass(frozen=True, slots=True)
class RobustRow:
    """One row of the ledger under the draws. difference: as declared, at the draws' own size. low, high: lowest and
    highest difference of the draws, each the mean over the seeds; per 1,000 adults. more, fewer: draws that say so;
    known: whether all that say anything say the same.
    """

    id: str
    sentence: str
    difference: float
    low: float
    high: float
    more: int
    fewer: int

    @property
    def known(self) -> bool:
        """Whether every draw says more, or every draw says fewer (or none changes anything)."""
        return not self.low < 0 < self.high

    @property
    def note(self) -> str:
        """'' or that the sign is not known, and how the draws are divided."""
        return "" if self.known else f"sign not known: more in {self.more}, fewer in {self.fewer}"


@dataclass(frozen=True, slots=True)
class Robustness:
    """What the draws gave, for every regime but the first. rows: regime -> RobustRow, in the ledger's order.

    draws, people, seeds: how it was done. figures: how many were drawn. again: draws that had to be drawn again.
    """

    rows: dict[str, tuple[RobustRow, ...]]
    draws: int
    people: int
    seeds: int
    figures: int
    again: int

    def unknown(self, regime: str) -> tuple[RobustRow, ...]:
        """The rows whose sign is not known."""
        return tuple(row for row in self.rows.get(regime, ()) if not row.known)

    def lines(self) -> list[str]:
        """The table as text, a part a regime."""
        lines = []
        for regime, rows in self.rows.items():
            wide = max(len(row.sentence) for row in rows)
            lines.append(f"{regime}: of every 1,000 adults, as declared, and lowest to highest of {self.draws} draws")
            lines += [
                f"  {row.sentence.ljust(wide)}  {declared}  {drawn}  {row.note}".rstrip()
                for row, declared, drawn in zip(
                    rows,
                    aligned([shown(row.difference, True) for row in rows]),
                    bands([(row.low, row.high) for row in rows], True),
                    strict=True,
                )
            ]
            lines.append("")
        return [*lines, *textwrap.wrap(self.how, 100)]

    @property
    def how(self) -> str:
        """How it was done, in a sentence."""
        return (
            f"{self.figures} assumed figures drawn inside their ranges, all at once, {self.draws} times; "
            f"{self.people:,} people, {self.seeds} seeds, the same in every draw; {self.again} impossible draws drawn "
            "again."
        )

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def robustness(
    study: Study,
    draws: int = DRAWS,
    people: int = PEOPLE,
    watch: Watch | None = None,
    threads: int | None = None,
    keep: bool = True,
) -> Robustness:
    """Live a study again under draws of all its assumed figures; kept in the run folder where `keep`."""
    store.of_usual_rules(study.manifest, "robustness")
    scenario = study.declared()
    small = replace(scenario, people=min(people, scenario.people), seeds=scenario.seeds[:SEEDS])
    told: Watch = watch or nobody
    assumed = drawable(small)
    told("drawing", 0, draws + 1)
    declared = differences(small, threads)
    drawn: list[dict[str, dict[str, float]]] = []
    again = 0
    once = list(dict.fromkeys(_shared(path) for path, _ in assumed))
    column = np.array([once.index(_shared(path)) for path, _ in assumed], np.intp)
    places = hypercube(draws, len(once))
    for k in range(draws):
        told("drawing", k + 1, draws + 1)
        made, tries = _possible(small, assumed, places[k], column, k)
        again += tries
        drawn.append(differences(made, threads))
    told("drawing", draws + 1, draws + 1)
    whole = {
        "schema": "sincerity/robustness", "key": study.manifest["key"], "draws": draws, "people": small.people,
        "seeds": len(small.seeds), "figures": len(once), "again": again, "declared": declared, "drawn": drawn,
    }  # fmt: skip
    if keep:
        store.write_json(study.folder / ROBUSTNESS, whole)
    return _read(whole)


def read_robustness(study: Study) -> Robustness | None:
    """What the run folder keeps of the draws; None where they were not made."""
    found = read_part(study, ROBUSTNESS)
    return _read(found) if found else None


def _read(whole: dict[str, Any]) -> Robustness:
    from sincerity.study.ledger import SENTENCES

    words = {sentence.measure: sentence.words for sentence in SENTENCES}
    rows = {}
    for regime, found in whole["declared"].items():
        drawn = {id: [draw[regime][id] for draw in whole["drawn"]] for id in found}
        rows[regime] = tuple(
            RobustRow(
                id, words[id], found[id], min(drawn[id]), max(drawn[id]),
                sum(value > 0 for value in drawn[id]), sum(value < 0 for value in drawn[id]),
            )
            for id in found
        )  # fmt: skip
    return Robustness(rows, *(whole[name] for name in ("draws", "people", "seeds", "figures", "again")))


def drawable(scenario: Scenario) -> list[tuple[str, Figure | Figures]]:
    """The assumed figures that are drawn: those of the files; a society's tables of people stay as they are."""
    plain = parts(scenario)

    def stands(path: str) -> bool:
        at = part_at(plain, path)
        return at is not None and (not isinstance(at, dict) or "value" in at or "values" in at)

    return [(p, f) for p, f in scenario.figures() if f.assumed and f.low is not None and stands(p)]


def part_at(plain: dict[str, dict[str, Any]], path: str) -> Any:
    """What `parts` holds at a dotted path; None for nothing."""
    head, _, rest = path.partition(".")
    at: Any = plain.get(head, {})
    try:
        for key in _keys(at, rest):
            at = at[key]
    except (KeyError, TypeError):
        return None
    return at


def parts(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """What is declared, as plain values: the society, and each regime by its name."""
    made = {"society": scenario.society} | {regime.name: regime for regime in scenario.regimes}
    return {name: one.model_dump(exclude_none=True, exclude_defaults=True) for name, one in made.items()}


def hypercube(draws: int, figures: int, seed: int = 1) -> NDArray[np.float64]:
    """(draws, figures) places in 0 … 1: of each figure, one in every 1/draws of its range."""
    luck = np.random.default_rng([seed, draws, figures])
    columns = [(luck.permutation(draws) + luck.random(draws)) / draws for _ in range(figures)]
    return np.stack(columns, axis=1) if columns else np.zeros((draws, 0))


def differences(scenario: Scenario, threads: int | None = None) -> dict[str, dict[str, float]]:
    """Regime -> measure -> difference to the first world, per 1,000 adults, mean over the seeds."""
    from sincerity.engine.cpu import simulate

    census = pa.concat_tables([simulate(scenario, seed, threads=threads).rows.table() for seed in scenario.seeds])
    first, *others = (regime.name for regime in scenario.regimes)
    titles = {regime.name: regime.title for regime in scenario.regimes}
    return {name: {row.id: row.difference or 0.0 for row in ledger(census, name, first, titles)} for name in others}


def _shared(path: str) -> str:
    """What a figure is drawn by: a reform's figure is drawn together with the same figure of what it reforms."""
    head, _, rest = path.partition(".")
    return path if head == "society" else rest


def _possible(
    scenario: Scenario, assumed: Any, places: NDArray[np.float64], column: NDArray[np.intp], number: int
) -> tuple[Scenario, int]:
    """A draw that can be lived, and how many could not."""
    problems: list[Problem] = []
    for tries in range(TRIES):
        try:
            return changed(scenario, assumed, places[column]), tries
        except BadInput as error:
            problems = list(error.problems)
            places = np.random.default_rng([number, tries]).random(len(places))
    raise BadInput(problems)


def changed(scenario: Scenario, assumed: Any, places: NDArray[np.float64]) -> Scenario:
    """The scenario with its assumed figures at these places of their ranges. BadInput where it cannot be so."""
    from sincerity.declare.scenario import rebuild

    plain = parts(scenario)
    for (path, figure), place in zip(assumed, places, strict=True):
        head, _, rest = path.partition(".")
        _put(plain[head], rest, figure, float(place))
    run = {"people": scenario.people, "start": str(scenario.start), "months": scenario.months}
    regimes = [plain[regime.name] for regime in scenario.regimes]
    return rebuild({"run": run | {"seeds": list(scenario.seeds)}, "regimes": regimes, "society": plain["society"]})


def _put(part: dict[str, Any], path: str, figure: Figure | Figures, place: float) -> None:
    """Write a drawn figure where it stands in a dumped part."""
    *above, last = _keys(part, path)
    for key in above:
        part = part[key]
    low, high = figure.low or Decimal(0), figure.high or Decimal(0)
    drawn = (low + (high - low) * Decimal(repr(place))).normalize()
    least, most = bounds(figure.unit)

    def inside(value: Decimal) -> Decimal:
        value = max(value, least) if least is not None else value
        return _short(min(value, most) if most is not None else value)

    if isinstance(figure, Figures):
        whole = sum(figure.values) == 1 and len(figure.values) > 1
        values = _tilted(figure.values, drawn) if whole else tuple(inside(value * drawn) for value in figure.values)
        if isinstance(part[last], dict):
            part[last]["values"] = values
        else:
            part[last] = values
    elif isinstance(part[last], dict):
        part[last]["value"] = inside(drawn)
    else:
        part[last] = inside(drawn)


def _tilted(shares: tuple[Decimal, ...], factor: Decimal) -> tuple[Decimal, ...]:
    """Shares that make a whole: the first times the factor, the others as they stand to one another."""
    first = _short(min(shares[0] * factor, (1 + shares[0]) / 2))
    others = [_short(share * (1 - first) / (1 - shares[0])) for share in shares[1:-1]]
    return (first, *others, 1 - first - sum(others))


def _keys(part: dict[str, Any], path: str) -> Iterator[str]:
    """The keys of a dotted path; a key may hold dots or differ from its alias."""
    while path:
        key = next((k for k in sorted(part, key=len, reverse=True) if path == k or path.startswith(f"{k}.")), "")
        if not key:
            raise KeyError(path)
        yield key
        part, path = part[key], path[len(key) + 1 :]


def _short(value: Decimal) -> Decimal:
    """Six significant digits: as many as a declared number may be read with."""
    return Decimal(f"{value:.6g}") if value else Decimal(0)
