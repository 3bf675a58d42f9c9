"""Problems in what somebody declared, and the one exception that carries all of them to the reader."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SHOWN = 40  # problems that the text of a BadInput shows
TEXT_SHOWN = 150  # characters of an offending line that are shown


@dataclass(frozen=True)
class Problem:
    """One thing wrong, and where. `line` and `column` count from 1; 0 where there is none (an option, a whole file)."""

    file: str
    line: int
    column: int
    message: str
    expected: str = ""
    did_you_mean: str = ""
    text: str = ""

    def __str__(self) -> str:
        """Return what the reader sees: place, message, the line itself, what was expected, what may have been meant."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        rows = [f"{where}: {self.message}"]
        if self.text.strip():
            rows.append(f"    {_around(self.text, self.column)}")
        if self.expected:
            rows.append(f"    expected {self.expected}")
        if self.did_you_mean:
            rows.append(f"    did you mean {self.did_you_mean}?")
        return printable("\n".join(rows))


class BadInput(Exception):
    """Everything wrong with the input, at once. `str` gives the text for the reader, `problems` the parts."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in the order of their places, each once."""
        unique = dict.fromkeys(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(unique, key=lambda p: (p.file, p.line, p.column)))
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"… and {len(self.problems) - MOST_SHOWN:,} more")
        super().__init__("\n".join(shown))

    def __reduce__(self) -> tuple[type[BadInput], tuple[tuple[Problem, ...]]]:
        """Pickle by the problems, so that the exception crosses processes."""
        return (BadInput, (self.problems,))


def closest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like `word`, '' if none is near. Case, spaces, '-' and '_' do not count."""
    plain: dict[str, str] = {}
    for candidate in candidates:
        plain.setdefault(_plain(candidate), candidate)
    near = difflib.get_close_matches(_plain(word[:80]), plain, n=1, cutoff=0.6)
    return plain[near[0]] if near else ""


def printable(text: str) -> str:
    """Return `text` with control characters and lone surrogates as '?', so that no file can steer a terminal."""
    return "".join(c if c == "\n" or c.isprintable() else " " if c == "\t" else "?" for c in text)


def sized(number: int) -> str:
    """Bytes in a few digits: '14.1 MB'."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:.1f} {name}"
    return f"{number} bytes"


def _plain(word: str) -> str:
    return word.casefold().replace("_", " ").replace("-", " ")


def _around(text: str, column: int) -> str:
    """Return the line, or the part of a long line around the column."""
    line = text.strip()
    if len(line) <= TEXT_SHOWN:
        return line
    start = max(0, min(column - 1 - TEXT_SHOWN // 3, len(text) - TEXT_SHOWN))
    end = start + TEXT_SHOWN
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
