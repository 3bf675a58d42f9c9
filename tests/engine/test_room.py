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


def test_a_full_disk_is_told_before_a_month_is_lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, at: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StoreError, match="the disk is full"):
        Room(tmp_path).zeros((10,), np.uint8)
    assert os.listdir(tmp_path) == []
