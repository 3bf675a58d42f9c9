"""The table of a study in the terminal: twelve sentences of every 1,000 adults, promises and costs in equal type."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from sincerity.report import beside, words

if TYPE_CHECKING:
    from rich.console import Console

    from sincerity.study.ledger import Ledger, LedgerRow
    from sincerity.study.study import Study

NARROWEST, WIDEST = 60, 148
MANY = 4
"""Worlds beyond which they are set side by side, a line each."""
GAP = "  "
PLAIN = str.maketrans({words.MINUS: "-", "–": "-", "…": "...", "·": "-"})


class Line(NamedTuple):
    """A line of the terminal and the rich style that it is shown in ('' for none)."""

    text: str
    style: str = ""


def render(study: Study, width: int = 80, program: str = "./run", brief: bool = False) -> str:
    """Return the table as plain text, no line wider than `width` (60 and more), with one table a regime compared.

    program: what the commands at the end begin with. brief: a line a regime, as for five worlds and more.
    """
    return "\n".join(line.text for line in _lines(study, width, program, brief))


def show(study: Study, console: Console, program: str = "./run", brief: bool = False) -> None:
    """Print the table on a rich console: as `render`, headings bold, small print dim."""
    from rich.text import Text

    for text, style in _lines(study, console.width, program, brief):
        plain = text if "utf" in console.encoding.lower() else text.translate(PLAIN)
        console.print(Text(plain, style=style), no_wrap=True, crop=False, overflow="ignore", highlight=False)


def table_width(width: int) -> int:
    """Columns that are used of a terminal's."""
    return max(NARROWEST, min(width, WIDEST))


def ledgers(study: Study) -> list[Ledger]:
    """The ledgers of a study: one for each world set against the first, or the only world's own."""
    compared = study.worlds[1:] or study.worlds
    return [study.ledger(name) for name in compared]


def _lines(study: Study, width: int, program: str, brief: bool) -> list[Line]:
    width = table_width(width)
    by_line = len(study.worlds) > (1 if brief else MANY)
    lines = _side_by_side(study, width) if by_line else _one_by_one(study, width)
    lines += [Line(text, "dim") for part in _small(study, not by_line) for text in textwrap.wrap(part, width)]
    lines += [
        Line(""),
        Line("What to type next:"),
        *(Line(f"  {each}") for each in words.next_commands(study, program)),
    ]
    return lines


def _side_by_side(study: Study, width: int) -> list[Line]:
    """One line a regime, where there are too many for a table each."""
    lines = [Line(f"What each regime changes, against {study.scenario.world(study.worlds[0]).title}", "bold")]
    lines += [Line(text, "dim") for text in textwrap.wrap(words.setting(study.scenario), width)]
    lines += [Line(""), *map(Line, beside.lines(study, width)), Line("")]
    return lines + [Line(text, "dim") for text in beside.small_print(study, width)]


def _one_by_one(study: Study, width: int) -> list[Line]:
    """A table a regime."""
    lines: list[Line] = []
    for ledger in ledgers(study):
        lines += [Line(text, "bold") for text in textwrap.wrap(words.heading(ledger), width)]
        lines += [Line(text, "dim") for text in textwrap.wrap(words.setting(study.scenario), width)]
        lines += [Line(""), *_table(ledger, width), Line("")]
    return lines


def _small(study: Study, starred: bool) -> list[str]:
    """The small print under the tables. starred: whether few cases are marked in them."""
    found = ledgers(study)
    small = [words.WINDOWS, words.spread_meaning(found[0])]
    if starred and any("few cases" in row.note for ledger in found for row in ledger):
        small.append("*: fewer than 20 cases counted, all seeds together.")
    return [*small, words.assumed(study.scenario), *words.unsure(study), words.INVENTED]


