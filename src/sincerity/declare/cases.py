"""Worked cases: a person whom a published source, or plain arithmetic, says what happens to. Given … expect …"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sincerity.declare.base import (
    ChannelName,
    CreditedName,
    Description,
    GateName,
    Number,
    Positive,
    When,
    Whole,
    YesNo,
    fault,
    number,
)
from sincerity.declare.check import at, build
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.declare.regime import Regime
from sincerity.declare.tree import Table, read_file

MOST_MONTHS = 600
FIRST = Month(2020, 1)
MOST_OWED = 31  # months of essentials, in a byte of eighths


def _range(value: Any) -> tuple[Decimal, Decimal]:
    ends = list(value) if isinstance(value, list | tuple) else [value, value]
    if len(ends) != 2 or isinstance(value, dict):
        raise fault("this is neither a score nor a range", "a number, or [lowest, highest]")
    low, high = (number(end) for end in ends)
    if low > high:
        raise fault(f"{low} is above {high}", "[lowest, highest]")
    return low, high


ScoreRange = Annotated[tuple[Decimal, Decimal], BeforeValidator(_range)]


class Step(Description):
    """Months alike. acts: what was done and recorded; owes: an unmet judgment, months of essentials, from now on.

    firm_listed: the firm that the person leads stands on the list of firms.
    """

    acts: tuple[CreditedName, ...] = ()
    times: Whole = 1
    owes: Positive | None = None
    household_listed: YesNo = False
    firm_listed: YesNo = False

    @model_validator(mode="after")
    def _bounded(self) -> Step:
        if not 1 <= self.times <= MOST_MONTHS:
            raise fault(f"{self.times} months", f"1 to {MOST_MONTHS}", at="times")
        if self.owes is not None and self.owes > MOST_OWED:
            raise fault(f"{self.owes} months of essentials", f"0 to {MOST_OWED}", at="owes")
        return self


class Given(Description):
    """The person: a score to begin with, or accounts (points), and then months, one after the other from `date`.

    uses: channels that the person uses (all of them if not said). members: the score that each provider gives to begin
    with; customer of these alone (where it is not said, of every provider whose channels the person uses).
    """

    date: When = Field(default=FIRST)
    uses: tuple[ChannelName, ...] | None = None
    members: dict[str, Number] | None = None
    score: Number | None = None
    credit: Number = Decimal(0)
    conduct: Number = Decimal(0)
    months: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _one_start(self) -> Given:
        if self.score is not None and (self.credit or self.conduct):
            raise fault("a score to begin with, or accounts", "one of the two", at="score")
        if sum(step.times for step in self.months) > MOST_MONTHS:
            raise fault("too many months", f"at most {MOST_MONTHS}", at="months")
        return self


class Expect(Description):
    """How the person stands at the end; what is not said is not asked. lists: exactly these.

    members: exactly these providers score the person, and how; watchers: organisations beside the state that can see
    the person; published: the mean of a member's scores as a place on the scales, 0 to 1.
    """

    score: ScoreRange | None = None
    band: str | None = None
    lists: tuple[str, ...] | None = None
    closed: tuple[GateName, ...] = ()
    open: tuple[GateName, ...] = ()
    members: dict[str, ScoreRange] | None = None
    watchers: Whole | None = None
    published: ScoreRange | None = None

    @model_validator(mode="after")
    def _something(self) -> Expect:
        if not self.model_fields_set:
            raise fault("nothing is expected", "a score, a band, lists, gates, or members")
        return self


class Case(Description):
    """A worked case. settings: figures of the regime that this case changes, as with --set."""

    title: str
    source: Literal["published", "arithmetic"]
    note: str | None = None
    settings: dict[str, str] = Field(default_factory=dict)
    given: Given = Field(default_factory=Given)
    expect: Expect


def case_files(folder: Path) -> tuple[Path, ...]:
    """Return the case files in the folder `cases` of a regime's folder, by name."""
    return tuple(sorted((folder / "cases").glob("*.yaml")))


def read_case(path: Path, name: str, regime: Regime) -> Case:
    """Return the case in a file (`name` in messages) about a regime. BadInput with every problem."""
    problems: list[Problem] = []
    tree = read_file(path, name, problems)
    case = build(Case, tree, problems) if tree is not None else None
    if tree is not None and case is not None:
        problems.extend(_unknown(tree, case, regime))
    if case is None or problems:
        raise BadInput(problems)
    return case


def _unknown(tree: Table, case: Case, regime: Regime) -> Iterable[Problem]:
    """Yield what the case says of the regime that the regime does not have."""
    expect, given = case.expect, case.given
    bands = [band.name for band in regime.bands]
    if expect.band is not None and expect.band not in bands:
        yield _no_such(tree, ("expect", "band"), "band", expect.band, bands)
    for where, said in (("given", given.members), ("expect", expect.members)):
        for name, points in (said or {}).items():
            yield from _no_member(tree, (where, "members", name), name, points, regime)
    for index, listed in enumerate(expect.lists or ()):
        if listed not in regime.lists:
            yield _no_such(tree, ("expect", "lists", index), "list", listed, regime.lists)
    scored = given.score is not None or expect.score is not None or given.credit or given.conduct
    if scored and regime.score is None:
        yield at(tree, ("expect",)).problem("this regime gives no score")
    if given.score is not None and regime.score is not None:
        low, high = regime.score.lowest.value, regime.score.highest.value
        if not low <= given.score <= high:
            yield at(tree, ("given", "score")).problem(f"{given.score} is no score here", f"{low} to {high}")
        if regime.score.form == "factors" and any(step.acts for step in given.months):
            message = "a score of factors is given, or it follows from accounts and acts"
            yield at(tree, ("given", "score")).problem(message, "`credit` and `conduct` instead of `score`")


def _no_member(
    tree: Table, loc: tuple[str, ...], name: str, points: Decimal | tuple[Decimal, Decimal], regime: Regime
) -> Iterable[Problem]:
    """Yield what is wrong with a member's score."""
    provider = regime.providers.get(name)
    if provider is None:
        yield _no_such(tree, loc, "provider", name, regime.providers)
    elif provider.score is None:
        yield at(tree, loc).problem(f"{name} gives no score")
    else:
        low, high = provider.score.lowest.value, provider.score.highest.value
        for end in points if isinstance(points, tuple) else (points,):
            if not low <= end <= high:
                yield at(tree, loc).problem(f"{end} is no score of {name}", f"{low} to {high}")


def _no_such(tree: Table, loc: tuple[str | int, ...], what: str, given: str, known: Iterable[str]) -> Problem:
    near = closest(given, list(known))
    return at(tree, loc).problem(f"the regime has no {what} `{given}`", did_you_mean=f"`{near}`" if near else "")
