"""Sums over living ties, against plain Python over the whole land."""

import numpy as np

from month.bench import bench, land
from sincerity.people.columns import DISORDER, LISTED, PUNISHED, SANCTIONED, SPOKE_AGAINST, SPOKE_FOR
from sincerity.people.ties import HOUSEHOLD, KIND_OF_SLOT, SLOTS, STREET_FRIENDS, TOWN, contact

N = 1024
RNG = np.random.default_rng(7)
SCORE = RNG.integers(0, 2**16, N) * RNG.integers(0, 2, N)
FLAGS = RNG.integers(0, 2**16, N)
HOLD = RNG.integers(0, 2**SLOTS, N)
MET = [{k: contact(i, k, land().ties) for k in range(SLOTS)} for i in range(N)]
PEOPLE = [
    {
        "board": int(SCORE[i]) | int(FLAGS[i]) << 16 | int(HOLD[i]) << 32,
        "contacts": {k: j for k, j in MET[i].items() if j < N},
    }
    for i in range(N)
]
LEFT = bench("meeting", PEOPLE)


def living(i: int) -> dict[int, int]:
    """Slot -> person, for the slots that both ends hold."""
    return {k: j for k, j in MET[i].items() if j < N and j != i and HOLD[i] >> k & 1 and HOLD[j] >> k & 1}


TIES = [living(i) for i in range(N)]


def test_a_tie_lives_where_both_ends_hold_it() -> None:
    assert LEFT.alive == [sum(1 << k for k in ties) for ties in TIES]
    assert LEFT.company == [len(ties) for ties in TIES]
    for i, ties in enumerate(TIES):
        assert all(TIES[j].get(k) == i for k, j in ties.items())


def test_scores_of_scored_ties_are_added_up() -> None:
    assert LEFT.friends_score == [sum(int(SCORE[j]) for j in ties.values()) for ties in TIES]
    assert LEFT.friends_scored == [sum(SCORE[j] > 0 for j in ties.values()) for ties in TIES]


def test_what_ties_showed_is_counted() -> None:
    for name, flag in (
        ("friends_for", SPOKE_FOR),
        ("friends_against", SPOKE_AGAINST),
        ("friends_punished", PUNISHED),
        ("friends_sanctioned", SANCTIONED),
    ):
        assert getattr(LEFT, name) == [sum(bool(FLAGS[j] & flag) for j in ties.values()) for ties in TIES]


def test_household_and_neighbours_are_the_nearer_slots() -> None:
    household = (0, 1, 2)
    near = [k for k in range(SLOTS) if KIND_OF_SLOT[k] in (HOUSEHOLD, STREET_FRIENDS, TOWN)]
    assert LEFT.household_listed == [sum(bool(FLAGS[j] & LISTED) for k, j in t.items() if k in household) for t in TIES]
    assert LEFT.neighbours == [sum(k in near for k in t) for t in TIES]
    assert LEFT.neighbours_disorderly == [
        sum(bool(FLAGS[j] & DISORDER) for k, j in t.items() if k in near) for t in TIES
    ]


def test_last_months_sums_are_gone() -> None:
    stale = [{**p, "company": 9, "alive": 99, "met": 2**50, "met_flags": 2**50} for p in PEOPLE]
    assert bench("meeting", stale).company == LEFT.company
    alone = bench("meeting", [{"board": 2**48 - 1}] * 3)
    assert (alone.company, alone.alive, alone.friends_for) == ([0] * 3, [0] * 3, [0] * 3)
