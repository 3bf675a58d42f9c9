"""The last year of a census, added up: counts by world, group and measure, one figure a seed."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Counts = NDArray[np.int64]
SPARSE = ("act", "cause")
"""Groupings in which what never happened has no row."""


class Tally:
    """Counts of the last twelve months by one grouping.

    by: 'all' or a grouping of the census. seeds: S of them. groups: G names, in order. For a group, states of a person
    are those of the last month; for all people, of the twelve months. What ever happened is that of the last month.
    """

    def __init__(self, census: pa.Table, by: str) -> None:
        self.by = by
        months = np.unique(census["month"].to_numpy(zero_copy_only=False))[-12:]
        rows = census.filter(pc.and_(pc.equal(census["by"], by), pc.is_in(census["month"], pa.array(months))))
        keys = ["world", "group", "measure", "seed"]
        sums = rows.group_by(keys).aggregate([(name, "sum") for name in ("count", "of", "against")])
        self.seeds = tuple(sorted(pc.unique(census["seed"]).to_pylist()))
        place = {seed: k for k, seed in enumerate(self.seeds)}
        self._counts: dict[tuple[str, str, str], Counts] = {}
        for world, group, measure, seed, *three in zip(
            *(sums[name].to_pylist() for name in (*keys, "count_sum", "of_sum", "against_sum")), strict=True
        ):
            into = self._counts.setdefault((world, group, measure), np.zeros((3, len(self.seeds)), np.int64))
            into[:, place[seed]] = three
        found = list(dict.fromkeys(pc.unique(rows["group"]).to_pylist()))
        numbered = all(name.lstrip("-").isdigit() for name in found)
        self.groups: tuple[str, ...] = tuple(sorted(found, key=float) if numbered else found)

    def of_world(self, world: str, group: str = "all") -> Counted:
        """The counts of one world and group."""
        return Counted(self, world, group)

    @cached_property
    def measures(self) -> set[str]:
        """The measures counted by this grouping."""
        return {measure for _, _, measure in self._counts}

    def get(self, world: str, group: str, measure: str, what: int) -> Counts:
        """(S,) counts (0), denominators (1) or counts against the first world (2); KeyError for what nobody counted."""
        if measure not in self.measures and self.by not in SPARSE:
            raise KeyError(measure)
        found = self._counts.get((world, group, measure))
        return np.zeros(len(self.seeds), np.int64) if found is None else found[what]


class Counted:
    """One world and group of a tally: `counted['late']` is (S,) how many, `of('late')` (S,) of how many."""

    def __init__(self, tally: Tally, world: str, group: str) -> None:
        self.tally, self.world, self.group = tally, world, group

    def __getitem__(self, measure: str) -> Counts:
        return self.tally.get(self.world, self.group, measure, 0)

    def of(self, measure: str) -> Counts:
        """The denominators."""
        return self.tally.get(self.world, self.group, measure, 1)

    def against(self, measure: str) -> Counts:
        """Of the count, those for whom it was not so in the first world."""
        return self.tally.get(self.world, self.group, measure, 2)


def rate(part: Counts, whole: Counts, unit: float = 1.0) -> NDArray[np.float64]:
    """(S,) unit × part / whole, NaN where there is nothing to divide by."""
    out = np.full(np.shape(part), np.nan)
    np.divide(part * unit, whole, out=out, where=np.asarray(whole) > 0)
    return out
