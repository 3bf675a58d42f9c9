"""Bits: the lowest one of a mask, where it stands, and how many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint32, uint64

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


@inline
def many_of(mask: Any) -> Any:
    """How many bits are set in a uint32 mask, by halves."""
    x = uint32(mask)
    x = uint32(x - uint32(uint32(x >> uint32(1)) & uint32(0x55555555)))
    x = uint32(uint32(x & uint32(0x33333333)) + uint32(uint32(x >> uint32(2)) & uint32(0x33333333)))
    x = uint32(uint32(x + uint32(x >> uint32(4))) & uint32(0x0F0F0F0F))
    return uint32(uint32(x * uint32(0x01010101)) >> uint32(24))
