"""Redress: a false record is noticed, appealed, and decided by a queue.

A record is noticed at a rate by education; where the regime gives notice, a share of records is told to the person in
the month in which they are written, or shut a gate. The share of open appeals decided in a month is capacity / last
month's backlog; a decision is right with the stated accuracy, and a wrong one closes the case.
"""

from __future__ import annotations

from typing import Any

from numba import float64, int64, uint8, uint16, uint64

from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT, MONTHS_OPEN
from sincerity.people.columns import MISTAKEN
from sincerity.people.draws import mix
from sincerity.people.kernel import kernel


@kernel
def redress(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 noticing, 1 deciding, 2 the decision."""
    for q in range(hi - lo):
        i = lo + q
        people.corrected[q] = uint8(0)
        flags = int64(people.flags[i])
        if people.false_points.size == 0 or (people.false_points[i] == uint8(0) and (flags & MISTAKEN) == 0):
            continue
        months = int64(people.false_months[i])
        if (months & APPEALED) == 0:
            fresh = months & MONTHS_OPEN == 1 or people.refused_false[q] != 0
            fresh |= flags & MISTAKEN != 0 and people.entered[q] != 0
            told = fresh and uint64(mix(luck[0, q])) < tables.notice
            if (told or uint64(luck[0, q]) < tables.noticed[people.education[q]]) and tables.appeal != 0:
                people.false_months[i] = uint8(months | APPEALED)
            continue
        if (months & MONTHS_OPEN) < tables.appeal_lag and (flags & MISTAKEN) == 0:
            continue
        if float64(luck[1, q]) >= float64(tables.gazette[3]) * 4294967296.0:
            continue
        people.false_months[i] = uint8(months & ~APPEALED)
        if uint64(luck[2, q]) >= tables.appeal_accuracy:
            continue
        people.corrected[q] = uint8(1)
        points = int64(people.false_points[i])
        if points == 0:  # a mistaken identity, which cost no points
            pass
        elif months & CONDUCT_ACCOUNT:
            people.conduct[i] = min(int64(people.conduct[i]) + 16 * points, 32767)
        else:
            people.credit[i] = min(int64(people.credit[i]) + 16 * points, 32767)
        people.false_points[i] = uint8(0)
        people.flags[i] = uint16(flags & ~MISTAKEN)
