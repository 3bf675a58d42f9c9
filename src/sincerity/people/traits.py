"""Traits: what never changes of a person, computed from (seed, person) with marginals exact by quota.

Ids of a region are contiguous; in it each county has its city, then its country, in whole streets. From there on a
person is a rank in a cell: a keyed permutation of the ranks, cut by the whole numbers of population.py, gives the cell
of the next level. So every marginal is met at any size, and no table a person is needed: the packed word (4 bytes) is a
copy of what can be computed again. Temper is drawn from keyed words.
"""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint8, uint32
from numpy.typing import NDArray

from sincerity.declare.society import Society
from sincerity.declare.tables import MOST_REGIONS
from sincerity.declare.vocabulary import CHANNELS, EDUCATIONS
from sincerity.people import population
from sincerity.people.columns import Column
from sincerity.people.draws import ROUNDS, key_of, mix, philox
from sincerity.people.households import household_of, pattern
from sincerity.people.kernel import inline, kernel, roomy
from sincerity.people.orders import fill_ranks, sociable_key
from sincerity.people.population import COUNTY_BITS, FIRST_AGE, KINDS, STREET, YEARS

AGE_SHIFT, URBAN_SHIFT, SEX_SHIFT, EDUCATION_SHIFT, DECILE_SHIFT = 5, 12, 13, 14, 16
MINORITY_SHIFT, PARENT_SHIFT, OWNER_SHIFT, OFFICIAL_SHIFT = 20, 21, 22, 23
PARENT_BIT = 1 << PARENT_SHIFT
"""Bits of the packed word: region 5, age - 18 7, urban 1, sex 1, education 2, decile 4, then one each; 8 are spare."""
PLACE = 31 | 1 << URBAN_SHIFT
"""The bits of region and of city or country."""
GONE = 0xFFFFFFFF
"""No packed word: its age would be above 103."""
YOUNGEST, OLDEST = 18, 103
LEVELS = len(EDUCATIONS)
ODD1, ODD2, ODD3 = 0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35
LAST_CELL = KINDS * LEVELS - 1
AT_ONCE = 1024
"""People whose traits are found at a time, so that what they are found from stays in the nearest cache."""
VIEWS = 1024
"""Quantiles of the first opinion."""


class TraitTables(NamedTuple):
    """What the trait kernels need, for one society, size and seed. A stratum is 2 * region + urban, a kind age x sex.

    Keys are one a level. Of each group in which ranks are permuted: its size and the bits of the least power of two
    that is no smaller. `ends` are cumulated counts; `of_kind` and `of_level` say how many people of the same kind, or
    of the same schooling in the stratum, come before a cell.
    """

    keys: NDArray[np.uint32]
    region_first: NDArray[np.int64]
    region_bits: NDArray[np.int64]
    minority: NDArray[np.int64]
    county_of_region: NDArray[np.int64]
    city_end: NDArray[np.int64]
    city_before: NDArray[np.int64]
    stratum_size: NDArray[np.int64]
    stratum_bits: NDArray[np.int64]
    ends: NDArray[np.int64]
    of_kind: NDArray[np.int64]
    of_level: NDArray[np.int64]
    kind_size: NDArray[np.int64]
    kind_bits: NDArray[np.int64]
    parents: NDArray[np.int64]
    owner_parents: NDArray[np.int64]
    owner_others: NDArray[np.int64]
    first_age: NDArray[np.int64]
    years: NDArray[np.int64]
    level_size: NDArray[np.int64]
    level_bits: NDArray[np.int64]
    decile_ends: NDArray[np.int64]
    officials: NDArray[np.int64]
    temper0: int
    temper1: int
    sociable_key: int
    conscientiousness: NDArray[np.uint8]
    tolerance: NDArray[np.uint8]
    opinion: NDArray[np.int16]
    channels: NDArray[np.uint16]
    household_first: NDArray[np.uint16]
    household_size: NDArray[np.uint8]
    household_key: int


class Built(NamedTuple):
    """Trait tables, with what only the host needs.

    The tables of 256 give the value of each index: integrity about 1, sociability and civic factors on rates.
    """

    kernel: TraitTables
    region_names: tuple[str, ...]
    region_first: NDArray[np.int64]
    integrity_table: NDArray[np.float32]
    sociability_table: NDArray[np.float32]
    civic_table: NDArray[np.float32]


