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
    n = hi - lo
    flags, score, hold, board = people.flags[lo:hi], people.score[lo:hi], people.hold[lo:hi], people.board[lo:hi]
    for q in range(n):
        shown = uint64(score[q]) | (uint64(flags[q] & SHOWN_FLAGS) << uint64(16))
        board[q] = shown | (uint64(hold[q]) << uint64(32))
    scored = total = disorder = int64(0)
    for q in range(n):
        counts = ((flags[q] & ENROLLED) != 0) & (score[q] > 0)
        scored += counts
        total += int64(score[q]) if counts else int64(0)
        disorder += (flags[q] & DISORDER) != 0
    totals[0] += scored
    totals[1] += total
    totals[2] += disorder
    if scored > 0:
        for q in range(n):
            if flags[q] & ENROLLED and score[q] > 0:
                bins[int64(score[q]) // BIN] += 1
    if people.false_months.size > 0:
        months = people.false_months[lo:hi]
        appeals = int64(0)
        for q in range(n):
            appeals += (months[q] & APPEALED) != 0
        totals[3] += appeals


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
