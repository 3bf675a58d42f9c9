"""`sincerity validate`: the model beside what was published."""

from __future__ import annotations

from typing import Annotated

import typer

from sincerity.cli.options import Json, SocietyOption, Threads

app = typer.Typer(no_args_is_help=True, help="The model beside what was published: patterns, ties.")


@app.command()
def patterns(
    people: Annotated[str, typer.Option("--people", metavar="N", help="Adults in each world: 10k, 1m.")] = "30k",
    seeds: Annotated[str, typer.Option("--seeds", metavar="N", help="How many seeds, from 1 on.")] = "3",
    json: Json = False,
) -> None:
    """Judge the model by published patterns: runs ten worlds and prints what is met and what is missed. Minutes."""
    from sincerity.cli.patterns import show

    show(people, seeds, json)


@app.command()
def ties(
    society: SocietyOption = "china-2020",
    people: Annotated[str, typer.Option("--people", metavar="N", help="Adults to build: 10k, 1m.")] = "100k",
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="The seed.")] = "1",
    threads: Threads = "",
    json: Json = False,
) -> None:
    """Measure living ties as a network, beside published networks of people: of one society, or of A,B,C in a table.

    Up to a minute each at 100k.
    """
    from sincerity.cli.ties import show

    show(society, people, seed, threads, json)
