"""Ties, computed: person i's contact in slot k is a keyed, self-inverse function of (seed, slot, i). No memory.

Thirty-two slots, one for each bit of `hold` on the board. How many of them lead to somebody is how sociable a person
is: each street of 64 has the same 64 ranks of sociability (people/orders.py), and `LAYOUT` says which ranks have which
slots, so that a few have three times as many ties as most (Dunbar 2016; Ugander and others 2011). Household and
workplace are cliques, the friends of the street are those next in age, circles are cliques of the sociable quarter of
a town, and further away the most sociable eighth meets one another (which makes numbers of ties alike at both ends:
Newman 2002) and, rank by rank, everybody else (so that one's friends have more friends than oneself: Feld 1991).

Blocks of ids that end where people run out are cut into powers of two; the nation's ranks are turned by a keyed offset
first, so that the pieces hang together. `hold` says who keeps up which slot: a tie lives iff both ends hold it.

A slot that leads to oneself, to nobody, or to somebody whom a nearer slot already reaches is dead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint8, uint32
from numpy.typing import NDArray

from sincerity.people.draws import key_of, mix
from sincerity.people.households import household_of
from sincerity.people.kernel import inline, kernel, roomy
from sincerity.people.orders import (
    NOBODY,
    STREET_BITS,
    by_age,
    seat_of_rank,
    sociable_key,
    sociable_person,
    sociable_rank,
    street_word,
)
from sincerity.people.population import STREET
from sincerity.people.traits import AGE_SHIFT

SLOTS = 32
HOUSEHOLD, WORK, STREET_FRIENDS, TOWN, FURTHER = range(5)
KINDS = ("household", "work", "friends of the street", "town", "further")
FIRST_WORK, FIRST_FRIENDS, FIRST_LAYERED = 3, 6, 9
GROUP = 8
"""Ranks of a group: whoever is of the same group has the same slots."""
GROUPS = STREET // GROUP
AREA_BITS, TOWN_BITS, DISTRICT_BITS, NATION_BITS = 10, 12, 18, 31
"""Blocks of 1,024 (labour areas), 4,096 and 262,144 ids, and all of them; log2 people. Assumed, fixed by the layout."""


class Row(NamedTuple):
    """Some slots alike. form: `clique`, `age` (next in age), `circle` (clique of slots + 1), `pairs`, or `reached`.

    first, end: whose they are, by rank of sociability in the street (0 to 64); bits: log2 people of the block of ids in
    which they meet. They meet one another; but in `reached` slots as many people of the ranks from `to` on, those after
    them in the next slot, and so on.
    """

    kind: int
    slots: int
    form: str
    first: int
    end: int
    bits: int
    to: int = 0


LAYOUT = (
    Row(HOUSEHOLD, 3, "clique", 0, 64, AREA_BITS),
    Row(WORK, 1, "clique", 0, 64, AREA_BITS),
    Row(WORK, 2, "clique", 0, 40, AREA_BITS),
    Row(STREET_FRIENDS, 1, "age", 0, 56, STREET_BITS),
    Row(STREET_FRIENDS, 1, "age", 0, 48, STREET_BITS),
    Row(STREET_FRIENDS, 1, "age", 0, 24, STREET_BITS),
    Row(TOWN, 7, "circle", 0, 16, TOWN_BITS),
    Row(FURTHER, 6, "reached", 0, 8, DISTRICT_BITS, to=16),
    Row(FURTHER, 5, "pairs", 0, 8, DISTRICT_BITS),
    Row(FURTHER, 5, "pairs", 0, 8, NATION_BITS),
)
"""The slots, in their order. Which ranks have which slots is assumed, and set so that most published measures of
networks are met (docs/ties.md); docs/decisions/0006 has other layouts, and how far each moves the measures."""


class Layer(NamedTuple):
    """One computed layer: ranks first … first + width - 1 meet, in a slot, those from `to` on (themselves: `first`).

    step: 1 and more: a seat of the circle (xor); 0: another group is reached. order: the number by which blocks are
    keyed, one for all slots of a circle.
    """

    slot: int
    first: int
    width: int
    to: int
    step: int
    bits: int
    order: int


def _kinds() -> tuple[int, ...]:
    return tuple(row.kind for row in LAYOUT for _ in range(row.slots))


def _ends() -> tuple[int, ...]:
    """Up to which rank somebody has each of the first slots: household, work and street."""
    return tuple(row.end for row in LAYOUT for _ in range(row.slots))[:FIRST_LAYERED]


def _layers() -> tuple[Layer, ...]:
    found, slot = [], 0
    for row in LAYOUT:
        for k in range(row.slots):
            width = row.end - row.first
            if row.form == "circle":
                found.append(Layer(slot, row.first, width, row.first, k + 1, row.bits, slot - k))
            elif row.form == "pairs":
                found.append(Layer(slot, row.first, width, row.first, 1, row.bits, slot))
            elif row.form == "reached":
                found.append(Layer(slot, row.first, width, row.to + k * width, 0, row.bits, slot))
            slot += 1
    return tuple(found)


KIND_OF_SLOT = _kinds()
ENDS = _ends()
LAYERS = _layers()


def open_slots() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(GROUPS, SLOTS) numbers of the slots, without the household's, that each group of ranks has; how many of them."""
    groups = range(0, STREET, GROUP)
    found = np.zeros((GROUPS, SLOTS), np.uint8)
    many = np.zeros(GROUPS, np.int64)
    for group, first in enumerate(groups):
        mine = [slot for slot in range(FIRST_WORK, FIRST_LAYERED) if first < ENDS[slot]]
        mine += [one.slot for one in LAYERS if any(a <= first < a + one.width for a in (one.first, one.to))]
        found[group, : len(mine)], many[group] = mine, len(mine)
    return found, many


