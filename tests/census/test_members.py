"""Members of private scorers: flows by month of membership, states and what ever happened in the last month."""

from __future__ import annotations

import numpy as np

from sincerity.census.measures import BIT, EVER_BIT, MONTHLY
from sincerity.census.members import NO_MEMBER, Block, Members


def masks(people: list[int]) -> np.ndarray:
    return np.array([[mask & (2**64 - 1) for mask in people], [mask >> 64 for mask in people]], np.uint64)


def block(scores: list[list[int]], mine: list[int], base: list[int], ever: list[int]) -> Block:
    none = np.zeros(0, np.uint8)
    past = np.array(ever, np.uint8)
    return Block(np.array(scores, np.uint8), masks(mine), masks(base), past, none, np.zeros(len(mine), np.uint8), none)


def test_groups_overlap_and_everybody_else_is_one_more() -> None:
    members = Members(("first", "second"), 14)
    late, working = 1 << BIT["late"], 1 << BIT["working"]
    more = MONTHLY[-1].id
    assert [month for month in range(14) if members.wants(month)] == list(range(2, 14))
    refused = 1 << EVER_BIT["refused_ever"]
    members.add(
        12, block([[5, 0, 9, 0], [0, 0, 9, 0]], [late | 1 << BIT[more], late, working, 0], [0, 0, 0, 0], [0] * 4)
    )
    members.add(13, block([[5, 5, 9, 0], [0, 0, 9, 0]], [late, 0, late, working], [0, 0, late, 0], [refused] * 4))
    found = {(group, measure): rest for group, measure, *rest in members.rows()}
    assert found["first", "late"] == [3, 5, 2]  # of five member-months; the third twin was late as well
    assert found["second", "late"] == [1, 2, 0]
    assert found["first", more] == [1, 5, 1]  # in the second mask
    assert found[NO_MEMBER, more] == [0, 3, 0]
    assert found[NO_MEMBER, "late"] == [1, 3, 1]
    assert found["first", "working"] == [0, 3, 0]  # a state: of the last month's members
    assert found[NO_MEMBER, "working"] == [1, 1, 1]
    assert found["first", "refused_ever"] == [3, 3, 3]
    assert found["second", "refused_ever"] == [1, 1, 1]


def test_without_private_scorers_nothing_is_counted() -> None:
    members = Members((), 24)
    assert not members.wants(23)
    assert members.rows() == []
