"""Given ties: an edge list, laid into slots so that both ends of a tie have it in the same one."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.problems import BadInput, Problem
from sincerity.people.ties import SLOTS

MOST_CONTACTS = 1 << 27
"""Slots times people of a lab: half a gigabyte of contacts."""
FEW_PAIRS = 1 << 16
"""So many ties at a time become Python's numbers."""


def simple(people: int, edges: Any) -> NDArray[np.int64]:
    """The pairs (m, 2) of an edge list, each once, the lower id first; self-pairs and repeats count for nothing.

    BadInput for what is no list of pairs of ids from 0 to people - 1.
    """
    given = np.asarray(edges)
    if given.size and (given.ndim != 2 or given.shape[1] != 2 or given.dtype.kind not in "iu"):
        text = f"an array of {given.dtype} of shape {given.shape} is no edge list"
        raise BadInput([Problem("ties", 0, 0, text, "whole numbers of shape (edges, 2)")])
    pairs = given.astype(np.int64).reshape(-1, 2)
    wrong = np.flatnonzero(((pairs < 0) | (pairs >= people)).any(axis=1))
    if len(wrong):
        expected = f"ids from 0 to {people - 1}"
        raise BadInput(
            [
                Problem("ties", int(k) + 1, 0, f"there is no such pair as {pairs[k].tolist()}", expected)
                for k in wrong[:9]
            ]
        )
    ordered = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    codes = np.unique(ordered[:, 0] * people + ordered[:, 1])
    return np.stack([codes // people, codes % people], axis=1)


def given_contacts(people: int, edges: Any) -> NDArray[np.uint32]:
    """(slots, people) contacts of an edge list: each slot its own inverse, oneself where it leads to nobody.

    Each edge takes the first slot that is free at both ends, those of the best connected first: fewer than twice as
    many slots as anybody has ties.
    """
    pairs = simple(people, edges)
    degree = np.bincount(pairs.ravel(), minlength=people)
    order = np.argsort(-np.maximum(degree[pairs[:, 0]], degree[pairs[:, 1]]), kind="stable")
    taken, slot_of = [0] * people, np.zeros(len(pairs), np.int64)
    for k, (a, b) in chain.from_iterable(
        zip(some.tolist(), pairs[some].tolist(), strict=True)
        for some in np.array_split(order, 1 + len(order) // FEW_PAIRS)
    ):
        both = taken[a] | taken[b]
        free = ~both & (both + 1)
        taken[a], taken[b] = taken[a] | free, taken[b] | free
        slot_of[k] = free.bit_length() - 1
    slots = int(slot_of.max()) + 1 if len(pairs) else 1
    if slots * people > MOST_CONTACTS:
        text = f"{slots:,} slots for each of {people:,} people are too many"
        raise BadInput([Problem("ties", 0, 0, text, f"at most {MOST_CONTACTS:,} together")])
    contacts = np.tile(np.arange(people, dtype=np.uint32), (slots, 1))
    contacts[slot_of, pairs[:, 0]], contacts[slot_of, pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    return contacts


def month_contacts(people: int, edges: Any) -> NDArray[np.uint32]:
    """(32, people) contacts of an edge list for the usual month, in which `hold` has a bit for each slot.

    BadInput if somebody has more than 31 ties, or if what hangs together can't be laid into 32 slots.
    """
    degree = np.bincount(simple(people, edges).ravel(), minlength=people)
    expected = f"at most {SLOTS - 1} ties a person in the usual month, which has {SLOTS} slots"
    if degree.max() >= SLOTS:
        text = f"person {int(degree.argmax())} has {int(degree.max())} ties"
        raise BadInput([Problem("ties", 0, 0, text, expected)])
    found = given_contacts(people, edges)
    if len(found) > SLOTS:
        found = _exchanged(people, edges)
    if len(found) > SLOTS:
        raise BadInput([Problem("ties", 0, 0, f"they take {len(found)} slots", expected)])
    contacts = np.tile(np.arange(people, dtype=np.uint32), (SLOTS, 1))
    contacts[: len(found)] = found
    return contacts


def _exchanged(people: int, edges: Any) -> NDArray[np.uint32]:
    """The same in as few slots as can be: where a tie would take more than one slot beyond the most ties anybody has
    (Vizing 1964: so many are enough), slots are exchanged along a chain of ties to make one free (Kempe).
    """
    pairs = simple(people, edges)
    enough = int(np.bincount(pairs.ravel(), minlength=people).max()) + 1
    whom: list[dict[int, int]] = [{} for _ in range(people)]
    taken = [0] * people
    for a, b in pairs.tolist():
        both = taken[a] | taken[b]
        slot = (~both & (both + 1)).bit_length() - 1
        if slot >= enough:
            slot = _made_free(whom, taken, a, b, enough, slot)
        _put(whom, taken, a, b, slot)
    slots = max(word.bit_length() for word in taken)
    contacts = np.tile(np.arange(people, dtype=np.uint32), (slots, 1))
    for person, mine in enumerate(whom):
        for slot, other in mine.items():
            contacts[slot, person] = other
    return contacts


def _put(whom: list[dict[int, int]], taken: list[int], a: int, b: int, slot: int) -> None:
    whom[a][slot], whom[b][slot] = b, a
    taken[a], taken[b] = taken[a] | 1 << slot, taken[b] | 1 << slot


def _made_free(whom: list[dict[int, int]], taken: list[int], a: int, b: int, enough: int, beyond: int) -> int:
    """A slot below `enough`, free at both ends once two slots are exchanged along a chain from b; or `beyond`."""
    for mine in range(enough):
        if taken[a] >> mine & 1:
            continue
        for theirs in range(enough):
            if taken[b] >> theirs & 1:
                continue
            path, slot = [b], mine
            while (other := whom[path[-1]].get(slot)) is not None:
                path.append(other)
                slot = mine + theirs - slot
            if path[-1] == a:
                continue
            links = [(x, y, theirs if k % 2 else mine) for k, (x, y) in enumerate(pairwise(path))]
            for x, y, slot in links:
                del whom[x][slot], whom[y][slot]
                taken[x], taken[y] = taken[x] & ~(1 << slot), taken[y] & ~(1 << slot)
            for x, y, slot in links:
                _put(whom, taken, x, y, mine + theirs - slot)
            return mine
    return beyond
