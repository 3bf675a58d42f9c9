"""Each marginal of a population beside its published figure: what quota sampling is to make exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.society import LABOUR_AREA, Society
from sincerity.declare.vocabulary import AGE_BANDS, CHANNELS, EDUCATIONS
from sincerity.people import firms, population, traits
from sincerity.people.households import adult_sizes, household_sizes
from sincerity.people.population import DECILES, FIRST_AGE, KINDS

Reals = NDArray[np.float64]
FEWEST = 5.0
"""People expected in a cell before it counts in chi-square."""
SLICE = 1 << 16
FIRMS = "people by size class of their firm"
"""The marginal that counts whole firms, in whole labour areas."""


@dataclass(frozen=True)
class Marginal:
    """One marginal. wanted, made: people by group; `exact`: it is met by quota, to within two people a group.

    sources: paths of the figures behind it in the society's file.
    """

    name: str
    groups: tuple[str, ...]
    wanted: Reals
    made: Reals
    exact: bool
    sources: tuple[str, ...]

    @property
    def largest(self) -> float:
        """The largest difference of a group, people."""
        return float(np.abs(self.made - self.wanted).max())

    @property
    def chi_square(self) -> float:
        """Pearson's chi-square over groups of at least five people expected."""
        large = self.wanted >= FEWEST
        return float(((self.made - self.wanted)[large] ** 2 / self.wanted[large]).sum())


def compared(society: Society, people: int, seed: int = 1) -> list[Marginal]:
    """Every marginal of `people` adults of a society (1,000 to 2**31) beside its published figure. BadInput if a table
    cannot be read.
    """
    known = population.marginals(society)
    counted = _count(society, people, seed, len(known.regions))
    return list(_marginals(society, known, people, counted))


def _count(society: Society, people: int, seed: int, regions: int) -> dict[str, Reals]:
    """People by the traits that have a marginal, added up slice by slice."""
    built = traits.build(society, people, seed)
    shapes = {
        "kind": (regions, KINDS),
        "education": (regions, len(EDUCATIONS)),
        "urban": (regions, 2),
        "minority": (regions, 2),
        "decile": (DECILES,),
        "parent": (KINDS, 2),
        "owner": (2,),
        "official": (2,),
        "channels": (len(CHANNELS),),
        "living": (2, len(AGE_BANDS)),
    }
    found = {name: np.zeros(shape) for name, shape in shapes.items()}
    packed = np.zeros(people, np.uint32)
    for lo in range(0, people, SLICE):
        n = min(SLICE, people - lo)
        traits.fill_packed(lo, lo + n, built.kernel, packed[lo : lo + n])
        c: dict[str, NDArray[Any]] = {column.name: np.zeros(n, column.dtype) for column in traits.columns()}
        traits.fill_traits(lo, lo + n, packed, built.kernel, *c.values())
        group = np.searchsorted(np.array(FIRST_AGE), c["age"].astype(np.int64), side="right") - 1
        kind = 2 * group + c["sex"]
        for name, places in (
            ("kind", (c["region"], kind)),
            ("education", (c["region"], c["education"])),
            ("urban", (c["region"], c["urban"])),
            ("minority", (c["region"], c["minority"])),
            ("decile", (c["decile"],)),
            ("parent", (kind, c["parent"])),
            ("owner", (c["owner"],)),
            ("official", (c["official"],)),
            ("living", (c["urban"], c["cell"] >> 3)),
        ):
            np.add.at(found[name], places, 1)
        for bit in range(len(CHANNELS)):
            found["channels"][bit] += np.count_nonzero(c["channels"] >> bit & 1)
    found["household"] = np.array(household_sizes(people, *traits.household_tables(built)), np.float64)
    return found


