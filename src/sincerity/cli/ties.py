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
    "distance_for_size": "mean distance, of a random network's",
    "paradox": "fewer ties than their friends' mean",
    "strong_mean": "strong ties (household, work, street)",
    "strong_transitivity": "strong ties: transitivity",
    "same_age": "ties within a five-year age band",
    "same_age_adults": "ties within a five-year age band, of adults' contacts",
    "contacts_a_day": "contacts a day",
    "contacts_adults": "contacts a day, adults with adults",
    "contacts_home": "contacts a day, adults at home",
    "contacts_work": "contacts a day, adults at work",
}


def show(society: str, people: str, seed: str, threads: str, json: bool) -> None:
    """Measure and print; several societies, with commas between them, in one table. BadInput for what was typed."""
    names = [name.strip() for name in society.split(",")]
    asked = [scenario("none", society=name, people=people, seed=seed, seeds=1) for name in names]
    crew = threads_of(threads)
    with progress() as watch:
        ties = [networks.ties_of(one.society, one.people, one.seeds[0], crew, watch) for one in asked]
    found = [networks.measures(one) for one in ties]
    findings = [networks.judged(one, made.slots) for one, made in zip(found, ties, strict=True)]
    told = [{"society": one.society.name, "people": one.people, "seed": one.seeds[0]} for one in asked]
    if json:
        made = [
            said | {"ties": [row(one) for one in judged], "about": about(one)}
            for said, judged, one in zip(told, findings, found, strict=True)
        ]
        print(document("validate", validate=made[0] if len(made) == 1 else made))
    elif len(names) > 1:
        title = f"{asked[0].people:,} adults, seed {asked[0].seeds[0]}"
        print("\n".join(beside([one.society.name for one in asked], title, findings, found)))
    else:
        title = f"{told[0]['society']}, {told[0]['people']:,} adults, seed {told[0]['seed']}"
        print("\n".join(lines(title, findings[0], found[0], networks.by_degree(ties[0]))))


def beside(names: list[str], title: str, findings: list[list[Finding]], found: list[dict[str, float]]) -> Iterator[str]:
    """Several societies in one table, a miss marked, and why it is one."""
    yield f"Living ties, {title}. A miss is marked !"
    heads = "".join(f"{name:>14}" for name in names)
    yield f"\n{'measure':<52}{heads}  target"
    for several in zip(*findings, strict=True):
        one = several[0]
        values = "".join(f"{number(s.value) + ('!' if s.verdict == 'missed' else ' '):>14}" for s in several)
        yield f"{NAMES[one.id]:<52}{values}  {one.low:g} to {one.high:g}"
    met = [sum(one.verdict == "met" for one in judged) for judged in findings]
    yield f"{f'measures met, of {len(findings[0])}':<52}" + "".join(f"{many:>13} " for many in met)
    for key, what in (("degree_mean", "ties an adult"), ("degree_most", "most ties of anybody")):
        yield f"{what:<52}" + "".join(f"{number(one[key]):>13} " for one in found)
    yield "\nWhy it is missed"
    for several in zip(*findings, strict=True):
        misses = [(name, one) for name, one in zip(names, several, strict=True) if one.verdict == "missed"]
        for why in dict.fromkeys(one.why for _, one in misses):
            where = ", ".join(name for name, one in misses if one.why == why)
            yield f"- {NAMES[several[0].id]} ({where}): {why}"
    low, high = min(one["contacts_low"] for one in found), max(one["contacts_high"] for one in found)
    yield f"\nContacts a day rest on how often ties of a kind meet, which is assumed: {low:.1f} to {high:.1f}."
    yield "\nPublished"
    yield from (f"- {NAMES[one.id]}: {one.published} ({one.source})" for one in findings[0])


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
