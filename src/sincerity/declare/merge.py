"""A reform over its base, and --set over both: trees in, trees out."""

from __future__ import annotations

from collections.abc import Iterator

from sincerity.declare.problems import Problem, closest
from sincerity.declare.tree import Leaf, Node, Place, Row, Table

# what a figure says about its number; a new number says it anew
ABOUT = ("date", "source", "low", "high", "to", "note")
BY_HAND = "set by hand"


def reformed(base: Table, reform: Table, problems: list[Problem]) -> Table:
    """Return the base with the reform's differences: mappings merge, `null` removes, everything else replaces.

    A figure or row whose numbers change must state its source again; the base's date, range and note do not carry over.
    """
    merged = Table(reform.place, dict(base.entries), dict(base.keys))
    number = next((key for key, node in reform.entries.items() if _is_number(key, node) and key in base.entries), None)
    if number is not None and "source" in base.entries:
        if "source" not in reform.entries:
            message = "the value changes, and nothing says where it is from"
            problems.append(reform.keys[number].problem(message, "`source` and `date` beside it"))
        else:
            for key in ABOUT:
                merged = merged.with_entry(key, None, merged.place)
    for key, node in reform.entries.items():
        place, old = reform.keys[key], base.entries.get(key)
        if isinstance(node, Leaf) and node.empty:
            if old is None:
                near = closest(key, base.entries)
                message = f"there is no `{key}` to remove"
                problems.append(place.problem(message, did_you_mean=f"`{near}`" if near else ""))
            merged = merged.with_entry(key, None, place)
        elif isinstance(node, Table) and isinstance(old, Table):
            merged = merged.with_entry(key, reformed(old, node, problems), place)
        else:
            merged = merged.with_entry(key, node, place)
    return merged


def has(tree: Table, path: str) -> bool:
    """Say whether the tree has something at a dotted path; steps of a list count from 1."""
    node: Node | None = tree
    for part in path.split("."):
        node = _step(node, part)
    return node is not None


def paths(node: Node, prefix: str = "") -> Iterator[str]:
    """Yield every dotted path of a tree."""
    if isinstance(node, Table):
        for key, inner in node.entries.items():
            yield f"{prefix}{key}"
            yield from paths(inner, f"{prefix}{key}.")
    elif isinstance(node, Row):
        for index, inner in enumerate(node.items, start=1):
            if isinstance(inner, Table):
                yield f"{prefix}{index}"
                yield from paths(inner, f"{prefix}{index}.")


def with_setting(tree: Table, path: str, node: Node, place: Place) -> Table:
    """Return the tree with a new value at an existing path.

    A value for a figure replaces its value, keeps its unit, and is 'set by hand'. A number in a compact row is
    noted in the row's `by_hand`. An empty value (`null`) removes.
    """
    parts = path.split(".")
    if parts[-1] in ("value", "values") and len(parts) > 1:
        parts = parts[:-1]
    changed = _with(tree, parts, node, place)
    if isinstance(changed, Table):
        return _note_by_hand(tree, changed, parts, node, place)
    return tree


def _is_number(key: str, node: Node) -> bool:
    return key == "values" or (key not in ABOUT and isinstance(node, Leaf) and node.numeric)


def _step(node: Node | None, part: str) -> Node | None:
    if isinstance(node, Table):
        return node.entries.get(part)
    if isinstance(node, Row) and part.isascii() and part.isdigit() and len(part) < 4:
        return node.items[int(part) - 1] if 1 <= int(part) <= len(node.items) else None
    return None


def _with(target: Node, parts: list[str], node: Node, place: Place) -> Node:
    if not parts:
        return _replaced(target, node, place)
    inner = _step(target, parts[0])
    if inner is None:  # a key that its section may have
        return target.with_entry(parts[0], node, place) if isinstance(target, Table) and len(parts) == 1 else target
    removes = len(parts) == 1 and isinstance(node, Leaf) and node.empty
    if isinstance(target, Row):
        index = int(parts[0]) - 1
        kept = () if removes else (_with(inner, parts[1:], node, place),)
        return Row(target.place, (*target.items[:index], *kept, *target.items[index + 1 :]))
    if isinstance(target, Table):
        key = place if len(parts) == 1 else target.keys[parts[0]]
        return target.with_entry(parts[0], None if removes else _with(inner, parts[1:], node, place), key)
    return target


def _replaced(target: Node, node: Node, place: Place) -> Node:
    """Return the new value; where a figure stands, the figure with its value and source changed."""
    if not isinstance(target, Table) or isinstance(node, Table):
        return node
    key = next((key for key in ("value", "values") if key in target.entries), None)
    if key is None:
        return node
    for about in ("low", "high", "to", "note"):
        target = target.with_entry(about, None, place)
    return target.with_entry(key, node, place).with_entry("source", Leaf(place, BY_HAND), place)


def _note_by_hand(before: Table, after: Table, parts: list[str], node: Node, place: Place) -> Table:
    """Note in a compact row that one of its numbers was set by hand."""
    leaf = _at(before, parts)
    if not (isinstance(leaf, Leaf) and leaf.numeric) or (isinstance(node, Leaf) and node.empty):
        return after
    for depth in range(len(parts) - 1, 0, -1):
        row = _at(after, parts[:depth])
        if isinstance(row, Table) and "source" in row.entries:
            name = ".".join(parts[depth:])
            if name in ABOUT:
                return after
            noted = row.entries.get("by_hand")
            items = noted.items if isinstance(noted, Row) else ()
            if all(isinstance(item, Leaf) and item.text != name for item in items):
                row = row.with_entry("by_hand", Row(place, (*items, Leaf(place, name))), place)
            return _put(after, parts[:depth], row)
    return after


def _at(node: Node | None, parts: list[str]) -> Node | None:
    for part in parts:
        node = _step(node, part)
    return node


def _put(tree: Table, parts: list[str], node: Node) -> Table:
    """Return the tree with a node put in place of another, as it is."""
    if not parts:
        return node if isinstance(node, Table) else tree
    inner = tree.entries[parts[0]]
    if not isinstance(inner, Table):
        return tree
    return tree.with_entry(parts[0], _put(inner, parts[1:], node) if len(parts) > 1 else node, tree.keys[parts[0]])
