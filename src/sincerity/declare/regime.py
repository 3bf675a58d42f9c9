"""A regime: who is rated, by what rules, and what follows. Attribute paths are the YAML paths (`from` is `from_`)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from sincerity.declare.base import (
    AccountName,
    ActName,
    BandName,
    ChannelName,
    CreditedName,
    Date,
    Declared,
    Description,
    DomainName,
    GateName,
    HabitName,
    KeptName,
    ListName,
    Number,
    Positive,
    Share,
    SourceName,
    When,
    YesNo,
    fault,
    listed,
)
from sincerity.declare.consequences import (
    LONGEST_TERM,
    Campaign,
    Extension,
    Places,
    RegimeFirms,
    RegimeGovernments,
    Relief,
)
from sincerity.declare.figures import CompactRow, Cut, Figure, Figures, check_factors, check_origin
from sincerity.declare.providers import MOST_PROVIDERS, Partner, Pooling, Provider, check_providers
from sincerity.declare.vocabulary import FACTORS, HOURLY

MOST_POINTS = Decimal(2_000)  # scores and points are kept in sixteen bits, with fractions
MOST_LISTS = 8  # a person's lists are the bits of a byte
MOST_PRESUMED = 8  # what is presumed of a person are the bits of a byte
FEW = {
    "providers": (MOST_PROVIDERS, "providers"),
    "lists": (MOST_LISTS, "lists"),
    "inference": (MOST_PRESUMED, "things presumed"),
}
MOST_BANDS = 10
LONGEST_CADENCE = 60  # months


class Rated(Description):
    """Who is rated: persons, firms, regional governments.

    exempt: `officials`, who hold a public post, are not rated; `governments` are rated and never listed.
    """

    persons: YesNo
    firms: YesNo
    governments: YesNo = False
    exempt: tuple[Literal["officials", "governments"], ...] = ()

    @model_validator(mode="after")
    def _modelled(self) -> Rated:
        if not self.persons:
            raise fault("a regime that rates no persons: declared, not modelled yet", "persons: yes", at="persons")
        if "governments" in self.exempt and not self.governments:
            raise fault("governments are not rated, so none can be exempt", "governments: yes", at="exempt")
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
    """How the factors, 0 to 100 each, are made of accounts, savings and traits.

    savings_full: months of essentials; if it is not said, the most that one's income lets one keep. length: points of
    identity for a history that begins at 18 and is full after `length_full` years (none if it is not said).
    """

    credit: Figure
    conduct: Figure
    savings: Figure
    savings_full: Figure | None = None
    income: Figure
    age: Figure
    education: Figure
    urban: Figure
    partner: Figure
    length: Figure | None = None
    length_full: Figure | None = None

    @model_validator(mode="after")
    def _full(self) -> Makeup:
        if self.savings_full is not None and self.savings_full.value <= 0:
            raise fault("full savings must be above 0", "months of essentials, such as 6", at="savings_full.value")
        if (self.length is None) != (self.length_full is None):
            raise fault("a history has points and a full length, or neither", "`length` and `length_full` together")
        if self.length_full is not None and self.length_full.value <= 0:
            raise fault("a full length must be above 0", "years, such as 40", at="length_full.value")
        return self


FORMS: dict[str, tuple[str, ...]] = {
    # form -> what it says besides the scale
    "factors": ("centre", "spread", "factors", "makeup"),
    "ledger": ("start",),
}


class Score(Description):
    """The scale, how a point on it is found, and who may see it.

    form: `factors`: centre + spread x (weighted factors - 50); `ledger`: start + both accounts, inside the range.
    updated: months between two published scores (1 if it is not stated); between them the old one stays in force.
    no_file: share of adults by income decile of whom nothing is known that a score could be made of; they have none.
    """

    form: Literal["factors", "ledger"]
    lowest: Figure
    highest: Figure
    start: Figure | None = None
    centre: Figure | None = None
    spread: Figure | None = None
    rules: Literal["known", "secret"]
    shown_to: tuple[Literal["self", "ties", "officials", "shops"], ...]
    updated: Figure | None = None
    no_file: Figures | None = None
    factors: Factors | None = None
    makeup: Makeup | None = None

    @model_validator(mode="after")
    def _of_its_form(self) -> Score:
        missing = [f"`{key}`" for key in FORMS[self.form] if getattr(self, key) is None]
        if missing:
            raise fault(f"a score of the form `{self.form}` needs {' and '.join(missing)}")
        for form, keys in FORMS.items():
            for key in keys:
                if form != self.form and getattr(self, key) is not None:
                    raise fault(f"a score of the form `{self.form}` has no `{key}`", f"form: {form}", at=key)
        return self

    @model_validator(mode="after")
    def _range(self) -> Score:
        low, high = self.lowest.value, self.highest.value
        if not low < high:
            raise fault(f"the lowest score ({low}) is not below the highest ({high})", "lowest < highest", at="lowest")
        if not 0 <= low < high <= MOST_POINTS:
            raise fault(f"scores from {low} to {high}", f"a range within 0 to {MOST_POINTS}", at="lowest")
        for key, figure in (("centre", self.centre), ("start", self.start)):
            if figure is not None and not low <= figure.value <= high:
                raise fault(f"the {key} is outside {low} to {high}", f"lowest ≤ {key} ≤ highest", at=key)
        every = self.updated
        if every is not None and not (1 <= every.value <= LONGEST_CADENCE and every.value % 1 == 0):
            raise fault(f"a score updated every {every.value} months", f"1 to {LONGEST_CADENCE}, whole", at="updated")
        return self

    @property
    def usual(self) -> Figure:
        """Where a person of whom nothing is known stands: the centre of factors, the start of a ledger."""
        usual = self.start if self.form == "ledger" else self.centre
        if usual is None:  # refused when it was built
            raise ValueError(f"a score of the form {self.form} without its {FORMS[self.form][0]}")
        return usual


class Band(Description):
    """A grade: the scores from `from` up to the next band, or the best `share` of the scored below it, by rank.

    All bands of a regime are of one kind. The last band has neither.
    """

    name: str
    from_: Cut | None = Field(default=None, alias="from")
    share: Figure | None = None

    @property
    def begins(self) -> Figure | None:
        """What says where the band begins; None: nothing, it is the last."""
        return self.from_ or self.share


def _check_shares(bands: tuple[Band, ...]) -> None:
    """Raise a fault unless bands are all by score or all by share, and leave somebody for the last."""
    if all(band.share is None for band in bands):
        return
    for index, band in enumerate(bands):
        if band.from_ is not None:
            raise fault("bands by score and by share in one regime", "`from` in all, or `share` in all", at=str(index))
    shares = [band.share.value for band in bands if band.share is not None]
    if any(share <= 0 for share in shares) or sum(shares) >= 1:
        said = f"the shares {', '.join(map(str, shares))} leave {1 - sum(shares)} for {bands[-1].name}"
        raise fault(said, "shares above 0 that sum to less than 1")


class Account(Description):
    """Where points of one kind are kept: fading with a half-life (months), or kept for good."""

    domain: DomainName
    half_life: Figure | None = None
    kept: Literal["for good"] | None = None

    @model_validator(mode="after")
    def _fades(self) -> Account:
        if (self.half_life is None) == (self.kept is None):
            said = "neither" if self.kept is None else "both"
            raise fault(f"{said} of `half_life` and `kept: for good` is said", "exactly one of the two")
        if self.half_life is not None and self.half_life.value <= 0:
            raise fault("a half-life must be above 0", "months, such as 24", at="half_life")
        return self


class Tier(Description):
    """Points an hour up to so many hours of the calendar year; the last tier has no end."""

    up_to: Positive | None = None
    value: Number


class Discretion(Description):
    """The range inside which an official picks, each value alike; points."""

    low: Number
    high: Number


class Points(Figure):
    """What an act adds to an account, in points of the score.

    per: `record` of the act (the default), `month` in that state, or `hour` (volunteering): `hours` an act, with the
    `tiers` of the year's hours, the first of them worth `value`. at_most: points a calendar year that a person can
    gain by all acts that say so together. sets: the band to which the act brings the score down at once (`value` is
    then 0).
    discretion: an official picks inside it; `value` is its middle. Tiers and discretion share the figure's source.
    """

    account: AccountName
    per: Literal["record", "month", "hour"] = "record"
    hours: Figure | None = None
    tiers: tuple[Tier, ...] = ()
    at_most: Figure | None = None
    sets: BandName | None = None
    discretion: Discretion | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Points:
        if abs(self.value) > MOST_POINTS:
            raise fault(f"{self.value} points", f"at most {MOST_POINTS} either way", at="value")
        if self.sets is not None and self.value != 0:
            raise fault("an act that sets the band adds no points", "value: 0", at="value")
        if self.at_most is not None and not (0 < self.at_most.value <= LONGEST_TERM and self.value > 0):
            expected = f"1 to {LONGEST_TERM} points a year, on points that are gained"
            raise fault("this cannot be the most that is gained in a year", expected, at="at_most")
        return self

    @model_validator(mode="after")
    def _by_the_hour(self) -> Points:
        if (self.per == "hour") != (self.hours is not None):
            raise fault("points are given by the hour or not", "`per: hour` and `hours: …` together", at="per")
        if self.hours is not None and not 0 < self.hours.value <= LONGEST_TERM:
            raise fault(f"{self.hours.value} hours an act", f"above 0, at most {LONGEST_TERM}", at="hours.value")
        if self.tiers and self.per != "hour":
            raise fault("tiers are of hours", "per: hour", at="tiers")
        if self.tiers:
            check_tiers(self.tiers, self.value)
        return self

    @model_validator(mode="after")
    def _picked(self) -> Points:
        if self.discretion is not None:
            low, high = self.discretion.low, self.discretion.high
            if not low < high or max(abs(low), abs(high)) > MOST_POINTS or low * high < 0:
                raise fault("this is no range of points", "low < high, both losses or both gains", at="discretion")
            if self.value * 2 != low + high:
                raise fault(f"{self.value} is not the middle of {low} to {high}", f"{(low + high) / 2}", at="value")
            if self.per == "hour" or self.sets is not None:
                raise fault("an official picks the points of records", "per: record", at="discretion")
        return self

    def further_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield the points of each tier and the ends of the discretion, as (name, figure)."""
        numbers = [(f"tiers.{place}", tier.value) for place, tier in enumerate(self.tiers, start=1)]
        if self.discretion is not None:
            numbers += [("discretion.low", self.discretion.low), ("discretion.high", self.discretion.high)]
        for name, value in numbers:
            yield name, Figure.model_construct(value=value, unit=self.unit, date=self.date, source=self.source)


