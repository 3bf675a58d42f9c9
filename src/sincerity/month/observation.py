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


@kernel
def observation(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 what the scorer sees, 1 what ordinary law notices, 2 a false match, 3 neighbours' reports."""
    for q in range(hi - lo):
        i = lo + q
        acts = int64(people.acts[q])
        channels = int64(people.channels[q])
        seen = int64(0)
        caught = int64(0)
        fine = float32(0.0)
        left = acts
        if tables.by_month != 0:
            left |= states(int64(people.loan[i]), int64(people.owed[i])) & tables.by_month
        while left != 0:
            bit = lowest(left)
            left ^= bit
            act = place(bit)
            stir = uint32(act) * uint32(0x9E3779B9)
            missed = 1.0
            shown = channels & int64(tables.act_channels[act])
            while shown != 0:
                channel = lowest(shown)
                shown ^= channel
                missed *= 1.0 - tables.sensitivity[place(channel)]
            recorded = (1.0 - missed) * (1.0 - tables.act_bad[act] * float64(tables.gazette[4])) * tables.records
            if float64(mix(luck[0, q] ^ stir)) < recorded * 4294967296.0:
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
        spite = tables.grudges * float64(people.neighbours[q]) * 4294967296.0
        if float64(mix(luck[3, q] ^ uint32(0x68E31DA4))) < spite:
            people.acts[q] |= uint32(REPORT)
            seen |= REPORT
        if fine > float32(0.0):
            people.buffer[i] = uint8(max(int64(people.buffer[i]) - rounded(fine * float32(16.0), luck[1, q]), 0))

        new = int64(0)
        chance = tables.false_match[people.minority[q]]
        matched = uint64(luck[2, q]) < chance
        if matched:
            matched = people.false_points[i] == uint8(0) and (int64(people.flags[i]) & MISTAKEN) == 0
        if matched:
            word = uint64(mix(luck[2, q]))
            k = 0
            while k < tables.false_cumulated.shape[0] - 1 and word >= tables.false_cumulated[k]:
                k += 1
            new = int64(tables.false_cost[k])
            people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.false_account[k] else 0)
        people.grudge[q] = uint8(0)
        reported = new == 0 and float64(mix(luck[3, q] ^ uint32(0x1B56C4E9))) < spite
        if reported:
            reported = people.false_points[i] == uint8(0) and (int64(people.flags[i]) & MISTAKEN) == 0
        if reported:
            new = int64(tables.grudge_cost)
            people.grudge[q] = uint8(1)
            people.false_months[i] = uint8(CONDUCT_ACCOUNT if tables.act_on_conduct[ACT_DISORDER] else 0)
        flags = int64(people.flags[i]) & ~DISORDER
        people.flags[i] = uint16(flags | (DISORDER if acts & DISORDERLY else 0))
        people.seen[q] = uint32(seen)
        people.caught[q] = uint32(caught)
        people.false_new[q] = uint8(new)
