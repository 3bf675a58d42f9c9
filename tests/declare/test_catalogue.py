"""The catalogue: what comes with the package loads, reforms are differences, settings change what they name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import scenario


def test_names() -> None:
    assert catalogue.regime_names()[0] == "none"
    assert "citizen-score" in catalogue.regime_names()
    assert "china-2020" in catalogue.society_names()


@pytest.mark.parametrize("name", catalogue.regime_names())
def test_every_regime_loads_under_its_own_name(name: str) -> None:
    assert catalogue.regime(name).name == name


@pytest.mark.parametrize("name", catalogue.society_names())
def test_every_society_loads_under_its_own_name(name: str) -> None:
    society = catalogue.society(name)
    assert society.name == name
    assert (society.folder / "society.yaml").is_file()


def test_attribute_paths_are_yaml_paths() -> None:
    society, regime = catalogue.society("china-2020"), catalogue.regime("citizen-score")
    assert society.livelihood.surplus.values[9] == Decimal("1.4")
    assert society.acts["fraud"].rate == Decimal("0.01")
    assert float(society.demand["flight"]) == 0.06
    assert regime.points["fraud"].value == -30
    assert regime.gates["loan"].threshold is not None
    assert regime.gates["loan"].threshold.value == 550
    assert regime.lists["no-travel"].term is not None
    assert regime.lists["no-travel"].from_ == Month(2018, 5)
    assert regime.phases[1].from_ == Month(2020, 1)


def test_numbers_are_those_of_the_text() -> None:
    regime = catalogue.regime("citizen-score")
    assert regime.score is not None
    assert regime.score.factors is not None
    factors = regime.score.factors
    assert str(factors.behaviour.value) == "0.20"
    assert sum(getattr(factors, name).value for name in type(factors).model_fields) == 1


def test_ordinary_law_states_nothing() -> None:
    regime = catalogue.regime("none")
    assert regime.score is None
    assert not regime.points
    assert not regime.gates
    assert regime.phases == ()


def test_descriptions_are_frozen() -> None:
    regime = catalogue.regime("none")
    with pytest.raises(ValueError, match="frozen"):
        regime.title = "another"


def write(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\n{text}", encoding="utf-8")
    return str(path)


def test_a_reform_is_a_difference(tmp_path: Path) -> None:
    base = catalogue.regime("citizen-score")
    reform = catalogue.regime(
        write(
            tmp_path,
            "milder",
            "extends: citizen-score\npoints:\n  fraud: {value: -10, date: 2019, source: rongcheng}\n  petition: null\n"
            "gates:\n  loan: {lists: [defaulters]}\n",
        )
    )
    assert reform.points["fraud"].value == -10
    assert reform.points["fraud"].account == "credit"
    assert "petition" not in reform.points
    assert reform.gates["loan"].lists == ("defaulters",)
    assert reform.gates["loan"].threshold == base.gates["loan"].threshold
    assert {k: v for k, v in reform.points.items() if k != "fraud"} == {
        k: v for k, v in base.points.items() if k not in ("fraud", "petition")
    }


def test_a_new_number_does_not_keep_the_old_range(tmp_path: Path) -> None:
    reform = catalogue.regime(
        write(
            tmp_path,
            "r",
            "extends: citizen-score\nties:\n  posts: {value: 90, unit: points, date: 2017, source: press}\n",
        )
    )
    assert reform.ties is not None
    assert (reform.ties.posts.low, reform.ties.posts.high, reform.ties.posts.source) == (None, None, "press")


def test_a_reform_of_a_reform_by_relative_path(tmp_path: Path) -> None:
    write(tmp_path, "first", "extends: citizen-score\nstigma: null\n")
    second = catalogue.regime(write(tmp_path, "second", "extends: ./first.yaml\nfirms: null\n"))
    assert (second.name, second.stigma, second.firms) == ("second", None, None)
    assert second.score == catalogue.regime("citizen-score").score


def test_a_folder_with_a_regime_is_a_regime(tmp_path: Path) -> None:
    (tmp_path / "regime.yaml").write_text("name: mine\nextends: none\n", encoding="utf-8")
    assert catalogue.regime(str(tmp_path)).name == "mine"


def test_overrides() -> None:
    regime = catalogue.regime("citizen-score", [("gates.loan.threshold", "560"), ("points.fraud", "null")])
    assert regime.gates["loan"].threshold is not None
    threshold = regime.gates["loan"].threshold
    assert (threshold.value, threshold.unit, threshold.source, threshold.low) == (
        Decimal(560),
        "points",
        "set by hand",
        None,
    )
    assert "fraud" not in regime.points
    assert catalogue.regime("citizen-score", [("citizen-score.stigma", "null")]).stigma is None
    society = catalogue.society("china-2020", [("speech.loss", "3")])
    assert society.speech.loss.value == 3
    with pytest.raises(BadInput, match=r"did you mean `society\.speech\.loss`"):
        catalogue.society("china-2020", [("speech.los", "3")])


def test_a_reformed_society_keeps_the_tables_of_its_base(tmp_path: Path) -> None:
    base = catalogue.society("china-2020")
    reform = catalogue.society(write(tmp_path, "older", "extends: china-2020\nreference_year: 2021\n"))
    assert reform.folder == base.folder
    assert reform.adults == base.adults


def test_tables_beside_the_file_come_first(tmp_path: Path) -> None:
    (tmp_path / "age_sex.csv").write_text("# small\nregion,age,men,women\nA,15-19,5,5\nA,20-24,3,4\n", encoding="utf-8")
    own = catalogue.society(write(tmp_path, "own", "extends: china-2020\n"))
    assert own.folder == tmp_path
    assert own.adults == 11


@pytest.mark.parametrize(
    "table", ["", "a,b\n1,2\n", "region,age,men,women\nA,20-24,1\n", "region,age,men,women\nA,x,1,2\n"]
)
def test_a_table_that_cannot_be_read_is_bad_input(tmp_path: Path, table: str) -> None:
    (tmp_path / "age_sex.csv").write_text(table, encoding="utf-8")
    own = write(tmp_path, "own", "extends: china-2020\n")
    with pytest.raises(BadInput, match=r"cannot be counted|too few"):
        scenario(["none"], society=own, people="full")


def test_a_long_chain_of_reforms_is_bad_input(tmp_path: Path) -> None:
    last = "none"
    for step in range(30):
        last = write(tmp_path, f"r{step}", f"extends: {last}\n")
    assert catalogue.regime(str(tmp_path / "r9.yaml")).name == "r9"
    with pytest.raises(BadInput, match="more than 20 files"):
        catalogue.regime(last)
