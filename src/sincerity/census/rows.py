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
        self._columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}

    def _add(self, world: str, month: str, by: str, groups: list[str], measures: list[str], *numbers: Any) -> None:
        """Add rows, column by column: numbers are lists of counts, of their denominators, and against."""
        many = len(measures)
        fixed = ([world] * many, [self.seed] * many, [month] * many, [by] * many)
        for column, values in zip(self._columns.values(), (*fixed, groups, measures, *numbers), strict=True):
            column += values

    def add_month(self, month: str, totals: Totals, ever: bool) -> None:
        """The month's rows for all people, and the histogram of scores; what ever happened, where `ever`."""
        counts, ever_counts = totals.total("counts"), totals.total("ever_counts")
        sums, bins = totals.total("sums"), totals.total("bins")
        happened = EVER if ever else ()
        measures = [measure.id for measure in (*MONTHLY, *happened, *SUMS)]
        of, everybody = [self.people] * len(measures), ["all"] * len(measures)
        for w, world in enumerate(self.worlds):
            both = np.concatenate([counts[w, :, : len(MONTHLY)], ever_counts[w, :, : len(happened)]], axis=1)
            count, against = both.tolist()
            count += sums[w, : len(SUMS)].tolist()
            against += [0] * len(SUMS)
            self._add(world, month, "all", everybody, measures, count, of, against)
            lowest = np.flatnonzero(bins[w])
            many = len(lowest)
            scores, scored = [str(25 * each) for each in lowest.tolist()], [int(bins[w].sum())] * many
            self._add(world, month, "score", scores, [PEOPLE.id] * many, bins[w, lowest].tolist(), scored, [0] * many)

    def add_year(self, month: str, totals: Any, months: int) -> None:
        """The year's rows by group; `months` is how many months the year had. Sets the groups' totals back."""
        whole = [totals.total(name) for name in ("group_counts", "group_ever", "group_people")]
        measures = [measure.id for measure in (*MONTHLY, *EVER)]
        years = np.array([1 if STOCKS >> k & 1 else months for k in range(len(MONTHLY))] + [1] * len(EVER))
        for grouping in self.groupings:
            counts, ever, people = (self.groupings.by_group(grouping, total) for total in whole)
            both = np.concatenate([counts[:, :, : len(MONTHLY)], ever[:, :, : len(EVER)]], axis=2)
            for g in np.flatnonzero(people).tolist():
                groups, of = [grouping.groups[g]] * len(measures), (people[g] * years).tolist()
                for w, world in enumerate(self.worlds):
                    count, against = both[w, :, :, g].tolist()
                    self._add(world, month, grouping.by, groups, measures, count, of, against)
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
                    done, lone = deeds[w, :, first + a].tolist()
                    if done:
                        self._add(world, month, "act", [act], [measure.id], [done], [of], [lone])
            for c, g in np.argwhere(mass[w]).tolist():
                cause, closed = f"{CAUSES[c]} > {GATES[g]}", int(mass[w, c, g])
                self._add(world, month, "cause", [cause], [REFUSALS.id], [closed], [of], [0])

    def _add_bands(self, month: str, totals: Totals) -> None:
        """What people did in the year's last month, by the score of the month before and by group."""
        whole = totals.total("bands")
        for grouping in self.groupings:
            if grouping.by == "region":  # too few a band
                continue
            bands = self.groupings.by_group(grouping, whole)
            for w, _, b, g in np.argwhere(bands[:, :1]).tolist():
                name, many = f"{50 * b} > {grouping.groups[g]}", len(BAND_MEASURES)
                of, *had = bands[w, :, b, g].tolist()
                measures = [measure.id for measure in BAND_MEASURES]
                by = f"score and {grouping.by}"
                self._add(self.worlds[w], month, by, [name] * many, measures, had, [of] * many, [0] * many)

    def packed(self) -> NDArray[np.uint8]:
        """All rows so far as bytes (Arrow's stream of a table)."""
        return packed(self.table())

    def unpack(self, told: NDArray[np.uint8]) -> None:
        """Take over what `packed` gave."""
        self._columns = unpacked(told).to_pydict()

    def table(self) -> pa.Table:
        """All rows so far."""
        import pyarrow as pa

        types = (pa.string(), pa.int64(), *(pa.string(),) * 4, *(pa.int64(),) * 3)
        columns = [pa.array(values, kind) for values, kind in zip(self._columns.values(), types, strict=True)]
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
