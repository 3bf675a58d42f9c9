"""What `sincerity validate ties` prints: every measure beside its target, a reason for each miss."""

from __future__ import annotations

import json

import pytest

from sincerity.cli.main import execute
from sincerity.cli.ties import NAMES
from sincerity.study.networks import WHY

SMALL = ("validate", "ties", "--people", "1000", "--threads", "1")


def test_text_and_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(NAMES) == list(WHY)
    assert execute([*SMALL, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "sincerity/validate"
    rows = told["validate"]["ties"]
    assert [row["id"] for row in rows] == list(NAMES)
    for row in rows:
        assert (row["verdict"] == "met") == (row["low"] <= round(row["value"], 3) <= row["high"]), row
        assert bool(row["why"]) == (row["verdict"] == "missed"), row
    assert execute(SMALL) == 0
    text = capsys.readouterr().out
    missed = [row for row in rows if row["verdict"] == "missed"]
    assert missed
    assert f"{len(rows) - len(missed)} of {len(rows)} measures lie" in text
    for row in rows:
        line = next(t for t in text.splitlines() if t.startswith(NAMES[row["id"]] + "  "))
        assert row["verdict"] in line.split()
        assert row["published"] in line
    reasons = text.partition("Why it is missed\n")[2].partition("\n\n")[0].splitlines()
    assert reasons == [f"- {NAMES[row['id']]}: {row['why']}" for row in missed]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--people", "2000001"), "at most 2,000,000"),
        (("--people", "many"), "many"),
        (("--threads", "two"), "`two` is no number of threads"),
        (("--society", "china-2021"), "did you mean `china-2020`"),
    ],
)
def test_bad_input_is_said_and_nothing_is_printed(
    words: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["validate", "ties", *words]) == 2
    out, err = capsys.readouterr()
    assert expected in err
    assert out == ""
