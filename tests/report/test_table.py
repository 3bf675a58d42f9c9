"""The table in a terminal: aligned at any width, true for any sign."""

import re
from collections.abc import Callable

import pytest

from sincerity.report import table, words
from sincerity.study.study import Study


@pytest.mark.parametrize("width", [80, 100, 140])
def test_it_fits_and_its_figures_stand_under_one_another(fake_study: Study, width: int) -> None:
    lines = table.render(fake_study, width).splitlines()
    rules = [k for k, line in enumerate(lines) if line.startswith("──")]
    rows = [line for line in lines[rules[0] + 1 : rules[1]] if re.search(r"\d", line) and "1,000" not in line]
    assert max(map(len, lines[: rules[1] + 1])) <= width
    assert len(rows) >= 12
    ends = set()
    for row in rows:  # the point of the figure under ordinary law, or the end of a whole number
        found = re.search(r"(?:month|ever|time) +(\d[\d,]*)", row)
        assert found is not None, row
        ends.add(found.end(1))
    assert len(ends) == 1


def test_it_says_what_it_is(fake_study: Study) -> None:
    text = table.render(fake_study, 100)
    assert "never built" in text.splitlines()[0]
    assert "Invented people; not a forecast." in text
    assert re.search(r"\d+ of the \d+ figures behind this table (?:is|are) assumed", text)
    lines = text.splitlines()
    at = next(k for k, line in enumerate(lines) if "say they approve, when asked" in line)
    assert "… and mean it" in lines[at + 1]
    commands = text.split("What to type next:")[1].split()
    assert commands.count("./run") == 3


def test_one_seed_is_an_anecdote(study_of: Callable[..., Study]) -> None:
    assert "anecdote" in table.render(study_of(seeds=(1,)), 100)


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (0, "0", "0"),
        (0.126, "0.13", "+0.13"),
        (12.34, "12.3", "+12.3"),
        (1234.5, "1,234", "+1,234"),
        (-3.21, "−3.2", "−3.2"),
    ],
)
def test_figures(value: float, plain: str, signed: str) -> None:
    assert words.number(value) == plain
    assert words.number(value, sign=True) == signed


def test_the_paragraph_is_true_for_either_sign(fake_study: Study) -> None:
    ledger = fake_study.ledger()
    for row in ledger:
        said = words.change(row)
        if row.difference and words.number(row.difference) != "0":
            assert said.endswith("more" if row.difference > 0 else "fewer")
            assert "−" not in said
        else:
            assert said == "as many"
    assert "as many" not in words.change(ledger["approve"])
