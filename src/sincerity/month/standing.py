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

from numba import float32, float64, int64, uint8, uint16, uint32, uint64

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
from sincerity.people.seats import seats_of

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
    for number in range(tables.list_kind.shape[0] if lists != 0 else 0):
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
def by_judgment(
    n: int, tables: Any, number: int, owed: Any, buffer: Any, exits: Any, luck: Any, term: Any, lists: Any, flags: Any
) -> None:
    """A list for unmet judgments: entered at a hazard or by mistake; left when all is paid, or some months later."""
    bit = uint8(1 << number)
    kept, able, unable = tables.list_term[number], tables.list_able[number], tables.list_unable[number]
    for q in range(n):
        owes = owed[q] > 0
        on = (lists[q] & bit) != 0
        free = on & (not owes) & ((flags[q] & MISTAKEN) == 0)
        months = uint8(kept) if free & (exits[q] != 0) else term[q]  # cured this month: it stays public for a while
        months = uint8(0) if on & (not free) else months
        cannot = (int64(owed[q]) * 2 > int64(buffer[q])) & ((flags[q] & UNWILLING) == 0)
        enters = (not on) & owes & (uint64(luck[0, q]) < (unable if cannot else able))
        mistaken = (not on) & (not owes) & (uint64(luck[2, q]) < tables.mistaken)
        lists[q] = (lists[q] & ~bit) | (bit if (on & ((not free) | (months != 0))) | enters | mistaken else uint8(0))
        flags[q] = flags[q] | uint16(MISTAKEN if mistaken else 0)
        term[q] = months


@kernel
def by_acts(n: int, tables: Any, number: int, seen: Any, word: Any, seats: Any, term: Any, lists: Any) -> None:
    """A list for acts, for a term: left when it ends; entered, or the term made longer, by an act on record."""
    bit = uint8(1 << number)
    asked = uint32(tables.list_acts[number])
    for q in range(n):
        ends = term[q] == uint8(0)
        lists[q] = lists[q] & ~(bit if ends else uint8(0))
    found = 0
    for q in range(n):
        seats[found] = uint32(q)
        found += (seen[q] & asked) != uint32(0)
    for k in range(found):
        q = int64(seats[k])
        left = int64(seen[q]) & int64(asked)
        while left != 0:
            one = lowest(left)
            left ^= one
            act = place(one)
            if uint64(mix(word[q] ^ uint32(act + 32 * number))) < tables.list_chance[number, act]:
                term[q] = uint8(term_after(tables, number, lists[q] & bit, int64(term[q])))
                lists[q] |= bit


@kernel
def by_other(n: int, tables: Any, number: int, kind: int, score: Any, flags: Any, firm: Any, lists: Any) -> None:
    """A list that follows from the score, from the firm that one leads, or from other lists."""
    bit = uint8(1 << number)
    below, again, others = tables.list_below[number], tables.list_again[number], uint8(tables.list_of[number])
    if kind == BY_SCORE:
        for q in range(n):
            on = (lists[q] & bit) != 0
            stays = (score[q] < below) | (on & (score[q] < again))
            enrolled = (flags[q] & ENROLLED) != 0
            lists[q] = (lists[q] & ~bit) | (bit if (stays if enrolled else on) else uint8(0))
    else:
        for q in range(n):
            led = (firm[q] & (LEADS | FIRM_LISTED)) == (LEADS | FIRM_LISTED)
            follows = led if kind == BY_FIRM else (lists[q] & others) != 0
            lists[q] = (lists[q] & ~bit) | (bit if follows else uint8(0))


@kernel
def enter_lists(lo: int, n: int, people: Any, tables: Any, luck: Any) -> None:
    """Lists in and out, in their order; `left` holds them as they were before, `entered` the months of one list."""
    p, hi = people, lo + n
    lists, flags, score, months = p.lists[lo:hi], p.flags[lo:hi], p.score[lo:hi], p.entered
    for q in range(n):
        p.left[q] = lists[q]
    for number in range(tables.list_kind.shape[0]):
        kind, row = int64(tables.list_kind[number]), int64(tables.list_row[number])
        for q in range(n):
            months[q] = uint8(0)
        if row >= 0 and kind != UNUSED:
            term = p.term[row, lo:hi]
            for q in range(n):
                months[q] = term[q] - uint8(term[q] > 0)
        if kind == BY_JUDGMENT:
            owed, buffer = p.owed[lo:hi], p.buffer[lo:hi]
            by_judgment(n, tables, number, owed, buffer, p.exit, luck, months, lists, flags)
        elif kind == BY_ACTS:
            by_acts(n, tables, number, p.seen, luck[1], p.candidates, months, lists)
        elif kind != UNUSED and (kind != BY_SCORE or tables.scored != 0):
            by_other(n, tables, number, kind, score, flags, p.firm, lists)
        if row >= 0:
            term = p.term[row, lo:hi]
            for q in range(n):
                term[q] = months[q]


