"""A society: who lives there, how, and under what ordinary law. Attribute paths are the YAML paths."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr, model_validator

from sincerity.declare.base import (
    ChannelName,
    Declared,
    Description,
    GateName,
    HabitName,
    Number,
    Positive,
    Share,
    WantedName,
    Whole,
    fault,
    name_of,
)
from sincerity.declare.figures import CompactRow, Figure, Figures, Sourced, check_factors
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.tables import AGE_SEX, OF_ADULTS, OF_ALL, SHARES, Tables, read
from sincerity.declare.vocabulary import AGE_BANDS, BY_AGE, CHANNELS, TOPICS

TABLES = ("age_sex", *SHARES, *OF_ALL, *OF_ADULTS, "people", "over_64")
TableName = Annotated[str, name_of("table or column of regions.csv that is used", TABLES)]
LABOUR_AREA = 1024  # adults of a labour area, whose people work with each other


class Livelihood(Description):
    """Work, income, shocks and savings. Unit of money: one month of essential spending."""

    surplus: Figures
    surplus_out_of_work: Figures
    retired_factor: Figure
    retirement_age: Figure
    income_noise: Figure
    shock_chance: Figure
    shock_size: Figure
    buffer_cap: Figures
    job_loss: Figures
    job_finding: Figures


class Obligations(Description):
    """Loans, instalments, default, suits, judgments, and how these end."""

    loans_at_start: Figure
    loan_ends: Figure
    loan_wanted: Figure
    instalment: Figure
    instalment_least: Figure
    careless: Figure
    unwilling: Figure
    arrears_to_default: Figure
    elasticity: Figure
    suit_chance: Figure
    suit_lag: Figure
    written_off: Figure
    judgment_median: Figure
    judgment_spread: Figure
    met_at_judgment: Figure
    garnished_share: Figure
    garnished_months: Figure
    pays_listed: Figure
    pays_unlisted: Figure
    settled: Figure
    unmet_at_start: Figure

    @model_validator(mode="after")
    def _three_months(self) -> Obligations:
        months = self.arrears_to_default.value
        if months != 3:
            raise fault(
                f"a default after {months} months: declared, not modelled yet", "3", at="arrears_to_default.value"
            )
        return self


class Law(Description):
    """Ordinary law: what banks, employers, schools and police do in every world."""

    bank_refuses_arrears: Figure
    papers_missing: Figure
    formal_jobs: Figures
    critical_post_punished: Figure
    topic_risk: Figures
    school_papers: Figure


class Act(CompactRow):
    """How often an act is done under ordinary law, by whom, at whose cost, and where it can be seen.

    rate: acts per adult-year; men, young (under 30), old (60 and over): factors on it; harm: months of essentials to
    others, negative for a good; caught: chance that ordinary police or office notices; fine: months of essentials;
    elasticity: change of the log rate per unit of welfare at stake; seen_by: channels.
    """

    units: ClassVar[dict[str, str]] = {
        "rate": "acts an adult-year",
        "men": "factor",
        "young": "factor",
        "old": "factor",
        "harm": "months of essentials",
        "caught": "share",
        "fine": "months of essentials",
        "elasticity": "log rate a unit of welfare",
    }
    rate: Positive
    men: Positive
    young: Positive
    old: Positive
    harm: Number
    caught: Share
    fine: Positive
    elasticity: Positive
    seen_by: tuple[ChannelName, ...]
    only: Literal["owner", "parent"] | None = None
    scale: Literal["civic"] | None = None


class Temper(Description):
    """Traits that no census knows."""

    conscientiousness: Figures
    integrity_spread: Figure
    sociability_centre: Figure
    sociability_spread: Figure
    civic_centre: Figure
    civic_spread: Figure
    opinion_centre: Figure
    opinion_gradient: Figure
    opinion_age: Figures
    opinion_spread: Figure
    tolerance: Figures


class Speech(Description):
    """Occasions to speak, what they are about, and what weighs in the choice of words.

    rumour: chance a month that a rumour of a danger reaches somebody; rumour_true: share of them that are true;
    rumour_care: utility of warning others; regret: chance that somebody punished is sorry, for one of no conviction.
    reading: share of the danger of speaking that somebody who is seen reading about it is afraid of.
    """

    occasion: Figure
    topics: Figures
    sincerity: Figure
    company: Figure
    cost_sincere: Figure
    cost_praise: Figure
    noise: Figure
    loss: Figure
    loss_weight: Figure
    rumour: Figure
    rumour_true: Figure
    rumour_care: Figure
    regret: Figure
    reading: Figure

    @model_validator(mode="after")
    def _shares(self) -> Speech:
        total = sum(self.topics.values)
        if total != 1:
            raise fault(f"the shares of {', '.join(TOPICS)} sum to {total}", "shares that sum to 1", at="topics.values")
        return self


class Learning(Description):
    """Fear, views, awareness, and how well the risk is known.

    view_pulled, view_heard: at the start, how far views stand from first opinions towards what speaking ties say, and
    what they say on the mean (-1 to 1); set so that views are stationary under ordinary law.
    """

    fear_background: Figure
    fear_rate: Figure
    fear_of_punishment: Figure
    fear_fades: Figure
    own_weight: Figure
    publicity: Figure
    tells: Figure
    view_rate: Figure
    view_anchor: Figure
    view_pulled: Figure
    view_heard: Figure
    view_unjust: Figure
    view_proportion: Figure
    view_privilege: Figure
    view_order: Figure
    aware_own: Figure
    aware_ties: Figure
    risk_known: Figure
    risk_secret: Figure
    risk_raised: Figure
    risk_fades: Figure
    width_known: Figure
    width_secret: Figure


class Survey(Description):
    """How people answer when asked."""

    pressure: Figure
    integrity: Figure


class Friendship(Description):
    """How ties open and close, and what they are worth."""

    drop: Figure
    open: Figure
    company: Figure
    worth: Figures
    usual: Figure
    meets: Figure
    parts: Figure
    partnered_at_start: Figure


class Demand(Figure):
    """The chance a month that somebody wants this. `steep`: factor from the lowest to the highest income decile."""

    steep: Positive
    only: Literal["parent", "single"] | None = None
    by_hand: tuple[str, ...] = ()

    def further_figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield `steep`, which has the row's source and no range of its own."""
        source = "set by hand" if "steep" in self.by_hand else self.source
        unit = "factor from lowest to highest decile"
        yield "steep", Figure.model_construct(value=self.steep, unit=unit, date=self.date, source=source)


