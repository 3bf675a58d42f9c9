"""Conduct by habit: what went well is done more often, what was punished less; nobody expects anything.

In the usual month an act's rate follows what its points are worth and how likely it is seen. Here it follows a habit,
one for each group of acts, that last month's acts moved (Bush and Mosteller 1955, Stochastic Models for Learning;
Macy and Flache 2002, PNAS 99): an act that nothing came of makes the next one likelier, one that the law caught or
that cost points makes it rarer, one that brought points makes it likelier still. What is not done is forgotten, month
by month.

    from conduct_by_habit import SCHEDULE
    sc.compare(["none", "citizen-score"], people="20k", schedule=SCHEDULE)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int8, int64, uint32

from sincerity.month.conduct import CIVIC_GROUP, ENVELOPE, GROUPS, WIDEST
from sincerity.rules import ACT, Column, Schedule, kernel, mix, rule

MOST = 64
"""A habit goes from -MOST to MOST, and multiplies the base rate by ENVELOPE ** (habit / MOST): a quarter to four."""
MOVES = 2
"""Steps by which an act moves its habit: up if nothing came of it, twice that if it was punished (down) or brought
points (up). Assumed, 1 to 4: with 8 the frequent acts run away under ordinary law."""
FACTOR = np.array([ENVELOPE ** (h / MOST) for h in range(-MOST, MOST + 1)], np.float32)
OF_GROUP = np.array([sum(1 << ACT[act] for act in group) for group in GROUPS], np.int64)

HABIT = Column("habit", np.int8, "state", "1/64 of a factor of 4", -MOST, MOST, "how much more often than usual",
               rows=len(GROUPS))  # fmt: skip


@kernel
def conduct(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words, proposals and nudges as in the usual rule; the rate is the base rate times the habit's factor."""
    for group in range(tables.group_acts.shape[0]):
        words = luck[group]
        found = 0
        for q in range(hi - lo):
            rate = tables.group_totals[group, people.cell[q]]
            rate = rate * tables.civic[people.civic[q]] if group == CIVIC_GROUP else rate
            people.group_rate[q] = rate
            people.candidates[found] = uint32(q)
            found += float32(words[q]) * float32(2.0**-32) < rate * float32(ENVELOPE)
        for k in range(found):
            q = int64(people.candidates[k])
            total = people.group_rate[q] * float32(ENVELOPE)
            proposed = float32(words[q]) * float32(2.0**-32)
            cell = int64(people.cell[q])
            share = proposed / min(total, float32(1.0)) * tables.group_totals[group, cell]
            at = 0
            while at < WIDEST - 1 and share >= tables.envelope[group, cell, at]:
                at += 1
            act = int64(tables.group_acts[group, at])
            if act < 0:
                continue
            word = float32(mix(words[q] ^ uint32(group + 1))) * float32(2.0**-32)
            accept = max(total, float32(1.0)) * float32(1.0 / ENVELOPE)
            factor = FACTOR[int64(people.habit[group, lo + q]) + MOST]
            if word < accept * factor:
                people.acts_free[q] |= uint32(1) << uint32(act)
            if int64(people.channels[q]) & tables.nudge_channels[act]:
                factor = min(factor * tables.act_nudge[act], float32(ENVELOPE))
            if word < accept * factor:
                people.acts[q] |= uint32(1) << uint32(act)


@kernel
def habits(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Move each habit by what came of this month's act of its group; without one, a step back to nothing."""
    for q in range(hi - lo):
        acts, seen, caught = int64(people.acts[q]), int64(people.seen[q]), int64(people.caught[q])
        for group in range(OF_GROUP.shape[0]):
            habit, did = int64(people.habit[group, lo + q]), acts & OF_GROUP[group]
            if did == 0:
                habit -= 1 if habit > 0 else 0
                habit += 1 if habit < 0 else 0
            else:
                act = 0
                while did >> act != 1:
                    act += 1
                move = MOVES
                if caught & did or (seen & did and tables.act_points[act] < float32(0.0)):
                    move = -2 * MOVES
                elif seen & did and tables.act_points[act] > float32(0.0):
                    move = 2 * MOVES
                habit = min(max(habit + move, -MOST), MOST)
            people.habit[group, lo + q] = int8(habit)


CONDUCT = rule("conduct", conduct, "cell civic channels habit", "candidates group_rate acts acts_free", len(GROUPS))
HABITS = rule("habits", habits, "acts seen caught", "habit", 0)
SCHEDULE = Schedule().replace("conduct", CONDUCT).after("observation", HABITS, (HABIT,))
