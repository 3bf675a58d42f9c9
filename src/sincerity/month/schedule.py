"""The month, as a list. To see what happens, read it from top to bottom; to change it, use `after` and `replace`.

Each row names a rule, what it walks over, what it reads and writes of a person, and how many words of luck it is
given. Everything a rule touches must stand in its row: undeclared columns are not handed to it, and what it only
reads is handed read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sincerity.month.asking import asking
from sincerity.month.conduct import GROUPS, conduct
from sincerity.month.enrolment import CLOSED, enrolment
from sincerity.month.firms import firms
from sincerity.month.friendship import friendship
from sincerity.month.learning import learning
from sincerity.month.livelihood import livelihood
from sincerity.month.meeting import meeting
from sincerity.month.obligations import obligations
from sincerity.month.observation import observation
from sincerity.month.peers import peers
from sincerity.month.providers import providers
from sincerity.month.redress import redress
from sincerity.month.regions import regions
from sincerity.month.score import score
from sincerity.month.speech import speech
from sincerity.month.standing import standing
from sincerity.month.start import start
from sincerity.people.columns import BOARD, MONTH, SCRATCH, STATE, TIES, WORKPLACE, Column
from sincerity.people.draws import name_key


class ScheduleError(Exception):
    """A schedule that cannot be walked: what is wrong with which row."""


@dataclass(frozen=True)
class Rule:
    """One row. `over` is persons, firms or regions; `words`: uint32 words of luck each of them gets.

    idle: of the month's tables, whether the rule does nothing in a world; then it gets neither a call nor luck.
    """

    name: str
    function: Callable[..., None]
    over: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    words: int
    idle: Callable[[Any], bool] | None = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns handed to the rule, the written ones first."""
        return (*self.writes, *(c for c in self.reads if c not in self.writes))

    @property
    def means(self) -> str:
        """The first sentence of the rule's file."""
        import sys

        text = sys.modules[self.function.__module__].__doc__ or ""
        return text.strip().split("\n")[0]


def rule(
    name: str,
    function: Callable[..., None],
    reads: str,
    writes: str,
    words: int,
    over: str = "persons",
    idle: Callable[[Any], bool] | None = None,
) -> Rule:
    """A row from space-separated column names."""
    return Rule(name, function, over, tuple(reads.split()), tuple(writes.split()), words, idle)


START = rule(
    "start",
    start,
    "age education decile opinion sociability ties",
    "buffer flags loan owed outlook fear hold",
    7,
)

ROWS = (
    rule(
        "meeting",
        meeting,
        "ties sociability board",
        "own_hold alive company neighbours neighbours_disorderly household_listed friends_score "
        "friends_scored friends_for friends_against friends_punished friends_sanctioned",
        0,
    ),
    rule(
        "enrolment",
        enrolment,
        "decile official friends_scored company lists",
        "flags",
        2,
        idle=lambda tables: tables.enrolment == CLOSED,
    ),
    rule(
        "livelihood",
        livelihood,
        "age education decile region score channels workplace",
        "buffer flags tried surplus shortfall firm idle roll",
        4,
    ),
    rule(
        "obligations",
        obligations,
        "decile conscientiousness surplus shortfall score lists private_scores ever",
        "buffer flags loan owed tried acts acts_free exit judged near candidates",
        8,
    ),
    rule(
        "conduct",
        conduct,
        "cell decile civic channels flags score private_scores fear ever",
        "near candidates group_rate value acts acts_free",
        len(GROUPS),
    ),
    rule(
        "speech",
        speech,
        "decile sociability integrity outlook fear score friends_for friends_against",
        "flags acts topic said said_free called apology rumour candidates",
        8,
    ),
    rule(
        "observation",
        observation,
        "channels minority tolerance loan owed neighbours neighbours_disorderly",
        "acts buffer flags false_points false_months seen caught false_new grudge near candidates pending",
        4,
    ),
    rule(
        "peers",
        peers,
        "board acts company friends_for friends_against",
        "flags rating",
        1,
        idle=lambda tables: tables.peers <= 0 or tables.scored == 0,
    ),
    rule(
        "providers",
        providers,
        "channels official decile minority sociability loan acts ties alive company board",
        "private_false private_bad flags private_scores closed_by_providers watchers seen_through seen credit conduct",
        4,
        idle=lambda tables: tables.providers == 0,
    ),
    rule(
        "score",
        score,
        "flags loan buffer acts seen said called false_new decile age education urban friends_punished friends_scored "
        "friends_score rating",
        "credit conduct hours earned false_points false_months score score_own score_true score_alone score_money "
        "score_money_true presumed presumed_falsely money order fined ceiling wronged near candidates",
        4,
    ),
    rule(
        "standing",
        standing,
        "owed buffer score score_own score_true score_alone score_money score_money_true seen exit decile education "
        "official parent household_listed false_points closed_by_providers "
        "firm",
        "flags loan lists term ever tried refused refused_regime refused_clean refused_unable refused_false "
        "refused_ties in_line entered left near candidates",
        8,
    ),
    rule(
        "learning",
        learning,
        "said friends_for friends_against friends_punished friends_sanctioned opinion score entered refused_regime "
        "refused_clean refused_unable owed credit conduct tried refused seen lists",
        "flags fear outlook ever unproportional near",
        3,
    ),
    rule(
        "friendship",
        friendship,
        "ties reach board alive company sociability decile score friends_score friends_scored tried refused",
        "hold flags lost near candidates",
        3,
    ),
    rule(
        "redress",
        redress,
        "education entered refused_false",
        "flags credit conduct false_points false_months corrected",
        3,
    ),
    rule("asking", asking, "outlook fear score flags decile integrity", "answer near candidates", 1),
    rule("firms", firms, "board", "cash points flags term", 4, over="firms"),
    rule(
        "regions",
        regions,
        "board",
        "needy out_of_work on_list scored score relief late points term listed",
        1,
        over="regions",
    ),
)


