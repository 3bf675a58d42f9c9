"""The core month as a user of Sincerity writes it: eight short rules over people, lived by `sincerity.lab`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int8, uint32

import sincerity as sc
from benchmarks import core
from sincerity.month.schedule import rule
from sincerity.people.draws import threshold
from sincerity.people.functions import logistic, logistic_table
from sincerity.people.kernel import kernel

SCORE, SPOKE_FOR, SPOKE_AGAINST, ONE = 0xFFFFF, 1 << 20, 1 << 24, 1 << 28
"""What a person shows: the score in 16ths of a point, who spoke for, who against, and a 1. Ten of them can be added."""
PUNISHED = 1 << 27


@kernel
def meeting(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Add up what one's ties showed last month; a slot that leads to oneself leads to nobody."""
    people.friends[: hi - lo] = 0
    for slot in range(people.contacts.shape[0]):
        contacts = people.contacts[slot]
        for q in range(hi - lo):
            met = contacts[q]
            people.friends[q] += people.shown[met] if met != uint32(lo + q) else uint32(0)


@kernel
def conduct(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """The account fades; at most one act of the month is added to it."""
    for q in range(hi - lo):
        points = tables.offence_points if luck[0, q] < tables.offence else float32(0.0)
        points = tables.deed_points if luck[0, q] >= tables.no_deed else points
        people.account[lo + q] = people.account[lo + q] * tables.kept + points


@kernel
def score(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """The account, and a part of what the ties' mean is away from the middle."""
    middle, weight = tables.middle, tables.ties_weight
    for q in range(hi - lo):
        count = float32(people.friends[q] >> uint32(28))
        total = float32(people.friends[q] & uint32(SCORE)) * float32(1 / 16)
        away = (total - middle * count) / max(count, float32(1.0))
        people.published[lo + q] = middle + people.account[lo + q] + weight * away


@kernel
def lists(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """On the list while below the cut, and for a term after it."""
    for i in range(lo, hi):
        left = max(people.months_listed[i], int8(1)) - int8(1)
        people.months_listed[i] = int8(tables.term) if people.published[i] < tables.cut else left


@kernel
def worth(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """The chance of saying what one thinks: conviction, what friends said, and fear. In two loops, each fast."""
    for q in range(hi - lo):
        x = people.opinion[lo + q]
        pro = float32((people.friends[q] >> uint32(20)) & uint32(15))
        con = float32((people.friends[q] >> uint32(24)) & uint32(15))
        sign = float32(1.0) if x > float32(0.0) else float32(-1.0)
        loss = float32(0.0) if x > float32(0.0) else tables.loss * people.dread[lo + q]
        company = tables.company * sign * (pro - con) / (pro + con + float32(1.0))
        utility = tables.conviction * sign * x + company - tables.cost - loss
        people.chance[q] = utility / tables.noise
    for q in range(hi - lo):
        people.chance[q] = tables.occasion * logistic(tables.logistic, people.chance[q])


@kernel
def speech(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Speak or not; who speaks against may be punished."""
    for q in range(hi - lo):
        against = people.opinion[lo + q] <= float32(0.0)
        word, chance = float32(luck[0, q]) * float32(2.0**-32), people.chance[q]
        said = uint32(SPOKE_AGAINST) if against else uint32(SPOKE_FOR)
        bound = chance * tables.punished if against else float32(0.0)
        said |= uint32(PUNISHED) if word < bound else uint32(0)
        people.spoken[q] = said if word < chance else uint32(0)


@kernel
def learning(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """A punishment costs points and adds to fear, a list adds to fear; fear moves towards what it has reason to be."""
    for q in range(hi - lo):
        i = lo + q
        punished = people.spoken[q] & uint32(PUNISHED)
        aim = tables.fear + (tables.fear_punished if punished else float32(0.0))
        aim += tables.fear_listed if people.months_listed[i] > 0 else float32(0.0)
        people.dread[i] += tables.learning * (aim - people.dread[i])
        people.account[i] += tables.speech_points if punished else float32(0.0)


@kernel
def show(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """What others will see next month."""
    for q in range(hi - lo):
        spoke = people.spoken[q] & uint32(SPOKE_FOR | SPOKE_AGAINST)
        people.showing[lo + q] = uint32(people.published[lo + q] * float32(16.0)) | spoke | uint32(ONE)


RULES = (
    rule("meeting", meeting, "contacts shown", "friends", 0),
    rule("conduct", conduct, "", "account", 1),
    rule("score", score, "friends account", "published", 0),
    rule("lists", lists, "published", "months_listed", 0),
    rule("worth", worth, "opinion friends dread", "chance", 0),
    rule("speech", speech, "opinion chance", "spoken", 1),
    rule("learning", learning, "spoken months_listed", "dread account", 0),
    rule("show", show, "spoken published", "showing", 0),
)
NUMBERS = (
    "MIDDLE KEPT TIES_WEIGHT OFFENCE_POINTS DEED_POINTS SPEECH_POINTS CUT TERM OCCASION CONVICTION COMPANY COST LOSS "
    "NOISE PUNISHED FEAR FEAR_PUNISHED FEAR_LISTED LEARNING"
)
TABLES = {name.lower(): np.float32(getattr(core, name)) for name in NUMBERS.split()} | {
    "offence": threshold(core.OFFENCE),
    "no_deed": threshold(1 - core.GOOD_DEED),
    "logistic": logistic_table(),
}
SCRATCH = {"friends": np.uint32, "chance": np.float32, "spoken": np.uint32}


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months; the same bits for any number of threads."""
    begun = {
        "opinion": core.opinions(people, seed),
        "account": np.zeros(people, np.float32),
        "dread": np.full(people, core.FEAR, np.float32),
        "published": np.full(people, core.MIDDLE, np.float32),
        "months_listed": np.zeros(people, np.int8),
        "showing": np.full(people, 16 * int(core.MIDDLE) + ONE, np.uint32),
    }
    made = sc.lab(
        *RULES, people=people, months=months, ties=core.edges(people, seed), state=begun, shows={"shown": "showing"},
        scratch=SCRATCH, tables=TABLES, seed=seed, threads=threads, block=1 << 15,
    )  # fmt: skip
    spoke_for, spoke_against = made["showing"] & SPOKE_FOR > 0, made["showing"] & SPOKE_AGAINST > 0
    said = np.where(spoke_for, core.FOR, np.where(spoke_against, core.AGAINST, core.SILENT))
    return core.answers(made["published"], made["account"], made["dread"], made["months_listed"], said)
