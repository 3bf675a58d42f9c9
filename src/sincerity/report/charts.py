"""The charts: one registry and one theme. Each chart is a static picture (SVG) of a question, with its data as a table.

Ordinary law is grey; a regime has the colours of Okabe and Ito, which every kind of colour vision can tell apart. Lines
are means over the seeds, areas and bars behind them reach from the lowest to the highest seed. No colour is a verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import vl_convert
from numpy.typing import NDArray

from sincerity.declare.dates import Month
from sincerity.report import words
from sincerity.study.ledger import FEW_CASES
from sincerity.study.series import Series, series

if TYPE_CHECKING:
    from sincerity.study.study import Study

ADULTS = "of every 1,000 adults"
INK, SOFT, GRID, GREY = "#222222", "#5a5a5a", "#e4e4e4", "#777777"
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
SANS = "Helvetica, Arial, 'Liberation Sans', sans-serif"  # of one width, so that labels fit where they are laid out
SOLID, DASHED, DOTTED = [1, 0], [7, 3], [2, 3]
WIDTH = 640
"""Pixels of a whole picture at its own size; a page may scale it."""
FEWEST_SCORED = 100
"""Percentiles of fewer scored people than this, in one seed and month, are not drawn."""
PERCENTILES = (5, 25, 50, 75, 95)
BIN = 25

THEME: dict[str, Any] = {
    "aria": False,
    "background": "#ffffff",
    "font": SANS,
    "padding": 12,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "labelFontSize": 12,
        "titleColor": SOFT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {"labelColor": INK, "labelFontSize": 12, "orient": "top", "title": None, "symbolSize": 90},
    "title": {
        "color": INK,
        "fontSize": 13,
        "anchor": "start",
        "fontWeight": "normal",
        "subtitleColor": SOFT,
        "subtitleFontSize": 12,
    },
}


class Line(NamedTuple):
    """A figure through time. mean, low, high: float64 (T,), NaN where there is none. label: '' shows none."""

    name: str
    label: str
    months: tuple[str, ...]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    colour: str
    dash: list[int]


class Dots(NamedTuple):
    """A figure by group. mean, low, high: float64 (G,), NaN where fewer than 20 cases were counted."""

    name: str
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    colour: str


class Drawn(NamedTuple):
    """What a chart's function returns: an Altair chart, and its data as a head and rows of text.

    both: whether the first world is in it as well, in grey. key: what the marks stand for, where not the usual.
    """

    chart: Any
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    both: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What is drawn: a regime of a study, and the world it is set against (None in a run of one world)."""

    study: Study
    regime: str
    ordinary: str | None

    @property
    def worlds(self) -> tuple[str, ...]:
        """The worlds shown, ordinary law first so that it lies behind."""
        return (self.regime,) if self.ordinary is None else (self.ordinary, self.regime)

    def short(self, world: str) -> str:
        """A world's name on a chart."""
        return self.study.scenario.world(world).short


@dataclass(frozen=True, slots=True)
class Chart:
    """An entry of the registry. reading: one line on how to read it. draw: None where the run has nothing to show."""

    id: str
    title: str
    question: str
    unit: str
    reading: str
    draw: Callable[[View], Drawn | None]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart drawn. svg: a whole SVG document, question and stamp inside. head, rows: its data, as text.

    alt: what it shows, in a sentence, for those who do not see it.
    """

    id: str
    title: str
    question: str
    unit: str
    reading: str
    alt: str
    svg: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def draw(study: Study, regime: str | None = None) -> list[Picture]:
    """Draw every chart of the registry that the study has data for, for one regime (by default the last)."""
    name = study.worlds[-1] if regime is None else regime
    view = View(study, name, None if name == study.worlds[0] else study.worlds[0])
    drawn = ((chart, chart.draw(view)) for chart in CHARTS)
    return [picture(chart, found, view) for chart, found in drawn if found is not None]


def picture(chart: Chart, drawn: Drawn, view: View) -> Picture:
    """Render what a chart's function returned."""
    shown = " and ".join(view.short(world) for world in reversed(view.worlds))
    return Picture(
        id=chart.id,
        title=chart.title,
        question=chart.question,
        unit=chart.unit,
        reading=chart.reading,
        alt=f"{chart.question} Chart, {chart.unit}, {shown}; its figures stand in the table below it.",
        svg=_svg(chart, drawn, view),
        head=drawn.head,
        rows=drawn.rows,
    )


