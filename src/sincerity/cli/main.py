"""The commands. What is heavy (the engine, the charts) is imported inside the command that needs it."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sincerity import __version__
from sincerity.cli import asking
from sincerity.cli.evidence import calibrate, sensitivity
from sincerity.cli.odd import odd
from sincerity.cli.options import (
    Interrupted,
    Json,
    Run,
    Runs,
    SocietyOption,
    Threads,
    interruption,
    program,
    threads_of,
    wide_console,
)
from sincerity.cli.societies import app as societies_app
from sincerity.cli.validate import app as validate_app
from sincerity.declare.problems import BadInput, Problem, closest, sized

if TYPE_CHECKING:
    from sincerity.engine.watch import Watch
    from sincerity.study.study import Study

CASE_WRONG, BAD_INPUT, INTERRUPTED = 1, 2, 130
AT_HOME = "usa-2020"
"""The society that is offered next: one that lives with credit scores already."""
SURELY_FITS = 5_000_000
"""People below which no plan is made before a run: under a gigabyte for two worlds."""

app = typer.Typer(
    name="sincerity",
    help="A laboratory for social scoring: invented people, declared rules, and what follows if the assumptions hold.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Regimes = Annotated[
    list[str], typer.Argument(metavar="REGIME", help="Names (see: regimes) or files.", show_default=False)
]
People = Annotated[str, typer.Option("--people", metavar="N", help="Adults in each world: 10k, 1m, 1.3e9 or full.")]
Start = Annotated[str, typer.Option("--start", metavar="YYYY-MM", help="The first month.")]
Years = Annotated[str, typer.Option("--years", metavar="N", help="How long.")]
Seed = Annotated[str, typer.Option("--seed", metavar="N", help="The first seed.")]
Seeds = Annotated[
    str,
    typer.Option(
        "--seeds",
        metavar="N",
        help="How many seeds, from the first on.",
        show_default="3; 1 above ten million people",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change one declared figure; may be repeated.", show_default=False
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where run folders are put.")]
Again = Annotated[bool, typer.Option("--again", help="Run it although a finished run of exactly this is there.")]

Checkpoints = Annotated[
    str | None,
    typer.Option(
        "--checkpoints",
        metavar="N",
        help="How often: 6 (months), 10min, stop (on Ctrl-C) or none; see resume.",
        show_default="10min",
    ),
]
LastState = Annotated[
    bool | None,
    typer.Option(
        "--state/--no-state",
        help="Keep the worlds' last state, for maps.",
        show_default="up to 10 million people",
    ),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Warm up anew, though the common start is kept on disk.")]
Mapped = Annotated[
    bool,
    typer.Option("--mapped", help="Private columns in files, streamed; done unasked where memory is too small."),
]


@app.callback(invoke_without_command=True)
def bare(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Say what to type first, or the version; called before every command."""
    if version:
        print(f"sincerity {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print("\n".join(first_lines(program())))


def first_lines(program: str) -> list[str]:
    """Six lines: what to type first."""
    return [
        "Sincerity puts a scoring regime into force over invented people and counts what follows.",
        f"  {program} compare none citizen-score    the citizen score beside ordinary law (100,000 people, 8 years)",
        f"  {program} run citizen-score --people 10k    one regime alone, its own figures",
        f"  {program} plan citizen-score --people full    what a run would take, before it is made",
        f"  {program} regimes    which regimes there are; {program} societies: which societies",
        f"  {program} --help    all commands and options",
    ]


@app.command()
def compare(
    regimes: Regimes,
    society: SocietyOption = "china-2020",
    people: People = "100k",
    start: Start = "2014-06",
    years: Years = "8",
    seed: Seed = "1",
    seeds: Seeds = "",
    threads: Threads = "",
    settings: Settings = None,
    out: Out = Path("runs"),
    json: Json = False,
    again: Again = False,
    checkpoints: Checkpoints = None,
    state: LastState = None,
    fresh: Fresh = False,
    mapped: Mapped = False,
    brief: Annotated[bool, typer.Option("--brief", help="A line a regime, as for five and more.")] = False,
    follow: Annotated[
        int, typer.Option("--follow", metavar="N", min=0, max=2000, help="Then follow N people, for the report.")
    ] = 0,
) -> None:
    """Set regimes side by side; the first is what the others are measured against, as a rule `none`: ordinary law."""
    asked = Asked(tuple(regimes), society, people, start, years, seed, seeds, tuple(settings or ()))
    if follow and len(regimes) < 2:
        raise BadInput([Problem("--follow", 0, 0, "one regime alone has no twins", "a world set against it")])
    kept = {"checkpoints": checkpoints, "state": state, "fresh": fresh, "mapped": mapped}
    make = _maker(asked, threads, out, again=again, **kept)

    def then(study: Study, watch: Watch) -> None:
        if follow and (study.followed is None or study.followed.sample != follow):
            study.follow(follow, threads=threads_of(threads), watch=watch)

    _show(*_made(make, then), json, brief)


@app.command()
def run(
    regime: Annotated[
        str, typer.Argument(metavar="REGIME", help="A name (see: regimes) or a file.", show_default=False)
    ],
    society: SocietyOption = "china-2020",
    people: People = "100k",
    start: Start = "2014-06",
    years: Years = "8",
    seed: Seed = "1",
    seeds: Seeds = "",
    threads: Threads = "",
    settings: Settings = None,
    out: Out = Path("runs"),
    json: Json = False,
    again: Again = False,
    checkpoints: Checkpoints = None,
    state: LastState = None,
    fresh: Fresh = False,
    mapped: Mapped = False,
) -> None:
    """Put one regime into force: its own figures, with nothing beside it."""
    asked = Asked((regime,), society, people, start, years, seed, seeds, tuple(settings or ()))
    kept = {"checkpoints": checkpoints, "state": state, "fresh": fresh, "mapped": mapped}
    make = _maker(asked, threads, out, again=again, **kept)
    _show(*_made(make), json)


@app.command()
def resume(run: Run = "last", threads: Threads = "", out: Runs = Path("runs"), json: Json = False) -> None:
    """Go on with a run that was cut off, from what it kept: to the same bits as if it had not been."""
    from sincerity.study.run import resume as go_on

    crew = threads_of(threads)
    _show(*_made(lambda watch: go_on(run, runs=out, threads=crew, watch=watch)), json)


@app.command()
def map(
    run: Run = "last",
    world: Annotated[str, typer.Option("--world", metavar="NAME", help="Which.", show_default="the last")] = "",
    measure: Annotated[
        str, typer.Option("--measure", metavar="WHAT", help="score, listed, says (and thinks) or refused.")
    ] = "score",
    beside: Annotated[str, typer.Option("--beside", metavar="NAME", help="A second world, at its left.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A PNG.", show_default="in the run folder")
    ] = None,
    runs: Annotated[Path, typer.Option("--runs", metavar="FOLDER", help="Where run folders are.")] = Path("runs"),
) -> None:
    """Draw a world as it stood at the end, one pixel a person, neighbours side by side. Needs a kept last state."""
    from sincerity.study.study import load

    print(load(run, runs).map(world or None, measure, beside or None, out))


@app.command()
def plan(
    regimes: Annotated[
        list[str] | None,
        typer.Argument(metavar="REGIME", help="Names (see: regimes) or files.", show_default="citizen-score"),
    ] = None,
    society: SocietyOption = "china-2020",
    people: People = "100k",
    start: Start = "2014-06",
    years: Years = "8",
    seed: Seed = "1",
    seeds: Seeds = "",
    threads: Threads = "",
    settings: Settings = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="Live some months of it (200k to 1m people) with a clock by rule.")
    ] = False,
    json: Json = False,
) -> None:
    """Print the schedule, the columns and the memory that a run would take. Nothing of it is allocated."""
    from sincerity.cli import show
    from sincerity.engine import world

    asked = Asked(
        tuple(regimes or ["citizen-score"]), society, people, start, years, seed, seeds, tuple(settings or ())
    )
    scenario = asked.scenario()
    if profile:
        _profile(scenario, threads_of(threads), json)
        return
    made = world.plan(scenario, threads_of(threads))
    if json:
        print(show.plan_document(scenario, made))
        return
    from rich.console import Console

    console = Console(highlight=False)
    console.print("The month, rule by rule (luck: random words a person)\n", style="bold")
    schedule, columns = show.plan_tables(made)
    console.print(schedule)
    console.print("\nThe columns of a person\n", style="bold")
    console.print(columns)
    print(
        "", *(f"{life}: {means}" for life, means in show.LIVES.items()), "", *show.plan_lines(scenario, made), sep="\n"
    )
    if made.sampled:
        print(_checkpoints(scenario, made))


