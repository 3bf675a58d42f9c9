"""Awareness, fear and the view, against their formulas in plain Python."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from month.bench import NEVER, act, bench, gate, many, tables, words, world
from sincerity.month.gates import GATE
from sincerity.month.standing import PUNISHED_EVER
from sincerity.people.columns import ALARMED, AWARE, CRITICISED, ENROLLED, MISTAKEN, PUNISHED, SANCTIONED, SILENT
from sincerity.people.draws import mix

PRESS = "citizen-score"
PLAIN, FOUND = tables(), tables(PRESS)


def fear_of(person: dict[str, Any], listed: float) -> float:
    """fear + a [r n_p (1 - fear) - (n_s - n_p)+ fear] - d (fear - f0) + b (1 - fear), 0 to 1."""
    f = person["fear"] / 255
    own = float(PLAIN["own_weight"])
    n_s = own * (person["said"] == CRITICISED) + person["friends_against"] / 2
    n_p = own * bool(person["flags"] & PUNISHED) + person["friends_punished"] / 2
    event = float(PLAIN["fear_of_punishment"]) * n_p * (1 - f) - max(n_s - n_p, 0) * f
    after = f + float(PLAIN["fear_rate"]) * event - float(PLAIN["fear_fades"]) * (f - float(PLAIN["fear_background"]))
    after += float(PLAIN["publicity"]) * listed * (1 - after)
    return float(min(max(after, 0.0), 1.0))


def test_fear_follows_its_formula() -> None:
    people = [
        {"fear": fear, "friends_against": seen, "friends_punished": bad, "said": said, "flags": flags}
        for fear in (0, 26, 130, 255)
        for seen, bad in ((0, 0), (4, 0), (4, 3), (8, 8))
        for said, flags in ((SILENT, 0), (CRITICISED, 0), (CRITICISED, PUNISHED))
    ]
    for listed in (0.0, 0.4):
        left = bench("learning", people, regime=PRESS, gazette=[0, listed, 0, 1, 0], hides_reasons=0)
        expected = [255 * fear_of(p, listed) for p in people]
        assert (
            (np.array(expected) - left.array("fear") < 1.001) & (np.array(expected) - left.array("fear") > -0.001)
        ).all()


def test_fear_rests_at_its_background_and_drifts_back_to_it() -> None:
    ground = 255 * float(PLAIN["fear_background"])
    n = 4000
    luck = np.full((4, n), NEVER, np.uint32)
    luck[1] = np.linspace(0, 65535, n).astype(np.uint32)
    for fear, sign in ((0, 1), (200, -1)):
        change = bench("learning", many(n, fear=fear), luck).array("fear").mean() - fear
        assert change == pytest.approx(sign * float(PLAIN["fear_fades"]) * abs(fear - ground), abs=0.01)


def test_punishment_of_oneself_frightens_more_than_of_a_tie_and_unpunished_speech_emboldens() -> None:
    people = [
        {"fear": 60, "said": CRITICISED, "flags": PUNISHED},
        {"fear": 60, "friends_against": 1, "friends_punished": 1},
        {"fear": 60},
        {"fear": 60, "friends_against": 8},
    ]
    own, tie, quiet, bold = bench("learning", people).fear
    assert own > tie > quiet >= bold
    assert bench("learning", [{"fear": 120}, {"fear": 120, "friends_against": 12}]).fear[1] < 118


def test_where_reasons_are_hidden_only_ties_who_tell_frighten() -> None:
    """As many as tell, and each of them as much as where reasons are shown."""
    n = 4000
    people, luck = many(n, fear=60, friends_against=4, friends_punished=4), words(3, n)
    luck[0] = luck[2] = NEVER

    def frightened(**changes: Any) -> Any:
        return bench("learning", people, luck, regime=PRESS, **changes).array("fear")

    shown, none, all_tell, half = (
        frightened(**c) for c in ({"hides_reasons": 0}, {"tells": 0}, {"tells": 2**32}, {"tells": 2**31})
    )
    assert tables(PRESS)["hides_reasons"] == 1
    assert tables("published-rules")["hides_reasons"] == tables()["hides_reasons"] == 0
    assert (all_tell == shown).all()
    assert none.mean() < 60  # four posts seen, none known to be punished
    middle = (half.mean() - none.mean()) / (shown.mean() - none.mean())
    assert middle == pytest.approx(0.5, abs=0.1)
    assert ((half >= none) & (half <= shown)).all()


def test_news_frightens_in_the_month_of_the_event_and_no_standing_list_does() -> None:
    """The gazette counts who is newly listed or punished, so that a list without news adds nothing."""
    made = world(PRESS)
    totals, lines = np.array([0, 0, 0, 0]), np.zeros((1, 2002), np.int64)
    for events in (0, 51):
        made.columns["lists"][:] = 1
        made.announce(totals, np.array([0, 0, events, 0, 0]), lines)
        assert made.gazette[1] == pytest.approx(events / 1024)


def test_punishment_is_remembered() -> None:
    assert bench("learning", [{"flags": PUNISHED}, {}]).ever == [PUNISHED_EVER | ALARMED, 0]


@pytest.mark.parametrize("view", [-20000, -3, 0, 1, 20000])
def test_the_view_rests_on_the_first_opinion_when_nobody_speaks(view: int) -> None:
    assert bench("learning", [{"outlook": view, "opinion": view}], {2: 2**15}).outlook[0] == pytest.approx(view, abs=1)


def test_the_view_is_pulled_by_what_speaking_ties_say() -> None:
    rate, anchor = float(PLAIN["view_rate"]), float(PLAIN["view_anchor"])
    pairs = ((3, 0), (0, 3), (2, 2), (5, 1))
    people = [{"outlook": 5000, "opinion": -8000, "friends_for": f, "friends_against": a} for f, a in pairs]
    view, first = 5000 / 32767, -8000 / 32767
    expected = [view + rate * (anchor * first + (1 - anchor) * (f - a) / (f + a) - view) for f, a in pairs]
    assert np.array(bench("learning", people).outlook) / 32767 == pytest.approx(expected, abs=1e-4)


def test_a_sanction_felt_as_unjust_lowers_the_view_and_a_just_one_does_not() -> None:
    loan = gate("loan")
    people = [
        {},
        {"refused_regime": loan, "owed": 80},
        {"refused_regime": loan, "refused_clean": loan, "owed": 80},
        {"refused_regime": loan, "refused_unable": loan, "owed": 80},
        {"refused_regime": loan, "refused_clean": gate("job"), "owed": 80},
        {"flags": MISTAKEN, "entered": 1},
        {"flags": MISTAKEN},
    ]
    left = bench("learning", [{"outlook": 0, "opinion": 0, **p} for p in people], regime=PRESS)
    unjust = -32767 * float(PLAIN["view_unjust"])
    assert left.outlook == pytest.approx([0, 0, unjust, unjust, 0, unjust, 0], abs=1.01)


def test_a_refusal_that_costs_far_more_than_the_harm_done_lowers_the_view() -> None:
    """Harm: what is owed by judgment, and negative accounts; a privilege not given is no sanction."""
    loan, waiver = gate("loan"), gate("deposit_free")
    cost, most = float(FOUND["gate_loss"][GATE["loan"]]), float(FOUND["view_proportion"])
    owed = int(8 * cost / most)
    by_points = -round(16 * cost / most / float(FOUND["conduct_harm"]))
    people = [
        {"refused_regime": loan},
        {"refused_regime": loan, "owed": owed - 1},
        {"refused_regime": loan, "owed": owed + 1},
        {"refused_regime": waiver},
        {"refused_regime": loan, "conduct": by_points - 20},
        {"refused_regime": loan, "conduct": by_points + 20},
        {},
        {"refused_regime": loan, "flags": 0},
        {"refused_regime": loan, "flags": 0, "lists": 1},
    ]
    left = bench(
        "learning",
        [{"outlook": 0, "opinion": 0, "flags": ENROLLED, **p} for p in people],
        regime=PRESS,
        conduct_harm=0.1 if by_points < -32000 else float(FOUND["conduct_harm"]),
    )
    assert left.unproportional == [1, 1, 0, 0, 0, 1, 0, 0, 1]  # who is outside is not sanctioned
    down = -32767 * float(PLAIN["view_unjust"])
    assert left.outlook == pytest.approx([down * u for u in left.unproportional], abs=1.01)


def test_ones_own_privilege_and_notice_make_aware() -> None:
    waiver = gate("deposit_free")
    people = [{"tried": waiver}, {"tried": waiver, "refused": waiver}, {"seen": act("fraud")}, {"seen": act("charity")}]

    def aware(**changes: Any) -> list[bool]:
        left = bench("learning", people, {0: 2**32 - 1}, regime=PRESS, campaign=0, aware_ties=0, **changes)
        return [bool(f & AWARE) for f in left.flags]

    assert aware(notice=0) == [True, False, False, False]
    assert aware(notice=2**32) == [True, False, True, False]


def test_privileges_and_order_raise_the_view() -> None:
    top = int(FOUND["privileged"])
    people = [{"flags": ENROLLED, "score": top}, {"flags": ENROLLED, "score": top - 1}, {"score": top}]
    left = bench("learning", people, regime=PRESS)
    assert left.outlook == pytest.approx([32767 * float(PLAIN["view_privilege"]), 0, 0], abs=1.01)
    calmer = bench("learning", [{}], regime=PRESS, gazette=[0, 0, 0.5, 1, 0])
    assert calmer.outlook[0] == pytest.approx(32767 * float(PLAIN["view_order"]) / 2, abs=1.01)


def test_the_view_stays_in_its_range() -> None:
    people = [{"outlook": -32767, "opinion": -32767, "refused_regime": 1, "refused_clean": 1, "friends_against": 5}]
    assert bench("learning", people, regime=PRESS).outlook == [-32767]


def test_campaign_and_sanctioned_ties_make_aware_where_something_is_in_force() -> None:
    edge = int(FOUND["campaign"])
    assert bench("learning", [{}, {}], [{0: edge - 1}, {0: edge}], regime=PRESS).flags == [AWARE, 0]
    assert bench("learning", [{}], {0: 0}).flags == [0]
    assert bench(
        "learning", [{"friends_sanctioned": 16}], {0: 1}, regime=PRESS, campaign=0, aware_ties=2**32
    ).flags == [AWARE]
    assert bench("learning", [{"friends_sanctioned": 0}], {0: 1}, regime=PRESS, campaign=0, aware_ties=2**32).flags == [
        0
    ]


# -- campaigns ---------------------------------------------------------------------------------------------------------

RANKED = str(Path(__file__).parent / "regimes" / "ranked.yaml")


def campaign(**changes: Any) -> Any:
    n = 4_000
    people = many(n, outlook=0, opinion=0, fear=51)
    return bench("learning", people, words(3, n, 4), regime=RANKED, fear_fades=0, view_rate=0, publicity=0, **changes)


def test_a_campaign_raises_fear_and_the_view_of_those_who_believe_it() -> None:
    left = campaign()
    afraid, moved = left.array("fear") > 52, left.array("outlook") > 100
    assert afraid.mean() == pytest.approx(0.2, abs=0.03)
    assert moved.mean() == pytest.approx(0.1, abs=0.02)
    assert not (moved & ~afraid).any()
    assert left.array("fear")[afraid].mean() == pytest.approx(51 + 0.1 * 204, abs=0.5)
    assert left.array("outlook")[moved].mean() == pytest.approx(0.2 * 32767, abs=1)


def test_a_campaign_that_only_informs_moves_neither() -> None:
    silent = campaign(campaigns=0)
    assert silent.array("fear").max() <= 52
    assert silent.array("outlook").max() <= 1
    assert (silent.array("flags") & AWARE > 0).mean() == pytest.approx(0.2, abs=0.03)
    assert tables(PRESS)["campaigns"] == tables(RANKED, "2014-12")["campaigns"] == 0
    assert tables(RANKED)["campaigns"] == 1


def test_a_punishment_is_fresh_in_mind_and_fades() -> None:
    """One's own at once, a tie's if one learns of it; then each month with its chance."""
    fades = int(tables(PRESS)["alarm_fades"])
    calm = [w for w in range(2000) if mix(w ^ 0x1D872B41) < fades]
    alert = [w for w in range(2000) if mix(w ^ 0x1D872B41) >= fades]
    assert len(calm) / 2000 == pytest.approx(1 / 12, abs=0.02)

    def alarmed(word: int, **person: int) -> bool:
        return bool(bench("learning", [person], {0: word}, regime=PRESS).ever[0] & ALARMED)

    assert alarmed(calm[0], flags=SANCTIONED)
    assert alarmed(calm[0], flags=PUNISHED)
    assert not alarmed(alert[0])
    assert alarmed(alert[0], ever=ALARMED)
    assert not alarmed(calm[0], ever=ALARMED)
    told = int(tables(PRESS)["aware_ties"])
    hears = next(w for w in alert if mix(w) < told)
    assert alarmed(hears, friends_sanctioned=1)
    assert not alarmed(next(w for w in alert if mix(w) >= told), friends_sanctioned=1)
    assert bench("learning", [{"flags": PUNISHED}], {0: alert[0]}).ever[0] & ALARMED  # by ordinary law
