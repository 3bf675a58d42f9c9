"""Private scorers: customers, what they see, how they score, what they close, what they share, and the pool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.living import declared, live
from month.bench import Left, act, bench, gate, many, regime, tables, words
from sincerity.declare.vocabulary import CHANNELS
from sincerity.engine.world import kept_columns
from sincerity.month.provider_tables import STEPS, private_byte, private_points
from sincerity.month.schedule import Schedule
from sincerity.people.columns import AWARE, ENROLLED, LOAN_PAID, MEMBER, ONE_LATE

PRIVATE = str(Path(__file__).parent / "regimes" / "private.yaml")
PILOTS = "pilots-2015"
APART, POOLED, POOL_BEGINS = "2020-06", "2021-02", "2020-12"
USUAL = 1 + 100 + 5  # the sixth decile of `tells`: half a ninth of 90 above 100
N = 4_000


def using(*channels: str) -> int:
    return sum(1 << CHANNELS.index(channel) for channel in channels)


SHOPS, BANK = using("shops online"), using("bank and payments")


def seen(*people: dict[str, Any], date: str = APART, **changes: Any) -> Left:
    """These people after the rule: customers wherever their channels allow, nobody considers joining, the state sees
    them itself.
    """
    changes = {"provider_share": 2**32, "provider_considers": 0, "state_channels": 0xFFFF} | changes
    return bench("providers", people, regime=PRIVATE, date=date, **changes)


# -- customers and members ---------------------------------------------------------------------------------------------


def test_who_uses_no_channel_is_seen_by_nobody_and_nobodys_member() -> None:
    left = seen({"channels": 0, "acts": act("counterfeit", "default")})
    assert left.private_scores == [[0]] * 8
    assert (left.watchers, left.seen_through, left.flags) == ([0], [0], [0])


def test_the_customers_of_one_that_asks_nobody_have_a_score_at_once_and_the_others_have_not() -> None:
    left = seen({"channels": SHOPS}, {"channels": BANK}, {"channels": SHOPS | BANK})
    assert left.private_scores[:2] == [[USUAL, 0, USUAL], [0, 0, 0]]
    assert [f & MEMBER for f in left.flags] == [MEMBER, 0, MEMBER]
    assert left.watchers == [1, 1, 2]  # the bank's customers are seen by it, members or not


def test_as_many_users_are_customers_as_the_share_says_and_the_same_each_month() -> None:
    first, later = (
        bench("providers", many(N, channels=SHOPS), regime=PRIVATE, date=d, state_channels=SHOPS).array("watchers")
        for d in (APART, "2020-07")
    )
    assert first.mean() == pytest.approx(0.5, abs=0.03)
    assert (first == later).all()


def test_before_it_begins_a_provider_sees_nobody() -> None:
    person = {"channels": SHOPS | BANK}
    found = [seen(person, date=d).watchers[0] for d in ("2020-01", "2020-02", "2020-03")]
    assert found == [0, 1, 2]
    assert seen(person, date="2020-01").private_scores == [[0]] * 8


def test_joining_is_a_choice_in_which_ties_who_are_members_count() -> None:
    joined = []
    for members in (0, 2, 4):
        people = [
            {
                "channels": BANK,
                "alive": 0b1111,
                "company": 4,
                "contacts": {slot: slot for slot in range(4)},
                "board": (MEMBER << 16) if q < members else 0,
            }
            for q in range(N)
        ]
        left = bench("providers", people, words(4, N), regime=PRIVATE, date=APART, provider_share=2**32)
        joined.append((left.array("private_scores")[1] > 0).mean())
        assert ((left.array("flags") & AWARE > 0) == (left.array("private_scores")[1] > 0)).all()
    # half consider it; noise is uniform over -0.25 to 0.25 and privacy costs 0.5
    assert joined == pytest.approx([0, 0.25, 0.5], abs=0.03)


def test_officials_who_are_exempt_are_seen_and_not_scored() -> None:
    left = seen({"channels": SHOPS, "official": 1})
    assert (left.private_scores[0], left.watchers) == ([0], [1])
    assert left.closed_by_providers == [0]  # nor is it held against them


# -- scores ------------------------------------------------------------------------------------------------------------


def member(byte: int = USUAL, other: int = 0, **person: Any) -> dict[str, Any]:
    return {"channels": SHOPS | BANK, "private_scores": [byte, other], "flags": MEMBER, **person}


def test_a_score_takes_up_points_and_drifts_back_to_where_its_income_starts() -> None:
    left = seen(
        member(), member(acts=act("buys_luxury")), member(acts=act("counterfeit")), member(USUAL + 80), member(decile=0)
    )
    kept = 0.5 ** (1 / 12)
    low = 1 + 100 - 45
    fallen = low + (USUAL - low) * kept
    expected = [USUAL, USUAL + 10, USUAL - 50, USUAL + int(80 * kept), int(fallen)]
    assert left.private_scores[0] == expected


def test_scores_stay_on_the_scale() -> None:
    left = seen(member(STEPS + 1, acts=act("buys_luxury")), member(1, acts=act("counterfeit")), provider_kept=1)
    assert left.private_scores[0] == [STEPS + 1, 1]


def test_rounding_keeps_the_mean() -> None:
    people = [member(USUAL + 80)] * N
    left = bench("providers", people, words(4, N), regime=PRIVATE, date=APART, provider_share=2**32)
    assert left.array("private_scores")[0].mean() == pytest.approx(USUAL + 80 * 0.5 ** (1 / 12), abs=0.05)


@pytest.mark.parametrize(
    ("loan", "acts", "gained"), [(LOAN_PAID, 0, 2), (LOAN_PAID, act("pay_late"), 0), (ONE_LATE, 0, 0)]
)
def test_an_instalment_paid_on_time_counts_where_the_bank_is_tapped(loan: int, acts: int, gained: int) -> None:
    assert seen(member(0, 128, loan=loan, acts=acts)).private_scores[1] == [128 + gained]
    without = member(0, 128, loan=loan, acts=acts) | {"channels": SHOPS}
    assert seen(without).private_scores[1] == [128]


def test_a_record_arrives_as_often_as_the_channels_are_sensitive() -> None:
    users = many(N, channels=using("shops", "shops online"), acts=act("buys_luxury"), private_scores=[USUAL])
    blind = {(0, CHANNELS.index("shops online")): 0.0}
    left = bench(
        "providers", users, words(4, N), regime=PRIVATE, date=APART, provider_sight=blind, provider_share=2**32
    )
    assert (left.array("private_scores")[0] > USUAL).mean() == pytest.approx(0.5, abs=0.03)


def test_before_pooling_nobody_knows_what_another_saw() -> None:
    left = seen(member(USUAL, 128, acts=act("default")), member(USUAL, 128, acts=act("counterfeit")))
    assert left.private_scores[:2] == [[USUAL, USUAL - 50], [128 - 20, 128]]


# -- gates -------------------------------------------------------------------------------------------------------------


def test_one_provider_that_lets_a_person_in_is_enough() -> None:
    low, high = 1 + 80, 1 + 100
    bad, good = 1 + 110, 1 + 125
    people = [member(a, b) for a, b in ((low, bad), (high, bad), (low, good), (high, good))]
    shut = seen(*people, provider_kept=1).closed_by_providers
    assert shut == [gate("deposit_free"), 0, 0, 0]


def test_what_happens_to_the_unscored_is_the_providers_to_say() -> None:
    nobody = {"channels": 0}
    assert seen(nobody).closed_by_providers == [0]  # `gives` lets them pass
    assert seen(nobody, date="2020-02").closed_by_providers == [gate("deposit_free")]


def test_a_gate_closes_from_its_month_on() -> None:
    low = member(1 + 50, 1 + 125)
    shut = [seen(low, date=d, provider_kept=1).closed_by_providers[0] for d in ("2020-08", "2020-09")]
    assert shut == [0, gate("visa")]


def test_a_gate_shut_by_a_provider_is_a_refusal_of_ones_own_making() -> None:
    shut = gate("deposit_free")
    people = [{"tried": shut, "closed_by_providers": c, "flags": ENROLLED, "score": 32 * 900} for c in (shut, 0)]
    left = bench("standing", people, {}, regime=PRIVATE, list_kind=0)
    assert left.refused == left.refused_regime == [shut, 0]
    assert left.refused_clean == left.refused_false == left.refused_ties == [0, 0]


# -- what the state gets -----------------------------------------------------------------------------------------------


def test_a_provider_shares_what_it_saw_or_the_points_it_gave() -> None:
    left = seen(member(USUAL, 128, acts=act("counterfeit")), member(USUAL, 128, acts=act("default")))
    assert left.seen == [act("counterfeit"), 0]
    assert left.credit == [0, -16 * 40]
    assert left.conduct == [0, 0]


def test_who_is_seen_by_the_state_only_through_a_provider_has_one_watcher_more() -> None:
    left = seen({"channels": SHOPS}, {"channels": SHOPS}, state_channels=0)
    assert left.watchers == [2, 2]
    assert seen({"channels": SHOPS}, state_channels=SHOPS).watchers == [1]


# -- the pool ----------------------------------------------------------------------------------------------------------


def test_on_pooling_a_record_seen_by_one_counts_for_all() -> None:
    left = seen(member(USUAL, 128, acts=act("buys_luxury")), date=POOLED)
    assert left.private_scores[:2] == [[USUAL + 10], [128 + 10]]
    held_back = seen(member(USUAL, 128, acts=act("buys_luxury")), date=POOLED, pool_share=0)
    assert held_back.private_scores[:2] == [[USUAL + 10], [128]]


def test_on_pooling_the_mean_of_ones_scores_stands_at_every_gate() -> None:
    both = gate("deposit_free", "visa")
    # from 90 steps `tells` lets in; the means are 95, 85 and, of members of one, 80
    people = [member(a, b) | {"channels": 0} for a, b in ((61, 131), (51, 121), (0, 81), (81, 0))]
    pooled = seen(*people, date=POOLED, provider_kept=1)
    assert pooled.closed_by_providers == [0, both, both, both]
    apart = seen(*people, date=POOLED, provider_kept=1, pooled=0)
    # apart, `gives` waives for the first two and for who is not its member; `tells` refuses who is not its own
    assert apart.closed_by_providers == [gate(g) for g in ("visa", "visa", "deposit_free", "visa")]


def test_on_pooling_all_see_whom_one_sees() -> None:
    assert seen({"channels": SHOPS}, {"channels": 0}, date=POOLED).watchers == [2, 0]


def test_in_the_month_of_pooling_the_states_account_starts_from_the_mean() -> None:
    person = member(1 + 127, 1 + 127) | {"channels": 0, "credit": 777, "conduct": 55}
    left = seen(person, person | {"private_scores": [0, 0]}, date=POOL_BEGINS, provider_kept=1)
    # the middle of the state's scale of 0 to 1400 is 700, 300 below where its ledger starts
    assert left.credit == [-16 * 300, 777]
    assert left.conduct == [55, 55]
    assert seen(person, date=POOLED, provider_kept=1).credit == [777]


# -- tables, memory ----------------------------------------------------------------------------------------------------


def test_a_byte_stands_for_its_place_on_the_scale() -> None:
    score = regime(PILOTS).providers["sesame"].score
    assert score is not None
    assert [private_points(score, byte) for byte in (1, 128, 255)] == [350, 650, 950]
    assert [private_byte(score, points) for points in (350, 650, 950)] == [1, 128, 255]
    assert tables(PILOTS)["provider_cut"][0].max() == np.float32((700 - 350) / 600 * STEPS)


def test_a_byte_a_provider_is_kept_only_where_there_are_providers() -> None:
    there = kept_columns(Schedule(), [regime("none"), regime(PRIVATE)])
    assert there["private_scores"].bytes == 2
    assert kept_columns(Schedule(), [regime(PILOTS)])["private_scores"].bytes == 8
    assert "private_scores" not in kept_columns(Schedule(), [regime("none"), regime("citizen-score")])


@pytest.mark.parametrize("name", ["none", "citizen-score", "sesame-2015"])
def test_without_providers_the_rule_touches_nobody(name: str) -> None:
    person = {"channels": 0xFFFF, "acts": act("default"), "flags": MEMBER, "credit": 5, "watchers": 3}
    left = bench("providers", [person], words(4, 1), regime=name)
    assert (left.flags, left.credit, left.watchers, left.seen) == ([MEMBER], [5], [3], [0])


# -- lived -------------------------------------------------------------------------------------------------------------


def test_before_the_first_provider_begins_the_world_is_the_ordinary_one() -> None:
    lived = live(declared(2_003, 5, ("none", PILOTS), "2014-08"))
    ordinary, private = (w.columns for w in lived.worlds)
    assert [name for name in ordinary if not np.array_equal(ordinary[name], private[name])] == []


def test_the_pool_makes_all_see_whom_one_saw_and_blocks_and_threads_do_not_matter() -> None:
    wanted = declared(2_003, 5, ("none", PILOTS), "2018-03")
    lived = live(wanted)
    assert lived.prints == live(wanted, threads=1, block=517).prints
    rows = [r for r in lived.rows if r["world"] == PILOTS and r["by"] == "all"]
    watchers, channels, members = (
        [r["count"] for r in rows if r["measure"] == name] for name in ("watchers_sum", "channels_sum", "member")
    )
    assert watchers[0] == watchers[1] < watchers[2] == watchers[3] == watchers[4]
    assert len(set(channels)) == 1
    assert 0 < members[0] < members[-1]
    ordinary = [r["count"] for r in lived.rows if r["world"] == "none" and r["measure"] in ("member", "watchers_sum")]
    assert not any(ordinary)


# -- what people do for a private score, and records of somebody else --------------------------------------------------

LUXURY = act("buys_luxury")


def bought(private: list[int] | None, flags: int, **changes: Any) -> np.ndarray[Any, Any]:
    """Who of N alike buys luxury; the state's score has no points for it."""
    people = many(N, cell=15, flags=flags, private_scores=private or [0, 0], score=0)
    left = bench("conduct", people, words(7, N), regime=PRIVATE, date=APART, group_bound=4.0, **changes)
    return (left.array("acts") & LUXURY) > 0


