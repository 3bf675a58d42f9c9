"""JSON Schema of a regime's file, for editors that complete and underline while one writes."""

from __future__ import annotations

from typing import Any

from sincerity.declare.regime import Regime

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HERE = "#/$defs/"
REFORM = "reform of "


def regime_schema() -> dict[str, Any]:
    """Return the schema of regime.yaml. A file with `extends` may leave everything out, and put null to remove.

    It says which keys, names and types there are; sums, ranges and cross-references are said by `sincerity check`.
    """
    whole = Regime.model_json_schema()
    parts = whole.pop("$defs")
    differing = {f"{REFORM}{name}": _relaxed(part) for name, part in parts.items()}
    reform = _relaxed(whole)
    reform["properties"]["extends"] = {"type": "string", "description": "a regime of the catalogue, or a file"}
    reform["required"] = ["name", "extends"]
    return {
        "$schema": DIALECT,
        "title": "A scoring regime",
        "if": {"type": "object", "required": ["extends"]},
        "then": {"$ref": f"{HERE}{REFORM}regime"},
        "else": {"$ref": f"{HERE}Regime"},
        "$defs": {**parts, "Regime": whole, **differing, f"{REFORM}regime": reform},
    }


def _relaxed(node: Any) -> Any:
    """Return a schema by which nothing is required and every entry may be null."""
    if isinstance(node, list):
        return [_relaxed(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    changed: dict[str, Any] = {}
    for key, inner in node.items():
        if key == "required":
            continue
        if key == "$ref":
            changed[key] = inner.replace(HERE, HERE + REFORM)
        elif key == "properties":
            changed[key] = {name: _or_null(_relaxed(part)) for name, part in inner.items()}
        elif key == "additionalProperties" and isinstance(inner, dict):
            changed[key] = _or_null(_relaxed(inner))
        else:
            changed[key] = _relaxed(inner)
    return changed


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
