"""Meeting: what one's living ties showed last month. The only rule that reads other people's board entries one by
one.

A tie lives iff both ends hold its slot. Slot by slot the contacts' entries are gathered and added up: a byte a flag,
so that eight sums of flags are one addition.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint8, uint32, uint64
from numpy.typing import NDArray

from sincerity.people.columns import DISORDER, LISTED, PUNISHED, SANCTIONED, SPOKE_AGAINST, SPOKE_FOR
from sincerity.people.kernel import inline, kernel
from sincerity.people.ties import FURTHER, HOUSEHOLD, WORK

BYTES = 0x0101010101010101
DIAGONAL = 0x8040201008040201
SEVENS = 0x7F7F7F7F7F7F7F7F


@inline
def sum_of(sums: Any, flag: Any) -> Any:
    """The sum of one of the eight flags."""
    shift = 0
    while (1 << shift) != flag:
        shift += 1
    return uint8((sums >> uint64(8 * shift)) & uint64(255))


@kernel
def gather(board: NDArray[np.uint64], contacts: NDArray[np.uint32], entry: NDArray[np.uint64], n: int) -> None:
    """entry[q] = board[contacts[q]]: a loop of its own, since few arrays make it fast."""
    for q in range(n):
        entry[q] = board[contacts[q]]


@kernel
def add_slot(
    lo: int,
    slot: int,
    n: int,
    entry: NDArray[np.uint64],
    contacts: NDArray[np.uint32],
    hold: NDArray[np.uint32],
    alive: NDArray[np.uint32],
    met: NDArray[np.uint64],
    flags: NDArray[np.uint64],
) -> None:
    """Add one slot's entries where both ends hold it: flags a byte each (spread by multiplication), scores, counts."""
    for q in range(n):
        e = entry[q]
        mine = (hold[q] >> uint32(slot)) & uint32(1)
        both = uint64(mine) & (e >> uint64(32 + slot)) & uint64(contacts[q] != uint32(lo + q))
        keep = uint64(0) - both
        eight = (e >> uint64(16)) & uint64(0xFF)
        bytes_of = (((eight * uint64(BYTES)) & uint64(DIAGONAL)) + uint64(SEVENS)) >> uint64(7)
        flags[q] += bytes_of & uint64(BYTES) & keep
        score = e & uint64(0xFFFF)
        scored = (score + uint64(0xFFFF)) >> uint64(16)
        met[q] += (score | (scored << uint64(32)) | (uint64(1) << uint64(40))) & keep
        alive[q] |= uint32(both << uint64(slot))


@kernel
def meeting(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Sums over living ties: flags, scores (bits 0-31 of `met`), scored ties (32-39), ties (40-47)."""
    n = hi - lo
    for q in range(n):
        people.own_hold[q] = uint32(people.board[lo + q] >> uint64(32))
        people.alive[q] = uint32(0)
        people.met[q] = uint64(0)
        people.met_flags[q] = uint64(0)
    for part in range(3):  # the household, then street and town, then work and further away
        for slot in range(people.contacts.shape[0]):
            kind = tables.kind_of_slot[slot]
            if (0 if kind == HOUSEHOLD else 2 if kind in (WORK, FURTHER) else 1) == part:
                contacts = people.contacts[slot]
                gather(people.board, contacts, people.entry, n)
                add_slot(
                    lo, slot, n, people.entry, contacts, people.own_hold, people.alive, people.met, people.met_flags
                )
        if part == 0:
            for q in range(n):
                people.household_listed[q] = sum_of(people.met_flags[q], LISTED)
        elif part == 1:
            for q in range(n):
                people.neighbours[q] = uint8((people.met[q] >> uint64(40)) & uint64(0xFF))
                people.neighbours_disorderly[q] = sum_of(people.met_flags[q], DISORDER)
    for q in range(n):
        flags = people.met_flags[q]
        met = people.met[q]
        people.company[q] = uint8((met >> uint64(40)) & uint64(0xFF))
        people.friends_scored[q] = uint8((met >> uint64(32)) & uint64(0xFF))
        people.friends_score[q] = uint32(met & uint64(0xFFFFFFFF))
        people.friends_for[q] = sum_of(flags, SPOKE_FOR)
        people.friends_against[q] = sum_of(flags, SPOKE_AGAINST)
        people.friends_punished[q] = sum_of(flags, PUNISHED)
        people.friends_sanctioned[q] = sum_of(flags, SANCTIONED)
