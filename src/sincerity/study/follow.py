"""Followed: one seed of a run lived again, with what only the lives themselves can tell.

Twice the worlds run again, and must come out as they were. The first time everybody is counted: how long each rule held
them, and who is worst hit, most changed, wrongly listed, and gained most. The second time these few and a sample drawn
at random are traced rule by rule: what first parted each life from its twin, and what a recorded act cost the person,
in welfare lost by being refused, beside the harm that the act did.
"""

from __future__ import annotations

import statistics
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from sincerity.census.lives import Event, Life, Step
from sincerity.census.members import Members
from sincerity.census.rows import COLUMNS
from sincerity.census.spells import Spell, Spells
from sincerity.census.waterfall import bits
from sincerity.census.wording import DONE, act
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.vocabulary import GATES
from sincerity.month.standing import BY_ACTS, BY_FIRM, BY_JUDGMENT, BY_LIST
from sincerity.people.columns import MISTAKEN
from sincerity.study import person, store
from sincerity.study.accounts import PROVIDER, SUPPRESSED
from sincerity.study.ledger import FEW_CASES
from sincerity.study.person import CHOSEN, TALLIED, Parting
from sincerity.study.twins import read_part

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.declare.society import Society
    from sincerity.engine.watch import Watch
    from sincerity.study.study import Study

FOLLOWED = "followed.json"
MOST = 2_000
NOT_ACTS = ("friends and household", "means, age, schooling", "a false record", "a presumption", "not being scored",
            "a private scorer", "the firm's list", "several causes together")  # fmt: skip
"""Causes of a refusal that are no act of the person's."""
TIES, MEANS, FALSE, PRESUMED, UNSCORED, PRIVATE, FIRM, SEVERAL = NOT_ACTS


class Told(NamedTuple):
    """One life. chosen: a key of `CHOSEN`. lines: in few words. events: world -> its events."""

    chosen: str
    person: int
    lines: list[str]
    events: dict[str, list[Event]]


class Act(NamedTuple):
    """What one recorded act did, and what it cost. records: times that it reached the regime's record. harm: to others,
    of all these; lost: by refusals because of them; both in months of essential spending, in the sample.
    """

    cause: str
    records: int
    harm: float
    lost: float

    @property
    def ratio(self) -> float | None:
        """Welfare lost over harm; None where no harm is declared, or fewer than 20 records stand behind it."""
        return self.lost / self.harm if self.harm > 0 and self.records >= FEW_CASES else None


