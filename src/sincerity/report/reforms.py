"""The study of reforms, in the terminal and on the page: right by right who saves most, and what it costs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt

from sincerity.report import charts, words
from sincerity.report.charts import BLUE, INK, SOFT, VERMILLION, Chart, Drawn, Picture, View
from sincerity.study.entries import MONTH
from sincerity.study.reforms import NO_GRADE, Change, Line, Reforms, Standing

if TYPE_CHECKING:
    from sincerity.study.study import Study

WIDEST = 100
GAP = "  "
OPEN = "~"
LEVEL = "="
SHORT = {
    "debts": "paid\nlate", "taxes": "evaded\ntax", "courts": "lost a\nsuit", "wages": "wages\nlate",
    "safer products": "product\nfaults", "fewer offences": "broke\nthe law", "good deeds": "did\ngood",
    "government payments": "state\npays late", "relief where needed": "no relief\nin need",
    "inclusion": "got a\nloan", "trust": "say they\napprove",
}  # fmt: skip
"""The leading entries of the promises as heads of columns; the entry's words are their definition."""
MOST_SHOWN = 3
SAVES = f"{LEVEL}: the seeds cannot tell it from the one that saves most. {OPEN}: in some seeds more, in others fewer."


class Row(NamedTuple):
    """A right in the first table. best, next: (reform, what it saves, spread), best first; [] where none clearly does.

    note: why nothing is ranked, or ''.
    """

    heading: str
    words: str
    ordinary: str
    regime: str
    best: list[tuple[str, str, str]]
    note: str


def rows(study: Study, found: Reforms) -> list[Row]:
    """Right by right, by its leading entry: which reforms save most."""
    told = []
    for line in found.leading("right"):
        best = [
            (_named(study, change), words.number(change.better), words.spread(change.low, change.high))
            for change in line.ranked[:MOST_SHOWN]
        ]
        note = "fewer than 20 cases" if line.few else "" if best else "none clearly saves anything"
        before = "" if line.ordinary is None else words.number(line.ordinary)
        told.append(Row(line.heading, line.words, before, words.number(line.regime), best, note))
    return told


def _named(study: Study, change: Change) -> str:
    mark = f"{LEVEL} " if change.level and change.rank > 1 else ""
    return mark + study.scenario.world(change.reform).short


def aligned(given: list[Row], digit: str = " ", point: str = " ") -> list[Row]:
    """The same rows, figures below one another; `digit` and `point` fill what is missing."""

    def column(texts: list[str]) -> list[str]:
        return words.aligned(texts, digit, point)

    ordinary, regime = (column([getattr(row, name) for row in given]) for name in ("ordinary", "regime"))
    best = [cells for row in given for cells in row.best]
    ends = [column([spread.split(" to ")[k] for _, _, spread in best]) for k in (0, 1)]
    told = iter(zip(column([saved for _, saved, _ in best]), *ends, strict=True))
    found = []
    for row, before, under in zip(given, ordinary, regime, strict=True):
        cells = [
            (name, saved, f"{low} to {high}") for (name, _, _), (saved, low, high) in zip(row.best, told, strict=False)
        ]
        found.append(row._replace(ordinary=before, regime=under, best=cells))
    return found


def cost(change: Change, line: Line) -> str:
    """What a reform changes in a promise: its figure less the regime's own; `~` where the seeds leave the sign open."""
    if line.few:
        return "·"
    text = words.number(change.figure - line.regime, sign=True)
    return text + (OPEN if not change.clear and text.strip("0.") else "")


def answer(study: Study, found: Reforms) -> list[str]:
    """Which single reform saves most, and what it costs the promises, in sentences."""
    standings = found.standings
    rights = found.leading("right")
    most = len(standings[0].alone)
    if not most:
        return [f"No reform saves most by itself in any of the {len(rights)} rights.", NO_GRADE]
    first = [s for s in standings if len(s.alone) == most]
    after = [s for s in standings if s.alone and s not in first] if len(first) == 1 else []
    told = []
    for k, standing in enumerate([*first, *(s for s in after if len(s.alone) == len(after[0].alone))]):
        name = words.first_upper(study.scenario.world(standing.reform).short)
        verb = "saves most" if standing in first else "comes next,"
        level = f", and is level with another in {words.some(len(standing.level))} more" if standing.level else ""
        of = f" of the {len(rights)} rights" if not k else ""
        told.append(f"{name} {verb} in {words.some(len(standing.alone))}{of} ({words.listed(standing.alone)}){level}.")
        told.append(_price(found, standing))
    return [*told, NO_GRADE]


