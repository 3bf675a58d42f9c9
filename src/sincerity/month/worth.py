"""What a point is worth, and how much an act is held back or drawn out by it. Shared by the rules; no rule itself.

W(s) = sum over gates of demand x value x logistic((s - cut) / width): the welfare, in months of essential spending a
year, that a standing of s points gives (a stake of 1 / distance to the next gate would diverge). The worth of an act
is V = perceived chance that it is seen x [W(s + points) - W(s)]; its rate changes by exp(elasticity x V), clipped to
exp(-3) … 4 (Becker 1968; Nagin 2013: certainty outweighs severity). The chance is the true one, blurred by a factor
of one's own and raised for a while by a punishment of oneself or of a tie. A private scorer's points are worth what the
gates kept by its score are, to members who know of them.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint32

from sincerity.people.columns import ALARMED
from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import inline

GRID = 256
"""Steps of the score's range in which W is tabulated."""


@inline
def worth(table: Any, decile: Any, score: Any, lowest: Any, step: Any) -> Any:
    """W at a score (points), for a decile; `step` = GRID / range of the score."""
    x = (float32(score) - float32(lowest)) * float32(step)
    x = min(max(x, float32(0.0)), float32(table.shape[1] - 1) - float32(0.01))
    k = int64(x)
    f = x - float32(k)
    return table[decile, k] + f * (table[decile, k + 1] - table[decile, k])


@inline
def stake(table: Any, decile: Any, score: Any, points: Any, lowest: Any, step: Any) -> Any:
    """W(s + points) - W(s)."""
    before = worth(table, decile, score, lowest, step)
    return worth(table, decile, float32(score) + float32(points), lowest, step) - before


@inline
def blur(table: Any, person: Any, key: Any) -> Any:
    """The factor by which this person over- or underrates the chance of being seen (fixed for life)."""
    return table[int64(mix(uint32(person) ^ uint32(key)) >> uint32(24))]


@inline
def raised(tables: Any, ever: Any, factor: Any) -> Any:
    """A factor on the chance of being seen, raised for who has a punishment fresh in mind."""
    return factor * tables.risk_raised if int64(ever) & ALARMED else factor


@inline
def felt(people: Any, tables: Any, i: Any, table: Any) -> Any:
    """The same factor, raised while a punishment of one's own or of a tie is fresh in mind."""
    return raised(tables, people.ever[i], blur(table, i, tables.person_key))


@inline
def private_value(people: Any, tables: Any, i: Any, q: Any, act: Any, blurred: Any) -> Any:
    """What private scorers' points for an act are worth to somebody, once blurred chances are weighed in.

    tables.private_worth[p, decile, place]: W of the gates that provider p keeps, by place on its scale. Where they
    pool, the mean of a member's scores stands at all gates, and an act moves it by its share.
    """
    many = tables.private_worth.shape[0]
    members, total = int64(0), int64(0)
    for p in range(many):
        byte = int64(people.private_scores[p, i])
        members += byte > 0
        total += max(byte - 1, 0)
    share = float32(1.0) / float32(max(members, 1))
    found = float32(0.0)
    for p in range(many):
        byte = int64(people.private_scores[p, i])
        gained = tables.provider_gained[p, act]
        if byte == 0 or gained == float32(0.0):
            continue
        place = float32(byte - 1)
        if tables.pooled != 0:
            place, gained = float32(total) * share, gained * share
        chance = min(tables.private_seen[p, act] * blurred, float32(1.0))
        found += chance * stake(tables.private_worth[p], people.decile[q], place, gained, float32(0.0), float32(1.0))
    return found


@inline
def response(exp_table: Any, elasticity: Any, value: Any) -> Any:
    """exp(clip(elasticity x value, -3, ln 4))."""
    return exp(exp_table, min(max(elasticity * value, float32(-3.0)), float32(1.3862944)))