class Followed(NamedTuple):
    """What following one seed told of one regime.

    sample: people drawn at random and traced. parted: who and how, one a sampled person; None where the lives never
    part. acts: by what it was because of, the costliest first. spells: rule -> how long it held everybody.
    members: by private scorer, (group, measure, count, of, against) as in the census, of the last year.
    """

    seed: int
    world: str
    ordinary: str
    people: int
    start: str
    months: int
    sample: int
    lives: tuple[Told, ...]
    parted: tuple[Parting | None, ...]
    acts: tuple[Act, ...]
    spells: dict[str, Spell]
    members: tuple[tuple[str, str, int, int, int], ...]

    @property
    def drawn(self) -> str:
        """How the sample was drawn, in words."""
        return f"{self.sample:,} of {self.people:,} people, drawn at random and traced, seed {self.seed}"

    def by_provider(self) -> pa.Table:
        """The counts by private scorer, in the census's columns (by='provider'); no rows where there is none."""
        last = str(Month.parse(self.start) + (self.months - 1))
        head = {"world": self.world, "seed": self.seed, "month": last, "by": PROVIDER}
        names = ("group", "measure", "count", "of", "against")
        rows = [head | dict(zip(names, each, strict=True)) for each in self.members]
        types = [pa.int64() if name in ("seed", *names[2:]) else pa.string() for name in COLUMNS]
        return pa.Table.from_pylist(rows, schema=pa.schema(list(zip(COLUMNS, types, strict=True))))

    def by_rule(self) -> list[tuple[str, int, Parting]]:
        """(rule, how many lives first part by it, the first of these partings), the most frequent rule first."""
        found = [parting for parting in self.parted if parting is not None]
        first: dict[str, Parting] = {}
        for parting in sorted(found, key=lambda p: p.month):
            first.setdefault(parting.rule, parting)
        return [(rule, many, first[rule]) for rule, many in Counter(p.rule for p in found).most_common()]

    def parting_lines(self) -> list[str]:
        """By which rule lives first part from their twins', as text."""
        rows = self.by_rule()
        never = sum(parting is None for parting in self.parted)
        lines = [f"By which rule do lives first part? {self.drawn}; {self.world} against {self.ordinary}", ""]
        wide = max([len(rule) for rule, _, _ in rows], default=0)
        for rule, many, first in rows:
            month = statistics.median_low(sorted(p.month for p in self.parted if p is not None and p.rule == rule))
            side = "" if first.world else ", without the regime only"
            lines.append(
                f"  {rule.ljust(wide)}  {many:>5}  half by {month}; the first: {first.month}, {first.what}{side}"
            )
        return [*lines, f"  {'never'.ljust(wide)}  {never:>5}", "", *textwrap.wrap(PARTS, 100)]

    def act_lines(self) -> list[str]:
        """What recorded acts cost, beside the harm that they did, as text."""
        rows = [each for each in self.acts if each.lost > 0 or each.harm > 0]
        head = ("because of", "records", "harm done", "welfare lost", "lost / harm")
        cells = [
            (DONE.get(e.cause, e.cause), f"{e.records:,}", f"{e.harm:.1f}", f"{e.lost:.1f}", _ratio(e)) for e in rows
        ]
        widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
        body = [
            "  ".join(c.ljust(w) if k == 0 else c.rjust(w) for k, (c, w) in enumerate(zip(line, widths, strict=True)))
            for line in (head, *cells)
        ]
        lines = [f"Welfare lost beside the harm of the act: {self.drawn}; {self.world}", "", *body, ""]
        cured = self.spells.get("cured_listed")
        if cured is not None and cured.ended:
            lines.append(
                f"Still on a list after the debt was met: {cured.months:.1f} months, the mean of {cured.ended:,} "
                f"times that ended ({cured.spells:,} in all), of everybody."
            )
        return [*lines, *textwrap.wrap(ACTS_SMALL, 100)]


PARTS = (
    "The first event that only one of the two lives has, in the order of the months and rules; being enrolled, a "
    "score, a record or knowing of it parts no lives. Counts are of the sample; few of them are an anecdote."
)
ACTS_SMALL = (
    "In months of essential spending, of the sample over the whole run. Harm: to others, of all records of the act, "
    "where the society declares any. Lost: by refusals that the regime made because of it, by list or by what took the "
    f"points from the score. {SUPPRESSED}: no harm is declared, or fewer than {FEW_CASES} records. Both rest on "
    "assumed values."
)


def _ratio(each: Act) -> str:
    return SUPPRESSED if each.ratio is None else f"{each.ratio:.2f}"


def read_followed(study: Study) -> Followed | None:
    """What the run folder keeps of following; None where nobody was followed, or by another version."""
    kept = read_part(study, FOLLOWED)
    if kept is None or not kept.keys() >= set(Followed._fields):  # another version's
        return None
    lives = tuple(
        Told(told["chosen"], told["person"], told["lines"], {w: _events(e) for w, e in told["events"].items()})
        for told in kept["lives"]
    )
    whole: dict[str, Any] = {name: kept[name] for name in Followed._fields} | {
        "lives": lives,
        "parted": tuple(None if each is None else Parting(*each) for each in kept["parted"]),
        "acts": tuple(Act(*each) for each in kept["acts"]),
        "spells": {name: Spell(*each) for name, each in kept["spells"].items()},
        "members": tuple(tuple(each) for each in kept["members"]),
    }
    return Followed(**whole)


def _events(kept: list[list[Any]]) -> list[Event]:
    return [Event(*each)._replace(paths=tuple(each[5])) for each in kept]


