"""Settings: `--set path=value`, addressed to a regime, to the society or to the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any, Union, get_args, get_origin

from sincerity.declare.problems import Problem, closest
from sincerity.declare.tree import Node, Place, Source, Table, read_node

OPTION = "--set"
OF_TABLES = ("population.tables.", "population.dependence.")
"""How the path of a number begins that stands in a table beside society.yaml."""


@dataclass(frozen=True)
class Setting:
    """A path, the value given for it, and where it was given."""

    path: str
    node: Node
    place: Place
    text: str  # the value as it was written

    @property
    def head(self) -> str:
        """The first step of the path."""
        return self.path.split(".", 1)[0]

    @property
    def tail(self) -> str:
        """The path without its first step."""
        return self.path.partition(".")[2]

    def under(self, head: str) -> Setting:
        """Return the setting with a path that begins with `head`."""
        return self if self.head == head else replace(self, path=f"{head}.{self.path}")


def parse(text: str, problems: list[Problem]) -> Setting | None:
    """Return the setting that 'path=value' means; None, with the problem appended, if it means none."""
    source = Source(OPTION, (text[:200],), option=True)
    place = Place(source, 1, 1)
    path, equals, value = text.partition("=")
    path, value = path.strip(), value.strip()
    if not equals or not path or not value:
        problems.append(
            place.problem("a setting has a path and a value", "path=value, such as gates.loan.threshold=560")
        )
        return None
    node = read_node(value, source, problems)
    return None if node is None else Setting(path, node, place, value)


def apply(settings: Iterable[Setting], trees: Mapping[str, Table], problems: list[Problem]) -> dict[str, Table]:
    """Return the trees with the settings applied.

    `trees` holds the regimes by name and the society as 'society'. A path that begins with one of these names is for it
    alone; any other is for every regime that has it, or that has the section in which it may stand. One that nothing
    has is a problem. A number of the society's tables is noted for them; they say whether they have it.
    """
    from sincerity.declare.merge import has, with_setting

    changed = dict(trees)
    for setting in settings:
        named = setting.head in changed and setting.tail != ""
        targets = [setting.head] if named else [name for name in changed if name != "society"]
        path = setting.tail if named else setting.path
        hit = [name for name in targets if has(changed[name], path)]
        if named and setting.head == "society" and not hit and path.startswith(OF_TABLES):
            changed["society"] = _in_table(changed["society"], path, setting)
            continue
        hit = hit or [name for name in targets if name != "society" and _has_room(changed[name], path, named)]
        for name in hit:
            changed[name] = with_setting(changed[name], path, setting.node, setting.place)
        if not hit:
            near = _nearest(setting, path, named, trees)
            problems.append(setting.place.problem(f"nothing has the path `{setting.path}`", did_you_mean=near))
    return changed


def _in_table(society: Table, path: str, setting: Setting) -> Table:
    """The society with a number of one of its tables noted under `population.by_hand`, where the tables look for it."""
    section, _, name = path.partition(".")
    population = society.entries[section]
    if not isinstance(population, Table):
        return society
    noted = population.entries.get("by_hand")
    before = noted if isinstance(noted, Table) else Table(setting.place, {}, {})
    changed = population.with_entry("by_hand", before.with_entry(name, setting.node, setting.place), setting.place)
    return society.with_entry(section, changed, society.keys[section])


def _has_room(tree: Table, path: str, named: bool) -> bool:
    """Whether a regime that does not state this could: its section stands there, and the language knows the key."""
    from sincerity.declare.merge import has
    from sincerity.declare.regime import Regime

    section, _, _ = path.rpartition(".")
    return (has(tree, section) if section else named) and _known(Regime, path.split("."))


def _known(model: Any, parts: list[str]) -> bool:
    """Whether the language has this path; no row is added to a table of accounts, lists or gates."""
    if not parts:
        return True
    options = get_args(model) if get_origin(model) in (Union, UnionType) else (model,)
    for option in options:
        if get_origin(option) is dict and len(parts) > 1 and _known(get_args(option)[1], parts[1:]):
            return True
        for name, field in getattr(option, "model_fields", {}).items():
            if (field.alias or name) == parts[0] and _known(field.annotation, parts[1:]):
                return True
    return False


def _nearest(setting: Setting, path: str, named: bool, trees: Mapping[str, Table]) -> str:
    """Return the path that may have been meant, as it would have to be written."""
    from sincerity.declare.merge import has, paths

    if not named and "society" in trees and has(trees["society"], path):
        return f"`society.{path}`"
    if f"population.{path}".startswith(OF_TABLES):
        return f"`society.population.{path}`"
    whole: list[str] = []
    for name, tree in trees.items():
        prefix = f"{name}." if name == "society" or named else ""
        if not named or name == setting.head:
            whole.extend(f"{prefix}{inner}" for inner in paths(tree))
    near = closest(setting.path, whole)
    return f"`{near}`" if near else ""
