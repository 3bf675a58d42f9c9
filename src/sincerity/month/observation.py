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

ACT_DISORDER, ACT_PUBLIC = ACT["disorder"], ACT["public_offence"]
DISORDERLY = (1 << ACT_DISORDER) | (1 << ACT_PUBLIC)
REPORT = 1 << ACT["report_neighbour"]
CONDUCT_ACCOUNT, APPEALED, MONTHS_OPEN = 128, 64, 63


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
def noticeable(tables: Any) -> Any:
    """The acts that the scorer can see, or for which ordinary law can catch somebody."""
    found = int64(0)
    for act in range(tables.act_channels.shape[0]):
        if tables.act_channels[act] != 0 or tables.act_caught[act] > uint64(0):
            found |= int64(1) << int64(act)
    return found


@kernel
def glance(lo: int, n: int, people: Any, tables: Any, word: Any) -> None:
    """Whose acts may be noticed or lead to a report (1), on whom a false match may fall (2); the rest is quiet."""
    p = people
    acts, seen, caught, new, near = p.acts, p.seen, p.caught, p.false_new, p.near
    here, reported = uint32(noticeable(tables) & 0xFFFFFFFF), tables.reports > float32(0.0)
    watched = here | uint32(DISORDERLY if reported else 0)
    for q in range(n):
        seen[q] = caught[q] = uint32(0)
        met = reported & (p.neighbours_disorderly[q] > 0)
        matched = uint64(word[q]) < tables.false_match[p.minority[q]]
        near[q] = uint8(((acts[q] & watched) != uint32(0)) | met) | uint8(2 if matched else 0)
    if tables.by_month != 0:
        loan, owed = p.loan[lo : lo + n], p.owed[lo : lo + n]
        for q in range(n):
            near[q] |= uint8((loan[q] > LOAN_PAID) | (owed[q] > 0))
    flags = p.flags[lo : lo + n]
    for q in range(n):
        new[q] = uint8(0)
        flags[q] = (flags[q] & ~uint16(DISORDER)) | uint16(DISORDER if acts[q] & uint32(DISORDERLY) else 0)


@inline
def recorded(tables: Any, act: Any, channels: Any) -> Any:
    """The chance that an act reaches the scorer's record through one of the channels used."""
    missed = 1.0
    shown = channels & int64(tables.act_channels[act])
    while shown != 0:
        channel = lowest(shown)
        shown ^= channel
        missed *= 1.0 - tables.sensitivity[place(channel)]
    return (1.0 - missed) * (1.0 - tables.act_bad[act] * float64(tables.gazette[4])) * tables.records


@kernel
def look(lo: int, n: int, people: Any, tables: Any, luck: Any) -> None:
    """What the scorer sees and ordinary law notices of the acts of one person after another; neighbours' reports."""
    here = noticeable(tables)
    for k in range(n):
        q = int64(people.candidates[k])
        i = lo + q
        acts = int64(people.acts[q])
        channels = int64(people.channels[q])
        seen = int64(0)
        caught = int64(0)
        fine = float32(0.0)
        left = acts
        if tables.by_month != 0:
            left |= states(int64(people.loan[i]), int64(people.owed[i])) & tables.by_month
        left &= here
        while left != 0:
            bit = lowest(left)
            left ^= bit
            act = place(bit)
            stir = uint32(act) * uint32(0x9E3779B9)
            if float64(mix(luck[0, q] ^ stir)) < recorded(tables, act, channels) * 4294967296.0:
                seen |= bit
            if uint64(mix(luck[1, q] ^ stir)) < tables.act_caught[act]:
                caught |= bit
                fine += tables.act_fine[act]
        if acts & DISORDERLY and tables.reports > float32(0.0):
            willing = reporting(tables, ACT_DISORDER if acts & (1 << ACT_DISORDER) else ACT_PUBLIC)
            eyes = float64(tables.reports) * willing * float64(people.neighbours[q])
            if float64(luck[3, q]) < eyes * 4294967296.0:
                seen |= acts & DISORDERLY
        if people.neighbours_disorderly[q] > 0 and tables.reports > float32(0.0):
            mine = int64(people.tolerance[q])
            ready = float64(mine < overlooked(tables, ACT_DISORDER)) * tables.disorder_share
            ready += float64(mine < overlooked(tables, ACT_PUBLIC)) * (1.0 - tables.disorder_share)
            ready *= float64(tables.reports)
            if float64(mix(luck[3, q])) < ready * float64(people.neighbours_disorderly[q]) * 4294967296.0:
                people.acts[q] |= uint32(REPORT)
                seen |= REPORT
        if fine > float32(0.0):
            people.buffer[i] = uint8(max(int64(people.buffer[i]) - rounded(fine * float32(16.0), luck[1, q]), 0))
        people.seen[q] = uint32(seen)
        people.caught[q] = uint32(caught)


@kernel
def slander(lo: int, n: int, people: Any, tables: Any, word: Any) -> None:
    """Reports of nothing, out of a grudge: filed by neighbours, written on those without another false record."""
    for q in range(n):
        i = lo + q
        spite = tables.grudges * float64(people.neighbours[q]) * 4294967296.0
        if float64(mix(word[q] ^ uint32(0x68E31DA4))) < spite:
            people.acts[q] |= uint32(REPORT)
            people.seen[q] |= uint32(REPORT)
        if float64(mix(word[q] ^ uint32(0x1B56C4E9))) >= spite or people.false_new[q] > 0:
            continue
        if people.false_points[i] == uint8(0) and (people.flags[i] & MISTAKEN) == 0:
            people.false_new[q] = uint8(tables.grudge_cost)
            people.grudge[q] = uint8(1)
            people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.act_on_conduct[ACT_DISORDER] else 0)


@kernel
def mismatch(lo: int, n: int, people: Any, tables: Any, word: Any) -> None:
    """A record of somebody else's act, on those whom a false match hits and who carry none yet."""
    for q in range(n):
        i = lo + q
        if people.near[q] & 2 == 0 or people.false_points[i] > 0 or people.flags[i] & MISTAKEN:
            continue
        stirred = uint64(mix(word[q]))
        k = 0
        while k < tables.false_cumulated.shape[0] - 1 and stirred >= tables.false_cumulated[k]:
            k += 1
        people.false_new[q] = uint8(tables.false_cost[k])
        people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.false_account[k] else 0)


@kernel
def observation(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 what the scorer sees, 1 what ordinary law notices, 2 a false match, 3 neighbours' reports."""
    n, p = hi - lo, people
    glance(lo, n, people, tables, luck[2])
    found = 0
    for q in range(n):
        p.candidates[found] = uint32(q)
        found += int64(p.near[q] & 1)
    look(lo, found, people, tables, luck)
    if tables.false_match[0] > 0 or tables.false_match[1] > 0:
        mismatch(lo, n, people, tables, luck[2])
    for q in range(n):
        p.grudge[q] = uint8(0)
    if tables.grudges > 0.0:
        slander(lo, n, people, tables, luck[3])
