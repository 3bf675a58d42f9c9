"""Which signs survive when a rule of the month is another one: the ledger under usual and alternative rules.

python examples/alternatives/signs.py [people] [years] [seeds]
"""

from __future__ import annotations

import sys

import conduct_by_habit
import sincerity as sc
import speech_by_thresholds
from sincerity.rules import Schedule

RULES = {
    "usual": None,
    "speech by thresholds": speech_by_thresholds.SCHEDULE,
    "conduct by habit": conduct_by_habit.SCHEDULE,
    "both": conduct_by_habit.SCHEDULE.replace("speech", speech_by_thresholds.SPEECH),
}


def sign(low: float, high: float) -> str:
    """+, - or 0; ? where the seeds disagree."""
    return "+" if low > 0 else "-" if high < 0 else "0" if low == high == 0 else "?"


def lived(schedule: Schedule | None, people: int | str, years: int, seeds: int) -> sc.Ledger:
    """The ledger of the citizen score against ordinary law."""
    study = sc.compare(["none", "citizen-score"], people=people, years=years, seeds=seeds, schedule=schedule)
    return study.ledger()


def levels(ledgers: dict[str, sc.Ledger]) -> list[str]:
    """A Markdown table: what ordinary law alone gives, per 1,000 adults; rows that nobody can be in are left out."""
    lines = head("under ordinary law", ledgers)
    for k, row in enumerate(next(iter(ledgers.values())).rows):
        if row.ordinary:
            cells = [f"{ledger.rows[k].ordinary or 0.0:.1f}" for ledger in ledgers.values()]
            lines.append(f"| {row.sentence} | {' | '.join(cells)} |")
    return lines


def head(first: str, ledgers: dict[str, sc.Ledger]) -> list[str]:
    """The head of a table."""
    return [f"| {first} | {' | '.join(ledgers)} |", "|---|" + "--:|" * len(ledgers)]


def table(ledgers: dict[str, sc.Ledger]) -> list[str]:
    """A Markdown table: differences per 1,000 adults; in bold the sign where it is not that under the first rules."""
    lines = head("what the regime changes", ledgers)
    for k, row in enumerate(next(iter(ledgers.values())).rows):
        usual, cells = sign(row.low, row.high), []
        for ledger in ledgers.values():
            here = ledger.rows[k]
            mark = "" if sign(here.low, here.high) == usual else f" **{sign(here.low, here.high)}**"
            cells.append(f"{here.difference or 0.0:+.1f} ({here.low:+.1f} to {here.high:+.1f}){mark}")
        lines.append(f"| {row.sentence} | {' | '.join(cells)} |")
    return lines


def main(people: str = "20k", years: str = "4", seeds: str = "3") -> None:
    """Print both tables."""
    ledgers = {name: lived(schedule, people, int(years), int(seeds)) for name, schedule in RULES.items()}
    print("\n".join([*levels(ledgers), "", *table(ledgers)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
