"""Measures of a network against networkx, and against what is known by hand."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sincerity.census import network


def worlds() -> dict[str, Any]:
    return {
        "random": nx.gnm_random_graph(300, 700, seed=1),
        "small world": nx.watts_strogatz_graph(200, 6, 0.1, seed=2),
        "heavy tail": nx.barabasi_albert_graph(250, 3, seed=3),
        "karate club": nx.karate_club_graph(),
        "star": nx.star_graph(50),
        "pieces": nx.disjoint_union_all([nx.path_graph(5), nx.complete_graph(4), nx.empty_graph(3)]),
    }


def ours(made: Any) -> network.Graph:
    return network.graph(made.number_of_nodes(), np.array(list(made.edges()), np.int64))


@pytest.mark.parametrize("name", list(worlds()))
def test_measures_are_those_of_networkx(name: str) -> None:
    made = worlds()[name]
    net, everyone = ours(made), np.arange(made.number_of_nodes())
    assert net.degree.tolist() == [d for _, d in made.degree()]
    assert network.clustering(net, everyone).tolist() == pytest.approx(list(nx.clustering(made).values()))
    assert network.transitivity(net, everyone) == pytest.approx(nx.transitivity(made))
    found = network.components(net)
    assert {frozenset(np.flatnonzero(found == c).tolist()) for c in np.unique(found)} == {
        frozenset(part) for part in nx.connected_components(made)
    }
    for source in (0, 4):
        steps = nx.single_source_shortest_path_length(made, source)
        assert network.steps_from(net, source).tolist() == [steps.get(i, -1) for i in everyone.tolist()]
    if name != "star":  # all edges join the hub to a leaf: networkx divides by nothing else either
        assert network.assortativity(net) == pytest.approx(nx.degree_assortativity_coefficient(made))


def test_mean_distance_over_all_sources_is_the_average_path() -> None:
    made = worlds()["karate club"]
    assert network.mean_distance(ours(made), np.arange(34)) == pytest.approx(nx.average_shortest_path_length(made))


def test_a_star_by_hand() -> None:
    net = ours(worlds()["star"])
    assert network.paradox(net) == pytest.approx(50 / 51)
    assert network.assortativity(net) == pytest.approx(-1)
    assert network.clustering(net, np.arange(51)).max() == 0
    assert network.cv(net.degree) == pytest.approx(np.std([50, *[1] * 50]) / (100 / 51))


def test_gini_by_hand() -> None:
    assert network.gini(np.array([1, 1, 1, 1])) == pytest.approx(0)
    assert network.gini(np.array([0, 0, 0, 4])) == pytest.approx(0.75)
    assert network.gini(np.array([1, 3])) == pytest.approx(0.25)


def test_all_alike_has_no_assortativity() -> None:
    assert np.isnan(network.assortativity(ours(nx.cycle_graph(9))))


def test_edges_within_a_group() -> None:
    net = ours(nx.path_graph(4))
    assert network.alike(net, np.array([0, 0, 1, 1])) == pytest.approx(2 / 3)


@settings(max_examples=60, deadline=None)
@given(
    people=st.integers(2, 30),
    pairs=st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), min_size=1, max_size=80),
)
def test_self_pairs_and_repeats_count_for_nothing(people: int, pairs: list[tuple[int, int]]) -> None:
    kept = [(a % people, b % people) for a, b in pairs]
    made: Any = nx.Graph()
    made.add_nodes_from(range(people))
    made.add_edges_from((a, b) for a, b in kept if a != b)
    net = network.graph(people, np.array([*kept, *kept], np.int64))
    assert net.degree.tolist() == [d for _, d in made.degree()]
    assert network.clustering(net, np.arange(people)).tolist() == pytest.approx(list(nx.clustering(made).values()))


def test_a_sample_is_everybody_where_few_and_a_fixed_draw_where_many() -> None:
    assert network.sample(5, 10).tolist() == [0, 1, 2, 3, 4]
    drawn = network.sample(1_000, 10)
    assert len(np.unique(drawn)) == 10
    assert np.array_equal(drawn, network.sample(1_000, 10))
