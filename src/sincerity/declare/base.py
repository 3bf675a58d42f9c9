"""The base of all declared models, and the types of their fields: numbers, shares, names, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sincerity.declare.dates import Month, is_date
from sincerity.declare.problems import closest
from sincerity.declare.tree import NUMBER
from sincerity.declare.vocabulary import ACCOUNTS, ACTS, CHANNELS, CREDITED, DOMAINS, GATES, HABITS, OWN_SOURCES, WANTED

SPOKEN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


class Quoted(str):
    """A scalar that was written in quotes: text, never a number."""


class Description(BaseModel):
    """A frozen part of a declared file. Keys that it does not name are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    def further_figures(self) -> Iterator[tuple[str, Any]]:
        """Yield the numbers that share this part's source without being figures themselves, as (name, Figure)."""
        yield from ()


@dataclass(frozen=True)
class Names:
    """What a file itself declares, and its parts may refer to; given to the validators as context.

    None: the section cannot be read, which is a problem of its own, so that names out of it are not judged.
    """

    sources: tuple[str, ...] | None = ()
    accounts: tuple[str, ...] | None = ()
    lists: tuple[str, ...] | None = ()
    bands: tuple[str, ...] | None = ()
    providers: tuple[str, ...] | None = ()
    scored: bool = False
    lowest: Decimal | None = None
    highest: Decimal | None = None


def fault(message: str, expected: str = "", near: str = "", at: str = "") -> PydanticCustomError:
    """Return an error for a validator to raise. `at` is the dotted place below the value at which it stands."""
    context: dict[str, Any] = {"said": message, "expected": expected, "near": near, "at": at}
    return PydanticCustomError("sincerity", "{said}", context)


def listed(words: Iterable[str], most: int = 12) -> str:
    """Return 'a, b or c', cut after `most` words."""
    all_words = list(words)
    if len(all_words) > most:
        return ", ".join(all_words[:most]) + ", …"
    return " or ".join(filter(None, [", ".join(all_words[:-1]), *all_words[-1:]]))


def name_of(what: str, words: Iterable[str]) -> BeforeValidator:
    """Return a validator for a name out of a closed list, such as an act's."""
    allowed = tuple(words)

    def check(value: Any) -> Any:
        if value not in allowed:
            near = closest(str(value), allowed)
            raise fault(f"`{value}` is no {what}", "" if near else f"one of {listed(allowed)}", _ticked(near))
        return value

    return BeforeValidator(check)


def name_from(what: str, names: Callable[[Names], tuple[str, ...] | None], where: str) -> BeforeValidator:
    """Return a validator for a name that the file itself must declare, such as a list's."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if not isinstance(info.context, Names):
            return value
        allowed = names(info.context)
        if allowed is not None and value not in allowed:
            near = closest(str(value), allowed)
            raise fault(f"{what} `{value}` is not declared under `{where}`", _one_of(allowed, near), _ticked(near))
        return value

    return BeforeValidator(check)


def number(value: Any) -> Decimal:
    """Return the exact number that a text means. At most 15 digits before and after the point; no NaN, no infinity."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    text = str(value)
    if isinstance(value, Quoted):
        raise fault(f"`{text}` is in quotes, so it is text", "a number without quotes")
    if isinstance(value, bool) or not isinstance(value, str | int | float) or not NUMBER.fullmatch(text):
        shown = f"`{text[:40]}`" if isinstance(value, str | int | float) else "this"
        raise fault(f"{shown} is no number", "a number such as 0.25")
    return Decimal(text)


def within(low: str, high: str = "") -> BeforeValidator:
    """Return a validator for a number from `low` to `high` (without limit if '')."""
    least, most = Decimal(low), Decimal(high) if high else None

    def check(value: Any) -> Decimal:
        given = number(value)
        if given < least or (most is not None and given > most):
            raise fault(f"{given} is out of range", f"{low} to {high}" if high else f"{low} or more")
        return given

    return BeforeValidator(check)


def _ticked(word: str) -> str:
    return f"`{word}`" if word else ""


