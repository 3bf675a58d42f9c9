"""Where the columns of people lie: in memory or, those that do not fit, in files that are mapped into it.

A mapped array is an ordinary one to every rule: the same type, the same bits. Blocks of people are lived in order, so
its file is read ahead of them and written behind them, by two threads of their own: left to itself, a system writes
when it has no memory left, and everybody waits. The file has no name: nothing is left of it after the run.
"""

from __future__ import annotations

import math
import mmap
import os
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sincerity.engine.files import disk

COPIED = 1 << 24
"""Numbers that are copied at a time, so that a copy of a mapped array takes no memory."""
STRIP = 1 << 20
"""People whose columns are read ahead or written behind at a time."""
AHEAD, BEHIND, LET_GO = 6, 2, 8
"""Strips that are read ahead; after which so many are handed to the disk; after which they are off memory."""
STREAMS = sys.platform == "linux"
"""Elsewhere the system is left to itself."""


class Piece(NamedTuple):
    """A mapped array: its map, as long as anybody has it, and the file; `rows` rows of `people` entries each."""

    name: str
    whole: weakref.ref[mmap.mmap]
    file: int
    rows: int
    entry: int
    people: int

    def spans(self, lo: int, hi: int) -> Iterable[tuple[int, int]]:
        """(first byte, bytes) of each row for the people lo … hi - 1."""
        row = self.people * self.entry
        return [(k * row + lo * self.entry, (hi - lo) * self.entry) for k in range(self.rows)]


@dataclass(frozen=True)
class Room:
    """Makes arrays in memory, or, given a folder, in files there: those of these names, or all.

    StoreError where the disk has no room.
    """

    folder: Path | None = None
    names: frozenset[str] | None = None
    pieces: list[Piece] = field(default_factory=list, compare=False)

    def zeros(self, shape: tuple[int, ...], dtype: Any, name: str = "") -> NDArray[Any]:
        """An array of zeros; its last axis is people."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if self.folder is None or not size or (self.names is not None and name not in self.names):
            return np.zeros(shape, dtype)
        with disk(self.folder), tempfile.TemporaryFile(dir=self.folder) as stream:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), 0, size)  # a full disk is told now, not in the middle of a month
            else:
                stream.truncate(size)
            whole = mmap.mmap(stream.fileno(), size)
            file = os.dup(stream.fileno())
        weakref.finalize(whole, os.close, file)
        rows = math.prod(shape[:-1])
        self.pieces.append(Piece(name, weakref.ref(whole), file, rows, np.dtype(dtype).itemsize, shape[-1]))
        return np.frombuffer(whole, dtype).reshape(shape)

    def copy(self, array: NDArray[Any], name: str = "") -> NDArray[Any]:
        """A copy of an array."""
        made = self.zeros(array.shape, array.dtype, name)
        new, old = made.reshape(-1), array.reshape(-1)
        for lo in range(0, array.size, COPIED):
            new[lo : lo + COPIED] = old[lo : lo + COPIED]
        return made

    def stream(self, people: int, names: Iterable[str]) -> Stream:
        """What reads ahead of a walk over people, and writes behind it: the columns of these names."""
        self.pieces[:] = [piece for piece in self.pieces if piece.whole() is not None]
        wanted = set(names)
        return Stream([piece for piece in self.pieces if piece.name in wanted], people)


MEMORY = Room()


class Stream:
    """Reads mapped columns ahead of a walk over people in blocks, and writes them behind it; open it with `with`.

    It only says what will be wanted and what was: whatever it is told, and when, the bits are the same.
    """

    def __init__(self, pieces: list[Piece], people: int) -> None:
        self._pieces, self._strips = pieces, -(-people // STRIP)
        self._people, self._lock = people, threading.Lock()
        self._wanted = 0
        self._reached, self._queues, self._threads = -1, [], []  # type: int, list[SimpleQueue[int | None]], list[Any]

    def __enter__(self) -> Self:
        if self._pieces and STREAMS:
            for work in (self._read, self._write):
                queue: SimpleQueue[int | None] = SimpleQueue()
                thread = threading.Thread(target=self._serve, args=(queue, work), daemon=True)
                self._queues.append(queue)
                self._threads.append(thread)
                thread.start()
            self.reached(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join()

    def reached(self, lo: int) -> None:
        """Somebody begins with the people from `lo` on."""
        strip = lo // STRIP
        with self._lock:
            if strip <= self._reached:
                return
            self._reached = strip
        for queue in self._queues:
            queue.put(strip)

    def _serve(self, queue: SimpleQueue[int | None], work: Callable[[range, int], None]) -> None:
        done = 0
        while (strip := queue.get()) is not None:
            work(range(done, strip), strip)
            done = strip
        work(range(done, self._strips), self._strips)

    def _read(self, passed: range, strip: int) -> None:
        end = min(strip + AHEAD, self._strips)
        for k in range(self._wanted, end):
            self._each(k, lambda whole, file, at, size: os.posix_fadvise(file, at, size, os.POSIX_FADV_WILLNEED))
        self._wanted = max(end, self._wanted)

    def _write(self, passed: range, strip: int) -> None:
        for k in passed:
            self._each(k - BEHIND, _hand_over)
            self._each(k - LET_GO, _let_go)
        if strip == self._strips:
            for k in range(max(strip - BEHIND, 0), strip):
                self._each(k, _hand_over)
            for k in range(max(strip - LET_GO, 0), strip):
                self._each(k, _let_go)

    def _each(self, strip: int, act: Callable[[mmap.mmap, int, int, int], object]) -> None:
        """Do something to a strip of every piece; to none for a number that is not one."""
        lo = strip * STRIP
        if not 0 <= lo < self._people:
            return
        for piece in self._pieces:
            whole = piece.whole()
            if whole is not None:
                for at, size in piece.spans(lo, min(lo + STRIP, self._people)):
                    act(whole, piece.file, at, size)


def _hand_over(whole: mmap.mmap, file: int, at: int, size: int) -> None:
    """Take a span out of the page tables, whole pages of it; the system begins to write what was changed."""
    first = -(-at // mmap.PAGESIZE) * mmap.PAGESIZE
    if at + size > first:
        whole.madvise(mmap.MADV_DONTNEED, first, at + size - first)
    _let_go(whole, file, at, size)


def _let_go(whole: mmap.mmap, file: int, at: int, size: int) -> None:
    """Let the memory of a span go that is written."""
    os.posix_fadvise(file, at, size, os.POSIX_FADV_DONTNEED)
