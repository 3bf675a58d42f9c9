"""Lists in and out, gates tried, and whose doing a refusal is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from month.bench import IN, Left, act, bench, gate, many, regime, tables, words
from sincerity.month.gates import GATE
from sincerity.month.livelihood import FIRM_LISTED, LEADS
from sincerity.month.standing import BARRED_EVER, INNOCENT_EVER, LISTED_EVER, REFUSED_EVER, UNABLE_EVER
from sincerity.people.columns import (
    AWARE,
    ENROLLED,
    LISTED,
    LOAN_PAID,
    MISTAKEN,
    NO_LOAN,
    ONE_LATE,
    OUT_OF_WORK,
    OWN_LISTED,
    PARTNER,
    SANCTIONED,
    UNWILLING,
)

PRESS = "citizen-score"
PLAIN, FOUND = tables(), tables(PRESS)
LISTS = list(regime(PRESS).lists)
DEFAULTERS, NO_TRAVEL, DISCREDITED = (1 << LISTS.index(name) for name in ("defaulters", "no-travel", "discredited"))
ALWAYS = 2**32
SCORES = ("score", "score_own", "score_true", "score_alone")
REGULAR = {7: 123456}


def person(points: float = 700, **columns: Any) -> dict[str, Any]:
    """Somebody enrolled with this score, with and without ties and false records."""
    return {"flags": ENROLLED, **dict.fromkeys(SCORES, round(32 * points)), **columns}


def word_for(name: str, decile: int = 5) -> dict[int, int]:
    """The word of luck by which this gate is tried."""
    groups, wanted = FOUND["demand_gates"], FOUND["demand"]
    for g in range(groups.shape[0]):
        for k in range(groups.shape[1]):
            if groups[g, k] == GATE[name] and wanted[decile, g, k] > (wanted[decile, g, k - 1] if k else 0):
                return {3 + g: int(wanted[decile, g, k]) - 1}
    raise LookupError(name)


def tries(name: str, *people: dict[str, Any], **changes: Any) -> Left:
    """These people try a gate, with their papers in order."""
    luck: dict[int, int] = dict(REGULAR)
    if name in ("loan", "job"):
        people = tuple({**p, "tried": gate(name)} for p in people)
    else:
        luck |= word_for(name)
    settled: dict[str, Any] = {"papers_missing": 0, "school_papers": 0, "formal_jobs": ALWAYS, "regime": PRESS}
    return bench("standing", people, luck, **(settled | changes))


# -- lists ---------------------------------------------------------------------------------------------------------


def test_a_judgment_debt_leads_onto_the_list_below_its_hazard() -> None:
    able, unable = (int(FOUND[k][LISTS.index("defaulters")]) for k in ("list_able", "list_unable"))
    assert able > unable
    rich, poor = {"owed": 4, "buffer": 200}, {"owed": 4, "buffer": 7}
    left = bench(
        "standing", [rich, rich, poor, poor], [{0: able - 1}, {0: able}, {0: unable - 1}, {0: unable}], regime=PRESS
    )
    assert left.lists == [DEFAULTERS, 0, DEFAULTERS, 0]
    assert left.entered == left.lists
    unwilling = bench("standing", [{**poor, "flags": UNWILLING}], {0: able - 1}, regime=PRESS)
    assert unwilling.lists == [DEFAULTERS]  # who will not pay is not unable


def test_who_has_paid_leaves_and_who_owes_stays() -> None:
    left = bench("standing", [{"lists": DEFAULTERS, "owed": o} for o in (0, 1)], {}, regime=PRESS)
    assert left.lists == [0, DEFAULTERS]
    assert left.left == [DEFAULTERS, 0]
    assert left.entered == [0, 0]


def test_courts_build_the_list_up_over_the_ramp() -> None:
    hazards = [
        int(tables(PRESS, date)["list_able"][0]) for date in ("2013-09", "2013-10", "2015-03", "2016-09", "2020-06")
    ]
    assert hazards[0] == 0
    assert hazards[1] == pytest.approx(hazards[3] / 36, rel=1e-6)
    assert hazards[1] < hazards[2] < hazards[3] == hazards[4]


def test_a_mistaken_identity_lists_the_wrong_person_until_it_is_put_right() -> None:
    edge = int(FOUND["mistaken"])
    left = bench("standing", [{}, {}, {"owed": 5}], [{2: edge - 1}, {2: edge}, {2: 0}], regime=PRESS)
    assert left.lists == [DEFAULTERS, 0, 0]
    assert left.flags[0] & MISTAKEN
    stays = bench("standing", [{"lists": DEFAULTERS, "flags": f} for f in (MISTAKEN, 0)], {}, regime=PRESS)
    assert stays.lists == [DEFAULTERS, 0]


@pytest.mark.parametrize("again", [None, 5])
def test_a_term_runs_out_after_exactly_its_months(again: int | None) -> None:
    term = int(FOUND["list_term"][LISTS.index("no-travel")])
    state: dict[str, Any] = {"seen": act("serious_offence")}
    months = 0
    for month in range(40):
        left = bench("standing", [state], {}, regime=PRESS)
        assert left.entered == ([NO_TRAVEL] if month == 0 else [0])
        if not left.lists[0]:
            break
        months += 1
        state = {
            "lists": left.lists[0],
            "term": left.array("term")[:, 0],
            "seen": act("serious_offence") if month + 1 == again else 0,
        }
    assert months == term + (again or 0)
    assert left.left == [NO_TRAVEL]


def test_acts_lead_onto_the_list_at_their_chance() -> None:
    n = 20_000
    for name in ("fare_dodging", "tax_evasion", "serious_offence", "charity"):
        left = bench("standing", many(n, seen=act(name)), words(8, n), regime=PRESS, mistaken=0)
        share = float(regime(PRESS).lists["no-travel"].acts.get(name, 0))
        assert (left.array("lists") > 0).mean() == pytest.approx(share, abs=0.008)


def test_a_score_leads_onto_the_list_and_off_it_with_a_gap_between() -> None:
    below, again = (int(FOUND[k][LISTS.index("discredited")]) for k in ("list_below", "list_again"))
    assert below < again
    cases = [(below - 1, 0), (below, 0), (again - 1, DISCREDITED), (again, DISCREDITED)]
    left = bench("standing", [{"flags": ENROLLED, "score": s, "lists": on} for s, on in cases], {}, regime=PRESS)
    assert left.lists == [DISCREDITED, 0, DISCREDITED, 0]
    assert bench("standing", [{"score": 0}], {}, regime=PRESS).lists == [0]  # who is not scored is not discredited


def test_a_list_that_one_stays_on_until_the_score_is_again_above_is_not_laid_to_friends() -> None:
    """Between the two cuts: the score without ties would keep one on it too, unless only ties hold it below."""
    below, again = (int(FOUND[k][LISTS.index("discredited")]) for k in ("list_below", "list_again"))
    between, on = (below + again) // 2, {"flags": ENROLLED, "lists": DISCREDITED}
    scores = [(between, between), (below - 1, below - 1), (below - 1, below), (between, again), (between, between + 9)]
    people = [{**on, **dict.fromkeys(SCORES, held), "score_alone": alone} for held, alone in scores]
    left = tries("internet", *people, stigma=0.0, gate_threshold=0)
    assert left.lists == [DISCREDITED] * len(scores)
    seat = gate("internet")
    assert left.refused == [seat] * len(scores)
    assert left.refused_ties == [0, 0, seat, seat, 0]


def test_what_others_and_the_record_of_ever_learn() -> None:
    left = bench(
        "standing",
        [{"lists": DEFAULTERS, "owed": 9}, {"owed": 9}, {"flags": LISTED | SANCTIONED}],
        [{}, {0: 0}, {}],
        regime=PRESS,
    )
    assert left.flags == [LISTED, LISTED | SANCTIONED | AWARE, 0]
    assert left.ever == [LISTED_EVER | BARRED_EVER] * 2 + [0]


# -- demand --------------------------------------------------------------------------------------------------------


def test_demand_does_not_depend_on_the_regime_or_on_standing() -> None:
    n = 3000
    luck = words(8, n)
    rng = np.random.default_rng(2)
    people = [
        {"decile": int(d), "parent": int(p), "tried": int(t) * gate("job")}
        for d, p, t in rng.integers(0, [10, 2, 2], (n, 3))
    ]
    low = [{**p, **person(360), "lists": 7, "owed": 200, "loan": ONE_LATE, "household_listed": 1} for p in people]
    free, ruled = bench("standing", people, luck), bench("standing", low, luck, regime=PRESS)
    assert free.tried == ruled.tried
    assert (ruled.array("refused") & ~ruled.array("tried") == 0).all()
    assert (ruled.array("refused") > 0).sum() > 5 * (free.array("refused") > 0).sum()


def test_gates_are_tried_as_often_as_society_wants_them() -> None:
    n = 40_000
    left = bench("standing", many(n, parent=1, decile=7), words(8, n))
    for g in range(FOUND["demand_gates"].shape[0]):
        chances = np.diff(FOUND["demand"][7, g].astype(float), prepend=0.0) / 2**32
        for number, chance in zip(FOUND["demand_gates"][g], chances, strict=True):
            if chance:
                found = ((left.array("tried") >> int(number)) & 1).mean()
                assert found == pytest.approx(chance, abs=4 * np.sqrt(chance / n))


def test_schools_are_for_parents_and_dates_for_singles() -> None:
    for name, yes, no in (("school", {"parent": 1}, {"parent": 0}), ("dating", {}, {"flags": PARTNER})):
        assert bench("standing", [yes, no], word_for(name)).tried == [gate(name), 0]


# -- gates ---------------------------------------------------------------------------------------------------------

THRESHOLDS = [(n, float(g.threshold.value)) for n, g in regime(PRESS).gates.items() if g.threshold]


@pytest.mark.parametrize(("name", "cut"), THRESHOLDS)
def test_a_gate_passes_at_its_threshold_and_refuses_below(name: str, cut: float) -> None:
    left = tries(name, person(cut, parent=1), person(cut - 1 / 32, parent=1), stigma=0.0)
    assert left.tried == [gate(name)] * 2
    assert left.refused == [0, gate(name)]
    assert left.refused_regime == [0, gate(name)]


@pytest.mark.parametrize("name", list(regime(PRESS).gates))
def test_a_gate_refuses_the_lists_that_it_names_and_no_others(name: str) -> None:
    closing = regime(PRESS).gates[name].lists
    for listed in LISTS:
        on = {"lists": 1 << LISTS.index(listed), "owed": 2, "term": (5,), "buffer": 255, "parent": 1}
        left = tries(name, person(950, **on), list_again=2**20, bank_refuses=0, stigma=0.0)
        assert left.refused == [gate(name) if listed in closing else 0], listed


@pytest.mark.parametrize("name", list(regime(PRESS).gates))
def test_the_unscored_are_treated_as_the_gate_says(name: str) -> None:
    says = regime(PRESS).gates[name].unscored
    left = tries(name, {"parent": 1})
    assert left.refused == [gate(name) if says == "refuse" else 0]
    before = tries(name, {"parent": 1}, date="2014-06")
    assert before.refused == [0]  # there is no score yet


def test_a_household_on_a_list_closes_the_school_and_nothing_else() -> None:
    for name in regime(PRESS).gates:
        left = tries(name, person(950, household_listed=1, parent=1), stigma=0.0)
        assert left.refused == [gate(name) if name == "school" else 0]
        assert left.refused_ties == left.refused_clean == left.refused


def test_the_bank_refuses_on_arrears_that_it_saw_and_that_is_ones_own_doing() -> None:
    debts = [{"loan": ONE_LATE}, {"owed": 1}, {"loan": LOAN_PAID}, {"loan": NO_LOAN}]
    left = tries("loan", *[person(900, **d) for d in debts], bank_refuses=ALWAYS)
    assert left.refused == [gate("loan")] * 2 + [0, 0]
    assert left.refused_regime == left.refused_clean == left.refused_ties == left.refused_false == [0] * 4


def test_missing_papers_are_ordinary_law() -> None:
    for name, key in (("job", "papers_missing"), ("school", "school_papers")):
        left = tries(name, person(900, parent=1), **{key: ALWAYS})
        assert left.refused == [gate(name)]
        assert left.refused_regime == left.refused_false == left.refused_ties == left.refused_unable == [0]


def test_informal_jobs_ask_for_no_score() -> None:
    left = tries("job", person(360), formal_jobs=0)
    assert left.refused == [0]


def test_who_passes_has_the_job_and_the_loan_and_who_does_not_has_not() -> None:
    out = ENROLLED | OUT_OF_WORK
    left = tries("job", person(900, flags=out), person(360, flags=out))
    assert [f & OUT_OF_WORK for f in left.flags] == [0, OUT_OF_WORK]
    assert tries("loan", person(900), person(360)).loan == [LOAN_PAID, NO_LOAN]


def test_stigma_refuses_at_its_chance_and_the_best_not_at_all() -> None:
    n = 4000
    luck = words(8, n)
    for group, word in word_for("flat").items():
        luck[group] = word
    for points, share in ((350, 1.0), (650, 0.5), (950, 0.0)):
        left = bench("standing", [person(points)] * n, luck, regime=PRESS, list_below=0, mistaken=0)
        expected = share * float(regime(PRESS).stigma.flat.value)  # type: ignore[union-attr]
        assert ((left.array("refused") & gate("flat")) > 0).mean() == pytest.approx(expected, abs=0.02)


def test_employers_who_ask_for_no_papers_shun_a_low_score_too() -> None:
    n, luck = 4000, words(8, 4000)
    for points, share in ((350, 1.0), (650, 0.5), (950, 0.0)):
        people = [person(points, tried=gate("job"), flags=ENROLLED | OUT_OF_WORK)] * n
        left = bench("standing", people, luck, regime=PRESS, list_below=0, mistaken=0, formal_jobs=0, papers_missing=0)
        expected = share * float(regime(PRESS).stigma.job.value)  # type: ignore[union-attr]
        assert ((left.array("refused_regime") & gate("job")) > 0).mean() == pytest.approx(expected, abs=0.02)


# -- whose doing ---------------------------------------------------------------------------------------------------


def why(**columns: Any) -> dict[str, bool]:
    """How a refused loan is told, for somebody just below or above its threshold."""
    left = tries("loan", person(**columns), bank_refuses=0)
    assert left.refused == [gate("loan")]
    return {k: getattr(left, f"refused_{k}") != [0] for k in ("clean", "unable", "false", "ties")}


LOW = 32 * 540
HIGH = 32 * 560


def test_ones_own_low_score_is_ones_own_doing() -> None:
    assert why(points=540) == {"clean": False, "unable": False, "false": False, "ties": False}


def test_a_false_record_alone() -> None:
    told = why(score=LOW, score_alone=LOW, score_true=HIGH, score_own=HIGH)
    assert told == {"clean": True, "unable": False, "false": True, "ties": False}


def test_friends_alone() -> None:
    told = why(score=LOW, score_true=LOW, score_alone=HIGH, score_own=HIGH)
    assert told == {"clean": True, "unable": False, "false": False, "ties": True}


def test_only_both_together() -> None:
    told = why(score=LOW, score_true=LOW, score_alone=LOW, score_own=HIGH)
    assert told == {"clean": True, "unable": False, "false": False, "ties": False}


def test_a_debt_that_cannot_be_paid_and_one_that_could() -> None:
    told = why(points=900, lists=DEFAULTERS, owed=10, buffer=19)
    assert told == {"clean": False, "unable": True, "false": False, "ties": False}
    assert not why(points=900, lists=DEFAULTERS, owed=10, buffer=20)["unable"]
    assert not why(points=900, lists=DEFAULTERS, owed=10, buffer=19, flags=ENROLLED | UNWILLING)["unable"]


def test_somebody_elses_judgment() -> None:
    told = why(points=900, lists=DEFAULTERS, flags=ENROLLED | MISTAKEN)
    assert told == {"clean": True, "unable": False, "false": True, "ties": False}


def test_a_list_that_only_a_false_record_leads_onto() -> None:
    low = 32 * 480
    told = why(score=low, score_alone=low, score_true=HIGH, score_own=HIGH)
    assert told == {"clean": True, "unable": False, "false": True, "ties": False}


def test_whose_doing_is_remembered() -> None:
    left = tries(
        "loan",
        person(score=LOW, score_alone=LOW, score_true=HIGH, score_own=HIGH),
        person(900, lists=DEFAULTERS, owed=10, buffer=0),
        person(900, lists=DEFAULTERS, owed=10, buffer=0, ever=INNOCENT_EVER),
        person(900),
        bank_refuses=0,
    )
    listed = REFUSED_EVER | UNABLE_EVER | LISTED_EVER | BARRED_EVER
    assert left.ever == [REFUSED_EVER | INNOCENT_EVER, listed, listed | INNOCENT_EVER, 0]


def test_in_a_world_without_a_regime_nobody_is_listed_or_refused_by_it() -> None:
    n = 5000
    people = many(n, parent=1, owed=20, seen=act("serious_offence"), flags=IN, score=400)
    left = bench("standing", people, words(8, n))
    assert not any(left.lists)
    assert not any(left.refused_regime)
    assert not left.array("refused_ties").any()


# -- lists that follow from others, and longer terms -------------------------------------------------------------------

RANKED = str(Path(__file__).parent / "regimes" / "ranked.yaml")
OWES, UNRULY, OFFICERS, JOINT, WITH_FIRM = (1 << k for k in range(5))


def follows(*people: dict[str, Any], luck: Any = None, **changes: Any) -> Left:
    return bench("standing", people, luck or {}, regime=RANKED, mistaken=0, **changes)


def test_who_leads_a_listed_firm_is_listed_while_it_is() -> None:
    people = [{"firm": f, "lists": on} for f in (LEADS | FIRM_LISTED, LEADS, FIRM_LISTED) for on in (0, OFFICERS)]
    left = follows(*people)
    both = OFFICERS | WITH_FIRM
    assert left.lists == [both, both, 0, 0, 0, 0]
    assert [f & OWN_LISTED for f in left.flags] == [0] * 6  # the firm is not dragged down by its own list
    freed = follows({"firm": LEADS | FIRM_LISTED}, list_kind={2: 0, 4: 0})
    assert freed.lists == [0]


def test_who_stands_on_one_list_stands_on_those_that_follow() -> None:
    left = follows({"lists": OWES, "owed": 5}, {"lists": OWES | JOINT, "owed": 0}, {"lists": JOINT})
    assert left.lists == [OWES | JOINT, 0, 0]
    assert left.entered == [JOINT, 0, 0]
    assert left.left == [0, OWES | JOINT, JOINT]
    assert [f & OWN_LISTED for f in left.flags] == [OWN_LISTED, 0, 0]


def test_a_firms_list_is_guilt_by_tie() -> None:
    left = bench(
        "standing",
        [person(1000, firm=LEADS | FIRM_LISTED), person(1000, lists=OWES, owed=5)],
        word_for("fast_train"),
        regime=RANKED,
        mistaken=0,
        list_able=0,
        list_unable=0,
    )
    seat = gate("fast_train")
    assert (left.refused, left.refused_ties, left.refused_clean) == ([seat, 0], [seat, 0], [seat, 0])


def test_a_ban_on_guilt_by_tie_keeps_firms_and_owners_apart() -> None:
    banned = tables(RANKED, settings=("safeguards.no_guilt_by_tie=yes",))
    assert banned["list_kind"].tolist() == [1, 2, 0, 5, 5]
    assert banned["owner_drags"] == 0


@pytest.mark.parametrize(("left_to_serve", "expected"), [(6, 8), (4, 6), (2, 4)])
def test_a_further_act_extends_the_term_up_to_the_most(left_to_serve: int, expected: int) -> None:
    person = {"lists": UNRULY, "term": [left_to_serve], "seen": act("disorder")}
    assert follows(person).array("term")[0].tolist() == [expected]
    anew = follows(person, list_extends=0)
    assert anew.array("term")[0].tolist() == [6]
    first = follows({"seen": act("disorder")})
    assert first.array("term")[0].tolist() == [6]
