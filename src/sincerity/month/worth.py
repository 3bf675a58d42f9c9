"""What a point is worth, and how much an act is held back or drawn out by it. Shared by the rules; no rule itself.

W(s) = sum over gates of demand x value x logistic((s - cut) / width): the welfare, in months of essential spending a
year, that a standing of s points gives (a stake of 1 / distance to the next gate would diverge). The worth of an act
is V = perceived chance that it is seen x [W(s + points) - W(s)]; its rate changes by exp(elasticity x V), clipped to
exp(-3) … 4 (Becker 1968; Nagin 2013: certainty outweighs severity).
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint32

from sincerity.people.draws import mix
from sincerity.people.functions import exp
from sincerity.people.kernel import inline

GRID = 256
"""Steps of the score's range in which W is tabulated."""


@inline
def worth(table: Any, decile: Any, score: Any, lowest: Any, step: Any) -> Any:
    """W at a score (points), for a decile; `step` = GRID / range of the score."""
    x = (float32(score) - float32(lowest)) * float32(step)
    x = min(max(x, float32(0.0)), float32(GRID - 0.01))
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
def response(exp_table: Any, elasticity: Any, value: Any) -> Any:
    """exp(clip(elasticity x value, -3, ln 4))."""
    return exp(exp_table, min(max(elasticity * value, float32(-3.0)), float32(1.3862944)))