def _checkpoints(scenario: Any, made: Any) -> str:
    """How often a run in this folder would keep what it has reached; or why it could not be."""
    from sincerity.study import states

    try:
        kept = states.must_fit(Path("runs"), scenario, made, states.keeping(None, None, False, scenario.people))
    except BadInput as error:
        return f"It could not be run: {error}"
    return kept.words(states.checkpoint_bytes(scenario, made))


def _profile(scenario: Any, threads: int | None, json: bool) -> None:
    """Show what each part of the month takes."""
    from sincerity.cli import show
    from sincerity.cli.progress import progress
    from sincerity.engine.profile import profile

    with progress() as watch, interruption("nothing was changed"):
        made = profile(scenario, threads=threads, watch=watch)
    if json:
        print(show.profile_document(made))
        return
    wide_console().print(show.profile_table(made))
    print("", *show.profile_lines(scenario, made), sep="\n")


@app.command()
def regimes(json: Json = False) -> None:
    """List the regimes that come with the package: who is rated, by what score, and how much of it is assumed."""
    from sincerity.cli import regimes as told

    found = told.rows()
    if json:
        from sincerity.cli.show import document

        print(document("regimes", regimes=found))
        return
    wide_console().print(told.table(found))


@app.command()
def societies(json: Json = False) -> None:
    """List the societies that come with the package: adults, regions, and how much of each is assumed."""
    from sincerity.cli import societies as told

    found = told.rows()
    if json:
        from sincerity.cli.show import document

        print(document("societies", societies=found))
        return
    wide_console().print(told.table(found))


