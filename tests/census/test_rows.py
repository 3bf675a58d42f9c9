"""Rows: denominators, flows and stocks, and groups that add up to everybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.living import BOTH, usual
from sincerity.census.causes import CREDIT, SHAPE
from sincerity.census.counts import BANDS, STOCKS
from sincerity.census.groups import FIRST_CELLS, Groupings
from sincerity.census.measures import EVER, EVER_BIT, MONTHLY, SUMS
from sincerity.census.rows import COLUMNS, Rows
from sincerity.month.gates import GATE

PEOPLE = 10_007
GROUPINGS = ("decile", "education", "age", "region", "sex", "urban", "minority", "opinion")
LASTS = {
    "2015-05": [f"2014-{m:02}" for m in range(6, 13)] + [f"2015-{m:02}" for m in range(1, 6)],
    "2015-07": ["2015-06", "2015-07"],
}
"""The last month of each year of the run, and the year's months."""
STOCK_IDS = {m.id for k, m in enumerate(MONTHLY) if STOCKS >> k & 1}


@lru_cache
def rows() -> tuple[dict[str, Any], ...]:
    return tuple(usual().rows)


@lru_cache
def everybody() -> dict[tuple[str, str, str], dict[str, Any]]:
    """(world, month, measure) -> row for all people."""
    return {(r["world"], r["month"], r["measure"]): r for r in rows() if r["by"] == "all"}


@lru_cache
def grouped() -> dict[tuple[str, str, str, str], list[dict[str, Any]]]:
    """(world, month, grouping, measure) -> rows of its groups."""
    found = defaultdict(list)
    for r in rows():
        if r["by"] in GROUPINGS:
            found[r["world"], r["month"], r["by"], r["measure"]].append(r)
    return dict(found)


