"""Threshold cascades: a person joins once as many take part as he or she needs to see.

Granovetter 1978 (American Journal of Sociology 83): two crowds that are almost alike may behave quite differently. With
thresholds spread normally around 0.25, those who join are the smallest solution of r = Φ((r - 0.25) / σ), which jumps
from about one in twenty to nearly all at σ = 0.122221. Kuran 1991 (World Politics 44) tells a revolution with ten.

    python examples/cases/cascades.py
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule

LADDER = np.arange(100.0)
KURAN = {10: (0, 20, 20, 30, 40, 50, 60, 70, 80, 100), 90: (0, 10, 20, 30, 40, 50, 60, 70, 80, 100)}
TWO_MORE = {10: (0, 20, 30, 30, 40, 50, 60, 70, 80, 100), 20: (0, 10, 30, 30, 40, 50, 60, 70, 80, 100)}
"""Kuran's thresholds in per cent, and per cent of the ten who join."""


@kernel
def join(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Join once as many took part last month as one needs; nobody leaves."""
    for i in range(lo, hi):
        if tables.crowd >= people.needs[i]:
            people.joined[i] = 1


JOIN = rule("join", join, "needs", "joined", 0)


def joined(needs: NDArray[np.float64], months: int) -> int:
    """How many have joined after so many months, of people who need to see `needs` (people,) others take part."""
    state = {"needs": needs, "joined": np.zeros(len(needs), np.int64)}
    made = sc.lab(JOIN, people=len(needs), months=months, ties=[], state=state, totals={"crowd": "joined"},
                  block=1 << 18)  # fmt: skip
    return int(made["joined"].sum())


def normal(people: int) -> NDArray[np.float64]:
    """Standard normal quantiles (people,): a crowd without noise of sampling."""
    usual = NormalDist()
    return np.array([usual.inv_cdf((k + 0.5) / people) for k in range(people)])


def share(z: NDArray[np.float64], spread: float, months: int = 2000) -> float:
    """Share who join, of people whose thresholds are spread around a quarter; z: their quantiles."""
    return joined((0.25 + spread * z) * len(z), months) / len(z)


def jump(z: NDArray[np.float64], low: float = 0.12, high: float = 0.125) -> float:
    """The spread at which nearly all join, by halving."""
    while high - low > 0.0001:
        middle = (low + high) / 2
        low, high = (low, middle) if share(z, middle) > 0.5 else (middle, high)
    return (low + high) / 2


def rows(people: int = 100_000) -> list[Row]:
    """All known answers beside what comes out."""
    z = normal(people)
    known = {0.10: 0.0077, 0.11: 0.0171, 0.12: 0.0402, 0.122: 0.0548, 0.123: 1.0}
    found = [Row(f"share who join, spread {s}", r, share(z, s), 0.002) for s, r in known.items()]
    found.append(Row("spread at which it jumps", 0.122221, jump(z), 0.0005))
    found.append(Row("of 100 with thresholds 0, 1, ... 99", 100, joined(LADDER, 200), 0))
    found.append(Row("the same, 2 in place of 1", 1, joined(np.where(LADDER == 1, 2.0, LADDER), 200), 0))
    for crowd in (KURAN, TWO_MORE):
        for percent, needs in crowd.items():
            row = Row(
                f"Kuran: {needs[1]}, {needs[2]}, {needs[3]} ...", percent, 10 * joined(np.array(needs) / 10, 20), 0
            )
            found.append(row)
    return found


if __name__ == "__main__":
    show("Threshold cascades", rows())
