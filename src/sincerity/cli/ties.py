"""The table of a society's ties as a network, in words and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sincerity.cli.options import threads_of
from sincerity.cli.progress import progress
from sincerity.cli.show import document
from sincerity.declare.scenario import scenario
from sincerity.study import networks
from sincerity.study.networks import Finding

NAMES = {
    "degree_cv": "ties: spread over mean",
    "degree_gini": "ties: Gini",
    "clustering": "local clustering, mean",
    "clustering_falls": "clustering of the best connected tenth, of all = 1",
    "assortativity": "degree assortativity",
    "giant": "giant component",
    "distance": "mean distance",
    "paradox": "fewer ties than their friends' mean",
    "strong_mean": "strong ties (household, work)",
    "strong_transitivity": "strong ties: transitivity",
    "same_age": "ties within a five-year age band",
    "contacts_a_day": "contacts a day",
}


def show(society: str, people: str, seed: str, threads: str, json: bool) -> None:
    """Measure and print. BadInput with all that is wrong with what was typed."""
    asked = scenario("none", society=society, people=people, seed=seed, seeds=1)
    crew = threads_of(threads)
    with progress() as watch:
        ties = networks.ties_of(asked.society, asked.people, asked.seeds[0], crew, watch)
    found = networks.measures(ties)
    findings = networks.judged(found, ties.slots)
    title = f"{asked.society.name}, {asked.people:,} adults, seed {asked.seeds[0]}"
    if json:
        told = {"society": asked.society.name, "people": asked.people, "seed": asked.seeds[0]}
        print(document("validate", validate=told | {"ties": [row(one) for one in findings], "about": about(found)}))
    else:
        print("\n".join(lines(title, findings, found, networks.by_degree(ties))))


def row(one: Finding) -> dict[str, Any]:
    """One measure as JSON; null where it is not defined."""
    return {
        "id": one.id,
        "unit": one.unit,
        "value": None if math.isnan(one.value) else round(one.value, 6),
        "low": one.low,
        "high": one.high,
        "published": one.published,
        "source": one.source,
        "verdict": one.verdict,
        "why": one.why if one.verdict == "missed" else "",
    }


def about(found: dict[str, float]) -> dict[str, float]:
    """What the measures are about, and how far contacts a day rest on assumptions."""
    keys = ("degree_mean", "degree_most", "contacts_low", "contacts_high")
    return {key: round(found[key], 6) for key in keys}


def number(value: float) -> str:
    """Three places, two from ten on."""
    return "undefined" if math.isnan(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"


def lines(
    title: str, findings: list[Finding], found: dict[str, float], by_degree: list[tuple[str, int, float]]
) -> Iterator[str]:
    """The table, why each miss is one, and what published figures it is judged by."""
    met = sum(one.verdict == "met" for one in findings)
    yield f"Living ties of {title}: {found['degree_mean']:.2f} an adult, at most {found['degree_most']:.0f}."
    yield f"{met} of {len(findings)} measures lie where published networks do.\n"
    yield f"{'measure':<52}{'measured':>10}  {'target':<14}{'verdict':<8}published"
    for one in findings:
        target = f"{one.low:g} to {one.high:g}"
        yield f"{NAMES[one.id]:<52}{number(one.value):>10}  {target:<14}{one.verdict:<8}{one.published}"
    misses = [one for one in findings if one.verdict == "missed"]
    if misses:
        yield "\nWhy it is missed"
        yield from (f"- {NAMES[one.id]}: {one.why}" for one in misses)
    yield "\nClustering by number of ties: " + "; ".join(
        f"{band}: {mean:.3f} ({many:,} people)" for band, many, mean in by_degree
    )
    low, high = found["contacts_low"], found["contacts_high"]
    yield f"Contacts a day rest on how often ties of a kind meet, which is assumed: {low:.1f} to {high:.1f}."
    yield "\nSources"
    yield from (f"- {NAMES[one.id]}: {one.source}" for one in findings)
