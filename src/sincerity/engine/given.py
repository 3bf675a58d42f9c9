"""Given ties: an edge list, laid into slots so that both ends of a tie have it in the same one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint32
from numpy.typing import NDArray

from sincerity.declare.problems import BadInput, Problem
from sincerity.people.kernel import kernel
from sincerity.people.ties import SLOTS

MOST_CONTACTS = 1 << 27
"""Slots times people of a lab: half a gigabyte of contacts."""


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
    codes = np.minimum(pairs[:, 0], pairs[:, 1]) * people + np.maximum(pairs[:, 0], pairs[:, 1])
    codes = np.sort(codes[pairs[:, 0] != pairs[:, 1]])
    first = np.ones(len(codes), bool)
    first[1:] = codes[1:] != codes[:-1]  # np.unique takes ten times as long
    codes = codes[first]
    return np.stack([codes // people, codes % people], axis=1)


def given_contacts(people: int, edges: Any) -> NDArray[np.uint32]:
    """(slots, people) contacts of an edge list: each slot its own inverse, oneself where it leads to nobody.

    One slot more than the most ties anybody has is enough for any graph (Vizing 1964), and nearly always found. The
    best connected come first, each tie in the first slot that is free at both ends; where that lies beyond, two slots
    are exchanged along a chain of ties to make one free (Kempe).
    """
    pairs = simple(people, edges)
    degree = np.bincount(pairs.ravel(), minlength=people)
    enough = int(degree.max()) + 1
    if enough * people > MOST_CONTACTS:
        text = f"{enough:,} slots for each of {people:,} people are too many"
        raise BadInput([Problem("ties", 0, 0, text, f"at most {MOST_CONTACTS:,} together")])
    order = np.argsort(-np.maximum(degree[pairs[:, 0]], degree[pairs[:, 1]]), kind="stable")
    ids = np.arange(people, dtype=np.uint32)
    for slots in (enough, 2 * enough):  # no slot beyond twice as many is ever the first that is free
        contacts = np.tile(ids, (slots, 1))
        if lay(pairs[order], enough, contacts, np.zeros(people + 1, np.uint32)):
            break
    used = int(np.flatnonzero((contacts != ids).any(axis=1)).max(initial=0)) + 1
    return contacts[:used]


@kernel
def lay(pairs: Any, enough: int, contacts: Any, path: Any) -> bool:
    """Lay ties into the slots of `contacts`, which lead to nobody; False where those are too few.

    path (people + 1,): room for a chain.
    """
    for k in range(len(pairs)):
        a, b = uint32(pairs[k, 0]), uint32(pairs[k, 1])
        slot = first_free(a, b, contacts)
        if slot >= enough:
            slot = made_free(a, b, slot, enough, contacts, path)
        if slot >= contacts.shape[0]:
            return False
        contacts[slot, a], contacts[slot, b] = b, a
    return True


@kernel
def first_free(a: Any, b: Any, contacts: Any) -> Any:
    """The first slot that leads to nobody at both ends; as many as there are where none does."""
    slot = 0
    while slot < contacts.shape[0] and (contacts[slot, a] != a or contacts[slot, b] != b):
        slot += 1
    return slot


@kernel
def made_free(a: Any, b: Any, beyond: int, enough: int, contacts: Any, path: Any) -> int:
    """A slot below `enough`, free at both ends once two slots are exchanged along a chain from b; or `beyond`."""
    for mine in range(enough):
        if contacts[mine, a] != a:
            continue
        for theirs in range(enough):
            if contacts[theirs, b] != b:
                continue
            path[0], many, slot = b, 1, mine
            while contacts[slot, path[many - 1]] != path[many - 1]:
                path[many] = contacts[slot, path[many - 1]]
                many += 1
                slot = mine + theirs - slot
            if path[many - 1] == a:
                continue
            contacts[theirs if many % 2 else mine, path[many - 1]] = path[many - 1]
            contacts[mine, b] = b
            for k in range(many - 1):
                other = mine if k % 2 else theirs
                contacts[other, path[k]], contacts[other, path[k + 1]] = path[k + 1], path[k]
            return mine
    return beyond


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
        raise BadInput([Problem("ties", 0, 0, f"they take {len(found)} slots", expected)])
    contacts = np.tile(np.arange(people, dtype=np.uint32), (SLOTS, 1))
    contacts[: len(found)] = found
    return contacts
