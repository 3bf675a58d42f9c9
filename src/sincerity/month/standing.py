"""Standing: lists in and out, and gates tried, under ordinary law and under the regime.

Demand comes from luck and traits alone (a single's wish to meet somebody, and applications lodged this month, from
state): each demand ends passed or refused, or is not made. For every refusal four questions are asked again with one
input put right: would the person's own true record have passed; is it a debt that cannot be paid; did only a false
record stand in the way; did only friends or household? Where contexts are kept apart, a gate's threshold is held
against the score of money matters alone. A gate with places compares those at whom nothing but rank decides: they
stand in line.
"""

from __future__ import annotations

from typing import Any

from numba import float64, int64, uint8, uint16, uint32, uint64

from sincerity.month.gates import DATING, JOB, JOBS, LOAN, LOANS, SCHOOL, SEATS
from sincerity.month.livelihood import FIRM_LISTED, LEADS
from sincerity.month.ranks import outranked
from sincerity.people.bits import lowest, place
from sincerity.people.columns import (
    AWARE,
    ENROLLED,
    LISTED,
    LOAN_PAID,
    MISTAKEN,
    NO_LOAN,
    OUT_OF_WORK,
    OWN_LISTED,
    PARTNER,
    SANCTIONED,
    UNWILLING,
)
from sincerity.people.draws import mix
from sincerity.people.kernel import inline, kernel

UNUSED, BY_JUDGMENT, BY_ACTS, BY_SCORE, BY_FIRM, BY_LIST = range(6)
PASS, DEPOSIT, REFUSE = range(3)
REFUSED_EVER, INNOCENT_EVER, UNABLE_EVER, FALSE_EVER, LISTED_EVER, PUNISHED_EVER, BARRED_EVER = (
    1 << b for b in range(7)
)


@inline
def closed(tables: Any, gate: Any, lists: Any, points: Any, enrolled: Any, exempt: Any, lot: Any) -> Any:
    """Whether the regime closes a gate to somebody with these lists, this score (1/32 point) and this lot."""
    if lists & int64(tables.gate_lists[gate]):
        return True
    if enrolled:
        return points < int64(tables.gate_threshold[gate]) or outranked(tables, gate, points, lot)
    return int64(tables.gate_unscored[gate]) == REFUSE and not exempt


@inline
def on_scores(tables: Any, lists: Any, held: Any, points: Any) -> Any:
    """The lists with those entered by score, and those that follow from them, for other points than those held.

    One stays on a list that one entered earlier until the score is again above: no other score explains that, unless
    it lies above `again`, or above `below` where the one held does not.
    """
    for number in range(tables.list_kind.shape[0]):
        kind = tables.list_kind[number]
        below, again = int64(tables.list_below[number]), int64(tables.list_again[number])
        out = kind == BY_SCORE and (points >= again or (points >= below and held < below))
        if out or (kind == BY_LIST and lists & int64(tables.list_of[number]) == 0):
            lists &= ~(int64(1) << number)
    return lists


@inline
def term_after(tables: Any, number: Any, on: Any, term: Any) -> Any:
    """The months on a list by acts after one more: the term anew, or what is left of it extended."""
    by = int64(tables.list_extends[number])
    if by == 0 or not on:
        return int64(tables.list_term[number])
    return max(min(term + by, int64(tables.list_most[number])), term)


