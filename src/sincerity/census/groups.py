"""The groupings by which the census counts, from traits alone.

A person stands in two composite cells, income decile x education x age band and region x sex x urban x minority x first
opinion; every grouping is a sum over one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint16, uint32
from numpy.typing import NDArray

from sincerity.people.kernel import kernel

AGE_BANDS = ("18-29", "30-44", "45-59", "60-74", "75 and over")
EDUCATION = ("primary or less", "junior secondary", "senior secondary", "college")
FIRST_CELLS = 10 * 4 * 5
COLUMNS = ("age", "decile", "region", "education", "sex", "urban", "minority", "opinion")
OPINIONS = ("against", "for")
"""The first opinion of the order, fixed by (seed, person): below 0, or 0 and above."""


class Grouping(NamedTuple):
    """One grouping: its name in the census column `by`, its groups, and the axis of the composite that keeps it."""

    by: str
    groups: tuple[str, ...]
    composite: int
    axis: int


class Groupings:
    """All groupings of a society with these regions."""

    def __init__(self, regions: Sequence[str]) -> None:
        self.shapes = ((10, 4, 5), (len(regions), 2, 2, 2, 2))
        self.cells = FIRST_CELLS + 16 * len(regions)
        self.each = (
            Grouping("decile", tuple(str(d) for d in range(1, 11)), 0, 0),
            Grouping("education", EDUCATION, 0, 1),
            Grouping("age", AGE_BANDS, 0, 2),
            Grouping("region", tuple(regions), 1, 0),
            Grouping("sex", ("women", "men"), 1, 1),
            Grouping("urban", ("rural", "urban"), 1, 2),
            Grouping("minority", ("majority", "minority"), 1, 3),
            Grouping("opinion", OPINIONS, 1, 4),
        )

    def __iter__(self) -> Iterator[Grouping]:
        return iter(self.each)

    def by_group(self, grouping: Grouping, totals: NDArray[np.int64]) -> NDArray[np.int64]:
        """(…, cells) -> (…, groups): totals of the composite cells summed to one grouping."""
        part = totals[..., :FIRST_CELLS] if grouping.composite == 0 else totals[..., FIRST_CELLS:]
        shape = self.shapes[grouping.composite]
        lead = totals.ndim - 1
        others = tuple(lead + k for k in range(len(shape)) if k != grouping.axis)
        return part.reshape(*totals.shape[:-1], *shape).sum(axis=others)  # type: ignore[no-any-return]


@kernel
def fill_groups(
    n: int, people: Any, groups: NDArray[np.uint16], orders: NDArray[np.uint32], ends: NDArray[np.int64]
) -> None:
    """groups[composite, q]: the cell of person q; orders[composite]: the n seats, cell by cell; ends[composite, cell]:
    where a cell ends in it.
    """
    p, first, second = people, groups[0], groups[1]
    for q in range(n):
        age = p.age[q]
        band = uint16(age >= 30) + uint16(age >= 45) + uint16(age >= 60) + uint16(age >= 75)
        first[q] = uint16((uint16(p.decile[q]) * 4 + p.education[q]) * 5 + band)
    for q in range(n):
        place = ((uint16(p.region[q]) * 2 + p.sex[q]) * 2 + p.urban[q]) * 2 + p.minority[q]
        second[q] = uint16(FIRST_CELLS + place * 2 + uint16(p.opinion[q] >= 0))
    for composite in range(2):
        cells, order, end = groups[composite], orders[composite], ends[composite]
        for cell in range(end.size):
            end[cell] = 0
        for q in range(n):
            end[cells[q]] += 1
        before = int64(0)
        for cell in range(end.size):
            many = end[cell]
            end[cell] = before
            before += many
        for q in range(n):
            order[end[cells[q]]] = uint32(q)
            end[cells[q]] += 1
