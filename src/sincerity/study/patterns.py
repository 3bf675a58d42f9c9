"""Patterns: what the model is judged by. Lives the worlds of patterns.yaml, sets each value beside its target."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.scenario import scenario
from sincerity.study import store
from sincerity.study.ledger import spread
from sincerity.study.run import compare

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario
    from sincerity.engine.watch import Watch
    from sincerity.study.study import Study

Values = NDArray[np.float64]
Verdict = Literal["met", "missed", "not judged"]
Cohorts = dict[str, list[dict[str, float]]]
"""Regime -> what a follower found in it, one a seed."""
FILE = Path(__file__).with_name("patterns.yaml")
KEPT = Path(__file__).with_name("validation.json")
"""What the package keeps of the last print: written by `sincerity validate patterns --write`."""
PEOPLE, SEEDS = 30_000, 3
SECONDS_A_PERSON_MONTH, SECONDS_A_STUDY = 300e-9, 15.0
"""For `guess`: of a world, warm-up and census included, on two busy cores; and what a first use compiles."""


@dataclass(frozen=True, slots=True)
class Target:
    """low ≤ value ≤ high, in `unit`. Without `high` it is a sign: all seeds must lie above `low`.

    Without both, nothing is published.
    """

    low: float | None
    unit: str
    high: float | None = None
    note: str = ""

    def __str__(self) -> str:
        if self.low is None:
            return "none"
        return f"> {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Found:
    """One pattern judged. value: mean over seeds; low, high: as `ledger.spread` gives; all in the target's unit. NaN
    where nobody was there to be counted. detail: what the value was taken from, in words; else ''.
    """

    declared: dict[str, Any]
    target: Target
    value: float
    low: float
    high: float
    detail: str = ""

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
        """Met: the mean lies in the target's band; for a sign, every seed's does. Nothing there: missed."""
        low, high = self.target.low, self.target.high
        if low is None:
            return "not judged"
        met = self.low > low if high is None else low <= self.value <= high
        return "met" if met else "missed"

    @property
    def sentence(self) -> str:
        """Why it is missed, in a sentence; '' where it is met."""
        return "" if self.verdict == "met" else str(self.declared["otherwise"])


def declared() -> dict[str, Any]:
    """Return patterns.yaml: studies by name, patterns, those that are reported only, and those not measured."""
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
    asked_of = [*told["patterns"], *told["reported"]]
    found: dict[str, Found] = {}
    for k, (name, asked) in enumerate(told["studies"].items()):
        begin(name, k, len(told["studies"]))
        options = {"people": people, "seeds": seeds} | {key: asked[key] for key in ("society", "start", "years")}
        regimes = [str(FILE.with_name(name)) if name.endswith(".yaml") else name for name in asked["regimes"]]
        mine = [pattern for pattern in asked_of if pattern["study"] == name]
        if "follow" in asked:
            cohorts = follow(asked, scenario(regimes, **options), threads, watch)
            found |= {pattern["id"]: judged_cohorts(cohorts, pattern) for pattern in mine}
        else:
            study = compare(regimes, threads=threads, out=out, watch=watch, **options)
            found |= {pattern["id"]: judged(study, pattern) for pattern in mine}
    return [found[pattern["id"]] for pattern in asked_of]


def follow(asked: dict[str, Any], lived: Scenario, threads: int | None, watch: Watch | None) -> Cohorts:
    """Live a study that has a follower: regime -> what was found, one a seed."""
    from sincerity.engine.watch import nobody
    from sincerity.study.following import FOLLOWERS, followed

    return followed(lived, partial(FOLLOWERS[asked["follow"]], **asked.get("with", {})), threads, watch or nobody)


def judged(study: Study, pattern: dict[str, Any]) -> Found:
    """Judge one pattern, declared as in patterns.yaml, by a finished study."""
    return _found(pattern, HOW[pattern["how"]](study, pattern))


def judged_cohorts(cohorts: Cohorts, pattern: dict[str, Any]) -> Found:
    """Judge one pattern by what a follower found."""
    detail = ladder_words(cohorts, pattern) if pattern["how"].startswith("ladder") else ""
    return _found(pattern, COHORTS[pattern["how"]](cohorts, pattern), detail)


def _found(pattern: dict[str, Any], values: Values, detail: str = "") -> Found:
    low, high = spread(values)
    return Found(pattern, Target(**pattern["target"]), float(values.mean()), low, high, detail)


def document(found: Sequence[Found], people: int, seeds: int) -> dict[str, Any]:
    """What was found, as plain values: `patterns`, `reported`, `not_measured`, and how it was made.

    A row: id, pattern, world, society, when, target {low, high, unit}, source, date, value, low, high (null where
    nobody was there), verdict, role, sentence ('' where met), detail. `hash`: of the sources that it was made with.
    """
    told = declared()
    rows = {one.id: _row(one, told) for one in found}
    return {
        "patterns": [row for row in rows.values() if row["verdict"] != "not judged"],
        "reported": [row for row in rows.values() if row["verdict"] == "not judged"],
        "not_measured": told["not_measured"],
        "people": people,
        "seeds": seeds,
        "made": store.now(),
        "version": store.versions()["sincerity"],
        "hash": store.sources(store.PACKAGE).hex()[:16],
    }


def _row(one: Found, told: dict[str, Any]) -> dict[str, Any]:
    target, figures = one.target, (("value", one.value), ("low", one.low), ("high", one.high))
    return {
        "id": one.id,
        "pattern": one.declared["pattern"],
        "world": one.declared["world"],
        "society": told["studies"][one.declared["study"]]["society"],
        "when": one.when,
        "target": {"low": target.low, "high": target.high, "unit": target.unit},
        "source": one.declared["source"],
        "date": str(one.declared["date"]),
        **{name: None if math.isnan(value) else round(value, 6) for name, value in figures},
        "verdict": one.verdict,
        "role": one.role,
        "sentence": one.sentence,
        "detail": one.detail,
    }


def keep(made: dict[str, Any], path: Path = KEPT) -> Path:
    """Write what `document` gave to the package, for the report. BadInput where that cannot be written."""
    try:
        path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}"
        raise BadInput([Problem("--write", 0, 0, text, "a checkout, or a package of one's own")]) from error
    return path


def kept(path: Path = KEPT) -> dict[str, Any] | None:
    """What the package keeps of the last print, as `document` gave it; None where it was never made."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "patterns" in found else None


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


