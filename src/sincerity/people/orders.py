"""Orders: how the people of a street stand in line, by sociability and by age. Computed; each has its inverse.

A street is 64 ids. Its people's ranks by sociability are a keyed permutation, so that each street has exactly as many
sociable people as any other, and a rank says at once who it is. In the last street, where ids run out, its people
stand on some of the 64 ranks, evenly spread, and nobody on the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint32
from numpy.typing import NDArray

from sincerity.people.draws import key_of, mix
from sincerity.people.kernel import inline, kernel
from sincerity.people.population import STREET

STREET_BITS = 6
NOBODY = 0xFFFFFFFF
_LAST = STREET - 1


def sociable_key(seed: int) -> int:
    """The word that orders streets by sociability."""
    low, name = key_of(seed, "sociability")
    return (name ^ (low * 0x9E3779B1)) & 0xFFFFFFFF


@inline
def street_word(key: Any, street: Any) -> Any:
    """The word by which one street is ordered."""
    return mix(uint32(key) ^ uint32(uint32(street) * uint32(0x27D4EB2D)))


@inline
def _odd(word: Any, shift: Any) -> Any:
    return uint32(uint32(uint32(word) >> uint32(shift)) | uint32(1))


@inline
def _undone(odd: Any) -> Any:
    """The inverse of an odd number modulo 64: one step of Newton's, from three bits to six."""
    return uint32(uint32(odd) * uint32(uint32(2) - uint32(uint32(odd) * uint32(odd))))


@inline
def _add(word: Any, shift: Any) -> Any:
    return uint32(uint32(word) >> uint32(shift))


@inline
def _folded(x: Any) -> Any:
    """A number of six bits with its upper half put upon the lower; it undoes itself."""
    y = uint32(uint32(x) & uint32(_LAST))
    return uint32(y ^ uint32(y >> uint32(3)))


@inline
def rank_of_seat(seat: Any, word: Any) -> Any:
    """The rank (0 to 63) of a seat of a whole street; `seat_of_rank` undoes it."""
    x = _folded(uint32(uint32(uint32(seat) * _odd(word, 0)) + _add(word, 6)))
    x = _folded(uint32(uint32(x * _odd(word, 12)) + _add(word, 18)))
    return uint32(uint32(uint32(x * _odd(word, 22)) + _add(word, 26)) & uint32(_LAST))


@inline
def seat_of_rank(rank: Any, word: Any) -> Any:
    """The seat (0 to 63) of a rank in a whole street."""
    x = _folded(uint32(uint32(uint32(rank) - _add(word, 26)) * _undone(_odd(word, 22))))
    x = _folded(uint32(uint32(x - _add(word, 18)) * _undone(_odd(word, 12))))
    return uint32(uint32(uint32(x - _add(word, 6)) * _undone(_odd(word, 0))) & uint32(_LAST))


@inline
def sociable_rank(i: Any, people: Any, key: Any) -> Any:
    """Person i's rank (0, the most sociable, to 63) in the street."""
    street = int64(i) >> int64(STREET_BITS)
    word = street_word(key, street)
    many = min(int64(people) - (street << int64(STREET_BITS)), int64(STREET))
    x = rank_of_seat(int64(i) & int64(_LAST), word)
    if many < int64(STREET):  # the last street; the others are spared a division
        while int64(x) >= many:
            x = rank_of_seat(x, word)
        return (int64(x) << int64(STREET_BITS)) // many
    return int64(x)


@kernel
def fill_ranks(lo: int, hi: int, people: int, key: int, ranks: NDArray[np.uint32]) -> None:
    """ranks[i - lo]: `sociable_rank` of the people lo … hi - 1, street by street."""
    i = int64(lo)
    while i < int64(hi):
        base = i & ~int64(_LAST)
        many = min(int64(hi), base + STREET) - i
        mine = ranks[i - int64(lo) : i - int64(lo) + many]
        if base + STREET <= int64(people):
            word, first = street_word(key, base >> int64(STREET_BITS)), uint32(i - base)
            for k in range(many):
                mine[k] = rank_of_seat(uint32(first + uint32(k)), word)
        else:
            for k in range(many):
                mine[k] = uint32(sociable_rank(i + k, int64(people), key))
        i += many


@inline
def sociable_person(street: Any, rank: Any, people: Any, key: Any) -> Any:
    """Who has a rank (0 to 63) in a street; NOBODY where the street's people run out."""
    first = int64(street) << int64(STREET_BITS)
    many = min(int64(people) - first, int64(STREET))
    place = (int64(rank) * many + int64(_LAST)) >> int64(STREET_BITS)
    if place >= many or (place << int64(STREET_BITS)) // many != int64(rank):
        return int64(NOBODY)
    word = street_word(key, street)
    x = seat_of_rank(place, word)
    while int64(x) >= many:
        x = seat_of_rank(x, word)
    return first + int64(x)


@inline
def by_age(first: Any, many: Any, packed: Any, shift: Any, seats: NDArray[np.uint32]) -> None:
    """seats[k]: the seat of the k-th youngest of the `many` people from id `first` on; of an age, the first id.

    packed[i] >> shift & 127 is the age of person i, less what all have in common. Sorted by insertion: streets are
    short.
    """
    for seat in range(many):
        mine = (((uint32(packed[first + seat]) >> uint32(shift)) & uint32(127)) << uint32(STREET_BITS)) | uint32(seat)
        k = seat
        while k > 0 and seats[k - 1] > mine:
            seats[k] = seats[k - 1]
            k -= 1
        seats[k] = mine
    for k in range(many):
        seats[k] &= uint32(_LAST)