@kernel
def demand(n: int, tables: Any, group: int, word: Any, people: Any, flags: Any) -> None:
    """Gates of one group that people try: at most one each."""
    decile, parent, tried, near, seats = people.decile, people.parent, people.tried, people.near, people.candidates
    total, steps, gates = tables.demand_total[group], tables.demand[:, group], tables.demand_gates[group]
    for q in range(n):
        near[q] = uint8(uint64(word[q]) < total[decile[q]])
    found = seats_of(n, near, seats)
    for k in range(uint64(found)):
        q = seats[k]
        own, here = uint64(word[q]), decile[q]
        at = uint64(0)
        for step in range(uint64(steps.shape[1] - 1)):
            at += uint64(own >= steps[here, step])
        gate = gates[at]
        without = (gate == SCHOOL) & (parent[q] == 0)
        taken = (gate == DATING) & ((flags[q] & uint16(PARTNER)) != uint16(0))
        tried[q] |= uint16(0) if without | taken else uint16(1 << gate)


@inline
def plain(tables: Any) -> Any:
    """The gates at which nothing counts but lists, debts and scores."""
    found = int64(0)
    for gate in range(tables.stigma.shape[0]):
        ranked = tables.gate_line[gate] != 0 or tables.gate_cut[gate] >= 0
        others = tables.gate_household[gate] != 0 or tables.stigma[gate] != float32(0.0)
        found |= int64(not (ranked or others or gate in (JOB, SCHOOL))) << int64(gate)
    return found


@kernel
def doubted(n: int, tables: Any, tried: Any, lists: Any, loan: Any, owed: Any, private: Any, flags: Any, score: Any,
            seats: Any, near: Any) -> Any:  # fmt: skip
    """How many try a gate that might refuse them or make them stand in line; their seats come first in `seats`."""
    kept, scored, alike = uint16(tables.gates_kept), tables.scored != 0, plain(tables)
    for q in range(n):
        near[q] = uint8((tried[q] & kept) != uint16(0))
    trying = seats_of(n, near, seats)
    for q in range(n):
        near[q] = uint8((lists[q] != 0) | (loan[q] > LOAN_PAID) | (owed[q] > 0) | (private[q] != 0))
    found = uint64(0)
    for k in range(uint64(trying)):
        q = seats[k]
        left = int64(tried[q] & kept)
        doubt = (near[q] != 0) | ((left & ~alike) != 0)
        enrolled = scored & ((flags[q] & uint16(ENROLLED)) != uint16(0))
        while left != 0:
            bit = lowest(left)
            left ^= bit
            gate = place(bit)
            unscored = int64(tables.gate_unscored[gate]) == REFUSE
            doubt |= int64(score[q]) < int64(tables.gate_threshold[gate]) if enrolled else unscored
        seats[found] = q
        found += uint64(doubt)
    return found


@kernel
def try_gates(lo: int, found: int, people: Any, tables: Any, luck: Any) -> None:
    """What becomes of those who try a gate that may refuse them: the first `found` seats of `candidates`."""
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        flags = int64(people.flags[i])
        enrolled = (flags & ENROLLED) != 0 and tables.scored != 0
        owed = int64(people.owed[i])
        unable = owed * 2 > int64(people.buffer[i]) and (flags & UNWILLING) == 0
        points = int64(people.score[i])
        lists = int64(people.lists[i])
        exempt = tables.officials_exempt != 0 and people.official[q] != 0
        owes = int64(people.loan[i]) > LOAN_PAID or owed > 0
        score_own, score_true = int64(people.score_own[q]), int64(people.score_true[q])
        score_alone = int64(people.score_alone[q])
        whole, own_points, true_points, alone_points = points, score_own, score_true, score_alone
        if tables.same_context != 0:
            whole = alone_points = int64(people.score_money[q])
            own_points = true_points = int64(people.score_money_true[q])
        refused = by_regime = clean = poor = false = tied = line = int64(0)
        further = mix(luck[7, q] ^ uint32(0x2545F491))
        lot = mix(further ^ uint32(0x51ED270B))
        left = int64(people.tried[q]) & int64(tables.gates_kept)
        while left != 0:
            bit = lowest(left)
            left ^= bit
            gate = place(bit)
            word = uint64(mix(luck[7, q] ^ uint32(gate)))
            own_doing = bit & LOANS and owes and word < tables.bank_refuses
            formal = gate != JOB or uint64(mix(further)) < tables.formal_jobs[people.education[q]]
            papers = (gate == JOB and formal and word < tables.papers_missing) or (
                gate == SCHOOL and word < tables.school_papers
            )
            spilled = tables.gate_household[gate] != 0 and people.household_listed[q] > 0
            private = formal and (int64(people.closed_by_providers[q]) & bit) != 0
            shut = formal and (private or closed(tables, gate, lists, whole, enrolled, exempt, lot))
            stigma = False
            if enrolled and tables.stigma[gate] != 0:
                low = 1.0 - (float64(points) / 32.0 - float64(tables.lowest)) * float64(tables.inverse_range)
                shunned = float64(tables.stigma[gate]) * low * 4294967296.0
                stigma = float64(mix(further ^ uint32(gate + 1))) < shunned
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
        people.refused[q] = uint16(refused)
        people.refused_regime[q] = uint16(by_regime)
        people.refused_clean[q] = uint16(clean)
        people.refused_unable[q] = uint16(poor)
        people.refused_false[q] = uint16(false)
        people.refused_ties[q] = uint16(tied)
        people.in_line[q] = uint16(line)


