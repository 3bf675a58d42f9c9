"""State on disk: the worlds as they stood at the end of a month, whole or not at all, and how often they are kept.

A state file is the arrays one after the other, each at a multiple of 64 bytes, then a JSON list of what lies where
with a SHA-256 of each array, then 48 bytes: the length of that list, its SHA-256, and a mark. It is read back only
where every sum is right. Numbers are as in memory (little-endian).
"""

from __future__ import annotations

import hashlib
import json
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sincerity.engine.files import StoreError, disk, write

if TYPE_CHECKING:
    from sincerity.census.rows import Rows
    from sincerity.engine.cpu import Engine
    from sincerity.engine.world import World

MARK = b"SINCER01"
TAIL = 48
"""Bytes at a file's end: length of the list (8), its SHA-256 (32), the mark (8)."""
AT, CHUNK = 64, 1 << 24
GATHERED = ("group_counts", "group_ever", "group_people", "deed_counts", "mass", "bands")
"""Totals that the census gathers over the months of a year."""
SHARE = 20
"""A checkpoint by the clock waits for so many times what the last one took: at most a twentieth of the time."""

MONTH, WARM_UP = "month", "warm-up"
"""The kinds of checkpoints."""

Arrays = dict[str, NDArray[Any]]


# ---- a file -------------------------------------------------------------------------------------------------------


def save(path: Path, about: Mapping[str, Any], arrays: Arrays) -> None:
    """Write arrays and what `about` says of them (JSON) to `path`, whole or not at all. StoreError where it cannot."""

    def fill(stream: IO[bytes]) -> None:
        entries = []
        for name, array in arrays.items():
            stream.write(b"\0" * (-stream.tell() % AT))
            entry = {"name": name, "dtype": array.dtype.str, "shape": array.shape, "at": stream.tell()}
            digest = hashlib.sha256()
            view = _bytes(array)
            for lo in range(0, len(view), CHUNK):
                digest.update(view[lo : lo + CHUNK])
                stream.write(view[lo : lo + CHUNK])
            entries.append(entry | {"sha256": digest.hexdigest()})
        told = json.dumps({"schema": "sincerity/state", "version": 1, **about, "arrays": entries}).encode()
        stream.write(told + len(told).to_bytes(8, "little") + hashlib.sha256(told).digest() + MARK)

    write(path, fill)


def _bytes(array: NDArray[Any]) -> memoryview:
    flat: Any = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return memoryview(flat)


