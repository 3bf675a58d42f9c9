"""Months, and dates as they are written in declared files."""

from __future__ import annotations

import re
from typing import NamedTuple, overload

FIRST_YEAR, LAST_YEAR = 1900, 2200


class Month(NamedTuple):
    """A month of a year (1900-2200). `month + 3` is three months later; `month - other` counts the months between."""

    year: int
    month: int

    @staticmethod
    def parse(text: str) -> Month:
        """Return the month of '2014-06'; ValueError for anything else."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
        if not found:
            raise ValueError(f"not a month: {text}")
        year, month = int(found[1]), int(found[2])
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
            raise ValueError(f"not a month: {text}")
        return Month(year, month)

    @property
    def ordinal(self) -> int:
        """Months since the year 0."""
        return self.year * 12 + self.month - 1

    def __add__(self, months: int) -> Month:  # type: ignore[override]
        """Return the month so many months later."""
        index = self.ordinal + months
        return Month(index // 12, index % 12 + 1)

    @overload
    def __sub__(self, other: Month) -> int: ...
    @overload
    def __sub__(self, other: int) -> Month: ...
    def __sub__(self, other: Month | int) -> Month | int:
        """Return the months between two months, or the month so many months earlier."""
        if isinstance(other, Month):
            return self.ordinal - other.ordinal
        return self + -other

    def __str__(self) -> str:
        """Return '2014-06'."""
        return f"{self.year:04d}-{self.month:02d}"


def is_date(text: str) -> bool:
    """Say whether `text` is a year, a month or a day: 2017, 2017-10, 2017-10-31."""
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    if not found:
        return False
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31
