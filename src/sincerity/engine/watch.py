"""Who is told how far the work has come."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Called with a stage ('building', 'compiling', 'warming up', 'living'), how much of it is done, and of how much.

    Above ten million people 'warming up the sample', 'taking over' and 'settling' stand for 'warming up'.

    `people` is the number of persons whose month was lived since the last call, over all worlds.
    """

    def __call__(self, stage: str, done: int, total: int, people: int = 0) -> None:
        """Tell that `done` of `total` is done."""


def nobody(stage: str, done: int, total: int, people: int = 0) -> None:
    """A watch that looks away."""
