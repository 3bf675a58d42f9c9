"""No rule is a stub: put nothing in the place of each in turn, and what it does is missing from the census."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.regime import Regime
from sincerity.declare.scenario import Scenario
from sincerity.engine import cpu
from sincerity.engine.world import World
from sincerity.engine.world import successor as begin
from sincerity.month.schedule import Schedule
from sincerity.people.columns import AWARE, ENROLLED, STATE

PEOPLE, MONTHS = 3072, 14
NONE, PRESS, PEERS, PILOTS = "none", "citizen-score", "peer-ratings", "pilots-2015"
POOR_FIRMS = (("firms.cash_at_start", "0.1"), ("firms.noise", "0.6"), ("firms.lays_off", "0.05"))
Census = dict[tuple[str, str], NDArray[np.int64]]


def nothing(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """A rule that does nothing."""


@cache
def lived(emptied: str = "", society: tuple[tuple[str, str], ...] = (), press: str = PRESS) -> Census:
    """(world, measure) -> what the census counted of all people, by month; without one rule."""
    schedule = Schedule()
    if emptied:
        row = next(r for r in schedule if r.name == emptied)
        schedule = schedule.replace(emptied, replace(row, function=nothing))
    regimes = (catalogue.regime(NONE), catalogue.regime(press))
    scenario = Scenario(catalogue.society("china-2020", society), regimes, PEOPLE, Month(2019, 6), MONTHS, (1,))
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in cpu.simulate(scenario, 1, threads=2, schedule=schedule).rows.table().to_pylist():
        if row["by"] == "all":
            found[row["world"], row["measure"]].append(row["count"])
    return {key: np.array(counts) for key, counts in found.items()}


def gone(*measures: str, world: str = PRESS) -> Callable[[Census, Census], bool]:
    """These measures are there, and nobody has them without the rule."""
    return lambda full, without: all(full[world, m].any() and not without[world, m].any() for m in measures)


def still(measure: str) -> Callable[[Census, Census], bool]:
    """A measure that moves, and stands still without the rule."""
    return lambda full, without: len(set(full[NONE, measure])) > 3 and len(set(without[NONE, measure])) == 1


def mean_score(census: Census) -> NDArray[np.float64]:
    """Of those enrolled in peer ratings, by month: where the score starts, if nobody rates anybody."""
    return census[PEERS, "score_sum"] / census[PEERS, "enrolled"]


MISSING: dict[str, Callable[[Census, Census], bool]] = {
    "meeting": gone("ties_sum", "refused_by_ties"),
    "enrolment": gone("enrolled", "score_sum", "good_for_points"),
    "livelihood": gone("unpaid_bill", world=NONE),
    "obligations": gone("late", "defaulted", "judged", world=NONE),
    "conduct": gone("offence", "good_deed", "gave_up", "good_for_points"),
    "speech": gone("occasion", "spoke_critical", "silent", "punished_post"),
    "observation": lambda full, without: (
        without[PRESS, "false_record"].sum()
        < full[PRESS, "false_record"].sum() / 5  # what is left are mistaken identities
    ),
    "peers": lambda full, without: (
        mean_score(full).std() > 0.3
        and (mean_score(full) != mean_score(without)).all()
        and mean_score(without).std() < 1e-9
    ),
    "providers": gone("member", "watchers_sum", "channels_sum", world=PILOTS),
    "score": gone("score_sum"),
    "standing": gone("refused", "on_list", "refused_date", "refused_innocent"),
    "learning": still("fear_sum"),
    "friendship": gone("lost_tie"),
    "redress": lambda full, without: full[PRESS, "false_record"].sum() < without[PRESS, "false_record"].sum(),
    "asking": gone("approve", "approve_meant"),
    "firms": lambda full, without: (
        full[NONE, "unpaid_bill"].sum() > 1.05 * without[NONE, "unpaid_bill"].sum()
        and full[NONE, "working"].sum() < without[NONE, "working"].sum()
    ),
    "regions": lambda full, without: full[NONE, "unpaid_bill"].sum() < 0.9 * without[NONE, "unpaid_bill"].sum(),
}


def test_every_rule_of_the_month_has_something_to_answer_for() -> None:
    assert list(MISSING) == [row.name for row in Schedule()]


@pytest.mark.parametrize("name", MISSING)
def test_without_the_rule_what_it_does_is_missing(name: str) -> None:
    society = POOR_FIRMS if name == "firms" else ()
    press = {"peers": PEERS, "providers": PILOTS}.get(name, PRESS)
    assert MISSING[name](lived("", society, press), lived(name, society, press))


def test_both_worlds_have_the_same_occasions_to_speak() -> None:
    census = lived()
    assert (census[NONE, "occasion"] == census[PRESS, "occasion"]).all()


# -- regimes that do nothing ---------------------------------------------------------------------------------------

HEAD = "title: a copy\nshort: copy\nplace: anywhere\nyears: any\nbuilt: no\nsummary: for a test\n"
EMPTY = f"""name: empty
extends: citizen-score
{HEAD}rated: {{firms: no}}
points: null
ties: null
speech: null
channels: null
lists: null
gates: null
campaign: null
stigma: null
firms: null
"""
UNBEGUN = f"""name: unbegun
extends: citizen-score
{HEAD}lists: null
gates: null
"""


def worlds(monkeypatch: pytest.MonkeyPatch, made: Regime, start: Month, months: int) -> list[World]:
    """The worlds of `none` and of a regime as they stand after so many months."""
    kept: list[World] = []

    def successor(*given: Any, **more: Any) -> World:
        kept.append(begin(*given, **more))
        return kept[-1]

    monkeypatch.setattr("sincerity.engine.cpu.successor", successor)
    society = catalogue.society("china-2020")
    cpu.simulate(Scenario(society, (catalogue.regime(NONE), made), PEOPLE, start, months, (1,)), 1, threads=2)
    return kept


def written(folder: Path, text: str) -> Regime:
    path = folder / "regime.yaml"
    path.write_text(text, encoding="utf-8")
    return catalogue.regime(str(path))


def differing(first: World, second: World, own: tuple[str, ...] = (), own_flags: int = 0) -> list[str]:
    """Names of columns, firms' and regions' included, in which two worlds differ beyond what is the regime's own."""
    kept = np.uint16(0xFFFF & ~own_flags)
    found = []
    for column in STATE:
        a, b = first.columns[column.name], second.columns[column.name]
        if column.name == "flags":
            a, b = a & kept, b & kept
        if column.name not in own and not np.array_equal(a, b):
            found.append(column.name)
    for kind in ("firms", "regions"):
        ours, theirs = getattr(first, kind), getattr(second, kind)
        names = [f"{kind}.{n}" for n in ours if not np.array_equal(ours[n], theirs[n])]
        found += [name for name in names if name not in own]
    return found


def test_ordinary_law_under_another_name_is_ordinary_law(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = written(tmp_path, f"name: other\nextends: none\n{HEAD}")
    first, second = worlds(monkeypatch, copy, Month(2019, 6), MONTHS)
    assert differing(first, second) == []
    assert np.array_equal(first.columns["board"], second.columns["board"])


def test_a_score_without_points_gates_lists_and_channels_changes_nothing_but_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = worlds(monkeypatch, written(tmp_path, EMPTY), Month(2019, 6), MONTHS)
    assert second.columns["score"].any()
    assert not first.columns["score"].any()
    assert differing(first, second, own=("score", "regions.score", "regions.scored"), own_flags=ENROLLED | AWARE) == []


def test_before_its_first_phase_a_regime_does_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second = worlds(monkeypatch, written(tmp_path, UNBEGUN), Month(2013, 12), 12)
    assert differing(first, second) == []
