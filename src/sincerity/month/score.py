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

from numba import float32, int16, int32, int64, uint8, uint16, uint32, uint64

from sincerity.month.obligations import PAY_LATE
from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT, MONTHS_OPEN
from sincerity.month.peers import STEPS
from sincerity.month.speech import MISSED
from sincerity.people.bits import lowest, place
from sincerity.people.columns import ENROLLED, LOAN_PAID, MISTAKEN, PARTNER, SILENT
from sincerity.people.draws import mix
from sincerity.people.functions import rounded, rounded_above_0
from sincerity.people.kernel import inline, kernel
from sincerity.people.seats import seats_of

ADULT = 18
"""The age at which a credit history begins."""

ON_CREDIT, ON_CONDUCT = 1, 2
"""Bits of `fined`."""


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
    kept = tables.after_amnesty * (float32(1.0) if penalty else tables.after_repair)
    return float32(1.0) if account >= 0 else kept


@inline
def with_peers(tables: Any, rating: Any, points: Any) -> Any:
    """The score with the share that peers' ratings have in it; as it is where nobody has rated the person."""
    mean = tables.lowest + (tables.highest - tables.lowest) * (float32(int32(rating) - int32(1)) * float32(1.0 / STEPS))
    return points + tables.peers * (mean - points) if rating > 0 else points


@kernel
def presume(n: int, tables: Any, acts: Any, seen: Any, luck: Any, presumed: Any, falsely: Any) -> None:
    """presumed[q], falsely[q]: word 3, stirred by the presumption's number, says of whom."""
    for q in range(n):
        presumed[q] = falsely[q] = uint8(0)
    for k in range(tables.presumed_from.shape[0]):
        act, bit = uint32(1) << uint32(tables.presumed_from[k]), uint8(1 << k)
        rightly, wrongly = tables.presumed_rightly[k], tables.presumed_wrongly[k]
        for q in range(n):
            word = uint64(mix(luck[3, q] ^ (uint32(k + 33) * uint32(0x9E3779B9))))
            on_record = (seen[q] & act) != uint32(0)
            wrong = (not on_record) & ((acts[q] & act) == uint32(0)) & (word < wrongly)
            presumed[q] |= bit if wrong | (on_record & (word < rightly)) else uint8(0)
            falsely[q] |= bit if wrong else uint8(0)


@kernel
def pay(lo: int, n: int, people: Any, tables: Any, luck: Any) -> None:
    """Begin the month's points: those for an instalment paid; nothing fined; last month's false record goes on."""
    p = people
    on_credit = tables.paid_points if tables.paid_on_conduct == 0 else float32(0.0)
    on_conduct = tables.paid_points if tables.paid_on_conduct != 0 else float32(0.0)
    loan, acts, money, order = p.loan[lo : lo + n], p.acts, p.money, p.order
    for q in range(n):
        paid = (loan[q] == LOAN_PAID) & ((acts[q] & uint32(PAY_LATE)) == uint32(0))
        money[q] = on_credit if paid else float32(0.0)
        order[q] = on_conduct if paid else float32(0.0)
    fined, ceiling, wronged, new = p.fined, p.ceiling, p.wronged, p.false_new
    for q in range(n):
        fined[q] = uint8(0)
        wronged[q] = float32(new[q])
    if tables.sets_bands != 0:
        for q in range(n):
            ceiling[q] = tables.highest + float32(1.0)
    if tables.paid_most > float32(0.0):
        for q in range(n):
            given = money[q] + order[q]
            if given != float32(0.0):
                given = capped(people, lo + q, given, tables.paid_most, mix(luck[3, q]))
                money[q] = given if tables.paid_on_conduct == 0 else float32(0.0)
                order[q] = given if tables.paid_on_conduct != 0 else float32(0.0)


@kernel
def add_acts(lo: int, found: int, people: Any, tables: Any, luck: Any) -> None:
    """Points of the acts on record, act by act, for the first `found` of `candidates`."""
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        money, order, bound = people.money[q], people.order[q], people.ceiling[q]
        fined_money = fined_order = False
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
        people.money[q], people.order[q], people.ceiling[q] = money, order, bound
        people.fined[q] = uint8((ON_CREDIT if fined_money else 0) | (ON_CONDUCT if fined_order else 0))


