"""People of a run followed: the run comes out again, counts are those of the census, lives part where told."""

from __future__ import annotations

from pathlib import Path

import pytest

import sincerity as sc
from sincerity.census.lives import Event
from sincerity.cli.main import execute
from sincerity.cli.person import parting
from sincerity.declare.vocabulary import ACTS
from sincerity.report import life, page
from sincerity.study.follow import FOLLOWED, NOT_ACTS, Followed, drawn, read_followed
from sincerity.study.person import BOOKS, first_parting, tell

WORLDS = ["none", "citizen-score", "no-friends"]
SAMPLE = 12


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> sc.Study:
    out = tmp_path_factory.mktemp("runs")
    return sc.compare(WORLDS, people="2k", start="2017-01", years=3, seeds=1, out=out, threads=1)


@pytest.fixture(scope="module")
def followed(lived: sc.Study) -> Followed:
    return lived.follow(SAMPLE, "citizen-score", threads=1)


def test_what_is_kept_is_what_was_found(lived: sc.Study, followed: Followed) -> None:
    assert read_followed(lived) == followed
    assert (followed.world, followed.sample, len(followed.parted)) == ("citizen-score", SAMPLE, SAMPLE)


def test_the_sample_is_stated_and_has_nobody_twice(followed: Followed) -> None:
    found = drawn(1, 2_000, SAMPLE)
    assert found == drawn(1, 2_000, SAMPLE)
    assert len(set(found)) == SAMPLE
    assert max(found) < 2_000
    assert "12 of 2,000 people, drawn at random and traced, seed 1" in followed.drawn


def test_spells_on_lists_are_the_entries_that_the_census_counted(lived: sc.Study, followed: Followed) -> None:
    def total(measure: str) -> int:
        return int(lived.series(measure, "citizen-score").counts.sum())

    spells = followed.spells
    false = spells["false_record"]
    assert false.spells >= total("false_record_ever") / 3 > 0  # what ever happened stands once a year
    listed = [found for name, found in spells.items() if name.startswith("lists.")]
    assert sum(found.spells for found in listed) >= total("newly_listed") > 0
    assert sum(found.ended for found in listed) >= total("left_list")
    assert spells["gates.dating"].spells > 0
    for found in spells.values():
        assert 0 <= found.ended <= found.spells
        assert found.undone is None or 0 <= found.undone <= 1


def test_lives_part_where_only_one_of_them_has_an_event(lived: sc.Study, followed: Followed) -> None:
    number = next(n for n, p in zip(drawn(1, 2_000, SAMPLE), followed.parted, strict=True) if p is not None)
    story = tell(lived, number, world="citizen-score")
    first = story.parting()
    assert first is not None
    assert first == followed.parted[drawn(1, 2_000, SAMPLE).index(number)]
    said = [[(e.month, e.kind, e.what) for e in each.events] for each in story.lives]
    key = (first.month, first.kind, first.what)
    assert key in said[first.world]
    assert key not in said[1 - first.world]
    assert first.rule in parting(first)
    assert sum(many for _, many, _ in followed.by_rule()) + followed.parted.count(None) == SAMPLE


def test_the_books_of_the_scheme_part_no_lives() -> None:
    def event(month: str, rule: str, kind: str, what: str = "x") -> Event:
        return Event(month, rule, kind, what, "why")

    books = [event("2015-01", "score", kind) for kind in BOOKS]
    base = [event("2015-02", "speech", "silent"), event("2015-03", "conduct", "act")]
    assert first_parting(base, [*books, *base]) is None
    later = [event("2015-02", "conduct", "gave up"), event("2015-02", "livelihood", "work lost")]
    first = first_parting(base, sorted([*base, *later]))
    assert first is not None
    assert (first.rule, first.world) == ("livelihood", 1)  # before conduct in the month
    assert "seed" not in parting(None)
    gone = first_parting(base, base[1:])
    assert gone is not None
    assert (gone.rule, gone.world) == ("speech", 0)


