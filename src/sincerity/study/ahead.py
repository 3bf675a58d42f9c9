"""What lies ahead of a person: what it would take to pass the next gate, and what if.

From the last month of a run on, the month's own rule `score` is run for that one person, with the person's own luck of
those months; savings, work and ties stay as they are. Nothing is recorded but what is asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sincerity.census.lives import Life, Row
from sincerity.census.waterfall import bits, cuts
from sincerity.census.wording import DONE, WANTED
from sincerity.declare.dates import Month
from sincerity.declare.vocabulary import ACTS
from sincerity.month.gates import ACT, GATE
from sincerity.month.observation import CONDUCT_ACCOUNT
from sincerity.month.points import expected
from sincerity.month.schedule import Schedule, names_used
from sincerity.month.tables import term_rows
from sincerity.people.columns import LOAN_PAID, MISTAKEN, NO_LOAN, ONE_LATE, PARTNER

if TYPE_CHECKING:
    from sincerity.declare.regime import Regime
    from sincerity.engine.world import World

LONGEST = 120
"""Months that are tried to pass the next gate."""
MOST_ACTS = 4
OF_LAW = ("award", "report_neighbour")
"""Gains that nobody can decide on."""


class Way(NamedTuple):
    """A way to the next gate. months: how long it takes; None: not within `LONGEST`. score: then, points."""

    words: str
    months: int | None
    score: float


class Cliff(NamedTuple):
    """What if: the score, in points, now and after each coming month with the act recorded in each, and without.

    cuts: (what, points) near them. closes: (months, what) as each cut is crossed. lists: onto which the act leads
    besides, with its chance.
    """

    act: str
    words: str
    scores: tuple[float, ...]
    without: tuple[float, ...]
    cuts: tuple[tuple[str, float], ...]
    closes: tuple[tuple[int, str], ...]
    lists: tuple[tuple[str, float], ...]


class Future(NamedTuple):
    """What lies ahead. score: now, points; None: the person has none. passed, closed: what the score opens and closes.

    lists: (title, how one leaves it) of the lists on which the person stands. target: (what, cut) of the next gate.
    """

    score: float | None
    passed: tuple[str, ...]
    closed: tuple[str, ...]
    lists: tuple[tuple[str, str], ...]
    target: tuple[str, float] | None
    ways: tuple[Way, ...]
    cliff: Cliff | None


def future(world: World, life: Life, last: Month, seed: int, act: str, months: int) -> Future:
    """What lies ahead of somebody whose last month was `last`, in a world as it then stands."""
    regime, row = life.regime, life.last
    score = row["score"] / 32 if row["score"] else None
    lists = tuple(_list(regime, number, row) for number in bits(row["lists"]))
    shut = {
        name for name, gate in regime.gates.items()
        if any(number in set(bits(row["lists"])) for number, n in enumerate(regime.lists) if n in gate.lists)
    }  # fmt: skip
    by_score = {name: float(cut) for name, gate in regime.gates.items() if (cut := regime.cut(gate)) is not None}
    if score is not None:
        shut |= {name for name, cut in by_score.items() if score < cut}
    closed = tuple(WANTED[name] for name in GATE if name in shut)
    passed = tuple(WANTED[name] for name in GATE if name in regime.gates and name not in shut)
    if score is None:
        return Future(None, passed, closed, lists, None, (), None)
    alone = Ahead(world, row, last, seed, life.person)
    above = [(what, cut) for what, cut, _ in cuts(regime, last) if cut > score]
    target = None
    if above:
        target = (" and ".join(what for what, cut in above if cut == above[0][1]), above[0][1])
    ways = tuple(_ways(alone, regime, row, target[1])) if target else ()
    return Future(score, passed, closed, lists, target, ways, _cliff(alone, regime, last, act, months))


def _list(regime: Regime, number: int, row: Row) -> tuple[str, str]:
    made = list(regime.lists.values())[number]
    if made.enters == "judgment unmet" and row["flags"] & MISTAKEN:
        return made.title, "an appeal decided rightly, since it is somebody else's judgment"
    if made.enters == "judgment unmet":
        return made.title, f"{made.leaves} ({row['owed'] / 8:.1f} months of essentials, {row['buffer'] / 16:.1f} saved)"
    if made.enters == "acts":
        return made.title, f"{made.leaves}: {row['term'][term_rows(regime)[number]]} months"
    return made.title, f"{made.leaves}: {float(made.again or 0):g}"


class Ahead:
    """One person's columns, and the rule `score` run over them month by month."""

    def __init__(self, world: World, row: Row, last: Month, seed: int, person: int) -> None:
        self._world, self._row, self._last, self._person = world, row, last, person
        self._rule = next(rule for rule in Schedule() if rule.name == "score")
        self._tables: dict[int, dict[str, Any]] = {}
        self._seed = seed
        self.score: float = row["score"] / 32

    def tables(self, months: int) -> dict[str, Any]:
        """What the rule looks up so many months after the last."""
        if months not in self._tables:
            found = self._world.tables(self._last + months)
            fields = sorted(names_used(self._rule.function) & set(found))
            self._tables[months] = {name: found[name] for name in fields}
        return self._tables[months]

    def luck(self, months: int) -> NDArray[np.uint32]:
        """The person's own words of those months."""
        from sincerity.people.draws import fill_luck, key_of

        words = np.zeros((max(4, -(-self._rule.words // 4) * 4), 1), np.uint32)
        start = self._world.begun or self._last
        fill_luck(self._person, self._person + 1, self._last - start + months, *key_of(self._seed, "score"), words)
        words.flags.writeable = False
        return words

    def scores(self, months: int, acts: int = 0, put: Row | None = None, **tables: Any) -> list[float]:
        """The score after each of so many months, points, with these acts recorded in each of them.

        put: columns that stand otherwise from the first month on; tables: what is looked up otherwise.
        """
        from sincerity.engine.frames import frame
        from sincerity.engine.world import kept_columns
        from sincerity.people import traits
        from sincerity.people.columns import registry

        columns = registry(traits.columns())
        kept = kept_columns(Schedule(), (self._world.regime,))
        standing = {"seen": 0, "acts": 0, "false_new": 0, "presumed": 0, "presumed_falsely": 0}
        row = self._row | standing | (put or {})
        paying = row["loan"] in range(LOAN_PAID, ONE_LATE + 2)
        row["loan"] = (ONE_LATE if acts & 1 << ACT["pay_late"] else LOAN_PAID) if paying else NO_LOAN
        row["acts"] = row["seen"] = acts
        arrays = {}
        for name in self._rule.columns:
            column = columns[name]
            empty = column.life == "state" and column.name not in kept
            arrays[name] = np.zeros(0, column.dtype) if empty else np.array([row[name]], column.dtype)
            arrays[name].flags.writeable = name in self._rule.writes
        people = frame("People", self._rule.columns)(*(arrays[name] for name in self._rule.columns))
        found = []
        for month in range(1, months + 1):
            looked_up = self.tables(month)
            changed = {name: type(looked_up[name])(value) for name, value in tables.items()}
            handed = frame("Tables", sorted(looked_up))(*((looked_up | changed)[name] for name in sorted(looked_up)))
            self._rule.function(0, 1, people, handed, self.luck(month))
            found.append(int(arrays["score"][0]) / 32)
        return found


def _ways(alone: Ahead, regime: Regime, row: Row, cut: float) -> list[Way]:
    """Ways to a score, the shortest first: waiting, each act that brings points, savings, a partner, nobody's ties."""
    ways = [_way("nothing new on the record", alone, cut)]
    gains = [a for a in ACTS if expected(regime, a) > 0 and a not in OF_LAW]
    acts = [_way(f"each month: {DONE[a]}, and it is recorded", alone, cut, acts=1 << ACT[a]) for a in gains]
    ways += sorted((way for way in acts if way.months is not None), key=lambda way: way.months or 0)[:MOST_ACTS]
    ways.append(_way("savings of a year and more", alone, cut, put={"buffer": 255}))
    if not row["flags"] & PARTNER:
        ways.append(_way("a partner", alone, cut, put={"flags": row["flags"] | PARTNER}))
    ways.append(_way("ties counted for nothing", alone, cut, friends=0, posts=0))
    if row["false_points"]:
        name = "conduct" if row["false_months"] & CONDUCT_ACCOUNT else "credit"
        back = {name: row[name] + 16 * row["false_points"], "false_points": 0}
        ways.append(_way("the false record taken back", alone, cut, put=back))
    waits = ways[0].months
    return [ways[0], *(way for way in ways[1:] if way.months is not None and (waits is None or way.months < waits))]


def _way(words: str, alone: Ahead, cut: float, acts: int = 0, put: Row | None = None, **tables: Any) -> Way:
    scores = alone.scores(LONGEST, acts, put, **tables)
    month = next((k for k, score in enumerate(scores, start=1) if score >= cut), None)
    return Way(words, month, scores[(month or LONGEST) - 1])


def _cliff(alone: Ahead, regime: Regime, last: Month, act: str, months: int) -> Cliff:
    scores = (alone.score, *alone.scores(months, acts=1 << ACT[act]))
    without = (alone.score, *alone.scores(months))
    low, high = min(*scores, *without), max(*scores, *without)
    near = tuple((what, cut) for what, cut, _ in cuts(regime, last + months) if low - 25 <= cut <= high + 25)
    closes = tuple((k, what) for k in range(1, months + 1) for what, cut in near if scores[k] < cut <= scores[k - 1])
    lists = tuple((made.title, float(made.acts[act])) for made in regime.lists.values() if act in made.acts)
    return Cliff(act, DONE[act], scores, without, near, closes, lists)
