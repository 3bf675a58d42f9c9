"""What a run folder keeps while a run goes on, so that nothing lived is lived twice, and the last state for maps.

In `checkpoints/`: `seed-S.census` for a finished seed, `seed-S-month-M.state` for the one at hand (in its warm-up
`seed-S-warm-up-M.state`), and `seed-S-last.state`, the worlds as they stood after the last month of the first seed. All
but the last go when the run is done.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sincerity.declare.problems import BadInput, Problem, sized
from sincerity.engine.checkpoint import MONTH, WARM_UP, Keep, State, save
from sincerity.engine.files import StoreError, disk

if TYPE_CHECKING:
    import pyarrow as pa

    from sincerity.declare.scenario import Scenario
    from sincerity.engine.world import Plan

CHECKPOINTS = "checkpoints"
MINUTES = "10min"
"""How often a checkpoint is written if nobody says otherwise: a run of less writes none."""
MOST_KEPT = 10_000_000
"""People up to which the last state is kept without being asked for."""
OF_MAPS = ("score", "flags", "outlook", "ever")
"""The columns of a last state."""
BYTES_OF_MAPS = 7
GATHERED = 3_000_000
"""Bytes a world of a checkpoint for what the census has gathered, whatever the people."""


class Keeping(NamedTuple):
    """What is kept: checkpoints every so many months or minutes (0: never), the last state, starts or not (`fresh`).

    mapped: private columns lie in mapped files even where they would fit into memory. stop: a checkpoint is written on
    Ctrl-C. asked: how often was asked for; if not, it may be less where the disk has no room.
    """

    months: int
    minutes: float
    state: bool
    fresh: bool
    mapped: bool = False
    stop: bool = True
    asked: bool = True

    @property
    def checkpoints(self) -> bool:
        """Whether any are written."""
        return bool(self.months or self.minutes or self.stop)

    def told(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {name: value for name, value in self._asdict().items() if name != "fresh"}

    def rarer(self) -> list[Keeping]:
        """The same, and what else will do, the best first."""
        others = [self._replace(months=0, minutes=0.0), self._replace(months=0, minutes=0.0, stop=False)]
        return [self, *([] if self.asked else others)]

    def disk(self, one: int, last: int, there: bool) -> int:
        """Bytes that the disk needs: a checkpoint takes `one`, the last state `last`; there: one is written already."""
        if self.months or self.minutes:
            return one * (1 if there else 2) + last * self.state
        return max(one * (self.stop and not there), last * self.state)

    def words(self, one: int) -> str:
        """How often a checkpoint is written, in words; one: its bytes."""
        if not self.checkpoints:
            why = "" if self.asked else f": one would take {sized(one)}, and the disk has no room for it"
            return f"No checkpoint is written{why}."
        if not (self.months or self.minutes):
            why = "" if self.asked else ": the disk has no room for two"
            return f"A checkpoint ({sized(one)}) is written on Ctrl-C only{why}."
        often = f"{self.months} months" if self.months else f"{self.minutes:g} minutes"
        return f"A checkpoint takes {sized(one)}; one is written every {often}, and on Ctrl-C."


def keeping(checkpoints: str | None, state: bool | None, fresh: bool, people: int, mapped: bool = False) -> Keeping:
    """What these options ask for: '6' (months), '10min', 'stop' (on Ctrl-C) or 'none'; None leaves it to us.

    The last state is kept where people are not too many. Raises BadInput for other words.
    """
    word = MINUTES if checkpoints is None else str(checkpoints).strip()
    found = re.fullmatch(r"([0-9]{1,4})(min)?|none|stop", word)
    if found is None or found[1] == "0":
        expected = "a number of months, such as 6; of minutes, such as 10min; stop (on Ctrl-C only); or none"
        raise BadInput([Problem("--checkpoints", 0, 0, f"`{str(checkpoints)[:40]}` says not how often", expected)])
    number = int(found[1] or 0)
    keeps = people <= MOST_KEPT if state is None else state
    months, minutes = (0, float(number)) if found[2] else (number, 0.0)
    return Keeping(months, minutes, keeps, fresh, mapped, word != "none", checkpoints is not None)


def place(folder: Path) -> Path:
    """The folder of checkpoints in a run folder."""
    return folder / CHECKPOINTS


def last_state(folder: Path, seed: int) -> Path:
    """The file of the state after the last month of a seed."""
    return place(folder) / f"seed-{seed}-last.state"


def prepare(folder: Path) -> None:
    """Make the folder of checkpoints, and take away what a killed process half wrote there."""
    with disk(place(folder)):
        place(folder).mkdir(exist_ok=True)
        for left in place(folder).glob(".*.tmp"):
            left.unlink(missing_ok=True)


def any_kept(folder: Path) -> bool:
    """Whether a finished seed or a checkpoint lies there."""
    names = [path.name for path in place(folder).glob("seed-*")]
    return any(name.endswith(".census") or f"-{MONTH}-" in name or f"-{WARM_UP}-" in name for name in names)


def clear(folder: Path, last: bool) -> None:
    """Take away seeds and checkpoints, and with `last` the last state too."""
    for path in place(folder).glob("*" if last else "seed-*"):
        if last or not path.name.endswith("-last.state"):
            with suppress(OSError):
                path.unlink(missing_ok=True)
    with suppress(OSError):  # it holds the last state
        place(folder).rmdir()


def keep_for(folder: Path, seed: int, key: str, kept: Keeping, first: bool) -> Keep:
    """Where `simulate` keeps what it reaches of a seed."""
    return Keep(
        folder=place(folder) if kept.checkpoints or any_kept(folder) else None,
        key=key,
        seed=seed,
        months=kept.months,
        minutes=kept.minutes,
        last=last_state(folder, seed) if first and kept.state else None,
        of_last=OF_MAPS,
    )


def keep_seed(folder: Path, seed: int, key: str, census: pa.Table, seconds: dict[str, float]) -> None:
    """Keep the census of a finished seed, then take its checkpoints away."""
    from sincerity.census.rows import packed

    path = place(folder) / f"seed-{seed}.census"
    save(path, {"kind": "census", "key": key, "seed": seed, "seconds": seconds}, {"rows": packed(census)})
    for kind in (WARM_UP, MONTH):
        for old in place(folder).glob(f"seed-{seed}-{kind}-*.state"):
            with suppress(OSError):
                old.unlink(missing_ok=True)


def kept_seed(folder: Path, seed: int, key: str) -> tuple[pa.Table, dict[str, float]] | None:
    """The census of a finished seed and what it took; None where there is none, StoreError where it is damaged."""
    path = place(folder) / f"seed-{seed}.census"
    if not path.is_file():
        return None
    from sincerity.census.rows import unpacked

    state = State(path, f"this file removed: then seed {seed} is lived again, and the other seeds stay")
    if state.about.get("key") != key:
        raise StoreError(path, "this is a seed of another run")
    return unpacked(state.read("rows")), state.about["seconds"]


def reached(folder: Path, scenario: Scenario) -> str:
    """How far an unfinished run came, in words."""
    seeds = sum((place(folder) / f"seed-{seed}.census").is_file() for seed in scenario.seeds)
    parts = [f"{seeds} of {len(scenario.seeds)} seeds"]
    for kind, of in ((WARM_UP, "month {} of its warm-up"), (MONTH, f"month {{}} of {scenario.months}")):
        for path in sorted(place(folder).glob(f"seed-*-{kind}-*.state")):
            seed, month = map(int, re.findall(r"[0-9]+", path.name)[:2])
            parts.append(f"seed {seed} up to {of.format(month)}")
    return ", ".join(parts)


def told(folder: Path, scenario: Scenario) -> dict[str, Any]:
    """What the manifest says of the last state."""
    path = last_state(folder, scenario.seeds[0])
    if not path.is_file():
        return {"file": None, "why": "not asked for" if scenario.people <= MOST_KEPT else f"above {MOST_KEPT:,} people"}
    return {"file": f"{CHECKPOINTS}/{path.name}", "seed": scenario.seeds[0], "bytes": path.stat().st_size}


def checkpoint_bytes(scenario: Scenario, plan: Plan) -> int:
    """Bytes of a checkpoint, or a little less."""
    return (scenario.people * plan.bytes_per_person + GATHERED) * len(scenario.regimes)


def must_fit(folder: Path, scenario: Scenario, plan: Plan, kept: Keeping) -> Keeping:
    """What can be kept of what is asked for; BadInput where memory or disk has no room.

    On disk there are, at most, what is mapped, two checkpoints at once, and the last state.
    """
    if not (plan.fits_mapped if plan.mapped else plan.fits):
        message = f"this run would take {sized(plan.bytes_total)}, {sized(plan.bytes_resident)} of it in memory"
        message += f"; {sized(plan.memory)} are free"
        raise BadInput([Problem("people", 0, 0, message, "fewer people or fewer regimes")])
    one, last = checkpoint_bytes(scenario, plan), scenario.people * len(scenario.regimes) * BYTES_OF_MAPS
    there = next((path for path in (folder, *folder.parents) if path.is_dir()), Path())
    with disk(folder):
        free = shutil.disk_usage(there).free
    for least in kept.rarer():
        need = least.disk(one, last, any_kept(folder)) + plan.bytes_mapped
        if need <= free:
            return least
    message = f"what this run keeps would take {sized(need)} of disk; {sized(free)} are free"
    expected = "--checkpoints none, --no-state, or --out on another disk"
    if plan.mapped:
        message += f"; {sized(plan.bytes_mapped)} of that are columns that don't fit into memory"
    raise BadInput([Problem(str(folder), 0, 0, message, expected)])
