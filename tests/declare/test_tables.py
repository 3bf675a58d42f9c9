"""A society's tables: read with places, all problems at once, and counted among its figures."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from sincerity.declare.catalogue import society, society_names
from sincerity.declare.figures import each_figure
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import read, scenario
from sincerity.declare.society import Society
from sincerity.people.population import marginals


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
        ("regions.csv", "Pacific,53492270", "Pacific,many", "people: `many` is no number"),
        ("regions.csv", "Pacific", "Mountain", "`Mountain` is given twice"),
        ("regions.csv", "Pacific", "all", "`all` is no name"),
        ("regions.csv", "urban,over", "urbn,over", "unknown column `urbn`"),
        ("regions.csv", "urban,over_64", "urban,over64", "did you mean `over_64`?"),
        ("regions.csv", "adults_college", "degrees_from", "schooling is missing"),
        ("regions.csv", ",people,", ",people_from,", "regions.csv must say how many live where"),
        ("regions.csv", "40.4,45.8", "60.4,45.8", "more schooling than people"),
        ("age_sex.csv", "all,20-24", "all,20-25", "`20-25` is no age group"),
        ("age_sex.csv", "all,20-24", "Pacfic,20-24", "did you mean `Pacific`?"),
        ("age_sex.csv", "region,age,men,women", "region;age;men;women", "commas between the columns"),
        ("dependence.csv", "owner,sex,men,odds", "owner,sex,mne,odds", "did you mean `owner,sex,men`?"),
        ("dependence.csv", "owner,sex,men", "# owner,sex,men", "the row owner sex men is missing"),
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
    assert len(caught.value.problems) == 1


def test_a_column_needs_a_source(home: Path) -> None:
    file = home / "society.yaml"
    text = file.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("    over_64:")]
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput, match="nothing says where `over_64`"):
        scenario("none", society=str(home))


def set_by_hand(*settings: str) -> Society:
    """China with numbers of its tables set."""
    return scenario("none", settings=[f"society.population.{setting}" for setting in settings]).society


def test_a_number_of_a_table_can_be_set() -> None:
    plain, made = society("china-2020"), set_by_hand("tables.urban.Gansu=40", "dependence.owner.sex.men=2")
    known, changed = marginals(plain), marginals(made)
    place = known.regions.index("Gansu")
    assert changed.urban[place] == 0.4
    known.urban[place] = 0.4
    assert (changed.urban == known.urban).all()
    assert changed.odds == known.odds | {("owner", "sex", "men"): 2.0}
    figures = dict(each_figure(made, "society"))
    for path in ("tables.urban.Gansu", "dependence.owner.sex.men"):
        assert figures[f"society.population.{path}"].source == "set by hand"
        assert figures[f"society.population.{path}"].low is None
    assert figures["society.population.tables.urban"].assumed


def test_people_of_an_age_can_be_set() -> None:
    plain, made = society("china-2020"), set_by_hand("tables.age_sex.Tibet.20-24.men=0")
    men = plain.tables().ages["Tibet"][4][1]
    assert men > 0
    assert made.tables().ages["Tibet"][4] == (plain.tables().ages["Tibet"][4][0], 0)
    assert made.adults == plain.adults - men


def test_what_was_set_is_in_the_resolved_scenario() -> None:
    whole = scenario("none")
    made = scenario("none", settings=["society.population.tables.minority.Tibet=50"])
    again = read(made.resolved())
    assert again == made != whole
    assert again.society.tables().columns["minority"] == made.society.tables().columns["minority"]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("tables.urban.Gansuu=40", "did you mean `society.population.tables.urban.Gansu`?"),
        ("tables.urbann.Gansu=40", "did you mean `society.population.tables.urban.Gansu`?"),
        ("tables.urban.Gansu=400", "0 to 100"),
        ("tables.urban.Gansu=-1", "0 to 100"),
        ("tables.urban.Gansu=some", "`some` is no number"),
        ("tables.college.Gansu=100001", "0 to 100000"),
        ("tables.age_sex.Gansu.20-24.men=1.5", "whole numbers"),
        ("tables.age_sex.Gansu.20-24.man=1", "did you mean `society.population.tables.age_sex.Gansu.20-24.men`?"),
        ("dependence.owner.sex.man=2", "did you mean `society.population.dependence.owner.sex.men`?"),
        ("dependence.channels.channels.any two=1.5", "0 to 1"),
    ],
)
def test_what_cannot_be_set_is_one_message(setting: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        set_by_hand(setting)
    assert len(caught.value.problems) == 1
    assert told in str(caught.value)


def test_a_path_without_population_is_told_where_it_stands() -> None:
    with pytest.raises(BadInput, match=r"did you mean `society\.population\.tables\.urban\.Gansu`"):
        scenario("none", settings=["society.tables.urban.Gansu=40"])
