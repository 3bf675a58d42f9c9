"""`sincerity sensitivity` and `calibrate`: what the results hang on, and what figures are fitted to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sincerity.cli.options import Json, SocietyOption, Threads, interruption, threads_of
from sincerity.declare.problems import BadInput, Problem

RegimeName = Annotated[str, typer.Argument(metavar="REGIME", help="A name (see: regimes) or a file.")]
Start = Annotated[str, typer.Option("--start", metavar="YYYY-MM", help="The first month.")]
Seed = Annotated[str, typer.Option("--seed", metavar="N", help="The first seed.")]


def sensitivity(
    regime: RegimeName = "citizen-score",
    society: SocietyOption = "china-2020",
    people: Annotated[str, typer.Option("--people", metavar="N", help="Adults in each world: 10k, 1m.")] = "10k",
    start: Start = "2014-06",
    years: Annotated[str, typer.Option("--years", metavar="N", help="How long.")] = "3",
    seed: Seed = "1",
    seeds: Annotated[str, typer.Option("--seeds", metavar="N", help="Trajectories; each has a seed of its own.")] = "6",
    figures: Annotated[int, typer.Option("--figures", metavar="N", min=1, help="How many are moved one by one.")] = 48,
    threads: Annotated[str, typer.Option("--threads", metavar="N", help="Processes.", show_default="all")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Also write the page there.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Say which assumed figures move the rights ledger most, and how much of its spread is chance. Minutes."""
    from sincerity.cli.progress import progress
    from sincerity.cli.show import document
    from sincerity.declare.scenario import scenario
    from sincerity.study import sensitivity as study
    from sincerity.study.run import usable_cpus

    asked = scenario(["none", regime], society=society, people=people, start=start, years=years, seed=seed, seeds=seeds)
    if len(asked.seeds) < 2:
        raise BadInput([Problem("--seeds", 0, 0, "one trajectory shows no spread", "2 and more")])
    workers = threads_of(threads) or usable_cpus()
    minutes = max(1, round(study.guess(asked, figures, workers) / 60))
    print(f"about {minutes} min", file=sys.stderr)
    with progress() as watch, interruption("nothing is left of it"):
        found = study.sensitivity(asked, figures, workers, watch)
    text = "\n".join(found.lines())
    if out is not None:
        written(out, text)
    print(document("sensitivity", sensitivity=found.document()) if json else text)


def written(path: Path, text: str, option: str = "--out") -> None:
    """Write a page. BadInput where that cannot be."""
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput([Problem(option, 0, 0, f"{path} cannot be written: {error.strerror}")]) from error
    print(f"written: {path}", file=sys.stderr)


def calibrate(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="FIT", help="Which fits.", show_default="all of them")
    ] = None,
    people: Annotated[str, typer.Option("--people", metavar="N", help="Adults in each world: 10k, 1m.")] = "20k",
    seed: Seed = "101",
    seeds: Annotated[str, typer.Option("--seeds", metavar="N", help="How many seeds, from the first on.")] = "2",
    lives: Annotated[int, typer.Option("--lives", metavar="N", min=1, help="At most so many a fit.")] = 20,
    threads: Threads = "",
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE", help="Write the settings found.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Fit declared figures to the patterns that are said to be calibrated, and print what to set. Minutes.

    No file of the package is changed.
    """
    from sincerity.cli.progress import progress
    from sincerity.cli.show import document
    from sincerity.declare.scenario import scenario
    from sincerity.study import calibrate as study

    chosen = study.fits(names or ())
    asked = scenario("none", people=people, seed=seed, seeds=seeds)
    crew = threads_of(threads)
    with progress() as watch, interruption("nothing is left of it"):
        done = study.calibrate(
            chosen, asked.people, asked.seeds[0], len(asked.seeds), lives, crew, watch,
            lambda fit: print(f"{fit.name}: {fit.title}", file=sys.stderr),
        )  # fmt: skip
    words = f"sincerity calibrate {' '.join(fit.name for fit in chosen)} --people {asked.people}"
    words += f" --seed {asked.seeds[0]} --seeds {len(asked.seeds)} --lives {lives}"
    if write is not None:
        written(write, study.settings_text(done, words).rstrip(), "--write")
    if json:
        print(document("calibration", command=words, fits=[one.document() for one in done]))
        return
    print(words)
    for one in done:
        print("", *one.lines(), sep="\n")
    settings = [f"--set {setting}" for one in done for setting in one.settings]
    print("", "What gives these figures:" if settings else "Nothing is to be moved.", *settings, sep="\n")
