"""Runs that are cut off: by Ctrl-C, a kill, a full disk, a damaged file; and that they end with the same census."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sincerity.cli.main import execute
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import scenario as declared
from sincerity.engine.checkpoint import Keep
from sincerity.study import states, store
from sincerity.study.run import Kept, compare, resume
from sincerity.study.store import StoreError
from sincerity.study.study import Study

ASKED: dict[str, Any] = {"regimes": ["none", "citizen-score"], "people": "1k", "years": 2, "seeds": 2, "threads": 1}
KILLS = int(os.environ.get("SINCERITY_KILLS", "3"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The run as it is when nothing cuts it off."""
    return compare(out=tmp_path_factory.mktemp("whole"), **ASKED)


def cut_at(monkeypatch: pytest.MonkeyPatch, seed: int, month: int) -> None:
    """Have Ctrl-C come in a month of a seed, once."""
    real = Keep.after_month

    def after_month(self: Keep, lived: int, *rest: Any) -> None:
        if (self.seed, lived) == (seed, month):
            signal.raise_signal(signal.SIGINT)
        real(self, lived, *rest)

    monkeypatch.setattr(Keep, "after_month", after_month)


def interrupted(out: Path, monkeypatch: pytest.MonkeyPatch, seed: int = 2, month: int = 17, **more: Any) -> Path:
    """The folder of a run that Ctrl-C cut off there."""
    with monkeypatch.context() as patch:
        cut_at(patch, seed, month)
        with pytest.raises(Kept, match="go on with: sincerity resume") as caught:
            compare(out=out, **ASKED | more)
    return caught.value.folder


@pytest.mark.parametrize(("seed", "month"), [(1, 1), (1, 12), (2, 17)])
def test_ctrl_c_keeps_and_resume_ends_with_the_same_census(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Study, seed: int, month: int
) -> None:
    folder = interrupted(tmp_path, monkeypatch, seed, month)
    manifest = store.read_manifest(folder)
    assert manifest["status"] == "interrupted"
    assert manifest["why"] == f"kept: {seed - 1} of 2 seeds, seed {seed} up to month {month} of 24"
    study = resume(runs=tmp_path)
    assert study.folder == folder
    assert study.manifest["content"] == whole.manifest["content"]
    assert study.manifest["started"] == manifest["started"]
    assert len(study.manifest["resumed"]) == 1
    assert os.listdir(states.place(folder)) == ["seed-1-last.state"]
    assert resume(folder).found


def test_the_same_command_goes_on_too_and_again_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Study
) -> None:
    interrupted(tmp_path, monkeypatch)
    study = compare(out=tmp_path, **ASKED)
    assert study.manifest["resumed"]
    assert study.manifest["content"] == whole.manifest["content"]
    shutil.rmtree(study.folder)
    interrupted(tmp_path, monkeypatch)
    study = compare(out=tmp_path, again=True, **ASKED)
    assert "resumed" not in study.manifest
    assert study.manifest["content"] == whole.manifest["content"]


def test_finished_seeds_are_not_lived_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = interrupted(tmp_path, monkeypatch, 2, 5)
    heard: list[tuple[str, int, int]] = []

    def watch(stage: str, done: int, total: int, people: int = 0) -> None:
        heard.append((stage, done, total))

    resume(folder, watch=watch)
    assert [told for told in heard if told[0] == "seed"] == [("seed", 1, 2)]
    assert next(told for told in heard if told[0] == "living") == ("living", 5, 24)
    assert not [told for told in heard if told[0] == "warming up"]


def test_a_run_without_checkpoints_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_at(monkeypatch, 2, 3)
    with pytest.raises(KeyboardInterrupt):
        compare(out=tmp_path, checkpoints="none", **ASKED)
    assert os.listdir(tmp_path) == []


