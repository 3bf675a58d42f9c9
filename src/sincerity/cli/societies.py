"""The commands about societies: the table of them, their marginals beside the published figures, checks, a new one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sincerity.cli.options import Json, program, wide_console
from sincerity.declare.problems import BadInput, Problem

if TYPE_CHECKING:
    from rich.table import Table as Printed

    from sincerity.declare.society import Society
    from sincerity.declare.tree import Node, Table
    from sincerity.people.published import Marginal

MOST_SHOWN = 2_000_000
"""People above which `show` would take long."""
BUILT = (100_000, 1_000_000)
"""People that are always built to tell what it takes."""
BYTES = 6
"""Bytes a person while people are built, about."""
FEW = 24
"""Groups that `show` prints one by one; the others only with --all."""
COUNTED = ("regions.csv", "age_sex.csv")
"""The tables that every society has of its own."""
KEPT = {"households": "whole households", "people by size class of their firm": "whole firms"}
"""How marginals are kept that are neither met by quota nor drawn person by person."""
NUMBERS = ("value", "values", "rate")

app = typer.Typer(no_args_is_help=True, help="One society: show, check, new.")
Name = Annotated[str, typer.Argument(metavar="SOCIETY", help="A name (see: societies) or a file.", show_default=False)]


# ---- societies ----------------------------------------------------------------------------------------------------


def rows() -> list[dict[str, Any]]:
    """One row for every society of the catalogue, by letter."""
    from sincerity.declare import catalogue

    return [row(catalogue.society(name)) for name in catalogue.society_names()]


def row(society: Society) -> dict[str, Any]:
    """What the table of societies says of one."""
    from sincerity.declare.figures import each_figure

    figures = [figure for _, figure in each_figure(society, "society")]
    return {
        "name": society.name,
        "title": society.title,
        "place": society.place,
        "year": society.reference_year,
        "adults": society.adults,
        "regions": len(society.tables().regions),
        "figures": {"total": len(figures), "assumed": sum(figure.assumed for figure in figures)},
    }


def table(found: list[dict[str, Any]]) -> Printed:
    """The table of societies, to be printed on a rich console."""
    printed = _table("name", "place", "adults", "regions", "assumed")
    for told in found:
        assumed = f"{told['figures']['assumed']} of {told['figures']['total']} figures"
        printed.add_row(told["name"], told["place"], f"{told['adults']:,}", str(told["regions"]), assumed)
    return printed


def _table(*heads: str, right: tuple[str, ...] = ("adults", "regions")) -> Printed:
    from rich.table import Table

    printed = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        printed.add_column(head, overflow="fold", justify="right" if head in right else "left")
    return printed


# ---- show ---------------------------------------------------------------------------------------------------------


@app.command()
def show(
    society: Name,
    people: Annotated[str, typer.Option("--people", metavar="N", help="Adults to build: 10k, 1m.")] = "100k",
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, max=2**32 - 1, help="The seed.")] = 1,
    every: Annotated[bool, typer.Option("--all", help="Every group of every marginal.")] = False,
    build: Annotated[bool, typer.Option("--build", help="Seconds and bytes a person to build, instead.")] = False,
    json: Json = False,
) -> None:
    """Print each marginal beside its published figure, with where that is from; or what it takes to build."""
    from sincerity.declare.catalogue import checked_society
    from sincerity.declare.scenario import scenario
    from sincerity.people.firms import by_class, declared
    from sincerity.people.published import FIRMS, compared

    count = scenario("none", society=society, people=people, seeds=1).people
    if build:
        _build(checked_society(society)[1], count, seed, json)
        return
    if count > MOST_SHOWN:
        raise BadInput([Problem("--people", 0, 0, f"{count:,} people take long to count", f"at most {MOST_SHOWN:,}")])
    _, made = checked_society(society)
    found = compared(made, count, seed)
    if json:
        from sincerity.cli.show import document

        sizes = [one._asdict() for one in by_class(declared(made, count))]
        told = {"people": count, "seed": seed, "marginals": list(_told(made, found)), "firms": sizes}
        print(document("society", **row(made), **told))
        return
    printer = wide_console()
    printer.print(f"{made.title}: {made.adults:,} adults; here {count:,}, seed {seed}.\n")
    printer.print(_summary(made, found))
    for marginal in found:
        if every or (len(marginal.groups) <= FEW and "by region" not in marginal.name):
            printer.print(f"\n{marginal.name}", style="bold")
            printer.print(_groups(marginal, count))
            if marginal.name == FIRMS:
                printer.print()
                printer.print(_firms(made, count))
    print(
        "\nStated: what the source says, or what is assumed. Largest difference: people, of any group. By quota:"
        "\nwithin two people of the stated share, at any size and for every seed. Whole households: cut from one"
        "\npattern, 1,024 adults at a time. Whole firms: within two in a thousand adults of labour areas of 1,024;"
        "\nthose left over are in no firm, and a firm is no larger than its region has room for: where that is less"
        "\nthan its class says, it is a part of one. Drawn: who uses a channel follows its share up to chance."
    )


def _build(society: Society, people: int, seed: int, json: bool) -> None:
    """Settle 100,000 people, a million, and as many as are asked for, and say what it takes."""
    from sincerity.engine.world import cost, free_memory

    if people * BYTES > 0.9 * free_memory():
        told = f"{people:,} people need {people * BYTES / 1e9:.1f} GB, and {free_memory() / 1e9:.1f} GB are free"
        raise BadInput([Problem("--people", 0, 0, told, "fewer")])
    found = [cost(society, many, seed) for many in sorted({*BUILT, people})]
    if json:
        from sincerity.cli.show import document

        print(document("build", name=society.name, seed=seed, built=[one._asdict() for one in found]))
        return
    heads = ("people", "seconds", "ns a person", "bytes", "bytes a person")
    printed = _table(*heads, right=heads)
    for one in found:
        each = (f"{1e9 * one.seconds / one.people:,.0f}", f"{one.bytes:,}", f"{one.bytes / one.people:.2f}")
        printed.add_row(f"{one.people:,}", f"{one.seconds:.2f}", *each)
    printer = wide_console()
    printer.print(f"{society.title}: to build people, households, ties and firms, on one thread of this machine.\n")
    printer.print(printed)
    print("\nBytes: kept once for all worlds. What a world keeps beside them: sincerity plan.")


def _told(society: Society, found: list[Marginal]) -> Iterator[dict[str, Any]]:
    for m in found:
        yield {
            "name": m.name,
            "exact": m.exact,
            "largest": m.largest,
            "chi_square": m.chi_square,
            "sources": sources(society, m),
            "groups": [
                {"group": group, "wanted": float(wanted), "made": int(made)}
                for group, wanted, made in zip(m.groups, m.wanted, m.made, strict=True)
            ],
        }


def sources(society: Society, marginal: Marginal) -> list[str]:
    """Where the published figures behind a marginal are from: titles, or `assumed`, each once."""
    from sincerity.declare.figures import each_figure

    figures = dict(each_figure(society, ""))
    keys = dict.fromkeys(figures[f".{path}"].source for path in marginal.sources)
    return [f"{society.sources[key].title}" if key in society.sources else key for key in keys]


def _firms(society: Society, people: int) -> Printed:
    """The firms of so many people, a line a size class."""
    from sincerity.people import firms

    heads = ("class of firms", "people each", "firms", "mean", "largest")
    printed = _table(*heads, right=heads[1:])
    for row in firms.by_class(firms.declared(society, people)):
        bounds = f"{row.least:,}–{row.most:,}" if society.firms.sizes[row.name].most else f"{row.least:,} and more"
        mean = f"{row.people / row.firms:,.1f}" if row.firms else ""
        printed.add_row(row.name, bounds, f"{row.firms:,}", mean, f"{row.largest:,}")
    return printed


def _summary(society: Society, found: list[Marginal]) -> Printed:
    heads = ("marginal", "groups", "largest difference", "chi-square", "kept by", "source")
    printed = _table(*heads, right=heads[1:4])
    for m in found:
        kept = "quota" if m.exact else KEPT.get(m.name, "drawn")
        told = "; ".join(sources(society, m)) or "by definition"
        printed.add_row(m.name, str(len(m.groups)), f"{m.largest:.2f}", f"{m.chi_square:.3f}", kept, told)
    return printed


def _groups(marginal: Marginal, people: int) -> Printed:
    from sincerity.people.published import FIRMS

    heads = ("group", "stated %", "made %", "difference, people")
    printed = _table(*heads, right=heads[1:])
    whole = marginal.wanted.sum() if marginal.name in ("households", FIRMS) else people
    for group, wanted, made in zip(marginal.groups, marginal.wanted, marginal.made, strict=True):
        shares = (f"{100 * count / whole:.3f}" for count in (wanted, made))
        printed.add_row(group, *shares, f"{made - wanted:+.2f}")
    return printed


# ---- check --------------------------------------------------------------------------------------------------------


@app.command()
def check(files: Annotated[list[str], typer.Argument(metavar="SOCIETY", help="Names or files.")]) -> None:
    """Say all that is wrong with a society's file and tables, or what it states itself and what it takes over."""
    from sincerity.declare.catalogue import checked_society

    for name in files:
        try:
            tree, society = checked_society(name)
        except BadInput as error:
            raise BadInput([*error.problems, *_advice(name, error)]) from None
        print("\n".join(check_lines(tree, society)))


