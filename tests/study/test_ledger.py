"""The ledger's twelve sentences, its arithmetic by hand, and how its spread follows the number of seeds."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from sincerity.study.ledger import SENTENCES, T_975, Ledger, ledger, shown, spread
from study.fake import fake_rows, fake_scenario

TITLES = {"none": "ordinary law only", "score": "the score"}


def rows_of(figures: dict[str, dict[int, list[int]]], of: int = 1000) -> pa.Table:
    """A census where every measure has the counts of `figures`: world -> seed -> counts by month from 2014-01."""
    found = []
    for world, by_seed in figures.items():
        for seed, counts in by_seed.items():
            for t, count in enumerate(counts):
                month = f"{2014 + t // 12}-{t % 12 + 1:02d}"
                found += [(world, seed, month, "all", "all", s.measure, count, of, 0) for s in SENTENCES]
                found += [(world, seed, month, "decile", "1", s.measure, of, of, 0) for s in SENTENCES]
    names = ("world", "seed", "month", "by", "group", "measure", "count", "of", "against")
    return pa.table(dict(zip(names, map(list, zip(*found, strict=True)), strict=True)))


def two_worlds(ordinary: dict[int, list[int]], regime: dict[int, list[int]]) -> Ledger:
    return ledger(rows_of({"none": ordinary, "score": regime}), "score", "none", TITLES)


def test_month_is_the_mean_of_the_last_twelve_and_ever_is_the_last_month() -> None:
    months = [900] * 12 + [10] * 11 + [130]
    found = two_worlds({1: [0] * 24}, {1: months})
    assert found["late"].regime == pytest.approx((10 * 11 + 130) / 12)
    assert found["refused_ever"].regime == 130
    assert found["late"].ordinary == 0


def test_a_run_shorter_than_a_year_uses_the_months_it_has() -> None:
    assert two_worlds({1: [0, 0]}, {1: [100, 200]})["late"].regime == 150


def test_the_difference_is_taken_seed_by_seed() -> None:
    ordinary = {1: [100], 2: [300], 3: [200]}
    regime = {1: [110], 2: [330], 3: [220]}
    row = two_worlds(ordinary, regime)["late"]
    assert [row.ordinary, row.regime, row.difference, row.low, row.high] == pytest.approx([200, 220, 20, 10, 30])
    assert list(row.ordinary_seeds) == [100, 300, 200]
    assert list(row.regime_seeds) == [110, 330, 220]
    assert row.n == 3


def test_figures_are_of_a_thousand_adults_whatever_the_size() -> None:
    census = rows_of({"none": {1: [30]}, "score": {1: [45]}}, of=1500)
    row = ledger(census, "score", "none", TITLES)["offence"]
    assert (row.ordinary, row.regime, row.difference) == pytest.approx((20, 30, 10))


def test_one_seed_is_an_anecdote_and_three_are_not() -> None:
    assert two_worlds({1: [50]}, {1: [60]})["late"].note == "an anecdote"
    assert "anecdote" in two_worlds({1: [50]}, {1: [60]}).spread
    assert "+10 to +10" not in str(two_worlds({1: [50]}, {1: [60]}))
    assert two_worlds({1: [50], 2: [50]}, {1: [60], 2: [60]})["late"].note == ""


def test_few_cases_are_marked_over_all_seeds_and_months() -> None:
    seeds = range(1, 4)
    few = two_worlds({s: [0] for s in seeds}, {s: [6] for s in seeds})["late"]
    many = two_worlds({s: [0] for s in seeds}, {s: [7] for s in seeds})["late"]
    rarer = two_worlds({s: [7] for s in seeds}, {s: [0] for s in seeds})["late"]
    assert (few.note, many.note, rarer.note) == ("few cases", "", "")


def test_spread_is_min_and_max_below_eight_seeds() -> None:
    assert spread(np.array([3.0, -1, 2, 2, 2, 2, 2])) == (-1, 3)


@pytest.mark.parametrize("n", [8, 9, 31, 36, 100])
def test_spread_from_eight_seeds_on_is_the_interval_of_scipy(n: int) -> None:
    values = np.random.default_rng(n).normal(5, 2, n)
    df = max(df for df in T_975 if df <= n - 1)
    expected = stats.t.interval(0.95, df, loc=values.mean(), scale=stats.sem(values))
    assert spread(values) == pytest.approx(expected, rel=1e-4)


def test_the_table_of_t_is_that_of_scipy() -> None:
    assert min(T_975) == 7
    for df, t in T_975.items():
        assert t == pytest.approx(stats.t.ppf(0.975, df), abs=1e-4)


def test_rows_stand_in_the_promised_order() -> None:
    found = ledger(fake_rows(fake_scenario(), (1, 2)), "citizen-score", "none", {"none": "a", "citizen-score": "b"})
    assert [row.id for row in found] == [sentence.measure for sentence in SENTENCES]
    assert len(found) == 12
    assert [row.kind for row in found] == ["promise"] * 5 + ["cost"] * 7
    text = str(found)
    places = [text.index(row.sentence) for row in found]
    assert places == sorted(places)


def test_text_and_html_show_every_figure() -> None:
    found = two_worlds({1: [100], 2: [120]}, {1: [60], 2: [100]})
    for text in (str(found), found._repr_html_()):
        assert "the score" in text
        assert "110" in text
        assert "80" in text
        assert "−30" in text
        assert "−40 to −20" in text
        assert "not a forecast" in text


def test_html_escapes_what_a_file_declared() -> None:
    found = ledger(rows_of({"x": {1: [1]}}), "x", None, {"x": "<script>"})
    assert "<script>" not in found._repr_html_()


def test_one_world_has_its_own_figures_and_no_difference() -> None:
    row = ledger(rows_of({"x": {1: [100], 2: [140]}}), "x", None, {"x": "the score"})["late"]
    assert (row.ordinary, row.difference) == (None, None)
    assert (row.regime, row.low, row.high) == (120, 100, 140)


def test_to_arrow_keeps_every_field() -> None:
    table = two_worlds({1: [100], 2: [120]}, {1: [60], 2: [100]}).to_arrow()
    assert table.num_rows == 12
    first = table.to_pylist()[0]
    assert first["id"] == "late"
    assert (first["ordinary"], first["regime"], first["difference"]) == pytest.approx((110, 80, -30))
    assert first["regime_seeds"] == pytest.approx([60, 100])


@pytest.mark.parametrize(
    ("value", "sign", "text"),
    [(0.04, True, "0"), (-0.2, False, "−0.2"), (9.96, False, "10"), (9.94, True, "+9.9"), (1234.4, True, "+1,234")],
)
def test_figures_as_shown(value: float, sign: bool, text: str) -> None:
    assert shown(value, sign) == text
