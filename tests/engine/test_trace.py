"""A trace watches without touching: same bits, and what it saw is what was lived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.living import declared
from sincerity.census.lives import CENSUS, Step
from sincerity.census.measures import BIT
from sincerity.engine import cpu
from sincerity.engine.trace import Tally, Trace, drawn
from sincerity.people.columns import SCRATCH

PEOPLE, MONTHS = 1_000, 3
SCORED = declared(PEOPLE, MONTHS, start="2019-12")
"""From December 2019 on: everybody is enrolled a month later."""


def lived(tell: Callable[[Step], None], people: range = range(PEOPLE), tally: Tally | None = None) -> tuple[Any, Trace]:
    trace = Trace(dict.fromkeys(people, 0), tell, tally)
    return cpu.simulate(SCORED, 1, threads=2, block=300, trace=trace).rows.table(), trace


@pytest.fixture(scope="module")
def everybody() -> tuple[Any, Trace, dict[tuple[int, int, int], Any]]:
    months: dict[tuple[int, int, int], Any] = {}

    def tell(step: Step) -> None:
        if step.rule == CENSUS:
            months[step.world, step.month, step.person] = step.after

    table, trace = lived(tell)
    return table, trace, months


def test_a_traced_run_has_the_same_census(everybody: Any) -> None:
    plain = cpu.simulate(SCORED, 1, threads=1, block=1_000).rows.table()
    assert everybody[0].equals(plain)


def test_traced_months_add_up_to_the_census(everybody: Any) -> None:
    table, _, months = everybody
    wanted = [row for row in table.to_pylist() if row["by"] == "all" and row["measure"] in BIT]
    assert len(wanted) == 2 * MONTHS * len(BIT)
    for row in wanted:
        world = ("none", "citizen-score").index(row["world"])
        month = ("2019-12", "2020-01", "2020-02").index(row["month"])
        mask, number = divmod(BIT[row["measure"]], 64)
        column = ("measured", "measured_more")[mask]
        seen = sum(months[world, month, i][column] >> number & 1 for i in range(PEOPLE))
        assert seen == row["count"], row


def test_the_last_traced_state_is_the_worlds(everybody: Any) -> None:
    _, trace, months = everybody
    for w, world in enumerate(trace.worlds):
        for name in ("buffer", "score", "outlook", "hold", "credit"):
            kept = [months[w, MONTHS - 1, i][name] for i in range(PEOPLE)]
            assert kept == world.columns[name].tolist(), name
    assert np.count_nonzero(trace.worlds[1].columns["score"]) > PEOPLE / 2


def test_a_rule_run_again_unchanged_gives_what_it_gave_and_leaves_no_trace() -> None:
    met: dict[str, int] = {}

    def tell(step: Step) -> None:
        if step.rule == CENSUS:
            return
        same = step.again()
        kept = [name for name in step.before if name not in SCRATCH]  # rules leave anything there
        assert {name: same[name] for name in kept} == {name: step.after[name] for name in kept}, step.rule
        met[step.rule] = met.get(step.rule, 0) + 1
        if step.rule == "score" and step.after["score"]:
            other = step.again({"credit": step.before["credit"] + 16_000})
            met["moved"] = met.get("moved", 0) + (other["score"] > step.after["score"])

    table, _ = lived(tell, range(0, PEOPLE, 97))
    assert table.equals(cpu.simulate(SCORED, 1).rows.table())
    assert met["moved"] > 5
    assert {"meeting", "conduct", "speech", "score", "standing", "redress", "asking"} <= set(met)


def test_a_tally_counts_what_the_census_counts(everybody: Any) -> None:
    tally = Tally(SCORED.society, 2, PEOPLE)
    lived(lambda step: None, range(0), tally)
    months = everybody[2]
    for i in range(0, PEOPLE, 50):
        differ = [
            months[0, m, i][mask] ^ months[1, m, i][mask]
            for m in range(MONTHS)
            for mask in ("measured", "measured_more")
        ]
        assert tally.totals["changed"][1, i] == sum(each.bit_count() for each in differ)
        refused = [months[1, m, i]["refused_regime"] for m in range(MONTHS)]
        assert tally.totals["refused"][1, i] == sum(each.bit_count() for each in refused)
    assert tally.totals["changed"][0].max() == 0 < tally.totals["changed"][1].max()


def test_who_is_drawn_depends_on_the_seed_alone() -> None:
    found = [drawn(seed, 1_000) for seed in range(200)]
    assert found == [drawn(seed, 1_000) for seed in range(200)]
    assert len(set(found)) > 150
    assert 0 <= min(found) < 100
    assert 900 < max(found) < 1_000
