"""What all contestants share: the numbers of core.md, the people's opinions, their ties, and how answers are read.

Nothing here is timed, and nothing here is a rule.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MIDDLE = 1000.0
"""Points that everybody begins with."""
KEPT = 23 / 24
"""Share of an account that is left after a month: a mean memory of two years."""
OFFENCE, GOOD_DEED = 0.06, 0.15
"""Chances a month; at most one of both."""
OFFENCE_POINTS, DEED_POINTS, SPEECH_POINTS = -60.0, 20.0, -40.0
TIES_WEIGHT = 0.3
"""How much of the distance between the friends' mean score and the middle is added to one's own score."""
CUT, TERM = 850.0, 24
"""Below this score one is listed, until so many months have passed without being below it."""
OCCASION = 0.3
CONVICTION, COMPANY, COST, LOSS, NOISE = 2.0, 1.0, 1.0, 3.0, 0.5
"""Of speech: utility of saying what one thinks, of agreeing friends, of effort, of the fear, and the noise's scale."""
PUNISHED = 0.1
"""Chance that somebody who spoke against is punished for it."""
FEAR, FEAR_PUNISHED, FEAR_LISTED, LEARNING = 0.2, 0.4, 0.3, 0.05
"""Usual fear, what a punishment and a list add to what it moves to, and how fast it moves."""
STREET, TOWN = 64, 4096
"""People among whom two of the five circles of ties run; the fifth runs through everybody."""
SILENT, FOR, AGAINST = 0, 1, 2
MEASURES = ("mean_score", "mean_account", "mean_fear", "listed", "spoke", "against", "ties_range")

Answers = dict[str, Any]


def opinions(people: int, seed: int) -> NDArray[np.float32]:
    """(people,) what each thinks of the regime, −0.6 to 1, evenly spread; it never changes."""
    return np.random.default_rng([seed, 1]).uniform(-0.6, 1.0, people).astype(np.float32)


def edges(people: int, seed: int) -> NDArray[np.int32]:
    """(ties, 2) pairs of ids, the lower one first, each pair once, in ascending order: nine to ten ties a person.

    Read from the folder BENCHMARK_TIES where the same ties were made before; kept there where it is set.
    """
    folder = os.environ.get("BENCHMARK_TIES")
    kept = Path(folder) / f"{people}-{seed}.npy" if folder else None
    if kept is not None and kept.exists():
        known: NDArray[np.int32] = np.load(kept)
        return known
    rng = np.random.default_rng([seed, 2])
    codes = np.unique(np.concatenate([_circle(rng, people, size) for size in (STREET, STREET, TOWN, TOWN, people)]))
    made: NDArray[np.int32] = np.stack([codes // people, codes % people], axis=1).astype(np.int32)
    made = made[made[:, 0] != made[:, 1]]
    if kept is not None:
        np.save(kept, made)
    return made


def _circle(rng: np.random.Generator, people: int, size: int) -> NDArray[np.int64]:
    """Join the people of each block of `size` ids into one circle, in random order; lower · people + higher."""
    ids = np.arange(people)
    block = ids // size
    order = np.lexsort((rng.random(people), block))
    following = np.roll(order, -1)
    last = np.append(block[1:] != block[:-1], True)
    following[last] = order[np.flatnonzero(np.append(True, last[:-1]))]
    low, high = np.minimum(order, following), np.maximum(order, following)
    return low * people + high


def neighbours(people: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The same ties row by row: the ties of i are ids[first[i] : first[i + 1]]; (people + 1,), (2 · ties,)."""
    pairs = edges(people, seed)
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    first = np.concatenate([[0], np.cumsum(np.bincount(ends[:, 0], minlength=people))])
    return first, ends[np.argsort(ends[:, 0], kind="stable"), 1]


def answers(score: Any, account: Any, fear: Any, months_listed: Any, said: Any) -> Answers:
    """What a contestant answers, from its columns (people,) after the last month.

    Means of score and account (points), fear (0 to 1); shares listed, who spoke, who spoke against in the last month;
    `ties_range`: distance of the quartiles of score − account (points), which the ties make; `digest`: sixteen hex
    digits of the scores' bits.
    """
    score, said = np.ascontiguousarray(score), np.asarray(said)
    low, high = np.percentile(score - np.asarray(account), (25, 75))
    return {
        "mean_score": float(np.mean(score, dtype=np.float64)),
        "mean_account": float(np.mean(account, dtype=np.float64)),
        "mean_fear": float(np.mean(fear, dtype=np.float64)),
        "listed": float(np.mean(np.asarray(months_listed) > 0)),
        "spoke": float(np.mean(said != SILENT)),
        "against": float(np.mean(said == AGAINST)),
        "ties_range": float(high - low),
        "digest": hashlib.sha256(score.tobytes()).hexdigest()[:16],
    }


LEAST_BYTES = {
    "the ids of ten ties, read": 40,
    "what oneself showed, read once for all friends": 4,
    "what one shows, written": 4,
    "account, read and written": 8,
    "fear, read and written": 8,
    "opinion, read": 4,
    "months on the list, read and written": 2,
}
"""Bytes that a month must move for a person, with columns of float32 and uint8 and ties of int32."""
