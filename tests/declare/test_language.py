"""What the language can say beyond the first regimes, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.figures import each_figure
from sincerity.declare.problems import BadInput
from sincerity.declare.regime import Regime
from sincerity.declare.scenario import read, scenario
from sincerity.declare.schema import regime_schema

ABOUT = "unit: points, date: 2020, source: assumed, low: 0, high: 1500"
HEAD = "name: mine\ntitle: t\nshort: s\nplace: p\nyears: any\nbuilt: no\nsummary: s\nrated: {persons: yes, firms: no}\n"
SCORE = f"""score:
  form: ledger
  start: {{value: 1000, {ABOUT}}}
  lowest: {{value: 0, {ABOUT}}}
  highest: {{value: 1500, {ABOUT}}}
  rules: known
  shown_to: [self]
accounts: {{conduct: {{domain: order, kept: for good}}, credit: {{domain: money, kept: for good}}}}
"""
BANDS = f"""bands:
  - {{name: A, from: {{value: 900, {ABOUT}}}}}
  - {{name: B, from: {{value: 600, {ABOUT}}}}}
  - {{name: C}}
"""
POINT = "unit: points, date: 2020, source: assumed, low: -500, high: 500"
LATE = f"points: {{pay_late: {{value: -10, account: credit, {POINT}}}}}\n"
JOB = "gates: {job: {domain: work, lists: [], unscored: pass, band: C}}"


def declared(folder: Path, text: str) -> Regime:
    path = folder / "mine.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return catalogue.regime(str(path))


def test_a_ledger(tmp_path: Path) -> None:
    regime = declared(tmp_path, SCORE + BANDS)
    assert regime.score is not None
    assert regime.score.usual.value == 1000
    assert regime.accounts["credit"].half_life is None
    assert [regime.band_of(points) for points in (1000, 900, 899.9, 600, 0)] == ["A", "A", "B", "B", "C"]


def test_hours_tiers_and_discretion() -> None:
    points = catalogue.regime("rongcheng-2019").points
    hours = points["volunteering"]
    assert [(tier.up_to, tier.value) for tier in hours.tiers][:2] == [
        (Decimal(20), Decimal(1)),
        (Decimal(80), Decimal("0.5")),
    ]
    assert hours.tiers[-1].up_to is None
    assert points["serious_offence"].sets == "C"
    picked = points["tax_evasion"].discretion
    assert picked is not None
    assert (picked.low, picked.high) == (Decimal(-50), Decimal(-5))
    paths = [path for path, _ in each_figure(hours, "v")]
    assert "v.tiers.2" in paths
    assert "v.hours" in paths


def test_a_gate_by_band_has_the_score_at_which_the_band_begins() -> None:
    regime = catalogue.regime("rongcheng-2019")
    cut = regime.cut(regime.gates["public_post"])
    assert cut is not None
    assert cut.value == 850
    lists = catalogue.regime("defaulter-lists-2018")
    assert lists.cut(lists.gates["flight"]) is None
    assert lists.gates["school"].from_ == Month(2016, 1)


@pytest.mark.parametrize("name", ["rewards-only", "penalties-only"])
def test_a_balance_keeps_the_total_stake(name: str) -> None:
    regime, base = catalogue.regime(name), catalogue.regime("citizen-score")
    penalties, rewards = regime.scales
    stake = sum(abs(p.value) for p in base.points.values())
    shifted = sum(abs(p.value) * (penalties if p.value < 0 else rewards) for p in regime.points.values())
    assert float(shifted) == pytest.approx(float(stake))
    assert 0 in (penalties, rewards)
    assert base.scales == (Decimal(1), Decimal(1))


def test_a_reform_differs_only_in_what_it_states() -> None:
    base = catalogue.regime("citizen-score")
    reform = catalogue.regime("no-friends")
    assert reform.safeguards is not None
    assert reform.safeguards.no_guilt_by_tie
    assert (reform.score, reform.points, reform.gates, reform.lists) == (
        base.score,
        base.points,
        base.gates,
        base.lists,
    )


@pytest.mark.parametrize("name", catalogue.regime_names())
def test_the_resolved_text_gives_every_regime_back(name: str) -> None:
    made = scenario([name], people="1k", years=1)
    assert read(made.resolved()).regimes == made.regimes


@pytest.mark.parametrize("name", catalogue.regime_names())
def test_every_regime_has_a_readme(name: str) -> None:
    text = (catalogue.ROOT / "regimes" / name / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "shared" not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SCORE.replace("form: ledger", "form: factors"), "needs `centre` and `spread` and `factors` and `makeup`"),
        (SCORE.replace("kept: for good", "{}", 1).replace("{domain: order, {}}", "{domain: order}"), "neither of"),
        (SCORE.replace("value: 1000", "value: 1600").replace("high: 1500", "high: 2000"), "the start is outside 0"),
        (SCORE + BANDS.replace("value: 600", "value: 950"), "B from 950 overlaps A from 900"),
        (SCORE + BANDS.replace("  - {name: C}\n", ""), "the last band begins at the lowest score"),
        (SCORE + BANDS.replace("name: B", "name: A"), "two bands are called A"),
        (SCORE + BANDS + JOB.replace("C", "D"), "band `D` is not declared"),
        (SCORE + BANDS + JOB, "nobody is below C"),
        (SCORE + LATE.replace("account", "sets: C, account"), "band `C` is not declared under `bands`"),
        (SCORE + BANDS + LATE.replace("account", "sets: C, account"), "an act that sets the band adds no points"),
        (SCORE + LATE.replace("account", "per: hour, account"), "`per: hour` and `hours: …` together"),
        (SCORE + LATE.replace("account", "discretion: {low: -30, high: -10}, account"), "-10 is not the middle"),
        (SCORE + LATE.replace("account", "at_most: {value: 5, " + ABOUT + "}, account"), "the most that is gained"),
        (SCORE + LATE + f"balance: {{value: 1, {ABOUT}}}", "there is nothing to put the weight on"),
        (SCORE + LATE + f"balance: {{value: 2, {ABOUT}}}", "a balance of 2"),
        (f"nudges: {{exercises: {{strength: {{value: 0.1, {ABOUT}}}, channel: shops, fades: {{value: 9, {ABOUT}}}}}}}",
         "`nudges` does nothing without `channels`"),
        (SCORE + "expiry: {}", "`expiry`: declared, not modelled yet"),
    ],
)  # fmt: skip
def test_what_the_language_refuses(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        declared(tmp_path, text)
    assert message in str(caught.value)


def test_tiers_end_in_order(tmp_path: Path) -> None:
    hourly = "points: {volunteering: {value: 1, account: conduct, per: hour, hours: {value: 4, %s}, tiers: %s, %s}}"
    for tiers, message in (
        ("[{up_to: 20, value: 1}]", "every tier but the last has an end"),
        ("[{up_to: 20, value: 1}, {up_to: 10, value: 0.5}, {value: 0}]", "tiers end in order"),
        ("[{up_to: 20, value: 2}, {value: 0}]", "the first tier gives 2, the value is 1"),
    ):
        with pytest.raises(BadInput, match=message):
            declared(tmp_path, SCORE + hourly % (ABOUT, tiers, POINT))


def test_the_schema_refers_only_to_what_it_defines() -> None:
    schema = regime_schema()
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            found.extend(str(value) for key, value in node.items() if key == "$ref")
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(schema)
    assert found
    assert {ref.removeprefix("#/$defs/") for ref in found} <= set(schema["$defs"])
    assert schema["$defs"]["Regime"]["required"]
    assert schema["$defs"]["reform of regime"]["required"] == ["name", "extends"]