@kernel
def add_silence(n: int, tables: Any, called: Any, said: Any, flags: Any, order: Any, fined: Any) -> None:
    """Points of those who were expected to praise, kept silent, and were missed."""
    points = tables.silence_points
    for q in range(n):
        missed = ((called[q] & MISSED) != 0) & (said[q] == SILENT) & ((flags[q] & ENROLLED) != 0)
        order[q] = order[q] + points if missed else order[q]
        fined[q] |= uint8(ON_CONDUCT if missed & (points < float32(0.0)) else 0)


@kernel
def add_presumed(lo: int, n: int, people: Any, tables: Any) -> None:
    """Points for what is presumed. What is presumed falsely is somebody else's record, where none is there yet."""
    for q in range(n):
        i = lo + q
        left = int64(people.presumed[q])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            k = place(bit)
            lost = -tables.presumed_points[k]
            false = (int64(people.presumed_falsely[q]) & bit) != 0
            free = people.wronged[q] == float32(0.0) and people.false_points[i] == uint8(0)
            if false and lost > float32(0.0) and free:
                people.wronged[q] = lost
                people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.presumed_on_conduct[k] != 0 else 0)
            elif tables.presumed_on_conduct[k] != 0:
                people.order[q] -= lost
                people.fined[q] |= uint8(ON_CONDUCT if lost > float32(0.0) else 0)
            else:
                people.money[q] -= lost
                people.fined[q] |= uint8(ON_CREDIT if lost > float32(0.0) else 0)


@kernel
def falsely(n: int, points: Any, months: Any, new: Any, near: Any) -> None:
    """Who has a false record, or had one (`near`)."""
    for q in range(n):
        near[q] = uint8((points[q] > 0) | (months[q] != 0) | (new[q] > float32(0.0)))


@kernel
def keep_false(lo: int, found: int, people: Any, tables: Any, word: Any) -> None:
    """What a false record takes from this month's points, and what of it is left on the account, by that of which; for
    the first `found` of `candidates`.
    """
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        was, new = int64(people.false_months[i]), people.wronged[q]
        on_conduct = (was & CONDUCT_ACCOUNT) != 0
        hit = ON_CONDUCT if on_conduct else ON_CREDIT
        if on_conduct:
            people.order[q] -= new
        else:
            people.money[q] -= new
        if new > float32(0.0):
            people.fined[q] |= uint8(hit)
        retained = tables.conduct_retained if on_conduct else tables.credit_retained
        account = people.conduct[i] if on_conduct else people.credit[i]
        if tables.heals != 0:
            retained *= healed(tables, account, (people.fined[q] & hit) != 0)
        left = clipped(rounded(float32(people.false_points[i]) * retained + new, word[q]), 0, 255)
        left = int64(new) if new > float32(0.0) else left
        people.false_points[i] = uint8(left)
        open_since = (was & ~MONTHS_OPEN) | min((was & MONTHS_OPEN) + 1, MONTHS_OPEN)
        mistaken = (int64(people.flags[i]) & MISTAKEN) != 0
        appealed = was & APPEALED if mistaken else 0  # a mistaken identity may still be under appeal
        people.false_months[i] = uint8(open_since if left > 0 else appealed)


@kernel
def book(
    n: int, tables: Any, retained: Any, hit: int, given: Any, fined: Any, word: Any, shift: int, account: Any
) -> None:
    """One account after decay and the month's points."""
    heals = tables.heals != 0
    for q in range(n):
        kept = healed(tables, account[q], (fined[q] & hit) != 0)
        share = retained * kept if heals else retained
        now = float32(account[q]) * share + given[q] * float32(16.0)
        account[q] = int16(clipped(rounded(now, word[q] >> uint32(shift)), -32767, 32767))