def _key(view: View, both: bool) -> str:
    """What the colours and areas stand for, under the question."""
    n = len(view.study.scenario.seeds)
    chance = "one seed: an anecdote" if n == 1 else f"line or dot: mean of {n} seeds; area or bar: lowest to highest"
    if view.ordinary is None or not both:
        return f"{words.first_upper(view.short(view.regime))} · {chance}"
    return f"In colour: {view.short(view.regime)} · grey: {view.short(view.ordinary)} · {chance}"


def _svg(chart: Chart, drawn: Drawn, view: View) -> str:
    """Render with question and key above and the stamp below, all inside; ids made unlike those of other pictures."""
    stamp, key = f"({words.stamp(view.study, view.regime, view.ordinary)})", drawn.key or _key(view, drawn.both)
    above = alt.TitleParams(chart.question, subtitle=key, fontSize=17, fontWeight=600, subtitlePadding=7, offset=18)
    below = alt.TitleParams(stamp, orient="bottom", fontSize=11, color=SOFT, offset=14)
    spec = alt.vconcat(alt.vconcat(drawn.chart, title=above), title=below).to_dict(validate=False)
    spec["config"] = THEME
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    own = re.sub(r"[^a-z0-9]+", "-", f"{view.regime}-{chart.id}".lower())
    svg = re.sub(r'(id="|url\(#)', rf"\g<1>{own}-", svg)
    return re.sub(r"(\d\.\d\d)\d+", r"\1", svg)  # a hundredth of a pixel is enough


# ---- figures from the census --------------------------------------------------------------------------------------


def _over_seeds(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean, lowest and highest over the first axis (seeds)."""
    return values.mean(axis=0), values.min(axis=0), values.max(axis=0)


def _line(view: View, world: str, measure: str, label: str, colour: str, dash: list[int], rest: bool = False) -> Line:
    """A monthly measure of all adults; `rest`: of those for whom it is not so."""
    found = view.study.series(measure, world)
    rates = 1000 - found.rates if rest else found.rates
    own = colour if world == view.regime else GREY
    name = f"{label}, {view.short(world)}" if view.ordinary is not None else label
    return Line(name, label if world == view.regime else "", found.months, *_over_seeds(rates), own, dash)


def _last_of_groups(view: View, by: str) -> tuple[tuple[str, ...], pa.Table]:
    """The groups of `by` and their rows in the last month that was counted."""
    groups = view.study.groups(by)
    rows = view.study.census.filter(pc.equal(view.study.census["by"], by))
    return groups, rows.filter(pc.equal(rows["month"], pc.max(rows["month"])))


def _dots(view: View, rows: pa.Table, world: str, measure: str, by: str, groups: Sequence[str]) -> Dots:
    """A measure by group. A rate of fewer than 20 people, all seeds together, is left out; none at all is 0."""
    found: list[Series] = [series(rows, measure, world, by, group) for group in groups]
    parts = np.array([_over_seeds(each.rates[:, -1]) for each in found])
    cases = np.array([int(each.counts[:, -1].sum()) for each in found])
    parts[(cases > 0) & (cases < FEW_CASES)] = np.nan
    colour = BLUE if world == view.regime else GREY
    return Dots(view.short(world), parts[:, 0], parts[:, 1], parts[:, 2], colour)


def percentiles(counts: NDArray[np.int64], edges: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Scores below which `shares` (per cent) of people lie, from bins of 25 points, even within a bin.

    counts: int64 (B,), people in the bins that begin at edges (B,), in order. Returns float64 (len(shares),).
    """
    bounds = np.append(edges, edges[-1] + BIN)
    below = np.concatenate([[0], np.cumsum(counts)])
    found: NDArray[np.float64] = np.interp(np.asarray(shares) / 100 * below[-1], below, bounds)
    return found


def _scores(view: View) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Months and percentiles of the score, float64 (seeds, months, percentiles); NaN where too few are scored."""
    census = view.study.census
    rows = census.filter(pc.and_(pc.equal(census["by"], "score"), pc.equal(census["world"], view.regime)))
    months, month = np.unique(rows["month"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    seeds, seed = np.unique(rows["seed"].to_numpy(), return_inverse=True)
    edges, edge = np.unique(rows["group"].to_numpy(zero_copy_only=False).astype(float), return_inverse=True)
    counts = np.zeros((len(seeds), len(months), len(edges)), np.int64)
    counts[seed, month, edge] = rows["count"].to_numpy()
    found = np.full((len(seeds), len(months), len(PERCENTILES)), np.nan)
    for s, m in np.argwhere(counts.sum(axis=2) >= FEWEST_SCORED):
        found[s, m] = percentiles(counts[s, m], edges, PERCENTILES)
    return tuple(map(str, months)), found


# ---- marks --------------------------------------------------------------------------------------------------------

_BESIDE_LINES = 10.5
"""Pixels over a panel of dots: its title stands level with that of a panel whose top label reaches over its frame."""
_TENTHS = ("poorest tenth", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "richest tenth")


def _drawn_lines(view: View, lines: list[Line], height: int) -> Drawn:
    return Drawn(_time(lines, ADULTS, width=WIDTH - 270, height=height), *_table_of_lines(lines))


def _time(lines: list[Line], title: str, width: int, height: int, from_zero: bool = True) -> Any:
    """Lines through time with the seeds' range behind them and their labels at the right end."""
    highest = max(float(np.nanmax(line.high)) for line in lines)
    bottom = 0.0 if from_zero else min(float(np.nanmin(line.low)) for line in lines)
    ticks = ticks_to(highest) if from_zero else None
    top = ticks[-1] if ticks else highest * 1.05
    scale = alt.Scale(domain=[bottom, top], nice=not from_zero, zero=from_zero)
    names = [line.name for line in lines]
    values = [value for line in lines for value in _points(line)]
    years = Month.parse(lines[0].months[-1]) - Month.parse(lines[0].months[0])
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%Y" if years >= 24 else "%b %Y", tickCount=max(2, width // 70), grid=False),
    )
    colour = alt.Color("line:N", legend=None, scale=alt.Scale(domain=names, range=[line.colour for line in lines]))
    dash = alt.StrokeDash("line:N", legend=None, scale=alt.Scale(domain=names, range=[line.dash for line in lines]))
    marks: dict[str, Any] = {"values": ticks, "tickCount": len(ticks)} if ticks else {"tickCount": 5}
    y = alt.Y("mean:Q", title=None, scale=scale, axis=alt.Axis(format=",~r", **marks))
    base = alt.Chart(data(values), width=width, height=height, title=title)
    area = base.mark_area(opacity=0.18).encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q", color=colour)
    line = base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash)
    return area + line + _labels(lines, x, scale, top - bottom, height)


