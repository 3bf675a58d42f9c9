"""Livelihood: work lost and looked for, income, shocks, savings.

Units: months of essential spending. Work is lost and found at rates by education; a search that finds an opening
lodges an application, which `standing` decides. Savings are capped by income and never negative: what is missing is
an unpaid bill. Who is in need is put on the roll and gets relief next month; under a regime the roll may follow the
score, or what the data show, instead of need.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint8, uint16, uint32, uint64

from sincerity.month.gates import JOB
from sincerity.people.columns import ENROLLED, IN_NEED, NEEDY, ON_ROLL, OUT_OF_WORK
from sincerity.people.draws import mix
from sincerity.people.firms import LEADS_IT, NO_FIRM
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel

WAGES_LATE, NO_CASH, FIRM_LISTED, LEADS = 1, 2, 4, 8
"""What a firm shows; LEADS: the person leads it, and is held responsible for it."""
BY_NEED, BY_WORTH, BY_DATA = range(3)


@inline
def on_roll(tables: Any, need: Any, flags: Any, score: Any, channels: Any, word: Any) -> Any:
    """Whether the office takes somebody for one to be helped."""
    if tables.relief_by == BY_NEED:
        return need
    if tables.relief_by == BY_WORTH:
        return need and (flags & ENROLLED) != 0 and score >= tables.relief_above
    looks = uint64(word) >= tables.relief_missed if need else uint64(word) < tables.relief_wrong
    return looks and (channels & tables.relief_channel) != 0


@kernel
def livelihood(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 losing or finding work, 1 a shock, 2 its size and the noise of income, 3 rounding."""
    uniform = float32(1.0 / 1024.0)
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        decile = int64(people.decile[q])
        education = int64(people.education[q])
        working_age = float32(people.age[q]) < tables.retirement_age

        # what the firm showed last month, and whether the person leads it
        word = people.workplace[q]
        number = word & uint32(NO_FIRM)
        firm = leads = int64(0)
        if number != uint32(NO_FIRM):
            firm = int64(tables.firm_shown[number])
            leads = int64(LEADS) if word & uint32(LEADS_IT) else int64(0)
        people.firm[q] = uint8(firm | leads)

        tried = int64(0)
        out = (flags & OUT_OF_WORK) != 0
        if working_age:
            if out:
                if uint64(luck[0, q]) < tables.job_finding[education]:
                    tried = int64(1 << JOB)
            else:
                lose = tables.job_loss[education]
                if firm & (NO_CASH | FIRM_LISTED):
                    lose += tables.lays_off
                if uint64(luck[0, q]) < lose:
                    out = True
        elif out:
            out = False
        people.tried[q] = uint16(tried)

        income = tables.surplus_out_of_work[decile] if out else tables.surplus[decile]
        if not working_age:
            income = tables.surplus[decile] * tables.retired_factor
        word = luck[2, q]
        noise = float32(word & uint32(1023)) + float32((word >> uint32(10)) & uint32(1023))
        noise = (noise + float32(word >> uint32(22))) * uniform - float32(1.5)
        income += tables.income_noise * (float32(1.0) + max(income, float32(0.0))) * noise
        if uint64(luck[1, q]) < tables.shock_chance:
            income -= tables.shock_size * tables.exponential[int64(mix(word) >> uint32(24))]
        if working_age and not out and firm & WAGES_LATE:
            income -= tables.held_back
        if flags & IN_NEED:
            income += tables.relief_shown[people.region[q]]
        people.surplus[q] = income

        saved = int64(people.buffer[i]) + rounded(income * float32(16.0), luck[3, q])
        people.shortfall[q] = uint8(min(max(-saved, 0), 255))
        saved = min(max(saved, 0), int64(tables.buffer_cap[decile]))
        people.buffer[i] = uint8(saved)
        need = out and saved < tables.relief_least
        stirred = mix(luck[1, q] ^ uint32(0x2545F491))
        roll = on_roll(tables, need, flags, int64(people.score[i]), int64(people.channels[q]), stirred)
        people.roll[q] = uint8((NEEDY if need else 0) | (ON_ROLL if roll else 0))
        flags &= ~(OUT_OF_WORK | IN_NEED)
        people.flags[i] = uint16(flags | (OUT_OF_WORK if out else 0) | (IN_NEED if roll else 0))
