"""The profile of a month: each part is there, for every world that has it."""

from __future__ import annotations

import json

from engine.living import declared
from sincerity.cli.show import profile_document, profile_lines, profile_table
from sincerity.engine.profile import Clock, profile
from sincerity.month.schedule import ROWS


def test_every_rule_has_its_time_in_every_world() -> None:
    wanted = declared(2_000, 24, start="2019-01")
    found = profile(wanted, people=2_000, threads=2)
    assert found.names == ("none", "citizen-score")
    always = {row.name for row in ROWS if row.idle is None} | {"measure", "count", "publish", "year"}
    assert always <= found.worlds.keys()
    assert "providers" not in found.worlds
    assert found.worlds["enrolment"][0] == 0 < found.worlds["enrolment"][1]
    assert {"traits", "luck", "tables", "the rest"} <= found.shared.keys()
    assert all(len(found.worlds[part]) == 2 and min(found.worlds[part]) > 0 for part in always)
    assert found.clocked > 0

    told = json.loads(profile_document(found))
    parts = sum(sum(world["parts"].values()) for world in told["worlds"]) + sum(told["shared"].values())
    assert abs(parts - told["total"]) < 1e-6 * parts
    assert profile_table(found).row_count == len(found.shared) + len(found.worlds) + 1
    assert "2 threads" in profile_lines(wanted, found)[1]


def test_a_clock_keeps_the_least_month_of_each_part() -> None:
    clock = Clock()
    for rounds in (20_000, 200_000):
        clock.begin_month()
        sum(range(rounds))
        clock.lap("counting", 0)
        clock.end_month()
    short = clock.profile(1, ["none"], 1, 0.0).worlds["counting"][0]
    clock.begin_month()
    sum(range(200_000))
    clock.lap("counting", 0)
    clock.lap("year", 0)
    clock.end_month()
    assert clock.profile(1, ["none"], 1, 0.0).worlds["counting"][0] == short
