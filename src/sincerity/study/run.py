"""Run and compare: every world of every seed, once; the next time the same is asked for, it is found."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import pyarrow as pa

from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.scenario import scenario as declared
from sincerity.study import states, store
from sincerity.study.store import StoreError
from sincerity.study.study import Study
from sincerity.study.summary import summary

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch
    from sincerity.month.schedule import Schedule


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
    checkpoints: str | None
    state: bool | None
    fresh: bool
    mapped: bool
    schedule: Schedule | None


class Kept(KeyboardInterrupt):
    """Ctrl-C, and what can be gone on from: `folder`, and in words how far the run came."""

    def __init__(self, folder: Path, words: str) -> None:
        super().__init__(f"{words}; go on with: sincerity resume {folder}")
        self.folder, self.words = folder, words


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
    checkpoints: str | None = None,
    state: bool | None = None,
    fresh: bool = False,
    mapped: bool = False,
    schedule: Schedule | None = None,
) -> Study:
    """Let the same invented people live, with the same luck, under each regime, and return the study of it.

    regimes: names or YAML files; the first is the world that the others are measured against, as a rule 'none', which
    is ordinary law. society: a name or a YAML file. people: adults in each world: 10_000, '10k', '1.3e9', 'full'.
    start: first month, 'YYYY-MM'. years: 1 and more, of twelve months. seed: the first seed; seeds: how many, in a row.
    threads: CPU threads, by default all that this process may use; results do not depend on them.
    settings: 'path=value', each changes one declared figure. out: the folder that holds run folders, by default `runs`.
    again: live it once more although a finished run of exactly this is there. watch: called as
    watch(stage, done, total, people) while it goes on. checkpoints: how often what was reached is kept, '6' (months),
    '10min', 'stop' (on Ctrl-C) or 'none'; by default every ten minutes, or less often where the disk has no room.
    state: whether the worlds' last state is kept, for maps; by default up to 10 million people. fresh: warm up anew
    although the common start of these people is kept on disk. mapped: keep private columns in files in the run folder
    while it goes on; where they don't fit into memory, that is done unasked.
    schedule: another month than the usual, made by `Schedule().after(…)` and `.replace(…)` (`sincerity.rules`); the
    warm-up is lived by it too. Its rules are part of the run's key, but not of its folder: such a run is gone on with
    by the same call, and lives, floor and robustness are refused.

    A finished run of the same key is found, not repeated: `study.found` says so. An unfinished one is gone on with,
    unless `again`. Ctrl-C keeps what was reached and raises Kept, a KeyboardInterrupt. Raises BadInput, with every
    problem in one message, for unknown names and bad values, and for a folder that cannot be written (StoreError).
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
    if schedule is not None:
        schedule = _checked(schedule)
    key = store.key(scenario, schedule)
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
    rules = store.own_rules(schedule)
    words = command(list(regimes), asked) + (f" # by rules of its own: {', '.join(rules)}" if rules else "")
    kept = states.keeping(checkpoints, state, fresh, scenario.people, mapped)
    manifest = _manifest(scenario, key, words, threads or usable_cpus()) | ({"rules": rules} if rules else {})
    return _live_in(folder, scenario, manifest, kept, watch, again, schedule)


def _checked(schedule: Schedule) -> Schedule | None:
    """The schedule, None if it is the usual one; BadInput for one that the world could not honour."""
    from sincerity.month.schedule import Schedule, ScheduleError, check
    from sincerity.people.columns import registry
    from sincerity.people.traits import columns

    try:
        check(schedule, registry(columns(), schedule.columns))
    except ScheduleError as error:
        raise BadInput([Problem("schedule", 0, 0, line) for line in str(error).splitlines()]) from None
    return None if schedule == Schedule() else schedule


