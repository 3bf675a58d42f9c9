"""An audit worked by hand: two groups of ten, and what the field's measures say of who was selected.

In group a, 6 are selected, 4 of them rightly; in b, 3, 2 of them rightly; in each, 5 should be. Conventions are those
of fairlearn: differences are the largest less the smallest group, ratios the smallest over the largest. The false
positive rate follows from base rate, precision and true positive rate (Chouldechova 2017, Big Data 5): a thousand
random groups.

    python examples/cases/audit_by_hand.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

import sincerity as sc
from beside import Row, show
from sincerity.census import fairness
from sincerity.census.fairness import Confusion, confusion
from sincerity.rules import kernel, rule

MARKS = {"a": (90, 80, 70, 60, 40, 55, 52, 30, 20, 10), "b": (90, 80, 40, 30, 20, 55, 35, 25, 15, 10)}
"""Ten people's marks; the first five of each group should be selected."""


@kernel
def select(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Select from the cut-off on."""
    for i in range(lo, hi):
        people.selected[i] = people.marks[i] >= tables.cutoff


SELECT = rule("select", select, "marks", "selected", 0)


def audited(marks: ArrayLike, should: ArrayLike, group: ArrayLike, cutoff: float) -> list[Confusion]:
    """The counts of each group, in order of its number, after a month of the rule."""
    so, of = np.asarray(should, bool), np.asarray(group)
    none = np.zeros(len(so), np.uint8)
    state = {"marks": np.asarray(marks, float), "selected": none}
    made = sc.lab(SELECT, people=len(so), months=1, ties=[], state=state, tables={"cutoff": cutoff})
    chosen = made["selected"] == 1
    return [
        confusion(*(int(each[of == g].sum()) for each in (np.ones_like(so), so, chosen, so & chosen)))
        for g in np.unique(of)
    ]


def rows() -> list[Row]:
    """All known answers beside what comes out."""
    should = ([1] * 5 + [0] * 5) * 2
    groups = audited([*MARKS["a"], *MARKS["b"]], should, [0] * 10 + [1] * 10, 50)
    a, b = groups
    found = [
        Row("selection rate of a", 0.6, a.selection_rate, 1e-9),
        Row("selection rate of b", 0.3, b.selection_rate, 1e-9),
        Row("demographic parity difference", 0.3, fairness.demographic_parity_difference(groups), 1e-9),
        Row("demographic parity ratio (fails four fifths)", 0.5, fairness.demographic_parity_ratio(groups), 1e-9),
        Row("true positive rate of a", 0.8, a.true_positive_rate, 1e-9),
        Row("true positive rate of b", 0.4, b.true_positive_rate, 1e-9),
        Row("false positive rate of a", 0.4, a.false_positive_rate, 1e-9),
        Row("false positive rate of b", 0.2, b.false_positive_rate, 1e-9),
        Row("equalised odds difference", 0.4, fairness.equalised_odds_difference(groups), 1e-9),
        Row("equalised odds ratio", 0.5, fairness.equalised_odds_ratio(groups), 1e-9),
        Row("precision of a", 2 / 3, a.precision, 1e-9),
        Row("precision of b", 2 / 3, b.precision, 1e-9),
    ]
    rng = np.random.default_rng(1)
    many = audited(rng.random(100_000), rng.random(100_000) < 0.3, rng.integers(0, 1000, 100_000), 0.6)
    off = max(abs(fairness.implied_false_positive_rate(each) - each.false_positive_rate) for each in many)
    return [*found, Row("Chouldechova's identity, farthest of 1,000", 0, off, 1e-9)]


if __name__ == "__main__":
    show("An audit worked by hand", rows())
