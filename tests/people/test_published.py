"""Every society at every size: marginals by quota, whole cells, traces by age and place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sincerity.declare.catalogue import society, society_names
from sincerity.declare.scenario import scenario
from sincerity.engine.world import plan
from sincerity.people import population, traits
from sincerity.people.published import compared

ODD_SIZES = (1_000, 1_001, 4_099, 65_537)


@pytest.mark.parametrize("name", society_names())
@pytest.mark.parametrize("people", ODD_SIZES)
def test_what_is_kept_by_quota_is_within_two_people(name: str, people: int) -> None:
    found = {marginal.name: marginal for marginal in compared(society(name), people, seed=7)}
    for marginal in found.values():
        assert len(marginal.groups) == len(marginal.wanted) == len(marginal.made)
        if marginal.exact:
            assert marginal.largest < 2, marginal.name
            assert marginal.made.sum() == people or marginal.name == "parents by age"
    assert found["region, age and sex"].chi_square < 0.1 * len(found["region, age and sex"].groups)
    homes = found["households"]
    assert homes.largest < 0.02 * homes.made.sum() + 2


@pytest.mark.parametrize("name", society_names())
@pytest.mark.parametrize("people", [1_000_003, 1_300_000_001])
def test_cells_of_any_size_are_whole(name: str, people: int) -> None:
    made = population.cells(society(name), population.marginals(society(name)), people)
    assert made.first[-1] == people
    assert made.kinds.sum() == made.education.sum() == made.decile.sum() == people
    assert (made.education.sum(axis=2) == made.kinds).all()
    assert min(part.min() for part in (made.kinds, made.education, made.decile, made.official)) >= 0


@pytest.mark.parametrize("name", society_names())
def test_full_is_the_adults_of_the_tables(name: str) -> None:
    whole = scenario("none", society=name, people="full", seeds=1)
    known = population.marginals(society(name))
    assert whole.people == society(name).adults == round(known.kinds.sum())
    assert plan(whole, threads=1).people == whole.people
    assert population.cells(society(name), known, whole.people).first[-1] == whole.people


@pytest.mark.parametrize("name", society_names())
def test_older_and_rural_people_leave_fewer_traces(name: str) -> None:
    """Channels used: fewer from 60 on than under 30; fewer in the country than in cities, where there is country."""
    people = 50_021
    built = traits.build(society(name), people, 1)
    packed = np.zeros(people, np.uint32)
    traits.fill_packed(0, people, built.kernel, packed)
    c: dict[str, Any] = {column.name: np.zeros(people, column.dtype) for column in traits.columns()}
    traits.fill_traits(0, people, packed, built.kernel, *c.values())
    used = np.bitwise_count(c["channels"]).astype(float)
    bands = [used[c["cell"] >> 3 == band].mean() for band in range(4)]
    assert bands[3] < bands[0] - 1
    assert bands[3] < min(bands[:3])
    if (c["urban"] == 0).any():
        for band in range(4):
            chosen = c["cell"] >> 3 == band
            assert used[chosen & (c["urban"] == 0)].mean() < used[chosen & (c["urban"] == 1)].mean() - 0.5


def test_one_table_of_ages_is_shared_out_by_people_and_elders() -> None:
    uk = society("uk-2020")
    known, tables = population.marginals(uk), uk.tables()
    adults = known.kinds.sum(axis=1)
    elders = known.kinds[:, 2 * population.FIRST_AGE.index(65) :].sum(axis=1) / adults
    by_name = dict(zip(known.regions, elders, strict=True))
    assert by_name["London"] < 0.7 * by_name["Wales"]
    whole = np.array(tables.ages["all"], float)[3:]
    whole[0] *= float(uk.population.share_of_15_to_19)
    assert known.kinds.sum(axis=0) == pytest.approx(whole.ravel())


def test_the_same_regime_is_under_another_ordinary_law() -> None:
    laws = {name: society(name).law for name in society_names()}
    punished = {name: float(law.critical_post_punished) for name, law in laws.items()}
    assert punished["china-2020"] > 50 * max(value for name, value in punished.items() if name != "china-2020")
    assert {float(v) for v in laws["usa-2020"].formal_jobs.values} == {0.25}
