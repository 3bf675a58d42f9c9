"""The core month in mesa-frames: people are a Polars frame, ties are columns of row numbers to gather from.

Ten gathers are faster than a join with the ties and a group-by. `voice` is 1 for who spoke for and 16 for who spoke
against, so that one sum over ties holds both counts.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks import core

AGAINST = pl.col("opinion") < 0


class People(AgentSetPolars):
    """All people; score and said are what they showed last month until they are written."""

    agents: pl.DataFrame

    def __init__(self, people: int, seed: int, model: ModelDF) -> None:
        super().__init__(model)
        first, ids = core.neighbours(people, seed)
        most = int(np.diff(first).max())
        self.ties = [f"tie{k}" for k in range(most)]
        columns = {}
        for k, name in enumerate(self.ties):
            there = first[:-1] + k < first[1:]
            columns[name] = pl.Series(ids[np.where(there, first[:-1] + k, 0)].astype(np.uint32)).set(
                pl.Series(~there), None
            )
        self += pl.DataFrame(
            {"unique_id": np.arange(people), "opinion": core.opinions(people, seed), "friends": np.diff(first)}
            | columns
        ).with_columns(
            pl.col("friends").cast(pl.Float32),
            account=pl.lit(0, pl.Float32),
            fear=pl.lit(core.FEAR, pl.Float32),
            score=pl.lit(core.MIDDLE, pl.Float32),
            months_listed=pl.lit(0, pl.Int8),
            said=pl.lit(core.SILENT, pl.Int8),
            voice=pl.lit(0, pl.Int16),
        )

    def over_ties(self, shown: pl.Expr) -> pl.Expr:
        """The sum over one's ties of what they showed; a tie that is not there counts for nothing."""
        return pl.sum_horizontal([shown.gather(pl.col(tie)) for tie in self.ties])

    def step(self) -> None:
        """One month."""
        people = len(self.agents)
        luck, word = (pl.Series(self.model.random.random(people, np.float32)) for _ in range(2))
        points = (
            pl.when(luck < core.OFFENCE)
            .then(core.OFFENCE_POINTS)
            .when(luck > 1 - core.GOOD_DEED)
            .then(core.DEED_POINTS)
            .otherwise(0.0)
        )
        agree = (pl.col("heard_for") - pl.col("heard_against")) / (pl.col("heard_for") + pl.col("heard_against") + 1)
        utility = (
            core.CONVICTION * pl.col("opinion").abs()
            - core.COST
            + core.COMPANY * pl.col("opinion").sign() * agree
            - pl.when(AGAINST).then(core.LOSS * pl.col("fear")).otherwise(0.0)
        )
        aim = (
            core.FEAR
            + pl.when(pl.col("punished")).then(core.FEAR_PUNISHED).otherwise(0.0)
            + pl.when(pl.col("months_listed") > 0).then(core.FEAR_LISTED).otherwise(0.0)
        )
        self.agents = (
            self.agents.lazy()
            .with_columns(
                away=self.over_ties(pl.col("score")) - core.MIDDLE * pl.col("friends"),
                heard=self.over_ties(pl.col("voice")),
                account=(pl.col("account") * core.KEPT + points).cast(pl.Float32),
            )
            .with_columns(heard_for=pl.col("heard") & 15, heard_against=pl.col("heard") // 16)
            .with_columns(
                score=core.MIDDLE
                + pl.col("account")
                + core.TIES_WEIGHT * pl.col("away") / pl.max_horizontal("friends", pl.lit(1, pl.Float32)),
                chance=core.OCCASION / (1 + (utility * (-1 / core.NOISE)).exp()),
            )
            .with_columns(
                months_listed=pl.when(pl.col("score") < core.CUT)
                .then(pl.lit(core.TERM, pl.Int8))
                .otherwise((pl.col("months_listed") - 1).clip(0)),
                said=pl.when(word >= pl.col("chance"))
                .then(pl.lit(core.SILENT, pl.Int8))
                .when(AGAINST)
                .then(pl.lit(core.AGAINST, pl.Int8))
                .otherwise(pl.lit(core.FOR, pl.Int8)),
                punished=AGAINST & (word < core.PUNISHED * pl.col("chance")),
                voice=pl.when(word >= pl.col("chance")).then(0).when(AGAINST).then(16).otherwise(1).cast(pl.Int16),
            )
            .with_columns(
                account=pl.col("account") + pl.when(pl.col("punished")).then(core.SPEECH_POINTS).otherwise(0.0),
                fear=pl.col("fear") + core.LEARNING * (aim - pl.col("fear")),
            )
            .drop("away", "heard", "heard_for", "heard_against", "chance", "punished")
            .collect()
        )


class Society(ModelDF):
    """The model that holds them."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(seed)
        self.agents += People(people, seed, self)

    def step(self) -> None:
        """One month."""
        self.agents.do("step")


def run(people: int, months: int, seed: int, threads: int) -> core.Answers:
    """Live the months; Polars takes POLARS_MAX_THREADS, which the caller sets before it is imported."""
    society = Society(people, seed)
    for _ in range(months):
        society.step()
    frame = society.get_agents_of_type(People).agents
    return core.answers(*(frame[name].to_numpy() for name in ("score", "account", "fear", "months_listed", "said")))
