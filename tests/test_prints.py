"""What README.md and docs/reforms.md show of runs: printed between markers, in the form that is printed today."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from scripts import prints
from sincerity.declare.catalogue import reforms_of, regime
from sincerity.report import table, words
from sincerity.study.ledger import SENTENCES
from study.fake import fake_scenario, make_study

ROOT = Path(__file__).resolve().parent.parent
PLACES = [(prints.README, name) for name in prints.PRINTS] + [(prints.REFORMS, "reforms")]


def shown(page: Path, name: str) -> str:
    """What stands between the markers of a print."""
    found = re.search(rf"<!-- {name}: [^\n]*-->\n(.*?)<!-- /{name} -->", (ROOT / page).read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def joined(text: str) -> str:
    """Words with one space between them, so that it does not matter where a line was broken."""
    return " ".join(text.split())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The pages that are written, in a folder of their own."""
    (tmp_path / prints.PICTURES).mkdir(parents=True)
    for page in (prints.README, prints.REFORMS):
        shutil.copy(ROOT / page, tmp_path / page)
    return tmp_path


@pytest.mark.parametrize("name", ["main", "home"])
def test_the_readme_shows_each_table_as_it_is_printed_today(name: str) -> None:
    text = shown(prints.README, name)
    for world in prints.PRINTS[name].worlds[1:]:
        assert words.first_upper(f"{regime(world).title}, against {regime('none').title}") in joined(text)
    tables = re.split(r"\n─+\n", text)
    assert len(tables) == 2 * len(prints.PRINTS[name].worlds[1:]) + 1
    for body in tables[1::2]:
        labels = " ".join(re.split(r"\s{2,}(?:month|ever)\s", line)[0].strip() for line in body.splitlines())
        expected = [words.KINDS["promise"], *(s.words for s in SENTENCES if s.kind == "promise")]
        expected += [words.KINDS["cost"], *(s.words for s in SENTENCES if s.kind == "cost")]
        assert labels == " ".join(expected)
    assert words.INVENTED in text


def test_the_main_print_is_what_run_runs() -> None:
    one, run = prints.PRINTS["main"], (ROOT / "run").read_text().replace("\\\n", " ")
    asked = f"compare {' '.join(one.worlds)} --society {one.society} --people {prints.PEOPLE} --start {prints.START}"
    assert f"{asked} --years {prints.YEARS} --seeds {one.seeds}" in joined(run)


@pytest.mark.parametrize(("page", "name"), PLACES)
def test_every_print_has_one_place(page: Path, name: str) -> None:
    text = (ROOT / page).read_text()
    assert prints.between(text, name, "new").count("\nnew\n") == 1
    assert prints.between(prints.between(text, name, "new"), name, shown(page, name)) == text
    with pytest.raises(ValueError, match="no place for elsewhere"):
        prints.between(text, "elsewhere", "new")


def test_a_study_is_put_in_its_place(copy: Path, tmp_path: Path) -> None:
    study = make_study(tmp_path / "runs", fake_scenario())
    for path in prints.put("main", study, copy):
        assert path.is_file()
    text = (copy / prints.README).read_text()
    assert table.render(study, prints.WIDTH).partition("\n\nMonth:")[0] in text
    assert "What to type next" not in text
    assert (copy / prints.PICTURES / "sanctions-by-income.svg").read_text().startswith("<svg")
    assert text.partition("<!-- main:")[0] == (ROOT / prints.README).read_text().partition("<!-- main:")[0]


def test_reforms_are_put_on_a_page_with_a_picture(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("none", "citizen-score", *reforms_of("citizen-score")[:2])
    study = make_study(tmp_path / "runs", fake_scenario(regimes=names))
    written = prints.put("reforms", study, copy)
    assert {path.name for path in written} == {"README.md", "reforms.md", "reforms.svg"}
    page, readme = ((copy / name).read_text() for name in (prints.REFORMS, prints.README))
    answer = prints.answered(study).strip()
    assert answer in page
    assert answer in readme
    assert "images/reforms.svg" in page
    assert "In how many rights each saves most" in page


def test_what_is_shown_of_reforms_names_one_of_them() -> None:
    text = joined(shown(prints.README, "reforms"))
    if text:
        assert re.search(r"saves most in \w+ of the \d+ rights|No reform saves most", text)
        assert any(words.first_upper(regime(name).short) in text for name in reforms_of("citizen-score"))
        assert text.partition("Right by right")[0].strip() in joined(shown(prints.REFORMS, "reforms"))
