"""Luck: Philox4x32, a counter-based generator (Salmon, Moraes, Dror and Shaw, SC 2011).

The words of a person, rule and month are a pure function of (seed, rule's name, person, month): nothing is drawn in
order, so that the same person meets the same luck in every world with that seed, and adding a rule moves no other
rule's luck.

key = (seed, hash of the rule's name); counter = (person, month, block of four words, life). `life` is reserved.

Who people are is drawn with the ten rounds that its authors recommend, the luck of the months with seven, the fewest
for which they report that all of BigCrush is passed: a third of the month's draws cheaper.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numba import uint32, uint64
from numpy.typing import NDArray

from sincerity.people.kernel import inline, kernel

ROUNDS, ROUNDS_OF_LUCK = 10, 7
M0, M1 = 0xD2511F53, 0xCD9E8D57
W0, W1 = 0x9E3779B9, 0xBB67AE85


@inline
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any, rounds: Any) -> Any:
    """Four random uint32 words for a counter of four and a key of two uint32 words."""
    for _ in range(rounds):
        p0 = uint64(M0) * uint64(c0)
        p1 = uint64(M1) * uint64(c2)
        c0, c1, c2, c3 = (
            uint32(p1 >> uint64(32)) ^ c1 ^ k0,
            uint32(p1),
            uint32(p0 >> uint64(32)) ^ c3 ^ k1,
            uint32(p0),
        )
        k0 = uint32(k0 + uint32(W0))
        k1 = uint32(k1 + uint32(W1))
    return c0, c1, c2, c3


@inline
def mix(word: Any) -> Any:
    """A well-stirred uint32 of a uint32 (the finalizer of MurmurHash3): further luck from one word."""
    x = uint32(word)
    x = uint32(uint32(x ^ uint32(x >> uint32(16))) * uint32(0x85EBCA6B))
    x = uint32(uint32(x ^ uint32(x >> uint32(13))) * uint32(0xC2B2AE35))
    return uint32(x ^ uint32(x >> uint32(16)))


def name_key(name: str) -> int:
    """The uint32 by which a rule's name enters its key."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little")


def key_of(seed: int, name: str) -> tuple[int, int]:
    """(seed as uint32, hash of the name as uint32)."""
    return seed & 0xFFFFFFFF, name_key(name)


def threshold(chance: float) -> int:
    """The number under which a word must lie so that this happens with `chance` (0 to 1): 0 never, 1 always."""
    return min(max(round(chance * 4294967296.0), 0), 4294967296)


@kernel
def fill_luck(lo: int, hi: int, month: int, k0: int, k1: int, luck: NDArray[np.uint32]) -> None:
    """Fill luck[word, q] for the people lo … hi - 1 of one rule and month; words in fours."""
    for four in range((luck.shape[0] + 3) // 4):
        w = four * 4
        for q in range(hi - lo):
            person, when, key0, key1 = uint32(lo + q), uint32(month), uint32(k0), uint32(k1)
            a, b, c, d = philox(person, when, uint32(four), uint32(0), key0, key1, ROUNDS_OF_LUCK)
            luck[w, q] = a
            luck[w + 1, q] = b
            luck[w + 2, q] = c
            luck[w + 3, q] = d