def _price(found: Reforms, standing: Standing) -> str:
    """What a reform changes in the promises, those worse kept first, in one or two sentences."""
    lines = {line.heading: line for line in found.leading("promise")}

    def moved(headings: Sequence[str]) -> str:
        pairs = [(lines[each].change(standing.reform).figure - lines[each].regime, lines[each]) for each in headings]
        shown = [(words.number(abs(by)), "more" if by > 0 else "fewer", line.words) for by, line in pairs]
        return "; ".join(" ".join(each) for each in shown if each[0].strip("0."))

    worse, better = moved(standing.costs), moved(standing.gains)
    said = f"Promises worse kept, of every 1,000 adults a month against the regime itself: {worse or 'none'}."
    return f"{said} Better kept: {better}." if better else said


# ---- in the terminal ----------------------------------------------------------------------------------------------


def lines(study: Study, found: Reforms, width: int = WIDEST, answered: bool = True) -> list[str]:
    """The study as text, no line wider than `width` (80 to 100); `answered`: with the answer in sentences."""
    width = max(80, min(width, WIDEST))
    told = textwrap.wrap(f"Reforms of {found.titles[found.regime]}: what each saves, and what it costs", width)
    told += [*textwrap.wrap(words.setting(study.scenario), width), ""]
    if answered:
        told += [*textwrap.wrap(" ".join(answer(study, found)), width), ""]
    told += ["Which saves most, right by right", ""]
    told += _rights(study, found, width)
    told += ["", "In how many rights each saves most", ""]
    told += _standings(study, found, width)
    told += ["", "What it changes in the promises, against the regime itself", ""]
    told += _promises(study, found, width)
    told.append("")
    for part in small(study, found):
        told += textwrap.wrap(part, width)
    return told


def _rights(study: Study, found: Reforms, width: int) -> list[str]:
    """A right: its leading entry with figures, then up to three reforms, a line each."""
    all_rows = aligned(rows(study, found))
    best = [cells for row in all_rows for cells in row.best]
    heads = ("ordinary", "regime", "saves most", "saves", "spread over seeds")
    figures_of = ([row.ordinary for row in all_rows], [row.regime for row in all_rows])
    columns = (*figures_of, *([cells[k] for cells in best] for k in range(3)))
    widths = [max(map(len, (head, *column))) for head, column in zip(heads, columns, strict=True)]
    first = width - sum(widths) - len(widths) * len(GAP)

    def joined(cells: tuple[str, ...]) -> str:
        label, *others = cells
        parts = (c.ljust(w) if k in (2, 4) else c.rjust(w) for k, (c, w) in enumerate(zip(others, widths, strict=True)))
        return GAP.join([label.ljust(first), *parts]).rstrip()

    told = [
        joined(("", "ordinary", "under", "", "", "")),
        joined(("right: what is counted", "law", "regime", "saves most", "saves", "spread over seeds")),
        "─" * width,
    ]
    for row in all_rows:
        label = textwrap.wrap(f"{row.heading}: {row.words}", first, subsequent_indent="  ", break_long_words=False)
        cells = row.best or [(row.note, "", "")]
        for k in range(max(len(label), len(cells))):
            figures = (row.ordinary, row.regime) if k == 0 else ("", "")
            name, saved, spread = cells[k] if k < len(cells) else ("", "", "")
            told.append(joined((label[k] if k < len(label) else "", *figures, name, saved, spread)))
    return [*told, "─" * width]


def _standings(study: Study, found: Reforms, width: int) -> list[str]:
    """A reform a line: in how many rights it saves most, alone and level with others, and in how many it is worse."""
    names = {s.reform: study.scenario.world(s.reform).short for s in found.standings}
    wide = max(map(len, names.values()))
    told = [f"{''.ljust(wide)}  alone  level  worse  saves most in"]
    for s in found.standings:
        head = f"{names[s.reform].ljust(wide)}  {len(s.alone):>5}  {len(s.level):>5}  {len(s.worse):>5}  "
        listed = ", ".join(s.alone) or "–"
        told += textwrap.wrap(head + listed, width, subsequent_indent=" " * len(head), drop_whitespace=True)
    return told


