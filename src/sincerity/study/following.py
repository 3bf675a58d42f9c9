"""Following: what no month's count can say, because it is of the same people at two times, or of pairs of people.

A follower looks at a world after every month, once its board is published, and keeps what it needs. It runs in a month
with one rule more, `follow`, which leaves how a debt ended in a column of its own; no other bit changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.dates import Month
from sincerity.engine.cpu import simulate
from sincerity.engine.watch import Watch, nobody
from sincerity.month.obligations import EXIT_GARNISHED, EXIT_PAID
from sincerity.month.schedule import Schedule, rule
from sincerity.people.columns import ENROLLED, NO_LOAN, TWO_LATE, Column

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.world import World

ENDED = Column("ended", np.uint8, "state", "code", 0, 3, "how a judgment debt ended this month")


def follow(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Keep for the follower what lives only between the rules of a month."""
    people.ended[lo:hi] = people.exit[: hi - lo]


SCHEDULE = Schedule().after("obligations", rule("follow", follow, "exit", "ended", 0), (ENDED,))
Counts = dict[str, float]


class Follower(Protocol):
    """Follows one world of one seed."""

    def see(self, world: World, date: str) -> None:
        """Look at the world as it stands at the end of the month `date`, 'YYYY-MM'."""
        ...

    def found(self) -> Counts:
        """What was found, by name; NaN where nobody was there to be counted."""
        ...


def ratio(part: float, whole: float) -> float:
    """part / whole, NaN where there is nothing to divide by."""
    return float(part / whole) if whole else float("nan")


class Complied:
    """Of all who ever stood on a list since the start: the share who paid in full, or were garnished to the end, while
    they stood on one. By date, in percent. Debts settled otherwise (also terms over, enforcement ended) don't count.
    """

    def __init__(self) -> None:
        self.ever = self.complied = self.listed = np.zeros(0, bool)
        self.shares: Counts = {}

    def see(self, world: World, date: str) -> None:
        """Take up who came onto a list, and whose debt ended on it."""
        now = world.columns["lists"] != 0
        if not self.ever.size:
            self.ever, self.complied, self.listed = (np.zeros(len(now), bool) for _ in range(3))
        ended = world.columns["ended"]
        self.complied |= self.listed & ((ended == EXIT_PAID) | (ended == EXIT_GARNISHED))
        self.ever |= now
        self.listed = now
        self.shares[date] = 100 * ratio(self.complied.sum(), self.ever.sum())

    def found(self) -> Counts:
        """Percent of all ever listed, by date."""
        return self.shares


class Borrowers:
    """Loans taken from one month to another, by the borrower's score in the month of the loan (bands from `edges` on,
    in points), followed for `months`: 'all' and 'band 0' … are the percent with three months of arrears by then.
    """

    def __init__(self, first: str, last: str, edges: Sequence[int], months: int = 24) -> None:
        self.first, self.last, self.edges, self.months = first, last, edges, months
        self.before: NDArray[np.uint8] | None = None
        self.band = self.age = np.zeros(0, np.int8)
        self.defaulted = np.zeros(0, bool)

    def see(self, world: World, date: str) -> None:
        """Take up new loans of the window, and defaults of those that are followed."""
        loan = world.columns["loan"]
        if self.before is None:
            self.band, self.age = np.full(len(loan), -1, np.int8), np.zeros(len(loan), np.int8)
            self.defaulted = np.zeros(len(loan), bool)
        else:
            followed = (self.band >= 0) & (self.age < self.months)
            self.age[followed] += 1
            self.defaulted |= followed & (loan > TWO_LATE)
            new = (self.before == NO_LOAN) & (loan != NO_LOAN) & (self.band < 0)
            new &= (world.columns["flags"] & ENROLLED) != 0
            if self.first <= date <= self.last:
                score = world.columns["score"][new] / 32
                self.band[new] = np.searchsorted(self.edges, score, side="right")
        self.before = loan.copy()

    def found(self) -> Counts:
        """Percent in default, and how many were followed ('loans', 'loans 0' …)."""
        told = {
            "all": 100 * ratio(self.defaulted.sum(), (self.band >= 0).sum()),
            "loans": float((self.band >= 0).sum()),
        }
        for band in range(len(self.edges) + 1):
            here = self.band == band
            told[f"band {band}"] = 100 * ratio(self.defaulted[here].sum(), here.sum())
            told[f"loans {band}"] = float(here.sum())
        return told


