"""Spells: how long a state holds people, with those that outlast the run counted as such."""

from __future__ import annotations

import numpy as np
import pytest

from sincerity.census.measures import BIT
from sincerity.census.spells import BITS, FIRST_GATE, Spells, spell
from sincerity.declare.catalogue import regime


def counts(lengths: list[int], most: int = 24) -> np.ndarray:
    return np.bincount(lengths, minlength=most + 1)


def test_without_open_spells_it_is_the_median_and_the_share_of_lengths() -> None:
    found = spell(counts([2, 3, 4, 13, 14]), counts([]))
    assert (found.spells, found.ended, found.median) == (5, 5, 4)
    assert found.undone == pytest.approx(3 / 5)
    assert found.months == pytest.approx(36 / 5)


def test_a_spell_still_open_counts_as_having_lasted_so_long() -> None:
    found = spell(counts([2, 2]), counts([1, 5, 24]))
    assert found.median == 2  # not 2 of two that ended: of four at risk
    assert found.undone == pytest.approx(1 - 2 / 4)  # of the four that were seen for two months, two ended
    assert spell(counts([]), counts([24] * 3)) == (3, 0, None, 0.0, None)


def test_a_run_shorter_than_a_year_says_nothing_of_a_year() -> None:
    assert spell(counts([1, 2], 6), counts([6], 6)).undone is None


def test_runs_of_months_are_followed_by_person_and_state() -> None:
    spells = Spells(3, 6)
    false = np.uint64(1) << np.uint64(BIT["false_record"])
    on_first = [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1]]
    for lists in on_first:
        now = np.array(lists, np.uint32) | np.array([0, 1 << FIRST_GATE, 0], np.uint32)
        spells.add(0, 3, now, np.array([false, 0, 0], np.uint64))
    found = spells.found(regime("citizen-score"))
    name = next(iter(regime("citizen-score").lists))
    assert (found[f"lists.{name}"].spells, found[f"lists.{name}"].ended) == (3, 2)  # 2 months, 1 month, 4 and open
    assert (found["gates.flight"].spells, found["gates.flight"].ended) == (1, 0)
    assert (found["false_record"].spells, found["false_record"].median) == (1, None)
    assert len(found) == 3
    assert BITS <= 32
