"""The tables of a society beside its society.yaml: regions.csv, age_sex.csv and dependence.csv, checked all at once.

regions.csv: a row a region: `region`; `urban` and `minority`, percent of residents; schooling, either `college`,
`senior` and `junior` per 100,000 residents of all ages (the shares of minors in dependence.csv are taken out), or
`adults_college`, `adults_senior` and `adults_junior`, percent of adults. What no column holds went to primary school
or to none. Levels are those of ISCED: 5-8, 3-4, 2, 0-1. A column whose name ends in `_from` is a remark.
age_sex.csv: `region`, `age`, `men`, `women`: people by five-year age group. Where it has one region, `all`, regions.csv
needs `people` and may have `over_64`, percent of residents: the whole is shared out by them.
dependence.csv: how traits hang together: `trait`, `given`, `group`, `unit`, `value`, `low`, `high`, and, if it is not
assumed, `source`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sincerity.declare.base import listed, number
from sincerity.declare.figures import Figure
from sincerity.declare.problems import Problem, closest
from sincerity.declare.tree import Place, Source, name_of_file
from sincerity.declare.vocabulary import AGE_BANDS, AGE_GROUPS, EDUCATIONS, OWN_SOURCES

if TYPE_CHECKING:
    from sincerity.declare.society import Society

REGIONS, AGE_SEX, DEPENDENCE = "regions.csv", "age_sex.csv", "dependence.csv"
MOST_REGIONS = 32
"""As many as a person's packed traits can number."""
MOST_ROWS = 10_000
EVERYWHERE = "all"
SHARES = ("urban", "minority")
SEXES = ("women", "men")
"""In the order in which ages are kept."""
OF_ALL = ("college", "senior", "junior")
OF_ADULTS = ("adults_college", "adults_senior", "adults_junior")
MINORS = (("junior", "age", "10-14"), ("junior", "age", "15-17"), ("senior", "age", "15-17"))
"""Shares of minors who hold or attend a level: needed where schooling is counted over all ages."""
NEEDED = (
    *(("urban", "age", band) for band in AGE_BANDS),
    ("education", "sex", "men"),
    *(("owner", "age", band) for band in AGE_BANDS),
    ("owner", "sex", "men"),
    *(("official", "education", level) for level in EDUCATIONS),
    ("channels", "channels", "any two"),
)
"""The dependences that every society states, as (trait, given, group)."""
KNOWN = (*NEEDED, *MINORS, ("primary", "age", "5-9"), ("primary", "age", "10-14"))
"""All that dependence.csv may state."""
REMARK = "_from"
COLUMNS = {
    REGIONS: ("region", *SHARES, *OF_ALL, "primary", *OF_ADULTS, "people", "over_64"),
    AGE_SEX: ("region", "age", "men", "women"),
    DEPENDENCE: ("trait", "given", "group", "unit", "value", "low", "high", "source"),
}
UNITS = {"share": (0, 1), "odds": (0, None), "odds a step": (0, None), "correlation": (0, 1)}
MOST_PERCENT, MOST_OF_ALL = 100, 100_000

Key = tuple[str, str, str]
Line = tuple[Place, dict[str, str]]


@dataclass(frozen=True)
class Tables:
    """What the three tables say. `columns`: those of regions.csv that are used, by name, in the order of the regions.

    ages: region, or `all`, -> (women, men) of each of the 21 age groups; dependence: (trait, given, group) -> figure.
    """

    regions: tuple[str, ...]
    columns: dict[str, tuple[Decimal, ...]]
    ages: dict[str, tuple[tuple[int, int], ...]]
    dependence: dict[Key, Figure]

    @property
    def used(self) -> tuple[str, ...]:
        """The tables and columns that are figures of the society and say their source under `population.tables`."""
        return ("age_sex", *self.columns)

    @property
    def of_adults(self) -> bool:
        """Whether schooling is counted over adults."""
        return OF_ADULTS[0] in self.columns


def read(society: Society, problems: list[Problem]) -> Tables | None:
    """Return the tables of a society's folder; None, with all problems appended, where something is wrong."""
    before = len(problems)
    date = str(society.population.people.date)
    tables = read_folder(society.folder, problems, date, (*society.sources, *OWN_SOURCES))
    if tables is not None:
        _sourced(society, tables, problems)
        tables = _set_by_hand(society, tables, problems)
    return tables if len(problems) == before else None


