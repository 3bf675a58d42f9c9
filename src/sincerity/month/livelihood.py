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
from sincerity.people.kernel import kernel

WAGES_LATE, NO_CASH, FIRM_LISTED, LEADS, FAULTY = 1, 2, 4, 8, 16
"""What a firm shows; LEADS: the person leads it, and is held responsible for it."""
BY_NEED, BY_WORTH, BY_DATA = range(3)


@kernel
def at_the_firm(n: int, tables: Any, workplace: Any, firm: Any) -> None:
    """firm[q]: what the person's firm showed last month, and whether the person leads it."""
    last = uint32(max(tables.firm_shown.size, 1) - 1)
    some = tables.firm_shown.size > 0
    for q in range(n):
        number = workplace[q] & uint32(NO_FIRM)
        leads = uint8(LEADS) if (workplace[q] & uint32(LEADS_IT)) != uint32(0) else uint8(0)
        shown = tables.firm_shown[min(number, last)] if some else uint8(0)
        firm[q] = shown | leads if number != uint32(NO_FIRM) else uint8(0)


@kernel
def work(
    n: int, tables: Any, age: Any, education: Any, flags: Any, firm: Any, word: Any, tried: Any, idle: Any
) -> None:
    """tried[q]: whether somebody out of work found an opening; idle[q]: whether he or she is out of work now."""
    for q in range(n):
        step = education[q]
        working_age = float32(age[q]) < tables.retirement_age
        was_out = (flags[q] & OUT_OF_WORK) != 0
        finds = uint64(word[q]) < tables.job_finding[step]
        trouble = (firm[q] & (NO_CASH | FIRM_LISTED)) != 0
        loses = uint64(word[q]) < tables.job_loss[step] + (tables.lays_off if trouble else uint64(0))
        tried[q] = uint16(1 << JOB) if working_age & was_out & finds else uint16(0)
        idle[q] = uint8(working_age & (was_out | loses))


@kernel
def earn(
    n: int, tables: Any, age: Any, decile: Any, region: Any, flags: Any, firm: Any, idle: Any, luck: Any, surplus: Any
) -> None:
    """surplus[q]: income less essentials, with its noise, a shock, wages that come late, and relief."""
    uniform = float32(1.0 / 1024.0)
    for q in range(n):
        out = idle[q] != 0
        working_age = float32(age[q]) < tables.retirement_age
        earned, without = tables.surplus[decile[q]], tables.surplus_out_of_work[decile[q]]
        income = without if out else earned
        income = income if working_age else earned * tables.retired_factor
        word = luck[2, q]
        noise = float32(word & uint32(1023)) + float32((word >> uint32(10)) & uint32(1023))
        noise = (noise + float32(word >> uint32(22))) * uniform - float32(1.5)
        income += tables.income_noise * (float32(1.0) + max(income, float32(0.0))) * noise
        shocked = income - tables.shock_size * tables.exponential[mix(word) >> uint32(24)]
        income = shocked if uint64(luck[1, q]) < tables.shock_chance else income
        unpaid = working_age & (not out) & ((firm[q] & WAGES_LATE) != 0)
        income = income - tables.held_back if unpaid else income
        relieved = income + tables.relief_shown[region[q]]
        surplus[q] = relieved if flags[q] & IN_NEED else income


@kernel
def save(
    n: int, tables: Any, surplus: Any, decile: Any, word: Any, idle: Any, buffer: Any, short: Any, roll: Any
) -> None:
    """Savings after the month, what was short, and who is in need: out of work with next to nothing saved."""
    for q in range(n):
        saved = int64(buffer[q]) + rounded(surplus[q] * float32(16.0), word[q])
        short[q] = uint8(min(max(-saved, 0), 255))
        saved = min(max(saved, 0), int64(tables.buffer_cap[decile[q]]))
        buffer[q] = uint8(saved)
        roll[q] = uint8(NEEDY) if (idle[q] != 0) & (saved < tables.relief_least) else uint8(0)


@kernel
def enter(n: int, tables: Any, channels: Any, score: Any, word: Any, idle: Any, roll: Any, flags: Any) -> None:
    """Put on the roll whom the office takes for one to be helped, and say who is out of work."""
    by_worth, by_data = tables.relief_by == BY_WORTH, tables.relief_by == BY_DATA
    for q in range(n):
        need = roll[q] != 0
        stirred = uint64(mix(word[q] ^ uint32(0x2545F491)))
        worthy = need & ((flags[q] & ENROLLED) != 0) & (int64(score[q]) >= tables.relief_above)
        mistaken = stirred < (tables.relief_missed if need else tables.relief_wrong)
        shown = (need ^ mistaken) & ((int64(channels[q]) & tables.relief_channel) != 0)
        listed = worthy if by_worth else need
        listed = shown if by_data else listed
        roll[q] = uint8((NEEDY if need else 0) | (ON_ROLL if listed else 0))
        others = flags[q] & ~(OUT_OF_WORK | IN_NEED)
        flags[q] = uint16(others | (OUT_OF_WORK if idle[q] else 0) | (IN_NEED if listed else 0))


@kernel
def livelihood(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 losing or finding work, 1 a shock, 2 its size and the noise of income, 3 rounding."""
    n, p, t = hi - lo, people, tables
    flags, buffer, score = p.flags[lo:hi], p.buffer[lo:hi], p.score[lo:hi]
    at_the_firm(n, t, p.workplace, p.firm)
    work(n, t, p.age, p.education, flags, p.firm, luck[0], p.tried, p.idle)
    earn(n, t, p.age, p.decile, p.region, flags, p.firm, p.idle, luck, p.surplus)
    save(n, t, p.surplus, p.decile, luck[3], p.idle, buffer, p.shortfall, p.roll)
    enter(n, t, p.channels, score, luck[1], p.idle, p.roll, flags)