@kernel
def take_stock(lo: int, n: int, people: Any, tables: Any, fixed: Any, ties: Any) -> None:
    """fixed[q]: what of the score is no account; ties[q]: what friends make of it. In points."""
    p, hi = people, lo + n
    buffer, flags = p.buffer[lo:hi], p.flags[lo:hi]
    decile, age, education, urban = p.decile, p.age, p.education, p.urban
    for q in range(n):
        saved = min(float32(buffer[q]) * tables.savings_full[decile[q]], float32(1.0))
        capacity = tables.by_savings * saved + tables.by_income * float32(decile[q])
        identity = tables.by_age * float32(age[q] >= 30) + tables.by_education * float32(education[q])
        length = float32(int32(age[q]) - int32(ADULT)) * tables.a_year_of_length
        identity += tables.by_length * min(max(length, float32(0.0)), float32(1.0))
        identity += tables.by_urban * float32(urban[q]) + tables.by_partner * float32((flags[q] & PARTNER) != 0)
        fixed[q] = tables.capacity_weight * capacity + tables.identity_weight * identity
    punished, scored, sums = p.friends_punished, p.friends_scored, p.friends_score
    for q in range(n):
        posts = -tables.posts * float32(punished[q])
        mean = float32(sums[q]) * float32(1.0 / 32.0) / float32(scored[q])
        ties[q] = posts + tables.friends * (mean - tables.gazette[0]) if scored[q] > 0 else posts


@kernel
def set_band(lo: int, n: int, people: Any, tables: Any) -> None:
    """Take from the account what brings those below the band that an act of theirs sets; after `take_stock`."""
    for q in range(n):
        bound = people.ceiling[q]
        i = lo + q
        if bound > tables.highest or (int64(people.flags[i]) & ENROLLED) == 0:
            continue
        credit = float32(people.credit[i]) * float32(1.0 / 16.0)
        conduct = float32(people.conduct[i]) * float32(1.0 / 16.0)
        score = base_score(tables, people.money[q], credit, conduct) + people.order[q]
        over = score - (bound - float32(1.0 / 16.0))
        if over > float32(0.0):
            taken = int64(over * tables.conduct_a_point * float32(16.0) + float32(0.999))
            people.conduct[i] = int16(max(int64(people.conduct[i]) - taken, int64(-32767)))


@inline
def rated(tables: Any, rating: Any, points: Any, word: Any) -> Any:
    """A score in 1/32 point, inside its range, with the share of peers' ratings."""
    low = max(tables.lowest, float32(1.0 / 32.0))
    return rounded_above_0(clipped(with_peers(tables, rating, points), low, tables.highest) * float32(32.0), word)


@inline
def standing_at(points: Any) -> Any:
    """A score that is compared with the real one, inside what a column holds."""
    return clipped(points, 1, 65535)


@kernel
def rate(lo: int, n: int, people: Any, tables: Any, fixed: Any, ties: Any, rating: Any, word: Any) -> None:
    """The score of those who are in the scheme, and beside it that without ties; who has no false record has the same
    without one.
    """
    p, hi = people, lo + n
    flags, credit, conduct, score = p.flags[lo:hi], p.credit[lo:hi], p.conduct[lo:hi], p.score[lo:hi]
    fully, alone, mine = p.score_true, p.score_alone, p.score_own
    stays = tables.updates == 0
    for q in range(n):
        money, order = float32(credit[q]) * float32(1.0 / 16.0), float32(conduct[q]) * float32(1.0 / 16.0)
        own = base_score(tables, fixed[q], money, order)
        now = rated(tables, rating[q], own + ties[q], word[q])
        held = int32(score[q])
        shift = int32(held - now) if stays & (held > 0) else int32(0)  # the old score stays in force
        within = (flags[q] & uint16(ENROLLED)) != uint16(0)
        score[q] = uint16(now + shift) if within else uint16(0)
        fully[q] = uint16(standing_at(int32(now + shift))) if within else uint16(0)
        untied = int32(rated(tables, rating[q], own, word[q]) + shift)
        alone[q] = uint16(standing_at(untied)) if within else uint16(0)
        mine[q] = alone[q]


