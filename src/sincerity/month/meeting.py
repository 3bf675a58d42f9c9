"""Meeting: what one's living ties showed last month.

A tie lives iff both ends hold its slot. Some streets at a time, so that all sums stay in the nearest cache, and slot by
slot, the contacts' entries are gathered and added up: four sums of flags, a byte each, are one addition. What goes by
rank is added up by rank, and each person takes it from where he or she stands.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint8, uint32, uint64
from numpy.typing import NDArray

from sincerity.people.bits import many_of
from sincerity.people.columns import DISORDER, LISTED
from sincerity.people.kernel import kernel, roomy
from sincerity.people.orders import STREET_BITS
from sincerity.people.population import STREET
from sincerity.people.ties import FURTHER, GROUP, GROUPS, HOUSEHOLD, RANKED, WORK

STREETS = 16
"""Streets at a time."""
WIDE = STREETS * STREET + 48
"""Numbers in a row of what is found: some more, since rows that begin 4,096 bytes apart hinder one another."""
SUMS = 4
"""Of each person: slots of living ties, of disorderly ones, scores, flags."""
ONE_SCORED, SPREAD, ONES = 1 << 24, 0x00204081, 0x01010101
"""SPREAD gives a byte each to the lowest four flags: spoke for, spoke against, punished, sanctioned."""
SHOWS_DISORDER, SHOWS_LISTED = DISORDER << 16, LISTED << 16


@kernel
def gather(
    board: NDArray[np.uint64],
    contacts: NDArray[np.uint32],
    n: int,
    shown: NDArray[np.uint32],
    holds: NDArray[np.uint32],
) -> None:
    """What contacts show and hold: a loop of its own, since nothing but loads keeps many of them under way."""
    for k in range(n):
        entry = board[contacts[k]]
        shown[k] = uint32(entry)
        holds[k] = uint32(entry >> uint64(32))


@kernel
def add_slot(
    bit: int,
    n: int,
    shown: NDArray[np.uint32],
    holds: NDArray[np.uint32],
    contacts: NDArray[np.uint32],
    ids: NDArray[np.uint32],
    held: NDArray[np.uint32],
    alive: NDArray[np.uint32],
    disorder: NDArray[np.uint32],
    scores: NDArray[np.uint32],
    flags: NDArray[np.uint32],
) -> None:
    """Add one slot where both ends hold it: the slots of living ties, and of those who were disorderly; scores (24
    bits) and who has one (8); flags, a byte each, spread by multiplication.
    """
    slot = uint32(bit)
    for k in range(n):  # cast at each step, as else all of it takes twice as many bits
        both = uint32(uint32(holds[k] & held[k]) & slot)
        both = both if contacts[k] != ids[k] else uint32(0)
        entry = shown[k] if both != uint32(0) else uint32(0)
        score = uint32(entry & uint32(0xFFFF))
        one = uint32(ONE_SCORED) if score != uint32(0) else uint32(0)
        scores[k] = uint32(uint32(scores[k] + score) + one)
        four = uint32(uint32(entry >> uint32(16)) & uint32(15))
        flags[k] = uint32(flags[k] + uint32(uint32(four * uint32(SPREAD)) & uint32(ONES)))
        alive[k] = uint32(alive[k] | both)
        disorder[k] = uint32(disorder[k] | (both if uint32(entry & uint32(SHOWS_DISORDER)) != uint32(0) else uint32(0)))


@kernel
def add_listed(
    bit: int,
    n: int,
    shown: NDArray[np.uint32],
    alive: NDArray[np.uint32],
    listed: NDArray[np.uint8],
) -> None:
    """Count who of one slot of the household is on a list."""
    for k in range(n):
        both = uint32(uint32(alive[k] & uint32(bit)) != uint32(0))
        listed[k] += uint8(both & uint32(uint32(shown[k] & uint32(SHOWS_LISTED)) != uint32(0)))


@kernel
def add_by_rank(first: int, streets: int, people: Any, room: NDArray[np.uint32], sums: NDArray[np.uint32]) -> None:
    """The slots that go by rank, of so many streets from the `first` of the block on. sums: those of each rank."""
    start, n, shown, holds = first * GROUP, streets * GROUP, room[0], room[1]
    for kind in range(SUMS):
        for k in range(GROUPS * n):
            sums[kind, k] = uint32(0)
    before = int64(-1)
    for row in range(RANKED.shape[0]):
        group, bit = RANKED[row, 0], int64(1) << RANKED[row, 1]
        ids, contacts = people.ties.whose[group, start : start + n], people.ties.by_rank[row, start : start + n]
        if group != before:
            gather(people.board, ids, n, shown, room[2])
            before = group
        gather(people.board, contacts, n, shown, holds)
        a, b = group * n, group * n + n
        mine, more, scores, flags = sums[0, a:b], sums[1, a:b], sums[2, a:b], sums[3, a:b]
        add_slot(bit, n, shown, holds, contacts, ids, room[2], mine, more, scores, flags)


@kernel
def take_by_rank(
    n: int, ids: NDArray[np.uint32], sociability: NDArray[np.uint8], street: int, width: int, sums: Any, mine: Any
) -> None:
    """Add to each person's sums those of his or her rank; `width` of them a group."""
    for k in range(n):
        rank = uint32(uint32(255) - uint32(sociability[k])) >> uint32(2)
        there = uint32(uint32(ids[k] >> uint32(STREET_BITS)) - uint32(street))
        at = uint32(uint32(uint32(rank >> uint32(3)) * uint32(width)) + uint32(there << uint32(3)))
        at = uint32(at + uint32(rank & uint32(GROUP - 1)))
        mine[0, k] = uint32(mine[0, k] | sums[0, at])
        mine[1, k] = uint32(mine[1, k] | sums[1, at])
        mine[2, k] = uint32(mine[2, k] + sums[2, at])
        mine[3, k] = uint32(mine[3, k] + sums[3, at])


