"""Conduct: offences, good deeds, purchases, pastimes.

Rare acts by thinning: one word against the envelope (base rate x trait x 4, the same in every world) proposes at most
one act of a group a month, a second word accepts at the actual rate. So every world has the same candidates, a higher
rate keeps everyone who acted, and *done for points* means: accepted here, not at the base rate, with the same word.
Points are those of the state's score and of private scorers of whom one knows oneself a member.
A nudge has no points: the users of a tapped channel do an act more often (DellaVigna and Linos 2022), whether or not
they are scored or know of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int64, uint32
from numpy.typing import NDArray

from sincerity.month.worth import blur, private_value, response, stake
from sincerity.people.columns import AWARE, ENROLLED, MEMBER
from sincerity.people.draws import mix
from sincerity.people.kernel import kernel

ENVELOPE = 4
"""The most by which incentives can multiply a rate."""

GROUPS: tuple[tuple[str, ...], ...] = (
    ("tax_evasion", "contract_breach", "fraud", "counterfeit"),
    ("traffic_offence", "fare_dodging", "disorder", "public_offence", "serious_offence"),
    ("volunteering", "blood_donation", "charity", "award"),
    ("buys_diapers", "buys_home_goods"),
    ("buys_alcohol", "buys_luxury", "buys_foreign_goods"),
    ("plays_for_hours", "watches_for_hours", "exercises"),
    ("reads_sensitive", "visits_place", "gives_identity", "petition"),
)
"""At most one act of each group a month."""
CIVIC_GROUP = 2
WIDEST = 5


@kernel
def propose(
    n: int,
    group: int,
    bound: float,
    totals: NDArray[np.float32],
    cell: NDArray[np.uint8],
    scale: NDArray[np.float32],
    civic: NDArray[np.uint8],
    words: NDArray[np.uint32],
    size: NDArray[np.float32],
    candidates: NDArray[np.uint32],
) -> int:
    """Who may do an act of this group: their seats, first in `candidates`; size[q]: the group's base rate.

    Proposed by the first word, and not already beyond what the second could accept: at most `bound` times the base
    rate.
    """
    found = 0
    most = float32(bound) * float32(1.0 / ENVELOPE)
    for q in range(n):
        rate = totals[cell[q]]
        if group == CIVIC_GROUP:
            rate = rate * scale[civic[q]]
        size[q] = rate
        proposed = float32(words[q]) * float32(2.0**-32)
        word = float32(mix(words[q] ^ uint32(group + 1))) * float32(2.0**-32)
        total = rate * float32(ENVELOPE)
        candidates[found] = uint32(q)
        found += int64((proposed < total) & (word < max(total, float32(1.0)) * most))
    return found


@kernel
def conduct(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: one a group, the proposal; the second word is stirred from it and the group's number.

    tables.envelope[group, cell, k]: cumulated monthly base rates of the group's acts for a demographic cell;
    tables.group_totals[group, cell]: their sum; tables.group_bound[group]: the most that the regime's points
    and nudges can multiply it. tables.act_nudge[act]: the factor on the rate for the users of the channels in
    tables.nudge_channels[act].
    """
    most = float32(ENVELOPE)
    for group in range(tables.group_acts.shape[0]):
        words = luck[group]
        found = propose(
            hi - lo, group, tables.group_bound[group], tables.group_totals[group], people.cell, tables.civic,
            people.civic, words, people.group_rate, people.candidates,
        )  # fmt: skip
        for k in range(found):
            q = int64(people.candidates[k])
            i = lo + q
            rate = people.group_rate[q]
            total = rate * float32(ENVELOPE)
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
            worth_points = tables.act_points[act]
            bit = uint32(1) << uint32(act)
            if word < accept:
                people.acts_free[q] |= bit
            factor = float32(1.0)
            value = float32(0.0)
            flags = int64(people.flags[i])
            if tables.scored != 0 and worth_points != float32(0.0) and flags & AWARE and flags & ENROLLED:
                chance = min(tables.act_seen[act] * blur(tables.blur, i, tables.person_key), float32(1.0))
                points = float32(people.score[i]) * float32(1.0 / 32.0)
                value = chance * stake(tables.worth, people.decile[q], points, worth_points, tables.lowest, tables.step)
            if tables.private_acts & bit and flags & AWARE and flags & MEMBER:
                blurred = blur(tables.private_blur, i, tables.person_key)
                value += private_value(people, tables, i, q, act, blurred)
            if value != float32(0.0):
                factor = response(tables.exp, tables.act_elasticity[act], value)
            if int64(people.channels[q]) & tables.nudge_channels[act]:
                factor = min(factor * tables.act_nudge[act], most)
            if word < accept * factor:
                people.acts[q] |= bit
