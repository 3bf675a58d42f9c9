"""Figures: numbers that say their unit, date and source, and how far they may be off if nobody has measured them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ValidationInfo, model_validator

from sincerity.declare.base import Date, Description, Names, Number, SourceName, fault, name_of
from sincerity.declare.vocabulary import BY

# what a unit begins with -> the range of its values
BOUNDS: dict[str, tuple[Decimal, Decimal | None]] = {
    "share": (Decimal(0), Decimal(1)),
    "chance": (Decimal(0), Decimal(1)),
    "1/": (Decimal(0), Decimal(1)),
    "log-sd": (Decimal(0), None),
    "factor": (Decimal(0), None),
    "years": (Decimal(0), None),
    "people": (Decimal(0), None),
    "weight": (Decimal(0), None),
}


class Sourced(Description):
    """What every figure carries. `source`: a key of the file's `sources`, 'assumed', 'calibrated' or 'set by hand'."""

    date: Date
    source: SourceName
    low: Number | None = None
    high: Number | None = None
    to: str | None = None
    note: str | None = None

    @property
    def assumed(self) -> bool:
        """Whether nobody has measured it."""
        return self.source == "assumed"

    @model_validator(mode="after")
    def _has_range(self) -> Sourced:
        check_origin(self.source, self.low, self.high, self.to)
        return self


class Figure(Sourced):
    """One number. `low` and `high` are in the same unit as `value`. `float(figure)` is its value."""

    value: Number
    unit: str

    def __float__(self) -> float:
        """Return the value as a float."""
        return float(self.value)

    @model_validator(mode="after")
    def _in_order(self) -> Figure:
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise fault(f"{self.value} is not between {self.low} and {self.high}", "low ≤ value ≤ high", at="value")
        least, most = bounds(self.unit)
        for key, given in (("value", self.value), ("low", self.low), ("high", self.high)):
            check_bounds(given, least, most, self.unit, key)
        return self


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


class Figures(Sourced):
    """A list of numbers over `by` (such as income decile). `low` and `high` are factors on the whole list."""

    values: tuple[Number, ...]
    by: Annotated[str, name_of("group that figures run over", BY)]
    unit: str

    @model_validator(mode="after")
    def _complete(self) -> Figures:
        wanted = BY[self.by] or len(self.values)
        if not self.values or len(self.values) != wanted:
            raise fault(f"{len(self.values)} values by {self.by}", f"{wanted or 'some'} values", at="values")
        least, most = bounds(self.unit)
        for index, given in enumerate(self.values):
            check_bounds(given, least, most, self.unit, f"values.{index}")
        check_factors(self.low, self.high)
        return self


class CompactRow(Sourced):
    """Several numbers in one row with one source. `low`, `high`: factors on each; `by_hand`: which --set changed."""

    units: ClassVar[dict[str, str]] = {}  # field -> unit
    by_hand: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _row_in_order(self) -> CompactRow:
        check_factors(self.low, self.high)
        return self

    def figure(self, name: str, value: Decimal, unit: str) -> Figure:
        """Return one number of the row as a figure of its own."""
        if name in self.by_hand:
            return Figure.model_construct(value=value, unit=unit, date=self.date, source="set by hand")
        low = high = None
        if self.low is not None and self.high is not None:
            low, high = sorted((value * self.low, value * self.high))
        return Figure.model_construct(
            value=value, unit=unit, date=self.date, source=self.source, low=low, high=high, to=self.to, note=self.note
        )

    def further_figures(self) -> Iterator[tuple[str, Figure | Figures]]:
        """Yield each number that the row states, as (name, figure)."""
        for name, unit in self.units.items():
            yield name, self.figure(name, getattr(self, name), unit)


def each_figure(part: Any, path: str) -> Iterator[tuple[str, Figure | Figures]]:
    """Yield every figure in a declared part, as (dotted path, figure). A list over deciles or ages is one figure."""
    if isinstance(part, Figure | Figures):
        yield path, part
    if isinstance(part, Description):
        for name, figure in part.further_figures():
            yield f"{path}.{name}", figure
        for name, field in type(part).model_fields.items():
            yield from each_figure(getattr(part, name), f"{path}.{field.alias or name}")
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from each_figure(inner, f"{path}.{name}")


def bounds(unit: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the range of values in this unit: shares and chances from 0 to 1, others as they come."""
    for start, (least, most) in BOUNDS.items():
        if unit.startswith(start):
            return least, most
    return None, None


def check_bounds(given: Decimal | None, least: Decimal | None, most: Decimal | None, unit: str, at: str) -> None:
    """Raise a fault if a number is outside the range of its unit."""
    if given is None or least is None:
        return
    if given < least or (most is not None and given > most):
        expected = f"{least} to {most}" if most is not None else f"{least} or more"
        raise fault(f"{given} is out of range for `{unit}`", expected, at=at)


def check_origin(source: str, low: Decimal | None, high: Decimal | None, to: str | None) -> None:
    """Raise a fault unless an assumed number has a range and a calibrated one says to what."""
    if (low is None) != (high is None):
        missing = "low" if low is None else "high"
        raise fault(f"a range needs `low` and `high`; `{missing}` is missing", "low ≤ value ≤ high")
    if source == "assumed" and low is None:
        raise fault("an assumed figure needs a range", "`low` and `high` beside the value", at="source")
    if source == "calibrated" and not to:
        raise fault("a calibrated figure says what it was fitted to", "`to: …`", at="source")


def check_factors(low: Decimal | None, high: Decimal | None) -> None:
    """Raise a fault unless low ≤ 1 ≤ high, where these are factors on the stated numbers."""
    if low is not None and high is not None and not 0 <= low <= 1 <= high:
        raise fault("`low` and `high` are factors here", "low ≤ 1 ≤ high, such as low: 0.5, high: 2", at="low")
