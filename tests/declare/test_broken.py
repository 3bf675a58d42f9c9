"""Broken files: each says all that is wrong with it, where, and what was expected; never a traceback.

`python tests/declare/test_broken.py` writes the expected texts anew: read them before you keep them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sincerity.declare import catalogue
from sincerity.declare.problems import BadInput, Problem, closest

BROKEN = Path(__file__).parent / "broken"


def said(path: Path) -> str:
    """Return the message about a broken file, with file names as seen from its own folder."""
    read = catalogue.society if path.name.startswith("society_") else catalogue.regime
    try:
        read(str(path))
    except BadInput as error:
        return str(error).replace(f"{_seen(path.parent)}/", "") + "\n"
    raise AssertionError(f"{path.name} is not broken")


def _seen(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


HEADER = b"name: broken\ntitle: t\nshort: s\nplace: p\nyears: any\nbuilt: no\nsummary: s\n"


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_file_says_what_is_wrong(path: Path) -> None:
    assert said(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_enough_broken_files() -> None:
    assert len(list(BROKEN.glob("*.yaml"))) >= 40
    assert len(list(BROKEN.glob("*.yaml"))) == len(list(BROKEN.glob("*.txt")))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (HEADER + b"# caf\xe9\n", "broken.yaml:8:6: byte 0xe9 is not UTF-8"),
        ("name: broken".encode("utf-16"), "broken.yaml: the file is UTF-16"),
        (b"a: b\n" * 2_100_000, "broken.yaml: the file is larger than 512 KiB"),
        (b"\x00\x01\x02", "broken.yaml:1:1: a control character (U+0000)"),
        (b"a: [" * 100_000, "broken.yaml:1:25: nested more than 12 deep"),
        (HEADER + b"x: [" + b"1, " * 150_000 + b"]", "broken.yaml:8:59954: more than 20,000 keys and values"),
        (b"a: &a [b, b]\nc: &c [*a, *a]\nd: [*c, *c]\n", "broken.yaml:1:4: anchors (&) and aliases (*) are not read"),
    ],
    ids=["latin-1", "utf-16", "ten megabytes", "binary", "deep", "long", "alias bomb"],
)
def test_texts_that_are_no_declared_file(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(data)
    with pytest.raises(BadInput) as caught:
        catalogue.regime(str(path))
    assert str(caught.value).splitlines()[0] == f"{tmp_path}/{message}"


def test_a_byte_order_mark_is_not_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + HEADER)
    assert catalogue.regime(str(path)).name == "broken"


@pytest.mark.parametrize(
    ("given_name", "message"),
    [
        ("citizen score", "no regime is called `citizen score`"),
        ("nowhere/regime.yaml", "there is no such file"),
        ("a\0b.yaml", "there is no such file"),
        ("x" * 5_000 + ".yaml", "the file cannot be read: file name too long"),
        ("", "no regime is called ``"),
        ("\ud800", "no regime is called"),
    ],
)
def test_names_that_lead_nowhere(given_name: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        catalogue.regime(given_name)
    assert message in str(caught.value)


def test_a_folder_and_a_device_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="this is a folder"):
        catalogue.regime(f"{tmp_path}/")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(BadInput, match="there is no such file"):
        catalogue.regime(str(tmp_path / "pipe.yaml"))


def test_a_message_cannot_steer_the_terminal() -> None:
    problem = Problem("a.yaml", 1, 1, "unknown key `\x1b[31mred`", text="\x1b[2J: 1")
    assert "\x1b" not in str(problem)


def test_many_problems_are_counted() -> None:
    error = BadInput([Problem("a.yaml", line, 1, "wrong") for line in range(1, 101)])
    assert len(error.problems) == 100
    assert str(error).endswith("… and 60 more")


def test_a_long_line_is_shown_around_the_column() -> None:
    text = "a" * 300 + " here " + "b" * 300
    shown = str(Problem("a.yaml", 1, 301, "wrong", text=text)).splitlines()[1]
    assert " here " in shown
    assert len(shown) < 170


@pytest.mark.parametrize(
    ("word", "near"), [("thresold", "threshold"), ("fast-train", "fast_train"), ("Loan", "loan"), ("zzz", "")]
)
def test_closest(word: str, near: str) -> None:
    assert closest(word, ["threshold", "fast_train", "loan"]) == near


def _only_bad_input(path: Path) -> None:
    for read in (catalogue.regime, catalogue.society):
        try:
            read(str(path))
        except BadInput as error:
            assert error.problems  # noqa: PT017 - either outcome is right
            assert str(error)  # noqa: PT017


QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_bad_input_or_a_regime(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(data)
    _only_bad_input(path)


@QUICK
@given(text=st.text(alphabet="ab:-,[]{}&*!|>%@`'\"#?\n\t 01.~=<", max_size=80))
def test_any_yaml_like_text_is_bad_input_or_a_regime(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(text, encoding="utf-8")
    _only_bad_input(path)


CITIZEN_SCORE = (catalogue.ROOT / "regimes" / "citizen-score" / "regime.yaml").read_text(encoding="utf-8")


@settings(QUICK, max_examples=25)
@given(st.data())
def test_a_damaged_regime_is_bad_input_or_a_regime(tmp_path: Path, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(CITIZEN_SCORE)))
    end = data.draw(st.integers(start, min(start + 40, len(CITIZEN_SCORE))))
    scrap = data.draw(
        st.sampled_from(["", "null", "[", "{a: b}", ": ", "\n", "-1e9", "yes", "'", "[1, 2]", "é", "- x\n"])
    )
    path = tmp_path / "damaged.yaml"
    path.write_text(CITIZEN_SCORE[:start] + scrap + CITIZEN_SCORE[end:], encoding="utf-8")
    _only_bad_input(path)


ANY_NODE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=6,
)
SECTIONS = ("sources", "rated", "score", "accounts", "points", "ties", "channels", "lists", "gates", "phases", "firms")


@settings(QUICK, max_examples=50)
@given(sections=st.dictionaries(st.sampled_from(SECTIONS), ANY_NODE, max_size=4))
def test_any_shape_of_a_section_is_bad_input_or_a_regime(tmp_path: Path, sections: dict[str, object]) -> None:
    path = tmp_path / "shape.yaml"
    lines = [f"{name}: {json.dumps(node, ensure_ascii=True)}\n" for name, node in sections.items()]
    path.write_bytes(HEADER + "".join(lines).encode())
    _only_bad_input(path)
    reform = "name: broken\nextends: citizen-score\n" + "".join(lines)
    path.write_text(reform, encoding="utf-8")
    _only_bad_input(path)


if __name__ == "__main__":
    for broken in sorted(BROKEN.glob("*.yaml")):
        broken.with_suffix(".txt").write_text(said(broken), encoding="utf-8")
