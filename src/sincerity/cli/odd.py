"""`sincerity odd`: the model described in the order of ODD (2020) + D."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sincerity.cli.options import SocietyOption


def odd(
    regimes: Annotated[
        list[str] | None,
        typer.Argument(metavar="REGIME", help="Names (see: regimes) or files.", show_default="citizen-score"),
    ] = None,
    society: SocietyOption = "china-2020",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where it is written.", show_default="stdout")
    ] = None,
) -> None:
    """Describe the model in the order of ODD+D, as Markdown: read off the code and the declared files."""
    from sincerity.declare.scenario import scenario
    from sincerity.report.odd import odd as described
    from sincerity.study import store

    text = described(scenario(list(regimes or ["citizen-score"]), society=society))
    if out is None:
        print(text, end="")
        return
    store.write(out, lambda stream: stream.write(text.encode()))
    print(f"written: {out}")
