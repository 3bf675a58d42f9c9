"""Private scorers: who is in their files, what they see, how they score, what they close, and what they pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from sincerity.declare.base import (
    AccountName,
    ChannelName,
    CreditedName,
    Description,
    DomainName,
    GateName,
    ProviderName,
    Share,
    When,
    fault,
)
from sincerity.declare.figures import CompactRow, Figure

MOST_PROVIDERS = 8  # a byte a person each
MOST_SCORE = Decimal(2_000)


class Sight(CompactRow):
    """A channel that a provider taps. sensitivity: chance that the record of a customer's act is in its files;
    false_match: 1/month, that somebody else's act is written on a member (none if it is not said).
    """

    units: ClassVar[dict[str, str]] = {"sensitivity": "chance a record arrives", "false_match": "1/month"}
    sensitivity: Share
    false_match: Share | None = None

    def further_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield the numbers that are stated."""
        for name, unit in self.units.items():
            stated = getattr(self, name)
            if stated is not None:
                yield name, self.figure(name, stated, unit)


def _not_neighbours(channel: str) -> str:
    if channel == "neighbours":
        raise fault("neighbours report to the authorities, not to a company", "another channel")
    return channel


OwnChannel = Annotated[ChannelName, AfterValidator(_not_neighbours)]


class Choice(Description):
    """What weighs in a customer's choice to join: peers x share of ties who are members + gates - privacy + noise.

    considers: 1/month. benefits: utility of an expected month of essentials that the provider's gates are worth.
    """

    privacy: Figure
    peers: Figure
    benefits: Figure
    noise: Figure
    considers: Figure


class Members(Description):
    """Who is in the files. Customers are a fixed `share` of those who use one of the channels `uses`.

    joins: `all`, every customer has a score from the first month on; `by choice`, a customer joins or does not.
    """

    uses: tuple[OwnChannel, ...] = Field(min_length=1)
    share: Figure
    joins: Literal["all", "by choice"]
    choice: Choice | None = None

    @model_validator(mode="after")
    def _chosen(self) -> Members:
        if not self.uses:
            raise fault("nobody can be a customer", "at least one channel under `uses`", at="uses")
        if (self.joins == "by choice") != (self.choice is not None):
            raise fault("who joins by choice weighs something", "`joins: by choice` and `choice` together", at="joins")
        if not 0 <= self.share.value <= 1:
            raise fault(f"{self.share.value} is no share", "0 to 1", at="share.value")
        return self


class PrivateScore(Description):
    """A private score: it starts at `start`, takes up points, and drifts back to its start with `half_life` (months).

    capacity: points from the lowest income decile to the highest, half of them below `start` (none if not said).
    """

    lowest: Figure
    highest: Figure
    start: Figure
    capacity: Figure | None = None
    half_life: Figure

    @model_validator(mode="after")
    def _in_order(self) -> PrivateScore:
        low, high = self.lowest.value, self.highest.value
        if not 0 <= low < high <= MOST_SCORE:
            raise fault(f"scores from {low} to {high}", f"a range within 0 to {MOST_SCORE}", at="lowest")
        if not low <= self.start.value <= high:
            raise fault(f"the start is outside {low} to {high}", "lowest ≤ start ≤ highest", at="start")
        if self.half_life.value <= 0:
            raise fault("a half-life must be above 0", "months, such as 24", at="half_life.value")
        if self.capacity is not None and abs(self.capacity.value) > high - low:
            raise fault(f"{self.capacity.value} points of capacity", f"at most {high - low}", at="capacity.value")
        return self


class PrivateGate(Description):
    """What a provider's score closes: below `threshold` (points), from a month on. unscored: who is no member."""

    domain: DomainName
    threshold: Figure
    unscored: Literal["pass", "deposit", "refuse"]
    from_: When | None = Field(default=None, alias="from")


