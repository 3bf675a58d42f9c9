"""Traits: marginals by quota at any size, dependence of the right sign, the same bits however they are cut."""

from __future__ import annotations

import hashlib
import shutil
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sincerity.declare.catalogue import society, society_names
from sincerity.declare.problems import BadInput
from sincerity.declare.vocabulary import CHANNELS
from sincerity.people import population, traits

SIZES = (1_000, 10_007, 100_000, 1_000_000)
QUINTILES = (9_215, 20_442, 32_195, 50_220, 95_055)
"""Disposable income a head by household quintile, China 2023, yuan (NBS communique)."""
Columns = dict[str, NDArray[Any]]


@lru_cache
def china() -> Any:
    return society("china-2020")


@lru_cache
def known() -> population.Marginals:
    return population.marginals(china())


@lru_cache
def lived(people: int, seed: int = 1) -> Columns:
    built = traits.build(china(), people, seed)
    packed = np.zeros(people, np.uint32)
    traits.fill_packed(0, people, built.kernel, packed)
    columns: Columns = {c.name: np.zeros(people, c.dtype) for c in traits.columns()}
    traits.fill_traits(0, people, packed, built.kernel, *columns.values())
    return columns


def group_of(age: NDArray[Any]) -> NDArray[np.int64]:
    return np.searchsorted(np.array(population.FIRST_AGE), age.astype(np.int64), side="right") - 1


def counted(people: int, *by: tuple[NDArray[Any], int]) -> NDArray[np.int64]:
    place = np.zeros(people, np.int64)
    for values, many in by:
        place = place * many + values
    shape = [many for _, many in by]
    return np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)


@pytest.mark.parametrize("people", SIZES)
def test_marginals_are_met_by_quota(people: int) -> None:
    """Each total that is promised is within one person of the published share, for every seed."""
    k, c = known(), lived(people)
    adults = k.kinds.sum(axis=1)
    region = counted(people, (c["region"], 31))
    assert np.abs(region - people * adults / adults.sum()).max() < 1
    kinds = counted(people, (2 * group_of(c["age"]) + c["sex"], 36))
    assert np.abs(kinds - people * k.by_kind).max() < 1
    education = counted(people, (c["education"], 4))
    assert np.abs(education - people * (adults @ k.education) / adults.sum()).max() < 1
    assert np.ptp(counted(people, (c["decile"], 10))) <= 1
    assert abs(c["minority"].sum() - people * (k.minority @ adults) / adults.sum()) <= 1
    assert abs(c["urban"].sum() - people * (k.urban @ adults) / adults.sum()) <= 1
    assert abs(c["owner"].sum() - 0.12 * people) <= 1
    assert abs(c["official"].sum() - 0.08 * people) <= 1


@pytest.mark.parametrize("people", SIZES)
def test_marginals_of_regions_are_met_by_quota(people: int) -> None:
    k, c = known(), lived(people)
    region = counted(people, (c["region"], 31))
    for trait, share in (("urban", k.urban), ("minority", k.minority)):
        found = counted(people, (c["region"], 31), (c[trait], 2))[:, 1]
        assert np.abs(found - region * share).max() < 1.5
    kinds = counted(people, (c["region"], 31), (2 * group_of(c["age"]) + c["sex"], 36))
    assert np.abs(kinds - people * k.kinds / k.kinds.sum()).max() < 2
    education = counted(people, (c["region"], 31), (c["education"], 4))
    assert np.abs(education - region[:, None] * k.education).max() < 2


def test_chi_square_of_region_age_and_sex_is_near_nothing() -> None:
    """Random assignment would give about 1,080 for 31 x 36 cells; rounding gives far less."""
    people, k = 1_000_000, known()
    c = lived(people)
    found = counted(people, (c["region"], 31), (2 * group_of(c["age"]) + c["sex"], 36))
    expected = people * k.kinds / k.kinds.sum()
    large = expected >= 5
    assert large.sum() > 900
    assert ((found - expected)[large] ** 2 / expected[large]).sum() < 20


@pytest.mark.parametrize("people", [10_007, 1_000_000])
def test_marginals_hold_for_another_seed_and_people_differ(people: int) -> None:
    one, two = lived(people), lived(people, 2)
    for trait, many in (("region", 31), ("age", 104), ("sex", 2), ("education", 4), ("decile", 10), ("parent", 2)):
        assert (counted(people, (one[trait], many)) == counted(people, (two[trait], many))).all()
    same = {"age": 0.02, "education": 0.35, "decile": 0.15, "conscientiousness": 0.02, "opinion": 0.01}
    for trait, most in same.items():
        assert np.mean(one[trait] == two[trait]) < most


def test_adults_of_china() -> None:
    """1,112.8 million adults, a fifth of them with a college education, of the census without servicemen."""
    k = known()
    assert round(k.kinds.sum()) == 1_112_784_302 == china().adults
    college = (k.kinds.sum(axis=1) @ k.education)[3]
    assert college == pytest.approx(217.2e6, rel=1e-3)