class Redress(Description):
    """How false records come to light."""

    noticed: Figures


class Observation(Description):
    """Mistakes and neighbours.

    overlooks: harm of an act (months of essentials) that the most tolerant overlook; reward_lowers, disorder_lowers:
    how far a reward for reporting, and disorder above the usual, lower tolerance; grudge: 1/month a neighbour, a
    report of nothing.
    """

    mistaken_identity: Figure
    minority_factor: Figure
    neighbour_sees: Figure
    overlooks: Figure
    reward_lowers: Figure
    disorder_lowers: Figure
    grudge: Figure

    @model_validator(mode="after")
    def _some(self) -> Observation:
        if self.overlooks.value <= 0:
            raise fault("the most tolerant overlook something", "a harm above 0", at="overlooks.value")
        return self


class FirmSize(Figure):
    """The share of a size class among those who work in firms. `least`, `most`: people of a firm; no `most`: no end."""

    least: Whole
    most: Whole | None = None
    by_hand: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> FirmSize:
        if self.least < 1 or (self.most is not None and self.most < self.least):
            raise fault(f"firms of {self.least} to {self.most} people", "1 ≤ least ≤ most", at="least")
        return self


class Firms(Description):
    """The firms: how many adults work in one, how large they are, and how they trade.

    sizes: by name, the share of each size class; taken in proportion. largest: people of a firm that none exceeds.
    """

    members: Figure
    sizes: dict[str, FirmSize]
    largest: Figure
    margin: Figure
    noise: Figure
    public_trade: Figure
    cash_at_start: Figure
    late_wage: Figure
    held_back: Figure
    fault: Figure
    evades: Figure
    lays_off: Figure

    @model_validator(mode="after")
    def _fit(self) -> Firms:
        if not any(float(row) for row in self.sizes.values()):
            raise fault("no class of firms employs anybody", "a share above 0", at="sizes")
        return self


class Regions(Description):
    """What regional governments do."""

    relief: Figure
    relief_least: Figure
    pays_late: Figure


class UsesChannel(CompactRow):
    """Who uses a channel: share by age band (18-29, 30-44, 45-59, 60 and over) in cities; rural: a factor on it."""

    units: ClassVar[dict[str, str]] = {"rural": "factor in the country"}
    values: tuple[Share, ...]
    rural: Share

    @model_validator(mode="after")
    def _by_age(self) -> UsesChannel:
        if len(self.values) != len(AGE_BANDS):
            raise fault(f"{len(self.values)} values by age", f"{len(AGE_BANDS)}: {', '.join(AGE_BANDS)}", at="values")
        return self

    def further_figures(self) -> Iterator[tuple[str, Figure | Figures]]:
        """Yield the shares by age band, as one figure, and the factor in the country."""
        about = {key: getattr(self, key) for key in ("date", "source", "low", "high", "to", "note")}
        unit = "share of adults who use it"
        yield "values", Figures.model_construct(None, values=self.values, by=BY_AGE, unit=unit, **about)
        yield from super().further_figures()


