"""Rules put into the usual month in place of its own: what each does, and that they are lived by `compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import conduct_by_habit
import signs
import speech_by_thresholds
from engine.living import BOTH, declared, live
from month.bench import Left, bench, many, tables, words
from sincerity.month.conduct import GROUPS
from sincerity.month.gates import ACT
from sincerity.people.columns import CRITICISED, PRAISED, PRAISED_UNMEANT, SILENT
from sincerity.rules import checked
from sincerity.study.ledger import LedgerRow

OCCASION = {0: 0, 1: 2**32 - 1}
"""Words by which somebody has an occasion, on the last topic."""


def said(outlook: float, integrity: int, ties_for: int, against: int, fear: int = 0, **more: Any) -> int:
    person = {"outlook": round(outlook * 32767), "integrity": integrity, "friends_for": ties_for,
              "friends_against": against, "fear": fear}  # fmt: skip
    left = bench("speech", [person | more], OCCASION, function=speech_by_thresholds.speech)
    return int(left.said[0])


@pytest.mark.parametrize(
    ("outlook", "integrity", "ties_for", "against", "fear", "expected"),
    [
        (-0.5, 255, 0, 0, 0, CRITICISED),  # the most upright need nobody
        (-0.5, 255, 3, 0, 0, CRITICISED),
        (-0.5, 255, 1, 0, 51, PRAISED_UNMEANT),  # frightened, a fifth must criticise; and all praise
        (-0.5, 255, 3, 1, 51, CRITICISED),  # a quarter does
        (-0.5, 255, 4, 1, 52, SILENT),  # a fifth is less than needed, and four fifths are not all
        (-0.5, 51, 1, 4, 0, CRITICISED),  # a threshold of four fifths
        (-0.5, 51, 1, 3, 0, PRAISED_UNMEANT),  # a fifth praises, which is enough to go along
        (-0.5, 51, 0, 1, 255, SILENT),
        (0.5, 51, 4, 1, 255, PRAISED),
        (0.5, 51, 3, 1, 0, SILENT),
        (0.5, 255, 0, 4, 0, PRAISED),
    ],
)
def test_who_says_what(outlook: float, integrity: int, ties_for: int, against: int, fear: int, expected: int) -> None:
    assert said(outlook, integrity, ties_for, against, fear) == expected


def acted(habit: int, group: str = "volunteering", people: int = 20_000) -> int:
    """How many do any act of a group with this habit."""
    number = next(k for k, acts in enumerate(GROUPS) if group in acts)
    given = many(people, habit=(habit,) * 7, cell=8, civic=128)
    left = run("conduct", given, words(7, people, 3))
    return int(np.count_nonzero(left.array("acts") & np.uint32(conduct_by_habit.OF_GROUP[number])))


def run(name: str, given: list[dict[str, Any]], luck: Any = None) -> Left:
    """A rule of conduct by habit, over people of the bench."""
    from month import bench as month

    row = conduct_by_habit.CONDUCT if name == "conduct" else conduct_by_habit.HABITS
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(month.RULES, name, row)
        patch.setitem(month.COLUMNS, "habit", conduct_by_habit.HABIT)
        return bench(name, given, luck, regime="citizen-score")


def test_a_habit_multiplies_the_rate() -> None:
    usual = acted(0)
    assert usual > 500
    for habit, factor in ((-64, 0.25), (-32, 0.5), (32, 2.0)):
        assert acted(habit) == pytest.approx(factor * usual, rel=0.12)
    assert acted(64) > 1.8 * acted(32)


def test_what_came_of_an_act_moves_the_habit_of_its_group() -> None:
    found = tables("citizen-score")
    bad, good = "tax_evasion", "volunteering"
    assert found["act_points"][ACT[bad]] < 0 < found["act_points"][ACT[good]]
    at = {name: next(k for k, acts in enumerate(GROUPS) if name in acts) for name in (bad, good)}
    step = conduct_by_habit.MOVES
    cases: list[tuple[str, dict[str, int], int]] = [
        (bad, {"acts": 1 << ACT[bad]}, 10 + step),
        (bad, {"acts": 1 << ACT[bad], "caught": 1 << ACT[bad]}, 10 - 2 * step),
        (bad, {"acts": 1 << ACT[bad], "seen": 1 << ACT[bad]}, 10 - 2 * step),
        (good, {"acts": 1 << ACT[good], "seen": 1 << ACT[good]}, 10 + 2 * step),
        (good, {}, 9),
    ]
    for name, given, expected in cases:
        habit = run("habits", [given | {"habit": (10,) * 7}]).habit
        assert habit[at[name]][0] == expected, (name, given)
        others = [habit[k][0] for k in range(7) if k != at[name]]
        assert others == [9] * 6
    assert [row[0] for row in run("habits", [{"habit": (-5, 0, 5, 64, -64, 1, -1)}]).habit] == [-4, 0, 4, 63, -63, 0, 0]
    full = run("habits", [{"habit": (64,) * 7, "acts": 1 << ACT[good]}]).habit
    assert full[at[good]][0] == 64


@pytest.mark.parametrize("name", [name for name in signs.RULES if name != "usual"])
def test_alternatives_keep_to_their_rows_and_to_the_same_occasions(name: str) -> None:
    schedule = signs.RULES[name]
    assert schedule is not None
    wanted = declared(2_000, 3, BOTH)
    other, usual = live(wanted, schedule=checked(schedule)), live(wanted)

    def counts(rows: list[dict[str, Any]], measure: str) -> list[int]:
        return [row["count"] for row in rows if row["by"] == "all" and row["measure"] == measure]

    assert counts(other.rows, "occasion") == counts(usual.rows, "occasion")
    moved = "good_deed" if name == "conduct by habit" else "spoke_critical"
    assert counts(other.rows, moved) != counts(usual.rows, moved)
    if "habit" in other.worlds[0].columns:
        for world in other.worlds:
            assert 0 < np.abs(world.columns["habit"].astype(int)).max() <= conduct_by_habit.MOST
            assert world.columns["habit"].shape == (7, 2_000)


# ---- the table of signs ----------------------------------------------------------------------------------------------


def test_signs_are_those_of_the_whole_spread() -> None:
    spreads = ((0.1, 2), (-2, -0.1), (-1, 1), (0, 0), (0, 1))
    assert [signs.sign(low, high) for low, high in spreads] == ["+", "-", "?", "0", "?"]


def test_the_table_marks_other_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    usual = signs.lived(None, 1_000, 1, 2)
    other = signs.lived(signs.RULES["conduct by habit"], 1_000, 1, 2)
    lines = signs.table({"usual": usual, "other": other})
    assert len(lines) == 2 + len(usual.rows)
    (gave_up,) = (line for line in lines if "changed a lawful habit" in line)
    assert gave_up.endswith("+0.0 (+0.0 to +0.0) **0** |")
    assert lines[0] == "| what the regime changes | usual | other |"
    assert all("**" not in line.split("|")[2] for line in lines)
    rows: tuple[LedgerRow, ...] = usual.rows
    assert len(signs.levels({"usual": usual})) == 2 + sum(bool(row.ordinary) for row in rows)