def columns() -> tuple[Column, ...]:
    """The trait columns, in the order in which `fill_traits` writes them."""

    def trait(name: str, dtype: type[np.generic], unit: str, high: int, meaning: str, low: int = 0) -> Column:
        return Column(name, dtype, "trait", unit, low, high, meaning)

    return (
        trait("region", np.uint8, "number", MOST_REGIONS - 1, "region, in the order of regions.csv"),
        trait("age", np.uint8, "years", OLDEST, "age in the reference year", YOUNGEST),
        trait("urban", np.uint8, "yes or no", 1, "lives in a city"),
        trait("sex", np.uint8, "code", 1, "0 woman, 1 man"),
        trait("education", np.uint8, "step", 3, "primary or less, junior secondary, senior secondary, college"),
        trait("decile", np.uint8, "tenth", 9, "income decile, 0 the lowest"),
        trait("minority", np.uint8, "yes or no", 1, "belongs to a minority"),
        trait("parent", np.uint8, "yes or no", 1, "has a child under 18"),
        trait("owner", np.uint8, "yes or no", 1, "self-employed or owner of a firm"),
        trait("official", np.uint8, "yes or no", 1, "lives in an official's or party member's household"),
        trait("cell", np.uint8, "number", 31, "8 * age band (under 30, 45, 60) + 4 * sex + 2 * owner + parent"),
        trait("conscientiousness", np.uint8, "1/255", 255, "0 careless, 1 conscientious"),
        trait("tolerance", np.uint8, "1/255", 255, "how much a neighbour overlooks"),
        trait("integrity", np.uint8, "quantile of 256", 255, "cost of saying what one does not think"),
        trait(
            "sociability",
            np.uint8,
            "quantile of 256",
            255,
            "how much company a person seeks; its rank in the street",
        ),
        trait("civic", np.uint8, "quantile of 256", 255, "how readily a person does good"),
        trait("opinion", np.int16, "1/32767", 32767, "first opinion of the order, -1 to 1", -32767),
        trait("channels", np.uint16, "bits", 65535, "channels used, in the order of the vocabulary"),
    )