def _promises(study: Study, found: Reforms, width: int) -> list[str]:
    """A reform a line, a promise a column: what the reform changes against the regime."""
    promises = _promised(found)
    own = _own(study, found)
    shorts = [name for name, _ in own] + [study.scenario.world(name).short for name in found.names]
    changes = [[cost(line.change(name), line) for name in found.names] for line in promises]
    columns = [
        words.aligned([*(cells[k] for _, cells in own), *(text.rstrip(OPEN) for text in changed)])
        for k, changed in enumerate(changes)
    ]
    marks = [["" for _ in own] + [OPEN if text.endswith(OPEN) else "" for text in changed] for changed in changes]
    heads = [SHORT.get(line.heading, line.heading.replace(" ", "\n", 1)).split("\n") for line in promises]
    wide = max(map(len, shorts))
    widths = [max(*map(len, head), *map(len, cells)) for head, cells in zip(heads, columns, strict=True)]

    room, blocks = width - wide - 1, [[0]]
    for k in range(1, len(promises)):  # as many promises side by side as fit
        if sum(widths[j] + 2 for j in (*blocks[-1], k)) > room:
            blocks.append([])
        blocks[-1].append(k)
    told: list[str] = []
    for block in blocks:

        def joined(label: str, row: list[tuple[str, str]], block: list[int] = block) -> str:
            padded = (f" {row[k][0].rjust(widths[k])}{row[k][1] or ' '}" for k in block)
            return f"{label.ljust(wide)} {''.join(padded)}".rstrip()

        top = [joined("", [(head[k] if k < len(head) else "", "") for head in heads]) for k in (0, 1)]
        told += ["", *top] if told else top
        for n, short in enumerate(shorts):
            if n == len(own):
                told.append("─" * min(width, max(map(len, top))))
            told.append(joined(short, [(c[n], m[n]) for c, m in zip(columns, marks, strict=True)]))
    return told


def _promised(found: Reforms) -> list[Line]:
    """The leading entries of the promises that have 20 cases and more."""
    return [line for line in found.leading("promise") if not line.few]


def _own(study: Study, found: Reforms) -> list[tuple[str, list[str]]]:
    """The figures of the promises under ordinary law, where it is a world of the study, and under the regime."""
    promises = _promised(found)
    told = [(study.scenario.world(found.regime).short, [words.number(line.regime) for line in promises])]
    if found.ordinary is not None:
        before = [words.number(line.ordinary or 0.0) for line in promises]
        told.insert(0, (study.scenario.world(found.ordinary).short, before))
    return told


def small(study: Study, found: Reforms) -> list[str]:
    """What the columns are, and how they are to be read."""
    told = _promised(found)
    usual = f"{MONTH}: {'; '.join(line.words for line in told if line.unit == MONTH)}"
    defined = "; ".join([usual, *(f"{line.unit}: {line.words}" for line in told if line.unit != MONTH)])
    luck = (
        "One seed: an anecdote." if found.seeds == 1 else f"Spread: {found.spread}; chance only, not the assumptions."
    )
    return [
        f"Saves: the regime's figure less the reform's (the other way round where more is better). {luck} {SAVES}",
        f"Promises, {defined}. Above the line as they are, below it what a reform changes.",
        f"{words.assumed(study.scenario)} {words.INVENTED}",
    ]


# ---- on the page --------------------------------------------------------------------------------------------------

STEP = 30
LARGEST = 22
"""Pixels: between rows, and across the largest dot."""


class Section(NamedTuple):
    """The section of the report. answer: in sentences. rows: right by right. standings: name, alone, level, worse, the
    rights by name.

    promises: heads, then (name, cells): `own` rows of figures as they are, then a reform each, what it changes.
    """

    title: str
    rows: list[Row]
    standings: list[tuple[str, int, int, int, str]]
    heads: list[str]
    promises: list[tuple[str, list[str]]]
    own: int
    answer: list[str]
    small: list[str]
    picture: Picture