def check_tiers(tiers: tuple[Tier, ...], first: Decimal) -> None:
    """Raise a fault unless tiers end one after the other, the last never, and begin with the value."""
    *ended, last = tiers
    if last.up_to is not None or any(tier.up_to is None for tier in ended):
        raise fault("every tier but the last has an end", "`up_to` in each but the last", at=f"tiers.{len(tiers) - 1}")
    ends = [tier.up_to for tier in ended if tier.up_to is not None]
    if any(later <= earlier for earlier, later in pairwise([Decimal(0), *ends])):
        raise fault("tiers end in order", "a higher `up_to` in each tier", at="tiers")
    if tiers[0].value != first:
        raise fault(
            f"the first tier gives {tiers[0].value}, the value is {first}", "the same number", at="tiers.0.value"
        )


class Ties(Description):
    """How friends weigh: points per point of their mean score (below 1), and points lost to their posts.

    known: whether it is known that friends count, where the other rules are secret.
    """

    friends: Figure
    posts: Figure
    known: YesNo = False

    @model_validator(mode="after")
    def _damped(self) -> Ties:
        weights = (self.friends.value, self.friends.low, self.friends.high)
        if any(weight is not None and abs(weight) >= 1 for weight in weights):
            raise fault("with a weight of 1 or more, scores would run away", "a weight between -1 and 1", at="friends")
        return self


