"""The start of a nation: state taken over from a sample gives the world that living the whole warm-up gives."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.living import Lived, declared, live
from sincerity.engine import cpu, room
from sincerity.engine import taking_over as taking
from sincerity.engine.checkpoint import Keep
from sincerity.engine.room import Room
from sincerity.engine.taking_over import CELLS, deck, parts
from sincerity.engine.world import Land
from sincerity.people.ties import dense

PEOPLE, MONTHS, SAMPLE = 30_000, 12, 20_000
ASKED = declared(PEOPLE, MONTHS, ("citizen-score",))


def small_nation(patch: pytest.MonkeyPatch) -> None:
    """So few people make a nation, and a sample of them."""
    patch.setattr(cpu, "ABOVE", PEOPLE - 1)
    patch.setattr(cpu, "SAMPLE", SAMPLE)


@pytest.fixture
def a_nation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a whole test."""
    small_nation(monkeypatch)


@lru_cache
def lived_through() -> Lived:
    """The same people, who lived the whole warm-up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cpu, "ABOVE", PEOPLE)
        patch.setattr(cpu, "SAMPLE", 0)
        return live(ASKED)


@lru_cache
def taken() -> Lived:
    """With the state of the sample."""
    with pytest.MonkeyPatch.context() as patch:
        small_nation(patch)
        return live(ASKED)


def counts(lived: Lived) -> dict[tuple[str, str], int]:
    return {(row["month"], row["measure"]): row["count"] for row in lived.rows if row["by"] == "all"}


@pytest.mark.parametrize("month", ["2014-06", "2015-05"])
def test_stocks_are_those_of_the_whole_warm_up(month: str) -> None:
    """In the first month and after a year of the regime, within what chance moves: five standard deviations of two."""
    whole, short = counts(lived_through()), counts(taken())
    named = (
        "working has_loan late defaulted judged in_need unpaid_bill partner critic approve approve_meant silent muted "
        "spoke_critical on_list sanctioned refused refused_loan refused_job got_loan insincere lost_tie aware"
    )
    for measure in named.split():
        a, b = whole[month, measure], short[month, measure]
        chance = min(a, PEOPLE - a) * (1 + PEOPLE / SAMPLE)
        assert abs(a - b) <= 5 * (chance + 10) ** 0.5, f"{measure}: {a} lived, {b} taken over"
    for measure, least in (("buffer_sum", 0.02), ("fear_sum", 0.01), ("ties_sum", 0.01), ("score_sum", 0.01)):
        a, b = whole[month, measure], short[month, measure]
        assert abs(a - b) <= least * a, f"{measure}: {a} lived, {b} taken over"
    views = abs(whole[month, "view_sum"] - short[month, "view_sum"]) / PEOPLE / 32767
    assert views < 0.015, "the mean view, of -1 to 1"


def test_what_is_usual_and_firms_are_those_of_the_whole_warm_up() -> None:
    (whole,), (short,) = lived_through().worlds, taken().worlds
    disorderly = whole.usual_disorder * PEOPLE * 12
    assert abs(short.usual_disorder - whole.usual_disorder) * PEOPLE * 12 < 8 * disorderly**0.5
    cash = [float(world.firms["cash"].mean()) / 64 for world in (whole, short)]
    assert abs(cash[0] - cash[1]) < 0.1, "months of the wage bill"


@pytest.mark.usefixtures("a_nation")
@pytest.mark.parametrize(("threads", "block"), [(1, 30_000), (3, 1_000)])
def test_threads_blocks_and_files_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int, block: int
) -> None:
    monkeypatch.setattr(room, "STRIP", 4_096)
    assert live(ASKED, threads=threads, block=block, room=Room(tmp_path)).prints == taken().prints


def test_up_to_the_bound_everybody_lives_the_whole_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of nobody would fail."""
    few = declared(5_000, 3, ("citizen-score",))
    usual = live(few).prints
    monkeypatch.setattr(cpu, "SAMPLE", 0)
    monkeypatch.setattr(cpu, "ABOVE", 5_000)
    assert live(few).prints == usual


@pytest.mark.usefixtures("a_nation")
def test_the_last_months_of_the_warm_up_are_gone_on_with(tmp_path: Path) -> None:
    """Cut off while it settles; the sample is not lived again."""
    real, stages = Keep.after_warm_up, []  # type: Any, list[str]

    class Cut(Keep):
        def after_warm_up(self, month: int, of: int, *rest: Any) -> None:
            self.stop = month == 46
            real(self, month, of, *rest)

    def watch(stage: str, done: int, total: int, people: int = 0) -> None:
        stages.append(stage)

    with pytest.raises(KeyboardInterrupt):
        live(ASKED, keep=Cut(tmp_path, "key", 1))
    assert live(ASKED, keep=Keep(tmp_path, "key", 1), watch=watch).prints == taken().prints
    assert "settling" in stages
    assert "warming up the sample" not in stages