@kernel
def standing(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 entry by judgment, 1 entry by acts, 2 mistaken identity, 3-6 demands, 7 ordinary law, 8 stigma."""
    many = tables.list_kind.shape[0]
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        enrolled = (flags & ENROLLED) != 0 and tables.scored != 0
        owed = int64(people.owed[i])
        unable = owed * 2 > int64(people.buffer[i]) and (flags & UNWILLING) == 0
        points = int64(people.score[i])
        lists = before = int64(people.lists[i])
        exempt = tables.officials_exempt != 0 and people.official[q] != 0
        acts = int64(people.seen[q])
        for number in range(many):
            bit = int64(1) << number
            kind = tables.list_kind[number]
            row = int64(tables.list_row[number])
            term = int64(0)
            if row >= 0 and kind != UNUSED:
                term = max(int64(people.term[row, i]) - 1, int64(0))
            if kind == BY_JUDGMENT:
                if lists & bit:
                    if owed == 0 and (flags & MISTAKEN) == 0:
                        if people.exit[q] != 0:  # cured this month: the record stays public for a while
                            term = int64(tables.list_term[number])
                        if term == 0:
                            lists &= ~bit
                    else:
                        term = int64(0)
                elif owed > 0:
                    hazard = tables.list_unable[number] if unable else tables.list_able[number]
                    if uint64(luck[0, q]) < hazard:
                        lists |= bit
                elif uint64(luck[2, q]) < tables.mistaken:
                    lists |= bit
                    flags |= MISTAKEN
            elif kind == BY_ACTS:
                if lists & bit and term == 0:
                    lists &= ~bit
                left = acts & int64(tables.list_acts[number])
                while left != 0:
                    one = lowest(left)
                    left ^= one
                    act = place(one)
                    if uint64(mix(luck[1, q] ^ uint32(act + 32 * number))) < tables.list_chance[number, act]:
                        term = term_after(tables, number, lists & bit, term)
                        lists |= bit
            elif kind == BY_SCORE and enrolled:
                if points < int64(tables.list_below[number]):
                    lists |= bit
                elif points >= int64(tables.list_again[number]):
                    lists &= ~bit
            elif kind == BY_FIRM:
                led = int64(people.firm[q]) & (LEADS | FIRM_LISTED) == LEADS | FIRM_LISTED
                lists = lists | bit if led else lists & ~bit
            elif kind == BY_LIST:
                lists = lists | bit if lists & int64(tables.list_of[number]) else lists & ~bit
            if row >= 0:
                people.term[row, i] = uint8(term)
        entered = lists & ~before

        # demands: at most one of each group of gates a month
        decile = int64(people.decile[q])
        tried = int64(people.tried[q])
        for group in range(tables.demand_gates.shape[0]):
            word = uint64(luck[3 + group, q])
            if word >= tables.demand_total[decile, group]:
                continue
            k = 0
            while word >= tables.demand[decile, group, k]:
                k += 1
            gate = int64(tables.demand_gates[group, k])
            if gate == SCHOOL and people.parent[q] == 0:
                continue
            if gate == DATING and flags & PARTNER:
                continue
            tried |= int64(1) << gate

        loan = int64(people.loan[i])
        score_own, score_true = int64(people.score_own[q]), int64(people.score_true[q])
        score_alone = int64(people.score_alone[q])
        refused = int64(0)
        by_regime = int64(0)
        clean = int64(0)
        poor = int64(0)
        false = int64(0)
        tied = int64(0)
        line = int64(0)
        lot = mix(luck[8, q] ^ uint32(0x51ED270B))
        left = tried & int64(tables.gates_kept)
        while left != 0:
            bit = lowest(left)
            left ^= bit
            gate = place(bit)
            owes = loan > LOAN_PAID or owed > 0
            word = uint64(mix(luck[7, q] ^ uint32(gate)))
            own_doing = bit & LOANS and owes and word < tables.bank_refuses
            whole, own_points, true_points, alone_points = points, score_own, score_true, score_alone
            if tables.same_context != 0:
                whole = alone_points = int64(people.score_money[q])
                own_points = true_points = int64(people.score_money_true[q])
            formal = gate != JOB or uint64(mix(luck[8, q])) < tables.formal_jobs[people.education[q]]
            papers = (gate == JOB and formal and word < tables.papers_missing) or (
                gate == SCHOOL and word < tables.school_papers
            )
            spilled = tables.gate_household[gate] != 0 and people.household_listed[q] > 0
            private = formal and (int64(people.closed_by_providers[q]) & bit) != 0
            shut = formal and (private or closed(tables, gate, lists, whole, enrolled, exempt, lot))
            low = 1.0 - (float64(points) / 32.0 - float64(tables.lowest)) * float64(tables.inverse_range)
            shunned = float64(tables.stigma[gate]) * low * 4294967296.0
            stigma = enrolled and float64(mix(luck[8, q] ^ uint32(gate + 1))) < shunned
            if tables.gate_line[gate] != 0 and tables.scored != 0:
                barred = own_doing or papers or spilled or stigma or private or lists & int64(tables.gate_lists[gate])
                if formal and not barred and (enrolled or not shut):
                    line |= bit
            if not (own_doing or papers or spilled or shut or stigma):
                continue
            refused |= bit
            if not (own_doing or papers):
                by_regime |= bit
            mine = lists & ~int64(tables.judgment_lists) if flags & MISTAKEN else lists
            own = on_scores(tables, mine & ~int64(tables.firm_lists), points, score_own)
            if not own_doing and not private and not closed(tables, gate, own, own_points, enrolled, exempt, lot):
                clean |= bit
            if unable and (own_doing or lists & int64(tables.gate_lists[gate]) & int64(tables.judgment_lists)):
                poor |= bit
            if shut and not (own_doing or papers or spilled):
                truly = on_scores(tables, mine, points, score_true)
                if not private and not closed(tables, gate, truly, true_points, enrolled, exempt, lot):
                    false |= bit
            alone = on_scores(tables, lists & ~int64(tables.firm_lists), points, score_alone)
            if not (own_doing or papers):
                if not shut:
                    tied |= bit if spilled else int64(0)
                elif not private and not closed(tables, gate, alone, alone_points, enrolled, exempt, lot):
                    tied |= bit

        passed = tried & ~refused
        if passed & (1 << JOB):
            flags &= ~OUT_OF_WORK
        if passed & (1 << LOAN) and loan == NO_LOAN:
            people.loan[i] = uint8(LOAN_PAID)
        flags &= ~(SANCTIONED | LISTED)
        if entered or by_regime:
            flags |= SANCTIONED
            if uint64(mix(luck[2, q])) < tables.aware_own:
                flags |= AWARE
        if lists:
            flags |= LISTED
        if tables.owner_drags != 0:
            flags = flags | OWN_LISTED if lists & ~int64(tables.firm_lists) else flags & ~OWN_LISTED

        ever = int64(people.ever[i])
        headline = SEATS | LOANS | JOBS | (1 << SCHOOL)
        ever |= REFUSED_EVER if refused & headline else 0
        ever |= INNOCENT_EVER if clean & headline else 0
        ever |= UNABLE_EVER if poor & headline else 0
        if people.false_points.size > 0:
            ever |= FALSE_EVER if people.false_points[i] > 0 or flags & MISTAKEN else 0
        ever |= LISTED_EVER if lists else 0
        barred = lists & (int64(tables.gate_lists[0]) | int64(tables.gate_lists[1]))
        ever |= BARRED_EVER if refused & SEATS or barred else 0
        people.ever[i] = uint8(ever)

        people.flags[i] = uint16(flags)
        people.lists[i] = uint8(lists)
        people.tried[q] = uint16(tried)
        people.refused[q] = uint16(refused)
        people.refused_regime[q] = uint16(by_regime)
        people.refused_clean[q] = uint16(clean)
        people.refused_unable[q] = uint16(poor)
        people.refused_false[q] = uint16(false)
        people.refused_ties[q] = uint16(tied)
        people.in_line[q] = uint16(line)
        people.entered[q] = uint8(entered)
        people.left[q] = uint8(before & ~lists)