def test_without_checkpoints_or_state_the_census_is_the_same(tmp_path: Path, whole: Study) -> None:
    study = compare(out=tmp_path, checkpoints="none", state=False, fresh=True, **ASKED)
    assert study.manifest["content"] == whole.manifest["content"]
    assert study.manifest["state"] == {"file": None, "why": "not asked for"}
    assert not states.place(study.folder).exists()
    assert whole.manifest["state"]["file"] == "checkpoints/seed-1-last.state"


def test_an_interrupted_repetition_leaves_the_finished_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Study
) -> None:
    folder = tmp_path / whole.folder.name
    shutil.copytree(whole.folder, folder)
    with monkeypatch.context() as patch:
        cut_at(patch, 2, 3)
        with pytest.raises(KeyboardInterrupt):
            compare(out=tmp_path, again=True, **ASKED)
    assert compare(out=tmp_path, **ASKED).found


def test_a_nation_in_files_is_gone_on_with_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off while it settles, then in its year; its start is told, and the columns that were mapped."""
    from sincerity.engine import cpu, room

    monkeypatch.setattr(cpu, "ABOVE", 900)
    monkeypatch.setattr(cpu, "SAMPLE", 2_000)
    monkeypatch.setattr(room, "STRIP", 4_096)
    asked = ASKED | {"regimes": ["citizen-score"], "seeds": 1, "years": 1}
    whole = compare(out=tmp_path / "whole", **asked)
    real = Keep.after_warm_up

    def after_warm_up(self: Keep, lived: int, *rest: Any) -> None:
        if lived == 46:
            signal.raise_signal(signal.SIGINT)
        real(self, lived, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Keep, "after_warm_up", after_warm_up)
        with pytest.raises(Kept, match="seed 1 up to month 46 of its warm-up"):
            compare(out=tmp_path, mapped=True, checkpoints="stop", **asked)
    with monkeypatch.context() as patch:
        cut_at(patch, 1, 7)
        with pytest.raises(Kept, match="seed 1 up to month 7 of 12"):
            resume(runs=tmp_path)
    study = resume(runs=tmp_path)
    assert study.manifest["content"] == whole.manifest["content"]
    assert study.manifest["start"][0].startswith("taken over from a sample")
    assert {"traits", "hold"} <= set(study.manifest["memory"]["columns_mapped"]), "as it was asked for"
    assert len(study.manifest["resumed"]) == 2


# ---- what is wrong is said, and what was finished stays --------------------------------------------------------------


@pytest.mark.parametrize("what", ["truncated", "flipped", "emptied"])
@pytest.mark.parametrize("name", ["seed-1.census", "seed-2-month-0017.state"])
def test_a_damaged_file_is_one_message_and_its_removal_enough(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    whole: Study,
    name: str,
    what: str,
) -> None:
    folder = interrupted(tmp_path, monkeypatch)
    path = states.place(folder) / name
    data = path.read_bytes()
    flipped = data[:500] + bytes([data[500] ^ 8]) + data[501:]
    path.write_bytes({"truncated": data[: len(data) // 2], "flipped": flipped, "emptied": b""}[what])
    assert execute(["resume", str(folder)]) == 2
    said = capsys.readouterr().err
    assert str(path) in said
    assert "this file removed: then seed" in said
    assert "Traceback" not in said
    assert len(list(states.place(folder).glob("seed-2-month*"))) == 1
    assert store.read_manifest(folder)["status"] == "failed"
    path.unlink()
    assert resume(folder).manifest["content"] == whole.manifest["content"]


def test_changed_sources_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = interrupted(tmp_path, monkeypatch)
    monkeypatch.setattr(store, "sources", lambda package: b"others")
    with pytest.raises(StoreError, match="changed since: it cannot go on"):
        resume(folder)


def test_a_changed_regime_file_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run folder says what was declared."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nextends: citizen-score\ntitle: Mine\n")
    folder = interrupted(tmp_path, monkeypatch, 1, regimes=["none", str(mine)], seeds=1)
    mine.write_text("broken")
    assert resume(folder).worlds == ("none", "mine")


def test_a_society_of_ones_own_is_found_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "mine"
    shutil.copytree(store.PACKAGE / "societies" / "china-2020", home)
    folder = interrupted(tmp_path, monkeypatch, society=str(home / "society.yaml"))
    assert resume(folder).manifest["status"] == "done"


def test_two_processes_on_one_folder_the_second_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = interrupted(tmp_path, monkeypatch)
    with store.held(folder), pytest.raises(StoreError, match="another process is writing this run"):
        resume(folder)
    assert states.any_kept(folder)


def test_a_read_only_folder_is_told_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], whole: Study
) -> None:
    folder = interrupted(tmp_path, monkeypatch)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    real = Path.open

    def read_only(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if "w" in mode and tmp_path in self.parents:
            raise OSError(30, "Read-only file system")
        return real(self, mode, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", read_only)
        assert execute(["resume", str(folder)]) == 2
    assert "this file system is read-only" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert resume(folder).manifest["content"] == whole.manifest["content"]


@pytest.mark.parametrize("fits", [6, 8, 10, 13])
def test_a_full_disk_loses_nothing_that_was_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Study, fits: int
) -> None:
    """From some write on, everything fails, the manifest too; then the disk has room again."""
    real, left = os.fsync, [fits]

    def fsync(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(StoreError, match="the disk is full"):
            compare(out=tmp_path, checkpoints="10", **ASKED)
    (folder,) = tmp_path.iterdir()
    kept = sorted(path.name for path in states.place(folder).iterdir())
    assert [name for name in kept if "last" not in name], "the checkpoint or seed that was whole is there"
    assert not [name for name in kept if name.endswith(".tmp")]
    assert resume(runs=tmp_path).manifest["content"] == whole.manifest["content"]


def test_a_disk_too_small_is_told_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda where: type("U", (), {"free": 50_000})())
    with pytest.raises(BadInput, match=r"would take .* MB of disk; 50\.0 kB are free") as caught:
        compare(out=tmp_path, checkpoints="10min", **ASKED)
    assert "--checkpoints none, --no-state" in str(caught.value)
    assert list(tmp_path.rglob("*.state")) == []
    assert compare(out=tmp_path, checkpoints="none", state=False, **ASKED).manifest["status"] == "done"


def test_what_memory_does_not_hold_lies_in_files(tmp_path: Path, whole: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between what stays in memory and what all of it takes: columns are mapped, unasked, to the same bits."""
    from sincerity.engine import world

    asked = {name: value for name, value in ASKED.items() if name != "threads"}
    needed = world.plan(declared(**asked), 1)
    monkeypatch.setattr(world, "FULL_MAPPED", world.FULL)
    between = (needed.bytes_total + needed.in_files().bytes_resident) / 2 / world.FULL_MAPPED
    monkeypatch.setattr(world, "free_memory", lambda: int(between))
    study = compare(out=tmp_path, checkpoints="5", **ASKED)
    mapped = study.manifest["memory"]["mapped"]
    assert 0 < mapped < needed.in_files().bytes_mapped
    assert needed.bytes_total - mapped <= between * world.FULL_MAPPED
    assert study.manifest["memory"]["columns_mapped"]
    assert study.manifest["content"] == whole.manifest["content"]
    assert whole.manifest["memory"]["mapped"] == 0