@kernel
def meet(lo: int, hi: int, street: int, streets: int, near: int, people: Any, kinds: Any, room: Any, sums: Any) -> None:
    """The people of some streets, as far as they are of the block lo … hi - 1."""
    begin = max(int64(lo), street << int64(STREET_BITS))
    n = min(int64(hi), (street + streets) << int64(STREET_BITS)) - begin
    a, b = begin - int64(lo), begin - int64(lo) + n
    held, listed, alive = people.own_hold[a:b], people.household_listed[a:b], people.alive[a:b]
    ids, shown, holds, mine = room[3], room[0], room[1], sums[:SUMS]
    for k in range(n):
        ids[k] = uint32(begin + k)
        held[k] = uint32(people.board[begin + k] >> uint64(32))
        listed[k] = uint8(0)
    for kind in range(SUMS):
        for k in range(n):
            mine[kind, k] = uint32(0)
    for slot in range(people.ties.by_seat.shape[0]):
        bit, contacts = int64(1) << slot, people.ties.by_seat[slot, a:b]
        gather(people.board, contacts, n, shown, holds)
        add_slot(bit, n, shown, holds, contacts, ids, held, mine[0], mine[1], mine[2], mine[3])
        if kinds[slot] == HOUSEHOLD:
            add_listed(bit, n, shown, mine[0], listed)
    if people.ties.by_rank.shape[0] > 0:
        add_by_rank(street - (int64(lo) >> int64(STREET_BITS)), streets, people, room, sums[SUMS:])
        take_by_rank(n, ids, people.sociability[a:b], street, streets * GROUP, sums[SUMS:], mine)
    for k in range(n):
        alive[k] = mine[0, k]
    company, neighbours, disorderly = people.company[a:b], people.neighbours[a:b], people.neighbours_disorderly[a:b]
    for k in range(n):
        company[k] = uint8(many_of(mine[0, k]))
        neighbours[k] = uint8(many_of(uint32(mine[0, k] & uint32(near))))
        disorderly[k] = uint8(many_of(uint32(mine[1, k] & uint32(near))))
    score, scored = people.friends_score[a:b], people.friends_scored[a:b]
    for k in range(n):
        score[k] = uint32(mine[2, k] & uint32(ONE_SCORED - 1))
        scored[k] = uint8(mine[2, k] >> uint32(24))
    spoke_for, against = people.friends_for[a:b], people.friends_against[a:b]
    punished, sanctioned = people.friends_punished[a:b], people.friends_sanctioned[a:b]
    for k in range(n):
        spoke_for[k] = uint8(mine[3, k])
        against[k] = uint8(mine[3, k] >> uint32(8))
        punished[k] = uint8(mine[3, k] >> uint32(16))
        sanctioned[k] = uint8(mine[3, k] >> uint32(24))


@roomy
def meeting(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Sums over living ties."""
    near = uint32(0)
    for slot in range(tables.kind_of_slot.shape[0]):
        if tables.kind_of_slot[slot] != WORK and tables.kind_of_slot[slot] != FURTHER:
            near |= uint32(1) << uint32(slot)
    room, sums = np.empty((4, WIDE), np.uint32), np.empty((2 * SUMS, WIDE), np.uint32)
    last = (int64(hi) + int64(STREET - 1)) >> int64(STREET_BITS)
    for street in range(int64(lo) >> int64(STREET_BITS), last, STREETS):
        streets = min(STREETS, last - street)
        meet(lo, hi, street, streets, near, people, tables.kind_of_slot, room, sums)
