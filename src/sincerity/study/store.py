"""The run folder: what a study wrote, under a name that says what determined it.

`runs/<regimes>-<society>-<hash8>/` holds manifest.json, scenario.yaml, census.parquet, measures.json, lives.parquet
(one person drawn at random), checkpoints/ (`states`) and, once asked for, report.html. `hash8` begins the key: a hash
of all that determines the result. Every file is written to a temporary name, synced and renamed; the manifest comes
last, and only its `status: done` makes a run finished.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sincerity.census.measures import MEASURES
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.engine.files import StoreError as StoreError
from sincerity.engine.files import disk as disk
from sincerity.engine.files import write as write
from sincerity.study import states

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.month.schedule import Schedule

MANIFEST, SCENARIO, CENSUS, MEASURED, REPORT, LIVES = (
    "manifest.json",
    "scenario.yaml",
    "census.parquet",
    "measures.json",
    "report.html",
    "lives.parquet",
)
PACKAGE = Path(__file__).resolve().parent.parent
DECIDES = ("declare", "people", "month", "engine", "census")
"""The rooms whose sources decide a result; threads, blocks and what is shown do not."""
LIBRARIES = ("numpy", "numba", "llvmlite", "pyarrow", "pydantic", "ruamel.yaml")
SORTED_BY = ("world", "seed", "month", "by", "group", "measure")


# ---- what determines a result -------------------------------------------------------------------------------------


def key(scenario: Scenario, schedule: Schedule | None = None) -> str:
    """Return a SHA-256 (hex) of all that determines the result of `scenario`, lived by the usual month or another.

    That is: the resolved scenario with its worlds in order, people, months and seeds, the data files of its society,
    and the sources of the rooms in `DECIDES`; of another schedule its rows, columns, and the code of its functions with
    all that they take in. Threads, blocks and library versions do not enter.
    """
    digest = hashlib.sha256()
    names = [regime.name for regime in scenario.regimes]
    size = [scenario.people, str(scenario.start), scenario.months, list(scenario.seeds)]
    _feed(digest, "scenario", json.dumps([names, size]).encode())
    _feed(digest, SCENARIO, scenario.resolved().encode())
    _feed(digest, "sources", sources(PACKAGE))
    for path in sorted(scenario.society.folder.glob("*.csv")):
        _feed(digest, path.name, path.read_bytes())
    if schedule is not None:
        from sincerity.people.kernel import function_hash

        for row in schedule:
            watched = hasattr(row.function, "rule")  # by `engine.checked`: the same bits, but to be lived all the same
            declared = (row.name, row.over, row.reads, row.writes, row.words, function_hash(row.function), watched)
            _feed(digest, "rule", repr(declared).encode())
        for column in schedule.columns:
            _feed(digest, "column", repr((*column, column.dtype.__name__)).encode())
    return digest.hexdigest()


def own_rules(schedule: Schedule | None) -> list[str]:
    """What a manifest says of another schedule than the usual: each rule of its own and each that it leaves out."""
    from sincerity.month.schedule import ROWS

    if schedule is None:
        return []
    names = {row.name for row in schedule}
    rows = [getattr(row.function, "rule", row) for row in schedule]  # as they were before they were checked
    own = [f"{row.name} ({row.function.__module__})" for row in rows if row not in ROWS]
    own += [f"without {row.name}" for row in ROWS if row.name not in names]
    if rows != list(schedule):
        own.append("checked")
    return own or ["the usual rules in another order"]


def of_usual_rules(manifest: dict[str, Any], what: str) -> None:
    """Raise BadInput for a run with rules of its own, which are not on disk: `what` would live it by the usual ones."""
    if manifest.get("rules"):
        message = f"this run has rules of its own ({', '.join(manifest['rules'])}), which {what} can't find"
        raise BadInput([Problem(what, 0, 0, message, "the script that made it, with compare(…, schedule=…)")])


def start_key(scenario: Scenario) -> str:
    """Return a SHA-256 (hex) of all that determines how the worlds of `scenario` begin, but for the seed.

    It is the key of ordinary law alone over this society, size and first month.
    """
    from sincerity.declare.catalogue import regime

    return key(replace(scenario, regimes=(regime("none"),), months=0, seeds=()))


@cache
def sources(package: Path) -> bytes:
    """Return a SHA-256 of the sources that decide a result, as they are when first asked for.

    Once a process: a file edited afterwards is not what this process has loaded.
    """
    digest = hashlib.sha256()
    for room in DECIDES:
        for path in sorted((package / room).rglob("*.py")):
            _feed(digest, path.relative_to(package).as_posix(), path.read_bytes())
    return digest.digest()


def _feed(digest: Any, name: str, data: bytes) -> None:
    """Add one named piece; lengths keep two pieces from running into one another."""
    digest.update(f"{name}:{len(data)}:".encode() + data)


def content_hash(census: pa.Table) -> str:
    """Return a SHA-256 (hex) of the census's rows, whatever their order and however they are stored."""
    order = pc.sort_indices(census, [(name, "ascending") for name in SORTED_BY])
    digest = hashlib.sha256()
    for name in (*SORTED_BY, "count", "of", "against"):  # a column at a time: a census may be large
        column = census[name].take(order)
        if pa.types.is_integer(column.type):
            _feed(digest, name, column.cast(pa.int64()).to_numpy().astype("<i8").tobytes())
        else:
            _feed(digest, name, "\n".join(column.to_pylist()).encode())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# ---- names and places ---------------------------------------------------------------------------------------------


