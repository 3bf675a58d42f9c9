"""Every regime of the catalogue, and every society, still give the histories that they gave, to the bit."""

from __future__ import annotations

import json

from engine.golden import FILE, HOME, START, histories
from sincerity.declare.catalogue import regime_names


def test_histories_are_what_they_were() -> None:
    """If results are meant to change: `PYTHONPATH=src:tests python -m engine.golden`, and a line in the changelog."""
    kept = json.loads(FILE.read_text(encoding="ascii"))
    now = histories()
    moved = {
        f"{run}: {world}"
        for run in kept.keys() | now.keys()
        for world in kept.get(run, {}).keys() | now.get(run, {}).keys()
        if kept.get(run, {}).get(world) != now.get(run, {}).get(world)
    }
    assert moved == set()


def test_histories_differ_from_each_other() -> None:
    """Else the hashes would see nothing."""
    kept = json.loads(FILE.read_text(encoding="ascii"))
    for run in kept.values():
        assert len(set(run.values())) == len(run)
    assert kept[f"{HOME} {START} {len(regime_names())}"].keys() == set(regime_names())
