"""What failed validation: the published patterns that the model misses, as the package keeps them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import sincerity
from sincerity.report import words

KEPT = Path(sincerity.__file__).parent / "study" / "validation.json"
"""What `sincerity validate patterns --write` wrote of this version."""


class Missed(NamedTuple):
    """A pattern that the model misses. target, value: figures with the range, in the pattern's unit, as text."""

    pattern: str
    where: str
    source: str
    target: str
    value: str
    role: str
    sentence: str


class Validation(NamedTuple):
    """said: how many patterns were met and missed. rows: those missed. small: how it was done."""

    said: str
    rows: list[Missed]
    small: str


def section(path: Path = KEPT) -> Validation | None:
    """What the package keeps of validation; None where it keeps nothing."""
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    patterns = kept["patterns"]
    missed = [_missed(each) for each in patterns if each["verdict"] == "missed"]
    met = sum(each["verdict"] == "met" for each in patterns)
    fitted = sum(each["verdict"] == "missed" and each["role"] != "emergent" for each in patterns)
    said = (
        f"Of {len(patterns)} published patterns the model misses {len(missed)} and meets {met}. "
        f"{fitted} of those missed were fitted or built in. Results that rest on what is missed are weaker for it."
    )
    small = (
        f"Over {kept['people']:,} invented adults and {words.count(int(kept['seeds']), 'seed')}; Sincerity "
        f"{kept['version']}, {words.day(kept['made'])}. Not this run's own people: the worlds named in the table."
    )
    return Validation(said, missed, small)


def _missed(each: dict[str, Any]) -> Missed:
    target, unit = each["target"], each["target"]["unit"]
    return Missed(
        pattern=words.first_upper(each["pattern"]),
        where=f"{each['world']}, {each['society']}, {each['when']}",
        source=each["source"],
        target=f"{_range(target['low'], target['high'])} {unit}".strip(),
        value=f"{_figure(each['value'])} ({_range(each['low'], each['high'])})",
        role=each["role"],
        sentence=each["sentence"],
    )


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"above {_figure(low)}" if low is not None else f"below {_figure(high)}" if high is not None else "–"
    return f"{_figure(low)} to {_figure(high)}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}".replace("-", words.MINUS)
