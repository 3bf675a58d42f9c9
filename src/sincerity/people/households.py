"""Households, computed: superblocks of 1,024 ids cut by one pattern of adult household sizes; no memory a person.

Adults of a household are its people less its children under 18; sizes above four adults are folded into four. Ids
run household by household. The pattern is turned by a keyed number of households in each superblock, and the last
superblock is cut where ids end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint32
from numpy.typing import NDArray

from sincerity.declare.society import Population
from sincerity.people.draws import mix
from sincerity.people.kernel import inline, kernel

SUPERBLOCK = 1024
LARGEST = 4


def adult_sizes(population: Population) -> list[float]:
    """Shares of households with 1 to 4 adults, from the shares of household sizes and the children in each.

    Households of a size have its mean number of adults, up in some and down in others; at least one, at most four.
    """
    shares = [0.0] * (LARGEST + 1)
    sizes, children = population.household_sizes.values, population.children_of_household.values
    for people, (share, young) in enumerate(zip(sizes, children, strict=True), start=1):
        adults = min(max(people - float(young), 1.0), float(LARGEST))
        fewer = int(adults)
        shares[fewer - 1] += float(share) * (fewer + 1 - adults)
        shares[fewer] += float(share) * (adults - fewer)
    return [share / sum(shares) for share in shares[:LARGEST]]


def pattern(population: Population) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """(first place, size) of the household at each of the 1,024 places of a superblock."""
    shares = np.array(adult_sizes(population))
    owed = np.zeros(LARGEST)
    sizes: list[int] = []
    left = SUPERBLOCK
    while left:  # the size that lags most behind its share comes next
        owed += shares
        size = int(np.argmax(owed)) + 1
        owed[size - 1] -= 1
        sizes.append(min(size, left))
        left -= sizes[-1]
    size_of_place = np.repeat(sizes, sizes)
    first_of_place = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return first_of_place.astype(np.uint16), size_of_place.astype(np.uint8)


@inline
def household_of(i: Any, people: Any, first: Any, size: Any, key: Any) -> Any:
    """(id of the household's first member, number of members) of person i, among `people` people. O(1)."""
    base = int64(i) & ~int64(SUPERBLOCK - 1)
    turn = int64(first[mix(uint32(key) ^ uint32(base)) & uint32(SUPERBLOCK - 1)])
    place = (int64(i) - base + turn) & int64(SUPERBLOCK - 1)
    start = base + ((int64(first[place]) - turn) & int64(SUPERBLOCK - 1))
    return start, min(int64(size[place]), int64(people) - start)


@kernel
def count_sizes(people: int, first: Any, size: Any, key: int, counts: Any) -> None:
    """counts[s - 1]: households of s adults among `people` people."""
    i = int64(0)
    while i < int64(people):
        start, many = household_of(i, int64(people), first, size, uint32(key))
        counts[many - 1] += 1
        i = start + many


def household_sizes(people: int, first: NDArray[np.uint16], size: NDArray[np.uint8], key: int) -> list[int]:
    """How many households have 1 to 4 adults among `people` people."""
    counts = np.zeros(LARGEST, np.int64)
    count_sizes(people, first, size, key, counts)
    return [int(count) for count in counts]