def ticks_to(highest: float, most: int = 6) -> list[float]:
    """Round figures from 0 up to one that is no less than `highest`: panels beside one another end on a line."""
    if highest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** np.floor(np.log10(highest / (most - 1)))
    step = next(s * power for s in (1.0, 2.0, 5.0, 10.0, 20.0) if s * power * (most - 1) >= highest)
    return [float(round(step * k, 10)) for k in range(int(np.ceil(highest / step - 1e-9)) + 1)]


def data(values: list[dict[str, Any]]) -> Any:
    """Inline data as one text, which Altair does not copy and check value by value (a third of the time of a page)."""
    return alt.InlineData(values=json.dumps(values), format={"type": "json"})


def _points(line: Line) -> list[dict[str, Any]]:
    columns = zip(line.months, line.mean, line.low, line.high, strict=True)
    return [
        {"line": line.name, "month": milliseconds(month), "mean": float(mean), "low": float(low), "high": float(high)}
        for month, mean, low, high in columns
        if not np.isnan(mean)
    ]


def milliseconds(month: str) -> int:
    """The middle of a month, as Vega counts time."""
    year, number = Month.parse(month)
    return int(datetime(year, number, 15, tzinfo=UTC).timestamp()) * 1000


def _labels(lines: list[Line], x: Any, scale: Any, height_of_scale: float, pixels: int) -> Any:
    """The lines' labels, to the right of their last points, kept apart where they would overlap."""
    shown = [line for line in lines if line.label]
    ends = apart([float(line.mean[~np.isnan(line.mean)][-1]) for line in shown], 17 * height_of_scale / pixels)
    values = [
        {"month": milliseconds(line.months[-1]), "y": end, "label": line.label, "colour": line.colour}
        for line, end in zip(shown, ends, strict=True)
    ]
    return (
        alt.Chart(data(values))
        .mark_text(align="left", dx=8, fontSize=12, fontWeight=600, clip=False)
        .encode(x=x, y=alt.Y("y:Q", scale=scale), text="label:N", color=alt.Color("colour:N", scale=None))
    )


