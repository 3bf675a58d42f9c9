"""The ledger: what a regime promises and what it costs, in twelve sentences, with the spread over the seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sincerity.study.series import Series, series
from sincerity.study.tabular import MINUS, aligned

FEW_CASES = 20
UNIT = "per 1,000 adults"
WINDOWS = {"month": "in a typical month of the last year", "ever": "at some time in the run"}


class Sentence(NamedTuple):
    """What a row says: the measure behind it, its words, its window, and whether a regime promises it or it is paid."""

    measure: str
    words: str
    window: Literal["month", "ever"]
    kind: Literal["promise", "cost"]


SENTENCES: tuple[Sentence, ...] = (
    Sentence("late", "paid a loan instalment late", "month", "promise"),
    Sentence("offence", "broke the law, seen or not", "month", "promise"),
    Sentence("good_deed", "volunteered, gave blood or gave to charity", "month", "promise"),
    Sentence("approve", "say they approve, when asked", "month", "promise"),
    Sentence("approve_meant", "… and mean it", "month", "promise"),
    Sentence("on_list", "stood on a list", "month", "cost"),
    Sentence("refused_ever", "refused a seat, a loan, a job or a school", "ever", "cost"),
    Sentence("refused_innocent_ever", "of these: had done nothing themselves", "ever", "cost"),
    Sentence("refused_unable_ever", "of these: could not have paid", "ever", "cost"),
    Sentence("muted", "kept silent, or said what they do not think", "month", "cost"),
    Sentence("false_record_ever", "carried a record of something they had not done", "ever", "cost"),
    Sentence("gave_up", "changed a lawful habit for points", "month", "cost"),
)

# 97.5 % quantiles of Student's t by degrees of freedom; between two of them the smaller one holds (a wider interval).
T_975 = {
    7: 2.3646, 8: 2.3060, 9: 2.2622, 10: 2.2281, 11: 2.2010, 12: 2.1788, 13: 2.1604, 14: 2.1448, 15: 2.1314,
    16: 2.1199, 17: 2.1098, 18: 2.1009, 19: 2.0930, 20: 2.0860, 21: 2.0796, 22: 2.0739, 23: 2.0687, 24: 2.0639,
    25: 2.0595, 26: 2.0555, 27: 2.0518, 28: 2.0484, 29: 2.0452, 30: 2.0423, 40: 2.0211, 60: 2.0003, 120: 1.9799,
    1000: 1.9623,
}  # fmt: skip


def spread(values: NDArray[np.float64]) -> tuple[float, float]:
    """Low and high over seeds: min and max for fewer than 8 of them, else the 95 % t-interval of their mean."""
    n = len(values)
    if n < 8:
        return float(values.min()), float(values.max())
    t = T_975[max(df for df in T_975 if df <= n - 1)]
    half = t * float(values.std(ddof=1)) / sqrt(n)
    mean = float(values.mean())
    return mean - half, mean + half


def spread_words(n: int) -> str:
    """How the columns low and high are to be read, for n seeds."""
    if n == 1:
        return "one seed: an anecdote"
    return f"lowest and highest of {n} seeds" if n < 8 else f"95 % interval of the mean of {n} seeds"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One sentence of the ledger. All figures are of every 1,000 adults.

    id: the measure. window: 'month' (mean over the last twelve months) or 'ever' (at some time in the run). ordinary,
    regime: means over the seeds. difference: regime minus ordinary, low and high its spread over the seeds. For a run
    of one world, ordinary and difference are None and low, high are the spread of the regime's own figure.
    ordinary_seeds, regime_seeds: one figure a seed, in the order of the study's seeds. n: number of seeds.
    note: '' or a warning: 'few cases' (fewer than 20 counted over all seeds), 'an anecdote' (one seed).
    """

    id: str
    sentence: str
    kind: str
    window: str
    unit: str
    ordinary: float | None
    regime: float
    difference: float | None
    low: float
    high: float
    ordinary_seeds: tuple[float, ...]
    regime_seeds: tuple[float, ...]
    n: int
    note: str

    @property
    def when(self) -> str:
        """The window in words."""
        return WINDOWS[self.window]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Twelve rows for one regime against the study's first world (or, in a run of one world, for that world alone).

    regime, ordinary: names of the two worlds (ordinary: None in a run of one); *_title: as shown.
    rows: LedgerRow, in fixed order, promises first. spread: how low and high are to be read. Iterates over its rows.
    """

    regime: str
    ordinary: str | None
    regime_title: str
    ordinary_title: str
    rows: tuple[LedgerRow, ...]
    spread: str

    def __iter__(self) -> Iterator[LedgerRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, id: str) -> LedgerRow:
        """The row of a measure: `ledger['late']`."""
        for row in self.rows:
            if row.id == id:
                return row
        raise KeyError(f"no row {id!r}; the rows are {', '.join(row.id for row in self.rows)}")

    def to_arrow(self) -> pa.Table:
        """One line a row, one column a field of LedgerRow; figures per 1,000 adults, the seeds' figures as lists."""
        names = LedgerRow.__slots__
        schema = pa.schema([(name, _ARROW.get(name, pa.string())) for name in names])
        return pa.table({name: [_plain(getattr(row, name)) for row in self.rows] for name in names}, schema=schema)

    def __str__(self) -> str:
        versus = "" if self.ordinary is None else f", against {self.ordinary_title}"
        cells = [self._heading(), *(self._cells(row) for row in self.rows)]
        widths = [max(len(line[k]) for line in cells) for k in range(len(cells[0]))]
        body = [_aligned(line, widths) for line in cells]
        lines = [f"Of every 1,000 adults: {self.regime_title}{versus}", "", body[0]]
        for row, line, before in zip(self.rows, body[1:], (None, *self.rows), strict=False):
            if before is None or before.kind != row.kind:
                lines.append("promises" if row.kind == "promise" else "costs")
            lines.append(line)
        legend = "; ".join(f"{window}: {words}" for window, words in WINDOWS.items())
        return "\n".join([*lines, "", f"{legend}.", f"spread: {self.spread}. Invented people; not a forecast."])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self._heading())
        body = "".join(
            f"<tr title='{escape(row.when)}'>"
            + "".join(f"<td>{escape(cell)}</td>" for cell in self._cells(row))
            + "</tr>"
            for row in self.rows
        )
        caption = f"Of every 1,000 adults: {self.regime_title}. Spread: {self.spread}. Invented people; not a forecast."
        return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _heading(self) -> tuple[str, ...]:
        if self.ordinary is None:
            return ("", "when", "adults", "spread", "")
        return ("", "when", self.ordinary_title, self.regime, "difference", "spread", "")

    def _cells(self, row: LedgerRow) -> tuple[str, ...]:
        words = row.sentence if not row.sentence.startswith(("…", "of these")) else f"  {row.sentence}"
        if row.ordinary is None or row.difference is None:
            return (f"  {words}", row.window, shown(row.regime), _spread(row, sign=False), row.note)
        figures = (shown(row.ordinary), shown(row.regime), shown(row.difference, sign=True))
        return (f"  {words}", row.window, *figures, _spread(row, sign=True), row.note)