class Alike:
    """How alike the own records of tied people are: the correlation over living ties (Newman 2003) of what stands on
    their accounts, by date. Not of their scores, which a regime that counts friends makes alike by itself.
    """

    def __init__(self, dates: Sequence[str]) -> None:
        self.dates = dates
        self.alike: Counts = {}

    def see(self, world: World, date: str) -> None:
        """Measure, on the dates asked for."""
        if date not in self.dates:
            return
        edges, _ = world.living_ties()
        columns = world.columns
        record = columns["credit"].astype(np.float64) + columns["conduct"]
        both = edges[((columns["flags"][edges] & ENROLLED) != 0).all(axis=1)]
        self.alike[date] = correlation(record[both])

    def found(self) -> Counts:
        """The correlation, -1 to 1, by date."""
        return self.alike


class Moved:
    """How far scores moved to the month `date`: 'moved 3' is the percent of the scored whose score differs by more than
    `by` points from three months before; 'kept 12' the percent of those at `high` or above a year before who
    are so still.
    """

    def __init__(self, date: str, by: float = 20, high: float = 800) -> None:
        self.by, self.high = by, high
        at = Month.parse(date)
        self.at = {str(at - months): months for months in (0, 1, 3, 6, 12)}
        self.scores: dict[int, NDArray[np.float64]] = {}

    def see(self, world: World, date: str) -> None:
        """Keep the scores of the months compared; NaN for who has none."""
        if date in self.at:
            scored = (world.columns["flags"] & ENROLLED) != 0
            self.scores[self.at[date]] = np.where(scored, world.columns["score"] / 32, np.nan)

    def found(self) -> Counts:
        """Percent, of those scored both times."""
        told, now = {}, self.scores[0]
        for months, then in self.scores.items():
            both = np.isfinite(now) & np.isfinite(then)
            told[f"moved {months}"] = 100 * ratio((np.abs(now - then) > self.by)[both].sum(), both.sum())
            high = both & (then >= self.high)
            told[f"kept {months}"] = 100 * ratio((now >= self.high)[high].sum(), high.sum())
        return told


def correlation(pairs: NDArray[np.float64]) -> float:
    """Pearson's correlation over unordered pairs (m, 2); NaN where all are the same."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    if len(both) == 0 or both.std() == 0:
        return float("nan")
    return float(np.corrcoef(both.T)[0, 1])


FOLLOWERS: dict[str, Callable[..., Follower]] = {
    "complied": Complied,
    "borrowers": Borrowers,
    "alike": Alike,
    "moved": Moved,
}
"""What a study can follow."""


def followed(
    scenario: Scenario, make: Callable[[], Follower], threads: int | None = None, watch: Watch = nobody
) -> dict[str, list[Counts]]:
    """Live a scenario with a follower for each of its worlds: regime -> what was found, one a seed."""
    told: dict[str, list[Counts]] = {regime.name: [] for regime in scenario.regimes}
    for k, seed in enumerate(scenario.seeds):
        watch("seed", k, len(scenario.seeds))
        each = [make() for _ in scenario.regimes]

        def touch(worlds: list[World], month: int, each: list[Follower] = each) -> None:
            for world, follower in zip(worlds, each, strict=True):
                follower.see(world, str(scenario.start + month))

        simulate(scenario, seed, threads=threads, watch=watch, schedule=SCHEDULE, touch=touch)
        for regime, follower in zip(scenario.regimes, each, strict=True):
            told[regime.name].append(follower.found())
    return told
