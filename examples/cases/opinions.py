"""Opinions that are means of others' opinions: consensus, disagreement that stays, and bounded confidence.

DeGroot 1974: everybody takes a weighted mean; the limit is the stationary law of the weights. Friedkin and Johnsen
1990: one keeps some of one's first opinion, and disagreement stays. Hegselmann and Krause 2002 (JASSS 5(3)): one
listens to those within ε alone, and opinions part into clusters.

    python examples/cases/opinions.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule

WEIGHTS = np.array([(1 / 3, 1 / 3, 1 / 3), (1 / 2, 1 / 2, 0), (0, 1 / 4, 3 / 4)])
SOCIETY = 1000
CLUSTERS = {0.10: 4.0, 0.15: 2.6, 0.19: 2.0, 0.20: 1.93, 0.22: 1.33, 0.25: 1.0}
"""Mean number of clusters of at least 2 % of a thousand people, by ε, over thirty runs computed independently."""


@kernel
def average(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """x = susceptible · weighted mean of last month's opinions + (1 - susceptible) · first opinion."""
    for q in range(hi - lo):
        i = lo + q
        heard = tables.weights[i, i] * people.voiced[i]
        for slot in range(people.contacts.shape[0]):
            j = people.contacts[slot, q]
            if j != i:
                heard += tables.weights[i, j] * people.voiced[j]
        people.x[i] = tables.susceptible[i] * heard + (1.0 - tables.susceptible[i]) * people.first[i]


@kernel
def listen(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """x = mean of the opinions within ε, of one's own society: a thousand people next to one another."""
    for i in range(lo, hi):
        begin, total, near = i // SOCIETY * SOCIETY, 0.0, 0
        for j in range(begin, begin + SOCIETY):
            close = abs(people.voiced[j] - people.voiced[i]) <= tables.epsilon
            total += people.voiced[j] if close else 0.0
            near += 1 if close else 0
        people.x[i] = total / near


AVERAGE = rule("average", average, "contacts voiced first", "x", 0)
LISTEN = rule("listen", listen, "voiced", "x", 0)


def averaged(weights: ArrayLike, first: ArrayLike, susceptible: ArrayLike, months: int = 200) -> NDArray[np.float64]:
    """Opinions (people,) after so many months. weights (people, people): rows sum to 1; a tie where either is not 0."""
    w, x = np.asarray(weights, float), np.asarray(first, float)
    tables = {"weights": w, "susceptible": np.asarray(susceptible, float)}
    made = sc.lab(AVERAGE, people=len(x), months=months, ties=np.argwhere((w + w.T) > 0), state={"x": x, "first": x},
                  shows={"voiced": "x"}, tables=tables)  # fmt: skip
    return made["x"]


def listened(x: NDArray[np.float64], epsilon: float, months: int = 25) -> NDArray[np.float64]:
    """Opinions x (societies · 1000,) as they are when nobody moves any more."""
    while True:
        before = x
        x = sc.lab(LISTEN, people=len(x), months=months, ties=[], state={"x": x}, shows={"voiced": "x"},
                   tables={"epsilon": epsilon})["x"]  # fmt: skip
        if np.abs(x - before).max() < 1e-12:
            return x


def clusters(epsilon: float, societies: int, seed: int = 1) -> NDArray[np.int64]:
    """(societies,) how many clusters of at least 2 % of people there are in the end."""
    x = listened(np.random.default_rng(seed).uniform(0, 1, societies * SOCIETY), epsilon)
    found = []
    for opinions in np.sort(x.reshape(societies, SOCIETY), axis=1):
        sizes = np.diff(np.flatnonzero(np.diff(opinions, prepend=-1.0, append=2.0) > 0.001))
        found.append(int((sizes >= 0.02 * SOCIETY).sum()))
    return np.array(found)


def rows(societies: int = 12) -> list[Row]:
    """All known answers beside what comes out."""
    found = []
    for k, share in enumerate((3, 4, 4)):  # what each one's opinion weighs in the end
        known = share / 11
        found.append(Row(f"DeGroot: weight of person {k}", known, averaged(WEIGHTS, np.eye(3)[k], np.ones(3))[2], 1e-9))
    off = [abs(averaged(WEIGHTS, (1, 0, 0), np.ones(3), months)[1] - 3 / 11) for months in (24, 25)]
    found.append(Row("DeGroot: what is left after a month", 0.5, off[1] / off[0], 1e-3))
    stay = averaged(WEIGHTS, (1, 0, 0.5), (0.5, 0.8, 1))
    for k, known in enumerate((9 / 11, 6 / 11, 6 / 11)):
        found.append(Row(f"Friedkin and Johnsen: person {k}", known, stay[k], 1e-9))
    for epsilon, known in CLUSTERS.items():
        mean = float(clusters(epsilon, societies).mean())
        found.append(Row(f"Hegselmann and Krause: clusters at {epsilon:.2f}", known, mean, 0.3))
    return found


if __name__ == "__main__":
    show("Opinions that are means of opinions", rows())
