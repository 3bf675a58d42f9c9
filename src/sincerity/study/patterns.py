"""Patterns: what the model is judged by. Lives the worlds of patterns.yaml, sets each value beside its target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from sincerity.study.ledger import spread
from sincerity.study.run import compare

if TYPE_CHECKING:
    from sincerity.engine.watch import Watch
    from sincerity.study.study import Study

Values = NDArray[np.float64]
Verdict = Literal["met", "missed"]
FILE = Path(__file__).with_name("patterns.yaml")
PEOPLE, SEEDS = 30_000, 3
SECONDS_A_PERSON_MONTH, SECONDS_A_STUDY = 150e-9, 30.0
"""For `guess`: of a world, warm-up and census included, on two busy cores; and what a first use compiles."""


@dataclass(frozen=True, slots=True)
class Target:
    """low ≤ value ≤ high, in `unit`. Without `high` it is a sign: all seeds must lie above `low`."""

    low: float
    unit: str
    high: float | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"> {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Found:
    """One pattern judged. value: mean over seeds; low, high: as `ledger.spread` gives; all in the target's unit."""

    declared: dict[str, Any]
    target: Target
    value: float
    low: float
    high: float

    @property
    def id(self) -> str:
        """Its short name."""
        return str(self.declared["id"])

    @property
    def role(self) -> str:
        """calibrated, built in, emergent or exact."""
        return str(self.declared["role"])

    @property
    def when(self) -> str:
        """The months that were counted."""
        first, last = _months(self.declared)
        return first if first == last else f"{first} to {last}"

    @property
    def verdict(self) -> Verdict:
        """Met: the mean lies in the target's band; for a sign, every seed's does."""
        high = self.target.high
        met = self.low > self.target.low if high is None else self.target.low <= self.value <= high
        return "met" if met else "missed"


def declared() -> dict[str, Any]:
    """Return patterns.yaml: studies by name, patterns, and those that are not measured."""
    return YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def guess(people: int, seeds: int) -> float:
    """Return about how many seconds `judge` takes."""
    studies = declared()["studies"].values()
    months: int = sum((12 * study["years"] + 24) * len(study["regimes"]) for study in studies)
    return months * people * seeds * SECONDS_A_PERSON_MONTH + SECONDS_A_STUDY * len(studies)


def judge(
    people: int = PEOPLE,
    seeds: int = SEEDS,
    *,
    threads: int | None = None,
    out: str | Path | None = None,
    watch: Watch | None = None,
    begin: Callable[[str, int, int], object] = lambda name, k, of: None,
) -> list[Found]:
    """Run every study of patterns.yaml and judge its patterns.

    people: adults in each world. seeds: how many, from 1 on. out: the folder of run folders, where finished runs are
    found again. begin: told each study's name, its number from 0 and how many there are. Raises as `compare` does.
    """
    told = declared()
    found: dict[str, Found] = {}
    for k, (name, asked) in enumerate(told["studies"].items()):
        begin(name, k, len(told["studies"]))
        regimes = [str(FILE.with_name(name)) if name.endswith(".yaml") else name for name in asked["regimes"]]
        options = {key: asked[key] for key in ("society", "start", "years")}
        study = compare(regimes, people=people, seeds=seeds, threads=threads, out=out, watch=watch, **options)
        for pattern in told["patterns"]:
            if pattern["study"] == name:
                found[pattern["id"]] = judged(study, pattern)
    return [found[pattern["id"]] for pattern in told["patterns"]]


def judged(study: Study, pattern: dict[str, Any]) -> Found:
    """Judge one pattern, declared as in patterns.yaml, by a finished study."""
    values = HOW[pattern["how"]](study, pattern)
    low, high = spread(values)
    return Found(pattern, Target(**pattern["target"]), float(values.mean()), low, high)


# ---- how a value is taken from the census: each gives one number a seed ---------------------------------------------


def _mean(study: Study, measure: str, world: str, months: Sequence[str], by: str = "all", group: str = "all") -> Values:
    """Mean over months from the first to the last named, weighted by who was counted: per 1,000, or in the unit."""
    found = study.series(measure, world, by, group)
    chosen = [k for k, month in enumerate(found.months) if months[0] <= month <= months[-1]]
    if not chosen:
        raise ValueError(f"{measure} was not counted from {months[0]} to {months[-1]}")
    weights = found.of[:, chosen]
    mean: Values = (found.rates[:, chosen] * weights).sum(axis=1) / weights.sum(axis=1)
    return mean


def _months(pattern: dict[str, Any]) -> tuple[str, str]:
    return str(pattern["from"]), str(pattern["to"])


def _share(study: Study, pattern: dict[str, Any]) -> Values:
    return _mean(study, pattern["measure"], pattern["world"], _months(pattern)) / 10


def _yearly(study: Study, pattern: dict[str, Any]) -> Values:
    return 12 * _share(study, pattern)


def _level(study: Study, pattern: dict[str, Any]) -> Values:
    return _mean(study, pattern["measure"], pattern["world"], _months(pattern))


def _level_under(study: Study, pattern: dict[str, Any]) -> Values:
    """By how much the mean lies below that of the world `beside`."""
    return _level(study, {**pattern, "world": pattern["beside"]}) - _level(study, pattern)


def _support_gap(study: Study, pattern: dict[str, Any]) -> Values:
    """Those who would say that they approve, less those whose own view is not below 0."""
    says, critics = (_mean(study, m, pattern["world"], _months(pattern)) for m in ("approve", "critic"))
    return (says - (1000 - critics)) / 10


def _groups(study: Study, pattern: dict[str, Any]) -> Values:
    """Mean share among `groups` less that among `over`."""

    def among(names: Sequence[str]) -> Values:
        args = pattern["measure"], pattern["world"], _months(pattern), pattern["by"]
        return sum((_mean(study, *args, name) for name in names), np.zeros(len(study.scenario.seeds))) / len(names) / 10

    return among(pattern["groups"]) - among(pattern["over"])


def _score_from(study: Study, pattern: dict[str, Any]) -> Values:
    """Percent of the scored whose score lies in a bin from `score` on; bins are 25 points wide."""
    above = [name for name in study.groups("score") if int(name) >= pattern["score"]]
    total = study.series("people", pattern["world"], "score", above[0])
    chosen = total.months.index(str(pattern["from"]))
    counts = [study.series("people", pattern["world"], "score", name).counts[:, chosen] for name in above]
    share: Values = 100 * np.sum(counts, axis=0) / total.of[:, chosen]
    return share


def _score_below(study: Study, pattern: dict[str, Any]) -> Values:
    return 100 - _score_from(study, pattern)


def _moved(study: Study, pattern: dict[str, Any], world: str, months: Sequence[str]) -> Values:
    """Adults per 1,000 and month moved by a world against another: changes of each measure, added up unsigned."""
    against, moved = pattern["against"], np.zeros(len(study.scenario.seeds))
    for measure in pattern["measures"]:
        moved += np.abs(_mean(study, measure, world, months) - _mean(study, measure, against, months))
    return moved


def _moved_more(study: Study, pattern: dict[str, Any]) -> Values:
    one, other = (_moved(study, pattern, pattern[key], _months(pattern)) for key in ("world", "beside"))
    return one - other


HOW: dict[str, Callable[[Study, dict[str, Any]], Values]] = {
    "share": _share,
    "yearly": _yearly,
    "mean": _level,
    "mean under": _level_under,
    "support gap": _support_gap,
    "groups": _groups,
    "score from": _score_from,
    "score below": _score_below,
    "acts moved more": _moved_more,
}
"""What `how` can say."""
