"""Members: what the census counts, of the members of each private scorer, in the last year of a run.

Groups overlap: one person may be a member of several. Flows are counted in the months in which somebody was a member;
states, and what ever happened, of those who are members in the last month.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sincerity.census.counts import MANY, PLANES, STOCKS, WIDTH, count, lone, widen
from sincerity.census.measures import EVER, MONTHLY

NO_MEMBER = "no member"
YEAR = 12


class Block(NamedTuple):
    """A block's month in one world, n people. scores: uint8 (providers, n), 0 for no member. mine, base: the census's
    masks here and in world 0, uint64 (2, n): the first 64 measures, the further ones. ever, history: what ever
    happened; ever_base, history_base: in world 0.
    """

    scores: NDArray[np.uint8]
    mine: NDArray[np.uint64]
    base: NDArray[np.uint64]
    ever: NDArray[np.uint8]
    history: NDArray[np.uint8]
    ever_base: NDArray[np.uint8]
    history_base: NDArray[np.uint8]


class Members:
    """Counts by private scorer: `add` is told of blocks, from several threads at once; `rows` is what was counted."""

    def __init__(self, names: tuple[str, ...], months: int) -> None:
        self.names, self.months = names, months
        groups = len(names) + 1
        self.counts = np.zeros((groups, 2, 128), np.int64)
        self.ever = np.zeros((groups, 2, 64), np.int64)
        self.person_months = np.zeros(groups, np.int64)
        self.people = np.zeros(groups, np.int64)
        self._lock = threading.Lock()

    def wants(self, month: int) -> bool:
        """Whether a month of the run is counted: those of its last year."""
        return bool(self.names) and month >= self.months - YEAR

    def add(self, month: int, block: Block) -> None:
        """Count a block's month."""
        last = month == self.months - 1
        joined = block.scores[: len(self.names)] > 0
        groups = [*joined, ~joined.any(axis=0)]
        wanted = (1 << MANY) - 1 if last else ((1 << MANY) - 1) & ~STOCKS
        halves = [np.uint64(wanted >> first & (2**64 - 1)) for first in (0, 64)]
        for g, inside in enumerate(groups):
            n = int(inside.sum())
            pairs = zip(block.mine[:, inside], block.base[:, inside], halves, strict=True)
            counts = np.concatenate([_counted(*pair) for pair in pairs], axis=1)
            ever = np.zeros((2, 64), np.int64)
            if last:
                masks = [np.zeros(n, np.uint64), np.zeros(n, np.uint64)]
                widen(n, block.ever[inside], _some(block.history, inside), masks[0])
                widen(n, block.ever_base[inside], _some(block.history_base, inside), masks[1])
                ever = _counted(masks[0], masks[1], ~np.uint64(0))
            with self._lock:
                self.counts[g] += counts
                self.ever[g] += ever
                self.person_months[g] += n
                self.people[g] += n * last

    def rows(self) -> list[tuple[str, str, int, int, int]]:
        """(group, measure, count, of, against), as in the census; groups without people are left out."""
        found = []
        for g, group in enumerate((*self.names, NO_MEMBER)):
            if not self.people[g]:
                continue
            for k, measure in enumerate(MONTHLY):
                of = self.people[g] if STOCKS >> k & 1 else self.person_months[g]
                found.append((group, measure.id, int(self.counts[g, 0, k]), int(of), int(self.counts[g, 1, k])))
            for k, measure in enumerate(EVER):
                both = self.ever[g, :, k]
                found.append((group, measure.id, int(both[0]), int(self.people[g]), int(both[1])))
        return found


def _counted(mine: NDArray[np.uint64], base: NDArray[np.uint64], wanted: np.uint64) -> NDArray[np.int64]:
    """(2, 64): how many masks have each bit, and of these how many whose twin's has not."""
    found = np.zeros((2, 64), np.int64)
    here, only = mine & wanted, np.zeros(len(mine), np.uint64)
    room = np.zeros((PLANES, WIDTH), np.uint64)
    count(len(here), here, room, found[0])
    lone(len(here), here, base, only)
    count(len(only), only, room, found[1])
    return found


def _some(history: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The part of a column that may be left out."""
    return history[inside] if history.size else history
