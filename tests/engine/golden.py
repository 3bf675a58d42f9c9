"""Golden histories: what the worlds of the catalogue end as, and what was counted of them, by hash. `golden.json` holds
them.

A change that is to leave results alone (speed, order of code) leaves this file alone. One that changes results prints
it anew, and says so in the changelog under *Results change*:

    PYTHONPATH=src:tests python -m engine.golden
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc

from engine.living import Lived, census_print, live, world_print
from sincerity.declare.catalogue import regime_names, society_names
from sincerity.declare.scenario import scenario

FILE = Path(__file__).with_name("golden.json")
PEOPLE, MONTHS = 2_000, 14
START = "2019-07"
"""Half a year of voluntary and half a year of mandatory enrolment in the citizen score; two ends of a census year."""
HOME = "china-2020"
POOLED = ("none", "pilots-2015")
POOLING = "2018-03"
"""Two months before the pilots' records are pooled."""
ELSEWHERE = ("none", "fico-us", "citizen-score")


def histories() -> dict[str, dict[str, str]]:
    """By society, first month and number of worlds: regime -> hash of its world at the end and of its census."""
    found = {}
    wanted = [(HOME, START, tuple(sorted(regime_names(), key=lambda name: (name != "none", name))))]
    wanted += [(HOME, POOLING, POOLED), (HOME, START, ("none",))]
    wanted += [(name, START, ELSEWHERE) for name in society_names() if name != HOME]
    for society, start, regimes in wanted:
        asked = scenario(regimes, society=society, people=PEOPLE, start=start, years=2, seeds=1)
        lived = live(replace(asked, months=MONTHS), block=1_024)
        found[f"{society} {start} {len(regimes)}"] = {name: history(lived, k, name) for k, name in enumerate(regimes)}
    return found


def history(lived: Lived, number: int, regime: str) -> str:
    """The sha256 of one world and of its rows of the census."""
    table = lived.table.filter(pc.field("world") == regime)
    return hashlib.sha256(f"{world_print(lived.worlds[number])} {census_print(table)}".encode()).hexdigest()


if __name__ == "__main__":
    FILE.write_text(json.dumps(histories(), indent=2) + "\n", encoding="ascii")