def _advice(name: str, error: BadInput) -> list[Problem]:
    """What to do first where much of a society is missing, and it takes over nothing from another."""
    lacking = sum("missing" in problem.message or "no such file" in problem.message for problem in error.problems)
    try:
        extends = any(line.startswith("extends:") for line in Path(name).read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        extends = True
    if not lacking or extends:
        return []
    told = "this is no whole society yet"
    return [Problem(f"society {name}", 0, 0, told, "`extends: usa-2020` and what differs; or: society new NAME")]


def check_lines(tree: Table, society: Society) -> list[str]:
    """What a society in order states, section by section, and what it takes over from another."""
    told = row(society)
    from_where = {key: origins(node) for key, node in tree.entries.items()}
    own = society.name
    lines = [
        f"{own}: file and tables are in order; {told['adults']:,} adults in {told['regions']} regions, "
        f"{told['figures']['total']} figures, {told['figures']['assumed']} of them assumed.",
    ]
    home = tree.entries["name"].place.source.path
    if home is not None and society.folder != home.parent:
        lines.append(f"  the tables are those of {society.folder.name}: nobody of {own} is counted yet.")
    elif home is not None:
        bases = {path.parent for counts in from_where.values() for path in counts} - {home.parent}
        same = [name for name in COUNTED if any(alike(society.folder / name, base / name) for base in bases)]
        if same:
            verb = "is" if len(same) == 1 else "are"
            lines.append(f"  {' and '.join(same)} {verb} still what was copied: nobody of {own} is counted there yet.")
    counted = sum(sum(map(sum, groups)) for groups in society.tables().ages.values())
    if abs(counted - society.population.people.value) > counted // 100:
        stated = f"population.people says {society.population.people.value:,}"
        lines.append(f"  age_sex.csv counts {counted:,} people, and {stated}: adults are those of the table.")
    for section, counts in from_where.items():
        if counts and home is not None:
            mine = counts.pop(home, 0)
            taken = [f"{many} from {path.parent.name}" for path, many in counts.items()]
            lines.append(f"  {section}: {mine} stated here{''.join(f', {part}' for part in taken)}")
    return lines


def alike(one: Path, other: Path) -> bool:
    """Whether two tables say the same; False where one of them is not there."""
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def origins(node: Node) -> Counter[Path]:
    """How many figures below a node were written in which file."""
    from sincerity.declare.tree import Table

    found: Counter[Path] = Counter()
    if isinstance(node, Table):
        number = next((node.entries[key] for key in NUMBERS if key in node.entries), None)
        if number is not None and number.place.source.path is not None:
            found[number.place.source.path] += 1
        for inner in node.entries.values():
            found += origins(inner)
    return found


# ---- new ----------------------------------------------------------------------------------------------------------


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.", show_default=False)],
    extends: Annotated[str, typer.Option("--extends", metavar="SOCIETY", help="What it takes over.")] = "usa-2020",
    folder: Annotated[Path, typer.Option("--folder", metavar="FOLDER", help="Where the folder NAME is made.")] = Path(),
) -> None:
    """Make a folder to write a society in: a file that states differences, and tables to replace."""
    made = start_folder(name, extends, folder)
    file = made / "society.yaml"
    print(f"written: {made}\nnext:    replace the rows of regions.csv and age_sex.csv, then what society.yaml lists")
    print(f"         {program()} society check {file}\n         {program()} society show {file}")


