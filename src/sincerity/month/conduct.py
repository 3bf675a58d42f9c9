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

from numba import float32, int64, uint8, uint16, uint32, uint64

from sincerity.month.worth import blur, felt, private_value, raised, response, stake
from sincerity.people.columns import AWARE, ENROLLED, MEMBER
from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import inline, kernel
from sincerity.people.seats import seats_of

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


@inline
def share_of(word: Any) -> Any:
    """A word as a share of all words, 0 to 1."""
    return float32(word) * float32(2.0**-32)


@inline
def second(word: Any, group: Any) -> Any:
    """The share by which a proposal is accepted, stirred from the word that proposed it."""
    return share_of(mix(word ^ uint32(group + 1)))


@inline
def chance_of(rate: Any) -> Any:
    """The chance that what is proposed is accepted, without points and nudges."""
    return max(rate * float32(ENVELOPE), float32(1.0)) * float32(1.0 / ENVELOPE)


@kernel
def rates(n: int, group: int, tables: Any, cell: Any, civic: Any, rate: Any) -> None:
    """rate[q]: acts of this group a month, without points and nudges."""
    totals = tables.group_totals[group]
    for q in range(n):
        rate[q] = totals[cell[q]]
    if group == CIVIC_GROUP:
        for q in range(n):
            rate[q] *= tables.civic[civic[q]]


@kernel
def propose(n: int, group: int, tables: Any, rate: Any, words: Any, near: Any) -> None:
    """Who may do an act of this group (`near`): proposed by the first word, and not already beyond what the second
    could accept, at most the group's bound times the base rate.
    """
    most = float32(tables.group_bound[group]) * float32(1.0 / ENVELOPE)
    for q in range(n):
        total, word = rate[q] * float32(ENVELOPE), second(words[q], group)
        near[q] = uint8((share_of(words[q]) < total) & (word < max(total, float32(1.0)) * most))


@kernel
def choose(found: int, group: int, tables: Any, seats: Any, cell: Any, words: Any, rate: Any, act: Any) -> None:
    """act[k]: which act of the group is proposed to the k-th of those found."""
    totals, envelope, acts = tables.group_totals[group], tables.envelope[group], tables.group_acts[group]
    last = uint64(0)
    while last < uint64(WIDEST - 1) and acts[last + uint64(1)] >= 0:
        last += uint64(1)
    for k in range(uint64(found)):
        q = seats[k]
        own = cell[q]
        share = share_of(words[q]) / min(rate[q] * float32(ENVELOPE), float32(1.0)) * totals[own]
        at = uint64(0)
        for step in range(last):
            at += uint64(share >= envelope[own, step])
        act[k] = uint8(acts[at])


@kernel
def accept(
    n: int, group: int, tables: Any, words: Any, rate: Any, flags: Any, seats: Any, near: Any, free: Any, acts: Any
) -> Any:
    """The acts that are done without points and nudges, of the first n of `seats`. Returns for how many points and
    nudges may decide: these come first in `seats` now, with their act (`near`).
    """
    open = uint64(0)
    for k in range(uint64(n)):
        q, act = seats[k], near[k]
        word, usual = second(words[q], group), chance_of(rate[q])
        done = uint32(word < usual) << uint32(act)
        free[q] |= done
        acts[q] |= done
        seats[open], near[open] = q, act
        between = (word >= usual * tables.act_least[act]) & (word < usual * tables.act_most[act])
        moved = ((flags[q] & uint16(AWARE)) != uint16(0)) | (tables.nudge_channels[act] != 0)
        open += uint64(between & moved)
    return open


@inline
def expected(tables: Any, act: Any, person: Any, ever: Any) -> Any:
    """The chance of being seen at an act, as this person rates it."""
    return min(tables.act_seen[act] * raised(tables, ever, blur(tables.blur, person, tables.person_key)), float32(1.0))


@kernel
def weigh_lists(
    lo: int, n: int, tables: Any, flags: Any, ever: Any, decile: Any, seats: Any, act: Any, value: Any
) -> None:
    """value[k]: what the lists that the act leads onto cost the k-th of those found, who knows of them."""
    for k in range(uint64(n)):
        q, one = seats[k], act[k]
        cost = expected(tables, one, uint32(lo) + q, ever[q]) * tables.list_stake[decile[q], one]
        value[k] = -cost if (flags[q] & uint16(AWARE)) != uint16(0) else float32(0.0)


