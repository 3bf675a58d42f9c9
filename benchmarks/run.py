"""Measures ours beside what a user would pick instead, in one run on one machine. Called by ./bench.

    ./bench                                        ratios, in about two minutes
    ./bench --long --out benchmarks/result.json    what the table of the README is made from

Each contestant has a process of its own and lives its months in turn with the others, so that what the machine does
meanwhile falls on all. A month's time is the difference of many months and few, so that building the people, compiling
and reading fall out; ratios are taken between times of the same turn, and the median of the turns is told.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import platform
import selectors
import statistics
import subprocess
import sys
import tempfile
import tokenize
import venv
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.core import LEAST_BYTES

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "benchmarks"
RIVALS = ROOT / ".venv-bench"
LOCK = HERE / "requirements.lock"
SEED, PATIENCE = 1, 180
OURS, WHOLE = "ours", "ours_whole"


@dataclass(frozen=True)
class Contestant:
    """Who is measured: the module, what it is written with, its package in .venv-bench (none: the project's .venv)."""

    name: str
    label: str
    package: str = ""


CONTESTANTS = (
    Contestant(OURS, "ours, in `sincerity.lab`"),
    Contestant("numpy_scipy", "NumPy + SciPy"),
    Contestant("laser_model", "LASER's style (laser-core, Numba)", "laser-core"),
    Contestant("ambr_model", "AMBER (ambr)", "ambr"),
    Contestant("mesa_frames_model", "mesa-frames", "mesa-frames"),
    Contestant("mesa_model", "Mesa", "mesa"),
    Contestant(WHOLE, "ours, the whole month as shipped (a larger model)"),
)
BY_NAME = {c.name: c for c in CONTESTANTS}


@dataclass(frozen=True)
class Heat:
    """One contestant at one size: `few` and `many` months, so many that living them outweighs building the people."""

    name: str
    people: int
    few: int
    many: int


QUICK = (
    Heat(OURS, 100_000, 4, 404),
    Heat("numpy_scipy", 100_000, 4, 204),
    Heat("laser_model", 100_000, 4, 204),
    Heat("ambr_model", 100_000, 4, 154),
    Heat("mesa_frames_model", 100_000, 2, 42),
    Heat("mesa_model", 10_000, 2, 12),
    Heat(WHOLE, 20_000, 12, 36),
)
LONG = (
    (
        Heat(OURS, 100_000, 4, 604),
        Heat("numpy_scipy", 100_000, 4, 304),
        Heat("laser_model", 100_000, 4, 304),
        Heat("ambr_model", 100_000, 4, 204),
        Heat("mesa_frames_model", 100_000, 2, 62),
        Heat("mesa_model", 100_000, 1, 4),
        Heat(WHOLE, 100_000, 12, 36),
    ),
    (
        Heat(OURS, 1_000_000, 2, 152),
        Heat("numpy_scipy", 1_000_000, 2, 42),
        Heat("laser_model", 1_000_000, 2, 42),
        Heat("ambr_model", 1_000_000, 2, 32),
        Heat("mesa_frames_model", 1_000_000, 2, 12),
    ),
)
SAME_BITS = {name: Heat(name, 2_000 if name in ("mesa_model", WHOLE) else 20_000, 12, 12) for name in BY_NAME}


class Trouble(Exception):
    """A contestant that could not be measured, and why."""


class Process:
    """A contestant's process, which is asked line by line."""

    def __init__(self, heat: Heat, threads: int, ties: str) -> None:
        rival = BY_NAME[heat.name].package
        if rival and not (RIVALS / "stamp").exists():
            raise Trouble(f"{rival} is not installed")
        where = RIVALS if rival else Path(sys.prefix)
        environment = dict(os.environ, BENCHMARK_TIES=ties, PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "src")]))
        for library in ("NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            environment[library] = str(threads)
        numbers = map(str, (heat.people, heat.few, heat.many, SEED, threads))
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [where / "bin" / "python", "-m", "benchmarks.one", heat.name, *numbers],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, cwd=ROOT, env=environment,
        )  # fmt: skip
        self.answer()

    def ask(self, what: str) -> dict[str, Any]:
        """Ask, and wait for the answer; raise Trouble where there is none."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(what + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next line of JSON."""
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            if not waiting.select(PATIENCE):
                self.close()
                raise Trouble(f"no answer after {PATIENCE} s")
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)  # type: ignore[no-any-return]
        self._process.wait()
        self._errors.seek(0)
        told = self._errors.read().strip().splitlines()
        self.close()
        raise Trouble(told[-1] if told else f"ended with {self._process.returncode}")

    def close(self) -> None:
        """Let the process go."""
        if not self._errors.closed:
            self._process.kill()
            self._process.communicate()
            self._errors.close()


