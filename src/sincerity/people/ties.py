"""Ties, computed: person i's contact in slot k is a keyed, self-inverse function of (seed, slot, i). No memory.

Sixteen slots: three of the household and three of the workplace (cliques), four of the street of 64, three of the
town of 4,096, two of the district of 262,144 and one of the whole nation (keyed perfect matchings inside nested
blocks of ids). The last block of a layer, where ids run out, is cut into powers of two; the nation's is turned by a
keyed offset first, so that the pieces hang together. `hold` on the board says who keeps up which slot: a tie lives
iff both ends hold it.

A slot that leads to oneself, to nobody, or to somebody whom a nearer slot already reaches is dead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint8, uint32
from numpy.typing import NDArray

from sincerity.people.draws import key_of, mix
from sincerity.people.households import household_of
from sincerity.people.kernel import inline, kernel

SLOTS = 16
HOUSEHOLD, WORK, STREET, TOWN, FURTHER = range(5)
KINDS = ("household", "work", "neighbourhood", "town", "further")
KIND_OF_SLOT = (0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4)
LAYER_BITS = (0, 0, 0, 10, 10, 10, 6, 6, 6, 6, 12, 12, 12, 18, 18, 31)
FIRST_WORK, FIRST_MATCHING = 3, 6
NOBODY = 0xFFFFFFFF


class TieTables(NamedTuple):
    """What the tie functions need: people, the seed's key, and the household pattern."""

    people: int
    key: int
    bits: NDArray[np.uint8]
    household_first: NDArray[np.uint16]
    household_size: NDArray[np.uint8]
    household_key: int


def tie_tables(people: int, seed: int, household: tuple[NDArray[np.uint16], NDArray[np.uint8], int]) -> TieTables:
    """The tables for `people` people (1 to 2**31) and a seed."""
    key = (key_of(seed, "ties")[1] ^ (seed * 0x9E3779B1)) & 0xFFFFFFFF
    return TieTables(people, key, np.array(LAYER_BITS, np.uint8), *household)


@inline
def inverse(odd: Any) -> Any:
    """The uint32 by which to multiply to undo a multiplication by an odd one (Newton; 3, 6, 12, 24, 48 bits)."""
    x = uint32(odd)
    for _ in range(4):
        x = uint32(x * (uint32(2) - uint32(odd) * x))
    return x


@inline
def shuffle(x: Any, bits: Any, k1: Any, k2: Any) -> Any:
    """A keyed permutation of 0 … 2**bits - 1: the words both multiply (made odd) and add."""
    mask = uint32((int64(1) << int64(bits)) - int64(1))
    half = uint32((bits + 1) >> 1)
    x = (x * (k2 | uint32(1)) + k1) & mask
    x ^= x >> half
    x = (x * (k1 | uint32(1)) + k2) & mask
    x ^= x >> half
    return x


@inline
def unshuffle(x: Any, bits: Any, k1: Any, k2: Any) -> Any:
    """The inverse of `shuffle`."""
    mask = uint32((int64(1) << int64(bits)) - int64(1))
    half = uint32((bits + 1) >> 1)
    x ^= x >> half
    x = ((x - k2) * inverse(k1 | uint32(1))) & mask
    x ^= x >> half
    x = ((x - k1) * inverse(k2 | uint32(1))) & mask
    return x


@inline
def block_keys(key: Any, layer: Any, base: Any) -> Any:
    """The two words that shuffle one block of one layer."""
    k1 = mix(uint32(key) ^ (uint32(layer) * uint32(0x27D4EB2D)) ^ (uint32(base) * uint32(0x165667B1)))
    return k1, mix(k1 ^ uint32(0x5BD1E995))


