"""Seats: which people of a block are meant, so that a rule looks only at them."""

from __future__ import annotations

import numpy as np
from numba import int64, uint32
from numpy.typing import NDArray

from sincerity.people.kernel import kernel


@kernel
def seats_of(n: int, near: NDArray[np.uint8], seats: NDArray[np.uint32]) -> int:
    """How many of n people are meant, those with a number in `near`; their seats come first in `seats`."""
    found = 0
    for q in range(n):
        seats[found] = uint32(q)
        found += int64(near[q] != 0)
    return found
