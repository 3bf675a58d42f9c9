"""The core month in NumPy and SciPy: one sparse product for the ties, the rest in place on columns of float32."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from benchmarks import core


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months. NumPy's and SciPy's own loops run on one thread, whatever `threads` says."""
    rng = np.random.Generator(np.random.SFC64(seed))
    first, ids = core.neighbours(people, seed)
    ties = csr_array((np.ones(len(ids), np.float32), ids, first.astype(np.int32)), shape=(people, people))
    weight = np.float32(core.TIES_WEIGHT) / np.maximum(np.diff(first), 1).astype(np.float32)
    opinion = core.opinions(people, seed)
    sign, strength = np.sign(opinion), np.float32(core.CONVICTION) * np.abs(opinion) - np.float32(core.COST)
    loss = np.where(opinion < 0, np.float32(core.LOSS), np.float32(0))
    spoken = np.where(opinion < 0, np.int8(core.AGAINST), np.int8(core.FOR))

    account, fear = np.zeros(people, np.float32), np.full(people, core.FEAR, np.float32)
    score, shown = np.full(people, core.MIDDLE, np.float32), np.zeros((people, 3), np.float32)
    months_listed, said = np.zeros(people, np.int8), np.zeros(people, np.int8)
    luck, u, company = (np.empty(people, np.float32) for _ in range(3))
    for _ in range(months):
        met = ties @ shown  # of one's ties: sum of score − middle, how many spoke for, how many against

        rng.random(out=luck, dtype=np.float32)
        account *= np.float32(core.KEPT)
        account[luck < core.OFFENCE] += np.float32(core.OFFENCE_POINTS)
        account[luck > 1 - core.GOOD_DEED] += np.float32(core.DEED_POINTS)

        np.multiply(met[:, 0], weight, out=score)
        score += account
        score += np.float32(core.MIDDLE)

        below = score < core.CUT
        np.maximum(months_listed, 1, out=months_listed)
        months_listed -= np.int8(1)
        months_listed[below] = core.TERM

        np.subtract(met[:, 1], met[:, 2], out=company)
        company *= sign
        np.add(met[:, 1], met[:, 2], out=u)
        u += np.float32(1)
        company /= u
        company *= np.float32(core.COMPANY)
        np.multiply(loss, fear, out=u)
        u -= company
        u -= strength
        u *= np.float32(1 / core.NOISE)
        np.exp(u, out=u)
        u += np.float32(1)
        np.divide(np.float32(core.OCCASION), u, out=u)  # the chance of speaking
        rng.random(out=luck, dtype=np.float32)
        spoke = luck < u
        np.multiply(spoken, spoke, out=said)
        u *= np.float32(core.PUNISHED)
        punished = luck < u
        punished &= opinion < 0
        account[punished] += np.float32(core.SPEECH_POINTS)

        fear -= np.float32(core.LEARNING) * (fear - np.float32(core.FEAR))
        fear[punished] += np.float32(core.LEARNING * core.FEAR_PUNISHED)
        fear[months_listed > 0] += np.float32(core.LEARNING * core.FEAR_LISTED)

        np.subtract(score, np.float32(core.MIDDLE), out=shown[:, 0])
        np.equal(said, core.FOR, out=shown[:, 1])
        np.equal(said, core.AGAINST, out=shown[:, 2])
    return core.answers(score, account, fear, months_listed, said)
