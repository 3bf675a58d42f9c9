"""From a tree to a model: every problem found is given its place in the file."""

from __future__ import annotations

import re
import types
import typing
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sincerity.declare.base import Names, Quoted, listed, number
from sincerity.declare.figures import Figure, Figures
from sincerity.declare.problems import Problem, closest
from sincerity.declare.tree import Leaf, Node, Place, Row, Table

Model = TypeVar("Model", bound=BaseModel)
Loc = tuple[str | int, ...]  # steps from the top of a file to one of its parts

# a section of a regime -> the sections without which it would do nothing
NEEDS: dict[str, tuple[str, ...]] = {
    "score": ("rated",),
    "accounts": ("score",),
    "points": ("score", "accounts"),
    "bands": ("score",),
    "balance": ("points",),
    "nudges": ("channels",),
    "inference": ("channels",),
    "peers": ("score",),
    "ties": ("score",),
    "stigma": ("score",),
    "enrolment": ("phases",),
    "providers": ("rated",),
    "partners": ("providers",),
    "pooling": ("providers",),
    "firms": ("rated",),
    "governments": ("rated",),
}
# what a reader may look for in a regime, and the month cannot do
NOT_MODELLED = (
    "steering",
    "peer_rating",
    "expiry",
)
LATER_WORDS = ("rank", "all", "never")  # what a choice may say one day
A_FIGURE = "a figure: {value: …, unit: …, date: …, source: …}"
FIGURES = "figures: {values: […], by: …, unit: …, date: …, source: …}"


def build(model: type[Model], tree: Table, problems: list[Problem]) -> Model | None:
    """Return the model that the tree declares; None, with every problem appended, if it does not."""
    before = len(problems)
    empty: set[Loc] = set()
    data = _plain(tree, (), empty, problems)
    if "points" in model.model_fields:
        _check_sections(tree, problems)
    built: Model | None = None
    try:
        built = model.model_validate(data, context=names_in(tree))
    except ValidationError as error:
        details = [d for d in error.errors(include_url=False) if _loc(d) not in empty]
        problems.extend(_problem(model, tree, detail) for detail in details if detail["type"] != "missing")
        problems.extend(_all_missing(model, tree, [_loc(d) for d in details if d["type"] == "missing"]))
    return built if len(problems) == before else None


def names_in(tree: Table) -> Names:
    """Return what the file itself declares, as far as it can be read."""

    def keys(section: str) -> tuple[str, ...] | None:
        node = tree.entries.get(section)
        if node is None:
            return ()
        return tuple(node.entries) if isinstance(node, Table) else None

    lowest, highest = (_decimal_at(tree, "score", end, "value") for end in ("lowest", "highest"))
    ordered = lowest is not None and highest is not None and lowest < highest
    return Names(
        keys("sources"),
        keys("accounts"),
        keys("lists"),
        _bands_in(tree),
        keys("providers"),
        "score" in tree.entries,
        lowest if ordered else None,
        highest if ordered else None,
    )


def _bands_in(tree: Table) -> tuple[str, ...] | None:
    node = tree.entries.get("bands")
    if node is None:
        return ()
    if not isinstance(node, Row):
        return None
    names = [band.entries.get("name") for band in node.items if isinstance(band, Table)]
    return tuple(name.text for name in names if isinstance(name, Leaf))


def at(tree: Table, loc: Loc) -> Place:
    """Return the place of what stands at `loc`, or of the nearest thing around it: a key's, where there is a key."""
    node: Node = tree
    place = tree.place
    for part in loc:
        if isinstance(node, Table) and str(part) in node.entries:
            place, node = node.keys[str(part)], node.entries[str(part)]
        elif isinstance(node, Row) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            place = node.place
        else:
            break
    return place


def _plain(node: Node, loc: Loc, empty: set[Loc], problems: list[Problem]) -> Any:
    """Return the tree as dicts, lists and text. What is empty is a problem, and left out."""
    if isinstance(node, Table):
        data: dict[str, Any] = {}
        for key, inner in node.entries.items():
            where = (*loc, key)
            if _is_empty(inner):
                empty.add(where)
                problems.append(node.keys[key].problem(f"`{key}` is empty", "a value; or take the line out"))
            else:
                data[key] = _plain(inner, where, empty, problems)
        return data
    if isinstance(node, Row):
        return [_plain(inner, (*loc, index), empty, problems) for index, inner in enumerate(node.items)]
    return Quoted(node.text) if node.quoted else node.text


def _check_sections(tree: Table, problems: list[Problem]) -> None:
    for section, needed in NEEDS.items():
        if section in tree.entries and not _is_empty(tree.entries[section]):
            missing = [f"`{other}`" for other in needed if other not in tree.entries]
            if missing:
                message = f"`{section}` does nothing without {' and '.join(missing)}"
                problems.append(tree.keys[section].problem(message))
    phases = tree.entries.get("phases")
    if isinstance(phases, Row) and "enrolment" not in tree.entries:
        for phase in phases.items:
            choice = phase.entries.get("enrolment") if isinstance(phase, Table) else None
            if isinstance(choice, Leaf) and choice.text == "voluntary":
                problems.append(choice.place.problem("nothing says how people choose", "an `enrolment` section"))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Leaf) and node.empty


