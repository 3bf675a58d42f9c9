"""Who bears it: what each regime changes for every group of people, a line a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sincerity.report import words
from sincerity.study.accounts import GROUPINGS, SUPPRESSED, group_words
from sincerity.study.ledger import FEW_CASES
from sincerity.study.tally import Tally, rate

if TYPE_CHECKING:
    from sincerity.study.study import Study

BORNE = {
    "on_list": "on a list, in a month",
    "refused_ever": "ever refused a seat, a loan, a job or a school",
    "barred_travel_ever": "ever barred from planes or fast trains",
    "false_record_ever": "ever a false record",
    "muted": "silent or insincere, in a month",
    "gave_up": "changed a lawful habit, in a month",
}
"""What is shown of every group, by measure of the census."""
BY = {
    "decile": "by income",
    "education": "by schooling",
    "age": "by age",
    "sex": "women and men",
    "urban": "villages and towns",
    "minority": "by minority",
    "opinion": "by the first opinion of the order",
}
"""Groupings in the order of the table; regions are left to `sincerity ledger --by region`."""


class Groups(NamedTuple):
    """One regime by group. rows: the heading where a grouping begins, else ''; the group; adults a seed; the cells."""

    title: str
    regime: str
    heads: list[str]
    rows: list[tuple[str, str, str, list[str]]]


def groups(study: Study, regime: str) -> Groups:
    """What a regime changes for every group: its figure less that of the study's first world, means over the seeds."""
    first = study.worlds[0]
    assert set(BY) <= set(GROUPINGS)
    told: list[tuple[str, str, str]] = []
    figures: list[list[str]] = []
    for by in ("all", *BY):
        tally = study.tally(by)
        for k, group in enumerate(tally.groups if by != "all" else ("all",)):
            name = "all adults" if by == "all" else group_words(by, group)
            adults = int(tally.of_world(regime, group).of("refused_ever").mean())
            heading = BY[by] if by != "all" and k == 0 else ""
            told.append((heading, name, f"{adults:,}"))
            figures.append([_figure(tally, measure, regime, first, group) for measure in BORNE])
    columns = [words.aligned(column, words.FIGURE_SPACE, words.POINT_SPACE) for column in zip(*figures, strict=True)]
    cells = [list(row) for row in zip(*columns, strict=True)]
    rows = [(*each, row) for each, row in zip(told, cells, strict=True)]
    return Groups(words.first_upper(study.scenario.world(regime).title), regime, list(BORNE.values()), rows)


def _figure(tally: Tally, measure: str, regime: str, first: str, group: str) -> str:
    """Of every 1,000 of the group; a dot where fewer than 20 cases stand behind it under either world."""
    here, there = tally.of_world(regime, group), tally.of_world(first, group)
    if max(int(here[measure].sum()), int(there[measure].sum())) < FEW_CASES:
        return SUPPRESSED
    mine, base = rate(here[measure], here.of(measure), 1000.0), rate(there[measure], there.of(measure), 1000.0)
    change = mine if regime == first else mine - base
    return words.number(float(np.nanmean(change)), sign=regime != first)
