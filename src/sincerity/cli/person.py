"""A life in the terminal: who it is, both worlds on one time axis, why this score, what it would take, what if."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from sincerity.census.waterfall import Pull
from sincerity.census.wording import signed
from sincerity.cli.show import document
from sincerity.report.words import first_upper
from sincerity.study.person import by_month

if TYPE_CHECKING:
    from rich.console import Console

    from sincerity.study.ahead import Cliff, Future
    from sincerity.study.person import Parting, Story

NARROWEST, WIDEST, DATE = 80, 132, 9
BAR = 40
MOST_PULLS = 4


def lines(story: Story, width: int = 100) -> list[tuple[str, str]]:
    """The life as lines of text and the style of each ('' for none); none is wider than `width` (80 to 132)."""
    width = max(NARROWEST, min(width, WIDEST))
    found = [(text, "bold") for text in textwrap.wrap(first_upper(story.description) + ".", width)]
    chosen = (
        f"Person {story.person:,} of {story.people:,}, seed {story.seed}, {story.chosen}. Invented; not a forecast."
    )
    found += [(chosen, "dim"), ("", "")]
    found += _time_line(story, width)
    found += [("", ""), *_waterfall(story, width)]
    if story.future is not None:
        found += [("", ""), *_take(story.future, width)]
        if story.future.cliff is not None:
            found += [("", ""), *_what_if(story.future.cliff)]
    return found


def show(story: Story, console: Console) -> None:
    """Print a life: bold headings and dim small print on a terminal, plain text elsewhere."""
    from rich.text import Text

    for text, style in lines(story, console.width):
        console.print(Text(text, style=style), no_wrap=True, crop=False, overflow="ignore", highlight=False)


def _time_line(story: Story, width: int) -> list[tuple[str, str]]:
    """Month by month what happened, ordinary law to the left, the regime to the right; details are left out."""
    many = len(story.lives)
    room = (width - DATE - 2 * (many - 1)) // many
    heads = [textwrap.wrap(f"under {title}", room) for title in story.titles]
    found = [(text, "bold") for text in _beside("", heads, room)]
    found.append(("─" * width, "dim"))
    cells = [by_month(life.events) for life in story.lives]
    for month in sorted(set().union(*cells)):
        columns = [
            [w for text in cell.get(month, []) for w in textwrap.wrap(text, room, subsequent_indent="  ")]
            for cell in cells
        ]
        found += [(text, "") for text in _beside(month, columns, room)]
    parted = story.parted()
    found.append(("─" * width, "dim"))
    if many > 1:
        said = (
            f"The census first counts the two lives apart in {parted}."
            if parted
            else "The census never counts them apart."
        )
        found.append((said, "dim"))
        found += [(text, "") for text in textwrap.wrap(parting(story.parting()), width)]
    return found


def parting(first: Parting | None) -> str:
    """What first parts two lives, in a sentence."""
    if first is None:
        return "Nothing that happens parts the two lives: they differ in the scheme's own books alone."
    where = "under the regime only" if first.world else "without the regime only"
    return f"First they part in {first.month}, by the rule {first.rule}: {first.what} ({first.cause}), {where}."


def _beside(date: str, columns: list[list[str]], room: int) -> list[str]:
    height = max(1, *map(len, columns))
    filled = [column + [""] * (height - len(column)) for column in columns]
    rows = zip(*filled, strict=True)
    return [
        (f"{date if k == 0 else '':<{DATE}}" + "  ".join(cell.ljust(room) for cell in row)).rstrip()
        for k, row in enumerate(rows)
    ]


def _waterfall(story: Story, width: int) -> list[tuple[str, str]]:
    """Every part of the last score, with how often and when last, and where the figure stands."""
    shares = story.waterfall()
    if not shares:
        return [("Why this score: the person has none at the end.", "bold")]
    places = [next((story.where[path] for path in share.paths if path in story.where), "") for share in shares]
    files = Counter(place.rpartition(":")[0] for place in places if place)
    main = files.most_common(1)[0][0] if files else ""
    whole = f"Why this score: {sum(s.points for s in shares):.0f} points"
    found = [(whole + (f" (lines of {main}; source)" if main else ""), "bold")]
    for share, place in zip(shares, places, strict=True):
        times = f" (×{share.times}, last {share.last})" if share.times else ""
        file, _, line = place.rpartition(":")
        where = f"line {line}" if file == main and main else place
        label = textwrap.shorten(share.label, 46 - len(times), placeholder="…") + times
        source = next((story.sources[path] for path in share.paths if path in story.sources), "")
        found.append((f"{signed(share.points, 1):>9}  {label:<46} {where:<9} {source}".rstrip(), ""))
    for head, pulls in (("Whose score pulls it", story.regime.pulls), ("Whose score it pulls", story.drags)):
        found += [(text, "") for text in textwrap.wrap(_ties(head, pulls), width, subsequent_indent="  ")]
    return found


def _ties(head: str, pulls: list[Pull]) -> str:
    strong = sorted((p for p in pulls if abs(p.adds) >= 0.05), key=lambda p: -abs(p.adds))[:MOST_PULLS]
    told = [f"{p.kind} {signed(p.adds, 1)}" for p in strong]
    return f"{head}: {'; '.join(told)} points" if told else ""


def _take(future: Future, width: int) -> list[tuple[str, str]]:
    found = [("What would it take", "bold")]
    for title, out in future.lists:
        told = f"  on the list: {title}; off it by: {out}"
        found += [(text, "") for text in textwrap.wrap(told, width, subsequent_indent="  ")]
    if future.closed:
        found += [
            (text, "")
            for text in textwrap.wrap(
                f"closed: {', '.join(future.closed)}", width, initial_indent="  ", subsequent_indent="  "
            )
        ]
    if future.target is None:
        return [*found, ("  no gate stands above this score" if future.score else "  the person has no score", "")]
    found.append((f"  next: {future.target[0]}, at {future.target[1]:g} points (now {future.score:.0f})", ""))
    for way in future.ways:
        months = (
            f"not within 120 months ({way.score:.0f} points then)"
            if way.months is None
            else f"{way.months} month{'s' if way.months > 1 else ''}"
        )
        found.append((f"    {way.words:<56} {months}", ""))
    return found


def _what_if(cliff: Cliff) -> list[tuple[str, str]]:
    """A bar a month: the score if the act is recorded every month, with the cut-offs that it falls below."""
    low = min(*cliff.scores, *cliff.without, *(cut for _, cut in cliff.cuts)) - 5
    high = max(*cliff.scores, *cliff.without, *(cut for _, cut in cliff.cuts)) + 5

    def at(score: float) -> int:
        return round((score - low) / (high - low) * BAR)

    found = [(f"What if, from now on each month: {cliff.words} (and it is recorded)", "bold")]
    closed = dict[int, list[str]]()
    for month, what in cliff.closes:
        closed.setdefault(month, []).append(what)
    for month, (score, without) in enumerate(zip(cliff.scores, cliff.without, strict=True)):
        bar = list("█" * at(score) + " " * (BAR + 1 - at(score)))
        for _, cut in cliff.cuts:
            bar[at(cut)] = "│"
        shut = f"  closes: {', '.join(closed[month])}" if month in closed else ""
        found.append((f"  {month:>3}  {score:7.1f} (else {without:.1f})  {''.join(bar)}{shut}".rstrip(), ""))
    found += [(f"  │ {cut:g}: {what}", "dim") for what, cut in cliff.cuts]
    found += [
        (f"  each may also lead onto the list: {title} (chance {chance:g})", "dim") for title, chance in cliff.lists
    ]
    return found


def person_document(story: Story) -> str:
    """The whole life as one JSON document: every event, the waterfall, ties, and what lies ahead."""

    def plain(future: Future) -> dict[str, Any]:
        told = future._asdict() | {"ways": [way._asdict() for way in future.ways]}
        return told | {"cliff": future.cliff._asdict() if future.cliff else None}

    return document(
        "person",
        person=story.person,
        people=story.people,
        seed=story.seed,
        chosen=story.chosen,
        description=story.description,
        start=str(story.start),
        months=story.months,
        parted=story.parted(),
        parting=first._asdict() if (first := story.parting()) else None,
        worlds=[
            {"name": name, "title": title, "events": [e._asdict() for e in life.events], "months": life.months}
            for name, title, life in zip(story.names, story.titles, story.lives, strict=True)
        ],
        waterfall=[share._asdict() for share in story.waterfall()],
        pulled_by=[pull._asdict() for pull in story.regime.pulls],
        pulls=[pull._asdict() for pull in story.drags],
        where={path: story.where[path] for path in sorted(_paths(story)) if path in story.where},
        ahead=plain(story.future) if story.future else None,
        note="invented people; not a forecast",
    )


def _paths(story: Story) -> set[str]:
    events = {path for life in story.lives for event in life.events for path in event.paths}
    return events | {path for share in story.waterfall() for path in share.paths}
