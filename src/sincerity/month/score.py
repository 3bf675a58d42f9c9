"""Score: accounts decay, take up points, and give the score.

Accounts are rounded once a month, after decay and events, by luck, so that no penalty is made permanent by
arithmetic. The score is a weighted sum of factors, each 0 to 100, or a ledger: where it starts, and both accounts (a
sum of factors that never reach their ends). Friends enter the published score and never an account, where the gain
would be kappa / (1 - retention); so do the ratings of peers. Beside it stand the scores without the false record,
without ties, and without both. Some acts have more to them than their points: hours with tiers, a yearly cap, an
official's discretion, a band that they set. What is presumed of a person out of acts is found here too; a presumption
that is wrong and costs points is a false record.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int16, int64, uint8, uint16, uint32, uint64

from sincerity.month.obligations import PAY_LATE
from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT, MONTHS_OPEN
from sincerity.month.peers import STEPS
from sincerity.month.speech import MISSED
from sincerity.people.bits import lowest, place
from sincerity.people.columns import ENROLLED, LOAN_PAID, MISTAKEN, PARTNER, SILENT
from sincerity.people.draws import mix
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel

ADULT = 18
"""The age at which a credit history begins."""


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


@inline
def capped(people: Any, i: Any, given: Any, most: Any, word: Any) -> Any:
    """What is left of points under a yearly cap that all capped points share; counts them."""
    left = min(given, max(most - float32(people.earned[i]), float32(0.0)))
    people.earned[i] = uint8(min(int64(people.earned[i]) + rounded(left, word), int64(255)))
    return left


@inline
def special_points(people: Any, tables: Any, i: Any, act: Any, word: Any) -> Any:
    """The points of an act that has tiers of hours, a yearly cap or an official's discretion."""
    chosen = float32(word) * float32(2.0**-32) - float32(0.5)
    given = tables.special_value[act] + tables.discretion[act] * chosen
    if tables.hours_an_act[act] > float32(0.0):
        before = int64(people.hours[i])
        after = before + rounded(tables.hours_an_act[act], word)
        given = tables.hour_points[after] - tables.hour_points[before]
        people.hours[i] = uint8(min(after, int64(255)))
    if tables.most_a_year[act] > float32(0.0):
        given = capped(people, i, given, tables.most_a_year[act], word >> uint32(16))
    return given


@inline
def healed(tables: Any, account: Any, penalty: Any) -> Any:
    """What is left of a loss on an account after an amnesty, and after repair where no penalty is new."""
    if account >= 0:
        return float32(1.0)
    return tables.after_amnesty * (float32(1.0) if penalty else tables.after_repair)


@inline
def with_peers(tables: Any, rating: Any, points: Any) -> Any:
    """The score with the share that peers' ratings have in it; as it is where nobody has rated the person."""
    if tables.peers <= float32(0.0) or rating == 0:
        return points
    mean = tables.lowest + (tables.highest - tables.lowest) * (float32(rating - 1) * float32(1.0 / STEPS))
    return points + tables.peers * (mean - points)


@kernel
def presume(n: int, people: Any, tables: Any, luck: Any) -> None:
    """presumed[q], presumed_falsely[q]: word 3, stirred by the presumption's number, says of whom."""
    for q in range(n):
        people.presumed[q] = people.presumed_falsely[q] = uint8(0)
    for k in range(tables.presumed_from.shape[0]):
        act = int64(1) << int64(tables.presumed_from[k])
        for q in range(n):
            word = uint64(mix(luck[3, q] ^ (uint32(k + 33) * uint32(0x9E3779B9))))
            if int64(people.seen[q]) & act:
                people.presumed[q] |= uint8(uint64(word < tables.presumed_rightly[k]) << uint64(k))
            elif (int64(people.acts[q]) & act) == 0 and word < tables.presumed_wrongly[k]:
                people.presumed[q] |= uint8(1 << k)
                people.presumed_falsely[q] |= uint8(1 << k)


