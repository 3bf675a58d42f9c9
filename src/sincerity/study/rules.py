"""Rule by rule: who loses what by it, for how long, whether it is undone, what it buys, and what would be cheaper.

The rules are those that the assessment names, each with the entry of the ledgers that it bears on. An entry counts what
the whole regime does, so rules that share one (two gates, one kind of refusal) share its figure. What a rule buys is
known only where a world without it was run beside: where a reform takes it away.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from sincerity.census import fairness
from sincerity.census.spells import Spell
from sincerity.study.accounts import GROUPINGS, AccountRow, group_words
from sincerity.study.assess import NO_FINDING, assess
from sincerity.study.entries import PROMISES, RIGHTS, Entry
from sincerity.study.ledger import FEW_CASES, shown
from sincerity.study.tabular import MINUS

if TYPE_CHECKING:
    from sincerity.study.follow import Followed
    from sincerity.study.reforms import Reforms
    from sincerity.study.study import Study

ENTRIES: dict[str, Entry] = {entry.id: entry for entry in (*RIGHTS, *PROMISES)}
SPELL_OF = {"after_cure": "cured_listed", "false_record": "false_record", "wrongly_refused": "false_record",
            "never_corrected": "false_record", "presumed": "presumed"}  # fmt: skip
"""Entries whose state has spells of its own; a list and a gate have theirs by path."""
WIDEST = 100
WORTH_IT = 0.1
"""Of what is taken: a reform that saves less is named as cheaper only where none saves more."""
HIT_BY = tuple(by for by in GROUPINGS if by != "region")
"""Regions are left out: of so many small groups one is always far from all by chance."""


class Hit(NamedTuple):
    """The group that an entry hits most: its rate over that of all. low, high: 95 % interval of the ratio (Katz and
    others 1978); chosen by the lower end, so that a handful of cases is not taken for a rule.
    """

    by: str
    group: str
    ratio: float
    low: float
    high: float


class Bought(NamedTuple):
    """A promise that clearly changes in the world without the rule: by how much, in the entry's unit."""

    words: str
    without: float


class Cheaper(NamedTuple):
    """A reform that clearly lessens what a rule takes. saves: in the entry's unit, of what the regime takes beyond the
    study's first world (`of`). costs: promises clearly worse.
    """

    reform: str
    saves: float
    of: float
    costs: tuple[str, ...]


class RuleRow(NamedTuple):
    """One rule. path, place: where it stands. says: what it says. entry: what it takes, a line of the ledger.

    hit: None where no group is told from all. spell: how long it holds, None where that was not followed or a refusal
    is over at once. isolated: the reform that takes the rule away, where it was run beside; bought: what that changes
    in the promises. cheaper: None where no reform of the study lessens it, or none was run.
    """

    path: str
    place: str
    says: str
    entry: AccountRow
    hit: Hit | None
    spell: Spell | None
    isolated: str
    bought: tuple[Bought, ...]
    cheaper: Cheaper | None

    @property
    def loses(self) -> str:
        """Who loses what, in words."""
        row = self.entry
        sign = row.difference is not None
        figure = row.difference if row.difference is not None else row.regime
        if figure is None:
            return f"{row.words}: not counted in this run"
        inside = "" if row.low is None or row.high is None else f" ({_fine(row.low, sign)} to {_fine(row.high, sign)})"
        told = f"{row.words}: {_fine(figure, sign)}{inside} {row.unit}"
        if self.hit is None:
            return f"{told}; no group is told from all"
        hit = self.hit
        who, ratio = group_words(hit.by, hit.group), f"× {hit.ratio:.2f} of all ({hit.low:.2f} to {hit.high:.2f})"
        return f"{told}; most: {who}, {ratio}"

    @property
    def lasts(self) -> str:
        """How long, and whether it is undone, in words; '' where it was not followed."""
        if self.spell is None:
            return ""
        spell = self.spell
        half = "more than half outlast the run" if spell.median is None else f"half last {spell.median} months or less"
        undone = "" if spell.undone is None else f"; {100 * spell.undone:.0f} % undone within a year"
        return f"{half}{undone} ({spell.spells:,} times)"

    @property
    def buys(self) -> str:
        """What it buys, in words; '' where no reform isolates it."""
        if not self.isolated:
            return ""
        told = "; ".join(f"{each.words} {_fine(each.without, True)}" for each in self.bought)
        return f"without it ({self.isolated}): {told or 'no promise clearly changes'}"

    @property
    def instead(self) -> str:
        """What would be cheaper, in words; '' where nothing is known to be."""
        if self.cheaper is None:
            return ""
        costs = ", ".join(self.cheaper.costs) or "no promise clearly"
        return f"{self.cheaper.reform}: saves {_fine(self.cheaper.saves)} of {_fine(self.cheaper.of)}; costs {costs}"


