"""The lab: rules and columns of one's own over a small world of given or computed ties, without the usual month.

For month: for block: for rule: luck, rule(block); then what is shown is copied from what is kept. A rule is handed
the same things as one of the usual month: `people.contacts[slot, q]`, columns by number i or by seat q, tables, luck.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.society import Society
from sincerity.engine.cpu import Crew
from sincerity.engine.frames import compiled, frame, read_only
from sincerity.engine.given import given_contacts
from sincerity.engine.world import block_size, settle
from sincerity.month.schedule import Rule, Schedule, check, names_used
from sincerity.people import traits
from sincerity.people.columns import Column, Life
from sincerity.people.draws import fill_luck, key_of
from sincerity.people.ties import SLOTS, fill_contacts

Arrays = dict[str, NDArray[Any]]


def computed_contacts(people: int, ties: Any) -> NDArray[np.uint32]:
    """(32, people) contacts of a society; oneself where a slot leads to nobody or repeats a nearer one."""
    found = np.zeros((SLOTS, people), np.uint32)
    fill_contacts(0, people, ties, found)
    repeats = [(found[:slot] == found[slot]).any(axis=0) for slot in range(SLOTS)]
    return np.where(np.array(repeats), np.arange(people, dtype=np.uint32), found)


def fixed(society: Society | None, people: int, seed: int, edges: Any) -> Arrays:
    """What never changes: the contacts and, where there is a society, everybody's traits."""
    if society is None:
        return {"contacts": given_contacts(people, edges)}
    land = settle(society, people, seed)
    found = {c.name: np.zeros(people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, people, land.packed, land.traits.kernel, *found.values())
    found["contacts"] = computed_contacts(people, land.ties) if edges is None else given_contacts(people, edges)
    return found


def live(
    rules: Sequence[Rule],
    months: int,
    never: Arrays,
    state: Arrays,
    shows: Mapping[str, str],
    scratch: Mapping[str, Any],
    tables: Mapping[str, Any],
    totals: Mapping[str, str],
    seed: int,
    threads: int,
    block: int,
) -> Arrays:
    """Live `months` months in `state`, and return it with what it shows. ScheduleError as for the usual month."""
    seen = {name: state[kept].copy() for name, kept in shows.items()}
    only_read = {name for rule in rules for name in rule.reads} - {name for rule in rules for name in rule.writes}
    own = _columns({name: array for name, array in state.items() if name not in only_read}, "state")
    own |= _columns({name: np.zeros(0, kind) for name, kind in scratch.items()}, "month")
    others = _columns(never, "trait") | _columns(seen, "board")
    others |= _columns({name: array for name, array in state.items() if name in only_read}, "board")  # nobody writes it
    check(Schedule(tuple(rules), tuple(own.values())), others | own)
    names = {rule.name: sorted(names_used(rule.function) & (set(tables) | set(totals))) for rule in rules}
    handed: dict[str, Any] = {}

    def look_up() -> None:
        found = {**tables, **{name: state[column].sum(axis=-1) for name, column in totals.items()}}
        handed.update({name: frame("Tables", used)(*(found[each] for each in used)) for name, used in names.items()})

    people = never["contacts"].shape[1]
    block = block_size(people, threads, block)
    crew = Crew(threads, people, block)
    pieces = {
        lo: {name: np.ascontiguousarray(array[..., lo:hi]) for name, array in never.items()} for lo, hi in crew.ranges
    }
    rows = {rule.name: -(-rule.words // 4) * 4 for rule in rules}
    people_of = {rule.name: frame("People", rule.columns) for rule in rules}
    keys = {rule.name: key_of(seed, rule.name) for rule in rules}
    local = threading.local()
    code: dict[str, Any] = {}

    def desk() -> tuple[Arrays, NDArray[np.uint32], dict[int, list[Any]]]:
        """This thread's scratch and luck, and what it hands to the rules over each block: made once, since making it
        anew for every block takes longer than the rules.
        """
        if not hasattr(local, "desk"):
            own = {name: np.zeros(block, kind) for name, kind in scratch.items()}
            local.desk = own, np.zeros(max(4, *rows.values()) * block, np.uint32), {}
        return local.desk  # type: ignore[no-any-return]

    def handed_out(lo: int, hi: int) -> list[Any]:
        """For every rule: its columns over a block, its luck as it is filled, and as it is shown."""
        own, words, known = desk()
        if lo not in known:
            columns = state | seen | pieces[lo] | {name: array[: hi - lo] for name, array in own.items()}
            known[lo] = []
            for rule in rules:
                parts = [columns[c] if c in rule.writes else read_only(columns[c]) for c in rule.columns]
                luck = words[: (rows[rule.name] or 4) * (hi - lo)].reshape(-1, hi - lo)
                known[lo].append((people_of[rule.name](*parts), luck, read_only(luck)))
        return known[lo]

    def live_block(lo: int, hi: int, month: int) -> None:
        for array in desk()[0].values():
            array[: hi - lo] = 0
        for rule, (columns, luck, shown) in zip(rules, handed_out(lo, hi), strict=True):
            if rule.words:
                fill_luck(lo, hi, month, *keys[rule.name], luck)
            arguments = (lo, hi, columns, handed[rule.name], shown)
            if rule.name not in code:
                code[rule.name] = compiled(rule.function, *arguments)
            code[rule.name](*arguments)

    def show_block(lo: int, hi: int) -> None:
        for name, kept in shows.items():
            seen[name][..., lo:hi] = state[kept][..., lo:hi]

    try:
        for month in range(months):
            if totals or not handed:
                look_up()
            crew.each(partial(live_block, month=month))
            crew.each(show_block)
    finally:
        crew.close()
    return state | seen


def _columns(arrays: Mapping[str, NDArray[Any]], life: Life) -> dict[str, Column]:
    return {name: Column(name, array.dtype.type, life, "", 0, 0, "of one's own") for name, array in arrays.items()}