@pytest.mark.usefixtures("a_nation")
def test_phases_are_told_apart() -> None:
    seconds = cpu.simulate(ASKED, 1, threads=2).seconds
    wanted = {"building", "warming up the sample", "taking over", "settling", "living"}
    assert wanted <= {phase for phase, spent in seconds.items() if spent > 0}
    assert "warming up" not in seconds


# ---- donors -------------------------------------------------------------------------------------------------------


def test_a_class_without_members_has_those_of_the_nearest() -> None:
    made = deck(np.array([3, 1, 3, 7, 1, 1]), 10)
    members = [sorted(made.order[first : first + many]) for first, many in zip(made.first, made.many, strict=True)]
    one, three, seven = [1, 4, 5], [0, 2], [3]
    assert members[:4] == [one, one, members[2], three]
    assert members[2] in (one, three)
    assert members[4:] == [three, members[5], seven, seven, seven, seven]


def test_parts_are_of_equal_size() -> None:
    values = np.random.default_rng(1).integers(-50, 50, 10_000)
    found = np.bincount(parts(values, -50, 50, 4)[values + 50])
    assert len(found) == 4
    assert found.min() > 2_200


def test_everybody_has_a_donor_alike(land: Land) -> None:
    """Donors of a warmed-up world, drawn for its own people, are of the same age class, schooling and decile."""
    from sincerity.declare.catalogue import regime
    from sincerity.engine.cpu import Engine
    from sincerity.engine.world import build
    from sincerity.month.schedule import Schedule
    from sincerity.people import traits

    world = build(land, regime("none"), Schedule())
    engine = Engine([world], Schedule(), 1, 1, land.people)
    engine.begin()
    donors = taking.donors_of(world, 0.0)
    assert {"buffer", "loan", "owed", "fear", "flags"} <= set(donors.columns)
    found = {c.name: np.zeros(land.people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, land.people, land.packed, land.traits.kernel, *found.values())
    cells, drawn = np.zeros(land.people, np.int64), np.zeros(land.people, np.uint32)
    by = (found[name] for name in taking.BY)
    climate = np.zeros(land.people, np.int64)
    taking.fill_cells(land.people, donors.retired, donors.careful, donors.views, donors.climates, climate, cells, *by)
    assert 0 <= cells.min() <= cells.max() < CELLS
    luck = np.random.default_rng(1).integers(0, 2**32, (4, land.people), np.uint32)
    taking.draw(land.people, cells, donors.people, luck, drawn)
    same = {name: float(np.mean(found[name] == found[name][drawn])) for name in ("education", "decile")}
    assert same["education"] > 0.99
    assert same["decile"] > 0.9
    apart = np.abs(found["opinion"].astype(int) - found["opinion"][drawn])
    assert np.mean(apart) < np.mean(np.abs(found["opinion"].astype(int) - found["opinion"][::-1])) / 2


def test_as_many_ties_are_held_as_the_donor_holds(land: Land) -> None:
    people, household = land.people, 3
    ties, seeks = dense(land.contacts(0, people)), np.zeros(people, np.uint8)
    slots, many = np.zeros(people, np.uint32), np.zeros(people, np.int64)
    taking.fill_open(0, people, household, ties, seeks, np.empty(32, np.uint32), slots, many)
    luck = np.random.default_rng(1).integers(0, 2**32, (4, people), np.uint32)
    held = np.arange(40, dtype=np.uint8)
    drawn = np.random.default_rng(2).integers(0, 40, people).astype(np.uint32)
    hold = np.zeros(people, np.uint32)
    taking.hold_some(people, household, slots, many, held, drawn, luck, hold)
    assert np.array_equal(np.bitwise_count(hold >> 3), np.minimum(drawn, many))
    assert not np.any(hold >> 3 & ~(slots >> 3)), "none that leads to nobody"
    assert (hold & 7 == 7).all()
    full = many >= 10
    shares = [np.mean((hold[full] >> slot & 1)[(slots[full] >> slot & 1) == 1]) for slot in range(3, 32)]
    assert np.nanmax(shares) - np.nanmin(shares) < 0.35, "each slot as likely"
