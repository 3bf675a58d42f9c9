"""Saying what one thinks: options are joined, never left; fear silences critics; only critics praise unmeant."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from month.bench import IN, bench, many, tables, words
from sincerity.month.gates import ACT
from sincerity.month.speech import choice
from sincerity.people.columns import (
    AWARE,
    CRITICISED,
    ENROLLED,
    NO_OCCASION,
    PRAISED,
    PRAISED_UNMEANT,
    PUNISHED,
    SILENT,
    SPOKE_AGAINST,
    SPOKE_FOR,
)
from sincerity.people.kernel import kernel

N = 4000
PLAIN = tables()
POLICY = int(PLAIN["topics"][0])
"""A word for the first topic of which one can disagree."""
CRITIC, SUPPORTER = -16000, 16000
PRESS = "citizen-score"


class Just(NamedTuple):
    """The two tables that a choice needs."""

    gumbel: NDArray[np.float32]
    inverse_noise: np.float32


@kernel
def choices(
    gumbels: NDArray[np.float32],
    x: float,
    sincere: float,
    praise: float,
    luck: NDArray[np.uint32],
    out: NDArray[np.int64],
) -> None:
    """The rule's choice for each column of three words."""
    found = Just(gumbels, np.float32(1.0))
    for q in range(luck.shape[1]):
        out[q] = choice(
            found, np.float32(x), np.float32(sincere), np.float32(praise), luck[0, q], luck[1, q], luck[2, q]
        )


def chosen(x: float, sincere: float, praise: float, luck: NDArray[np.uint32]) -> NDArray[np.int64]:
    out = np.zeros(luck.shape[1], np.int64)
    choices(PLAIN["gumbel"], x, sincere, praise, luck, out)
    return out


@settings(max_examples=60, deadline=None)
@given(
    x=st.sampled_from([-0.6, 0.6]),
    sincere=st.floats(-8, 8),
    praise=st.floats(-8, 8),
    gain=st.floats(0, 8),
    seed=st.integers(0, 2**32 - 1),
)
def test_an_option_that_gains_is_joined_and_never_left(
    x: float, sincere: float, praise: float, gain: float, seed: int
) -> None:
    luck = words(3, 500, seed)
    before = chosen(x, sincere, praise, luck)
    spoken = CRITICISED if x < 0 else PRAISED
    after = chosen(x, sincere + gain, praise, luck)
    assert ((after == before) | (after == spoken)).all()
    after = chosen(x, sincere, praise + gain, luck)
    assert ((after == before) | (after == PRAISED_UNMEANT)).all()


def test_choices_are_logit() -> None:
    found = chosen(-0.5, 1.0, 0.5, words(3, 200_000))
    weights = np.exp([0.0, 1.0, 0.5])
    shares = [(found == option).mean() for option in (SILENT, CRITICISED, PRAISED_UNMEANT)]
    assert shares == pytest.approx(weights / weights.sum(), abs=0.005)


def speaking(
    view: int, fear: int = 26, regime: str = "none", luck: NDArray[np.uint32] | None = None, **changes: Any
) -> list[int]:
    """What N people of one view say on policy."""
    own = words(7, N) if luck is None else luck
    own[0], own[1] = 0, POLICY
    people = many(N, outlook=view, fear=fear, flags=IN, score=600 * 32)
    said: list[int] = bench("speech", people, own, regime=regime, **changes).said
    return said


def test_occasion_and_topic_come_from_their_words() -> None:
    edge = int(PLAIN["occasion"] * float(PLAIN["sociability"][128]))
    topics = [0, *(int(t) for t in PLAIN["topics"])]
    people = many(6, outlook=SUPPORTER)
    luck = [{0: 0, 1: topics[k]} for k in range(4)] + [{0: edge - 1, 1: topics[1]}, {0: edge + 1, 1: topics[1]}]
    left = bench("speech", people, luck)
    assert left.topic == [0, 1, 2, 3, 1, 0]
    assert [s == NO_OCCASION for s in left.said] == [True, False, False, False, False, True]


def test_everybody_says_what_fits_the_view() -> None:
    assert set(speaking(SUPPORTER)) == {SILENT, PRAISED}
    assert set(speaking(CRITIC)) == {SILENT, CRITICISED, PRAISED_UNMEANT}


