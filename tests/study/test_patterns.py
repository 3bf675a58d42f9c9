"""Patterns: what the file may say, how values are taken from a census, and what is met."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sincerity.census.measures import BY_ID
from sincerity.declare.dates import Month
from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import scenario
from sincerity.declare.vocabulary import ACTS
from sincerity.study import patterns
from sincerity.study.following import FOLLOWERS
from sincerity.study.patterns import COHORTS, FILE, HOW, Found, Target, declared, guess, judge, judged, judged_cohorts
from sincerity.study.series import Series
from sincerity.study.study import Study

TOLD = declared()
ROLES = {"calibrated", "built in", "emergent", "exact"}
LAST: dict[str, Any] = {"world": "citizen-score", "from": "2015-06", "to": "2016-05"}
BAND = {"low": 0, "high": 1, "unit": "percent"}


def values(study: Study, how: str, **more: Any) -> np.ndarray:
    return HOW[how](study, {**LAST, **more})


@pytest.mark.parametrize("name", list(TOLD["studies"]))
def test_studies_are_scenarios_that_cover_the_months_of_their_patterns(name: str) -> None:
    asked = TOLD["studies"][name]
    regimes = [str(FILE.with_name(r)) if r.endswith(".yaml") else r for r in asked["regimes"]]
    made = scenario(regimes, society=asked["society"], start=asked["start"], years=asked["years"])
    worlds = {regime.name for regime in made.regimes}
    assert asked.get("follow", "alike") in FOLLOWERS
    for pattern in (p for p in (*TOLD["patterns"], *TOLD["reported"]) if p["study"] == name):
        assert pattern["how"] in (COHORTS if "follow" in asked else HOW)
        assert {pattern[key] for key in ("world", "beside", "against") if key in pattern} <= worlds
        first, last = (Month.parse(pattern[key]) for key in ("from", "to"))
        assert str(made.start) <= str(first) <= str(last) <= str(made.start + (made.months - 1))


def test_every_pattern_says_target_source_role_and_what_to_say_if_it_is_missed() -> None:
    ids = [pattern["id"] for key in ("patterns", "reported", "not_measured") for pattern in TOLD[key]]
    assert len(ids) == len(set(ids))
    for pattern in TOLD["patterns"]:
        assert pattern["role"] in ROLES
        named = {pattern[key] for key in ("measure", "over") if key in pattern and isinstance(pattern[key], str)}
        assert {*named, *pattern.get("measures", ())} <= set(BY_ID)
        acts = {
            pattern.get("act", "fraud"),
            *(a for key in ("kinds", "others") for k in pattern.get(key, ()) for a in k),
        }
        assert acts <= set(ACTS)
        assert all(str(pattern[key]) for key in ("source", "date", "otherwise"))
        target = Target(**pattern["target"])
        assert target.low is not None
        assert target.high is None or target.low < target.high
    assert all(one["target"]["low"] is None for one in TOLD["reported"])
    for one in TOLD["not_measured"]:  # a comma in an unquoted text would make a further key of it
        assert set(one) == {"id", "pattern", "target", "why"}
        assert one["why"]


def test_shares_are_of_the_months_named(fake_study: Study) -> None:
    rates = fake_study.series("approve", "citizen-score").rates[:, 12:]
    assert values(fake_study, "share", measure="approve") == pytest.approx(rates.mean(axis=1) / 10)
    assert values(fake_study, "yearly", measure="approve") == pytest.approx(rates.mean(axis=1) * 1.2)
    with pytest.raises(ValueError, match="not counted"):
        values(fake_study, "share", measure="approve", **{"from": "2030-01", "to": "2030-02"})


def test_the_gap_is_what_is_said_less_what_is_thought(fake_study: Study) -> None:
    says, critics = (fake_study.series(m, "citizen-score").rates[:, 12:].mean(axis=1) for m in ("approve", "critic"))
    assert values(fake_study, "support gap") == pytest.approx((says + critics - 1000) / 10)


def test_differences_of_groups_and_worlds_have_their_sign(fake_study: Study) -> None:
    rich = values(fake_study, "groups", measure="late", by="decile", groups=["9", "10"], over=["1", "2"])
    assert (rich < 0).all()  # the made-up census lets the first groups pay late more often
    under = values(fake_study, "mean under", measure="ties_sum", beside="none")
    assert (under > 0).all()
    assert (values(fake_study, "mean under", measure="ties_sum", beside="citizen-score") == 0).all()
    alone = values(fake_study, "groups", measure="late", by="decile", groups=["9", "10"])
    assert (alone - values(fake_study, "groups", measure="late", by="decile", groups=["1", "2"]) == rich).all()
    score, scored = (values(fake_study, "mean", measure=measure) for measure in ("ties_sum", "approve"))
    assert values(fake_study, "mean of", measure="ties_sum", over="approve") == pytest.approx(1000 * score / scored)


def test_scores_are_counted_from_a_bin_on(fake_study: Study) -> None:
    above = values(fake_study, "score from", score=650, to="2015-06")
    below = values(fake_study, "score below", score=650, to="2015-06")
    assert above + below == pytest.approx(100, abs=1)
    assert (values(fake_study, "score from", score=600, to="2015-06") > above).all()
    rows = fake_study.census.to_pylist()
    hand = [
        sum(r["count"] for r in rows if r["by"] == "score" and r["month"] == "2015-06" and r["seed"] == seed
            and r["world"] == "citizen-score" and int(r["group"]) >= 650) / 20  # of 2,000
        for seed in (1, 2, 3)
    ]  # fmt: skip
    assert above == pytest.approx(hand)


def test_acts_moved_are_added_up_unsigned(fake_study: Study) -> None:
    def change(measure: str) -> np.ndarray:
        one, other = (fake_study.series(measure, w).rates[:, 12:].mean(axis=1) for w in ("citizen-score", "none"))
        moved: np.ndarray = np.abs(one - other)
        return moved

    found = values(fake_study, "acts moved more", measures=["offence", "good_deed"], against="none", beside="none")
    assert found == pytest.approx(change("offence") + change("good_deed"))


def test_ratios_and_changes_are_of_months_added_up(fake_study: Study) -> None:
    def rates(measure: str, world: str = "citizen-score") -> np.ndarray:
        mean: np.ndarray = fake_study.series(measure, world).rates[:, 12:].mean(axis=1)
        return mean

    found = values(fake_study, "ratio", measure="late", over="has_loan", times=12)
    assert found == pytest.approx(1200 * rates("late") / rates("has_loan"))
    change = values(fake_study, "change", measure="spoke_critical", beside="none")
    assert change == pytest.approx(100 * (rates("spoke_critical") / rates("spoke_critical", "none") - 1))
    assert (change < 0).all()
    gap, alone = (values(fake_study, how, beside="none") for how in ("support gap more", "support gap"))
    assert gap == pytest.approx(alone - values(fake_study, "support gap", world="none"))


RATES = {
    "none": {"buys": 10.0, "traffic": 20.0, "reads": 5.0, "gives": 8.0},
    "score": {"buys": 25.0, "traffic": 12.0, "reads": 2.0, "gives": 14.0},
}


class OfActs:
    """A study that knows only how many did an act: per 1,000, by world; two seeds, the second with one more."""

    def __init__(self) -> None:
        self.scenario = SimpleNamespace(seeds=(1, 2))

    def series(self, measure: str, world: str, by: str, group: str) -> Series:
        rate = RATES[world][group] + np.array([[0.0], [1.0]]) * (world == "score")
        of = np.full((2, 1), 1000)
        assert (measure, by) == ("acts", "act")
        return Series(("2016-05",), (1, 2), rate, (rate * of / 1000).astype(np.int64), of)


def test_acts_are_compared_kind_by_kind() -> None:
    study: Any = OfActs()
    asked = {"world": "score", "beside": "none", "from": "2016-05", "to": "2016-05"}
    assert HOW["act"](study, {**asked, "act": "reads"}) == pytest.approx([2.4, 3.6])
    assert HOW["act change"](study, {**asked, "act": "reads"}) == pytest.approx([-60, -40])
    kinds = HOW["kinds"](study, {**asked, "kinds": [["buys", "gives"], ["traffic"]], "others": [["reads"]]})
    assert kinds == pytest.approx([8 - 3, 7 - 2])
    other = HOW["kinds"](study, {**asked, "kinds": [["reads"]], "others": [["traffic"], ["buys"]]})
    assert other == pytest.approx([3 - 15, 2 - 16])


def test_the_gap_by_score_counts_people_in_bands() -> None:
    people = {"550 > minority": 30, "600 > minority": 70, "550 > majority": 10, "600 > majority": 90}

    class Bands:
        def groups(self, by: str) -> list[str]:
            return [*people, "600 > other"]

        def series(self, measure: str, world: str, by: str, name: str) -> Series:
            of = np.full((2, 1), people.get(name, 1_000_000))
            return Series(("2007-12",), (1, 2), of * 0.0, of * 0, of)

    study: Any = Bands()
    asked = {"world": "x", "from": "2007-12", "score": 600, "by": "minority", "groups": ["minority", "majority"]}
    assert HOW["score gap"](study, asked) == pytest.approx([20, 20])


def test_cohorts_give_a_number_a_seed_and_the_ladder_in_words() -> None:
    names = ("band 0", "band 1", "band 2", "loans 0", "loans 1", "loans 2", "2007-01")
    seeds = ((50, 20, 10, 8, 10, 1200, 3), (40, 20, 25, 9, 10, 1300, 4))
    found = [dict(zip(names, map(float, seed), strict=True)) for seed in seeds]
    cohorts: Any = {"a": found, "b": [{"2007-01": 1.0}, {"2007-01": 5.0}]}
    asked: dict[str, Any] = {"world": "a", "beside": "b", "key": "2007-01"}
    assert COHORTS["followed"](cohorts, asked) == pytest.approx([3, 4])
    assert COHORTS["followed more"](cohorts, asked) == pytest.approx([2, -1])
    assert COHORTS["ladder falls"](cohorts, asked) == pytest.approx([10, -5])
    slope = [np.log(1) - np.log(1 / 9), np.log(2 / 3) - np.log(1 / 3)]
    assert COHORTS["ladder slope"](cohorts, asked) == pytest.approx(slope)
    one = judged_cohorts(
        cohorts, {**asked, "how": "ladder falls", "published": [41, 1], "target": {"low": 0, "unit": "points"},
                  "otherwise": "It does not fall."}
    )  # fmt: skip
    assert one.verdict == "missed"
    assert one.detail == "By band 45.0, 20.0, 17.5 % (published 41.0, 1.0), of 17, 20, 2,500 loans"


def test_nobody_to_count_is_missed_and_null() -> None:
    declared_as = {**TOLD["patterns"][0], "id": "x"}
    nobody = Found(declared_as, Target(1, "x", high=2), value=np.nan, low=np.nan, high=np.nan)
    assert nobody.verdict == "missed"
    (row,) = patterns.document([nobody], 1000, 1)["patterns"]
    assert (row["value"], row["low"], row["high"]) == (None, None, None)
    assert row["sentence"] == declared_as["otherwise"]
    asked = Found(declared_as, Target(None, "x"), 3, 2, 4)
    assert (asked.verdict, str(asked.target)) == ("not judged", "none")
    made = patterns.document([asked], 1000, 1)
    assert (made["patterns"], [row["id"] for row in made["reported"]]) == ([], ["x"])


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    made = patterns.document([], 1000, 1)
    path = tmp_path / "validation.json"
    assert patterns.kept(path) is None
    assert patterns.kept(patterns.keep(made, path)) == made
    path.write_text("[]")
    assert patterns.kept(path) is None
    with pytest.raises(BadInput, match="cannot be written"):
        patterns.keep(made, tmp_path / "nowhere" / "validation.json")


def test_the_package_keeps_a_print_of_all_patterns() -> None:
    whole = patterns.kept()
    assert whole is not None
    assert {row["id"] for row in whole["patterns"]} == {one["id"] for one in TOLD["patterns"]}
    for row in whole["patterns"]:
        assert bool(row["sentence"]) == (row["verdict"] == "missed")


def test_a_band_is_met_by_the_mean_and_a_sign_by_every_seed() -> None:
    band, sign = Target(1, "x", high=2), Target(0, "x")
    found = Found({"from": "2020-01", "to": "2020-01"}, band, value=2.0, low=0.5, high=3)
    assert found.verdict == "met"
    assert replace(found, value=2.01).verdict == "missed"
    assert replace(found, target=sign, low=0.0).verdict == "missed"
    assert replace(found, target=sign, low=0.1).verdict == "met"
    assert (found.when, str(band), str(sign)) == ("2020-01", "1 to 2", "> 0")


def test_value_and_interval_are_over_seeds(fake_study: Study) -> None:
    found = judged(fake_study, {**LAST, "how": "share", "measure": "approve", "target": BAND})
    by_seed = values(fake_study, "share", measure="approve")
    assert (found.low, found.high) == (by_seed.min(), by_seed.max())
    assert found.value == pytest.approx(by_seed.mean())
    assert found.verdict == "missed"


def test_judge_runs_every_study_once_and_keeps_the_files_order(
    fake_study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    one = {**LAST, "how": "share", "measure": "approve", "target": BAND}
    told = {
        "studies": {
            n: {"regimes": ["none"], "society": n, "start": "2014-06", "years": 2} for n in ("first", "second")
        },
        "patterns": [{**one, "id": "a", "study": "second"}, {**one, "id": "b", "study": "first"}],
        "reported": [],
    }
    monkeypatch.setattr(patterns, "declared", lambda: told)

    def compare(regimes: list[str], **options: Any) -> Study:
        asked.append((options["society"], options["people"]))
        return fake_study

    monkeypatch.setattr(patterns, "compare", compare)
    assert [found.id for found in judge(5_000, 2)] == ["a", "b"]
    assert asked == [("first", 5_000), ("second", 5_000)]
    assert guess(20_000, 2) > guess(10_000, 2)
