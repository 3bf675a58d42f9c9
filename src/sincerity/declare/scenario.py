"""A scenario: a society, the regimes put into force over it, how many people, from when, how long, and which seeds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sincerity.declare.catalogue import name_in, regime_from, society_from, tables_of, tree_of
from sincerity.declare.dates import Month
from sincerity.declare.emit import emit, plant
from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.declare.settings import Setting, apply, parse
from sincerity.declare.tree import Leaf, Row, Table, read_table

if TYPE_CHECKING:
    from sincerity.declare.figures import Figure, Figures
    from sincerity.declare.regime import Regime
    from sincerity.declare.society import Society

__all__ = ["Month", "Scenario", "read", "scenario"]

FEWEST_PEOPLE, MOST_PEOPLE = 1_000, 2**31
MOST_YEARS, LONG_YEARS = 100, 10
MOST_SEEDS, LAST_SEED = 1_000, 2**32 - 1
SCALES = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9}
USUAL_SEEDS, ONE_SEED, LARGE = 3, 1, 10_000_000
"""Seeds if nobody says how many: one of more people than `LARGE`, where chance moves little and a seed takes long."""
RUN = ("people", "start", "years", "seed", "seeds")


@dataclass(frozen=True)
class Scenario:
    """What a study lives through. `people` invented adults, `months` from `start` on, once for each of `seeds`."""

    society: Society
    regimes: tuple[Regime, ...]
    people: int
    start: Month
    months: int
    seeds: tuple[int, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def figures(self) -> list[tuple[str, Figure | Figures]]:
        """Return every figure behind the scenario, as (dotted path, figure). A list (by decile, by age) is one figure.

        Paths begin with `society` or a regime's name. Each number of a compact row (an act, a channel) is a figure with
        the row's source; the row's factors `low` and `high` are already applied to it.
        """
        from sincerity.declare.figures import each_figure

        found = list(each_figure(self.society, "society"))
        for regime in self.regimes:
            found.extend(each_figure(regime, regime.name))
        return found

    def assumed(self) -> list[tuple[str, Figure | Figures]]:
        """Return the figures that nobody has measured."""
        return [(path, figure) for path, figure in self.figures() if figure.assumed]

    def resolved(self) -> str:
        """Return the scenario as one YAML text: `extends` and settings resolved. `read` gives the scenario back."""
        run: dict[str, Any] = {
            "people": self.people,
            "start": str(self.start),
            "months": self.months,
            "seeds": list(self.seeds),
        }
        return emit(
            {
                "run": run,
                "regimes": [regime.model_dump(exclude_none=True, exclude_defaults=True) for regime in self.regimes],
                "society": self.society.model_dump(exclude_none=True, exclude_defaults=True),
            }
        )


def scenario(
    regimes: str | Sequence[str],
    society: str = "china-2020",
    people: int | str = "100k",
    start: str | Month = "2014-06",
    years: int | str = 8,
    seed: int | str = 1,
    seeds: int | str = 3,
    settings: Iterable[str] = (),
) -> Scenario:
    """Return the scenario that these names, numbers and settings declare.

    Args:
        regimes: names or files, each once; the first is what the others are compared with.
        society: a name or a file.
        people: 1,000 to 2,147,483,648; '10k', '1m' and '1.3e9' too; 'full' is the society's number of adults.
        start: the first month, such as '2014-06'.
        years: 1 to 100 (twelve months each); beyond ten, `warnings` says so.
        seed: the first seed, 0 to 4,294,967,295.
        seeds: how many seeds from the first on, 1 to 1,000; '' is three, and one above ten million people.
        settings: 'path=value'; a path begins with a regime's name, `society` or `run`; else it is for every regime that
            has it.

    Raises:
        BadInput: with all problems of all files, options and settings.
    """
    problems: list[Problem] = []
    regimes = [regimes] if isinstance(regimes, str) else regimes
    parsed = [setting for text in settings if (setting := parse(text, problems)) is not None]
    run: dict[str, Any] = {"people": people, "start": start, "years": years, "seed": seed, "seeds": seeds}
    files = {option: f"--{option}" for option in run}
    _apply_to_run([s for s in parsed if s.head == "run"], run, files, problems)
    names, trees = _trees(regimes, society, problems)
    folder = tables_of(trees["society"]) if "society" in trees else None
    trees = apply([s for s in parsed if s.head != "run"], trees, problems) if trees else trees
    built = [regime_from(trees[name], problems) for name in names]
    home = society_from(trees["society"], folder, problems) if "society" in trees else None
    count = _people(run["people"], home, files["people"], problems)
    first = _start(run["start"], files["start"], problems)
    length = _whole(run["years"], 1, MOST_YEARS, files["years"], problems) * 12
    low_seed = _whole(run["seed"], 0, LAST_SEED, files["seed"], problems)
    usual = ONE_SEED if count > LARGE else USUAL_SEEDS
    many = _whole(run["seeds"] if str(run["seeds"]) else usual, 1, MOST_SEEDS, files["seeds"], problems)
    if low_seed + many - 1 > LAST_SEED:
        problems.append(Problem(files["seed"], 0, 0, f"the last seed would be above {LAST_SEED}"))
    if home is not None and not problems:
        home.tables()
    if problems or home is None or first is None:
        raise BadInput(problems)
    whole = tuple(regime for regime in built if regime is not None)
    every_seed = tuple(range(low_seed, low_seed + many))
    return Scenario(home, whole, count, first, length, every_seed, _warnings(home, whole, count, first, length))


def read(text: str) -> Scenario:
    """Return the scenario of a text that `Scenario.resolved` wrote. BadInput if it is none.

    The population tables are those of the catalogue's society of that name; those of other societies are not found.
    """
    problems: list[Problem] = []
    tree = read_table(text, "scenario.yaml", problems)
    if tree is None:
        raise BadInput(problems)
    return _grown(tree, problems)


def rebuild(data: dict[str, Any]) -> Scenario:
    """Return the scenario of plain values, as `Scenario.resolved` would write them. BadInput if they are none."""
    tree = plant(data, "scenario.yaml")
    assert isinstance(tree, Table)
    return _grown(tree, [])


def _grown(tree: Table, problems: list[Problem]) -> Scenario:
    """The scenario of a resolved tree; BadInput with these problems and its own."""
    run, rows, home = (tree.entries.get(key) for key in ("run", "regimes", "society"))
    if not (isinstance(run, Table) and isinstance(rows, Row) and isinstance(home, Table)):
        raise BadInput([tree.place.problem("this is no resolved scenario", "the sections run, regimes and society")])
    regimes = [regime_from(row, problems) for row in rows.items if isinstance(row, Table)]
    name = home.entries.get("name")
    society = society_from(home, tables_of(home, name.text if isinstance(name, Leaf) else ""), problems)
    values = {key: node.text for key, node in run.entries.items() if isinstance(node, Leaf)}
    seeds = run.entries.get("seeds")
    texts = [node.text for node in seeds.items if isinstance(node, Leaf)] if isinstance(seeds, Row) else []
    people = _people(values.get("people", ""), society, "run.people", problems)
    start = _start(values.get("start", ""), "run.start", problems)
    months = _whole(values.get("months", ""), 1, MOST_YEARS * 12, "run.months", problems)
    numbers = tuple(_whole(text, 0, LAST_SEED, "run.seeds", problems) for text in texts)
    if problems or society is None or start is None or not regimes or not numbers:
        raise BadInput(problems or [tree.place.problem("this is no resolved scenario", "regimes and seeds")])
    whole = tuple(regime for regime in regimes if regime is not None)
    return Scenario(society, whole, people, start, months, numbers, _warnings(society, whole, people, start, months))


def _trees(regimes: Sequence[str], society: str, problems: list[Problem]) -> tuple[list[str], dict[str, Table]]:
    """Return the names of the regimes in order, and the trees that could be read, the society's as 'society'."""
    trees: dict[str, Table] = {}
    names: list[str] = []
    if not regimes:
        problems.append(Problem("regimes", 0, 0, "no regime is named", "at least one, such as none"))
    for given in regimes:
        tree = tree_of("regime", given, problems)
        if tree is None:
            continue
        name = name_in(tree, given)
        if name in trees:
            problems.append(Problem(f"regime {given}", 0, 0, f"two regimes are called `{name}`", "each regime once"))
            continue
        trees[name] = tree
        names.append(name)
    home = tree_of("society", society, problems)
    if home is not None:
        trees["society"] = home
    return names, trees


