"""Meeting: what one's living ties showed last month. The only rule that reads other people's board entries one by
one.

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
from sincerity.people.columns import DISORDER, LISTED, PUNISHED, SANCTIONED, SPOKE_AGAINST, SPOKE_FOR
from sincerity.people.kernel import kernel, roomy
from sincerity.people.orders import STREET_BITS
from sincerity.people.population import STREET
from sincerity.people.ties import FURTHER, GROUP, GROUPS, HOUSEHOLD, RANKED, WORK

STREETS = 16
"""Streets at a time."""
AT_ONCE = STREETS * STREET
DISORDER_AT, LISTED_AT = DISORDER.bit_length() + 15, LISTED.bit_length() + 15
"""Where the board has these flags. The four that are added up, in the order of their bytes, are its first."""
assert (SPOKE_FOR, SPOKE_AGAINST, PUNISHED, SANCTIONED) == (1, 2, 4, 8)


@kernel
def gather(board: NDArray[np.uint64], contacts: NDArray[np.uint32], entry: NDArray[np.uint64], n: int) -> None:
    """entry[k] = board[contacts[k]]: a loop of its own, since nothing but loads keeps many of them under way."""
    for k in range(n):
        entry[k] = board[contacts[k]]


@kernel
def add_slot(
    slot: int,
    n: int,
    entry: NDArray[np.uint64],
    contacts: NDArray[np.uint32],
    ids: NDArray[np.uint32],
    hold: NDArray[np.uint32],
    alive: NDArray[np.uint32],
    disorder: NDArray[np.uint32],
    scores: NDArray[np.uint32],
    flags: NDArray[np.uint32],
) -> None:
    """Add one slot's entries where both ends hold it: scores (24 bits) and who has one (8), flags a byte each (spread by
    multiplication); the slots of living ties, and of those who were disorderly.
    """
    for k in range(n):
        shown, theirs = uint32(entry[k]), uint32(entry[k] >> uint64(32))
        both = ((theirs & hold[k]) >> uint32(slot)) & uint32(contacts[k] != ids[k])
        shown &= uint32(uint32(0) - both)
        score = shown & uint32(0xFFFF)
        scores[k] += uint32(score + (uint32(score > uint32(0)) << uint32(24)))
        four = (shown >> uint32(16)) & uint32(15)
        flags[k] += uint32(four * uint32(0x204081)) & uint32(0x1010101)
        alive[k] |= both << uint32(slot)
        disorder[k] |= ((shown >> uint32(DISORDER_AT)) & uint32(1)) << uint32(slot)


@kernel
def add_listed(
    slot: int,
    n: int,
    entry: NDArray[np.uint64],
    contacts: NDArray[np.uint32],
    ids: NDArray[np.uint32],
    hold: NDArray[np.uint32],
    listed: NDArray[np.uint8],
) -> None:
    """Count who of the household is on a list."""
    for k in range(n):
        both = ((uint32(entry[k] >> uint64(32)) & hold[k]) >> uint32(slot)) & uint32(contacts[k] != ids[k])
        listed[k] += uint8(both & uint32(entry[k] >> uint64(LISTED_AT)))


@kernel
def look_at(board: NDArray[np.uint64], ids: NDArray[np.uint32], n: int, hold: NDArray[np.uint32]) -> None:
    """The slots that some people were seen to hold."""
    for k in range(n):
        hold[k] = uint32(board[ids[k]] >> uint64(32))


@kernel
def add_by_rank(
    first: int, streets: int, people: Any, entry: NDArray[np.uint64], hold: NDArray[np.uint32], sums: NDArray[np.uint32]
) -> None:
    """The slots that go by rank, of so many streets from the `first` of the block on; sums: those of each rank."""
    start, n = first * GROUP, streets * GROUP
    for group in range(GROUPS):
        ids = people.ties.whose[group, start : start + n]
        look_at(people.board, ids, n, hold[group * n : group * n + n])
    for row in range(RANKED.shape[0]):
        group, slot = RANKED[row, 0], RANKED[row, 1]
        ids, contacts = people.ties.whose[group, start : start + n], people.ties.by_rank[row, start : start + n]
        a, b = group * n, group * n + n
        gather(people.board, contacts, entry, n)
        add_slot(slot, n, entry, contacts, ids, hold[a:b], sums[0, a:b], sums[1, a:b], sums[2, a:b], sums[3, a:b])


@kernel
def take_by_rank(
    start: int,
    n: int,
    base: int,
    ids: NDArray[np.uint32],
    sociability: NDArray[np.uint8],
    width: int,
    sums: NDArray[np.uint32],
    mine: NDArray[np.uint32],
) -> None:
    """Add each person's sums by rank to those by seat."""
    for k in range(n):
        rank = (uint32(255) - uint32(sociability[k])) >> uint32(2)
        street = uint32(uint32(ids[k]) >> uint32(STREET_BITS)) - uint32(base)
        at = uint32((rank >> uint32(3)) * uint32(width)) + uint32(street << uint32(3)) + (rank & uint32(GROUP - 1))
        mine[0, k] |= sums[0, at]
        mine[1, k] |= sums[1, at]
        mine[2, k] += sums[2, at]
        mine[3, k] += sums[3, at]


