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
from sincerity.month.speech import (
    EXPECTED,
    HEARD,
    MISSED,
    PASSED_ON,
    PASSED_ON_FREE,
    PRETENDED_PUNISHED,
    PRETENDED_SPARED,
    SORRY_PUNISHED,
    SORRY_SPARED,
    TRUE,
    choice,
)
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
            found,
            np.float32(x),
            np.float32(0),
            np.float32(sincere),
            np.float32(praise),
            luck[0, q],
            luck[1, q],
            luck[2, q],
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


# -- rumours -----------------------------------------------------------------------------------------------------------


def hearing(n: int = N, regime: str = "none", luck: int = 0, **person: Any) -> Any:
    """N people whom a rumour reaches, and nothing else to say."""
    own = np.full((8, n), 2**32 - 1, np.uint32)
    own[7] = words(1, n, luck)[0] >> np.uint32(8)  # below the chance that one reaches them
    settings = {name: person.pop(name) for name in list(person) if name in tables(regime)}
    return bench("speech", many(n, **({"outlook": SUPPORTER} | person)), own, regime=regime, **settings)


def test_a_rumour_reaches_the_sociable_by_its_own_word_and_is_no_occasion() -> None:
    edge = int(PLAIN["rumour"] * float(PLAIN["sociability"][128]))
    left = bench("speech", many(3), [{7: edge - 1}, {7: edge}, {}])
    assert [bool(r & HEARD) for r in left.rumour] == [True, False, False]
    assert left.said == [NO_OCCASION] * 3


def test_a_rumour_is_true_with_its_chance_and_nobody_can_tell() -> None:
    found = hearing(40_000).array("rumour")
    true = (found & TRUE) > 0
    assert true.mean() == pytest.approx(0.3, abs=0.01)
    passed = (found & PASSED_ON) > 0
    assert passed[true].mean() == pytest.approx(passed[~true].mean(), abs=0.015)


def test_fear_keeps_warnings_back_whatever_one_thinks() -> None:
    bold, shy = ((hearing(fear=f).array("rumour") & PASSED_ON) > 0 for f in (0, 60))
    assert (shy <= bold).all()
    assert shy.sum() < bold.sum()
    assert hearing(fear=60, outlook=CRITIC).rumour == hearing(fear=60).rumour


def test_a_stake_keeps_warnings_back_of_those_who_are_in_and_know() -> None:
    stake: dict[str, Any] = {
        "regime": PRESS,
        "score": 600 * 32,
        "fear": 60,
        "critical_points": -300.0,
        "loss_weight": 8,
    }
    for flags in (0, ENROLLED, AWARE):
        found = hearing(flags=flags, **stake).array("rumour")
        assert (((found & PASSED_ON) > 0) == ((found & PASSED_ON_FREE) > 0)).all()
    found = hearing(flags=IN, **stake).array("rumour")
    passed, free = (found & PASSED_ON) > 0, (found & PASSED_ON_FREE) > 0
    assert (passed <= free).all()
    assert passed.sum() < free.sum()


def test_who_passes_a_warning_on_may_be_punished_true_or_not() -> None:
    assert not (hearing(law_punishes=0).array("flags") & PUNISHED).any()
    left = hearing(law_punishes=2**32, fear=0)
    assert (((left.array("flags") & PUNISHED) > 0) == ((left.array("rumour") & PASSED_ON) > 0)).all()
    left = hearing(regime=PRESS, regime_punishes=2**32, law_punishes=0, apologies=0, fear=0)
    passed = (left.array("rumour") & PASSED_ON) > 0
    assert passed.any()
    assert (((left.array("acts") & (1 << ACT["critical_post"])) > 0) == passed).all()


# -- apologies ---------------------------------------------------------------------------------------------------------


