"""Friendship: ties dropped and opened, partners met and lost.

Each month a person reviews one of the slots that go with how sociable he or she is; the household is never dropped.
The cost of a tie is the marginal effect of dropping it on one's own score, where it is known that friends count and
ties see scores: kappa W'(s) (mean of my ties - s_j) / degree; it is weighed against the tie's worth, and company is
worth more to who has fewer ties than usual for so many slots (without that, counting friends makes ties less alike
instead of more: Wei and others 2016). Under ordinary law the cost is nothing and dropping and opening balance.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int64, uint8, uint16, uint32, uint64

from sincerity.month.gates import DATING
from sincerity.month.worth import stake
from sincerity.people.columns import AWARE, ENROLLED, PARTNER
from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import kernel
from sincerity.people.ties import GROUPS, SLOTS, repeats


@kernel
def friendship(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 which slot, 1 whether it is dropped or opened, 2 partner."""
    for q in range(hi - lo):
        i = lo + q
        hold = uint32(people.hold[i])
        group = ((int64(255) - int64(people.sociability[q])) * int64(GROUPS)) >> int64(8)
        reviewed = tables.slots_open[group]
        slot = int64(tables.open_slots[group, int64((uint64(luck[0, q]) * uint64(reviewed)) >> uint64(32))])
        j = people.contacts[slot, q]
        people.lost[q] = uint8(0)
        if j != uint32(i):
            company = people.company[q]
            crowded = tables.crowded[min(int64(company) * SLOTS // int64(people.reach[q]), SLOTS)]
            alive = (people.alive[q] >> uint32(slot)) & uint32(1)
            held = (hold >> uint32(slot)) & uint32(1)
            change = float32(0.0)
            flags = int64(people.flags[i])
            if (
                tables.tie_cost > float32(0.0)
                and flags & ENROLLED
                and flags & AWARE
                and people.friends_scored[q] > 0
                and tables.known != 0
            ):
                entry = people.board[j]
                if (int64(entry >> uint64(16)) & ENROLLED) != 0:
                    mine = float32(people.score[i]) * float32(1.0 / 32.0)
                    mean = float32(people.friends_score[q]) / float32(people.friends_scored[q])
                    gap = (mean - float32(entry & uint64(0xFFFF))) * float32(1.0 / 32.0) / float32(company)
                    cost = stake(
                        tables.worth, people.decile[q], mine, tables.tie_cost * gap, tables.lowest, tables.step
                    )
                    change = cost * crowded / tables.worth_of_kind[tables.kind_of_slot[slot]]
            word = float64(luck[1, q]) * float64(2.0**-32)
            if held != uint32(0):
                up = exp(tables.exp, min(max(change, float32(-4.0)), float32(4.0)))
                if word < float64(tables.drop * up * crowded) * reviewed:
                    hold &= ~(uint32(1) << uint32(slot))
                    people.lost[q] = uint8(alive)
            else:
                down = exp(tables.exp, min(max(-change, float32(-4.0)), float32(0.0)))
                if word * float64(crowded) < float64(tables.open * down) * reviewed and not repeats(
                    people.contacts, slot, q
                ):
                    hold |= uint32(1) << uint32(slot)
            people.hold[i] = hold
        flags = int64(people.flags[i])
        if flags & PARTNER:
            if uint64(luck[2, q]) < tables.parts:
                flags &= ~PARTNER
        else:
            tried = int64(people.tried[q]) & (1 << DATING)
            if tried and (int64(people.refused[q]) & tried) == 0 and uint64(mix(luck[2, q])) < tables.meets:
                flags |= PARTNER
        people.flags[i] = uint16(flags)
