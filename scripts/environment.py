"""Sets up .venv: the locked dependencies by their hashes, and this project in place. Called by scripts/setup.

With everything installed already it needs no network. Interrupted, it goes on the next time: the stamp comes last.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "stamp"
LOCK = ROOT / "requirements.lock"


def main() -> int:
    """Set up, unless another process has just done so; return the exit code."""
    with Path(__file__).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        stamp = f"{ROOT}\n{LOCK.read_text()}{(ROOT / 'pyproject.toml').read_text()}"
        if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == stamp:
            return 0
        make_environment()
        STAMP.unlink(missing_ok=True)
        say("installing the locked libraries (about 200 MB the first time)")
        if not pip("--require-hashes", "-r", str(LOCK), count=True):
            return 1
        if not pip("--no-deps", "--no-index", "--no-build-isolation", "-e", str(ROOT)):
            return 1
        new = STAMP.with_suffix(".new")
        new.write_text(stamp)
        new.replace(STAMP)
        say("done")
    return 0


def make_environment() -> None:
    """Make .venv where there is none that works, or where it was moved."""
    moved = STAMP.exists() and STAMP.read_text().partition("\n")[0] != str(ROOT)
    if (
        not moved
        and PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "-V"], capture_output=True).returncode == 0
    ):
        return
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    say(f"making .venv with Python {sys.version_info.major}.{sys.version_info.minor} ({base})")
    if VENV.exists():
        shutil.rmtree(VENV)
    subprocess.run([base, "-m", "venv", str(VENV)], check=True)


def pip(*arguments: str, count: bool = False) -> bool:
    """Run `pip install`; show what it says only when it fails. `count` tells how many libraries it has come to."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    total = sum(line[:1].isalpha() and "win32" not in line for line in LOCK.read_text().splitlines())
    live = count and sys.stderr.isatty()
    told: list[str] = []
    done = 0
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout or ():
            told.append(line)
            if live and line.startswith("Collecting "):
                done += 1
                sys.stderr.write(f"\r\033[K  {min(done, total)} of {total}: {line.split()[1].partition('==')[0]}")
            if live and line.startswith("Installing "):
                sys.stderr.write("\r\033[K  unpacking")
            sys.stderr.flush()
    if live:
        sys.stderr.write("\r\033[K")
    if run.returncode:
        sys.stderr.writelines(
            line for line in told if not line.startswith(("Collecting ", "  Using ", "  Downloading "))
        )
        say("this did not work; with a network (needed once), the same command goes on from here")
    return run.returncode == 0


def say(text: str) -> None:
    """Tell the reader what is being done, apart from what the command itself prints."""
    print(f"setup: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("interrupted; the same command goes on from here")
        sys.exit(130)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"this did not work: {error}")
        sys.exit(1)
