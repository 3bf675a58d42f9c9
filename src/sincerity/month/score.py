"""Score: accounts decay, take up points, and give the score.

Accounts are rounded once a month, after decay and events, by luck, so that no penalty is made permanent by
arithmetic. The score is a weighted sum of factors, each 0 to 100; friends enter the published score and never an
account, where the gain would be kappa / (1 - retention). Beside it stand the scores without the false record, without
ties, and without both.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int16, int64, uint8, uint16, uint32

from sincerity.month.obligations import PAY_LATE
from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT, MONTHS_OPEN
from sincerity.people.bits import lowest, place
from sincerity.people.columns import ENROLLED, LOAN_PAID, MISTAKEN, PARTNER
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel


@inline
def clipped(value: Any, low: Any, high: Any) -> Any:
    """value inside low … high."""
    return min(max(value, low), high)


@inline
def base_score(tables: Any, fixed: Any, credit: Any, conduct: Any) -> Any:
    """The score from factors, in points, before ties: accounts in points, `fixed` the factors that are not accounts."""
    history = clipped(float32(50.0) + credit * tables.credit_scale, float32(0.0), float32(100.0))
    behaviour = clipped(float32(50.0) + conduct * tables.conduct_scale, float32(0.0), float32(100.0))
    return tables.origin + fixed + tables.credit_weight * history + tables.conduct_weight * behaviour


@kernel
def score(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 rounding of the two accounts, 1 rounding of the false record, 2 rounding of the scores."""
    if tables.scored == 0:
        for q in range(hi - lo):
            people.score[lo + q] = uint16(0)
            people.score_own[q] = people.score_true[q] = people.score_alone[q] = uint16(0)
        return
    sixteenth = float32(1.0 / 16.0)
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        acts = int64(people.acts[q])
        money = float32(0.0)
        order = float32(0.0)
        if people.loan[i] == LOAN_PAID and (acts & PAY_LATE) == 0:
            money += tables.paid_points
        left = int64(people.seen[q])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            act = place(bit)
            money += tables.points_credit[act]
            order += tables.points_conduct[act]
        new = float32(people.false_new[q])
        on_conduct = (int64(people.false_months[i]) & CONDUCT_ACCOUNT) != 0
        if on_conduct:
            order -= new
        else:
            money -= new
        credit = float32(people.credit[i]) * tables.credit_retained + money * float32(16.0)
        conduct = float32(people.conduct[i]) * tables.conduct_retained + order * float32(16.0)
        people.credit[i] = int16(clipped(rounded(credit, luck[0, q]), -32767, 32767))
        people.conduct[i] = int16(clipped(rounded(conduct, luck[0, q] >> uint32(16)), -32767, 32767))
        retained = tables.conduct_retained if on_conduct else tables.credit_retained
        false = float32(people.false_points[i]) * retained + new
        false_points = int64(clipped(rounded(false, luck[1, q]), 0, 255))
        if new > float32(0.0):
            false_points = int64(new)
        people.false_points[i] = uint8(false_points)
        months = int64(people.false_months[i])
        if false_points > 0:
            people.false_months[i] = uint8((months & ~MONTHS_OPEN) | min((months & MONTHS_OPEN) + 1, MONTHS_OPEN))
        else:  # a mistaken identity may still be under appeal
            people.false_months[i] = uint8(months & APPEALED if flags & MISTAKEN else 0)

        if (flags & ENROLLED) == 0:
            people.score[i] = uint16(0)
            people.score_own[q] = people.score_true[q] = people.score_alone[q] = uint16(0)
            continue
        saved = min(float32(people.buffer[i]) * tables.savings_full, float32(1.0))
        capacity = tables.by_savings * saved + tables.by_income * float32(people.decile[q])
        identity = tables.by_age * float32(people.age[q] >= 30) + tables.by_education * float32(people.education[q])
        identity += tables.by_urban * float32(people.urban[q]) + tables.by_partner * float32((flags & PARTNER) != 0)
        fixed = tables.capacity_weight * capacity + tables.identity_weight * identity

        ties = -tables.posts * float32(people.friends_punished[q])
        scored = int64(people.friends_scored[q])
        if scored > 0:
            mean = float32(people.friends_score[q]) * float32(1.0 / 32.0) / float32(scored)
            ties += tables.friends * (mean - tables.gazette[0])
        credit_points = float32(people.credit[i]) * sixteenth
        conduct_points = float32(people.conduct[i]) * sixteenth
        given_back = float32(false_points)
        own = base_score(tables, fixed, credit_points, conduct_points)
        clean = base_score(
            tables,
            fixed,
            credit_points + (float32(0.0) if on_conduct else given_back),
            conduct_points + (given_back if on_conduct else float32(0.0)),
        )
        low, high = tables.lowest, tables.highest
        word = luck[2, q]
        people.score[i] = uint16(rounded(clipped(own + ties, low, high) * float32(32.0), word))
        people.score_true[q] = uint16(rounded(clipped(clean + ties, low, high) * float32(32.0), word))
        people.score_alone[q] = uint16(rounded(clipped(own, low, high) * float32(32.0), word))
        people.score_own[q] = uint16(rounded(clipped(clean, low, high) * float32(32.0), word))
