"""The evolution of trust: who does well in a repeated game, and who is left when the successful are copied.

Axelrod 1984; the players and payoffs of The Evolution of Trust (Nicky Case 2017, ncase/trust, CC0). Everybody plays ten
rounds with everybody else; to cooperate costs one and gives the other three. A player sees what the other did to him or
her last round, and nothing else: `move` has a row a slot, and a tie has the same slot at both ends.

    python examples/cases/trust_game.py
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import sincerity as sc
from beside import Row, show
from sincerity.rules import kernel, rule

COPYCAT, CHEAT, COOPERATE, GRUDGER, DETECTIVE = range(5)
NAMES = ("copycat", "always cheat", "always cooperate", "grudger", "detective")
SCORES = (57, 45, 29, 46, 45)
"""Points of each after everybody has played everybody else for ten rounds."""
ROUNDS = 10


@kernel
def play(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Take what last round brought, then move; 1 is to cooperate. The eleventh month only takes."""
    for q in range(hi - lo):
        i = lo + q
        turn, kind = people.turn[i], people.kind[i]
        for slot in range(people.contacts.shape[0]):
            j = people.contacts[slot, q]
            if j == i:
                continue
            before = people.seen_move[slot, j] if turn > 0 else 1
            if turn > 0:
                people.won[i] += 3 * before - people.move[slot, i]
            if before == 0 and turn <= 3:
                people.early[slot, i] = 1
            if before == 0:
                people.cheated[slot, i] = 1
            move = before
            if kind == CHEAT:
                move = 0
            elif kind == COOPERATE:
                move = 1
            elif kind == GRUDGER:
                move = 1 - people.cheated[slot, i]
            elif kind == DETECTIVE and turn < 4:
                move = 0 if turn == 1 else 1
            elif kind == DETECTIVE and people.early[slot, i] == 0:
                move = 0
            people.move[slot, i] = move
        people.turn[i] = turn + 1


PLAY = rule("play", play, "contacts kind seen_move", "turn won move early cheated", 0)


def tournament(kinds: ArrayLike) -> NDArray[np.int64]:
    """(people,) points, after everybody has played everybody else."""
    kind = np.asarray(kinds, np.int64)
    none, slots = np.zeros_like(kind), np.zeros((2 * len(kind), len(kind)), np.int64)
    state = {"kind": kind, "turn": none, "won": none, "move": slots, "early": slots, "cheated": slots}
    made = sc.lab(PLAY, people=len(kind), months=ROUNDS + 1, ties=list(combinations(range(len(kind)), 2)), state=state,
                  shows={"seen_move": "move"})  # fmt: skip
    return made["won"]


def generations(kinds: ArrayLike, many: int, seed: int) -> NDArray[np.int64]:
    """(many + 1, 5) how many of each kind; each time the five worst are replaced by copies of the five best."""
    rng, kind = np.random.default_rng(seed), np.asarray(kinds, np.int64)
    found = [np.bincount(kind, minlength=5)]
    for _ in range(many):
        order = np.lexsort((rng.random(len(kind)), tournament(kind)))  # ties at random
        kind = kind.copy()
        kind[order[:5]] = kind[order[-5:]]
        found.append(np.bincount(kind, minlength=5))
    return np.array(found)


def rows(seeds: int = 20) -> list[Row]:
    """All known answers beside what comes out."""
    found = [
        Row(name, known, int(points), 0)
        for name, known, points in zip(NAMES, SCORES, tournament(range(5)), strict=True)
    ]
    pairs = {(COPYCAT, CHEAT): (-1, 3), (COPYCAT, DETECTIVE): (18, 18), (CHEAT, COOPERATE): (30, -10),
             (CHEAT, GRUDGER): (3, -1), (CHEAT, DETECTIVE): (9, -3), (COOPERATE, DETECTIVE): (-1, 27),
             (GRUDGER, DETECTIVE): (7, 3), (COPYCAT, GRUDGER): (20, 20)}  # fmt: skip
    for pair, known in pairs.items():
        for one, other, points, gain in zip(pair, pair[::-1], known, tournament(pair), strict=True):
            found.append(Row(f"{NAMES[one]}, with {NAMES[other]}", points, int(gain), 0))
    start = [COOPERATE] * 15 + [CHEAT] * 5 + [COPYCAT] * 5
    runs = np.array([generations(start, 7, seed) for seed in range(seeds)])
    found.append(Row("cheats among 25 after three generations", 19, float(runs[:, 3, CHEAT].mean()), 1.5))
    found.append(Row("copycats among 25 after seven", 25, float(runs[:, 7, COPYCAT].mean()), 0))
    return found


if __name__ == "__main__":
    show("The evolution of trust", rows())
