"""Maps: the curve keeps neighbours together, each person has one pixel, and what is asked wrongly is told."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import sincerity as sc
from sincerity.cli.main import execute
from sincerity.declare.problems import BadInput
from sincerity.people.columns import ENROLLED, LISTED, SPOKE_AGAINST, SPOKE_FOR
from sincerity.report import map as maps
from sincerity.report.map import (
    KINDS,
    Columns,
    Legend,
    borders,
    colours_of,
    curve,
    png,
    quantile,
    rate_legend,
    rates_of,
    rectangle,
)
from sincerity.study.store import StoreError


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> sc.Study:
    """Two thousand people, six years: the regime has begun, and some are refused."""
    return sc.compare(["none", "citizen-score"], people="2k", years=6, seeds=2, out=tmp_path_factory.mktemp("runs"))


def decoded(picture: bytes) -> NDArray[np.uint8]:
    """The (height, width, 3) pixels of a PNG that `png` wrote."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, parts = 8, {}
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        name, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert struct.unpack(">I", picture[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + data)
        parts[name] = data
        at += 12 + length
    wide, high, depth, colour = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert depth == 8
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(high, -1)
    assert not rows[:, 0].any()
    if colour == 3:
        return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]
    return rows[:, 1:].reshape(high, wide, 3)


# ---- the curve ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 2, 1000, 1001, 1024, 4099, 10_007, 65_536, 99_999])
def test_the_curve_goes_once_through_every_pixel_and_never_jumps(people: int) -> None:
    wide, high = rectangle(people)
    assert people <= wide * high <= people + 2 * (wide + high)
    way = curve(wide, high)
    assert (np.sort(way) == np.arange(wide * high)).all()
    steps = np.abs(np.diff(way % wide)) + np.abs(np.diff(way // wide))
    assert steps.max(initial=1) == 1


def test_a_town_is_a_patch() -> None:
    """4,096 people in a row lie within a few times the square that they fill."""
    wide, high = rectangle(100_000)
    way = curve(wide, high)
    for first in range(0, 95_000, 5_003):
        mine = way[first : first + 4096]
        assert np.ptp(mine % wide) < 4 * 64
        assert np.ptp(mine // wide) < 4 * 64


# ---- pixels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colours", [3, 256, 5000])
def test_a_png_holds_its_pixels(colours: int) -> None:
    luck = np.random.default_rng(1)
    palette = luck.integers(0, 256, (colours, 3), np.uint8)
    pixels = palette[luck.integers(0, colours, (31, 47))]
    assert (decoded(png(pixels)) == pixels).all()


def test_each_person_has_a_colour() -> None:
    pixels = colours_of(np.array([0, 1, 2, 0], np.uint8), ("#010203", "#040506", "#070809"))
    assert pixels.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 2, 3]]


def test_where_people_share_a_pixel_it_has_their_rate() -> None:
    def blocks() -> Iterator[Columns]:
        yield {"flags": np.array([LISTED, 0, 0, LISTED], np.uint16)}
        yield {"flags": np.array([LISTED], np.uint16)}

    assert rates_of(blocks(), KINDS["listed"].rate, 2).tolist() == [500, 500, 1000]


def test_pixels_in_which_nobody_is_scored_have_no_rate() -> None:
    columns = {"score": np.array([3200, 6400, 3200], np.uint16), "flags": np.array([ENROLLED, ENROLLED, 0], np.uint16)}
    found = rates_of(iter([columns]), KINDS["score"].rate, 2)
    assert found[0] == 150
    assert np.isnan(found[1])
    told, _ = rate_legend(found, "points")
    assert told.names[-1] == "nobody scored"
    with pytest.raises(BadInput, match="nobody is scored"):
        rate_legend(found[1:], "points")


@pytest.mark.parametrize(("low", "high"), [(20.0, 45.0), (0.001, 0.02), (0.0, 0.0), (100.0, 900.0), (3.0, 3.1)])
def test_steps_of_rates_are_round_and_hold_what_is_usual(low: float, high: float) -> None:
    values = np.linspace(low, high, 1_000)
    told, edges = rate_legend(values, "of 1,000")
    assert len(told.names) == len(told.colours) == len(edges) + 1
    codes = np.searchsorted(edges, values, side="right")
    assert np.bincount(codes, minlength=7)[[0, 6]].max() <= (350 if high > low else 1_000)
    step = edges[1] - edges[0]
    assert step / 10.0 ** np.floor(np.log10(step) + 1e-9) == pytest.approx(
        round(step / 10.0 ** np.floor(np.log10(step) + 1e-9))
    )
    assert told.names[0].endswith("of 1,000")
    assert len(set(told.names)) == len(told.names)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.98, 1.0])
