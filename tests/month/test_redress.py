"""A false record: noticed, appealed, decided by a queue, given back."""

import numpy as np
import pytest

from month.bench import bench, many, tables, words
from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT
from sincerity.people.columns import MISTAKEN

PRESS = "citizen-score"
FOUND = tables(PRESS)
LAG = int(FOUND["appeal_lag"])
RIPE = {"false_points": 20, "false_months": APPEALED | LAG, "credit": -500, "conduct": -500}
SURE = {1: 0, 2: 0}


def test_records_are_noticed_by_education() -> None:
    edges = [int(v) for v in FOUND["noticed"]]
    people = [{"education": e, "false_points": 9, "false_months": 1} for e in (0, 1, 2, 3)]
    assert bench("redress", people, [{0: e - 1} for e in edges], regime=PRESS).false_months == [APPEALED | 1] * 4
    assert bench("redress", people, [{0: e} for e in edges], regime=PRESS).false_months == [1] * 4
    assert edges == sorted(edges)


def test_notice_tells_once_when_the_record_is_written_or_shuts_a_gate() -> None:
    late = {0: 2**32 - 1}  # nobody notices alone

    def lodged(**person: int) -> bool:
        left = bench("redress", [person], late, regime=PRESS, settings=("safeguards.notice=1",))
        return bool(left.false_months[0] & APPEALED)

    assert lodged(false_points=9, false_months=1)
    assert lodged(false_points=9, false_months=CONDUCT_ACCOUNT | 1)
    assert not lodged(false_points=9, false_months=2)
    assert lodged(false_points=9, false_months=2, refused_false=1)
    assert lodged(flags=MISTAKEN, entered=1)
    assert not lodged(flags=MISTAKEN)


def test_notice_tells_its_share() -> None:
    n, share = 4000, 0.3
    people, luck = many(n, false_points=9, false_months=1), words(3, n)
    told = bench("redress", people, luck, regime=PRESS, settings=(f"safeguards.notice={share}",), noticed=0)
    lodged = (told.array("false_months") & APPEALED) > 0
    assert lodged.mean() == pytest.approx(share, abs=4 * (share * (1 - share) / n) ** 0.5)


def test_without_an_appeal_nothing_is_lodged() -> None:
    assert bench("redress", many(1, false_points=9), {0: 0}, regime=PRESS, appeal=0).false_months == [0]


def test_a_right_decision_gives_back_what_is_left_of_the_points() -> None:
    people = [RIPE, {**RIPE, "false_months": RIPE["false_months"] | CONDUCT_ACCOUNT}]
    left = bench("redress", people, SURE, regime=PRESS)
    assert left.credit == [-500 + 16 * 20, -500]
    assert left.conduct == [-500, -500 + 16 * 20]
    assert left.false_points == [0, 0]
    assert left.corrected == [1, 1]
    assert [m & APPEALED for m in left.false_months] == [0, 0]


def test_a_wrong_decision_gives_nothing_back() -> None:
    edge = int(FOUND["appeal_accuracy"])
    left = bench("redress", [RIPE] * 2, [{1: 0, 2: edge - 1}, {1: 0, 2: edge}], regime=PRESS)
    assert left.corrected == [1, 0]
    assert left.false_points == [0, 20]
    assert left.credit[1] == -500
    assert left.false_months[1] & APPEALED == 0


def test_nothing_is_decided_before_the_lag() -> None:
    left = bench("redress", [{**RIPE, "false_months": APPEALED | (LAG - 1)}, RIPE], SURE, regime=PRESS)
    assert left.corrected == [0, 1]


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_queue_decides_the_share_that_its_capacity_allows(share: float) -> None:
    n = 4000
    luck = words(3, n)
    luck[2] = 0
    left = bench("redress", [RIPE] * n, luck, regime=PRESS, gazette=[0, 0, 0, share, 0])
    assert left.array("corrected").mean() == pytest.approx(share, abs=0.02)


def test_a_mistaken_identity_is_put_right_without_points() -> None:
    left = bench("redress", [{"flags": MISTAKEN, "false_months": APPEALED}], SURE, regime=PRESS)
    assert (left.flags, left.corrected, left.credit, left.conduct) == ([0], [1], [0], [0])


def test_who_carries_no_false_record_has_nothing_to_appeal() -> None:
    left = bench("redress", many(20, credit=-300), words(3, 20), regime=PRESS)
    assert not any(left.corrected)
    assert not any(left.false_months)
    assert set(left.credit) == {-300}


def test_giving_back_stays_in_the_accounts_range() -> None:
    left = bench("redress", [{**RIPE, "credit": 32760}], SURE, regime=PRESS)
    assert left.credit == [np.iinfo(np.int16).max]
