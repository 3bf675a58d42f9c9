"""A person of a run: found, lived again with a trace, and told.

A finished run folder suffices. The worlds run again from the start, and their census must be the run's own, row for
row: the life that is told is the life that was lived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from sincerity.census.lives import EVENT, TURN, Event, Life, Row, Step
from sincerity.census.waterfall import Pull, Share
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.declare.vocabulary import ACTS
from sincerity.study import ahead, places, store

if TYPE_CHECKING:
    import pyarrow as pa

    from sincerity.declare.scenario import Scenario
    from sincerity.engine.trace import Trace
    from sincerity.engine.watch import Watch
    from sincerity.study.study import Study

CHOSEN = {
    "random": "drawn at random",
    "worst-hit": "who lost most by refusals under the regime",
    "most-changed": "whose months differ most from the twin's",
    "wrongly-listed": "who stood longest on a list by mistaken identity",
    "gained": "who by the end had saved most more than the twin",
}
TALLIED = {
    "worst-hit": ("lost", "refused"),
    "most-changed": ("changed",),
    "wrongly-listed": ("wrongly",),
    "gained": ("saved",),
}
MOST_AHEAD = 60
SCHOOL = ("primary school or less", "junior secondary school", "senior secondary school", "college")
TENTHS = ("lowest", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "highest")


class Asked(NamedTuple):
    """What is asked about a person. months: how far *what if* looks ahead."""

    scenario: Scenario
    seed: int
    act: str
    months: int


@dataclass
class Story:
    """One person's life in the worlds of a run, the first of them the one measured against.

    chosen: how the person was found. traits: columns of traits. where: path of a declared figure -> 'file:line';
    sources: -> its source, 'assumed' or 'calibrated' where it has none. drags: what the person's score adds to that of
    each living tie, in points, in the last world and month.
    """

    seed: int
    people: int
    person: int
    chosen: str
    start: Month
    months: int
    names: tuple[str, ...]
    titles: tuple[str, ...]
    lives: tuple[Life, ...]
    traits: Row = field(default_factory=dict)
    region: str = ""
    where: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    drags: list[Pull] = field(default_factory=list)
    future: ahead.Future | None = None

    @property
    def regime(self) -> Life:
        """The life in the last world."""
        return self.lives[-1]

    @property
    def description(self) -> str:
        """Who it is, from traits alone: 'a woman of 34 with a child, in a town in Gansu; …'."""
        return described(self.traits, self.region)

    def waterfall(self) -> list[Share]:
        """The last score under the regime, from where everyone starts."""
        return self.regime.waterfall()

    def parted(self) -> str:
        """The first month in which the census counted the twins otherwise; '' where it never did."""
        pairs = zip(self.lives[0].months, self.regime.months, strict=True)
        masks = ("measured", "measured_more")
        return next((mine["month"] for base, mine in pairs if any(base[m] != mine[m] for m in masks)), "")

    def parting(self) -> Parting | None:
        """The first event that only one of the two lives has; None where they have the same."""
        return first_parting(self.lives[0].events, self.regime.events) if len(self.lives) > 1 else None


def described(traits: Row, region: str) -> str:
    """Who somebody is, from traits: no name, and nothing that is not in the columns."""
    who = "man" if traits["sex"] else "woman"
    child = " with a child" if traits["parent"] else ""
    place = "town" if traits["urban"] else "village"
    more = [SCHOOL[traits["education"]], f"{TENTHS[traits['decile']]} income tenth"]
    said = (("owner", "self-employed"), ("minority", "of a minority"), ("official", "of an official's household"))
    more += [words for name, words in said if traits[name]]
    return f"a {who} of {traits['age']}{child}, in a {place} in {region}; {', '.join(more)}"


# ---- lived again --------------------------------------------------------------------------------------------------


class Retelling:
    """A story as it is lived: `trace` goes into `simulate`, `story()` is what came of it.

    Living ties are watched in the last month, for what the person's score does to theirs; not where `trace` is that of
    many people: then who made it hands the steps on.
    """

    def __init__(self, scenario: Scenario, seed: int, person: int, chosen: str, trace: Trace | None = None) -> None:
        from sincerity.engine.trace import Trace

        self.scenario, self.seed, self.person, self.chosen = scenario, seed, person, chosen
        self.last = scenario.months - 1
        self.lives = tuple(self._life(w, person) for w in range(len(scenario.regimes)))
        self.near: dict[int, Life] = {}
        self.trace: Trace = trace or Trace({person: 0}, self._take)

    def _life(self, world: int, person: int) -> Life:
        return Life(self.scenario.society, self.scenario.regimes[world], person, until=self.last)

    def _take(self, step: Step) -> None:
        if step.person == self.person:
            self.lives[step.world].take(step)
            if step.rule == "meeting" and not self.near:
                others = set(step.before["contacts"]) - {self.person}
                self.near = {other: self._life(-1, other) for other in others}
                self.trace.also(dict.fromkeys(others, self.last))
        elif step.world == len(self.lives) - 1 and step.rule in ("meeting", "score"):
            self.near[step.person].take(step)

    def story(self) -> Story:
        """The story, once the run is over."""
        scenario, traits = self.scenario, self.lives[-1].last
        drags = [
            pull._replace(person=other)
            for other, life in self.near.items()
            for pull in life.pulls
            if pull.person == self.person
        ]
        return Story(
            seed=self.seed,
            people=scenario.people,
            person=self.person,
            chosen=self.chosen,
            start=scenario.start,
            months=scenario.months,
            names=tuple(regime.name for regime in scenario.regimes),
            titles=tuple(regime.title for regime in scenario.regimes),
            lives=self.lives,
            traits=traits,
            region=self.trace.worlds[0].land.traits.region_names[traits["region"]],
            drags=sorted(drags, key=lambda pull: pull.adds),
        )


def tell(
    study: Study,
    who: str | int = "random",
    *,
    world: str | None = None,
    seed: int | None = None,
    what_if: str = "pay_late",
    months: int = 12,
    threads: int | None = None,
    watch: Watch | None = None,
) -> Story:
    """Tell the life of one person of a finished run.

    who: a person's number, from 0 on, or a key of `CHOSEN`. world: the regime, by default the last. seed: one of the
    run's, by default the first. what_if: an act, recorded in each of `months` (1 to 60) coming months. Raises BadInput
    for what the run does not have, and where the run does not come out again as it was.
    """
    asked = asked_about(study, world, seed, what_if, months)
    person, chosen = find(study, asked, who, threads, watch)
    retold = Retelling(asked.scenario, asked.seed, person, chosen)
    live_again(study, asked, retold.trace, threads, watch)
    story = retold.story()
    story.where = places.places(study.folder, asked.scenario)
    story.sources = places.sources(asked.scenario)
    last = asked.scenario.start + retold.last
    story.future = ahead.future(retold.trace.worlds[-1], story.regime, last, asked.seed, asked.act, asked.months)
    return story


def asked_about(study: Study, world: str | None, seed: int | None, what_if: str, months: int) -> Asked:
    """What is asked, with the scenario of the two worlds. BadInput with all that the run does not have."""
    problems: list[Problem] = []
    names, seeds = study.worlds, study.scenario.seeds
    chosen = names[-1] if world is None else world
    if chosen not in names:
        near = closest(chosen, names)
        problems.append(Problem("--world", 0, 0, f"the run has no world `{chosen[:80]}`", ", ".join(names), near))
    number = seeds[0] if seed is None else seed
    if number not in seeds:
        problems.append(Problem("--seed", 0, 0, f"the run has no seed {number}", ", ".join(map(str, seeds))))
    if what_if not in ACTS:
        near = closest(what_if, ACTS)
        problems.append(
            Problem("--what-if", 0, 0, f"no act is called `{what_if[:80]}`", "" if near else "an act", near)
        )
    if not 1 <= months <= MOST_AHEAD:
        problems.append(Problem("--months", 0, 0, f"{months} months", f"1 to {MOST_AHEAD}"))
    if problems:
        raise BadInput(problems)
    scenario = study.declared()
    regimes = tuple(r for k, r in enumerate(scenario.regimes) if k == 0 or r.name == chosen)
    return Asked(replace(scenario, regimes=regimes[:1] if chosen == names[0] else regimes), number, what_if, months)


def draw(seed: int, people: int) -> int:
    """The person drawn at random in a run of a seed; known before the run."""
    from sincerity.engine.trace import drawn

    return drawn(seed, people)


def find(study: Study, asked: Asked, who: str | int, threads: int | None, watch: Watch | None) -> tuple[int, str]:
    """Return a person's number, and how it was found: for all but numbers and `random`, the worlds run once more."""
    from sincerity.engine.trace import Tally, Trace

    people, text = asked.scenario.people, str(who)
    if text == "random":
        return draw(asked.seed, people), CHOSEN["random"]
    if text.replace(",", "").isdecimal():
        number = int(text.replace(",", ""))
        if number >= people:
            raise BadInput([Problem(text[:40], 0, 0, f"the run has {people:,} people", f"0 to {people - 1:,}")])
        return number, "asked for by number"
    if text not in CHOSEN:
        near = closest(text, CHOSEN)
        raise BadInput([Problem(text[:80], 0, 0, "no such person", f"a number, or {', '.join(CHOSEN)}", near)])
    tally = Tally(asked.scenario.society, len(asked.scenario.regimes), people)
    trace = Trace({}, lambda step: None, tally)
    live_again(study, asked, trace, threads, watch)
    person = most(totals(trace), text)
    if person is None:
        raise BadInput([Problem(text, 0, 0, "nobody in this run is", "a number, or random")])
    return person, CHOSEN[text]


