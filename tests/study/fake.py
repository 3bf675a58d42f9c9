"""A census made up for tests of what reads a census: every measure, group and month, plausible sizes, no engine.

`fake_study` (a fixture) is a whole run folder of it, and `fake_simulate` stands in for the engine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sincerity.census.measures import EVER, MONTHLY, SUMS
from sincerity.declare.dates import Month
from sincerity.study import store
from sincerity.study.study import Study
from sincerity.study.summary import summary

GROUPS: dict[str, tuple[str, ...]] = {
    "decile": tuple(str(k) for k in range(1, 11)),
    "region": ("Beijing", "Guangdong", "Sichuan", "Xinjiang"),
    "education": ("primary or less", "lower secondary", "upper secondary", "tertiary"),
    "age": ("18-29", "30-44", "45-59", "60+"),
    "sex": ("women", "men"),
    "urban": ("urban", "rural"),
    "minority": ("majority", "minority"),
    "opinion": ("against", "for"),
}

# Share of adults at the end of the run: under ordinary law, under a regime.
LEVELS: dict[str, tuple[float, float]] = {
    "late": (0.030, 0.025), "unpaid_bill": (0.010, 0.009), "offence": (0.10, 0.075), "good_deed": (0.17, 0.24),
    "approve": (0.78, 0.83), "approve_meant": (0.52, 0.50), "on_list": (0, 0.06), "barred_travel": (0, 0.04),
    "refused": (0.004, 0.02), "refused_innocent": (0.0004, 0.004), "refused_unable": (0.002, 0.006),
    "refused_seat": (0, 0.01), "refused_loan": (0.002, 0.006), "refused_job": (0.002, 0.004),
    "refused_school": (0.0002, 0.001), "refused_date": (0, 0.002), "refused_wrongly": (0, 0.001),
    "refused_by_ties": (0, 0.001), "occasion": (0.25, 0.25), "spoke_critical": (0.07, 0.04), "silent": (0.09, 0.14),
    "insincere": (0.008, 0.02), "gave_up": (0, 0.21), "critic": (0.45, 0.46), "false_record": (0, 0.003),
    "working": (0.94, 0.935), "enrolled": (0, 0.7), "aware": (0, 0.5), "newly_listed": (0, 0.003),
    "listed_unable": (0, 0.01), "wrongly_listed": (0, 0.001), "good_for_points": (0, 0.05), "defaulted": (0.001, 0.001),
    "judged": (0.0003, 0.0003), "punished_post": (0.0003, 0.002), "lost_tie": (0.1, 0.13), "partner": (0.6, 0.59),
    "muted": (0.098, 0.16), "presumed": (0, 0.02), "member": (0, 0.4), "refused_ever": (0.2, 0.4),
    "refused_innocent_ever": (0.02, 0.12), "refused_unable_ever": (0.1, 0.16), "false_record_ever": (0, 0.1),
    "on_list_ever": (0, 0.2), "punished_ever": (0.02, 0.1), "barred_travel_ever": (0, 0.15),
    "refused_home": (0.001, 0.004), "refused_health": (0, 0), "refused_by_regime": (0, 0.02), "sanctioned": (0, 0.07),
    "penalised": (0, 0.12), "recorded": (0, 0.06), "offence_recorded": (0, 0.03), "tax_evaded": (0.004, 0.003),
    "corrected": (0, 0.0005), "left_list": (0, 0.002), "cured_listed": (0, 0.004), "got_loan": (0.01, 0.008),
    "has_loan": (0.38, 0.36), "muted_at_once": (0, 0.05), "freed_at_once": (0, 0.002), "did_ever": (0, 0.7),
    "sanctioned_ever": (0, 0.35), "corrected_ever": (0, 0.03), "by_ties_ever": (0, 0.02), "wrongly_ever": (0, 0.02),
    "home_ever": (0.02, 0.08), "recorded_ever": (0, 0.5), "did_sanctioned_ever": (0, 0.28), "wrong_ever": (0.3, 0.28),
    "wrong_sanctioned_ever": (0, 0.2),
}  # fmt: skip
MEANS = {"score_sum": 640.0, "ties_sum": 8.2, "fear_sum": 0.2, "view_sum": 0.05, "buffer_sum": 3.0}
MEANS |= {"watchers_sum": 1.2, "channels_sum": 4.0, "correction_months_sum": 0.004}


def _regime(name: str) -> Any:
    title = {"none": "ordinary law only", "citizen-score": "the citizen score as the press drew it (never built)"}
    short = {"none": "ordinary law", "citizen-score": "citizen score (press)"}
    return SimpleNamespace(
        name=name,
        title=title.get(name, name),
        short=short.get(name, name),
        summary=f"What {name} is.",
        built=name == "none",
        sources={"press": SimpleNamespace(title="An article")},
    )


def _figure(value: str, source: str, **more: str) -> Any:
    return SimpleNamespace(value=value, unit="share", date="2020", source=source, **more)


@dataclass(frozen=True)
class FakeScenario:
    """What a study asks of a scenario."""

    regimes: tuple[Any, ...]
    society: Any
    people: int
    start: Month
    months: int
    seeds: tuple[int, ...]
    warnings: tuple[str, ...] = ()

    def figures(self) -> list[tuple[str, Any]]:
        """Two figures, one of them assumed."""
        return [
            ("society.law.papers_missing", _figure("0.03", "assumed", low="0.01", high="0.08", note="formal work")),
            ("citizen-score.score.factors.ties", _figure("0.05", "press")),
        ]

    def resolved(self) -> str:
        """A text in place of the resolved YAML."""
        return f"people: {self.people}\n"


def fake_scenario(
    regimes: tuple[str, ...] = ("none", "citizen-score"),
    months: int = 24,
    people: int = 2000,
    seeds: tuple[int, ...] = (1, 2, 3),
) -> FakeScenario:
    """A scenario that needs no declared files."""
    society = SimpleNamespace(
        name="china-2020",
        title="China, census of 2020",
        place="China",
        reference_year=2020,
        sources={},
        folder=store.PACKAGE / "societies" / "china-2020",
    )
    return FakeScenario(tuple(map(_regime, regimes)), society, people, Month(2014, 6), months, seeds)


def _rows_of_world(scenario: Any, seed: int, w: int, rows: list[tuple[Any, ...]]) -> None:
    world, n = scenario.regimes[w].name, scenario.people
    luck = np.random.default_rng([seed, 7])  # the same luck in every world
    for t in range(scenario.months):
        date, ramp = str(scenario.start + t), min(1.0, (t + 1) / 18)
        groups = [("all", "all", n, 1.0)]
        if (t + 1) % 12 == 0:
            for by, names in GROUPS.items():
                groups += [(by, g, n // len(names), 1.6 - 1.2 * k / len(names)) for k, g in enumerate(names)]
        for by, group, of, tilt in groups:
            for m in (*MONTHLY, *EVER):
                low, high = LEVELS.get(m.id, (0, 0.01))
                share = (low + (high - low) * ramp * (w > 0)) * (ramp if m.window == "ever" else 1)
                share = share * tilt if share < 0.3 else share
                count = round(min(1.0, share * (1 + 0.05 * luck.standard_normal())) * of)
                rows.append((world, seed, date, by, group, m.id, count, of, (count // 2) * (w > 0)))
            for m in SUMS if by == "all" else ():
                usual = MEANS.get(m.id, 1.0)
                mean = usual * (1 + 0.02 * luck.standard_normal()) - (w > 0) * 0.02 * usual * ramp
                rows.append((world, seed, date, by, group, m.id, round(mean * of * m.scale), of, 0))
        edges = np.arange(350, 950, 25)
        shape = np.exp(-(((edges + 12.5 - 636 + 20 * ramp * (w > 0)) / 60) ** 2) / 2)
        counts = np.round(n * shape / shape.sum()).astype(int)
        rows += [
            (world, seed, date, "score", str(e), "people", int(c), n, 0) for e, c in zip(edges, counts, strict=True)
        ]


def fake_rows(scenario: Any, seeds: tuple[int, ...]) -> pa.Table:
    """A census of all worlds of `scenario` (names, start, months, people) and `seeds`, in the census's columns."""
    rows: list[tuple[Any, ...]] = []
    for seed in seeds:
        for w in range(len(scenario.regimes)):
            _rows_of_world(scenario, seed, w, rows)
    names = ("world", "seed", "month", "by", "group", "measure", "count", "of", "against")
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(names, (list(column) for column in columns), strict=True)))


