"""The example on friends' scores: a sparse solve, PageRank from networkx and from print, any threads and blocks."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.linalg import spsolve

import friends_scores as example


def solved(ties: Any, b: Any, kappa: float) -> Any:
    """(I - kappa D^-1 A)^-1 b."""
    n = len(b)
    a, c = np.asarray(ties).T
    joined = csr_array((np.ones(2 * len(a)), (np.r_[a, c], np.r_[c, a])), shape=(n, n))
    degree = np.asarray(joined.sum(axis=1)).ravel()
    return spsolve((eye_array(n) - kappa * diags_array(1 / degree) @ joined).tocsc(), b)


def test_the_club_is_that_of_networkx() -> None:
    assert {tuple(pair) for pair in example.edges().tolist()} == set(nx.karate_club_graph().edges())


@pytest.mark.parametrize("kappa", [0.0, 0.3, 0.85])
def test_scores_are_the_sparse_solution(kappa: float) -> None:
    b = np.random.default_rng(3).uniform(0, 1000, 34)
    assert example.scores(example.edges(), b, kappa) == pytest.approx(solved(example.edges(), b, kappa), abs=1e-9)


def test_the_same_for_all_is_b_over_one_minus_kappa() -> None:
    assert example.scores(example.edges(), np.full(34, 7.0), 0.6) == pytest.approx(np.full(34, 7 / 0.4))


def test_pagerank_of_the_club() -> None:
    found = example.pagerank(example.edges(), 34)
    oracle = nx.pagerank(nx.karate_club_graph(), alpha=0.85, tol=1e-12, max_iter=1000, weight=None)
    assert found == pytest.approx([oracle[i] for i in range(34)], abs=1e-9)
    assert [round(found[i], 6) for i in (33, 0, 32, 2, 11)] == [0.100919, 0.096997, 0.071693, 0.057079, 0.009565]
    assert found.sum() == pytest.approx(1)


@pytest.mark.parametrize("leaves", [4, 50])
def test_a_star_has_as_many_contacts_as_leaves(leaves: int) -> None:
    ties = np.array([(0, k + 1) for k in range(leaves)])
    found = example.pagerank(ties, leaves + 1)
    hub = (0.15 / (leaves + 1) + 0.85 * 0.15 * leaves / (leaves + 1)) / (1 - 0.85**2)  # by hand
    assert found[0] == pytest.approx(hub, abs=1e-9)
    assert found[1:] == pytest.approx(np.full(leaves, (1 - hub) / leaves), abs=1e-9)
    if leaves == 4:
        assert (round(found[0], 6), round(found[1], 6)) == (0.475676, 0.131081)


def test_threads_and_blocks_do_not_matter() -> None:
    b = np.random.default_rng(4).uniform(0, 1000, 34)
    whole = example.scores(example.edges(), b, 0.5, months=9)
    for threads, block in ((1, 5), (3, 7), (2, 33)):
        assert np.array_equal(whole, example.scores(example.edges(), b, 0.5, months=9, threads=threads, block=block))


def test_eigentrust_is_the_solution_of_its_equation() -> None:
    rng = np.random.default_rng(7)
    c = rng.uniform(0, 1, (12, 12)) * (rng.uniform(0, 1, (12, 12)) < 0.4) + np.roll(np.eye(12), 1, axis=0)
    np.fill_diagonal(c, 0)
    c, p = c / c.sum(axis=1, keepdims=True), rng.dirichlet(np.ones(12))
    known = np.linalg.solve(np.eye(12) - 0.85 * c.T, 0.15 * p)
    assert example.eigentrust(c, p) == pytest.approx(known, abs=1e-9)