class TieTables(NamedTuple):
    """What the tie functions need: people, the seed's keys, the household pattern, the layers, and everybody's packed
    word (people/traits.py), of which the age is read.
    """

    people: int
    key: int
    sociable_key: int
    household_first: NDArray[np.uint16]
    household_size: NDArray[np.uint8]
    household_key: int
    layers: NDArray[np.int64]
    packed: NDArray[np.uint32]


def tie_tables(
    people: int, seed: int, household: tuple[NDArray[np.uint16], NDArray[np.uint8], int], packed: NDArray[np.uint32]
) -> TieTables:
    """The tables for `people` people (1 to 2**31) with these packed words (people,), and a seed."""
    key = (key_of(seed, "ties")[1] ^ (seed * 0x9E3779B1)) & 0xFFFFFFFF
    return TieTables(people, key, sociable_key(seed), *household, np.array(LAYERS, np.int64), packed)


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


@inline
def friend_by_age(place: Any, slot: Any, many: Any) -> Any:
    """Who stands where in a street by age, as a friend of who stands at `place`: next, next but one, or `place`."""
    if slot == FIRST_FRIENDS:
        other = int64(place) ^ int64(1)
    elif slot == FIRST_FRIENDS + 1:
        other = ((int64(place) + int64(1)) ^ int64(1)) - int64(1)
    else:
        other = int64(place) ^ int64(2)
    return other if int64(0) <= other < int64(many) else int64(place)


@inline
def met(x: Any, forth: Any, step: Any, b: Any, k1: Any, k2: Any) -> Any:
    """Whom the x-th of a block of 2**b meets: by `step` in a circle or pair (x for nobody), or there and back."""
    if step > 0:
        y = shuffle(x, b, k1, k2) ^ uint32(step)
        return unshuffle(y, b, k1, k2) if int64(y) < (int64(1) << int64(b)) else x
    return shuffle(x, b, k1, k2) if forth else unshuffle(x, b, k1, k2)


@inline
def ranks_of(people: Any, width: Any, bits: Any, key: Any) -> Any:
    """Of `width` ranks of every street: how many, log2 of a block of them, and by how much the nation's are turned."""
    ranks = ((int64(people) + int64(STREET - 1)) >> int64(STREET_BITS)) * int64(width)
    if int64(bits) == int64(NATION_BITS):
        return ranks, int64(bits), nation_offset(key, ranks)
    wide = int64(0)
    while (int64(1) << wide) < int64(width):
        wide += int64(1)
    return ranks, int64(bits) - int64(STREET_BITS) + wide, int64(0)


