"""The whole month as shipped, a larger model than the core: the citizen score of the press over china-2020.

All its rules, computed ties, the census of every month. Before the months that are asked for it lives 48 months of
warm-up, which are the same for any number of months.
"""

from __future__ import annotations

import hashlib

from benchmarks import core
from sincerity.declare.scenario import scenario
from sincerity.engine.cpu import simulate


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months, a multiple of twelve; `digest` is of all that the census counted."""
    made = scenario("citizen-score", people=people, years=months // 12, seed=seed, seeds=1)
    told = simulate(made, seed, threads=threads).rows.table()
    return {"digest": hashlib.sha256(str(told.to_pylist()).encode()).hexdigest()[:16]}