def section(study: Study) -> Section | None:
    """The section on a study's reforms; None where it holds fewer than two of one regime."""
    found = study.reforms()
    if found is None or len(found.names) < 2:
        return None
    short = {name: study.scenario.world(name).short for name in study.worlds}
    promises = _promised(found)
    told = _own(study, found)
    own = len(told)
    told += [(short[name], [cost(line.change(name), line) for line in promises]) for name in found.names]
    return Section(
        title=found.titles[found.regime],
        rows=aligned(rows(study, found), words.FIGURE_SPACE, words.POINT_SPACE),
        standings=[
            (short[s.reform], len(s.alone), len(s.level), len(s.worse), ", ".join(s.alone) or "–")
            for s in found.standings
        ],
        heads=[line.words if line.unit == MONTH else f"{line.words} ({line.unit})" for line in promises],
        promises=told,
        own=own,
        answer=answer(study, found),
        small=small(study, found),
        picture=picture(study, found),
    )


def picture(study: Study, found: Reforms) -> Picture:
    """The one chart: rights down, reforms across."""
    view = View(study, found.regime, found.ordinary)
    chart = Chart(
        "reforms",
        "What each reform saves",
        "Which reform saves most, in which right?",
        "share of what the regime itself takes",
        "A row is a right, by its leading entry; a column a reform. The larger a dot, the larger the share that the "
        "reform saves of what the regime takes beyond ordinary law; a ring in its place: the right is worse off. "
        "Faint: the seeds leave it open. Rows are not to be summed: rights have no common unit.",
        lambda view: _draw(view, found),
    )
    return charts.picture(chart, _draw(view, found), view)


def share(line: Line, change: Change) -> float:
    """Of what the regime takes beyond the study's first world, the part that a reform saves; -1 to 1, 0 for nothing."""
    taken = abs(line.regime - (line.ordinary or 0.0))
    return max(-1.0, min(1.0, change.better / taken)) if taken > words.NOTHING else 0.0


def _draw(view: View, found: Reforms) -> Drawn:
    rights = [line for line in found.leading("right") if not line.few]
    shorts = [view.short(name) for name in found.names]
    values: list[dict[str, Any]] = [
        {
            "right": line.heading,
            "reform": short,
            "size": max(6.0, (LARGEST * abs(part) ** 0.5) ** 2 * 0.785),
            "kind": "worse" if part < 0 else "saves",
            "faint": 1.0 if change.clear else 0.3,
        }
        for line in rights
        for change, short in zip(line.changes, shorts, strict=True)
        if (part := share(line, change))
    ]
    x = alt.X(
        "reform:N",
        sort=shorts,
        title=None,
        scale=alt.Scale(domain=shorts),
        axis=alt.Axis(orient="top", labelAngle=-35, labelColor=INK, grid=True),
    )
    names = [line.heading for line in rights]
    y = alt.Y(
        "right:N", sort=names, title=None, scale=alt.Scale(domain=names), axis=alt.Axis(grid=True, labelColor=SOFT)
    )
    base = alt.Chart(charts.data(values), width=charts.WIDTH - 190, height=STEP * max(1, len(rights)))
    size, opacity = alt.Size("size:Q", scale=None, legend=None), alt.Opacity("faint:Q", scale=None, legend=None)
    saves = base.transform_filter("datum.kind == 'saves'").mark_circle(color=BLUE)
    worse = base.transform_filter("datum.kind == 'worse'").mark_point(
        shape="circle", filled=False, stroke=VERMILLION, strokeWidth=2
    )
    chart = saves.encode(x=x, y=y, size=size, opacity=opacity) + worse.encode(x=x, y=y, size=size, opacity=opacity)
    told = [
        (f"{line.heading}: {line.words} ({line.unit})", words.number(line.regime), *(_cell(c) for c in line.changes))
        for line in rights
    ]
    key = f"Dot: saves, of what {view.short(found.regime)} takes · ring: worse · faint: open"
    return Drawn(chart, ("right", view.short(found.regime), *shorts), told, key=key)


def _cell(change: Change) -> str:
    mark = "" if change.clear or not words.number(change.better).strip("0.") else OPEN
    return f"{words.number(change.better, sign=True)}{mark} ({words.spread(change.low, change.high, sign=True)})"
