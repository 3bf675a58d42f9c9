"""Following: what each follower keeps of a world it is shown, and that being followed changes no bit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sincerity.declare.scenario import scenario
from sincerity.engine.cpu import simulate
from sincerity.month.obligations import EXIT_GARNISHED, EXIT_PAID, EXIT_SETTLED
from sincerity.people.columns import ENROLLED, LOAN_PAID, NO_LOAN, NOT_SUED, SUED, TWO_LATE
from sincerity.study.following import SCHEDULE, Alike, Borrowers, Complied, Moved, correlation, followed


def world(**columns: Any) -> Any:
    return SimpleNamespace(columns={name: np.array(values) for name, values in columns.items()})


def test_complied_are_those_whose_debt_ended_while_they_stood_on_the_list() -> None:
    follower = Complied()
    follower.see(world(lists=[1, 1, 1, 0], ended=[0, 0, 0, EXIT_PAID]), "2014-01")  # the last was never listed
    follower.see(world(lists=[0, 0, 1, 0], ended=[EXIT_PAID, EXIT_SETTLED, 0, 0]), "2014-02")
    follower.see(world(lists=[0, 0, 0, 1], ended=[0, 0, EXIT_GARNISHED, 0]), "2014-03")
    assert follower.found() == pytest.approx({"2014-01": 0, "2014-02": 100 / 3, "2014-03": 50})


def test_loans_of_the_window_are_followed_for_their_months_by_score_at_origination() -> None:
    follower = Borrowers("2007-01", "2007-02", (600, 700), months=2)
    in_it, score = [ENROLLED] * 5, np.array([599, 600, 700, 650, 800]) * 32
    months: list[tuple[str, list[int]]] = [
        ("2006-12", [NO_LOAN, NO_LOAN, NO_LOAN, LOAN_PAID, NO_LOAN]),  # the fourth has an old loan
        ("2007-01", [LOAN_PAID, NO_LOAN, LOAN_PAID, LOAN_PAID, NO_LOAN]),
        ("2007-02", [TWO_LATE, LOAN_PAID, NO_LOAN, SUED, NO_LOAN]),
        ("2007-03", [SUED, TWO_LATE, NO_LOAN, SUED, LOAN_PAID]),  # too late for the window
        ("2007-04", [NO_LOAN, NOT_SUED, NO_LOAN, SUED, NOT_SUED]),
        ("2007-05", [NO_LOAN, NOT_SUED, SUED, SUED, NOT_SUED]),  # after its two months
    ]
    for date, loan in months:
        follower.see(world(loan=loan, flags=in_it, score=score), date)
    found = follower.found()
    assert [found[f"loans {band}"] for band in range(3)] == [1, 1, 1]
    assert [found[f"band {band}"] for band in range(3)] == [100, 100, 0]
    assert found["all"] == pytest.approx(200 / 3)
    assert np.isnan(Borrowers("2007-01", "2007-02", (600,)).found()["band 0"])


def test_moved_and_kept_are_of_those_scored_both_times() -> None:
    follower = Moved("2007-08", by=20, high=800)
    then, now = np.array([800, 830, 700, 640]) * 32, np.array([821, 790, 720, 640]) * 32
    follower.see(world(score=then, flags=[ENROLLED, ENROLLED, ENROLLED, 0]), "2007-05")
    follower.see(world(score=then * 0, flags=[0] * 4), "2007-06")  # a month nobody asks for
    follower.see(world(score=now, flags=[ENROLLED] * 4), "2007-08")
    found = follower.found()
    assert found["moved 3"] == pytest.approx(200 / 3)
    assert found["kept 3"] == 50
    assert "moved 1" not in found


def test_alike_is_the_correlation_of_records_over_ties() -> None:
    shown = world(credit=[0, 1, 10, 12, 50], conduct=[0, 0, 0, 0, 0], flags=[ENROLLED] * 4 + [0])
    shown.living_ties = lambda: (np.array([[0, 1], [2, 3], [3, 4]]), np.zeros(3, int))
    follower = Alike(["2022-05"])
    follower.see(shown, "2022-04")
    assert follower.found() == {}
    follower.see(shown, "2022-05")
    pairs = np.array([[0, 1], [1, 0], [10, 12], [12, 10]], float)
    assert follower.found()["2022-05"] == pytest.approx(np.corrcoef(pairs.T)[0, 1])
    assert np.isnan(correlation(np.zeros((3, 2))))
    assert np.isnan(correlation(np.zeros((0, 2))))


def test_being_followed_changes_no_bit() -> None:
    asked = scenario(["none", "citizen-score"], people="1k", years=1, seeds=1)
    plain = simulate(asked, 1, threads=1).rows.table()
    assert simulate(asked, 1, threads=1, schedule=SCHEDULE).rows.table().equals(plain)


def test_every_world_of_every_seed_has_its_own_follower() -> None:
    lists = "defaulter-lists-2018"
    asked = scenario(lists, people="2k", start="2016-06", years=2, seeds=2)
    shares = followed(asked, Complied, threads=1)[lists]
    assert len(shares) == 2
    assert all(len(found) == 24 for found in shares)
    assert all(0 <= share <= 100 or np.isnan(share) for found in shares for share in found.values())
    assert max(found["2018-05"] for found in shares) > 0
