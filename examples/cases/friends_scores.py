"""Scores that count friends' scores: s = b + κ · (mean of one's friends' s), on Zachary's karate club.

The fixed point is known: it solves (I − κ D⁻¹ A) s = b, and for a suitable b it is PageRank. With p = degree · s, κ = d
and b = (1 − d) / (people · degree), p is PageRank with damping d (Brin and Page 1998): a person hands on to each friend
an equal share of what he or she has. Here people live it month by month, each seeing last month's scores of friends.

    python examples/cases/friends_scores.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import sincerity as sc
from sincerity.month.schedule import rule
from sincerity.people.kernel import kernel

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


COUNT = rule("count friends", count_friends, "contacts shown", "s", 0)


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


def main() -> None:
    """Print the club's best connected members by PageRank, and what the friends of everybody add to a score of 500."""
    found = pagerank(edges(), 34)
    for i in np.argsort(-found)[:5].tolist():
        print(f"member {i:>2}: PageRank {found[i]:.6f}")
    rng = np.random.default_rng(1)
    own = rng.uniform(300, 700, 34)
    lifted = scores(edges(), 0.7 * own, 0.3)
    print(f"own score alone: spread {own.std():.1f}; three tenths from friends: {lifted.std():.1f}")


if __name__ == "__main__":
    main()
