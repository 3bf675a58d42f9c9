"""The real engine behind compare: what it stores is whole, the same for any number of threads, and adds up."""

from pathlib import Path

import numpy as np
import pytest

import sincerity as sc
from sincerity.census.measures import EVER, MEASURES, MONTHLY
from sincerity.study import store


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> sc.Study:
    """Two worlds of 2,000 people, six years, two seeds: long enough for the regime to begin."""
    runs = tmp_path_factory.mktemp("runs")
    return sc.compare(["none", "citizen-score"], people="2k", years=6, seeds=2, threads=2, out=runs)


def test_every_measure_of_every_month_and_seed_is_there(lived: sc.Study) -> None:
    for world in lived.worlds:
        for measure in (*MONTHLY, *EVER):
            found = lived.series(measure.id, world)
            assert found.counts.shape == (2, 72 if measure.window == "month" else 6)
            assert found.months[-1] == "2020-05"
            assert (found.of == 2000).all()
            assert (found.counts >= 0).all()
            assert (found.counts <= 2000).all()
    assert set(lived.census["measure"].unique().to_pylist()) == {measure.id for measure in MEASURES}


def test_what_ever_happened_never_unhappens(lived: sc.Study) -> None:
    for measure in EVER:
        counts = lived.series(measure.id, "citizen-score").counts
        assert (np.diff(counts, axis=1) >= 0).all()
        assert counts[:, -1].max() > 0 or measure.id == "refused_unable_ever"


def test_what_is_part_of_a_measure_is_not_larger_than_it(lived: sc.Study) -> None:
    for part, whole in (
        ("approve_meant", "approve"),
        ("refused_innocent", "refused"),
        ("refused_unable_ever", "refused_ever"),
        ("muted", "occasion"),
    ):
        for world in lived.worlds:
            assert (lived.series(part, world).counts <= lived.series(whole, world).counts).all()


def test_groups_add_up_to_all(lived: sc.Study) -> None:
    for by in ("decile", "sex", "urban", "education"):
        parts = [lived.series("working", "none", by, group) for group in lived.groups(by)]
        total = lived.series("working", "none").counts[:, 11::12]
        assert (np.sum([part.counts for part in parts], axis=0) == total).all()


def test_ordinary_law_has_no_lists_and_the_regime_has_twins_to_differ_from(lived: sc.Study) -> None:
    assert lived.series("on_list", "none").counts.sum() == 0
    assert lived.series("on_list", "citizen-score").counts.sum() > 0
    against = {row["world"]: row["against"] for row in lived.census.group_by("world").aggregate([("against", "sum")])
               .rename_columns(["world", "against"]).to_pylist()}  # fmt: skip
    assert against["none"] == 0 < against["citizen-score"]


def test_threads_change_nothing(lived: sc.Study, tmp_path: Path) -> None:
    alone = sc.compare(["none", "citizen-score"], people="2k", years=6, seeds=2, threads=1, out=tmp_path)
    assert alone.folder.name == lived.folder.name
    assert alone.manifest["content"] == lived.manifest["content"]


def test_a_world_does_not_depend_on_those_beside_it(lived: sc.Study, tmp_path: Path) -> None:
    alone = sc.run("none", people="2k", years=6, seeds=2, out=tmp_path)
    for measure in ("late", "offence", "muted", "view_sum"):
        assert (alone.series(measure, "none").counts == lived.series(measure, "none").counts).all()
    assert len(alone.ledger()) == 12


def test_the_resolved_scenario_gives_the_same_key(lived: sc.Study) -> None:
    from sincerity.declare.scenario import read

    text = (lived.folder / store.SCENARIO).read_text(encoding="utf-8")
    assert store.key(read(text)) == lived.manifest["key"]


def test_what_does_not_fit_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sincerity.engine.world.free_memory", lambda: 1_000_000)
    with pytest.raises(sc.BadInput, match=r"this run would take .* MB"):
        sc.compare(["none", "citizen-score"], people="2k", years=1, seeds=1, out=tmp_path)
    assert list(tmp_path.rglob("*.parquet")) == []
