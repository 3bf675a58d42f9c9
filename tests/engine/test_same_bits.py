"""The same seed gives the same bits: for any threads and blocks, alone or beside other worlds, again and again."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.living import BOTH, Lived, declared, live, usual
from sincerity.engine import world
from sincerity.engine.room import Room
from sincerity.month.schedule import ROWS, Schedule
from sincerity.people import kernel as kernels
from sincerity.people.columns import BOARD, STATE

PEOPLE, MONTHS = 20_000, 14
"""14 months from 2014-06 on: the citizen score's enrolment opens in 2015-01; the second census year is a short one."""


@lru_cache
def reference() -> Lived:
    return usual(PEOPLE, MONTHS)


def test_the_regime_is_at_work_within_these_months() -> None:
    """Otherwise the rest of this file would compare idle rules."""
    plain, scored = reference().worlds
    assert np.count_nonzero(scored.columns["score"]) > PEOPLE / 20
    assert np.count_nonzero(plain.columns["score"]) == 0
    assert np.count_nonzero(scored.columns["lists"]) > 0
    assert len(np.unique(plain.firms["cash"])) > 10
    assert reference().prints[1] != reference().prints[2]


@pytest.mark.parametrize(
    ("threads", "block"), [(1, 1_000), (1, 40_000), (2, 1_024), (2, 8_192), (8, 1_000), (8, 8_192), (3, 16_411)]
)
def test_threads_and_blocks_do_not_matter(threads: int, block: int) -> None:
    assert live(declared(PEOPLE, MONTHS), threads=threads, block=block).prints == reference().prints


def test_traits_kept_and_traits_computed_again_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "KEEPS_TRAITS", 0)
    assert live(declared(PEOPLE, MONTHS), block=3_000).prints == reference().prints


def test_columns_in_mapped_files_and_in_memory_are_the_same(tmp_path: Path) -> None:
    mapped = live(declared(PEOPLE, MONTHS), block=3_000, room=Room(tmp_path))
    assert mapped.prints == reference().prints
    kept = [name for world in mapped.worlds for name, array in world.columns.items() if in_file(array)]
    assert set(kept) == {c.name for c in STATE if mapped.worlds[0].columns[c.name].size}, "state there, the board not"
    assert in_file(mapped.worlds[0].land.packed)
    assert os.listdir(tmp_path) == [], "nothing is left under a name"


def in_file(array: np.ndarray[Any, Any]) -> bool:
    """Whether an array lies in a mapped file."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base is not None and isinstance(getattr(base, "obj", base), mmap.mmap)


def test_threads_and_blocks_do_not_matter_where_everybody_is_scored_by_known_rules() -> None:
    """From 2019-12 on: enrolled by law a month later, a few friends dropped for scores (not under every seed)."""
    wanted = declared(4_099, 14, start="2019-12", settings=("citizen-score.score.rules=known",))
    first = live(wanted, seed=2, threads=1, block=8_192)
    plain, scored = first.worlds
    assert np.mean(scored.columns["score"] > 0) > 0.99
    assert np.count_nonzero(plain.columns["hold"] != scored.columns["hold"]) > 0
    assert live(wanted, seed=2, threads=2, block=1_000).prints == first.prints
    assert live(wanted, seed=2, threads=8, block=509).prints == first.prints


def test_rules_that_are_left_out_where_they_are_idle_would_do_nothing() -> None:
    assert {row.name for row in ROWS if row.idle is not None} == {"enrolment", "peers", "providers"}
    always = Schedule(tuple(replace(row, idle=None) for row in ROWS))
    wanted = declared(2_000, 14, ("none", "citizen-score", "peer-ratings", "pilots-2015"))
    assert live(wanted, schedule=always).prints == live(wanted).prints


def test_a_world_alone_lives_as_it_does_beside_others() -> None:
    beside = reference()
    alone = live(declared(PEOPLE, MONTHS, ("citizen-score",)))
    assert alone.prints[1] == beside.prints[2]
    theirs = [row for row in beside.rows if row["world"] == "citizen-score"]
    assert [row | {"against": 0} for row in theirs] == alone.rows
    assert any(row["against"] for row in theirs)


def test_the_order_of_worlds_moves_only_what_they_are_compared_with() -> None:
    turned = live(declared(PEOPLE, MONTHS, BOTH[::-1]))
    assert turned.prints[1:] == (reference().prints[2], reference().prints[1])
    assert [row | {"against": 0} for row in turned.rows] == [row | {"against": 0} for row in reference().rows]


def test_another_seed_is_another_history() -> None:
    other = usual(PEOPLE, MONTHS, 2)
    for mine, theirs in zip(reference().worlds, other.worlds, strict=True):
        for name in ("buffer", "outlook", "hold", "flags"):
            assert np.mean(mine.columns[name] != theirs.columns[name]) > 0.1, name


def test_a_regime_beside_itself_differs_from_its_twin_nowhere() -> None:
    lived = live(declared(5_000, 14, ("citizen-score", "citizen-score")))
    assert lived.prints[1] == lived.prints[2]
    rows = lived.rows
    assert len(rows) > 5_000
    assert {row["against"] for row in rows} == {0}
    keys = [tuple(v for k, v in row.items() if k != "against") for row in rows]
    assert keys[::2] == keys[1::2]


def test_nothing_beside_nothing_is_nothing() -> None:
    lived = live(declared(5_000, 14, ("none", "none")))
    assert lived.prints[1] == lived.prints[2]
    assert {row["against"] for row in lived.rows} == {0}
    assert sum(row["count"] for row in lived.rows if row["measure"] in ("on_list", "gave_up", "enrolled")) == 0


def test_every_column_stays_within_its_declared_range() -> None:
    for lived in reference().worlds:
        for column in (*STATE, *BOARD):
            values = lived.columns[column.name]
            assert values.dtype == column.dtype
            if not values.size:  # needed by none of these regimes
                assert column.needs
                continue
            assert column.low <= int(values.min()), column.name
            assert int(values.max()) <= column.high, column.name


def test_compiled_forms_are_kept_by_their_sources_where_numba_was_loaded_first() -> None:
    """Else Numba keeps them beside the sources and notices no change of an inlined function: stale results."""
    asked = (
        "import numba, sincerity.people.kernel as k; from sincerity.month.score import score; "
        "print(f'month.score-{k.sources_hash(\"month.score\")}' in score._cache.cache_path)"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=clean())
    assert found.stdout.strip() == "True"


def test_a_compiled_form_is_forgotten_with_any_source_that_it_takes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    sources_hash = kernels.sources_hash.__wrapped__
    before = {name: sources_hash(name) for name in ("month.score", "month.meeting")}
    source = kernels._source
    monkeypatch.setattr(kernels, "_source", lambda m: source(m) + (b"#" if m == "people.functions" else b""))
    assert sources_hash("month.score") != before["month.score"]  # it rounds
    assert sources_hash("month.meeting") == before["month.meeting"]  # it doesn't


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}


def test_blocks_beyond_65536_people_give_the_same_or_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`candidates` is a uint16."""
    monkeypatch.setattr("sincerity.engine.cpu.WARM_UP_MONTHS", 2)
    wanted = declared(90_000, 1)
    try:
        found = live(wanted, block=90_000).prints
    except ValueError:
        return
    assert found == live(wanted, block=8_192).prints
