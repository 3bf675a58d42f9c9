"""How ./bench measures and tells: differences of months, ratios within a turn, lines, troubles; the README's table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import one, roofline, run, table

ROOT = Path(__file__).resolve().parents[2]
HEAT = run.Heat(run.OURS, 1_000, 2, 12)


def turn(few: float, many: float, cpu: float = 0.0) -> dict[str, float]:
    return {"few": few, "many": many, "cpu": cpu}


def test_building_falls_out() -> None:
    row = run.months_apart(HEAT, [turn(1.002, 1.012, 0.02), turn(5.004, 5.024, 0.02), turn(3.003, 3.018, 0.02)])
    assert row["ns_each"] == pytest.approx([1_000, 2_000, 1_500])
    assert row["ns"] == pytest.approx(1_500)
    assert row["seconds_to_build"] == pytest.approx(3.0)
    assert row["processors"] == pytest.approx(0.06 / 0.045)


def test_ratios_are_taken_within_a_turn() -> None:
    ours, other = {"ns_each": [10.0, 30.0, 20.0]}, {"ns_each": [40.0, 60.0, 60.0]}
    assert run.ratio(other, ours) == 3.0
    assert run.ratio(ours, ours) == 1.0


def test_lines_are_neither_blank_nor_comment_nor_docstring() -> None:
    text = '"""Doc\n\nmore."""\n\nimport os  # why\n\n\ndef f(x):\n    """Doc."""\n    # why\n    return (\n        x\n'
    text += '    )\n\n\ny = """a\nb"""\n'
    assert run.lines_of_code(text) == 7
    for contestant in run.CONTESTANTS:
        source = (run.HERE / f"{contestant.name}.py").read_text()
        assert 5 < run.lines_of_code(source) < len(source.splitlines())


def test_a_contestant_that_fails_is_told_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.BY_NAME, "nobody", run.Contestant("nobody", "nobody"))
    heats = (run.Heat("numpy_scipy", 2_000, 1, 3), run.Heat("nobody", 10, 1, 2))
    rows = run.measure(heats, 1, 1, str(tmp_path), memory=True)
    assert rows[0].get("trouble", "the machine was too busy").startswith("the machine was too busy")
    assert rows[0]["bytes"] > 0
    assert rows[1]["trouble"] == "ModuleNotFoundError: No module named 'benchmarks.nobody'"


def test_the_short_table_tells_ratios_only() -> None:
    rows = [
        {"name": run.OURS, "people": 1000, "times_ours": 1.0, "ns": 23.4},
        {"name": "mesa_model", "people": 1000, "trouble": "no answer after 180 s"},
        {"name": "ambr_model", "people": 1000, "times_ours": 2.345, "ns": 54.9},
    ]
    told = run.ratios(rows)
    assert re.search(r"AMBER \(ambr\) +2\.3 ", told)
    assert re.search(r"Mesa +no answer after 180 s", told)
    assert "23.4" not in told


def test_a_file_needs_the_long_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run.main(["--out", "x.json"])
    assert left.value.code == 2
    assert "--out needs --long" in capsys.readouterr().err


def test_memory_that_is_taken_is_seen() -> None:
    before = one.forget_peak()
    taken = bytearray(50_000_000)
    taken[::4096] = b"x" * len(taken[::4096])
    assert one.peak() - before > 40_000_000


def test_the_triad_is_counted_as_stream_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 2.0, 10.0, 11.0])
    monkeypatch.setattr(roofline, "perf_counter", lambda: next(clock))
    assert roofline.bandwidth(2, elements=1_000, repeats=2) == 24_000


# ---- the lock and the README ---------------------------------------------------------------------------------------


def test_the_rivals_lock_is_pinned_hashed_and_names_no_host() -> None:
    lock = run.LOCK.read_text()
    assert "://" not in lock
    for block in re.split(r"\n(?=[a-z])", lock)[1:]:
        assert re.match(r"[a-z0-9-]+==[^ ]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", block), block[:80]
    for contestant in run.CONTESTANTS:
        assert not contestant.package or f"\n{contestant.package}==" in "\n" + lock


def result() -> dict[str, Any]:
    """Made up: two contestants at two sizes, one of them only at the smaller."""
    row = {"name": run.OURS, "people": 1_000, "ns": 20.4, "times_ours": 1.0, "bytes": 99.6, "processors": 1.94}
    other = {
        "name": "mesa_model",
        "people": 1_000,
        "ns": 5_000.0,
        "times_ours": 245.2,
        "bytes": 2_000,
        "processors": 1.0,
    }
    names = {run.OURS: True, "mesa_model": None}
    return {
        "date": "2026-11-25",
        "note": "A note.",
        "machine": {"processor": "P", "processors": 2, "memory": 2**31, "python": "3.11.7", "load_before": 0.04},
        "versions": {"numpy": "2.4"},
        "roofline": {"one_thread": 1.2e10, "all_threads": 2e10, "least_bytes": 70, "least_ns": 3.5},
        "contestants": [{"name": n, "label": n.upper(), "lines": 9, "same_bits": same} for n, same in names.items()],
        "rows": [row, other, {**row, "people": 1_000_000, "ns": 30.6, "bytes": 80.2}],
    }


def test_the_readme_shows_the_result() -> None:
    readme = table.README.read_text()
    assert readme.count(table.BEGIN) == readme.count(table.END) == 1
    assert table.placed(readme, table.kept()) == readme


def test_the_table() -> None:
    made = result()
    lines = table.table(made).splitlines()
    assert lines[0].startswith(
        "| written with | ns a person-month, 1,000 people | ns a person-month, 1,000,000 people |"
    )
    assert lines[2] == "| OURS | 20 | 31 | 1.0 / 1.0 | 80 | 9 | 1.9 | yes |"
    assert lines[3] == "| MESA_MODEL | 5,000 | not measured | 245.2 | 2,000 | 9 | 1.0 | not seen |"
    assert {line.count("|") for line in lines[:4]} == {9}
    assert "70 bytes" in lines[5]
    assert "20 GB a second" in lines[5]
    assert "3.5 ns" in lines[5]
    assert lines[5].endswith("load before the run 0.0. A note.")


def test_what_could_not_be_measured_is_said() -> None:
    made = result()
    made["rows"][1] = {"name": "mesa_model", "people": 1_000, "trouble": "no answer"}
    told = table.table(made)
    assert "| MESA_MODEL | not measured | not measured | – | – | 9 | – | not seen |" in told
    assert "Not measured: mesa_model: no answer." in told


def test_the_table_goes_between_its_marks() -> None:
    readme = f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n"
    told = table.placed(readme, result())
    assert told.startswith(f"before\n{table.BEGIN}\n| written with")
    assert told.endswith(f"A note.\n{table.END}\nafter\n")
    assert table.placed(told, result()) == told
    assert table.placed(told, None) == f"before\n{table.BEGIN}\n{table.END}\nafter\n"


def test_a_kept_result_is_whole() -> None:
    """One of each contestant; nothing is compared before anything was measured."""
    made = table.kept()
    names = [c.name for c in run.CONTESTANTS]
    assert made is None or [c["name"] for c in made["contestants"]] == names