def _marginals(
    society: Society, known: population.Marginals, people: int, made: dict[str, Reals]
) -> Iterator[Marginal]:
    living = society.population
    adults = known.kinds.sum(axis=1)
    share = adults / adults.sum()
    names = known.regions
    ages = [f"{first}-{first + years - 1}" for first, years in zip(FIRST_AGE, population.YEARS, strict=True)]
    kinds = [f"{sex} {age}" for age in ages for sex in ("women", "men")]
    table = "population.tables."
    schooling = [
        f"{table}{name}" for name in society.tables().columns if name.endswith(("college", "senior", "junior"))
    ]
    of_region = made["kind"].sum(axis=1)
    spread = tuple(f"{table}{name}" for name in ("people", "over_64") if name in society.tables().columns)

    yield Marginal("region", names, people * share, of_region, True, (f"{table}age_sex", *spread))
    by_kind = people * known.by_kind
    yield Marginal("age and sex", tuple(kinds), by_kind, made["kind"].sum(axis=0), True, (f"{table}age_sex",))
    yield Marginal(
        "region, age and sex",
        tuple(f"{name}, {kind}" for name in names for kind in kinds),
        (people * known.kinds / known.kinds.sum()).ravel(),
        made["kind"].ravel(),
        True,
        (f"{table}age_sex", *spread),
    )
    for name, part in (("urban", known.urban), ("minority", known.minority)):
        wanted = np.stack([1 - part, part], axis=1) * (people * share)[:, None]
        labels = tuple(f"{region}, {word}" for region in names for word in (f"not {name}", name))
        sources = (f"{table}{name}", *(("population.minority",) if name == "minority" else ()))
        yield Marginal(f"{name} by region", labels, wanted.ravel(), made[name].ravel(), True, sources)
    wanted = known.education * (people * share)[:, None]
    yield Marginal("education", EDUCATIONS, wanted.sum(axis=0), made["education"].sum(axis=0), True, tuple(schooling))
    labels = tuple(f"{region}, {level}" for region in names for level in EDUCATIONS)
    yield Marginal("education by region", labels, wanted.ravel(), made["education"].ravel(), True, tuple(schooling))
    deciles = tuple(f"decile {d + 1}" for d in range(DECILES))
    yield Marginal("income decile", deciles, np.full(DECILES, people / DECILES), made["decile"], True, ())
    of_band = np.repeat([float(v) for v in living.parents.values], population.kinds_of_bands())
    cuts = np.cumsum([0, *population.kinds_of_bands()])
    wanted, parents = by_kind * of_band, made["parent"][:, 1]
    yield Marginal(
        "parents by age",
        AGE_BANDS,
        np.array([wanted[a:b].sum() for a, b in pairwise(cuts)]),
        np.array([parents[a:b].sum() for a, b in pairwise(cuts)]),
        True,
        ("population.parents",),
    )
    for name, figure in (("owner", living.owners), ("official", living.officials)):
        wanted = people * np.array([1 - float(figure), float(figure)])
        yield Marginal(f"{name}s", (f"no {name}", name), wanted, made[name], True, (f"population.{name}s",))
    sizes = np.array(adult_sizes(living))
    homes = made["household"].sum()
    many = tuple(f"{size} adult{'s' if size > 1 else ''}" for size in range(1, len(sizes) + 1))
    counted = ("population.household_sizes", "population.children_of_household")
    yield Marginal("households", many, homes * sizes, made["household"], False, counted)
    by_size = firms.by_class(firms.declared(society, people))
    employed = sum(row.people for row in by_size)
    adults_there = people // LABOUR_AREA * LABOUR_AREA
    expected = [row.share * float(society.firms.members) * adults_there for row in by_size]
    yield Marginal(
        FIRMS,
        (*(row.name for row in by_size), "in no firm"),
        np.array([*expected, adults_there - sum(expected)]),
        np.array([*(row.people for row in by_size), adults_there - employed], np.float64),
        False,
        ("firms.members", *(f"firms.sizes.{row.name}" for row in by_size)),
    )
    uses = [
        sum(
            float(living.channels[name].values[band]) * (1.0 if city else float(living.channels[name].rural)) * n
            for (city, band), n in np.ndenumerate(made["living"])
        )
        for name in CHANNELS
    ]
    behind = tuple(f"population.channels.{name}.values" for name in CHANNELS)
    yield Marginal("channels used", CHANNELS, np.array(uses), made["channels"], False, behind)
