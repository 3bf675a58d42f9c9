"""How figures, dates and worlds are said, in the table and on the page alike."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from sincerity.declare.dates import Month
from sincerity.study.tabular import MINUS as MINUS
from sincerity.study.tabular import aligned as aligned

if TYPE_CHECKING:
    from sincerity.study.ledger import Ledger, LedgerRow
    from sincerity.study.study import Study
    from sincerity.study.summary import Summary

FIGURE_SPACE, POINT_SPACE = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"
INVENTED = "Invented people; not a forecast."
WHEN = {"month": "in a typical month", "ever": "at some time"}
WINDOWS_LONG = "A typical month is the mean of the last twelve; at some time means in any month of the run."
WINDOWS = "Month: a typical month, the mean of the last twelve. Ever: at some time in the run."
KINDS = {"promise": "What is promised", "cost": "What it costs"}
NOTHING = 1e-9
"""Per 1,000: below this a difference is rounding of the arithmetic, not one person of the largest society."""

SCOPE = (
    "Sincerity scores nobody: everyone in it is invented from published totals; it cannot read in a real person, has "
    "no link to any platform, reads no texts, and searches only for less harm.",
    "It forecasts nothing: it shows what follows if its stated assumptions hold, and marks each figure that nobody "
    "has measured.",
    "It is not a picture of China as it is: there, court and agency lists, local point schemes and commercial scores "
    "stand side by side.",
)


class Word(NamedTuple):
    """A word of the glossary. plain: as the report says it. term: what the field, or the files, call it."""

    plain: str
    term: str
    meaning: str


GLOSSARY = (
    Word("invented people", "agents", "People made up from published totals; each has traits, and none has a name."),
    Word("regime", "scoring regime", "A set of declared rules: what is seen of people, what it counts, what follows."),
    Word(
        "ordinary law", "none", "Courts, banks and schools as they are without a regime; what regimes are set against."
    ),
    Word(
        "the same people without it", "twin", "The same invented people with the same luck, living under ordinary law."
    ),
    Word("friend, relative, colleague", "tie", "Somebody a person is bound to; ties may be formed, kept and dropped."),
    Word("on the record", "record", "Written down as an act of a person's, and counted; it fades or is struck out."),
    Word("false record", "false match", "A record of an act that somebody else did, or nobody."),
    Word("on a list", "blacklist", "Named by an agency or court, and kept from something while the name stands."),
    Word("barred from", "gate", "Kept from a seat, a loan, a job or a school by a score, a band or a list."),
    Word("had done nothing themselves", "innocent", "Would have passed on what they themselves did, truly recorded."),
    Word("could not have paid", "inability", "Refused for a debt larger than what they could have paid."),
    Word(
        "say what they do not think", "preference falsification", "Praise in public what they think ill of in private."
    ),
    Word(
        "changed a lawful habit", "chilling effect", "Took up or gave up something harmless because points hang on it."
    ),
    Word(
        "luck, and its spread",
        "seed",
        "A seed fixes all chance of a run; results of several show how much chance does.",
    ),
    Word("assumed", "assumption", "A figure that nobody has measured; it stands in the files with its low and high."),
)
"""Fifteen words that the tables and the report use."""


# ---- figures ------------------------------------------------------------------------------------------------------


def number(value: float, sign: bool = False) -> str:
    """A figure per 1,000: whole from 100 on, one decimal below, two below 1; 0 is nothing at all, 0.00 nearly so.

    sign: a plus before what is above 0. What is below 0 always has a true minus.
    """
    size = abs(value)
    if size < NOTHING:
        return "0"
    digits = 2 if round(size, 2) < 1 else 1 if round(size, 1) < 100 else 0
    text = f"{size:,.{digits}f}"
    if not text.strip("0."):
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def spread(low: float, high: float, sign: bool = False) -> str:
    """A range: '−2.0 to +1.5'."""
    return f"{number(low, sign)} to {number(high, sign)}"


def spreads(pairs: Sequence[tuple[float, float]], sign: bool, digit: str = " ", point: str = " ") -> list[str]:
    """Ranges below one another, both ends on their decimal points."""
    ends = [aligned([number(pair[k], sign) for pair in pairs], digit, point) for k in (0, 1)]
    return [f"{low} to {high}" for low, high in zip(*ends, strict=True)]


def count(n: int, one: str, many: str = "") -> str:
    """A number of things: '1 seed', '3 seeds'."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def coded(text: str) -> Markup:
    """A text for a page, what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))


def some(n: int) -> str:
    """A small number in letters: 'two', 'nine', '10'."""
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return names[n] if n < len(names) else str(n)


def listed(parts: Sequence[str]) -> str:
    """Return 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# ---- dates, seeds, worlds -----------------------------------------------------------------------------------------

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def month(text: str) -> str:
    """Say '2014-06' as 'June 2014'."""
    found = Month.parse(text)
    return f"{MONTHS[found.month - 1]} {found.year}"


