"""Where the columns of people lie: in memory or, where they do not fit, in files that are mapped into it.

A mapped array is an ordinary one to every rule: the same type, the same bits. Blocks of people are lived in order, so
that the system reads its file ahead and writes it behind. The file has no name: nothing is left of it after the run.
"""

from __future__ import annotations

import math
import mmap
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sincerity.engine.files import disk

COPIED = 1 << 24
"""Numbers that are copied at a time, so that a copy of a mapped array takes no memory."""


@dataclass(frozen=True)
class Room:
    """Makes arrays in memory, or, given a folder, in files there. StoreError where the disk has no room."""

    folder: Path | None = None

    def zeros(self, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        """An array of zeros."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if self.folder is None or not size:
            return np.zeros(shape, dtype)
        with disk(self.folder), tempfile.TemporaryFile(dir=self.folder) as stream:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), 0, size)  # a full disk is told now, not in the middle of a month
            else:
                stream.truncate(size)
            whole = mmap.mmap(stream.fileno(), size)
        if hasattr(whole, "madvise"):
            whole.madvise(mmap.MADV_SEQUENTIAL)
        return np.frombuffer(whole, dtype).reshape(shape)

    def copy(self, array: NDArray[Any]) -> NDArray[Any]:
        """A copy of an array."""
        made = self.zeros(array.shape, array.dtype)
        new, old = made.reshape(-1), array.reshape(-1)
        for lo in range(0, array.size, COPIED):
            new[lo : lo + COPIED] = old[lo : lo + COPIED]
        return made


MEMORY = Room()