def group_people() -> dict[tuple[str, str], int]:
    """(grouping, group) -> its people, from the traits themselves."""
    land = usual().worlds[0].land
    from sincerity.people import traits

    made = {c.name: np.zeros(PEOPLE, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, PEOPLE, land.packed, land.traits.kernel, *made.values())
    found: dict[tuple[str, str], int] = {}
    for grouping in Groupings(land.traits.region_names):
        number = made[grouping.by].astype(np.int64)
        if grouping.by == "opinion":
            number = (number >= 0).astype(np.int64)
        if grouping.by == "age":
            number = np.searchsorted([30, 45, 60, 75], number, side="right")
        for group, many in zip(grouping.groups, np.bincount(number, minlength=len(grouping.groups)), strict=True):
            found[grouping.by, group] = int(many)
    return found


def test_the_run_gives_every_row_once() -> None:
    keys = Counter((r["world"], r["month"], r["by"], r["group"], r["measure"]) for r in rows())
    assert max(keys.values()) == 1
    assert set(rows()[0]) == set(COLUMNS)
    assert {r["seed"] for r in rows()} == {1}
    months = [month for year in LASTS.values() for month in year]
    expected = {(w, m, x.id) for w in BOTH for m in months for x in (*MONTHLY, *SUMS)}
    expected |= {(w, m, x.id) for w in BOTH for m in LASTS for x in EVER}
    assert set(everybody()) == expected
    assert set(grouped()) == {
        (w, m, g.by, x.id)
        for w in BOTH
        for m in LASTS
        for g in Groupings(usual().worlds[0].land.traits.region_names)
        for x in (*MONTHLY, *EVER)
    }


def test_denominators_of_all_people_are_all_people() -> None:
    for row in everybody().values():
        assert row["of"] == PEOPLE
        if row["measure"] not in {m.id for m in SUMS}:
            assert 0 <= row["against"] <= row["count"] <= PEOPLE


def test_groups_of_flows_add_up_to_the_years_months() -> None:
    for (world, month, by, measure), parts in grouped().items():
        if measure in STOCK_IDS or measure in EVER_BIT:
            continue
        for what in ("count", "against"):
            total = sum(everybody()[world, m, measure][what] for m in LASTS[month])
            assert sum(r[what] for r in parts) == total, (world, month, by, measure)
        assert sum(r["of"] for r in parts) == PEOPLE * len(LASTS[month])


def test_groups_of_stocks_and_of_what_ever_happened_add_up_to_the_last_month() -> None:
    for (world, month, by, measure), parts in grouped().items():
        if measure in STOCK_IDS or measure in EVER_BIT:
            for what in ("count", "against"):
                total = everybody()[world, month, measure][what]
                assert sum(r[what] for r in parts) == total, (world, month, by, measure)
            assert sum(r["of"] for r in parts) == PEOPLE


def test_denominators_of_groups_are_their_people_and_for_flows_their_person_months() -> None:
    people = group_people()
    for (_, month, by, measure), parts in grouped().items():
        months = 1 if measure in STOCK_IDS or measure in EVER_BIT else len(LASTS[month])
        assert {r["group"]: r["of"] for r in parts} == {
            group: many * months for (of, group), many in people.items() if of == by and many
        }
        assert all(0 <= r["against"] <= r["count"] <= r["of"] for r in parts)


def test_the_baseline_is_against_nobody_and_joint_counts_balance() -> None:
    """How many more a regime has is what only it has, less what only the baseline has: so never more than `against`."""
    for (world, month, measure), row in everybody().items():
        if world == "none":
            assert row["against"] == 0
        elif measure not in {m.id for m in SUMS}:
            base = everybody()["none", month, measure]["count"]
            assert row["count"] - base <= row["against"] <= PEOPLE - base
    assert any(r["against"] for r in rows())


def test_the_score_histogram_holds_the_enrolled() -> None:
    bins = [r for r in rows() if r["by"] == "score"]
    assert {r["world"] for r in bins} == {"citizen-score"}
    assert {r["measure"] for r in bins} == {"people"}
    by_month = defaultdict(list)
    for r in bins:
        by_month[r["month"]].append(r)
    assert set(by_month) == {f"2015-{m:02}" for m in range(1, 8)}
    for month, parts in by_month.items():
        enrolled = everybody()["citizen-score", month, "enrolled"]["count"]
        assert sum(r["count"] for r in parts) == enrolled > 0
        assert {r["of"] for r in parts} == {enrolled}
    world = usual().worlds[1]
    points = world.columns["score"][world.columns["score"] > 0] // 32
    edges = Counter((points // 25 * 25).tolist())
    assert {int(r["group"]): r["count"] for r in by_month["2015-07"]} == dict(edges)


def test_what_ever_happened_counts_at_least_the_last_month() -> None:
    for world in BOTH:
        for month, ever in (
            ("punished_post", "punished_ever"),
            ("on_list", "on_list_ever"),
            ("refused", "refused_ever"),
        ):
            months = [everybody()[world, m, month]["count"] for m in LASTS["2015-05"]]
            assert max(months) <= everybody()[world, "2015-05", ever]["count"] <= sum(months)


# -- made-up totals -------------------------------------------------------------------------------------------------


class Made:
    """Totals made up for one small land: two worlds, and what was set back to zero."""

    def __init__(self, groupings: Groupings) -> None:
        cells = groupings.cells
        luck = np.random.default_rng(8)
        self.totals: dict[str, NDArray[np.int64]] = {
            "counts": luck.integers(0, 99, (2, 2, 128)),
            "ever_counts": luck.integers(0, 99, (2, 2, 64)),
            "sums": luck.integers(-99, 99, (2, len(SUMS))),
            "bins": np.zeros((2, 84), np.int64),
            "group_counts": luck.integers(0, 9, (2, 2, 128, cells)),
            "group_ever": luck.integers(0, 9, (2, 2, 64, cells)),
            "group_people": np.zeros(cells, np.int64),
            "deed_counts": np.zeros((2, 2, 64), np.int64),
            "mass": np.zeros((2, *SHAPE), np.int64),
            "bands": np.zeros((2, 3, BANDS, cells), np.int64),
        }
        self.totals["deed_counts"][1, :, [2, 34]] = (9, 4), (5, 1)  # the default, done and recorded
        self.totals["mass"][1, CREDIT, GATE["loan"]] = 96
        self.totals["bands"][1, :, 12, 0] = 40, 8, 3
        self.totals["bins"][1, [0, 30]] = 3, 4
        self.totals["group_people"][[0, FIRST_CELLS + 16]] = (
            7  # decile 1, primary or less, 18-29; the second region, women
        )
        self.cleared: tuple[str, ...] = ()

    def total(self, name: str) -> NDArray[np.int64]:
        return self.totals[name]

    def clear(self, *names: str) -> None:
        self.cleared = names


def test_rows_carry_the_totals_they_are_given() -> None:
    groupings = Groupings(("north", "south"))
    made, taken = Made(groupings), Rows(["a", "b"], 9, groupings, 7)
    assert taken.table().num_rows == 0
    taken.add_month("2020-01", made, ever=False)
    table = taken.table()
    assert table.column_names == list(COLUMNS)
    assert table.num_rows == 2 * (len(MONTHLY) + len(SUMS)) + 2
    found = {(r["world"], r["group"], r["measure"]): r for r in table.to_pylist()}
    k = 5
    assert found["b", "all", MONTHLY[k].id]["count"] == made.totals["counts"][1, 0, k]
    assert found["b", "all", MONTHLY[k].id]["against"] == made.totals["counts"][1, 1, k]
    assert found["a", "all", SUMS[1].id]["count"] == made.totals["sums"][0, 1]
    assert [(g, found["b", g, "people"]["count"], found["b", g, "people"]["of"]) for g in ("0", "750")] == [
        ("0", 3, 7),
        ("750", 4, 7),
    ]
    assert {r["seed"] for r in found.values()} == {9}


def test_a_year_leaves_out_groups_without_people_and_sets_the_totals_back() -> None:
    groupings = Groupings(("north", "south"))
    made, taken = Made(groupings), Rows(["a", "b"], 9, groupings, 7)
    taken.add_year("2020-03", made, months=3)
    found = [r for r in taken.table().to_pylist() if r["by"] in GROUPINGS]
    assert {(r["by"], r["group"]) for r in found} == {
        ("decile", "1"), ("education", "primary or less"), ("age", "18-29"), ("region", "south"), ("sex", "women"),
        ("urban", "rural"), ("minority", "majority"), ("opinion", "against"),
    }  # fmt: skip
    of = {(r["measure"]): r["of"] for r in found}
    assert (of["late"], of["working"], of["refused_ever"]) == (21, 7, 7)
    assert {"group_counts", "group_ever", "group_people"} <= set(made.cleared)
    south = next(r for r in found if r["group"] == "south" and r["world"] == "b" and r["measure"] == MONTHLY[2].id)
    assert south["count"] == made.totals["group_counts"][1, 0, 2, FIRST_CELLS + 16 :].sum()
    assert south["against"] == made.totals["group_counts"][1, 1, 2, FIRST_CELLS + 16 :].sum()


def test_packed_rows_are_taken_over_whole() -> None:
    whole, other = Rows(["a", "b"], 3, Groupings([]), PEOPLE), Rows(["a", "b"], 3, Groupings([]), PEOPLE)
    for number in range(50):
        whole._add("a", "2014-06", "all", ["all"], [f"é{number}"], [number * 2**40], [PEOPLE], [-number])
    other._add("b", "2014-06", "all", ["all"], ["forgotten"], [1], [2], [3])
    other.unpack(whole.packed())
    assert other.table().equals(whole.table())
    assert whole.packed().nbytes < whole.table().nbytes
    empty = Rows(["a"], 3, Groupings([]), PEOPLE)
    other.unpack(empty.packed())
    assert other.table().num_rows == 0


def test_acts_causes_and_bands_are_rows_of_their_own() -> None:
    groupings = Groupings(("north", "south"))
    made, taken = Made(groupings), Rows(["a", "b"], 9, groupings, 7)
    taken.add_year("2020-12", made, months=12)
    found = {(r["by"], r["group"], r["measure"]): r for r in taken.table().to_pylist() if r["by"] not in GROUPINGS}
    assert {key: (r["count"], r["of"], r["against"]) for key, r in found.items()} == {
        ("act", "default", "acts"): (9, 84, 4),
        ("act", "default", "records"): (5, 84, 1),
        ("cause", "credit > loan", "refusals_sum"): (96, 84, 0),
        **{
            (f"score and {by}", f"600 > {group}", measure): (count, 40, 0)
            for by, group in (("decile", "1"), ("education", "primary or less"), ("age", "18-29"))
            for measure, count in (("penalised_by_score", 8), ("late_by_score", 3))
        },
    }
    assert {"deed_counts", "mass", "bands"} <= set(made.cleared)


def test_causes_of_a_run_are_its_refusals_by_the_regime() -> None:
    """Every refusal by the regime has one cause; at most a month's people have one or more of them."""
    for month in LASTS:
        causes = [r for r in rows() if r["by"] == "cause" and r["month"] == month]
        assert {r["world"] for r in causes} <= {"citizen-score"}
        people = sum(everybody()["citizen-score", m, "refused_by_regime"]["count"] for m in LASTS[month])
        assert people <= sum(r["count"] for r in causes) / 64 <= 4 * people
    assert people > 0


def test_acts_of_a_run_are_those_of_the_measures() -> None:
    for month, months in LASTS.items():
        for world in BOTH:
            acts = {(r["group"], r["measure"]): r for r in rows() if (r["by"], r["world"]) == ("act", world)
                    and r["month"] == month}  # fmt: skip
            for act, measure in (("pay_late", "late"), ("tax_evasion", "tax_evaded"), ("default", "defaulted")):
                done = sum(everybody()[world, m, measure]["count"] for m in months)
                assert (acts[act, "acts"]["count"] if done else 0) == done
            assert all(r["count"] <= r["of"] for r in acts.values())
            assert world == "citizen-score" or not any(name == "records" for _, name in acts)


def test_bands_of_a_run_hold_those_who_were_scored_the_month_before() -> None:
    for by in ("decile", "sex"):
        of = {r["group"]: r["of"] for r in rows() if r["by"] == f"score and {by}" and r["month"] == "2015-07"}
        scored = sum(r["count"] for r in rows() if r["by"] == "score" and r["month"] == "2015-06")
        assert sum(of.values()) == scored > 0


def test_of_those_who_did_it_no_more_were_sanctioned_than_did_it_or_were_sanctioned() -> None:
    for month in LASTS:
        both, did, hit = (
            everybody()["citizen-score", month, m]["count"]
            for m in ("did_sanctioned_ever", "did_ever", "sanctioned_ever")
        )
        assert 0 < both <= min(did, hit)
        assert everybody()["none", month, "did_ever"]["count"] == 0
