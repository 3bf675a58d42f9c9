"""The study of reforms: which single safeguard saves most of what a regime takes, and what it costs its promises.

Every reform is set against the regime that it changes, with the same people, seeds and luck, right by right. There is
no sum over rights: a month barred from trains and a word unsaid have no common unit, so what is counted in the end is
only in how many rights a reform saves most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sincerity.declare import catalogue
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.study import store
from sincerity.study.accounts import by_seed
from sincerity.study.entries import PROMISES, RIGHTS, Entry
from sincerity.study.ledger import FEW_CASES, spread, spread_words
from sincerity.study.twins import read_part

if TYPE_CHECKING:
    from sincerity.study.study import Study
    from sincerity.study.tally import Tally

ASKED = "reforms.json"
NO_GRADE = (
    "There is no single grade: rights have no common unit. A reform is ranked within each right, by the entry that the "
    "right is led by, and what is counted is in how many rights it saves most."
)


class Change(NamedTuple):
    """What one reform does to one entry. figure: under the reform. better: by how much the right or promise is better
    kept than under the regime itself (below 0: worse), in the entry's unit; low, high: its spread over the seeds.

    rank: 1 saves most, among those that clearly save anything; 0 for the others. level: whether the seeds cannot tell
    it from the one that saves most.
    """

    reform: str
    figure: float
    better: float
    low: float
    high: float
    rank: int
    level: bool

    @property
    def clear(self) -> str:
        """'better', 'worse', or '' where the spread over the seeds leaves it open or nothing changes."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else ""


class Line(NamedTuple):
    """One entry of the ledgers under every reform. leads: whether its right or promise is judged by it.

    ordinary: under the study's first world; regime: under the regime itself. few: fewer than 20 cases under regime and
    reforms, all seeds together: nothing is ranked. changes: one a reform, in the order of the study.
    """

    id: str
    kind: str
    heading: str
    words: str
    unit: str
    definition: str
    leads: bool
    ordinary: float | None
    regime: float
    few: bool
    changes: tuple[Change, ...]

    @property
    def ranked(self) -> tuple[Change, ...]:
        """Those that clearly save something, the one that saves most first."""
        return tuple(sorted((change for change in self.changes if change.rank), key=lambda change: change.rank))

    def change(self, reform: str) -> Change:
        """What one reform does; KeyError for others."""
        for change in self.changes:
            if change.reform == reform:
                return change
        raise KeyError(reform)


class Standing(NamedTuple):
    """How often a reform saves most. alone, level: names of the rights in which it does, alone or level with others.

    worse: rights whose leading entry is clearly worse. gains, costs: promises, by their leading entry, that are clearly
    better and clearly worse kept.
    """

    reform: str
    alone: tuple[str, ...]
    level: tuple[str, ...]
    worse: tuple[str, ...]
    gains: tuple[str, ...]
    costs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reforms:
    """What each reform saves of what a regime takes, and what it costs the promises. Iterates over its lines.

    regime: the name of what they reform; ordinary: the study's first world, or None where that is the regime. names:
    of the reforms. lines: rights, then promises. spread: how low and high are to be read. seeds: how many.
    """

    regime: str
    ordinary: str | None
    names: tuple[str, ...]
    titles: dict[str, str]
    lines: tuple[Line, ...]
    spread: str
    seeds: int

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def line(self, id: str) -> Line:
        """The line of an entry; KeyError for others."""
        for line in self.lines:
            if line.id == id:
                return line
        raise KeyError(id)

    def leading(self, kind: str) -> tuple[Line, ...]:
        """The lines by which 'right's or 'promise's are judged."""
        return tuple(line for line in self.lines if line.leads and line.kind == kind)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How often each reform saves most, the most often first."""
        found = [self._standing(name) for name in self.names]
        return tuple(sorted(found, key=lambda s: (-len(s.alone), -len(s.level), len(s.worse))))

    def _standing(self, name: str) -> Standing:
        rights, promises = self.leading("right"), self.leading("promise")
        best = {line.heading: [c.reform for c in line.changes if c.level] for line in rights}
        return Standing(
            name,
            tuple(heading for heading, level in best.items() if level == [name]),
            tuple(heading for heading, level in best.items() if name in level and len(level) > 1),
            tuple(line.heading for line in rights if line.change(name).clear == "worse"),
            tuple(line.heading for line in promises if line.change(name).clear == "better"),
            tuple(line.heading for line in promises if line.change(name).clear == "worse"),
        )

    def to_arrow(self) -> pa.Table:
        """One line an entry and reform: the entry's fields, then the change's."""
        rows = [
            {name: getattr(line, name) for name in Line._fields[:-1]} | change._asdict() | {"clear": change.clear}
            for line in self.lines
            for change in line.changes
        ]
        return pa.Table.from_pylist(rows)


def worlds_of(regime: str, further: Sequence[str] = ()) -> tuple[str, ...]:
    """The worlds of the study of a regime's reforms: ordinary law, the regime, its reforms in the catalogue, `further`.

    Raises BadInput where the regime is ordinary law itself, or there is no reform.
    """
    found = (*catalogue.reforms_of(regime), *further)
    if regime == "none" or not found:
        reformed = [name for name in catalogue.regime_names() if catalogue.reforms_of(name)]
        message = f"the catalogue has no reform of `{regime[:80]}`"
        near = closest(regime, reformed)
        expected = f"one of {', '.join(reformed)}, or reforms of your own after it"
        raise BadInput([Problem(regime[:80], 0, 0, message, expected, near)])
    return tuple(dict.fromkeys(("none", regime, *found)))


def keep_asked(study: Study, regime: str, names: Sequence[str]) -> None:
    """Keep in the run folder which worlds are reforms of which, where the catalogue does not know them all."""
    whole = {"schema": "sincerity/reforms-asked", "key": study.manifest["key"], "regime": regime, "names": list(names)}
    store.write_json(study.folder / ASKED, whole)


def asked_of(study: Study, regime: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The regime whose reforms a study holds, and these: by what was asked when it was made, or by the catalogue.

    Without `regime`, the one with most reforms among the worlds; ('', ()) where none has any.
    """
    kept = read_part(study, ASKED)
    if kept is not None and regime in (None, kept["regime"]):
        return str(kept["regime"]), tuple(kept["names"])
    found = {
        name: tuple(each for each in catalogue.reforms_of(name) if each in study.worlds)
        for name in (study.worlds if regime is None else (regime,))
    }
    best = max(found, key=lambda name: len(found[name]))
    return (best, found[best]) if found[best] else ("", ())


