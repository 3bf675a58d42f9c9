"""The census as a table: one row for each world, month, group and measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sincerity.census.causes import CAUSES
from sincerity.census.counts import STOCKS
from sincerity.census.groups import Groupings
from sincerity.census.measures import ACTED, BAND_MEASURES, EVER, MONTHLY, PEOPLE, RECORDS, REFUSALS, SUMS
from sincerity.declare.vocabulary import ACTS, GATES

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("world", "seed", "month", "by", "group", "measure", "count", "of", "against")


class Totals(Protocol):
    """What the census is taken from: totals by name, over all threads."""

    def total(self, name: str) -> NDArray[np.int64]:
        """Totals of one kind, worlds first."""
        ...


class Rows:
    """Collects the rows of one seed; `table` gives them as a pyarrow Table.

    world: regime's name; month: 'YYYY-MM'; by and group: 'all', or a grouping and its group; count: people with the
    measure (or the sum); of: the denominator; against: how many of `count` whose twin in world 0 did not have it (0
    for sums, and for what by='cause' and by='score and …' count). Flows by group are summed over the year's months
    (`of` likewise); stocks by group, and what ever happened, stand once a year, in its last month.
    """

    def __init__(self, worlds: list[str], seed: int, groupings: Groupings, people: int) -> None:
        self.worlds, self.seed, self.groupings, self.people = worlds, seed, groupings, people
        self._rows: list[tuple[Any, ...]] = []

    def _add(
        self, world: str, month: str, by: str, group: str, measure: str, count: int, of: int, against: int
    ) -> None:
        self._rows.append((world, self.seed, month, by, group, measure, int(count), int(of), int(against)))

    def add_month(self, month: str, totals: Totals, ever: bool) -> None:
        """The month's rows for all people, and the histogram of scores; what ever happened, where `ever`."""
        counts, ever_counts = totals.total("counts"), totals.total("ever_counts")
        sums, bins = totals.total("sums"), totals.total("bins")
        for w, world in enumerate(self.worlds):
            for k, measure in enumerate(MONTHLY):
                self._add(world, month, "all", "all", measure.id, counts[w, 0, k], self.people, counts[w, 1, k])
            for k, measure in enumerate(EVER if ever else ()):
                both = ever_counts[w, :, k]
                self._add(world, month, "all", "all", measure.id, both[0], self.people, both[1])
            for k, measure in enumerate(SUMS):
                self._add(world, month, "all", "all", measure.id, sums[w, k], self.people, 0)
            scored = int(bins[w].sum())
            for lowest, people in enumerate(bins[w]):
                if people:
                    self._add(world, month, "score", str(25 * lowest), PEOPLE.id, people, scored, 0)

    def add_year(self, month: str, totals: Any, months: int) -> None:
        """The year's rows by group; `months` is how many months the year had. Sets the groups' totals back."""
        whole = [totals.total(name) for name in ("group_counts", "group_ever", "group_people")]
        names = [measure.id for measure in (*MONTHLY, *EVER)]
        years = np.array([1 if STOCKS >> k & 1 else months for k in range(len(MONTHLY))] + [1] * len(EVER))
        for grouping in self.groupings:
            counts, ever, people = (self.groupings.by_group(grouping, total) for total in whole)
            both = np.concatenate([counts[:, :, : len(MONTHLY)], ever[:, :, : len(EVER)]], axis=2)
            for g, group in enumerate(grouping.groups):
                if people[g] == 0:
                    continue
                of = (people[g] * years).tolist()
                for w, world in enumerate(self.worlds):
                    count, against = both[w, :, :, g].tolist()
                    first = (world, self.seed, month, grouping.by, group)
                    self._rows += [(*first, *row) for row in zip(names, count, of, against, strict=True)]
        self._add_acts(month, totals, months)
        self._add_bands(month, totals)
        totals.clear("group_counts", "group_ever", "group_people", "deed_counts", "mass", "bands")

    def _add_acts(self, month: str, totals: Totals, months: int) -> None:
        """The year's acts, done and recorded, and what closed gates; what never happened has no row."""
        deeds, mass = totals.total("deed_counts"), totals.total("mass")
        of = self.people * months
        for w, world in enumerate(self.worlds):
            for a, act in enumerate(ACTS):
                for first, measure in ((0, ACTED), (32, RECORDS)):
                    done, lone = deeds[w, :, first + a]
                    if done:
                        self._add(world, month, "act", act, measure.id, done, of, lone)
            for c, g in zip(*np.nonzero(mass[w]), strict=True):
                self._add(world, month, "cause", f"{CAUSES[c]} > {GATES[g]}", REFUSALS.id, mass[w, c, g], of, 0)

    def _add_bands(self, month: str, totals: Totals) -> None:
        """What people did in the year's last month, by the score of the month before and by group."""
        whole = totals.total("bands")
        for grouping in self.groupings:
            if grouping.by == "region":  # too few a band
                continue
            bands = self.groupings.by_group(grouping, whole)
            for w, _, b, g in np.argwhere(bands[:, :1]):
                name = f"{50 * b} > {grouping.groups[g]}"
                of, *had = bands[w, :, b, g]
                for measure, count in zip(BAND_MEASURES, had, strict=True):
                    self._add(self.worlds[w], month, f"score and {grouping.by}", name, measure.id, count, of, 0)

    def packed(self) -> NDArray[np.uint8]:
        """All rows so far as bytes (Arrow's stream of a table)."""
        return packed(self.table())

    def unpack(self, told: NDArray[np.uint8]) -> None:
        """Take over what `packed` gave."""
        columns = unpacked(told).to_pydict()
        self._rows = list(zip(*(columns[name] for name in COLUMNS), strict=True))

    def table(self) -> pa.Table:
        """All rows so far."""
        import pyarrow as pa

        types = (pa.string(), pa.int64(), *(pa.string(),) * 4, *(pa.int64(),) * 3)
        arrays = zip(*self._rows, strict=True) if self._rows else ([] for _ in COLUMNS)
        columns = [pa.array(values, kind) for values, kind in zip(arrays, types, strict=True)]
        return pa.table(columns, names=list(COLUMNS))


def packed(table: pa.Table) -> NDArray[np.uint8]:
    """A census as bytes (Arrow's stream of a table, compressed)."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table)
    return np.frombuffer(sink.getvalue(), np.uint8)


def unpacked(told: NDArray[np.uint8]) -> pa.Table:
    """The census that `packed` made bytes of."""
    import pyarrow as pa

    with pa.ipc.open_stream(pa.py_buffer(told)) as stream:
        return stream.read_all()
