"""What the commands about societies print, and what they say of a society in the making."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sincerity.cli.main import execute
from sincerity.declare.catalogue import society, society_names


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = execute(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_table_names_every_society_with_adults_regions_and_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "societies", "--json")
    rows = {row["name"]: row for row in json.loads(out)["societies"]}
    assert code == 0
    assert tuple(sorted(rows)) == society_names() == ("china-2020", "cologne-2020", "uk-2020", "usa-2020")
    assert rows["usa-2020"]["adults"] == 257_445_960
    assert [rows[name]["regions"] for name in sorted(rows)] == [31, 9, 12, 9]
    assert all(0 < row["figures"]["assumed"] < row["figures"]["total"] for row in rows.values())
    _, text, _ = said(capsys, "societies")
    assert "257,445,960" in text


@pytest.mark.parametrize("name", ["usa-2020", "cologne-2020"])
def test_show_prints_published_beside_made(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "society", "show", name, "--people", "5003", "--json")
    told = json.loads(out)
    marginals = {marginal["name"]: marginal for marginal in told["marginals"]}
    assert code == 0
    assert all(marginal["largest"] < 2 for marginal in marginals.values() if marginal["exact"])
    assert sum(group["made"] for group in marginals["age and sex"]["groups"]) == 5003
    assert marginals["age and sex"]["sources"]
    firms = marginals["people by size class of their firm"]["groups"]
    assert [one["name"] for one in told["firms"]] == [group["group"] for group in firms][:-1]
    assert [one["people"] for one in told["firms"]] == [group["made"] for group in firms][:-1]
    assert sum(group["made"] for group in firms) == 5003 // 1024 * 1024
    _, text, _ = said(capsys, "society", "show", name, "--people", "5003")
    assert "stated %" in text
    for kept in ("quota", "whole households", "whole firms", "drawn"):
        assert f"  {kept}  " in text
    assert "class of firms" in text
    assert society(name).tables().regions[0] in text


def test_show_tells_what_it_takes_to_build(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sincerity.cli.societies.BUILT", (2_000, 20_000))
    code, out, _ = said(capsys, "society", "show", "cologne-2020", "--build", "--people", "4000", "--json")
    built = json.loads(out)["built"]
    assert code == 0
    assert [one["people"] for one in built] == [2_000, 4_000, 20_000]
    assert all(one["seconds"] > 0 and 4 * one["people"] < one["bytes"] for one in built)
    _, text, _ = said(capsys, "society", "show", "cologne-2020", "--build", "--people", "4000")
    assert "bytes a person" in text
    assert "20,000" in text
    monkeypatch.setattr("sincerity.engine.world.free_memory", lambda: 10**9)
    code, _, err = said(capsys, "society", "show", "china-2020", "--build", "--people", "full")
    assert code == 2
    assert "1,112,784,302 people need 6.7 GB, and 1.0 GB are free" in " ".join(err.split())


def test_show_refuses_what_takes_long_and_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "society", "show", "usa-2020", "--people", "full")[0] == 2
    code, _, err = said(capsys, "society", "show", "usa-2021")
    assert code == 2
    assert "did you mean `usa-2020`" in err


def test_check_counts_what_is_stated_and_what_taken_over(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "society", "check", *society_names())
    assert code == 0
    assert "population: 29 stated here" in out
    assert "from china-2020" in out
    assert "copied" not in out
    assert "age_sex.csv counts" not in out


def test_a_new_society_is_in_order_at_once_and_runs_as_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(capsys, "society", "new", "leeds", "--extends", "uk-2020", "--folder", str(tmp_path))
    file = tmp_path / "leeds" / "society.yaml"
    assert code == 0
    assert str(file) in out
    assert society(str(file)).adults == society("uk-2020").adults
    assert society(str(file)).folder == file.parent
    code, out, _ = said(capsys, "society", "check", str(file))
    assert code == 0
    assert "population: 0 stated here" in out
    assert "regions.csv and age_sex.csv are still what was copied" in out
    table = file.parent / "regions.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("London,8961989", "London,900000"), encoding="utf-8")
    assert "  age_sex.csv is still what was copied" in said(capsys, "society", "check", str(file))[1]
    with file.open("a", encoding="utf-8") as end:
        end.write("population: {people: {value: 1000000, date: 2021, source: assumed, low: 900000, high: 1100000}}\n")
    out = said(capsys, "society", "check", str(file))[1]
    assert "age_sex.csv counts 67,886,200 people" in out
    assert "population.people says 1,000,000" in out
    code, _, err = said(capsys, "society", "new", "leeds", "--folder", str(tmp_path))
    assert code == 2
    assert "not overwritten" in err
    assert said(capsys, "society", "new", "usa-2020", "--folder", str(tmp_path))[0] == 2
    assert said(capsys, "society", "new", "Not A Name", "--folder", str(tmp_path))[0] == 2


def test_check_says_all_that_is_wrong_in_file_and_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "society", "new", "leeds", "--extends", "uk-2020", "--folder", str(tmp_path))
    home = tmp_path / "leeds"

    def spoil(name: str, old: str, new: str) -> None:
        text = (home / name).read_text(encoding="utf-8")
        assert old in text
        (home / name).write_text(text.replace(old, new), encoding="utf-8")

    spoil("regions.csv", "London,8961989,99.8", "London,8961989,199.8")
    spoil("age_sex.csv", "all,0-4", "al,0-4")
    spoil("dependence.csv", "urban,age,18-29,odds", "urban,age,18-29,oods")
    spoil("society.yaml", "reference_year: 2020", "reference_year: 2020\nlaw: {papers_mising: 3}")
    code, _, err = said(capsys, "society", "check", str(home / "society.yaml"))
    assert code == 2
    for words in ("199.8 is out of range", "did you mean `all`", "`oods` is no unit", "`papers_missing`"):
        assert words in err
    assert "no whole society" not in err
    assert err.count("expected") + err.count("did you mean") == 4


def test_a_folder_here_is_told_how_to_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said(capsys, "society", "new", "leeds", "--extends", "uk-2020", "--folder", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    code, _, err = said(capsys, "society", "check", "leeds")
    assert code == 2
    assert "did you mean `./leeds`?" in err
    assert said(capsys, "society", "check", "./leeds")[0] == 0


def test_check_tells_somebody_who_has_nothing_yet_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\ntitle: x\nplace: y\nreference_year: 2020\n", encoding="utf-8")
    code, _, err = said(capsys, "society", "check", str(file))
    assert code == 2
    for words in ("`population` are missing", "regions.csv", "age_sex.csv", "dependence.csv", "extends: usa-2020"):
        assert words in err
