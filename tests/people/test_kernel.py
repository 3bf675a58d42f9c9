"""Compiled forms of a researcher's own file: never in the way of a later load, never older than what they take in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sincerity
from sincerity.people.kernel import function_hash

OWN = '''
from sincerity.month.schedule import rule
from sincerity.people.kernel import inline, kernel
from borrowed import RATE, more


@kernel
def grow(lo, hi, people, tables, luck):
    """Grow by what another file says."""
    for i in range(lo, hi):
        people.size[i] += RATE * more(1)


GROW = rule("grow", grow, "contacts", "size", 0)
'''
BORROWED = '''
from sincerity.people.kernel import inline

RATE = {rate}


@inline
def more(x):
    """One more."""
    return x + {plus}
'''
USE = """
import importlib.util, sys
sys.path.insert(0, sys.argv[1] + "/lib")
spec = importlib.util.spec_from_file_location("my_rules", sys.argv[1] + "/my_rules.py")
mine = importlib.util.module_from_spec(spec)
if sys.argv[2] == "named":
    sys.modules["my_rules"] = mine
spec.loader.exec_module(mine)
import sincerity as sc
made = sc.lab(mine.GROW, people=2, months=1, ties=[(0, 1)], state={"size": [0, 0]})
print(made["size"].tolist(), sum(mine.grow.stats.cache_hits.values()))
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A researcher's folder: a file of rules, and another that it takes from."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "my_rules.py").write_text(OWN)
    (tmp_path / "lib" / "borrowed.py").write_text(BORROWED.format(rate=2, plus=1))
    return tmp_path


def used(own: Path, how: str) -> str:
    """What a process of its own prints that loads the file by importlib, `named` in sys.modules or not."""
    environment = {"PYTHONPATH": str(Path(sincerity.__file__).parent.parent), "XDG_CACHE_HOME": str(own / "cache")}
    command = [sys.executable, "-c", USE, str(own), how]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_file_without_a_name_can_be_loaded_again(own: Path) -> None:
    """A kept form asks for its module by name: from a process that had it, or hadn't, into one that has not."""
    assert [used(own, how) for how in ("unnamed", "unnamed", "named", "unnamed")] == ["[4, 4] 0"] * 4
    assert used(own, "named") == "[4, 4] 1"


def test_a_kept_form_is_forgotten_with_what_it_takes_in_from_another_file(own: Path) -> None:
    assert used(own, "named") == "[4, 4] 0"
    for rate, plus, expected in ((3, 1, 6), (3, 2, 9)):
        (own / "lib" / "borrowed.py").write_text(BORROWED.format(rate=rate, plus=plus))
        assert used(own, "named") == f"[{expected}, {expected}] 0"


# ---- what a function is made of --------------------------------------------------------------------------------------


def made(source: str, **known: Any) -> str:
    """The hash of a function `f` written so."""
    exec(source, known)
    return function_hash(known["f"])


def test_the_hash_of_a_function_is_that_of_what_it_takes_in() -> None:
    source = "def g(x):\n    return x + K\ndef f(x):\n    return [g(y) for y in range(x)]\n"
    assert made(source, K=1) == made(source, K=1)
    assert made(source, K=1) != made(source, K=2)
    assert made(source, K=1) != made(source.replace("x + K", "x - K"), K=1)
    assert made(source, K=1) == made(source, K=1, unused=5)
    nested = "def f(x):\n    return [y + 1 for y in range(x)]\n"
    assert made(nested) == made(nested) != made(nested.replace("y + 1", "y + 2"))
