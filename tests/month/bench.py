"""A test bench: a handful of hand-made people, tables of a real regime, chosen luck, one rule; and what it leaves.

People are given by column; what is not given is that of `ORDINARY`, or 0. Luck is given by word; a word that is not
given is `NEVER`, by which nothing happens and nothing is rounded up. All share the words unless each has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.regime import Regime
from sincerity.engine.frames import frame, read_only
from sincerity.engine.world import Land, World, build, settle
from sincerity.month.gates import ACT, GATE
from sincerity.month.schedule import START, Rule, Schedule, names_used
from sincerity.people import traits
from sincerity.people.columns import AWARE, ENROLLED, registry
from sincerity.people.firms import NO_FIRM, fill_workplaces
from sincerity.people.ties import SLOTS, dense

NEVER = 2**32 - 1
SCHEDULE = Schedule()
COLUMNS = registry(traits.columns())
RULES = {row.name: row for row in (START, *SCHEDULE)}
IN = ENROLLED | AWARE
ORDINARY: Mapping[str, Any] = {
    "age": 40,
    "sex": 0,
    "urban": 1,
    "education": 2,
    "decile": 5,
    "cell": 8,
    "conscientiousness": 128,
    "tolerance": 128,
    "integrity": 128,
    "sociability": 128,
    "civic": 128,
    "channels": 0xFFFF,
    "buffer": 32,
    "loan": 0,
}
Words = Mapping[int, int]
Changes = Mapping[str, Any]


class Left:
    """The columns after a rule, by name: one number a person (a list a row, where a column has rows)."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self._arrays = arrays

    def __getattr__(self, name: str) -> Any:
        return self._arrays[name].tolist()

    def array(self, name: str) -> NDArray[Any]:
        """The column itself."""
        return self._arrays[name]


@cache
def regime(name: str, settings: tuple[str, ...] = ()) -> Regime:
    """A regime of the catalogue, with settings 'path=value'."""
    return catalogue.regime(name, [(s.split("=")[0], s.split("=")[1]) for s in settings])


@cache
def land(people: int = 1024) -> Land:
    """The land of the catalogue's society, seed 1."""
    return settle(catalogue.society("china-2020"), people, 1)


@cache
def workplaces() -> NDArray[np.uint32]:
    """Where the people of the land work."""
    found = np.zeros(land().people, np.uint32)
    fill_workplaces(0, len(found), land().workplaces, found)
    return found


@cache
def world(name: str = "none", settings: tuple[str, ...] = ()) -> World:
    """A world of 1,024 people."""
    return build(land(), regime(name, settings), SCHEDULE)


def tables(name: str = "none", date: str = "2020-06", settings: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """What rules may look up under a regime in a month, with some of it changed: a value, or {index: value}."""
    found = dict(world(name, settings).tables(Month.parse(date)))
    for key, value in changes.items():
        old = found[key]
        if isinstance(value, dict):
            new = old.copy()
            for index, one in value.items():
                new[index] = one
        elif isinstance(old, np.ndarray):
            new = np.full_like(old, value) if np.isscalar(value) else np.asarray(value, old.dtype)
        else:
            new = type(old)(value)
        found[key] = new
    return found


def looked_up(row: Rule, found: Mapping[str, Any]) -> Any:
    """The tables as the engine hands them to a rule."""
    fields = sorted(names_used(row.function) & set(found))
    return frame("Tables", fields)(*(found[f] for f in fields))


def luck_of(words: int, people: int, given: Words | Sequence[Words] | NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """(words, people) uint32; words in fours."""
    luck = np.full((max(4, -(-words // 4) * 4), people), NEVER, np.uint32)
    if isinstance(given, np.ndarray):
        luck[: len(given)] = given
        return luck
    for q in range(people):
        mine = {} if given is None else given if isinstance(given, Mapping) else given[q]
        for word, value in mine.items():
            luck[word, q] = value
    return luck


def column(name: str, people: Sequence[Changes]) -> Any:
    """A column of these people."""
    made = COLUMNS[name]
    if name == "ties":
        rows = np.tile(np.arange(len(people), dtype=np.uint32), (SLOTS, 1))
        for q, person in enumerate(people):
            for slot, whom in dict(person.get("contacts", {})).items():
                rows[slot, q] = whom
        return dense(rows)
    if name == "workplace":  # that of the land's person of this number
        theirs = workplaces().tolist() + [NO_FIRM] * len(people)
        return np.array([person.get(name, theirs[q]) for q, person in enumerate(people)], made.dtype)
    if made.rows > 1:
        given = [person.get(name, ()) for person in people]
        return np.array([[*rows, *[0] * (made.rows - len(rows))] for rows in given], made.dtype).T.copy()
    values = [person.get(name, ORDINARY.get(name, 0)) for person in people]
    if name == "board":  # all of the land can be met; those who are not given show nothing
        values += [0] * (land().people - len(values))
    return np.array(values, made.dtype)


def bench(
    name: str,
    people: Sequence[Changes],
    luck: Words | Sequence[Words] | NDArray[np.uint32] | None = None,
    *,
    regime: str = "none",
    date: str = "2020-06",
    settings: tuple[str, ...] = (),
    function: Callable[..., None] | None = None,
    **changes: Any,
) -> Left:
    """Run one rule over these people. `changes` are tables with other values than the regime's and society's."""
    row = RULES[name]
    arrays = {c: column(c, people) for c in row.columns}
    handed = [arrays[c] if c in row.writes else read_only(arrays[c]) for c in row.columns]
    found = looked_up(row, tables(regime, date, settings, **changes))
    rule = function or row.function
    words = read_only(luck_of(row.words, len(people), luck))
    rule(0, len(people), frame("People", row.columns)(*handed), found, words)
    return Left(arrays)


def bench_rows(
    name: str,
    rows: int,
    columns: Changes,
    luck: Words | Sequence[Words] | None = None,
    *,
    regime: str = "none",
    **changes: Any,
) -> Left:
    """Run a rule over firms or regions: `columns` by name, an array or one value for all."""
    row = RULES[name]
    held = getattr(world(regime), row.over)
    arrays: dict[str, NDArray[Any]] = {}
    for c in row.columns:
        dtype = np.uint64 if c == "board" else held[c].dtype
        size = land().people if c == "board" else len(held[c])
        arrays[c] = np.zeros(size, dtype)
        arrays[c][:] = columns.get(c, 0)
    found = looked_up(row, tables(regime, **changes))
    handed = [read_only(arrays[c]) if c == "board" else arrays[c] for c in row.columns]
    row.function(0, rows, frame(row.over.capitalize(), row.columns)(*handed), found, luck_of(row.words, rows, luck))
    return Left(arrays)


def act(*names: str) -> int:
    """The mask of some acts."""
    return sum(1 << ACT[name] for name in names)


def gate(*names: str) -> int:
    """The mask of some gates."""
    return sum(1 << GATE[name] for name in names)


def many(number: int, **columns: Any) -> list[dict[str, Any]]:
    """So many people alike."""
    return [dict(columns) for _ in range(number)]


def words(number: int, people: int, seed: int = 1) -> NDArray[np.uint32]:
    """(number, people) random words."""
    return np.random.default_rng(seed).integers(0, 2**32, (number, people), dtype=np.uint32)