def _apply_to_run(settings: list[Setting], run: dict[str, Any], files: dict[str, str], problems: list[Problem]) -> None:
    for setting in settings:
        if setting.tail not in RUN:
            near = closest(setting.tail, RUN)
            expected = "" if near else "run." + ", run.".join(RUN)
            message = f"nothing has the path `{setting.path}`"
            problems.append(setting.place.problem(message, expected, f"`run.{near}`" if near else ""))
        else:
            run[setting.tail] = setting.text
            files[setting.tail] = f"--set {setting.path}"


def _people(given: int | str, society: Society | None, file: str, problems: list[Problem]) -> int:
    """Return a number of people; 0, with the problem appended, for anything else."""
    bounds = f"{FEWEST_PEOPLE:,} to {MOST_PEOPLE:,}: 10k, 1m, 1.3e9 or full"
    text = str(given).strip().lower().replace(",", "").replace("_", "")
    found = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,12})?(?:e\+?[0-9]{1,2})?)(k|m|bn|)", text)
    if text == "full":
        number = _adults(society, file, problems)
    elif found and not isinstance(given, bool):
        number = Decimal(found[1]) * SCALES[found[2]]
    else:
        problems.append(Problem(file, 0, 0, f"`{str(given)[:40]}` is no number of people", bounds))
        return 0
    if number is None:
        return 0
    if not FEWEST_PEOPLE <= number <= MOST_PEOPLE:
        few = "few" if number < FEWEST_PEOPLE else "many"
        shown = f"{number:,}" if text == "full" else str(given)[:40]
        problems.append(Problem(file, 0, 0, f"{shown} people are too {few}", bounds))
        return 0
    return int(number)