def totals(trace: Trace) -> dict[str, Any]:
    """What people are found by once a tallied run is over: the tally, and what they have saved more than the twin."""
    assert trace.tally is not None
    saved = np.stack([world.columns["buffer"].astype(np.int64) for world in trace.worlds])
    return trace.tally.totals | {"saved": saved - saved[0]}


def most(totals: dict[str, Any], who: str) -> int | None:
    """The person with most of what `who` asks for, in the last world; of several the lowest number. None: nobody."""
    keys = [totals[name][-1].astype(np.int64) for name in TALLIED[who]]
    best = int(np.lexsort(tuple(-key for key in reversed(keys)))[0])
    return best if keys[0][best] > 0 else None


def live_again(study: Study, asked: Asked, trace: Trace, threads: int | None, watch: Watch | None) -> None:
    """Run the worlds of one seed again. BadInput where their census is not the run's."""
    from sincerity.engine.cpu import simulate
    from sincerity.engine.watch import nobody

    store.of_usual_rules(study.manifest, "person")
    outcome = simulate(asked.scenario, asked.seed, threads=threads, watch=watch or nobody, trace=trace)
    if store.content_hash(outcome.rows.table()) != store.content_hash(_lived(study.census, asked)):
        message = "the run does not come out again as it was: it was made by another version of this program"
        raise store.StoreError(study.folder, message, f"{study.command} --again")