def apart(values: Sequence[float], gap: float) -> list[float]:
    """Move values as little as needs be so that no two are nearer than `gap`; their order stays."""
    order = np.argsort(values, kind="stable")
    groups: list[list[float]] = []  # [sum of wished bases, size]: values in a group stand `gap` apart from one another
    for k in order:
        groups.append([float(values[k]), 1])
        while len(groups) > 1 and _base(groups[-1], gap) - _end(groups[-2], gap) < gap:
            total, size = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += size
    placed = [_base(group, gap) + gap * n for group in groups for n in range(int(group[1]))]
    found = [0.0] * len(values)
    for k, value in zip(order, placed, strict=True):
        found[int(k)] = value
    return found


def _base(group: list[float], gap: float) -> float:
    """Where the lowest of a group stands, its middle on the mean of what its members wished."""
    return group[0] / group[1] - gap * (group[1] - 1) / 2


def _end(group: list[float], gap: float) -> float:
    return _base(group, gap) + gap * (group[1] - 1)


def _by_group(dots: list[Dots], groups: Sequence[str], title: str, width: int, named: bool) -> Any:
    """Dots by group with the seeds' range as a bar; `named` shows the groups' names."""
    values = [
        {"world": each.name, "group": group, "mean": float(m), "low": float(low), "high": float(high)}
        for each in dots
        for group, m, low, high in zip(groups, each.mean, each.low, each.high, strict=True)
        if not np.isnan(m)
    ]
    names = [each.name for each in dots]
    y = alt.Y("group:N", sort=list(groups), title=None, scale=alt.Scale(domain=list(groups)))
    y = y.axis(labels=named, grid=True, labelPadding=12)
    x = alt.X(
        "mean:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=4, grid=False, labelFlush=False),
    )
    colour = alt.Color("world:N", legend=None, scale=alt.Scale(domain=names, range=[each.colour for each in dots]))
    base = alt.Chart(data(values), width=width, height=240, title=alt.TitleParams(title, offset=_BESIDE_LINES))
    bar = base.mark_rule(strokeWidth=5, opacity=0.35, strokeCap="round").encode(
        x="low:Q", x2="high:Q", y=y, color=colour
    )
    return bar + base.mark_circle(size=70, opacity=1).encode(x=x, y=y, color=colour)


def _side_by_side(panels: list[Any]) -> Any:
    return alt.hconcat(*panels, spacing=34)


# ---- the same as text ---------------------------------------------------------------------------------------------


def _cell(mean: float, low: float, high: float, whole: bool = False) -> str:
    if np.isnan(mean):
        return "too few"
    said = (lambda value: f"{value:.0f}") if whole else words.number
    return said(mean) if low == high else f"{said(mean)} ({said(low)}–{said(high)})"


def _table_of_lines(lines: list[Line], whole: bool = False) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """One row a month, one column a line: mean (lowest–highest seed)."""
    cells = [
        [_cell(*found, whole=whole) for found in zip(line.mean, line.low, line.high, strict=True)] for line in lines
    ]
    months = [words.month(month) for month in lines[0].months]
    return ("month", *(line.name for line in lines)), list(zip(months, *cells, strict=True))


