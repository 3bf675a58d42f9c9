"""A regime: who is rated, by what rules, and what follows. Attribute paths are the YAML paths (`from` is `from_`)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from sincerity.declare.base import (
    AccountName,
    ActName,
    ChannelName,
    CreditedName,
    Date,
    Declared,
    Description,
    DomainName,
    GateName,
    KeptName,
    ListName,
    Names,
    Number,
    Share,
    SourceName,
    When,
    YesNo,
    fault,
)
from sincerity.declare.figures import CompactRow, Figure, check_factors, check_origin
from sincerity.declare.vocabulary import FACTORS

MOST_POINTS = Decimal(2_000)  # scores and points are kept in sixteen bits, with fractions
MOST_LISTS = 8  # a person's lists are the bits of a byte
LONGEST_TERM = 255  # months, in a byte


def _on_scale(figure: Figure, info: ValidationInfo) -> Figure:
    """Raise a fault if a score that a rule speaks of is none that the regime gives."""
    names = info.context
    if not isinstance(names, Names):
        return figure
    if not names.scored:
        raise fault("this regime gives no score", "a `score` section; or no threshold")
    if names.lowest is None or names.highest is None:
        return figure  # the scale itself is a problem, and said so
    for key, score in (("value", figure.value), ("low", figure.low), ("high", figure.high)):
        if score is not None and not names.lowest <= score <= names.highest:
            raise fault(f"{score} is no score here", f"{names.lowest} to {names.highest}", at=key)
    return figure


Cut = Annotated[Figure, AfterValidator(_on_scale)]  # a score that divides


class Rated(Description):
    """Who is rated."""

    persons: YesNo
    firms: YesNo
    governments: YesNo = False

    @model_validator(mode="after")
    def _modelled(self) -> Rated:
        if not self.persons:
            raise fault("a regime that rates no persons: declared, not modelled yet", "persons: yes", at="persons")
        if self.governments:
            raise fault("rating governments: declared, not modelled yet", "governments: no", at="governments")
        return self


class Factors(Description):
    """The weights of the five factors of a score; together 1."""

    credit_history: Figure
    capacity: Figure
    identity: Figure
    behaviour: Figure
    ties: Figure

    @model_validator(mode="after")
    def _sum(self) -> Factors:
        weights: list[Decimal] = [getattr(self, name).value for name in FACTORS]
        if sum(weights) != 1:
            raise fault(f"the weights sum to {sum(weights)}", "weights that sum to 1")
        return self


class Makeup(Description):
    """How the factors, 0 to 100 each, are made of accounts, savings and traits."""

    credit: Figure
    conduct: Figure
    savings: Figure
    savings_full: Figure
    income: Figure
    age: Figure
    education: Figure
    urban: Figure
    partner: Figure

    @model_validator(mode="after")
    def _full(self) -> Makeup:
        if self.savings_full.value <= 0:
            raise fault("full savings must be above 0", "months of essentials, such as 6", at="savings_full.value")
        return self


class Score(Description):
    """The scale, how the factors become a point on it, and who may see it."""

    form: Literal["factors"]
    lowest: Figure
    highest: Figure
    centre: Figure
    spread: Figure
    rules: Literal["known", "secret"]
    shown_to: tuple[Literal["self", "ties", "officials", "shops"], ...]
    factors: Factors
    makeup: Makeup

    @model_validator(mode="after")
    def _range(self) -> Score:
        low, high = self.lowest.value, self.highest.value
        if not low < high:
            raise fault(f"the lowest score ({low}) is not below the highest ({high})", "lowest < highest", at="lowest")
        if not 0 <= low < high <= MOST_POINTS:
            raise fault(f"scores from {low} to {high}", f"a range within 0 to {MOST_POINTS}", at="lowest")
        if not low <= self.centre.value <= high:
            raise fault(f"the centre is outside {low} to {high}", "lowest ≤ centre ≤ highest", at="centre")
        return self


class Account(Description):
    """Where points of one kind are kept, and how fast they fade."""

    domain: DomainName
    half_life: Figure

    @model_validator(mode="after")
    def _fades(self) -> Account:
        if self.half_life.value <= 0:
            raise fault("a half-life must be above 0", "months, such as 24", at="half_life")
        return self


class Points(Figure):
    """What an act adds to an account, in points of the score."""

    account: AccountName

    @model_validator(mode="after")
    def _bounded(self) -> Points:
        if abs(self.value) > MOST_POINTS:
            raise fault(f"{self.value} points", f"at most {MOST_POINTS} either way", at="value")
        return self


class Ties(Description):
    """How friends weigh: points per point of their mean score (below 1), and points lost to their posts."""

    friends: Figure
    posts: Figure

    @model_validator(mode="after")
    def _damped(self) -> Ties:
        weights = (self.friends.value, self.friends.low, self.friends.high)
        if any(weight is not None and abs(weight) >= 1 for weight in weights):
            raise fault("with a weight of 1 or more, scores would run away", "a weight between -1 and 1", at="friends")
        return self


class RegimeSpeech(Description):
    """What the regime adds to the risk of speaking openly."""

    punished: Figure


class Channel(CompactRow):
    """A channel that the scorer taps. sensitivity: chance that a record of an act arrives; false_match: 1/month."""

    units: ClassVar[dict[str, str]] = {"sensitivity": "chance a record arrives", "false_match": "1/month"}
    sensitivity: Share
    false_match: Share


LISTS_SAY: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    # enters -> (what else it says, how one leaves, what it may say besides)
    "judgment unmet": (("able", "unable"), "judgment met", ("ramp",)),
    "acts": (("acts", "date", "source", "term"), "term over", ("low", "high", "note", "to", "by_hand")),
    "score below": (("below", "again"), "score again above", ()),
}
LISTS_SHARE = ("title", "domain", "enters", "leaves", "from_")


class Register(Description):
    """A list, by one of three ways in: a judgment unmet, acts, or a score below a threshold; each with its way out.

    judgment unmet: `able`, `unable` (1/month), `ramp` (months until the courts list at full rate); out: judgment met.
    acts: `acts` (chance of being listed for one; low and high are factors), `term` (months); out: term over.
    score below: `below`, `again` (points); out: score again above `again`.
    """

    title: str
    domain: DomainName
    enters: Literal["judgment unmet", "acts", "score below"]
    leaves: Literal["judgment met", "term over", "score again above"]
    from_: When | None = Field(default=None, alias="from")
    able: Figure | None = None
    unable: Figure | None = None
    ramp: Figure | None = None
    acts: dict[ActName, Share] = Field(default_factory=dict)
    date: Date | None = None
    source: SourceName | None = None
    low: Number | None = None
    high: Number | None = None
    to: str | None = None
    note: str | None = None
    by_hand: tuple[str, ...] = ()
    term: Figure | None = None
    below: Cut | None = None
    again: Cut | None = None

    @model_validator(mode="after")
    def _says_all(self) -> Register:
        needs, out, may = LISTS_SAY[self.enters]
        for key in needs:
            if not getattr(self, key):
                raise fault(f"a list entered by `{self.enters}` needs `{key}`")
        for key in self.model_fields_set - {*needs, *may, *LISTS_SHARE}:
            raise fault(f"a list entered by `{self.enters}` has no `{key}`", at=key)
        if self.leaves != out:
            raise fault(
                f"a list entered by `{self.enters}` is not left by `{self.leaves}`", f"leaves: {out}", at="leaves"
            )
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Register:
        if self.source is not None:
            check_origin(self.source, self.low, self.high, self.to)
            check_factors(self.low, self.high)
        if self.term is not None and not 1 <= self.term.value <= LONGEST_TERM:
            raise fault(f"a term of {self.term.value} months", f"1 to {LONGEST_TERM}", at="term.value")
        if self.below is not None and self.again is not None and self.below.value > self.again.value:
            raise fault("one would leave the list while still below it", "below ≤ again", at="again")
        return self

    def further_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield the chance that each act leads onto the list, as (name, figure)."""
        if self.acts:
            about = {key: getattr(self, key) for key in ("date", "source", "low", "high", "to", "note", "by_hand")}
            row = CompactRow.model_construct(None, **about)
            for act, chance in self.acts.items():
                yield f"acts.{act}", row.figure(f"acts.{act}", chance, "chance an act seen leads onto the list")


