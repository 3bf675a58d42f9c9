"""Networks: what a society's ties are like, beside what is published of networks of people.

Measured is the friend layer, all ties that live when a regime would begin: after the start rule and the warm-up under
ordinary law. The strong layer is its ties of household, work and street
(next in age). A miss stays in the table, with the reason.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sincerity.census import network
from sincerity.declare.catalogue import regime
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.society import Society
from sincerity.engine.cpu import Engine, warm_up
from sincerity.engine.watch import Watch, nobody
from sincerity.engine.world import block_size, build, settle, usual_threads
from sincerity.month.schedule import Schedule
from sincerity.people import traits
from sincerity.people.ties import FURTHER, HOUSEHOLD, KIND_OF_SLOT, KINDS, TOWN, WORK

TARGETS = Path(__file__).with_name("network_targets.csv")
MOST = 2_000_000
"""People above which the ties, 64 bytes an edge here, are too many to be measured at once."""
MEETS = (1.0, 5 / 7, 0.3, 0.1, 0.03)
MEETS_LOW, MEETS_HIGH = (0.8, 0.5, 0.15, 0.05, 0.01), (1.0, 1.0, 0.6, 0.2, 0.1)
"""Share of days on which a tie of each kind (KINDS) meets, and its range: assumed."""
WHY = {
    "degree_cv": "Nobody has more than the {slots} slots, so that the best connected have few hundredths of what hubs "
    "of online networks have.",
    "degree_gini": "Nobody has more than the {slots} slots, and the household and a colleague go with every rank.",
    "clustering": "Households, workplaces and circles are closed; whom one knows further away is drawn apart.",
    "clustering_falls": "The best connected have their ties in the same cliques as the others.",
    "assortativity": "The most sociable meet one another and everybody else; which of the two weighs more is "
    "set for all societies at once.",
    "giant": "Some people keep up no tie beyond a household that keeps up none either.",
    "distance": "{mean:.0f} ties a person, half of them of household, work and street, reach few new people a step; "
    "the networks compared with have 16 to 190.",
    "distance_for_size": "The most sociable shorten the ways and cliques lengthen them; which weighs more is set for "
    "all societies at once.",
    "paradox": "Some of those with few ties know nobody of the most sociable, or no longer.",
    "strong_mean": "Kin who live elsewhere are not told apart from other friends.",
    "strong_transitivity": "Households are as large as the society has them, and closed; the rest of the layout is the "
    "same everywhere.",
    "same_age": "Friends of the street are next in age; how often that is the same five-year band follows from the "
    "society's ages and households, and the target counts schoolmates, whom adults lack.",
    "same_age_adults": "Friends of the street are next in age; how often that is the same five-year band follows from "
    "the society's ages and households.",
    "contacts_a_day": "Children, pupils, customers and passers-by are met but are not ties.",
    "contacts_adults": "Customers and passers-by are met but are not ties; how often friends of the town and further "
    "away meet is assumed.",
    "contacts_home": "How many adults are at home follows from the society's households; the target is of the United "
    "States.",
    "contacts_work": "Ties of work are one to three colleagues of one's group of four; customers, and whoever else is "
    "met at work, are not ties.",
}
"""Why a measure misses its target, where it does."""


@dataclass(frozen=True)
class Finding:
    """One measure beside its target. `value` is nan where it is not defined; why: what is behind a miss."""

    id: str
    unit: str
    value: float
    low: float
    high: float
    published: str
    source: str
    why: str

    @property
    def verdict(self) -> Literal["met", "missed"]:
        """Whether the value, rounded as printed, lies in the target's range (bounds included)."""
        return "met" if self.low <= round(self.value, 3) <= self.high else "missed"


@dataclass(frozen=True)
class Ties:
    """The living ties of a world: edges (m, 2) with the kind of each (m,), and age groups (people,)."""

    edges: NDArray[np.int64]
    kind: NDArray[np.int64]
    age_group: NDArray[np.int64]
    slots: int

    @property
    def people(self) -> int:
        """Number of people."""
        return len(self.age_group)