@pytest.mark.parametrize("asked", ["", "0", "often", "10 min", "-3", "0min"])
def test_how_often_is_a_number_or_none(tmp_path: Path, asked: str) -> None:
    with pytest.raises(BadInput, match="--checkpoints"):
        compare(out=tmp_path, checkpoints=asked, **ASKED)
    assert os.listdir(tmp_path) == []


def test_how_often_is_read() -> None:
    assert states.keeping("6", None, False, 1000) == states.Keeping(6, 0.0, True, False)
    assert states.keeping("15min", None, True, 10_000_001) == states.Keeping(0, 15.0, False, True)
    assert states.keeping("none", True, False, 10_000_001) == states.Keeping(0, 0.0, True, False, stop=False)
    assert states.keeping("stop", None, False, 1000) == states.Keeping(0, 0.0, True, False)
    assert states.keeping(None, None, False, 1000) == states.Keeping(0, 10.0, True, False, asked=False)


@pytest.mark.parametrize(
    ("room", "often"), [(2.1, "every 10 minutes"), (1.1, "on Ctrl-C only"), (0.9, "No checkpoint")]
)
def test_where_the_disk_has_little_room_checkpoints_are_fewer_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: float, often: str
) -> None:
    """Unless it was said how often."""
    from sincerity.engine import world

    asked = declared(**{name: value for name, value in ASKED.items() if name != "threads"})
    plan = world.plan(asked, 1)
    one = states.checkpoint_bytes(asked, plan)
    monkeypatch.setattr(shutil, "disk_usage", lambda where: type("U", (), {"free": int(room * one)})())
    found = states.must_fit(tmp_path, asked, plan, states.keeping(None, False, False, asked.people))
    assert often in found.words(one)
    if room < 2:
        with pytest.raises(BadInput, match="of disk"):
            states.must_fit(tmp_path, asked, plan, states.keeping("10min", False, False, asked.people))


