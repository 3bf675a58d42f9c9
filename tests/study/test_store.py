"""The run folder: its key, its files, and that nothing cut off ever looks finished."""

import dataclasses
import errno
import json
import os
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pytest

from sincerity.census.measures import MEASURES
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import scenario as declared
from sincerity.study import store
from sincerity.study.store import StoreError
from sincerity.study.study import Study, load
from study.fake import FakeScenario, fake_rows, fake_scenario, make_study


def key(scenario: FakeScenario) -> str:
    real: Any = scenario
    return store.key(real)


@pytest.mark.parametrize(
    "change",
    [
        {"people": 3000},
        {"months": 12},
        {"seeds": (1, 2)},
        {"seeds": (2, 1, 3)},
        {"start": fake_scenario().start + 1},
        {"regimes": tuple(reversed(fake_scenario().regimes))},
    ],
)
def test_the_key_follows_everything_that_is_asked(change: dict[str, Any]) -> None:
    assert key(dataclasses.replace(fake_scenario(), **change)) != key(fake_scenario())


def test_the_key_follows_one_declared_figure() -> None:
    plain = declared(["none"], people="2k", years=1, seeds=1)
    same = declared(["none"], people="2000", years=1, seeds=1)
    other = declared(["none"], people="2k", years=1, seeds=1, settings=["society.law.papers_missing=0.04"])
    assert store.key(plain) == store.key(same) != store.key(other)