def test_a_private_score_moves_members_who_know_of_it_and_nobody_else() -> None:
    moved = {"private_worth": np.linspace(0, 40, 255)[None, None, :] * np.ones((2, 10, 1))}
    base = bought(None, AWARE, **moved)
    assert (bought([USUAL, 0], MEMBER, **moved) == base).all()  # knows nothing of it
    assert (bought([0, 0], MEMBER | AWARE, **moved) == base).all()  # no member
    drawn = bought([USUAL, 0], MEMBER | AWARE, **moved)
    assert (drawn >= base).all()
    assert drawn.sum() > base.sum()
    worthless = bought([USUAL, 0], MEMBER | AWARE, private_worth=0)
    assert (worthless == base).all()


def test_what_a_place_is_worth_follows_the_gates_in_force() -> None:
    def gain(date: str) -> Any:
        worth = tables(PRIVATE, date)["private_worth"][:, 5]
        assert (np.diff(worth, axis=1) >= 0).all()
        return worth[:, -1] - worth[:, 0]

    assert (gain("2020-01") == 0).all()
    first, second = gain("2020-02")
    assert (first > 0, second) == (True, 0)
    both = gain("2020-06")
    assert both == pytest.approx([first / 2, first / 2], rel=0.35)  # one of two that keep the gate is enough
    assert gain("2020-10")[0] > both[0]  # a gate more
    pooled = gain(POOLED)
    assert pooled[0] == pytest.approx(pooled[1])


