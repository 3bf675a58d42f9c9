"""Checked mode: what a row does not allow is told, and who keeps to it gives the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba import uint8

import sincerity as sc
from engine.living import BOTH, declared, live
from sincerity.rules import Schedule, ScheduleError, checked, checked_rule, inline, kernel, rule
from sincerity.study import store


@kernel
def meddle(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Writes what its row says it only reads."""
    for i in range(lo, hi):
        people.buffer[i] = uint8(0)


def meddle_plainly(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """The same without Numba."""
    people.buffer[lo:hi] = 0


@inline
def quietly(people: Any, i: Any) -> None:
    """A write that is hidden in another function."""
    people.owed[i] = uint8(1)


@kernel
def roundabout(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Writes by way of another function."""
    for i in range(lo, hi):
        quietly(people, i)


@kernel
def trespass(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Frightens the next person, who may be of another block."""
    for i in range(lo, hi):
        people.fear[(i + 1) % people.fear.shape[0]] = uint8(255)


@kernel
def scribble(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Writes into a table that all share."""
    for i in range(lo, hi):
        people.fear[i] = uint8(tables.topics[0] & np.uint64(1))
        tables.topics[0] += np.uint64(1)


@kernel
def dice(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Draws luck of its own."""
    for i in range(lo, hi):
        people.fear[i] = uint8(np.random.randint(0, 256))


@kernel
def enrich(lo: int, hi: int, firms: Any, tables: Any, luck: Any) -> None:
    """Writes a column of firms that its row only reads."""
    for i in range(lo, hi):
        firms.cash[i] = 1


@kernel
def calm(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Keeps to its row."""
    for q in range(hi - lo):
        people.fear[lo + q] = uint8(luck[0, q] >> np.uint32(24))


CASES = [
    (rule("meddle", meddle, "buffer", "", 0), "meddle: writes a column that its row only reads, at `people.buffer"),
    (rule("meddle", meddle_plainly, "buffer", "", 0), "meddle: writes a column that its row only reads"),
    (rule("round", roundabout, "owed", "", 0), "round: writes a column that its row only reads"),
    (rule("trespass", trespass, "", "fear", 0), r"trespass: writes 'fear' of people who are not its own \(0 to 699\)"),
    (rule("scribble", scribble, "", "fear", 0), "scribble: writes into the table 'topics'"),
    (rule("dice", dice, "", "fear", 0), "dice: gives another 'fear' when it is called again"),
    (rule("enrich", enrich, "cash", "", 0, over="firms"), "enrich: writes 'cash', which its row only reads"),
]


@pytest.mark.parametrize(
    ("row", "says"), [pytest.param(*case, id=f"{k} {case[0].name}") for k, case in enumerate(CASES)]
)
def test_what_a_row_does_not_allow_is_told(row: Any, says: str) -> None:
    with pytest.raises(ScheduleError, match=says):
        live(declared(2_000, 1, BOTH), schedule=checked(Schedule().after("asking", row)), block=700)


@pytest.mark.parametrize("threads", [1, 3])
def test_the_usual_month_keeps_to_its_rows_and_gives_the_same_bits(threads: int) -> None:
    schedule = Schedule().after("asking", rule("calm", calm, "", "fear", 1))
    wanted = declared(2_000, 2, BOTH)
    found = live(wanted, schedule=checked(schedule), block=700, threads=threads)
    assert found.prints == live(wanted, schedule=schedule, block=700).prints


def test_a_checked_run_is_not_found_where_an_unchecked_one_was() -> None:
    wanted, schedule = declared(2_000, 1, BOTH), Schedule().after("asking", rule("calm", calm, "", "fear", 1))
    assert len({store.key(wanted, each) for each in (None, schedule, checked(schedule), checked(Schedule()))}) == 4
    assert store.own_rules(checked(Schedule())) == ["checked"]
    assert store.own_rules(checked(schedule)) == [f"calm ({__name__})", "checked"]
    assert store.own_rules(Schedule(tuple(reversed(Schedule().rows)))) == ["the usual rules in another order"]


@kernel
def push(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Writes another's row."""
    for i in range(lo, hi):
        people.size[0] += i


def test_a_rule_of_a_lab_is_checked_too() -> None:
    given: dict[str, Any] = {"people": 4, "months": 1, "ties": [], "state": {"size": [0] * 4}, "block": 2}
    row = rule("push", push, "", "size", 0)
    sc.lab(row, **given)
    with pytest.raises(ScheduleError, match=r"push: writes 'size' of people who are not its own \(2 to 3\)"):
        sc.lab(checked_rule(row), **given)
