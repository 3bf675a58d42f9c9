"""The core month in LASER's style: a LaserFrame of properties, components with a Numba kernel over all people each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb
import numpy as np
from laser.core import LaserFrame
from laser.core.random import seed as seed_luck

from benchmarks import core

MIDDLE, KEPT, TIES_WEIGHT, CUT, TERM = core.MIDDLE, core.KEPT, core.TIES_WEIGHT, core.CUT, core.TERM
OFFENCE, GOOD_DEED, OFFENCE_POINTS, DEED_POINTS = core.OFFENCE, core.GOOD_DEED, core.OFFENCE_POINTS, core.DEED_POINTS
SPEECH_POINTS, FOR, AGAINST = core.SPEECH_POINTS, core.FOR, core.AGAINST


class Conduct:
    """Accounts, scores and lists; what friends said is counted on the way, so that ties are walked once."""

    def __init__(self, model: Society) -> None:
        self.model = model

    def __call__(self, model: Society, tick: int) -> None:
        """One month."""
        p = model.people
        self.live(p.count, p.first, p.ties, p.shown_score, p.shown_said, p.heard, p.account, p.score, p.months_listed)

    @staticmethod
    @nb.njit(parallel=True, nogil=True, cache=True)
    def live(count, first, ties, shown_score, shown_said, heard, account, score, months_listed):  # type: ignore[no-untyped-def] # noqa: D102
        for i in nb.prange(count):
            total, spoke_for, spoke_against = np.float32(0), 0, 0
            for k in range(first[i], first[i + 1]):
                total += shown_score[ties[k]]
                said = shown_said[ties[k]]
                spoke_for += said == FOR
                spoke_against += said == AGAINST
            heard[0, i], heard[1, i] = spoke_for, spoke_against
            friends = first[i + 1] - first[i]
            luck = np.random.random()
            points = np.float32(OFFENCE_POINTS) if luck < OFFENCE else np.float32(0)
            if luck > 1 - GOOD_DEED:
                points = np.float32(DEED_POINTS)
            account[i] = account[i] * np.float32(KEPT) + points
            own = np.float32(MIDDLE) + account[i]
            if friends:
                own += np.float32(TIES_WEIGHT) * (total / np.float32(friends) - np.float32(MIDDLE))
            score[i] = own
            if own < np.float32(CUT):
                months_listed[i] = TERM
            elif months_listed[i] > 0:
                months_listed[i] -= 1


class Speech:
    """Who speaks, who is punished for it, and what is learnt."""

    def __init__(self, model: Society) -> None:
        self.model = model

    def __call__(self, model: Society, tick: int) -> None:
        """One month."""
        p = model.people
        self.live(p.count, p.heard, p.opinion, p.months_listed, p.account, p.fear, p.said)

    @staticmethod
    @nb.njit(parallel=True, nogil=True, cache=True)
    def live(count, heard, opinion, months_listed, account, fear, said):  # type: ignore[no-untyped-def] # noqa: D102
        for i in nb.prange(count):
            spoke_for, spoke_against, x = heard[0, i], heard[1, i], opinion[i]
            agree = np.float32(spoke_for - spoke_against) / np.float32(spoke_for + spoke_against + 1)
            utility = np.float32(core.CONVICTION) * abs(x) - np.float32(core.COST)
            if x < 0:
                utility -= np.float32(core.COMPANY) * agree + np.float32(core.LOSS) * fear[i]
            else:
                utility += np.float32(core.COMPANY) * agree
            chance = np.float32(core.OCCASION) / (np.float32(1) + np.exp(utility * np.float32(-1 / core.NOISE)))
            luck = np.random.random()
            aim = np.float32(core.FEAR)
            said[i] = 0
            if luck < chance:
                said[i] = AGAINST if x < 0 else FOR
                if x < 0 and luck < chance * np.float32(core.PUNISHED):
                    account[i] += np.float32(SPEECH_POINTS)
                    aim += np.float32(core.FEAR_PUNISHED)
            if months_listed[i] > 0:
                aim += np.float32(core.FEAR_LISTED)
            fear[i] += np.float32(core.LEARNING) * (aim - fear[i])


class Shown:
    """What others will see next month."""

    def __init__(self, model: Society) -> None:
        self.model = model

    def __call__(self, model: Society, tick: int) -> None:
        """One month."""
        p = model.people
        p.shown_score[:] = p.score
        p.shown_said[:] = p.said


class Society:
    """People as a LaserFrame, and the components that run over them each tick."""

    def __init__(self, people: int, seed: int) -> None:
        seed_luck(seed)
        self.people: Any = LaserFrame(people)
        for name, dtype, default in (
            ("opinion", np.float32, 0),
            ("account", np.float32, 0),
            ("fear", np.float32, core.FEAR),
            ("score", np.float32, core.MIDDLE),
            ("shown_score", np.float32, core.MIDDLE),
            ("months_listed", np.int8, 0),
            ("said", np.int8, core.SILENT),
            ("shown_said", np.int8, core.SILENT),
        ):
            self.people.add_scalar_property(name, dtype, default)
        self.people.add_vector_property("heard", 2, np.int8)
        self.people.opinion[:] = core.opinions(people, seed)
        first, ties = core.neighbours(people, seed)
        self.people.add_array_property("first", first.shape, np.int64)
        self.people.add_array_property("ties", ties.shape, np.int32)
        self.people.first[:], self.people.ties[:] = first, ties
        self.components: list[Callable[[Society, int], None]] = [Conduct(self), Speech(self), Shown(self)]

    def run(self, ticks: int) -> None:
        """Live so many months."""
        for tick in range(ticks):
            for component in self.components:
                component(self, tick)


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months, on as many threads. Each thread has its own stream of luck, so that their number matters."""
    nb.set_num_threads(threads)
    society = Society(people, seed)
    society.run(months)
    p = society.people
    return core.answers(p.score, p.account, p.fear, p.months_listed, p.said)
