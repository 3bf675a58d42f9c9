"""The common start of worlds, kept on disk: what a society is after its warm-up under ordinary law.

It depends on the society, the people, the seed, the first month and the sources, not on the regimes that follow, so a
second run with other regimes begins from it. A start is only ever saved time: one that is damaged is removed and lived
again, one that does not fit is not kept.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sincerity.engine.checkpoint import State, arrays_of, save, worlds_said
from sincerity.engine.files import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sincerity.engine.world import World

BOUND = 8 * 10**9
"""Bytes that all kept starts may take; SINCERITY_STARTS sets another bound, in gigabytes, and 0 keeps none."""
FEWEST = 50_000
"""People below which the warm-up takes less than a second, and is not kept."""
FORGOTTEN = 86_400
"""Seconds after which a temporary file is nobody's."""


def bound() -> int:
    """Bytes that kept starts may take, as SINCERITY_STARTS (gigabytes) says; 8 GB without it."""
    try:
        return max(int(float(os.environ.get("SINCERITY_STARTS", "")) * 10**9), 0)
    except (ValueError, OverflowError):
        return BOUND


def folder() -> Path:
    """Where starts are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "sincerity" / "starts"


@dataclass(frozen=True)
class Start:
    """One start: its key (all that it depends on) and its seed. It is kept as KEY-SEED.state, or not at all."""

    key: str
    seed: int

    @property
    def path(self) -> Path:
        """Its file."""
        return folder() / f"{self.key[:32]}-{self.seed}.state"

    def take(self, empty: Callable[[], World]) -> World | None:
        """A world that `empty` makes, filled from disk; None where this start is not kept, or was damaged."""
        if not bound() or not self.path.is_file():
            return None
        world = empty()
        arrays = arrays_of(world, "0/")
        try:
            state = State(self.path)
            for entry in state.about["arrays"]:
                state.read(entry["name"], arrays[entry["name"]])
            world.usual_disorder = float(state.about["usual_disorder"][0])
            os.utime(self.path)
        except (StoreError, OSError, KeyError, ValueError):
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            return None
        return world

    def keep(self, common: World, columns: Collection[str]) -> None:
        """Keep a warmed-up world: the columns that ordinary law has; the others are zero. Nothing, if it won't fit."""
        if common.land.people < FEWEST or not bound():
            return
        arrays = arrays_of(common, "0/")
        left_out = [name for name in common.columns if name not in columns]
        size = sum(array.nbytes for name, array in arrays.items() if name[9:] not in left_out)
        if size > bound() or any(np.any(common.columns[name]) for name in left_out):
            return
        for name in left_out:
            del arrays[f"0/people/{name}"]
        with suppress(OSError, StoreError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if make_room(self.path.parent, size):
                save(self.path, {"kind": "start", "key": self.key, "seed": self.seed} | worlds_said([common]), arrays)


def make_room(where: Path, size: int) -> bool:
    """Remove the starts that were used longest ago until one of `size` bytes fits the bound; False if it cannot.

    A start may take half of what the disk has free, not more.
    """
    for left in where.glob(".*.tmp"):
        if time.time() - left.stat().st_mtime > FORGOTTEN:
            left.unlink(missing_ok=True)
    if size > bound() or 2 * size > shutil.disk_usage(where).free:
        return False
    files = sorted(where.glob("*.state"), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in files) + size
    for path in files:
        if total <= bound():
            break
        total -= path.stat().st_size
        path.unlink(missing_ok=True)
    return True
