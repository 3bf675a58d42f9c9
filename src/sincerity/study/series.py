"""A measure through time, read from the census: counts and denominators as arrays of seeds by months."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sincerity.census.measures import BY_ID


class Series(NamedTuple):
    """One measure in one world and group.

    months: 'YYYY-MM', T of them, in order. seeds: S of them. rates: float64 (S, T), per 1,000 adults of the
    denominator, or for a sum (`score_sum`, …) its mean in the measure's unit. counts, of: int64 (S, T), numerator and
    denominator as counted; 0 where the census has no such row, as for scores that nobody had.
    """

    months: tuple[str, ...]
    seeds: tuple[int, ...]
    rates: NDArray[np.float64]
    counts: NDArray[np.int64]
    of: NDArray[np.int64]


def is_sum(measure: str) -> bool:
    """Whether the measure is a total of a column (a mean is shown), not a count of adults (a rate is shown)."""
    return measure.endswith("_sum")


def series(census: pa.Table, measure: str, world: str, by: str = "all", group: str = "all") -> Series:
    """The rows of `census` for one world, measure and group, over the seeds and months when any group was counted."""
    counted = census.filter(_are(census, {"world": world, "measure": measure, "by": by}))
    months, seeds = (np.unique(counted[name].to_numpy(zero_copy_only=False)) for name in ("month", "seed"))
    rows = counted.filter(pc.equal(counted["group"], group))
    at = tuple(
        np.searchsorted(all_of_them, rows[name].to_numpy(zero_copy_only=False))
        for all_of_them, name in ((seeds, "seed"), (months, "month"))
    )
    counts, of = (np.zeros((len(seeds), len(months)), np.int64) for _ in range(2))
    counts[at], of[at] = rows["count"].to_numpy(), rows["of"].to_numpy()
    unit = 1.0 / BY_ID[measure].scale if is_sum(measure) else 1000.0
    rates = np.divide(counts * unit, of, out=np.zeros(counts.shape), where=of > 0)
    return Series(tuple(map(str, months)), tuple(map(int, seeds)), rates, counts, of)


def _are(table: pa.Table, wanted: dict[str, str]) -> pa.ChunkedArray:
    """Which rows have these values."""
    hits = [pc.equal(table[name], value) for name, value in wanted.items()]
    return reduce(pc.and_, hits)
