"""Where a declared figure stands: file and line of its regime, or of the run's own scenario.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sincerity.declare import catalogue
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.tree import Node, Row, Table, read_file
from sincerity.study import store

if TYPE_CHECKING:
    from sincerity.declare.scenario import Scenario


def places(folder: Path, scenario: Scenario) -> dict[str, str]:
    """Return 'regime.…' and 'society.…' paths of the last world -> 'file:line'.

    The files of the catalogue where the run's regime is what they say; for a regime with settings, or of another file,
    the resolved scenario.yaml of the run folder.
    """
    own = _own(folder)
    regime, home = scenario.regimes[-1], scenario.society
    trees: dict[str, Node | None] = {"regime": own.get(regime.name), "society": own.get("society")}
    try:
        tree, declared = catalogue.resolved(regime.name)
        if declared.model_dump() == regime.model_dump():
            trees["regime"] = tree
    except BadInput:
        pass
    problems: list[Problem] = []
    if home.name in catalogue.society_names() and catalogue.society(home.name).model_dump() == home.model_dump():
        trees["society"] = catalogue.tree_of("society", home.name, problems) or trees["society"]
    return {path: where for head, tree in trees.items() if tree is not None for path, where in _walk(tree, head)}


def _own(folder: Path) -> dict[str, Node]:
    """The parts of the run's scenario.yaml: regimes by name, and 'society'."""
    shown = f"{folder.name}/{store.SCENARIO}"
    tree = read_file(folder / store.SCENARIO, shown, [])
    if tree is None:
        return {}
    rows = tree.entries.get("regimes")
    items = [item for item in rows.items if isinstance(item, Table)] if isinstance(rows, Row) else []
    found: dict[str, Node] = {catalogue.name_in(item, ""): item for item in items}
    return found | ({"society": tree.entries["society"]} if "society" in tree.entries else {})


def _walk(node: Node, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Table):
        for key, inner in node.entries.items():
            place = node.keys.get(key, inner.place)
            yield f"{path}.{key}", f"{place.source.name}:{place.line}"
            yield from _walk(inner, f"{path}.{key}")