def follow(
    study: Study,
    sample: int = 100,
    world: str | None = None,
    seed: int | None = None,
    threads: int | None = None,
    watch: Watch | None = None,
) -> Followed:
    """Follow one seed of a finished run; what it told is kept in the run folder.

    sample: people drawn at random, 1 to 2,000 and no more than live there; a hundred take about a minute for eight
    years. world: the regime, by default the last. seed: by default the first. Raises BadInput for what the run does not
    have, for the study's first world, and where the run does not come out again as it was.
    """
    from sincerity.engine.trace import Tally, Trace

    asked = person.asked_about(study, world, seed, "pay_late", 1)
    scenario = asked.scenario
    most = min(MOST, scenario.people)
    if not 1 <= sample <= most:
        raise BadInput([Problem("--sample", 0, 0, f"{sample} people", f"1 to {most:,}")])
    if len(scenario.regimes) < 2:
        name = scenario.regimes[0].name
        raise BadInput([Problem(name, 0, 0, "the first world of a study has no twins", "a world set against it")])
    tally = Tally(scenario.society, 2, scenario.people)
    spells = Spells(scenario.people, scenario.months)
    members = Members(tuple(scenario.regimes[1].providers), scenario.months)
    everybody = Trace({}, lambda step: None, tally, spells, members)
    person.live_again(study, asked, everybody, threads, watch)
    totals = person.totals(everybody)
    few = {who: found for who in TALLIED if (found := person.most(totals, who)) is not None}
    many = drawn(asked.seed, scenario.people, sample)
    traced = _Traced(scenario, asked.seed, few, many)
    person.live_again(study, asked, traced.trace, threads, watch)
    followed = Followed(
        asked.seed, scenario.regimes[1].name, scenario.regimes[0].name,
        scenario.people, str(scenario.start), scenario.months, sample,
        traced.lives(), traced.parted(), traced.acts(), spells.found(scenario.regimes[1]),
        tuple(members.rows()),
    )  # fmt: skip
    head = {"schema": "sincerity/followed", "key": study.manifest["key"]}
    store.write_json(study.folder / FOLLOWED, head | _plain(followed))
    return followed


def _plain(found: Followed) -> dict[str, Any]:
    return found._asdict() | {"lives": [told._asdict() for told in found.lives]}


def drawn(seed: int, people: int, sample: int) -> list[int]:
    """The people of the sample of a seed, in order: nobody twice."""
    return sorted(np.random.default_rng([seed, people, sample]).choice(people, sample, replace=False).tolist())


class _Traced:
    """The second time: few people by how they were found, and the sample."""

    def __init__(self, scenario: Scenario, seed: int, few: dict[str, int], many: list[int]) -> None:
        from sincerity.engine.trace import Trace

        self.few, self.many = few, many
        self.trace = Trace(dict.fromkeys([*many, *few.values()], 0), self._take)
        words = {number: CHOSEN[who] for who, number in few.items()}
        self.retold = {
            number: person.Retelling(scenario, seed, number, words.get(number, ""), self.trace)
            for number in self.trace.people
        }
        society = scenario.society
        self.costs = {number: _Costs(society, self.retold[number].lives[-1]) for number in many}

    def _take(self, step: Step) -> None:
        self.retold[step.person].lives[step.world].take(step)
        if step.world == 1 and step.rule == "standing" and step.person in self.costs:
            self.costs[step.person].take(step)

    def lives(self) -> tuple[Told, ...]:
        told = []
        for who, number in self.few.items():
            story = self.retold[number].story()
            story.chosen = CHOSEN[who]
            events = {name: life.events for name, life in zip(story.names, story.lives, strict=True)}
            told.append(Told(who, number, person.six_lines(story), events))
        return tuple(told)

    def parted(self) -> tuple[Parting | None, ...]:
        lives = (self.retold[number].lives for number in self.many)
        return tuple(person.first_parting(base.events, mine.events) for base, mine in lives)

    def acts(self) -> tuple[Act, ...]:
        records: Counter[str] = Counter()
        lost: Counter[str] = Counter()
        for costs in self.costs.values():
            records.update(costs.records)
            for cause, months in costs.lost.items():
                lost[cause] += months  # type: ignore[assignment]  # Counter of floats
        harms = next(iter(self.costs.values())).harms
        rows = [
            Act(cause, records[cause], records[cause] * max(0.0, harms.get(cause, 0.0)), float(lost[cause]))
            for cause in {**records, **lost}
        ]
        return tuple(sorted(rows, key=lambda row: (-row.lost, -row.harm, row.cause)))