def install_rivals() -> str:
    """Make .venv-bench from the lock unless it is there; return what went wrong, or nothing."""
    stamp, wanted = RIVALS / "stamp", hashlib.sha256(f"{ROOT}\n{LOCK.read_text()}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    tell("installing the rivals in .venv-bench (about 1 GB, once)")
    try:
        venv.create(RIVALS, with_pip=True, clear=True)
        subprocess.run(
            [RIVALS / "bin" / "python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet",
             "--no-deps", "--require-hashes", "-r", LOCK],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        told = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return told[-1]
    stamp.write_text(wanted)
    return ""


def lines_of_code(text: str) -> int:
    """Lines of a module that are neither blank, comment, nor a string that stands alone (docstring)."""
    lines: set[int] = set()
    alone = True
    quiet = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type != tokenize.COMMENT]
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        if token.type in quiet:
            alone = token.type != tokenize.NL or alone
        elif not (token.type == tokenize.STRING and alone and following.type == tokenize.NEWLINE):
            lines.update(range(token.start[0], token.end[0] + 1) if token.type != tokenize.ENDMARKER else ())
            alone = False
    return len(lines)


def months_apart(heat: Heat, answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Nanoseconds a person-month (each turn's, and their median), seconds to build, and processors at work."""
    months = heat.many - heat.few
    each = [(a["many"] - a["few"]) / months / heat.people * 1e9 for a in answers]
    took, worked = sum(a["many"] - a["few"] for a in answers), sum(a["cpu"] for a in answers)
    built = statistics.median(a["few"] - heat.few * ns * heat.people / 1e9 for a, ns in zip(answers, each, strict=True))
    return {
        "ns": statistics.median(each),
        "ns_each": each,
        "seconds_to_build": max(built, 0.0),
        "processors": max(worked / took, 0.0) if took > 0 else 0.0,
    }


def ratio(row: dict[str, Any], ours: dict[str, Any]) -> float:
    """How many times as long as ours: the median of the turns."""
    return float(statistics.median(a / b for a, b in zip(row["ns_each"], ours["ns_each"], strict=True)))


def measure(heats: tuple[Heat, ...], turns: int, threads: int, ties: str, memory: bool) -> list[dict[str, Any]]:
    """All heats in turn; a row each, `trouble` in it where a contestant could not be measured."""
    rows: list[dict[str, Any]] = []
    processes: dict[str, Process] = {}
    answers: dict[str, list[dict[str, Any]]] = {heat.name: [] for heat in heats}
    for heat in heats:
        row: dict[str, Any] = {"name": heat.name, "people": heat.people, "months": heat.many - heat.few}
        rows.append(row)
        tell(f"starting {heat.name} with {heat.people:,} people")
        try:
            processes[heat.name] = Process(heat, threads, ties)
            if memory:
                row["bytes"] = processes[heat.name].ask("memory")["bytes"] / heat.people
        except Trouble as trouble:
            row["trouble"] = str(trouble)
    for turn in range(turns):
        tell(f"turn {turn + 1} of {turns}")
        for row in rows:
            if "trouble" not in row:
                try:
                    answers[row["name"]].append(processes[row["name"]].ask("time"))
                except Trouble as trouble:
                    row["trouble"] = str(trouble)
    for process in processes.values():
        process.close()
    for heat, row in zip(heats, rows, strict=True):
        if "trouble" not in row:
            row |= months_apart(heat, answers[heat.name])
            if min(row["ns_each"]) <= 0:
                row["trouble"] = "the machine was too busy: many months took no longer than few"
    measured = {row["name"]: row for row in rows if "trouble" not in row}
    for row in measured.values():
        if OURS in measured:
            row["times_ours"] = ratio(row, measured[OURS])
    return rows


def same_bits(name: str, ties: str) -> bool | None:
    """Whether one thread and two give the same bits; None where that could not be seen."""
    found = set()
    for threads in (1, 2):
        try:
            process = Process(SAME_BITS[name], threads, ties)
            found.add(process.ask(f"answers {SEED}")["digest"])
            process.close()
        except Trouble:
            return None
    return len(found) == 1


def versions() -> dict[str, str]:
    """Of the rivals' packages, and of what ours stands on."""
    found = {name: version(name) for name in ("sincerity", "numpy", "scipy", "numba")}
    asked = [c.package for c in CONTESTANTS if c.package]
    code = "import sys, importlib.metadata as m, json; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    try:
        told = subprocess.run(
            [RIVALS / "bin" / "python", "-c", code, *asked], capture_output=True, text=True, check=True
        ).stdout
        found |= json.loads(told)
    except (OSError, subprocess.CalledProcessError):
        pass
    return found


def machine(threads: int) -> dict[str, Any]:
    """What it was measured on."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    return {
        "processor": processor,
        "processors": threads,
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }


def roofline(threads: int) -> dict[str, float]:
    """Bytes a second of the triad, and the least nanoseconds that a person-month of the core can take."""
    command = [sys.executable, "-m", "benchmarks.roofline", str(threads)]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment).stdout
    found: dict[str, float] = json.loads(told)
    least = sum(LEAST_BYTES.values())
    return found | {"least_bytes": least, "least_ns": least / found["all_threads"] * 1e9}


def tell(text: str) -> None:
    """Say what is being done, apart from what comes out."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def ratios(rows: list[dict[str, Any]]) -> str:
    """The short table: times ours, no absolute number."""
    lines = [f"{'a person-month takes':<52}{'times ours':>12}"]
    for row in rows:
        label = BY_NAME[row["name"]].label.replace("`", "")
        told = row.get("trouble") or (f"{row['times_ours']:.1f}" if "times_ours" in row else "—")
        lines.append(f"{label:<52}{told:>12}   {row['people']:,} people")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print ratios; with --long, write the JSON too."""
    parser = argparse.ArgumentParser(prog="./bench", description="Ours beside what a user would pick instead.")
    parser.add_argument("--long", action="store_true", help="two sizes, memory, threads and bits: three minutes")
    parser.add_argument("--out", type=Path, help="with --long: where the JSON goes")
    parser.add_argument("--note", default="", help="a sentence to stand under the table")
    given = parser.parse_args(arguments)
    if given.out is not None and not given.long:
        parser.error("--out needs --long: the short run tells ratios only")
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    trouble = install_rivals()
    if trouble:
        tell(f"the rivals can't be installed, ours and NumPy are measured without them: {trouble}")
    about = machine(threads)
    if about["load_before"] > 0.5:
        tell(f"the machine is busy (load {about['load_before']:.1f}); what follows is less sure for it")
    with tempfile.TemporaryDirectory() as ties:
        if not given.long:
            print(ratios(measure(QUICK, 3, threads, ties, memory=False)))
            return 0
        rows = [row for heats, turns in zip(LONG, (5, 3), strict=True)
                for row in measure(heats, turns, threads, ties, memory=True)]  # fmt: skip
        tell("the memory's bandwidth")
        roof = roofline(threads)
        contestants = []
        for one in CONTESTANTS:
            tell(f"one thread and two: {one.name}")
            lines = lines_of_code((HERE / f"{one.name}.py").read_text())
            contestants.append(
                {"name": one.name, "label": one.label, "lines": lines, "same_bits": same_bits(one.name, ties)}
            )
    print(ratios(rows))
    made = {
        "schema": "sincerity-benchmark",
        "version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "note": given.note,
        "machine": about,
        "versions": versions(),
        "roofline": roof,
        "contestants": contestants,
        "rows": rows,
    }
    if given.out is not None:
        given.out.write_text(json.dumps(made, indent=1) + "\n")
        tell(f"written: {given.out}; python -m benchmarks.table puts it into README.md")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