def start_folder(name: str, base: str, folder: Path) -> Path:
    """Make the folder of a society that extends another, with its tables to begin with. BadInput if it exists."""
    from sincerity.declare import catalogue
    from sincerity.declare.tables import AGE_SEX, DEPENDENCE, REGIONS

    _, society = catalogue.checked_society(base)
    catalogue.must_be_new("society", name)
    made = folder / name
    try:
        made.mkdir(parents=True)
        (made / "society.yaml").write_text(start_text(name, base, society), encoding="utf-8")
        for table_name in (REGIONS, AGE_SEX, DEPENDENCE):
            shutil.copyfile(society.folder / table_name, made / table_name)
    except FileExistsError:
        raise BadInput(
            [Problem(str(made), 0, 0, "the folder is there, and is not overwritten", "another name")]
        ) from None
    except OSError as error:
        raise BadInput([Problem(str(made), 0, 0, f"cannot be written: {error.strerror}")]) from None
    return made


def start_text(name: str, base: str, society: Society) -> str:
    """A society that differs in nothing yet, with what to replace first in comments, in the order of what matters."""
    living, owe = society.population, society.obligations
    sizes = ", ".join(map(str, living.household_sizes.values))
    about = "date: 2026, source: assumed, low: …, high: …"
    return f"""# A society of its own: state what differs from {base}, and nothing else.
# A figure that changes says anew where it is from: a key of `sources`, or `assumed` with `low` and `high`.
# 1. regions.csv: a row a region.   2. age_sex.csv: who lives there.   3. the lines below, without their '# '.
name: {name}
extends: {base}
title: {name}
place: {name}
reference_year: {society.reference_year}

# sources:
#   office: {{title: "Who published it, what, which table", date: 2021}}
# population:
#   people: {{value: {living.people.value}, unit: people, date: 2021, source: office}}
#   household_sizes: {{values: [{sizes}], {about}}}
#   minority: {{value: {living.minority.value}, {about}}}
#   owners: {{value: {living.owners.value}, {about}}}
#   tables:
#     age_sex: {{unit: people, date: 2021, source: office}}
# livelihood: surplus, job_loss and job_finding say how people get by
# obligations:
#   loans_at_start: {{value: {owe.loans_at_start.value}, {about}}}
# law: what banks, courts, employers and police do in every world
"""
