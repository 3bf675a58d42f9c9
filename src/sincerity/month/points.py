"""What acts are worth under a regime: points by act, tiers of hours, yearly caps, discretion, bands set, presumptions.

Tables only; the rules that use them are `score` and `conduct`. `balance` multiplies penalties and rewards here, once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from sincerity.declare.regime import Points, Regime
from sincerity.declare.vocabulary import ACTS
from sincerity.month.gates import ACT
from sincerity.people.draws import threshold

Tables = dict[str, Any]

HOURS = 512
"""Hours of a year for which points are tabulated: those counted (a byte), and one act more."""
LEDGER_STEPS = 64
"""A ledger is a sum of two factors of which a point on the account is 1/64: exact in float32, never at their ends."""
NO_BAND = 1e9
BY_STATE = ("pay_late", "default", "judgment")
"""Acts whose state lasts: points by the month are given while it does."""


def scaled(regime: Regime, value: Decimal) -> float:
    """Points after `balance`: the regime's penalties and rewards, each times its scale."""
    penalties, rewards = regime.scales
    return float(value * (penalties if value < 0 else rewards))


def gains(regime: Regime) -> dict[str, float]:
    """Points of the score that a point on each account makes."""
    score = regime.score
    if score is None:
        return {"credit": 0.0, "conduct": 0.0}
    if score.factors is None or score.makeup is None or score.spread is None:
        return {"credit": 1.0, "conduct": 1.0}
    spread, weights, makeup = float(score.spread), score.factors, score.makeup
    return {
        "credit": spread * float(weights.credit_history) * float(makeup.credit),
        "conduct": spread * float(weights.behaviour) * float(makeup.conduct),
    }


def needs(regime: Regime) -> dict[str, int]:
    """How many rows a regime needs of the columns that not every regime needs (`Column.needs`)."""
    rows = sum(made.timed for made in regime.lists.values())
    points = regime.points.values()
    return {
        "score": int(regime.score is not None),
        "records": int(regime.score is not None or bool(regime.lists)),
        "terms": rows,
        "hours": int(any(p.per == "hour" for p in points)),
        "caps": int(any(p.at_most is not None for p in points)),
        "peers": int(regime.score is not None and regime.peers is not None),
        "providers": len(regime.providers),
    }


def hour_points(regime: Regime, points: Points) -> list[float]:
    """Points for the first h hours of a year, h from 0 to HOURS."""
    tiers = [(float(t.up_to) if t.up_to is not None else float(HOURS), scaled(regime, t.value)) for t in points.tiers]
    tiers = tiers or [(float(HOURS), scaled(regime, points.value))]
    found = []
    for hours in range(HOURS + 1):
        total, begun = 0.0, 0.0
        for end, value in tiers:
            total += max(min(hours, end) - begun, 0.0) * value
            begun = end
        found.append(total)
    return found


def ceiling(regime: Regime, points: Points) -> float:
    """The score below which an act that sets a band brings a person: where the band above it begins."""
    penalties, _ = regime.scales
    names = [band.name for band in regime.bands]
    if points.sets is None or penalties == 0:
        return NO_BAND
    above = regime.bands[names.index(points.sets) - 1].from_
    return NO_BAND if above is None else float(above)