@pytest.mark.parametrize("room", store.DECIDES)
def test_the_key_follows_the_sources(room: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*store.DECIDES, "report"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(store, "PACKAGE", tmp_path)
    before = key(fake_scenario())
    (tmp_path / "report" / "a.py").write_text("x = 2\n")
    store.sources.cache_clear()
    assert key(fake_scenario()) == before
    (tmp_path / room / "a.py").write_text("x = 2\n")
    assert key(fake_scenario()) == before  # what this process has loaded is the old source
    store.sources.cache_clear()
    assert key(fake_scenario()) != before


def test_the_key_follows_the_tables_of_the_society(tmp_path: Path) -> None:
    scenario = fake_scenario()
    scenario.society.folder = tmp_path
    (tmp_path / "age_sex.csv").write_text("age,people\n18,5\n")
    before = key(scenario)
    (tmp_path / "age_sex.csv").write_text("age,people\n18,6\n")
    assert key(scenario) != before


def test_content_hash_sees_rows_and_not_their_order_or_storage() -> None:
    rows = fake_rows(fake_scenario(months=2), (1,))
    order = pa.array(range(rows.num_rows - 1, -1, -1))
    assert store.content_hash(rows.take(order)) == store.content_hash(rows)
    stored = rows.set_column(
        rows.schema.get_field_index("world"), "world", rows["world"].dictionary_encode().cast("str")
    )
    assert store.content_hash(stored) == store.content_hash(rows)
    counts = rows["count"].to_pylist()
    counts[7] += 1
    other = rows.set_column(rows.schema.get_field_index("count"), "count", pa.array(counts))
    assert store.content_hash(other) != store.content_hash(rows)


def test_a_finished_folder_says_all(fake_study: Study) -> None:
    manifest = fake_study.manifest
    assert sorted(os.listdir(fake_study.folder)) == [store.CENSUS, store.MANIFEST, store.MEASURED, store.SCENARIO]
    assert manifest["status"] == "done"
    assert fake_study.folder.name == f"none-citizen-score-china-2020-{manifest['key'][:8]}"
    for name, digest in manifest["files"].items():
        assert store.file_hash(fake_study.folder / name) == digest
    assert manifest["content"] == store.content_hash(fake_study.census)
    assert manifest["rows"] == fake_study.census.num_rows
    assert set(manifest["versions"]) >= {"sincerity", "python", "numpy", "numba", "pyarrow"}
    assert (fake_study.folder / store.SCENARIO).read_text() == "people: 2000\n"


def test_measures_json_defines_what_the_census_counts(fake_study: Study) -> None:
    assert set(fake_study.census["measure"].unique().to_pylist()) <= set(fake_study.measures)
    for measure in MEASURES:
        said = fake_study.measures[measure.id]
        assert said["unit"]
        assert said["denominator"]
        assert said["definition"].endswith(".")
        assert said["scale"] >= 1


def test_find_by_folder_name_start_and_last(tmp_path: Path) -> None:
    first = make_study(tmp_path).folder
    second = make_study(tmp_path, fake_scenario(("none", "other"), months=2)).folder
    assert load(first).folder == first
    assert load(first.name, tmp_path).folder == first
    assert load("none-cit", tmp_path).folder == first
    os.utime(first / store.MANIFEST, (2e9, 2e9))
    assert load("last", tmp_path).folder == first
    os.utime(second / store.MANIFEST, (2.1e9, 2.1e9))
    assert load(runs=tmp_path).folder == second


def test_find_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no finished run"):
        load("last", tmp_path / "nowhere")
    make_study(tmp_path)
    make_study(tmp_path, fake_scenario(("none", "other"), months=2))
    with pytest.raises(StoreError, match="2 runs begin so"):
        load("none", tmp_path)
    with pytest.raises(BadInput, match=r"did you mean last\?"):
        load("lst", tmp_path)


@pytest.mark.parametrize("status", ["running", "failed"])
def test_an_unfinished_run_is_never_the_last_and_is_refused_by_name(tmp_path: Path, status: str) -> None:
    done = make_study(tmp_path).folder
    cut = make_study(tmp_path, fake_scenario(("none", "other"), months=2)).folder
    manifest = store.read_manifest(cut)
    store.write_json(cut / store.MANIFEST, {**manifest, "status": status})
    os.utime(cut / store.MANIFEST, (2e9, 2e9))
    assert load("last", tmp_path).folder == done
    assert not store.finished(cut, manifest["key"])
    with pytest.raises(StoreError, match="not finished"):
        load(cut)


@pytest.mark.parametrize("name", [store.CENSUS, store.MEASURED, store.SCENARIO, store.MANIFEST])
def test_a_folder_that_lacks_a_file_is_not_finished(fake_study: Study, name: str) -> None:
    (fake_study.folder / name).unlink()
    assert not store.finished(fake_study.folder, fake_study.manifest["key"])


def test_a_census_that_was_changed_is_refused(fake_study: Study) -> None:
    path = fake_study.folder / store.CENSUS
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(StoreError, match="not the one that the run wrote"):
        _ = Study(fake_study.folder).census


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "other"}', "\x00"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / store.MANIFEST).write_text(text)
    with pytest.raises(StoreError, match="not the manifest of a run"):
        Study(tmp_path)


def test_two_writers_on_one_folder_the_second_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "x"
    with store.held(folder), pytest.raises(StoreError, match="another process"), store.held(folder):
        raise AssertionError("two held one folder")
    with store.held(folder):
        assert folder.is_dir()


def test_a_missing_parent_is_one_message_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"), store.held(tmp_path / "no" / "runs" / "x"):
        raise AssertionError("held a folder in nowhere")
    assert os.listdir(tmp_path) == []


def test_a_file_in_the_place_of_the_folder_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("mine")
    with pytest.raises(StoreError), store.held(tmp_path / "runs" / "x"):
        raise AssertionError("held a folder inside a file")
    assert (tmp_path / "runs").read_text() == "mine"


def test_a_write_that_fails_keeps_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    store.write_json(path, 1)

    def fill(stream: IO[bytes]) -> None:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StoreError, match="the disk is full"):
        store.write(path, fill)
    assert json.loads(path.read_text()) == 1
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize(("number", "words"), [(errno.EROFS, "read-only"), (errno.EACCES, "no permission")])
def test_what_the_system_says_becomes_words(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught, store.disk(tmp_path):
        raise OSError(number, os.strerror(number))
    assert str(tmp_path) in str(caught.value)
