"""Asking: each month everyone is asked, do you approve? The private answer is the view above 0.

The public answer is its own act, without silence, with the survey's pressure and a lower price of lying; nobody is
moved by it.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, uint8

from sincerity.month.worth import stake
from sincerity.people.columns import AWARE, ENROLLED
from sincerity.people.functions import logistic
from sincerity.people.kernel import kernel


@kernel
def gains(lo: int, n: int, people: Any, tables: Any, gain: Any, loss: Any) -> None:
    """What praising gains and criticising loses somebody who is scored and knows it."""
    for q in range(n):
        i = lo + q
        gain[q] = loss[q] = float32(0.0)
        if people.flags[i] & ENROLLED and people.flags[i] & AWARE and people.outlook[i] <= 0:
            points = float32(people.score[i]) * float32(1.0 / 32.0)
            decile = people.decile[q]
            gain[q] = stake(tables.worth, decile, points, tables.praise_points, tables.lowest, tables.step)
            loss[q] = -stake(tables.worth, decile, points, tables.critical_points, tables.lowest, tables.step)


@kernel
def claim(
    n: int, tables: Any, views: Any, fears: Any, integrity: Any, gain: Any, loss: Any, word: Any, out: Any
) -> None:
    """The answer; claiming support is a logit of fear and gain against the price of lying (Kuran 1995)."""
    for q in range(n):
        x = float32(views[q]) * float32(1.0 / 32767.0)
        fear = tables.survey_pressure * float32(fears[q]) * float32(1.0 / 255.0)
        price = (tables.sincerity + tables.survey_integrity * tables.integrity[integrity[q]]) * abs(x)
        utility = fear * (tables.loss + tables.loss_weight * loss[q]) + gain[q] - price
        claims = logistic(tables.logistic, utility * tables.inverse_noise)
        claimed = float64(word[q]) * float64(2.0**-32) < float64(claims)
        out[q] = uint8((x > float32(0.0)) | claimed)


@kernel
def asking(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Word 0: the answer of those who do not approve."""
    n, p = hi - lo, people
    if tables.scored != 0:
        gains(lo, n, people, tables, p.gain, p.loss)
    else:
        for q in range(n):
            p.gain[q] = p.loss[q] = float32(0.0)
    claim(n, tables, p.outlook[lo:hi], p.fear[lo:hi], p.integrity, p.gain, p.loss, luck[0], p.answer)
