"""The state before the warm-up: shares near the declared ones."""

from functools import cache

import numpy as np
import pytest

from month.bench import Left, bench, land, many, tables, words
from sincerity.people.columns import LOAN_PAID, OUT_OF_WORK, PARTNER
from sincerity.people.orders import NOBODY
from sincerity.people.ties import FIRST_MATCHING, SLOTS, contact, is_dead

N = 1000
PLAIN = tables()
FIGURES = land().society


@cache
def started(turn: int, **person: int) -> Left:
    return bench("start", many(N, **person), words(7, N, turn))


def share(column: str, mask: int, **person: int) -> float:
    """The share of 10,000 people alike whose column has the mask."""
    return float(np.mean([((started(t, **person).array(column) & mask) > 0).mean() for t in range(10)]))


@pytest.mark.parametrize("education", range(4))
def test_as_many_are_out_of_work_as_loss_and_finding_balance(education: int) -> None:
    loss, find = (float(f.values[education]) for f in (FIGURES.livelihood.job_loss, FIGURES.livelihood.job_finding))
    assert share("flags", OUT_OF_WORK, education=education) == pytest.approx(loss / (loss + find), abs=0.011)
    assert share("flags", OUT_OF_WORK, education=education, age=70) == 0


def test_loans_partners_and_unmet_judgments_are_as_declared() -> None:
    assert share("loan", LOAN_PAID) == pytest.approx(float(FIGURES.obligations.loans_at_start), abs=0.02)
    assert share("flags", PARTNER) == pytest.approx(float(FIGURES.friendship.partnered_at_start), abs=0.02)
    owing = np.mean([share("owed", 255, decile=d) for d in range(10)])
    assert owing == pytest.approx(float(FIGURES.obligations.unmet_at_start), rel=0.15)
    assert share("owed", 255, decile=0) > share("owed", 255, decile=9)


def test_amounts_owed_have_the_declared_median() -> None:
    left = bench("start", many(N), words(7, N), unmet_at_start=2**32)
    assert np.median(left.array("owed")) / 8 == pytest.approx(float(FIGURES.obligations.judgment_median), rel=0.1)
    assert left.array("owed").min() >= 1


@pytest.mark.parametrize("decile", [0, 5, 9])
def test_savings_lie_between_nothing_and_the_cap(decile: int) -> None:
    saved = started(0, decile=decile).array("buffer")
    assert saved.max() <= PLAIN["buffer_cap"][decile]
    assert saved.mean() == pytest.approx(PLAIN["buffer_cap"][decile] / 2, rel=0.06)


def test_everybody_begins_with_the_first_opinion_and_the_background_of_fear() -> None:
    left = bench("start", [{"opinion": o} for o in (-32767, -1, 0, 20000)], words(7, 4))
    assert left.outlook == [-32767, -1, 0, 20000]
    assert left.fear == [round(255 * float(FIGURES.learning.fear_background))] * 4


def test_household_and_work_are_held_and_further_slots_by_the_sociable() -> None:
    near = (1 << FIRST_MATCHING) - 1
    bits = [[int(h & ~near).bit_count() for h in started(0, sociability=s).hold] for s in (10, 128, 250)]
    assert np.mean([h & near == near for h in started(0, sociability=128).hold]) > 0.8
    assert np.mean(bits[0]) < np.mean(bits[1]) < np.mean(bits[2])


def test_no_slot_is_held_that_leads_nowhere() -> None:
    held = started(0, sociability=255).hold
    for i in range(0, N, 7):
        for slot in range(FIRST_MATCHING, SLOTS):
            assert not (held[i] >> slot & 1 and is_dead(i, slot, land().ties))


def test_nobody_holds_two_slots_to_the_same_person() -> None:
    """A colleague who is of the household already is met once."""
    held = started(0, sociability=128).hold
    for i in range(N):
        reached = [contact(i, slot, land().ties) for slot in range(SLOTS) if held[i] >> slot & 1]
        reached = [j for j in reached if j != NOBODY]
        assert len(set(reached)) == len(reached)