def folder_for(scenario: Scenario, key: str, out: str | Path | None = None) -> Path:
    """Return the folder of a run: in `out`, which holds run folders (default `runs`), named after its worlds."""
    words = "-".join([*(regime.name for regime in scenario.regimes), scenario.society.name])
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", words).strip("-.")[:60].rstrip("-.")
    return Path("runs" if out is None else out) / f"{name}-{key[:8]}"


def finished(folder: Path, key: str) -> bool:
    """Say whether `folder` holds the finished run of this key, with all its files."""
    try:
        manifest = read_manifest(folder)
    except StoreError:
        return False
    whole = all((folder / name).is_file() for name in (SCENARIO, CENSUS, MEASURED))
    return whole and manifest.get("status") == "done" and manifest.get("key") == key


def find(run: str | Path = "last", runs: str | Path | None = None) -> Path:
    """Return the folder of a finished run.

    run: a folder; the name of a run in `runs`, or the start of one name only; or 'last', the one made, found or
    reported on last. runs: the folder that holds run folders, by default `runs` in the working directory.
    Raises StoreError where there is none, more than one, or one that was never finished.
    """
    here = Path("runs" if runs is None else runs)
    if str(run) == "last" and not (Path(run) / MANIFEST).is_file():
        done = [path for path in _runs_in(here).values() if _status(path) == "done"]
        if not done:
            raise StoreError(here, "no finished run in this folder", "the folder of a run, or a run made first")
        return _newest(done)
    return _done(named(run, here))


def begun(run: str | Path = "last", runs: str | Path | None = None) -> Path:
    """Return the folder of a run, finished or not; 'last' is the unfinished one begun or interrupted last."""
    here = Path("runs" if runs is None else runs)
    if str(run) == "last" and not (Path(run) / MANIFEST).is_file():
        cut = [path for path in _runs_in(here).values() if _status(path) in ("running", "interrupted", "failed")]
        if not cut:
            raise StoreError(here, "no unfinished run in this folder", "the folder of a run that was cut off")
        return _newest(cut)
    return named(run, here)


def _newest(folders: list[Path]) -> Path:
    return max(folders, key=lambda path: (path / MANIFEST).stat().st_mtime_ns)