def _level_of(study: Study, pattern: dict[str, Any]) -> Values:
    """The mean over those who count under `over` alone, where the measure is added up over all adults."""
    return _level(study, pattern) * 1000 / _level(study, {**pattern, "measure": pattern["over"]})


def _level_under(study: Study, pattern: dict[str, Any]) -> Values:
    """By how much the mean lies below that of the world `beside`."""
    return _level(study, {**pattern, "world": pattern["beside"]}) - _level(study, pattern)


def _support_gap(study: Study, pattern: dict[str, Any]) -> Values:
    """Those who would say that they approve, less those whose own view is not below 0."""
    says, critics = (_mean(study, m, pattern["world"], _months(pattern)) for m in ("approve", "critic"))
    return (says - (1000 - critics)) / 10


def _support_gap_more(study: Study, pattern: dict[str, Any]) -> Values:
    """By how much the gap lies above that of the world `beside`."""
    more: Values = _support_gap(study, pattern) - _support_gap(study, {**pattern, "world": pattern["beside"]})
    return more


def _ratio(study: Study, pattern: dict[str, Any]) -> Values:
    """Percent: one measure over another, months added up, `times` as often."""
    months, world = _months(pattern), pattern["world"]
    part, whole = (_mean(study, pattern[key], world, months) for key in ("measure", "over"))
    percent: Values = 100 * pattern.get("times", 1) * part / whole
    return percent


def _change(study: Study, pattern: dict[str, Any]) -> Values:
    """Percent by which the mean differs from that of the world `beside`."""
    return 100 * (_level(study, pattern) / _level(study, {**pattern, "world": pattern["beside"]}) - 1)


def _acts(study: Study, pattern: dict[str, Any], world: str, act: str) -> Values:
    """Adults per 1,000 and month who did an act, whoever saw it."""
    return _mean(study, "acts", world, _months(pattern), "act", act)


def _act(study: Study, pattern: dict[str, Any]) -> Values:
    return 12 * _acts(study, pattern, pattern["world"], pattern["act"]) / 10


def _act_change(study: Study, pattern: dict[str, Any]) -> Values:
    one, other = (_acts(study, pattern, pattern[key], pattern["act"]) for key in ("world", "beside"))
    return 100 * (one / other - 1)


def _kinds(study: Study, pattern: dict[str, Any]) -> Values:
    """The least that one of `kinds` changed less the most that one of `others` did; acts added up unsigned."""

    def changed(acts: Sequence[str]) -> Values:
        worlds = pattern["world"], pattern["beside"]
        pairs = [[_acts(study, pattern, world, act) for world in worlds] for act in acts]
        return sum((np.abs(one - other) for one, other in pairs), np.zeros(len(study.scenario.seeds)))

    kinds, others = ([changed(acts) for acts in pattern[key]] for key in ("kinds", "others"))
    least: Values = np.min(kinds, axis=0) - np.max(others, axis=0)
    return least


