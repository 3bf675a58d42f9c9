"""Spells: how long a list, a closed door or a false record holds people, of everybody, month after month.

A door is closed to somebody when the regime would refuse them there, whether or not they try: that is asked of the rule
`standing` itself. A spell still open when the run ends is not thrown away: it counts as having lasted at least so long
(Kaplan and Meier 1958).
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint32
from numpy.typing import NDArray

from sincerity.census.measures import BIT
from sincerity.declare.regime import MOST_LISTS, Regime
from sincerity.declare.vocabulary import GATES
from sincerity.month.standing import closed
from sincerity.people.columns import ENROLLED
from sincerity.people.kernel import kernel

FIRST_GATE = MOST_LISTS
FIRST_STATE = FIRST_GATE + len(GATES)
STATES = ("false_record", "cured_listed", "presumed", "barred_travel")
"""Measures of the census, among its first 64, that are states of a person, and have spells of their own."""
BITS = FIRST_STATE + len(STATES)
COLUMNS = ("flags", "lists", "score", "score_money", "official", "household_listed", "closed_by_providers")
YEAR = 12


@kernel
def doors(lo: int, hi: int, people: Any, tables: Any, first: int, out: NDArray[np.uint32]) -> None:
    """out[q]: the lists that a person is on, by number, and from bit `first` on the gates that the regime keeps closed.

    At gates where people stand in line, everybody draws the same lot.
    """
    for q in range(hi - lo):
        i = lo + q
        lists = int64(people.lists[i])
        enrolled = (int64(people.flags[i]) & ENROLLED) != 0 and tables.scored != 0
        exempt = tables.officials_exempt != 0 and people.official[q] != 0
        points = int64(people.score_money[q]) if tables.same_context != 0 else int64(people.score[i])
        shut = int64(people.closed_by_providers[q])
        for gate in range(tables.gate_lists.shape[0]):
            if closed(tables, gate, lists, points, enrolled, exempt, uint32(0)) or (
                tables.gate_household[gate] != 0 and people.household_listed[q] > 0
            ):
                shut |= int64(1) << gate
        shut &= int64(tables.gates_kept)
        out[q] = uint32(lists | (shut << first))


@kernel
def advance(lo: int, hi: int, now: NDArray[np.uint32], lengths: NDArray[np.uint16], ended: NDArray[np.int64]) -> None:
    """A month more of every spell that goes on; those that are over are added to ended[bit, months] and set to 0."""
    for bit in range(lengths.shape[0]):
        for q in range(hi - lo):
            length = int64(lengths[bit, lo + q])
            if (int64(now[q]) >> bit) & 1:
                lengths[bit, lo + q] = length + 1
            elif length > 0:
                ended[bit, length] += 1
                lengths[bit, lo + q] = 0


class Spell(NamedTuple):
    """How long one rule held people. spells: begun in the run. ended: of them, over before it ended.

    median: months that half of them last, None where more than half outlast the run. undone: share over within a year,
    None where the run is shorter. months: the mean of those that ended, None where none did.
    """

    spells: int
    ended: int
    median: int | None
    undone: float | None
    months: float | None


class Spells:
    """Runs of months in one world of a run. Told of a block by `add`, from several threads at once; read by `found`."""

    def __init__(self, people: int, months: int) -> None:
        self.months = months
        self.lengths = np.zeros((BITS, people), np.uint16)
        self.ended = np.zeros((BITS, months + 1), np.int64)
        self._lock = threading.Lock()

    def add(self, lo: int, hi: int, now: NDArray[np.uint32], measured: NDArray[np.uint64]) -> None:
        """A month of the people lo … hi - 1. now: as `doors` gives it. measured: the census's masks."""
        for bit, name in enumerate(STATES, start=FIRST_STATE):
            state = (measured >> np.uint64(BIT[name])) & np.uint64(1)
            now = now | (state.astype(np.uint32) << np.uint32(bit))
        over = np.zeros_like(self.ended)
        advance(lo, hi, now, self.lengths, over)
        with self._lock:
            self.ended += over

    def found(self, regime: Regime) -> dict[str, Spell]:
        """Rule -> its spells: 'lists.NAME', 'gates.NAME', and the states by their measures; those that had any."""
        names = {number: f"lists.{name}" for number, name in enumerate(regime.lists)}
        names |= {FIRST_GATE + number: f"gates.{name}" for number, name in enumerate(GATES)}
        names |= {FIRST_STATE + number: name for number, name in enumerate(STATES)}
        every = {}
        for bit, name in names.items():
            still = np.bincount(self.lengths[bit], minlength=self.months + 1)[: self.months + 1]
            still[0] = 0
            if self.ended[bit].any() or still.any():
                every[name] = spell(self.ended[bit], still)
        return every


def spell(ended: NDArray[np.int64], still: NDArray[np.int64]) -> Spell:
    """Median and the share over within a year, from how many ended after, or are still open after, 0, 1, … months."""
    lasting, median, undone = 1.0, None, None
    many, over = int(ended.sum() + still.sum()), int(ended.sum())
    for months in range(1, len(ended)):
        at_risk = int(ended[months:].sum() + still[months + 1 :].sum())
        if at_risk:
            lasting *= 1 - int(ended[months]) / at_risk
        if median is None and lasting <= 0.5:
            median = months
        if months == YEAR and (at_risk or not lasting):
            undone = 1 - lasting
    mean = float((ended * np.arange(len(ended))).sum() / over) if over else None
    return Spell(many, over, median, undone, mean)
