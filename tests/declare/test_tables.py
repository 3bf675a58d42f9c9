"""A society's tables: read with places, all problems at once, and counted among its figures."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from sincerity.declare.catalogue import society, society_names
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import scenario


@pytest.mark.parametrize("name", society_names())
def test_numbers_of_tables_are_figures_with_sources(name: str) -> None:
    figures = dict(scenario("none", society=name).figures())
    tables = society(name).tables()
    dependence = [path for path in figures if path.startswith("society.population.dependence.")]
    columns = [path for path in figures if path.startswith("society.population.tables.")]
    assert len(dependence) == len(tables.dependence) == (20 if name == "china-2020" else 15)
    assert len(columns) == len(tables.columns) + 1
    for path in (*dependence, *columns):
        figure = figures[path]
        assert figure.unit
        assert figure.date
        assert not figure.assumed or (figure.low is not None and figure.high is not None)


def test_columns_are_figures_over_regions() -> None:
    figures = dict(scenario("none").figures())
    urban = figures["society.population.tables.urban"]
    assert len(urban.values) == 31  # type: ignore[union-attr]
    assert urban.assumed
    assert not figures["society.population.tables.age_sex"].assumed
    assert figures["society.population.dependence.owner.sex.men"].low == Decimal("1.2")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(society("usa-2020").folder, tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("regions.csv", "Pacific,", "Pacific,,", "9 entries under 8 columns"),
        ("regions.csv", "Pacific,53669422", "Pacific,many", "people: `many` is no number"),
        ("regions.csv", "Pacific", "Mountain", "`Mountain` is no name"),
        ("regions.csv", "adults_college", "college_degrees", "schooling is missing"),
        ("regions.csv", ",people,", ",folk,", "regions.csv must say how many live where"),
        ("regions.csv", "40.4,45.8", "60.4,45.8", "more schooling than people"),
        ("age_sex.csv", "all,20-24", "all,20-25", "`20-25` is no age group"),
        ("age_sex.csv", "region,age,men,women", "region;age;men;women", "commas between the columns"),
        ("dependence.csv", "owner,sex,men,odds", "owner,sex,mne,odds", "the row owner sex men is missing"),
        ("dependence.csv", "1.7,1.4,2.0", "1.7,1.8,2.0", "1.7 is not inside its range"),
        ("dependence.csv", "1.7,1.4,2.0", "1.7,,", "an assumed figure needs a range"),
    ],
)
def test_what_is_wrong_in_a_table(home: Path, table: str, old: str, new: str, told: str) -> None:
    text = (home / table).read_text(encoding="utf-8")
    assert old in text
    (home / table).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        scenario("none", society=str(home))
    assert told in str(caught.value)
    assert table in str(caught.value)


def test_a_column_needs_a_source(home: Path) -> None:
    file = home / "society.yaml"
    text = file.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("    over_64:")]
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput, match="nothing says where `over_64`"):
        scenario("none", society=str(home))
