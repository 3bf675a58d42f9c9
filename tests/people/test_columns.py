"""The column registry: every column once, its range in its type, and no more bytes a person than promised."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sincerity.declare.catalogue import regime, regime_names
from sincerity.engine.world import kept_columns
from sincerity.month.schedule import Schedule
from sincerity.people import columns, traits
from sincerity.people.columns import BOARD, MONTH, STATE, TIES, WORKPLACE, Column, kept, registry
from sincerity.people.ties import room_for

ALL = (*STATE, *BOARD, *TIES, WORKPLACE, *traits.columns(), *MONTH)


def test_every_name_stands_once() -> None:
    assert len({column.name for column in ALL}) == len(ALL)
    assert list(registry(traits.columns())) == [column.name for column in ALL]


def test_a_further_column_joins_the_registry() -> None:
    mine = Column("grudge", np.uint8, "state", "points", 0, 255, "what is not forgotten")
    assert registry(traits.columns(), (mine,))["grudge"] is mine
    assert mine.seen_by == "self"


@pytest.mark.parametrize("column", ALL, ids=lambda c: c.name)
def test_a_column_holds_its_range_and_says_what_it_is(column: Column) -> None:
    assert column.low < column.high
    if np.issubdtype(column.dtype, np.integer):
        for bound in (column.low, column.high):
            assert np.array([bound]).astype(column.dtype)[0] == bound
    assert column.unit
    assert len(column.meaning) > 8
    assert column.bytes == np.zeros((column.rows, 1), column.dtype).nbytes


@pytest.mark.parametrize("name", regime_names())
def test_a_person_takes_at_most_24_private_bytes_and_8_of_board_under_each_regime(name: str) -> None:
    found = kept_columns(Schedule(), [regime(name)])
    assert sum(column.bytes for column in found.values() if column.life == "state") <= 24
    assert sum(column.bytes for column in BOARD) == 8


def test_columns_that_no_regime_needs_take_nothing() -> None:
    plain, press = (set(kept_columns(Schedule(), [regime(n)])) for n in ("none", "citizen-score"))
    assert press - plain == {"credit", "conduct", "term", "false_points", "false_months", "history"}
    both = kept_columns(Schedule(), [regime(n) for n in ("defaulter-lists-2018", "rongcheng-2019", "peer-ratings")])
    assert both["term"].rows == 3
    assert {"hours", "rating"} < set(both)
    assert kept(registry(traits.columns()), {}).keys() == plain


def test_contacts_take_128_bytes_and_ties_half_of_it() -> None:
    assert [c.bytes for c in TIES] == [128, 60, 1]
    for people in (16_384, 100_000):
        assert sum(part.nbytes for part in room_for(people)) <= 60 * people


def test_lives_are_what_they_are_listed_under() -> None:
    assert {c.life for c in STATE} == {"state"}
    assert {c.life for c in BOARD} == {"board"}
    assert {c.life for c in (*TIES, *traits.columns())} == {"trait"}
    assert {c.life for c in MONTH} == {"month"}


def test_flags_are_bits_of_their_own_and_the_board_shows_the_public_ones() -> None:
    names = [
        "SPOKE_FOR",
        "SPOKE_AGAINST",
        "PUNISHED",
        "SANCTIONED",
        "LISTED",
        "DISORDER",
        "ENROLLED",
        "OUT_OF_WORK",
        "IN_NEED",
        "PARTNER",
        "AWARE",
        "UNWILLING",
        "MISTAKEN",
        "OWN_LISTED",
        "DID_GOOD",
    ]
    flags = [getattr(columns, name) for name in names]
    assert all(a & b == 0 for a, b in combinations(flags, 2))
    assert sum(flags) < 2**16
    shown = [name for name, flag in zip(names, flags, strict=True) if flag & columns.SHOWN_FLAGS]
    assert shown == [*names[:9], "OWN_LISTED"]
