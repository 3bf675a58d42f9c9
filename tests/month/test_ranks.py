"""Ranks: cut-offs from last month's lines, lots among the tied, and that one's refusal is another's gain."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.living import Lived, live
from month.bench import bench, gate, tables, words, world
from month.test_standing import person, word_for
from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.scenario import scenario
from sincerity.month.gates import GATE
from sincerity.month.ranks import ALWAYS, OPEN, WIDTH, cut_off, cuts, publish_cuts
from sincerity.month.standing import PASS
from sincerity.month.tables import monthly_tables
from sincerity.people.columns import ENROLLED

RANKED = str(Path(__file__).parent / "regimes" / "ranked.yaml")
FOUND = tables(RANKED)
SCHOOL_CUT, POST_CUT = int(FOUND["gate_cut"][GATE["school"]]), int(FOUND["gate_cut"][GATE["public_post"]])
SETTLED: dict[str, Any] = {"regime": RANKED, "papers_missing": 0, "school_papers": 0, "list_able": 0, "list_unable": 0}


def line(*scores: int, unscored: int = 0) -> Any:
    found = np.zeros(WIDTH, np.int64)
    found[0] = unscored
    for score in scores:
        found[1 + score] += 1
    return found


def test_the_best_are_in_down_to_the_last_place() -> None:
    assert cut_off(line(900, 800, 700, 600), Fraction(2)) == (700, 0)
    assert cut_off(line(900, 800, 700, 600), Fraction(5, 2)) == (700, ALWAYS // 2)
    assert cut_off(line(900, 800, 700, 600), Fraction(4)) == (OPEN, ALWAYS)
    assert cut_off(line(0, 0, 0), Fraction(0)) == (0, 0)


def test_the_tied_share_what_is_left_by_lot() -> None:
    assert cut_off(line(*[1000] * 10), Fraction(3)) == (1000, int(ALWAYS * Fraction(3, 10)))


def test_who_gets_in_without_a_score_takes_a_place() -> None:
    assert cut_off(line(900, 800, 700, unscored=1), Fraction(2)) == (800, 0)
    assert cut_off(line(900, 800, unscored=5), Fraction(2)) == (900, 0)


@settings(max_examples=60, deadline=None)
@given(
    scores=st.lists(st.integers(0, 1900), min_size=1, max_size=60),
    shift=st.integers(0, 100),
    share=st.fractions(0, 1, max_denominator=50),
)
def test_as_many_get_in_whatever_the_scores(scores: list[int], shift: int, share: Fraction) -> None:
    """Expected admissions (the tied by lot) are the places, for these scores and for all of them higher."""
    for moved in (scores, [score + shift for score in scores], [score // 100 for score in scores]):
        places = share * len(moved)
        cut, lot = cut_off(line(*moved), places)
        admitted = sum(score > cut for score in moved) + moved.count(cut) * Fraction(lot, ALWAYS)
        assert places - Fraction(len(moved), ALWAYS) <= admitted <= places


def test_bands_by_share_are_cumulated_from_the_top_and_gates_keep_lines_of_their_own() -> None:
    found = cuts(catalogue.regime(RANKED))
    assert [(cut.line, cut.share) for cut in found] == [
        (0, Fraction("0.2")),
        (0, Fraction("0.7")),
        (1, Fraction("0.6")),
        (2, None),
        (3, Fraction("0.5")),
    ]
    assert found[3].places(line(1, 2, 3), 4_000) == 2
    assert FOUND["gate_cut"][[GATE["visa"], GATE["health"], GATE["flight"]]].tolist() == [0, 1, -1]
    assert not cuts(catalogue.regime("citizen-score"))


def test_a_line_in_which_nobody_stood_leaves_its_cut_as_it_was() -> None:
    regime = catalogue.regime(RANKED)
    shown = {"cut_points": np.full(5, 77, np.int64), "cut_lots": np.full(5, 9, np.uint64)}
    lines = np.zeros((4, WIDTH), np.int64)
    lines[1] = line(500, 600, 700, 800, 900)
    publish_cuts(regime, lines, 1000, shown)
    assert shown["cut_points"].tolist() == [77, 77, 600, 77, 77]
    assert shown["cut_lots"].tolist() == [9, 9, 0, 9, 9]


def applies(name: str, people: list[dict[str, Any]], luck: Any = None, **changes: Any) -> Any:
    return bench("standing", people, word_for(name) if luck is None else luck, **(SETTLED | changes))


def test_who_ranks_below_the_cut_is_refused_and_who_ties_draws_a_lot() -> None:
    people = [person(points, parent=1) for points in (799.9, 800, 800.9, 801)]
    out, drawn = (applies("school", people, cut_points={SCHOOL_CUT: 800}, cut_lots=lot) for lot in (0, ALWAYS))
    assert out.refused == [gate("school")] * 3 + [0]
    assert drawn.refused == [gate("school"), 0, 0, 0]
    assert out.in_line == [gate("school")] * 4
    assert out.refused_regime == out.refused


def test_lots_are_drawn_at_their_share() -> None:
    n = 4_000
    luck = words(8, n)
    for group, word in word_for("school").items():
        luck[group] = word
    left = applies("school", [person(800, parent=1)] * n, luck, cut_points={SCHOOL_CUT: 800}, cut_lots=ALWAYS // 4)
    assert (left.array("refused") == 0).mean() == pytest.approx(0.25, abs=0.03)


def test_nobody_stands_in_line_who_is_refused_for_another_reason() -> None:
    people = [
        person(1000, parent=1, lists=1, owed=9),
        person(1000, parent=1, household_listed=1),
        person(1000, parent=1),
    ]
    left = applies("school", people)
    assert left.refused == [gate("school")] * 2 + [0]
    assert left.in_line == [0, 0, gate("school")]


def test_the_unscored_pass_and_take_a_place_or_are_refused_and_take_none() -> None:
    unscored = {"flags": 0, "parent": 1}
    passes = applies("school", [unscored], cut_points={SCHOOL_CUT: 800})
    assert (passes.refused, passes.in_line) == ([0], [gate("school")])
    refused = applies("public_post", [unscored], cut_points={POST_CUT: 800})
    assert (refused.refused, refused.in_line) == ([gate("public_post")], [0])
    assert FOUND["gate_closed_to_unscored"][GATE["school"]] == PASS


def test_what_only_friends_or_a_false_record_cost_is_asked_of_ranks_too() -> None:
    lost = person(799, parent=1)
    left = applies(
        "school",
        [lost, lost | {"score_alone": 32 * 810, "score_own": 32 * 810}, lost | {"score_true": 32 * 810}],
        cut_points={SCHOOL_CUT: 800},
    )
    assert [r != 0 for r in left.refused_ties] == [False, True, False]
    assert [r != 0 for r in left.refused_false] == [False, False, True]


def test_a_gate_below_a_band_by_share_reads_the_cut_of_all_the_scored() -> None:
    left = applies("health", [person(p) for p in (949, 951)], cut_points={0: 1100, 1: 950})
    assert left.refused == [gate("health"), 0]
    assert left.in_line == [0, 0]


def test_a_point_is_worth_most_near_last_months_cut() -> None:
    made = world(RANKED)
    fixed = made.fixed | made.shown
    steepest = []
    for cut in (400, 1200):
        at = np.array([OPEN, OPEN, cut, OPEN, OPEN])
        found = monthly_tables(made.land.society, made.regime, fixed, Month(2020, 6), None, at)
        alone = (
            found["worth"]
            - monthly_tables(
                made.land.society, made.regime, fixed, Month(2020, 6), None, np.array([OPEN, OPEN, 2000, OPEN, OPEN])
            )["worth"]
        )
        steepest.append(int(np.argmax(np.diff(alone[5]))) * 1400 / 256)
    assert steepest == pytest.approx([400, 1200], abs=12)


# -- lived -------------------------------------------------------------------------------------------------------------


def ranked(*settings: str, threads: int = 2, block: int = 8_192, people: int = 12_000, months: int = 14) -> Lived:
    wanted = scenario(["none", RANKED], people=people, start="2015-01", seeds=1, settings=settings)
    return live(replace(wanted, months=months), threads=threads, block=block)


@pytest.fixture(scope="module")
def usual() -> Lived:
    return ranked()


def monthly(lived: Lived, measure: str) -> list[int]:
    return [
        row["count"] for row in lived.rows if (row["world"], row["by"], row["measure"]) == ("ranked", "all", measure)
    ]


def test_threads_and_blocks_do_not_matter_to_ranks(usual: Lived) -> None:
    assert max(monthly(usual, "outranked")) > 0
    first = usual.worlds[1]
    for threads, block in ((1, 16_384), (2, 1_024), (3, 5_000)):
        other = ranked(threads=threads, block=block)
        assert other.prints == usual.prints
        assert (other.worlds[1].shown["cut_points"] == first.shown["cut_points"]).all()


def test_one_refusal_is_anothers_gain(usual: Lived) -> None:
    """Points that lower many scores, or none at all, leave as many in as before."""
    harder = ranked("ranked.points.pay_on_time.value=1", "ranked.points.disorder.value=-50")

    def admitted(lived: Lived) -> tuple[int, int]:
        line, out = (sum(monthly(lived, m)[3:]) for m in ("in_line", "outranked"))
        return line - out, line

    (before, line), (after, line2) = admitted(usual), admitted(harder)
    assert (usual.worlds[1].columns["score"] != harder.worlds[1].columns["score"]).mean() > 0.02
    assert line2 == pytest.approx(line, rel=0.03)
    assert after == pytest.approx(before, rel=0.05)
    assert 0 < before < line


def test_shares_of_people_are_above_the_cuts_of_bands(usual: Lived) -> None:
    world = usual.worlds[1]
    score = world.columns["score"][world.columns["flags"] & ENROLLED > 0] // 32
    cut, lots = world.shown["cut_points"], world.shown["cut_lots"] / ALWAYS
    for k, share in ((0, 0.2), (1, 0.7)):
        inside = (score > cut[k]).mean() + (score == cut[k]).mean() * lots[k]
        assert inside == pytest.approx(share, abs=1e-6)
