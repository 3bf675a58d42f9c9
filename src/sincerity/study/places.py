"""Where a declared figure stands: file and line of its regime, or of the run's own scenario.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sincerity.declare import catalogue
from sincerity.declare.problems import BadInput, Problem
from sincerity.declare.tree import Node, Row, Table, read_file
from sincerity.study import store

if TYPE_CHECKING:
    from sincerity.declare.regime import Regime
    from sincerity.declare.scenario import Scenario
    from sincerity.declare.society import Society


def places(folder: Path, scenario: Scenario) -> dict[str, str]:
    """Return 'regime.…' and 'society.…' paths of the last world and the society -> 'file:line'."""
    parts = {
        "regime": regime_places(folder, scenario.regimes[-1]),
        "society": _society_places(folder, scenario.society),
    }
    return {f"{head}.{path}": where for head, found in parts.items() for path, where in found.items()}


def sources(scenario: Scenario) -> dict[str, str]:
    """Return 'regime.…' and 'society.…' paths of the last world's and the society's figures -> their source."""
    last = scenario.regimes[-1].name
    heads = {last: "regime", "society": "society"}
    parted = ((*path.partition("."), figure) for path, figure in scenario.figures())
    return {f"{heads[head]}.{rest}": str(figure.source) for head, _, rest, figure in parted if head in heads}


def regime_places(folder: Path, regime: Regime) -> dict[str, str]:
    """Return the paths of a regime -> 'file:line'.

    The files of the catalogue where the run's regime is what they say; for a regime with settings, or of another file,
    the resolved scenario.yaml of the run folder.
    """
    if regime.name in catalogue.regime_names():
        with suppress(BadInput):
            tree, declared = catalogue.resolved(regime.name)
            if declared.model_dump() == regime.model_dump():
                return dict(_walk(tree))
    return _in_run(folder, regime.name)


def _society_places(folder: Path, home: Society) -> dict[str, str]:
    problems: list[Problem] = []
    if home.name in catalogue.society_names() and catalogue.society(home.name).model_dump() == home.model_dump():
        tree = catalogue.tree_of("society", home.name, problems)
        if tree is not None:
            return dict(_walk(tree))
    return _in_run(folder, "society")


def _in_run(folder: Path, name: str) -> dict[str, str]:
    """The paths of one part of the run's scenario.yaml: a regime by its name, or 'society'."""
    tree = read_file(folder / store.SCENARIO, f"{folder.name}/{store.SCENARIO}", [])
    rows = tree.entries.get("regimes") if tree else None
    parts = {catalogue.name_in(item, ""): item for item in (rows.items if isinstance(rows, Row) else ())
             if isinstance(item, Table)}  # fmt: skip
    part = tree.entries.get("society") if tree and name == "society" else parts.get(name)
    return dict(_walk(part)) if part is not None else {}


def _walk(node: Node, above: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, Table):
        for key, inner in node.entries.items():
            place = node.keys.get(key, inner.place)
            yield f"{above}{key}", f"{place.source.name}:{place.line}"
            yield from _walk(inner, f"{above}{key}.")
