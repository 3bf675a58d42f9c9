"""A table of what is known beside what was found, for the cases in this folder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One known answer: what it is, the figure that others found, the one found here, and how far they may differ."""

    what: str
    expected: float
    found: float
    within: float

    @property
    def agrees(self) -> bool:
        """Whether the two lie within the tolerance."""
        return abs(self.found - self.expected) <= self.within


def show(title: str, rows: Iterable[Row]) -> None:
    """Print a table; a row that does not agree is marked."""
    print(title)
    print(f"{'':44}{'expected':>13}{'found':>13}{'within':>12}")
    for row in rows:
        mark = "" if row.agrees else "  no"
        print(f"{row.what:44}{row.expected:>13.6g}{row.found:>13.6g}{row.within:>12.2g}{mark}")