def people_typed(given: int | str, option: str) -> int:
    """A number of people as typed: 10k, 1m, 1.3e9; BadInput, naming the option, for anything else."""
    problems: list[Problem] = []
    number = _people(given, None, option, problems)
    if problems or not number:
        bounds = f"{FEWEST_PEOPLE:,} to {MOST_PEOPLE:,}: 10k, 1m, 1.3e9"
        raise BadInput(problems or [Problem(option, 0, 0, f"`{str(given)[:40]}` is no number of people", bounds)])
    return number


def _adults(society: Society | None, file: str, problems: list[Problem]) -> Decimal | None:
    """Return how many adults a society has; None if that cannot be counted."""
    if society is None:  # its own problems are reported
        return None
    try:
        return Decimal(society.adults)
    except (OSError, ValueError) as error:
        message = f"the adults of {society.name} cannot be counted: {error}"
        problems.append(Problem(file, 0, 0, message, "a number of people"))
        return None


def _start(given: str | Month, file: str, problems: list[Problem]) -> Month | None:
    try:
        return Month.parse(str(given))
    except ValueError:
        problems.append(Problem(file, 0, 0, f"`{str(given)[:40]}` is no month", "year and month, such as 2014-06"))
        return None


def _whole(given: int | str, low: int, high: int, file: str, problems: list[Problem]) -> int:
    """Return a whole number from low to high; `low`, with the problem appended, for anything else."""
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
        problems.append(
            Problem(file, 0, 0, f"`{text[:40]}` is not possible here", f"a whole number from {low} to {high:,}")
        )
        return low
    return int(text)


def _warnings(society: Society, regimes: tuple[Regime, ...], people: int, start: Month, months: int) -> tuple[str, ...]:
    warnings = []
    if people > Decimal(society.adults):
        warnings.append(
            f"{people:,} people are more than the {society.adults:,} adults of {society.name}: a size test."
        )
    if months > LONG_YEARS * 12:
        warnings.append(f"{months // 12} years: nothing behind this model was measured over more than {LONG_YEARS}.")
    last = start + (months - 1)
    for regime in regimes:
        if regime.phases and regime.phases[0].from_ > last:
            warnings.append(
                f"{regime.name} begins in {regime.phases[0].from_}, after the last month of the run ({last})."
            )
    return tuple(warnings)
