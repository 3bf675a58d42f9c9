"""The population of a society as whole numbers of people in cells, made from its published tables at any size.

One step makes every level: `split` takes a stated number of people out of cells, each in proportion to its odds, and
rounds by the cumulated count (systematic rounding). So a level's marginals are met to the person, whatever the size:

    region -> urban -> age x sex -> education -> income decile -> official
    age x sex -> parent, owner; region -> minority

To one person: all of them nationally; people, urban and minority in each region. To two: age x sex and education in
each region. Dependence that no table gives (dependence.csv, the society's `population`) shifts who, never how many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.society import Society
from sincerity.declare.tables import EVERYWHERE, Tables
from sincerity.declare.vocabulary import AGE_BANDS, AGE_GROUPS, EDUCATIONS

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]

STREET, COUNTY_BITS = 64, 14
DECILES = 10
FIRST_AGE = (18, *range(20, 101, 5))
YEARS = (2, *[5] * 16, 4)
"""Adult age groups: 18-19, 20-24 … 95-99, 100-103; a group's ages are equally frequent."""
KINDS = 2 * len(FIRST_AGE)
"""Age x sex: kind = 2 * group + sex (0 woman, 1 man)."""
_ALMOST_HALF = 0.4999371  # where cumulated counts are rounded: not at a half, where machines might differ


@dataclass(frozen=True)
class Marginals:
    """The published tables, regions in the order of regions.csv, and the society's dependences.

    kinds: adults, (regions, 36); urban, minority: shares, (regions,); education: shares of adults, (regions, 4).
    """

    regions: tuple[str, ...]
    kinds: Reals
    urban: Reals
    minority: Reals
    education: Reals
    odds: dict[tuple[str, str, str], float]

    def by(self, trait: str, given: str, groups: Sequence[str]) -> Reals:
        """The stated dependence of a trait on the groups of another."""
        return np.array([self.odds[trait, given, group] for group in groups])

    @property
    def by_kind(self) -> Reals:
        """National shares of age x sex among adults, (36,)."""
        everyone = self.kinds.sum(axis=0)
        return np.asarray(everyone / everyone.sum())


@dataclass(frozen=True)
class Cells:
    """Whole numbers of people. A stratum is a region's country (even) or city part (odd): 2 * region + urban.

    first: (regions + 1,) ids; kinds: (strata, 36); education: (strata, 36, 4); decile, official: (strata, 4, 10);
    minority: (regions,); parent, owner: (36,).
    """

    first: Counts
    kinds: Counts
    education: Counts
    decile: Counts
    official: Counts
    minority: Counts
    parent: Counts
    owner: Counts

    @property
    def urban(self) -> Counts:
        """People in cities, (regions,)."""
        return np.asarray(self.kinds.sum(axis=1)[1::2])


def band_of(age: int) -> int:
    """Age band: 0 under 30, 1 under 45, 2 under 60, 3 from 60 on."""
    return (age >= 30) + (age >= 45) + (age >= 60)


def marginals(society: Society) -> Marginals:
    """The published marginals of a society. BadInput with everything wrong in its tables."""
    tables = society.tables()
    names = tables.regions
    columns = {name: np.array([float(value) for value in values]) for name, values in tables.columns.items()}
    ages = _ages(tables, columns)
    odds = {key: float(figure) for key, figure in tables.dependence.items()}
    grown = float(society.population.share_of_15_to_19)
    adults = ages[:, 3:].copy()
    adults[:, 0] *= grown
    everyone = ages.sum(axis=(1, 2))
    if tables.of_adults:
        levels = np.stack([columns[f"adults_{level}"] / 100 for level in ("junior", "senior", "college")], axis=1)
    else:
        levels = _levels(ages, adults, grown, columns, odds)
    education = np.column_stack([1 - levels.sum(axis=1), levels])
    urban, minority = columns["urban"] / 100, columns["minority"]
    minority = minority * (float(society.population.minority) / float(minority @ everyone / everyone.sum()))
    for fails, told in (
        (education.min() < 0, "more schooling than adults once pupils are taken out"),
        (minority.max() > 1, "a minority larger than its region"),
    ):
        if fails:
            raise BadInput([Problem(str(society.folder), 0, 0, f"{society.name} has {told}", "tables that agree")])
    return Marginals(names, adults.reshape(len(names), KINDS), urban, minority, education, odds)


def _ages(tables: Tables, columns: dict[str, Reals]) -> Reals:
    """People by region, age group and sex (women, men), (regions, 21, 2).

    One table for all is shared out by the regions' people, and by their shares over 64, moved by one factor so that
    every age and every region keeps its total.
    """
    if EVERYWHERE not in tables.ages:
        return np.array([tables.ages[name] for name in tables.regions], np.float64)
    whole = np.array(tables.ages[EVERYWHERE], np.float64)
    people = columns["people"] * (whole.sum() / columns["people"].sum())
    old = np.arange(len(AGE_GROUPS)) >= AGE_GROUPS.index("65-69")
    share = columns.get("over_64", np.ones(len(people)))
    elders = people * share * (whole[old].sum() / float(people @ share))
    of_region = np.where(
        old[None, :], (elders / elders.sum())[:, None], ((people - elders) / (people - elders).sum())[:, None]
    )
    return np.asarray(of_region[:, :, None] * whole)