@inline
def chunk_of(x: Any, people: Any, layer_bits: Any) -> Any:
    """(first id, bits) of the power-of-two piece in which x is matched."""
    width = int64(1) << int64(layer_bits)
    base = (int64(x) // width) * width
    bits = int64(layer_bits)
    if base + width > int64(people):
        left = int64(people) - base
        while True:
            while (int64(1) << bits) > left:
                bits -= int64(1)
            if int64(x) < base + (int64(1) << bits):
                break
            base += int64(1) << bits
            left -= int64(1) << bits
    return base, bits


@inline
def nation_offset(key: Any, people: Any) -> Any:
    """By how much ids are turned before the nation is cut into pieces."""
    return int64(people) // int64(3) + int64(mix(uint32(key)) % uint32(max(int64(people) // int64(3), int64(1))))


@kernel
def contact(i: int, slot: int, ties: TieTables) -> Any:
    """The id whom person i meets in a slot (0 to 15), or NOBODY. Its own inverse."""
    n = int64(ties.people)
    if slot < FIRST_WORK:
        first, size = household_of(int64(i), n, ties.household_first, ties.household_size, uint32(ties.household_key))
        place = (int64(i) - int64(first)) ^ int64(slot + 1)
        return int64(first) + place if place < int64(size) else int64(NOBODY)
    bits = ties.bits[slot]
    turn = nation_offset(ties.key, n) if bits == uint8(31) else int64(0)
    x = int64(i) + turn
    if x >= n:
        x -= n
    base, b = chunk_of(x, n, bits)
    layer = FIRST_WORK if slot < FIRST_MATCHING else slot
    step = slot - FIRST_WORK + 1 if slot < FIRST_MATCHING else 1
    k1, k2 = block_keys(ties.key, layer, base)
    y = shuffle(uint32(x - base), b, k1, k2) ^ uint32(step)
    if int64(y) >= (int64(1) << int64(b)):
        return int64(NOBODY)
    j = base + int64(unshuffle(y, b, k1, k2)) - turn
    if j < int64(0):
        j += n
    return j if j != int64(i) else int64(NOBODY)


@kernel
def fill_contacts(lo: int, hi: int, ties: TieTables, contacts: NDArray[np.uint32]) -> None:
    """contacts[slot, q]: `contact` for the people lo … hi - 1, oneself for nobody; in long loops of one piece each."""
    n = int64(ties.people)
    for slot in range(FIRST_WORK):
        for q in range(hi - lo):
            first, size = household_of(
                int64(lo + q), n, ties.household_first, ties.household_size, uint32(ties.household_key)
            )
            place = (int64(lo + q) - int64(first)) ^ int64(slot + 1)
            contacts[slot, q] = uint32(int64(first) + place) if place < int64(size) else uint32(lo + q)
    for slot in range(FIRST_WORK, SLOTS):
        bits = ties.bits[slot]
        turn = nation_offset(ties.key, n) if bits == uint8(31) else int64(0)
        layer = FIRST_WORK if slot < FIRST_MATCHING else slot
        step = uint32(slot - FIRST_WORK + 1 if slot < FIRST_MATCHING else 1)
        i = int64(lo)
        while i < int64(hi):
            x = i + turn
            wrapped = x >= n
            if wrapped:
                x -= n
            base, b = chunk_of(x, n, bits)
            size = int64(1) << int64(b)
            end = min(int64(hi), i + (base + size - x))
            if not wrapped:
                end = min(end, i + (n - x))
            k1, k2 = block_keys(ties.key, layer, base)
            start, offset = uint32(x - base), uint32(base)
            out = int64(i - lo)
            mask = uint32(size - int64(1))
            back, people = uint32(turn), uint32(n)
            if turn == int64(0):
                for q in range(int64(0), end - i):
                    x0 = start + uint32(q)
                    z = shuffle(x0, b, k1, k2) ^ step
                    y = unshuffle(z & mask, b, k1, k2)
                    lost = (z > mask) | (y == x0)
                    contacts[slot, out + q] = uint32(lo + out + q) if lost else uint32(y + offset)
            else:
                for q in range(int64(0), end - i):
                    x0 = start + uint32(q)
                    y = unshuffle(shuffle(x0, b, k1, k2) ^ step, b, k1, k2)
                    j = y + offset
                    j = j - back if j >= back else j + people - back
                    contacts[slot, out + q] = uint32(lo + out + q) if (y == x0) | (y > mask) else j
            i = end


@kernel
def is_dead(i: int, slot: int, ties: TieTables) -> bool:
    """Whether a slot of person i leads to nobody or repeats a nearer one."""
    j = contact(i, slot, ties)
    if j == int64(NOBODY):
        return True
    for nearer in range(slot):  # noqa: SIM110
        if contact(i, nearer, ties) == j:
            return True
    return False


@kernel
def _fill_area_keys(ties: TieTables, keys: NDArray[np.uint32]) -> None:
    for area in range(keys.shape[0]):
        keys[area, 0], keys[area, 1] = block_keys(ties.key, FIRST_WORK, uint32(area << 10))


def area_keys(areas: int, ties: TieTables) -> NDArray[np.uint32]:
    """(areas, 2) uint32: the words that order each labour area of 1,024, as the workplace ties have it."""
    keys = np.zeros((areas, 2), np.uint32)
    _fill_area_keys(ties, keys)
    return keys
