"""YAML 1.2 as a tree of text with places: nothing is converted here, so 0.10 stays 0.10 and every node knows its line.

Aliases, anchors, tags and second documents are refused: declared files are read by people, and a bomb needs an alias.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sincerity.declare.problems import Problem

PACKAGE = Path(__file__).resolve().parent.parent
MOST_BYTES = 512 * 1024
MOST_DEPTH = 12
MOST_NODES = 20_000
LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what the YAML reader counts as a line's end
NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{0,15})?(?:[eE][-+]?[0-9])?")
NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Source:
    """A text and its name as the reader knows it. `option`: it stands on the command line and has no lines."""

    name: str
    lines: tuple[str, ...] = ()
    option: bool = False
    path: Path | None = None


class Place(NamedTuple):
    """Where something stands; line and column count from 1."""

    source: Source
    line: int
    column: int

    def problem(self, message: str, expected: str = "", did_you_mean: str = "") -> Problem:
        """Return a problem at this place, with its line of text."""
        lines = self.source.lines
        if self.source.option:
            return Problem(self.source.name, 0, 0, message, expected, did_you_mean, " ".join(lines))
        text = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        return Problem(self.source.name, self.line, self.column, message, expected, did_you_mean, text)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, as text. `quoted`: it was written in quotes or as a block, so it is text and nothing else."""

    place: Place
    text: str
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether it is YAML's null."""
        return not self.quoted and self.text in NULLS

    @property
    def numeric(self) -> bool:
        """Whether it reads as a number."""
        return not self.quoted and NUMBER.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A sequence."""

    place: Place
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping. `keys` holds the place of each key; `place` is that of its own key, or of the start of the file."""

    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)

    def with_entry(self, key: str, node: Node | None, place: Place) -> Table:
        """Return a copy with `key` set to `node`, or without it where `node` is None."""
        entries, keys = dict(self.entries), dict(self.keys)
        if node is None:
            entries.pop(key, None)
            keys.pop(key, None)
        else:
            entries[key], keys[key] = node, place
        return Table(self.place, entries, keys)


Node = Leaf | Row | Table


def name_of_file(path: Path) -> str:
    """Return a file's name as messages give it: short for our own files and those below the working folder."""
    for root in (PACKAGE, Path.cwd()):
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return str(path)


