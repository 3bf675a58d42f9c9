"""Where columns lie: arrays in mapped files are ordinary arrays, and a full disk is told at once."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from numba import typeof

from sincerity.engine import room as rooms
from sincerity.engine.files import StoreError
from sincerity.engine.room import MEMORY, Room


@pytest.mark.parametrize("shape", [(7,), (3, 1_000), (0,), (0, 5)])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64])
def test_a_mapped_array_is_an_ordinary_one(tmp_path: Path, shape: tuple[int, ...], dtype: type) -> None:
    mapped, usual = Room(tmp_path).zeros(shape, dtype), MEMORY.zeros(shape, dtype)
    assert typeof(mapped) == typeof(usual), "the same compiled form serves both"
    assert mapped.shape == shape
    assert not mapped.any()
    mapped += 3
    assert mapped.sum() == 3 * mapped.size


@pytest.mark.parametrize("folder", [False, True])
def test_a_copy_is_whole_and_apart(tmp_path: Path, folder: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "COPIED", 10)
    array = np.arange(69, dtype=np.uint16).reshape(3, 23)
    made = Room(tmp_path if folder else None).copy(array)
    assert np.array_equal(made, array)
    made[1, 2] = 1_000
    assert array[1, 2] == 25


def test_only_the_columns_that_are_named_are_mapped(tmp_path: Path) -> None:
    room = Room(tmp_path, frozenset({"fear"}))
    kept = [room.zeros((5,), np.uint8, name) for name in ("fear", "flags")]
    assert [piece.name for piece in room.pieces] == ["fear"]
    kept.clear()
    room.stream(5, ["fear"])
    assert room.pieces == [], "what nobody has any more is forgotten, and its file closed"


@pytest.mark.skipif(not rooms.STREAMS, reason="read ahead and written behind on Linux")
@pytest.mark.parametrize("step", [700, 4096, 9999])
def test_what_is_read_ahead_and_written_behind_is_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Walked over twice by two walkers who are not in step; all that was let go comes back from the disk."""
    monkeypatch.setattr(rooms, "STRIP", 4096)
    told: list[int] = []
    real = os.posix_fadvise

    def advise(file: int, at: int, size: int, how: int) -> None:
        told.append(how)
        real(file, at, size, how)

    monkeypatch.setattr(os, "posix_fadvise", advise)
    room, people = Room(tmp_path), 100_003
    one, rows = room.zeros((people,), np.uint16, "one"), room.zeros((3, people), np.uint8, "rows")
    for time in range(2):
        with room.stream(people, ["one", "rows"]) as stream:
            uneven = [*range(0, people, 2 * step), *range(step, people, 2 * step)]
            for lo in uneven if time else range(0, people, step):
                stream.reached(lo)
                one[lo : lo + step] += np.arange(lo, min(lo + step, people)).astype(np.uint16)
                rows[:, lo : lo + step] += 1
    assert np.array_equal(one, 2 * np.arange(people).astype(np.uint16))
    assert (rows == 2).all()
    strips = -(-people // 4096)
    assert told.count(os.POSIX_FADV_WILLNEED) == 2 * strips * 4, "each row of each strip, once a walk"
    assert told.count(os.POSIX_FADV_DONTNEED) == 2 * strips * 4 * 2, "handed over, then let go"


def test_a_full_disk_is_told_before_a_month_is_lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, at: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StoreError, match="the disk is full"):
        Room(tmp_path).zeros((10,), np.uint8)
    assert os.listdir(tmp_path) == []