def test_carelessness_is_held_back_by_a_lenders_score() -> None:
    edge = int(tables()["careless"] * 127 / 255)
    luck = np.full((8, N), 2**32 - 1, np.uint32)
    luck[0] = np.linspace(0, 2 * edge, N).astype(np.uint32)
    people = many(N, loan=LOAN_PAID, buffer=200, flags=MEMBER | AWARE, private_scores=[USUAL] * 5)

    def late(**changes: Any) -> int:
        left = bench("obligations", people, luck, regime=PILOTS, date=APART, **changes)
        return int(((left.array("acts") & act("pay_late")) > 0).sum())

    steep = np.linspace(0, 40, 255)[None, None, :] * np.ones((len(regime(PILOTS).providers), 10, 1))
    assert late(private_worth=0) > late(private_worth=steep) > 0


def test_a_false_match_costs_a_member_a_providers_points() -> None:
    wrong = np.zeros((2, 33))
    wrong[0, 7:] = 0.25
    assert act("counterfeit") == 1 << 7
    people = many(N, **member())
    left = bench(
        "providers", people, words(4, N), regime=PRIVATE, date=APART,
        provider_share=2**32, provider_considers=0, state_channels=0xFFFF, private_wrong=wrong, private_minority=1.0,
    )  # fmt: skip
    hit = left.array("private_false") == 1
    assert hit.mean() == pytest.approx(0.25, abs=0.03)
    scores = left.array("private_scores")[0]
    assert set(scores[hit]) == {USUAL - 50}
    assert set(scores[~hit]) == {USUAL}
    assert not (left.array("seen") & act("counterfeit")).any()  # the state hears nothing of it
    did = many(N, **member(acts=act("counterfeit")))
    again = bench(
        "providers", did, words(4, N), regime=PRIVATE, date=APART,
        provider_share=2**32, provider_considers=0, state_channels=0xFFFF, private_wrong=wrong, private_minority=1.0,
    )  # fmt: skip
    assert not again.array("private_false").any()  # it is true of them


def test_as_many_true_records_go_astray_as_false_ones_are_written() -> None:
    did = many(N, **member(acts=act("counterfeit", "buys_luxury")))
    share = []
    for astray in (0.0, 0.5):
        left = bench(
            "providers", did, words(4, N), regime=PRIVATE, date=APART, gazette=[0, 0, 0, 1, 0, astray],
            provider_share=2**32, provider_considers=0, state_channels=0xFFFF,
        )  # fmt: skip
        share.append(left.array("private_bad").mean())
        assert (left.array("private_scores")[0] >= USUAL - 40).all()  # what is gained is not lost
    assert share == pytest.approx([1, 0.5], abs=0.03)


def test_the_minority_is_matched_more_often() -> None:
    found = tables(PILOTS, APART)
    assert list(found["private_minority"]) == [1.0, 2.0]
    assert (found["private_wrong"][:, -1] > 0).all() | (found["private_wrong"].max() > 0)
