"""Offences, good deeds, purchases, pastimes: same candidates in every world; points only add or only remove."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from month.bench import IN, act, bench, many, tables, words
from sincerity.month.conduct import CIVIC_GROUP, GROUPS
from sincerity.month.gates import ACT
from sincerity.people.columns import ALARMED, AWARE

N = 6000
LUCK = words(len(GROUPS), N)
NO_MORE: dict[str, Any] = {"list_stake": 0.0, "act_feared": 0.0}
MAN = {"cell": 8 + 4 + 2 + 1, "flags": IN, "score": 600 * 32}  # 30 to 44, a man, owner, parent


def done(name: str, points: float | None = None, **changes: Any) -> NDArray[np.bool_]:
    """Who of N alike did an act; `points` hang on it."""
    settings: dict[str, Any] = {}
    if points is not None:
        settings = {"act_points": {ACT[name]: points}, "act_seen": {ACT[name]: 1.0}}
    settings |= {"group_bound": 4.0, "act_least": 0.0, "act_most": 4.0}
    left = bench("conduct", [{**MAN, **changes}] * N, LUCK, regime="citizen-score", **settings)
    return (left.array("acts") & act(name)) > 0


@pytest.mark.parametrize("group", range(len(GROUPS)))
def test_each_act_happens_at_its_rate(group: int) -> None:
    found = tables()
    left = bench("conduct", many(N, cell=15), LUCK)
    share = np.diff(found["envelope"][group, 15], prepend=0.0)
    scale = float(found["civic"][128]) if group == CIVIC_GROUP else 1.0
    for k, name in enumerate(GROUPS[group]):
        expected = share[k] * scale
        spread = 4 * np.sqrt(expected / N) + 1e-9
        assert ((left.array("acts") & act(name)) > 0).mean() == pytest.approx(expected, abs=spread)


def test_at_most_one_act_of_a_group_a_month() -> None:
    left = bench("conduct", many(N, cell=15, civic=250), LUCK)
    for group in GROUPS:
        found = left.array("acts") & act(*group)
        assert (found & (found - 1) == 0)[found > 0].all()


def test_without_points_every_act_is_free() -> None:
    people = [{**MAN, "civic": c} for c in range(0, 256, 32)] * (N // 8)
    none = bench("conduct", people, LUCK[:, : len(people)])
    empty = bench("conduct", people, LUCK[:, : len(people)], regime="citizen-score", act_points=0.0, **NO_MORE)
    press = bench("conduct", people, LUCK[:, : len(people)], regime="citizen-score")
    assert none.acts == none.acts_free == empty.acts == empty.acts_free == press.acts_free
    assert press.acts != press.acts_free


@pytest.mark.parametrize("flags", [0, 1, 2])
def test_points_move_only_those_who_are_in_and_know(flags: int) -> None:
    people = many(N, cell=15, score=600 * 32, flags=(0, IN & 0xFF, IN & 0xFF00)[flags])
    left = bench("conduct", people, LUCK, regime="citizen-score", **NO_MORE)
    assert left.acts == left.acts_free


@pytest.mark.parametrize("name", ["volunteering", "charity", "buys_diapers", "exercises", "gives_identity"])
def test_a_higher_reward_keeps_everybody_who_acted(name: str) -> None:
    found = [done(name, points, civic=200) for points in (0.0, 2.0, 10.0, 60.0)]
    for fewer, more in pairwise(found):
        assert (fewer <= more).all()
    assert found[0].sum() < found[-1].sum() <= 4.6 * found[0].sum()


@pytest.mark.parametrize("name", ["traffic_offence", "fare_dodging", "reads_sensitive", "plays_for_hours"])
def test_a_higher_penalty_only_removes(name: str) -> None:
    found = [done(name, points) for points in (0.0, -2.0, -10.0, -60.0)]
    for more, fewer in pairwise(found):
        assert (fewer <= more).all()
    assert found[0].sum() > found[-1].sum()


def test_the_bound_on_candidates_saves_work_and_changes_nothing() -> None:
    people = [{**MAN, "score": s * 32, "decile": d, "civic": 200} for s in range(350, 950, 20) for d in range(10)] * 20
    luck = LUCK[:, : len(people)]
    bounded = bench("conduct", people, luck, regime="citizen-score")
    unbounded = bench("conduct", people, luck, regime="citizen-score", group_bound=4.0, act_least=0.0, act_most=4.0)
    assert bounded.acts == unbounded.acts
    assert float(tables("citizen-score")["group_bound"].min()) == 1.0


def test_only_owners_evade_and_only_parents_buy_diapers() -> None:
    for cell, may in ((8, ()), (9, ("buys_diapers",)), (10, ("tax_evasion",))):
        acts = bench("conduct", many(N, cell=cell), LUCK).array("acts")
        for name in ("buys_diapers", "tax_evasion"):
            assert bool((acts & act(name)).any()) == (name in may)


def test_the_civic_do_more_good() -> None:
    good = act(*GROUPS[CIVIC_GROUP])
    counts = [(bench("conduct", many(N, civic=c), LUCK).array("acts") & good > 0).sum() for c in (20, 128, 240)]
    assert counts[0] < counts[1] < counts[2]


def test_the_second_word_is_not_the_first() -> None:
    """Luck may propose and not accept: about one in four proposals is accepted."""
    left = bench("conduct", many(N, cell=15), LUCK)
    total = float(tables()["group_totals"][5, 15])
    proposed = LUCK[5] < 4 * total * 2**32
    accepted = (left.array("acts") & act(*GROUPS[5])) > 0
    assert (accepted <= proposed).all()
    assert accepted.sum() / proposed.sum() == pytest.approx(max(0.25, total), abs=0.03)


def test_a_punishment_fresh_in_mind_deters_more() -> None:
    calm, alarmed = (done("traffic_offence", -200, ever=ever) for ever in (0, ALARMED))
    assert (alarmed <= calm).all()
    people = [{**MAN, "ever": ever} for ever in (0, ALARMED)]
    seen: dict[str, Any] = {
        "act_points": {ACT["traffic_offence"]: -200},
        "act_least": 0.0,
        "act_seen": {ACT["traffic_offence"]: 0.2},
        "risk_raised": 2.0,
    }
    shares = [
        ((bench("conduct", [one] * N, LUCK, regime="citizen-score", **seen).array("acts") & act("traffic_offence")) > 0)
        for one in people
    ]
    assert (shares[1] <= shares[0]).all()
    assert shares[1].sum() < shares[0].sum() < done("traffic_offence").sum()


@pytest.mark.parametrize("flags", [0, IN & 0xFF, IN])
def test_a_list_that_an_act_leads_onto_deters_who_knows_of_it(flags: int) -> None:
    n = many(N, cell=15, flags=flags)
    certain: dict[str, Any] = {"act_seen": {ACT["traffic_offence"]: 1.0}, "list_stake": 0.3, "act_least": 0.0}
    found = bench("conduct", n, LUCK, regime="defaulter-lists-2018", **certain)
    left, free = (found.array(name) & act("traffic_offence") > 0 for name in ("acts", "acts_free"))
    assert (left <= free).all()
    assert (left.sum() < free.sum()) == bool(flags & AWARE)


@pytest.mark.parametrize(("channels", "aware", "moves"), [(2**16 - 1, 1, True), (0, 1, False), (2**16 - 1, 0, False)])
def test_who_is_afraid_and_knows_of_the_watch_reads_less_where_it_is_seen(
    channels: int, aware: int, moves: bool
) -> None:
    """exp(-chance x fear x what is feared): by half here; and nothing else is done less."""
    person = {"cell": 15, "channels": channels, "flags": AWARE * aware}
    dread: dict[str, Any] = {
        "act_seen": {ACT["reads_sensitive"]: 1.0},
        "act_feared": {ACT["reads_sensitive"]: np.log(2) / 0.4},
    }
    certain: dict[str, Any] = {"blur": 1.0, "act_nudge": 1.0}
    found = bench("conduct", many(N, fear=102, **person), LUCK, regime="platform-tracking", **dread, **certain)
    calm = bench("conduct", many(N, fear=0, **person), LUCK, regime="platform-tracking", **dread, **certain)
    reads, free = ((found.array(name) & act("reads_sensitive")) > 0 for name in ("acts", "acts_free"))
    assert calm.acts == calm.acts_free
    assert (reads <= free).all()
    if moves:
        assert reads.sum() / free.sum() == pytest.approx(0.5, abs=4 * (0.25 / free.sum()) ** 0.5)
    else:
        assert found.acts == found.acts_free
    others = ~np.uint32(act("reads_sensitive"))
    assert ((found.array("acts") ^ found.array("acts_free")) & others == 0).all()
