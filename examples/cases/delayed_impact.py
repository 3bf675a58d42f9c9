"""Lending that means well: what a bank's rule does to the scores of those it lends to, a step later.

Liu, Dean, Rolf, Simchowitz and Hardt 2018 (Delayed impact of fair machine learning, ICML), on TransRisk scores of
2003 by group (data/fico.csv, whose head says where from). A loan repaid lifts a score by 75, a default lowers it by
150, and the bank gains 1 or loses 4. A bank that maximises profit (MP) may have to select equal shares of both groups
(DP), or equal shares of those who would repay (EO). Each policy is a threshold a group, lending to a share of those
at the threshold.

    python examples/cases/delayed_impact.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule

DATA = Path(__file__).with_name("data") / "fico.csv"
SHARES = np.array([18_274, 133_165]) / (18_274 + 133_165)
"""Black and non-Hispanic white people among those scored of these two groups (totals of the same source)."""
GAIN, LOSS, UP, DOWN, LOWEST, HIGHEST = 1.0, -4.0, 75.0, -150.0, 300.0, 850.0
BINS = np.cumsum([2.1, 4.2, 5.4, 6.5, 7.9, 9.6, 12.0, 13.8, 17.0, 15.8, 5.7])
"""Per cent of all people up to 350, 400, … 850: percentiles become scores, in straight lines between."""
KNOWN = {
    "MP": ((645.00, 613.75), (0.1677, 0.6634), (8.257, 38.260), 0.45735),
    "DP": ((480.10, 649.17), (0.5774, 0.5774), (-17.283, 34.635), 0.33549),
    "EO": ((557.29, 630.96), (0.3561, 0.6249), (5.873, 36.833), 0.43050),
}
"""Thresholds, shares selected and mean changes of score of both groups (each outcome clipped); utility a head."""
AUTHORS = {"MP": (8.397, 38.666), "DP": (-17.142, 35.041), "EO": (6.013, 37.239)}
"""The same changes as the authors' code clips them: the mean move of a row, not each outcome."""
CURVE = {"best for A": (0.2384, 9.484), "all of A get loans": (1.0, -55.03)}
"""Share of group A -> its mean change of score, clipped as by the authors."""


