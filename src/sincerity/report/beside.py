"""Many regimes side by side: one line a regime, what each changes against the study's first world."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from sincerity.report import words

if TYPE_CHECKING:
    from sincerity.study.ledger import Ledger, LedgerRow
    from sincerity.study.study import Study

HEADS = {
    "late": "late with\na loan",
    "offence": "broke\nthe law",
    "good_deed": "did\ngood",
    "approve": "say they\napprove",
    "approve_meant": "and\nmean it",
    "on_list": "on a\nlist",
    "refused_ever": "ever\nrefused",
    "refused_innocent_ever": "…inno-\ncent",
    "refused_unable_ever": "…could\nnot pay",
    "muted": "silent,\nfeigned",
    "false_record_ever": "false\nrecord",
    "gave_up": "changed\na habit",
}
"""The ledger's rows as heads of columns; the row's sentence is their definition."""
GAP = "  "
UNCLEAR = "~"


def lines(study: Study, width: int) -> list[str]:
    """The table, no line wider than `width`: promises and costs beside one another, or one under the other."""
    ledgers = [study.ledger(name) for name in study.worlds[1:]]
    kinds = [[row.id for row in ledgers[0] if row.kind == kind] for kind in words.KINDS]
    titles = list(words.KINDS.values())
    whole = _table(study, ledgers, [*kinds[0], *kinds[1]], titles[0].lower() + ", then " + titles[1].lower())
    if max(map(len, whole)) <= width:
        return whole
    parts = (_table(study, ledgers, ids, title) for ids, title in zip(kinds, titles, strict=True))
    return [line for part in parts for line in (*part, "")][:-1]


class Grid(NamedTuple):
    """The same turned, for a page. heads: the worlds.

    rows: the kind where it begins, else ''; the first ledger's row; the cells, one a world.
    """

    heads: list[str]
    rows: list[tuple[str, LedgerRow, list[str]]]


def grid(study: Study) -> Grid:
    """A row a sentence: the first world's own figure, then what each regime changes."""
    ledgers = [study.ledger(name) for name in study.worlds[1:]]
    first = list(ledgers[0])
    own = [words.number(row.ordinary or 0) for row in first]
    told = [own, *([words.number(row.difference or 0, sign=True) for row in ledger] for ledger in ledgers)]
    columns = [words.aligned(cells, words.FIGURE_SPACE, words.POINT_SPACE) for cells in told]
    for column, ledger in zip(columns[1:], ledgers, strict=True):
        marks = [UNCLEAR if words.is_unclear(row) else words.FIGURE_SPACE for row in ledger]
        column[:] = [cell + mark for cell, mark in zip(column, marks, strict=True)]
    kinds = ["" if k and first[k - 1].kind == row.kind else words.KINDS[row.kind] for k, row in enumerate(first)]
    cells = [list(each) for each in zip(*columns, strict=True)]
    rows = list(zip(kinds, first, cells, strict=True))
    return Grid([study.scenario.world(name).short for name in study.worlds], rows)


def small_print(study: Study, width: int) -> list[str]:
    """What the columns are, and what the mark means."""
    ledger = study.ledger(study.worlds[1])
    defined = "; ".join(f"{row.sentence} ({row.window})" for row in ledger)
    said = [f"The columns: {defined}."]
    if len(study.scenario.seeds) > 1:
        said.append(f"{UNCLEAR}: of some seeds more, of others fewer.")
    return [line for text in said for line in textwrap.wrap(text, width)]


def _table(study: Study, ledgers: list[Ledger], ids: list[str], title: str) -> list[str]:
    first = study.scenario.world(study.worlds[0])
    names = [first.short, *(study.scenario.world(name).short for name in study.worlds[1:])]
    columns = [_cells([ledger[id] for ledger in ledgers]) for id in ids]
    heads = [HEADS[id].split("\n") for id in ids]
    wide = max(map(len, [*names, "1,000 adults …", title]))
    widths = [max(map(len, [*head, *cells])) for head, cells in zip(heads, columns, strict=True)]
    body = [
        GAP.join([name.ljust(wide), *(cells[k].rjust(w) for cells, w in zip(columns, widths, strict=True))])
        for k, name in enumerate(names)
    ]
    top = [
        GAP.join([text.ljust(wide), *(head[k].rjust(w) for head, w in zip(heads, widths, strict=True))])
        for k, text in enumerate((title, "of 1,000 adults …"))
    ]
    rule = "─" * max(map(len, body))
    return [line.rstrip() for line in (*top, rule, body[0], rule, *body[1:], rule)]


def _cells(rows: list[LedgerRow]) -> list[str]:
    """The first world's own figure, then what each regime changes."""
    changes = [words.number(row.difference or 0, sign=True) for row in rows]
    figures = words.aligned([words.number(rows[0].ordinary or 0), *changes])
    marks = ["", *(UNCLEAR if row.low < 0 < row.high else "" for row in rows)]
    if not any(marks):
        return figures
    return [figure + (mark or " ") for figure, mark in zip(figures, marks, strict=True)]
