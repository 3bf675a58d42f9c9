"""Publish: the board is written from private columns, what the gazette totals is added up, and lines are counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from sincerity.month.observation import APPEALED
from sincerity.people.bits import lowest, place
from sincerity.people.columns import DISORDER, ENROLLED, SHOWN_FLAGS
from sincerity.people.kernel import kernel

BIN = 25 * 32
BINS = 84
"""Score bins of 25 points, from 0 on."""

TOTALS = ("enrolled", "score", "disorder", "appeals")
COLUMNS = ("score", "flags", "hold", "false_months", "board")
LINE_COLUMNS = ("score", "score_money", "flags", "in_line")


@kernel
def publish(lo: int, hi: int, people: Any, totals: NDArray[np.int64], bins: NDArray[np.int64]) -> None:
    """Write board[i] for lo … hi - 1; add to totals (order of TOTALS) and to the histogram of scores."""
    for i in range(lo, hi):
        flags = int64(people.flags[i])
        score = int64(people.score[i])
        shown = uint64(score) | (uint64(flags & SHOWN_FLAGS) << uint64(16))
        people.board[i] = shown | (uint64(people.hold[i]) << uint64(32))
        if flags & ENROLLED and score > 0:
            totals[0] += 1
            totals[1] += score
            bins[score // BIN] += 1
        totals[2] += (flags & DISORDER) != 0
        if people.false_months.size > 0:
            totals[3] += (int64(people.false_months[i]) & APPEALED) != 0


@kernel
def stand_in_line(lo: int, hi: int, people: Any, tables: Any, lines: NDArray[np.int64]) -> None:
    """Add people to the histograms of `month.ranks` by whole points: of all the scored, and of each gate's line."""
    if tables.scored == 0:
        return
    for q in range(hi - lo):
        i = lo + q
        enrolled = (int64(people.flags[i]) & ENROLLED) != 0
        score = int64(people.score[i])
        if enrolled and score > 0:
            lines[0, 1 + (score >> 5)] += 1
        if tables.same_context != 0:
            score = int64(people.score_money[q])
        left = int64(people.in_line[q])
        while left != 0:
            bit = lowest(left)
            left ^= bit
            lines[int64(tables.gate_line[place(bit)]), 1 + (score >> 5) if enrolled else 0] += 1
