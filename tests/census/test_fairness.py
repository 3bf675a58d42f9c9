"""Fairness arithmetic: a toy worked by hand, Chouldechova's identity, and fairlearn as oracle."""

from __future__ import annotations

from math import isnan

import fairlearn.metrics as oracle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sincerity.census import fairness as ours
from sincerity.census.fairness import Confusion, confusion

A, B = confusion(10, 5, 6, 4), confusion(10, 5, 3, 2)
"""Two groups of ten: in a, 6 selected of whom 4 did it; in b, 3 of whom 2; in each 5 did it."""

Groups = list[Confusion]
groups = st.lists(st.builds(Confusion, *[st.integers(1, 60)] * 4), min_size=2, max_size=4)


def test_the_toy_worked_by_hand() -> None:
    assert (A.selection_rate, B.selection_rate) == (0.6, 0.3)
    assert ours.demographic_parity_difference([A, B]) == pytest.approx(0.3)
    assert ours.demographic_parity_ratio([A, B]) == pytest.approx(0.5)
    assert (A.true_positive_rate, B.true_positive_rate) == (0.8, 0.4)
    assert (A.false_positive_rate, B.false_positive_rate) == (0.4, 0.2)
    assert ours.equalised_odds_difference([A, B]) == pytest.approx(0.4)
    assert ours.equalised_odds_ratio([A, B]) == pytest.approx(0.5)
    assert A.precision == pytest.approx(B.precision) == pytest.approx(2 / 3)
    assert ours.four_fifths([(6, 10), (3, 10)])[0] < ours.FOUR_FIFTHS


@given(groups)
def test_chouldechovas_identity_holds_in_every_group(found: Groups) -> None:
    for each in found:
        assert ours.implied_false_positive_rate(each) == pytest.approx(each.false_positive_rate)


@settings(max_examples=30, deadline=None)
@given(groups)
def test_fairlearn_says_the_same(found: Groups) -> None:
    did, chosen, group = (np.concatenate(parts) for parts in zip(*map(people, found, range(len(found))), strict=True))
    given_to = {"sensitive_features": group}
    for name, fairlearns in (
        ("demographic_parity_difference", oracle.demographic_parity_difference),
        ("demographic_parity_ratio", oracle.demographic_parity_ratio),
        ("equalised_odds_difference", oracle.equalized_odds_difference),
        ("equalised_odds_ratio", oracle.equalized_odds_ratio),
    ):
        assert getattr(ours, name)(found) == pytest.approx(fairlearns(did, chosen, **given_to)), name
    frame = oracle.MetricFrame(
        metrics={"tpr": oracle.true_positive_rate, "fpr": oracle.false_positive_rate},
        y_true=did,
        y_pred=chosen,
        sensitive_features=group,
    )
    assert frame.by_group["tpr"].tolist() == pytest.approx([each.true_positive_rate for each in found])
    assert frame.by_group["fpr"].tolist() == pytest.approx([each.false_positive_rate for each in found])


def people(counts: Confusion, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The people behind counts, one by one: did it, was chosen, group."""
    tp, fp, fn, tn = counts
    did = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    chosen = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    return did, chosen, np.full(counts.total, number)


def test_intervals_are_those_of_the_papers() -> None:
    """Wilson: 81 of 263 (Newcombe 1998a, table I). Newcombe: 56/70 less 48/80 (1998b, table II, method 10)."""
    assert ours.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert ours.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert ours.wilson(0, 10)[0] == 0
    assert ours.wilson(10, 10)[1] == pytest.approx(1)


@given(st.integers(1, 50), st.integers(51, 500), st.integers(1, 50), st.integers(51, 500))
def test_an_interval_holds_its_figure_and_turns_round_with_it(a: int, of_a: int, b: int, of_b: int) -> None:
    low, high = ours.newcombe(a, of_a, b, of_b)
    assert low <= a / of_a - b / of_b <= high
    assert ours.newcombe(b, of_b, a, of_a) == pytest.approx((-high, -low))
    down, up = ours.ratio_interval(a, of_a, b, of_b)
    assert down <= a / of_a / (b / of_b) <= up
    assert ours.ratio_interval(b, of_b, a, of_a) == pytest.approx((1 / up, 1 / down))


def test_what_cannot_be_said_is_no_number() -> None:
    nobody = Confusion(0, 0, 0, 5)
    assert isnan(nobody.true_positive_rate)
    assert isnan(ours.equalised_odds_difference([A, nobody]))
    assert isnan(ours.wilson(0, 0)[0])
    assert isnan(ours.ratio_interval(0, 5, 1, 5)[0])
    assert ours.demographic_parity_ratio([nobody, nobody]) == 1
