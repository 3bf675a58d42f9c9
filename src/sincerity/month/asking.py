"""Asking: each month everyone is asked, do you approve? The private answer is the view above 0.

The public answer is its own act, without silence, with the survey's pressure and a lower price of lying; nobody is
moved by it.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int64, uint8

from sincerity.month.gates import ACT
from sincerity.month.worth import stake
from sincerity.people.columns import AWARE, ENROLLED
from sincerity.people.functions import logistic
from sincerity.people.kernel import inline, kernel
from sincerity.people.seats import seats_of

PRAISE, CRITICAL = ACT["praise_post"], ACT["critical_post"]


@inline
def claimed(tables: Any, view: Any, fears: Any, integrity: Any, gain: Any, loss: Any, word: Any) -> Any:
    """The answer; claiming support is a logit of fear and gain against the price of lying (Kuran 1995)."""
    x = float32(view) * float32(1.0 / 32767.0)
    fear = tables.survey_pressure * float32(fears) * float32(1.0 / 255.0)
    price = (tables.sincerity + tables.survey_integrity * tables.integrity[integrity]) * abs(x)
    utility = fear * (tables.loss + tables.loss_weight * loss) + gain - price
    claims = logistic(tables.logistic, utility * tables.inverse_noise)
    return (x > float32(0.0)) | (float64(word) * float64(2.0**-32) < float64(claims))


@kernel
def claim(
    n: int, tables: Any, views: Any, fears: Any, integrity: Any, gain: Any, loss: Any, word: Any, out: Any
) -> None:
    """out[q]: what people answer if praising gains and criticising loses all of them so much."""
    for q in range(n):
        out[q] = uint8(claimed(tables, views[q], fears[q], integrity[q], gain, loss, word[q]))


@kernel
def weigh(lo: int, found: int, people: Any, tables: Any, word: Any) -> None:
    """The answers of those found in `candidates`: who is scored and knows it weighs what praise gains, critics lose."""
    p = people
    for k in range(found):
        q = int64(p.candidates[k])
        i = lo + q
        gain = loss = float32(0.0)
        if p.flags[i] & ENROLLED and p.flags[i] & AWARE:
            points, decile = float32(p.score[i]) * float32(1.0 / 32.0), p.decile[q]
            gain = stake(tables.worth, decile, points, tables.praise_points, tables.lowest, tables.step)
            loss = -stake(tables.worth, decile, points, tables.critical_points, tables.lowest, tables.step)
        p.answer[q] = uint8(claimed(tables, p.outlook[i], p.fear[i], p.integrity[q], gain, loss, word[q]))


@kernel
def asking(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Word 0: the answer of those who do not approve. Points are weighed only for those whose answer hangs on them."""
    n, p, word, none = hi - lo, people, luck[0], float32(0.0)
    views, fears = p.outlook[lo:hi], p.fear[lo:hi]
    if tables.scored == 0:
        claim(n, tables, views, fears, p.integrity, none, none, word, p.answer)
        return
    rise, fall = tables.act_rise[PRAISE], tables.act_rise[CRITICAL]
    claim(n, tables, views, fears, p.integrity, rise[0], -fall[1], word, p.answer)
    claim(n, tables, views, fears, p.integrity, rise[1], -fall[0], word, p.near)
    for q in range(n):
        p.near[q] ^= p.answer[q]
    weigh(lo, seats_of(n, p.near, p.candidates), people, tables, word)
