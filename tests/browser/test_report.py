"""The report in a real browser: offline, with scripts on and off, dark, narrow, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sincerity as sc
from browser.chromium import Browser, found
from sincerity.report.charts import CHARTS

pytestmark = pytest.mark.skipif(
    found() is None, reason="no chromium on this machine (Debian: apt-get install chromium); .ci/run installs it"
)
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
OPENED = "document.querySelectorAll('details').forEach(part => part.open = true)"
"""The reader opens all that is closed: pictures of all regimes but one are."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two regimes beside ordinary law, with a life and a map."""
    regimes = ["none", "pilots-2015", "citizen-score"]
    return sc.compare(regimes, people="2k", years=3, seeds=2, out=tmp_path_factory.mktemp("runs")).report()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def browser(shared: Browser) -> Browser:
    """A wide, light window with scripts."""
    shared.scripts(True)
    shared.dark(False)
    shared.width(1280)
    return shared


@pytest.mark.parametrize("scripts", [True, False])
def test_it_opens_offline_and_every_picture_is_there_and_named(report: Path, browser: Browser, scripts: bool) -> None:
    browser.scripts(scripts)
    browser.open(report)
    asked = [address for address in browser.requests() if not address.startswith("data:")]
    assert asked == [report.resolve().as_uri()]
    assert browser.complaints() == []
    browser.ask_page(OPENED)
    drawn = browser.ask_page("""[...document.querySelectorAll('figure svg')].map(svg => {
        const box = svg.getBoundingClientRect(), marks = svg.querySelectorAll('path, rect, circle, line, image');
        return box.width > 300 && box.height > 80 && marks.length > 5})""")
    assert len(drawn) >= 2 * (len(CHARTS) - 1) + 2
    assert all(drawn)
    named = [name for role in ("image", "img") for name in browser.named(role)]
    assert len([name for name in named if re.search(r"\? (Chart|Map), ", name)]) == len(drawn)


def test_the_test_would_see_a_request_and_a_complaint(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<img src='http://sincerity.invalid/a.png'><script>console.error('seen')</script>")
    browser.open(page)
    assert "http://sincerity.invalid/a.png" in browser.requests()
    assert "seen" in "".join(browser.complaints())
    browser.scripts(False)
    browser.open(page)
    assert "seen" not in "".join(browser.complaints())


@pytest.mark.parametrize("pixels", [390, 768, 1280])
def test_nothing_scrolls_sideways_but_tables_and_pictures(report: Path, browser: Browser, pixels: int) -> None:
    browser.width(pixels)
    browser.open(report)
    assert browser.ask_page("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert browser.ask_page("innerWidth") == pixels


def test_contents_lead_to_sections(report: Path, browser: Browser) -> None:
    browser.open(report)
    missing = browser.ask_page("""[...document.querySelectorAll('nav a')].filter(link =>
        !document.querySelector(link.getAttribute('href') + ' h2')).length""")
    assert missing == 0
    assert browser.ask_page("document.querySelectorAll('nav a').length") >= 7


@pytest.mark.parametrize("pixels", [390, 1280])
def test_words_in_tables_are_not_cut_into_letters(report: Path, browser: Browser, pixels: int) -> None:
    browser.width(pixels)
    browser.open(report)
    browser.ask_page(OPENED)
    narrow = browser.ask_page("""[...document.querySelectorAll('td, th')].filter(cell =>
        cell.offsetParent && cell.textContent.trim().length > 12 && cell.offsetWidth < 45)
        .map(cell => cell.textContent)""")
    assert narrow == []


def test_it_is_dark_for_those_who_prefer_it(report: Path, browser: Browser) -> None:
    browser.open(report)
    light = browser.ask_page(BACKGROUND)
    browser.dark(True)
    assert (light, browser.ask_page(BACKGROUND)) == ("rgb(255, 255, 255)", "rgb(22, 23, 26)")
    weak = browser.ask_page("""[...document.querySelectorAll('.chart svg [fill]')].filter(mark => {
        if (mark.tagName !== 'text') return false;
        const [r, g, b] = getComputedStyle(mark).fill.match(/\\d+/g)?.map(Number) ?? [255, 255, 255];
        return 0.2126 * r + 0.7152 * g + 0.0722 * b < 100}).length""")
    assert weak == 0


def test_it_prints(report: Path, browser: Browser) -> None:
    browser.open(report)
    pdf = browser.pdf()
    assert pdf.startswith(b"%PDF")
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