def _levels(
    ages: Reals, adults: Reals, grown: float, columns: dict[str, Reals], odds: dict[tuple[str, str, str], float]
) -> Reals:
    """Shares of adults who went as far as junior, senior, college, out of counts per 100,000 residents of all ages."""
    everyone, pupils = ages.sum(axis=(1, 2)), ages.sum(axis=2)
    minors = {"10-14": pupils[:, 2], "15-17": pupils[:, 3] * (1 - grown)}
    schooled = [everyone * columns[level] / 1e5 for level in ("junior", "senior", "college")]
    for (trait, given, group), share in odds.items():
        if given == "age" and trait in ("junior", "senior"):
            schooled[("junior", "senior").index(trait)] -= share * minors[group]
    return np.asarray(np.stack(schooled, axis=1) / adults.sum(axis=(1, 2))[:, None])


def apportion(shares: Reals, total: int) -> Counts:
    """Whole numbers that sum to `total`, in proportion to `shares` (largest remainder)."""
    exact = shares * (total / shares.sum())
    counts: Counts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts


def split(sizes: Counts, chances: Reals, total: int) -> Counts:
    """Take `total` people out of cells of these sizes, each with its chance, all odds moved by one factor to fit.

    The numbers taken, at most the sizes, each within one person of its expectation.
    """
    low, high = 1e-9, 1e9
    for _ in range(60):
        factor = math.sqrt(low * high)
        taken = sizes * (chances * factor / (chances * factor + 1 - chances))
        low, high = (factor, high) if taken.sum() < total else (low, factor)
    run = np.cumsum(taken)
    if run[-1] > 0:
        run *= total / run[-1]
    found = np.diff(np.floor(run + _ALMOST_HALF), prepend=0.0).astype(np.int64)
    return _settled(np.minimum(found, sizes), sizes, total)


def _settled(found: Counts, sizes: Counts, total: int) -> Counts:
    """The same numbers, moved where there is room until they sum to `total` (they hardly ever do not)."""
    lacking = total - int(found.sum())
    for cell in range(len(found)) if lacking else ():
        move = min(max(lacking, -int(found[cell])), int(sizes[cell] - found[cell]))
        found[cell] += move
        lacking -= move
    return found


def share_out(sizes: Counts, weights: Reals, totals: Counts) -> Counts:
    """Cells (rows,) by kinds with row weights (rows, kinds), so that each kind sums to its total (kinds,) exactly.

    By halving the kinds: iterative proportional fitting and rounding at once; each cell within two of its expectation.
    """
    kinds = len(totals)
    if kinds == 1:
        return sizes[:, None]
    half = kinds // 2
    left, right = weights[:, :half], weights[:, half:]
    taken = split(sizes, left.sum(axis=1) / weights.sum(axis=1), int(totals[:half].sum()))
    return np.column_stack([share_out(taken, left, totals[:half]), share_out(sizes - taken, right, totals[half:])])


def cells(society: Society, known: Marginals, people: int) -> Cells:
    """The cell counts of `people` adults."""
    regions = len(known.regions)
    adults = known.kinds.sum(axis=1)
    of_region = apportion(adults, people)
    kinds = share_out(of_region, known.kinds, apportion(known.by_kind, people))
    urban = split(of_region, known.urban, round(people * float(known.urban @ adults / adults.sum())))
    levels = share_out(of_region, known.education, apportion(adults @ known.education, people))

    odds = _per_kind(known.by("urban", "age", AGE_BANDS))
    in_city = np.stack([split(kinds[r], _chance(odds, known.urban[r]), int(urban[r])) for r in range(regions)])
    strata = np.stack([kinds - in_city, in_city], axis=1).reshape(2 * regions, KINDS)
    education = _education(society, known, strata, levels)
    decile = _deciles(society, education.sum(axis=1))

    everyone = kinds.sum(axis=0)
    parents = np.repeat([float(v) for v in society.population.parents.values], kinds_of_bands())
    owners, officials = float(society.population.owners), float(society.population.officials)
    owner = _chance(_per_kind(known.by("owner", "age", AGE_BANDS), known.odds["owner", "sex", "men"]), owners)
    by_level = np.moveaxis(decile, 1, 0).ravel()  # education first, so that each level's officials are exact too
    official = np.repeat(_chance(known.by("official", "education", EDUCATIONS), officials), 2 * regions * DECILES)
    in_office = split(by_level, official, round(people * officials))
    return Cells(
        np.concatenate([[0], np.cumsum(of_region)]),
        strata,
        education,
        decile,
        np.moveaxis(in_office.reshape(len(EDUCATIONS), 2 * regions, DECILES), 0, 1),
        split(of_region, known.minority, round(people * float(known.minority @ adults / adults.sum()))),
        split(everyone, parents, round(float(everyone @ parents))),
        split(everyone, owner, round(people * owners)),
    )


