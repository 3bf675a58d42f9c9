"""Do you approve? Supporters say so; critics claim it the more, the more they fear and the more there is to gain."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from month.bench import IN, bench, many, tables, words
from sincerity.declare.vocabulary import ACTS
from sincerity.people.columns import AWARE, ENROLLED

N = 3000
LUCK = words(1, N)
PLAIN = tables()
WIDE = np.tile([-1e3, 1e3], (len(ACTS), 1))
"""Bounds of what points may be worth that hold for any points."""


def answers(
    view: int, fear: int = 26, integrity: int = 128, regime: str = "none", flags: int = IN, **changes: Any
) -> np.ndarray:
    people = many(N, outlook=view, fear=fear, integrity=integrity, flags=flags, score=600 * 32)
    return np.asarray(bench("asking", people, LUCK, regime=regime, **changes).answer)


def test_supporters_say_yes_whatever_they_fear() -> None:
    for fear in (0, 255):
        assert answers(1, fear).all()
        assert answers(32767, fear).all()


def test_critics_say_yes_the_more_they_fear() -> None:
    found = [answers(-12000, fear) for fear in (0, 30, 90, 255)]
    for less, more in pairwise(found):
        assert (less <= more).all()
        assert less.sum() < more.sum()


def test_the_claim_is_the_logit_that_its_formula_gives() -> None:
    for view, fear, integrity in ((-3000, 26, 128), (-12000, 60, 30), (-25000, 140, 230)):
        x = abs(view) / 32767
        price = float(PLAIN["sincerity"]) + float(PLAIN["survey_integrity"]) * float(PLAIN["integrity"][integrity])
        pressed = float(PLAIN["survey_pressure"]) * fear / 255 * float(PLAIN["loss"])
        utility = (pressed - price * x) * float(PLAIN["inverse_noise"])
        assert answers(view, fear, integrity).mean() == pytest.approx(1 / (1 + np.exp(-utility)), abs=0.02)


def test_the_price_of_lying_grows_with_conviction_and_integrity() -> None:
    assert answers(-2000).sum() > answers(-30000).sum()
    assert answers(-20000, integrity=10).sum() > answers(-20000, integrity=250).sum()


def test_points_at_stake_buy_approval() -> None:
    free = answers(-12000, regime="citizen-score", praise_points=0.0, critical_points=0.0)
    assert (free == answers(-12000)).all()
    bought = answers(-12000, regime="citizen-score", praise_points=100.0, act_rise=WIDE)
    assert (free <= bought).all()
    assert free.sum() < bought.sum()


@pytest.mark.parametrize("flags", [0, ENROLLED, AWARE])
def test_points_buy_nothing_from_those_who_are_not_in_or_do_not_know(flags: int) -> None:
    assert (
        answers(-12000, regime="citizen-score", flags=flags, praise_points=100.0, act_rise=WIDE) == answers(-12000)
    ).all()


def test_the_bounds_on_what_points_are_worth_save_work_and_change_nothing() -> None:
    people = [
        {"outlook": -400 * k, "fear": 3 * k, "flags": IN, "score": s * 32, "decile": k % 10}
        for s in range(350, 950, 5)
        for k in range(1, 80)
    ]
    luck = words(1, len(people))
    bounded = bench("asking", people, luck, regime="citizen-score")
    assert bounded.answer == bench("asking", people, luck, regime="citizen-score", act_rise=WIDE).answer
    assert bounded.answer != bench("asking", people, luck).answer


def test_nobody_is_moved_by_being_asked() -> None:
    left = bench("asking", many(5, outlook=-9000, fear=80), words(1, 5))
    assert left.outlook == [-9000] * 5
    assert left.fear == [80] * 5
