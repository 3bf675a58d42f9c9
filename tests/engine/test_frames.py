"""What a rule may touch: its declared columns, read-only where it does not write them; and rules of one's own."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from numba import float32, uint8, uint16
from numba.core.errors import TypingError

from engine.living import BOTH, Lived, declared, live
from sincerity.declare.catalogue import regime
from sincerity.engine import frames
from sincerity.engine.cpu import Engine
from sincerity.engine.frames import frame, read_only
from sincerity.engine.watch import nobody
from sincerity.engine.world import WARM_UP_MONTHS, Land, build
from sincerity.month.schedule import ROWS, Rule, Schedule, ScheduleError, names_used, rule
from sincerity.people.columns import Column
from sincerity.people.draws import name_key
from sincerity.people.functions import exp
from sincerity.people.kernel import inline, kernel

GRUDGE = Column(
    "resentment", np.uint16, "state", "months", 0, 65535, "months since the start of the warm-up with luck below a half"
)
MOOD = Column("mood", np.uint8, "month", "code", 0, 9, "how the month felt")


@kernel
def resent(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Reads a month column of speech and a trait, writes a state and a month column of its own."""
    for q in range(hi - lo):
        people.mood[q] = uint8(people.said[q])
        people.resentment[lo + q] += uint16(luck[0, q] < np.uint32(0x80000000))


