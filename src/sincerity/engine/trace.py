"""Tracing: some people of a run are watched rule by rule, their rows compared with what they were.

The blocks run as they always do; before and after each rule the traced rows are copied. So the bits can't change, and a
run without a trace pays nothing. While a rule's luck is still there, `Step.again` runs the pure rule once more for that
one person, with an input or a table put otherwise: that is where causes come from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sincerity.census import members, spells
from sincerity.census.lives import CENSUS, Row, Step
from sincerity.census.measures import BIT
from sincerity.declare.society import Society
from sincerity.engine.frames import frame, read_only
from sincerity.month.gates import GATE
from sincerity.people.draws import fill_luck, key_of
from sincerity.people.ties import dense

if TYPE_CHECKING:
    from sincerity.census.members import Members
    from sincerity.census.spells import Spells
    from sincerity.engine.cpu import Engine, Scratch
    from sincerity.engine.world import World
    from sincerity.month.schedule import Rule

DRAWN = "a person drawn at random"


class Tally:
    """Totals a person, over the months of a run, by which persons are found; all worlds, int32 (worlds, people).

    lost: welfare lost to refusals by the regime, in 1/1000 month of essential spending; refused: how many of them;
    changed: measures, month by month, in which the census counts a person otherwise than the twin in world 0; wrongly:
    months on a list by mistaken identity; false: months with a false record.
    """

    def __init__(self, society: Society, worlds: int, people: int) -> None:
        names = ("lost", "refused", "changed", "wrongly", "false")
        self.totals = {name: np.zeros((worlds, people), np.int32) for name in names}
        value = np.zeros(len(GATE), np.int64)
        for name, worth in society.worth.items():
            value[GATE[name]] = round(1000 * float(worth))
        masks = np.arange(1 << len(GATE))
        self._lost = sum((masks >> gate & 1) * each for gate, each in enumerate(value)).astype(np.int32)  # type: ignore[union-attr]

    def add(self, lo: int, hi: int, months: list[dict[str, NDArray[Any]]]) -> None:
        """Add one block's month; `months`: the month columns of each world."""
        n = hi - lo
        base, more = months[0]["measured"][:n], months[0]["measured_more"][:n]
        for w, month in enumerate(months):
            mask, refused = month["measured"][:n], month["refused_regime"][:n]
            self.totals["lost"][w, lo:hi] += self._lost[refused]
            self.totals["refused"][w, lo:hi] += np.bitwise_count(refused)
            self.totals["changed"][w, lo:hi] += np.bitwise_count(mask ^ base)
            self.totals["changed"][w, lo:hi] += np.bitwise_count(month["measured_more"][:n] ^ more)
            for name, bit in (("wrongly", BIT["wrongly_listed"]), ("false", BIT["false_record"])):
                self.totals[name][w, lo:hi] += ((mask >> np.uint64(bit)) & np.uint64(1)).astype(np.int32)


class Trace:
    """Who is watched in a run, and who is told.

    people: person -> the first month (0 is the run's first) from which on. tell: called with a `Step` for each rule,
    world and month; from several threads at once, but never for the same person. tally: totals of everybody. spells:
    how long the rules of the last world hold everybody. members: of its private scorers. worlds: those of the run, once
    it has begun.
    """

    def __init__(
        self,
        people: Mapping[int, int],
        tell: Callable[[Step], None],
        tally: Tally | None = None,
        spells: Spells | None = None,
        members: Members | None = None,
    ) -> None:
        self.people, self.tell, self.tally = dict(people), tell, tally
        self.spells, self.members = spells, members
        self.worlds: list[World] = []

    def also(self, people: Mapping[int, int]) -> None:
        """Watch further people, in the midst of a run too."""
        self.people = {**people, **self.people}

    def inside(self, lo: int, hi: int, month: int) -> list[int]:
        """The people watched in a block and month."""
        return [i for i, since in self.people.items() if lo <= i < hi and month >= since]

    def run_rule(self, engine: Engine, rule: Rule, lo: int, hi: int, month: int, mine: Scratch, who: list[int]) -> None:
        """Run a rule over a block, looking at the people watched before and after it."""
        worlds = range(len(engine.worlds))
        before = {(w, i): _row(engine, rule.columns, w, i, lo, mine) for w in worlds for i in who}
        engine.run_rule(rule, lo, hi, month, mine)
        for (w, i), was in before.items():
            now = was | _row(engine, rule.writes, w, i, lo, mine)
            if "contacts" in was and "board" in was:
                now["entries"] = tuple(int(e) for e in engine.worlds[w].columns["board"][list(was["contacts"])])
            again = partial(_again, engine, rule, w, i, mine.luck[:, i - lo].copy(), was, now)
            self.tell(Step(month, engine.date, w, i, rule.name, was, now, engine.rule_tables(w, rule.name), again))

    def end_block(self, engine: Engine, lo: int, hi: int, month: int, mine: Scratch, who: list[int]) -> None:
        """After the census of a block: its totals, and all that the people watched then are."""
        self.worlds = engine.worlds
        if self.tally is not None:
            self.tally.add(lo, hi, mine.month)
        if self.spells is not None:
            self.spells.add(lo, hi, _doors(engine, lo, hi, mine), mine.month[-1]["measured"][: hi - lo])
        if self.members is not None and self.members.wants(month):
            self.members.add(month, _members(engine, lo, hi, mine))
        for i in who:
            for w in range(len(engine.worlds)):
                row = _row(engine, tuple(engine.columns), w, i, lo, mine)
                self.tell(Step(month, engine.date, w, i, CENSUS, row, row, None, _never))


