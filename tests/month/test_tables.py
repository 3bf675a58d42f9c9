"""From declared figures to what the rules look up."""

import ast
import inspect
import math
import sys

import numpy as np
import pytest

from month.bench import land, regime, tables
from sincerity.declare.vocabulary import ACTS, CHANNELS, GATES
from sincerity.month.conduct import GROUPS
from sincerity.month.gates import ACT, GATE
from sincerity.month.schedule import START, Schedule
from sincerity.month.standing import BY_ACTS, BY_JUDGMENT, BY_SCORE, UNUSED
from sincerity.month.tables import DEMAND_GROUPS
from sincerity.month.worth import GRID, stake
from sincerity.people.kernel import kernel
from sincerity.people.traits import AGE_SHIFT, PARENT_SHIFT, SEX_SHIFT, YOUNGEST

PRESS = "citizen-score"
SOCIETY = land().society
PLAIN, FOUND = tables(), tables(PRESS)
LAW = ("loan", "mortgage", "job", "school")


def chance(table: object) -> np.ndarray:
    return np.asarray(table, np.float64) / 2**32


# -- the society's -------------------------------------------------------------------------------------------------


def test_chances_are_thresholds_of_words() -> None:
    live, owe = SOCIETY.livelihood, SOCIETY.obligations
    for key, figure in (
        ("shock_chance", live.shock_chance),
        ("loan_ends", owe.loan_ends),
        ("suit_chance", owe.suit_chance),
        ("settled", owe.settled),
        ("parts", SOCIETY.friendship.parts),
        ("late_wage", SOCIETY.firms.late_wage),
    ):
        assert float(chance(PLAIN[key])) == pytest.approx(float(figure), abs=1e-9)
    assert chance(PLAIN["job_loss"]) == pytest.approx([float(v) for v in live.job_loss.values], abs=1e-9)
    assert float(chance(PLAIN["judged"])) == pytest.approx(1 / float(owe.suit_lag))


def test_topics_are_cumulated_to_certainty() -> None:
    assert np.diff(chance(PLAIN["topics"]), prepend=0) == pytest.approx(
        [float(v) for v in SOCIETY.speech.topics.values]
    )
    assert int(PLAIN["topics"][-1]) == 2**32


@pytest.mark.parametrize("name", [g for g in GATES if g in SOCIETY.demand])
def test_demand_has_its_mean_and_its_slope(name: str) -> None:
    row = SOCIETY.demand[name]
    g, k = next((g, names.index(name)) for g, names in enumerate(DEMAND_GROUPS) if name in names)
    assert FOUND["demand_gates"][g, k] == GATE[name]
    cumulated = chance(FOUND["demand"][:, g])
    by_decile = np.diff(cumulated, prepend=0.0)[:, k]
    assert by_decile.mean() == pytest.approx(float(row), rel=1e-6)
    assert by_decile[9] / by_decile[0] == pytest.approx(float(row.steep), rel=1e-5)


def test_demands_of_a_group_are_no_more_than_certain() -> None:
    assert chance(FOUND["demand"]).max() <= 1
    assert (np.diff(chance(FOUND["demand"]), axis=2) >= 0).all()
    assert {int(g) for g in FOUND["demand_gates"].ravel()} == {GATE[g] for g in SOCIETY.demand}


def test_every_act_has_its_rate_in_each_cell() -> None:
    for name, row in SOCIETY.acts.items():
        (group,) = [g for g, names in enumerate(GROUPS) if name in names]
        k = GROUPS[group].index(name)
        here = np.diff(PLAIN["envelope"][group].astype(float), prepend=0.0, axis=1)[:, k]
        middle = 8 + 2 + 1  # a woman of 30 to 44, owner and parent
        for cell in range(32):
            band, man, owner, parent = cell // 8, cell // 4 % 2, cell // 2 % 2, cell % 2
            allowed = {None: True, "owner": bool(owner), "parent": bool(parent)}[row.only]
            factor = (float(row.men) if man else 1) * {0: float(row.young), 3: float(row.old)}.get(band, 1)
            assert here[cell] == pytest.approx(here[middle] * factor * allowed, abs=1e-6)
    assert PLAIN["group_totals"] == pytest.approx(PLAIN["envelope"][:, :, -1])


def test_a_declared_rate_is_the_mean_over_those_who_can_do_the_act() -> None:
    packed = land().packed
    cells = np.zeros(land().people, np.int64)
    ages = (packed >> AGE_SHIFT & 127) + YOUNGEST
    cells += 8 * ((ages >= 30).astype(int) + (ages >= 45) + (ages >= 60)) + 4 * (packed >> SEX_SHIFT & 1)
    parent = (packed >> PARENT_SHIFT & 1).astype(np.int64)
    for name, among in (("serious_offence", None), ("traffic_offence", None), ("buys_diapers", parent == 1)):
        (group,) = [g for g, names in enumerate(GROUPS) if name in names]
        here = np.diff(PLAIN["envelope"][group].astype(float), prepend=0.0, axis=1)[:, GROUPS[group].index(name)]
        rates = here[cells + parent]
        mean = rates[among].mean() if among is not None else rates.mean()
        assert 12 * mean == pytest.approx(float(SOCIETY.acts[name].rate), rel=0.02)


