"""A person of a finished run: found, lived again, and told; refused where the run does not come out again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sincerity as sc
from sincerity.cli.person import lines, person_document
from sincerity.study import store
from sincerity.study.person import described, most, tell


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> sc.Study:
    runs = tmp_path_factory.mktemp("runs")
    return sc.compare(["none", "citizen-score"], people="2k", years=7, seeds=2, out=runs)


def test_the_person_drawn_in_the_run_is_the_one_retold(lived: sc.Study) -> None:
    story = tell(lived, "random")
    assert lived.manifest["drawn"]["person"] == story.person
    assert len(lived.manifest["drawn"]["lines"]) == 6
    kept = pq.read_table(lived.folder / store.LIVES).to_pylist()
    told = [event.what for life in story.lives for event in life.events]
    assert [row["what"] for row in kept] == told
    assert len(story.regime.months) == 84


def test_a_life_is_told_in_text_and_as_a_document(lived: sc.Study) -> None:
    story = tell(lived, "worst-hit", what_if="default", months=3)
    text = "\n".join(line for line, _ in lines(story, 100))
    assert max(map(len, text.split("\n"))) <= 132
    for words in ("Why this score", "What would it take", "What if", "lines of regimes/citizen-score"):
        assert words in text
    assert '"schema": "sincerity/person"' in person_document(story)
    assert story.future is not None
    assert story.future.cliff is not None
    assert story.future.cliff.scores[3] < story.future.cliff.without[3]
    assert len(story.future.cliff.scores) == 4


def test_a_way_to_the_next_gate_leads_there(lived: sc.Study) -> None:
    future = tell(lived, "most-changed", seed=2).future
    assert future is not None
    assert future.target is not None
    for way in future.ways:
        assert (way.months is not None) == (way.score >= future.target[1]), way


def test_what_the_run_does_not_have_is_said_all_at_once(lived: sc.Study) -> None:
    with pytest.raises(sc.BadInput) as error:
        tell(lived, "random", world="citizen-scor", seed=9, what_if="pay_lat", months=0)
    for words in ("no world `citizen-scor`", "no seed 9", "no act is called `pay_lat`", "0 months"):
        assert words in str(error.value)
    with pytest.raises(sc.BadInput, match="0 to 1,999"):
        tell(lived, 2000)
    with pytest.raises(sc.BadInput, match="worst-hit"):
        tell(lived, "worst-hti")


def test_a_run_that_does_not_come_out_again_is_not_told(lived: sc.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    table = lived.census.slice(1)
    monkeypatch.setitem(lived.__dict__, "census", table)
    with pytest.raises(sc.BadInput, match="does not come out again"):
        tell(lived, 5)


def test_most_takes_the_lowest_number_of_several() -> None:
    totals = {"lost": np.array([[0, 0, 0, 0], [5, 9, 9, 9]]), "refused": np.array([[0, 0, 0, 0], [9, 1, 2, 2]])}
    assert most(totals, "worst-hit") == 2
    assert most({"wrongly": np.zeros((2, 4), np.int32)}, "wrongly-listed") is None


def test_a_person_is_described_by_traits_alone() -> None:
    row = dict.fromkeys(("minority", "owner", "official"), 0) | {"sex": 0, "age": 34, "parent": 1, "urban": 1}
    told = described(row | {"education": 2, "decile": 2}, "Gansu")
    assert told == "a woman of 34 with a child, in a town in Gansu; senior secondary school, third income tenth"


def test_figures_of_a_run_with_settings_stand_in_its_own_scenario(tmp_path: Path) -> None:
    study = sc.run("citizen-score", people="1k", years=1, seeds=1, out=tmp_path, settings=["points.pay_late=-11"])
    where = tell(study, 3).where["regime.points.pay_late"]
    name, _, line = where.partition(":")
    assert name.endswith("scenario.yaml")
    text = (study.folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    assert "pay_late" in text[int(line) - 1]
    assert "-11" in text[int(line) - 1]


def test_a_life_in_one_world_only_is_told_once(tmp_path: Path) -> None:
    study = sc.run("citizen-score", people=2_000, years=1, seeds=1, start="2020-01", out=tmp_path)
    told = study.manifest["drawn"]["lines"]
    assert len([line for line in told if line.startswith("Under ")]) == 1
    assert any("no world beside it" in line for line in told)
