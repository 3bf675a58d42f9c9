"""The public names: all there, and free until they are used."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sincerity

HEAVY = ("numba", "llvmlite", "altair", "pyarrow", "pydantic", "numpy", "typer")


def loaded_after(code: str) -> set[str]:
    """Which heavy libraries a fresh process has loaded after running `code`."""
    tail = f"\nimport sys; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    assert loaded_after("import sincerity; sincerity.__version__; dir(sincerity)") == set()


def test_the_public_names_load_no_engine_and_no_charts() -> None:
    code = "import sincerity as sc; [getattr(sc, name) for name in sc.__all__]"
    assert loaded_after(code).isdisjoint({"numba", "llvmlite", "altair"})


def test_every_public_name_is_there_and_explains_itself() -> None:
    for name in sincerity.__all__:
        assert name in dir(sincerity)
        doc = getattr(sincerity, name).__doc__
        assert doc
        assert len(doc) > 40


def test_help_tells_shapes_and_units() -> None:
    assert "(S, T)" in (sincerity.Study.series.__doc__ or "")
    assert "per 1,000 adults" in (sincerity.Study.series.__doc__ or "")
    assert "1,000 adults" in (sincerity.Ledger.__doc__ or "") + (sincerity.Study.ledger.__doc__ or "")
    assert "adults in each world" in (sincerity.compare.__doc__ or "")


def test_the_version_is_the_one_that_is_packaged() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert sincerity.__version__ == project["project"]["version"]


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="compare"):
        _ = sincerity.compares
