"""Tables of private scorers, as the rule `providers` looks them up: customers, sight, points, gates, pooling.

A private score is a byte a person and provider: 0 for no member, else 1 and its place on the provider's scale in
254 steps. Points and thresholds are in these steps here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from sincerity.declare.dates import Month
from sincerity.declare.providers import PrivateScore, Provider
from sincerity.declare.regime import Regime
from sincerity.declare.society import Society
from sincerity.declare.vocabulary import ACTS, CHANNELS, GATES
from sincerity.month.gates import ACT, GATE
from sincerity.month.points import gains
from sincerity.people.draws import name_key, threshold

Tables = dict[str, Any]
Shown = Mapping[str, tuple[str, ...]]  # act -> channels where it can be seen

STEPS = 254
PAID = 32
"""The number of an instalment paid on time, behind the acts."""
NOTHING, RECORDS, POINTS = range(3)
SHARES = {"nothing": NOTHING, "records": RECORDS, "points": POINTS}


def provider_tables(society: Society, regime: Regime, base: Tables, shown: Shown) -> Tables:
    """What holds in every month. `base` are the society's tables, `shown` where each act can be seen."""
    made = regime.providers
    many, acts = len(made), len(ACTS) + 1
    shows, gained = np.zeros((many, acts), np.int64), np.zeros((many, acts))
    seen, wrong = np.zeros((many, acts)), np.zeros((many, acts))
    sight, cut = np.zeros((many, len(CHANNELS))), np.zeros((many, len(GATES)))
    usual, benefits, step = np.zeros((many, 10)), np.zeros((many, 10)), np.zeros(many)
    refuses = np.zeros(many, np.int64)
    width = float(society.learning.width_secret)
    for p, provider in enumerate(made.values()):
        for name, channel in provider.channels.items():
            sight[p, CHANNELS.index(name)] = float(channel.sensitivity)
        for name, number in (*ACT.items(), ("pay_late", PAID)):
            shows[p, number] = _mask(c for c in shown[name] if c in provider.channels)
        if provider.score is None:
            continue
        low, step[p] = float(provider.score.lowest), _step(provider.score)
        usual[p] = _usual(provider.score)
        for name, points in provider.points.items():
            gained[p, ACT.get(name, PAID)] = float(points) / step[p]
        for number in range(acts):
            through = [float(c.sensitivity) for n, c in provider.channels.items() if _mask((n,)) & shows[p, number]]
            seen[p, number] = 1 - math.prod(1 - each for each in through)
        for name, channel in provider.channels.items():
            hit = [a for a in range(PAID) if gained[p, a] < 0 and shows[p, a] & _mask((name,))]
            for a in hit:
                wrong[p, a] += float(channel.false_match or 0) / len(hit)
        for name, gate in provider.gates.items():
            cut[p, GATE[name]] = (float(gate.threshold) - low) / step[p]
            refuses[p] |= (gate.unscored == "refuse") << GATE[name]
        benefits[p] = _benefits(provider, base, width)
    choices = [provider.members.choice for provider in made.values()]
    return {
        "provider_uses": np.array([_mask(provider.members.uses) for provider in made.values()], np.int64),
        "provider_channels": np.array([_mask(provider.channels) for provider in made.values()], np.int64),
        "provider_share": _chances(float(provider.members.share) for provider in made.values()),
        "provider_key": np.array([name_key(f"{regime.name} {name}") for name in made], np.uint32),
        "provider_scores": np.array([provider.score is not None for provider in made.values()], np.int64),
        "provider_chosen": np.array([choice is not None for choice in choices], np.int64),
        "provider_considers": _chances(float(choice.considers) if choice else 0.0 for choice in choices),
        "provider_peers": _f32([float(choice.peers) if choice else 0.0 for choice in choices]),
        "provider_privacy": _f32([float(choice.privacy) if choice else 0.0 for choice in choices]),
        "provider_noise": _f32([float(choice.noise) if choice else 0.0 for choice in choices]),
        "provider_benefits": _f32(benefits),
        "provider_shows": shows,
        "provider_sees": np.array([sum(1 << int(act) for act in np.flatnonzero(row)) for row in shows], np.int64),
        "provider_sight": sight,
        "provider_usual": _f32(usual),
        "provider_kept": _f32([_kept(provider.score) for provider in made.values()]),
        "provider_gained": _f32(gained),
        "provider_step": _f32(step),
        "private_seen": _f32(seen),
        "private_acts": sum(1 << a for a in range(PAID) if gained[:, a].any()),
        "private_blur": _f32(_blur(float(society.learning.risk_secret))),
        "private_width": width,
        "private_wrong": np.cumsum(wrong, axis=1),
        "private_minority": np.array([1.0, float(society.observation.minority_factor)]),
        "provider_cut": _f32(cut),
        "provider_refuses": refuses,
        "provider_shares": np.array([SHARES[provider.shares] for provider in made.values()], np.int64),
        "provider_on_conduct": np.array([provider.account == "conduct" for provider in made.values()], np.int64),
    } | _pool(regime)


