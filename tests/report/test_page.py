"""The report: one file that reaches nowhere, whose charts carry their stamp and their data."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from markupsafe import escape

from sincerity.report import page
from sincerity.report.charts import CHARTS
from sincerity.report.words import GLOSSARY
from sincerity.study.study import Study
from study.fake import fake_scenario, make_study

VOID = {"meta", "link", "br", "img", "hr", "input", "col", "area", "base", "wbr"}


class Reader(HTMLParser):
    """Collects tags and what they would load; complains about a tag closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [
            v or "" for name, v in attrs if name in ("src", "href", "xlink:href", "data", "srcset", "action")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(document: str) -> Reader:
    reader = Reader()
    reader.feed(document)
    return reader


def test_it_is_whole_html_without_scripts(document: str) -> None:
    reader = read(document)
    assert reader.open == []
    assert "script" not in reader.tags
    assert reader.tags.count("h1") == 1


def test_it_loads_nothing(document: str) -> None:
    assert [target for target in read(document).loads if not target.startswith("#")] == []
    assert re.findall(r"url\((?!#)[^)]*\)|@import", document) == []
    assert "default-src 'none'" in document


def test_every_chart_stands_in_it_with_stamp_and_data(document: str) -> None:
    pictures = re.findall(r"<figure.*?</details>", document, re.DOTALL)
    assert len(pictures) == len(CHARTS) >= 4
    for picture in pictures:
        svg = re.search(r"<svg.*</svg>", picture, re.DOTALL)
        assert svg is not None
        assert "invented people" in svg.group()
        assert "3 seeds" in svg.group()
        assert "Sincerity" in svg.group()
        table = re.search(r"<table.*?</table>", picture, re.DOTALL)
        assert table is not None
        assert table.group().count("<tr") > 2


def test_it_calls_the_score_what_it_is_and_says_what_was_assumed(document: str) -> None:
    text = re.sub(r"<[^>]+>", " ", document)
    assert "never built" in text
    assert "Invented people; not a forecast" in text
    assert "sincerity compare none citizen-score" in text
    assert "assumed" in text
    ids = re.findall(r'\bid="([^"]+)"', document)
    assert len(ids) == len(set(ids))


def test_regimes_stand_side_by_side_where_there_are_several(document: str, study_of: Callable[..., Study]) -> None:
    assert "What each regime changes" not in document
    text = page.render(study_of(regimes=("none", "a", "citizen-score")))
    assert text.index("What each regime changes, side by side") < text.index("<h3>")
    assert read(text).open == []


def test_a_size_test_is_called_one(tmp_path: Path) -> None:
    words = "1,300,000,000 people are more than the 1,112,784,302 adults of china-2020: a size test."
    assert words in page.render(make_study(tmp_path, replace(fake_scenario(), warnings=(words,))))


def test_the_words_are_explained(document: str) -> None:
    for word in GLOSSARY:
        assert str(escape(word.meaning)) in document
