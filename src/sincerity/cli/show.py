"""What the commands print besides the table of a study: plans, lists of names, and the JSON documents."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sincerity.declare.problems import sized

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from sincerity.declare.scenario import Scenario
    from sincerity.engine.profile import Profile
    from sincerity.engine.world import Plan
    from sincerity.study.study import Study

VERSION = 1
"""Of the JSON documents; their keys may be added to, not taken away, while it stands."""
LIVES = {
    "state": "kept from month to month",
    "board": "what others see, one month old",
    "trait": "fixed; filled a block at a time",
    "month": "scratch of a block",
}


def document(kind: str, **parts: Any) -> str:
    """One JSON document: its schema and version, then the parts."""
    return json.dumps({"schema": f"sincerity/{kind}", "version": VERSION, **parts}, indent=2, ensure_ascii=False)


# ---- a study ------------------------------------------------------------------------------------------------------


def study_document(study: Study, report: Path) -> str:
    """A finished study: where it lies and its twelve rows for every regime."""
    scenario = study.scenario
    ledgers = [study.ledger(name) for name in study.worlds[1:] or study.worlds]
    return document(
        "study",
        regimes=[{"name": world.name, "title": world.title} for world in scenario.regimes],
        society={"name": scenario.society.name, "title": scenario.society.title},
        people=scenario.people,
        start=scenario.start,
        months=scenario.months,
        seeds=list(scenario.seeds),
        run={"folder": str(study.folder), "report": str(report), "found": study.found, "command": study.command},
        figures={"total": len(scenario.figures()), "assumed": len(scenario.assumed())},
        warnings=list(scenario.warnings),
        ledgers=[
            {
                "regime": ledger.regime,
                "ordinary": ledger.ordinary,
                "spread": ledger.spread,
                "rows": [asdict(row) for row in ledger],
            }
            for ledger in ledgers
        ],
        note="invented people; not a forecast",
    )


# ---- a plan -------------------------------------------------------------------------------------------------------


def plan_document(scenario: Scenario, plan: Plan) -> str:
    """A plan: schedule, columns, bytes."""
    return document(
        "plan",
        regimes=[{"name": regime.name, "title": regime.title} for regime in scenario.regimes],
        people=plan.people,
        threads=plan.threads,
        plan={
            "bytes_per_person": plan.bytes_per_person,
            "bytes_private": plan.bytes_private,
            "bytes_board": plan.bytes_board,
            "bytes_shared": plan.shared_per_person,
            "bytes_total": plan.bytes_total,
            "memory": plan.memory,
            "fits": plan.fits,
            "mapped": plan.mapped,
            "bytes_mapped": plan.bytes_mapped,
            "bytes_resident": plan.bytes_resident,
            "fits_mapped": plan.fits_mapped,
            "schedule": [
                {
                    "name": r.name,
                    "over": r.over,
                    "reads": r.reads,
                    "writes": r.writes,
                    "words": r.words,
                    "means": r.means,
                }
                for r in plan.schedule
            ],
            "columns": [
                {"name": c.name, "life": c.life, "bytes": c.bytes, "unit": c.unit, "low": c.low, "high": c.high}
                | {"meaning": c.meaning}
                for c in plan.columns
            ],
        },
    )


def plan_tables(plan: Plan) -> tuple[Table, Table]:
    """The schedule and the columns, to be printed on a rich console."""
    schedule = _table("rule", "walks over", "reads", "writes", "luck")
    for row in plan.schedule:
        schedule.add_row(row.name, row.over, ", ".join(row.reads), ", ".join(row.writes), str(row.words))
    columns = _table("column", "life", "bytes", "unit", "what it holds")
    for column in sorted(plan.columns, key=lambda c: list(LIVES).index(c.life)):
        columns.add_row(column.name, column.life, str(column.bytes), column.unit, column.meaning)
    return schedule, columns


def plan_lines(scenario: Scenario, plan: Plan) -> list[str]:
    """What a run of the scenario takes, in sentences."""
    worlds, seeds = _many(len(scenario.regimes), "world"), _many(len(scenario.seeds), "seed")
    names = ", ".join(regime.name for regime in scenario.regimes)
    time = f"{scenario.months} months from {scenario.start}, {seeds} in turn"
    each = (
        f"{plan.bytes_per_person} bytes a person ({plan.bytes_private} of their own, {plan.bytes_board} on the board)"
    )
    return [
        f"{plan.people:,} people in {worlds} ({names}), {time}.",
        f"In each world {each}; {plan.shared_per_person} more that all worlds share; "
        f"the scratch of {_many(plan.threads, 'thread')}.",
        f"In all {sized(plan.bytes_total)}. {fit(plan)}",
        *([_start()] if plan.sampled else []),
        *scenario.warnings,
    ]


def _start() -> str:
    """How a nation comes to its first month, in a sentence."""
    from sincerity.engine.taking_over import SAMPLE, SETTLING
    from sincerity.engine.world import ABOVE, WARM_UP_MONTHS

    return (
        f"Above {ABOVE:,} people everybody takes over the state of somebody alike in a sample of {SAMPLE:,} that has "
        f"lived {WARM_UP_MONTHS - SETTLING} months of the warm-up; its last {SETTLING} are lived by all."
    )


def fit(plan: Plan) -> str:
    """Whether the run fits into this machine, in a sentence."""
    if plan.fits:
        return f"It fits: this machine has {sized(plan.memory)} free."
    if plan.fits_mapped:
        return (
            f"This machine has {sized(plan.memory)} free: {sized(plan.bytes_resident)} will lie in memory, "
            f"{sized(plan.bytes_mapped)} in files ({', '.join(plan.mapped)})."
        )
    return f"It does not fit: this machine has {sized(plan.memory)} free. Fewer people or fewer regimes at once would."


def profile_document(profile: Profile) -> str:
    """What a month took, part by part: nanoseconds a person and month."""
    return document(
        "profile",
        people=profile.people,
        threads=profile.threads,
        unit="ns a person and month",
        shared=profile.shared,
        worlds=[
            {"name": name, "parts": {part: row[w] for part, row in profile.worlds.items()}}
            for w, name in enumerate(profile.names)
        ],
        total=profile.total,
        clocked=profile.clocked,
    )


def profile_table(profile: Profile) -> Table:
    """Parts of the month, the dearest first, by world."""
    table = _table("ns a person", "all worlds", *profile.names)
    for column in table.columns[1:]:
        column.justify = "right"
    rows = {part: (ns, *[0.0] * len(profile.names)) for part, ns in profile.shared.items()}
    rows |= {part: (0.0, *row) for part, row in profile.worlds.items()}
    for part, row in sorted(rows.items(), key=lambda item: -sum(item[1])):
        table.add_row(part, *(f"{ns:.1f}" if ns else "" for ns in row))
    table.add_row("together", *(f"{sum(column):.1f}" for column in zip(*rows.values(), strict=True)), style="bold")
    return table


def profile_lines(scenario: Scenario, profile: Profile) -> list[str]:
    """What that makes for a run, in sentences."""
    worlds = len(profile.names)
    each = profile.clocked / worlds
    whole = profile.clocked * scenario.people * scenario.months * len(scenario.seeds) / 1e9
    return [
        f"{profile.total / worlds:.0f} ns of one processor for a person, month and world "
        f"({profile.people:,} people; `luck` is drawn once for all worlds, `year` is a twelfth of what a year's "
        "last month adds).",
        f"On {_many(profile.threads, 'thread')} a month takes {each:.0f} ns by the clock for a person and world: "
        f"about {whole:,.0f} s for the months of this run.",
    ]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _table(*heads: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head == heads[0])
    return table
