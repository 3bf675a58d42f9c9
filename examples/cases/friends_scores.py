"""Scores that count friends' scores: s = b + κ · (mean of one's friends' s), on Zachary's karate club.

The fixed point is known: it solves (I − κ D⁻¹ A) s = b, and for a suitable b it is PageRank. With p = degree · s, κ =
d and b = (1 − d) / (people · degree), p is PageRank with damping d (Brin and Page 1998): a person hands on to each
friend an equal share of what he or she has. EigenTrust (Kamvar, Schlosser and Garcia-Molina 2003) hands on by how
much each trusts the other, t = (1 - a) Cᵀ t + a p. Here people live it month by month, each seeing last month's
scores of friends.

    python examples/cases/friends_scores.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule

KARATE = """
0-1 0-2 0-3 0-4 0-5 0-6 0-7 0-8 0-10 0-11 0-12 0-13 0-17 0-19 0-21 0-31 1-2 1-3 1-7 1-13 1-17 1-19 1-21 1-30 2-3 2-7 2-8
2-9 2-13 2-27 2-28 2-32 3-7 3-12 3-13 4-6 4-10 5-6 5-10 5-16 6-16 8-30 8-32 8-33 9-33 13-33 14-32 14-33 15-32 15-33
18-32 18-33 19-33 20-32 20-33 22-32 22-33 23-25 23-27 23-29 23-32 23-33 24-25 24-27 24-31 25-31 26-29 26-33 27-33 28-31
28-33 29-32 29-33 30-32 30-33 31-32 31-33 32-33
"""
"""Who met whom outside the club: 34 members, 78 ties (Zachary 1977, numbered from 0)."""


@kernel
def count_friends(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """s = b + kappa · mean of the friends' s, last month's; b alone without friends."""
    for q in range(hi - lo):
        i = lo + q
        total, friends = 0.0, 0
        for slot in range(people.contacts.shape[0]):
            j = people.contacts[slot, q]
            if j != i:
                total += people.shown[j]
                friends += 1
        people.s[i] = tables.b[i] + (tables.kappa * total / friends if friends else 0.0)


@kernel
def trust(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """t = (1 - a) · what those who trust one hand on + a · p."""
    for q in range(hi - lo):
        i = lo + q
        handed = 0.0
        for slot in range(people.contacts.shape[0]):
            j = people.contacts[slot, q]
            if j != i:
                handed += tables.trusts[j, i] * people.shown[j]
        people.s[i] = (1.0 - tables.a) * handed + tables.a * tables.p[i]


COUNT = rule("count friends", count_friends, "contacts shown", "s", 0)
TRUST = rule("trust", trust, "contacts shown", "s", 0)
STAR = np.array([(0, k) for k in range(1, 5)])
TRUSTS = np.array([(0, 0.5, 0.5, 0), (0.7, 0, 0.3, 0), (0.2, 0.8, 0, 0), (0, 0, 1, 0)])
CLUB = {33: 0.100919, 0: 0.096997, 32: 0.071693, 2: 0.057079, 11: 0.009565}
"""PageRank of some members, by networkx."""


def edges() -> NDArray[np.int64]:
    """The ties of the club, (78, 2)."""
    return np.array([pair.split("-") for pair in KARATE.split()], np.int64)


def scores(ties: Any, b: Any, kappa: float, months: int = 250, **options: Any) -> NDArray[np.float64]:
    """Everybody's score, (people,), after so many months that nothing moves any more (kappa below 1)."""
    begun = np.zeros(len(b))
    made = sc.lab(
        COUNT, people=len(b), months=months, ties=ties, state={"s": begun}, shows={"shown": "s"},
        tables={"b": np.asarray(b, float), "kappa": kappa}, **options,
    )  # fmt: skip
    return made["s"]


def pagerank(ties: NDArray[np.int64], people: int, damping: float = 0.85, **options: Any) -> NDArray[np.float64]:
    """PageRank of everybody with friends, (people,), sums to 1."""
    degree = np.bincount(ties.ravel(), minlength=people)
    return degree * scores(ties, (1 - damping) / people / degree, damping, **options)


def eigentrust(trusts: ArrayLike, p: ArrayLike, a: float = 0.15, months: int = 200) -> NDArray[np.float64]:
    """EigenTrust (people,). trusts (people, people): rows sum to 1; p (people,): where trust begins, sums to 1."""
    c, begun = np.asarray(trusts, float), np.asarray(p, float)
    made = sc.lab(TRUST, people=len(c), months=months, ties=np.argwhere((c + c.T) > 0), state={"s": begun},
                  shows={"shown": "s"}, tables={"trusts": c, "a": a, "p": begun})  # fmt: skip
    return made["s"]


def rows() -> list[Row]:
    """All known answers beside what comes out."""
    star, club = pagerank(STAR, 5), pagerank(edges(), 34)
    found = [Row("PageRank of a star's hub", 0.475676, star[0], 1e-6), Row("… and leaf", 0.131081, star[1], 1e-6)]
    found += [Row(f"PageRank of member {i} of the club", known, club[i], 1e-6) for i, known in CLUB.items()]
    for name, p, known in (
        ("from the first", (1, 0, 0, 0), (0.398558, 0.344266, 0.257175, 0)),
        ("from all", (0.25,) * 4, (0.304724, 0.365652, 0.292124, 0.0375)),
    ):
        made = eigentrust(TRUSTS, p)
        found += [Row(f"EigenTrust {name}: person {i}", each, made[i], 1e-6) for i, each in enumerate(known)]
    alike = scores(edges(), np.full(34, 7.0), 0.6)
    return [*found, Row("7 for all, six tenths from friends", 17.5, float(np.abs(alike - 17.5).max()) + 17.5, 1e-9)]


if __name__ == "__main__":
    show("Scores that count friends' scores", rows())
