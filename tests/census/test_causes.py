"""Causes: what closed a gate, one person at a time."""

from __future__ import annotations

import numpy as np
import pytest

from sincerity.census import causes as census
from sincerity.census.causes import CAUSES, SHAPE, SHARES
from sincerity.engine.frames import frame
from sincerity.month.gates import GATE
from sincerity.month.standing import BY_ACTS, BY_SCORE
from sincerity.people import columns, traits
from sincerity.people.columns import registry

LOAN = GATE["loan"]
ENROLLED = columns.ENROLLED


def found(gate: int = LOAN, scored: int = 1, kept: int = 1, **given: int) -> dict[str, int]:
    """Cause -> 64ths of one refusal by the regime, of a person with these columns and a score of 500 to pass 550."""
    known = registry(traits.columns())
    values = {"refused_regime": 1 << gate, "flags": ENROLLED, "score": 500 * 32, "score_alone": 500 * 32} | given
    arrays = {name: np.zeros(1, known[name].dtype) for name in census.READS}
    for name, value in values.items():
        arrays[name][0] = value
    if not kept:
        arrays["credit"] = arrays["conduct"] = np.zeros(0, np.int16)
    lists, below, household = (np.zeros(len(GATE), np.int64) for _ in range(3))
    lists[LOAN], below[LOAN], household[LOAN] = 0b111, 550 * 32, 1
    looked_up = {
        "list_kind": np.array([BY_ACTS, BY_SCORE, BY_ACTS], np.int64),
        "gate_lists": lists,
        "gate_threshold": below,
        "gate_household": household,
        "scored": scored,
        "credit_weight": np.float32(2),
        "credit_scale": np.float32(0.5),
        "conduct_weight": np.float32(0.5),
        "conduct_scale": np.float32(1),
    }
    mass = np.zeros(SHAPE, np.int64)
    people, tables = (
        frame("People", tuple(arrays))(*arrays.values()),
        frame("Tables", tuple(looked_up))(*looked_up.values()),
    )
    census.causes(0, 1, people, tables, mass)
    assert mass.sum() == mass[:, gate].sum() == SHARES
    return {CAUSES[c]: int(mass[c, gate]) for c in np.flatnonzero(mass[:, gate])}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lists": 0b001}, {"list 1": 64}),
        ({"lists": 0b101, "credit": -160}, {"list 1": 64}),  # a list closes it before a score does
        ({"lists": 0b010, "credit": -160, "score": 600 * 32, "score_alone": 600 * 32}, {"credit": 64}),
        ({"credit": -160}, {"credit": 64}),
        ({"conduct": -160}, {"conduct": 64}),
        ({"credit": -160, "conduct": -160}, {"credit": 42, "conduct": 22}),  # 10 points and 5 points; the rest: 1/64
        ({"credit": -160, "score_alone": 510 * 32}, {"credit": 32, "ties": 32}),
        ({"score_alone": 510 * 32}, {"ties": 64}),
        ({"credit": 160, "conduct": 160}, {"traits": 64}),
        ({"flags": 0}, {"unscored": 64}),
        ({"score": 600 * 32, "score_alone": 600 * 32, "household_listed": 1}, {"household": 64}),
        ({"household_listed": 1}, {"traits": 64}),  # one's own score closes it before a relative's list does
        ({"score": 600 * 32, "score_alone": 600 * 32, "closed_by_providers": 1 << LOAN}, {"private scorer": 64}),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()),
)
def test_what_closed_the_gate(given: dict[str, int], expected: dict[str, int]) -> None:
    assert found(**given) == expected


def test_where_no_accounts_are_kept_it_is_ties_or_traits() -> None:
    assert found(kept=0) == {"traits": 64}
    assert found(kept=0, score_alone=501 * 32) == {"ties": 64}


def test_stigma_comes_of_the_score() -> None:
    assert found(gate=GATE["flat"], conduct=-16) == {"conduct": 64}
