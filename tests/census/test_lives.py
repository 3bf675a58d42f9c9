"""Lives: the parts of a score sum to it, and events name a cause."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.living import declared
from sincerity.census.lives import TOGETHER, Life
from sincerity.census.waterfall import WHO
from sincerity.engine import cpu
from sincerity.engine.trace import Trace
from sincerity.month import standing
from sincerity.people.columns import MISTAKEN

WANTED = declared(1_000, 14, start="2019-12")


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    found = {
        (w, i): Life(WANTED.society, r, i, until=13) for w, r in enumerate(WANTED.regimes) for i in range(0, 1_000, 20)
    }
    trace = Trace({i: 0 for _, i in found}, lambda step: found[step.world, step.person].take(step))
    cpu.simulate(WANTED, 1, trace=trace)
    return list(found.values())


def test_the_waterfall_ends_at_the_score(lives: list[Life]) -> None:
    scored = [life for life in lives if life.last["score"]]
    assert len(scored) > 40
    for life in scored:
        shares = life.waterfall()
        assert sum(share.points for share in shares) == pytest.approx(life.last["score"] / 32, abs=0.5)
        assert shares[0].points == pytest.approx(622, abs=1 / 16)
        accounts = {name: sum(part.points for part in lines.values()) for name, lines in life.accounts.items()}
        assert accounts == pytest.approx({name: life.last[name] / 16 for name in accounts})
    assert any(share.label == WHO for share in scored[0].waterfall())


def test_without_a_tie_the_score_moves_by_what_the_tie_adds(lives: list[Life]) -> None:
    pulls = [pull for life in lives for pull in life.pulls]
    assert any(pull.adds > 0 for pull in pulls)
    assert any(pull.adds < 0 for pull in pulls)


def test_every_event_has_a_cause_and_most_a_single_one(lives: list[Life]) -> None:
    events = [event for life in lives for event in life.events]
    assert len(events) > 200
    assert all(event.cause and event.what for event in events)
    assert sum(TOGETHER in event.cause for event in events) < len(events) / 20


def test_ordinary_law_has_no_score_and_no_lists(lives: list[Life]) -> None:
    kinds = {event.kind for life in lives if life.regime.name == "none" for event in life.events}
    assert not kinds & {"score", "crossed", "listed", "record", "enrolled", "gave up", "for points"}
    assert {"score", "record"} <= {event.kind for life in lives for event in life.events}


@pytest.mark.parametrize("mistaken", [True, False])
def test_off_a_list_by_mistake_nobody_met_a_judgment(mistaken: bool) -> None:
    """On the list of court defaulters in one month, off it in the next."""
    regime = next(each for each in WANTED.regimes if each.lists)
    names = list(regime.lists)
    number = names.index("defaulters")
    life = Life(WANTED.society, regime, 0)

    def step(month: int, entered: int, left: int) -> Any:
        before = {"owed": 16, "buffer": 0, "flags": 0}
        turned = {MISTAKEN: int(mistaken and entered > 0)}
        return SimpleNamespace(
            month=month, date=WANTED.start + month, rule="standing", before=before,
            after={"entered": entered << number, "left": left << number},
            tables=SimpleNamespace(list_kind=[standing.BY_JUDGMENT] * len(names)), turned=lambda bit: turned[bit],
        )  # fmt: skip

    entered, left = [*life._listed(step(0, 1, 0)), *life._listed(step(1, 0, 1))]
    assert ("mistaken" in entered.cause) == mistaken
    assert left.cause == ("it was somebody else's judgment" if mistaken else regime.lists["defaulters"].leaves)