@kernel
def score(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 rounding of accounts, 1 of the false record, 2 of scores; 3, stirred: presumptions, special points."""
    presume(hi - lo, people, tables, luck)
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
        if tables.january != 0:
            if tables.by_hours != 0:
                people.hours[i] = uint8(0)
            if tables.capped != 0:
                people.earned[i] = uint8(0)
        money = float32(0.0)
        order = float32(0.0)
        fined_money = fined_order = False
        bound = tables.highest + float32(1.0)
        if people.loan[i] == LOAN_PAID and (acts & PAY_LATE) == 0:
            given = tables.paid_points
            if tables.paid_most > float32(0.0):
                given = capped(people, i, given, tables.paid_most, mix(luck[3, q]))
            if tables.paid_on_conduct != 0:
                order += given
            else:
                money += given
        left = int64(people.seen[q])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            act = place(bit)
            money += tables.points_credit[act]
            order += tables.points_conduct[act]
            fined_money |= tables.points_credit[act] < float32(0.0)
            fined_order |= tables.points_conduct[act] < float32(0.0)
            if bit & tables.special_acts:
                bound = min(bound, tables.sets_below[act])
                word3 = mix(luck[3, q] ^ (uint32(act + 1) * uint32(0x9E3779B9)))
                given = special_points(people, tables, i, act, word3)
                if tables.act_on_conduct[act] != 0:
                    order += given
                    fined_order |= given < float32(0.0)
                else:
                    money += given
                    fined_money |= given < float32(0.0)
        if people.called[q] & MISSED and people.said[q] == SILENT and flags & ENROLLED:
            order += tables.silence_points
            fined_order |= tables.silence_points < float32(0.0)
        new = float32(people.false_new[q])
        on_conduct = (int64(people.false_months[i]) & CONDUCT_ACCOUNT) != 0
        left = int64(people.presumed[q])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            k = place(bit)
            lost = -tables.presumed_points[k]
            false = (int64(people.presumed_falsely[q]) & bit) != 0
            if false and lost > float32(0.0) and new == float32(0.0) and people.false_points[i] == uint8(0):
                new = lost
                on_conduct = tables.presumed_on_conduct[k] != 0
                people.false_months[i] = uint8(CONDUCT_ACCOUNT if on_conduct else 0)
            elif tables.presumed_on_conduct[k] != 0:
                order -= lost
                fined_order |= lost > float32(0.0)
            else:
                money -= lost
                fined_money |= lost > float32(0.0)
        fined_money |= new > float32(0.0) and not on_conduct
        fined_order |= new > float32(0.0) and on_conduct
        if on_conduct:
            order -= new
        else:
            money -= new
        credit_retained, conduct_retained = tables.credit_retained, tables.conduct_retained
        if tables.heals != 0:
            credit_retained *= healed(tables, int64(people.credit[i]), fined_money)
            conduct_retained *= healed(tables, int64(people.conduct[i]), fined_order)
        credit = float32(people.credit[i]) * credit_retained + money * float32(16.0)
        conduct = float32(people.conduct[i]) * conduct_retained + order * float32(16.0)
        people.credit[i] = int16(clipped(rounded(credit, luck[0, q]), -32767, 32767))
        people.conduct[i] = int16(clipped(rounded(conduct, luck[0, q] >> uint32(16)), -32767, 32767))
        retained = conduct_retained if on_conduct else credit_retained
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
        saved = min(float32(people.buffer[i]) * tables.savings_full[people.decile[q]], float32(1.0))
        capacity = tables.by_savings * saved + tables.by_income * float32(people.decile[q])
        identity = tables.by_age * float32(people.age[q] >= 30) + tables.by_education * float32(people.education[q])
        length = float32(int64(people.age[q]) - ADULT) * tables.a_year_of_length
        identity += tables.by_length * min(max(length, float32(0.0)), float32(1.0))
        identity += tables.by_urban * float32(people.urban[q]) + tables.by_partner * float32((flags & PARTNER) != 0)
        fixed = tables.capacity_weight * capacity + tables.identity_weight * identity

        ties = -tables.posts * float32(people.friends_punished[q])
        scored = int64(people.friends_scored[q])
        if scored > 0:
            mean = float32(people.friends_score[q]) * float32(1.0 / 32.0) / float32(scored)
            ties += tables.friends * (mean - tables.gazette[0])
        credit_points = float32(people.credit[i]) * sixteenth
        conduct_points = float32(people.conduct[i]) * sixteenth
        if bound <= tables.highest:
            over = base_score(tables, fixed, credit_points, conduct_points) + ties - (bound - sixteenth)
            if over > float32(0.0):
                taken = int64(over * tables.conduct_a_point * float32(16.0) + float32(0.999))
                people.conduct[i] = int16(max(int64(people.conduct[i]) - taken, int64(-32767)))
                conduct_points = float32(people.conduct[i]) * sixteenth
        given_back = float32(false_points)
        own = base_score(tables, fixed, credit_points, conduct_points)
        clean = base_score(
            tables,
            fixed,
            credit_points + (float32(0.0) if on_conduct else given_back),
            conduct_points + (given_back if on_conduct else float32(0.0)),
        )
        low, high = max(tables.lowest, float32(1.0 / 32.0)), tables.highest
        rating = int64(people.rating[i]) if tables.peers > float32(0.0) else int64(0)
        word = luck[2, q]
        now = rounded(clipped(with_peers(tables, rating, own + ties), low, high) * float32(32.0), word)
        true = rounded(clipped(with_peers(tables, rating, clean + ties), low, high) * float32(32.0), word)
        alone = rounded(clipped(with_peers(tables, rating, own), low, high) * float32(32.0), word)
        mine = rounded(clipped(with_peers(tables, rating, clean), low, high) * float32(32.0), word)
        held = int64(people.score[i])
        shift = held - now if tables.updates == 0 and held > 0 else int64(0)  # the old score stays in force
        people.score[i] = uint16(now + shift)
        people.score_true[q] = uint16(clipped(true + shift, int64(1), int64(65535)))
        people.score_alone[q] = uint16(clipped(alone + shift, int64(1), int64(65535)))
        people.score_own[q] = uint16(clipped(mine + shift, int64(1), int64(65535)))
        if tables.same_context != 0:
            back = float32(0.0) if on_conduct else given_back
            here = base_score(tables, fixed, credit_points, float32(0.0))
            truly = base_score(tables, fixed, credit_points + back, float32(0.0))
            people.score_money[q] = uint16(rounded(clipped(here, low, high) * float32(32.0), word))
            people.score_money_true[q] = uint16(rounded(clipped(truly, low, high) * float32(32.0), word))
