"""A bank that lends where it gains, for twenty thousand steps: scores fall to where nobody lends any more.

D'Amour, Srinivasan, Atwood, Baljekar, Sculley and Halpern 2020 (Fairness is not static, FAT*). Two groups of a
hundred, seven scores, the same chance to repay at the same score. Each step one person asks for a loan and gets it
where repaying is likelier than not; a loan repaid lifts the score by one, a default lowers it. Expectations are
exact, since a person's score is a linear Markov chain. Here everybody asks with a chance of 1/200 a step: the same
chain for each person.

    python examples/cases/lending_chain.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule, threshold

REPAYS = np.array([0.10, 0.20, 0.45, 0.60, 0.65, 0.70, 0.70])
START = np.array([(0, 10, 10, 20, 30, 30, 0), (10, 10, 20, 30, 30, 0, 0)])
"""People of each group at each score."""
KNOWN = {1000: (344.1, 229.6, 195.6, 0.5735, 0.4823), 5000: (1416.2, 895.4, 859.5, 0.5371, 0.4595),
         10_000: (2396.5, 1503.0, 1468.1, 0.5043, 0.4391),
         20_000: (3579.5, 2236.2, 2202.6, 0.4646, 0.4146)}  # fmt: skip
"""After so many steps: loans to group 1 and 2, the bank's profit, chance to repay in group 1 and in group 2."""
NAMES = ("loans to group 1", "loans to group 2", "profit", "chance to repay, group 1", "chance to repay, group 2")


@kernel
def lend(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """One step. Words: 0 asks for a loan, 1 repays it."""
    for q in range(hi - lo):
        i = lo + q
        chance = tables.repays[people.standing[i]]
        if luck[0, q] < tables.asks and chance >= 0.5:
            people.loans[i] += 1
            if luck[1, q] < chance * 4294967296.0:
                people.profit[i] += 1
                people.standing[i] = min(people.standing[i] + 1, 6)
            else:
                people.profit[i] -= 1
                people.standing[i] = max(people.standing[i] - 1, 0)


LEND = rule("lend", lend, "", "standing loans profit", 2)


def lived(steps: tuple[int, ...], banks: int) -> dict[int, NDArray[np.float64]]:
    """What NAMES says, (5, banks), after each of these steps, of so many banks with two hundred people each."""
    people = 200 * banks
    standing = np.tile(np.concatenate([np.repeat(np.arange(7), start) for start in START]), banks)
    state = {"standing": standing, "loans": np.zeros(people, np.int64), "profit": np.zeros(people, np.int64)}
    found, done = {}, 0
    for k, step in enumerate(steps):
        state = sc.lab(LEND, people=people, months=step - done, ties=[], state=state, seed=k, block=1 << 15,
                       tables={"repays": REPAYS, "asks": np.uint64(threshold(1 / 200))})  # fmt: skip
        loans, profit, repay = (
            each.reshape(banks, 2, 100) for each in (state["loans"], state["profit"], REPAYS[state["standing"]])
        )
        found[step] = np.stack([*loans.sum(axis=2).T, profit.sum(axis=(1, 2)), *repay.mean(axis=2).T])
        done = step
    return found


def rows(banks: int = 400, last: int = 20_000) -> list[Row]:
    """All known answers beside the means of so many banks, within three standard errors."""
    steps = tuple(step for step in KNOWN if step <= last)
    made = []
    for step, figures in lived(steps, banks).items():
        for name, known, values in zip(NAMES, KNOWN[step], figures, strict=True):
            error = float(values.std(ddof=1)) / banks**0.5
            made.append(Row(f"{step:,} steps: {name}", known, float(values.mean()), 3 * error))
    return made


if __name__ == "__main__":
    show("The lending chain of D'Amour et al., means of 400 banks", rows())