def _score_gap(study: Study, pattern: dict[str, Any]) -> Values:
    """Share of the first of `groups` with a score below `score`, less that of the second; bands of 50 points."""

    def below(group: str) -> Values:
        by, month = f"score and {pattern['by']}", str(pattern["from"])
        bands = [name for name in study.groups(by) if name.endswith(f" > {group}")]
        series = [study.series("late_by_score", pattern["world"], by, name) for name in bands]
        people = np.array([each.of[:, each.months.index(month)] for each in series])
        low = np.array([int(name.partition(" > ")[0]) < pattern["score"] for name in bands])
        share: Values = 100 * people[low].sum(axis=0) / people.sum(axis=0)
        return share

    one, other = (below(group) for group in pattern["groups"])
    return one - other


def _groups(study: Study, pattern: dict[str, Any]) -> Values:
    """Mean share among `groups`, less that among `over` where these are named."""

    def among(names: Sequence[str]) -> Values:
        args = pattern["measure"], pattern["world"], _months(pattern), pattern["by"]
        return sum((_mean(study, *args, name) for name in names), np.zeros(len(study.scenario.seeds))) / len(names) / 10

    found: Values = among(pattern["groups"])
    return found - among(pattern["over"]) if "over" in pattern else found


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
    "mean of": _level_of,
    "mean under": _level_under,
    "support gap": _support_gap,
    "support gap more": _support_gap_more,
    "ratio": _ratio,
    "change": _change,
    "act": _act,
    "act change": _act_change,
    "kinds": _kinds,
    "score gap": _score_gap,
    "groups": _groups,
    "score from": _score_from,
    "score below": _score_below,
    "acts moved more": _moved_more,
}
"""What `how` can say of a study."""


# ---- how a value is taken from what a follower found ----------------------------------------------------------------


def _seeds(cohorts: Cohorts, world: str, key: str) -> Values:
    return np.array([found[key] for found in cohorts[world]])


def _followed(cohorts: Cohorts, pattern: dict[str, Any]) -> Values:
    return _seeds(cohorts, pattern["world"], pattern["key"])


def _followed_more(cohorts: Cohorts, pattern: dict[str, Any]) -> Values:
    return _followed(cohorts, pattern) - _seeds(cohorts, pattern["beside"], pattern["key"])


def _ladder(cohorts: Cohorts, pattern: dict[str, Any]) -> NDArray[np.float64]:
    """(bands, seeds) percent in default by band, from the lowest score on."""
    bands = sum(key.startswith("band ") for key in cohorts[pattern["world"]][0])
    return np.array([_seeds(cohorts, pattern["world"], f"band {band}") for band in range(bands)])


def _ladder_falls(cohorts: Cohorts, pattern: dict[str, Any]) -> Values:
    """The smallest step down from a band to the next."""
    smallest: Values = np.min([low - high for low, high in pairwise(_ladder(cohorts, pattern))], axis=0)
    return smallest


def _ladder_slope(cohorts: Cohorts, pattern: dict[str, Any]) -> Values:
    """Log-odds of the lowest band less those of the highest; infinite where nobody or everybody defaults."""
    shares = _ladder(cohorts, pattern)[[0, -1]] / 100
    with np.errstate(divide="ignore"):
        odds = np.log(shares / (1 - shares))
    slope: Values = odds[0] - odds[1]
    return slope


def ladder_words(cohorts: Cohorts, pattern: dict[str, Any]) -> str:
    """Default by band, mean over the seeds, and how many loans that is."""
    shares = _ladder(cohorts, pattern).mean(axis=1)
    loans = [_seeds(cohorts, pattern["world"], f"loans {band}").sum() for band in range(len(shares))]
    words = ", ".join(f"{share:.1f}" for share in shares)
    published = ", ".join(f"{share:.1f}" for share in pattern.get("published", ()))
    beside = f" (published {published})" if published else ""
    return f"By band {words} %{beside}, of {', '.join(f'{many:,.0f}' for many in loans)} loans"


COHORTS: dict[str, Callable[[Cohorts, dict[str, Any]], Values]] = {
    "followed": _followed,
    "followed more": _followed_more,
    "ladder falls": _ladder_falls,
    "ladder slope": _ladder_slope,
}
"""What `how` can say of what a follower found."""
