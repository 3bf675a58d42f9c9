"""The examples of docs/language.md are regimes: each loads, and each changes what it extends."""

import re
from pathlib import Path

import pytest

from sincerity.declare import catalogue
from sincerity.declare.regime import Regime

TEXT = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
PARTS = [part.partition("\n") for part in TEXT.split("\n## ")[1:]]
EXAMPLES = {title: found[1] for title, _, part in PARTS if (found := re.search(r"```yaml\n(.*?)```", part, re.DOTALL))}
EARLIER = {"name", "title", "short", "place", "years", "built", "summary", "sources"}


@pytest.mark.parametrize("section", EXAMPLES)
def test_each_example_is_a_reform(section: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(f"name: example\n{EXAMPLES[section]}", encoding="utf-8")
    extended = re.search(r"^extends: (\S+)$", EXAMPLES[section], re.MULTILINE)
    assert extended is not None
    made, before = catalogue.regime(str(path)), catalogue.regime(extended[1])
    differs = [key for key in Regime.model_fields if key not in EARLIER and getattr(made, key) != getattr(before, key)]
    stated = [key for key in re.findall(r"^(\w+):", EXAMPLES[section], re.MULTILINE) if key != "extends"]
    assert sorted(differs) == sorted(stated)


def test_every_section_of_the_language_has_its_example() -> None:
    stated = {key for example in EXAMPLES.values() for key in re.findall(r"^(\w+):", example, re.MULTILINE)}
    left_out = set(Regime.model_fields) - EARLIER - stated - {"speech", "enrolment", "stigma", "partners", "providers"}
    assert not left_out
    assert TEXT.count("```yaml") == len(EXAMPLES)