@kernel
def some(
    street: int,
    streets: int,
    lo: int,
    hi: int,
    near: int,
    people: Any,
    tables: Any,
    entry: Any,
    ids: Any,
    hold: Any,
    by_rank: Any,
    mine: Any,
) -> None:
    """The people of some streets, as far as they are of the block."""
    begin = max(int64(lo), street << int64(STREET_BITS))
    n = min(int64(hi), (street + streets) << int64(STREET_BITS)) - begin
    a, b = begin - int64(lo), begin - int64(lo) + n
    for k in range(n):
        ids[k] = uint32(begin + k)
    for kind in range(4):
        for k in range(n):
            mine[kind, k] = uint32(0)
    listed, held = people.household_listed[a:b], people.own_hold[a:b]
    for k in range(n):
        listed[k] = uint8(0)
        held[k] = uint32(people.board[begin + k] >> uint64(32))
    for slot in range(people.ties.by_seat.shape[0]):
        contacts = people.ties.by_seat[slot, a:b]
        gather(people.board, contacts, entry, n)
        add_slot(slot, n, entry, contacts, ids, held, mine[0], mine[1], mine[2], mine[3])
        if tables.kind_of_slot[slot] == HOUSEHOLD:
            add_listed(slot, n, entry, contacts, ids, held, listed)
    if people.ties.by_rank.shape[0] > 0:
        for kind in range(4):
            for k in range(streets * STREET):
                by_rank[kind, k] = uint32(0)
        add_by_rank(street - (int64(lo) >> int64(STREET_BITS)), streets, people, entry, hold, by_rank)
        take_by_rank(begin, n, street, ids, people.sociability[a:b], streets * GROUP, by_rank, mine)
    alive, score = people.alive[a:b], people.friends_score[a:b]
    for k in range(n):
        alive[k] = mine[0, k]
        score[k] = mine[2, k] & uint32(0xFFFFFF)
    company, neighbours, disorderly = people.company[a:b], people.neighbours[a:b], people.neighbours_disorderly[a:b]
    for k in range(n):
        company[k] = uint8(many_of(mine[0, k]))
        neighbours[k] = uint8(many_of(mine[0, k] & uint32(near)))
        disorderly[k] = uint8(many_of(mine[1, k] & uint32(near)))
    scored, spoke_for, against = people.friends_scored[a:b], people.friends_for[a:b], people.friends_against[a:b]
    punished, sanctioned = people.friends_punished[a:b], people.friends_sanctioned[a:b]
    for k in range(n):
        scored[k] = uint8(mine[2, k] >> uint32(24))
        spoke_for[k] = uint8(mine[3, k] & uint32(255))
        against[k] = uint8((mine[3, k] >> uint32(8)) & uint32(255))
        punished[k] = uint8((mine[3, k] >> uint32(16)) & uint32(255))
        sanctioned[k] = uint8(mine[3, k] >> uint32(24))


@roomy
def meeting(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Sums over living ties."""
    entry, ids = np.empty(AT_ONCE, np.uint64), np.empty(AT_ONCE, np.uint32)
    hold, by_rank, mine = (
        np.empty(AT_ONCE, np.uint32),
        np.empty((4, AT_ONCE), np.uint32),
        np.empty((4, AT_ONCE), np.uint32),
    )
    near = uint32(0)
    for slot in range(tables.kind_of_slot.shape[0]):
        if tables.kind_of_slot[slot] != WORK and tables.kind_of_slot[slot] != FURTHER:
            near |= uint32(1) << uint32(slot)
    first = int64(lo) >> int64(STREET_BITS)
    last = (int64(hi) + int64(STREET - 1)) >> int64(STREET_BITS)
    for street in range(first, last, STREETS):
        some(street, min(STREETS, last - street), lo, hi, near, people, tables, entry, ids, hold, by_rank, mine)
