"""How far a run has come, on stderr: one live line in a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LIVING = "living"
STAGES = ("building", "compiling", "warming up", "warming up the sample", "taking over", "settling", LIVING)
"""Those of a seed."""
SECONDS_APART = 2.0
"""Plain lines within a stage are at least this far apart, so that a quick stage is one line."""


class Pace:
    """What a watch was told, and what follows: how fast it goes and how long it will take.

    Stages come once a seed, in order; 'seed' opens one (k done of n). People are persons x worlds of the month lived.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.stage, self.done, self.total = "", 0, 0
        self._first = 0
        self.seed, self.seeds = 0, 1
        self.lived = 0
        self._stage_began = self._seed_began = clock()
        self._preparing = 0.0
        self._compiling = 0.0

    def tell(self, stage: str, done: int, total: int, people: int) -> bool:
        """Take in a report; True if it opens a new stage."""
        now = self.clock()
        if stage == "seed":
            self.seed, self.seeds, self.stage = done, total, ""
            self._seed_began = now
            return False
        opens = stage != self.stage
        if opens:
            if self.stage == "compiling":
                self._compiling = now - self._stage_began
            if stage == LIVING:
                self._preparing = now - self._seed_began - (self._compiling if self.seed == 0 else 0.0)
            self.stage, self.lived, self._stage_began, self._first = stage, 0, now, done
        self.done, self.total = done, total
        self.lived += people
        return opens

    @property
    def rate(self) -> float:
        """Person-months lived a second in this stage; 0 before anything can be said."""
        passed = self.clock() - self._stage_began
        return self.lived / passed if passed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left for all seeds; None before anything can be said."""
        passed = self.clock() - self._stage_began
        if self.stage != LIVING or self.done <= self._first or passed <= 0:
            return None
        month = passed / (self.done - self._first)
        others = self.seeds - self.seed - 1
        return month * (self.total - self.done) + others * (self._preparing + month * self.total)

    def text(self) -> str:
        """The state in one line."""
        many = self.seeds > 1 and self.stage in STAGES
        seed = f"seed {self.seed + 1} of {self.seeds}: " if many else ""
        if self.stage != LIVING:
            return seed + self.stage + (f" {self.done} of {self.total}" if self.total > 1 else "")
        parts = [f"{seed}month {self.done} of {self.total}"]
        if self.lived:
            parts.append(f"{amount(self.rate)} person-months a second")
        if self.left is not None:
            parts.append(f"{duration(self.left)} left")
        return " · ".join(parts)


class Progress(Protocol):
    """A watch that is opened and closed with `with`."""

    def __call__(self, stage: str, done: int, total: int, people: int = 0) -> None:
        """Take in a report."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class PlainProgress:
    """A line a stage, then one about every tenth of the way."""

    def __init__(self, write: Callable[[str], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._pace = Pace(clock)
        self._last, self._tenth = clock(), 0

    def __call__(self, stage: str, done: int, total: int, people: int = 0) -> None:
        """Take in a report; write a line if it is time for one."""
        opens = self._pace.tell(stage, done, total, people)
        if stage == "seed":
            return
        now, tenth = self._clock(), done * 10 // max(total, 1)
        if opens or (tenth > self._tenth and now - self._last >= SECONDS_APART):
            self._write(self._pace.text() + "\n")
            self._last, self._tenth = now, tenth

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class LiveProgress:
    """One line that is written over and over, and gone at the end."""

    def __init__(self, console: Console) -> None:
        from rich.live import Live

        self._pace = Pace()
        self._live = Live(console=console, refresh_per_second=8, transient=True, get_renderable=self._line)

    def _line(self) -> Text:
        from rich.text import Text

        return Text(self._pace.text(), no_wrap=True, overflow="ellipsis")

    def __call__(self, stage: str, done: int, total: int, people: int = 0) -> None:
        """Take in a report; what opens a stage is shown at once, for compiling may hold everything else up."""
        opens = self._pace.tell(stage, done, total, people)
        if opens or stage == "compiling":
            self._live.refresh()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()


def progress() -> Progress:
    """The watch that fits stderr: live in a terminal, plain lines elsewhere."""
    import sys

    if not sys.stderr.isatty():
        return PlainProgress(lambda text: (sys.stderr.write(text), sys.stderr.flush()))
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    return (
        LiveProgress(console)
        if console.is_terminal and not console.is_dumb_terminal
        else PlainProgress(sys.stderr.write)
    )


def amount(number: float) -> str:
    """A number in a few digits: '950', '12.3 thousand', '4.0 million'."""
    for size, name in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if number >= size:
            return f"{number / size:.1f}{name}"
    return f"{number:.0f}"


def duration(seconds: float) -> str:
    """A time as '8 s', '3 min 20 s' or '2 h 5 min'."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