def build(society: Society, people: int, seed: int) -> Built:
    """The tables for `people` adults (1,000 to 2**31) and a seed. BadInput if the society's tables cannot be read."""
    known = population.marginals(society)
    made = population.cells(society, known, people)
    place = population.counties(made.first, made.urban)
    temper = society.temper
    of_kind, of_level = _before(made.education)
    kinds, levels = made.kinds.sum(axis=0), made.education.sum(axis=1)
    owner_parents = (made.owner * made.parent + kinds // 2) // np.maximum(kinds, 1)
    temper0, temper1 = key_of(seed, "traits")
    first, size = pattern(society.population)
    tables = TraitTables(
        keys=np.array([_key(seed, level) for level in ("place", "kind", "level", "minority")], np.uint32),
        region_first=made.first,
        region_bits=_bits(np.diff(made.first)),
        minority=made.minority,
        county_of_region=place.of_region,
        city_end=place.city_end,
        city_before=place.city_before,
        stratum_size=made.kinds.sum(axis=1),
        stratum_bits=_bits(made.kinds.sum(axis=1)),
        ends=np.cumsum(made.education.reshape(len(made.kinds), -1), axis=1),
        of_kind=of_kind,
        of_level=of_level,
        kind_size=kinds,
        kind_bits=_bits(kinds),
        parents=made.parent,
        owner_parents=owner_parents,
        owner_others=made.owner - owner_parents,
        first_age=np.array(FIRST_AGE, np.int64),
        years=np.array(YEARS, np.int64),
        level_size=levels,
        level_bits=_bits(levels),
        decile_ends=np.cumsum(made.decile, axis=2),
        officials=np.ascontiguousarray(made.official),
        temper0=temper0,
        temper1=temper1,
        sociable_key=sociable_key(seed),
        conscientiousness=_beta(*(float(v) for v in temper.conscientiousness.values)),
        tolerance=_beta(*(float(v) for v in temper.tolerance.values)),
        opinion=_opinions(society),
        channels=_channels(society, known.odds["channels", "channels", "any two"]),
        household_first=first,
        household_size=size,
        household_key=_key(seed, "households"),
    )
    return Built(
        tables,
        known.regions,
        made.first,
        _lognormal(0.0, float(temper.integrity_spread)),
        _lognormal(float(temper.sociability_centre), float(temper.sociability_spread)),
        _lognormal(float(temper.civic_centre), float(temper.civic_spread)),
    )


def household_tables(built: Built) -> tuple[NDArray[np.uint16], NDArray[np.uint8], int]:
    """The household pattern and its key, as the ties take them."""
    return built.kernel.household_first, built.kernel.household_size, built.kernel.household_key


def _key(seed: int, level: str) -> int:
    return int.from_bytes(hashlib.sha256(f"traits {level} {seed}".encode()).digest()[:4], "little")


def _bits(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bits of the least power of two that is no smaller."""
    return np.array([max(int(size) - 1, 0).bit_length() for size in sizes.ravel()], np.int64).reshape(sizes.shape)


def _before(education: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People of the same kind, and of the same schooling in the stratum, before each cell: (strata, 144) both."""
    strata = len(education)
    by_kind = np.moveaxis(education, 0, 1).reshape(KINDS, -1)
    of_kind = np.moveaxis((np.cumsum(by_kind, axis=1) - by_kind).reshape(KINDS, strata, LEVELS), 0, 1)
    of_level = np.cumsum(education, axis=1) - education
    return np.ascontiguousarray(of_kind).reshape(strata, -1), np.ascontiguousarray(of_level).reshape(strata, -1)


def _lognormal(centre: float, spread: float) -> NDArray[np.float32]:
    normal = NormalDist()
    values = [round(math.exp(centre + spread * normal.inv_cdf((k + 0.5) / 256)), 6) for k in range(256)]
    return np.array(values, np.float32)


def _beta(a: float, b: float) -> NDArray[np.uint8]:
    """Quantiles of a Beta(a, b) at 256 midpoints, x 255, by summing the density over 8,192 slices."""
    slices = 8192
    middles = [(k + 0.5) / slices for k in range(slices)]
    density = [x ** (a - 1) * (1 - x) ** (b - 1) for x in middles]
    found: list[int] = []
    total, below = math.fsum(density), 0.0
    for x, part in zip(middles, density, strict=True):
        below += part / total
        while len(found) < 256 and below >= (len(found) + 0.5) / 256:
            found.append(round(255 * x))
    return np.array(found + [255] * (256 - len(found)), np.uint8)


def _opinions(society: Society) -> NDArray[np.int16]:
    """First opinions by age band, decile and quantile, (4, 10, 1024), in 1/32767."""
    temper, normal = society.temper, NormalDist()
    spread = [normal.inv_cdf((k + 0.5) / VIEWS) for k in range(VIEWS)]
    rank = [normal.inv_cdf((d + 0.5) / population.DECILES) for d in range(population.DECILES)]
    centre, gradient = float(temper.opinion_centre), float(temper.opinion_gradient)
    scale = float(temper.opinion_spread)
    middles = [[centre + float(older) + gradient * r for r in rank] for older in temper.opinion_age.values]
    views = [[[min(max(m + scale * s, -1.0), 1.0) for s in spread] for m in row] for row in middles]
    return np.array([[[round(32767 * round(v, 6)) for v in one] for one in row] for row in views], np.int16)


def _channels(society: Society, correlation: float) -> NDArray[np.uint16]:
    """Masks of channels used: (country or city, age band, 256 equally frequent ways to live).

    A way has a leaning towards all channels and one towards each; a channel is used by those who lean to it most, as
    many as its share says.
    """
    normal = NormalDist()
    masks = np.zeros((2, 4, 256), np.uint16)
    common = [normal.inv_cdf((k + 0.5) / 256) for k in range(256)]
    for bit, channel in enumerate(CHANNELS):
        uses = society.population.channels[channel]
        own = sorted(range(256), key=lambda k: hashlib.sha256(f"{channel} {k}".encode()).digest())
        leaning = [
            round(math.sqrt(correlation) * z + math.sqrt(1 - correlation) * common[k], 6)
            for z, k in zip(common, own, strict=True)
        ]
        order = sorted(range(256), key=lambda k: (-leaning[k], k))
        for city, factor in enumerate((float(uses.rural), 1.0)):
            for band, share in enumerate(uses.values):
                masks[city, band, order[: round(256 * float(share) * factor)]] |= np.uint16(1 << bit)
    return masks


@inline
def permuted(rank: Any, size: Any, bits: Any, key: Any) -> Any:
    """The place of `rank` (0 … size - 1) in a keyed order: 2**bits numbers permuted, till it is inside."""
    mask = uint32((int64(1) << bits) - int64(1))
    half = uint32((bits + int64(1)) >> int64(1))
    a = uint32(key)
    b = uint32(a * uint32(ODD2) + uint32(0x5BD1E995))
    c = uint32(b * uint32(ODD3) + uint32(0x27D4EB2F))
    x = uint32(rank)
    while True:
        x = uint32(x * uint32(ODD1) + a) & mask
        x ^= x >> half
        x = uint32(x * uint32(ODD2) + b) & mask
        x ^= x >> half
        x = uint32(x * uint32(ODD3) + c) & mask
        x ^= x >> half
        if int64(x) < size:
            break
    return int64(x)


@inline
def keyed(key: Any, group: Any) -> Any:
    """The word that orders one group of a level."""
    return mix(uint32(key) ^ uint32(uint32(group) * uint32(0x9E3779B9)))


def fill_packed(lo: int, hi: int, tables: TraitTables, out: NDArray[np.uint32]) -> None:
    """out[i - lo]: the packed word (32 bits) of the people lo … hi - 1.

    People are computed street by street; inside a street they change places so that households are plausible, which
    moves no marginal.
    """
    _fill_packed(lo, hi, tables, np.zeros(STREET, np.uint32), np.zeros(STREET, np.uint32), out)


@kernel
def _fill_packed(
    lo: int,
    hi: int,
    tables: TraitTables,
    drawn: NDArray[np.uint32],
    homes: NDArray[np.uint32],
    out: NDArray[np.uint32],
) -> None:
    people = tables.region_first[-1]
    start = (int64(lo) // int64(STREET)) * int64(STREET)
    while start < int64(hi):
        end = min(start + int64(STREET), people)
        _draw(start, end, tables, drawn)
        _move_in(start, end, tables, drawn, homes)
        for i in range(max(start, int64(lo)), min(end, int64(hi))):
            out[i - int64(lo)] = homes[i - start]
        start = end


@inline
def _years(word: Any) -> Any:
    return int64((uint32(word) >> uint32(AGE_SHIFT)) & uint32(127)) + int64(YOUNGEST)


@inline
def _trait(word: Any, shift: Any, mask: Any) -> Any:
    return int64((uint32(word) >> uint32(shift)) & uint32(mask))


@kernel
def _nearest(
    drawn: NDArray[np.uint32], many: int, age: int, slack: int, sex: int, like: int, parent: int, education: int
) -> Any:
    """The seat of the person still without a home who fits best; the first of equals.

    Within `slack` years of `age`; of the sex (2: either), with the minority of the word `like` (-1: any), a parent or
    not (2: either), near in education (-1: any). A seat is -1 in `drawn` once taken; weights are years.
    """
    best, least = int64(-1), int64(1 << 30)
    for seat in range(int64(many)):
        word = drawn[seat]
        if word == uint32(GONE):
            continue
        cost = int64(2) * max(abs(_years(word) - int64(age)) - int64(slack), int64(0))
        if int64(sex) != int64(2) and _trait(word, SEX_SHIFT, 1) != int64(sex):
            cost += int64(24)
        if int64(like) >= int64(0) and _trait(word, MINORITY_SHIFT, 1) != int64(like):
            cost += int64(12)
        if int64(parent) != int64(2) and _trait(word, PARENT_SHIFT, 1) != int64(parent):
            cost += int64(8)
        if int64(education) >= int64(0):
            cost += int64(3) * abs(_trait(word, EDUCATION_SHIFT, 3) - int64(education))
        if cost < least:
            best, least = seat, cost
            if cost == int64(0):
                break
    return best


@kernel
def _move_in(lo: int, hi: int, tables: TraitTables, drawn: NDArray[np.uint32], homes: NDArray[np.uint32]) -> None:
    """homes[i - lo]: who lives at i, out of `drawn`, which is used up; the largest households choose first.

    Two live as a couple (one in eight: parent and grown child), a third and a fourth are grown children of theirs.
    A street of two regions, or of city and country, stays as drawn.
    """
    many = int64(hi) - int64(lo)
    same = True
    for seat in range(many):
        same &= (drawn[seat] ^ drawn[0]) & uint32(PLACE) == uint32(0)
    if not same:
        for seat in range(many):
            homes[seat] = drawn[seat]
        return
    for size in (4, 3, 2):
        seat = int64(0)
        while seat < many:
            first, all_of_it = household_of(
                int64(lo) + seat,
                tables.region_first[-1],
                tables.household_first,
                tables.household_size,
                uint32(tables.household_key),
            )
            end = min(first + all_of_it - int64(lo), many)
            if end - seat == size:
                _fill_home(int64(lo), seat, end, many, tables, drawn, homes)
            elif end - seat == 1 and size == 2:
                homes[seat] = uint32(GONE)
            seat = end
    left = int64(0)
    for seat in range(many):  # who is left lives alone
        if homes[seat] == uint32(GONE):
            while drawn[left] == uint32(GONE):
                left += 1
            homes[seat] = drawn[left]
            left += 1


@kernel
def _fill_home(
    lo: int, first: int, end: int, many: int, tables: TraitTables, drawn: NDArray[np.uint32], homes: NDArray[np.uint32]
) -> None:
    """One household of the street that begins at `lo`: the seats first … end - 1."""
    size = int64(end) - int64(first)
    grown = keyed(tables.household_key, int64(lo) + int64(first)) & uint32(7) == uint32(0)
    if size >= 3 or (size == 2 and grown):
        chosen = _nearest(drawn, many, 54, 11, 2, -1, 2, -1)
    else:
        chosen = _nearest(drawn, many, 62, 38, 2, -1, 2, -1)
    head = drawn[chosen]
    homes[first], drawn[chosen] = head, uint32(GONE)
    alike, younger = _trait(head, MINORITY_SHIFT, 1), _years(head)
    for seat in range(int64(first) + int64(1), int64(end)):
        if seat == int64(first) + int64(1) and not (size == 2 and grown):
            man = _trait(head, SEX_SHIFT, 1)
            parent, level = _trait(head, PARENT_SHIFT, 1), _trait(head, EDUCATION_SHIFT, 3)
            wanted = _years(head) - int64(2) if man == int64(1) else _years(head) + int64(2)
            chosen = _nearest(drawn, many, wanted, 1, int64(1) - man, alike, parent, level)
            younger = min(younger, _years(drawn[chosen]))
        else:
            chosen = _nearest(drawn, many, max(younger - int64(28), int64(YOUNGEST)), 4, 2, alike, 0, -1)
        homes[seat], drawn[chosen] = drawn[chosen], uint32(GONE)


@kernel
def _draw(lo: int, hi: int, tables: TraitTables, out: NDArray[np.uint32]) -> None:
    """out[i - lo]: the packed word (32 bits) of the people lo … hi - 1, as the cells give it."""
    t = tables
    region = int64(0)
    for i in range(int64(lo), int64(hi)):
        while i >= t.region_first[region + 1]:
            region += 1
        first = t.region_first[region]
        many = t.region_first[region + 1] - first

        county = t.county_of_region[region] + (i >> COUNTY_BITS) - (first >> COUNTY_BITS)
        before = t.city_before[county]
        urban = int64(i < t.city_end[county])
        start = max(first, (i >> COUNTY_BITS) << COUNTY_BITS)
        rank = before + i - start if urban else start - first - before + i - t.city_end[county]

        stratum = region * 2 + urban
        rank = permuted(rank, t.stratum_size[stratum], t.stratum_bits[stratum], keyed(t.keys[0], stratum))
        cell = int64(0)
        for step in (128, 64, 32, 16, 8, 4, 2, 1):
            further = cell + step
            cell = further if further <= LAST_CELL and rank >= t.ends[stratum, further - 1] else cell
        if cell > 0:
            rank -= t.ends[stratum, cell - 1]
        kind = cell >> 2
        education = cell & 3

        place = t.of_kind[stratum, cell] + rank
        place = permuted(place, t.kind_size[kind], t.kind_bits[kind], keyed(t.keys[1], kind))
        age = t.first_age[kind >> 1] + int64(uint32(place) % uint32(t.years[kind >> 1]))
        parent = int64(place < t.parents[kind])
        owner = int64(place < t.owner_parents[kind] if parent else place - t.parents[kind] < t.owner_others[kind])

        place = t.of_level[stratum, cell] + rank
        group = stratum * LEVELS + education
        place = permuted(
            place, t.level_size[stratum, education], t.level_bits[stratum, education], keyed(t.keys[2], group)
        )
        decile = int64(0)
        while place >= t.decile_ends[stratum, education, decile]:
            decile += 1
        if decile > 0:
            place -= t.decile_ends[stratum, education, decile - 1]
        official = int64(place < t.officials[stratum, education, decile])

        place = permuted(i - first, many, t.region_bits[region], keyed(t.keys[3], region))
        minority = int64(place < t.minority[region])
        out[i - lo] = uint32(
            region
            | (age - YOUNGEST) << AGE_SHIFT
            | urban << URBAN_SHIFT
            | (kind & 1) << SEX_SHIFT
            | education << EDUCATION_SHIFT
            | decile << DECILE_SHIFT
            | minority << MINORITY_SHIFT
            | parent << PARENT_SHIFT
            | owner << OWNER_SHIFT
            | official << OFFICIAL_SHIFT
        )


@kernel
def _draw_temper(lo: int, n: int, k0: int, k1: int, first: NDArray[np.uint32], second: NDArray[np.uint32]) -> None:
    """Two random words of each of the people lo … lo + n - 1."""
    for q in range(n):
        a, b, _, _ = philox(uint32(lo + q), uint32(0), uint32(0), uint32(0), uint32(k0), uint32(k1), ROUNDS)
        first[q], second[q] = a, b


@inline
def _part(word: Any, shift: Any, bits: Any) -> Any:
    """So many bits of a word."""
    return uint32(uint32(uint32(word) >> uint32(shift)) & uint32((1 << bits) - 1))


@roomy
def fill_traits(
    lo: int,
    hi: int,
    packed: NDArray[np.uint32],
    tables: TraitTables,
    region: NDArray[np.uint8],
    age: NDArray[np.uint8],
    urban: NDArray[np.uint8],
    sex: NDArray[np.uint8],
    education: NDArray[np.uint8],
    decile: NDArray[np.uint8],
    minority: NDArray[np.uint8],
    parent: NDArray[np.uint8],
    owner: NDArray[np.uint8],
    official: NDArray[np.uint8],
    cell: NDArray[np.uint8],
    conscientiousness: NDArray[np.uint8],
    tolerance: NDArray[np.uint8],
    integrity: NDArray[np.uint8],
    sociability: NDArray[np.uint8],
    civic: NDArray[np.uint8],
    opinion: NDArray[np.int16],
    channels: NDArray[np.uint16],
) -> None:
    """Spread the packed words packed[lo … hi - 1] into columns (index i - lo), and draw these people's temper."""
    room, views, used = np.empty((3, AT_ONCE + 48), np.uint32), tables.opinion.ravel(), tables.channels.ravel()
    for first in range(0, hi - lo, AT_ONCE):
        a, b, start = first, min(first + AT_ONCE, hi - lo), lo + first
        n, words = b - a, packed[lo + a : lo + b]
        _draw_temper(start, n, tables.temper0, tables.temper1, room[0], room[1])
        fill_ranks(start, start + n, tables.region_first[-1], tables.sociable_key, room[2])
        _fill_facts(n, words, region[a:b], age[a:b], urban[a:b], sex[a:b], education[a:b], decile[a:b])
        _fill_more(n, words, minority[a:b], parent[a:b], owner[a:b], official[a:b], cell[a:b])
        _fill_plain(n, room, integrity[a:b], sociability[a:b], civic[a:b])
        looked_up = conscientiousness[a:b], tolerance[a:b], opinion[a:b], channels[a:b]
        _fill_looked_up(n, words, room, tables, views, used, *looked_up)


@kernel
def _fill_facts(
    n: int,
    words: NDArray[np.uint32],
    region: NDArray[np.uint8],
    age: NDArray[np.uint8],
    urban: NDArray[np.uint8],
    sex: NDArray[np.uint8],
    education: NDArray[np.uint8],
    decile: NDArray[np.uint8],
) -> None:
    for q in range(n):
        region[q] = uint8(_part(words[q], 0, 5))
        age[q] = uint8(uint32(_part(words[q], AGE_SHIFT, 7) + uint32(YOUNGEST)))
        urban[q] = uint8(_part(words[q], URBAN_SHIFT, 1))
        sex[q] = uint8(_part(words[q], SEX_SHIFT, 1))
        education[q] = uint8(_part(words[q], EDUCATION_SHIFT, 2))
        decile[q] = uint8(_part(words[q], DECILE_SHIFT, 4))


@inline
def _band(word: Any) -> Any:
    """The age band of 30, 45 and 60 years."""
    years = uint32(_part(word, AGE_SHIFT, 7) + uint32(YOUNGEST))
    older = uint32(uint32(years >= uint32(30)) + uint32(years >= uint32(45)))
    return uint32(older + uint32(years >= uint32(60)))


@kernel
def _fill_more(
    n: int,
    words: NDArray[np.uint32],
    minority: NDArray[np.uint8],
    parent: NDArray[np.uint8],
    owner: NDArray[np.uint8],
    official: NDArray[np.uint8],
    cell: NDArray[np.uint8],
) -> None:
    for q in range(n):
        minority[q] = uint8(_part(words[q], MINORITY_SHIFT, 1))
        parent[q] = uint8(_part(words[q], PARENT_SHIFT, 1))
        owner[q] = uint8(_part(words[q], OWNER_SHIFT, 1))
        official[q] = uint8(_part(words[q], OFFICIAL_SHIFT, 1))
        mine = uint32(uint32(_part(words[q], OWNER_SHIFT, 1) << uint32(1)) | _part(words[q], PARENT_SHIFT, 1))
        mine = uint32(mine | uint32(_part(words[q], SEX_SHIFT, 1) << uint32(2)))
        cell[q] = uint8(uint32(mine | uint32(_band(words[q]) << uint32(3))))


@kernel
def _fill_plain(
    n: int,
    room: NDArray[np.uint32],
    integrity: NDArray[np.uint8],
    sociability: NDArray[np.uint8],
    civic: NDArray[np.uint8],
) -> None:
    first, second, rank = room[0], room[1], room[2]
    for q in range(n):
        integrity[q] = uint8(uint32(first[q] >> uint32(16)))
        company = uint32(uint32(255) - uint32(rank[q] << uint32(2)))
        sociability[q] = uint8(uint32(company - uint32(first[q] >> uint32(30))))
        civic[q] = uint8(second[q])


@kernel
def _fill_looked_up(
    n: int,
    words: NDArray[np.uint32],
    room: NDArray[np.uint32],
    tables: TraitTables,
    views: NDArray[np.int16],
    used: NDArray[np.uint16],
    conscientiousness: NDArray[np.uint8],
    tolerance: NDArray[np.uint8],
    opinion: NDArray[np.int16],
    channels: NDArray[np.uint16],
) -> None:
    """What stands in tables; views and used: those of opinions and channels, laid flat."""
    first, second, at = room[0], room[1], room[2]
    careful, overlooks = tables.conscientiousness, tables.tolerance
    for q in range(n):
        conscientiousness[q] = careful[first[q] & uint32(255)]
        tolerance[q] = overlooks[_part(first[q], 8, 8)]
    for q in range(n):
        group = uint32(uint32(_band(words[q]) * uint32(population.DECILES)) + _part(words[q], DECILE_SHIFT, 4))
        at[q] = uint32(uint32(group * uint32(VIEWS)) + uint32(second[q] >> uint32(22)))
        group = uint32(uint32(_part(words[q], URBAN_SHIFT, 1) << uint32(2)) + _band(words[q]))
        first[q] = uint32(uint32(group << uint32(8)) + _part(second[q], 8, 8))
    for q in range(n):
        opinion[q] = views[at[q]]
    for q in range(n):
        channels[q] = used[first[q]]