class State:
    """A state file, opened: `about` says what it is, `read` gives an array. StoreError where it is not whole.

    again: what to do about a damaged file, in the words of the message.
    """

    def __init__(self, path: Path, again: str = "") -> None:
        self.path, self._again = path, again
        with disk(path), path.open("rb") as stream:
            end = stream.seek(0, 2)
            tail = stream.read(TAIL) if stream.seek(max(end - TAIL, 0)) >= 0 else b""
            if len(tail) < TAIL or tail[40:] != MARK:
                raise self._damaged("this file is cut off, or no state of a run")
            length = int.from_bytes(tail[:8], "little")
            if length > end - TAIL:
                raise self._damaged("this file was changed: its list is longer than the file")
            stream.seek(end - TAIL - length)
            told = stream.read(length)
        if hashlib.sha256(told).digest() != tail[8:40]:
            raise self._damaged("this file was changed: the sum of its list is wrong")
        self.about: dict[str, Any] = json.loads(told)
        self._entries = {entry["name"]: entry for entry in self.about["arrays"]}

    def _damaged(self, message: str) -> StoreError:
        return StoreError(self.path, message, self._again)

    def read(self, name: str, into: NDArray[Any] | None = None) -> NDArray[Any]:
        """An array, into one of the same type and shape if given; its sum is checked."""
        shape, dtype = self._kind(name)
        array = np.empty(shape, dtype) if into is None else into
        if (array.shape, array.dtype) != (shape, dtype) or not array.flags.c_contiguous:
            raise self._damaged(f"`{name}` has {shape} {dtype} in this file, not {array.shape} {array.dtype}")
        view = _bytes(array)
        for _ in self._parts(name, (view[lo : lo + CHUNK] for lo in range(0, len(view), CHUNK))):
            pass
        return array

    def blocks(self, name: str, rows: int) -> Iterator[NDArray[Any]]:
        """An array of one dimension, `rows` entries at a time; its sum is checked behind the last of them."""
        (many,), dtype = self._kind(name)
        parts = (np.empty(min(rows, many - lo), dtype) for lo in range(0, many, rows))
        yield from self._parts(name, parts)

    def _kind(self, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
        entry = self._entries.get(name)
        if entry is None:
            raise self._damaged(f"there is no `{name}` in this file")
        return tuple(entry["shape"]), np.dtype(entry["dtype"])

    def _parts(self, name: str, rooms: Iterable[Any]) -> Iterator[Any]:
        """Fill one room after the other from the file, and give it back filled; then check the sum of all."""
        digest, at = hashlib.sha256(), int(self._entries[name]["at"])
        for room in rooms:
            part = _bytes(room) if isinstance(room, np.ndarray) else room
            with disk(self.path), self.path.open("rb") as stream:
                stream.seek(at)
                if stream.readinto(part) != len(part):
                    raise self._damaged(f"this file is cut off within `{name}`")
            at += len(part)
            digest.update(part)
            yield room
        if digest.hexdigest() != self._entries[name]["sha256"]:
            raise self._damaged(f"this file was changed: the sum of `{name}` is wrong")


# ---- worlds -------------------------------------------------------------------------------------------------------


def arrays_of(world: World, prefix: str = "") -> Arrays:
    """All that a world keeps from month to month, by name; the arrays themselves, not copies."""
    kinds = {"people": world.columns, "firms": world.firms, "regions": world.regions, "shown": world.shown}
    found = {f"{prefix}{kind}/{name}": array for kind, arrays in kinds.items() for name, array in arrays.items()}
    return found | {f"{prefix}bins": world.bins}


def worlds_said(worlds: list[World]) -> dict[str, Any]:
    """What a state file says of its worlds."""
    first = worlds[0]
    return {
        "people": first.land.people,
        "worlds": [world.regime.name for world in worlds],
        "usual_disorder": [world.usual_disorder for world in worlds],
    }


def worlds_arrays(worlds: list[World]) -> Arrays:
    """The arrays of several worlds, those of the k-th under 'k/'."""
    return {name: array for k, world in enumerate(worlds) for name, array in arrays_of(world, f"{k}/").items()}


def refill(state: State, worlds: list[World]) -> None:
    """Bring worlds to where a state file has them."""
    for name, array in worlds_arrays(worlds).items():
        state.read(name, array)
    for world, usual in zip(worlds, state.about["usual_disorder"], strict=True):
        world.usual_disorder = float(usual)


# ---- checkpoints of a seed ----------------------------------------------------------------------------------------


class Stopped(KeyboardInterrupt):
    """Ctrl-C, after what had been reached was kept. `month`: months lived."""

    def __init__(self, month: int) -> None:
        super().__init__(month)
        self.month = month


@dataclass
class Keep:
    """Where one seed of a run keeps what it has reached, and how often.

    folder: of its checkpoints, `seed-S-month-M.state` (in the warm-up `seed-S-warm-up-M.state`); None keeps none. key:
    of the run; another key's are refused.
    months, minutes: a checkpoint is due after so many, 0: never. last: where the state of the last month is kept;
    of_last: which of people's columns, None: all, and all else of the worlds.
    """

    folder: Path | None = None
    key: str = ""
    seed: int = 0
    months: int = 0
    minutes: float = 0.0
    last: Path | None = None
    of_last: tuple[str, ...] | None = None
    seconds: float = 0.0
    stop: bool = False
    _since: float = field(default_factory=lambda: time.monotonic())
    _cost: float = 0.0

    def files(self, *kinds: str) -> list[Path]:
        """The checkpoints of this seed, the oldest first; of these kinds alone, if some are given."""
        wanted = kinds or (WARM_UP, MONTH)
        return [
            path
            for kind in wanted
            if self.folder
            for path in sorted(self.folder.glob(f"seed-{self.seed}-{kind}-*.state"))
        ]

    def reached(self) -> State | None:
        """The newest checkpoint, None where there is none; StoreError where it is damaged or another run's."""
        for path in reversed(self.files()):
            state = State(path, f"this file removed: then seed {self.seed} begins again, and finished seeds stay")
            if state.about.get("key") != self.key:
                raise StoreError(path, "this is a checkpoint of another run")
            return state
        return None

    def after_month(self, month: int, of: int, engine: Engine, rows: Rows, seconds: dict[str, float]) -> None:
        """Keep what is due after so many months; raise Stopped where Ctrl-C came."""

        def more() -> Arrays:
            return {f"gathered/{name}": engine.total(name) for name in GATHERED} | {"rows": rows.packed()}

        due = bool(self.months and month % self.months == 0)
        self._offer(MONTH, month, of, engine, {"seconds": seconds}, more, due)

    def after_warm_up(self, month: int, of: int, engine: Engine, disorder: int, seconds: dict[str, float]) -> None:
        """The same in the warm-up, by the clock alone; the census counts nothing yet, `disorder` is added up."""
        self._offer(WARM_UP, month, of, engine, {"seconds": seconds, "disorder": disorder}, dict)

    def _offer(
        self,
        kind: str,
        month: int,
        of: int,
        engine: Engine,
        about: dict[str, Any],
        more: Callable[[], Arrays],
        due: bool = False,
    ) -> None:
        """Write a checkpoint where one is due (by the clock in any case); raise Stopped where Ctrl-C came."""
        if self.folder is None or month >= of:
            return
        waited = time.monotonic() - self._since
        if due or self.stop or (self.minutes and waited >= max(60 * self.minutes, SHARE * self._cost)):
            self.write(kind, month, engine, about, more)
            if self.stop:
                engine.crew.close()
                raise Stopped(month)

    def write(self, kind: str, month: int, engine: Engine, about: dict[str, Any], more: Callable[[], Arrays]) -> None:
        """Write a checkpoint, then remove those before it."""
        if self.folder is None:
            return
        began = time.monotonic()
        before = self.files()
        path = self.folder / f"seed-{self.seed}-{kind}-{month:04d}.state"
        about = {"kind": kind, "key": self.key, "seed": self.seed, "month": month} | about
        save(path, about | worlds_said(engine.worlds), worlds_arrays(engine.worlds) | more())
        for old in before:
            if old != path:
                with suppress(OSError):
                    old.unlink(missing_ok=True)
        self._since = time.monotonic()
        self._cost = self._since - began
        self.seconds += self._cost

    def go_on(self, state: State, engine: Engine, rows: Rows) -> int:
        """Bring a fresh engine and census to where a checkpoint has them; return the months lived."""
        refill(state, engine.worlds)
        mine = engine.scratch()
        for name in GATHERED:
            getattr(mine, name)[...] = state.read(f"gathered/{name}")
        rows.unpack(state.read("rows"))
        return int(state.about["month"])

    def end(self, date: str, worlds: list[World]) -> None:
        """Keep the state of the last month, with where regions begin, if it is asked for."""
        if self.last is not None:
            land = worlds[0].land
            about = {"kind": "last", "key": self.key, "seed": self.seed, "month": date}
            about |= worlds_said(worlds) | {"regions": list(land.traits.region_names)}
            arrays = worlds_arrays(worlds)
            if self.of_last is not None:
                wanted = [f"{k}/people/{name}" for k in range(len(worlds)) for name in self.of_last]
                arrays = {name: arrays[name] for name in wanted}
            save(self.last, about, arrays | {"region_first": land.region_first})

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Let a first Ctrl-C wait until the month at hand is over and kept; a second one comes through at once."""
        usual = threading.current_thread() is threading.main_thread()
        if self.folder is None or not usual or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            yield
            return

        def wait(number: int, at: object) -> None:
            self.stop = True
            signal.signal(signal.SIGINT, signal.default_int_handler)

        signal.signal(signal.SIGINT, wait)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
