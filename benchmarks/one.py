"""One contestant in a process of its own: `python -m benchmarks.one NAME PEOPLE FEW MANY SEED THREADS`.

After a small run, which compiles what there is to compile, it waits for lines. `memory` lives `few` months and answers
with the bytes by which the process grew at most; `time` lives `few` and then `many` months and answers with the seconds
of both; `answers 3` lives `few` months with seed 3. An answer is one line of JSON. The caller sets the numbers of
threads of the libraries.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

SMALL = 1_000


def status(field: str) -> int | None:
    """Bytes of a field of this process's status, where the system tells them (Linux)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    return None


def peak() -> int:
    """The most bytes that this process has had in memory, since `forget_peak` where that is known."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return status("VmHWM") or most * (1 if sys.platform == "darwin" else 1024)


def forget_peak() -> int:
    """Begin a new peak where the system allows it; return where it stands."""
    gc.collect()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak()


def main() -> None:
    """Do what standard input says."""
    name, (people, few, many, seed, threads) = sys.argv[1], map(int, sys.argv[2:])
    contestant: Any = importlib.import_module(f"benchmarks.{name}")
    contestant.run(min(SMALL, people), few, seed, threads)
    say({"ready": name})
    for line in sys.stdin:
        if line.strip() == "memory":
            before = forget_peak()
            contestant.run(people, few, seed, threads)
            say({"bytes": peak() - before})
        elif line.startswith("answers "):
            say(contestant.run(people, few, int(line.split()[1]), threads))
        elif line.strip() == "time":
            began, worked = time.perf_counter(), time.process_time()
            contestant.run(people, few, seed, threads)
            between, worked_few = time.perf_counter(), time.process_time()
            contestant.run(people, many, seed, threads)
            ended, worked_many = time.perf_counter(), time.process_time()
            say(
                {
                    "few": between - began,
                    "many": ended - between,
                    "cpu": (worked_many - worked_few) - (worked_few - worked),
                }
            )


def say(answer: dict[str, Any]) -> None:
    """Answer with one line."""
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