class Gate(Description):
    """What a list or a score closes. unscored: what happens to those without a score; household: children share it."""

    domain: DomainName
    lists: tuple[ListName, ...]
    unscored: Literal["pass", "deposit", "refuse"]
    threshold: Cut | None = None
    household: YesNo = False

    @field_validator("lists")
    @classmethod
    def _each_once(cls, lists: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(lists)) < len(lists):
            raise fault("a list is named twice", "each list once")
        return lists

    @model_validator(mode="after")
    def _closes(self) -> Gate:
        if not self.lists and self.threshold is None:
            raise fault("this gate closes for nobody", "`lists` or a `threshold`; or take the gate out")
        return self


class Phase(Description):
    """From this month on, who must or may be enrolled."""

    from_: When = Field(alias="from")
    enrolment: Literal["voluntary", "mandatory"]


class Enrolment(Description):
    """What weighs in the choice to join."""

    privacy: Figure
    peers: Figure
    benefits: Figure
    noise: Figure
    considers: Figure


class Campaign(Description):
    """How the state makes the regime known."""

    amount: Figure


class Stigma(Description):
    """Refusals outside any gate by those who are shown the score."""

    flat: Figure
    dating: Figure


class RegimeFirms(Description):
    """What the regime does to firms."""

    loses_trade: Figure
    listed_below: Cut


class Appeal(Description):
    """Whether one can appeal, how long it takes, how often it is decided rightly, how many can be decided."""

    open: YesNo
    lag: Figure
    accuracy: Figure
    capacity: Figure


class Safeguards(Description):
    """What protects those who are rated."""

    notice: Figure
    appeal: Appeal | None = None


class Regime(Declared):
    """A regime, as its regime.yaml declares it. Sections that it does not state are None or empty."""

    short: str
    years: str
    built: YesNo
    summary: str
    rated: Rated | None = None
    score: Score | None = None
    accounts: dict[KeptName, Account] = Field(default_factory=dict)
    points: dict[CreditedName, Points] = Field(default_factory=dict)
    ties: Ties | None = None
    speech: RegimeSpeech | None = None
    channels: dict[ChannelName, Channel] = Field(default_factory=dict)
    lists: dict[str, Register] = Field(default_factory=dict)
    gates: dict[GateName, Gate] = Field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    enrolment: Enrolment | None = None
    campaign: Campaign | None = None
    stigma: Stigma | None = None
    firms: RegimeFirms | None = None
    safeguards: Safeguards | None = None

    @field_validator("lists")
    @classmethod
    def _few(cls, lists: dict[str, Register]) -> dict[str, Register]:
        if len(lists) > MOST_LISTS:
            raise fault(f"{len(lists)} lists", f"at most {MOST_LISTS}")
        return lists

    @field_validator("phases")
    @classmethod
    def _in_time(cls, phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        for index, (first, second) in enumerate(pairwise(phases), start=1):
            if not first.from_ < second.from_:
                raise fault(f"{second.from_} is not after {first.from_}", "phases in order of date", at=f"{index}.from")
        return phases
