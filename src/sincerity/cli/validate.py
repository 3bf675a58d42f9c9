"""`sincerity validate`: the model beside what was published."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from json import loads
from pathlib import Path
from typing import Annotated, Any

import typer

from sincerity.cli.options import Json, Runs, SocietyOption, Threads
from sincerity.cli.show import document
from sincerity.declare.problems import BadInput, Problem

app = typer.Typer(help="The model beside what was published: patterns, ties; without a word both, in minutes.")

People = Annotated[str, typer.Option("--people", metavar="N", help="Adults in each world: 10k, 1m.")]
Seeds = Annotated[str, typer.Option("--seeds", metavar="N", help="How many seeds, from 1 on.")]


@app.callback(invoke_without_command=True)
def both(
    context: typer.Context,
    people: People = "30k",
    seeds: Seeds = "3",
    threads: Threads = "",
    out: Runs = Path("runs"),
    json: Json = False,
) -> None:
    """The model beside what was published: patterns, ties; without a word both, about three minutes on two cores."""
    word = context.invoked_subcommand
    if word is not None:
        sources = {name: context.get_parameter_source(name) for name in context.params}
        given = [name for name, source in sources.items() if source is not None and source.name != "DEFAULT"]
        if given:
            raise BadInput([Problem(f"--{given[0]}", 0, 0, f"options stand behind the word: {word} --{given[0]} …")])
        return
    from sincerity.cli import patterns, ties

    first = partial(ties.show, "china-2020", people, "1", threads)
    second = partial(patterns.show, people, seeds, threads=threads, out=out)
    if not json:
        first(False)
        print()
        second(False)
        return
    print(document("validate", validate=_told(first) | _told(second)))


def _told(show: Callable[[bool], None]) -> dict[str, Any]:
    """What a command says of `validate` as JSON."""
    with redirect_stdout(StringIO()) as said:
        show(True)
    return dict(loads(said.getvalue())["validate"])


@app.command()
def patterns(
    people: People = "30k",
    seeds: Seeds = "3",
    write: Annotated[bool, typer.Option("--write", help="Keep it in the package, for reports.")] = False,
    threads: Threads = "",
    out: Runs = Path("runs"),
    json: Json = False,
) -> None:
    """Judge the model by published patterns: runs fifteen worlds and prints what is met and what is missed. Minutes."""
    from sincerity.cli.patterns import show

    show(people, seeds, json, write, threads, out)


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
