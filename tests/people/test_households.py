"""Households: a partition of the ids into contiguous households of the derived sizes, found in O(1)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sincerity.declare.catalogue import society, society_names
from sincerity.people import households, traits
from sincerity.people.kernel import kernel


@kernel
def fill(lo: int, hi: int, people: int, first: Any, size: Any, key: int, starts: Any, many: Any) -> None:
    for q in range(hi - lo):
        starts[q], many[q] = households.household_of(lo + q, people, first, size, key)


def all_of(people: int, seed: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first, size, key = traits.household_tables(traits.build(society("china-2020"), 1_000, seed))
    starts, many = np.zeros(people, np.int64), np.zeros(people, np.int64)
    fill(0, people, people, first, size, key, starts, many)
    return starts, many


@settings(max_examples=30, deadline=None)
@given(people=st.integers(1, 9_000), seed=st.integers(0, 10_000))
def test_everybody_lives_in_exactly_one_household_of_neighbouring_ids(people: int, seed: int) -> None:
    starts, many = all_of(people, seed)
    ids = np.arange(people)
    assert ((starts <= ids) & (ids < starts + many)).all()
    heads = np.unique(starts)
    assert heads[0] == 0
    assert (np.append(heads[1:], people) == heads + many[heads]).all()
    assert ((many >= 1) & (many <= households.LARGEST)).all()
    assert (many == many[starts]).all()


def test_sizes_are_as_derived() -> None:
    """Of a thousand superblocks, the shares of household sizes within half a percent."""
    starts, many = all_of(1024 * 1000)
    heads = np.unique(starts)
    shares = np.bincount(many[heads], minlength=5)[1:] / len(heads)
    derived = households.adult_sizes(society("china-2020").population)
    assert shares == pytest.approx(derived, abs=0.005)


def test_derived_sizes_keep_the_share_of_adults() -> None:
    """Published: 2.62 people a household, 78.9 % of them adults; folding five and more into four loses a little."""
    derived = households.adult_sizes(society("china-2020").population)
    assert sum(derived) == pytest.approx(1)
    assert sum(k * share for k, share in enumerate(derived, start=1)) == pytest.approx(2.62 * 0.789, rel=0.03)


def test_superblocks_are_turned_apart() -> None:
    _, many = all_of(1024 * 64)
    assert len({row.tobytes() for row in many.reshape(64, 1024)}) > 50
    _, other = all_of(1024 * 64, seed=2)
    assert (many != other).mean() > 0.3


@lru_cache
def lived(name: str) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64], NDArray[np.int64]]:
    """Traits by name, and the first member and size of everybody's household, of 100,003 people."""
    people = 100_003
    built = traits.build(society(name), people, 1)
    packed = np.zeros(people, np.uint32)
    traits.fill_packed(0, people, built.kernel, packed)
    columns = {c.name: np.zeros(people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, people, packed, built.kernel, *columns.values())
    starts, many = np.zeros(people, np.int64), np.zeros(people, np.int64)
    fill(0, people, people, *traits.household_tables(built), starts, many)
    return columns, starts, many


def homes(name: str, size: int) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    """The traits, and the first ids of the households of a size."""
    columns, starts, many = lived(name)
    heads = np.unique(starts)
    return columns, heads[many[heads] == size]


@pytest.mark.parametrize("name", society_names())
def test_partners_are_of_like_age_and_mostly_a_woman_and_a_man(name: str) -> None:
    """With independent ages half of them would be about 20 years apart. One pair in eight is parent and child."""
    c, two = homes(name, 2)
    age = c["age"].astype(int)
    apart = np.abs(age[two] - age[two + 1])
    assert np.median(apart) <= 5
    assert np.corrcoef(age[two], age[two + 1])[0, 1] > 0.7
    assert (c["sex"][two] != c["sex"][two + 1]).mean() > 0.75
    assert (c["minority"][two] == c["minority"][two + 1]).mean() > 0.8


@pytest.mark.parametrize("name", society_names())
def test_grown_children_are_a_generation_younger(name: str) -> None:
    c, three = homes(name, 3)
    age = c["age"].astype(int)
    apart = np.abs(age[three] - age[three + 1])
    gap = np.minimum(age[three], age[three + 1]) - age[three + 2]
    assert np.median(apart) <= 5
    assert 22 <= np.median(gap) <= 32
    assert (gap >= 14).mean() > 0.9


def test_who_lives_alone_is_of_every_age() -> None:
    c, one = homes("usa-2020", 1)
    young, middle, old = (
        np.mean((c["age"][one] >= a) & (c["age"][one] < b)) for a, b in ((18, 30), (30, 60), (60, 104))
    )
    assert min(young, middle, old) > 0.15
