"""The map: a picture of a world after its last month, a pixel a person; in a nation a pixel the rate of some thousand.

Ids are laid along a Hilbert curve (the generalisation to any rectangle by J. Červený, github.com/jakubcerveny/gilbert),
so that household, street, town and region, which are runs of ids, are patches. Regions have the places that their order
gives them, not those on a globe. Colours are those of the charts, or cividis (Nuñez, Anderton and Renslow 2018), which
every kind of colour vision can tell apart.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sincerity.declare.problems import BadInput, Problem, closest
from sincerity.engine.checkpoint import State
from sincerity.month.standing import INNOCENT_EVER, REFUSED_EVER
from sincerity.people.columns import ENROLLED, LISTED, SPOKE_AGAINST, SPOKE_FOR
from sincerity.report import words
from sincerity.report.charts import BLUE, GREEN, INK, SANS, SOFT, VERMILLION
from sincerity.study.store import StoreError

if TYPE_CHECKING:
    from sincerity.study.study import Study

NOBODY, PLAIN = "#ffffff", "#dddddd"
CIVIDIS = ("#00224e", "#2b446e", "#575d6d", "#7d7c78", "#a59c74", "#d2c060", "#fee838")
MOST_PIXELS = 10_000_000
"""People up to which each has a pixel."""
OF_A_NATION = 90_000
"""Pixels of more people: so few that each stands for enough of them to have a rate that is more than luck."""
NARROWEST, STEPS = 760, (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
LABELLED, LEGIBLE, SMALLEST = 0.012, 8.0, 75
"""Share of the people from which on a region's name is written on it; least size of its letters, in pixels, and how
many of them the shorter side has room for at most."""

BLOCK = 1 << 20
"""People whose state is looked at at a time."""

Codes = NDArray[np.uint8]
Columns = Mapping[str, NDArray[Any]]


class Legend(NamedTuple):
    """What is told apart: `names` and their colours. code: the number (people,) of each person's, from the columns;
    of a nation the number (pixels,) of each pixel's, from the rates.
    """

    names: tuple[str, ...]
    colours: tuple[str, ...]
    code: Callable[[Any], Codes]


class Rate(NamedTuple):
    """What the people of one pixel have in common. title: over the picture.

    parts: from the columns, two numbers a person: their sums' ratio, times `scale`, is the pixel's, in `unit`.
    """

    title: str
    parts: Callable[[Columns], tuple[NDArray[Any], NDArray[Any]]]
    scale: float = 1000.0
    unit: str = "of 1,000"


@dataclass(frozen=True)
class Kind:
    """A measure that can be mapped. title: over the picture. columns: what it reads of a person.

    legend: from a call that walks anew over the columns of all worlds shown, some people at a time. rate: what is shown
    of a nation.
    """

    title: str
    columns: tuple[str, ...]
    legend: Callable[[Callable[[], Iterator[Columns]]], Legend]
    rate: Rate


# ---- measures -----------------------------------------------------------------------------------------------------


def _score(everybody: Callable[[], Iterator[Columns]]) -> Legend:
    counts = np.zeros(65_536, np.int64)
    for columns in everybody():
        counts += np.bincount(_points(columns), minlength=len(counts))
    counts[0] = 0
    if not counts.any():
        raise BadInput([Problem("--measure", 0, 0, "nobody is scored in this world", "listed, says or refused")])
    low, high = (quantile(counts, share) / 32 for share in (0.02, 0.98))
    many = len(CIVIDIS)
    step = next((s for s in STEPS if s * (many - 2) >= high - low), STEPS[-1])
    edges, names = _steps(low, high, step)
    table = np.searchsorted(np.array(edges) * 32, np.arange(len(counts)), side="right").astype(np.uint8)
    table[0] = many
    return Legend((*names, "not scored"), (*CIVIDIS, PLAIN), lambda columns: np.asarray(table[_points(columns)]))


def _steps(low: float, high: float, step: float) -> tuple[list[float], list[str]]:
    """Six edges, `step` apart, about the middle of low and high; and the names of what lies between them."""
    many = len(CIVIDIS)
    first = max(math.floor((low + high) / 2 / step - (many - 2) / 2 + 0.5), 1)
    edges = [(first + k) * step for k in range(many - 1)]
    said = [f"{edge:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}" for edge in edges]
    between = [f"{a}–{b}" for a, b in pairwise(said)]
    return edges, [f"below {said[0]}", *between, f"{said[-1]} and more"]


def _points(columns: Columns) -> NDArray[np.uint16]:
    """The scores of the enrolled, 1/32 point; 0 for others."""
    return np.where(columns["flags"] & ENROLLED, columns["score"], 0).astype(np.uint16)


def quantile(counts: NDArray[np.int64], share: float) -> float:
    """The number below which a share of them lies, where `counts` says how often each of 0, 1, … is there."""
    run = np.cumsum(counts)
    place = share * float(run[-1] - 1)
    below, above = (int(np.searchsorted(run, k, side="right")) for k in (math.floor(place), math.ceil(place)))
    return below + (place - math.floor(place)) * (above - below)


def _listed(_: Callable[[], Iterator[Columns]]) -> Legend:
    return Legend(
        ("on no list", "on a list"), (PLAIN, VERMILLION), lambda c: ((c["flags"] & LISTED) != 0).astype(np.uint8)
    )


def _says(_: Callable[[], Iterator[Columns]]) -> Legend:
    names = (
        "praised, and thinks so",
        "praised, and thinks otherwise",
        "criticised",
        "said nothing of it, thinks well of it",
        "said nothing of it, thinks ill of it",
    )

    def code(columns: Columns) -> Codes:
        against = columns["outlook"] < 0
        codes: Codes = np.where(against, 4, 3).astype(np.uint8)
        praised = (columns["flags"] & SPOKE_FOR) != 0
        codes[praised] = against[praised]
        codes[(columns["flags"] & SPOKE_AGAINST) != 0] = 2
        return codes

    return Legend(names, (BLUE, VERMILLION, GREEN, "#dbe6ee", "#f3dfd2"), code)


def _refused(_: Callable[[], Iterator[Columns]]) -> Legend:
    def code(columns: Columns) -> Codes:
        codes: Codes = ((columns["ever"] & REFUSED_EVER) != 0).astype(np.uint8)
        codes[(columns["ever"] & INNOCENT_EVER) != 0] = 2
        return codes

    names = ("never refused", "refused", "refused, having done nothing themselves")
    return Legend(names, (PLAIN, BLUE, VERMILLION), code)


def _scored(columns: Columns) -> tuple[NDArray[Any], NDArray[Any]]:
    points = _points(columns)
    return points, points > 0


def _share(having: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    return having, np.ones(len(having), bool)


KINDS: dict[str, Kind] = {
    "score": Kind(
        "Who has which score",
        ("score", "flags"),
        _score,
        Rate("The mean score of those who have one", _scored, 1 / 32, "points"),
    ),
    "listed": Kind(
        "Who stands on a list",
        ("flags",),
        _listed,
        Rate("How many stand on a list", lambda c: _share((c["flags"] & LISTED) != 0)),
    ),
    "says": Kind(
        "What people said of the order that month, and what they think",
        ("flags", "outlook"),
        _says,
        Rate(
            "How many praised the order that month and think otherwise",
            lambda c: _share(((c["flags"] & SPOKE_FOR) != 0) & (c["outlook"] < 0)),
        ),
    ),
    "refused": Kind(
        "Who was ever refused a seat, a loan, a job or a school",
        ("ever",),
        _refused,
        Rate(
            "How many were ever refused a seat, a loan, a job or a school",
            lambda c: _share((c["ever"] & REFUSED_EVER) != 0),
        ),
    ),
}


# ---- the curve ----------------------------------------------------------------------------------------------------


@cache
def _pattern(ax: int, ay: int, bx: int, by: int) -> NDArray[np.int32]:
    """(cells, 2): the way through a rectangle spanned by two vectors, each along an axis; from its corner (0, 0)."""
    wide, high = abs(ax + ay), abs(bx + by)
    step_a, step_b = np.sign((ax, ay)), np.sign((bx, by))
    if high == 1:
        return np.asarray(np.arange(wide)[:, None] * step_a, np.int32)
    if wide == 1:
        return np.asarray(np.arange(high)[:, None] * step_b, np.int32)
    a, b = np.array((ax, ay)), np.array((bx, by))
    half_a, half_b = a // 2, b // 2
    if 2 * wide > 3 * high:
        if abs(int(half_a.sum())) % 2 and wide > 2:
            half_a = half_a + step_a
        parts = [((0, 0), half_a, b), (half_a, a - half_a, b)]
    else:
        if abs(int(half_b.sum())) % 2 and high > 2:
            half_b = half_b + step_b
        last = (a - step_a) + (half_b - step_b)
        parts = [((0, 0), half_b, half_a), (half_b, a, b - half_b), (last, -half_b, -(a - half_a))]
    found = [_pattern(*map(int, (*u, *v))) + np.asarray(at, np.int32) for at, u, v in parts]
    return np.concatenate(found)


def curve(wide: int, high: int) -> NDArray[np.int64]:
    """(wide * high,) the pixel (row * wide + column) of each step of a Hilbert curve through a rectangle."""
    way = _pattern(wide, 0, 0, high) if wide >= high else _pattern(0, high, wide, 0)
    _pattern.cache_clear()
    return way[:, 1].astype(np.int64) * wide + way[:, 0]


def rectangle(pixels: int) -> tuple[int, int]:
    """(width, height), even, of the most nearly square rectangle that has room for so many pixels."""
    wide = 2 * math.ceil(math.sqrt(pixels) / 2)
    return wide, 2 * math.ceil(pixels / wide / 2)


# ---- pixels -------------------------------------------------------------------------------------------------------


def colours_of(codes: Codes, colours: Sequence[str]) -> NDArray[np.uint8]:
    """(pixels, 3) colours of pixels in a row, by code."""
    return np.asarray(np.array([_rgb(colour) for colour in colours], np.uint8)[codes])


def rates_of(blocks: Iterator[Columns], rate: Rate, share: int) -> NDArray[np.float64]:
    """(pixels,) rates of so many people each, in a row; not a number where there is nothing to divide by.

    The blocks are of a multiple of `share` people, but for the last.
    """
    sums = []
    for columns in blocks:
        parts = rate.parts(columns)
        first = np.arange(0, len(parts[0]), share)
        sums.append([np.add.reduceat(part.astype(np.float64), first) for part in parts])
    above, below = np.concatenate(sums, axis=1)
    rates: NDArray[np.float64] = np.full(len(below), np.nan)
    np.divide(rate.scale * above, below, out=rates, where=below > 0)
    return rates


def rate_legend(values: NDArray[np.float64], unit: str) -> tuple[Legend, list[float]]:
    """Seven steps in which all but the outermost of the values lie, and their edges. BadInput where there is none."""
    known = values[~np.isnan(values)]
    if not len(known):
        raise BadInput([Problem("--measure", 0, 0, "nobody is scored in this world", "listed, says or refused")])
    low, high, most = np.quantile(known, (0.02, 0.98, 1.0)).tolist()
    high = most if high == low else high
    least = max((high - low) / (len(CIVIDIS) - 2), 1e-3)
    size = 10.0 ** math.floor(math.log10(least))
    edges, names = _steps(low, high, next(step * size for step in (1, 2, 5, 10) if step * size >= least * (1 - 1e-9)))
    names[0] = f"{names[0]} {unit}"
    none = ("nobody scored",) if known.size < values.size else ()

    def code(rates: NDArray[np.float64]) -> Codes:
        return np.where(np.isnan(rates), len(CIVIDIS), np.searchsorted(edges, rates, side="right")).astype(np.uint8)

    return Legend((*names, *none), (*CIVIDIS, *(PLAIN for _ in none)), code), edges


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A picture (height, width, 3) of red, green and blue as a PNG: with a palette where 256 colours are enough."""
    high, wide, _ = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    found, index = np.unique(packed, return_inverse=True)
    few = len(found) <= 256
    rows = index.reshape(high, wide).astype(np.uint8) if few else pixels.reshape(high, 3 * wide)
    data = np.zeros((high, rows.shape[1] + 1), np.uint8)  # each row begins with its filter: none
    data[:, 1:] = rows
    palette = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.uint8).tobytes() if few else b""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 3 if few else 2, 0, 0, 0))]
    parts += [(b"PLTE", palette)] * few + [(b"IDAT", zlib.compress(data.tobytes(), 6)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + name + d + struct.pack(">I", zlib.crc32(name + d)) for name, d in parts)
    return b"\x89PNG\r\n\x1a\n" + body


def borders(of: NDArray[np.int16]) -> str:
    """The lines between pixels of different regions (height, width; -1 nobody's), as an SVG path."""
    lines = []
    for turned in (False, True):
        grid = of.T if turned else of
        edges = grid[1:] != grid[:-1]
        edges &= (grid[1:] >= 0) & (grid[:-1] >= 0)
        for row in np.flatnonzero(edges.any(axis=1)):
            ends = np.flatnonzero(np.diff(edges[row].astype(np.int8), prepend=0, append=0))
            for a, b in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
                lines.append(f"M{row + 1} {a}V{b}" if turned else f"M{a} {row + 1}H{b}")
    return "".join(lines)


# ---- the picture --------------------------------------------------------------------------------------------------


def draw(
    study: Study, world: str | None = None, measure: str = "score", beside: str | None = None, names: bool = True
) -> bytes:
    """A map as a PNG.

    world: by default the last of the study. measure: 'score', 'listed', 'says' or 'refused'. beside: a second world to
    its left, the same people with the same luck. names: whether regions have borders and names. Raises BadInput for
    other names and for a run of which no last state was kept.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg(study, world, measure, beside, names), scale=1))


def svg(study: Study, world: str | None, measure: str, beside: str | None, names: bool) -> str:
    """The map as an SVG of the pixels' own size, its pixels inside it."""
    kind = KINDS.get(measure)
    if kind is None:
        near = closest(measure, KINDS)
        expected = "" if near else ", ".join(KINDS)
        raise BadInput([Problem("--measure", 0, 0, f"there is no map of `{measure[:40]}`", expected, near)])
    chosen = [_number(study, name) for name in ([beside] if beside else []) + [world or study.worlds[-1]]]
    state = last_state(study)
    first = state.read("region_first")
    people = int(state.about["people"])
    share = 1 if people <= MOST_PIXELS else -(-people // OF_A_NATION)
    pixels = -(-people // share)
    block = share * max(BLOCK // share, 1)

    def walk(worlds: Sequence[int]) -> Iterator[Columns]:
        for k in worlds:
            parts = [state.blocks(f"{k}/people/{c}", block) for c in kind.columns]
            for arrays in zip(*parts, strict=True):
                yield dict(zip(kind.columns, arrays, strict=True))

    if share == 1:
        legend = kind.legend(lambda: walk(chosen))
        codes = [np.concatenate([legend.code(columns) for columns in walk([k])]) for k in chosen]
    else:
        values = np.stack([rates_of(walk([k]), kind.rate, share) for k in chosen])
        legend, _ = rate_legend(values, kind.rate.unit)
        codes = list(legend.code(values))
    wide, high = rectangle(pixels)
    way = curve(wide, high)
    zoom = max(1, -(-NARROWEST // (wide * len(chosen))))
    regions = np.full(wide * high, -1, np.int16)
    regions[way[:pixels]] = np.searchsorted(first, np.arange(pixels) * share, side="right") - 1
    over = _regions(regions.reshape(high, wide), state.about["regions"], zoom) if names else ""
    page = _Page(wide * zoom, high * zoom, len(chosen))
    rates = []
    for place, (k, mine) in enumerate(zip(chosen, codes, strict=True)):
        picture = np.full((wide * high, 3), _rgb(NOBODY), np.uint8)
        picture[way[:pixels]] = colours_of(mine, legend.colours)
        rates.append(np.bincount(mine, minlength=len(legend.names)) * 1000 / pixels)
        large = picture.reshape(high, wide, 3).repeat(zoom, axis=0).repeat(zoom, axis=1)
        page.panel(place, large, over, words.first_upper(study.scenario.regimes[k].title))
    page.legend(legend, rates)
    scenario = study.scenario
    date = words.month(state.about["month"])
    each = "a person" if share == 1 else f"{share:,} people"
    about = f"{scenario.society.title} · {date} · {people:,} people, one pixel {each}, neighbours side by side"
    brackets = f"In brackets: of every 1,000 {'people' if share == 1 else 'pixels'}"
    scale = f"1 pixel = {share:,} {'person' if share == 1 else 'people'}"
    places = "places follow the order of regions, not geography"
    version = f"invented people · Sincerity {words.version(study)}"
    stamp = f"{brackets} · {places} · {scale} · seed {state.about['seed']} · {version}"
    return page.svg(kind.title if share == 1 else kind.rate.title, about, stamp)


def last_state(study: Study) -> State:
    """The last state that a run kept; StoreError, with what to do, where it kept none or it is damaged."""
    told = study.manifest.get("state") or {}
    again = f"the run made again with it: {study.command} --again --state"
    if not told.get("file"):
        raise StoreError(study.folder, f"no last state was kept of this run: {told.get('why', 'it is older')}", again)
    state = State(study.folder / str(told["file"]), again)
    if state.about.get("key") != study.manifest["key"]:
        raise StoreError(state.path, "this is the state of another run", again)
    return state


def _number(study: Study, name: str) -> int:
    if name not in study.worlds:
        near = closest(name, study.worlds)
        expected = "" if near else ", ".join(study.worlds)
        raise BadInput([Problem(name, 0, 0, "no world in this run has this name", expected, near)])
    return study.worlds.index(name)


def _regions(of: NDArray[np.int16], names: Sequence[str], zoom: int) -> str:
    """Borders of the regions, and the names of the larger ones, over a panel."""
    high, wide = of.shape
    large = min(wide, high) * zoom
    lines = f'<path d="{borders(of)}" transform="scale({zoom})" stroke-width="{max(large / 900, 1) / zoom:.3f}"/>'
    found = [lines.replace("<path", f'<path fill="none" stroke="{INK}" stroke-opacity="0.75"')]
    for k, name in enumerate(names):
        mine = of == k
        many = int(np.count_nonzero(mine))
        if many < LABELLED * of.size:
            continue
        size = min(large / 42, math.sqrt(many) * zoom / len(name) * 1.3)
        if size < max(LEGIBLE, large / SMALLEST):
            continue
        half = 0.3 * size * len(name)
        x = min(max(_middle(mine.sum(axis=0)) * zoom, half), wide * zoom - half)
        y = _middle(mine.sum(axis=1)) * zoom
        style = f'font-size="{size:.1f}" stroke="#ffffff" stroke-width="{size / 4:.1f}" paint-order="stroke"'
        found.append(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{INK}" {style}>{escape(name)}</text>')
    return "".join(found)


def _middle(counts: NDArray[np.int64]) -> int:
    """The place of the median, where `counts` says how many are at each."""
    return int(np.searchsorted(np.cumsum(counts), int(counts.sum()) / 2))


class _Page:
    """One or two panels, side by side, with title, legend and stamp."""

    def __init__(self, wide: int, high: int, panels: int) -> None:
        self.wide, self.high = wide, high
        self.gap = max(16, wide // 40)
        self.whole = panels * wide + (panels + 1) * self.gap
        self.size = max(12.0, self.whole / 62)
        self.top = round(self.size * 6.4)
        self.parts: list[str] = []
        self.below = float(self.top + high + self.gap)

    def text(self, x: float, y: float, text: str, size: float, colour: str = INK, weight: int = 400) -> None:
        """A line of text."""
        style = f'font-size="{size:.1f}" font-weight="{weight}" fill="{colour}"'
        self.parts.append(f'<text x="{x:.0f}" y="{y:.0f}" {style}>{escape(text)}</text>')

    def panel(self, place: int, pixels: NDArray[np.uint8], over: str, title: str) -> None:
        """The pixels of one world."""
        x = self.gap + place * (self.wide + self.gap)
        data = base64.b64encode(png(pixels)).decode()
        box = f'x="{x}" y="{self.top}" width="{self.wide}" height="{self.high}"'
        self.parts.append(f'<image {box} image-rendering="optimizeSpeed" href="data:image/png;base64,{data}"/>')
        self.parts.append(f'<g transform="translate({x} {self.top})">{over}</g>')
        self.text(x, self.top - self.size * 0.7, title, self.size, weight=600)

    def legend(self, legend: Legend, rates: Sequence[NDArray[np.float64]]) -> None:
        """What each colour means, and how many of 1,000 have it in each world."""
        size, x, y = self.size * 0.95, float(self.gap), self.below + self.size
        for k, (name, colour) in enumerate(zip(legend.names, legend.colours, strict=True)):
            text = f"{name} ({' | '.join(_rate(float(rate[k])) for rate in rates)})"
            long = size * (1.9 + 0.54 * len(text))
            if x + long > self.whole - self.gap and x > self.gap:
                x, y = float(self.gap), y + size * 1.7
            box = f'x="{x:.0f}" y="{y - size * 0.85:.0f}" width="{size:.0f}" height="{size:.0f}"'
            self.parts.append(f'<rect {box} fill="{colour}" stroke="{SOFT}" stroke-width="0.5"/>')
            self.text(x + size * 1.35, y, text, size)
            x += long
        self.below = y + size * 0.8

    def svg(self, title: str, about: str, stamp: str) -> str:
        """The whole document."""
        s = self.size
        self.text(self.gap, s * 2.0, title, s * 1.5, weight=600)
        self.text(self.gap, s * 3.7, about, s * 0.95, SOFT)
        self.text(self.gap, self.below + s * 1.4, stamp, s * 0.85, SOFT)
        high = self.below + s * 2.4
        size = f'width="{self.whole}" height="{high:.0f}" viewBox="0 0 {self.whole} {high:.0f}"'
        head = f'xmlns="http://www.w3.org/2000/svg" {size} font-family="{SANS}"'
        return f'<svg {head}><rect width="100%" height="100%" fill="{NOBODY}"/>{"".join(self.parts)}</svg>'


def _rate(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"


def file_name(world: str, measure: str, beside: str | None) -> str:
    """How a map is called in its run folder."""
    return f"map-{measure}-{f'{beside}-' if beside else ''}{world}.png"