def named(run: str | Path, here: Path) -> Path:
    """Return the folder that `run` names: a folder, or a name in `here` or the start of one only."""
    given = Path(run)
    if (given / MANIFEST).is_file():
        return given
    names = _runs_in(here)
    if str(run) in names:
        return names[str(run)]
    starts = [name for name in names if name.startswith(str(run))]
    if len(starts) == 1:
        return names[starts[0]]
    if starts:
        raise StoreError(str(run), f"{len(starts)} runs begin so: {', '.join(starts)}", "the start of one name only")
    problem = Problem(str(run), 0, 0, f"no such run in {here}", "a folder, a name, a unique start of it, or last")
    near = closest(str(run), [*names, "last"])
    raise BadInput([Problem(problem.file, 0, 0, problem.message, problem.expected, near)])


def _runs_in(here: Path) -> dict[str, Path]:
    if not here.is_dir():
        return {}
    with disk(here):
        return {path.name: path for path in sorted(here.iterdir()) if (path / MANIFEST).is_file()}


def _status(folder: Path) -> str:
    try:
        return str(read_manifest(folder).get("status", ""))
    except StoreError:
        return ""


def _done(folder: Path) -> Path:
    manifest = read_manifest(folder)
    status = manifest.get("status")
    if status == "done":
        return folder
    if status == "interrupted":
        why = f"it was interrupted: {manifest.get('why', '')}"
    else:
        why = (
            "it is still running, or was cut off" if status == "running" else f"it {status}: {manifest.get('why', '')}"
        )
    raise StoreError(folder, f"this run is not finished: {why}", f"sincerity resume {folder}")


