"""Worked cases: every regime of the catalogue does to its people what was published."""

from __future__ import annotations

from pathlib import Path

import pytest

from sincerity.declare import catalogue
from sincerity.declare.problems import BadInput
from sincerity.study.check import check


@pytest.mark.parametrize("name", catalogue.regime_names())
def test_every_worked_case_ends_as_expected(name: str) -> None:
    _, results = check(name)
    assert [(result.file, result.wrong) for result in results if result.wrong] == []


def reform(folder: Path, case: str) -> str:
    (folder / "cases").mkdir()
    (folder / "regime.yaml").write_text("name: mine\nextends: citizen-score\n", encoding="utf-8")
    (folder / "cases" / "one.yaml").write_text(f"title: one\nsource: arithmetic\n{case}", encoding="utf-8")
    return str(folder)


def pilots(folder: Path, case: str) -> str:
    (folder / "cases").mkdir()
    (folder / "regime.yaml").write_text("name: mine\nextends: pilots-2015\n", encoding="utf-8")
    (folder / "cases" / "one.yaml").write_text(f"title: one\nsource: arithmetic\n{case}", encoding="utf-8")
    return str(folder)


def test_wrong_expectations_of_members_are_said(tmp_path: Path) -> None:
    given = "given: {date: 2017-11, uses: [shops online], members: {sesame: 660}}\n"
    expect = "expect: {members: {sesame: 700, koala: 500}, watchers: 3, published: [0.6, 0.7]}\n"
    _, results = check(pilots(tmp_path, given + expect))
    assert results[0].wrong == (
        "members: expected sesame, koala, came sesame",
        "sesame: expected 700 to 700, came 659.4",
        "watchers: expected 3, came 1",
        "published: expected 0.6 to 0.7, came 0.516",
    )


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("given: {members: {sesam: 600}}\nexpect: {watchers: 1}\n", "did you mean `sesame`"),
        ("given: {members: {sesame: 1000}}\nexpect: {watchers: 1}\n", "1000 is no score of sesame"),
        ("expect: {members: {koala: [200, 400]}}\n", "200 is no score of koala"),
        ("given: {uses: [shop]}\nexpect: {watchers: 1}\n", "did you mean `shops`"),
    ],
)
def test_a_broken_case_of_members_is_bad_input(tmp_path: Path, case: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        check(pilots(tmp_path, case))
    assert message in str(caught.value)


def test_a_wrong_expectation_is_said(tmp_path: Path) -> None:
    case = "given: {date: 2020-06, score: 470}\nexpect: {score: 480, lists: [], open: [loan], closed: [heating]}\n"
    _, results = check(reform(tmp_path, case))
    assert results[0].wrong == (
        "score: expected 480, came 470",
        "lists: expected none, came discredited",
        "gate heating: expected closed, came open",
        "gate loan: expected open, came closed",
    )


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("expect: {}\n", "nothing is expected"),
        ("expect: {band: A}\n", "the regime has no band `A`"),
        ("expect: {lists: [discreditet]}\n", "did you mean `discredited`"),
        ("given: {score: 5000}\nexpect: {lists: []}\n", "5000 is no score here"),
        ("given: {score: 500, months: [{acts: [fraud]}]}\nexpect: {lists: []}\n", "follows from accounts and acts"),
        ("given: {months: [{times: 0}]}\nexpect: {lists: []}\n", "0 months"),
        ("given: {months: [{acts: [frau]}]}\nexpect: {lists: []}\n", "did you mean `fraud`"),
        ("settings: {gates.lone: \"3\"}\nexpect: {lists: []}\n", "nothing has the path `gates.lone`"),
    ],
)  # fmt: skip
def test_a_broken_case_is_bad_input(tmp_path: Path, case: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        check(reform(tmp_path, case))
    assert message in str(caught.value)
