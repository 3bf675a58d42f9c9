"""What a regime brings about beyond the score: places, longer lists, legal persons, relief, campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import model_validator

from sincerity.declare.base import ChannelName, Description, Share, fault
from sincerity.declare.figures import CompactRow, Cut, Figure

LONGEST_TERM = 255  # months, in a byte
MOST_LOST = 500  # points a month, so that an account of sixteen bits holds a year of them


class Places(Figure):
    """How many a gate admits: a share of those in line, or a number a month per 1,000 adults.

    Who gets in is decided by rank: the cut-off is found from the scores of those who stood in line last month; who is
    tied with it draws lots. Where nobody has stood in line yet, everybody gets in.
    """

    of: Literal["applicants", "adults"] = "applicants"

    @model_validator(mode="after")
    def _some(self) -> Places:
        most = 1 if self.of == "applicants" else 1000
        if not 0 <= self.value <= most:
            expected = "0 to 1, a share of applicants" if most == 1 else "0 to 1000 a month per 1,000 adults"
            raise fault(f"{self.value} places", expected, at="value")
        return self


class Extension(Description):
    """What a further act adds to the time on a list: `by` months an act, `at_most` so many left to serve."""

    by: Figure
    at_most: Figure

    @model_validator(mode="after")
    def _bounded(self) -> Extension:
        for key in ("by", "at_most"):
            check_months(getattr(self, key), key)
        return self


def check_months(figure: Figure | None, key: str) -> None:
    """Raise a fault unless a number of months fits into a byte."""
    if figure is not None and not 1 <= figure.value <= LONGEST_TERM:
        raise fault(f"{figure.value} months", f"1 to {LONGEST_TERM}", at=f"{key}.value")


class Causes(CompactRow):
    """The chance that what a firm does in a month leads onto the list of firms."""

    units: ClassVar[dict[str, str]] = dict.fromkeys(("counterfeit", "tax_evasion", "pay_late"), "chance it is listed")
    counterfeit: Share | None = None
    tax_evasion: Share | None = None
    pay_late: Share | None = None

    def further_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield the chances that are stated."""
        for name, unit in self.units.items():
            chance = getattr(self, name)
            if chance is not None:
                yield name, self.figure(name, chance, unit)


class RegimeFirms(Description):
    """What the regime does to firms, and how one comes onto their list: by score, or by acts for a term.

    loses_trade: share of income lost on the list; listed_below: score; listed_for: chance by act, and `term` (months);
    owner_listed: points that a firm loses in each month in which who leads it stands on a list of his own.
    """

    loses_trade: Figure
    listed_below: Cut | None = None
    listed_for: Causes | None = None
    term: Figure | None = None
    owner_listed: Figure | None = None

    @model_validator(mode="after")
    def _listed(self) -> RegimeFirms:
        check_listed(self)
        lost = self.owner_listed
        if lost is not None and not -MOST_LOST <= lost.value <= 0:
            raise fault(f"{lost.value} points", f"-{MOST_LOST} to 0", at="owner_listed.value")
        return self

    @property
    def scored(self) -> str:
        """The key that means nothing without a score; '' if there is none."""
        return "owner_listed" if self.owner_listed is not None else ""


class RegimeGovernments(Description):
    """What the regime makes of regional governments that pay their firms late, and what being listed does to them.

    points: lost in a month of late payment, on an account that fades like `credit`; listed_below: score; or listed_for:
    chance that such a month leads onto the list, and `term` (months). While listed, a government pays late at
    `pays_late` times its usual chance, and has `relief` times its usual budget for relief.
    """

    points: Figure | None = None
    listed_below: Cut | None = None
    listed_for: Figure | None = None
    term: Figure | None = None
    pays_late: Figure
    relief: Figure

    @model_validator(mode="after")
    def _listed(self) -> RegimeGovernments:
        check_listed(self)
        if (self.points is None) != (self.listed_below is None):
            raise fault("a score needs points, points need a score", "`points` and `listed_below`, or neither")
        if self.points is not None and not -MOST_LOST <= self.points.value <= 0:
            raise fault(f"{self.points.value} points", f"-{MOST_LOST} to 0", at="points.value")
        for key in ("pays_late", "relief"):
            if not 0 <= getattr(self, key).value <= 10:
                raise fault(f"{getattr(self, key).value} is no factor", "0 to 10", at=f"{key}.value")
        if self.listed_for is not None and not 0 <= self.listed_for.value <= 1:
            raise fault(f"{self.listed_for.value} is no chance", "0 to 1", at="listed_for.value")
        return self

    @property
    def scored(self) -> str:
        """The key that means nothing without a score; '' if there is none."""
        return "points" if self.points is not None else ""


