"""The groupings by which the census counts, from traits alone.

A person stands in two composite cells, income decile x education x age band and region x sex x urban x minority x first
opinion; every grouping is a sum over one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import uint16
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
def fill_groups(n: int, people: Any, groups: NDArray[np.uint16]) -> None:
    """groups[composite, q]: the cell of person q in each composite."""
    for q in range(n):
        age = people.age[q]
        band = int(age >= 30) + int(age >= 45) + int(age >= 60) + int(age >= 75)
        groups[0, q] = uint16((int(people.decile[q]) * 4 + people.education[q]) * 5 + band)
        second = ((int(people.region[q]) * 2 + people.sex[q]) * 2 + people.urban[q]) * 2 + people.minority[q]
        groups[1, q] = uint16(FIRST_CELLS + second * 2 + int(people.opinion[q] >= 0))
