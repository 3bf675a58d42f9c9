"""Start: the state of a person before the warm-up, from the stationary law of each stock where it is known.

It runs once. The warm-up under ordinary law that follows is the common start of every world compared.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int16, int64, uint8, uint16, uint32, uint64

from sincerity.people.columns import LOAN_PAID, NO_LOAN, OUT_OF_WORK, PARTNER
from sincerity.people.draws import mix
from sincerity.people.kernel import kernel
from sincerity.people.ties import SLOTS, repeats, whom


@kernel
def start(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 savings, 1 work, 2 loan, 3 unmet judgment, 4 its amount, 5 partner, 6 slots held."""
    for q in range(hi - lo):
        i = lo + q
        decile = int64(people.decile[q])
        education = int64(people.education[q])
        flags = int64(0)
        if float32(people.age[q]) < tables.retirement_age and uint64(luck[1, q]) < tables.out_at_start[education]:
            flags |= OUT_OF_WORK
        if uint64(luck[5, q]) < tables.partnered_at_start:
            flags |= PARTNER
        share = float32(luck[0, q] >> uint32(8)) * float32(2.0**-24)
        people.buffer[i] = uint8(float32(tables.buffer_cap[decile]) * share)
        people.loan[i] = uint8(LOAN_PAID if uint64(luck[2, q]) < tables.loans_at_start else NO_LOAN)
        unmet = uint64(luck[3, q]) < tables.unmet_at_start[decile]
        people.owed[i] = uint8(tables.judgment[int64(luck[4, q] >> uint32(24))] if unmet else 0)
        people.flags[i] = uint16(flags)
        opinion = float32(people.opinion[q])
        people.outlook[i] = int16(opinion + tables.view_pulled * (tables.view_heard * float32(32767.0) - opinion))
        people.fear[i] = uint8(tables.fear_at_start)
        hold = uint32((1 << tables.household_slots) - 1)
        for slot in range(tables.household_slots, SLOTS):
            word = mix(luck[6, q] ^ (uint32(slot) * uint32(0x9E3779B9)))
            wants = float64(word) * float64(2.0**-32) < float64(tables.held)
            wants = wants and whom(people.ties, lo, q, slot, people.sociability[q]) != uint32(i)
            if wants and not repeats(people.ties, lo, q, slot, people.sociability[q]):
                hold |= uint32(1) << uint32(slot)
        people.hold[i] = hold