def test_quantiles_of_counts_are_those_of_the_numbers(share: float) -> None:
    numbers = np.random.default_rng(2).integers(0, 50, 333)
    assert quantile(np.bincount(numbers, minlength=80), share) == pytest.approx(np.quantile(numbers, share))


def test_borders_run_between_regions_only() -> None:
    assert borders(np.zeros((4, 4), np.int16)) == ""
    halves = np.zeros((2, 4), np.int16)
    halves[:, 2:] = 1
    assert borders(halves) == "M2 0V2"
    assert borders(halves.T) == "M0 2H2"
    halves[:, 2:] = -1
    assert borders(halves) == ""


# ---- measures -------------------------------------------------------------------------------------------------------


def legend(measure: str, *worlds: Columns) -> Legend:
    """What is told apart in these worlds."""
    return KINDS[measure].legend(lambda: iter(worlds))


def test_what_is_said_is_told_from_what_is_thought() -> None:
    flags = np.array([SPOKE_FOR, SPOKE_FOR, SPOKE_AGAINST, SPOKE_AGAINST, 0, 0], np.uint16)
    outlook = np.array([9, -9, 9, -9, 9, -9], np.int16)
    assert legend("says").code({"flags": flags, "outlook": outlook}).tolist() == [0, 1, 2, 2, 3, 4]


def test_lists_and_refusals() -> None:
    flags = {"flags": np.array([0, LISTED, 0xFFFF ^ LISTED], np.uint16)}
    assert legend("listed").code(flags).tolist() == [0, 1, 0]
    assert legend("refused").code({"ever": np.array([0, 1, 3, 4], np.uint8)}).tolist() == [0, 1, 2, 0]


def test_scores_have_steps_that_both_worlds_share() -> None:
    scores = (np.arange(400, 900) * 32).astype(np.uint16)
    enrolled = np.full(500, ENROLLED, np.uint16)
    worlds = [{"score": scores, "flags": enrolled}, {"score": scores, "flags": enrolled * 0}]
    both = legend("score", *worlds)
    codes, none = (both.code(world) for world in worlds)
    assert (none == len(both.names) - 1).all()
    assert (np.diff(codes.astype(int)) >= 0).all()
    assert both.names[0] == "below 400"
    assert both.names[1] == "400–500"
    assert codes[0] == 1
    assert set(codes.tolist()) == {1, 2, 3, 4, 5}
    with pytest.raises(BadInput, match="nobody is scored"):
        legend("score", worlds[1])


def test_the_brackets_say_what_the_census_says(lived: sc.Study) -> None:
    """On lists and ever refused in the last month of the first seed, of every 1,000."""
    for measure, id in (("listed", "on_list"), ("refused", "refused_ever")):
        svg = maps.svg(lived, "citizen-score", measure, "none", names=True)
        counts = [int(lived.series(id, world).counts[0, -1]) for world in lived.worlds]
        state = maps.last_state(lived)
        looked = [{c: state.read(f"{k}/people/{c}") for c in KINDS[measure].columns} for k in (0, 1)]
        assert [int((legend(measure, *looked).code(one) > 0).sum()) for one in looked] == counts
        never = [maps._rate((2000 - count) / 2) for count in counts]
        assert f"({' | '.join(never)})" in svg


@pytest.mark.parametrize("measure", sorted(KINDS))
@pytest.mark.parametrize("beside", [None, "none"])
def test_a_picture_says_what_it_is(lived: sc.Study, measure: str, beside: str | None) -> None:
    svg = maps.svg(lived, None, measure, beside, names=True)
    for said in (KINDS[measure].title, "invented people", "seed 1", "Sincerity 0.1.0", "2,000 people", "May 2020",
                 "China, census of 2020", "The citizen score as the press drew it", "not geography"):  # fmt: skip
        assert said in svg
    assert ("Ordinary law only" in svg) == (beside is not None)
    letters = [float(size) for size in re.findall(r'font-size="([\d.]+)" stroke="#ffffff"', svg)]
    assert letters
    assert min(letters) >= maps.LEGIBLE
    assert svg.count("<image") == (2 if beside else 1)