class Apology(Description):
    """How an official judges the apologies of those who are to be punished for a post; who is believed is spared.

    sensitivity: share of sincere apologies that are believed; false_positive: share of pretended ones that are.
    """

    sensitivity: Figure
    false_positive: Figure

    @model_validator(mode="after")
    def _shares(self) -> Apology:
        for key in ("sensitivity", "false_positive"):
            if not 0 <= getattr(self, key).value <= 1:
                raise fault(f"{getattr(self, key).value} is no share", "0 to 1", at=f"{key}.value")
        return self


class RegimeSpeech(Description):
    """What the regime adds to the risk of speaking openly.

    punished: share of critical posts on policy; reasons: whether others can see for what somebody was punished.
    """

    punished: Figure
    reasons: YesNo = True
    apology: Apology | None = None


class Channel(CompactRow):
    """A channel that the scorer taps. sensitivity: chance that a record of an act arrives; false_match: 1/month."""

    units: ClassVar[dict[str, str]] = {"sensitivity": "chance a record arrives", "false_match": "1/month"}
    sensitivity: Share
    false_match: Share


LISTS_SAY: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    # enters -> (what else it says, how one leaves, what it may say besides)
    "judgment unmet": (("able", "unable"), "judgment met", ("ramp", "kept")),
    "acts": (
        ("acts", "date", "source", "term"),
        "term over",
        ("low", "high", "note", "to", "by_hand", "extends"),
    ),
    "score below": (("below", "again"), "score again above", ()),
    "firm listed": ((), "firm off the list", ()),
    "on a list": (("of",), "off the list", ()),
}
LISTS_SHARE = ("title", "domain", "enters", "leaves", "from_")


