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
def asking(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Word 0: the answer of those who do not approve (P(claims support) by logit; Kuran 1995)."""
    for q in range(hi - lo):
        i = lo + q
        x = float32(people.outlook[i]) * float32(1.0 / 32767.0)
        answer = uint8(1)
        if x <= float32(0.0):
            gain = loss = float32(0.0)
            if tables.scored != 0 and people.flags[i] & ENROLLED and people.flags[i] & AWARE:
                points = float32(people.score[i]) * float32(1.0 / 32.0)
                decile = people.decile[q]
                gain = stake(tables.worth, decile, points, tables.praise_points, tables.lowest, tables.step)
                loss = -stake(tables.worth, decile, points, tables.critical_points, tables.lowest, tables.step)
            fear = tables.survey_pressure * float32(people.fear[i]) * float32(1.0 / 255.0)
            price = (tables.sincerity + tables.survey_integrity * tables.integrity[people.integrity[q]]) * abs(x)
            utility = fear * (tables.loss + tables.loss_weight * loss) + gain - price
            claims = logistic(tables.logistic, utility * tables.inverse_noise)
            answer = uint8(float64(luck[0, q]) * float64(2.0**-32) < float64(claims))
        people.answer[q] = answer