def _lived(census: pa.Table, asked: Asked) -> pa.Table:
    """The census rows of the worlds and the seed asked about."""
    names = pc.is_in(census["world"], pc.cast([r.name for r in asked.scenario.regimes], "string"))
    return census.filter(pc.and_(names, pc.equal(census["seed"], asked.seed)))


# ---- in few words, and kept ---------------------------------------------------------------------------------------


def six_lines(story: Story, program: str = "sincerity") -> list[str]:
    """One life in six lines: who and how chosen, each world, when they parted, the turn that weighs most, what next.

    Five where the run has one world.
    """
    drawn = f"One of {story.people:,} people, {story.chosen} (person {story.person:,}, seed {story.seed}): "
    lines = [drawn + f"{story.description}."]
    alone, parted = len(story.lives) == 1, story.parted()
    lines += [f"Under {story.titles[k]}: {_summary(story.lives[k])}." for k in ((0,) if alone else (0, -1))]
    twins = f"The two lives first differ in {parted}." if parted else "The two lives never differ in anything counted."
    if alone:
        twins = "One life only: this run has no world beside it to compare with."
    turn = next((e for e in story.regime.events if e.weight == TURN and e.paths and e.kind != "enrolled"), None)
    heaviest = min((e for e in story.regime.events if e.kind == "record"), key=lambda e: e.points, default=turn)
    told = _told(heaviest) if heaviest else "No record counted against them."
    return [*lines, twins, told, f"The whole life: {program} person {story.person}"]


