"""Conduct: offences, good deeds, purchases, pastimes.

Rare acts by thinning: one word against the envelope (base rate x trait x 4, the same in every world) proposes at most
one act of a group a month, a second word accepts at the actual rate. So every world has the same candidates, a higher
rate keeps everyone who acted, and *done for points* means: accepted here, not at the base rate, with the same word.
Points are those of the state's score and of private scorers of whom one knows oneself a member; a list that an act
leads onto counts by what it closes. Who knows of the watch and is afraid reads less of what is sensitive on channels
that are tapped, whether or not it costs points (Penney 2016).
A nudge has no points: the users of a tapped channel do an act more often (DellaVigna and Linos 2022), whether or not
they are scored or know of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int64, uint8, uint32
from numpy.typing import NDArray

from sincerity.month.worth import felt, private_value, response, stake
from sincerity.people.columns import AWARE, ENROLLED, MEMBER
from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import inline, kernel

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
NO_ACT = 255
WIDEST = 5


@kernel
def propose(
    n: int,
    group: int,
    tables: Any,
    cell: NDArray[np.uint8],
    civic: NDArray[np.uint8],
    words: NDArray[np.uint32],
    size: NDArray[np.float32],
    near: NDArray[np.uint8],
) -> None:
    """Who may do an act of this group (`near`), and the group's base rate (`size`).

    Proposed by the first word, and not already beyond what the second could accept: at most the group's bound times
    the base rate.
    """
    totals, is_civic = tables.group_totals[group], group == CIVIC_GROUP
    most = float32(tables.group_bound[group]) * float32(1.0 / ENVELOPE)
    for q in range(n):
        rate = totals[cell[q]]
        rate = rate * tables.civic[civic[q]] if is_civic else rate
        size[q] = rate
        proposed = float32(words[q]) * float32(2.0**-32)
        word = float32(mix(words[q] ^ uint32(group + 1))) * float32(2.0**-32)
        total = rate * float32(ENVELOPE)
        near[q] = uint8((proposed < total) & (word < max(total, float32(1.0)) * most))


@kernel
def seats_of(n: int, near: NDArray[np.uint8], seats: NDArray[np.uint32]) -> int:
    """How many of n people are meant; their seats come first in `seats`."""
    found = 0
    for q in range(n):
        seats[found] = uint32(q)
        found += int64(near[q] != 0)
    return found


@kernel
def choose(
    found: int,
    group: int,
    tables: Any,
    seats: NDArray[np.uint32],
    cell: NDArray[np.uint8],
    words: NDArray[np.uint32],
    size: NDArray[np.float32],
    act: NDArray[np.uint8],
) -> None:
    """act[k]: which act of the group is proposed to the k-th of those found; 255: none."""
    last = 0
    while last < WIDEST - 1 and tables.group_acts[group, last + 1] >= 0:
        last += 1
    for k in range(found):
        q = seats[k]
        own = cell[q]
        proposed = float32(words[q]) * float32(2.0**-32)
        share = proposed / min(size[q] * float32(ENVELOPE), float32(1.0)) * tables.group_totals[group, own]
        at = 0
        for step in range(last):
            at += share >= tables.envelope[group, own, step]
        act[k] = uint8(tables.group_acts[group, at])


@inline
def swayed(people: Any, tables: Any, i: Any, q: Any, act: Any) -> Any:
    """The factor of points, lists, fear of being seen and nudges on the rate of an act, for one person."""
    factor = float32(1.0)
    value = float32(0.0)
    worth_points = tables.act_points[act]
    flags = int64(people.flags[i])
    listing, dread = tables.list_stake[people.decile[q], act], tables.act_feared[act]
    chance = float32(0.0)
    if flags & AWARE and (worth_points != float32(0.0) or listing > float32(0.0) or dread > float32(0.0)):
        chance = min(tables.act_seen[act] * felt(people, tables, i, tables.blur), float32(1.0))
        value -= chance * listing
    if tables.scored != 0 and worth_points != float32(0.0) and flags & AWARE and flags & ENROLLED:
        points = float32(people.score[i]) * float32(1.0 / 32.0)
        value += chance * stake(tables.worth, people.decile[q], points, worth_points, tables.lowest, tables.step)
    if tables.private_acts & (int64(1) << act) and flags & AWARE and flags & MEMBER:
        blurred = felt(people, tables, i, tables.private_blur)
        value += private_value(people, tables, i, q, act, blurred)
    if value != float32(0.0):
        factor = response(tables.exp, tables.act_elasticity[act], value)
    if dread > float32(0.0) and int64(people.channels[q]) & tables.act_channels[act]:
        factor *= exp(tables.exp, -chance * dread * float32(people.fear[i]) * float32(1.0 / 255.0))
    if int64(people.channels[q]) & tables.nudge_channels[act]:
        factor = min(factor * tables.act_nudge[act], float32(ENVELOPE))
    return factor


@kernel
def accept(lo: int, found: int, group: int, people: Any, tables: Any, words: Any) -> None:
    """The acts that are done, and those that would be done without points and nudges."""
    for k in range(found):
        act = int64(people.near[k])
        if act == NO_ACT:
            continue
        q = int64(people.candidates[k])
        word = float32(mix(words[q] ^ uint32(group + 1))) * float32(2.0**-32)
        usual = max(people.group_rate[q] * float32(ENVELOPE), float32(1.0)) * float32(1.0 / ENVELOPE)
        bit = uint32(1) << uint32(act)
        people.acts_free[q] |= bit if word < usual else uint32(0)
        people.acts[q] |= bit if word < usual * swayed(people, tables, lo + q, q, act) else uint32(0)


@kernel
def conduct(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: one a group, the proposal; the second word is stirred from it and the group's number.

    tables.envelope[group, cell, k]: cumulated monthly base rates of the group's acts for a demographic cell;
    tables.group_totals[group, cell]: their sum; tables.group_bound[group]: the most that the regime's points
    and nudges can multiply it. tables.act_nudge[act]: the factor on the rate for the users of the channels in
    tables.nudge_channels[act]. tables.list_stake[decile, act]: what the lists that the act leads onto close, in months
    of essentials; tables.act_feared[act]: fall of the log rate of those who are sure to be seen and wholly afraid.
    """
    n, p = hi - lo, people
    for group in range(tables.group_acts.shape[0]):
        words = luck[group]
        propose(n, group, tables, p.cell, p.civic, words, p.group_rate, p.near)
        found = seats_of(n, p.near, p.candidates)
        choose(found, group, tables, p.candidates, p.cell, words, p.group_rate, p.near)
        accept(lo, found, group, people, tables, words)
