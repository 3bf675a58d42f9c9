"""What all charts share: round figures at the axis, labels kept apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sincerity.report.charts import apart, ticks_to


@given(st.floats(1e-3, 1e6))
def test_ticks_are_few_round_and_reach_the_highest(highest: float) -> None:
    ticks = ticks_to(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 7
    step = ticks[1]
    assert ticks == pytest.approx([step * k for k in range(len(ticks))])
    assert float(f"{step:.0e}") == pytest.approx(step)  # one digit, so that no label rounds it


def test_nothing_has_an_axis_all_the_same() -> None:
    assert ticks_to(0.0) == [0.0, 1.0]


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8))
def test_labels_keep_their_order_and_distance(values: list[float]) -> None:
    placed = sorted(apart(values, 10.0))
    assert all(b - a >= 10.0 - 1e-6 for a, b in pairwise(placed))
