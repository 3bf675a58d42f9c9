"""Groupings: each person's two composite cells, and sums over them, against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sincerity.census.groups import AGE_BANDS, COLUMNS, FIRST_CELLS, Groupings, fill_groups
from sincerity.engine.frames import frame

REGIONS = tuple(f"region {k}" for k in range(31))
MANY = 4_000


def drawn() -> dict[str, NDArray[Any]]:
    """Traits of made-up people, every value and edge among them."""
    luck = np.random.default_rng(5)
    high = {"age": 104, "decile": 10, "region": 31, "education": 4, "sex": 2, "urban": 2, "minority": 2}
    made = {c: luck.integers(18 if c == "age" else 0, high[c], MANY).astype(np.uint8) for c in high}
    made["opinion"] = luck.integers(-2, 2, MANY).astype(np.int16)
    made["age"][:10] = (18, 29, 30, 44, 45, 59, 60, 74, 75, 103)
    return made


def group_of(by: str, people: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """The group of each person in a grouping, by NumPy alone."""
    if by == "age":
        return np.searchsorted([30, 45, 60, 75], people["age"].astype(np.int64), side="right")
    if by == "opinion":
        return (people["opinion"] >= 0).astype(np.int64)
    return people[by].astype(np.int64)


def cells_of(people: dict[str, NDArray[Any]]) -> NDArray[np.uint16]:
    groups = np.full((2, MANY), 65535, np.uint16)
    orders, ends = np.zeros((2, MANY), np.uint32), np.full((2, Groupings(REGIONS).cells), 7)
    fill_groups(MANY, frame("People", COLUMNS)(*(people[c] for c in COLUMNS)), groups, orders, ends)
    for cells, order, end in zip(groups, orders, ends, strict=True):
        assert np.array_equal(order, np.argsort(cells, kind="stable"))
        assert np.array_equal(end, np.cumsum(np.bincount(cells, minlength=len(end))))
    return groups


def test_cells_lie_in_their_composites() -> None:
    groupings, groups = Groupings(REGIONS), cells_of(drawn())
    assert groups[0].max() < FIRST_CELLS <= groups[1].min()
    assert groups[1].max() < groupings.cells == 200 + 31 * 16
    assert len(np.unique(groups[0])) == FIRST_CELLS


@pytest.mark.parametrize("by", [grouping.by for grouping in Groupings(REGIONS)])
def test_people_of_each_group_are_numpys(by: str) -> None:
    groupings, people = Groupings(REGIONS), drawn()
    grouping = next(g for g in groupings if g.by == by)
    weight = np.arange(MANY) % 7
    cells = np.stack(
        [sum(np.bincount(row, w, groupings.cells) for row in cells_of(people)) for w in (np.ones(MANY), weight)]
    ).astype(np.int64)
    found = groupings.by_group(grouping, cells)
    assert found.shape == (2, len(grouping.groups))
    number = group_of(by, people)
    assert found[0].tolist() == np.bincount(number, minlength=len(grouping.groups)).tolist()
    assert found[1].tolist() == np.bincount(number, weight, len(grouping.groups)).tolist()


def test_leading_axes_are_kept_and_every_grouping_covers_everybody() -> None:
    groupings = Groupings(REGIONS)
    totals = np.random.default_rng(6).integers(0, 9, (3, 2, 5, groupings.cells))
    for grouping in groupings:
        part = totals[..., :FIRST_CELLS] if grouping.composite == 0 else totals[..., FIRST_CELLS:]
        found = groupings.by_group(grouping, totals)
        assert found.shape == (3, 2, 5, len(grouping.groups))
        assert np.array_equal(found.sum(axis=-1), part.sum(axis=-1))


def test_age_bands_are_named_by_their_edges() -> None:
    people = drawn()
    names = np.array(AGE_BANDS)[group_of("age", people)[:10]]
    assert [str(n) for n in names] == [band for band in AGE_BANDS for _ in range(2)]
    assert (cells_of(people)[0] % 5).tolist() == group_of("age", people).tolist()


def test_sizes_follow_the_regions() -> None:
    assert Groupings(("a", "b")).cells == FIRST_CELLS + 32
    assert [g.by for g in Groupings(("a",))] == [
        "decile", "education", "age", "region", "sex", "urban", "minority", "opinion"
    ]  # fmt: skip
