"""Ties that are given, in the usual month: they live at both ends or at none, and nobody else is met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest

from engine.living import declared
from sincerity.declare.catalogue import regime, society
from sincerity.declare.problems import BadInput
from sincerity.engine.cpu import Engine, simulate
from sincerity.engine.given import month_contacts
from sincerity.engine.world import build, settle
from sincerity.month.schedule import Schedule
from sincerity.people.ties import SLOTS

PEOPLE = 1_000
RING = [(k, (k + 1) % PEOPLE) for k in range(PEOPLE)]
STAR = [(7, k) for k in range(9, 38)]


@pytest.mark.parametrize(
    "made",
    [
        nx.star_graph(31),
        nx.complete_graph(32),
        nx.random_regular_graph(31, 60, seed=3),
        nx.gnp_random_graph(60, 0.3, 5),
    ],
    ids=["star", "complete", "regular", "random"],
)
def test_everybody_may_have_31_ties(made: Any) -> None:
    people, edges = made.number_of_nodes(), list(made.edges())
    found = month_contacts(people, edges).astype(np.int64)
    assert found.shape == (SLOTS, people)
    ids = np.arange(people)
    assert all(np.array_equal(whom[whom], ids) for whom in found)
    reached = sorted((i, int(j)) for whom in found for i, j in enumerate(whom) if i < j)
    assert reached == sorted(tuple(sorted(edge)) for edge in edges)


def test_more_ties_than_slots_are_refused_in_one_sentence() -> None:
    edges = [(3, k) for k in range(4, 36)]
    with pytest.raises(BadInput, match="person 3 has 32 ties") as error:
        settle(society("china-2020"), PEOPLE, 1, edges=edges)
    assert "at most 31 ties a person" in str(error.value)
    assert settle(society("china-2020"), PEOPLE, 1, edges=[*edges[:31], (3, 4), (5, 5)]).given is not None


def test_the_month_lives_over_given_ties() -> None:
    land = settle(society("china-2020"), PEOPLE, 1, edges=RING + STAR)
    world = build(land, regime("citizen-score"), Schedule())
    engine = Engine([world], Schedule(), 1, 2, 300)
    engine.begin()
    given = {tuple(sorted(edge)) for edge in RING + STAR}
    for month in range(6):
        engine.live(month, engine.date, counting="none")
        edges, _ = world.living_ties()
        found = {tuple(edge) for edge in edges.tolist()}
        assert found <= given
        assert 0.6 * len(given) < len(found) <= len(given)
    assert np.bincount(edges.ravel()).argmax() == 7  # the hub keeps most of its ties
    assert 15 < np.bincount(edges.ravel()).max() <= 31
    engine.crew.close()


def test_a_run_over_given_ties_does_not_depend_on_threads_and_is_another_than_over_its_own() -> None:
    short = replace(declared(PEOPLE, 3))
    tables = [
        simulate(short, 1, threads=threads, block=block, ties=ties).rows.table()
        for threads, block, ties in ((1, 1_000, RING), (2, 170, RING), (1, 1_000, None))
    ]
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])
