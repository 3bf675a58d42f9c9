"""Friendship: ties dropped and opened, partners met and lost.

Each month a person reviews one slot. The cost of a tie is the marginal effect of dropping it on one's own score,
where the rules are known and ties see scores: kappa W'(s) (mean of my ties - s_j) / degree; it is weighed against the
tie's worth, and company is worth more to the lonely (without that, counting friends makes ties less alike instead of
more: Wei and others 2016). Under ordinary law the cost is nothing and dropping and opening balance. The household is
never dropped.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int64, uint8, uint16, uint32, uint64

from sincerity.month.conduct import seats_of
from sincerity.month.gates import DATING
from sincerity.month.worth import stake
from sincerity.people.columns import AWARE, ENROLLED, PARTNER
from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import inline, kernel
from sincerity.people.ties import FIRST_WORK, SLOTS

REVIEWED = SLOTS - FIRST_WORK
DEAREST = 4.0
"""The most that a tie can cost or bring, in its worth: beyond it, nothing changes."""


@kernel
def review(
    lo: int, n: int, tables: Any, company: Any, sociability: Any, hold: Any, luck: Any, near: Any, lost: Any
) -> None:
    """Who may drop or open the slot at hand (`near`): surely no others, whatever a tie costs the score."""
    steep = tables.tie_cost > float32(0.0) and tables.known != 0
    most = exp(tables.exp, float32(DEAREST)) if steep else float32(1.0)
    for q in range(n):
        slot = uint32(FIRST_WORK) + uint32((uint64(luck[0, q]) * uint64(REVIEWED)) >> uint64(32))
        crowded, sociable = tables.crowded[company[q]], tables.sociability[sociability[q]]
        word = float64(luck[1, q]) * float64(2.0**-32)
        drops = word * float64(sociable) < float64(tables.drop * most * crowded) * REVIEWED
        opens = word * float64(crowded) < float64(tables.open * sociable) * REVIEWED
        held = ((hold[q] >> slot) & uint32(1)) != 0
        near[q] = uint8(drops if held else opens)
        lost[q] = uint8(0)


@inline
def cost_of_tie(people: Any, tables: Any, i: Any, q: Any, slot: Any, crowded: Any) -> Any:
    """What the tie of a slot costs one's own score, in its worth; 0 where the person doesn't know or isn't scored."""
    change = float32(0.0)
    flags = int64(people.flags[i])
    if (
        tables.tie_cost > float32(0.0)
        and flags & ENROLLED
        and flags & AWARE
        and people.friends_scored[q] > 0
        and tables.known != 0
    ):
        entry = people.board[people.contacts[slot, q]]
        if (int64(entry >> uint64(16)) & ENROLLED) != 0:
            mine = float32(people.score[i]) * float32(1.0 / 32.0)
            mean = float32(people.friends_score[q]) / float32(people.friends_scored[q])
            gap = (mean - float32(entry & uint64(0xFFFF))) * float32(1.0 / 32.0) / float32(people.company[q])
            cost = stake(tables.worth, people.decile[q], mine, tables.tie_cost * gap, tables.lowest, tables.step)
            change = cost * crowded / tables.tie_worth[slot]
    return change


@inline
def repeats(contacts: Any, slot: Any, q: Any) -> Any:
    """Whether a slot leads to somebody whom a nearer slot reaches already."""
    found = False
    for nearer in range(slot):
        found |= contacts[nearer, q] == contacts[slot, q]
    return found


@kernel
def drop_or_open(lo: int, found: int, people: Any, tables: Any, luck: Any) -> None:
    """The slot under review of those who may change it."""
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        slot = FIRST_WORK + int64((uint64(luck[0, q]) * uint64(REVIEWED)) >> uint64(32))
        if people.contacts[slot, q] == uint32(i):
            continue
        hold = uint32(people.hold[i])
        crowded, sociable = tables.crowded[people.company[q]], tables.sociability[people.sociability[q]]
        change = cost_of_tie(people, tables, i, q, slot, crowded)
        word = float64(luck[1, q]) * float64(2.0**-32)
        if (hold >> uint32(slot)) & uint32(1):
            up = exp(tables.exp, min(max(change, float32(-DEAREST)), float32(DEAREST)))
            if word * float64(sociable) < float64(tables.drop * up * crowded) * REVIEWED:
                hold &= ~(uint32(1) << uint32(slot))
                people.lost[q] = uint8((people.alive[q] >> uint32(slot)) & uint32(1))
        else:
            down = exp(tables.exp, min(max(-change, float32(-DEAREST)), float32(0.0)))
            opens = word * float64(crowded) < float64(tables.open * down * sociable) * REVIEWED
            if opens and not repeats(people.contacts, slot, q):
                hold |= uint32(1) << uint32(slot)
        people.hold[i] = hold


@kernel
def pair(n: int, tables: Any, tried: Any, refused: Any, word: Any, flags: Any) -> None:
    """Partners lost, and met by those who were let in where one meets somebody."""
    for q in range(n):
        partner = (flags[q] & PARTNER) != 0
        parts = partner & (uint64(word[q]) < tables.parts)
        let_in = (tried[q] & ~refused[q] & uint16(1 << DATING)) != 0
        meets = (not partner) & let_in & (uint64(mix(word[q])) < tables.meets)
        flags[q] = uint16((flags[q] & ~(PARTNER if parts else 0)) | (PARTNER if meets else 0))


@kernel
def friendship(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 which slot, 1 whether it is dropped or opened, 2 partner."""
    n, p = hi - lo, people
    hold, flags = p.hold[lo:hi], p.flags[lo:hi]
    review(lo, n, tables, p.company, p.sociability, hold, luck, p.near, p.lost)
    found = seats_of(n, p.near, p.candidates)
    drop_or_open(lo, found, people, tables, luck)
    pair(n, tables, p.tried, p.refused, luck[2], flags)
