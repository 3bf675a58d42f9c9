"""The common start on disk: the same bits as a warm-up lived, never more room than its bound, never in the way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.living import BOTH, ORDER, declared, live
from sincerity.declare.regime import Regime
from sincerity.declare.scenario import Scenario, scenario
from sincerity.engine import cpu, starts
from sincerity.engine.starts import Start, make_room
from sincerity.study.store import start_key

PEOPLE, MONTHS = 3_001, 14


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(starts, "folder", lambda: tmp_path / "starts")
    monkeypatch.setattr(starts, "FEWEST", 1_000)
    monkeypatch.delenv("SINCERITY_STARTS", raising=False)
    return tmp_path / "starts"


def census(wanted: Scenario, start: Start | None) -> tuple[Any, dict[str, float]]:
    outcome = cpu.simulate(wanted, 1, start=start)
    return outcome.rows.table().sort_by(ORDER), outcome.seconds


def test_other_regimes_begin_from_a_kept_start_with_the_same_bits(kept_here: Path) -> None:
    """Kept by ordinary law alone, taken by a regime with columns that ordinary law has not, and the other way round."""
    alone, both = declared(PEOPLE, MONTHS, ("none",)), declared(PEOPLE, MONTHS, BOTH)
    start = Start(start_key(alone), 1)
    assert start.key == start_key(both)
    first, seconds = census(alone, start)
    assert seconds["warming up"] > 0
    assert [path.name for path in kept_here.iterdir()] == [start.path.name]
    found, seconds = census(both, start)
    assert "warming up" not in seconds
    assert found.equals(live(both).table)
    assert first.equals(live(alone).table)
    start.path.unlink()
    census(both, start)
    found, seconds = census(alone, start)
    assert "warming up" not in seconds
    assert found.equals(live(alone).table)


@pytest.mark.parametrize(
    "change",
    [{"people": "4k"}, {"start": "2014-07"}, {"settings": ["society.law.papers_missing=0.04"]}],
)
def test_whatever_moves_the_warm_up_has_another_key(change: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"regimes": ["none"], "people": "3k", "start": "2014-06"}
    assert start_key(scenario(**usual | change)) != start_key(scenario(**usual))
    same = usual | {"regimes": ["citizen-score"], "years": 3, "settings": ["citizen-score.ties.friends=0"]}
    assert start_key(scenario(**same)) == start_key(scenario(**usual))


@pytest.mark.parametrize("damage", [b"", b"x" * 5000, None])
def test_a_damaged_start_is_lived_again(kept_here: Path, damage: bytes | None) -> None:
    wanted = declared(PEOPLE, MONTHS, ("none",))
    start = Start("k" * 64, 1)
    census(wanted, start)
    whole = start.path.read_bytes()
    flipped = whole[:50_000] + bytes([whole[50_000] ^ 1]) + whole[50_001:]
    start.path.write_bytes(flipped if damage is None else damage)
    found, seconds = census(wanted, start)
    assert seconds["warming up"] > 0
    assert found.equals(live(wanted).table)
    assert start.path.read_bytes() == whole


def test_a_full_or_read_only_disk_is_nobodys_problem(kept_here: Path) -> None:
    kept_here.write_text("a file where the folder should be")
    found, _ = census(declared(PEOPLE, MONTHS, ("none",)), Start("k" * 64, 1))
    assert found.equals(live(declared(PEOPLE, MONTHS, ("none",))).table)


def test_without_starts_or_of_few_people_nothing_is_kept(kept_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINCERITY_STARTS", "0")
    census(declared(PEOPLE, MONTHS, ("none",)), Start("k" * 64, 1))
    monkeypatch.setenv("SINCERITY_STARTS", "1.5")
    assert starts.bound() == 1_500_000_000
    monkeypatch.setattr(starts, "FEWEST", PEOPLE + 1)
    census(declared(PEOPLE, MONTHS, ("none",)), Start("k" * 64, 1))
    assert not kept_here.exists()


def test_a_researchers_own_month_has_no_start(kept_here: Path) -> None:
    from sincerity.month.schedule import Schedule

    cpu.simulate(declared(PEOPLE, 1, ("none",)), 1, schedule=Schedule(), start=Start("k" * 64, 1))
    assert not kept_here.exists()


def test_starts_used_longest_ago_make_room(kept_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_here.mkdir()
    monkeypatch.setattr(starts, "BOUND", 1_000)
    for k, name in enumerate(("old", "older", "new")):
        (kept_here / f"{name}.state").write_bytes(b"x" * 300)
        when = 1e9 + (1, 0, 2)[k]
        os.utime(kept_here / f"{name}.state", (when, when))
    (kept_here / ".x.state.1.tmp").write_bytes(b"half")
    os.utime(kept_here / ".x.state.1.tmp", (1e9, 1e9))
    assert make_room(kept_here, 100)
    assert sorted(os.listdir(kept_here)) == ["new.state", "old.state", "older.state"]
    assert make_room(kept_here, 500)
    assert sorted(os.listdir(kept_here)) == ["new.state"]
    assert not make_room(kept_here, 1_001)
    assert sorted(os.listdir(kept_here)) == ["new.state"]


def test_half_of_the_free_disk_is_left(kept_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_here.mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda where: type("U", (), {"free": 1_000})())
    assert make_room(kept_here, 500)
    assert not make_room(kept_here, 501)


def test_the_columns_left_out_are_zero_after_a_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a start would say less than the world that it was taken of."""
    from sincerity.engine.world import kept_columns
    from sincerity.month.schedule import Schedule

    asked: list[tuple[Regime, set[str]]] = []

    def keep(self: Start, common: Any, columns: Any) -> None:
        rest = {name for name, array in common.columns.items() if name not in columns and array.size}
        asked.append((common.regime, rest))
        assert all(not common.columns[name].any() for name in rest)

    monkeypatch.setattr(Start, "keep", keep)
    census(declared(PEOPLE, 1, BOTH), Start("k" * 64, 1))
    ((regime, rest),) = asked
    assert "credit" in rest
    assert "credit" not in kept_columns(Schedule(), [regime])
