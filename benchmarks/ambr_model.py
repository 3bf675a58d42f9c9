"""The core month in AMBER: columns of the agent table as arrays, whole columns written back once a step.

Its own network environment is one of networkx; for sums over ties SciPy, which its extra `perf` brings, is much faster.
"""

from __future__ import annotations

import ambr
import numpy as np
from scipy.sparse import csr_array

from benchmarks import core


class Society(ambr.Model):
    """People and their ties; the vectorised lane."""

    def setup(self) -> None:
        """Everybody as they begin."""
        people, seed = self.p["n"], self.p["seed"]
        first, ids = core.neighbours(people, seed)
        self.ties = csr_array((np.ones(len(ids), np.float32), ids, first.astype(np.int32)), shape=(people, people))
        self.weight = (core.TIES_WEIGHT / np.maximum(np.diff(first), 1)).astype(np.float32)
        self.opinion = core.opinions(people, seed)
        self.against = self.opinion < 0
        self.sign = np.where(self.against, np.float32(-core.COMPANY), np.float32(core.COMPANY))
        self.strength = np.float32(core.CONVICTION) * np.abs(self.opinion) - np.float32(core.COST)
        self.loss = np.where(self.against, np.float32(core.LOSS), np.float32(0))
        self.speaks = np.where(self.against, np.int8(core.AGAINST), np.int8(core.FOR))
        self.loud = np.where(self.against, np.float32(64), np.float32(1))  # both counts fit into one sum
        self.add_agents(people)
        self.agents.set(
            account=np.zeros(people, np.float32),
            fear=np.full(people, core.FEAR, np.float32),
            score=np.full(people, core.MIDDLE, np.float32),
            months_listed=np.zeros(people, np.int8),
            said=np.zeros(people, np.int8),
        )

    def step_vectorized(self) -> None:
        """One month."""
        account, fear, score, months_listed, said = self.agents.numpy(
            "account", "fear", "score", "months_listed", "said"
        )
        met = self.ties @ (score - np.float32(core.MIDDLE))
        heard = self.ties @ (self.loud * (said != core.SILENT))
        spoke_against = np.floor(heard * np.float32(1 / 64))
        spoke_for = heard - np.float32(64) * spoke_against

        luck = self.rng.random(len(account), dtype=np.float32)
        account = account * np.float32(core.KEPT)
        account += np.float32(core.OFFENCE_POINTS) * (luck < core.OFFENCE)
        account += np.float32(core.DEED_POINTS) * (luck > 1 - core.GOOD_DEED)
        score = account + self.weight * met
        score += np.float32(core.MIDDLE)
        months_listed = np.where(score < core.CUT, np.int8(core.TERM), np.maximum(months_listed, 1) - np.int8(1))

        agree = self.sign * (spoke_for - spoke_against) / (spoke_for + spoke_against + np.float32(1))
        utility = self.strength + agree - self.loss * fear
        chance = np.float32(core.OCCASION) / (1 + np.exp(utility * np.float32(-1 / core.NOISE)))
        luck = self.rng.random(len(account), dtype=np.float32)
        said = self.speaks * (luck < chance)
        punished = self.against & (luck < np.float32(core.PUNISHED) * chance)
        account += np.float32(core.SPEECH_POINTS) * punished
        aim = np.float32(core.FEAR) + np.float32(core.FEAR_PUNISHED) * punished
        aim += np.float32(core.FEAR_LISTED) * (months_listed > 0)
        fear = fear + np.float32(core.LEARNING) * (aim - fear)
        self.agents.set(account=account, fear=fear, score=score, months_listed=months_listed, said=said)


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months. NumPy's and SciPy's own loops run on one thread, whatever `threads` says."""
    society = Society({"n": people, "steps": months, "seed": seed, "show_progress": False})
    society.cpu(mode="vectorized").run()
    columns = society.agents.numpy("score", "account", "fear", "months_listed", "said")
    return core.answers(*columns)
