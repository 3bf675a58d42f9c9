"""Writes plain data as YAML 1.2: sections in block style, figures and rows on one line, numbers as declared; or plants
the tree that such a text is read as.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from sincerity.declare.tree import Leaf, Node, Place, Row, Source, Table

WIDE = 150  # characters of a mapping that still stands on one line
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./%-]*(?: [A-Za-z0-9_./%-]+)*")
UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")  # what YAML would take for a line's end, or refuse
NOT_TEXT = ("null", "true", "false", "yes", "no", "on", "off")


def emit(data: dict[str, Any]) -> str:
    """Return the data as YAML text. Values: mappings, lists, text, whole numbers, Decimals, booleans."""
    return "".join(f"{line}\n" for line in _block(data, ""))


def plant(data: Any, name: str) -> Node:
    """Return the tree that the text of `emit` is read as, without the text: its places name `name` and no line."""
    place = Place(Source(name), 0, 0)

    def grow(value: Any) -> Node:
        if isinstance(value, dict):
            return Table(place, {str(key): grow(inner) for key, inner in value.items()}, dict.fromkeys(value, place))
        if isinstance(value, list | tuple):
            return Row(place, tuple(grow(inner) for inner in value))
        text = _scalar(value)
        return Leaf(place, str(value), quoted=True) if text.startswith('"') else Leaf(place, text)

    return grow(data)


def _block(data: dict[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in data.items():
        flow = _flow(value)
        top = indent == "" and isinstance(value, dict | list)
        if isinstance(value, dict) and value and (top or len(flow) > WIDE or _holds_mappings(value)):
            lines.append(f"{indent}{_scalar(key)}:")
            lines.extend(_block(value, indent + "  "))
        elif isinstance(value, list | tuple) and value and isinstance(value[0], dict) and (top or len(flow) > WIDE):
            lines.append(f"{indent}{_scalar(key)}:")
            for item in value:
                first, *rest = _block(item, indent + "    ")
                lines.extend([f"{indent}  - {first.lstrip()}", *rest])
        else:
            lines.append(f"{indent}{_scalar(key)}: {flow}")
    return lines


def _holds_mappings(value: dict[str, Any]) -> bool:
    return any(isinstance(inner, dict) for inner in value.values())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        return str(value)
    text = str(value)
    if PLAIN.fullmatch(text) and text.lower() not in NOT_TEXT:
        return text
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
