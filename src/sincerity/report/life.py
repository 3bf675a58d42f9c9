"""The life of the person drawn at random, in pictures: what happened under each of two worlds, on one time axis."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt

from sincerity.census.lives import EVENT, TURN, Event
from sincerity.declare.dates import Month
from sincerity.report import charts, words
from sincerity.report.charts import BLUE, GREY, SOFT, WIDTH, Chart, Drawn, Picture, View
from sincerity.study.person import CHOSEN, by_month, events

if TYPE_CHECKING:
    from sincerity.study.study import Study

LANES: dict[str, tuple[str, ...]] = {
    "refused": ("refused",),
    "lists and records": ("listed", "unlisted", "false record", "appeal", "appeal lost", "corrected"),
    "the score": ("enrolled", "score", "crossed", "aware"),
    "money and work": (
        *("work lost", "work found", "shock", "bill unpaid", "late", "held", "unwilling"),
        *("default", "judgment", "debt met", "written off", "loan"),
    ),
    "the law": ("caught",),
    "changed for points": ("for points", "gave up"),
    "speech": ("muted", "punished", "fear", "view"),
    "people close": ("tie lost", "tie dropped", "partner", "parted"),
}
"""Rows of the picture: kinds of events, from those that a regime adds to those that any life has."""
ELSE = "else"
STEP, GAP, LEFT = 9, 14, 150
"""Pixels: between dots of one month, between rows, and of the labels."""


class Told(NamedTuple):
    """One life in the report. how: how the person was found. lines: the life in few words. picture: on one time axis.

    heads: the worlds shown. rows: month, then what happened in each world that month, a list of texts.
    """

    how: str
    lines: list[str]
    picture: Picture
    heads: list[str]
    rows: list[tuple[str, list[list[str]]]]


def told(study: Study) -> list[Told]:
    """The lives that the run folder keeps: first the person drawn at random, then those found by following the run.

    Each under the first world and one regime. Nothing where the run kept none.
    """
    found = []
    lives, drawn = study.lives, study.manifest.get("drawn")
    if lives is not None and drawn:
        names = list(dict.fromkeys((study.worlds[0], study.worlds[-1])))
        happened = [events(lives, name) for name in names]
        found.append(_told(study, CHOSEN["random"], drawn["person"], drawn["seed"], drawn["lines"], names, happened))
    followed = study.followed
    if followed is not None:
        for life in followed.lives:
            names, happened = list(life.events), list(life.events.values())
            found.append(_told(study, CHOSEN[life.chosen], life.person, followed.seed, life.lines, names, happened))
    return found


def _told(
    study: Study, how: str, person: int, seed: int, lines: list[str], names: list[str], happened: list[list[Event]]
) -> Told:
    view = View(study, names[-1], names[0] if len(names) > 1 else None)
    happened = [[e for e in each if e.weight >= EVENT and e.kind != "record"] for each in happened]
    who = f"person {person:,}, seed {seed}"

    def draw(view: View) -> Drawn:
        return _draw(view, names, happened, who)

    chart = Chart(
        f"life-{person}",
        "Both worlds on one time axis",
        f"What happened to one person {how}?" if how == CHOSEN["random"] else f"What happened to the one {how}?",
        "events, by month",
        "A mark is an event, a large one a turn of the life; marks of one month stand over one another. Nobody is "
        "typical: one life is an example, not evidence.",
        draw,
    )
    cells = [by_month(each) for each in happened]
    months = sorted(set().union(*cells))
    return Told(
        how=how,
        lines=lines,
        picture=charts.picture(chart, draw(view), view),
        heads=[words.first_upper(study.scenario.world(name).title) for name in names],
        rows=[(month, [cell.get(month, []) for cell in cells]) for month in months],
    )


def _lane(event: Event) -> str:
    return next((lane for lane, kinds in LANES.items() if event.kind in kinds), ELSE)


def _draw(view: View, names: list[str], happened: list[list[Event]], who: str) -> Drawn:
    """Dots by month, a row a kind; in each row the first world above, the regime below."""
    counts = [Counter((_lane(e), e.month) for e in each) for each in happened]
    lanes = [lane for lane in (*LANES, ELSE) if any(lane == found for each in counts for found, _ in each)]
    marks: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    rules: list[dict[str, Any]] = []
    y = 0.0
    for lane in lanes:
        top = y
        for k, each in enumerate(happened):
            here = [e for e in each if _lane(e) == lane]
            height = STEP * max(1, *Counter(e.month for e in here).values(), 1)
            marks += _marks(here, names[k], y + height)
            y += height + STEP / 2
        labels.append({"lane": lane, "y": (top + y - STEP / 2) / 2 + STEP / 4})
        y += GAP
        rules.append({"y": y - GAP / 2})
    start = Month.parse(view.study.scenario.start)
    last = start + view.study.scenario.months
    span = [charts.milliseconds(str(start)), charts.milliseconds(str(last))]
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc", domain=span, nice=False),
        axis=alt.Axis(format="%Y", tickCount="year", grid=True),
    )
    scale = alt.Scale(domain=[y, 0], nice=False)
    height_at = alt.Y("y:Q", scale=scale, axis=None)
    colour = alt.Color("world:N", legend=None, scale=alt.Scale(domain=names, range=[GREY, BLUE][-len(names) :]))
    shape = alt.Shape("world:N", legend=None, scale=alt.Scale(domain=names, range=["circle", "square"][-len(names) :]))
    size = alt.Size("size:Q", legend=None, scale=None)

    def base(values: list[dict[str, Any]]) -> Any:
        return alt.Chart(charts.data(values), width=WIDTH - LEFT, height=max(y, 60))

    chart = base(rules).mark_rule(color=charts.GRID).encode(y=height_at)
    chart += (
        base(marks).mark_point(filled=True, opacity=1).encode(x=x, y=height_at, color=colour, shape=shape, size=size)
    )
    chart += base(labels).mark_text(align="right", fontSize=12, color=SOFT, x=-10).encode(y=height_at, text="lane:N")
    first = f"In colour: {view.short(names[-1])}"
    key = first if len(names) == 1 else f"{first} · grey: {view.short(names[0])}"
    return Drawn(chart, (), [], key=f"{key} · {who}")


def _marks(happened: list[Event], world: str, below: float) -> list[dict[str, Any]]:
    """A mark an event, those of one month over one another from `below` up."""
    seen: Counter[str] = Counter()
    found = []
    for event in happened:
        y = below - STEP / 2 - STEP * seen[event.month]
        seen[event.month] += 1
        size = 70 if event.weight >= TURN else 24
        found.append({"world": world, "month": charts.milliseconds(event.month), "y": y, "size": size})
    return found
