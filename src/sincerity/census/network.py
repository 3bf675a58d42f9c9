"""Network: measures of an undirected graph of people, computed here with NumPy (oracle in tests: networkx).

What is too dear for everybody is taken over a keyed sample: triangles around at most `SAMPLE` people, distances from
at most `SOURCES`. A world of so many people or fewer is measured whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

SAMPLE, SOURCES = 20_000, 48
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Graph:
    """A simple graph: the neighbours of person i are whom[first[i] : first[i + 1]], ascending.

    first: (people + 1,); whom: (2 * edges,).
    """

    first: Ints
    whom: Ints

    @property
    def people(self) -> int:
        """Number of people."""
        return len(self.first) - 1

    @cached_property
    def degree(self) -> Ints:
        """Neighbours of each, (people,)."""
        return np.diff(self.first)

    @cached_property
    def who(self) -> Ints:
        """The near end of each entry of `whom`."""
        return np.repeat(np.arange(self.people), self.degree)

    @cached_property
    def _keys(self) -> Ints:
        return self.who * self.people + self.whom

    def joined(self, a: Ints, b: Ints) -> NDArray[np.bool_]:
        """Whether a[k] and b[k] are neighbours."""
        wanted = a * self.people + b
        found = np.searchsorted(self._keys, wanted)
        return np.asarray(self._keys[np.minimum(found, len(self._keys) - 1)] == wanted)


def graph(people: int, edges: NDArray[np.integer]) -> Graph:
    """The graph of `people` people with these edges, (m, 2); self-pairs and repeats count for nothing."""
    pairs = np.asarray(edges, np.int64).reshape(-1, 2)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    keys = np.unique(both[:, 0] * people + both[:, 1])
    who, whom = np.divmod(keys, people)
    return Graph(np.searchsorted(who, np.arange(people + 1)), whom)


def cv(values: NDArray[np.integer]) -> float:
    """Standard deviation over mean."""
    return float(np.std(values) / np.mean(values))


def gini(values: NDArray[np.integer]) -> float:
    """Gini coefficient, 0 (all alike) to 1."""
    ordered = np.sort(np.asarray(values, float))
    n = len(ordered)
    return float(2 * (np.arange(1, n + 1) @ ordered) / (n * ordered.sum()) - (n + 1) / n)


def sample(people: int, most: int) -> Ints:
    """At most `most` people, ascending: everybody, or a fixed draw."""
    if people <= most:
        return np.arange(people)
    return np.sort(np.random.default_rng(people).choice(people, most, replace=False))


def clustering(net: Graph, of: Ints) -> Reals:
    """Local clustering of the people `of`: the share of pairs of their neighbours who are neighbours; 0 below two."""
    found = np.zeros(len(of))
    for k in np.unique(net.degree[of]):
        if k < 2:
            continue
        same = np.flatnonzero(net.degree[of] == k)
        a, b = np.triu_indices(int(k), 1)
        for part in np.array_split(same, max(1, len(same) * len(a) // 2_000_000)):
            near = net.whom[net.first[of[part]][:, None] + np.arange(k)]
            found[part] = net.joined(near[:, a], near[:, b]).mean(axis=1)
    return found


def transitivity(net: Graph, of: Ints) -> float:
    """The share of paths of two steps around the people `of` that close."""
    pairs = net.degree[of] * (net.degree[of] - 1) / 2
    return float(clustering(net, of) @ pairs / pairs.sum()) if pairs.sum() else 0.0


def assortativity(net: Graph) -> float:
    """Pearson's r of the degrees at both ends of an edge (Newman 2002); nan where all degrees are alike."""
    a, b = net.degree[net.who].astype(float), net.degree[net.whom].astype(float)
    spread = float(np.var(a))
    return float(((a * b).mean() - a.mean() * b.mean()) / spread) if spread else float("nan")


def components(net: Graph) -> Ints:
    """(people,): the least id of everybody's component."""
    label = np.arange(net.people)
    while True:
        lower = label.copy()
        np.minimum.at(lower, label[net.who], label[net.whom])
        while True:
            jumped = lower[lower]
            if np.array_equal(jumped, lower):
                break
            lower = jumped
        lower = lower[label]
        if np.array_equal(lower, label):
            return label
        label = lower


def steps_from(net: Graph, source: int) -> Ints:
    """(people,): least number of steps from one person; -1 where none leads."""
    steps = np.full(net.people, -1, np.int64)
    steps[source] = 0
    edge, k = np.array([source]), 0
    while len(edge):
        k += 1
        counts = net.degree[edge]
        starts = np.repeat(net.first[edge] - np.cumsum(counts) + counts, counts)
        near = net.whom[starts + np.arange(counts.sum())]
        edge = np.unique(near[steps[near] < 0])
        steps[edge] = k
    return steps


def mean_distance(net: Graph, sources: Ints) -> float:
    """Mean least number of steps from these people to all others they reach."""
    total = many = 0
    for source in sources.tolist():
        steps = steps_from(net, source)
        total += int(steps[steps > 0].sum())
        many += int((steps > 0).sum())
    return total / many if many else float("nan")


def paradox(net: Graph) -> float:
    """The share of people with ties who have fewer than their friends have in the mean (Feld 1991)."""
    sums = np.zeros(net.people, np.int64)
    np.add.at(sums, net.who, net.degree[net.whom])
    has = net.degree > 0
    return float((net.degree[has] ** 2 < sums[has]).mean())


def alike(net: Graph, group: NDArray[np.integer]) -> float:
    """The share of edges whose two ends are in the same group (people,)."""
    return float((group[net.who] == group[net.whom]).mean())
