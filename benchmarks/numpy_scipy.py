"""The core month in NumPy and SciPy: two sparse products for the ties, the rest in place on columns of float32.

One product with the three columns that friends show took as long as five with one; how many spoke for and how many
against fit into one float32 (for + 64 · against), which leaves two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks import core


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months. NumPy's and SciPy's own loops run on one thread, whatever `threads` says."""
    rng = np.random.Generator(np.random.SFC64(seed))
    first, ids = core.neighbours(people, seed)
    ties = csr_array((np.ones(len(ids), np.float32), ids, first.astype(np.int32)), shape=(people, people))
    weight = np.float32(core.TIES_WEIGHT) / np.maximum(np.diff(first), 1).astype(np.float32)
    opinion = core.opinions(people, seed)
    against = opinion < 0
    sign = np.where(against, np.float32(-core.COMPANY), np.float32(core.COMPANY))
    strength = np.float32(core.CONVICTION) * np.abs(opinion) - np.float32(core.COST)
    loss = np.where(against, np.float32(core.LOSS), np.float32(0))
    punishable = np.where(against, np.float32(core.PUNISHED), np.float32(0))
    speaks = np.where(against, np.int8(core.AGAINST), np.int8(core.FOR))
    loud = np.where(against, np.float32(64), np.float32(1))

    account, fear = np.zeros(people, np.float32), np.full(people, core.FEAR, np.float32)
    score, away = np.full(people, core.MIDDLE, np.float32), np.zeros(people, np.float32)
    months_listed, said = np.zeros(people, np.int8), np.zeros(people, np.int8)
    voice = np.zeros(people, np.float32)
    luck, u, agree = (np.empty(people, np.float32) for _ in range(3))
    flag = np.empty(people, bool)

    def add_where(column: NDArray[np.float32], amount: float) -> None:
        np.multiply(flag, np.float32(amount), out=u)
        np.add(column, u, out=column)

    for _ in range(months):
        met, heard = ties @ away, ties @ voice

        rng.random(out=luck, dtype=np.float32)
        account *= np.float32(core.KEPT)
        np.less(luck, np.float32(core.OFFENCE), out=flag)
        add_where(account, core.OFFENCE_POINTS)
        np.greater(luck, np.float32(1 - core.GOOD_DEED), out=flag)
        add_where(account, core.DEED_POINTS)

        np.multiply(met, weight, out=score)
        score += account
        score += np.float32(core.MIDDLE)
        np.subtract(score, np.float32(core.MIDDLE), out=away)

        np.maximum(months_listed, 1, out=months_listed)
        months_listed -= np.int8(1)
        np.less(score, np.float32(core.CUT), out=flag)
        np.copyto(months_listed, np.int8(core.TERM), where=flag)

        np.multiply(heard, np.float32(1 / 64), out=u)
        np.floor(u, out=u)  # how many spoke against
        heard -= np.float32(64) * u  # how many for
        np.subtract(heard, u, out=agree)
        heard += u
        heard += np.float32(1)
        agree /= heard
        agree *= sign
        np.multiply(loss, fear, out=u)
        u -= agree
        u -= strength
        u *= np.float32(1 / core.NOISE)
        np.exp(u, out=u)
        u += np.float32(1)
        chance = np.divide(np.float32(core.OCCASION), u, out=agree)
        rng.random(out=luck, dtype=np.float32)
        np.less(luck, chance, out=flag)
        np.multiply(speaks, flag, out=said)
        np.multiply(loud, flag, out=voice)

        fear *= np.float32(1 - core.LEARNING)
        fear += np.float32(core.LEARNING * core.FEAR)
        chance *= punishable
        np.less(luck, chance, out=flag)
        add_where(account, core.SPEECH_POINTS)
        add_where(fear, core.LEARNING * core.FEAR_PUNISHED)
        np.greater(months_listed, 0, out=flag)
        add_where(fear, core.LEARNING * core.FEAR_LISTED)
    return core.answers(score, account, fear, months_listed, said)
