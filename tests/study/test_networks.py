"""Measures of a society's living ties: against networkx on a small world, and the targets' file."""

from __future__ import annotations

import csv
from typing import Any

import networkx as nx
import numpy as np
import pytest

from sincerity.declare.catalogue import society
from sincerity.declare.problems import BadInput
from sincerity.study import networks
from sincerity.study.networks import Finding, Ties


@pytest.fixture(scope="module")
def ties() -> Ties:
    return networks.ties_of(society("china-2020"), 1_000, 1, threads=1)


@pytest.fixture(scope="module")
def made(ties: Ties) -> Any:
    found: Any = nx.Graph()
    found.add_nodes_from(range(ties.people))
    found.add_edges_from(ties.edges.tolist())
    return found


def test_living_ties_are_pairs_each_once(ties: Ties, made: Any) -> None:
    assert (ties.edges[:, 0] < ties.edges[:, 1]).all()
    assert made.number_of_edges() == len(ties.edges) == len(ties.kind)
    assert set(ties.kind.tolist()) == {0, 1, 2, 3, 4}
    assert (ties.age_group >= 18 // 5).all()


def test_measures_are_those_of_networkx(ties: Ties, made: Any) -> None:
    found = networks.measures(ties)
    degree = dict(made.degree())
    counts = np.array([degree[i] for i in range(1_000)])
    local = nx.clustering(made)
    assert found["degree_mean"] == pytest.approx(counts.mean())
    assert found["degree_most"] == counts.max()
    assert found["degree_cv"] == pytest.approx(counts.std() / counts.mean())
    by_definition = np.abs(counts[:, None] - counts).mean() / 2 / counts.mean()
    assert found["degree_gini"] == pytest.approx(by_definition)
    assert found["clustering"] == pytest.approx(nx.average_clustering(made))
    assert found["assortativity"] == pytest.approx(nx.degree_assortativity_coefficient(made))
    largest = max(nx.connected_components(made), key=len)
    assert found["giant"] == len(largest) / 1_000
    whole = nx.average_shortest_path_length(made.subgraph(largest))
    assert found["distance"] == pytest.approx(whole, rel=0.03)  # from 48 of all
    assert found["distance_for_size"] == pytest.approx(found["distance"] * np.log(counts.mean()) / np.log(1_000))
    fewer = [degree[i] < np.mean([degree[j] for j in made[i]]) for i in made if degree[i]]
    assert found["paradox"] == pytest.approx(np.mean(fewer))
    best = [i for i in made if degree[i] >= np.quantile(counts, 0.9)]
    assert found["clustering_falls"] == pytest.approx(np.mean([local[i] for i in best]) / nx.average_clustering(made))
    strong = nx.Graph(ties.edges[ties.kind < 3].tolist())
    assert found["strong_mean"] == pytest.approx(2 * strong.number_of_edges() / 1_000)
    assert found["strong_transitivity"] == pytest.approx(nx.transitivity(strong))
    same = [ties.age_group[a] == ties.age_group[b] for a, b in made.edges()]
    assert found["same_age"] == pytest.approx(np.mean(same))
    days = np.array(networks.MEETS)[ties.kind].sum() * 2 / 1_000
    assert found["contacts_a_day"] == pytest.approx(days)
    assert found["contacts_adults"] == found["contacts_a_day"]
    assert found["same_age_adults"] == found["same_age"]
    assert found["contacts_home"] == pytest.approx(2 * np.count_nonzero(ties.kind == 0) / 1_000)
    assert found["contacts_work"] == pytest.approx(2 * np.count_nonzero(ties.kind == 1) / 1_000 * 5 / 7)
    assert found["contacts_low"] < days < found["contacts_high"]


def test_clustering_by_degree_covers_everybody_with_two_ties(ties: Ties, made: Any) -> None:
    rows = networks.by_degree(ties)
    assert sum(many for _, many, _ in rows) == sum(d >= 2 for _, d in made.degree())
    local = nx.clustering(made)
    five = [local[i] for i, d in made.degree() if 5 <= d <= 7]
    assert {band: mean for band, _, mean in rows}["5 to 7"] == pytest.approx(np.mean(five))


def test_every_target_has_a_range_a_source_and_a_reason() -> None:
    lines = [t for t in networks.TARGETS.read_text(encoding="utf-8").splitlines() if not t.startswith("#")]
    rows = list(csv.DictReader(lines))
    assert [row["measure"] for row in rows] == list(networks.WHY)
    for row in rows:
        assert float(row["low"]) < float(row["high"]), row
        assert row["unit"], row
        assert row["published"], row
        assert len(row["source"]) > 20, row


def test_a_random_network_is_as_wide_as_one_of_its_size_and_a_ring_is_wider() -> None:
    """What `distance_for_size` is 1 for, as the published figures beside it are reckoned."""
    rng = np.random.default_rng(3)
    random = Ties(rng.integers(0, 5_000, (25_000, 2)), np.full(25_000, 3), np.zeros(5_000, np.int64), 32)
    assert networks.measures(random)["distance_for_size"] == pytest.approx(1, abs=0.1)
    ring = np.arange(5_000)
    edges = np.concatenate([np.stack([ring, (ring + k) % 5_000], 1) for k in range(1, 6)])
    wide = Ties(edges, np.full(len(edges), 3), np.zeros(5_000, np.int64), 32)
    assert networks.measures(wide)["distance_for_size"] > 10


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.8, "met"), (1.2, "met"), (1.2004, "met"), (1.201, "missed"), (0.799, "missed"), (float("nan"), "missed")],
)
def test_the_verdict_counts_the_bounds_in_and_what_is_undefined_out(value: float, verdict: str) -> None:
    assert Finding("x", "1", value, 0.8, 1.2, "", "", "").verdict == verdict


def test_too_many_people_are_refused_before_anything_is_built() -> None:
    with pytest.raises(BadInput, match="at most 2,000,000"):
        networks.ties_of(society("china-2020"), 2_000_001, 1)