def test_counts_of_the_whole_nation_are_the_census() -> None:
    people = 1_112_784_302
    made = population.cells(china(), known(), people)
    assert np.abs(made.kinds.reshape(31, 2, 36).sum(axis=(0, 1)) - known().kinds.sum(axis=0)).max() <= 1
    assert np.abs(np.diff(made.first) - known().kinds.sum(axis=1)).max() <= 1
    assert (made.education.sum(axis=2) == made.kinds).all()
    assert (made.decile.sum(axis=2) == made.education.sum(axis=1)).all()
    assert (made.official <= made.decile).all()
    assert min(part.min() for part in (made.kinds, made.education, made.decile, made.official)) >= 0


def test_dependence_has_the_right_sign() -> None:
    c = lived(1_000_000)

    def mean(trait: str, of: NDArray[np.bool_]) -> float:
        return float(c[trait][of].mean())

    young, old, city = c["age"] < 30, c["age"] >= 60, c["urban"] == 1
    assert mean("education", young) > 1.5 * mean("education", old)
    assert mean("education", city) > 1.3 * mean("education", ~city)
    assert mean("urban", young) > mean("urban", old) + 0.1
    assert mean("parent", (c["age"] >= 30) & (c["age"] < 45)) > 0.5 > 0.1 > mean("parent", old)
    assert mean("owner", c["sex"] == 1) > 1.2 * mean("owner", c["sex"] == 0)
    assert mean("official", c["education"] == 3) > 3 * mean("official", c["education"] == 0)
    assert np.corrcoef(c["decile"], c["education"])[0, 1] > 0.3
    assert mean("opinion", c["decile"] == 9) > mean("opinion", c["decile"] == 0)
    bits = np.bitwise_count(c["channels"])
    assert bits[city & young].mean() > bits[city & old].mean() > bits[~city & old].mean()


def test_city_incomes_stand_to_those_of_the_country_as_published() -> None:
    """51,821 against 21,691 yuan a head in 2023: 2.39."""
    c = lived(1_000_000)
    income = np.repeat(QUINTILES, 2) * np.tile([0.85, 1.15], 5)
    city = c["urban"] == 1
    assert income[c["decile"]][city].mean() / income[c["decile"]][~city].mean() == pytest.approx(2.39, abs=0.1)


def test_streets_do_not_resemble_each_other_beyond_region_and_city() -> None:
    """The order inside a cell carries nothing: the means of neighbouring streets are as if drawn apart."""
    c = lived(1_000_000)
    henan = (c["region"] == 8) & (c["urban"] == 1)
    for trait in ("age", "sex", "education", "decile", "minority", "parent", "owner", "official"):
        values = c[trait][henan].astype(float)
        streets = values[: len(values) // 64 * 64].reshape(-1, 64).mean(axis=1)
        for lag in (1, 2, 7):
            assert abs(np.corrcoef(streets[:-lag], streets[lag:])[0, 1]) < 4 / len(streets) ** 0.5
        assert streets.std() < 1.3 * values.std() / 8


def test_traits_are_independent_where_nothing_binds_them() -> None:
    c = lived(1_000_000)
    mothers_age = (c["age"] >= 30) & (c["age"] < 45) & (c["sex"] == 0)
    assert abs(np.corrcoef(c["parent"][mothers_age], c["owner"][mothers_age])[0, 1]) < 0.01
    assert abs(np.corrcoef(c["minority"], c["owner"])[0, 1]) < 0.01
    temper = [c[t].astype(float) for t in ("conscientiousness", "tolerance", "integrity", "sociability", "civic")]
    between = np.corrcoef(temper) - np.eye(5)
    assert np.abs(between).max() < 0.005


def test_ages_of_a_group_are_equally_frequent() -> None:
    years = np.bincount(lived(1_000_000)["age"])
    for first, many in zip(population.FIRST_AGE, population.YEARS, strict=True):
        assert np.ptp(years[first : first + many]) <= 2


def test_streets_are_of_the_city_or_of_the_country() -> None:
    people = 1_000_000
    c = lived(people)
    street = np.arange(people) // population.STREET
    city = np.bincount(street, c["urban"]) / np.bincount(street)
    regions = np.array([np.ptp(c["region"][s * 64 : s * 64 + 64]) for s in np.flatnonzero((city > 0) & (city < 1))])
    assert (regions == 0).sum() <= 31  # one mixed street a region, beside those that two regions share
    assert len(regions) <= 2 * 31


def test_temper_has_its_declared_shape() -> None:
    people, c, temper = 1_000_000, lived(1_000_000), china().temper
    a, b = (float(v) for v in temper.conscientiousness.values)
    assert c["conscientiousness"].mean() / 255 == pytest.approx(a / (a + b), abs=0.002)
    assert (c["conscientiousness"] / 255).std() == pytest.approx((a * b / (a + b + 1)) ** 0.5 / (a + b), abs=0.003)
    view = c["opinion"] / 32767
    assert np.median(view) == pytest.approx(float(temper.opinion_centre), abs=0.003)
    inside = view[np.abs(view) < 0.99]
    assert len(inside) > 0.95 * people
    built = traits.build(china(), 1_000, 1)
    assert built.sociability_table[127] == pytest.approx(np.exp(float(temper.sociability_centre)), rel=0.01)
    assert np.log(built.civic_table.astype(float)).std() == pytest.approx(float(temper.civic_spread), rel=0.02)
    assert (np.diff(built.integrity_table) > 0).all()


def test_channels_have_their_declared_shares() -> None:
    c = lived(1_000_000)
    for bit, channel in enumerate(CHANNELS):
        uses = china().population.channels[channel]
        for band in range(4):
            for city, factor in ((0, float(uses.rural)), (1, 1.0)):
                chosen = (c["cell"] >> 3 == band) & (c["urban"] == city)
                found = float((c["channels"][chosen] >> bit & 1).mean())
                assert found == pytest.approx(float(uses.values[band]) * factor, abs=0.006)


def test_cell_is_band_sex_owner_parent() -> None:
    c = lived(10_007)
    band = (c["age"] >= 30).astype(int) + (c["age"] >= 45) + (c["age"] >= 60)
    assert (c["cell"] == 8 * band + 4 * c["sex"] + 2 * c["owner"] + c["parent"]).all()


@pytest.mark.parametrize("people", SIZES[:3])
def test_columns_stay_in_their_declared_ranges(people: int) -> None:
    for column in traits.columns():
        values = lived(people)[column.name]
        assert column.low <= values.min()
        assert values.max() <= column.high


@pytest.mark.parametrize("table", ["regions.csv", "age_sex.csv", "dependence.csv"])
def test_a_table_that_cannot_be_read_is_bad_input(table: str, tmp_path: Path) -> None:
    folder = tmp_path / "china-2020"
    shutil.copytree(china().folder, folder)
    copy = society(str(folder / "society.yaml"))
    (folder / table).write_text((folder / table).read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    with pytest.raises(BadInput, match="china-2020"):
        traits.build(copy, 1_000, 1)
    (folder / table).unlink()
    with pytest.raises(BadInput, match=table):
        traits.build(copy, 1_000, 1)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 10_007), max_size=6), seed=st.integers(0, 2**32 - 1))