@pytest.mark.parametrize("measure", sorted(KINDS))
@pytest.mark.parametrize(("pixels", "share"), [(300, 7), (1_999, 2)])
def test_a_nation_is_read_in_blocks_and_has_a_rate_a_pixel(
    lived: sc.Study, measure: str, pixels: int, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MOST_PIXELS", 1_999)
    monkeypatch.setattr(maps, "OF_A_NATION", pixels)
    monkeypatch.setattr(maps, "BLOCK", 64)
    svg = maps.svg(lived, None, measure, None, names=False)
    rate = KINDS[measure].rate
    assert rate.title in svg
    assert f"one pixel {share} people" in svg
    assert f"1 pixel = {share} people" in svg
    assert "of every 1,000 pixels" in svg
    picture = re.search('base64,([^"]+)', svg)
    assert picture is not None
    found = decoded(base64.b64decode(picture[1]))
    wide, high = rectangle(-(-2_000 // share))
    zoom = found.shape[1] // wide
    state = maps.last_state(lived)
    columns = {c: state.read(f"1/people/{c}") for c in KINDS[measure].columns}
    values = rates_of(iter([columns]), rate, share)
    told, edges = rate_legend(values, rate.unit)
    codes = np.where(np.isnan(values), 7, np.searchsorted(edges, values, side="right")).astype(np.uint8)
    drawn = found[::zoom, ::zoom].reshape(-1, 3)[curve(wide, high)[: len(codes)]]
    assert (drawn == colours_of(codes, told.colours)).all()
    assert (len(np.unique(drawn, axis=0)) > 1) == (len(np.unique(values)) > 1)


def test_a_nation_nobody_of_which_is_scored_is_shown_beside_one_that_is(
    lived: sc.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MOST_PIXELS", 1_999)
    monkeypatch.setattr(maps, "OF_A_NATION", 1_000)
    svg = maps.svg(lived, None, "score", "none", names=False)
    assert "nobody scored (1000 | " in svg
    first, second = (decoded(base64.b64decode(found)) for found in re.findall('base64,([^"]+)', svg))
    grey = np.array([0xDD] * 3)
    assert (first == grey).all(axis=2).mean() > 0.9
    assert len(np.unique(second.reshape(-1, 3), axis=0)) > 3


def test_a_map_is_a_png_in_the_run_folder(lived: sc.Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["map", str(lived.folder), "--measure", "listed", "--beside", "none"]) == 0
    path = lived.folder / "map-listed-none-citizen-score.png"
    assert capsys.readouterr().out == f"{path}\n"
    wide, high = struct.unpack(">II", path.read_bytes()[16:24])
    assert wide > 700
    assert high > 300


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--measure", "scores"], "did you mean score?"),
        (["--measure", "zzz"], "expected score, listed, says, refused"),
        (["--world", "nonne"], "did you mean none?"),
        (["--beside", "zzz"], "expected none, citizen-score"),
        (["--world", "none"], "nobody is scored in this world"),
        (["--out", "/nowhere/at/all.png"], "there is no such file or folder"),
    ],
)
def test_what_cannot_be_drawn_is_one_message(
    lived: sc.Study, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["map", str(lived.folder), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_run_without_state_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small: dict[str, Any] = {"people": "1k", "years": 1, "seeds": 1, "out": tmp_path}
    study = sc.run("citizen-score", state=False, **small)
    assert execute(["map", "--runs", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "no last state was kept of this run: not asked for" in said
    assert f"{study.command} --again --state" in said
    again = sc.run("citizen-score", state=True, again=True, **small)
    assert again.map(measure="listed").is_file()
    path = again.folder / str(again.manifest["state"]["file"])
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match=r"cut off(.|\n)*--again --state"):
        again.map(measure="listed")


def test_a_last_state_has_what_maps_read() -> None:
    from sincerity.people.columns import STATE
    from sincerity.study import states

    assert {name for kind in KINDS.values() for name in kind.columns} == set(states.OF_MAPS)
    assert sum(column.bytes for column in STATE if column.name in states.OF_MAPS) == states.BYTES_OF_MAPS