def _table_of_dots(
    head: str, groups: Sequence[str], named: list[tuple[str, Dots]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """One row a group, one column a figure: mean (lowest–highest seed)."""
    cells = [[_cell(*found) for found in zip(each.mean, each.low, each.high, strict=True)] for _, each in named]
    return (head, *(name for name, _ in named)), list(zip(groups, *cells, strict=True))


# ---- the charts ---------------------------------------------------------------------------------------------------


def _score(view: View) -> Drawn | None:
    months, found = _scores(view)
    scored = ~np.isnan(found).any(axis=(0, 2)) if found.size else np.zeros(0, bool)
    if not scored.any():
        return None
    labels = {5: "5 in 100 score less", 25: "25 in 100", 50: "half score less", 75: "75 in 100", 95: "95 in 100"}
    dashes = {5: DOTTED, 25: DASHED, 50: SOLID, 75: DASHED, 95: DOTTED}
    lines = [
        Line(f"{p} in 100 score less than", labels[p], months, *_over_seeds(found[:, :, k]), BLUE, dashes[p])
        for k, p in enumerate(PERCENTILES)
    ]
    chart = _time(lines, "score, points, of those enrolled", width=WIDTH - 190, height=300, from_zero=False)
    return Drawn(chart, *_table_of_lines(lines, whole=True), both=False)


def _income(view: View) -> Drawn | None:
    tenths, rows = _last_of_groups(view, "decile")
    if len(tenths) != 10:
        return None
    told = (("on_list", "on a list in a typical month"), ("refused_ever", "refused at some time in the run"))
    dots = [[_dots(view, rows, world, id, "decile", tenths) for world in view.worlds] for id, _ in told]
    panels = [
        _by_group(found, _TENTHS, f"{label}, {ADULTS}", width=210, named=k == 0)
        for k, (found, (_, label)) in enumerate(zip(dots, told, strict=True))
    ]
    named = [(f"{label}, {each.name}", each) for found, (_, label) in zip(dots, told, strict=True) for each in found]
    return Drawn(_side_by_side(panels), *_table_of_dots("tenth by income", _TENTHS, named))


def _said(view: View) -> Drawn:
    told = (
        ("approve", "say they approve", BLUE, SOLID, False),
        ("approve_meant", "say so and mean it", VERMILLION, DASHED, False),
        ("critic", "do not disapprove in private", GREEN, DOTTED, True),
    )
    lines = [
        _line(view, world, measure, label, colour, dash, rest)
        for world in view.worlds
        for measure, label, colour, dash, rest in told
    ]
    return _drawn_lines(view, lines, height=320)


def _travel(view: View) -> Drawn:
    lines = [_line(view, world, "barred_travel", "barred", BLUE, SOLID) for world in view.worlds]
    through_time = _time([line._replace(label="") for line in lines], f"barred, {ADULTS}", width=270, height=240)
    head, table = _table_of_lines(lines)
    tenths, rows = _last_of_groups(view, "decile")
    if len(tenths) != 10:
        return Drawn(through_time, head, table)
    dots = [_dots(view, rows, world, "barred_travel", "decile", tenths) for world in view.worlds]
    by_income = _by_group(dots, _TENTHS, "by income, in a typical month", width=170, named=True)
    named = [(f"barred, {each.name}", each) for each in dots]
    _, more = _table_of_dots("", [f"{name}, {words.month(lines[0].months[-1])}" for name in _TENTHS], named)
    return Drawn(_side_by_side([through_time, by_income]), head, table + more)


def _speech(view: View) -> Drawn:
    told = (
        ("muted", "silent, or say what they do not think", BLUE, SOLID),
        ("spoke_critical", "criticise openly", VERMILLION, DASHED),
    )
    lines = [
        _line(view, world, measure, label, colour, dash)
        for world in view.worlds
        for measure, label, colour, dash in told
    ]
    return _drawn_lines(view, lines, height=280)


def _promises(view: View) -> Drawn:
    told = (("late", "pay an instalment late"), ("offence", "break the law"), ("good_deed", "do a good deed"))
    panels, lines = [], []
    for measure, label in told:
        here = [_line(view, world, measure, label, BLUE, SOLID) for world in view.worlds]
        lines += here
        panels.append(_time([line._replace(label="") for line in here], label, width=160, height=200))
    return Drawn(_side_by_side(panels), *_table_of_lines(lines))


CHARTS: tuple[Chart, ...] = (
    Chart(
        "score",
        "The score",
        "How are the scores spread, and do they move?",
        "points, of those enrolled",
        "Half of those enrolled score less than the solid line, 5 in 100 less than the lowest; under "
        "ordinary law there is none.",
        _score,
    ),
    Chart(
        "income",
        "Sanctions by income",
        "Who is put on a list, and who is refused, by income?",
        ADULTS,
        "A row is a tenth of the adults by income. Left: on a list in a month. Right: refused a seat, a loan, a "
        "job or a school at some time in the run. A missing dot stands for fewer than 20 cases.",
        _income,
    ),
    Chart(
        "approval",
        "Said and thought",
        "Do people say what they think of it?",
        ADULTS,
        "The distance from the solid to the dashed line is approval that is said and not meant.",
        _said,
    ),
    Chart(
        "travel",
        "Travel",
        "Who may not travel by plane or fast train?",
        ADULTS,
        "Barred: refused a plane or fast-train seat in the month, or on a list that bars from one. Right: adults in "
        "tenths by income; a missing dot stands for fewer than 20 cases.",
        _travel,
    ),
    Chart(
        "speech",
        "Speech",
        "Who falls silent, and who still criticises?",
        ADULTS,
        "Most months most people have nothing to say in public; the lines count those who had, and what they did.",
        _speech,
    ),
    Chart(
        "promises",
        "What was promised",
        "Are debts paid, is the law kept, is good done?",
        ADULTS,
        "Each panel has its own scale; all of them begin at 0.",
        _promises,
    ),
)
"""Every chart, in the order of the page."""