def fake_simulate(scenario: Any, seed: int, *, threads: int, watch: Callable[..., None], **_: Any) -> Any:
    """Stands in for the engine: the census of one seed, and a watch that is called for every month."""
    for month in range(scenario.months):
        watch("living", month + 1, scenario.months, scenario.people * len(scenario.regimes))
    rows = SimpleNamespace(table=lambda: fake_rows(scenario, (seed,)))
    return SimpleNamespace(rows=rows, seconds={"building": 0.5, "living": 1.5})


def make_study(runs: Path, scenario: FakeScenario | None = None) -> Study:
    """A finished run folder in `runs` (made if need be), written as a real run writes its own."""
    scenario = scenario or fake_scenario()
    real: Any = scenario
    key = store.key(real)
    folder = store.folder_for(real, key, runs)
    manifest = {
        "schema": "sincerity/run",
        "version": 1,
        "status": "running",
        "key": key,
        "command": "sincerity compare none citizen-score --society china-2020 --people 2000 --years 2 --seeds 3",
        "scenario": summary(real),
        "seeds": list(scenario.seeds),
        "versions": store.versions(),
        "device": store.device(),
        "threads": 2,
        "started": store.now(),
        "timings": {
            "seconds": 2.0,
            "by_phase": {"building": 0.5, "living": 1.5},
            "by_seed": [],
            "person_months": 288000,
        },
    }
    with store.held(folder):
        store.finish(folder, real, manifest, fake_rows(scenario, scenario.seeds))
    return Study(folder)


@pytest.fixture
def fake_study(tmp_path: Path) -> Study:
    """A study of two worlds, three seeds, two years and 2,000 people, none of it simulated."""
    return make_study(tmp_path / "runs")
