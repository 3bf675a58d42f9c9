"""The core month in Mesa: a person is an object that knows its friends; step on last month, then show."""

from __future__ import annotations

from math import exp

import mesa

from benchmarks import core


class Person(mesa.Agent):
    """One person; `shown_score` and `shown_said` are what friends see, last month's."""

    def __init__(self, model: mesa.Model, opinion: float) -> None:
        super().__init__(model)
        self.against = opinion < 0
        self.conviction = core.CONVICTION * abs(opinion) - core.COST
        self.friends: list[Person] = []
        self.account, self.fear, self.months_listed = 0.0, core.FEAR, 0
        self.score = self.shown_score = core.MIDDLE
        self.said = self.shown_said = core.SILENT

    def step(self) -> None:
        """One month of this person, from what friends showed."""
        draw = self.model.random.random
        total, spoke_for, spoke_against = 0.0, 0, 0
        for friend in self.friends:
            total += friend.shown_score
            said = friend.shown_said
            if said == core.FOR:
                spoke_for += 1
            elif said == core.AGAINST:
                spoke_against += 1

        luck = draw()
        self.account *= core.KEPT
        if luck < core.OFFENCE:
            self.account += core.OFFENCE_POINTS
        elif luck > 1 - core.GOOD_DEED:
            self.account += core.DEED_POINTS

        self.score = core.MIDDLE + self.account
        if self.friends:
            self.score += core.TIES_WEIGHT * (total / len(self.friends) - core.MIDDLE)

        if self.score < core.CUT:
            self.months_listed = core.TERM
        elif self.months_listed:
            self.months_listed -= 1

        agree = (spoke_for - spoke_against) / (spoke_for + spoke_against + 1)
        utility = self.conviction + core.COMPANY * (-agree if self.against else agree)
        if self.against:
            utility -= core.LOSS * self.fear
        chance = core.OCCASION / (1 + exp(-utility / core.NOISE))
        luck = draw()
        aim = core.FEAR
        self.said = core.SILENT
        if luck < chance:
            self.said = core.AGAINST if self.against else core.FOR
            if self.against and luck < chance * core.PUNISHED:
                self.account += core.SPEECH_POINTS
                aim += core.FEAR_PUNISHED
        if self.months_listed:
            aim += core.FEAR_LISTED
        self.fear += core.LEARNING * (aim - self.fear)

    def show(self) -> None:
        """What friends will see next month."""
        self.shown_score, self.shown_said = self.score, self.said


class Society(mesa.Model):
    """People and their ties."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(seed=seed)
        persons = list(Person.create_agents(self, people, core.opinions(people, seed).tolist()))
        for a, b in core.edges(people, seed).tolist():
            persons[a].friends.append(persons[b])
            persons[b].friends.append(persons[a])

    def step(self) -> None:
        """One month: all live on what was shown last month, then all show."""
        self.agents.do("step")
        self.agents.do("show")


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months. Python's objects live on one thread, whatever `threads` says."""
    society = Society(people, seed)
    for _ in range(months):
        society.step()
    return core.answers(*(society.agents.get(name) for name in ("score", "account", "fear", "months_listed", "said")))