def _pool(regime: Regime) -> Tables:
    """How much is pooled, and what a place on the scale makes on the state's account."""
    score, pooling = regime.score, regime.pooling
    shift = scale = 0.0
    if score is not None and pooling is not None and pooling.account is not None:
        gain = gains(regime)[pooling.account]
        low, high = float(score.lowest), float(score.highest)
        shift = (low - float(score.usual)) / gain if gain else 0.0
        scale = (high - low) / STEPS / gain if gain else 0.0
    return {
        "pool_share": np.uint64(threshold(float(pooling.share) if pooling else 0.0)),
        "pool_shift": np.float32(shift),
        "pool_scale": np.float32(scale),
        "pool_on_conduct": int(pooling is not None and pooling.account == "conduct"),
    }


def _blur(spread: float) -> list[float]:
    """Factors by which people misjudge the chance to be seen: log-normal, of median 1."""
    return [math.exp(spread * NormalDist().inv_cdf((k + 0.5) / 256)) for k in range(256)]


def private_worth(regime: Regime, date: Month, base: Tables) -> Tables:
    """W of the gates that each provider keeps this month, by decile and place on its scale (month.worth).

    Where several keep a gate, one that lets in is enough: each is credited with its share. Where they pool, all gates
    hang on the mean, each at the lowest of its thresholds. private_most: the most that the points for an act can add.
    """
    made = list(regime.providers.values())
    pooled = regime.pooling is not None and date >= regime.pooling.from_
    places = np.arange(STEPS + 1)
    found = np.zeros((len(made), 10, STEPS + 1))
    most = np.zeros(len(ACTS))
    cuts: dict[str, list[tuple[int, float]]] = {}
    for p, provider in enumerate(made):
        for name, gate in provider.gates.items():
            if provider.score and date >= provider.from_ and (gate.from_ is None or date >= gate.from_):
                low = float(provider.score.lowest)
                cuts.setdefault(name, []).append((p, (float(gate.threshold) - low) / _step(provider.score)))
    width = base["private_width"] * STEPS / 600
    for name, kept in cuts.items():
        where = [(p, min(cut for _, cut in kept)) for p in range(len(made))] if pooled else kept
        share = 1.0 if pooled else 1 / len(kept)
        for p, cut in where:
            curve = 1 / (1 + np.exp(-np.clip((places - cut) / width, -30, 30)))
            found[p] += share * np.outer(base["gate_worth"][:, GATE[name]], np.round(curve, 7))
    for a in range(len(ACTS)):
        for p in range(len(made)):
            gain = float(base["provider_gained"][p, a])
            if gain > 0:
                most[a] += max(float((np.interp(places + gain, places, row) - row).max()) for row in found[p])
    return {"private_worth": found.astype(np.float32), "private_most": most}


def monthly_provider_tables(regime: Regime, date: Month, begun: bool, base: Tables) -> Tables:
    """What changes with the date: who has begun, gates in force, pooling. `begun`: the state's own part."""
    made = regime.providers
    there = [date >= provider.from_ for provider in made.values()]
    gates = [
        sum(1 << GATE[name] for name, gate in provider.gates.items() if gate.from_ is None or date >= gate.from_)
        if here
        else 0
        for here, provider in zip(there, made.values(), strict=True)
    ]
    pooling = regime.pooling
    return {
        "providers": sum(there),
        "provider_begun": np.array(there, np.int64),
        "provider_gates": np.array(gates, np.int64),
        "pooled": int(pooling is not None and date >= pooling.from_),
        "pool_begins": int(pooling is not None and date == pooling.from_ and regime.score is not None),
        "state_channels": _mask(regime.channels) if begun else 0,
    } | private_worth(regime, date, base)


def private_points(score: PrivateScore, byte: int) -> float:
    """The score in points that a byte above 0 stands for."""
    return float(score.lowest) + (byte - 1) * _step(score)


def private_byte(score: PrivateScore, points: float) -> int:
    """The byte of a score in points, to the nearest step."""
    return 1 + min(max(round((points - float(score.lowest)) / _step(score)), 0), STEPS)


def _step(score: PrivateScore) -> float:
    """Points of one step of the byte."""
    return (float(score.highest) - float(score.lowest)) / STEPS


def _usual(score: PrivateScore) -> list[float]:
    """Where a member of each income decile starts and drifts back to: whole steps, so that standing still is exact."""
    spread = float(score.capacity) if score.capacity is not None else 0.0
    places = (float(score.start) + spread * (decile - 4.5) / 9 - float(score.lowest) for decile in range(10))
    return [min(max(round(place / _step(score)), 0), STEPS) for place in places]


def _kept(score: PrivateScore | None) -> float:
    return round(0.5 ** (1 / float(score.half_life)), 7) if score is not None else 1.0


def _benefits(provider: Provider, base: Tables, width: float) -> Any:
    """What joining is expected to give, by decile: gates that stay shut to who is no member. As in `enrolment`."""
    score, choice = provider.score, provider.members.choice
    found = np.zeros(10)
    if score is None or choice is None:
        return found
    scale = width * (float(score.highest) - float(score.lowest)) / 600
    for name, gate in provider.gates.items():
        if gate.unscored != "pass":
            above = min(max((float(score.start) - float(gate.threshold)) / scale, -30), 30)
            found += base["gate_worth"][:, GATE[name]] / (1 + math.exp(-above))
    return np.round(found * float(choice.benefits), 6)


def _mask(channels: Any) -> int:
    return sum(1 << CHANNELS.index(channel) for channel in set(channels))


def _chances(values: Any) -> Any:
    return np.array([threshold(value) for value in values], np.uint64)


def _f32(values: Any) -> Any:
    return np.array(values, np.float32)