def _decimal_at(tree: Table, *path: str) -> Decimal | None:
    node: Node | None = tree
    for part in path:
        node = node.entries.get(part) if isinstance(node, Table) else None
    if not isinstance(node, Leaf):
        return None
    try:
        return number(Quoted(node.text) if node.quoted else node.text)
    except PydanticCustomError:
        return None


def _loc(detail: ErrorDetails) -> Loc:
    """Return where an error stands in the file; pydantic marks errors of keys with a last step '[key]'."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _problem(model: type[BaseModel], tree: Table, detail: ErrorDetails) -> Problem:
    """Translate one of pydantic's errors."""
    loc = _loc(detail)
    kind, context = detail["type"], detail.get("ctx", {})
    last = str(loc[-1]) if loc else ""
    if kind == "sincerity":
        inner = tuple(int(part) if part.isdigit() else part for part in context["at"].split(".") if part)
        return at(tree, (*loc, *inner)).problem(context["said"], context["expected"], context["near"])
    place = at(tree, loc)
    if kind == "extra_forbidden":
        return _unknown_key(model, tree, loc)
    if kind == "literal_error":
        return _not_possible(place, detail["input"], re.findall(r"'([^']*)'", context["expected"]))
    return place.problem(f"`{last}` is given as {_kind(detail['input'])}", _expected(model, loc, kind))


def _not_possible(place: Place, given: Any, allowed: list[str]) -> Problem:
    if isinstance(given, str) and given in LATER_WORDS:
        return place.problem(f"`{given}`: declared, not modelled yet", listed(allowed))
    near = closest(given, allowed) if isinstance(given, str) else ""
    return place.problem(f"{_kind(given)} is not possible here", listed(allowed), f"`{near}`" if near else "")


def _all_missing(model: type[BaseModel], tree: Table, locs: list[Loc]) -> list[Problem]:
    """Return one problem for each part that lacks something."""
    by_owner: dict[Loc, list[str]] = {}
    for loc in locs:
        by_owner.setdefault(loc[:-1], []).append(str(loc[-1]))
    return [_missing(_model_at(model, owner), at(tree, owner), owner, keys) for owner, keys in by_owner.items()]


def _missing(owner: type[BaseModel] | None, place: Place, loc: Loc, keys: list[str]) -> Problem:
    """Say what a part lacks; for what belongs to every figure and list, say why."""
    if keys == ["leaves"]:
        return place.problem(f"nothing says how one leaves the list `{loc[-1]}`", "`leaves: …`")
    whose = f" of `{loc[-1]}`" if loc else ""
    are = "are" if len(keys) > 1 else "is"
    names = " and ".join(filter(None, [", ".join(f"`{key}`" for key in keys[:-1]), f"`{keys[-1]}`"]))
    fields = owner.model_fields if owner is not None else {}
    expected = ""
    if {"unit", "date", "source"} & set(keys) and "source" in fields:
        expected = "every figure to have a unit, a date and a source"
    elif len(keys) == 1 and keys[0] in fields and fields[keys[0]].annotation is Figure:
        expected = A_FIGURE
    message = f"{names}{whose} {are} missing"
    return place.problem(message, expected) if loc else Problem(place.source.name, 0, 0, message, expected)


def _unknown_key(model: type[BaseModel], tree: Table, loc: Loc) -> Problem:
    key, owner = str(loc[-1]), _model_at(model, loc[:-1])
    place = at(tree, loc)
    if key in NOT_MODELLED:
        return place.problem(f"`{key}`: declared, not modelled yet", "this section to be left out for now")
    fields = [field.alias or name for name, field in owner.model_fields.items()] if owner is not None else []
    near = closest(key, fields)
    return place.problem(
        f"unknown key `{key}`", "" if near else f"one of {listed(fields, 60)}", f"`{near}`" if near else ""
    )


def _expected(model: type[BaseModel], loc: Loc, kind: str) -> str:
    wanted = _model_at(model, loc)
    if wanted is not None:
        if issubclass(wanted, Figures):
            return FIGURES
        return A_FIGURE if issubclass(wanted, Figure) else f"a mapping with {listed(wanted.model_fields, 8)}"
    expected = {
        "dict_type": "a mapping: lines of `key: value`",
        "tuple_type": "a list: [a, b]",
        "string_type": "text",
    }
    return expected.get(kind, "another value")


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    shown = str(value)
    return f"`{shown[:40]}…`" if len(shown) > 40 else f"`{shown}`"


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """Return the model that stands at a place of the declared file, None if none does."""
    current: Any = model
    for part in loc:
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = current.model_fields
            found = [field for name, field in fields.items() if (field.alias or name) == part]
            if not found:
                return None
            current = _unwrapped(found[0].annotation)
        else:
            arguments = [a for a in typing.get_args(current) if a is not Ellipsis]
            current = _unwrapped(arguments[-1]) if arguments else None
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _unwrapped(annotation: Any) -> Any:
    """Return X for X | None and for annotated X."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _unwrapped(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return _unwrapped(next(a for a in typing.get_args(annotation) if a is not type(None)))
    return annotation
