"""Ranks: cut-offs that nobody declares, found at the barrier from the scores of the month before.

A line is a histogram of whole points: line 0 of all who are scored, one more for each gate with places, of those at
whom nothing but rank decided. A cut is a whole point and a lot: who stands above it is in, who is tied with it draws a
word that must lie below the lot. One's refusal is another's gain: how many get in does not depend on the scores.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from sincerity.declare.regime import MOST_POINTS, Gate, Regime
from sincerity.month.gates import GATE
from sincerity.people.kernel import inline

Tables = dict[str, Any]

WIDTH = int(MOST_POINTS) + 2
"""Of a line: 0 counts those who get in without a score, 1 + p those with p whole points."""
ALWAYS = 2**32
OPEN = -1
"""A cut below every score: nobody has been ranked yet."""


class Cut(NamedTuple):
    """A cut of one line: `share` of it is in, or so many a month per 1,000 adults."""

    line: int
    share: Fraction | None
    a_thousand: Fraction | None = None

    def places(self, line: NDArray[np.int64], people: int) -> Fraction:
        """How many of a line get in."""
        if self.share is not None:
            return self.share * int(line.sum())
        return (self.a_thousand or Fraction(0)) * people / 1000


def cuts(regime: Regime) -> tuple[Cut, ...]:
    """The cuts of a regime: one where each band by share ends, from the top, then one a gate with places."""
    found, above = [], Fraction(0)
    for band in regime.bands:
        if band.share is not None:
            above += Fraction(band.share.value)
            found.append(Cut(0, above))
    for line, gate in enumerate((g for g in regime.gates.values() if g.places), start=1):
        if gate.places is not None:
            many = Fraction(gate.places.value)
            found.append(Cut(line, many) if gate.places.of == "applicants" else Cut(line, None, many))
    return tuple(found)


def rank_tables(regime: Regime, gates: dict[str, Gate]) -> Tables:
    """By gate in force: the number of its cut (-1: none) and of the line that it keeps (0: none)."""
    cut, line = np.full(len(GATE), -1, np.int64), np.zeros(len(GATE), np.int64)
    bands = [band.name for band in regime.bands if band.share is not None]
    with_places = [name for name, gate in regime.gates.items() if gate.places is not None]
    for name, gate in gates.items():
        if gate.places is not None:
            line[GATE[name]] = 1 + with_places.index(name)
            cut[GATE[name]] = len(bands) + with_places.index(name)
        elif gate.band in bands:
            cut[GATE[name]] = bands.index(gate.band)
    return {"gate_cut": cut, "gate_line": line, "lines": 1 + len(with_places) if cuts(regime) else 0}


def opened(regime: Regime) -> Tables:
    """The cuts as they are published before anybody is ranked."""
    many = max(len(cuts(regime)), 1)
    return {"cut_points": np.full(many, OPEN, np.int64), "cut_lots": np.full(many, ALWAYS, np.uint64)}


def cut_off(line: NDArray[np.int64], places: Fraction) -> tuple[int, int]:
    """The whole point down to which a line is in, and the lot of those tied with it, in 2**-32.

    Who gets in without a score takes a place too.
    """
    left = max(places - int(line[0]), Fraction(0))
    for point in range(len(line) - 2, -1, -1):
        here = int(line[point + 1])
        if here and left < here:
            return point, int(left * ALWAYS / here)
        left -= here
    return OPEN, ALWAYS


def publish_cuts(regime: Regime, lines: NDArray[np.int64], people: int, shown: Tables) -> None:
    """Write the cuts that last month's lines give; a line in which nobody stood leaves its cut as it was."""
    for number, cut in enumerate(cuts(regime)):
        line = lines[cut.line]
        if line.any():
            shown["cut_points"][number], shown["cut_lots"][number] = cut_off(line, cut.places(line, people))


@inline
def outranked(tables: Any, gate: Any, points: Any, word: Any) -> Any:
    """Whether a score (1/32 point) does not reach the cut of a gate, or ties with it and has drawn no place."""
    number = int64(tables.gate_cut[gate])
    if number < 0:
        return False
    whole, last = int64(points) >> 5, int64(tables.cut_points[number])
    return whole < last or (whole == last and uint64(word) >= tables.cut_lots[number])