def test_fear_silences_critics_and_no_supporter() -> None:
    critics = [np.array(speaking(CRITIC, fear)) for fear in (0, 60, 120, 255)]
    for bolder, shyer in pairwise(critics):
        assert ((shyer == CRITICISED) <= (bolder == CRITICISED)).all()
    assert (critics[0] == CRITICISED).sum() > (critics[-1] == CRITICISED).sum()
    assert speaking(SUPPORTER, 0) == speaking(SUPPORTER, 255)


def test_a_stake_buys_praise_and_silences_critics() -> None:
    stake: dict[str, Any] = {"praise_points": 100.0, "critical_points": -100.0}
    free, bought = np.array(speaking(CRITIC)), np.array(speaking(CRITIC, regime=PRESS, **stake))
    assert ((bought == CRITICISED) <= (free == CRITICISED)).all()
    assert ((bought == PRAISED_UNMEANT) >= (free == PRAISED_UNMEANT)).all()
    assert (bought == PRAISED_UNMEANT).sum() > (free == PRAISED_UNMEANT).sum()


def test_nobody_praises_unmeant_who_means_it_whatever_the_stake() -> None:
    assert PRAISED_UNMEANT not in speaking(SUPPORTER, regime=PRESS, praise_points=300.0)


def test_in_a_world_without_points_nobody_says_otherwise() -> None:
    own = words(7, N)
    own[0], own[1] = 0, POLICY
    people = [{"outlook": v, "fear": 26, "flags": IN, "score": 600 * 32} for v in (CRITIC, SUPPORTER)] * (N // 2)
    left = bench("speech", people, own, regime=PRESS, praise_points=0.0, critical_points=0.0)
    assert left.said == left.said_free
    press = bench("speech", people, own, regime=PRESS, praise_points=50.0)
    assert press.said_free == left.said


@pytest.mark.parametrize("flags", [0, ENROLLED, AWARE])
def test_a_stake_moves_only_those_who_are_in_and_know(flags: int) -> None:
    own = words(7, N)
    own[0], own[1] = 0, POLICY
    people = many(N, outlook=CRITIC, fear=26, flags=flags, score=600 * 32)
    left = bench("speech", people, own, regime=PRESS, praise_points=100.0, critical_points=-100.0)
    assert left.said == left.said_free


def test_company_that_agrees_loosens_tongues() -> None:
    own = words(7, N)
    own[0], own[1] = 0, POLICY
    alone, among = (
        np.array(bench("speech", many(N, outlook=CRITIC, friends_against=c, friends_for=f), own).said) == CRITICISED
        for c, f in ((0, 4), (4, 0))
    )
    assert (alone <= among).all()
    assert alone.sum() < among.sum()


def test_what_was_said_is_shown_and_last_months_words_are_gone() -> None:
    old = SPOKE_FOR | SPOKE_AGAINST | PUNISHED
    luck = [{}, *[{0: 0, 1: POLICY, 3: 0}] * 2, {0: 0, 1: POLICY, 2: 0}]
    left = bench("speech", [{"outlook": v, "flags": old} for v in (CRITIC, CRITIC, SUPPORTER, SUPPORTER)], luck)
    assert left.said == [NO_OCCASION, CRITICISED, PRAISED, SILENT]
    assert left.flags == [0, SPOKE_AGAINST, SPOKE_FOR, 0]


def test_only_critics_are_punished_by_law_and_by_the_regime() -> None:
    own = words(7, N)
    own[0], own[1], own[5] = 0, POLICY, int(PLAIN["law_punishes"][1])
    own[5, ::2] -= 1
    own[6] = 2**32 - 1
    people = [{"outlook": v} for v in (CRITIC, CRITIC, SUPPORTER, SUPPORTER)] * (N // 4)
    left = bench("speech", people, own)
    critical = left.array("said") == CRITICISED
    punished = (left.array("flags") & PUNISHED) > 0
    assert (punished == critical & (np.arange(N) % 2 == 0)).all()
    own[5], own[6] = 2**32 - 1, int(tables(PRESS)["regime_punishes"][1]) - 1
    press = bench("speech", people, own, regime=PRESS)
    assert (((press.array("flags") & PUNISHED) > 0) == critical).all()
    assert ((press.array("acts") & (1 << ACT["critical_post"]) > 0) == critical).all()


def test_the_worse_the_topic_the_fewer_dare() -> None:
    dare = []
    for topic in (1, 2, 3):
        own = words(7, N)
        own[0], own[1] = 0, int(PLAIN["topics"][topic - 1])
        dare.append(bench("speech", many(N, outlook=CRITIC, fear=26), own).said.count(CRITICISED))
    assert dare[0] > dare[1] > dare[2]
