"""The state before the warm-up: shares near the declared ones."""

from functools import cache

import numpy as np
import pytest

from month.bench import Left, bench, land, many, tables, words
from sincerity.people.columns import LOAN_PAID, OUT_OF_WORK, PARTNER
from sincerity.people.orders import NOBODY
from sincerity.people.ties import FIRST_WORK, SLOTS, contact

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


def test_everybody_begins_near_the_first_opinion_and_at_the_background_of_fear() -> None:
    left = bench("start", [{"opinion": o} for o in (-32767, -1, 0, 20000)], words(7, 4))
    pulled, heard = float(FIGURES.learning.view_pulled), float(FIGURES.learning.view_heard)
    assert left.outlook == pytest.approx([o + pulled * (32767 * heard - o) for o in (-32767, -1, 0, 20000)], abs=1)
    assert left.fear == [round(255 * float(FIGURES.learning.fear_background))] * 4


def met() -> list[dict[int, int]]:
    """Slot -> person, for everybody."""
    found = [{k: int(contact(i, k, land().ties)) for k in range(SLOTS)} for i in range(N)]
    return [{k: j for k, j in mine.items() if j != NOBODY} for mine in found]


@cache
def tied() -> Left:
    return bench("start", [{"contacts": {k: j for k, j in mine.items() if j < N}} for mine in met()], words(7, N))


def test_the_household_is_held_and_of_the_other_slots_as_many_as_opening_and_dropping_balance() -> None:
    home = (1 << FIRST_WORK) - 1
    held = tied().hold
    assert all(h & home == home for h in held)
    further = [k for mine in met() for k, j in mine.items() if k >= FIRST_WORK and j < N]
    kept = sum((h & ~home).bit_count() for h in held)
    figures = FIGURES.friendship
    share = float(figures.open) / (float(figures.open) + float(figures.drop))
    assert kept / len(further) == pytest.approx(share, abs=0.02)  # but for repeats


def test_no_slot_is_held_that_leads_nowhere_and_no_two_to_the_same_person() -> None:
    repeated = 0
    for i, (hold, mine) in enumerate(zip(tied().hold, met(), strict=True)):
        held = [mine[k] for k in range(SLOTS) if hold >> k & 1 and (k >= FIRST_WORK or k in mine)]
        assert len(set(held)) == len(held), i
        repeated += len(set(mine.values())) < len(mine)
    assert repeated > 10
