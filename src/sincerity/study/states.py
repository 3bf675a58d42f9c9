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


class Keeping(NamedTuple):
    """What is kept: checkpoints every so many months or minutes (0: never), the last state, starts or not (`fresh`).

    mapped: private columns lie in mapped files even where they would fit into memory.
    """

    months: int
    minutes: float
    state: bool
    fresh: bool
    mapped: bool = False

    @property
    def checkpoints(self) -> bool:
        """Whether any are written."""
        return bool(self.months or self.minutes)


def keeping(checkpoints: str, state: bool | None, fresh: bool, people: int, mapped: bool = False) -> Keeping:
    """What these options ask for: '6' (months), '10min' or 'none'; the last state where people are not too many.

    Raises BadInput for other words.
    """
    found = re.fullmatch(r"([0-9]{1,4})(min)?|none", str(checkpoints).strip())
    if found is None or found[1] == "0":
        expected = "a number of months, such as 6; of minutes, such as 10min; or none"
        raise BadInput([Problem("--checkpoints", 0, 0, f"`{str(checkpoints)[:40]}` says not how often", expected)])
    number = int(found[1] or 0)
    keeps = people <= MOST_KEPT if state is None else state
    return Keeping(0 if found[2] else number, float(number) if found[2] else 0.0, keeps, fresh, mapped)


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
        folder=place(folder) if kept.checkpoints else None,
        key=key,
        seed=seed,
        months=kept.months,
        minutes=kept.minutes,
        last=last_state(folder, seed) if first and kept.state else None,
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


def must_fit(folder: Path, scenario: Scenario, plan: Plan, kept: Keeping) -> None:
    """Raise BadInput where memory or disk has no room: for the worlds, two checkpoints at once, and the last state."""
    if not (plan.fits_mapped if plan.mapped else plan.fits):
        message = f"this run would take {sized(plan.bytes_total)}, {sized(plan.bytes_resident)} of it in memory"
        message += f"; {sized(plan.memory)} are free"
        raise BadInput([Problem("people", 0, 0, message, "fewer people or fewer regimes")])
    one = scenario.people * plan.bytes_per_person * len(scenario.regimes)
    with disk(folder):
        free = shutil.disk_usage(folder).free
    need = one * (2 * kept.checkpoints + kept.state) + plan.bytes_mapped
    if need > free:
        message = f"what this run keeps would take {sized(need)} of disk; {sized(free)} are free"
        expected = "--checkpoints none, --no-state, or --out on another disk"
        if plan.mapped:
            message += f"; {sized(plan.bytes_mapped)} of that are columns that don't fit into memory"
        raise BadInput([Problem(str(folder), 0, 0, message, expected)])
