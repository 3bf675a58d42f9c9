"""Enrolment: who joins a voluntary scheme; from a mandatory phase on, everyone is in it.

A person considers joining now and then, and joins if peers + expected benefits - privacy + noise > 0.
Where leaving is allowed, members consider it as often, and leave where the same sum is below 0, unless they stand on a
list. Where officials are exempt, nobody of an official's household is ever enrolled; nor is, where a score needs a
file, somebody of whom there is none.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint16, uint32, uint64

from sincerity.people.columns import AWARE, ENROLLED
from sincerity.people.draws import mix
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
        inside = flags & ENROLLED != 0
        bound = tables.leaving == 0 or tables.enrolment == MANDATORY or people.lists[i] != 0
        if (inside and bound) or (tables.officials_exempt != 0 and people.official[q] != 0):
            continue
        if uint64(mix(uint32(i) ^ tables.file_key)) < tables.no_file[people.decile[q]]:
            continue
        if tables.enrolment == MANDATORY:
            people.flags[i] = uint16(flags | ENROLLED)
        elif uint64(luck[0, q]) < tables.join_considers:
            peers = float32(people.friends_scored[q]) / float32(max(int64(people.company[q]), 1))
            noise = (float32(luck[1, q] >> uint32(8)) * float32(2.0**-23) - float32(1.0)) * tables.join_noise
            gain = tables.join_benefits[people.decile[q]]
            if tables.join_peers * peers + gain - tables.join_privacy + noise > float32(0.0):
                people.flags[i] = uint16(flags | ENROLLED | AWARE)
            elif inside:
                people.flags[i] = uint16(flags & ~ENROLLED)