app.add_typer(societies_app, name="society")
app.add_typer(validate_app, name="validate")
app.command()(odd)
app.command()(sensitivity)
app.command()(calibrate)


@app.command("open")
def open_report(run: Run = "last", out: Runs = Path("runs")) -> None:
    """Show a run's report in the browser, and print where it lies; it is written where the run has none."""
    from sincerity.study import store
    from sincerity.study.study import load

    study = load(run, out)
    report = study.folder / store.REPORT
    if not report.is_file():
        report = study.report()
    print(report)
    if has_display():
        import webbrowser

        webbrowser.open(report.resolve().as_uri())


def has_display() -> bool:
    """Whether there is a screen to show a page on; a browser for terminals would take over this one."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


@app.command("words")
def glossary(json: Json = False) -> None:
    """Say what fifteen plain words of the tables and the report mean, and what the field calls them."""
    from sincerity.report.words import GLOSSARY

    if json:
        from sincerity.cli.show import document

        print(document("words", words=[word._asdict() for word in GLOSSARY]))
        return
    for word in GLOSSARY:
        print(f"{word.plain} ({word.term})")
        print(textwrap.fill(word.meaning, 80, initial_indent="    ", subsequent_indent="    "))


Regime = Annotated[str, typer.Argument(metavar="REGIME", help="A name (see: regimes) or a file.", show_default=False)]


@app.command()
def show(regime: Regime, settings: Settings = None) -> None:
    """Print a regime's resolved file; behind each line, which file and line it came from."""
    from sincerity.cli.regimes import resolved_lines

    pairs = []
    for setting in settings or ():
        path, equals, value = setting.partition("=")
        if not (path and equals and value):
            raise BadInput([Problem("--set", 0, 0, f"`{setting[:80]}` is no setting", "path=value")])
        pairs.append((path, value))
    print("\n".join(resolved_lines(regime, pairs)))