def _table(ledger: Ledger, width: int) -> list[Line]:
    """Heading, rule, and the rows under what they are: sentences wrap, figures stand on a row's last line."""
    longest = max(len(_indent(row) + row.sentence) for row in ledger)
    heads, columns = _columns(ledger, narrow=False)
    first = longest
    if _taken(heads, columns) + longest > width:
        heads, columns = _columns(ledger, narrow=True)
        first = min(longest, width - _taken(heads, columns))
    widths = _widths(heads, columns)
    rule = Line("─" * (first + _taken(heads, columns)), "dim")
    lines = [*_heading(heads, first, widths), rule]
    kind = ""
    for k, row in enumerate(ledger):
        if row.kind != kind:
            kind = row.kind
            lines.append(Line(words.KINDS[kind], "italic"))
        *above, last = textwrap.wrap(
            row.sentence,
            first,
            initial_indent=_indent(row),
            subsequent_indent=_indent(row) + "  ",
            break_long_words=False,
        )
        lines += [Line(text) for text in above]
        lines.append(_joined(last, [cells[k] for cells in columns], first, widths))
    return [*lines, rule]


def _columns(ledger: Ledger, narrow: bool) -> tuple[list[str], list[list[str]]]:
    """Headings (lines parted by a newline) and cells, column by column, without the sentences.

    narrow: the window in one word, which the small print explains.
    """
    rows = list(ledger)
    when = [row.window if narrow else words.WHEN[row.window] for row in rows]
    regime = words.aligned([words.number(row.regime) for row in rows])
    last = ("spread over\nthe seeds", _spread(rows, signed=ledger.ordinary is not None))
    if ledger.ordinary is None:
        table = [("when", when), ("under\nthese rules", regime), last]
    else:
        ordinary = words.aligned([words.number(row.ordinary or 0) for row in rows])
        difference = words.aligned([words.number(row.difference or 0, sign=True) for row in rows])
        under = ("\n".join(textwrap.wrap(f"under {name}", 9)) for name in (_column_name(ledger), "the regime"))
        table = [
            ("when", when),
            (next(under), ordinary),
            (next(under), regime),
            ("differ-\nence", difference),
            last,
        ]
    return [head for head, _ in table], [cells for _, cells in table]


def _spread(rows: list[LedgerRow], signed: bool) -> list[str]:
    """The last column, with a star where few cases stand behind a row."""
    ranges = words.spreads([(row.low, row.high) for row in rows], signed)
    cells = ["an anecdote" if row.n == 1 else text for row, text in zip(rows, ranges, strict=True)]
    if not any("few cases" in row.note for row in rows):
        return cells
    return [f"{text} {'*' if 'few cases' in row.note else ' '}" for row, text in zip(rows, cells, strict=True)]


def _column_name(ledger: Ledger) -> str:
    """The first world's title where it is short enough for a column, else its name."""
    return ledger.ordinary_title if len(ledger.ordinary_title) <= 24 else str(ledger.ordinary)


def _heading(heads: list[str], first: int, widths: list[int]) -> list[Line]:
    """The column heads, their last lines level."""
    parts = [["Of every", "1,000 adults …"], *(head.split("\n") for head in heads)]
    height = max(map(len, parts))
    level = [[""] * (height - len(part)) + part for part in parts]
    lines = (_joined(part[0], list(part[1:]), first, widths).text for part in zip(*level, strict=True))
    return [Line(text, "bold") for text in lines]


def _joined(first_cell: str, cells: list[str], first: int, widths: list[int]) -> Line:
    """One line of the table: words to the left, figures to the right."""
    when, *figures = cells
    body = [when.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(figures, widths[1:], strict=True))]
    return Line(GAP.join([first_cell.ljust(first), *body]).rstrip())


def _widths(heads: list[str], columns: list[list[str]]) -> list[int]:
    return [max(map(len, [*head.split("\n"), *cells])) for head, cells in zip(heads, columns, strict=True)]


def _taken(heads: list[str], columns: list[list[str]]) -> int:
    """Characters that the columns take from a line, with the gaps before them."""
    return sum(width + len(GAP) for width in _widths(heads, columns))


def _indent(row: LedgerRow) -> str:
    return "    " if words.is_detail(row) else "  "