class _Stop(Exception):
    """Reading cannot go on: the rest of the text means nothing after this problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def read_file(path: Path, shown: str, problems: list[Problem]) -> Table | None:
    """Return the mapping that a YAML file holds; None, with the problems appended, where it holds none.

    `shown` is the file's name in messages. Files above 512 KiB, folders and texts that are not UTF-8 are problems.
    """
    try:
        if path.is_dir():
            raise _Stop(Problem(shown, 0, 0, "this is a folder", expected="a YAML file"))
        if not path.is_file():
            raise _Stop(Problem(shown, 0, 0, "there is no such file"))
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        text = _decode(data, shown)
    except _Stop as stop:
        problems.append(stop.problem)
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not a file's name"
        problems.append(Problem(shown, 0, 0, f"the file cannot be read: {str(reason).lower()}"))
        return None
    return read_table(text, shown, problems, path)


def read_table(text: str, shown: str, problems: list[Problem], path: Path | None = None) -> Table | None:
    """Return the mapping that a YAML text holds; None, with the problems appended, where it holds none."""
    source = Source(shown, tuple(LINE_END.split(text)), path=path)
    node = read_node(text, source, problems)
    if node is None:
        return None
    if isinstance(node, Table):
        return node
    if isinstance(node, Leaf) and node.empty:
        problems.append(Problem(shown, 0, 0, "the file is empty", expected="a mapping: lines of `key: value`"))
    else:
        kind = "a list" if isinstance(node, Row) else "a single value"
        problems.append(node.place.problem(f"the file holds {kind}", expected="a mapping: lines of `key: value`"))
    return None


def read_node(text: str, source: Source, problems: list[Problem]) -> Node | None:
    """Return whatever a YAML text holds; None, with the problems appended, if it cannot be read."""
    reader = _Reader(source, problems)
    before = len(problems)
    try:
        node = reader.read(text)
    except _Stop as stop:
        problems.append(stop.problem)
        return None
    except (YAMLError, ValueError, RecursionError, AssertionError, IndexError, AttributeError, TypeError) as error:
        problems.append(_spoken(error, source))
        return None
    return node if len(problems) == before else None


class _Reader:
    """Builds the tree from the parser's events, one after another, never deeper than `MOST_DEPTH`."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.events: Iterator[Any] = iter(())
        self.nodes = 0

    def read(self, text: str) -> Node:
        self.events = YAML(typ="safe", pure=True).parse(text)
        documents = 0
        node: Node = Leaf(Place(self.source, 1, 1), "")
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Stop(
                        self._place(event).problem("a second document begins here", expected="one document a file")
                    )
            elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent | AliasEvent):
                node = self._node(event, 1)
        return node

    def _place(self, event: Any) -> Place:
        return Place(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _Stop(place.problem("anchors (&) and aliases (*) are not read", expected="the value, written out"))
        if event.tag is not None:
            raise _Stop(place.problem("tags (!) are not read", expected="the value alone"))
        self.nodes += 1
        if depth > MOST_DEPTH:
            raise _Stop(place.problem(f"nested more than {MOST_DEPTH} deep"))
        if self.nodes > MOST_NODES:
            raise _Stop(
                place.problem(f"more than {MOST_NODES:,} keys and values", "a declared file: a few hundred lines")
            )
        if isinstance(event, ScalarEvent):
            return Leaf(place, event.value, quoted=event.style not in (None, ""))
        if isinstance(event, SequenceStartEvent):
            return self._row(place, depth)
        return self._table(place, depth)

    def _row(self, place: Place, depth: int) -> Row:
        items: list[Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self._node(event, depth + 1))
        return Row(place, tuple(items))

    def _table(self, place: Place, depth: int) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            if not isinstance(key, Leaf):
                raise _Stop(key.place.problem("a key must be a name", expected="`key: value`"))
            value = self._node(next(self.events), depth + 1)
            if key.text in keys:
                first = keys[key.text].line
                self.problems.append(key.place.problem(f"`{key.text}` is given twice; first on line {first}"))
                continue
            entries[key.text], keys[key.text] = value, key.place
        return Table(place, entries, keys)


def _decode(data: bytes, shown: str) -> str:
    if len(data) > MOST_BYTES:
        message = f"the file is larger than {MOST_BYTES // 1024} KiB"
        raise _Stop(Problem(shown, 0, 0, message, expected="a declared file: a few hundred lines"))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _Stop(Problem(shown, 0, 0, "the file is UTF-16", expected="UTF-8; save it again as UTF-8"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise _Stop(Problem(shown, line, column, message, expected="UTF-8; save the file again as UTF-8")) from None


def _spoken(error: Exception, source: Source) -> Problem:
    """Say in plain words what the YAML parser found."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(source, mark.line + 1, mark.column + 1) if mark is not None else Place(source, 1, 1)
    said = str(getattr(error, "problem", None) or "") if isinstance(error, MarkedYAMLError) else ""
    line = source.lines[place.line - 1] if 0 < place.line <= len(source.lines) else ""
    if "\\t" in said or "\t" in line[: len(line) - len(line.lstrip())]:
        return place.problem("a tab", expected="spaces; YAML does not indent with tabs")
    character = getattr(error, "character", None)
    if character is not None:
        code = character if isinstance(character, int) else ord(str(character)[:1] or "\0")
        spots = ((row, text.find(chr(code)) + 1) for row, text in enumerate(source.lines, start=1))
        row, column = next((spot for spot in spots if spot[1]), (1, 1))
        return Place(source, row, column).problem(f"a control character (U+{code:04X})", "plain text")
    return place.problem(f"this is not YAML: {said or 'it cannot be read'}")
