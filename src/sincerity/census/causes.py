"""What closed a gate: refusals by the regime, shared out to lists, accounts, ties and traits, in 1/64 refusal.

A list closes it before a score does, and the score before a listed relative. A list entered by score is the score's
doing. A refusal by score is shared out to what takes points from it: the accounts below 0 and the ties; where nothing
does, it goes to the person's traits and means.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64
from numpy.typing import NDArray

from sincerity.declare.regime import MOST_LISTS
from sincerity.declare.vocabulary import GATES
from sincerity.month.standing import BY_SCORE
from sincerity.people.bits import lowest, place
from sincerity.people.columns import ENROLLED
from sincerity.people.kernel import kernel

CAUSES = (
    *(f"list {number}" for number in range(1, MOST_LISTS + 1)),
    "credit",
    "conduct",
    "ties",
    "traits",
    "unscored",
    "household",
    "private scorer",
)
"""Lists by their number in the regime's file; accounts; what the person is; not being scored; others."""
CREDIT, CONDUCT, TIES, TRAITS, UNSCORED, HOUSEHOLD, PRIVATE = range(MOST_LISTS, len(CAUSES))
SHARES = 64
SHAPE = (len(CAUSES), len(GATES))

READS = (
    "refused_regime",
    "lists",
    "flags",
    "score",
    "score_alone",
    "credit",
    "conduct",
    "household_listed",
    "closed_by_providers",
)


@kernel
def causes(lo: int, hi: int, people: Any, tables: Any, mass: NDArray[np.int64]) -> None:
    """Add to mass[cause, gate] what closed each gate that the regime closed in the month."""
    by_score = int64(0)
    for number in range(tables.list_kind.shape[0]):
        by_score |= int64(tables.list_kind[number] == BY_SCORE) << number
    credit_gain = int64(tables.credit_weight * tables.credit_scale * 1024.0)
    conduct_gain = int64(tables.conduct_weight * tables.conduct_scale * 1024.0)
    for q in range(hi - lo):
        left = int64(people.refused_regime[q])
        if left == 0:
            continue
        i = lo + q
        lists = int64(people.lists[i])
        points = int64(people.score[i])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            gate = place(bit)
            closing = lists & int64(tables.gate_lists[gate])
            outright = closing & ~by_score
            scored = (int64(people.flags[i]) & ENROLLED) != 0 and tables.scored != 0
            below = scored and points < int64(tables.gate_threshold[gate])
            if outright != 0:
                mass[place(lowest(outright)), gate] += SHARES
            elif not (below or closing != 0) and int64(people.closed_by_providers[q]) & bit:
                mass[PRIVATE, gate] += SHARES
            elif not (below or closing != 0) and tables.gate_household[gate] != 0 and people.household_listed[q] > 0:
                mass[HOUSEHOLD, gate] += SHARES
            elif not scored:
                mass[UNSCORED, gate] += SHARES
            else:
                money = order = int64(0)
                if people.credit.size > 0:
                    money = max(-int64(people.credit[i]), int64(0)) * credit_gain // 16
                    order = max(-int64(people.conduct[i]), int64(0)) * conduct_gain // 16
                others = max(int64(people.score_alone[q]) - points, int64(0)) * 1024 // 32
                total = money + order + others
                if total == 0:
                    mass[TRAITS, gate] += SHARES
                else:
                    first, second, third = SHARES * money // total, SHARES * order // total, SHARES * others // total
                    rest = SHARES - first - second - third  # of rounding: to what takes points, never to what does not
                    mass[CREDIT, gate] += first + (rest if order == 0 and money > 0 else 0)
                    mass[CONDUCT, gate] += second + (rest if order > 0 else 0)
                    mass[TIES, gate] += third + (rest if order == 0 and money == 0 else 0)
