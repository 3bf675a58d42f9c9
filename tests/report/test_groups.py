"""Who bears it: every group beside itself under ordinary law, few cases left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sincerity.report import page, words
from sincerity.report.groups import BORNE, BY, groups
from sincerity.study.study import Study


def test_every_group_stands_with_what_the_regime_changes_for_it(fake_study: Study) -> None:
    found = groups(fake_study, "citizen-score")
    assert [heading for heading, *_ in found.rows if heading] == list(BY.values())
    assert len(found.rows) == 1 + sum(len(fake_study.groups(by)) for by in BY)
    for k, measure in enumerate(BORNE):
        mine, base = (fake_study.series(measure, world, "sex", "women") for world in ("citizen-score", "none"))
        ever = measure.endswith("_ever")
        change = np.array([s.rates[:, -1].mean() if ever else (s.counts[:, -1] / s.of[:, -1]).mean() * 1e3
                           for s in (mine, base)])  # fmt: skip
        row = next(cells for _, name, _, cells in found.rows if name == "women")
        shown = row[k].replace(words.FIGURE_SPACE, "").replace(words.POINT_SPACE, "")
        assert shown == words.number(change[0] - change[1], sign=True)


def test_few_cases_are_a_dot(study_of: Callable[..., Study]) -> None:
    study = study_of(people=1_000)
    few = study.tally("decile").of_world("citizen-score", "1")["on_list"].sum()
    cells = next(cells for _, name, _, cells in groups(study, "citizen-score").rows if name == "the poorest tenth")
    assert (cells[0].strip() == "·") == (few < 20)


def test_the_page_shows_groups_and_twins(document: str) -> None:
    for id in ("groups", "twins"):
        assert f'<section id="{id}">' in document
        assert f'href="#{id}"' in document
    assert "the poorest tenth" in document


def test_every_regime_stands_on_the_page_and_one_is_open(study_of: Callable[..., Study]) -> None:
    names = ("none", "a", "b", "c", "citizen-score")
    text = page.render(study_of(regimes=names))
    assert text.count("In words, its table and its pictures") == len(names) - 2
    assert text.count("<h2>In pictures</h2>") == 1