@kernel
def lend(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Lend above the group's row, to its share in it; words: 0 chosen in the row, 1 repays."""
    for q in range(hi - lo):
        i = lo + q
        group, row = people.group[i], people.row[i]
        chosen = luck[0, q] < np.uint64(tables.share[group] * 4294967296.0)
        if row > tables.margin[group] or (row == tables.margin[group] and chosen):
            repays = luck[1, q] < np.uint64(tables.repays[group, row] * 4294967296.0)
            people.points[i] = min(max(people.points[i] + (tables.up if repays else tables.down), 300.0), 850.0)


LEND = rule("lend", lend, "group row", "points", 2)


class Scores:
    """scores (rows,), mass (2, rows) and chance to repay (2, rows) of both groups, and what the bank can reach.

    Along a group's curves one goes down from the best score: sums (rows + 1,) of shares, repayers and utility.
    """

    def __init__(self) -> None:
        table = np.loadtxt(DATA, delimiter=",", skiprows=6)
        percentile, below, default = table[:, 0], table[:, 1:3].T, table[:, 3:5].T
        self.scores = np.interp(percentile, np.r_[0.0, BINS], np.linspace(LOWEST, HIGHEST, 12))
        self.scores[-1] = HIGHEST
        self.mass = np.diff(below, prepend=0.0) / 100
        self.repays = 1 - default / 100
        worth = self.repays * GAIN + (1 - self.repays) * LOSS
        self.selected, self.true, self.utility = (
            np.cumsum(np.c_[np.zeros(2), (self.mass * each)[:, ::-1]], axis=1) for each in (1.0, self.repays, worth)
        )
        self.true /= self.true[:, -1:]

    def reached(self, policy: str) -> NDArray[np.float64]:
        """(2,) the shares that a bank under this policy lends to, for the most utility: an exact search of the ends of
        all straight pieces of both groups' curves.
        """
        if policy == "MP":
            return np.array([self.selected[g, np.argmax(self.utility[g])] for g in (0, 1)])
        along = self.selected if policy == "DP" else self.true
        ends = np.unique(along)
        whole = sum(SHARES[g] * np.interp(ends, along[g], self.utility[g]) for g in (0, 1))
        best = ends[np.argmax(whole)]
        return np.array([np.interp(best, along[g], self.selected[g]) for g in (0, 1)])

    def change(self, group: int, share: float, as_authors: bool = False) -> float:
        """Mean change of score of all people of a group if its best `share` get loans."""
        repays = self.repays[group]
        up, down = (np.clip(self.scores + move, LOWEST, HIGHEST) - self.scores for move in (UP, DOWN))
        moves = repays * up + (1 - repays) * down
        if as_authors:
            moves = np.clip(self.scores + repays * UP + (1 - repays) * DOWN, LOWEST, HIGHEST) - self.scores
        sums = np.cumsum((self.mass[group] * moves)[::-1])
        return float(np.interp(share, self.selected[group], np.r_[0.0, sums]))

    def margin(self, group: int, share: float) -> tuple[int, float]:
        """The row of the threshold, and the share of those in it who get loans."""
        last = int(np.searchsorted(self.selected[group], share - 1e-12))
        row = len(self.scores) - last
        inside = (share - self.selected[group, last - 1]) / self.mass[group, row]
        return row, min(float(inside), 1.0)

    def threshold(self, group: int, share: float) -> float:
        """The score from which on there are loans: between two rows where not all of the lower one get them."""
        row, inside = self.margin(group, share)
        return float(np.interp(row + 1 - inside, np.arange(len(self.scores)), self.scores))


def lived(made: Scores, shares: NDArray[np.float64], people: int = 1_000_000, seed: int = 1) -> list[float]:
    """Mean change of score in both groups, half of the people each, who live one month of the rule."""
    half = people // 2
    quantiles = (np.arange(half) + 0.5) / half
    row = np.concatenate([np.searchsorted(np.cumsum(mass) / mass.sum(), quantiles) for mass in made.mass])
    margins = [made.margin(g, float(shares[g])) for g in (0, 1)]
    before = made.scores[row]
    after = sc.lab(
        LEND, people=2 * half, months=1, ties=[], seed=seed, block=1 << 16,
        state={"group": np.repeat([0, 1], half), "row": row, "points": before},
        tables={"margin": np.array([m for m, _ in margins]), "share": np.array([s for _, s in margins]),
                "repays": made.repays, "up": UP, "down": DOWN},
    )["points"]  # fmt: skip
    return [float(each.mean()) for each in np.split(after - before, 2)]


def rows() -> list[Row]:
    """All known answers beside what comes out."""
    made, found = Scores(), []
    for policy, (thresholds, shares, changes, utility) in KNOWN.items():
        reached = made.reached(policy)
        by_people = lived(made, reached)
        for g, name in enumerate(("A", "B")):
            found += [
                Row(f"{policy}: threshold {name}", thresholds[g], made.threshold(g, reached[g]), 0.5),
                Row(f"{policy}: share {name}", shares[g], float(reached[g]), 0.001),
                Row(f"{policy}: change of score {name}", changes[g], made.change(g, float(reached[g])), 0.02),
                Row(f"{policy}: as the authors clip it", AUTHORS[policy][g], made.change(g, reached[g], True), 0.02),
                Row(f"{policy}: the same, lived by people {name}", changes[g], by_people[g], 0.3),
            ]
        profit = sum(SHARES[g] * np.interp(reached[g], made.selected[g], made.utility[g]) for g in (0, 1))
        found.append(Row(f"{policy}: utility a head", utility, float(profit), 0.001))
    for name, (share, change) in CURVE.items():
        found.append(Row(f"change of score of A, {name}", change, made.change(0, share, as_authors=True), 0.02))
    harms = next(float(share) for share in made.selected[0] if made.change(0, float(share), as_authors=True) < -1e-9)
    found.append(Row("first row's share by which A is harmed", 0.4324, harms, 0.001))
    found.append(Row("… and its score", 527.2, made.threshold(0, harms), 0.5))
    return found


if __name__ == "__main__":
    show("Delayed impact of fair lending: A Black, B white", rows())