# ---- reading and writing ------------------------------------------------------------------------------------------


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return manifest.json of a run folder; StoreError where there is none or it is not one of ours."""
    with disk(folder / MANIFEST):
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    try:
        manifest = json.loads(text)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("schema") != "sincerity/run":
        raise StoreError(folder / MANIFEST, "this is not the manifest of a run")
    return manifest


def read_census(folder: Path, manifest: dict[str, Any]) -> pa.Table:
    """Return census.parquet; StoreError where it is not the file that the run wrote."""
    return _table(folder / CENSUS, manifest)


def read_lives(folder: Path, manifest: dict[str, Any]) -> pa.Table | None:
    """Return lives.parquet, None where the run kept none; StoreError where it is not the file that the run wrote."""
    return _table(folder / LIVES, manifest) if LIVES in manifest["files"] else None


def _table(path: Path, manifest: dict[str, Any]) -> pa.Table:
    with disk(path):
        if file_hash(path) != manifest["files"].get(path.name):
            raise StoreError(path, "this file is not the one that the run wrote", "the run made again (--again)")
        return pq.read_table(path)


def read_scenario(folder: Path) -> Scenario:
    """Return the scenario of a run, read from scenario.yaml; BadInput for rules that this version does not know."""
    from sincerity.declare.scenario import read

    with disk(folder / SCENARIO):
        return read((folder / SCENARIO).read_text(encoding="utf-8"))


def read_measures(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the measures of measures.json, by id."""
    with disk(folder / MEASURED):
        text = (folder / MEASURED).read_text(encoding="utf-8")
    try:
        return dict(json.loads(text)["measures"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(folder / MEASURED, "this file does not say what was measured") from None


def write_json(path: Path, value: object) -> None:
    """Write a JSON document, whole or not at all."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    write(path, lambda stream: stream.write(text.encode()))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make the folder if need be and keep other processes from writing in it; StoreError where one already does.

    The lock is on the folder itself and goes with the process, so a killed run leaves none. Windows has no such lock.
    """
    with disk(folder):
        if not folder.parent.parent.is_dir():
            raise StoreError(folder.parent, f"there is no folder {folder.parent.parent} to make it in")
        folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with disk(folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "another process is writing this run"
            raise StoreError(folder, message, "to wait until it is done, or another --out") from None
        yield
    finally:
        os.close(handle)


def begin(folder: Path, scenario: Scenario, manifest: dict[str, Any]) -> None:
    """Write what is known before the first month: scenario.yaml, and the manifest with status running."""
    write(folder / SCENARIO, lambda stream: stream.write(scenario.resolved().encode()))
    write_json(folder / MANIFEST, manifest)


def stop(folder: Path, manifest: dict[str, Any], why: str) -> None:
    """Mark a run as interrupted, with what was kept; where that cannot be written it stays marked as running."""
    with suppress(StoreError):
        write_json(folder / MANIFEST, {**manifest, "status": "interrupted", "ended": now(), "why": why})


def finish(
    folder: Path, scenario: Scenario, manifest: dict[str, Any], census: pa.Table, lives: pa.Table | None = None
) -> None:
    """Write the census and what its measures mean, and last the manifest with status done.

    What an earlier run left in the folder stops looking finished before its first file is replaced.
    """
    begin(folder, scenario, manifest)
    with disk(folder):
        (folder / REPORT).unlink(missing_ok=True)
    write(folder / CENSUS, lambda stream: pq.write_table(census, stream, compression="zstd"))
    write_json(folder / MEASURED, {"schema": "sincerity/measures", "version": 1, "measures": measures()})
    kept = [SCENARIO, CENSUS, MEASURED]
    if lives is not None:
        write(folder / LIVES, lambda stream: pq.write_table(lives, stream, compression="zstd"))
        kept.append(LIVES)
    files = {name: file_hash(folder / name) for name in kept}
    done = {"status": "done", "ended": now(), "rows": census.num_rows, "content": content_hash(census), "files": files}
    write_json(folder / MANIFEST, {**manifest, **done})


def measures() -> dict[str, dict[str, Any]]:
    """Return what measures.json says: id -> title, unit, denominator, window, kind, scale, definition."""
    return {
        m.id: {
            "title": m.title,
            "unit": m.unit,
            "denominator": m.of,
            "window": m.window,
            "kind": m.kind,
            "scale": m.scale,
            "definition": m.definition,
        }
        for m in MEASURES
    }


def fail(folder: Path, manifest: dict[str, Any], why: str) -> None:
    """Mark a run as failed, without results; where not even that can be written, leave what can be gone on from."""
    _remove(folder, CENSUS, MEASURED, LIVES)
    try:
        write_json(folder / MANIFEST, {**manifest, "status": "failed", "ended": now(), "why": why})
    except StoreError:
        if not states.any_kept(folder):
            clear(folder)


def clear(folder: Path) -> None:
    """Take away what a run wrote, the manifest first, and the folder if nothing else is in it."""
    _remove(folder, MANIFEST, SCENARIO, CENSUS, MEASURED, LIVES)
    states.clear(folder, last=True)
    with suppress(OSError):  # somebody may keep a file of their own in it
        folder.rmdir()


def _remove(folder: Path, *names: str) -> None:
    for name in names:
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def add_report(folder: Path, fill: Callable[[Path], object], path: Path | None = None) -> Path:
    """Have `fill` write a report to a temporary path, then name it `path`, or report.html in the run folder."""
    target = folder / REPORT if path is None else path
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with disk(target):
        if target.is_dir():
            raise StoreError(target, "this is a folder", "the name of a file to write")
        try:
            fill(temporary)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    if path is None:
        manifest = read_manifest(folder)
        manifest["files"][REPORT] = file_hash(target)
        write_json(folder / MANIFEST, manifest)
    return target


def touch(folder: Path) -> None:
    """Make this run the last one; a run kept where nothing may be written stays what it was."""
    with suppress(OSError):
        os.utime(folder / MANIFEST)


def now() -> str:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of the libraries that took part."""
    from sincerity import __version__

    found = {"sincerity": __version__, "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found


def device() -> dict[str, Any]:
    """Return what the run ran on; no name of a machine or person."""
    return {"engine": "cpu", "platform": platform.system(), "machine": platform.machine(), "cpus": os.cpu_count()}