def read_folder(
    folder: Path, problems: list[Problem], date: str = "", sources: tuple[str, ...] | None = None
) -> Tables | None:
    """Return the tables of a folder; None, with all problems appended. Without `sources` their names are not judged."""
    before = len(problems)
    names, columns = _regions(folder / REGIONS, problems)
    ages = _ages(folder / AGE_SEX, names, problems)
    dependence = _dependence(folder / DEPENDENCE, date, sources, problems)
    if len(problems) == before:
        _fit(folder, names, columns, ages, dependence, problems)
    return Tables(names, columns, ages, dependence) if len(problems) == before else None


def _lines(path: Path, needed: Iterable[str], problems: list[Problem]) -> list[Line]:
    """The rows of a table with their places; the file and its head are checked."""
    shown = name_of_file(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        problems.append(Problem(shown, 0, 0, f"the table cannot be read: {str(reason).lower()}", _purpose(path.name)))
        return []
    lines = tuple(text.splitlines())
    source = Source(shown, lines, path=path)
    kept = [(count, line) for count, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    if not kept:
        problems.append(Problem(shown, 0, 0, "the table is empty", _purpose(path.name)))
        return []
    head = [name.strip() for name in next(csv.reader([kept[0][1]]))]
    place = Place(source, kept[0][0], 1)
    missing = [name for name in needed if name not in head]
    strange = [name for name in head if name not in COLUMNS[path.name] and not name.endswith(REMARK)]
    if len(head) > 1:
        for name in strange:
            near = closest(name, missing or COLUMNS[path.name])
            expected = "" if near else f"one of {listed(COLUMNS[path.name])}, or a remark: NAME{REMARK}"
            problems.append(place.problem(f"unknown column `{name}`", expected, f"`{near}`" if near else ""))
            missing = [other for other in missing if other != near]
    if missing:
        commas = "commas between the columns" if len(head) == 1 else ""
        problems.append(place.problem(f"the column {listed(missing)} is missing", commas or _purpose(path.name)))
    if missing or strange:
        return []
    found: list[Line] = []
    for count, line in kept[1 : MOST_ROWS + 1]:
        cells = next(csv.reader([line]))
        if len(cells) != len(head):
            told = f"{len(cells)} entries under {len(head)} columns"
            problems.append(Place(source, count, 1).problem(told, f"{len(head)} entries"))
            continue
        row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
        found.append((Place(source, count, 1), row))
    return found


def _purpose(name: str) -> str:
    """What a table is for, in a sentence for somebody who has none yet."""
    return {
        REGIONS: "a row for each region: region,urban,minority,adults_college,adults_senior,adults_junior (percent)",
        AGE_SEX: "people by region, age group (0-4, 5-9 … 100+) and sex: region,age,men,women",
        DEPENDENCE: "how traits hang together: trait,given,group,unit,value,low,high; copy another society's to begin",
    }[name]


def _number(line: Line, column: str, least: int, most: int | None, problems: list[Problem]) -> Decimal:
    """The number in a cell; 0, with the problem appended, if it is none or outside its range."""
    from pydantic_core import PydanticCustomError

    place, row = line
    try:
        given = number(row[column])
    except PydanticCustomError as error:
        problems.append(place.problem(f"{column}: {(error.context or {})['said']}", "a number such as 12.5"))
        return Decimal(0)
    if given < least or (most is not None and given > most):
        problems.append(
            place.problem(f"{column}: {given} is out of range", f"{least} to {most}" if most else "0 or more")
        )
        return Decimal(0)
    return given


def _regions(path: Path, problems: list[Problem]) -> tuple[tuple[str, ...], dict[str, tuple[Decimal, ...]]]:
    lines = _lines(path, ("region", *SHARES), problems)
    if not lines:
        return (), {}
    names: list[str] = []
    for place, row in lines:
        if row["region"] in names:
            problems.append(place.problem(f"`{row['region']}` is given twice", "a row a region"))
        elif row["region"] in ("", EVERYWHERE):
            problems.append(place.problem(f"`{row['region']}` is no name for a region", "a name of its own, not `all`"))
        names.append(row["region"])
    if len(names) > MOST_REGIONS:
        problems.append(lines[MOST_REGIONS][0].problem(f"{len(names)} regions", f"at most {MOST_REGIONS}"))
    head = lines[0][1]
    schooling = next((kind for kind in (OF_ADULTS, OF_ALL) if all(name in head for name in kind)), ())
    if not schooling:
        lacks = f"schooling is missing: {', '.join(OF_ADULTS)}, or {', '.join(OF_ALL)}"
        problems.append(Problem(name_of_file(path), 0, 0, lacks, "percent of adults, or people per 100,000 residents"))
    level = MOST_PERCENT if schooling == OF_ADULTS else MOST_OF_ALL
    columns: dict[str, int | None] = {**dict.fromkeys(SHARES, MOST_PERCENT), **dict.fromkeys(schooling, level)}
    columns |= {"people": None} if "people" in head else {}
    columns |= {"over_64": MOST_PERCENT} if "over_64" in head else {}
    found = {name: tuple(_number(line, name, 0, most, problems) for line in lines) for name, most in columns.items()}
    for at, line in enumerate(lines):
        if schooling and sum(found[name][at] for name in schooling) > level:
            problems.append(line[0].problem("more schooling than people", f"levels that sum to {level:,} at most"))
    return tuple(names), found


def _ages(path: Path, regions: tuple[str, ...], problems: list[Problem]) -> dict[str, tuple[tuple[int, int], ...]]:
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    known = (*regions, EVERYWHERE)
    before = len(problems)
    for line in _lines(path, ("region", "age", "men", "women"), problems):
        place, row = line
        if regions and row["region"] not in known:
            near = closest(row["region"], known)
            hint = f"`{near}`" if near else ""
            problems.append(place.problem(f"`{row['region']}` is not in {REGIONS}", "", hint))
        if row["age"] not in AGE_GROUPS:
            problems.append(place.problem(f"`{row['age']}` is no age group", "0-4, 5-9, … 95-99 or 100+"))
        if (row["region"], row["age"]) in counted:
            problems.append(place.problem(f"{row['region']}, {row['age']} is given twice"))
        pair = tuple(_number(line, sex, 0, None, problems) for sex in ("women", "men"))
        if any(value != value.to_integral_value() for value in pair):
            problems.append(place.problem("these are counts of people", "whole numbers"))
        counted[row["region"], row["age"]] = int(pair[0]), int(pair[1])
    there = list(dict.fromkeys(region for region, _ in counted))
    found = {region: tuple(counted.get((region, age), (0, 0)) for age in AGE_GROUPS) for region in there}
    if len(problems) > before:  # a row that is wrong is missed elsewhere: that is told once
        return found
    shown = name_of_file(path)
    if EVERYWHERE in there and len(there) > 1:
        problems.append(Problem(shown, 0, 0, "`all` stands beside regions", "either `all` alone, or every region"))
    for region in (EVERYWHERE,) if EVERYWHERE in there else regions if counted else ():
        missing = [age for age in AGE_GROUPS if (region, age) not in counted]
        if missing:
            problems.append(Problem(shown, 0, 0, f"{region} has nobody of {listed(missing)}", "every age group, 0 too"))
    return found


def _dependence(path: Path, date: str, sources: tuple[str, ...] | None, problems: list[Problem]) -> dict[Key, Figure]:
    found: dict[Key, Figure] = {}
    for line in _lines(path, ("trait", "given", "group", "unit", "value"), problems):
        place, row = line
        key = (row["trait"], row["given"], row["group"])
        source = row.get("source") or "assumed"
        if key not in KNOWN:
            rows = {" ".join(one): one for one in KNOWN}
            near = closest(" ".join(key), rows)
            expected = "" if near else f"one of {'; '.join(rows)}"
            hint = f"`{','.join(rows[near])}`" if near else ""
            problems.append(place.problem(f"`{','.join(key)}` is no dependence", expected, hint))
            continue
        if sources is not None and source not in sources:
            problems.append(
                place.problem(f"source `{source}` is not declared under `sources`", "such a key, or nothing")
            )
        if row["unit"] not in UNITS:
            problems.append(place.problem(f"`{row['unit']}` is no unit here", f"one of {listed(UNITS)}"))
            continue
        if key in found:
            problems.append(place.problem(f"{', '.join(key)} is given twice"))
        least, most = UNITS[row["unit"]]
        value = _number(line, "value", least, most, problems)
        if source == "assumed" and not (row.get("low") and row.get("high")):
            problems.append(place.problem("an assumed figure needs a range", "`low` and `high` beside the value"))
            continue
        ends = {end: _number(line, end, least, most, problems) for end in ("low", "high") if row.get(end)}
        if not ends.get("low", value) <= value <= ends.get("high", value):
            problems.append(place.problem(f"{value} is not inside its range", "low ≤ value ≤ high"))
        unit = f"share of minors aged {row['group']}" if row["unit"] == "share" else row["unit"]
        found[key] = Figure.model_construct(
            value=value, unit=unit, date=date, source=source, low=ends.get("low"), high=ends.get("high")
        )
    return found


def _fit(
    folder: Path,
    regions: tuple[str, ...],
    columns: dict[str, tuple[Decimal, ...]],
    ages: dict[str, tuple[tuple[int, int], ...]],
    dependence: dict[Key, Figure],
    problems: list[Problem],
) -> None:
    """Problems between the tables."""
    if EVERYWHERE in ages and "people" not in columns:
        told = f"{AGE_SEX} counts the whole society, so {REGIONS} must say how many live where"
        problems.append(Problem(name_of_file(folder / REGIONS), 0, 0, told, "a column `people`"))
    needed = NEEDED if OF_ADULTS[0] in columns else (*NEEDED, *MINORS)
    missing = [" ".join(key) for key in needed if key not in dependence]
    if missing:
        rows = "the row" if len(missing) == 1 else "the rows"
        told = f"{rows} {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        problems.append(Problem(name_of_file(folder / DEPENDENCE), 0, 0, told, "trait,given,group,unit,value,low,high"))
    empty = [name for name in regions if EVERYWHERE not in ages and not any(map(any, ages[name][4:]))]
    if empty or (EVERYWHERE in ages and not all(columns.get("people", (1,)))):
        told = f"nobody lives in {listed(empty) or 'some region'}"
        problems.append(Problem(name_of_file(folder / AGE_SEX), 0, 0, told, "adults in every region"))


def _sourced(society: Society, tables: Tables, problems: list[Problem]) -> None:
    """Each table and column that is used says where it is from."""
    said = society.population.tables
    missing = [f"`{name}`" for name in tables.used if name not in said]
    if missing:
        told = f"nothing says where {', '.join(missing)} of the tables {'is' if len(missing) == 1 else 'are'} from"
        where = "under `population.tables`, NAME: {unit: …, date: …, source: …}"
        problems.append(Problem(f"society {society.name}", 0, 0, told, where))
    idle = [f"`{name}`" for name in said if name not in tables.used]
    if idle:
        told = f"`population.tables` speaks of {', '.join(idle)}, and no table has it"
        problems.append(Problem(f"society {society.name}", 0, 0, told, "such a column, or `NAME: null`"))


def _set_by_hand(society: Society, tables: Tables, problems: list[Problem]) -> Tables:
    """The tables with the numbers that `population.by_hand` puts in the place of theirs."""
    given = society.population.by_hand
    if not given:
        return tables
    columns = {name: list(values) for name, values in tables.columns.items()}
    ages = {name: [list(pair) for pair in groups] for name, groups in tables.ages.items()}
    dependence = dict(tables.dependence)
    places: dict[str, tuple[str, ...]] = {
        **{f"tables.{name}.{region}": (name, region) for name in columns for region in tables.regions},
        **{
            f"tables.age_sex.{region}.{age}.{sex}": ("age_sex", region, age, sex)
            for region in ages
            for age in AGE_GROUPS
            for sex in SEXES
        },
        **{f"dependence.{'.'.join(key)}": ("dependence", *key) for key in dependence},
    }
    for path, value in given.items():
        where = f"society {society.name}"
        place = places.get(path)
        if place is None:
            near = closest(path, places)
            hint = f"`society.population.{near}`" if near else ""
            problems.append(Problem(where, 0, 0, f"no table has `society.population.{path}`", "", hint))
            continue
        least, most = _range(place, dependence)
        whole = place[0] != "age_sex" or value == value.to_integral_value()
        if value < least or (most is not None and value > most) or not whole:
            expected = (f"{least} to {most}" if most else f"{least} or more") + ("" if whole else ", whole numbers")
            problems.append(Problem(where, 0, 0, f"society.population.{path}: {value} is out of range", expected))
        elif place[0] == "age_sex":
            ages[place[1]][AGE_GROUPS.index(place[2])][SEXES.index(place[3])] = int(value)
        elif place[0] == "dependence":
            key = (place[1], place[2], place[3])
            old = dependence[key]
            dependence[key] = Figure.model_construct(
                value=value, unit=old.unit, date=old.date, source="set by hand", low=None, high=None
            )
        else:
            columns[place[0]][tables.regions.index(place[1])] = value
    return Tables(
        tables.regions,
        {name: tuple(values) for name, values in columns.items()},
        {name: tuple((pair[0], pair[1]) for pair in groups) for name, groups in ages.items()},
        dependence,
    )


def _range(place: tuple[str, ...], dependence: dict[Key, Figure]) -> tuple[int, int | None]:
    """The range of a number at a place of the tables."""
    if place[0] == "dependence":
        unit = dependence[place[1], place[2], place[3]].unit
        return next(ends for name, ends in UNITS.items() if unit.startswith(name))
    if place[0] in ("age_sex", "people"):
        return 0, None
    return 0, MOST_OF_ALL if place[0] in OF_ALL else MOST_PERCENT