@app.command()
def check(
    regimes: Annotated[
        list[str] | None, typer.Argument(metavar="REGIME", help="Names or files.", show_default="the whole catalogue")
    ] = None,
) -> None:
    """Say all that is wrong with a regime's file, then live through its worked cases. Exit code 1: a case is wrong."""
    from sincerity.cli.regimes import check_lines
    from sincerity.declare.catalogue import regime_names
    from sincerity.study.check import check as check_regime

    wrong = False
    for name in regimes or regime_names():
        regime, results = check_regime(name)
        wrong = wrong or any(result.wrong for result in results)
        print("\n".join(check_lines(regime, results)))
    if wrong:
        raise typer.Exit(CASE_WRONG)


@app.command()
def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A name or a file.", show_default=False)],
    other: Annotated[str, typer.Argument(metavar="B", help="A name or a file.", show_default=False)],
) -> None:
    """Say in words what differs between two regimes."""
    from sincerity.cli.regimes import difference_lines
    from sincerity.declare.catalogue import regime

    print("\n".join(difference_lines(regime(one), regime(other))))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a regime's file, for editors."""
    import json

    from sincerity.declare.schema import regime_schema

    print(json.dumps(regime_schema(), indent=2, ensure_ascii=False))


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the reform is called.", show_default=False)],
    extends: Annotated[str, typer.Option("--extends", metavar="REGIME", help="What it is a reform of.")],
    folder: Annotated[Path, typer.Option("--folder", metavar="FOLDER", help="Where NAME.yaml is written.")] = Path(),
) -> None:
    """Write a commented file to start a reform from; never over another."""
    from sincerity.cli.regimes import start_file

    path = start_file(name, extends, folder)
    print(f"written: {path}\nnext:    {program()} check {path}\n         {program()} compare none {extends} {path}")


@app.command()
def person(
    who: Annotated[
        str,
        typer.Argument(metavar="WHO", help="A number, random, worst-hit, most-changed or wrongly-listed."),
    ] = "random",
    run: Annotated[str, typer.Option("--run", metavar="RUN", help="A folder, a name, its start, or last.")] = "last",
    out: Runs = Path("runs"),
    world: Annotated[
        str, typer.Option("--world", metavar="REGIME", help="Under which regime.", show_default="the last")
    ] = "",
    seed: Annotated[
        str, typer.Option("--seed", metavar="N", help="Of which seed.", show_default="the first of the run")
    ] = "",
    what_if: Annotated[str, typer.Option("--what-if", metavar="ACT", help="What is recorded each month.")] = "pay_late",
    months: Annotated[str, typer.Option("--months", metavar="N", help="How far what if looks ahead.")] = "12",
    threads: Threads = "",
    json: Json = False,
) -> None:
    """Tell one person's life: both worlds, every event with its cause, why this score, what it would take, what if."""
    from sincerity.cli import person as told
    from sincerity.cli.progress import progress
    from sincerity.study.person import tell
    from sincerity.study.study import load

    wrong = [
        Problem(f"--{name}", 0, 0, f"`{text[:40]}` is no whole number")
        for name, text in (("seed", seed), ("months", months))
        if text and not re.fullmatch(r"[0-9]{1,10}", text)
    ]
    if wrong:
        raise BadInput(wrong)
    study = load(run, out)
    with progress() as watch, interruption("nothing was changed"):
        story = tell(
            study, who, world=world or None, seed=int(seed) if seed else None, what_if=what_if,
            months=int(months or 0), threads=threads_of(threads), watch=watch,
        )  # fmt: skip
    if json:
        print(told.person_document(story))
        return
    from rich.console import Console

    told.show(story, Console(highlight=False))