@dataclass(frozen=True)
class Schedule:
    """The rows in force, and the columns that they may use beside the registry's."""

    rows: tuple[Rule, ...] = ROWS
    columns: tuple[Column, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rows)

    def over(self, what: str) -> tuple[Rule, ...]:
        """The rows that walk over persons, firms or regions."""
        return tuple(r for r in self.rows if r.over == what)

    def asks_for(self, column: str) -> bool:
        """Whether a rule over persons reads or writes it."""
        return any(column in row.columns for row in self.over("persons"))

    def _place(self, name: str) -> int:
        for k, row in enumerate(self.rows):
            if row.name == name:
                return k
        raise ScheduleError(f"no rule is called {name!r}; the rules are {', '.join(r.name for r in self.rows)}")

    def after(self, name: str, row: Rule, columns: tuple[Column, ...] = ()) -> Schedule:
        """The schedule with one more rule behind the one named."""
        k = self._place(name) + 1
        return replace(self, rows=(*self.rows[:k], row, *self.rows[k:]), columns=(*self.columns, *columns))

    def replace(self, name: str, row: Rule, columns: tuple[Column, ...] = ()) -> Schedule:
        """The schedule with another rule in the place of the one named."""
        k = self._place(name)
        return replace(self, rows=(*self.rows[:k], row, *self.rows[k + 1 :]), columns=(*self.columns, *columns))


OVER = ("persons", "firms", "regions")
CENSUS_WRITES = ("measured", "measured_more", "history")
"""Columns that the census writes, after the last rule."""
OWN_NAMES = frozenset(c.name for c in (*STATE, *BOARD, *TIES, WORKPLACE, *MONTH))
"""Columns of the registry, which a researcher's own cannot replace."""


def names_used(function: Any) -> set[str]:
    """Attribute names in a rule's code and in the compiled functions that it takes in."""
    python = getattr(function, "py_func", function)
    found: set[str] = set()
    waiting, met = [python], set()
    while waiting:
        one = waiting.pop()
        if one in met:
            continue
        met.add(one)
        for name in one.__code__.co_names:
            found.add(name)
            inner = getattr(one.__globals__.get(name), "py_func", None)
            if inner is not None:
                waiting.append(inner)
    return found


def check(schedule: Schedule, registry: dict[str, Column]) -> None:
    """Raise ScheduleError for a row that the world could not honour.

    Undeclared columns, month columns read before anything writes them, writes to the board or to traits, columns nobody
    writes, rules whose keys of luck coincide.
    """
    faults: list[str] = []
    keys: dict[int, str] = {name_key(START.name): START.name}
    written: set[str] = set()
    for column in schedule.columns:
        if registry.get(column.name) is not column or column.name in OWN_NAMES:
            faults.append(f"the column {column.name!r} is declared twice")
        if column.life not in ("state", "month"):
            faults.append(f"the column {column.name!r}: a rule's own column is state or month, not {column.life}")
    for row in schedule:
        key = name_key(row.name)
        if key in keys:
            same = (
                "there are two rules of this name"
                if keys[key] == row.name
                else f"its name gives the same key of luck as {keys[key]}"
            )
            faults.append(f"{row.name}: {same}")
        keys[key] = row.name
        if row.over not in OVER:
            faults.append(f"{row.name}: walks over {row.over!r}; expected one of {', '.join(OVER)}")
        if row.over != "persons":
            continue
        used = names_used(row.function) & set(registry)
        for name in sorted(used - set(row.columns)):
            faults.append(f"{row.name}: uses the column {name!r}, which its row does not declare")
        for name in row.columns:
            if name not in registry:
                faults.append(f"{row.name}: there is no column {name!r}")
                continue
            column = registry[name]
            if name in row.writes and column.life in ("board", "trait"):
                faults.append(f"{row.name}: writes {name!r}, which no rule may write ({column.life})")
            if name not in row.writes and column.life == "month" and name not in written:
                faults.append(f"{row.name}: reads {name!r} before any rule of the month has written it")
        written.update(row.writes)
    started = set(START.writes)
    for name, column in registry.items():
        if column.life in ("month", "state") and name not in written | started | set(CENSUS_WRITES) | SCRATCH:
            faults.append(f"the column {name!r} has no writer")
    if faults:
        raise ScheduleError("\n".join(faults))
