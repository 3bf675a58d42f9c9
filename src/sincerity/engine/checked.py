"""Checked mode: a schedule whose rules are watched, each time that one is called, for what their rows do not allow.

Always, a column that a row does not name is not handed to its rule, and what a rule only reads is handed read-only.
What that cannot see is seen here, at many times the cost: writes outside the rule's own people, writes into tables,
columns that a row over firms or regions only reads, and a rule that gives something else the second time (luck of its
own).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numba.core.errors import TypingError
from numpy.typing import NDArray

from sincerity.month.schedule import Rule, Schedule, ScheduleError

_LOCK = threading.Lock()
"""One checked rule at a time, in whatever thread: what another writes meanwhile would look like a fault."""


def checked(schedule: Schedule) -> Schedule:
    """The same schedule, same bits, which raises ScheduleError when a rule does what its row does not allow."""
    return replace(schedule, rows=tuple(map(checked_rule, schedule)))


def checked_rule(rule: Rule) -> Rule:
    """One such rule, for `sincerity.lab`."""

    def watched(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
        with _LOCK:
            before, found = _copies(people), _copies(tables)
            _call(rule, lo, hi, people, tables, luck)
            after = _copies(people)
            faults = _outside(rule, lo, hi, before, after)
            faults += [f"writes into the table {name!r}" for name in _changed(found, _copies(tables))]
            if not faults:
                _restore(people, rule, before)
                _call(rule, lo, hi, people, tables, luck)
                faults = [
                    f"gives another {name!r} when it is called again with the same: all luck is handed to it"
                    for name in _changed(after, _copies(people))
                ]
        if faults:
            raise ScheduleError("\n".join(f"{rule.name}: {fault}" for fault in faults))

    function: Any = watched
    function.rule = rule
    function.py_func = getattr(rule.function, "py_func", rule.function)  # what names it uses, and its code
    function.__module__ = rule.function.__module__
    return replace(rule, function=function)


def _call(rule: Rule, *given: Any) -> None:
    """Call a rule; what Numba or NumPy says of a write to what is read-only, in the words of its row."""
    function: Callable[..., None] = rule.function
    try:
        function(*given)
    except (TypingError, ValueError) as error:
        text = str(error)
        if "readonly array" not in text and "read-only" not in text:
            raise
        lines = [line.strip() for line in text.splitlines() if "people." in line and "=" in line]
        where = f", at `{lines[0]}`" if lines else ""
        raise ScheduleError(f"{rule.name}: writes a column that its row only reads{where}") from None


def _copies(frame: Any, under: str = "") -> dict[str, NDArray[Any]]:
    """Every array or number of a frame, and of the frames in it, by name."""
    found: dict[str, NDArray[Any]] = {}
    for name, value in zip(frame._fields, frame, strict=True):
        found |= _copies(value, f"{name}.") if isinstance(value, tuple) else {under + name: np.array(value)}
    return found


def _restore(people: Any, rule: Rule, before: dict[str, NDArray[Any]]) -> None:
    for name in rule.writes:
        getattr(people, name)[...] = before[name]


def _changed(before: dict[str, NDArray[Any]], after: dict[str, NDArray[Any]]) -> list[str]:
    return [name for name, was in before.items() if was.tobytes() != after[name].tobytes()]


def _outside(rule: Rule, lo: int, hi: int, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Writes to columns that are only read, and to rows of others: by number lo … hi - 1, by seat 0 … hi - lo - 1."""
    faults = []
    for name in _changed(before, after):
        was, is_now = before[name], after[name]
        if name not in rule.writes:
            faults.append(f"writes {name!r}, which its row only reads")
            continue
        by_number = (
            was.shape[-1] >= hi
        )  # a block's scratch reaches hi in the first block alone, where both are the same
        first, last = (lo, hi) if by_number else (0, hi - lo)
        others = np.r_[:first, last : was.shape[-1]]
        if was[..., others].tobytes() != is_now[..., others].tobytes():
            faults.append(f"writes {name!r} of people who are not its own ({lo} to {hi - 1})")
    return faults
