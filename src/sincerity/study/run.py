"""Run and compare: every world of every seed, once; the next time the same is asked for, it is found."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import pyarrow as pa

from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.scenario import scenario as declared
from sincerity.study import person, store
from sincerity.study.study import Study
from sincerity.study.summary import summary

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch


class Options(TypedDict, total=False):
    """What `compare` and `run` take besides their regimes; `compare` says what each means."""

    society: str
    people: int | str
    start: str
    years: int
    seed: int
    seeds: int
    threads: int | None
    settings: Sequence[str]
    out: str | Path | None
    again: bool
    watch: Watch | None


def run(regime: str, **options: Unpack[Options]) -> Study:
    """Put one regime into force and count what happens; options as in `compare`, which sets it beside another world."""
    return compare([regime], **options)


def compare(
    regimes: Sequence[str],
    *,
    society: str = "china-2020",
    people: int | str = "100k",
    start: str = "2014-06",
    years: int = 8,
    seed: int = 1,
    seeds: int = 3,
    threads: int | None = None,
    settings: Sequence[str] = (),
    out: str | Path | None = None,
    again: bool = False,
    watch: Watch | None = None,
) -> Study:
    """Let the same invented people live, with the same luck, under each regime, and return the study of it.

    regimes: names or YAML files; the first is the world that the others are measured against, as a rule 'none', which
    is ordinary law. society: a name or a YAML file. people: adults in each world: 10_000, '10k', '1.3e9', 'full'.
    start: first month, 'YYYY-MM'. years: 1 and more, of twelve months. seed: the first seed; seeds: how many, in a row.
    threads: CPU threads, by default all that this process may use; results do not depend on them.
    settings: 'path=value', each changes one declared figure. out: the folder that holds run folders, by default `runs`.
    again: live it once more although a finished run of exactly this is there. watch: called as
    watch(stage, done, total, people) while it goes on.

    A finished run of the same key is found, not repeated: `study.found` says so. Raises BadInput, with every problem in
    one message, for unknown names and bad values, and for a folder that cannot be written (StoreError).
    """
    scenario = declared(
        regimes=list(regimes),
        society=society,
        people=people,
        start=start,
        years=years,
        seed=seed,
        seeds=seeds,
        settings=list(settings),
    )
    key = store.key(scenario)
    folder = store.folder_for(scenario, key, out)
    if not again and store.finished(folder, key):
        return _found(folder)
    asked = {
        "society": society,
        "people": scenario.people,
        "start": str(scenario.start),
        "years": scenario.months // 12,
        "seed": scenario.seeds[0],
        "seeds": len(scenario.seeds),
        "set": list(settings),
    }
    words = command(list(regimes), asked)
    threads = threads or usable_cpus()
    with store.held(folder):
        before = store.finished(folder, key)
        if before and not again:  # another process finished it since we looked
            return _found(folder)
        manifest = _manifest(scenario, key, words, threads)
        if before:
            _live(folder, scenario, manifest, threads, watch)
        else:
            _live_or_clear(folder, scenario, manifest, threads, watch)
    return Study(folder)


def usable_cpus() -> int:
    """Return how many CPUs this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def command(regimes: list[str], asked: dict[str, Any]) -> str:
    """Return the one command that makes this run."""
    words = ["sincerity", "run" if len(regimes) == 1 else "compare", *regimes]
    for option, value in asked.items():
        for each in value if isinstance(value, list) else [value]:
            words += [f"--{option}", str(each)]
    return shlex.join(words)


def _found(folder: Path) -> Study:
    store.touch(folder)
    return Study(folder, found=True)


def _manifest(scenario: Scenario, key: str, command: str, threads: int) -> dict[str, Any]:
    return {
        "schema": "sincerity/run",
        "version": 1,
        "status": "running",
        "key": key,
        "command": command,
        "scenario": summary(scenario),
        "seeds": list(scenario.seeds),
        "versions": store.versions(),
        "device": store.device(),
        "threads": threads,
        "started": store.now(),
    }


def _live_or_clear(
    folder: Path, scenario: Scenario, manifest: dict[str, Any], threads: int, watch: Watch | None
) -> None:
    """A first run: an interrupted one leaves nothing, a failed one says why."""
    try:
        store.begin(folder, scenario, manifest)
        _live(folder, scenario, manifest, threads, watch)
    except KeyboardInterrupt:
        store.clear(folder)
        raise
    except BaseException as error:
        store.fail(folder, manifest, str(error) if isinstance(error, BadInput) else f"{type(error).__name__}: {error}")
        raise


def _live(folder: Path, scenario: Scenario, manifest: dict[str, Any], threads: int, watch: Watch | None) -> None:
    """Every seed, in turn; then the folder's files, the manifest last."""
    from sincerity.engine.cpu import simulate  # Numba loads here, when there is something to compute
    from sincerity.engine.world import plan

    needed = plan(scenario, threads)
    if not needed.fits:
        gigabytes = f"{needed.bytes_total / 1e9:.1f} GB, of {needed.memory / 1e9:.1f} GB free"
        raise BadInput([Problem("people", 0, 0, f"this run would take {gigabytes}", "fewer people or fewer regimes")])
    began = time.perf_counter()
    told: Watch = watch or _quiet
    chosen = person.draw(scenario.seeds[0], scenario.people)
    drawn = person.Retelling(scenario, scenario.seeds[0], chosen, person.CHOSEN["random"])  # known beforehand
    tables: list[pa.Table] = []
    by_seed: list[dict[str, float]] = []
    for k, seed in enumerate(scenario.seeds):
        told("seed", k, len(scenario.seeds))
        outcome = simulate(scenario, seed, threads=threads, watch=told, trace=drawn.trace if k == 0 else None)
        tables.append(outcome.rows.table())
        by_seed.append({phase: round(seconds, 3) for phase, seconds in outcome.seconds.items()})
    phases = dict.fromkeys(phase for seconds in by_seed for phase in seconds)
    timings = {
        "seconds": round(time.perf_counter() - began, 3),
        "by_phase": {phase: round(sum(seconds.get(phase, 0.0) for seconds in by_seed), 3) for phase in phases},
        "by_seed": by_seed,
        "person_months": scenario.people * scenario.months * len(scenario.regimes) * len(scenario.seeds),
    }
    manifest = {**manifest, "timings": timings}
    lives = None
    if drawn.trace.worlds:
        story = drawn.story()
        manifest["drawn"] = {"person": story.person, "seed": story.seed, "lines": person.six_lines(story)}
        lives = person.table(story)
    store.finish(folder, scenario, manifest, pa.concat_tables(tables), lives)


def _quiet(stage: str, done: int, total: int, people: int = 0) -> None:
    """Watch nothing."""
