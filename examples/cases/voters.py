"""Voters who copy a friend: whose view wins is a matter of how many listen, not of how many hold it.

In the voter model one takes over the view of a tie drawn at random, until all agree. On any graph the chance that a
view wins is the share of ties' ends that its first holders have (Sood and Redner 2005, Physical Review Letters 94;
Suchecki, Eguíluz and San Miguel 2005). Here everybody keeps the own view in half of the months, which leaves that
chance as it is.

    python examples/cases/voters.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import sincerity as sc
from beside import Row, show
from friends_scores import edges
from sincerity.rules import kernel, rule


@kernel
def copy_one(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 whether to copy, 1 whom of one's ties."""
    for q in range(hi - lo):
        i = lo + q
        ties = 0
        for slot in range(people.contacts.shape[0]):
            ties += people.contacts[slot, q] != i
        if ties == 0 or luck[0, q] < np.uint32(0x80000000):
            continue
        whom = (np.uint64(luck[1, q]) * np.uint64(ties)) >> np.uint64(32)
        for slot in range(people.contacts.shape[0]):
            if people.contacts[slot, q] != i:
                if whom == np.uint64(0):
                    people.holds[i] = people.shown[people.contacts[slot, q]]
                whom -= np.uint64(1)


COPY = rule("copy one", copy_one, "contacts shown", "holds", 2)


def wins(ties: NDArray[np.int64], holders: ArrayLike, people: int, runs: int, months: int = 2000) -> float:
    """The share of runs in which the view of the first holders is everybody's in the end; NaN if any is undecided."""
    view = np.zeros((runs, people), np.uint8)
    view[:, np.asarray(holders)] = 1
    all_ties = np.concatenate([ties + run * people for run in range(runs)])
    made = sc.lab(COPY, people=runs * people, months=months, ties=all_ties, state={"holds": view.ravel()},
                  shows={"shown": "holds"})["holds"].reshape(runs, people).mean(axis=1)  # fmt: skip
    return float(made.mean()) if set(made.tolist()) <= {0.0, 1.0} else float("nan")


def rows(runs: int = 1000) -> list[Row]:
    """All known answers beside the share of so many runs, within three standard errors."""
    club = edges()
    degree = np.bincount(club.ravel(), minlength=34)
    circle = np.array([(k, (k + 1) % 20) for k in range(20)])
    cases = {
        "two hubs of the club, 2 of 34 people": (club, [0, 33], 34, float(degree[[0, 33]].sum() / degree.sum())),
        "the club's last ten": (club, list(range(23, 33)), 34, float(degree[23:33].sum() / degree.sum())),
        "five neighbours of twenty in a circle": (circle, list(range(5)), 20, 0.25),
    }
    found = []
    for name, (ties, holders, people, known) in cases.items():
        error = (known * (1 - known) / runs) ** 0.5
        found.append(Row(name, known, wins(ties, holders, people, runs), 3 * error))
    return found


if __name__ == "__main__":
    show("Chance that a view wins", rows())
