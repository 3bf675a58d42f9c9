"""What several commands have in common: options, what was typed as a number, the console, Ctrl-C."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sincerity.declare.problems import BadInput, Problem

if TYPE_CHECKING:
    from rich.console import Console

UNFOLDED = 200
"""Characters of a table that is not printed on a terminal."""

SocietyOption = Annotated[str, typer.Option("--society", metavar="NAME", help="Who lives there: a name or a file.")]
Threads = Annotated[
    str,
    typer.Option(
        "--threads", metavar="N", help="Threads; results do not depend on them.", show_default="all processors"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout instead of text.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="A folder, a name, a unique start of it, or last.")]
Runs = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where run folders are.")]


def threads_of(text: str) -> int | None:
    """A number of threads, None for all processors."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text) or not int(text):
        raise BadInput([Problem("--threads", 0, 0, f"`{text[:40]}` is no number of threads", "1 to 9,999")])
    return int(text)


def program() -> str:
    """What the reader typed to get here: `./run` sets it."""
    return os.environ.get("SINCERITY_PROGRAM") or "sincerity"


def wide_console() -> Console:
    """The rich console of a command; as wide as tables need where it is no terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = UNFOLDED
    return console


class Interrupted(Exception):
    """Ctrl-C, and what it left."""


@contextmanager
def interruption(leaves: str) -> Iterator[None]:
    """Say what is left if Ctrl-C comes here."""
    try:
        yield
    except KeyboardInterrupt as error:  # what was kept is told by the error itself
        raise Interrupted(f"{error}".replace("sincerity resume", f"{program()} resume") or leaves) from None
