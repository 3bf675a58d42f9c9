"""Contagion: how many catch it in the end, on random graphs and where everybody meets everybody.

Each tie of somebody ill hands it on with chance T, once. Where everybody has k ties at random, a share 1 - u^k
catches it, with u = 1 - T + T u^(k-1) (Newman 2002, Physical Review E 66; Molloy and Reed 1995 for the graphs), and
the chance that one case starts a large outbreak is the same share. In full mixing the share S solves S = 1 - exp(-R0
· S) (Kermack and McKendrick 1927).

    python examples/cases/contagion.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule, threshold

WELL, ILL, OVER = 0, 1, 2
REGULAR = {(3, 0.75): (26 / 27, 0.002), (4, 0.5): (0.854102, 0.0055), (4, 0.4): (0.541503, 0.020),
           (6, 0.25): (0.509087, 0.015), (10, 0.15): (0.552410, 0.013)}  # fmt: skip
"""(ties each, chance a tie) -> share of people who catch it in a large outbreak; spread among 20,000, measured."""
MIXED = {1.5: 0.582812, 2.0: 0.796812, 3.0: 0.940480}
"""Cases that the first one would cause -> share of people who catch it, in full mixing."""


@kernel
def catch(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Catch it from each tie that was ill last month with the chance of a tie (a word a slot); be ill for a month."""
    for q in range(hi - lo):
        i = lo + q
        if people.stage[i] == WELL:
            for slot in range(people.contacts.shape[0]):
                j = people.contacts[slot, q]
                if j != i and people.shown[j] == ILL and luck[slot, q] < tables.chance:
                    people.stage[i] = ILL
        elif people.stage[i] == ILL:
            people.stage[i] = OVER


@kernel
def mix_fully(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Catch it from anybody: of all who are ill, each reaches one with chance r0 / people."""
    escapes = (1.0 - tables.r0 / people.stage.shape[0]) ** tables.cases[ILL]
    for q in range(hi - lo):
        i = lo + q
        if people.stage[i] == WELL and luck[0, q] * 2.0**-32 >= escapes:
            people.stage[i] = ILL
        elif people.stage[i] == ILL:
            people.stage[i] = OVER
        for stage in range(3):
            people.at[stage, i] = people.stage[i] == stage


MIX = rule("mix fully", mix_fully, "", "stage at", 1)


def regular(people: int, k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Ties (people · k / 2, 2): k loose ends each, tied at random; a handful of loops and repeats count for nothing."""
    return rng.permutation(np.repeat(np.arange(people), k)).reshape(-1, 2)


def outbreaks(k: int, chance: float, graphs: int, people: int = 20_000, seed: int = 1) -> NDArray[np.float64]:
    """(graphs,) the share who catch it from one person, each in a graph of its own."""
    rng = np.random.default_rng(seed)
    ties = np.concatenate([regular(people, k, rng) + g * people for g in range(graphs)])
    stage = np.zeros(graphs * people, np.uint8)
    stage[::people] = ILL
    rule_of = rule("catch", catch, "contacts shown", "stage", 2 * k)  # fewer slots than that
    made = sc.lab(rule_of, people=len(stage), months=150, ties=ties, state={"stage": stage}, shows={"shown": "stage"},
                  tables={"chance": np.uint64(threshold(chance))}, seed=seed)  # fmt: skip
    return np.asarray((made["stage"] != WELL).reshape(graphs, people).mean(axis=1))


def mixed(r0: float, people: int = 200_000, first: int = 20) -> float:
    """The share who catch it in full mixing, from a few cases."""
    stage = np.zeros(people, np.uint8)
    stage[:first] = ILL
    state = {"stage": stage, "at": np.array([stage == each for each in range(3)], np.int64)}
    made = sc.lab(MIX, people=people, months=100, ties=[], state=state, totals={"cases": "at"}, tables={"r0": r0})
    return float((made["stage"] != WELL).mean())


def rows(graphs: int = 20) -> list[Row]:
    """All known answers beside what comes out."""
    found = []
    for (k, chance), (known, spread) in REGULAR.items():
        shares = outbreaks(k, chance, graphs)
        large = shares[shares > 0.1]
        within = max(0.01, 3 * spread / len(large) ** 0.5)
        found.append(Row(f"{k} ties each, chance {chance}", known, float(large.mean()), within))
    began = outbreaks(4, 0.5, 300, people=1000) > 0.1
    error = float(np.sqrt(0.854102 * 0.145898 / len(began)))
    found.append(Row("chance of a large outbreak, 4 ties, 0.5", 0.854102, float(began.mean()), 3 * error))
    for r0, known in MIXED.items():
        found.append(Row(f"full mixing, {r0} cases by the first", known, mixed(r0), 0.01))
    return found


if __name__ == "__main__":
    show("Share of people who catch it", rows())