def _chance(odds: Reals, middle: float) -> Reals:
    """Chances whose odds stand to each other as `odds`, about `middle`."""
    base = middle / (1 - middle) if middle < 1 else 1e12
    return np.asarray(odds * base / (1 + odds * base))


def kinds_of_bands() -> list[int]:
    """How many kinds (age x sex) each age band has."""
    bands = [band_of(age) for age in FIRST_AGE]
    return [2 * bands.count(band) for band in range(len(AGE_BANDS))]


def _per_kind(by_band: Reals, men: float = 1.0) -> Reals:
    """Odds by age band and a factor for men, spread over the 36 kinds."""
    return np.asarray(np.repeat(by_band, kinds_of_bands()) * np.tile([1.0, men], len(FIRST_AGE)))


def _education(society: Society, known: Marginals, strata: Counts, levels: Counts) -> Counts:
    """(strata, 36, 4): education given region, urban, age and sex; `levels` are the regions' totals (regions, 4)."""
    by_age = np.array([float(v) for v in society.population.education_by_age.values])
    step = _per_kind(by_age, known.odds["education", "sex", "men"])
    both = np.stack([step, step * float(society.population.education_urban)])
    prior = np.ones((2, KINDS, len(EDUCATIONS)))
    for level in range(1, len(EDUCATIONS)):
        prior[:, :, level] = prior[:, :, level - 1] * both
    found = [
        share_out(strata[2 * r : 2 * r + 2].ravel(), (prior * known.education[r]).reshape(2 * KINDS, -1), levels[r])
        for r in range(len(levels))
    ]
    return np.stack(found).reshape(*strata.shape, len(EDUCATIONS))


def _deciles(society: Society, sizes: Counts) -> Counts:
    """(strata, 4, 10): income decile given urban and education; `sizes` are the cells (strata, 4).

    Income is a normal score whose mean rises with education and in cities (in standard deviations of what is left).
    """
    step, city = float(society.population.income_by_education), float(society.population.income_urban)
    normal = NormalDist()
    mean = [[step * level + city * urban for level in range(len(EDUCATIONS))] for urban in (0, 1)]
    share = np.array([[sizes[urban::2, level].sum() for level in range(len(EDUCATIONS))] for urban in (0, 1)])
    share = share / share.sum()
    cuts = [_cut(mean, share, d / DECILES) for d in range(1, DECILES)]
    below = np.array([[[round(normal.cdf(cut - m), 9) for cut in cuts] for m in row] for row in mean])
    weights = np.maximum(np.diff(below, prepend=0.0, append=1.0), 1e-9)
    rows = np.tile(weights, (len(sizes) // 2, 1, 1)).reshape(-1, DECILES)
    totals = apportion(np.ones(DECILES), int(sizes.sum()))
    return share_out(sizes.ravel(), rows, totals).reshape(len(sizes), len(EDUCATIONS), DECILES)


def _cut(mean: list[list[float]], share: Reals, wanted: float) -> float:
    """The score below which a share `wanted` of all people lies, to 1e-6."""
    normal, low, high = NormalDist(), -10.0, 15.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        under = sum(
            normal.cdf(middle - mean[city][level]) * share[city, level] for city, level in np.ndindex(share.shape)
        )
        low, high = (middle, high) if under < wanted else (low, middle)
    return round(low, 6)


@dataclass(frozen=True)
class Counties:
    """Each county of 16,384 ids has its city, then its country, in whole streets of 64 ids but for one in a region.

    of_region: number of the first county, (regions,); city_end: first id after the county's city; city_before: city
    people of the region before the county; both (counties,).
    """

    of_region: Counts
    city_end: Counts
    city_before: Counts


def counties(first: Counts, urban: Counts) -> Counties:
    """Where the `urban` people (regions,) of the regions whose ids begin at `first` (regions + 1,) live."""
    of_region: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for start, end, city in zip(first[:-1].tolist(), first[1:].tolist(), urban.tolist(), strict=True):
        of_region.append(len(ends))
        middle = range(((start >> COUNTY_BITS) + 1) << COUNTY_BITS, end, 1 << COUNTY_BITS)
        edges = np.array([start, *middle, end], np.int64)
        want = (edges[1:] - start) * city // max(end - start, 1)
        cut = _streets(edges, want, city)
        ends.extend((edges[:-1] + cut).tolist())
        before.extend((np.cumsum(cut) - cut).tolist())
    return Counties(np.array(of_region, np.int64), np.array(ends, np.int64), np.array(before, np.int64))


def _streets(edges: Counts, want: Counts, city: int) -> Counts:
    """City people of each county: whole streets, near the cumulated numbers wanted, `city` in all."""
    sizes = np.diff(edges)
    found = np.zeros(len(sizes), np.int64)
    had = 0
    for county, start in enumerate(edges[:-1].tolist()):
        end = (start + int(want[county]) - had + STREET // 2) // STREET * STREET
        found[county] = min(max(end - start, 0), int(sizes[county]))
        had += int(found[county])
    return _settled(found[::-1], sizes[::-1], city)[::-1]