def reforms(study: Study, regime: str, names: Sequence[str]) -> Reforms:
    """The reforms `names` of a regime, all of them worlds of the study."""
    first = study.worlds[0]
    ordinary = None if first == regime else first
    tally = study.tally()
    headings: Counter[str] = Counter()
    lines = []
    for entry in (*RIGHTS, *PROMISES):
        try:
            made = _line(tally, entry, regime, ordinary, names, leads=bool(entry.good) and not headings[entry.heading])
        except KeyError:  # a census of an older version
            continue
        headings[entry.heading] += made.leads
        lines.append(made)
    titles = {name: study.scenario.world(name).title for name in study.worlds}
    many = len(tally.seeds)
    return Reforms(regime, ordinary, tuple(names), titles, tuple(lines), spread_words(many), many)


def _line(tally: Tally, entry: Entry, regime: str, ordinary: str | None, names: Sequence[str], leads: bool) -> Line:
    mine, cases = by_seed(tally, entry, regime)
    under = {name: by_seed(tally, entry, name) for name in names}
    few = max(cases, *(had for _, had in under.values())) < FEW_CASES
    sign = 1.0 if entry.good == "more" else -1.0
    better = {name: sign * (figures - mine) for name, (figures, _) in under.items()}
    ranks, level = _ranks(better) if entry.good and not few else ({}, frozenset[str]())
    changes = tuple(
        Change(name, _mean(under[name][0]), *_interval(better[name]), ranks.get(name, 0), name in level)
        for name in names
    )
    before = None if ordinary is None else _mean(by_seed(tally, entry, ordinary)[0])
    return Line(
        entry.id, entry.kind, entry.heading, entry.words, entry.unit, entry.definition, leads,
        before, _mean(mine), few, changes,
    )  # fmt: skip


def _ranks(better: dict[str, NDArray[np.float64]]) -> tuple[dict[str, int], frozenset[str]]:
    """Ranks of those that clearly save something, and those that the seeds cannot tell from the first.

    Seeds are compared one by one: the same people, with the same luck.
    """
    clear = sorted((name for name in better if _interval(better[name])[1] > 0), key=lambda n: -_mean(better[n]))
    ranks = {name: k for k, name in enumerate(clear, start=1)}
    if not clear:
        return ranks, frozenset()
    best = better[clear[0]]
    return ranks, frozenset(name for name in clear if name == clear[0] or _interval(best - better[name])[1] <= 0)


def _interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean, low, high over the seeds that have a figure; zeros where none has."""
    known = values[np.isfinite(values)]
    return (float(known.mean()), *spread(known)) if len(known) else (0.0, 0.0, 0.0)


def _mean(values: NDArray[np.float64]) -> float:
    return _interval(values)[0]
