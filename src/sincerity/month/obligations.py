"""Obligations: bills, loans, default, suit, judgment, and how a judgment debt ends.

A loan's instalment is a share of what the person's income can carry (a flat one is an absorbing trap). A month is
late from inability (savings too small), unwillingness, or carelessness; three months of arrears are a default; a
court may give judgment for a stated amount, which is then met, garnished, settled or written off. Unable = owed more
than saved.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint8, uint16, uint32, uint64

from sincerity.month.conduct import ENVELOPE
from sincerity.month.gates import ACT, LOAN
from sincerity.month.worth import felt, private_value, response, stake
from sincerity.people.columns import (
    AWARE,
    ENROLLED,
    LOAN_PAID,
    MEMBER,
    NO_LOAN,
    NOT_SUED,
    OUT_OF_WORK,
    SUED,
    TWO_LATE,
    UNWILLING,
)
from sincerity.people.draws import mix
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel

PAY_LATE, BILL_UNPAID, DEFAULT, JUDGMENT = (1 << bit for bit in range(4))
LATE = ACT["pay_late"]
EXIT_NONE, EXIT_PAID, EXIT_GARNISHED, EXIT_SETTLED = range(4)


@inline
def held_back(people: Any, tables: Any, i: Any, q: Any) -> Any:
    """The factor of points on being late out of one's own will or carelessness, at most ENVELOPE."""
    flags, value = int64(people.flags[i]), float32(0.0)
    if tables.scored != 0 and flags & AWARE and flags & ENROLLED:
        chance = min(tables.late_seen * felt(people, tables, i, tables.blur), float32(1.0))
        points, decile = float32(people.score[i]) * float32(1.0 / 32.0), people.decile[q]
        value = chance * stake(tables.worth, decile, points, tables.late_points, tables.lowest, tables.step)
    if tables.private_acts & PAY_LATE and flags & AWARE and flags & MEMBER:
        blurred = felt(people, tables, i, tables.private_blur)
        value += private_value(people, tables, i, q, LATE, blurred)
    return response(tables.exp, tables.late_elasticity, value) if value != float32(0.0) else float32(1.0)


@kernel
def pay_bills(
    n: int, tables: Any, loan: Any, owed: Any, flags: Any, surplus: Any, short: Any, word: Any, acts: Any, tried: Any,
    near: Any,
) -> None:  # fmt: skip
    """Bills unpaid, loans wanted by those who have none, and who has a loan or an unmet judgment (`near`)."""
    for q in range(n):
        acts[q] = uint32(BILL_UNPAID if short[q] > 0 else 0)
        none = loan[q] == NO_LOAN
        able = ((flags[q] & OUT_OF_WORK) == 0) & (surplus[q] > float32(0.0))
        wants = none & able & (uint64(word[q]) < tables.loan_wanted)
        tried[q] |= uint16(1 << LOAN) if wants else uint16(0)
        near[q] = uint8((not none) | (owed[q] > 0))


@kernel
def obligations(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 carelessness, 1 unwillingness, 2 suit and judgment, 3 exits, 4 a loan wanted or ended, 5-7 rounding."""
    n, p = hi - lo, people
    pay_bills(
        n,
        tables,
        p.loan[lo:hi],
        p.owed[lo:hi],
        p.flags[lo:hi],
        p.surplus,
        p.shortfall,
        luck[4],
        p.acts,
        p.tried,
        p.near,
    )
    found = 0
    for q in range(n):
        p.acts_free[q] = p.acts[q]
        p.exit[q] = p.judged[q] = uint8(0)
        p.candidates[found] = uint32(q)
        found += int64(p.near[q])
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        loan = int64(people.loan[i])
        owed = int64(people.owed[i])
        buffer = int64(people.buffer[i])
        flags = int64(people.flags[i])
        acts = int64(people.acts[q])
        ended = int64(EXIT_NONE)
        judged = int64(0)

        if loan == NO_LOAN:  # an unmet judgment is all that is owed
            pass
        elif loan <= TWO_LATE:
            decile = int64(people.decile[q])
            slack = float32(255 - int64(people.conscientiousness[q])) * float32(1.0 / 255.0)
            widest = slack * float32(ENVELOPE)
            unwilling, careless = uint64(tables.unwilling * widest), uint64(tables.careless * widest)
            if uint64(luck[1, q]) <= unwilling or uint64(luck[0, q]) <= careless:  # else no points could matter
                slack = slack * held_back(people, tables, i, q)
            if uint64(luck[1, q]) < uint64(tables.unwilling * slack):
                flags |= UNWILLING
            instalment = max(tables.instalment * tables.surplus[decile], tables.instalment_least)
            due = rounded(instalment * float32(16.0), luck[5, q])
            if flags & UNWILLING or buffer < due:
                acts |= PAY_LATE
                loan += 1
                if loan > TWO_LATE:
                    acts |= DEFAULT
                    loan = int64(SUED) if uint64(luck[2, q]) < tables.suit_chance else int64(NOT_SUED)
            else:
                buffer -= due
                if loan > LOAN_PAID and buffer >= due:
                    buffer -= due
                    loan -= 1
                if uint64(luck[0, q]) < uint64(tables.careless * slack):
                    acts |= PAY_LATE
                elif loan == LOAN_PAID and uint64(luck[4, q]) < tables.loan_ends:
                    loan = int64(NO_LOAN)
        elif loan == SUED:
            if uint64(luck[2, q]) < tables.judged:
                amount = int64(tables.judgment[int64(mix(luck[2, q]) >> uint32(24))])
                judged = int64(1)
                acts |= JUDGMENT
                loan = int64(NO_LOAN)
                able = buffer >= 2 * amount and (flags & UNWILLING) == 0
                if able and uint64(luck[3, q]) < tables.met_at_judgment:
                    buffer -= 2 * amount
                else:
                    owed = min(owed + amount, 255)
        elif uint64(luck[2, q]) < tables.written_off:
            loan = int64(NO_LOAN)
            flags &= ~UNWILLING

        if owed > 0 and judged == 0:
            listed = people.lists[i] != 0
            if people.surplus[q] > float32(0.0) and uint64(luck[6, q]) < tables.garnished_months:
                taken = min(tables.garnished_share * people.surplus[q] * float32(8.0), float32(owed))
                owed = max(owed - rounded(taken, luck[5, q] >> uint32(16)), 0)
                buffer = max(buffer - rounded(taken * float32(2.0), luck[7, q]), 0)
                if owed == 0:
                    ended = int64(EXIT_GARNISHED)
            pays = tables.pays_listed if listed else tables.pays_unlisted
            if owed > 0 and uint64(luck[3, q]) < tables.settled:
                owed = int64(0)
                ended = int64(EXIT_SETTLED)
            elif owed > 0 and buffer >= 2 * owed and uint64(mix(luck[3, q])) < pays:
                buffer -= 2 * owed
                owed = int64(0)
                ended = int64(EXIT_PAID)
            if ended != EXIT_NONE:
                flags &= ~UNWILLING

        people.loan[i] = uint8(loan)
        people.owed[i] = uint8(owed)
        people.buffer[i] = uint8(buffer)
        people.flags[i] = uint16(flags)
        people.acts[q] = uint32(acts)
        people.acts_free[q] = uint32(acts)
        people.exit[q] = uint8(ended)
        people.judged[q] = uint8(judged)
