"""What a rule of one's own is written with, in one place: `from sincerity.rules import kernel, rule`.

`kernel` compiles a loop over people, `inline` a small function that kernels take in, `rule` makes a row of the month
out of a kernel, `Schedule` is the month as a list with `after` and `replace`, `Column` declares a column of one's own.
`checked` watches all rules of a schedule, `checked_rule` one of a lab, for what their rows do not allow.
`mix` stirs one word of luck into another, `threshold` is the number under which a word must lie for a chance.
docs/own-rule.md shows how they go together.
"""

from sincerity.engine.checked import checked, checked_rule
from sincerity.month.gates import ACT, GATE
from sincerity.month.schedule import Rule, Schedule, ScheduleError, rule
from sincerity.people.columns import Column
from sincerity.people.draws import mix, threshold
from sincerity.people.kernel import inline, kernel

__all__ = [
    "ACT",
    "GATE",
    "Column",
    "Rule",
    "Schedule",
    "ScheduleError",
    "checked",
    "checked_rule",
    "inline",
    "kernel",
    "mix",
    "rule",
    "threshold",
]
