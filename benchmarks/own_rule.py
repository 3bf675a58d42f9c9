"""A rule of one's own beside ours: nanoseconds of one thread's processor a person and month, in the same month.

`speech` in the usual month against examples/alternatives/speech_by_thresholds.py in its place, under ordinary law and
the citizen score.

    python benchmarks/own_rule.py [PEOPLE]
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples" / "alternatives"))

import speech_by_thresholds  # noqa: E402
from sincerity.declare.scenario import scenario  # noqa: E402
from sincerity.engine.profile import profile  # noqa: E402
from sincerity.month.schedule import Schedule  # noqa: E402

REGIMES = ("none", "citizen-score")


def main(people: int = 200_000) -> None:
    """Print both rules under both regimes, and the ratio."""
    asked = scenario(list(REGIMES), people=people, start="2014-06", years=8, seeds=1)
    ours = profile(asked, people, 1, Schedule()).worlds["speech"]
    own = profile(asked, people, 1, speech_by_thresholds.SCHEDULE).worlds["speech"]
    print(f"{'':24}{'ours':>8}{'own':>8}{'own / ours':>12}   ns a person-month, one thread, {people:,} people")
    for name, mine, theirs in zip(REGIMES, ours, own, strict=True):
        print(f"speech, {name:<16}{mine:8.1f}{theirs:8.1f}{theirs / mine:12.2f}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
