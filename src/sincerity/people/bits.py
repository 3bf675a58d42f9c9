"""Bits: the lowest one of a mask, and where it stands."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64

from sincerity.people.kernel import inline

_DE_BRUIJN = 0x03F79D71B4CB0A89


def _places() -> np.ndarray[Any, np.dtype[np.int64]]:
    table = np.zeros(64, np.int64)
    for k in range(64):
        table[((_DE_BRUIJN << k) & (2**64 - 1)) >> 58] = k
    return table


_PLACES = _places()


@inline
def place(one: Any) -> Any:
    """The number of the single bit set in `one` (de Bruijn multiplication; Leiserson, Prokop and Randall 1998)."""
    return _PLACES[(uint64(one) * uint64(_DE_BRUIJN)) >> uint64(58)]


@inline
def lowest(mask: Any) -> Any:
    """The mask of the lowest bit set in an int64 mask."""
    return int64(mask) & -int64(mask)
