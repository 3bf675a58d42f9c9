"""Study: what it reads from its folder, its series and groups, its report."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow.compute as pc
import pytest

from sincerity.declare.problems import BadInput
from sincerity.study import store
from sincerity.study.series import series
from sincerity.study.store import StoreError
from sincerity.study.study import Study
from study.fake import GROUPS, fake_scenario, make_study


def test_series_are_the_census_rows(fake_study: Study) -> None:
    found = fake_study.series("late", "citizen-score")
    assert found.rates.shape == (3, 24)
    assert (found.months[0], found.months[-1]) == ("2014-06", "2016-05")
    rows = fake_study.census.filter(
        (pc.field("measure") == "late")
        & (pc.field("world") == "citizen-score")
        & (pc.field("by") == "all")
        & (pc.field("seed") == 2)
        & (pc.field("month") == "2015-01")
    ).to_pylist()
    assert found.rates[1, 7] == pytest.approx(1000 * rows[0]["count"] / rows[0]["of"])
    assert found.counts[1, 7] == rows[0]["count"]


def test_sums_are_means_in_their_unit(fake_study: Study) -> None:
    assert fake_study.series("score_sum", "none").rates.mean() == pytest.approx(640, rel=0.02)
    assert fake_study.series("view_sum", "none").rates.mean() == pytest.approx(0.05, rel=0.1)


def test_groups_in_order_and_yearly(fake_study: Study) -> None:
    assert fake_study.groups("decile") == GROUPS["decile"]
    assert fake_study.groups("education") == GROUPS["education"]
    assert fake_study.groups("score")[:2] == ("350", "375")
    assert fake_study.series("on_list", "citizen-score", "decile", "1").months == ("2015-05", "2016-05")
    assert fake_study.series("people", "none", "score", "600").rates.shape == (3, 24)


def test_a_score_that_nobody_had_in_some_month_is_a_zero(fake_study: Study) -> None:
    census = fake_study.census
    gone = (pc.field("group") == "350") & (pc.field("month") == "2014-07")
    found = series(census.filter(~gone), "people", "none", "score", "350")
    assert found.months == fake_study.series("late", "none").months
    assert (found.counts[:, 1] == 0).all()
    assert (found.rates[:, 1] == 0).all()


def test_unknown_names_are_told_with_the_nearest(fake_study: Study) -> None:
    for ask, near in (
        (lambda: fake_study.series("lat", "none"), "late"),
        (lambda: fake_study.series("late", "citizen"), "citizen-score"),
        (lambda: fake_study.series("late", "none", "regions"), "region"),
        (lambda: fake_study.series("late", "none", "sex", "woman"), "women"),
        (lambda: fake_study.ledger("citizen"), "citizen-score"),
    ):
        with pytest.raises(BadInput, match=f"did you mean {near}"):
            ask()


def test_the_ledger_is_of_the_last_world_unless_named(tmp_path: Path) -> None:
    study = make_study(tmp_path, fake_scenario(("none", "a", "b"), months=12))
    assert (study.ledger().regime, study.ledger().ordinary) == ("b", "none")
    assert study.ledger("a").regime == "a"
    assert study.ledger("none").ordinary is None


def test_the_scenario_is_told_without_the_declared_files(fake_study: Study) -> None:
    scenario = fake_study.scenario
    assert (scenario.people, scenario.start, scenario.months, scenario.seeds) == (2000, "2014-06", 24, (1, 2, 3))
    assert fake_study.worlds == ("none", "citizen-score")
    assert scenario.world("citizen-score").title == "the citizen score as the press drew it (never built)"
    assert scenario.society.reference_year == 2020
    assert [path for path, _ in scenario.figures()] == [
        "society.law.papers_missing",
        "citizen-score.score.factors.ties",
    ]
    ((_, figure),) = scenario.assumed()
    assert (figure.value, figure.low, figure.high, figure.to) == ("0.03", "0.01", "0.08", "")


def test_shown_in_a_notebook(fake_study: Study) -> None:
    html = fake_study._repr_html_()
    assert "2,000 people" in html
    assert "paid a loan instalment late" in html


def test_every_regime_is_shown_in_a_notebook(tmp_path: Path) -> None:
    study = make_study(tmp_path, fake_scenario(("none", "a", "b"), months=12))
    assert study._repr_html_().count("<table>") == 2


def test_as_a_data_frame_of_polars(fake_study: Study) -> None:
    pytest.importorskip("polars")
    frame = fake_study.to_polars()
    assert frame.shape == fake_study.census.shape
    assert frame["count"].sum() == pc.sum(fake_study.census["count"]).as_py()


def test_as_a_data_frame_of_pandas(fake_study: Study) -> None:
    pytest.importorskip("pandas")
    frame = fake_study.to_pandas()
    assert frame.shape == fake_study.census.shape
    assert frame["count"].sum() == pc.sum(fake_study.census["count"]).as_py()


def test_asked_in_sql(fake_study: Study) -> None:
    pytest.importorskip("duckdb")
    found = fake_study.sql(
        "select title, count(*) from census join measures on measure = id where id = 'late' group by 1"
    )
    ((title, rows),) = found.fetchall()
    assert title == fake_study.measures["late"]["title"]
    assert rows == pc.sum(pc.equal(fake_study.census["measure"], "late")).as_py()


@pytest.mark.parametrize(
    ("library", "ask"),
    [
        ("polars", lambda study: study.to_polars()),
        ("pandas", lambda study: study.to_pandas()),
        ("duckdb", lambda study: study.sql("select 1")),
    ],
)
def test_a_library_that_is_missing_is_named(
    fake_study: Study, monkeypatch: pytest.MonkeyPatch, library: str, ask: Callable[[Study], object]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(BadInput, match=f"needs the library {library}.*\n.*pip install {library}"):
        ask(fake_study)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of one line in place of the real one."""

    def write(study: Study, path: Path) -> None:
        path.write_text(f"<p>{study.manifest['content']}</p>")

    monkeypatch.setitem(sys.modules, "sincerity.report.page", SimpleNamespace(write=write))


def test_the_report_goes_into_the_run_folder_with_its_hash(fake_study: Study, page: None) -> None:
    path = fake_study.report()
    assert path == fake_study.folder / "report.html"
    assert store.read_manifest(fake_study.folder)["files"]["report.html"] == store.file_hash(path)
    assert store.finished(fake_study.folder, fake_study.manifest["key"])


def test_the_report_goes_where_it_is_asked(fake_study: Study, page: None, tmp_path: Path) -> None:
    path = fake_study.report(tmp_path / "mine.html")
    assert fake_study.manifest["content"] in path.read_text()
    assert not (fake_study.folder / "report.html").exists()


def test_a_report_that_cannot_be_written_is_one_message(fake_study: Study, page: None, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file or folder"):
        fake_study.report(tmp_path / "nowhere" / "mine.html")
    with pytest.raises(StoreError, match="this is a folder"):
        fake_study.report(tmp_path)
