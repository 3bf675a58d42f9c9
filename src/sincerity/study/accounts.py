"""The ledgers of rights and of promises, for all adults or by group, beside the same under the first world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from html import escape

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sincerity.study.entries import Entry
from sincerity.study.ledger import FEW_CASES, band, bands, shown, spread, spread_words
from sincerity.study.tabular import aligned
from sincerity.study.tally import Tally, rate

SUPPRESSED = "·"
GROUPINGS = ("decile", "education", "age", "sex", "urban", "region", "minority", "opinion")
"""By which the ledgers and the audit can be asked for."""
PROVIDER = "provider"
"""By private scorer: known once people were followed; groups overlap, and have no twins' group to be set against."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One entry for one group.

    id, heading, words, unit, definition: of the entry. kind: 'right', 'promise' or 'condition'. group: 'all' or a name.
    ordinary, regime: means over the seeds, in `unit`; ordinary is None in a run of one world. difference, low, high:
    regime minus ordinary and its spread over the seeds (of the regime's own figure in a run of one). cases: counted
    under either world, all seeds, the greater. All four figures are None where a group has fewer than 20 cases, or
    where nothing stands in the denominator.
    """

    id: str
    kind: str
    heading: str
    words: str
    unit: str
    definition: str
    group: str
    ordinary: float | None
    regime: float | None
    difference: float | None
    low: float | None
    high: float | None
    cases: int


@dataclass(frozen=True, slots=True)
class Account:
    """A ledger of one regime against the study's first world, by one grouping. Iterates over its AccountRows.

    title: what the table is called. by: 'all' or a grouping. groups: their names, in order. spread: how low and high
    are to be read.
    """

    title: str
    regime: str
    ordinary: str | None
    by: str
    groups: tuple[str, ...]
    rows: tuple[AccountRow, ...]
    spread: str

    def __iter__(self) -> Iterator[AccountRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, id: str, group: str = "all") -> AccountRow:
        """The row of an entry and group; KeyError for others."""
        for row in self.rows:
            if (row.id, row.group) == (id, group):
                return row
        raise KeyError((id, group))

    def to_arrow(self) -> pa.Table:
        """One line a row, one column a field of AccountRow."""
        return pa.table({f.name: [getattr(row, f.name) for row in self.rows] for f in fields(AccountRow)})

    def lines(self, width: int = 120) -> list[str]:
        """The table as text, no line wider than `width` unless a single column asks for it."""
        lines = self._whole() if self.by == "all" else self._by_group(width)
        small = [f"Spread: {self.spread}; chance only, not the assumptions."] if self.by == "all" else []
        if self.by != "all":
            shows = "the figure under the regime" if self.ordinary is None else f"the regime minus {self.ordinary}"
            small.append(f"Shown: {shows}. {SUPPRESSED}: fewer than {FEW_CASES} cases, or not counted by group.")
        return [self.title, "", *lines, "", *small, "Invented people; not a forecast."]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>" for cells in self._cells()
        )
        head = "".join(f"<th>{escape(cell)}</th>" for cell in HEAD)
        return f"<table><caption>{escape(self.title)}</caption><tr>{head}</tr>{body}</table>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                row.words if row.group == "all" else f"{row.words}: {row.group}",
                row.unit,
                _figure(row.ordinary),
                _figure(row.regime),
                _figure(row.difference, sign=True),
                SUPPRESSED
                if row.low is None or row.high is None
                else band(row.low, row.high, self.ordinary is not None),
            )
            for row in self.rows
        ]

    def _whole(self) -> list[str]:
        """One line an entry: under ordinary law, under the regime, difference, spread."""
        columns = [list(column) for column in zip(*self._cells(), strict=True)]
        columns[2:5] = [aligned(column) for column in columns[2:5]]
        pairs = [None if r.low is None or r.high is None else (r.low, r.high) for r in self.rows]
        columns[5] = bands(pairs, self.ordinary is not None, SUPPRESSED)
        cells = list(zip(*columns, strict=True))
        if self.ordinary is None:
            cells = [(c[0], c[1], c[3], c[5]) for c in cells]
        head = HEAD if self.ordinary is not None else (HEAD[0], HEAD[1], HEAD[3], HEAD[5])
        widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
        lines = [_joined(head, widths)]
        for row, line, before in zip(self.rows, cells, (None, *self.rows), strict=False):
            if before is None or before.heading != row.heading:
                lines.append(row.heading)
            lines.append("  " + _joined(line, widths))
        return [f"  {lines[0]}", *lines[1:]]

    def _by_group(self, width: int) -> list[str]:
        """Entries down, groups across, in as many tables as the width needs."""
        ids = list(dict.fromkeys(row.id for row in self.rows))
        cell = {
            (row.id, row.group): _figure(
                row.regime if self.ordinary is None else row.difference, self.ordinary is not None
            )
            for row in self.rows
        }
        first = {row.id: row for row in self.rows}
        wide = max(len(first[id].words) for id in ids) + 2
        units = max(len(first[id].unit) for id in ids)
        columns = {g: max(len(g), *(len(cell[id, g]) for id in ids)) for g in self.groups}
        tables: list[list[str]] = [[]]
        for group in self.groups:
            taken = sum(columns[g] + 2 for g in tables[-1])
            if tables[-1] and wide + units + taken + columns[group] + 4 > width:
                tables.append([])
            tables[-1].append(group)
        lines: list[str] = []
        for part in tables:
            head = "  ".join(g.rjust(columns[g]) for g in part)
            lines.append(f"{f'by {self.by}'.ljust(wide)}  {' ' * units}  {head}")
            heading = ""
            for id in ids:
                if first[id].heading != heading:
                    heading = first[id].heading
                    lines.append(heading)
                figures = "  ".join(cell[id, g].rjust(columns[g]) for g in part)
                lines.append(f"{f'  {first[id].words}'.ljust(wide)}  {first[id].unit.ljust(units)}  {figures}")
            lines.append("")
        return lines[:-1]


HEAD = ("", "unit", "ordinary", "regime", "difference", "spread")


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    padded = (
        c.ljust(w) if k < 2 or (k == last and c != HEAD[-1]) else c.rjust(w)
        for k, (c, w) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


GROUP_WORDS = {
    "decile": {"1": "the poorest tenth", "2": "the 2nd poorest tenth", "3": "the 3rd poorest tenth",
               "4": "the 4th poorest tenth", "5": "the 5th poorest tenth", "6": "the 5th richest tenth",
               "7": "the 4th richest tenth", "8": "the 3rd richest tenth", "9": "the 2nd richest tenth",
               "10": "the richest tenth"},
    "education": {"primary or less": "primary school or less", "junior secondary": "junior secondary school",
                  "senior secondary": "senior secondary school", "college": "college"},
    "urban": {"rural": "in villages", "urban": "in towns"},
    "minority": {"majority": "of the majority", "minority": "of a minority"},
    "opinion": {"against": "disapproved at first", "for": "approved at first"},
}  # fmt: skip


def group_words(by: str, group: str) -> str:
    """A group in words that need no heading: 'the poorest tenth', 'aged 18 to 29'."""
    if by == "age":
        return f"aged {group.replace('-', ' to ')}"
    return GROUP_WORDS.get(by, {}).get(group, group)


def _figure(value: float | None, sign: bool = False) -> str:
    return SUPPRESSED if value is None else shown(value, sign)


def account(tally: Tally, entries: Sequence[Entry], regime: str, ordinary: str | None, title: str) -> Account:
    """The ledger of these entries; an entry that this grouping does not count is left out."""
    groups = tally.groups if tally.by != "all" else ("all",)
    rows = []
    for entry in entries:
        for group in groups:
            try:
                rows.append(_row(tally, entry, regime, ordinary, group))
            except KeyError:
                break
    return Account(title, regime, ordinary, tally.by, groups, tuple(rows), spread_words(len(tally.seeds)))


def by_seed(tally: Tally, entry: Entry, world: str, group: str = "all") -> tuple[NDArray[np.float64], int]:
    """(S,) an entry's figure under one world, in its unit, NaN where there is none; and the cases of all seeds."""
    had, of = entry.figures(tally.of_world(world, group))
    return rate(had, of, entry.scale), int(had.sum())


def _row(tally: Tally, entry: Entry, regime: str, ordinary: str | None, group: str) -> AccountRow:
    mine, cases = by_seed(tally, entry, regime, group)
    base, change = None, mine
    if ordinary is not None:
        base, twins = by_seed(tally, entry, ordinary, group)
        cases, change = max(cases, twins), mine - base
    hidden = group != "all" and cases < FEW_CASES
    figures = [None if hidden else _mean(values) for values in (base, mine, change)]
    known = change[np.isfinite(change)]
    low, high = spread(known) if len(known) and not hidden else (None, None)
    return AccountRow(
        entry.id, entry.kind, entry.heading, entry.words, entry.unit, entry.definition, group,
        figures[0], figures[1], figures[2] if ordinary is not None else None, low, high, cases,
    )  # fmt: skip


def _mean(values: NDArray[np.float64] | None) -> float | None:
    if values is None or not np.isfinite(values).any():
        return None
    return float(values[np.isfinite(values)].mean())
