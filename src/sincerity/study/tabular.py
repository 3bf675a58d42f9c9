"""Figures below one another, for the tables of the terminal and of the page alike."""

from __future__ import annotations

from collections.abc import Sequence

from sincerity.census.wording import MINUS as MINUS


def aligned(texts: Sequence[str], digit: str = " ", point: str = " ") -> list[str]:
    """Pad figures to one width with their decimal points below one another; `digit` and `point` fill what is missing.

    Texts without a figure in them (empty, words) are padded on the right only.
    """
    heads = [text.partition(".")[0] for text in texts if is_figure(text)]
    tails = [text.partition(".")[2] for text in texts if is_figure(text)]
    before, after = (max(map(len, part), default=0) for part in (heads, tails))

    def one(text: str) -> str:
        if not is_figure(text):
            return text
        head, dot, tail = text.partition(".")
        filling = digit * (after - len(tail)) if dot else (point + digit * after if after else "")
        return digit * (before - len(head)) + head + dot + tail + filling

    return [one(text) for text in texts]


def is_figure(text: str) -> bool:
    """Whether a text is a number as tables show it, with a sign or without."""
    return bool(text) and text.lstrip(f"+{MINUS}").replace(",", "").replace(".", "").isdigit()
