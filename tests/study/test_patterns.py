"""Patterns: what the file may say, how values are taken from a census, and what is met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sincerity.census.measures import BY_ID
from sincerity.declare.dates import Month
from sincerity.declare.scenario import scenario
from sincerity.study import patterns
from sincerity.study.patterns import FILE, HOW, Found, Target, declared, guess, judge, judged
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
    for pattern in (p for p in TOLD["patterns"] if p["study"] == name):
        assert {pattern[key] for key in ("world", "beside", "against") if key in pattern} <= worlds
        first, last = (Month.parse(pattern[key]) for key in ("from", "to"))
        assert str(made.start) <= str(first) <= str(last) <= str(made.start + (made.months - 1))


def test_every_pattern_says_target_source_role_and_what_to_say_if_it_is_missed() -> None:
    ids = [pattern["id"] for pattern in (*TOLD["patterns"], *TOLD["not_measured"])]
    assert len(ids) == len(set(ids))
    for pattern in TOLD["patterns"]:
        assert pattern["how"] in HOW
        assert pattern["role"] in ROLES
        assert {pattern.get("measure", "approve"), *pattern.get("measures", ())} <= set(BY_ID)
        assert all(str(pattern[key]) for key in ("source", "date", "otherwise"))
        target = Target(**pattern["target"])
        assert target.high is None or target.low < target.high
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
    }
    monkeypatch.setattr(patterns, "declared", lambda: told)

    def compare(regimes: list[str], **options: Any) -> Study:
        asked.append((options["society"], options["people"]))
        return fake_study

    monkeypatch.setattr(patterns, "compare", compare)
    assert [found.id for found in judge(5_000, 2)] == ["a", "b"]
    assert asked == [("first", 5_000), ("second", 5_000)]
    assert guess(20_000, 2) > guess(10_000, 2)