def test_a_list_that_an_act_leads_onto_counts_by_what_it_closes_for_its_term() -> None:
    found, press = tables("citizen-score"), regime("citizen-score")
    ban = press.lists["no-travel"]
    closed = found["gate_worth"][:, [GATE["flight"], GATE["fast_train"]]].sum(axis=1)  # a year's
    assert ban.term is not None
    for name, chance in ban.acts.items():
        assert found["list_stake"][:, ACT[name]] == pytest.approx(
            closed * float(ban.term) / 12 * float(chance), rel=1e-5
        )
    assert found["list_stake"][:, ACT["volunteering"]].max() == 0
    assert tables("citizen-score", "2018-04")["list_stake"].max() == 0  # the ban begins in May


def test_of_reading_a_share_of_the_danger_of_speaking_is_feared_where_it_can_be_seen() -> None:
    talk = SOCIETY.speech
    expected = float(talk.reading) * float(talk.loss) / float(talk.noise)
    feared = tables("platform-tracking")["act_feared"]
    assert feared[ACT["reads_sensitive"]] == pytest.approx(expected, rel=1e-6)
    assert np.count_nonzero(feared) == 1
    assert PLAIN["act_feared"].max() == tables("citizen-score", "2014-12")["act_feared"].max() == 0


def test_no_act_stands_in_two_groups_and_none_is_missing() -> None:
    listed = [name for group in GROUPS for name in group]
    assert sorted(listed) == sorted(SOCIETY.acts)
    assert len(set(listed)) == len(listed)


# -- the regime's --------------------------------------------------------------------------------------------------


def test_ordinary_law_has_no_points_channels_lists_or_gates() -> None:
    for key in (
        *(
            "points_credit",
            "points_conduct",
            "act_points",
            "act_channels",
            "act_seen",
            "false_match",
            "regime_punishes",
        ),
        *("gate_lists", "gate_threshold", "gate_household", "stigma", "worth", "join_benefits"),
    ):
        assert not np.any(PLAIN[key]), key
    for key in (
        "has_score",
        "scored",
        "in_force",
        "friends",
        "posts",
        "campaign",
        "firms_rated",
        "reports",
        "mistaken",
        "appeal",
    ):
        assert not PLAIN[key], key
    assert PLAIN["gates_kept"] == sum(1 << GATE[g] for g in LAW)
    assert (PLAIN["group_bound"] == 1).all()


def test_points_stand_on_their_account_and_are_worth_what_factors_make_of_them() -> None:
    made = regime(PRESS)
    assert made.score is not None
    assert made.score.factors is not None
    assert made.score.makeup is not None
    assert made.score.spread is not None
    weights = {
        "credit": float(made.score.factors.credit_history) * float(made.score.makeup.credit),
        "conduct": float(made.score.factors.behaviour) * float(made.score.makeup.conduct),
    }
    for name in ACTS:
        points = made.points.get(name)
        for account in ("credit", "conduct"):
            expected = float(points.value) if points and points.account == account else 0
            assert FOUND[f"points_{account}"][ACT[name]] == pytest.approx(expected)
        worth = float(points.value) * float(made.score.spread) * weights[points.account] if points else 0
        assert FOUND["act_points"][ACT[name]] == pytest.approx(worth, rel=1e-6)
    for account in ("credit", "conduct"):
        kept = made.accounts[account].half_life
        assert kept is not None
        half = float(kept)
        assert float(FOUND[f"{account}_retained"]) ** half == pytest.approx(0.5, rel=1e-4)


def test_an_act_is_seen_through_the_channels_that_show_it_and_are_tapped() -> None:
    made = regime(PRESS)
    for name, row in SOCIETY.acts.items():
        tapped = [c for c in row.seen_by if c in made.channels and c != "neighbours"]
        assert FOUND["act_channels"][ACT[name]] == sum(1 << CHANNELS.index(c) for c in tapped)
        missed = math.prod(1 - float(made.channels[c].sensitivity) for c in tapped)
        assert FOUND["act_seen"][ACT[name]] == pytest.approx(1 - missed, abs=1e-6)


def test_false_matches_add_up_over_channels_and_are_more_for_minorities() -> None:
    total = sum(float(c.false_match) for c in regime(PRESS).channels.values())
    assert chance(FOUND["false_match"]) == pytest.approx(
        [total, total * float(SOCIETY.observation.minority_factor)], rel=1e-5
    )
    assert int(FOUND["false_cumulated"][-1]) == 2**32
    assert (FOUND["false_cost"] > 0).all()


