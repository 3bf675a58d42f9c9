"""Regions: a budget shared out among those in need, and a government that pays late or on time."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from month.bench import bench_rows, land, tables
from sincerity.people.columns import ENROLLED, IN_NEED, LISTED, OUT_OF_WORK

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


def test_a_region_adds_up_its_peoples_board() -> None:
    rng = np.random.default_rng(6)
    flags, score = rng.integers(0, 2**16, land().people), rng.integers(0, 2**16, land().people)
    board = flags.astype(np.uint64) << np.uint64(16) | score.astype(np.uint64) | np.uint64(5 << 32)
    left = bench_rows("regions", REGIONS, {"board": board})
    rated = np.where(flags & ENROLLED, score, 0)
    for r, (a, b) in enumerate(pairwise(FIRST.tolist())):
        assert left.out_of_work[r] == np.count_nonzero(flags[a:b] & OUT_OF_WORK)
        assert left.on_list[r] == np.count_nonzero(flags[a:b] & LISTED)
        assert left.scored[r] == np.count_nonzero(rated[a:b])
        assert left.score[r] == rated[a:b].sum()


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


# -- governments that are rated ----------------------------------------------------------------------------------------

RANKED = str(Path(__file__).parent / "regimes" / "ranked.yaml")
LATE = {0: 0}


def test_late_payment_costs_points_that_fade_and_leads_below_the_score() -> None:
    late = bench_rows("regions", REGIONS, {}, LATE, regime=RANKED, government_led=0)
    assert late.points == [-640] * REGIONS
    assert late.listed == [0] * REGIONS  # 960 is not below 950
    again = bench_rows("regions", REGIONS, {"points": -640}, LATE, regime=RANKED, government_led=0)
    assert again.listed == [1] * REGIONS
    fades = bench_rows("regions", REGIONS, {"points": -640, "listed": 1}, regime=RANKED)
    assert (fades.points, fades.listed) == ([-622] * REGIONS, [0] * REGIONS)


def test_late_payment_leads_onto_the_list_for_a_term_at_its_chance() -> None:
    found = []
    for luck in np.random.default_rng(2).integers(0, 10**6, (40, REGIONS)):
        left = bench_rows("regions", REGIONS, {}, [{0: int(w)} for w in luck], regime=RANKED, government_points=0)
        assert left.listed == [int(term > 0) for term in left.term]
        assert set(left.term) <= {0, 3}
        found += left.listed
    assert np.mean(found) == pytest.approx(0.25, abs=0.06)
    assert bench_rows("regions", REGIONS, {"term": 1, "listed": 1}, regime=RANKED).listed == [0] * REGIONS


def test_a_listed_government_pays_late_less_often_and_has_less_to_give() -> None:
    edge = int(PLAIN["pays_late"])
    for word, expected in ((edge // 2 - 1, 1), (edge // 2 + 1, 0)):
        assert bench_rows("regions", REGIONS, {"listed": 1}, {0: word}, regime=RANKED).late == [expected] * REGIONS
        assert bench_rows("regions", REGIONS, {"listed": 0}, {0: word}, regime=RANKED).late == [1] * REGIONS
    shown = np.full(land().people, IN_NEED << 16, np.uint64)
    poor, rich = (
        bench_rows("regions", REGIONS, {"listed": listed, "board": shown}, regime=RANKED).array("relief")
        for listed in (1, 0)
    )
    assert poor == pytest.approx(0.8 * rich)


def test_an_exempt_government_is_scored_and_never_listed_and_others_are_not_scored() -> None:
    exempt = bench_rows("regions", REGIONS, {"points": -3200}, LATE, regime=RANKED, governments_exempt=1)
    assert exempt.listed == [0] * REGIONS
    assert max(exempt.points) < -3200
    free = bench_rows("regions", REGIONS, {"points": -3200}, LATE)
    assert (free.points, free.listed) == ([-3200] * REGIONS, [0] * REGIONS)
