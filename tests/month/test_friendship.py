"""Ties dropped and opened, one slot a month; partners met and lost."""

import numpy as np
import pytest

from month.bench import IN, bench, gate, land, tables, words
from sincerity.people.columns import ENROLLED, PARTNER
from sincerity.people.orders import NOBODY
from sincerity.people.ties import FIRST_WORK, GROUPS, SLOTS, contact, open_slots

N = 1024
ALL = 2**SLOTS - 1
PLAIN = tables()
TIES = land().ties
MINE, MANY = open_slots()
HUB = {"sociability": 255}
"""Of the most sociable, who have all slots but those of nobody else."""
REVIEWED = int(MANY[0])


def word_of(slot: int) -> int:
    """A word by which one of the most sociable reviews this slot."""
    return int(MINE[0].tolist().index(slot)) * 2**32 // REVIEWED + 2**20


def reviewed_by(word: int, sociability: int) -> int:
    """The slot that a word has somebody review."""
    group = (255 - sociability) * GROUPS >> 8
    return int(MINE[group, word * int(MANY[group]) >> 32])


def met(i: int, **columns: object) -> dict[str, object]:
    """Person i of the land, with all that he or she could meet."""
    found = {k: contact(i, k, TIES) for k in range(SLOTS)}
    whom = {k: j for k, j in found.items() if j < 1024}
    return {"hold": ALL, "alive": ALL, "company": 9, "reach": 10, "contacts": whom, **HUB, **columns}


def is_dead(i: int, slot: int) -> bool:
    """Whether a slot leads to nobody, or to whom a nearer one leads too."""
    j = contact(i, slot, TIES)
    return j == NOBODY or any(contact(i, nearer, TIES) == j for nearer in range(slot))


PEOPLE = [met(i) for i in range(N)]


def test_the_household_is_never_dropped_and_only_the_reviewed_slot_moves() -> None:
    for held in (ALL, 0):
        luck = words(3, N)
        luck[1] = 0
        left = bench("friendship", [{**p, "hold": held} for p in PEOPLE], luck)
        changed = left.array("hold") ^ held
        assert (changed & 0b111 == 0).all()
        assert (changed & (changed - np.uint32(1)) == 0).all()
        slot = np.array([reviewed_by(int(word), 255) for word in luck[0]], np.uint64)
        assert (changed & ~(np.uint64(1) << slot) == 0).all()
        assert (changed > 0).any()


@pytest.mark.parametrize("slot", [3, 6, 12, 17, 24])
def test_a_tie_is_dropped_below_its_hazard(slot: int) -> None:
    person = next(i for i in range(64) if contact(i, slot, TIES) < 1024)
    edge = float(PLAIN["drop"]) * float(PLAIN["crowded"][9 * SLOTS // 10]) * REVIEWED * 2**32
    people = [met(i) for i in range(person + 1)]
    luck = [{0: word_of(slot), 1: int(edge * 0.999)}] * len(people)
    assert bench("friendship", people, luck).hold[person] == ALL & ~(1 << slot)
    luck = [{0: word_of(slot), 1: int(edge * 1.001)}] * len(people)
    assert bench("friendship", people, luck).hold[person] == ALL


def test_a_living_tie_given_up_is_lost_and_a_dead_one_is_not() -> None:
    luck = {0: word_of(8), 1: 0}
    people = [met(i, alive=a) for a in (ALL, 0) for i in range(64)]
    people = [{**p, "contacts": {8: 500}} for p in people]
    left = bench("friendship", people, luck)
    assert left.lost == [1] * 64 + [0] * 64


def test_what_leads_nowhere_is_not_opened() -> None:
    luck = words(3, N)
    luck[1] = 0
    left = bench("friendship", [{**p, "hold": 0} for p in PEOPLE], luck)
    slots = [reviewed_by(int(word), 255) for word in luck[0]]
    dead = np.array([is_dead(i, slot) for i, slot in enumerate(slots)])
    assert ((left.array("hold") == 0) == dead).all()
    assert dead.any()
    assert not dead.all()


def test_company_is_worth_more_to_the_lonely() -> None:
    luck = words(3, N)
    dropped = [
        int((bench("friendship", [{**p, "company": c, "reach": 16} for p in PEOPLE], luck).array("hold") != ALL).sum())
        for c in (3, 9, 16)
    ]
    assert dropped[0] < dropped[1] < dropped[2]


def reviewed(score: int, regime: str, known: bool = True) -> np.ndarray:
    """Who drops a tie to somebody with 900 or 350 points; friends of 625 on average."""
    luck = words(3, N)
    luck[1] = words(1, N, 9)[0] // 8
    friend = score * 32 | ENROLLED << 16
    people = [
        {**p, "board": friend, "flags": IN, "score": 600 * 32, "friends_scored": 9, "friends_score": 9 * 625 * 32}
        for p in PEOPLE
    ]
    left = bench("friendship", people, luck, regime=regime, known=int(known), friends=0.5)
    return np.asarray(left.array("hold") != ALL)


def test_where_friends_count_and_rules_are_known_the_low_are_dropped_first() -> None:
    base, low, high = reviewed(600, "none"), reviewed(350, "citizen-score"), reviewed(900, "citizen-score")
    assert (base <= low).all()
    assert (high <= base).all()
    assert high.sum() < base.sum() < low.sum()


def test_where_rules_are_secret_scores_do_not_part_friends() -> None:
    assert (reviewed(350, "citizen-score", known=False) == reviewed(900, "citizen-score", known=False)).all()


def test_couples_part_below_the_threshold() -> None:
    edge = int(PLAIN["parts"])
    left = bench("friendship", [{"flags": PARTNER}] * 2, [{2: edge - 1}, {2: edge}])
    assert left.flags == [0, PARTNER]


def test_singles_meet_only_where_they_tried_and_passed() -> None:
    date = gate("dating")
    people = [{"tried": date}, {"tried": date, "refused": date}, {"tried": 0}]
    assert bench("friendship", people, {2: 7}, meets=2**32).flags == [PARTNER, 0, 0]
    assert bench("friendship", people, {2: 7}, meets=0).flags == [0, 0, 0]


def test_under_ordinary_law_dropping_and_opening_balance() -> None:
    """The share of slots held that `start` gives is the one at which as many are dropped as opened."""
    dropped = opened = 0
    for turn in range(40):
        hold = np.where(np.random.default_rng(turn).random(N) < float(PLAIN["held"]), 1 << 9, 0)
        luck = words(3, N, turn)
        luck[0] = word_of(9)
        people = [{"hold": h, "company": 9, "reach": 10, "contacts": {9: 1023}, **HUB} for h in hold.tolist()]
        left = bench("friendship", people, luck, crowded=1.0).array("hold")
        dropped += int(((hold > 0) & (left == 0)).sum())
        opened += int(((hold == 0) & (left > 0)).sum())
    assert dropped == pytest.approx(opened, rel=0.1)
    assert dropped > 500


def test_who_has_few_slots_reviews_those_and_no_others() -> None:
    for group in range(GROUPS):
        luck = words(3, N, group)
        luck[1] = 0
        shy = 255 - group * 256 // GROUPS
        people = [{"hold": ALL, "company": 3, "reach": 5, "contacts": dict.fromkeys(range(SLOTS), 1023)}] * (N - 1)
        changed = bench("friendship", [{**p, "sociability": shy} for p in people], luck[:, : N - 1]).array("hold") ^ ALL
        found = {int(c).bit_length() - 1 for c in changed if c}
        assert found == set(MINE[group, : MANY[group]].tolist()), group
        assert min(found) == FIRST_WORK