def point_tables(regime: Regime) -> Tables:
    """What `score` adds up: plain points by act and account, and apart from them acts that have more to them."""
    many = len(ACTS)
    plain = {"credit": np.zeros(many), "conduct": np.zeros(many)}
    value, discretion, hours, most = (np.zeros(many) for _ in range(4))
    sets, on_conduct = np.full(many, NO_BAND), np.zeros(many, np.int64)
    by_the_hour = [0.0] * (HOURS + 1)
    special = by_month = 0
    for name, points in regime.points.items():
        if name not in ACT:
            continue
        act, given = ACT[name], scaled(regime, points.value)
        on_conduct[act] = points.account == "conduct"
        if points.per == "month" and name in BY_STATE:
            by_month |= 1 << act
        sets[act] = ceiling(regime, points)
        if points.hours is not None:
            hours[act] = float(points.hours)
            by_the_hour = hour_points(regime, points)
        if points.at_most is not None:
            most[act] = float(points.at_most)
        if points.discretion is not None:
            ends = (scaled(regime, points.discretion.low), scaled(regime, points.discretion.high))
            discretion[act] = ends[1] - ends[0]
        if hours[act] or most[act] or discretion[act] or sets[act] < NO_BAND:
            special |= 1 << act
            value[act] = given
        else:
            plain[points.account][act] = given
    paid = regime.points.get("pay_on_time")
    conduct = gains(regime)["conduct"]
    return {
        "points_credit": plain["credit"].astype(np.float32),
        "points_conduct": plain["conduct"].astype(np.float32),
        "paid_points": np.float32(scaled(regime, paid.value) if paid else 0),
        "paid_most": np.float32(float(paid.at_most) if paid and paid.at_most else 0),
        "paid_on_conduct": int(paid is not None and paid.account == "conduct"),
        "special_acts": special,
        "special_value": value.astype(np.float32),
        "act_on_conduct": on_conduct,
        "discretion": discretion.astype(np.float32),
        "hours_an_act": hours.astype(np.float32),
        "hour_points": np.array(by_the_hour, np.float32),
        "most_a_year": most.astype(np.float32),
        "sets_below": sets.astype(np.float32),
        "sets_bands": int((sets < NO_BAND).any()),
        "conduct_a_point": np.float32(1 / conduct if conduct else 0),
        "by_month": by_month,
        "by_hours": needs(regime)["hours"],
        "capped": needs(regime)["caps"],
    }


def expected(regime: Regime, act: str) -> float:
    """Points of the score that people expect an act to bring or cost: no cap, the first tier, the middle of a range."""
    points = regime.points.get(act)
    share = 1 - float(regime.peers.weight) if regime.peers else 1.0
    if points is None or regime.score is None or (apart(regime) and points.account == "conduct"):
        return 0.0
    if points.sets is not None:
        return -max(float(regime.score.usual) - ceiling(regime, points), 0.0) * share
    value = scaled(regime, points.value)
    if points.hours is not None:
        value = hour_points(regime, points)[round(float(points.hours))]
    return value * gains(regime)[points.account] * share


def apart(regime: Regime) -> bool:
    """Whether contexts are kept apart."""
    return regime.safeguards is not None and regime.safeguards.same_context


def peer_tables(regime: Regime) -> Tables:
    """What peers' ratings weigh, where they start and how fast their mean fades."""
    score, peers = regime.score, regime.peers
    if score is None or peers is None:
        return dict.fromkeys(("peers", "rating_start", "rating_kept", "likeness", "retaliation"), np.float32(0))
    low, high = float(score.lowest), float(score.highest)
    return {
        "peers": np.float32(float(peers.weight)),
        "rating_start": np.float32((float(score.usual) - low) / (high - low)),
        "rating_kept": np.float32(round(0.5 ** (1 / float(peers.half_life)), 7)),
        "likeness": np.float32(float(peers.likeness)),
        "retaliation": np.float32(float(peers.retaliation)),
    }


def retaliation(regime: Regime) -> float:
    """Points of the score that a critical post costs in the next month through peers' ratings."""
    score, peers = regime.score, regime.peers
    if score is None or peers is None:
        return 0.0
    fresh = 1 - 0.5 ** (1 / float(peers.half_life))
    stake: float = float(peers.weight) * (float(score.highest) - float(score.lowest)) * float(peers.retaliation) * fresh
    return stake


def presumption_tables(regime: Regime, reviewed: float, begun: bool) -> Tables:
    """What is presumed of people, in the order of the file; `reviewed`: share of wrong ones that a human holds back."""
    made = list(regime.inference.values()) if begun else []
    return {
        "presumed_from": np.array([ACT[one.from_] for one in made], np.int64),
        "presumed_rightly": np.array([threshold(float(one.sensitivity)) for one in made], np.uint64),
        "presumed_wrongly": np.array(
            [threshold(float(one.false_positive) * (1 - reviewed)) for one in made], np.uint64
        ),
        "presumed_points": np.array([float(one.points) if one.points else 0.0 for one in made], np.float32),
        "presumed_on_conduct": np.array([one.account == "conduct" for one in made], np.int64),
    }