class Provider(Description):
    """A private scorer. It sees its customers, through its own channels and those that partners lend it.

    shares: what goes to the state: `nothing`; `records`, what it saw; `points`, those it gave, onto `account`.
    A provider without a score only sees and shares.
    """

    title: str
    from_: When = Field(alias="from")
    members: Members
    channels: dict[OwnChannel, Sight]
    score: PrivateScore | None = None
    points: dict[CreditedName, Figure] = Field(default_factory=dict)
    gates: dict[GateName, PrivateGate] = Field(default_factory=dict)
    shares: Literal["nothing", "records", "points"] = "nothing"
    account: AccountName | None = None

    @model_validator(mode="after")
    def _scores(self) -> Provider:
        if not self.channels:
            raise fault("this provider sees nothing", "at least one channel", at="channels")
        for section in ("points", "gates"):
            if self.score is None and getattr(self, section):
                raise fault(f"`{section}` of a provider that gives no score", "a `score`", at=section)
        if self.score is None and self.shares != "records":
            raise fault("this provider does nothing", "a `score`, or `shares: records`", at="channels")
        if (self.shares == "points") != (self.account is not None):
            raise fault("points go to an account", "`shares: points` and `account` together", at="shares")
        return self

    @model_validator(mode="after")
    def _on_its_scale(self) -> Provider:
        if self.score is None:
            return self
        low, high = self.score.lowest.value, self.score.highest.value
        for name, gate in self.gates.items():
            for key in ("value", "low", "high"):
                points = getattr(gate.threshold, key)
                if points is not None and not low <= points <= high:
                    said = f"{points} is no score of this provider"
                    raise fault(said, f"{low} to {high}", at=f"gates.{name}.threshold.{key}")
        for name, points in self.points.items():
            if abs(points.value) > high - low:
                raise fault(f"{points.value} points", f"at most {high - low} either way", at=f"points.{name}.value")
        return self


class Partner(Description):
    """A company that scores nobody and lends what its channel records to providers; only they see the channel."""

    title: str
    channel: OwnChannel
    lends_to: tuple[ProviderName, ...]


class Pooling(Description):
    """From a month on, providers see each other's records, and one score is published: the mean of a member's scores.

    share: of the records of one provider, how many reach the others. The mean is of places on the scales (0 lowest, 1
    highest), and every provider's gates hear it. account: the state's, which starts from the mean in that month.
    """

    title: str
    from_: When = Field(alias="from")
    share: Figure
    account: AccountName | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Pooling:
        if not 0 <= self.share.value <= 1:
            raise fault(f"{self.share.value} is no share", "0 to 1", at="share.value")
        return self


def check_providers(
    providers: Mapping[str, Provider], partners: Mapping[str, Partner], pooling: Pooling | None, scored: bool
) -> None:
    """Raise a fault where providers, partners and pooling do not fit; `scored`: whether the state gives a score."""
    _check_lent(providers, partners)
    if pooling is None:
        return
    if len([1 for made in providers.values() if made.score is not None]) < 2:
        raise fault("there is nothing to pool", "two providers with a score", at="pooling")
    last = max(providers, key=lambda name: providers[name].from_)
    if pooling.from_ <= providers[last].from_:
        said = f"pooling in {pooling.from_}, and {last} begins in {providers[last].from_}"
        raise fault(said, "a month after every provider has begun", at="pooling.from")
    if (pooling.account is not None) != scored:
        expected = "`account: …`, which starts from their mean" if scored else "no `account`: the state gives no score"
        raise fault("pooling says what the state starts from", expected, at="pooling")


def _check_lent(providers: Mapping[str, Provider], partners: Mapping[str, Partner]) -> None:
    for name, partner in partners.items():
        if not partner.lends_to:
            raise fault(f"nobody has the partner {name}", "a provider under `lends_to`", at=f"partners.{name}")
        for index, to in enumerate(partner.lends_to):
            if to in providers and partner.channel not in providers[to].channels:
                said = f"{to} does not tap `{partner.channel}`: it has no use for the partner {name}"
                raise fault(said, "the channel among the provider's", at=f"partners.{name}.lends_to.{index}")
    for name, provider in providers.items():
        for channel in provider.channels:
            owners = [p for p in partners.values() if p.channel == channel]
            if owners and not any(name in owner.lends_to for owner in owners):
                said = f"`{channel}` is the channel of {owners[0].title}, who does not lend it to {name}"
                raise fault(said, f"{name} among its `lends_to`", at=f"providers.{name}.channels.{channel}")
