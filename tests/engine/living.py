"""Worlds lived for tests: `live` runs the real `simulate` and keeps what each world ended as."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pytest

from sincerity.declare.scenario import Scenario, scenario
from sincerity.engine import cpu
from sincerity.engine.world import World, successor

BOTH = ("none", "citizen-score")
ORDER = [(name, "ascending") for name in ("world", "seed", "month", "by", "group", "measure")]


@dataclass(frozen=True)
class Lived:
    """One seed lived: the census in a fixed order, and the worlds as they stood at the end."""

    table: pa.Table
    worlds: tuple[World, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The census rows."""
        return self.table.to_pylist()  # type: ignore[no-any-return]

    @property
    def prints(self) -> tuple[str, ...]:
        """sha256 of the census, then of each world."""
        return (census_print(self.table), *map(world_print, self.worlds))


def census_print(table: pa.Table) -> str:
    """The sha256 of a census."""
    return hashlib.sha256(repr(table.to_pydict()).encode()).hexdigest()


def world_print(world: World) -> str:
    """The sha256 of all that a world keeps: columns of state, board, firms, regions and gazette."""
    digest = hashlib.sha256()
    for kind, arrays in (
        ("people", world.columns), ("firms", world.firms), ("regions", world.regions), ("gazette", {"": world.gazette})
    ):  # fmt: skip
        for name, array in sorted(arrays.items()):
            digest.update(f"{kind} {name} {array.dtype.str} {array.shape} ".encode() + array.tobytes())
    return digest.hexdigest()


@lru_cache
def declared(
    people: int, months: int, regimes: tuple[str, ...] = BOTH, start: str = "2014-06", settings: tuple[str, ...] = ()
) -> Scenario:
    """A scenario; a regime may stand in it more than once."""
    found = scenario(sorted(set(regimes)), people=people, start=start, seeds=1, settings=settings)
    by_name = {regime.name: regime for regime in found.regimes}
    return replace(found, months=months, regimes=tuple(by_name[name] for name in regimes))


def live(wanted: Scenario, seed: int = 1, threads: int = 2, block: int = 8192, **further: Any) -> Lived:
    """Live a scenario, keeping the worlds that `simulate` makes."""
    worlds: list[World] = []

    def kept(start: World, regime: Any, **how: Any) -> World:
        worlds.append(successor(start, regime, **how))
        return worlds[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sincerity.engine.cpu.successor", kept)
        outcome = cpu.simulate(wanted, seed, threads=threads, block=block, **further)
    return Lived(outcome.rows.table().sort_by(ORDER), tuple(worlds))


@lru_cache
def usual(people: int = 10_007, months: int = 14, seed: int = 1, regimes: tuple[str, ...] = BOTH) -> Lived:
    """What `live` gives for a seed, lived once and shared by tests, which must not change it."""
    return live(declared(people, months, regimes), seed)
