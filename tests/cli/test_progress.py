"""Progress: what is said, how often, and what follows from the clock."""

import io

import pytest
from rich.console import Console

from sincerity.cli.progress import LiveProgress, Pace, PlainProgress, amount, duration


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def one_seed(watch: Pace | PlainProgress, clock: Clock, seed: int, seeds: int, months: int = 40) -> None:
    """Tell of a seed: a second to build, 4 to compile (the first), a second to warm up, half a second a month."""
    tell = watch.tell if isinstance(watch, Pace) else watch
    tell("seed", seed, seeds, 0)
    tell("building", 0, 1, 0)
    clock.now += 1
    tell("building", 1, 1, 0)
    for part in range(5):
        tell("compiling", part, 4, 0)
        clock.now += 1 if part and not seed else 0
    tell("warming up", 0, 24, 0)
    clock.now += 1
    tell("warming up", 24, 24, 1000)
    tell("living", 0, months, 0)
    for month in range(months):
        clock.now += 0.5
        tell("living", month + 1, months, 2000)


def test_time_left_counts_the_seeds_to_come_but_their_compiling_only_once() -> None:
    clock = Clock()
    pace = Pace(clock)
    one_seed(pace, clock, 0, 3)
    assert pace.rate == pytest.approx(4000)
    # two more seeds of 1 s building, 1 s warming up, 40 months of half a second; compiling is done
    assert pace.left == pytest.approx(2 * (2 + 20))
    assert pace.text() == "seed 1 of 3: month 40 of 40 · 4.0 thousand person-months a second · 44 s left"
    one_seed(pace, clock, 1, 3)
    assert pace.left == pytest.approx(22)
    pace.tell("writing the report", 0, 1, 0)  # once, after all seeds
    assert pace.text() == "writing the report"


def test_nothing_is_said_of_time_before_a_month_was_lived() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.tell("compiling", 3, 11, 0)
    assert pace.text() == "compiling 3 of 11"
    assert pace.left is None
    pace.tell("living", 0, 96, 0)
    assert pace.text() == "month 0 of 96"


def test_a_run_gone_on_with_is_timed_from_where_it_began_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.tell("living", 40, 96, 0)
    assert pace.left is None
    clock.now += 2
    pace.tell("living", 44, 96, 1000)
    assert pace.left == pytest.approx(52 * 0.5)


def test_plain_lines_are_few() -> None:
    clock, told = Clock(), io.StringIO()
    with PlainProgress(told.write, clock) as watch:
        one_seed(watch, clock, 0, 1)
    lines = told.getvalue().splitlines()
    assert lines[:3] == ["building", "compiling 0 of 4", "compiling 3 of 4"]
    months = [line for line in lines if line.startswith("month")]
    assert 2 < len(months) <= 11
    assert months[1] == "month 4 of 40 · 4.0 thousand person-months a second · 18 s left"


def test_a_quick_stage_is_one_line() -> None:
    told: list[str] = []
    watch = PlainProgress(told.append, Clock())
    for month in range(97):
        watch("living", month, 96, 1000)
    assert len(told) == 1


def test_the_live_line_is_gone_at_the_end() -> None:
    screen = io.StringIO()
    with LiveProgress(Console(file=screen, force_terminal=True, width=80)) as watch:
        watch("seed", 0, 2)
        watch("building", 0, 1)
        watch("compiling", 3, 11)
    assert "seed 1 of 2: compiling 3 of 11" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(7.6, "8 s"), (59.6, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (7200, "2 h")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("number", "text"), [(950, "950"), (12_345, "12.3 thousand"), (4e6, "4.0 million")])
def test_amounts(number: float, text: str) -> None:
    assert amount(number) == text
