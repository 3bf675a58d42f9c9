"""A score taken apart: from where everyone starts, what each input adds when it is let in, one after the other.

The parts sum to the score; an account is divided among its records, and a tie's part is the score less the score
without that tie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sincerity.census.wording import TIES, WANTED
from sincerity.declare.dates import Month
from sincerity.people.columns import PUNISHED

if TYPE_CHECKING:
    from sincerity.census.lives import Row, Step
    from sincerity.declare.regime import Regime


@dataclass
class Part:
    """One line of an account: what is left of all records of one kind, in points of the account."""

    label: str
    path: str
    points: float = 0.0
    times: int = 0
    last: str = ""


class Share(NamedTuple):
    """One step of the waterfall from the start of the scale to a score. points: what it adds; paths: where it says so.

    times, last: of records, how often and when last ('' for what is no record).
    """

    label: str
    points: float
    paths: tuple[str, ...]
    times: int = 0
    last: str = ""


class Pull(NamedTuple):
    """A living tie: whom (number), what kind, their score as shown (points; 0 unscored), what they add to one's own."""

    person: int
    kind: str
    score: float
    adds: float


ACCOUNT = {"credit": "the money account", "conduct": "the conduct account"}
START, WHO, MEANS = "where everyone starts", "age, schooling, town or country, partner", "savings and income"
MEAN, POSTS, PEERS, HELD = (
    "the mean score of friends and household",
    "their punished posts",
    "what peers give",
    "the old score stays in force",
)
ROUNDING = "rounding"
PATHS = {
    START: ("regime.score.centre", "regime.score.start", "regime.score"),
    WHO: ("regime.score.factors.identity", "regime.score.makeup.age"),
    MEANS: ("regime.score.factors.capacity", "regime.score.makeup.savings"),
    MEAN: ("regime.ties.friends",),
    POSTS: ("regime.ties.posts",),
    PEERS: ("regime.peers",),
    HELD: ("regime.score.updated",),
}
WHO_TABLES, MEANS_TABLES = (
    ("by_age", "by_education", "by_urban", "by_partner", "by_length"),
    ("by_savings", "by_income"),
)


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set."""
    number = 0
    while mask:
        if mask & 1:
            yield number
        mask >>= 1
        number += 1


def score_steps(step: Step) -> dict[str, float]:
    """What each input adds to the score when it is let in, one after the other, in points; they sum to the score.

    Before any is let in, the accounts stand at 0 and every factor at 50 of 100: where everyone starts.
    """
    t, now = step.tables, step.after
    half = 50 * float(t.capacity_weight), 50 * float(t.identity_weight)
    origin = float(t.origin) + sum(half)
    inputs = {"credit": 0, "conduct": 0, "seen": 0, "false_new": 0, "false_points": now["false_points"]}
    tables: dict[str, Any] = dict.fromkeys((*WHO_TABLES, *MEANS_TABLES, "friends", "posts", "peers", "paid_points"), 0)
    tables |= {"origin": origin, "updates": 1, "heals": 0, "credit_retained": 1, "conduct_retained": 1}
    tables |= {"presumed_from": np.zeros(0, np.int64)}
    lets: list[tuple[str, Row, dict[str, Any], tuple[str, ...]]] = [
        (START, {}, {}, ()),
        (WHO, {}, {"origin": origin - half[1]}, WHO_TABLES),
        (MEANS, {}, {"origin": float(t.origin)}, (*MEANS_TABLES, "origin")),
        (ACCOUNT["credit"], {"credit": now["credit"]}, {}, ()),
        (ACCOUNT["conduct"], {"conduct": now["conduct"]}, {}, ()),
        (MEAN, {}, {}, ("friends",)),
        (POSTS, {}, {}, ("posts",)),
        (PEERS, {}, {}, ("peers",)),
        (HELD, {}, {}, ("updates",)),
    ]
    found: dict[str, float] = {}
    stood = 0.0
    for label, more, put, real in lets:
        inputs |= more
        tables |= put
        for name in real:
            tables.pop(name, None)
        stands = step.again(inputs, **tables)["score"] / 32
        found[label], stood = stands - stood, stands
    found[ROUNDING] = now["score"] / 32 - stood
    return found


def pulls(step: Step, met: Step | None) -> list[Pull]:
    """What each living tie adds to the score of the month: the score as it is, less the score without that tie."""
    if met is None or not step.after["score"]:
        return []
    found = []
    for slot in bits(met.after["alive"]):
        entry = met.after["entries"][slot]
        theirs = entry & 0xFFFF
        flags = entry >> 16 & 0xFFFF
        inputs = {
            "friends_score": step.before["friends_score"] - theirs,
            "friends_scored": step.before["friends_scored"] - (theirs > 0),
            "friends_punished": step.before["friends_punished"] - bool(flags & PUNISHED),
        }
        adds = (step.after["score"] - step.again(inputs)["score"]) / 32
        found.append(Pull(met.before["contacts"][slot], TIES[met.tables.kind_of_slot[slot]], theirs / 32, adds))
    return sorted(found, key=lambda pull: pull.adds)


def cuts(regime: Regime, date: Month) -> list[tuple[str, float, str]]:
    """Where the score divides in a month: (what, points, path), the lowest first."""
    found = []
    for name, gate in regime.gates.items():
        cut = regime.cut(gate)
        if cut is not None and (gate.from_ is None or date >= gate.from_):
            found.append((WANTED[name], float(cut), f"regime.gates.{name}"))
    for name, made in regime.lists.items():
        if made.below is not None and (made.from_ is None or date >= made.from_):
            found.append((f"the list {made.title}", float(made.below), f"regime.lists.{name}"))
    return sorted(found, key=lambda cut: cut[1])


def waterfall(steps: dict[str, float], accounts: dict[str, dict[str, Part]]) -> list[Share]:
    """A month's score step by step, its accounts down to their records."""
    rows: list[Share] = []
    for label, points in steps.items():
        name = next((n for n, said in ACCOUNT.items() if said == label), "")
        if not name:
            if abs(points) >= 1 / 64:
                rows.append(Share(label, points, PATHS.get(label, ())))
            continue
        lines = [part for part in accounts[name].values() if abs(part.points) >= 1 / 32]
        total = sum(part.points for part in lines)
        for part in sorted(lines, key=lambda part: part.points):
            share = points * part.points / total if total else 0.0
            paths = (part.path, f"regime.accounts.{name}") if part.path else (f"regime.accounts.{name}",)
            rows.append(Share(part.label, share, paths, part.times, part.last))
    return rows