@kernel
def rate_truly(lo: int, found: int, people: Any, tables: Any, fixed: Any, ties: Any, rating: Any, word: Any) -> None:
    """The scores without a false record of those in the scheme who have one: the first `found` of `candidates`."""
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        if people.flags[i] & ENROLLED == 0:
            continue
        money, order = float32(people.credit[i]) * float32(1.0 / 16.0), float32(people.conduct[i]) * float32(1.0 / 16.0)
        now = rated(tables, rating[q], base_score(tables, fixed[q], money, order) + ties[q], word[q])
        shift = int64(people.score[i]) - now
        if people.false_months[i] & CONDUCT_ACCOUNT:
            order += float32(people.false_points[i])
        else:
            money += float32(people.false_points[i])
        clean = base_score(tables, fixed[q], money, order)
        people.score_true[q] = uint16(standing_at(rated(tables, rating[q], clean + ties[q], word[q]) + shift))
        people.score_own[q] = uint16(standing_at(rated(tables, rating[q], clean, word[q]) + shift))


@kernel
def rate_money(lo: int, n: int, people: Any, tables: Any, fixed: Any, word: Any) -> None:
    """Scores of money matters alone, with and without a false record."""
    p, hi = people, lo + n
    credit, points, months = p.credit[lo:hi], p.false_points[lo:hi], p.false_months[lo:hi]
    low, high = max(tables.lowest, float32(1.0 / 32.0)), tables.highest
    for q in range(n):
        money = float32(credit[q]) * float32(1.0 / 16.0)
        back = float32(0.0) if (months[q] & CONDUCT_ACCOUNT) != 0 else float32(points[q])
        here = base_score(tables, fixed[q], money, float32(0.0))
        truly = base_score(tables, fixed[q], money + back, float32(0.0))
        p.score_money[q] = uint16(rounded_above_0(clipped(here, low, high) * float32(32.0), word[q]))
        p.score_money_true[q] = uint16(rounded_above_0(clipped(truly, low, high) * float32(32.0), word[q]))


@kernel
def score(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 rounding of accounts, 1 of the false record, 2 of scores; 3, stirred: presumptions, special points."""
    n, p, t = hi - lo, people, tables
    presume(n, t, p.acts, p.seen, luck, p.presumed, p.presumed_falsely)
    if t.scored == 0:
        for q in range(n):
            p.score[lo + q] = p.score_own[q] = p.score_true[q] = p.score_alone[q] = uint16(0)
        return
    if t.january != 0 and t.by_hours != 0:
        for q in range(n):
            p.hours[lo + q] = uint8(0)
    if t.january != 0 and t.capped != 0:
        for q in range(n):
            p.earned[lo + q] = uint8(0)
    pay(lo, n, people, tables, luck)
    found = 0
    for q in range(n):
        p.candidates[found] = uint32(q)
        found += p.seen[q] != uint32(0)
    add_acts(lo, found, people, tables, luck)
    if t.silence_points != float32(0.0):
        add_silence(n, t, p.called, p.said, p.flags[lo:hi], p.order, p.fined)
    if t.presumed_from.shape[0] > 0:
        add_presumed(lo, n, people, tables)
    falsely(n, p.false_points[lo:hi], p.false_months[lo:hi], p.wronged, p.near)
    keep_false(lo, seats_of(n, p.near, p.candidates), people, tables, luck[1])
    book(n, t, t.credit_retained, ON_CREDIT, p.money, p.fined, luck[0], 0, p.credit[lo:hi])
    book(n, t, t.conduct_retained, ON_CONDUCT, p.order, p.fined, luck[0], 16, p.conduct[lo:hi])

    fixed, ties = p.money, p.order  # the month's points are booked: their columns are free
    take_stock(lo, n, people, tables, fixed, ties)
    if t.sets_bands != 0:
        set_band(lo, n, people, tables)
    rating = p.fined  # the fines are reckoned: their column is free
    for q in range(n):
        rating[q] = uint8(0)
    if t.peers > float32(0.0):
        for q in range(n):
            rating[q] = p.rating[lo + q]
    rate(lo, n, people, tables, fixed, ties, rating, luck[2])
    for q in range(n):
        p.near[q] = uint8(p.false_points[lo + q] > 0)
    found = seats_of(n, p.near, p.candidates)
    rate_truly(lo, found, people, tables, fixed, ties, rating, luck[2])
    if t.same_context != 0:
        rate_money(lo, n, people, tables, fixed, luck[2])