class OfTable(Sourced):
    """Where age_sex.csv or a column of regions.csv is from. `low` and `high` are factors on the whole of it."""

    unit: str

    @model_validator(mode="after")
    def _row_in_order(self) -> OfTable:
        check_factors(self.low, self.high)
        return self

    def figure(self, values: tuple[Decimal, ...], by: str) -> Figures:
        """Return the numbers of the table as one figure."""
        about = {key: getattr(self, key) for key in ("unit", "date", "source", "low", "high", "to", "note")}
        return Figures.model_construct(None, values=values, by=by, **about)


class Population(Description):
    """Who lives here, beside the tables age_sex.csv and regions.csv. `people` counts all ages.

    tables: where age_sex.csv (`age_sex`) and each column of regions.csv are from. by_hand: numbers that stand in for
    those of the tables, by path: `tables.urban.Gansu`, `tables.age_sex.Gansu.20-24.men`, `dependence.owner.sex.men`.
    """

    people: Figure
    adult_from: Figure
    share_of_15_to_19: Figure
    education_by_age: Figures
    education_urban: Figure
    income_by_education: Figure
    income_urban: Figure
    minority: Figure
    parents: Figures
    owners: Figure
    officials: Figure
    household_sizes: Figures
    children_of_household: Figures
    channels: dict[ChannelName, UsesChannel]
    tables: dict[TableName, OfTable]
    by_hand: dict[str, Number] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Population:
        total = sum(self.household_sizes.values)
        if total != 1:
            raise fault(f"the shares of households sum to {total}", "shares that sum to 1", at="household_sizes.values")
        missing = [channel for channel in CHANNELS if channel not in self.channels]
        if missing:
            raise fault(f"nothing says who uses {' and '.join(missing)}", "every channel", at="channels")
        return self


class Society(Declared):
    """A society, as its society.yaml declares it."""

    reference_year: Whole
    livelihood: Livelihood
    obligations: Obligations
    law: Law
    acts: dict[HabitName, Act]
    temper: Temper
    speech: Speech
    learning: Learning
    survey: Survey
    friendship: Friendship
    demand: dict[WantedName, Demand]
    worth: dict[GateName, Figure]
    redress: Redress
    observation: Observation
    firms: Firms
    regions: Regions
    population: Population

    _folder: Path | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path:
        """The folder of society.yaml, where its population tables stand."""
        if self._folder is None:
            raise ValueError(f"society {self.name} was not read from a file")
        return self._folder

    def further_figures(self) -> Iterator[tuple[str, Figure | Figures]]:
        """Yield what the tables beside the file state: each row of dependence.csv, each column of the others.

        BadInput if they cannot be read; nothing for a society that was not read from a file.
        """
        if self._folder is None:
            return
        tables = self.tables()
        about = self.population.tables
        counted = tuple(Decimal(many) for groups in tables.ages.values() for pair in groups for many in pair)
        yield "population.tables.age_sex", about["age_sex"].figure(counted, "region, age and sex")
        for name, values in tables.columns.items():
            yield f"population.tables.{name}", about[name].figure(values, "region")
        for key, figure in tables.dependence.items():
            yield ".".join(("population.dependence", *key)), figure
        for path, value in self.population.by_hand.items():
            table, _, rest = path.partition(".")
            if table == "tables":
                row = about[rest.partition(".")[0]]
                yield (
                    f"population.{path}",
                    Figure.model_construct(value=value, unit=row.unit, date=row.date, source="set by hand"),
                )

    def tables(self) -> Tables:
        """Return what regions.csv, age_sex.csv and dependence.csv say. BadInput with everything wrong in them."""
        problems: list[Problem] = []
        found = read(self, problems)
        if found is None:
            raise BadInput(problems)
        return found

    @property
    def adults(self) -> int:
        """How many adults age_sex.csv counts. OSError or ValueError if it cannot be read."""
        teens = grown = 0
        if any(path.startswith("tables.age_sex.") for path in self.population.by_hand):
            ages = list(self.tables().ages.values())
            teens, grown = sum(sum(groups[3]) for groups in ages), sum(sum(map(sum, groups[4:])) for groups in ages)
            return round(grown + teens * self.population.share_of_15_to_19.value)
        lines = (self.folder / AGE_SEX).read_text(encoding="utf-8").splitlines()
        try:
            for row in csv.DictReader(line for line in lines if not line.startswith("#")):
                first = int(row["age"].split("-")[0].rstrip("+"))
                people = int(row["men"]) + int(row["women"])
                teens += people if first == 15 else 0
                grown += people if first >= 20 else 0
        except (KeyError, TypeError, AttributeError, ValueError, csv.Error) as error:
            raise ValueError(f"{AGE_SEX} needs the columns region, age, men and women, with whole numbers") from error
        return round(grown + teens * self.population.share_of_15_to_19.value)

    @model_validator(mode="after")
    def _worth_of_demand(self) -> Society:
        for gate in self.demand:
            if gate not in self.worth:
                raise fault(f"nothing says what being refused `{gate}` costs", f"`{gate}` under `worth`", at="worth")
        return self
