"""The lab: given ties of any shape, computed ties as a society has them, luck, scratch, bad input at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import sincerity as sc
from sincerity.declare.catalogue import society
from sincerity.declare.problems import BadInput
from sincerity.engine.given import given_contacts, simple
from sincerity.engine.world import settle
from sincerity.month.schedule import Rule, ScheduleError, rule
from sincerity.people.kernel import kernel
from sincerity.people.orders import NOBODY
from sincerity.people.ties import SLOTS, contact


@kernel
def meet(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Count friends, and leave for the next rule the largest id among them."""
    for q in range(hi - lo):
        people.largest[q] = -1
        people.friends[lo + q] = 0
        for slot in range(people.contacts.shape[0]):
            j = people.contacts[slot, q]
            if j != lo + q:
                people.friends[lo + q] += 1
                people.largest[q] = max(people.largest[q], np.int64(j))


@kernel
def draw(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Keep what was left, add up luck, and see last month's total of the friend with the largest id."""
    for q in range(hi - lo):
        people.kept[0, lo + q] = people.largest[q]
        if people.largest[q] >= 0:
            people.kept[1, lo + q] = people.shown[people.largest[q]]
        people.total[lo + q] += luck[0, q] % np.uint32(tables.sides) + np.uint32(1)


@kernel
def copy_age(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Keep a trait."""
    for q in range(hi - lo):
        people.years[lo + q] = people.age[q]


MEET = rule("meet", meet, "contacts", "friends largest", 0)
DRAW = rule("draw", draw, "largest shown", "kept total", 1)
COPY = rule("copy age", copy_age, "age", "years", 0)


@kernel
def count_all(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Grow by one's number, and keep what all were together."""
    for i in range(lo, hi):
        people.size[i] += i
        people.heard[i] = tables.together
        people.rows[0, i] = tables.by_row[1]
        people.rows[1, i] += 1


@kernel
def weigh(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Twice the weight of the second."""
    for i in range(lo, hi):
        people.size[i] = 2 * people.weight[1]


COUNT_ALL = rule("count all", count_all, "", "size heard rows", 0)


def lived(people: int, ties: Any, months: int = 3, **options: Any) -> dict[str, Any]:
    zeros = np.zeros(people, np.int64)
    state = {"friends": zeros, "total": zeros, "kept": np.zeros((2, people), np.int64)}
    return sc.lab(
        MEET, DRAW, people=people, months=months, ties=ties, state=state, shows={"shown": "total"},
        scratch={"largest": np.int64}, tables={"sides": 6}, **options,
    )  # fmt: skip


# ---- given ties ------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(people=st.integers(1, 40), pairs=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=200))
@example(people=1, pairs=[(0, 0)])
@example(people=40, pairs=[(0, k) for k in range(40)])
def test_given_ties_are_the_edges_and_nothing_else(people: int, pairs: list[tuple[int, int]]) -> None:
    edges = [(a % people, b % people) for a, b in pairs]
    found = given_contacts(people, edges).astype(np.int64)
    ids = np.arange(people)
    for whom in found:
        assert np.array_equal(whom[whom], ids)
    reached = [(min(i, int(j)), max(i, int(j))) for whom in found for i, j in enumerate(whom) if i < j]
    assert len(reached) == len(set(reached))
    assert set(reached) == {(min(e), max(e)) for e in edges if e[0] != e[1]}
    most = max((sum(i in e for e in set(reached)) for i in range(people)), default=0)
    assert len(found) <= most + 1 or len(found) < 2 * most


@pytest.mark.parametrize("people", [1, 2, 7, 63, 65])
def test_a_world_without_ties_is_lived_too(people: int) -> None:
    made = lived(people, np.zeros((0, 2), int))
    assert made["friends"].tolist() == [0] * people
    assert (made["kept"][0] == -1).all()
    assert ((made["total"] >= 3) & (made["total"] <= 18)).all()


def test_others_are_seen_as_they_were_last_month() -> None:
    ties = [(0, 1), (1, 2), (2, 3), (3, 3), (2, 1)]
    before, after = lived(4, ties, months=2), lived(4, ties, months=3)
    assert after["friends"].tolist() == [1, 2, 2, 1]
    assert after["kept"][0].tolist() == [1, 2, 3, 2]
    assert after["kept"][1].tolist() == before["total"][[1, 2, 3, 2]].tolist()
    assert np.array_equal(after["shown"], after["total"])
    assert set(after) == {"friends", "total", "kept", "shown"}


@pytest.mark.parametrize(("threads", "block"), [(1, 1), (2, 17), (3, 1000)])
def test_threads_and_blocks_move_no_bit(threads: int, block: int) -> None:
    ties = np.random.default_rng(5).integers(0, 100, (300, 2))
    one, other = lived(100, ties), lived(100, ties, threads=threads, block=block)
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert not np.array_equal(one["total"], lived(100, ties, seed=2)["total"])


def test_what_was_given_is_left_as_it_was() -> None:
    begun = np.full(2, 5)
    state = {"friends": begun, "total": begun, "kept": np.zeros((2, 2), np.int64)}
    made = sc.lab(MEET, DRAW, people=2, months=1, ties=[(0, 1)], state=state, shows={"shown": "total"},
                  scratch={"largest": np.int64}, tables={"sides": 2})  # fmt: skip
    assert begun.tolist() == [5, 5]
    assert made["kept"][1].tolist() == [5, 5]
    assert (made["total"] > 5).all()


@pytest.mark.parametrize(("threads", "block"), [(1, 8192), (3, 7)])
def test_totals_are_those_of_last_month(threads: int, block: int) -> None:
    people, zeros = 50, np.zeros(50, np.int64)
    state = {"size": zeros + 1, "heard": zeros, "rows": np.zeros((2, people))}
    for months in range(1, 4):
        made = sc.lab(COUNT_ALL, people=people, months=months, ties=[], state=state, threads=threads, block=block,
                      totals={"together": "size", "by_row": "rows"})  # fmt: skip
        assert set(made["heard"].tolist()) == {people + (months - 1) * 49 * 25}
        assert set(made["rows"][0].tolist()) == {people * (months - 1)}


def test_totals_are_of_columns_that_there_are_and_are_looked_up() -> None:
    state = {"size": [1], "heard": [0], "rows": [[0], [0]]}
    with pytest.raises(BadInput, match="no column 'sise' to add up"):
        sc.lab(COUNT_ALL, people=1, months=1, ties=[], state=state, totals={"together": "sise"})
    with pytest.raises(BadInput, match="no rule looks up 'all'"):
        sc.lab(COUNT_ALL, people=1, months=1, ties=[], state=state, totals={"all": "size"})
    with pytest.raises(BadInput, match="is a table and a total"):
        sc.lab(COUNT_ALL, people=1, months=1, ties=[], state=state, totals={"all": "size"}, tables={"all": 1})


# ---- a society ------------------------------------------------------------------------------------------------------


def test_a_society_gives_its_traits_and_living_slots() -> None:
    people = 1_025
    land = settle(society("china-2020"), people, 3)
    state = {"friends": np.zeros(people, np.int64), "years": np.zeros(people, np.uint8)}
    made = sc.lab(MEET, COPY, people=people, months=1, state=state, scratch={"largest": np.int64},
                  society="china-2020", seed=3, block=100)  # fmt: skip
    expected = [len({contact(i, slot, land.ties) for slot in range(SLOTS)} - {NOBODY}) for i in range(people)]
    assert made["friends"].tolist() == expected
    assert len(np.unique(made["years"])) > 50
    given_too = sc.lab(MEET, COPY, people=people, months=1, state=state, scratch={"largest": np.int64},
                       society="china-2020", seed=3, ties=[(0, 1_024)])  # fmt: skip
    assert given_too["friends"].sum() == 2
    assert np.array_equal(given_too["years"], made["years"])


# ---- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ([(0, 4)], r"no such pair as \[0, 4\]"),
        ([(-1, 2)], "ids from 0 to 3"),
        ([(0, 1, 2)], r"\(1, 3\) is no edge list"),
        ([(0.5, 1.0)], "float64"),
    ],
)
def test_what_is_no_edge_list_is_refused(ties: Any, expected: str) -> None:
    with pytest.raises(BadInput, match=expected):
        simple(4, ties)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(BadInput) as error:
        sc.lab(people=0, months=-1, state={"a b": [1, 2], "s": ["x"]}, shows={"s": "t"}, threads=0)
    text = str(error.value)
    for part in ("people", "months", "threads", "is no name", "used twice", "no column 't'", "neither ties", "no rule"):
        assert part in text, part


def test_tables_that_nobody_looks_up_and_taken_names_are_refused() -> None:
    with pytest.raises(BadInput) as error:
        sc.lab(MEET, people=2, months=1, ties=[], state={"friends": [0, 0], "score": [0, 0]}, tables={"kappa": 1})
    assert "no rule looks up 'kappa'" in str(error.value)
    assert "a column of the usual month" in str(error.value)
    with pytest.raises(BadInput, match="this is a trait"):
        sc.lab(COPY, people=1_000, months=1, society="china-2020", state={"age": np.zeros(1_000), "years": [0] * 1_000})
    with pytest.raises(BadInput, match="a lab has no firms"):
        sc.lab(Rule("meet", meet, "firms", (), (), 0), people=2, months=1, ties=[], state={"friends": [0, 0]})


def test_a_column_that_no_rule_writes_is_read_and_one_that_none_touches_is_refused() -> None:
    state = {"size": [0, 0], "heard": [0, 0], "rows": np.zeros((2, 2)), "weight": [3, 4]}
    row = rule("weigh", weigh, "weight", "size", 0)
    given: dict[str, Any] = {"people": 2, "months": 2, "ties": [], "totals": {"together": "weight", "by_row": "rows"}}
    made = sc.lab(COUNT_ALL, row, state=state, **given)
    assert made["size"].tolist() == [8, 8]
    assert made["weight"].tolist() == [3, 4]
    with pytest.raises(ScheduleError, match="the column 'height' has no writer"):
        sc.lab(COUNT_ALL, row, state=state | {"height": [1, 2]}, **given)


def test_a_rule_may_touch_only_what_its_row_names() -> None:
    sly = rule("sly", meet, "contacts", "friends", 0)
    with pytest.raises(ScheduleError, match="'largest', which its row does not declare"):
        sc.lab(sly, people=2, months=1, ties=[(0, 1)], state={"friends": [0, 0]}, scratch={"largest": np.int64})
