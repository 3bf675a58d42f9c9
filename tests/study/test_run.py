"""compare and run: what is computed, what is found, and what is left behind when it ends early."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sincerity.declare.problems import BadInput
from sincerity.study import store
from sincerity.study.run import compare, run
from sincerity.study.store import StoreError
from sincerity.study.study import load
from study.fake import fake_simulate

SMALL: dict[str, Any] = {"people": "1k", "years": 1, "seeds": 2}
Engine = list[tuple[int, int]]


def put_engine(monkeypatch: pytest.MonkeyPatch, simulate: Callable[..., Any]) -> None:
    monkeypatch.setitem(sys.modules, "sincerity.engine.cpu", SimpleNamespace(simulate=simulate))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A fake engine in place of the real one; the calls it got: (seed, threads)."""
    calls: Engine = []

    def simulate(scenario: Any, seed: int, *, threads: int, watch: Any, **_: Any) -> Any:
        calls.append((seed, threads))
        return fake_simulate(scenario, seed, threads=threads, watch=watch)

    put_engine(monkeypatch, simulate)
    return calls


def test_every_seed_is_lived_once_and_stored(tmp_path: Path, engine: Engine) -> None:
    study = compare(["none", "citizen-score"], out=tmp_path, seed=5, threads=2, **SMALL | {"seeds": 3})
    assert engine == [(5, 2), (6, 2), (7, 2)]
    assert study.folder.parent == tmp_path
    assert not study.found
    assert study.census["seed"].unique().to_pylist() == [5, 6, 7]
    assert study.census["world"].unique().to_pylist() == ["none", "citizen-score"]
    assert study.manifest["timings"]["by_phase"] == {"building": 1.5, "living": 4.5}
    assert study.manifest["timings"]["person_months"] == 1000 * 12 * 2 * 3
    assert study.manifest["threads"] == 2


def test_the_same_is_found_and_again_repeats_it(tmp_path: Path, engine: Engine) -> None:
    first = compare(["none"], out=tmp_path, threads=1, **SMALL)
    found = compare(["none"], out=tmp_path, threads=2, **SMALL)
    assert found.found
    assert found.folder == first.folder
    assert len(engine) == 2
    repeated = compare(["none"], out=tmp_path, again=True, **SMALL)
    assert not repeated.found
    assert repeated.folder == first.folder
    assert len(engine) == 4
    assert repeated.manifest["content"] == first.manifest["content"]


@pytest.mark.parametrize(
    "change", [{"people": "2k"}, {"seed": 2}, {"seeds": 3}, {"start": "2015-01"}, {"settings": ["run.years=2"]}]
)
def test_what_differs_is_not_found(tmp_path: Path, engine: Engine, change: dict[str, Any]) -> None:
    first = compare(["none"], out=tmp_path, **SMALL)
    second = compare(["none"], out=tmp_path, **SMALL | change)
    assert not second.found
    assert second.folder != first.folder


def test_found_runs_become_the_last(tmp_path: Path, engine: Engine) -> None:
    first = compare(["none"], out=tmp_path, **SMALL)
    second = run("citizen-score", out=tmp_path, **SMALL)
    for k, study in enumerate((first, second)):
        os.utime(study.folder / store.MANIFEST, (1e9 + k, 1e9 + k))
    assert load(runs=tmp_path).folder == second.folder
    compare(["none"], out=tmp_path, **SMALL)
    assert load(runs=tmp_path).folder == first.folder


def test_the_command_makes_the_same_key(tmp_path: Path, engine: Engine) -> None:
    study = compare(["none", "citizen-score"], out=tmp_path, settings=["society.law.papers_missing=0.04"], **SMALL)
    assert study.command == (
        "sincerity compare none citizen-score --society china-2020 --people 1000 --start 2014-06 --years 1 "
        "--seed 1 --seeds 2 --set society.law.papers_missing=0.04"
    )
    assert run("none", out=tmp_path, **SMALL).command.startswith("sincerity run none --society")


def test_watch_hears_of_seeds_and_months(tmp_path: Path, engine: Engine) -> None:
    heard: list[tuple[str, int, int, int]] = []

    def watch(stage: str, done: int, total: int, people: int = 0) -> None:
        heard.append((stage, done, total, people))

    compare(["none", "citizen-score"], out=tmp_path, watch=watch, **SMALL)
    assert [told for told in heard if told[0] == "seed"] == [("seed", 0, 2, 0), ("seed", 1, 2, 0)]
    assert heard.count(("living", 12, 12, 2000)) == 2


