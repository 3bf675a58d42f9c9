"""What the commands about regimes print: the table, a resolved file, checks, differences, a file to start from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sincerity.declare.problems import BadInput, Problem

if TYPE_CHECKING:
    from rich.table import Table as Printed

    from sincerity.declare.regime import Regime
    from sincerity.declare.tree import Node
    from sincerity.study.check import Result

WIDE = 150  # characters of a mapping that still stands on one line
UNSAID = ("name", "title", "short", "summary", "years", "place", "sources", "built")
NEEDS_QUOTES = set(",[]{}#:&*!|>'\"%@`")


# ---- regimes ------------------------------------------------------------------------------------------------------


def rows() -> list[dict[str, Any]]:
    """One row for every regime of the catalogue, `none` first."""
    from sincerity.declare import catalogue

    return [row(catalogue.regime(name)) for name in catalogue.regime_names()]


def row(regime: Regime) -> dict[str, Any]:
    """What the table of regimes says of one."""
    from sincerity.declare.figures import each_figure

    figures = [figure for _, figure in each_figure(regime, regime.name)]
    return {
        "name": regime.name,
        "title": regime.title,
        "place": regime.place,
        "years": regime.years,
        "built": regime.built,
        "rated": _rated(regime),
        "score": _score(regime),
        "lists": list(regime.lists),
        "gates": list(dict.fromkeys([*regime.gates, *(g for made in regime.providers.values() for g in made.gates)])),
        "providers": list(regime.providers),
        "safeguards": _safeguards(regime),
        "figures": {"total": len(figures), "assumed": sum(figure.assumed for figure in figures)},
    }


def table(found: list[dict[str, Any]]) -> Printed:
    """The table of regimes, to be printed on a rich console."""
    from rich.table import Table

    heads = ("name", "place", "years", "who is rated", "score", "lists", "gates", "safeguards", "assumed")
    printed = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        printed.add_column(head, overflow="fold", no_wrap=head == "name")
    for told in found:
        figures = told["figures"]
        assumed = f"{figures['assumed']} of {figures['total']}" if figures["total"] else "–"
        counts = [str(len(told[key])) if told[key] else "–" for key in ("lists", "gates")]
        guards = ", ".join(told["safeguards"]) or "–"
        built = "" if told["built"] else " (never built)"
        printed.add_row(
            told["name"], told["place"] + built, told["years"], told["rated"], told["score"], *counts, guards, assumed
        )
    return printed


def _rated(regime: Regime) -> str:
    if regime.rated is None:
        return "nobody"
    legal = (("firms", regime.rated.firms), ("governments", regime.rated.governments))
    who = ", ".join(["persons", *(name for name, rated in legal if rated)])
    return f"{who}, not {' or '.join(regime.rated.exempt)}" if regime.rated.exempt else who


def _score(regime: Regime) -> str:
    private = f"{len(regime.providers)} private" if regime.providers else ""
    if regime.score is None:
        return private or "none"
    scale = f"{regime.score.lowest.value}–{regime.score.highest.value}"
    return ", ".join(filter(None, [scale, regime.score.form, f"rules {regime.score.rules}", private]))


def _safeguards(regime: Regime) -> list[str]:
    guard = regime.safeguards
    if guard is None:
        return []
    said = {
        "notice": guard.notice.value > 0,
        "appeal": guard.appeal is not None and guard.appeal.open,
        "human review": guard.human_review is not None,
        "repair": guard.repair is not None or any(made.kept is not None for made in regime.lists.values()),
        "amnesty": guard.amnesty is not None,
        "same context": guard.same_context,
        "no guilt by tie": guard.no_guilt_by_tie,
    }
    return [name for name, there in said.items() if there]


# ---- show ---------------------------------------------------------------------------------------------------------


def resolved_lines(name_or_path: str, settings: Iterable[tuple[str, str]] = ()) -> list[str]:
    """The resolved file; behind each line, which file and line it came from."""
    from sincerity.declare import catalogue

    tree, _ = catalogue.resolved(name_or_path, settings)
    pairs = [pair for key, node in tree.entries.items() for pair in _written(key, node, "")]
    width = min(max((len(text) for text, _ in pairs), default=0), WIDE)
    return [f"{text.ljust(width)}  # {origin}" if origin else text for text, origin in pairs]


def _written(key: str, node: Node, indent: str) -> Iterator[tuple[str, str]]:
    """Yield (line, origin) of one entry."""
    from sincerity.declare.tree import Row, Table

    flow = f"{indent}{_word(key)}: {_flow(node)}"
    nested = isinstance(node, Table) and any(
        isinstance(inner, Table) and "value" not in inner.entries for inner in node.entries.values()
    )
    if isinstance(node, Table) and node.entries and (nested or len(flow) > WIDE or not indent):
        yield f"{indent}{_word(key)}:", ""
        for name, inner in node.entries.items():
            yield from _written(name, inner, indent + "  ")
    elif isinstance(node, Row) and node.items and isinstance(node.items[0], Table):
        yield f"{indent}{_word(key)}:", ""
        for item in node.items:
            yield f"{indent}  - {_flow(item)}", _origin(item)
    else:
        yield flow, _origin(node)


def _flow(node: Node) -> str:
    from sincerity.declare.tree import Row, Table

    if isinstance(node, Table):
        return "{" + ", ".join(f"{_word(key)}: {_flow(inner)}" for key, inner in node.entries.items()) + "}"
    if isinstance(node, Row):
        return "[" + ", ".join(_flow(inner) for inner in node.items) + "]"
    return json.dumps(node.text, ensure_ascii=False) if node.quoted else _word(node.text)


def _word(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if NEEDS_QUOTES & set(text) or not text else text


def _origin(node: Node) -> str:
    """The files that a line was put together from."""
    return ", ".join(dict.fromkeys(_places(node)))


def _places(node: Node) -> Iterator[str]:
    from sincerity.declare.tree import Row, Table

    if isinstance(node, Table):
        for inner in node.entries.values():
            yield from _places(inner)
    elif isinstance(node, Row) and node.items:
        for inner in node.items:
            yield from _places(inner)
    else:
        source = node.place.source
        path = Path(source.name)
        known = path.parent.name if path.name == "regime.yaml" and path.parent.name else source.name
        yield known if source.option else f"{known}:{node.place.line}"


# ---- check --------------------------------------------------------------------------------------------------------


def check_lines(regime: Regime, results: list[Result]) -> list[str]:
    """What was found: figures, then each worked case."""
    from sincerity.declare.figures import each_figure

    figures = [figure for _, figure in each_figure(regime, regime.name)]
    assumed = sum(figure.assumed for figure in figures)
    wrong = sum(bool(result.wrong) for result in results)
    lines = [f"{regime.name}: the file is in order; {len(figures)} figures, {assumed} of them assumed."]
    for result in results:
        lines.append(f"  {'wrong' if result.wrong else 'right'}  {result.title} ({result.source})")
        lines += [f"         {said}" for said in result.wrong]
        lines += [f"         {result.file}"] if result.wrong else []
    cases = f"{len(results)} worked case{'' if len(results) == 1 else 's'}"
    lines.append(f"  {cases}{f', {wrong} of them wrong' if wrong else ', as expected' if results else ''}.")
    return lines


# ---- diff ---------------------------------------------------------------------------------------------------------


def difference_lines(one: Regime, other: Regime) -> list[str]:
    """What differs between two regimes, a sentence each."""
    first, second = (regime.model_dump(exclude_none=True) for regime in (one, other))
    for key in UNSAID:
        first.pop(key, None)
        second.pop(key, None)
    found = list(_differences(first, second, (), one.name, other.name))
    if not found:
        return [f"{one.name} and {other.name} say the same of everything but their names and descriptions."]
    return found


def _differences(one: Any, other: Any, path: tuple[str, ...], a: str, b: str) -> Iterator[str]:
    where = _where(path)
    if _said(one) == _said(other):
        return
    if not _said(one) or not _said(other):
        there, gone, what = (a, b, one) if _said(one) else (b, a, other)
        yield f"{where}: {_told(what)} in {there}, nothing in {gone}"
    elif isinstance(one, dict) and isinstance(other, dict) and not ("value" in one and "value" in other):
        for key in dict.fromkeys([*one, *other]):
            if key not in ("date", "source", "note", "to", "by_hand", "title"):
                yield from _differences(one.get(key), other.get(key), (*path, str(key)), a, b)
    else:
        yield f"{where}: {_told(one)} in {a}, {_told(other)} in {b}"


def _said(value: Any) -> Any:
    """What a part says, without where it is from; falsy if nothing."""
    if isinstance(value, dict):
        if "value" in value:
            away = ("date", "source", "note", "to", "low", "high", "by_hand")
            return {key: _said(inner) for key, inner in value.items() if key not in away and _said(inner) is not None}
        return {key: said for key, inner in value.items() if (said := _said(inner)) or said is False or said == 0}
    if isinstance(value, list | tuple):
        return [_said(inner) for inner in value]
    return value


def _told(value: Any) -> str:
    if isinstance(value, dict):
        if "value" in value:
            more = [f"{key} {_told(inner)}" for key, inner in value.items() if key in ("sets", "per", "discretion")]
            plain = [part for part in more if part != "per record"]
            return ", ".join([f"{value['value']} {value['unit']}", *plain])
        if set(value) == {"low", "high"}:
            return f"{value['low']} to {value['high']}"
        inner = [key for key in value if key not in ("date", "source", "low", "high")]
        return f"stated ({', '.join(map(str, inner[:6]))}{', …' if len(inner) > 6 else ''})"
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], dict):
            return "; ".join(" ".join(filter(None, map(_item, part.items()))) for part in value)
        return ", ".join(map(str, value)) or "none"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _item(entry: tuple[str, Any]) -> str:
    """A part of a band or a phase: 'AAA', 'from 1050'."""
    key, value = entry
    told = str(value["value"]) if isinstance(value, dict) and "value" in value else str(value)
    return f"from {told}" if key.startswith("from") else told


def _where(path: tuple[str, ...]) -> str:
    """A place in words: 'points for petition', 'safeguards, appeal, lag'."""
    if len(path) == 2 and path[0] in ("points", "nudges"):
        return f"{path[0]} for {path[1]}"
    singular = {
        "lists": "list",
        "gates": "gate",
        "channels": "channel",
        "accounts": "account",
        "providers": "provider",
        "partners": "partner",
    }
    if len(path) > 1 and path[0] in singular:
        return ", ".join([f"{singular[path[0]]} {path[1]}", *path[2:]])
    return ", ".join(path)


# ---- new ----------------------------------------------------------------------------------------------------------


def start_file(name: str, base: str, folder: Path) -> Path:
    """Write a commented reform of a regime to begin with, and return its file. BadInput if it exists."""
    from sincerity.declare import catalogue

    _, regime = catalogue.resolved(base)
    catalogue.must_be_new("regime", name)
    path = folder / f"{name}.yaml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(start_text(name, base, regime))
    except FileExistsError:
        raise BadInput(
            [Problem(str(path), 0, 0, "the file is there, and is not overwritten", "another name")]
        ) from None
    except OSError as error:
        raise BadInput([Problem(str(path), 0, 0, f"cannot be written: {error.strerror}")]) from None
    return path


def start_text(name: str, base: str, regime: Regime) -> str:
    """A reform that changes nothing yet, with what it could change in comments."""
    lines = [
        f"# A reform of {regime.title}.",
        "# State the difference and nothing else: mappings merge, null removes, everything else replaces.",
        "# A number that changes says anew where it is from; `source: assumed` needs `low` and `high`.",
        f"name: {name}",
        f"extends: {base}",
        f"title: {regime.title}, changed",
        f"short: {name}",
        "summary: What this reform changes, in a sentence.",
        "",
        "# Take the '# ' away from what you want to change.",
    ]
    for section, example in _examples(regime):
        lines += [f"# {section}:", f"#   {example}"]
    lines += ["", f"# What it says now: sincerity show {base}", ""]
    return "\n".join(lines)


def _examples(regime: Regime) -> Iterator[tuple[str, str]]:
    assumed = "date: 2026-11, source: assumed, low: {low}, high: {high}"
    for act, points in list(regime.points.items())[:1]:
        half = points.value / 2
        low, high = sorted((points.value, half / 2))
        about = assumed.format(low=low, high=high)
        yield "points", f"{act}: {{value: {half}, {about}}}   # now {points.value} {points.unit}"
    for gate in list(regime.gates)[:1]:
        yield "gates", f"{gate}: null   # this gate is no longer kept"
    for listed in list(regime.lists)[:1]:
        yield "lists", f"{listed}: {{title: another title}}"
    if regime.safeguards is not None:
        about = assumed.format(low="0.8", high="1")
        yield "safeguards", f"notice: {{value: 1, {about}}}   # now {regime.safeguards.notice.value}"