@dataclass(frozen=True, slots=True)
class Rules:
    """The table of one regime. Iterates over its rows. followed, reformed: whether spells and reforms were there."""

    title: str
    regime: str
    rows: tuple[RuleRow, ...]
    followed: bool
    reformed: bool

    def __iter__(self) -> Iterator[RuleRow]:
        return iter(self.rows)

    def lines(self, width: int = WIDEST) -> list[str]:
        """The table as text, a block a rule, no line wider than `width` (60 to 100)."""
        width = max(60, min(width, WIDEST))
        told = [f"Rule by rule: {self.title}", ""]
        for row in self.rows:
            told += textwrap.wrap(f"{row.path} ({row.place}): {row.says}", width, subsequent_indent="    ")
            parts = (("loses", row.loses), ("how long", row.lasts), ("buys", row.buys), ("cheaper", row.instead))
            for head, text in parts:
                if text:
                    first = f"  {head.ljust(9)} "
                    told += textwrap.wrap(first + text, width, subsequent_indent=" " * len(first))
            told.append("")
        for part in self.small:
            told += textwrap.wrap(part, width)
        return told

    @property
    def small(self) -> list[str]:
        """How the table is to be read, and what was not run."""
        told = [
            "Loses: the regime less the study's first world, with the spread over the seeds; an entry counts all rules "
            "that bear on it. Most: the group's rate over that of all, under the regime, with its 95 % interval. "
            "Cheaper: the reform that saves a tenth of it or more and costs fewest promises, "
            "then saves most; where none does, the one that saves most."
        ]
        if not self.followed:
            told.append("How long a rule holds was not followed: `sincerity follow`.")
        if not self.reformed:
            told.append(f"What a rule buys was not run: `sincerity reforms {self.regime}`.")
        return [*told, NO_FINDING, "Invented people; not a forecast."]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def plain(found: Rules) -> list[dict[str, Any]]:
    """The rows as plain values, for a document."""
    told = []
    for row in found:
        parts = {name: part and part._asdict() for name, part in (("hit", row.hit), ("spell", row.spell))}
        parts |= {"entry": asdict(row.entry), "cheaper": row.cheaper and row.cheaper._asdict()}
        told.append(row._asdict() | parts | {"bought": [each._asdict() for each in row.bought]})
    return told


def rules(study: Study, name: str) -> Rules:
    """The table of one world of a study."""
    reforms, followed = study.reforms(name), study.followed
    if followed is not None and followed.world != name:
        followed = None
    accounts = {row.id: row for row in (*study.rights("all", name), *study.promises("all", name))}
    hits: dict[str, Hit | None] = {}
    rows: dict[tuple[str, str], RuleRow] = {}
    for point in assess(study, name):
        if point.entry not in accounts or (point.path, point.entry) in rows:
            continue
        if point.entry not in hits:
            hits[point.entry] = hit_most(study, ENTRIES[point.entry], name)
        isolated = point.takes if reforms is not None and point.takes in reforms.names else ""
        rows[point.path, point.entry] = RuleRow(
            point.path, point.place, point.says, accounts[point.entry], hits[point.entry],
            _spell(point.path, point.entry, followed), isolated,
            _bought(reforms, isolated) if reforms is not None and isolated else (),
            _cheaper(reforms, point.entry) if reforms is not None else None,
        )  # fmt: skip
    title = study.scenario.world(name).title
    return Rules(title, name, tuple(rows.values()), followed is not None, reforms is not None)


def hit_most(study: Study, entry: Entry, name: str) -> Hit | None:
    """The group whose rate is clearly highest over that of all, of every grouping but regions; None where none is."""
    best: Hit | None = None
    for by in HIT_BY:
        tally = study.tally(by)
        try:
            pairs = {group: entry.figures(tally.of_world(name, group)) for group in tally.groups}
        except KeyError:  # not counted by group
            return None
        counts = {group: (int(had.sum()), int(of.sum())) for group, (had, of) in pairs.items()}
        cases, of = (sum(pair[k] for pair in counts.values()) for k in (0, 1))
        for group, (mine, among) in counts.items():
            if mine < FEW_CASES or not among or mine == cases:
                continue
            low, high = fairness.ratio_interval(mine, among, cases, of)
            if isfinite(low) and low > max(1.0, best.low if best else 1.0):
                best = Hit(by, group, mine / among * of / cases, low, high)
    return best


def _spell(path: str, entry: str, followed: Followed | None) -> Spell | None:
    return followed.spells.get(SPELL_OF.get(entry, path)) if followed is not None else None


def _bought(reforms: Reforms, isolated: str) -> tuple[Bought, ...]:
    changes = ((line, line.change(isolated)) for line in reforms.leading("promise"))
    return tuple(Bought(line.words, change.figure - line.regime) for line, change in changes if change.clear)


def _cheaper(reforms: Reforms, entry: str) -> Cheaper | None:
    ranked = reforms.line(entry).ranked
    if not ranked:
        return None
    line, costs = reforms.line(entry), {standing.reform: standing.costs for standing in reforms.standings}
    taken = abs(line.regime - (line.ordinary or 0.0))
    enough = [change for change in ranked if change.better >= WORTH_IT * taken] or ranked[:1]
    best = min(enough, key=lambda change: (len(costs[change.reform]), change.rank))
    return Cheaper(best.reform, best.better, taken, costs[best.reform])


def _fine(value: float, sign: bool = False) -> str:
    """A figure as `shown` gives it, with two decimals below 1: what a single rule takes is little."""
    if not 0.005 <= abs(value) < 0.995:
        return shown(value, sign)
    return (MINUS if value < 0 else "+" if sign else "") + f"{abs(value):.2f}"
