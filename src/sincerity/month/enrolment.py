"""Enrolment: who joins a voluntary scheme; from a mandatory phase on, everyone is in it.

A person considers joining now and then, and joins if peers + expected benefits - privacy + noise > 0. Where officials
are exempt, nobody of an official's household is ever enrolled.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint16, uint32, uint64

from sincerity.people.columns import AWARE, ENROLLED
from sincerity.people.kernel import kernel

CLOSED, VOLUNTARY, MANDATORY = range(3)


@kernel
def enrolment(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 whether the person considers joining, 1 the noise of the choice."""
    if tables.enrolment == CLOSED:
        return
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        if flags & ENROLLED or (tables.officials_exempt != 0 and people.official[q] != 0):
            continue
        if tables.enrolment == MANDATORY:
            people.flags[i] = uint16(flags | ENROLLED)
        elif uint64(luck[0, q]) < tables.join_considers:
            peers = float32(people.friends_scored[q]) / float32(max(int64(people.company[q]), 1))
            noise = (float32(luck[1, q] >> uint32(8)) * float32(2.0**-23) - float32(1.0)) * tables.join_noise
            gain = tables.join_benefits[people.decile[q]]
            if tables.join_peers * peers + gain - tables.join_privacy + noise > float32(0.0):
                people.flags[i] = uint16(flags | ENROLLED | AWARE)