@roomy
def contact(i: int, slot: int, ties: TieTables) -> Any:
    """The id whom person i meets in a slot (0 to 31), or NOBODY. Its own inverse."""
    n = int64(ties.people)
    i = int64(i)
    if slot < FIRST_WORK:
        first, size = household_of(i, n, ties.household_first, ties.household_size, uint32(ties.household_key))
        place = (i - int64(first)) ^ int64(slot + 1)
        return int64(first) + place if place < int64(size) else int64(NOBODY)
    rank = sociable_rank(i, n, ties.sociable_key)
    street = i >> int64(STREET_BITS)
    j = int64(NOBODY)
    if slot < FIRST_LAYERED:
        if rank >= int64(ENDS[slot]):
            return int64(NOBODY)
        if slot < FIRST_FRIENDS:
            base, b = chunk_of(i, n, int64(AREA_BITS))
            k1, k2 = block_keys(ties.key, FIRST_WORK, base)
            j = base + int64(met(uint32(i - base), True, slot - FIRST_WORK + 1, b, k1, k2))
        else:
            base = street << int64(STREET_BITS)
            many = min(n - base, int64(STREET))
            seats = np.empty(STREET, np.uint32)
            by_age(base, many, ties.packed, AGE_SHIFT, seats)
            place = int64(0)
            while base + int64(seats[place]) != i:
                place += 1
            j = base + int64(seats[friend_by_age(place, slot, many)])
        if j == i or sociable_rank(j, n, ties.sociable_key) >= int64(ENDS[slot]):
            return int64(NOBODY)
        return j
    for row in range(ties.layers.shape[0]):
        if ties.layers[row, 0] == slot:
            first, width, to = ties.layers[row, 1], ties.layers[row, 2], ties.layers[row, 3]
            forth = first <= rank < first + width
            if forth or to <= rank < to + width:
                x = street * width + rank - (first if forth else to)
                ranks, bits, turn = ranks_of(n, width, ties.layers[row, 5], ties.key)
                x += turn
                if x >= ranks:
                    x -= ranks
                base, b = chunk_of(x, ranks, bits)
                k1, k2 = block_keys(ties.key, ties.layers[row, 6], base)
                y = int64(met(uint32(x - base), forth, ties.layers[row, 4], b, k1, k2)) + base - turn
                if y < int64(0):
                    y += ranks
                j = sociable_person(y // width, (to if forth else first) + y % width, n, ties.sociable_key)
                return j if j != i else int64(NOBODY)
    return int64(NOBODY)


@roomy
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
        for q in range(hi - lo):
            contacts[slot, q] = uint32(lo + q)
    if hi > lo:
        _fill_work(lo, hi, ties, contacts)
        first = int64(lo) >> int64(STREET_BITS)
        who = np.full((((int64(hi) - 1) >> int64(STREET_BITS)) + 1 - first) * STREET, NOBODY, np.uint32)
        _fill_streets(lo, hi, ties, contacts, who)
        met_by = np.empty(len(who), np.uint32)
        person = np.empty(len(who), np.uint32)
        for row in range(ties.layers.shape[0]):
            _fill_layer(lo, hi, ties, ties.layers[row], True, who, met_by, person, contacts)
            if ties.layers[row, 4] == 0:
                _fill_layer(lo, hi, ties, ties.layers[row], False, who, met_by, person, contacts)


@roomy
def _fill_work(lo: int, hi: int, ties: TieTables, contacts: NDArray[np.uint32]) -> None:
    """The slots of the workplace, area by area."""
    n = int64(ties.people)
    line = np.empty(1 << AREA_BITS, np.uint32)
    i = int64(lo)
    while i < int64(hi):
        base, b = chunk_of(i, n, int64(AREA_BITS))
        size = int64(1) << b
        k1, k2 = block_keys(ties.key, FIRST_WORK, base)
        for x in range(size):
            line[x] = uint32(sociable_rank(base + x, n, ties.sociable_key))
        end = min(int64(hi), base + size)
        for slot in range(FIRST_WORK, FIRST_FRIENDS):
            most = uint32(ENDS[slot])
            for q in range(i - int64(lo), end - int64(lo)):
                x = uint32(int64(lo) + q - base)
                y = met(x, True, slot - FIRST_WORK + 1, b, k1, k2)
                if line[x] < most and line[y] < most:
                    contacts[slot, q] = uint32(base + int64(y))
        i = end


@roomy
def _fill_streets(lo: int, hi: int, ties: TieTables, contacts: NDArray[np.uint32], who: NDArray[np.uint32]) -> None:
    """The friends of the street; and who[64 * street + rank], of the streets that lo … hi - 1 live in."""
    n = int64(ties.people)
    line, seats = np.zeros(STREET, np.int64), np.zeros(STREET, np.uint32)
    start = (int64(lo) >> int64(STREET_BITS)) << int64(STREET_BITS)
    for base in range(start, int64(hi), STREET):
        many = min(n - base, int64(STREET))
        for seat in range(many):
            line[seat] = sociable_rank(base + seat, n, ties.sociable_key)
            who[base - start + line[seat]] = uint32(base + seat)
        by_age(base, many, ties.packed, AGE_SHIFT, seats)
        for place in range(many):
            seat = int64(seats[place])
            i = base + seat
            if int64(lo) <= i < int64(hi):
                for slot in range(FIRST_FRIENDS, FIRST_LAYERED):
                    other = int64(seats[friend_by_age(place, slot, many)])
                    if line[seat] < int64(ENDS[slot]) and line[other] < int64(ENDS[slot]):
                        contacts[slot, i - int64(lo)] = uint32(base + other)


@kernel
def _fill_layer(
    lo: int,
    hi: int,
    ties: TieTables,
    layer: NDArray[np.int64],
    forth: bool,
    who: NDArray[np.uint32],
    met_by: NDArray[np.uint32],
    person: NDArray[np.uint32],
    contacts: NDArray[np.uint32],
) -> None:
    """One layer, or one side of it; met_by and person: room for as many as `who`."""
    n = int64(ties.people)
    slot, width, step = layer[0], layer[2], layer[4]
    here, there = (layer[1], layer[3]) if forth else (layer[3], layer[1])
    ranks, bits, turn = ranks_of(n, width, layer[5], ties.key)
    start = (int64(lo) >> int64(STREET_BITS)) * width
    count = (len(who) >> STREET_BITS) * width
    done = int64(0)
    while done < count:
        x = start + done + turn
        wrapped = x >= ranks
        if wrapped:
            x -= ranks
        base, b = chunk_of(x, ranks, bits)
        end = min(count, done + base + (int64(1) << b) - x)
        if not wrapped:
            end = min(end, done + ranks - x)
        k1, k2 = block_keys(ties.key, layer[6], base)
        offset, near = uint32(x - base), base - turn
        for k in range(done, end):
            met_by[k] = met(offset + uint32(k - done), forth, step, b, k1, k2)
        for k in range(done, end):
            y = int64(met_by[k]) + near
            met_by[k] = uint32(y + ranks if y < int64(0) else y)
        done = end
    wide = int64(0)
    while (int64(1) << wide) < width:
        wide += int64(1)
    mask = uint32(width - int64(1))
    for k in range(count):
        street = met_by[k] >> uint32(wide)
        seat = seat_of_rank(uint32(there) + (met_by[k] & mask), street_word(ties.sociable_key, street))
        person[k] = (street << uint32(STREET_BITS)) | seat
    whole = uint32(n >> int64(STREET_BITS))
    for k in range(count):
        i = who[((k >> wide) << STREET_BITS) + here + (k & (width - 1))]
        if i >= uint32(lo) and i < uint32(hi) and i != uint32(NOBODY):
            j = person[k]
            street = met_by[k] >> uint32(wide)
            if street == whole:
                j = uint32(sociable_person(street, there + int64(met_by[k] & mask), n, ties.sociable_key))
            if j != uint32(NOBODY):
                contacts[slot, int64(i) - int64(lo)] = j


@inline
def repeats(contacts: NDArray[np.uint32], slot: Any, q: Any) -> bool:
    """Whether contacts[slot, q] leads to somebody whom a nearer slot already reaches."""
    j = contacts[slot, q]
    again = False
    for nearer in range(slot):
        again |= contacts[nearer, q] == j
    return again


@kernel
def fill_reach(lo: int, hi: int, contacts: NDArray[np.uint32], reach: NDArray[np.uint8]) -> None:
    """reach[q]: how many slots lead to somebody, for the people lo … hi - 1."""
    for q in range(hi - lo):
        reach[q] = uint8(0)
    for slot in range(contacts.shape[0]):
        for q in range(hi - lo):
            reach[q] += uint8(contacts[slot, q] != uint32(lo + q))


@kernel
def _fill_area_keys(ties: TieTables, keys: NDArray[np.uint32]) -> None:
    for area in range(keys.shape[0]):
        keys[area, 0], keys[area, 1] = block_keys(ties.key, FIRST_WORK, uint32(area << 10))


def area_keys(areas: int, ties: TieTables) -> NDArray[np.uint32]:
    """(areas, 2) uint32: the words that order each labour area of 1,024, as the workplace ties have it."""
    keys = np.zeros((areas, 2), np.uint32)
    _fill_area_keys(ties, keys)
    return keys
