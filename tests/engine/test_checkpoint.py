"""State on disk: what is read back is what was written or refused, and a seed gone on with has the same bits."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.living import BOTH, ORDER, declared, live
from sincerity.engine import checkpoint, cpu
from sincerity.engine.checkpoint import TAIL, Keep, State, Stopped, save
from sincerity.engine.files import StoreError
from sincerity.engine.world import WARM_UP_MONTHS

PEOPLE, MONTHS = 3_001, 27
"""The third census year is a short one."""
ARRAYS: dict[str, NDArray[Any]] = {
    "a": np.arange(10, dtype=np.int64),
    "empty": np.zeros((0, 5), np.uint8),
    "wide": np.arange(24, dtype=np.float32).reshape(4, 6),
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "a.state"
    save(path, {"kind": "test", "usual": [0.1, 1 / 3]}, ARRAYS)
    return path


def read_all(path: Path) -> None:
    state = State(path)
    for name in ARRAYS:
        state.read(name)


def test_what_is_written_is_read_back(written: Path) -> None:
    state = State(written)
    assert state.about["kind"] == "test"
    assert state.about["usual"] == [0.1, 1 / 3]
    for name, array in ARRAYS.items():
        found = state.read(name)
        assert found.dtype == array.dtype
        assert found.shape == array.shape
        assert (found == array).all()
    into = np.zeros(10, np.int64)
    assert state.read("a", into) is into
    assert (into == ARRAYS["a"]).all()


@pytest.mark.parametrize("rows", [1, 3, 10, 11])
def test_an_array_is_read_some_entries_at_a_time(written: Path, rows: int) -> None:
    parts = [part.tolist() for part in State(written).blocks("a", rows)]
    assert [len(part) for part in parts] == [min(rows, 10 - lo) for lo in range(0, 10, rows)]
    assert [number for part in parts for number in part] == ARRAYS["a"].tolist()
    whole = written.read_bytes()
    at = next(entry["at"] for entry in State(written).about["arrays"] if entry["name"] == "a")
    written.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    with pytest.raises(StoreError, match="changed"):
        list(State(written).blocks("a", rows))


def test_only_what_fits_is_read_into(written: Path) -> None:
    with pytest.raises(StoreError, match="not \\(9,\\) int64"):
        State(written).read("a", np.zeros(9, np.int64))
    with pytest.raises(StoreError, match="not \\(10,\\) int32"):
        State(written).read("a", np.zeros(10, np.int32))
    with pytest.raises(StoreError, match="there is no `b`"):
        State(written).read("b")


def test_a_file_cut_anywhere_is_refused(written: Path) -> None:
    whole = written.read_bytes()
    for length in range(len(whole)):
        written.write_bytes(whole[:length])
        with pytest.raises(StoreError):
            State(written, "again")


def test_a_flipped_bit_anywhere_is_refused(written: Path) -> None:
    """But in the padding between arrays, which nobody reads."""
    whole = written.read_bytes()
    entries = State(written).about["arrays"]
    filled = {entry["at"] + k for entry in entries for k in range(ARRAYS[entry["name"]].nbytes)}
    listed = len(whole) - TAIL - int.from_bytes(whole[-TAIL:][:8], "little")
    for at in [*sorted(filled), *range(listed, len(whole))]:
        written.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(StoreError, match=r"changed|cut off"):
            read_all(written)
    written.write_bytes(whole)
    assert (State(written).read("a") == ARRAYS["a"]).all()


def test_what_to_do_is_part_of_the_message(written: Path) -> None:
    written.write_bytes(b"short")
    with pytest.raises(StoreError, match="expected this file removed"):
        State(written, "this file removed")
    with pytest.raises(StoreError, match="no such file"):
        State(written.with_name("none"))


# ---- a seed ---------------------------------------------------------------------------------------------------------


class Cut(Keep):
    """Keeps after the months in `at`, and stops there."""

    at: tuple[int, ...] = ()

    def after_month(self, month: int, *rest: Any) -> None:
        self.stop = month in self.at
        super().after_month(month, *rest)


def cut(folder: Path, *at: int, **further: Any) -> Cut:
    kept = Cut(folder, "key", 1, **further)
    kept.at = at
    return kept


def table(regimes: tuple[str, ...], **further: Any) -> Any:
    return cpu.simulate(declared(PEOPLE, MONTHS, regimes), 1, **further).rows.table().sort_by(ORDER)


@pytest.mark.parametrize("regimes", [BOTH, ("citizen-score",)])
@pytest.mark.parametrize("at", [(1,), (11,), (12,), (5, 13, 26)])
def test_a_seed_gone_on_with_has_the_same_census(tmp_path: Path, regimes: tuple[str, ...], at: tuple[int, ...]) -> None:
    """Within a year, at its end, and several times; with other threads and blocks after the cut."""
    for month in at:
        with pytest.raises(Stopped) as caught:
            table(regimes, keep=cut(tmp_path, month), threads=1, block=500)
        assert caught.value.month == month
        assert os.listdir(tmp_path) == [f"seed-1-month-{month:04d}.state"]
    assert table(regimes, keep=cut(tmp_path), threads=2).equals(live(declared(PEOPLE, MONTHS, regimes)).table)


@pytest.mark.parametrize("at", [1, 30, WARM_UP_MONTHS - 1])
def test_a_warm_up_gone_on_with_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """At its beginning, before and within the year whose disorder is added up."""
    real = Keep.after_warm_up

    def after(self: Keep, month: int, *rest: Any) -> None:
        self.stop = month == at
        real(self, month, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Keep, "after_warm_up", after)
        with pytest.raises(Stopped):
            table(BOTH, keep=Keep(tmp_path, "key", 1), threads=1, block=500)
    assert os.listdir(tmp_path) == [f"seed-1-warm-up-{at:04d}.state"]
    assert table(BOTH, keep=cut(tmp_path), threads=2).equals(live(declared(PEOPLE, MONTHS)).table)


def test_worlds_gone_on_with_are_the_same_to_the_last_bit(tmp_path: Path) -> None:
    wanted = declared(PEOPLE, MONTHS)
    with pytest.raises(Stopped):
        cpu.simulate(wanted, 1, keep=cut(tmp_path, 20))
    cpu.simulate(wanted, 1, keep=cut(tmp_path, last=tmp_path / "on.state"))
    cpu.simulate(wanted, 1, keep=Keep(last=tmp_path / "whole.state"))
    on, whole = State(tmp_path / "on.state"), State(tmp_path / "whole.state")
    assert on.about["arrays"] == whole.about["arrays"]
    assert on.about["month"] == "2016-08"
    worlds = live(wanted).worlds
    for k, world in enumerate(worlds):
        for name, array in world.columns.items():
            assert (whole.read(f"{k}/people/{name}") == array).all(), name


def test_a_checkpoint_is_due_by_months_or_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    warming: list[int] = []

    def write(self: Keep, kind: str, month: int, *rest: Any) -> None:
        (warming if kind == checkpoint.WARM_UP else written).append(month)

    monkeypatch.setattr(Keep, "write", write)
    table(("none",), keep=Keep(tmp_path, "key", 1, months=6))
    assert (warming, written) == ([], [6, 12, 18, 24])
    written.clear()
    table(("none",), keep=Keep(tmp_path, "key", 1, minutes=1e-9))
    assert (warming, written) == (list(range(1, WARM_UP_MONTHS)), list(range(1, MONTHS)))
    written.clear()
    table(("none",), keep=Keep(tmp_path, "key", 1, minutes=60))
    assert written == []


def test_the_clock_waits_twenty_times_what_the_last_one_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    written: list[float] = []

    def slow(*_: Any) -> None:
        written.append(now[0])
        now[0] += 100

    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(checkpoint, "save", slow)
    monkeypatch.setattr(checkpoint, "worlds_arrays", lambda worlds: {})
    monkeypatch.setattr(checkpoint, "worlds_said", lambda worlds: {})
    kept = Keep(tmp_path, "key", 1, minutes=10)
    engine: Any = type("E", (), {"worlds": [], "total": lambda self, name: np.zeros(1)})()
    rows: Any = type("R", (), {"packed": lambda self: np.zeros(1, np.uint8)})()
    for month in range(1, 50):
        now[0] += 300
        kept.after_month(month, 1000, engine, rows, {})
    assert [b - a for a, b in pairwise(written)][:3] == [2200, 2200, 2200]


def test_another_runs_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        table(("none",), keep=cut(tmp_path, 3))
    with pytest.raises(StoreError, match="another run"):
        table(("none",), keep=Keep(tmp_path, "other", 1))


def test_a_damaged_checkpoint_says_what_to_remove(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        table(("none",), keep=cut(tmp_path, 3))
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"changed.*\n.*this file removed: then seed 1 begins again"):
        table(("none",), keep=cut(tmp_path))
    path.unlink()
    assert table(("none",), keep=cut(tmp_path)).equals(live(declared(PEOPLE, MONTHS, ("none",))).table)


def full_after(calls: int) -> Callable[[int], None]:
    """An fsync that says the disk is full from the given call on."""
    left, real = [calls], os.fsync

    def fsync(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    return fsync


def test_a_disk_that_fills_up_keeps_the_checkpoint_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full_after(4))  # the file and its folder, twice
    with pytest.raises(StoreError, match="the disk is full"):
        table(("none",), keep=Keep(tmp_path, "key", 1, months=5))
    assert os.listdir(tmp_path) == ["seed-1-month-0010.state"]
    monkeypatch.undo()
    assert table(("none",), keep=cut(tmp_path)).equals(live(declared(PEOPLE, MONTHS, ("none",))).table)


def test_ctrl_c_waits_for_the_month_and_a_second_one_does_not(tmp_path: Path) -> None:
    kept = Keep(tmp_path, "key", 1)
    with kept.patiently():
        signal.raise_signal(signal.SIGINT)
        assert kept.stop
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_nothing_is_kept_ctrl_c_comes_through_at_once() -> None:
    with Keep().patiently(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