@kernel
def brood(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Reads what `resent` wrote this month."""
    for q in range(hi - lo):
        if people.mood[q] > 0:
            people.fear[lo + q] = uint8(255)


@kernel
def idle(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Touches nothing."""


@kernel
def meddle(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Writes what its row says it only reads."""
    for i in range(lo, hi):
        people.buffer[i] = uint8(0)


@inline
def hidden(people: Any, i: Any) -> Any:
    """A column read inside a compiled function that a rule takes in."""
    return people.owed[i]


@kernel
def roundabout(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Reads a column by way of another function."""
    for i in range(lo, hi):
        people.fear[i] = uint8(hidden(people, i))


@kernel
def tabled(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Looks up two tables, one of them by way of a function."""
    for i in range(lo, hi):
        people.fear[i] = uint8(min(exp(tables.exp, float32(1.0)) * tables.retirement_age, float32(255.0)))


def plainly(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """A rule without Numba, for whom ten lines of NumPy are enough."""
    people.resentment[lo:hi] += luck[0, : hi - lo] < 0x80000000
    people.mood[: hi - lo] = people.said[: hi - lo]


RESENT = rule("resent", resent, "said", "resentment mood", 1)
OWN = Schedule().after("speech", RESENT, columns=(GRUDGE, MOOD))


def engine_of(land: Land, listing: Schedule) -> Engine:
    return Engine([build(land, regime("none"), listing)], listing, 1, 1, 512)


def refusal(land: Land, listing: Schedule) -> str:
    with pytest.raises(ScheduleError) as caught:
        engine_of(land, listing)
    return str(caught.value)


# -- frames -------------------------------------------------------------------------------------------------------


def test_a_frame_is_one_class_for_the_same_fields() -> None:
    one = frame("People", ("fear", "owed"))
    assert one is frame("People", ["fear", "owed"])
    assert one._fields == ("fear", "owed")
    assert len({one, frame("People", ("owed", "fear")), frame("Tables", ("fear", "owed"))}) == 3
    assert pickle.loads(pickle.dumps(one)) is one
    assert frames.People_0123456789ab._fields == ()
    with pytest.raises(AttributeError):
        frames.Nothing_of_the_kind  # noqa: B018


def test_read_only_is_the_same_memory_and_cannot_be_written() -> None:
    array = np.zeros(3, np.uint8)
    shown = read_only(array)
    array[1] = 7
    assert shown.tolist() == [0, 7, 0]
    with pytest.raises(ValueError, match="read-only"):
        shown[1] = 1
    assert array.flags.writeable


def writeable(column: Any) -> bool:
    return any(part.flags.writeable for part in (column if isinstance(column, tuple) else (column,)))


def test_a_rule_is_handed_its_columns_and_what_it_only_reads_read_only(land: Land) -> None:
    engine = engine_of(land, Schedule())
    mine = engine.scratch()
    for row in engine.rules:
        handed = engine.people_frame(row.name, row.columns, row.writes, 0, mine)
        assert set(handed._fields) == {*row.reads, *row.writes}
        assert {name for name in handed._fields if writeable(getattr(handed, name))} == set(row.writes)
        if "buffer" in handed._fields:
            assert np.shares_memory(handed.buffer, engine.worlds[0].columns["buffer"])


# -- what the schedule refuses ---------------------------------------------------------------------------------------


def test_the_month_as_it_stands_is_accepted(land: Land) -> None:
    engine = engine_of(land, Schedule())
    assert [row.name for row in Schedule()] == [row.name for row in ROWS]
    assert [row.name for row in engine.rules] == [row.name for row in ROWS if row.over == "persons"]
    assert all(len(row.means) > 10 for row in ROWS)


@pytest.mark.parametrize(
    ("row", "columns", "says"),
    [
        (rule("resent", resent, "", "resentment mood", 1), (GRUDGE, MOOD), "resent: uses the column 'said'"),
        (rule("resent", resent, "said", "mood", 1), (GRUDGE, MOOD), "resent: uses the column 'resentment'"),
        (rule("round", roundabout, "", "fear", 0), (), "round: uses the column 'owed'"),
        (rule("idle", idle, "resentments", "", 0), (), "idle: there is no column 'resentments'"),
        (rule("idle", idle, "", "resentments", 0), (), "idle: there is no column 'resentments'"),
        (rule("idle", idle, "answer", "", 0), (), "idle: reads 'answer' before any rule of the month has written it"),
        (rule("idle", idle, "", "board", 0), (), "idle: writes 'board', which no rule may write (board)"),
        (rule("idle", idle, "", "age", 0), (), "idle: writes 'age', which no rule may write (trait)"),
        (rule("idle", idle, "", "contacts", 0), (), "idle: writes 'contacts', which no rule may write (trait)"),
        (rule("idle", idle, "", "", 0), (MOOD,), "the column 'mood' has no writer"),
        (rule("idle", idle, "", "", 0), (GRUDGE,), "the column 'resentment' has no writer"),
    ],
)
def test_a_row_that_cannot_be_honoured_is_refused(
    land: Land, row: Rule, columns: tuple[Column, ...], says: str
) -> None:
    assert says in refusal(land, at(row, columns))


def at(row: Rule, columns: tuple[Column, ...]) -> Schedule:
    return Schedule().after("speech", row, columns)


def test_a_month_column_may_be_read_only_after_its_writer(land: Land) -> None:
    engine_of(land, Schedule().after("asking", rule("idle", idle, "answer", "", 0)))
    assert "reads 'said' before" in refusal(land, Schedule().after("meeting", RESENT, (GRUDGE, MOOD)))


def test_a_removed_writer_is_missed(land: Land) -> None:
    message = refusal(land, Schedule().replace("redress", rule("idle", idle, "", "", 0)))
    assert message == "the column 'corrected' has no writer"


def test_all_faults_are_told_at_once(land: Land) -> None:
    message = refusal(land, at(rule("resent", resent, "answer", "age", 1), (GRUDGE, MOOD)))
    assert len(message.splitlines()) == 7
    assert {line.split(":")[0] for line in message.splitlines()[:5]} == {"resent"}


def test_two_names_with_the_same_key_of_luck_are_refused(land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    true = name_key
    monkeypatch.setattr("sincerity.month.schedule.name_key", lambda name: true("speech" if name == "resent" else name))
    assert "resent: its name gives the same key of luck as speech" in refusal(land, OWN)


@pytest.mark.parametrize("change", ["after", "replace"])
def test_an_unknown_rule_is_named_with_those_that_there_are(change: str) -> None:
    with pytest.raises(ScheduleError, match=r"no rule is called 'speach'; the rules are meeting, .*speech"):
        getattr(Schedule(), change)("speach", RESENT)


def test_numba_refuses_a_write_to_what_is_only_read(land: Land) -> None:
    engine = engine_of(land, at(rule("meddle", meddle, "buffer", "", 0), ()))
    with pytest.raises(TypingError, match="readonly array"):
        engine.compile(nobody)
    allowed = engine_of(land, at(rule("meddle", meddle, "", "buffer", 0), ()))
    allowed.compile(nobody)


def test_tables_are_handed_by_the_names_that_a_rule_uses() -> None:
    assert {"exp", "retirement_age", "fear"} <= names_used(tabled)
    assert "owed" in names_used(roundabout)
    assert "owed" not in names_used(tabled)


# -- rules of one's own ----------------------------------------------------------------------------------------------


def lived(listing: Schedule | None) -> Lived:
    return live(declared(2_000, 3, BOTH), schedule=listing, block=700)


def test_a_rule_of_ones_own_runs_and_its_column_is_there() -> None:
    found = lived(OWN)
    plain = lived(None)
    for mine, usual in zip(found.worlds, plain.worlds, strict=True):
        resentment = mine.columns["resentment"]
        assert resentment.dtype == np.uint16
        assert resentment.shape == (2_000,)
        months = WARM_UP_MONTHS + 3
        assert resentment.mean() == pytest.approx(months / 2, abs=0.5)
        assert resentment.var() == pytest.approx(months / 4, rel=0.15)
        assert "mood" not in mine.columns
        for name, column in usual.columns.items():  # adding a rule moves no other rule's luck
            assert np.array_equal(column, mine.columns[name]), name
    assert np.array_equal(found.worlds[0].columns["resentment"], found.worlds[1].columns["resentment"])
    assert found.rows == plain.rows


def test_a_plain_function_is_a_rule_too() -> None:
    row = rule("resent", plainly, "said", "resentment mood", 1)
    slow = lived(Schedule().after("speech", row, (GRUDGE, MOOD)))
    assert slow.prints == lived(OWN).prints


def test_a_later_rule_reads_what_an_earlier_wrote_this_month() -> None:
    after = rule("brood", brood, "mood", "fear", 0)
    found = lived(OWN.after("asking", after))
    last = [row for row in found.rows if row["month"] == "2014-08" and row["by"] == "all"]
    spoke = {row["world"]: row["count"] for row in last if row["measure"] == "occasion"}
    for world, name in zip(found.worlds, BOTH, strict=True):
        assert np.count_nonzero(world.columns["fear"] == 255) >= spoke[name] > 100
        usual = np.count_nonzero(lived(None).worlds[0].columns["fear"] == 255)
        assert usual < spoke[name] / 10


def test_a_rule_can_be_replaced() -> None:
    quiet = rule("friendship", kept_ties, "", "hold lost", 0)
    found = lived(Schedule().replace("friendship", quiet))
    lost = [row["count"] for row in found.rows if row["measure"] == "lost_tie"]
    assert lost
    assert set(lost) == {0}
    assert sum(row["count"] for row in lived(None).rows if row["measure"] == "lost_tie") > 0


@kernel
def kept_ties(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Nobody drops anybody."""
    for q in range(hi - lo):
        people.lost[q] = uint8(0)
        people.hold[lo + q] = people.hold[lo + q]


# -- what no schedule can mean ---------------------------------------------------------------------------

SHADOW = Column("buffer", np.int64, "state", "coins", 0, 9, "a registry's column under another type")
HEIGHT = Column("height", np.uint8, "trait", "cm", 0, 250, "a trait that nothing fills")
UNSEEN = (
    (rule("speech", resent, "said", "resentment mood", 1), (GRUDGE, MOOD), "two rules of one name"),
    (rule("start", resent, "said", "resentment mood", 1), (GRUDGE, MOOD), "the start rule's name"),
    (rule("idle", idle, "", "", 0, over="person"), (), "a rule over nothing known"),
    (rule("idle", idle, "", "", 0), (SHADOW,), "a column of the registry's name"),
    (rule("idle", idle, "height", "", 0), (HEIGHT,), "a trait that nothing fills"),
)


@pytest.mark.parametrize(("row", "columns"), [pytest.param(r, c, id=why) for r, c, why in UNSEEN])
def test_what_cannot_be_meant_is_refused(land: Land, row: Rule, columns: tuple[Column, ...]) -> None:
    assert refusal(land, at(row, columns))