@kernel
def weigh(
    lo: int, n: int, tables: Any, flags: Any, ever: Any, score: Any, decile: Any, seats: Any, act: Any, value: Any
) -> None:
    """Add what the state's points for the act are worth to who is scored and knows."""
    for k in range(uint64(n)):
        q, one = seats[k], act[k]
        chance = expected(tables, one, uint32(lo) + q, ever[q])
        points, gained = float32(score[q]) * float32(1.0 / 32.0), tables.act_points[one]
        rise = stake(tables.worth, decile[q], points, gained, tables.lowest, tables.step)
        knows = (flags[q] & uint16(ENROLLED | AWARE)) == uint16(ENROLLED | AWARE)
        value[k] += chance * rise if knows else float32(0.0)


@kernel
def weigh_private(lo: int, n: int, people: Any, tables: Any) -> None:
    """Add what private scorers' points are worth to their members who know of them."""
    for k in range(n):
        q, act = int64(people.candidates[k]), int64(people.near[k])
        i = lo + q
        if tables.private_acts & (int64(1) << act) and people.flags[i] & AWARE and people.flags[i] & MEMBER:
            blurred = felt(people, tables, i, tables.private_blur)
            people.value[k] += private_value(people, tables, i, q, act, blurred)


@kernel
def sway(lo: int, n: int, group: int, people: Any, tables: Any, words: Any) -> None:
    """The acts that are done, or left, for points, lists, fear of being seen and nudges."""
    p = people
    for k in range(uint64(n)):
        q, one = p.candidates[k], p.near[k]
        factor = response(tables.exp, tables.act_elasticity[one], p.value[k])
        i, channels, dread = uint32(lo) + q, int64(p.channels[q]), tables.act_feared[one]
        if dread > float32(0.0) and (p.flags[i] & uint16(AWARE)) != uint16(0) and channels & tables.act_channels[one]:
            afraid = float32(p.fear[i]) * float32(1.0 / 255.0)
            factor *= exp(tables.exp, -expected(tables, one, i, p.ever[i]) * dread * afraid)
        nudged = (channels & tables.nudge_channels[one]) != 0
        factor = min(factor * tables.act_nudge[one], float32(ENVELOPE)) if nudged else factor
        done = uint32(second(words[q], group) < chance_of(p.group_rate[q]) * factor) << uint32(one)
        p.acts[q] = (p.acts[q] & ~(uint32(1) << uint32(one))) | done


@kernel
def conduct(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: one a group, the proposal; the second word is stirred from it and the group's number.

    tables.envelope[group, cell, k]: cumulated monthly base rates of the group's acts for a demographic cell;
    tables.group_totals[group, cell]: their sum; tables.group_bound[group]: the most that the regime's points
    and nudges can multiply it; tables.act_least[act] and act_most[act]: the least and the most for an act.
    tables.act_nudge[act]: the factor on the rate for the users of the channels in tables.nudge_channels[act].
    tables.list_stake[decile, act]: what the lists that the act leads onto close, in months of essentials;
    tables.act_feared[act]: fall of the log rate of those who are sure to be seen and wholly afraid.
    """
    n, p = hi - lo, people
    rate, near, seats, flags, ever = p.group_rate, p.near, p.candidates, p.flags[lo:hi], p.ever[lo:hi]
    for group in range(tables.group_acts.shape[0]):
        words = luck[group]
        rates(n, group, tables, p.cell, p.civic, rate)
        propose(n, group, tables, rate, words, near)
        found = seats_of(n, near, seats)
        choose(found, group, tables, seats, p.cell, words, rate, near)
        found = accept(found, group, tables, words, rate, flags, seats, near, p.acts_free, p.acts)
        weigh_lists(lo, found, tables, flags, ever, p.decile, seats, near, p.value)
        if tables.scored != 0:
            weigh(lo, found, tables, flags, ever, p.score[lo:hi], p.decile, seats, near, p.value)
        if tables.private_acts != 0:
            weigh_private(lo, found, people, tables)
        sway(lo, found, group, people, tables, words)