class Register(Description):
    """A list, by one of five ways in, each with its way out.

    judgment unmet: `able`, `unable` (1/month), `ramp` (months until the courts list at full rate); out: judgment met,
        and `kept` public for so many months after that.
    acts: `acts` (chance of being listed for one; low and high are factors), `term` (months); out: term over. A further
        act begins the term anew, or `extends` it.
    score below: `below`, `again` (points); out: score again above `again`.
    firm listed: who leads a firm is on it while the firm is listed (spillover to the owner).
    on a list: whoever stands on one `of` the lists before it is on it too (joint punishment).
    """

    title: str
    domain: DomainName
    enters: Literal["judgment unmet", "acts", "score below", "firm listed", "on a list"]
    leaves: Literal["judgment met", "term over", "score again above", "firm off the list", "off the list"]
    from_: When | None = Field(default=None, alias="from")
    able: Figure | None = None
    unable: Figure | None = None
    ramp: Figure | None = None
    kept: Figure | None = None
    acts: dict[ActName, Share] = Field(default_factory=dict)
    date: Date | None = None
    source: SourceName | None = None
    low: Number | None = None
    high: Number | None = None
    to: str | None = None
    note: str | None = None
    by_hand: tuple[str, ...] = ()
    term: Figure | None = None
    extends: Extension | None = None
    below: Cut | None = None
    again: Cut | None = None
    of: tuple[ListName, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether the months that somebody stays are counted."""
        return self.enters == "acts" or self.kept is not None

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
        if self.kept is not None and not 1 <= self.kept.value <= LONGEST_TERM:
            raise fault(f"kept {self.kept.value} months", f"1 to {LONGEST_TERM}; or no `kept`", at="kept.value")
        if self.extends is not None and self.term is not None and self.extends.at_most.value < self.term.value:
            said = f"at most {self.extends.at_most.value} months, and the first term has {self.term.value}"
            raise fault(said, "at_most ≥ term", at="extends.at_most")
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
    """What a list, a score or a band closes.

    threshold: closed below this score; band: closed below this band; places: closed below the rank at which the places
    are full; unscored: what happens to those without a score; household: children share it; from: closed only from
    this month on.
    """

    domain: DomainName
    lists: tuple[ListName, ...]
    unscored: Literal["pass", "deposit", "refuse"]
    threshold: Cut | None = None
    band: BandName | None = None
    places: Places | None = None
    household: YesNo = False
    from_: When | None = Field(default=None, alias="from")

    @field_validator("lists")
    @classmethod
    def _each_once(cls, lists: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(lists)) < len(lists):
            raise fault("a list is named twice", "each list once")
        return lists

    @model_validator(mode="after")
    def _closes(self) -> Gate:
        if self.threshold is not None and self.band is not None:
            raise fault("this gate has a threshold and a band", "one of the two", at="band")
        if self.places is not None and (self.threshold is not None or self.band is not None):
            raise fault("this gate has places and a cut-off of its own", "one of the two", at="places")
        if not self.lists and self.threshold is None and self.band is None and self.places is None:
            raise fault(
                "this gate closes for nobody", "`lists`, a `threshold`, a `band` or `places`; or take the gate out"
            )
        return self


class Phase(Description):
    """From this month on, who must or may be enrolled."""

    from_: When = Field(alias="from")
    enrolment: Literal["voluntary", "mandatory"]


class Enrolment(Description):
    """What weighs in the choice to join, and whether members may leave again while it is voluntary."""

    privacy: Figure
    peers: Figure
    benefits: Figure
    noise: Figure
    considers: Figure
    leaving: YesNo = False


class Stigma(Description):
    """Refusals outside any gate by those who are shown the score: landlords, dates, employers."""

    flat: Figure
    dating: Figure
    job: Figure | None = None


class Appeal(Description):
    """Whether one can appeal, how long it takes, how often it is decided rightly, how many can be decided."""

    open: YesNo
    lag: Figure
    accuracy: Figure
    capacity: Figure


class Nudge(Description):
    """An act made more likely for the users of a channel, without points.

    They do it exp(strength x fade) times as often; fade halves every `fades` months from the regime's first month.
    """

    strength: Figure
    channel: ChannelName
    fades: Figure

    @model_validator(mode="after")
    def _bounded(self) -> Nudge:
        if not -3 <= self.strength.value <= 3:
            raise fault(f"a log rate of {self.strength.value}", "-3 to 3", at="strength.value")
        if self.fades.value <= 0:
            raise fault("a half-life must be above 0", "months, such as 24", at="fades.value")
        return self


class Inference(Description):
    """A trait presumed of a person out of an act.

    Presumed in the months in which the act was seen, with `sensitivity`, and of those who did not do it with
    `false_positive` (1/month). `points` go to `account`; without both, it is only written down and counted.
    """

    title: str
    from_: ActName = Field(alias="from")
    sensitivity: Figure
    false_positive: Figure
    account: AccountName | None = None
    points: Figure | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Inference:
        if (self.account is None) != (self.points is None):
            raise fault("points need an account, an account needs points", "both or neither")
        if self.points is not None and abs(self.points.value) > LONGEST_TERM:
            raise fault(f"{self.points.value} points", f"at most {LONGEST_TERM} either way", at="points.value")
        for key in ("sensitivity", "false_positive"):
            if not 0 <= getattr(self, key).value <= 1:
                raise fault(f"{getattr(self, key).value} is no chance", "0 to 1", at=f"{key}.value")
        return self


class Peers(Description):
    """Everyone rates everyone they are tied to, each month.

    The mean of ratings, 0 to 1, fades with `half_life` (months) and has the share `weight` of the published score:
    score = (1 - weight) x own + weight x (lowest + mean x range). A rating starts at what was done last month and rises
    by `likeness` (share of the scale) where both say the same, and falls by `retaliation` where the rated criticised.
    """

    weight: Figure
    likeness: Figure
    retaliation: Figure
    half_life: Figure

    @model_validator(mode="after")
    def _bounded(self) -> Peers:
        for key in ("weight", "likeness", "retaliation"):
            if not 0 <= getattr(self, key).value <= 1:
                raise fault(f"{getattr(self, key).value} is no share", "0 to 1", at=f"{key}.value")
        if self.half_life.value <= 0:
            raise fault("a half-life must be above 0", "months, such as 6", at="half_life.value")
        return self


class Amnesty(Description):
    """In one month, a share of what stands below zero on the accounts is struck."""

    date: When
    share: Figure


class HumanReview(Description):
    """A human looks at every record before it counts. accuracy: share of the records of others that are held back."""

    accuracy: Figure


class Safeguards(Description):
    """What protects those who are rated.

    repair: share of what stands below zero on an account that is struck in a month without a new penalty on it.
    same_context: a gate reacts only to the account and the lists of its own domain (money and housing gates to
    `credit`, other gates to lists of their domain alone). no_guilt_by_tie: friends' scores, friends' posts, the
    household's lists, and between a firm and who leads it the other's list, count for nothing.
    """

    notice: Figure
    appeal: Appeal | None = None
    repair: Figure | None = None
    amnesty: Amnesty | None = None
    human_review: HumanReview | None = None
    same_context: YesNo = False
    no_guilt_by_tie: YesNo = False

    @model_validator(mode="after")
    def _shares(self) -> Safeguards:
        shares = {
            "repair": self.repair,
            "amnesty.share": self.amnesty.share if self.amnesty else None,
            "human_review.accuracy": self.human_review.accuracy if self.human_review else None,
        }
        for key, figure in shares.items():
            if figure is not None and not 0 <= figure.value <= 1:
                raise fault(f"{figure.value} is no share", "0 to 1", at=f"{key}.value")
        return self


class Regime(Declared):
    """A regime, as its regime.yaml declares it. Sections that it does not state are None or empty."""

    short: str
    years: str
    built: YesNo
    summary: str
    rated: Rated | None = None
    score: Score | None = None
    bands: tuple[Band, ...] = ()
    accounts: dict[KeptName, Account] = Field(default_factory=dict)
    points: dict[CreditedName, Points] = Field(default_factory=dict)
    balance: Figure | None = None
    inference: dict[str, Inference] = Field(default_factory=dict)
    peers: Peers | None = None
    ties: Ties | None = None
    speech: RegimeSpeech | None = None
    channels: dict[ChannelName, Channel] = Field(default_factory=dict)
    nudges: dict[HabitName, Nudge] = Field(default_factory=dict)
    lists: dict[str, Register] = Field(default_factory=dict)
    gates: dict[GateName, Gate] = Field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    enrolment: Enrolment | None = None
    campaign: Campaign | None = None
    stigma: Stigma | None = None
    firms: RegimeFirms | None = None
    governments: RegimeGovernments | None = None
    relief: Relief | None = None
    safeguards: Safeguards | None = None
    providers: dict[str, Provider] = Field(default_factory=dict)
    partners: dict[str, Partner] = Field(default_factory=dict)
    pooling: Pooling | None = None

    @field_validator(*FEW)
    @classmethod
    def _few(cls, stated: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        most, what = FEW[str(info.field_name)]
        if len(stated) > most:
            raise fault(f"{len(stated)} {what}", f"at most {most}")
        return stated

    @field_validator("phases")
    @classmethod
    def _in_time(cls, phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
        for index, (first, second) in enumerate(pairwise(phases), start=1):
            if not first.from_ < second.from_:
                raise fault(f"{second.from_} is not after {first.from_}", "phases in order of date", at=f"{index}.from")
        return phases

    @field_validator("bands")
    @classmethod
    def _from_the_top(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        if len(bands) > MOST_BANDS or len(bands) == 1:
            raise fault(f"{len(bands)} band{'s' if len(bands) > 1 else ''}", f"2 to {MOST_BANDS}, the highest first")
        for index, band in enumerate(bands):
            if (band.begins is None) != (index == len(bands) - 1):
                said = (
                    "the last band begins at the lowest score"
                    if band.begins
                    else f"nothing says where {band.name} begins"
                )
                raise fault(said, "`from` or `share` in each band but the last", at=str(index))
            if band.name in [other.name for other in bands[:index]]:
                raise fault(f"two bands are called {band.name}", "each name once", at=f"{index}.name")
            above = bands[index - 1].from_ if index else None
            if above is not None and band.from_ is not None and band.from_.value >= above.value:
                raise fault(
                    f"{band.name} from {band.from_.value} overlaps {bands[index - 1].name} from {above.value}",
                    "bands from the highest to the lowest",
                    at=f"{index}.from",
                )
        _check_shares(bands)
        return bands

    @model_validator(mode="after")
    def _refers(self) -> Regime:
        last = self.bands[-1].name if self.bands else ""
        for name, gate in self.gates.items():
            if gate.band is not None and gate.band == last:
                raise fault(f"nobody is below {last}: this gate closes for nobody", at=f"gates.{name}.band")
        for name, points in self.points.items():
            if points.sets is not None and points.sets == self.bands[0].name:
                raise fault(f"nobody is above {points.sets}", "a lower band", at=f"points.{name}.sets")
            if points.per == "hour" and name not in HOURLY:
                raise fault(f"`{name}` has no hours", f"per: hour for {listed(HOURLY)} only", at=f"points.{name}.per")
            if points.sets is not None and any(band.share for band in self.bands):
                raise fault("a band by share cannot be set", "bands by score, or points", at=f"points.{name}.sets")
        for name, nudge in self.nudges.items():
            if nudge.channel not in self.channels:
                said = f"`{nudge.channel}` is not tapped: nobody can be nudged through it"
                raise fault(said, "a channel under `channels`", at=f"nudges.{name}.channel")
        check_providers(self.providers, self.partners, self.pooling, self.score is not None)
        return self

    @model_validator(mode="after")
    def _follows(self) -> Regime:
        """Lists that follow from firms or other lists, places, and legal persons have what they follow from."""
        rated, names = self.rated, list(self.lists)
        for name, made in self.lists.items():
            if made.enters == "firm listed" and not (rated and rated.firms and self.firms):
                raise fault("no firm is listed here", "rated.firms: yes, and `firms`", at=f"lists.{name}.enters")
            for other in made.of:
                if names.index(other) >= names.index(name):
                    said = f"`{other}` does not stand before `{name}`, which follows from it"
                    raise fault(said, "lists in the order in which they follow", at=f"lists.{name}.of")
        for name, gate in self.gates.items():
            if gate.places is not None and self.score is None:
                raise fault("there is no score to rank applicants by", "a `score` section", at=f"gates.{name}.places")
            apart = self.safeguards is not None and self.safeguards.same_context
            if gate.places is not None and apart and gate.domain not in ("money", "housing"):
                said = "places by rank where contexts are kept apart: declared, not modelled yet"
                raise fault(said, "places at money and housing gates only", at=f"gates.{name}.places")
        if (self.governments is not None) != (rated is not None and rated.governments):
            raise fault("governments are rated or not", "`rated.governments: yes` and `governments` together")
        for key in ("firms", "governments"):
            legal: RegimeFirms | RegimeGovernments | None = getattr(self, key)
            if legal is not None and self.score is None and legal.scored:
                raise fault(f"there is no score that `{legal.scored}` could lower", "a `score` section", at=key)
        if self.relief is not None and self.relief.by == "data" and self.relief.channel not in self.channels:
            raise fault(f"`{self.relief.channel}` is not tapped", "a channel under `channels`", at="relief.channel")
        return self

    @model_validator(mode="after")
    def _can_be_shifted(self) -> Regime:
        share = self.balance.value if self.balance else None
        if share is None:
            return self
        if not 0 <= share <= 1:
            raise fault(f"a balance of {share}", "0 (penalties only) to 1 (rewards only)", at="balance.value")
        lost, gained = self._stakes()
        if (share < 1 and not lost) or (share > 0 and not gained):
            raise fault("there is nothing to put the weight on", "penalties and rewards to shift between", at="balance")
        return self

    def _stakes(self) -> tuple[Decimal, Decimal]:
        """Return the sum of the points that can be lost by a record, and of those that can be gained."""
        values = [points.value for points in self.points.values()]
        return -sum((v for v in values if v < 0), Decimal(0)), sum((v for v in values if v > 0), Decimal(0))

    @property
    def scales(self) -> tuple[Decimal, Decimal]:
        """What penalties and rewards are multiplied by: 1 and 1, unless `balance` shifts weight between them.

        At a balance b, the share b of all absolute points lies on rewards; the total of absolute points is the same. It
        is a sum over declared points, not weighted by how often an act is done.
        """
        if self.balance is None:
            return Decimal(1), Decimal(1)
        lost, gained = self._stakes()
        share, total = self.balance.value, lost + gained
        return ((1 - share) * total / lost if lost else Decimal(0), share * total / gained if gained else Decimal(0))

    def cut(self, gate: Gate) -> Figure | None:
        """Return the score below which a gate is closed: its threshold, or where its band begins.

        None: no score, or one that only the ranks of the month give (places, bands by share).
        """
        if gate.band is None:
            return gate.threshold
        return next(band.from_ for band in self.bands if band.name == gate.band)

    def band_of(self, points: float) -> str:
        """Return the name of the band of a score; '' in a regime without bands, or with bands by rank."""
        if any(band.share for band in self.bands):
            return ""
        return next((b.name for b in self.bands if b.from_ is None or points >= float(b.from_)), "")
