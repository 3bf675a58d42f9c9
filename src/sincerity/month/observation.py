"""Observation: which acts reach the scorer's record, which ordinary law notices, and records written on the wrong
person.

Seen = the person uses a channel that the regime taps, and the channel is sensitive to the act. A false match writes a
record on somebody else and the true offender goes free: both are counted, and both flows are equal on average. Civic
inattention (Goffman 1963): neighbours see only part, and report only harm above what their tolerance overlooks, which
falls with the reward for a report and with last month's disorder. Some reports are grudge: somebody who did nothing has
the record. Reporting is an act with points of its own; both sides, who reports and who is reported, are drawn from the
same chance. Where points are given by the month, being in arrears, in default or under a judgment is recorded anew in
each.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int64, uint8, uint16, uint32, uint64

from sincerity.month.gates import ACT
from sincerity.month.obligations import DEFAULT, JUDGMENT, PAY_LATE
from sincerity.people.bits import lowest, place
from sincerity.people.columns import DISORDER, LOAN_PAID, MISTAKEN, SUED
from sincerity.people.draws import mix
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel
from sincerity.people.seats import seats_of

ACT_DISORDER, ACT_PUBLIC = ACT["disorder"], ACT["public_offence"]
DISORDERLY = (1 << ACT_DISORDER) | (1 << ACT_PUBLIC)
REPORT = 1 << ACT["report_neighbour"]
CONDUCT_ACCOUNT, APPEALED, MONTHS_OPEN = 128, 64, 63
REPORTS, MATCHED, SPITEFUL, SPITED = 1, 2, 4, 8
"""Bits of `near`."""
STIR = 0x9E3779B9
"""By which, times its number, an act has a word of its own."""


@inline
def states(loan: Any, owed: Any) -> Any:
    """The acts in whose state a person is: in arrears, in default, under an unmet judgment."""
    found = int64(JUDGMENT) if owed > 0 else int64(0)
    found |= int64(PAY_LATE) if loan > LOAN_PAID else int64(0)
    return found | (int64(DEFAULT) if loan >= SUED else int64(0))


@inline
def overlooked(tables: Any, act: Any) -> Any:
    """The least tolerance (a byte) that overlooks the harm of an act this month; 256 where nobody does."""
    disorder = float32(1.0) - float32(tables.gazette[2])  # of what is usual
    ease = float32(1.0) - tables.report_pull - tables.disorder_lowers * (disorder - float32(1.0))
    if ease * tables.overlooks <= float32(0.0):
        return int64(256)
    return min(int64(float32(255.0) * tables.act_harm[act] / (tables.overlooks * ease)) + 1, int64(256))


@inline
def reporting(tables: Any, act: Any) -> Any:
    """The share of people who do not overlook an act."""
    return float64(tables.tolerance_below[overlooked(tables, act)])


@inline
def tapped(tables: Any) -> Any:
    """The acts that the scorer can see."""
    found = int64(0)
    for act in range(tables.act_channels.shape[0]):
        found |= int64(tables.act_channels[act] != 0) << int64(act)
    return found


@inline
def forbidden(tables: Any) -> Any:
    """The acts for which ordinary law can catch somebody."""
    found = int64(0)
    for act in range(tables.act_caught.shape[0]):
        found |= int64(tables.act_caught[act] > uint64(0)) << int64(act)
    return found


@kernel
def glance(n: int, tables: Any, acts: Any, met: Any, neighbours: Any, minority: Any, luck: Any, near: Any) -> None:
    """Who may report disorder or be reported, on whom a false match may fall, who reports or is reported out of a
    grudge; most are none of these (0).
    """
    reported = tables.reports > float32(0.0)
    for q in range(n):
        disorder = ((acts[q] & uint32(DISORDERLY)) != uint32(0)) | (met[q] > 0)
        matched = uint64(luck[2, q]) < tables.false_match[minority[q]]
        near[q] = uint8(REPORTS if reported & disorder else 0) | uint8(MATCHED if matched else 0)
    if tables.grudges > 0.0:
        for q in range(n):
            spite = tables.grudges * float64(neighbours[q]) * 4294967296.0
            files = float64(mix(luck[3, q] ^ uint32(0x68E31DA4))) < spite
            hit = float64(mix(luck[3, q] ^ uint32(0x1B56C4E9))) < spite
            near[q] |= uint8(SPITEFUL if files else 0) | uint8(SPITED if hit else 0)


@kernel
def begin(n: int, acts: Any, seen: Any, caught: Any, new: Any, grudge: Any, flags: Any) -> None:
    """Nothing is seen yet; who was disorderly is shown so until next month."""
    for q in range(n):
        seen[q] = caught[q] = uint32(0)
    for q in range(n):
        new[q] = grudge[q] = uint8(0)
        flags[q] = (flags[q] & ~uint16(DISORDER)) | uint16(DISORDER if acts[q] & uint32(DISORDERLY) else 0)


@kernel
def due(n: int, acts: Any, loan: Any, owed: Any, by_month: int, wanted: int, seats: Any, left: Any) -> Any:
    """How many people did, or by the month still do, some `wanted` acts: their seats, and these acts (`left`)."""
    counted, asked = uint32(by_month), uint32(wanted)
    for q in range(n):
        left[q] = (acts[q] | (uint32(states(loan[q], owed[q])) & counted)) & asked
    found = uint64(0)
    for q in range(n):
        mine = left[q]
        seats[found], left[found] = uint32(q), mine
        found += uint64(mine != uint32(0))
    return found


@inline
def recorded(tables: Any, act: Any, channels: Any) -> Any:
    """The chance that an act reaches the scorer's record through one of the channels used."""
    unseen = tables.unseen[act]
    missed = unseen[0, channels & 15] * unseen[1, (channels >> 4) & 15]
    missed = missed * unseen[2, (channels >> 8) & 15] * unseen[3, channels >> 12]
    return (1.0 - missed) * (1.0 - tables.act_bad[act] * float64(tables.gazette[4])) * tables.records