def day(text: str) -> str:
    """Say the ISO time '2026-11-24T03:44:00+00:00' as '24 November 2026'."""
    return f"{int(text[8:10])} {month(text[:7])}"


def span(start: str, months: int) -> str:
    """First and last month of a run: 'June 2014 to May 2022'."""
    return f"{month(start)} to {month(str(Month.parse(start) + (months - 1)))}"


def years(months: int) -> str:
    """How long a run lasts: '8 years', '30 months'."""
    return count(months, "month") if months % 12 else count(months // 12, "year")


def seeds(given: Sequence[int]) -> str:
    """Which seeds: 'seed 1', 'seeds 1 to 3', 'seeds 2, 5 and 9'."""
    if len(given) == 1:
        return f"seed {given[0]}"
    if len(given) == 2:
        return f"seeds {given[0]} and {given[1]}"
    in_a_row = list(given) == list(range(given[0], given[0] + len(given)))
    return f"seeds {given[0]} to {given[-1]}" if in_a_row else f"seeds {listed([str(seed) for seed in given])}"


def setting(scenario: Summary) -> str:
    """Who, when, and with which luck: 'China, census of 2020 · 100,000 invented adults · June 2014 to … · seeds …'."""
    when = span(scenario.start, scenario.months)
    return f"{scenario.society.title} · {scenario.people:,} invented adults · {when} · {seeds(scenario.seeds)}"


def heading(ledger: Ledger) -> str:
    """Which world, against which: 'The citizen score as the press drew it (never built), against ordinary law only'."""
    versus = "" if ledger.ordinary is None else f", against {ledger.ordinary_title}"
    return first_upper(ledger.regime_title) + versus


def first_upper(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def stamp(study: Study, regime: str, ordinary: str | None) -> str:
    """What every picture carries inside: invented people, worlds, seeds, version."""
    scenario = study.scenario
    versus = "" if ordinary is None else f" against {scenario.world(ordinary).short}"
    n = len(scenario.seeds)
    luck = "1 seed, an anecdote" if n == 1 else f"{n} seeds"
    return f"invented people · {scenario.world(regime).short}{versus} · {luck} · Sincerity {version(study)}"


def version(study: Study) -> str:
    """The version of Sincerity that made the run."""
    return str(study.manifest["versions"]["sincerity"])


def assumed(scenario: Summary) -> str:
    """How much of it nobody has measured: '12 of the 240 figures behind this table are assumed.'."""
    total, found = len(scenario.figures()), len(scenario.assumed())
    return f"{found:,} of the {total:,} figures behind this table {'is' if found == 1 else 'are'} assumed."


def spread_meaning(ledger: Ledger) -> str:
    """How the last column is to be read."""
    what = "the figure" if ledger.ordinary is None else "the difference"
    n = ledger.rows[0].n
    if n == 1:
        return "Spread: one seed is an anecdote; ask for more to see how much is chance."
    return f"Spread of {what}: {ledger.spread}; chance only, not the assumptions."


def unsure(study: Study) -> list[str]:
    """What the draws of the assumed figures leave open, a sentence a regime; nothing where none were made."""
    robust = study.robust
    if robust is None:
        return []
    told = []
    for regime in robust.rows:
        rows = robust.unknown(regime)
        open_ = "; ".join(row.sentence.removeprefix("… ").removeprefix("of these: ") for row in rows)
        said = f"sign not known of: {open_}" if rows else "no sign turns"
        told.append(f"Under {robust.draws} draws of all assumed figures, {study.scenario.world(regime).short}: {said}.")
    return told


def is_detail(row: LedgerRow) -> bool:
    """Whether a row stands under the one before it, as a part of it."""
    return row.sentence.startswith(("…", "of these"))


# ---- the paragraph ------------------------------------------------------------------------------------------------


def paragraph(study: Study, ledger: Ledger) -> list[str]:
    """What came out, in sentences that are true whatever the figures are."""
    scenario = study.scenario
    who = f"{scenario.people:,} invented adults ({scenario.society.title})"
    live = f"live from {span(scenario.start, scenario.months)}"
    if ledger.ordinary is None:
        told = [f"{who} {live} under one set of rules: {ledger.regime_title}.", *_levels(ledger)]
    else:
        twice = f"{live} twice, with the same luck: under {ledger.ordinary_title}, and under {ledger.regime_title}."
        told = [f"The same {who} {twice}", *_changes(ledger)]
    if ledger.rows[0].n == 1:
        told.append("One seed is an anecdote: another may turn any of this round.")
    return [*told, INVENTED]


TOGETHER = (("late", "offence", "good_deed"), ("approve", "approve_meant"), ("on_list", "muted", "gave_up"))
"""The monthly rows, as the paragraph groups them into sentences."""


def _levels(ledger: Ledger) -> list[str]:
    told = ["; ".join(f"{number(ledger[id].regime)} {_said(ledger[id])}" for id in group) for group in TOGETHER]
    return [
        f"In a typical month of the last year, of every 1,000 adults, {told[0]}. {told[1]}. {told[2]}.",
        *_ever(ledger),
    ]


def _changes(ledger: Ledger) -> list[str]:
    beside = f"Set against {ledger.ordinary_title}, in a typical month of the last year, of every 1,000 adults, "
    told = ["; ".join(_changed(ledger[id]) for id in group) for group in TOGETHER]
    return [f"{beside}{told[0]}.", *(f"{first_upper(each)}." for each in told[1:]), *_ever(ledger)]


def _changed(row: LedgerRow) -> str:
    if is_unclear(row):
        return f"whether more or fewer {_said(row)} stays open"
    return f"{change(row)} {_said(row)}"


def _ever(ledger: Ledger) -> list[str]:
    refused, innocent, unable = (ledger[f"refused{part}_ever"] for part in ("", "_innocent", "_unable"))
    false = ledger["false_record_ever"]
    return [
        f"At some time in the run, {_level(refused, ledger)} were refused a seat, a loan, a job or a school; of these, "
        f"{_level(innocent, None)} had done nothing themselves and {_level(unable, None)} could not have paid.",
        f"At some time, {_level(false, ledger)} carried a record of something they had not done.",
    ]


def _level(row: LedgerRow, ledger: Ledger | None) -> str:
    if row.ordinary is None:
        return number(row.regime)
    under = f" under {ledger.ordinary_title}" if ledger is not None else ""
    return f"{number(row.regime)} ({number(row.ordinary)}{under})"


def change(row: LedgerRow) -> str:
    """Say a difference: '34.0 more', '2.1 fewer', 'as many'."""
    if row.difference is None or number(row.difference) == "0":
        return "as many"
    return f"{number(abs(row.difference))} {'more' if row.difference > 0 else 'fewer'}"


def is_unclear(row: LedgerRow) -> bool:
    """Whether the spread over several seeds leaves open if there are more or fewer."""
    return row.n > 1 and row.low <= 0 <= row.high and row.high - row.low > NOTHING


def _said(row: LedgerRow) -> str:
    """The row's words inside a sentence."""
    return {"approve_meant": "say so and mean it"}.get(row.id, row.sentence)


# ---- what to type next --------------------------------------------------------------------------------------------


def next_commands(study: Study, program: str = "./run") -> list[str]:
    """Three commands that continue from this study: more seeds, one rule taken away or a world beside it, the plan."""
    if study.manifest.get("rules"):  # no command has them
        return [_line(program, "open", [str(study.folder)], []), _line(program, "plan", study.worlds, _unusual(study))]
    names, options = list(study.worlds), _unusual(study)
    verb = "run" if len(names) == 1 else "compare"
    n = len(study.scenario.seeds)
    more = [pair for pair in options if pair[0] != "seeds"] + [("seeds", str(8 if n < 8 else 2 * n))]
    known = {path for path, _ in study.scenario.figures()}
    lever = next((path for name in names if (path := f"{name}.ties.friends") in known), "")
    if lever and not any(value.startswith(f"{lever}=") for _, value in options):
        other = _line(program, verb, names, [*options, ("set", f"{lever}=0")])
    elif len(names) == 1:
        other = _line(program, "compare", ["none", "citizen-score"], options)
    else:
        other = _line(program, "run", names[-1:], options)
    return [_line(program, verb, names, more), other, _line(program, "plan", names, options)]


def _unusual(study: Study) -> list[tuple[str, str]]:
    """The options of the study's own command that are not the defaults, as (name, value)."""
    from sincerity.study.run import compare

    usual = {name: str(each.default) for name, each in inspect.signature(compare).parameters.items()}
    usual["people"] = "100000"
    words = shlex.split(study.command, comments=True)
    given = [(word[2:], value) for word, value in pairwise(words) if word.startswith("--")]
    return [(name, value) for name, value in given if value != usual.get(name)]


def _line(program: str, verb: str, names: Iterable[str], options: Iterable[tuple[str, str]]) -> str:
    flags = [part for name, value in options for part in (f"--{name}", value)]
    return f"{program} {shlex.join([verb, *names, *flags])}"