def _told(event: Event) -> str:
    """One event in a sentence; that a record was seen goes without saying."""
    return f"{event.month}: {event.what}" + ("." if event.kind == "record" else f" — {event.cause}.")


def often(many: int) -> str:
    """'once', 'twice', '3 times'."""
    return {1: "once", 2: "twice"}.get(many, f"{many} times")


def _summary(life: Life) -> str:
    """What one world brought, counted."""
    counted = {"work lost": "lost work", "late": "paid late", "refused": "was refused", "listed": "was put on a list"}
    counted |= {"tie dropped": "broke off with somebody", "punished": "was punished for a post"}
    times = {words: sum(e.kind == kind for e in life.events) for kind, words in counted.items()}
    told = [f"{words} {often(many)}" for words, many in times.items() if many]
    score = life.months[-1]["score"]
    return "; ".join([*(told or ["nothing of note"]), *([f"score {score:.0f} at the end"] if score else [])])


def by_month(events: Iterable[Event]) -> dict[str, list[str]]:
    """Texts by month; what repeats itself within a year stands once, at its first month."""
    told: dict[str, list[str]] = {}
    wanted = [event for event in events if event.weight >= EVENT and event.kind != "record"]
    keyed = sorted(wanted, key=lambda e: (e.month[:4], e.kind, e.what, e.cause, e.month))
    for (_, _, what, cause), alike in groupby(keyed, key=lambda e: (e.month[:4], e.kind, e.what, e.cause)):
        group = list(alike)
        again = f" (×{len(group)}, to {group[-1].month})" if len(group) > 1 else ""
        mark = "■ " if group[0].weight >= TURN else "· "
        told.setdefault(group[0].month, []).append(f"{mark}{what}{again} — {cause}")
    return told


class Parting(NamedTuple):
    """What first happened in one of two lives and not in the other. world: in which, by its number."""

    month: str
    rule: str
    kind: str
    what: str
    cause: str
    world: int


BOOKS = ("enrolled", "aware", "score", "crossed", "record")
"""Kinds of events that are the scheme's own books, not anything that was done or happened to a person."""


def first_parting(base: Iterable[Event], mine: Iterable[Event]) -> Parting | None:
    """Where two lives first part: the first event, in the order of the months and rules, that only one of them has.

    What stands in the scheme's own books alone (`BOOKS`) parts no lives. None where they never part.
    """
    from sincerity.month.schedule import Schedule

    order = {rule.name: k for k, rule in enumerate(Schedule())}
    both: list[dict[tuple[str, int, str, str, str], Event]] = [
        {(e.month, order.get(e.rule, -1), e.rule, e.kind, e.what): e for e in events if e.kind not in BOOKS}
        for events in (base, mine)
    ]
    only = sorted(both[0].keys() ^ both[1].keys())
    if not only:
        return None
    world = int(only[0] in both[1])
    event = both[world][only[0]]
    return Parting(event.month, event.rule, event.kind, event.what, event.cause, world)


def table(story: Story) -> pa.Table:
    """Every event of a story: seed, person, chosen, who and world, and the parts of `Event`, paths in one text."""
    import pyarrow

    head = {"seed": story.seed, "person": story.person, "chosen": story.chosen, "who": story.description}
    rows = [
        head | {"world": name} | event._asdict() | {"paths": " ".join(event.paths)}
        for name, life in zip(story.names, story.lives, strict=True)
        for event in life.events
    ]
    kinds = {"seed": "int64", "person": "int64", "weight": "int64", "points": "float64"}
    names = ("seed", "person", "chosen", "who", "world", *Event._fields)
    columns = [(name, pyarrow.type_for_alias(kinds.get(name, "string"))) for name in names]
    return pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(columns))


def events(lives: pa.Table, world: str) -> list[Event]:
    """The events of one world in a table made by `table`, in order."""
    rows = lives.filter(pc.equal(lives["world"], world)).to_pylist()
    return [
        Event(**{name: row[name] for name in Event._fields} | {"paths": tuple(row["paths"].split())}) for row in rows
    ]