@app.command()
def reforms(
    regime: Annotated[
        str, typer.Argument(metavar="REGIME", help="What is reformed: a name (see: regimes) or a file.")
    ] = "citizen-score",
    further: Annotated[
        list[str] | None, typer.Argument(metavar="REFORM", help="Reforms of your own beside the catalogue's.")
    ] = None,
    society: SocietyOption = "china-2020",
    people: People = "100k",
    start: Start = "2014-06",
    years: Years = "8",
    seed: Seed = "1",
    seeds: Seeds = "20",
    threads: Threads = "",
    settings: Settings = None,
    out: Out = Path("runs"),
    json: Json = False,
    again: Again = False,
    checkpoints: Checkpoints = None,
    fresh: Fresh = False,
) -> None:
    """Set a regime's reforms against it: which single one saves most in each right, and what it costs the promises.

    Lives ordinary law, the regime and each of its reforms in the catalogue; a finished run of exactly this is found.
    """
    from sincerity.study.reforms import keep_asked, worlds_of
    from sincerity.study.reforms import reforms as reforms_of

    worlds = worlds_of(regime, tuple(further or ()))
    asked = Asked(worlds, society, people, start, years, seed, seeds, tuple(settings or ()))

    make = _maker(asked, threads, out, again=again, checkpoints=checkpoints, state=False, fresh=fresh)
    study, report = _made(make, lambda study, watch: keep_asked(study, study.worlds[1], study.worlds[2:]))
    found = reforms_of(study, study.worlds[1], study.worlds[2:])
    if json:
        from sincerity.cli.reforms import reforms_document

        print(reforms_document(study, found))
        return
    from sincerity.report.reforms import lines

    asking.tell(lines(study, found, asking.width()))
    print(f"\nThe run:    {study.folder}\nThe report: {report}")


asking.register(app)


class Asked(NamedTuple):
    """What a scenario is made of, as it was typed; all of it is checked at once."""

    regimes: tuple[str, ...]
    society: str
    people: str
    start: str
    years: str
    seed: str
    seeds: str
    settings: tuple[str, ...]

    def scenario(self) -> Any:
        """The scenario; BadInput with all problems."""
        from sincerity.declare.scenario import scenario

        return scenario(**self._asdict())

    def may_be_large(self) -> bool:
        """Whether the people may be too many for this machine, by a glance at what was typed."""
        small = re.fullmatch(r"(\d{1,7})(k?)", self.people)
        if small is None or any("people" in setting for setting in self.settings):
            return True
        return int(small[1]) * (1000 if small[2] else 1) * len(self.regimes) > SURELY_FITS


def _maker(asked: Asked, threads: str, out: Path, **further: Any) -> Callable[[Watch], Study]:
    """What makes or finds the study that is asked for; BadInput at once if it won't fit into memory."""
    from sincerity.study.run import compare as compare_regimes

    crew = threads_of(threads)
    if asked.may_be_large():
        _must_fit(asked, crew, out, **{k: further.get(k) for k in ("checkpoints", "state", "fresh", "mapped")})
    # What was typed is checked and converted there: numbers may be texts.
    options: dict[str, Any] = asked._asdict() | {"threads": crew, "out": out} | further
    return lambda watch: compare_regimes(watch=watch, **options)


def _made(make: Callable[[Watch], Study], then: Callable[[Study, Watch], object] | None = None) -> tuple[Study, Path]:
    """Make a study with progress on stderr, then its report; `then` is called in between."""
    from sincerity.cli.progress import progress

    with progress() as watch:
        with interruption("nothing of this run is left that looks finished"):
            study = make(watch)
        with interruption(f"the run is whole, its report is not written: {study.folder}"):
            if then is not None:
                then(study, watch)
            watch("writing the report", 0, 1)
            return study, study.report()


def _show(study: Study, report: Path, json: bool, brief: bool = False) -> None:
    """Show a study, as text or as one JSON document; brief: a line a regime."""
    if json:
        from sincerity.cli.show import study_document

        print(study_document(study, report))
    else:
        _tell(study, report, brief)