def sorry(view: int = CRITIC, regime: str = PRESS, **changes: Any) -> Any:
    """Critics who all speak, and whom the regime would all punish."""
    own = words(8, N)
    own[0], own[1], own[5], own[7] = 0, POLICY, 2**32 - 1, 2**32 - 1
    people = many(N, outlook=view, fear=0, flags=IN, score=600 * 32)
    punished: dict[str, Any] = {"regime_punishes": 2**32, "company_weight": 0}
    return bench("speech", people, own, regime=regime, **(punished | changes))


def test_without_apologies_all_critics_are_punished() -> None:
    for left in (sorry(apologies=0), sorry(regime="none")):
        assert not left.array("apology").any()
    left = sorry(apologies=0)
    assert (((left.array("flags") & PUNISHED) > 0) == (left.array("said") == CRITICISED)).all()


def test_who_is_believed_is_spared_and_the_sincere_who_are_not_are_counted() -> None:
    left = sorry(regret=2.0**32)
    came, critical = left.array("apology"), left.array("said") == CRITICISED
    punished = (left.array("flags") & PUNISHED) > 0
    spared = np.isin(came, (SORRY_SPARED, PRETENDED_SPARED))
    assert (punished == critical & ~spared).all()
    assert not came[~critical].any()
    meant = np.isin(came, (SORRY_SPARED, SORRY_PUNISHED))
    assert meant[critical].mean() == pytest.approx(1 - 16000 / 32767, abs=0.05)  # the sorrier, the weaker the view
    assert (came[meant] == SORRY_SPARED).mean() == pytest.approx(0.61, abs=0.05)
    pretended = np.isin(came, (PRETENDED_SPARED, PRETENDED_PUNISHED))
    assert pretended.any()
    assert (came[pretended] == PRETENDED_SPARED).mean() == pytest.approx(0.53, abs=0.15)


def test_nobody_pretends_without_hope_and_the_firm_are_never_sorry() -> None:
    firm = sorry(view=-32767).array("apology")
    assert not np.isin(firm, (SORRY_SPARED, SORRY_PUNISHED)).any()
    hope, none = (
        np.isin(
            sorry(apology_hope=h, cost_praise=3, loss_weight=5).array("apology"), (PRETENDED_SPARED, PRETENDED_PUNISHED)
        )
        for h in (0.9, 0.0)
    )
    assert (none <= hope).all()
    assert none.sum() < hope.sum()


# -- what is expected --------------------------------------------------------------------------------------------------


def asked_to_praise(expects: int, view: int = CRITIC, **changes: Any) -> Any:
    own = words(8, N)
    own[0], own[1], own[7] = 0, POLICY, 2**32 - 1
    people = many(N, outlook=view, fear=26, flags=IN, score=600 * 32)
    expected: dict[str, Any] = {"expects": expects, "silence_points": -300.0}
    return bench("speech", people, own, regime=PRESS, **(expected | changes))


@pytest.mark.parametrize(("view", "praise"), [(CRITIC, PRAISED_UNMEANT), (SUPPORTER, PRAISED)])
def test_where_taking_part_is_expected_silence_is_left_and_nothing_else(view: int, praise: int) -> None:
    free, called = (asked_to_praise(e, view) for e in (0, 2**32))
    before, after = free.array("said"), called.array("said")
    assert (after[before != SILENT] == before[before != SILENT]).all()
    moved = after[(before == SILENT) & (after != SILENT)]
    assert moved.size > 0
    assert (moved == praise).any()
    assert not free.array("called").any()
    assert set(asked_to_praise(2**32, view, heard=2**32).called) == {EXPECTED | MISSED}
    assert set(asked_to_praise(2**32, view, heard=0).called) == {EXPECTED}


def test_nobody_is_expected_to_take_part_who_is_not_in_it_or_not_aware() -> None:
    own = words(8, N)
    own[0], own[1], own[7] = 0, POLICY, 2**32 - 1
    for flags in (0, ENROLLED, AWARE):
        people = many(N, outlook=CRITIC, flags=flags, score=600 * 32)
        left = bench("speech", people, own, regime=PRESS, expects=2**32, silence_points=-300.0)
        assert left.said == left.said_free
