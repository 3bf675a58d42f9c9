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
from numba import int16, int64, uint8, uint32
from numpy.typing import NDArray

from sincerity.people.draws import key_of, mix
from sincerity.people.households import SUPERBLOCK, household_of
from sincerity.people.kernel import inline, kernel, roomy
from sincerity.people.orders import (
    NOBODY,
    STREET_BITS,
    by_age,
    fill_ranks,
    rank_of_seat,
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
GROUP_BITS = 3
GROUP = 1 << GROUP_BITS
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


def _ranked() -> list[tuple[int, int, int, int]]:
    found = []
    for number, one in enumerate(LAYERS):
        for first, forth in {one.first: 1, one.to: 0 if one.step == 0 else 1}.items():
            groups = range(first // GROUP, (first + one.width) // GROUP)
            found += [(group, one.slot, number, forth) for group in groups]
    return sorted(found)


RANKED = np.array(_ranked(), np.int64)
"""(group of ranks, slot, number of its layer, whether it reaches forth) of each row of ties that go by rank."""
ROW_OF = np.full((GROUPS, SLOTS), -1, np.int64)
"""The row of a group and slot; -1: none of the group has such a slot."""
ROW_OF[RANKED[:, 0], RANKED[:, 1]] = np.arange(len(RANKED))


def open_slots() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """(GROUPS, SLOTS) numbers of the slots, without the household's, that each group of ranks has; how many of them."""
    groups = range(0, STREET, GROUP)
    found = np.zeros((GROUPS, SLOTS), np.uint32)
    many = np.zeros(GROUPS, np.uint32)
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
        x = uint32(x * uint32(uint32(2) - uint32(uint32(odd) * x)))
    return x


@inline
def shuffle(x: Any, bits: Any, k1: Any, k2: Any) -> Any:
    """A keyed permutation of 0 … 2**bits - 1: the words both multiply (made odd) and add.

    Cast at each step, here as elsewhere: what else takes 64 bits does half as many at once.
    """
    mask = uint32((int64(1) << int64(bits)) - int64(1))
    half = uint32((bits + 1) >> 1)
    a, b = uint32(k2 | uint32(1)), uint32(k1 | uint32(1))
    x = uint32(uint32(uint32(uint32(x) * a) + uint32(k1)) & mask)
    x = uint32(x ^ uint32(x >> half))
    x = uint32(uint32(uint32(x * b) + uint32(k2)) & mask)
    return uint32(x ^ uint32(x >> half))


@inline
def unshuffle(x: Any, bits: Any, k1: Any, k2: Any) -> Any:
    """The inverse of `shuffle`."""
    mask = uint32((int64(1) << int64(bits)) - int64(1))
    half = uint32((bits + 1) >> 1)
    a, b = inverse(uint32(k2 | uint32(1))), inverse(uint32(k1 | uint32(1)))
    x = uint32(uint32(x) ^ uint32(uint32(x) >> half))
    x = uint32(uint32(uint32(x - uint32(k2)) * b) & mask)
    x = uint32(x ^ uint32(x >> half))
    return uint32(uint32(uint32(x - uint32(k1)) * a) & mask)


@inline
def block_keys(key: Any, layer: Any, base: Any) -> Any:
    """The two words that shuffle one block of one layer."""
    k1 = mix(uint32(key) ^ uint32(uint32(layer) * uint32(0x27D4EB2D)) ^ uint32(uint32(base) * uint32(0x165667B1)))
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
        other = uint32(place) ^ uint32(1)
    elif slot == FIRST_FRIENDS + 1:
        other = uint32((uint32(uint32(place) + uint32(1)) ^ uint32(1)) - uint32(1))
    else:
        other = uint32(place) ^ uint32(2)
    return other if other < uint32(many) else uint32(place)


@inline
def met(x: Any, forth: Any, step: Any, b: Any, k1: Any, k2: Any) -> Any:
    """Whom the x-th of a block of 2**b meets: by `step` in a circle or pair (x for nobody), or there and back."""
    if step > 0:
        y = uint32(shuffle(x, b, k1, k2) ^ uint32(step))
        back = unshuffle(y, b, k1, k2)
        return back if y <= uint32((int64(1) << int64(b)) - int64(1)) else uint32(x)
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


# ---- a block's ties --------------------------------------------------------------------------------------------------


class Ties(NamedTuple):
    """Whom the slots of a block's people lead to, oneself for nobody; without what nobody of a group of ranks has.

    by_seat[slot, q]: the slots up to the street's; of ties that are given, all. by_rank[row, k]: the layered slots, a
    row for each group of ranks that has one (`RANKED`); k = 8 * street + rank in the group, and streets are counted
    from that of the block's first person on. whose[group, k]: who stands there; where nobody does, anybody.
    """

    by_seat: NDArray[np.uint32]
    by_rank: NDArray[np.uint32]
    whose: NDArray[np.uint32]


def room_for(people: int) -> Ties:
    """Room for the ties of a block of so many people."""
    ranks = (people // STREET + 2) * GROUP
    seats, rows, groups = (FIRST_LAYERED, people), (len(RANKED), ranks), (GROUPS, ranks)
    return Ties(np.zeros(seats, np.uint32), np.zeros(rows, np.uint32), np.zeros(groups, np.uint32))


def dense(contacts: NDArray[np.uint32]) -> Ties:
    """Contacts (slots, people) as the ties of their people."""
    none = np.zeros((0, 0), np.uint32)
    return Ties(contacts, none, none)


@inline
def whom(ties: Any, lo: Any, q: Any, slot: Any, sociability: Any) -> Any:
    """The id that a slot of the q-th of a block leads to, oneself for nobody. The sociability gives the rank."""
    if slot < ties.by_seat.shape[0]:
        return ties.by_seat[slot, q]
    rank = int64(uint32(255) - uint32(sociability)) >> int64(2)
    row = ROW_OF[rank // GROUP, slot]
    if row < 0:
        return uint32(lo + q)
    street = ((int64(lo) + int64(q)) >> int64(STREET_BITS)) - (int64(lo) >> int64(STREET_BITS))
    return ties.by_rank[row, street * GROUP + rank % GROUP]


@inline
def repeats(ties: Any, lo: Any, q: Any, slot: Any, sociability: Any) -> bool:
    """Whether a slot leads to somebody whom a nearer slot already reaches."""
    j = whom(ties, lo, q, slot, sociability)
    again = False
    for nearer in range(slot):
        again |= whom(ties, lo, q, nearer, sociability) == j
    return again


@roomy
def fill_ties(lo: int, hi: int, ties: TieTables, found: Ties, reach: NDArray[np.uint8]) -> None:
    """The ties (`contact`) of the people lo … hi - 1, and how many slots of each lead to somebody."""
    if hi <= lo:
        return
    area = (int64(lo) >> int64(AREA_BITS)) << int64(AREA_BITS)
    line = np.zeros((int64(hi) - area + (1 << AREA_BITS)) >> AREA_BITS << AREA_BITS, np.uint32)
    street = int64(lo) >> int64(STREET_BITS)
    streets = ((int64(hi) - 1) >> int64(STREET_BITS)) + 1 - street
    room = np.zeros((3, 1 << TOWN_BITS), np.uint32)
    fill_ranks(area, min(area + len(line), int64(ties.people)), ties.people, ties.sociable_key, line)
    _fill_households(lo, hi, ties, room, found.by_seat)
    _fill_work(lo, hi, ties, line, room, found.by_seat)
    _fill_friends(lo, hi, ties, line, np.zeros((2, STREET), np.int16), room[0], found.by_seat)
    _fill_whose(street, streets, ties, room, found.whose)
    missed = False
    for layer in range(ties.layers.shape[0]):
        if ties.layers[layer, 5] <= TOWN_BITS and ties.layers[layer, 4] == 1:
            many = int64(np.count_nonzero(ties.layers[:, 6] == ties.layers[layer, 6]))
            missed |= _fill_circles(street, streets, ties, ties.layers[layer], many, room, found.whose, found.by_rank)
    for row in range(RANKED.shape[0]):
        if ties.layers[RANKED[row, 2], 5] > TOWN_BITS:
            missed |= _fill_reached(street, streets, ties, RANKED[row], found.whose[RANKED[row, 0]], found.by_rank[row])
    fill_reach(lo, hi, found.by_seat, reach)
    counts = np.zeros((GROUPS, streets * GROUP), np.uint8)
    _add_reach(lo, hi, street, streets, line[int64(lo) - area :], counts, not missed, found, reach)


@kernel
def _fill_households(
    lo: int, hi: int, ties: TieTables, further: NDArray[np.uint32], by_seat: NDArray[np.uint32]
) -> None:
    """The slots of the household. further: room for how many ids on whom a slot leads to lives, by place."""
    n = uint32(ties.people)
    for slot in range(FIRST_WORK):
        for place in range(SUPERBLOCK):
            first = int64(ties.household_first[place])
            other = (place - first) ^ int64(slot + 1)
            further[slot, place] = uint32(first + other - place if other < int64(ties.household_size[place]) else 0)
    i = int64(lo)
    while i < int64(hi):
        base = i & ~int64(SUPERBLOCK - 1)
        turn = int64(ties.household_first[mix(uint32(ties.household_key) ^ uint32(base)) & uint32(SUPERBLOCK - 1)])
        place = (i - base + turn) & int64(SUPERBLOCK - 1)
        many = min(int64(hi) - i, base + SUPERBLOCK - i, SUPERBLOCK - place)
        for slot in range(FIRST_WORK):
            steps, contacts = further[slot, place : place + many], by_seat[slot, i - lo : i - lo + many]
            for k in range(many):
                me = uint32(uint32(i) + uint32(k))
                j = uint32(me + steps[k])
                contacts[k] = j if j < n else me
        i += many


@kernel
def _fill_work(
    lo: int, hi: int, ties: TieTables, line: NDArray[np.uint32], room: NDArray[np.uint32], by_seat: NDArray[np.uint32]
) -> None:
    """The slots of the workplace, area by area: who stands at each place of the shuffled area, and at which rank."""
    n = int64(ties.people)
    area = (int64(lo) >> int64(AREA_BITS)) << int64(AREA_BITS)
    place, at = room[0], room[1]
    i = int64(lo)
    while i < int64(hi):
        base, b = chunk_of(i, n, int64(AREA_BITS))
        size = int64(1) << b
        k1, k2 = block_keys(ties.key, FIRST_WORK, base)
        ranks = line[base - area : base - area + size]
        for x in range(size):
            place[x] = shuffle(uint32(x), b, k1, k2)
        for x in range(size, 4):  # nobody is there
            at[x] = uint32(STREET << AREA_BITS)
        for x in range(size):
            at[place[x]] = uint32(uint32(x) | uint32(ranks[x] << uint32(AREA_BITS)))
        many, start = min(int64(hi), base + size) - i, i - base
        places, mine = place[start : start + many], ranks[start : start + many]
        for slot in range(FIRST_WORK, FIRST_FRIENDS):
            most, step = uint32(ENDS[slot]), uint32(slot - FIRST_WORK + 1)
            contacts = by_seat[slot, i - lo : i - lo + many]
            for k in range(many):
                other = at[uint32(places[k] ^ step)]
                both = (mine[k] < most) & (uint32(other >> uint32(AREA_BITS)) < most)
                j = uint32(uint32(base) + uint32(other & uint32((1 << AREA_BITS) - 1)))
                contacts[k] = j if both else uint32(uint32(i) + uint32(k))
        i += many


@kernel
def _fill_friends(
    lo: int,
    hi: int,
    ties: TieTables,
    line: NDArray[np.uint32],
    room: NDArray[np.int16],
    at: NDArray[np.uint32],
    by_seat: NDArray[np.uint32],
) -> None:
    """The friends of the street: who stands at each place by age is found by counting the younger (of an age, those of
    lower id), since that is done for many at once.
    """
    n = int64(ties.people)
    area = (int64(lo) >> int64(AREA_BITS)) << int64(AREA_BITS)
    age, place = room[0], room[1]
    for base in range((int64(lo) >> int64(STREET_BITS)) << int64(STREET_BITS), int64(hi), STREET):
        many = min(n - base, int64(STREET))
        ranks, packed = line[base - area : base - area + many], ties.packed[base : base + many]
        for seat in range(many, STREET):
            age[seat] = int16(32767)
        for seat in range(many):
            age[seat] = int16(
                (((packed[seat] >> uint32(AGE_SHIFT)) & uint32(127)) << uint32(STREET_BITS)) + uint32(seat)
            )
        for seat in range(STREET):
            place[seat] = int16(0)
        for other in range(0, STREET, 4):
            a, b, c, d = age[other], age[other + 1], age[other + 2], age[other + 3]
            for seat in range(STREET):
                place[seat] += int16(a < age[seat]) + int16(b < age[seat]) + int16(c < age[seat]) + int16(d < age[seat])
        for seat in range(many):
            at[place[seat]] = uint32(uint32(seat) | uint32(ranks[seat] << uint32(STREET_BITS)))
        first, end = max(int64(lo) - base, int64(0)), min(int64(hi) - base, many)
        places, mine = place[first:end], ranks[first:end]
        for slot in range(FIRST_FRIENDS, FIRST_LAYERED):
            most = uint32(ENDS[slot])
            contacts = by_seat[slot, base + first - lo : base + end - lo]
            for k in range(end - first):
                other = at[friend_by_age(uint32(places[k]), slot, many)]
                both = (mine[k] < most) & (uint32(other >> uint32(STREET_BITS)) < most)
                j = uint32(uint32(base) + uint32(other & uint32(STREET - 1)))
                contacts[k] = j if both else uint32(uint32(base + first) + uint32(k))


@kernel
def _fill_whose(
    street: int, streets: int, ties: TieTables, room: NDArray[np.uint32], whose: NDArray[np.uint32]
) -> None:
    """Who stands on each rank of so many streets from one on."""
    n, at = int64(ties.people), room[0, :STREET]
    for k in range(streets):
        base = (int64(street) + k) << int64(STREET_BITS)
        if base + STREET <= n:
            word = street_word(ties.sociable_key, int64(street) + k)
            for rank in range(STREET):
                at[rank] = uint32(uint32(base) | seat_of_rank(uint32(rank), word))
        else:
            for rank in range(STREET):
                j = sociable_person(int64(street) + k, int64(rank), n, ties.sociable_key)
                at[rank] = uint32(j if j != int64(NOBODY) else base)
        for group in range(GROUPS):
            for rank in range(GROUP):
                whose[group, k * GROUP + rank] = at[group * GROUP + rank]


@kernel
def _fill_circles(
    street: int,
    streets: int,
    ties: TieTables,
    layer: NDArray[np.int64],
    many: int,
    room: NDArray[np.uint32],
    whose: NDArray[np.uint32],
    by_rank: NDArray[np.uint32],
) -> bool:
    """The slots of circles, so `many` from that of the layer on, town by town: who stands at each place of the town's
    shuffled ranks. Whether the last street, where ids run out, is among them.
    """
    n, first, width = int64(ties.people), layer[1], layer[2]
    ranks, bits, _ = ranks_of(n, width, layer[5], ties.key)
    place, at, mine = room[0], room[1], room[2]
    last = n >> int64(STREET_BITS) if n & int64(STREET - 1) else int64(-1)
    done, missed = int64(0), False
    while done < int64(streets):
        base, b = chunk_of((int64(street) + done) * width, ranks, bits)
        town, there = base // width, (int64(1) << b) // width
        k1, k2 = block_keys(ties.key, layer[6], base)
        for x in range(int64(1) << b):
            place[x] = shuffle(uint32(x), b, k1, k2)
        for each in range(there):
            word = street_word(ties.sociable_key, town + each)
            for rank in range(width):
                seat = seat_of_rank(uint32(first + rank), word)
                mine[each * width + rank] = uint32(uint32(uint32(town + each) << uint32(STREET_BITS)) | seat)
        if town <= last and last < town + there:
            missed = True
            for rank in range(width):
                mine[(last - town) * width + rank] = uint32(sociable_person(last, first + rank, n, ties.sociable_key))
        for x in range(int64(1) << b):
            at[place[x]] = mine[x]
        start, end = int64(street) + done - town, min(int64(streets) - done, town + there - int64(street) - done)
        for group in range(first // GROUP, (first + width) // GROUP):
            for k in range(end):
                for rank in range(GROUP):
                    mine[k * GROUP + rank] = place[(start + k) * width + group * GROUP - first + rank]
            ids = whose[group, done * GROUP : (done + end) * GROUP]
            for slot in range(layer[0], layer[0] + many):
                contacts = by_rank[ROW_OF[group, slot], done * GROUP : (done + end) * GROUP]
                step = uint32(slot - layer[0] + 1)
                for k in range(end * GROUP):
                    j = at[uint32(mine[k] ^ step)]
                    contacts[k] = j if j != uint32(NOBODY) else ids[k]
        done += end
    return missed


@kernel
def _fill_reached(
    street: int,
    streets: int,
    ties: TieTables,
    ranked: NDArray[np.int64],
    whose: NDArray[np.uint32],
    contacts: NDArray[np.uint32],
) -> bool:
    """A slot of a group of ranks: pairs, or those who are reached; in long loops of one piece each. Whether the last
    street, where ids run out, is among theirs.
    """
    n, layer, forth = int64(ties.people), ties.layers[ranked[2]], ranked[3] != 0
    ranks, bits, turn = ranks_of(n, GROUP, layer[5], ties.key)
    start, count, done = int64(street) * GROUP, int64(streets) * GROUP, int64(0)
    there, step, key = uint32(layer[3] if forth else layer[1]), layer[4], uint32(ties.sociable_key)
    last = uint32(n >> int64(STREET_BITS))
    while done < count:
        x = start + done + turn
        x -= ranks if x >= ranks else int64(0)
        base, b = chunk_of(x, ranks, bits)
        many = min(count - done, base + (int64(1) << b) - x)
        k1, k2 = block_keys(ties.key, layer[6], base)
        first, from_start, back, round_it = uint32(x - base), uint32(base), uint32(turn), uint32(ranks)
        whom_of = contacts[done : done + many]
        for k in range(many):
            y = uint32(met(uint32(first + uint32(k)), forth, step, b, k1, k2) + from_start)
            whom_of[k] = uint32(uint32(y - back) + (round_it if y < back else uint32(0)))
        done += many
    beyond = False
    for k in range(count):
        y = contacts[k]
        other = uint32(y >> uint32(GROUP_BITS))
        seat = seat_of_rank(uint32(there + uint32(y & uint32(GROUP - 1))), street_word(key, other))
        contacts[k] = uint32(uint32(other << uint32(STREET_BITS)) | seat)
        beyond |= other == last
    if beyond:  # the last street, where ids run out
        word = street_word(ties.sociable_key, last)
        for k in range(count):
            j = contacts[k]
            if j >> uint32(STREET_BITS) == last:
                who = sociable_person(last, rank_of_seat(j & uint32(STREET - 1), word), n, ties.sociable_key)
                contacts[k] = whose[k] if who == int64(NOBODY) else uint32(who)
    return beyond


@kernel
def _add_reach(
    lo: int,
    hi: int,
    street: int,
    streets: int,
    line: NDArray[np.uint32],
    many: NDArray[np.uint8],
    all_there: bool,
    found: Ties,
    reach: NDArray[np.uint8],
) -> None:
    """Add to reach[q] the slots that go by rank: all that a rank has, unless some lead to ranks that nobody has."""
    for row in range(RANKED.shape[0]):
        group = RANKED[row, 0]
        contacts, ids, count = found.by_rank[row], found.whose[group], many[group]
        for k in range(1 if all_there else streets * GROUP):
            count[k] += uint8(all_there or contacts[k] != ids[k])
    for q in range(hi - lo):
        rank = line[q]
        at = uint32(uint32(uint32(lo + q) >> uint32(STREET_BITS)) - uint32(street))
        k = uint32(0) if all_there else uint32(uint32(at << uint32(GROUP_BITS)) + uint32(rank & uint32(GROUP - 1)))
        reach[q] += many[uint32(rank >> uint32(GROUP_BITS)), k]


@kernel
def fill_reach(lo: int, hi: int, contacts: NDArray[np.uint32], reach: NDArray[np.uint8]) -> None:
    """reach[q]: how many slots lead to somebody, for the people lo … hi - 1."""
    for q in range(hi - lo):
        reach[q] = uint8(0)
    for slot in range(contacts.shape[0]):
        mine = contacts[slot]
        for q in range(hi - lo):
            reach[q] += uint8(mine[q] != uint32(lo + q))


def fill_contacts(lo: int, hi: int, ties: TieTables, contacts: NDArray[np.uint32]) -> None:
    """contacts[slot, q]: `contact` for the people lo … hi - 1, oneself for nobody."""
    found = room_for(hi - lo)
    fill_ties(lo, hi, ties, found, np.zeros(hi - lo, np.uint8))
    spread(lo, hi, ties, found, contacts)


@kernel
def spread(lo: int, hi: int, ties: TieTables, found: Ties, contacts: NDArray[np.uint32]) -> None:
    """contacts[slot, q]: what the ties of the people lo … hi - 1 are, slot by slot; oneself for nobody."""
    n = int64(ties.people)
    for slot in range(contacts.shape[0]):
        for q in range(hi - lo):
            contacts[slot, q] = found.by_seat[slot, q] if slot < found.by_seat.shape[0] else uint32(lo + q)
    if found.by_rank.shape[0] > 0:
        street = int64(lo) >> int64(STREET_BITS)
        for q in range(hi - lo):
            rank = sociable_rank(lo + q, n, ties.sociable_key)
            k = (((int64(lo) + q) >> int64(STREET_BITS)) - street) * GROUP + rank % GROUP
            for slot in range(FIRST_LAYERED, contacts.shape[0]):
                row = ROW_OF[rank // GROUP, slot]
                if row >= 0:
                    contacts[slot, q] = found.by_rank[row, k]


@kernel
def _fill_area_keys(ties: TieTables, keys: NDArray[np.uint32]) -> None:
    for area in range(keys.shape[0]):
        keys[area, 0], keys[area, 1] = block_keys(ties.key, FIRST_WORK, uint32(area << 10))


def area_keys(areas: int, ties: TieTables) -> NDArray[np.uint32]:
    """(areas, 2) uint32: the words that order each labour area of 1,024, as the workplace ties have it."""
    keys = np.zeros((areas, 2), np.uint32)
    _fill_area_keys(ties, keys)
    return keys