_ARROW = {
    **{name: pa.float64() for name in ("ordinary", "regime", "difference", "low", "high")},
    **{name: pa.list_(pa.float64()) for name in ("ordinary_seeds", "regime_seeds")},
    "n": pa.int64(),
}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _spread(row: LedgerRow, sign: bool) -> str:
    return "none" if row.n == 1 else band(row.low, row.high, sign)


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    """Words to the left, figures to the right."""
    padded = (
        c.ljust(w) if k == 0 or k == len(cells) - 1 else c.rjust(w)
        for k, (c, w) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


def shown(value: float, sign: bool = False) -> str:
    """A figure per 1,000 as a reader sees it: whole from 10 on, else one decimal; a true minus; '0' for nothing."""
    text = f"{abs(value):,.0f}" if round(abs(value), 1) >= 10 else f"{abs(value):.1f}"
    if not float(text.replace(",", "")):
        return "0"
    return (MINUS if value < 0 else "+" if sign else "") + text


def band(low: float, high: float, sign: bool = False) -> str:
    """A spread as a reader sees it."""
    return f"{shown(low, sign)} to {shown(high, sign)}"


def bands(pairs: Sequence[tuple[float, float] | None], sign: bool = False, nothing: str = "") -> list[str]:
    """Spreads below one another, both ends on their decimal points; `nothing` where there is none."""
    known = [pair for pair in pairs if pair is not None]
    ends = [aligned([shown(pair[k], sign) for pair in known]) for k in (0, 1)]
    texts = iter([f"{low} to {high}".rstrip() for low, high in zip(*ends, strict=True)])
    return [nothing if pair is None else next(texts) for pair in pairs]


def ledger(census: pa.Table, regime: str, ordinary: str | None, titles: dict[str, str]) -> Ledger:
    """The twelve rows of one world against another (`ordinary`), from census rows with by='all'.

    titles: name of a world -> as shown. Worlds share seeds, people and luck, so differences are taken seed by seed.
    """
    rows = tuple(_row(census, sentence, regime, ordinary) for sentence in SENTENCES)
    shown_as = (titles[regime], titles[ordinary] if ordinary is not None else "")
    return Ledger(regime, ordinary, *shown_as, rows, spread_words(rows[0].n))


def _row(census: pa.Table, sentence: Sentence, regime: str, ordinary: str | None) -> LedgerRow:
    of_regime, cases = _figures(series(census, sentence.measure, regime), sentence.window)
    n = len(of_regime)
    of_ordinary: NDArray[np.float64] = np.zeros(0)
    values = of_regime
    if ordinary is not None:
        of_ordinary, cases_ordinary = _figures(series(census, sentence.measure, ordinary), sentence.window)
        cases, values = max(cases, cases_ordinary), of_regime - of_ordinary
    low, high = spread(values)
    notes = (["few cases"] if cases < FEW_CASES else []) + (["an anecdote"] if n == 1 else [])
    return LedgerRow(
        id=sentence.measure,
        sentence=sentence.words,
        kind=sentence.kind,
        window=sentence.window,
        unit=UNIT,
        ordinary=None if ordinary is None else float(of_ordinary.mean()),
        regime=float(of_regime.mean()),
        difference=None if ordinary is None else float(values.mean()),
        low=low,
        high=high,
        ordinary_seeds=tuple(map(float, of_ordinary)),
        regime_seeds=tuple(map(float, of_regime)),
        n=n,
        note=", ".join(notes),
    )


def _figures(found: Series, window: str) -> tuple[NDArray[np.float64], int]:
    """One figure a seed (per 1,000 adults) and the number of cases behind all of them."""
    last = 1 if window == "ever" else 12
    return found.rates[:, -last:].mean(axis=1), int(found.counts[:, -last:].sum())
