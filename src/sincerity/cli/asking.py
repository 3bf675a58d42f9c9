"""Commands that ask a finished run: ledgers, audit. What is heavy is imported inside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sincerity.cli.options import UNFOLDED, Json, Run, Runs, Threads, interruption, threads_of

if TYPE_CHECKING:
    from sincerity.study.study import Study

By = Annotated[
    str,
    typer.Option(
        "--by", metavar="GROUP", help="decile, education, age, sex, urban, region, minority, opinion, provider."
    ),
]
Regime = Annotated[
    str, typer.Option("--regime", metavar="NAME", help="Which world of the run.", show_default="the last")
]


def ledger(
    run: Run = "last",
    by: By = "all",
    regime: Regime = "",
    define: Annotated[bool, typer.Option("--define", help="Say what each entry is, and of what.")] = False,
    out: Runs = Path("runs"),
    json: Json = False,
) -> None:
    """Print the ledger of rights and the ledger of promises, for all adults or by group."""
    study = opened(run, out)
    both = (study.rights(by, regime or None), study.promises(by, regime or None))
    followed = study.followed
    acts = followed if followed is not None and followed.world == both[0].regime else None
    if json:
        from dataclasses import asdict

        from sincerity.cli.show import document

        told = [act._asdict() | {"ratio": act.ratio} for act in acts.acts] if acts else None
        print(document("ledgers", rights=asdict(both[0]), promises=asdict(both[1]), acts=told))
        return
    for account in both:
        tell(account.lines(width()))
        if define:
            rows = {row.id: row for row in account}.values()
            tell(["", *(f"{row.words} ({row.unit}): {row.definition}" for row in rows)])
        print()
    if acts is not None:
        tell(acts.act_lines())


def audit(
    run: Run = "last", by: By = "minority", regime: Regime = "", out: Runs = Path("runs"), json: Json = False
) -> None:
    """Audit a regime by group, in the terms of the field: parity, odds, calibration, four-fifths, entry and exit."""
    found = opened(run, out).audit(by, regime or None)
    if json:
        from dataclasses import asdict

        from sincerity.cli.show import document

        print(document("audit", **asdict(found)))
        return
    tell(found.lines(width()))


def assess(
    run: Run = "last",
    regime: Regime = "",
    out: Runs = Path("runs"),
    to: Annotated[
        str, typer.Option("--to", metavar="FILE", help="Where to write it.", show_default="the run folder")
    ] = "",
) -> None:
    """Write for a regulator which element of the law each rule bears on, with figures. No finding, no grade."""
    from sincerity.study import store

    study = opened(run, out)
    found = study.assessment(regime or None)
    target = Path(to) if to else study.folder / "assessment.md"
    store.write(target, lambda stream: stream.write(found.markdown().encode()))
    rules = len({point.path for point in found})
    print(f"{rules} rules of {found.title}, {len(found.points)} points; no finding, no grade\nwritten: {target}")


def rules(run: Run = "last", regime: Regime = "", out: Runs = Path("runs"), json: Json = False) -> None:
    """Print rule by rule who loses what, for how long, what it buys, and what would be cheaper. No finding."""
    found = opened(run, out).rules(regime or None)
    if json:
        from sincerity.cli.show import document
        from sincerity.study.rules import plain

        print(document("rules", title=found.title, regime=found.regime, rules=plain(found), notes=found.small))
        return
    tell(found.lines(width()))


def twins(
    run: Run = "last",
    regime: Regime = "",
    floor: Annotated[bool, typer.Option("--floor", help="First run the floor, unless it is there.")] = False,
    threads: Threads = "",
    out: Runs = Path("runs"),
) -> None:
    """Print people beside their twins without the regime: net, switched, the reverse, at once, and the floor."""
    from sincerity.cli.progress import progress
    from sincerity.study.twins import read_floor

    study = opened(run, out)
    table = study.twins(regime or None)
    if floor and read_floor(study) is None:
        with progress() as watch:
            study.floor(watch, threads_of(threads))
        table = study.twins(regime or None)
    tell(table.lines())
    followed = study.followed
    if followed is not None and followed.world == (regime or study.worlds[-1]):
        print()
        tell(followed.parting_lines())


def follow(
    run: Run = "last",
    sample: Annotated[int, typer.Option("--sample", metavar="N", help="People drawn at random and traced.")] = 100,
    regime: Regime = "",
    threads: Threads = "",
    out: Runs = Path("runs"),
    json: Json = False,
) -> None:
    """Live a seed again and follow people: four lives, what parts lives, what a record costs, how long rules hold.

    Kept in the run folder: twins, ledger, rules and the report show it from then on.
    """
    from sincerity.cli.progress import progress

    study = opened(run, out)
    with interruption("the run as it was, with nobody followed"), progress() as watch:
        found = study.follow(sample, regime or None, threads=threads_of(threads), watch=watch)
    report = study.report()
    if json:
        from sincerity.cli.show import document

        print(document("followed", **(found._asdict() | {"lives": [told._asdict() for told in found.lives]})))
        return
    for told in found.lives:
        print(
            "\n".join([f"{told.chosen}: person {told.person:,}", *(f"  {line}" for line in told.lines[1:4])]),
            end="\n\n",
        )
    tell(found.parting_lines())
    print()
    tell(found.act_lines())
    print(f"\nThe report: {report}")


def robustness(
    run: Run = "last",
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="How often all assumed figures are drawn.")] = 32,
    people: Annotated[str, typer.Option("--people", metavar="N", help="Adults of each draw.")] = "20k",
    threads: Threads = "",
    again: Annotated[bool, typer.Option("--again", help="Draw although the run folder keeps draws.")] = False,
    out: Runs = Path("runs"),
) -> None:
    """Draw all assumed figures inside their ranges and live again: where the draws disagree, the sign is not known."""
    from sincerity.cli.progress import progress
    from sincerity.declare.scenario import people_typed

    adults = people_typed(people, "--people")
    study = opened(run, out)
    kept = study.robust
    if kept is None or again or (kept.draws, kept.people) != (draws, min(adults, study.scenario.people)):
        with interruption("the run as it was, without draws"), progress() as watch:
            kept = study.robustness(draws, adults, watch, threads_of(threads))
    tell(kept.lines())


def opened(run: str, out: Path) -> Study:
    """The finished run; BadInput where there is none."""
    from sincerity.study.study import load

    return load(run, out)


def width() -> int:
    """Columns of the terminal, or wide where it is none."""
    from rich.console import Console

    console = Console()
    return console.width if console.is_terminal else UNFOLDED


def tell(lines: list[str]) -> None:
    """Print lines, the first one bold, folded nowhere."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for k, line in enumerate(lines):
        console.print(Text(line, style="bold" if k == 0 else ""), no_wrap=True, crop=False, overflow="ignore")


COMMANDS: tuple[Any, ...] = (ledger, audit, assess, rules, twins, follow, robustness)


def register(app: typer.Typer) -> None:
    """Make these commands known."""
    for command in COMMANDS:
        app.command()(command)