@kernel
def go(lo: int, n: int, people: Any, tables: Any, luck: Any) -> None:
    """All who try a gate that may refuse them; the others are refused nowhere."""
    p, hi = people, lo + n
    for q in range(n):
        p.refused[q] = p.refused_regime[q] = p.refused_clean[q] = p.refused_unable[q] = uint16(0)
    for q in range(n):
        p.refused_false[q] = p.refused_ties[q] = p.in_line[q] = uint16(0)
    lists, loan, owed, flags, private = (
        p.lists[lo:hi],
        p.loan[lo:hi],
        p.owed[lo:hi],
        p.flags[lo:hi],
        p.closed_by_providers,
    )
    if tables.same_context != 0:
        found = doubted(n, tables, p.tried, lists, loan, owed, private, flags, p.score_money, p.candidates, p.near)
    else:
        found = doubted(n, tables, p.tried, lists, loan, owed, private, flags, p.score[lo:hi], p.candidates, p.near)
    try_gates(lo, found, people, tables, luck)


@kernel
def pass_gates(n: int, tried: Any, refused: Any, flags: Any, loan: Any) -> None:
    """Work and a loan, for those who were let in."""
    for q in range(n):
        passed = tried[q] & ~refused[q]
        flags[q] = flags[q] & ~(uint16(OUT_OF_WORK) if passed & uint16(1 << JOB) else uint16(0))
        loan[q] = uint8(LOAN_PAID) if ((passed & uint16(1 << LOAN)) != 0) & (loan[q] == NO_LOAN) else loan[q]


@kernel
def show(n: int, tables: Any, lists: Any, by_regime: Any, word: Any, entered: Any, left: Any, flags: Any) -> None:
    """What others can see of it, and who becomes aware by it; lists entered and left."""
    own = ~uint8(tables.firm_lists)
    drags = uint16(OWN_LISTED if tables.owner_drags != 0 else 0)
    for q in range(n):
        before = left[q]
        entered[q] = lists[q] & ~before
        left[q] = before & ~lists[q]
        hit = ((lists[q] & ~before) != 0) | (by_regime[q] != 0)
        shown = uint16(SANCTIONED if hit else 0) | uint16(LISTED if lists[q] else 0)
        shown |= uint16(AWARE) if hit & (uint64(mix(word[q])) < tables.aware_own) else uint16(0)
        shown |= drags if (lists[q] & own) != 0 else uint16(0)
        flags[q] = (flags[q] & ~(uint16(SANCTIONED | LISTED) | drags)) | shown


@kernel
def remember(n: int, tables: Any, refused: Any, clean: Any, poor: Any, lists: Any, flags: Any, ever: Any) -> None:
    """What ever happened to a person."""
    headline = uint16(SEATS | LOANS | JOBS | (1 << SCHOOL))
    seats = uint8(tables.gate_lists[0]) | uint8(tables.gate_lists[1])
    for q in range(n):
        met = uint8(REFUSED_EVER if refused[q] & headline else 0)
        met |= uint8(INNOCENT_EVER if clean[q] & headline else 0)
        met |= uint8(UNABLE_EVER if poor[q] & headline else 0)
        met |= uint8(LISTED_EVER if lists[q] else 0)
        met |= uint8(BARRED_EVER if ((refused[q] & uint16(SEATS)) != 0) | ((lists[q] & seats) != 0) else 0)
        ever[q] |= met


@kernel
def standing(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 entry by judgment, 1 entry by acts, 2 mistaken identity, 3-6 demands, 7 ordinary law, stigma."""
    n, p = hi - lo, people
    lists, flags, ever, loan = p.lists[lo:hi], p.flags[lo:hi], p.ever[lo:hi], p.loan[lo:hi]
    enter_lists(lo, n, people, tables, luck)
    for group in range(tables.demand_gates.shape[0]):
        demand(n, tables, group, luck[3 + group], people, flags)
    go(lo, n, people, tables, luck)
    pass_gates(n, p.tried, p.refused, flags, loan)
    show(n, tables, lists, p.refused_regime, luck[2], p.entered, p.left, flags)
    remember(n, tables, p.refused, p.refused_clean, p.refused_unable, lists, flags, ever)
    if p.false_points.size > 0:
        false_points = p.false_points[lo:hi]
        for q in range(n):
            wronged = (false_points[q] > 0) | ((flags[q] & MISTAKEN) != 0)
            ever[q] |= uint8(FALSE_EVER if wronged else 0)