def test_what_was_asked_for_is_not_laid_to_the_disk() -> None:
    assert [states.keeping(word, None, False, 1000).words(2000) for word in ("none", "stop")] == [
        "No checkpoint is written.",
        "A checkpoint (2.0 kB) is written on Ctrl-C only.",
    ]


def test_what_was_cut_off_by_a_full_disk_goes_on_with_fewer_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Study
) -> None:
    """Although it was said how often: there is no option to say otherwise."""
    folder = interrupted(tmp_path, monkeypatch, checkpoints="1")
    monkeypatch.setattr(shutil, "disk_usage", lambda where: type("U", (), {"free": 100_000})())
    study = resume(folder)
    assert study.manifest["content"] == whole.manifest["content"]
    assert study.manifest["keeping"]["months"] == 0


def test_a_checkpoint_on_ctrl_c_alone_is_gone_on_from_where_there_is_no_room_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Study
) -> None:
    folder = interrupted(tmp_path, monkeypatch, checkpoints="stop")
    assert [path.name for path in states.place(folder).glob("*month*")] == ["seed-2-month-0017.state"]
    monkeypatch.setattr(shutil, "disk_usage", lambda where: type("U", (), {"free": 100_000})())
    assert resume(folder).manifest["content"] == whole.manifest["content"]


def test_there_must_be_something_to_go_on_with(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no unfinished run"):
        resume(runs=tmp_path)
    with pytest.raises(BadInput, match="no such run"):
        resume("mine", runs=tmp_path)


# ---- kill -9 ------------------------------------------------------------------------------------------


def test_killed_at_random_moments_it_ends_with_the_same_census(tmp_path: Path, whole: Study) -> None:
    """SINCERITY_KILLS=100 kills a hundred times. Each time either the manifest or a checkpoint may be half written."""
    words = "compare none citizen-score --people 1k --years 2 --seeds 2 --threads 1 --checkpoints 1 --json --out"
    begin = [sys.executable, "-m", "sincerity", *words.split(), str(tmp_path)]
    luck = random.Random(7)
    killed, longest = 0, 0.0
    while killed < KILLS:
        began = time.monotonic()
        folders = list(tmp_path.iterdir())
        again = folders and (folders[0] / store.MANIFEST).is_file() and luck.random() < 0.5
        command = [*begin[:3], "resume", str(folders[0]), "--json"] if again else begin
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                # the first goes through, to say how long one takes; it is then begun again from nothing
                out, said = process.communicate(timeout=luck.uniform(0.3, 1.0) * longest if longest else None)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                killed += 1
                continue
        assert process.returncode == 0, said
        longest = longest or time.monotonic() - began
        (folder,) = tmp_path.iterdir()
        assert json.loads(out)["run"]["folder"] == str(folder)
        assert store.read_manifest(folder)["content"] == whole.manifest["content"]
        shutil.rmtree(folder)
    assert compare(out=tmp_path, **ASKED).manifest["content"] == whole.manifest["content"]