class _Costs:
    """What one person's records cost: a refusal is laid to what took the points, or led onto the list, behind it.

    A list closes a gate before a score does, as in the census's causes. What a refusal costs the society declares.
    """

    def __init__(self, society: Society, life: Life) -> None:
        self.life = life
        self.worth = {name: float(figure) for name, figure in society.worth.items()}
        self.harms = {name: float(made.harm) for name, made in society.acts.items()}
        self.records: Counter[str] = Counter()
        self.lost: dict[str, float] = {}
        self.led: dict[int, dict[str, float]] = {}

    def take(self, step: Step) -> None:
        """What the month's lists and gates did; the score of the month has been taken apart already."""
        for number in bits(step.before["seen"]):
            self.records[act(number)] += 1
        for number in bits(step.after["entered"]):
            self.led[number] = self._led(step, number)
        for gate in bits(step.after["refused_regime"]):
            worth = self.worth.get(GATES[gate], 0.0)
            for cause, part in self._because(step, gate).items():
                self.lost[cause] = self.lost.get(cause, 0.0) + worth * part

    def _led(self, step: Step, number: int) -> dict[str, float]:
        """Cause -> its part in an entry onto a list."""
        kind = step.tables.list_kind[number]
        if kind == BY_JUDGMENT:
            return {FALSE if step.turned(MISTAKEN) > 0 else "judgment": 1.0}
        if kind == BY_ACTS:
            seen = [act(a) for a in bits(step.before["seen"] & int(step.tables.list_acts[number]))]
            return dict.fromkeys(seen, 1 / len(seen)) if seen else {SEVERAL: 1.0}
        if kind == BY_FIRM:
            return {FIRM: 1.0}
        if kind == BY_LIST:
            from_ = [n for n in bits(step.after["lists"] & int(step.tables.list_of[number])) if n in self.led]
            return self.led[from_[0]] if from_ else {SEVERAL: 1.0}
        return self._score()

    def _because(self, step: Step, gate: int) -> dict[str, float]:
        """Cause -> its part in a refusal at a gate."""
        closing = list(bits(step.after["lists"] & int(step.tables.gate_lists[gate])))
        if closing:
            return self.led.get(closing[0], {SEVERAL: 1.0})
        if step.before.get("closed_by_providers", 0) >> gate & 1:
            return {PRIVATE: 1.0}
        if step.tables.gate_household[gate] and step.before["household_listed"]:
            return {TIES: 1.0}
        if not step.after["score"]:
            return {UNSCORED: 1.0}
        return self._score()

    def _score(self) -> dict[str, float]:
        """Cause -> its part in what takes points from the score now."""
        taken: dict[str, float] = {}
        for share in self.life.waterfall():
            if share.points < 0 and share.paths:
                cause = _cause(share.label, share.paths[0])
                taken[cause] = taken.get(cause, 0.0) - share.points
        total = sum(taken.values())
        return {cause: points / total for cause, points in taken.items()} if total else {MEANS: 1.0}


def _cause(label: str, path: str) -> str:
    """An act, or one of `NOT_ACTS`, of a part of the score."""
    if "false record" in label:
        return FALSE
    if path.startswith("regime.points."):
        return path.removeprefix("regime.points.")
    heads = {"regime.ties": TIES, "regime.peers": TIES, "regime.inference": PRESUMED, "regime.score.factors": MEANS}
    return next((cause for head, cause in heads.items() if path.startswith(head)), SEVERAL)