def resume(
    run: str | Path = "last",
    *,
    runs: str | Path | None = None,
    threads: int | None = None,
    watch: Watch | None = None,
) -> Study:
    """Go on with a run that was cut off, from what it kept, to the same bits as if it had not been.

    run: its folder, name, a unique start of it, or 'last': the unfinished one begun or interrupted last. runs: the
    folder that holds run folders, by default `runs`. threads, watch: as in `compare`. A finished run is opened.
    Raises BadInput where there is no such run, where its files or the sources that began it have changed, and for a
    damaged checkpoint: what to remove is said, and finished seeds stay.
    """
    folder = store.begun(run, runs)
    before = store.read_manifest(folder)
    key = str(before.get("key"))
    if store.finished(folder, key):
        return _found(folder)
    store.of_usual_rules(before, "resume")
    scenario = _declared_again(folder, before)
    kept = states.Keeping(**before["keeping"] | {"asked": False}, fresh=False)  # as often as there is room for now
    manifest = _manifest(scenario, key, str(before["command"]), threads or usable_cpus())
    return _live_in(folder, scenario, manifest, kept, watch, again=False)


def _declared_again(folder: Path, manifest: dict[str, Any]) -> Scenario:
    """The scenario that a run was begun with: as its command declares it, or else as its scenario.yaml does."""
    ways: tuple[Callable[[], Scenario], ...] = (lambda: _by_command(manifest), lambda: store.read_scenario(folder))
    for declare in ways:
        with suppress(BadInput):
            scenario = declare()
            if store.key(scenario) == manifest["key"]:
                return scenario
    made = f"Sincerity {manifest['versions']['sincerity']}"
    message = f"the sources or files that this run was begun with ({made}) have changed since: it cannot go on"
    raise StoreError(folder, message, f"the same version and files, or the run made anew: {manifest['command']}")


def _by_command(manifest: dict[str, Any]) -> Scenario:
    words = shlex.split(manifest["command"])[2:]
    first = next(k for k, word in enumerate(words) if word.startswith("--"))
    pairs = list(zip(words[first::2], words[first + 1 :: 2], strict=True))
    options: dict[str, Any] = {name[2:]: value for name, value in pairs if name != "--set"}
    return declared(words[:first], **options, settings=[value for name, value in pairs if name == "--set"])


def _live_in(
    folder: Path,
    scenario: Scenario,
    manifest: dict[str, Any],
    kept: states.Keeping,
    watch: Watch | None,
    again: bool,
    schedule: Schedule | None = None,
) -> Study:
    """Live a run in its folder, which nobody else may write meanwhile, from what it kept on, or anew if `again`."""
    manifest |= {"keeping": kept.told()}
    with store.held(folder):
        before = store.finished(folder, manifest["key"])
        if before and not again:  # another process finished it since we looked
            return _found(folder)
        if before:  # its results stay until there are new ones: nothing is kept of a repetition that is cut off
            _live(folder, scenario, manifest, kept._replace(months=0, minutes=0, stop=False), watch, schedule)
        else:
            if again:
                states.clear(folder, last=True)
            elif states.any_kept(folder):
                manifest |= _sittings(folder)
            _live_or_clear(folder, scenario, manifest, kept, watch, schedule)
    return Study(folder)


def _sittings(folder: Path) -> dict[str, Any]:
    """When a run was begun, and gone on with."""
    with suppress(StoreError):
        before = store.read_manifest(folder)
        return {"started": before["started"], "resumed": [*before.get("resumed", []), store.now()]}
    return {"resumed": [store.now()]}


def usable_cpus() -> int:
    """Return how many CPUs this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def peak_memory() -> int | None:
    """The most bytes of memory that this process has held, mapped files included; None where the system doesn't say."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


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


def _starts(by_seed: list[dict[str, float]]) -> list[str]:
    """How the worlds of each seed came to their first month."""
    from sincerity.engine.taking_over import SAMPLE, SETTLING

    return [
        f"taken over from a sample of {SAMPLE:,}, {SETTLING} months settled" if "taking over" in seconds
        else "warmed up" if "warming up" in seconds
        else "kept on disk"
        for seconds in by_seed
    ]  # fmt: skip