def test_any_cut_gives_the_same_bits(cuts: list[int], seed: int) -> None:
    people = 10_007
    built = traits.build(china(), people, seed)
    whole, pieces = np.zeros(people, np.uint32), np.zeros(people, np.uint32)
    traits.fill_packed(0, people, built.kernel, whole)
    edges = [0, *sorted(cuts), people]
    all_at_once = [np.zeros(people, c.dtype) for c in traits.columns()]
    traits.fill_traits(0, people, whole, built.kernel, *all_at_once)
    for lo, hi in pairwise(edges):
        traits.fill_packed(lo, hi, built.kernel, pieces[lo:hi])
        block = [np.zeros(hi - lo, c.dtype) for c in traits.columns()]
        traits.fill_traits(lo, hi, whole, built.kernel, *block)
        assert all((a[lo:hi] == b).all() for a, b in zip(all_at_once, block, strict=True))
    assert (whole == pieces).all()


@pytest.mark.parametrize("name", society_names())
def test_golden_bits(name: str) -> None:
    """A change here is a results change, to be told in the changelog."""
    built = traits.build(society(name), 10_007, 1)
    packed = np.zeros(10_007, np.uint32)
    traits.fill_packed(0, 10_007, built.kernel, packed)
    columns = [np.zeros(10_007, column.dtype) for column in traits.columns()]
    traits.fill_traits(0, 10_007, packed, built.kernel, *columns)
    digest = hashlib.sha256(packed.astype("<u4").tobytes())
    for values in columns:
        digest.update(values.tobytes())
    assert digest.hexdigest() == GOLDEN[name]


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 50), min_size=1, max_size=30),
    share=st.floats(0, 1),
    data=st.data(),
)
def test_split_takes_the_stated_number_and_no_more_than_there_is(sizes: list[int], share: float, data: Any) -> None:
    cells = np.array(sizes, np.int64)
    chances = np.array(data.draw(st.lists(st.floats(0.01, 0.99), min_size=len(sizes), max_size=len(sizes))))
    total = round(share * sum(sizes))
    taken = population.split(cells, chances, total)
    assert taken.sum() == total
    assert ((taken >= 0) & (taken <= cells)).all()


GOLDEN = {
    "china-2020": "9b9d0cbe5b9ba73e84e9d2b9b90c08ad2683ea6f4fefbd78f5299309d29bf3da",
    "cologne-2020": "1ef8aba2f4fb5dcbd68cf86fe0e6ef01a28c020931a1e6fa72b5e868ed375861",
    "uk-2020": "1654ea25c9ff7436782a9c147ea05ea62f1bdb2a1b99496219b8f4f55fc7230c",
    "usa-2020": "cfa5a43caf7eed2b4e3586a457d0a1156c34300793cb7f1995612bd7a94379db",
}