def check_listed(legal: RegimeFirms | RegimeGovernments) -> None:
    """Raise a fault unless it is said how a legal person is listed, and how it leaves the list."""
    if legal.listed_below is None and legal.listed_for is None:
        raise fault("nothing says how one is listed", "`listed_below`, or `listed_for` and `term`")
    if (legal.listed_for is None) != (legal.term is None):
        raise fault("what is listed for an act is listed for a term", "`listed_for` and `term` together")
    check_months(legal.term, "term")


class Relief(Description):
    """Whom the office helps, and with how much.

    by: `need` as it is; `score`: those in need whose score is not below `above`; `data`: who looks needy to those who
    see a `channel` (its users only), where `missed` of those in need do not look it and `wrong` of the others do.
    amount: months of essentials an adult a month, in place of the society's.
    """

    by: Literal["need", "score", "data"]
    amount: Figure | None = None
    above: Cut | None = None
    channel: ChannelName | None = None
    missed: Figure | None = None
    wrong: Figure | None = None

    @model_validator(mode="after")
    def _says_all(self) -> Relief:
        needs = {"need": (), "score": ("above",), "data": ("channel", "missed", "wrong")}
        for key in ("above", "channel", "missed", "wrong"):
            if (getattr(self, key) is None) == (key in needs[self.by]):
                said = f"needs `{key}`" if key in needs[self.by] else f"has no `{key}`"
                raise fault(f"relief by {self.by} {said}", at="by")
        for key in ("missed", "wrong"):
            figure: Figure | None = getattr(self, key)
            if figure is not None and not 0 <= figure.value <= 1:
                raise fault(f"{figure.value} is no share", "0 to 1", at=f"{key}.value")
        if self.amount is not None and not 0 <= self.amount.value <= 1:
            raise fault(f"{self.amount.value} months of essentials", "0 to 1 an adult a month", at="amount.value")
        return self


class Expected(Description):
    """Where taking part in praise is expected, and what silence then costs.

    share: of the occasions to speak on policy; points: lost on the conduct account by silence that is noticed.
    """

    share: Figure
    points: Figure

    @model_validator(mode="after")
    def _bounded(self) -> Expected:
        if not 0 <= self.share.value <= 1:
            raise fault(f"{self.share.value} is no share", "0 to 1", at="share.value")
        if not -MOST_LOST <= self.points.value <= 0:
            raise fault(f"{self.points.value} points", f"-{MOST_LOST} to 0", at="points.value")
        return self


class Campaign(Description):
    """How the state makes the regime known.

    amount: chance a month of being reached, and so aware. fear: how far fear rises towards 1 in whom it reaches; view:
    how far the view rises towards 1 in the share of these who `believed` it. Without these two it only informs.
    expected: what one is expected to say in public while it lasts, reached by it or not.
    """

    amount: Figure
    fear: Figure | None = None
    view: Figure | None = None
    believed: Figure | None = None
    expected: Expected | None = None

    @model_validator(mode="after")
    def _believed(self) -> Campaign:
        if (self.view is None) != (self.believed is None):
            raise fault("a campaign moves the view of those who believe it", "`view` and `believed` together")
        for key in ("fear", "view", "believed"):
            figure: Figure | None = getattr(self, key)
            if figure is not None and not 0 <= figure.value <= 1:
                raise fault(f"{figure.value} is no share", "0 to 1", at=f"{key}.value")
        return self