def drawn(seed: int, people: int) -> int:
    """The person drawn at random in a run of a seed: the same in every world, known before it begins."""
    words = np.zeros((4, 1), np.uint32)
    fill_luck(0, 1, 0, *key_of(seed, DRAWN), words)
    return int(words[0, 0]) * people >> 32


def _never(inputs: Row | None = None, **tables: Any) -> Row:
    raise ValueError("the census is no rule that could be run again")


def _row(engine: Engine, names: tuple[str, ...], w: int, i: int, lo: int, mine: Scratch) -> Row:
    """One person's entries of some columns, as numbers; tuples where a column has rows. Columns left out are 0."""
    found: Row = {}
    for name in names:
        if name in ("ties", "contacts"):
            found["contacts"] = tuple(engine.land.contacts(i, i + 1)[:, 0].tolist())
        else:
            found[name] = _number(*_place(engine, name, w, i, lo, mine))
    return found


def _place(engine: Engine, name: str, w: int, i: int, lo: int, mine: Scratch) -> tuple[NDArray[Any], int]:
    life = engine.columns[name].life
    if life in ("state", "board"):
        return engine.worlds[w].columns[name], i
    return (mine.traits if life == "trait" else mine.month[w])[name], i - lo


def _again(
    engine: Engine, rule: Rule, w: int, i: int, luck: NDArray[np.uint32], was: Row, now: Row,
    inputs: Row | None = None, **tables: Any,
) -> Row:  # fmt: skip
    """Run a rule again for one person, as things stood before it but for `inputs` and `tables`; return what it gives.

    The person's own state is set back for the moment, and put right again afterwards. Nobody else reads it meanwhile:
    what others see of a person is the board, which is not written before all have lived.
    """
    given = was | (inputs or {})
    handed: list[tuple[str, Any]] = []
    state = []
    for name in rule.columns:
        column = engine.columns[name]
        if column.life in ("state", "board"):
            array = engine.worlds[w].columns[name]
            if column.life == "state" and array.shape[-1]:
                state.append((name, array))
        else:
            value = given["contacts" if name == "ties" else name]
            array = np.array(value, column.dtype).reshape((-1, 1) if column.rows > 1 else 1)
        handed.append((name, dense(array) if name == "ties" else array))
    looked_up = engine.rule_tables(w, rule.name)
    changed = {
        name: _like(getattr(looked_up, name), value) for name, value in tables.items() if name in looked_up._fields
    }
    try:
        for name, array in state:
            array[..., i] = given[name]
        arrays = [array if name in rule.writes else read_only(array) for name, array in handed]
        people = frame("People", rule.columns)(*arrays)
        rule.function(i, i + 1, people, looked_up._replace(**changed), read_only(luck.reshape(-1, 1)))
        written = {name: array for name, array in handed if name in rule.writes}
        return given | {
            name: _number(array, i if engine.columns[name].life == "state" else 0) for name, array in written.items()
        }
    finally:
        for name, array in state:
            array[..., i] = now[name]


def _doors(engine: Engine, lo: int, hi: int, mine: Scratch) -> NDArray[np.uint32]:
    """The lists and closed gates of a block in the last world, after its month."""
    last = len(engine.worlds) - 1
    found = np.zeros(hi - lo, np.uint32)
    people = engine.people_frame("doors", spells.COLUMNS, (), last, mine)
    spells.doors(lo, hi, people, engine.rule_tables(last, "standing"), spells.FIRST_GATE, found)
    return found


def _members(engine: Engine, lo: int, hi: int, mine: Scratch) -> members.Block:
    """A block's month in the last world, beside the first."""
    first, last = engine.worlds[0].columns, engine.worlds[-1].columns

    def some(array: NDArray[Any]) -> NDArray[Any]:
        return array[lo:hi] if array.size else array

    return members.Block(
        last["private_scores"][:, lo:hi],
        *(np.stack([mine.month[w][name][: hi - lo] for name in ("measured", "measured_more")]) for w in (-1, 0)),
        *(some(columns[name]) for columns in (last, first) for name in ("ever", "history")),
    )


def _number(array: NDArray[Any], at: int) -> Any:
    """An entry of a column; a tuple where it has rows, 0 where it is left out."""
    if array.shape[-1] == 0:
        return 0
    return array[at].item() if array.ndim == 1 else tuple(array[:, at].tolist())


def _like(old: Any, new: Any) -> Any:
    """A value in the place of a table's: of its type, and filled over its shape where it is one number."""
    if not isinstance(old, np.ndarray):
        return type(old)(new)
    return np.full_like(old, new) if np.ndim(new) == 0 else np.asarray(new, old.dtype)
