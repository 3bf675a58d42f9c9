"""Friendship: ties dropped and opened, partners met and lost.

Each month a person reviews one of the slots that go with how sociable he or she is; the household is never dropped.
The cost of a tie is the marginal effect of dropping it on one's own score, where it is known that friends count and
ties see scores: kappa W'(s) (mean of my ties - s_j) / degree; it is weighed against the tie's worth, and company is
worth more to who has fewer ties than usual for so many slots (without that, counting friends makes ties less alike
instead of more: Wei and others 2016). Under ordinary law the cost is nothing and dropping and opening balance.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int32, int64, uint8, uint16, uint32, uint64

from sincerity.month.gates import DATING
from sincerity.month.worth import stake
from sincerity.people.columns import AWARE, ENROLLED, PARTNER
from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import inline, kernel
from sincerity.people.seats import seats_of
from sincerity.people.ties import GROUPS, SLOTS, repeats, whom

DEAREST = 4.0
"""The most that a tie can cost or bring, in its worth: beyond it, nothing changes."""


@inline
def slot_at_hand(tables: Any, sociability: Any, word: Any) -> Any:
    """(slot, of how many): the one of the slots that go with how sociable somebody is that a word picks."""
    group = uint32(uint32(uint32(255) - uint32(sociability)) * uint32(GROUPS)) >> uint32(8)
    reviewed = tables.slots_open[group]
    return tables.open_slots[group, uint32((uint64(word) * uint64(reviewed)) >> uint64(32))], reviewed


@inline
def crowd(tables: Any, company: Any, reach: Any) -> Any:
    """How much less company is worth to who has so many ties of so many slots; the quotient is exact."""
    share = float32(int32(company) * int32(SLOTS)) / float32(max(int32(reach), int32(1)))
    return tables.crowded[uint32(min(int32(share), int32(SLOTS)))]


@kernel
def dearest(tables: Any) -> Any:
    """By how much a tie's cost, in its worth, can rise at most with the mean score of one's ties over their number."""
    if tables.tie_cost <= float32(0.0) or tables.known == 0:
        return float32(0.0)
    steepest, falls, least = float32(0.0), False, tables.worth_of_kind[0]
    for decile in range(tables.worth.shape[0]):
        for k in range(tables.worth.shape[1] - 1):
            rise = tables.worth[decile, k + 1] - tables.worth[decile, k]
            steepest = max(steepest, rise)
            falls |= rise < float32(0.0)
    for kind in range(tables.worth_of_kind.shape[0]):
        least = min(least, tables.worth_of_kind[kind])
    if falls or least <= float32(0.0):  # then nothing is sure
        return float32(1e9)
    return tables.tie_cost * steepest * tables.step / (least * float32(32.0))


@kernel
def review(n: int, tables: Any, people: Any, hold: Any, luck: Any) -> None:
    """Who may drop or open the slot at hand (`near`): surely no others, whatever a tie costs the score.

    A tie costs most if it has no score at all; exp(x) is at most 1 + x + 3.2 x^2 up to DEAREST, beyond which nothing
    changes. What is close is let through.
    """
    company, reach, sociability, near, lost = people.company, people.reach, people.sociability, people.near, people.lost
    scores, scored, high = people.friends_score, people.friends_scored, dearest(tables)
    for q in range(n):
        slot, reviewed = slot_at_hand(tables, sociability[q], luck[0, q])
        crowded = crowd(tables, company[q], reach[q])
        word = float32(luck[1, q]) * float32(2.0**-32 * 0.999)
        ties = float32(int32(max(scored[q], uint8(1))) * int32(max(company[q], uint8(1))))
        x = min(high * crowded * float32(scores[q]) / ties, float32(DEAREST))
        most = float32(1.0) + x + float32(3.2) * x * x
        drops = word < tables.drop * most * crowded * float32(reviewed)
        opens = word * crowded < tables.open * float32(reviewed)
        held = ((hold[q] >> uint32(slot)) & uint32(1)) != 0
        near[q] = uint8(drops if held else opens)
        lost[q] = uint8(0)


@inline
def cost_of_tie(people: Any, tables: Any, i: Any, q: Any, slot: Any, contact: Any, crowded: Any) -> Any:
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
        entry = people.board[contact]
        if (int64(entry >> uint64(16)) & ENROLLED) != 0:
            mine = float32(people.score[i]) * float32(1.0 / 32.0)
            mean = float32(people.friends_score[q]) / float32(people.friends_scored[q])
            gap = (mean - float32(entry & uint64(0xFFFF))) * float32(1.0 / 32.0) / float32(people.company[q])
            cost = stake(tables.worth, people.decile[q], mine, tables.tie_cost * gap, tables.lowest, tables.step)
            change = cost * crowded / tables.worth_of_kind[tables.kind_of_slot[slot]]
    return change


@kernel
def drop_or_open(lo: int, found: int, people: Any, tables: Any, luck: Any) -> None:
    """The slot under review of those who may change it."""
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        slot, reviewed = slot_at_hand(tables, people.sociability[q], luck[0, q])
        contact = whom(people.ties, lo, q, slot, people.sociability[q])
        if contact == uint32(i):
            continue
        hold = uint32(people.hold[i])
        crowded = crowd(tables, people.company[q], people.reach[q])
        change = cost_of_tie(people, tables, i, q, slot, contact, crowded)
        word = float64(luck[1, q]) * float64(2.0**-32)
        if (hold >> uint32(slot)) & uint32(1):
            up = exp(tables.exp, min(max(change, float32(-DEAREST)), float32(DEAREST)))
            if word < float64(tables.drop * up * crowded) * reviewed:
                hold &= ~(uint32(1) << uint32(slot))
                people.lost[q] = uint8((people.alive[q] >> uint32(slot)) & uint32(1))
        else:
            down = exp(tables.exp, min(max(-change, float32(-DEAREST)), float32(0.0)))
            opens = word * float64(crowded) < float64(tables.open * down) * reviewed
            if opens and not repeats(people.ties, lo, q, slot, people.sociability[q]):
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
    review(n, tables, p, hold, luck)
    found = seats_of(n, p.near, p.candidates)
    drop_or_open(lo, found, people, tables, luck)
    pair(n, tables, p.tried, p.refused, luck[2], flags)