def test_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def simulate(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    put_engine(monkeypatch, simulate)
    with pytest.raises(KeyboardInterrupt):
        compare(["none"], out=tmp_path, **SMALL)
    assert os.listdir(tmp_path) == []


def test_a_finished_run_survives_an_interrupted_repetition(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = compare(["none"], out=tmp_path, **SMALL)

    def simulate(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    put_engine(monkeypatch, simulate)
    with pytest.raises(KeyboardInterrupt):
        compare(["none"], out=tmp_path, again=True, **SMALL)
    assert load(runs=tmp_path).manifest == before.manifest


def test_a_failed_run_says_why_and_is_lived_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise MemoryError("no room for 10 people")

    put_engine(monkeypatch, broken)
    with pytest.raises(MemoryError):
        compare(["none"], out=tmp_path, **SMALL)
    (folder,) = tmp_path.iterdir()
    manifest = store.read_manifest(folder)
    assert manifest["status"] == "failed"
    assert "no room for 10 people" in manifest["why"]
    with pytest.raises(StoreError, match="no room for 10 people"):
        load(folder)
    put_engine(monkeypatch, fake_simulate)
    study = compare(["none"], out=tmp_path, **SMALL)
    assert not study.found
    assert study.manifest["status"] == "done"


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = os.fsync, [3]  # the scenario, the manifest and their folder still fit

    def fsync(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StoreError, match="the disk is full"):
        compare(["none"], out=tmp_path, **SMALL)
    assert os.listdir(tmp_path) == []


def test_bad_input_is_told_at_once_and_writes_nothing(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(BadInput) as caught:
        compare(["non", "citizen-scor"], society="china", people="many", out=tmp_path)
    text = str(caught.value)
    assert "`none`" in text
    assert "`citizen-score`" in text
    assert "china-2020" in text
    assert "many" in text
    assert os.listdir(tmp_path) == []
    assert engine == []


def test_a_killed_run_does_not_look_finished(tmp_path: Path) -> None:
    code = (
        "import sys, time, types\n"
        "def simulate(*a, **k):\n"
        "    print('living', flush=True)\n"
        "    time.sleep(60)\n"
        "sys.modules['sincerity.engine.cpu'] = types.SimpleNamespace(simulate=simulate)\n"
        "import sincerity\n"
        f"sincerity.compare(['none'], people='1k', years=1, seeds=1, out={str(tmp_path)!r})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "living\n"
    with pytest.raises(StoreError, match="another process is writing"):
        compare(["none"], people="1k", years=1, seeds=1, out=tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (folder,) = tmp_path.iterdir()
    assert store.read_manifest(folder)["status"] == "running"
    with pytest.raises(StoreError, match="no finished run"):
        load(runs=tmp_path)


def test_after_a_kill_the_run_is_made_anew(tmp_path: Path, engine: Engine) -> None:
    cut = compare(["none"], out=tmp_path, **SMALL)
    (cut.folder / store.CENSUS).unlink()
    store.write_json(cut.folder / store.MANIFEST, {**cut.manifest, "status": "running"})
    (cut.folder / ".census.parquet.1.tmp").write_bytes(b"half")
    study = compare(["none"], out=tmp_path, **SMALL)
    assert not study.found
    assert study.folder == cut.folder
    assert study.census.num_rows == study.manifest["rows"]


# ---- rules of one's own ----------------------------------------------------------------------------------------------


def own_schedule() -> Any:
    """The usual month with `asking` under another name for its function."""
    from sincerity.rules import Schedule, rule

    def asking(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
        """Everybody says yes."""
        people.answer[: hi - lo] = 1

    row = next(row for row in Schedule() if row.name == "asking")
    return Schedule().replace("asking", rule("asking", asking, "", "answer", row.words))


def test_a_run_by_rules_of_its_own_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sincerity.rules import Schedule

    monkeypatch.chdir(tmp_path)
    given: dict[str, Any] = {"people": 1_000, "years": 1, "seeds": 1}
    usual = compare(["none", "citizen-score"], **given)
    assert compare(["none", "citizen-score"], schedule=Schedule(), **given).found
    assert "rules" not in usual.manifest
    other = compare(["none", "citizen-score"], schedule=own_schedule(), **given)
    assert not other.found
    assert other.folder != usual.folder
    assert other.ledger()["approve"].ordinary == 1000
    assert (usual.ledger()["approve"].ordinary or 0.0) < 1000
    assert other.manifest["rules"] == [f"asking ({__name__})"]
    assert other.command.endswith(f"# by rules of its own: asking ({__name__})")
    assert other.lives is None
    assert compare(["none", "citizen-score"], schedule=own_schedule(), **given).found
    for ask in (other.floor, other.robustness):
        with pytest.raises(BadInput, match=r"rules of its own \(asking"):
            ask()
    assert str(other.report().read_text()).count("by rules of its own") == 1


def test_a_schedule_that_cannot_be_lived_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sincerity.rules import Schedule

    monkeypatch.chdir(tmp_path)
    rows = tuple(row for row in Schedule() if row.name != "redress")
    with pytest.raises(BadInput, match="the column 'corrected' has no writer"):
        compare(["none"], people=1_000, years=1, seeds=1, schedule=Schedule(rows))
    assert not list(tmp_path.iterdir())