def test_what_acts_cost_sums_to_what_refusals_cost(followed: Followed) -> None:
    assert {each.cause for each in followed.acts} <= {*ACTS, *NOT_ACTS, "judgment"}
    for each in followed.acts:
        assert each.lost >= 0
        assert each.harm == 0 or each.records
        assert each.ratio is None or (each.records >= 20 and each.ratio == pytest.approx(each.lost / each.harm))
    halves = {each.lost * 2 for each in followed.acts if each.cause == "not being scored"}
    assert all(value == pytest.approx(round(value, 6)) for value in halves)


def test_tables_and_page_show_it(lived: sc.Study, followed: Followed, capsys: pytest.CaptureFixture[str]) -> None:
    at = [lived.folder.name, "--out", str(lived.folder.parent), "--regime", "citizen-score"]
    assert execute(["twins", *at]) == 0
    assert "By which rule do lives first part?" in capsys.readouterr().out
    assert execute(["ledger", *at]) == 0
    assert "Welfare lost beside the harm of the act" in capsys.readouterr().out
    assert "## Welfare lost beside the harm, act by act" in str(lived.assessment("citizen-score"))
    assert followed.act_lines()[0] in str(lived.assessment("citizen-score"))
    assert execute(["rules", *at]) == 0
    text = capsys.readouterr().out
    for words in ("half", "undone within a year", "without it (no-friends)", "costs ", "citizen-score/regime.yaml:"):
        assert words in text, words
    told = life.told(lived)
    assert len(told) == 1 + len(followed.lives) >= 4
    html = page.render(lived)
    assert html.count('<table class="life">') == len(told)
    assert "Drawn at random" in html
    assert 'id="rules"' in html


def test_what_cannot_be_followed_is_said(lived: sc.Study) -> None:
    with pytest.raises(sc.BadInput, match="1 to 2,000"):
        lived.follow(0)
    with pytest.raises(sc.BadInput, match="no twins"):
        lived.follow(3, "none")


def test_a_comparison_can_be_followed_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--people", "1k", "--start", "2017-01", "--years", "1", "--seeds", "1", "--out", str(tmp_path)]
    assert execute(["compare", "none", "citizen-score", *asked, "--brief", "--follow", "2"]) == 0
    assert "What each regime changes" in capsys.readouterr().out
    study = sc.load("last", tmp_path)
    assert study.followed is not None
    assert study.followed.sample == 2
    html = (study.folder / "report.html").read_text(encoding="utf-8")
    assert html.count('<table class="life">') == 1 + len(study.followed.lives) > 1
    assert execute(["run", "citizen-score", *asked, "--follow", "2"]) == 2
    assert execute(["compare", "citizen-score", *asked, "--follow", "2"]) == 2
    assert "no twins" in capsys.readouterr().err


def test_of_another_run_nothing_is_shown(lived: sc.Study, followed: Followed, tmp_path: Path) -> None:
    text = (lived.folder / FOLLOWED).read_text()
    other = sc.compare(["none", "suining-2010"], people="1k", start="2017-01", years=1, seeds=1, out=tmp_path)
    (other.folder / FOLLOWED).write_text(text)
    assert other.followed is None


def test_private_scorers_are_audited_by_their_members(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = sc.compare(["none", "pilots-2015"], people="2k", start="2017-01", years=1, seeds=1, out=tmp_path, threads=1)
    at = [study.folder.name, "--out", str(tmp_path)]
    assert execute(["audit", *at, "--by", "provider"]) == 2
    assert "sincerity follow" in capsys.readouterr().err
    study.follow(2, threads=1)
    found = study.audit("provider")
    assert "sesame" in found.groups
    members = study.followed
    assert members is not None
    sums = {group: of for group, measure, _, of, _ in members.members if measure == "working"}
    assert 0 < sums["sesame"] < 2_000
    assert sum(sums.values()) > 2_000  # groups overlap
    rate = found.rate("sanctioned", "sesame")
    assert rate.of == sums["sesame"]
    assert execute(["audit", *at, "--by", "provider"]) == 0
    assert "Groups overlap" in capsys.readouterr().out
    assert execute(["ledger", *at, "--by", "provider"]) == 0
    assert "sesame" in capsys.readouterr().out
    with pytest.raises(sc.BadInput, match="no private scorers"):
        study.audit("provider", "none")