def _one_of(allowed: tuple[str, ...], near: str) -> str:
    if near or not allowed:
        return ""
    return f"one of {listed(allowed)}" if len(allowed) > 1 else f"`{allowed[0]}`"


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "true"):
        return True
    if value in ("no", "false"):
        return False
    raise fault(f"`{value}` is neither yes nor no" if isinstance(value, str) else "this is no value", "yes or no")


def _whole(value: Any) -> int:
    given = number(value)
    if given != given.to_integral_value():
        raise fault(f"{given} is not whole", "a whole number")
    return int(given)


def _month(value: Any) -> Month:
    if isinstance(value, Month):
        return value
    try:
        return Month.parse(str(value))
    except ValueError:
        raise fault(f"`{str(value)[:40]}` is no month", "year and month, such as 2014-06") from None


def _date(value: Any) -> str:
    if not is_date(str(value)):
        raise fault(f"`{str(value)[:40]}` is no date", "a date such as 2017, 2017-10 or 2017-10-31")
    return str(value)


def own_name(value: Any) -> str:
    """Return a name that a regime or society may have; a fault for others."""
    if not isinstance(value, str) or not SPOKEN_NAME.fullmatch(value):
        raise fault("a name has small letters, digits and '-'", "a name such as citizen-score")
    if value in ("society", "run"):
        raise fault(f"`{value}` is taken: paths of --set begin with it", "another name")
    return str(value)


def _source(value: Any, info: ValidationInfo) -> str:
    if isinstance(info.context, Names) and info.context.sources is not None:
        allowed = (*info.context.sources, *OWN_SOURCES)
        if value not in allowed:
            near = closest(str(value), allowed)
            expected = "" if near else "such a key, or assumed, or calibrated"
            raise fault(f"source `{value}` is not declared under `sources`", expected, _ticked(near))
    return str(value)


A_NUMBER = WithJsonSchema({"type": "number"})
A_DATE = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]})
A_MONTH = WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"})
YES_NO = WithJsonSchema({"enum": [True, False, "yes", "no"]})


def _enum(words: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(words)})


Number = Annotated[Decimal, BeforeValidator(number), A_NUMBER]
Share = Annotated[Decimal, within("0", "1"), A_NUMBER]
Positive = Annotated[Decimal, within("0"), A_NUMBER]
Whole = Annotated[int, BeforeValidator(_whole)]
YesNo = Annotated[bool, BeforeValidator(_yes_no), YES_NO]
Date = Annotated[str, BeforeValidator(_date), A_DATE]
# a Month in Python, text in the resolved file
When = Annotated[Month, PlainValidator(_month), PlainSerializer(str), A_MONTH]
OwnName = Annotated[str, BeforeValidator(own_name)]

SourceName = Annotated[str, BeforeValidator(_source)]
AccountName = Annotated[str, name_from("account", lambda names: names.accounts, "accounts")]
ListName = Annotated[str, name_from("list", lambda names: names.lists, "lists")]
BandName = Annotated[str, name_from("band", lambda names: names.bands, "bands")]
ProviderName = Annotated[str, name_from("provider", lambda names: names.providers, "providers")]
KeptName = Annotated[str, name_of("account that the month keeps", ACCOUNTS), _enum(ACCOUNTS)]
DomainName = Annotated[str, name_of("domain", DOMAINS), _enum(DOMAINS)]
ActName = Annotated[str, name_of("act", ACTS), _enum(ACTS)]
CreditedName = Annotated[str, name_of("act that points can hang on", CREDITED), _enum(CREDITED)]
HabitName = Annotated[str, name_of("act with a rate of its own", HABITS), _enum(HABITS)]
ChannelName = Annotated[str, name_of("channel", CHANNELS), _enum(CHANNELS)]
GateName = Annotated[str, name_of("gate", GATES), _enum(GATES)]
WantedName = Annotated[str, name_of("gate with a demand of its own", WANTED), _enum(WANTED)]


class Reference(Description):
    """Where a figure comes from."""

    title: str
    date: Date
    link: str | None = None


class Declared(Description):
    """What every declared file says of itself."""

    name: OwnName
    title: str
    place: str
    sources: dict[str, Reference] = Field(default_factory=dict)
