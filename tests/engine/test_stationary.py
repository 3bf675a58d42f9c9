"""The common start of all worlds is where ordinary law leaves a society: no stock of it goes on moving."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.living import declared
from sincerity.engine import cpu
from sincerity.engine.world import World
from sincerity.people.columns import NO_LOAN, OUT_OF_WORK, PARTNER

PEOPLE, YEARS = 20_000, 4
SHARES: dict[str, Callable[[World], float]] = {
    "unmet judgment": lambda w: (w.columns["owed"] > 0).mean(),
    "loan": lambda w: (w.columns["loan"] != NO_LOAN).mean(),
    "out of work": lambda w: (w.columns["flags"] & OUT_OF_WORK > 0).mean(),
    "partner": lambda w: (w.columns["flags"] & PARTNER > 0).mean(),
    "view above 0": lambda w: (w.columns["outlook"] > 0).mean(),
}
MEANS: dict[str, Callable[[World], float]] = {
    "fear": lambda w: w.columns["fear"].mean(),
    "savings": lambda w: w.columns["buffer"].mean(),
    "slots held": lambda w: np.bitwise_count(w.columns["hold"]).mean(),
}


@pytest.fixture(scope="module")
def stocks() -> dict[str, np.ndarray]:
    found: dict[str, list[float]] = {name: [] for name in (*SHARES, *MEANS)}

    def look(worlds: list[World], month: int) -> None:
        for name, of in (SHARES | MEANS).items():
            found[name].append(float(of(worlds[0])))

    cpu.simulate(declared(PEOPLE, 12 * YEARS, ("none",)), 1, touch=look)
    return {name: np.array(months).reshape(YEARS, 12).mean(axis=1) for name, months in found.items()}


@pytest.mark.parametrize("name", [*SHARES, *MEANS])
def test_a_stock_moves_by_less_than_a_hundredth_a_year(name: str, stocks: dict[str, np.ndarray]) -> None:
    """From the first year to the last; for shares of few, beside what chance moves in so many adults."""
    first, last = stocks[name][0], stocks[name][-1]
    chance = 3 * (2 * (1 - first) / (first * PEOPLE)) ** 0.5 if name in SHARES and first < 0.1 else 0.0
    assert abs(last / first - 1) < 0.01 * (YEARS - 1) + chance