def _must_fit(asked: Asked, threads: int | None, out: Path, **kept: Any) -> None:
    """Raise BadInput if the run won't fit into memory or on disk; of a nation, say beforehand what it will take."""
    from sincerity.cli import show
    from sincerity.engine import world
    from sincerity.study import states

    scenario = asked.scenario()
    made = world.plan(scenario, threads)
    made = made.in_files() if kept["mapped"] else made
    if not (made.fits or made.fits_mapped):
        raise BadInput([Problem("--people", 0, 0, f"this run would take {sized(made.bytes_total)}. {show.fit(made)}")])
    if made.sampled:
        asked_for = states.keeping(kept["checkpoints"], kept["state"], bool(kept["fresh"]), scenario.people)
        found = states.must_fit(out, scenario, made, asked_for)
        for line in (*show.plan_lines(scenario, made)[2:], found.words(states.checkpoint_bytes(scenario, made))):
            print(f"note: {line}", file=sys.stderr)


def _tell(study: Study, report: Path, brief: bool) -> None:
    """The table, then where everything lies."""
    from rich.console import Console

    from sincerity.report.table import show, table_width

    if study.found:
        print("found: exactly this was run before (--again repeats it)", file=sys.stderr)
    for warning in study.scenario.warnings:
        print(f"note: {warning}", file=sys.stderr)
    console = Console(highlight=False)
    show(study, console, program(), brief)
    drawn = study.manifest.get("drawn", {}).get("lines", [])
    for k, line in enumerate(drawn):
        said = line.replace(": sincerity ", f": {program()} ")
        print("\n" * (k == 0) + textwrap.fill(said, table_width(console.width), subsequent_indent="  "))
    print(f"\nThe run:    {study.folder}\nThe report: {report}")
    if study.scenario.society.name != AT_HOME:
        print(f"At home:    {program()} compare none fico-us citizen-score --society {AT_HOME}")


# ---- what is wrong is said in one message -------------------------------------------------------------------------


def execute(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code: 0 done, 2 bad input, 130 interrupted."""
    unknown = _unknown_command(arguments)
    if unknown:
        return _refuse(unknown)
    try:
        code = app(args=list(arguments), prog_name=program(), standalone_mode=False)
    except BadInput as error:
        return _refuse(str(error))
    except Interrupted as error:
        print(f"interrupted: {error}", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if not hasattr(error, "format_message"):  # what typer raises for a command line that it can't read
            raise
        return _refuse(_usage(error, arguments))
    if code == INTERRUPTED:  # elsewhere than in a run: there is nothing to say of it
        print("interrupted", file=sys.stderr)
    return code if isinstance(code, int) else 0


def main() -> None:
    """Enter from the shell."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a sign shows '?' for it
            stream.reconfigure(errors="replace")
    sys.exit(execute(sys.argv[1:]))


def _refuse(text: str) -> int:
    print(text, file=sys.stderr)
    return BAD_INPUT


def _unknown_command(arguments: Sequence[str]) -> str:
    """What to say where the first word is no command; '' where it is one."""
    known = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    known += [group.name for group in app.registered_groups if group.name]
    word = next((word for word in arguments if not word.startswith("-")), None)
    if word is None or word in known or arguments[0] in ("--help", "--version"):
        return ""
    from sincerity.declare.catalogue import regime_names

    near = f"run {word}" if word in regime_names() else closest(word, known)
    problem = Problem(
        word,
        0,
        0,
        "no such command",
        "" if near else f"one of {', '.join(known)}",
        f"{program()} {near}" if near else "",
    )
    return str(problem)


def _usage(error: Any, arguments: Sequence[str]) -> str:
    """Say what typer found wrong with a command line as we say everything else."""
    command = f"{program()} {arguments[0]}" if arguments and not arguments[0].startswith("-") else program()
    help = f"what {command} --help lists"
    option, context = getattr(error, "option_name", ""), getattr(error, "ctx", None)
    known = [name for parameter in context.command.params for name in parameter.opts] if context else []
    if option and known and option not in known:
        near = closest(option, known)
        return str(Problem(option, 0, 0, "no such option", "" if near else help, near))
    text = error.format_message().strip().rstrip(".")
    return f"{text[:1].lower()}{text[1:]}\n    expected {help}"
