"""Where data come from and which doors they close: sanction mass by domain of the record and domain of the gate.

Mass is what being refused costs, as the society declares it (months of essential spending a refusal). A refusal by an
account is shared out to the acts recorded against it in the year, in proportion to the points that they took. A
mortgage is a loan, and a judgment is over a debt: both are money here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sincerity.census.measures import REFUSALS
from sincerity.declare.vocabulary import ACTS
from sincerity.study.tally import Tally

if TYPE_CHECKING:
    from sincerity.declare.regime import Regime
    from sincerity.declare.scenario import Scenario

OTHERS = {
    "ties": "friends and household",
    "household": "friends and household",
    "traits": "means, age, schooling, …",
    "unscored": "not being scored",
    "private scorer": "a private scorer's files",
}
"""Causes that are no record of the person's own acts."""


@dataclass(frozen=True, slots=True)
class Context:
    """The matrix of one regime. mass[d, g, s]: months of essentials lost a year by every 1,000 adults, by refusals at
    gates of domain `gates[g]` because of `data[d]`, in seed s. by_gate: gate -> (S,) mass, (S,) of it unrelated.
    """

    data: tuple[str, ...]
    gates: tuple[str, ...]
    mass: NDArray[np.float64]
    by_gate: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]

    @property
    def total(self) -> NDArray[np.float64]:
        """(S,) the whole mass."""
        return np.asarray(self.mass.sum(axis=(0, 1)), np.float64)

    @property
    def unrelated(self) -> NDArray[np.float64]:
        """(S,) the share of the mass whose data are of another domain than the gate, or no record of own acts."""
        off = sum((self.mass[d, g] for d, a in enumerate(self.data) for g, b in enumerate(self.gates) if a != b), 0.0)
        out = np.full(self.total.shape, np.nan)
        np.divide(off, self.total, out=out, where=self.total > 0)
        return out

    def lines(self) -> list[str]:
        """The matrix as text, means over the seeds."""
        if not self.data:
            return ["The regime closed no gate in the last year."]
        mean = self.mass.mean(axis=2)
        wide = max(map(len, self.data))
        heads = [g.rjust(max(len(g), 6)) for g in self.gates]
        lines = [f"{'because of'.ljust(wide)}  {'  '.join(heads)}"]
        for d, name in enumerate(self.data):
            cells = (f"{mean[d, g]:.1f}".rjust(len(head)) for g, head in enumerate(heads))
            lines.append(f"{name.ljust(wide)}  {'  '.join(cells)}")
        return lines


def context(tally: Tally, acts: Tally, scenario: Scenario, regime: Regime) -> Context:
    """The matrix of a regime, from tallies by 'cause' and by 'act' of the last year."""
    world = regime.name
    worth = {name: float(figure) for name, figure in scenario.society.worth.items()}
    cells: dict[tuple[str, str], NDArray[np.float64]] = {}
    by_gate: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for group in tally.groups:
        cause, _, gate = group.partition(" > ")
        count = tally.get(world, group, "refusals_sum", 0)
        if not count.any():
            continue
        adults = scenario.people * np.ones(len(count))
        lost = count / REFUSALS.scale * worth.get(gate, 0.0) / adults * 1000
        there = _domain(regime.gates[gate].domain) if gate in regime.gates else "ordinary dealings"
        mass, off = by_gate.get(gate, (np.zeros(len(count)), np.zeros(len(count))))
        for domain, share in _sources(cause, regime, acts):
            cells[domain, there] = cells.get((domain, there), np.zeros(len(count))) + lost * share
            mass = mass + lost * share
            off = off + lost * share * (domain != there)
        by_gate[gate] = mass, off
    data = tuple(sorted({d for d, _ in cells}, key=lambda name: (name in OTHERS.values(), name)))
    gates = tuple(sorted({g for _, g in cells}))
    whole = np.zeros((len(data), len(gates), len(tally.seeds)))
    for (d, g), values in cells.items():
        whole[data.index(d), gates.index(g)] = values
    return Context(data, gates, whole, by_gate)


def harm_and_loss(acts: Tally, scenario: Scenario, regime: Regime, found: Context) -> dict[str, tuple[float, float]]:
    """Domain -> months of essentials a year of every 1,000 adults: (harm to others of recorded acts, mass lost)."""
    harms: dict[str, float] = {}
    for act, domain in ACTS.items():
        harm = float(scenario.society.acts[act].harm) if act in scenario.society.acts else 0.0
        if harm <= 0:  # good deeds
            continue
        recorded = acts.get(regime.name, act, "records", 0).mean()
        harms[_domain(domain)] = harms.get(_domain(domain), 0.0) + float(recorded) * harm / scenario.people * 1000
    lost = {name: float(found.mass[d].sum(axis=0).mean()) for d, name in enumerate(found.data)}
    return {name: (harms.get(name, 0.0), loss) for name, loss in lost.items() if name not in OTHERS.values()}


def _domain(name: str) -> str:
    return "money" if name == "housing" else name


def _sources(cause: str, regime: Regime, acts: Tally) -> Iterator[tuple[str, Any]]:
    """Yield (domain of the data, share of the refusals)."""
    if cause in OTHERS:
        yield OTHERS[cause], 1.0
        return
    weights: dict[str, float] = {}
    if cause.startswith("list "):
        made = tuple(regime.lists.values())[int(cause[5:]) - 1]
        chances = {act: float(chance) for act, chance in made.acts.items()}
        fallback = _domain(made.domain)
    else:
        chances = {a: -float(p.value) for a, p in regime.points.items() if p.account == cause and p.value < 0}
        fallback = _domain(regime.accounts[cause].domain) if cause in regime.accounts else "order"
    for act, weight in chances.items():
        if act not in ACTS:
            continue
        domain = "money" if act == "judgment" else _domain(ACTS[act])
        recorded = float(acts.get(regime.name, act, "records", 0).sum())
        weights[domain] = weights.get(domain, 0.0) + recorded * weight
    total = sum(weights.values())
    if not total:
        yield fallback, 1.0
        return
    for domain, weight in weights.items():
        yield domain, weight / total
