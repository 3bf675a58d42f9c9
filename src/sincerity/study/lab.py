"""The lab: a small world with rules of one's own, for answers that are known from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sincerity.declare.problems import BadInput, Problem

if TYPE_CHECKING:
    from sincerity.month.schedule import Rule

MOST = 1 << 24
BLOCK = 8192


def lab(
    *rules: Rule,
    people: int,
    months: int,
    state: Mapping[str, Any],
    shows: Mapping[str, str] | None = None,
    scratch: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    totals: Mapping[str, str] | None = None,
    ties: ArrayLike | None = None,
    society: str = "",
    seed: int = 1,
    threads: int = 1,
    block: int = BLOCK,
) -> dict[str, NDArray[Any]]:
    """Live months made of your rules alone, and return every column of `state` and of `shows` as it stood at the end.

    rules: rows made by `rule` of functions compiled by `kernel` (`sincerity.rules`), which walk over the people lo … hi
    - 1. people: 1 to 2**24; months: 0 and more, each walks the rules in their order. state: your columns by name,
    (people,) or (rows, people), as they begin; copied; one that no rule writes stays as it is, and everybody's may be
    read. shows: name → column of state: what others see of it, last month's, (same shape); a rule reads other people
    only here, so that their order can't matter. scratch: name → dtype of a column that lives between the rules of one
    month, by seat in the block, (hi - lo,). tables: name → number or array that rules look up. totals: name → column of
    state: rules look up its sum over all people (a number, or one a row), last month's; at first, as it begins. ties:
    an edge list (m, 2) of ids; any number of ties a person, self-pairs and repeats count for nothing. society: a name
    or file; gives traits (1,000 people and more) and, without `ties`, its computed contacts. Either way contacts[slot,
    q] is a person's id, oneself where a slot leads to nobody, and nobody stands in two slots. seed: of luck and
    society. Results don't depend on threads and block (people).

    Raises BadInput with all that is wrong, ScheduleError for a rule that uses what its row doesn't name.
    """
    seen, own, sums = dict(shows or {}), dict(tables or {}), dict(totals or {})
    columns = {name: np.array(value) for name, value in state.items()}
    wrong = [*_numbers(people, months, seed, threads, block), *_columns(people, columns, seen, dict(scratch or {}))]
    wrong += _there(columns, sums, "to add up")
    wrong += [Problem(name, 0, 0, "is a table and a total", "another name") for name in sums if name in own]
    if ties is None and not society:
        wrong.append(Problem("ties", 0, 0, "neither ties nor a society are given", "one of them"))
    if not rules:
        wrong.append(Problem("rules", 0, 0, "there is no rule", "at least one"))
    if wrong:
        raise BadInput(wrong)
    from sincerity.engine import lab as engine
    from sincerity.month.schedule import OWN_NAMES, names_used

    used = set().union(*(names_used(rule.function) for rule in rules))
    wrong = [Problem("tables", 0, 0, f"no rule looks up {name!r}") for name in (*own, *sums) if name not in used]
    wrong += [Problem(r.name, 0, 0, f"a lab has no {r.over}", "persons") for r in rules if r.over != "persons"]
    taken = [name for name in (*columns, *seen, *(scratch or {})) if name in OWN_NAMES]
    wrong += [Problem(name, 0, 0, "this is a column of the usual month", "another name") for name in taken]
    if wrong:
        raise BadInput(wrong)
    made = None
    if society:
        from sincerity.declare.scenario import scenario

        made = scenario("none", society=society, people=people, seed=seed, seeds=1).society
    never = engine.fixed(made, people, seed, ties)
    wrong = [
        Problem(name, 0, 0, "this is a trait", "another name")
        for name in (*columns, *seen, *(scratch or {}))
        if name in never
    ]
    if wrong:
        raise BadInput(wrong)
    looked_up = {name: value if np.isscalar(value) else np.ascontiguousarray(value) for name, value in own.items()}
    return engine.live(
        rules, months, never, columns, seen, dict(scratch or {}), looked_up, sums, seed, threads, block
    )  # fmt: skip


def _numbers(people: int, months: int, seed: int, threads: int, block: int) -> list[Problem]:
    bounds: dict[str, tuple[object, int, int]] = {
        "people": (people, 1, MOST),
        "months": (months, 0, 1 << 31),
        "seed": (seed, 0, 2**32 - 1),
        "threads": (threads, 1, 9999),
        "block": (block, 1, MOST),
    }
    return [
        Problem(name, 0, 0, f"{value!r} is out of bounds", f"a whole number from {low:,} to {high:,}")
        for name, (value, low, high) in bounds.items()
        if not isinstance(value, Integral) or not low <= int(value) <= high
    ]


def _columns(
    people: int, state: Mapping[str, NDArray[Any]], shows: Mapping[str, str], scratch: Mapping[str, Any]
) -> list[Problem]:
    names = [*state, *shows, *scratch]
    wrong = [Problem(name, 0, 0, "this name is used twice") for name in sorted(set(names)) if names.count(name) > 1]
    wrong += [Problem(name, 0, 0, "is no name", "letters, digits and _") for name in names if not name.isidentifier()]
    for name, array in state.items():
        if array.ndim not in (1, 2) or array.shape[-1] != people or array.dtype.kind not in "biuf":
            text = f"an array of {array.dtype} of shape {array.shape}"
            wrong.append(Problem(name, 0, 0, text, f"numbers of shape ({people},) or (rows, {people})"))
    return [*wrong, *_there(state, shows, "to show")]


def _there(state: Mapping[str, Any], wanted: Mapping[str, str], what: str) -> list[Problem]:
    return [
        Problem(name, 0, 0, f"there is no column {kept!r} {what}", ", ".join(state))
        for name, kept in wanted.items()
        if kept not in state
    ]
