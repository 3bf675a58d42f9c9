"""Regions: a budget shared out among those in need, and a government that pays late or on time."""

from itertools import pairwise

import numpy as np
import pytest

from month.bench import bench_rows, land, tables
from sincerity.people.columns import IN_NEED, OUT_OF_WORK

PLAIN = tables()
FIRST = PLAIN["region_first"]
REGIONS = len(FIRST) - 1
SIZES = np.diff(FIRST)
BUDGET = float(PLAIN["relief"]) * SIZES


def test_those_in_need_are_counted_where_they_live() -> None:
    rng = np.random.default_rng(5)
    flags = rng.integers(0, 2**16, land().people)
    left = bench_rows("regions", REGIONS, {"board": flags.astype(np.uint64) << np.uint64(16)})
    assert left.needy == [int(((flags[a:b] & IN_NEED) > 0).sum()) for a, b in pairwise(FIRST.tolist())]


@pytest.mark.parametrize("needy", [0, 1, 5])
def test_relief_is_the_budget_a_head_in_need_and_at_most_one_month(needy: int) -> None:
    shown = np.zeros(land().people, np.uint64)
    for a, b in pairwise(FIRST.tolist()):
        shown[a : min(a + needy, b)] = (IN_NEED | OUT_OF_WORK) << 16
    left = bench_rows("regions", REGIONS, {"board": shown})
    counted = np.minimum(needy, SIZES)
    assert left.relief == pytest.approx(np.minimum(BUDGET / np.maximum(counted, 1), 1.0).tolist())
    rich = bench_rows("regions", REGIONS, {"board": shown}, relief=50.0)
    assert rich.relief == [1.0] * REGIONS


def test_a_government_pays_late_below_the_threshold() -> None:
    edge = int(PLAIN["pays_late"])
    left = bench_rows("regions", REGIONS, {}, [{0: edge - r % 2} for r in range(REGIONS)])
    assert left.late == [r % 2 for r in range(REGIONS)]
