"""Checking a regime: worked cases lived through by the month's own rules.

One person, month by month, through the rules `providers`, `score` and `standing` of the schedule: every act is
recorded (by providers only where the person uses a channel of theirs), every record that can lead onto a list does,
and ordinary law stands in nobody's way: what is seen is the regime's doing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sincerity.declare import catalogue
from sincerity.declare.cases import Case, Given, Step, case_files, read_case
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.regime import Regime
from sincerity.declare.vocabulary import CHANNELS
from sincerity.engine.frames import frame, read_only
from sincerity.engine.world import Land, World, build, settle
from sincerity.month.gates import ACT, GATE
from sincerity.month.livelihood import FIRM_LISTED, LEADS
from sincerity.month.provider_tables import STEPS, private_byte, private_points
from sincerity.month.schedule import Rule, Schedule, names_used
from sincerity.people import traits
from sincerity.people.columns import AWARE, ENROLLED, LOAN_PAID, NO_LOAN, ONE_LATE, registry
from sincerity.people.ties import dense

SOCIETY, PEOPLE = "china-2020", 1_000
NEVER = np.uint32(2**32 - 1)  # luck by which nothing happens and nothing is rounded up
ENTERS = 0  # the word of `standing` that decides on entry by a judgment
ALWAYS = np.uint64(2**32)
SAVINGS = 255  # 1/16 month of essentials: whoever owes could pay
NO_LAW = ("bank_refuses", "papers_missing", "school_papers", "stigma", "mistaken")
RULES = ("providers", "score", "standing")


class Result(NamedTuple):
    """How one case ended. `wrong`: what was expected and what came, in words; empty if all is as expected."""

    file: str
    title: str
    source: str
    wrong: tuple[str, ...]


class Standing(NamedTuple):
    """How a person stands: score (points; None without one), band, lists, and the gates that the regime closes.

    members: the score (points) of each provider that scores the person; watchers: organisations that can see him or
    her beside the state; published: the mean place of the scores on their scales, 0 to 1 (None: nobody's member).
    """

    score: float | None
    band: str
    lists: tuple[str, ...]
    closed: tuple[str, ...]
    members: dict[str, float]
    watchers: int
    published: float | None


def check(name_or_path: str) -> tuple[Regime, list[Result]]:
    """Return a regime and how each worked case beside its file ends. BadInput if regime or cases cannot be read."""
    regime = catalogue.regime(name_or_path)
    folder = catalogue.folder_of("regime", name_or_path)
    problems: list[Problem] = []
    results: list[Result] = []
    for path in case_files(folder):
        name = catalogue.shown(path)
        try:
            case = read_case(path, name, regime)
            reformed = catalogue.regime(name_or_path, tuple(case.settings.items())) if case.settings else regime
        except BadInput as error:
            problems.extend(error.problems)
            continue
        results.append(Result(name, case.title, case.source, tuple(differences(case, live(case, reformed)))))
    if problems:
        raise BadInput(problems)
    return regime, results


def differences(case: Case, came: Standing) -> list[str]:
    """Return what came otherwise than expected, a sentence each."""
    expect, wrong = case.expect, []
    if expect.score is not None and came.score is not None:
        low, high = (float(end) for end in expect.score)
        if not low - 0.05 <= came.score <= high + 0.05:
            wanted = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            wrong.append(f"score: expected {wanted}, came {came.score:g}")
    if expect.band is not None and came.band != expect.band:
        wrong.append(f"band: expected {expect.band}, came {came.band or 'none'}")
    if expect.lists is not None and set(came.lists) != set(expect.lists):
        wrong.append(f"lists: expected {_names(expect.lists)}, came {_names(came.lists)}")
    if expect.members is not None:
        wrong += _other_members(expect.members, came.members)
    if expect.watchers is not None and came.watchers != expect.watchers:
        wrong.append(f"watchers: expected {expect.watchers}, came {came.watchers}")
    if expect.published is not None:
        low, high = (float(end) for end in expect.published)
        if came.published is None or not low - 0.002 <= came.published <= high + 0.002:
            shown = "none" if came.published is None else f"{came.published:.3f}"
            wrong.append(f"published: expected {low:g} to {high:g}, came {shown}")
    wrong += [f"gate {gate}: expected closed, came open" for gate in expect.closed if gate not in came.closed]
    wrong += [f"gate {gate}: expected open, came closed" for gate in expect.open if gate in came.closed]
    return wrong


def _other_members(expected: Mapping[str, tuple[Decimal, Decimal]], came: Mapping[str, float]) -> Iterator[str]:
    """Yield in which private scores a person stands otherwise than expected."""
    if set(expected) != set(came):
        yield f"members: expected {_names(tuple(expected))}, came {_names(tuple(came))}"
    for name, (low, high) in expected.items():
        if name in came and not float(low) - 0.05 <= came[name] <= float(high) + 0.05:
            yield f"{name}: expected {low:g} to {high:g}, came {came[name]:.1f}"


def _names(words: tuple[str, ...]) -> str:
    return ", ".join(words) or "none"


def live(case: Case, regime: Regime) -> Standing:
    """Live through a case and return how the person stands after its last month."""
    world = build(_land(), regime, Schedule())
    given = case.given
    person = Person(world, frozenset(given.members) if given.members is not None else None)
    person.enter(given, regime)
    start = given.score
    ledger = regime.score is not None and regime.score.form == "ledger"
    if regime.score is not None and ledger and start is not None:
        person.put("conduct", round(16 * float(start - regime.score.usual.value)))
    else:
        person.put("credit", round(16 * float(given.credit)))
        person.put("conduct", round(16 * float(given.conduct)))
    fixed = None if ledger or start is None else round(32 * float(start))
    date = given.date
    steps = [step for step in given.months or (Step(),) for _ in range(step.times)]
    for step in steps:
        person.month(step, date, fixed)
        date = date + 1
    return person.standing(regime)


class Person:
    """One person's columns, and the rules run over them."""

    def __init__(self, world: World, providers: frozenset[str] | None = None) -> None:
        """providers: whose customer the person is; None: of all whose channels he or she uses."""
        self._world = world
        self._customer = np.array(
            [ALWAYS if providers is None or name in providers else 0 for name in world.regime.providers], np.uint64
        )
        self._columns = registry(traits.columns())
        self._arrays: dict[str, Any] = {}
        self._rules = {row.name: row for row in Schedule() if row.name in RULES}
        for name, value in (("age", 40), ("education", 2), ("decile", 5), ("urban", 1), ("buffer", SAVINGS)):
            self.put(name, value)
        self.put("flags", ENROLLED | AWARE)

    def array(self, name: str) -> Any:
        """Return a column; zeros until something is put there, and ties to nobody."""
        if name not in self._arrays:
            made = self._columns[name]
            nothing = np.zeros((made.rows, 1) if made.rows > 1 else 1, made.dtype)
            self._arrays[name] = dense(nothing) if name == "ties" else nothing
        return self._arrays[name]

    def put(self, name: str, value: int) -> None:
        """Put a number into a column."""
        self.array(name)[:] = value

    def enter(self, given: Given, regime: Regime) -> None:
        """Put in the channels used and the private scores to begin with."""
        used = CHANNELS if given.uses is None else given.uses
        self.put("channels", sum(1 << CHANNELS.index(channel) for channel in set(used)))
        for row, (name, provider) in enumerate(regime.providers.items()):
            if provider.score is not None and given.members is not None and name in given.members:
                self.array("private_scores")[row] = private_byte(provider.score, float(given.members[name]))

    def month(self, step: Step, date: Month, score: int | None) -> None:
        """Live one month; `score` (1/32 point) stands in for the rule where it is given."""
        done = sum(1 << ACT[act] for act in step.acts if act in ACT)
        late, paid = "pay_late" in step.acts, "pay_on_time" in step.acts
        self.put("loan", ONE_LATE if late else LOAN_PAID if paid else NO_LOAN)
        self.put("acts", done)
        self.put("seen", done)
        self.put("exit", 0)
        if step.owes is not None:
            self.put("exit", int(bool(self.array("owed")[0]) and not step.owes))
            self.put("owed", round(8 * float(step.owes)))
        self.put("household_listed", int(step.household_listed))
        self.put("firm", LEADS | FIRM_LISTED if step.firm_listed else 0)
        self.put("tried", sum(1 << bit for bit in GATE.values()))
        self._run(self._rules["providers"], date)
        if score is None:
            self._run(self._rules["score"], date)
        else:
            for name in ("score", "score_own", "score_true", "score_alone"):
                self.put(name, score)
        self._run(self._rules["standing"], date)

    def _run(self, row: Rule, date: Month) -> None:
        found = _without_law(self._world.tables(date)) | {"provider_share": self._customer}
        fields = sorted(names_used(row.function) & set(found))
        tables = frame("Tables", fields)(*(found[name] for name in fields))
        handed = [self.array(c) if c in row.writes else read_only(self.array(c)) for c in row.columns]
        luck = np.full((max(4, -(-row.words // 4) * 4), 1), NEVER, np.uint32)
        if row.name == "standing":
            luck[ENTERS] = 0
        row.function(0, 1, frame("People", row.columns)(*handed), tables, read_only(luck))

    def standing(self, regime: Regime) -> Standing:
        """Return how the person stands after the last month."""
        points = float(self.array("score")[0]) / 32 if regime.score is not None else None
        held = [int(byte) for byte in self.array("private_scores")[: len(regime.providers), 0]]
        scored = [byte for byte in held if byte > 0]
        on, shut = int(self.array("lists")[0]), int(self.array("refused_regime")[0])
        return Standing(
            points,
            regime.band_of(points) if points is not None else "",
            tuple(name for number, name in enumerate(regime.lists) if on >> number & 1),
            tuple(name for name, bit in GATE.items() if shut >> bit & 1),
            {
                name: private_points(provider.score, byte)
                for byte, (name, provider) in zip(held, regime.providers.items(), strict=True)
                if byte > 0 and provider.score is not None
            },
            int(self.array("watchers")[0]),
            sum(byte - 1 for byte in scored) / len(scored) / STEPS if scored else None,
        )


def _without_law(tables: dict[str, Any]) -> dict[str, Any]:
    """Return the tables with ordinary law out of the way, and every list that an act can lead onto certain."""
    found = dict(tables)
    for name in NO_LAW:
        found[name] = np.zeros_like(found[name]) if isinstance(found[name], np.ndarray) else type(found[name])(0)
    found["provider_sight"] = np.where(found["provider_sight"] > 0, 1.0, 0.0)
    found["formal_jobs"] = np.full_like(found["formal_jobs"], ALWAYS)
    found["list_chance"] = np.where(found["list_chance"] > 0, ALWAYS, 0).astype(np.uint64)
    return found


@cache
def _land() -> Land:
    """Return a small land: the person is made by hand, but tables are a society's."""
    return settle(catalogue.society(SOCIETY), PEOPLE, 1)