def _live_or_clear(
    folder: Path,
    scenario: Scenario,
    manifest: dict[str, Any],
    kept: states.Keeping,
    watch: Watch | None,
    schedule: Schedule | None,
) -> None:
    """A first run: an interrupted one keeps what it reached, or leaves nothing; a failed one says why."""
    try:
        store.begin(folder, scenario, manifest)
        _live(folder, scenario, manifest, kept, watch, schedule)
    except KeyboardInterrupt:
        if not states.any_kept(folder):
            store.clear(folder)
            raise
        words = f"kept: {states.reached(folder, scenario)}"
        store.stop(folder, manifest, words)
        raise Kept(folder, words) from None
    except BaseException as error:
        store.fail(folder, manifest, str(error) if isinstance(error, BadInput) else f"{type(error).__name__}: {error}")
        raise


def _live(
    folder: Path,
    scenario: Scenario,
    manifest: dict[str, Any],
    kept: states.Keeping,
    watch: Watch | None,
    schedule: Schedule | None,
) -> None:
    """Every seed, in turn; then the folder's files, the manifest last."""
    from sincerity.engine.checkpoint import MONTH
    from sincerity.engine.cpu import simulate  # Numba loads here, when there is something to compute
    from sincerity.engine.room import MEMORY, Room
    from sincerity.engine.starts import Start
    from sincerity.engine.watch import nobody
    from sincerity.engine.world import plan
    from sincerity.study import person

    key, threads = manifest["key"], manifest["threads"]
    needed = plan(scenario, threads, schedule)
    needed = needed.in_files() if kept.mapped else needed
    kept = states.must_fit(folder, scenario, needed, kept)
    manifest["keeping"] = kept.told()
    states.prepare(folder)
    room = Room(states.place(folder), frozenset(needed.mapped)) if needed.mapped else MEMORY
    start_key = "" if kept.fresh or schedule else store.start_key(scenario)
    began = time.perf_counter()
    told: Watch = watch or nobody
    chosen = person.draw(scenario.seeds[0], scenario.people)
    drawn = person.Retelling(scenario, scenario.seeds[0], chosen, person.CHOSEN["random"])  # known beforehand
    tables: list[pa.Table] = []
    by_seed: list[dict[str, float]] = []
    for k, seed in enumerate(scenario.seeds):
        done = states.kept_seed(folder, seed, key) if kept.checkpoints else None
        if done is None:
            told("seed", k, len(scenario.seeds))
            keep = states.keep_for(folder, seed, key, kept, first=k == 0)
            outcome = simulate(
                scenario,
                seed,
                threads=threads,
                watch=told,
                keep=keep,
                schedule=schedule,
                start=Start(start_key, seed) if start_key else None,
                trace=drawn.trace if k == 0 and not keep.files(MONTH) and not schedule else None,  # told whole or not
                room=room,
            )
            done = outcome.rows.table(), outcome.seconds
            if kept.checkpoints:
                states.keep_seed(folder, seed, key, *done)
        tables.append(done[0])
        by_seed.append({phase: round(seconds, 3) for phase, seconds in done[1].items() if round(seconds, 3)})
    phases = dict.fromkeys(phase for seconds in by_seed for phase in seconds)
    by_phase = {phase: round(sum(seconds.get(phase, 0.0) for seconds in by_seed), 3) for phase in phases}
    timings: dict[str, Any] = {
        "seconds": round(sum(by_phase.values()) if "resumed" in manifest else time.perf_counter() - began, 3),
        "by_phase": by_phase,
        "by_seed": by_seed,
        "person_months": scenario.people * scenario.months * len(scenario.regimes) * len(scenario.seeds),
    }
    timings["ns_per_person_month"] = round(1e9 * by_phase.get("living", 0.0) / timings["person_months"], 2)
    memory: dict[str, Any] = {
        "planned": needed.bytes_total,
        "mapped": needed.bytes_mapped,
        "columns_mapped": list(needed.mapped),
    }
    memory |= {"peak": peak_memory(), "free": needed.memory}
    manifest = {
        **manifest,
        "start": _starts(by_seed),
        "timings": timings,
        "memory": memory,
        "state": states.told(folder, scenario),
    }
    lives = None
    if drawn.trace.worlds:
        story = drawn.story()
        manifest["drawn"] = {"person": story.person, "seed": story.seed, "lines": person.six_lines(story)}
        lives = person.table(story)
    store.finish(folder, scenario, manifest, pa.concat_tables(tables), lives)
    states.clear(folder, last=False)
