"""The house: what a bare checkout needs to set itself up, and what goes into the package."""

import os
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sincerity

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ("run", "test", "bench", ".ci/run", "scripts/setup")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def lock() -> str:
    return (ROOT / "requirements.lock").read_text()


def normal(name: str) -> str:
    """A package's name as the lock spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# ---- the lock -----------------------------------------------------------------------------------------------------


def test_every_locked_library_is_pinned_and_hashed(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z])", lock)[1:]
    assert len(blocks) > 40
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==[^ ]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", block), block[:80]


def test_the_lock_names_no_host(lock: str) -> None:
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links|--trusted-host| @ ", lock.partition("\n\n")[2])
    assert "://" not in lock


def test_the_lock_holds_all_that_the_project_asks_for(lock: str, project: dict[str, Any]) -> None:
    asked = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    asked += project["build-system"]["requires"]  # to install the project itself with the network off
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line and line[0].isalpha()}
    assert {normal(re.split(r"[<>=!~\[ ]", each)[0]) for each in asked} <= locked


# ---- one version, one licence ----------------------------------------------------------------------------------------


def test_one_version(project: dict[str, Any]) -> None:
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text())
    assert project["project"]["version"] == sincerity.__version__ == str(citation["version"])
    assert project["project"]["license"] == citation["license"] == "Apache-2.0"


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text) > 11_000


# ---- set-up from a bare checkout ------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout without .venv on a machine with a shell, its commonest tools, and no Python."""
    checkout, tools = tmp_path / "check out", tmp_path / "tools"
    for folder in (checkout / "scripts", tools):
        folder.mkdir(parents=True)
    for name in ("run", "scripts/setup", "scripts/environment.py", "requirements.lock", "pyproject.toml"):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
        (checkout / name).chmod(0o755)
    for tool in ("sh", "dirname", "cat", "cmp"):
        (tools / tool).symlink_to(next(p / tool for p in map(Path, os.get_exec_path()) if (p / tool).exists()))
    return checkout


def start(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Start a script of the checkout with only its machine's tools."""
    environment = {"PATH": str(checkout.parent / "tools")}
    return subprocess.run([*command], capture_output=True, text=True, env=environment, cwd=checkout.parent, check=False)


def a_python(checkout: Path, name: str, answer: str) -> None:
    """Put a Python on the bare machine that answers as a shell script does; $2 is the code that it is asked to run."""
    path = checkout.parent / "tools" / name
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)


def test_without_python_there_is_one_message(bare: Path) -> None:
    done = start(bare, str(bare / "run"))
    assert done.returncode == 2
    assert done.stderr.startswith("Sincerity needs Python 3.11 to 3.14; none was found")
    assert len(done.stderr.splitlines()) == 1


def test_an_old_python_or_a_shim_is_passed_over(bare: Path) -> None:
    a_python(bare, "python3", "exit 1")
    a_python(bare, "python3.13", "exit 127")
    a_python(bare, "python3.12", 'case "$1" in -c) exit 0;; esac; echo "taken: ${1##*/}"')
    done = start(bare, str(bare / "scripts/setup"))
    assert done.returncode == 0
    assert done.stdout == "taken: environment.py\n"


def test_debian_without_venv_is_told_what_to_install(bare: Path) -> None:
    a_python(bare, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = start(bare, str(bare / "scripts/setup"))
    assert done.returncode == 2
    assert "apt-get install python3-venv" in done.stderr


def test_the_second_time_nothing_is_done(bare: Path) -> None:
    (bare / ".venv/bin").mkdir(parents=True)
    (bare / ".venv/bin/python").symlink_to("/bin/sh")
    made_from = f"{bare}\n" + (bare / "requirements.lock").read_text() + (bare / "pyproject.toml").read_text()
    (bare / ".venv/stamp").write_text(made_from)
    assert start(bare, str(bare / "scripts/setup")).returncode == 0
    (bare / "pyproject.toml").write_text("# changed\n")
    assert start(bare, str(bare / "scripts/setup")).returncode == 2  # it would set up, and there is no Python


@pytest.mark.skipif(not (ROOT / ".venv/stamp").exists(), reason="set up by other means than ./run and ./test")
def test_run_works_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run([ROOT / "run", "--version"], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout == f"sincerity {sincerity.__version__}\n"


# ---- the package ----------------------------------------------------------------------------------------------------


def test_the_wheel_holds_the_data(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (made,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(made) as wheel:
        names = set(wheel.namelist())
    data = [
        p for p in (ROOT / "src/sincerity").rglob("*") if p.suffix in (".yaml", ".csv", ".html", ".css", ".j2", ".py")
    ]
    assert len(data) > 50
    for path in data:
        assert path.relative_to(ROOT / "src").as_posix() in names
    assert not [name for name in names if "__pycache__" in name or name.endswith((".nbi", ".nbc"))]