def test_gates_know_their_lists_thresholds_and_households() -> None:
    made = regime(PRESS)
    names = list(made.lists)
    for name in GATES:
        gate = made.gates.get(name)
        assert FOUND["gate_lists"][GATE[name]] == (sum(1 << names.index(n) for n in gate.lists) if gate else 0)
        cut = 32 * float(gate.threshold.value) if gate and gate.threshold else 0
        assert FOUND["gate_threshold"][GATE[name]] == cut
        assert FOUND["gate_household"][GATE[name]] == int(bool(gate and gate.household))
    assert FOUND["privileged"] == FOUND["gate_threshold"][GATE["visa"]] > FOUND["gate_threshold"][GATE["deposit_free"]]
    assert FOUND["judgment_lists"] == 1 << names.index("defaulters")


def test_welfare_rises_with_the_score_up_to_what_all_gates_are_worth() -> None:
    made = regime(PRESS)
    worth = FOUND["worth"].astype(float)
    assert (np.diff(worth, axis=1) >= 0).all()
    cut = [n for n, g in made.gates.items() if g.threshold or "discredited" in g.lists]
    assert (worth[:, -1] <= FOUND["gate_worth"][:, [GATE[n] for n in cut]].sum(axis=1) + 1e-5).all()
    assert (worth[:, 0] > 0).all()


def test_welfare_is_the_sum_over_gates_of_demand_value_and_nearness() -> None:
    made = regime(PRESS)
    assert made.score is not None
    low, high = float(made.score.lowest), float(made.score.highest)
    width = float(SOCIETY.learning.width_secret) * (high - low) / 600
    listed = {n: float(row.below.value) for n, row in made.lists.items() if row.below is not None}
    for decile, k in ((0, 0), (4, 100), (9, GRID)):
        s = low + (high - low) * k / GRID
        total = 0.0
        for name, gate in made.gates.items():
            cuts = [float(gate.threshold.value)] if gate.threshold else []
            cuts += [listed[n] for n in gate.lists if n in listed]
            if cuts:
                total += FOUND["gate_worth"][decile, GATE[name]] / (1 + math.exp(-(s - max(cuts)) / width))
        assert FOUND["worth"][decile, k] == pytest.approx(total, rel=1e-5)


def test_known_rules_make_stakes_sharper() -> None:
    sharp = tables(PRESS, settings=("score.rules=known",))
    assert (np.diff(sharp["worth"], axis=1).max() > np.diff(FOUND["worth"], axis=1).max()).all()
    assert np.log(sharp["blur"].astype(float)).std() < np.log(FOUND["blur"].astype(float)).std()
    assert np.median(FOUND["blur"]) == pytest.approx(1, abs=0.02)


@kernel
def stakes(table: np.ndarray, scores: np.ndarray, points: float, lowest: float, step: float, out: np.ndarray) -> None:
    """The rule's stake at each score."""
    for q in range(scores.shape[0]):
        out[q] = stake(table, 5, scores[q], points, lowest, step)


def test_a_stake_has_the_sign_of_its_points_and_none_beyond_the_scale() -> None:
    scores = np.linspace(300, 1000, 200).astype(np.float32)
    out = np.zeros(200, np.float32)
    for points in (-40.0, 0.0, 40.0):
        stakes(FOUND["worth"], scores, points, float(FOUND["lowest"]), float(FOUND["step"]), out)
        assert (np.sign(out) * np.sign(points) >= 0).all()
        assert out.any() == (points != 0)
    stakes(FOUND["worth"], scores, 40.0, float(FOUND["lowest"]), float(FOUND["step"]), out)
    assert out[-1] == 0


# -- the month's ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "phase", "scored"),
    [("2014-12", 0, 0), ("2015-01", 1, 1), ("2019-12", 1, 1), ("2020-01", 2, 1), ("2030-01", 2, 1)],
)
def test_phases_begin_on_their_dates(date: str, phase: int, scored: int) -> None:
    found = tables(PRESS, date)
    assert (found["enrolment"], found["scored"]) == (phase, scored)
    assert bool(found["gate_unscored"].any()) == bool(scored)


def test_lists_are_kept_from_their_dates_on() -> None:
    kinds = {date: tables(PRESS, date)["list_kind"].tolist() for date in ("2013-09", "2014-06", "2016-01", "2018-05")}
    assert kinds["2013-09"] == [UNUSED] * 3
    assert kinds["2014-06"] == [BY_JUDGMENT, UNUSED, UNUSED]
    assert kinds["2016-01"] == [BY_JUDGMENT, UNUSED, BY_SCORE]
    assert kinds["2018-05"] == [BY_JUDGMENT, BY_ACTS, BY_SCORE]


def test_before_its_first_phase_nothing_is_recorded_punished_or_rated() -> None:
    early = tables(PRESS, "2014-06")
    for key in ("false_match", "regime_punishes", "firms_rated", "in_force"):
        assert not np.any(early[key]), key
        assert np.any(FOUND[key]), key


def looked_up_in(module: object) -> set[str]:
    """Names that stand behind `tables.` in a rule's file."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    return {n.attr for n in nodes if isinstance(n.value, ast.Name) and n.value.id == "tables"}


def test_rules_look_up_only_what_there_is() -> None:
    for row in (START, *Schedule()):
        used = looked_up_in(sys.modules[row.function.__module__])
        assert used <= set(PLAIN), row.name
        assert used <= set(FOUND), row.name
        assert used or row.name == "meeting"