def ties_of(society: Society, people: int, seed: int, threads: int | None = None, watch: Watch = nobody) -> Ties:
    """The ties that live in a society when a regime would begin. BadInput beyond `MOST` people."""
    if people > MOST:
        raise BadInput(
            [Problem("--people", 0, 0, f"{people:,} people are too many to be measured", f"at most {MOST:,}")]
        )
    crew, listing = threads or usual_threads(), Schedule()
    watch("building", 0, 1)
    world = build(settle(society, people, seed), regime("none"), listing)
    watch("building", 1, 1)
    engine = Engine([world], listing, seed, crew, block_size(people, crew))
    engine.compile(watch)
    warm_up(engine, Month(society.reference_year, 1), watch)
    engine.crew.close()
    edges, slot = world.living_ties()
    age = (world.land.packed >> np.uint32(traits.AGE_SHIFT) & np.uint32(127)).astype(np.int64) + traits.YOUNGEST
    return Ties(edges, np.array(KIND_OF_SLOT)[slot], age // 5, len(KIND_OF_SLOT))


def measures(ties: Ties) -> dict[str, float]:
    """All that `network_targets.csv` has a target for; mean and most ties; and the range of contacts a day.

    A measure has two targets where what is published of all ages, or of networks of other sizes, is not of these
    people: mean distance stands once more as a multiple of ln(people) / ln(mean ties), a random network's.
    """
    net = network.graph(ties.people, ties.edges)
    strong = network.graph(ties.people, ties.edges[(ties.kind != TOWN) & (ties.kind != FURTHER)])
    some = network.sample(ties.people, network.SAMPLE)
    local = network.clustering(net, some)
    best = net.degree[some] >= np.quantile(net.degree[some], 0.9)
    component = network.components(net)
    label, size = np.unique(component, return_counts=True)
    largest = np.flatnonzero(component == label[size.argmax()])
    a_day = 2 * np.bincount(ties.kind, minlength=len(KINDS)) / ties.people
    met = a_day * MEETS
    distance = network.mean_distance(net, largest[network.sample(len(largest), network.SOURCES)])
    same_age = network.alike(net, ties.age_group)
    return {
        "degree_mean": float(net.degree.mean()),
        "degree_most": float(net.degree.max()),
        "degree_cv": network.cv(net.degree),
        "degree_gini": network.gini(net.degree),
        "clustering": float(local.mean()),
        "clustering_falls": float(local[best].mean() / local.mean()) if local.any() else math.nan,
        "assortativity": network.assortativity(net),
        "giant": float(size.max() / ties.people),
        "distance": distance,
        "distance_for_size": distance * math.log(max(net.degree.mean(), 1)) / math.log(ties.people),
        "paradox": network.paradox(net),
        "strong_mean": float(strong.degree.mean()),
        "strong_transitivity": network.transitivity(strong, some),
        "same_age": same_age,
        "same_age_adults": same_age,
        "contacts_a_day": float(met.sum()),
        "contacts_adults": float(met.sum()),
        "contacts_home": float(met[HOUSEHOLD]),
        "contacts_work": float(met[WORK]),
        "contacts_low": float(a_day @ MEETS_LOW),
        "contacts_high": float(a_day @ MEETS_HIGH),
    }


def judged(found: dict[str, float], slots: int) -> list[Finding]:
    """The measures that have a target, in the order of the file."""
    lines = TARGETS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [
        Finding(
            row["measure"],
            row["unit"],
            found[row["measure"]],
            float(row["low"]),
            float(row["high"]),
            row["published"],
            row["source"],
            WHY[row["measure"]].format(slots=slots, mean=found["degree_mean"]),
        )
        for row in rows
    ]


def by_degree(ties: Ties) -> list[tuple[str, int, float]]:
    """(ties, people of the sample, mean local clustering) by number of ties."""
    net = network.graph(ties.people, ties.edges)
    some = network.sample(ties.people, network.SAMPLE)
    local, degree = network.clustering(net, some), net.degree[some]
    found = []
    for low, high in ((2, 4), (5, 7), (8, 10), (11, ties.slots)):
        here = (degree >= low) & (degree <= high)
        if here.any():
            found.append((f"{low} to {high}", int(here.sum()), float(local[here].mean())))
    return found
