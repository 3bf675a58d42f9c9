"""Bits of a mask: the lowest one, and its number."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sincerity.people.bits import lowest, place
from sincerity.people.kernel import kernel


@kernel
def lowest_and_place(masks: NDArray[np.int64], ones: NDArray[np.int64], places: NDArray[np.int64]) -> None:
    for k in range(masks.shape[0]):
        ones[k] = lowest(masks[k])
        places[k] = place(ones[k])


def both(masks: Any) -> tuple[list[int], list[int]]:
    given = np.array(masks, np.int64)
    ones, places = np.zeros_like(given), np.zeros_like(given)
    lowest_and_place(given, ones, places)
    return ones.tolist(), places.tolist()


def test_every_single_bit_has_its_number() -> None:
    masks = [1 << k if k < 63 else -(2**63) for k in range(64)]
    assert both(masks) == (masks, list(range(64)))


@given(mask=st.integers(1, 2**63 - 1))
def test_the_lowest_bit_is_found_below_any_others(mask: int) -> None:
    (one,), (number,) = both([mask])
    assert one == 1 << number
    assert bin(mask)[::-1].index("1") == number


def test_an_empty_mask_has_no_lowest_bit() -> None:
    assert both([0])[0] == [0]