@kernel
def look(found: int, tables: Any, channels: Any, word: Any, seats: Any, left: Any, seen: Any) -> None:
    """What the scorer sees of the acts `left` of those found: the first of each, then the next of who did more."""
    while found > 0:
        more = uint64(0)
        for k in range(uint64(found)):
            q, acts = seats[k], left[k]
            bit = acts & (~acts + uint32(1))
            act = uint64(place(bit))
            chance = recorded(tables, act, uint64(channels[q]))
            arrives = float64(mix(word[q] ^ (uint32(act) * uint32(STIR)))) < chance * 4294967296.0
            seen[q] |= bit if arrives else uint32(0)
            seats[more], left[more] = q, acts ^ bit
            more += uint64(acts != bit)
        found = more


@kernel
def catch(lo: int, found: int, people: Any, tables: Any, word: Any) -> None:
    """What ordinary law notices of the acts `pending` of those found, and its fines."""
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        caught, fine = int64(0), float32(0.0)
        left = int64(people.pending[k])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            act = place(bit)
            if uint64(mix(word[q] ^ (uint32(act) * uint32(STIR)))) < tables.act_caught[act]:
                caught |= bit
                fine += tables.act_fine[act]
        if fine > float32(0.0):
            people.buffer[i] = uint8(max(int64(people.buffer[i]) - rounded(fine * float32(16.0), word[q]), 0))
        people.caught[q] = uint32(caught)


@inline
def report(people: Any, tables: Any, q: Any, word: Any) -> None:
    """Neighbours' reports of disorder: on somebody who did it, and as an act of somebody who met it."""
    acts, seen = int64(people.acts[q]), int64(people.seen[q])
    if acts & DISORDERLY:
        willing = reporting(tables, ACT_DISORDER if acts & (1 << ACT_DISORDER) else ACT_PUBLIC)
        eyes = float64(tables.reports) * willing * float64(people.neighbours[q])
        if float64(word) < eyes * 4294967296.0:
            seen |= acts & DISORDERLY
    if people.neighbours_disorderly[q] > 0:
        mine = int64(people.tolerance[q])
        ready = float64(mine < overlooked(tables, ACT_DISORDER)) * tables.disorder_share
        ready += float64(mine < overlooked(tables, ACT_PUBLIC)) * (1.0 - tables.disorder_share)
        ready *= float64(tables.reports)
        if float64(mix(word)) < ready * float64(people.neighbours_disorderly[q]) * 4294967296.0:
            people.acts[q] |= uint32(REPORT)
            seen |= REPORT
    people.seen[q] = uint32(seen)


@inline
def mismatch(people: Any, tables: Any, i: Any, q: Any, word: Any) -> None:
    """A record of somebody else's act, on one whom a false match hits and who carries none yet."""
    if people.false_points[i] == uint8(0) and (people.flags[i] & MISTAKEN) == 0:
        stirred = uint64(mix(word))
        k = 0
        while k < tables.false_cumulated.shape[0] - 1 and stirred >= tables.false_cumulated[k]:
            k += 1
        people.false_new[q] = uint8(tables.false_cost[k])
        people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.false_account[k] else 0)


@inline
def slander(people: Any, tables: Any, i: Any, q: Any) -> None:
    """A report of nothing, out of a grudge, written on somebody who has no other false record."""
    unmarked = people.false_points[i] == uint8(0) and (people.flags[i] & MISTAKEN) == 0
    if unmarked and people.false_new[q] == uint8(0):
        people.false_new[q] = uint8(tables.grudge_cost)
        people.grudge[q] = uint8(1)
        people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.act_on_conduct[ACT_DISORDER] else 0)


@kernel
def say(lo: int, found: int, people: Any, tables: Any, luck: Any) -> None:
    """What neighbours report, and what is written on the wrong person, for those found in `candidates`."""
    for k in range(found):
        q = int64(people.candidates[k])
        near = people.near[q]
        if near & uint8(REPORTS):
            report(people, tables, q, luck[3, q])
        if near & uint8(MATCHED):
            mismatch(people, tables, lo + q, q, luck[2, q])
        if near & uint8(SPITEFUL):
            people.acts[q] |= uint32(REPORT)
            people.seen[q] |= uint32(REPORT)
        if near & uint8(SPITED):
            slander(people, tables, lo + q, q)


@kernel
def observation(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 what the scorer sees, 1 what ordinary law notices, 2 a false match, 3 neighbours' reports."""
    n, p = hi - lo, people
    begin(n, p.acts, p.seen, p.caught, p.false_new, p.grudge, p.flags[lo:hi])
    acts, loan, owed, seats, by_month = p.acts, p.loan[lo:hi], p.owed[lo:hi], p.candidates, int64(tables.by_month)
    watched = tapped(tables)
    if watched != 0:
        found = due(n, acts, loan, owed, by_month, watched, seats, p.pending)
        look(found, tables, p.channels, luck[0], seats, p.pending, p.seen)
    found = due(n, acts, loan, owed, by_month, forbidden(tables), seats, p.pending)
    catch(lo, found, people, tables, luck[1])
    if tables.reports > float32(0.0) or tables.false_match[0] > 0 or tables.false_match[1] > 0 or tables.grudges > 0.0:
        glance(n, tables, acts, p.neighbours_disorderly, p.neighbours, p.minority, luck, p.near)
        found = seats_of(n, p.near, seats)
        say(lo, found, people, tables, luck)
