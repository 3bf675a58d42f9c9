"""From what is declared to what the rules look up: one dictionary of numbers and arrays for a society, a regime and a
month.

Chances become thresholds (uint64, under which a word must lie), money stays in months of essential spending
(float32), points in points. `society_tables` and `regime_tables` are the same in every month; `monthly_tables` change
with the date.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from sincerity.declare.dates import Month
from sincerity.declare.figures import Figure
from sincerity.declare.regime import Gate, Makeup, Regime, Safeguards
from sincerity.declare.society import Society
from sincerity.declare.vocabulary import ACTS, CHANNELS, GATES
from sincerity.month import enrolment, livelihood, points, standing
from sincerity.month.conduct import ENVELOPE, GROUPS, WIDEST
from sincerity.month.gates import ACT, BENEFITS, GATE
from sincerity.month.provider_tables import monthly_provider_tables, provider_tables
from sincerity.month.ranks import OPEN, cuts, rank_tables
from sincerity.month.worth import GRID
from sincerity.people import functions, population
from sincerity.people.draws import name_key, threshold
from sincerity.people.ties import SLOTS

Tables = dict[str, Any]

SEEN_BY = {
    "pay_late": ("bank and payments",),
    "bill_unpaid": ("utilities and tax",),
    "default": ("bank and payments",),
    "judgment": ("courts",),
    "report_neighbour": ("neighbours",),
    "critical_post": ("social network",),
    "praise_post": ("social network",),
}
"""Where acts can be seen that are no habits of the society's list."""

DEMAND_GROUPS = (
    ("flight", "fast_train"),
    ("mortgage", "public_post", "company_office", "school", "visa"),
    ("dating", "health", "flat"),
    ("city_transit", "deposit_free", "heating", "internet"),
)
"""At most one gate of each group is tried a month."""

WEIGHTS = (
    "origin", "credit_weight", "conduct_weight", "capacity_weight", "identity_weight", "credit_scale", "conduct_scale",
    "by_savings", "by_income", "by_age", "by_education", "by_urban", "by_partner", "by_length", "a_year_of_length",
)  # fmt: skip
"""What turns accounts, savings and traits into a score."""

NO_SAFEGUARDS = Safeguards(
    notice=Figure.model_construct(value=Decimal(0), unit="share of records told to the person", date="", source="")
)
LOWEST_UNSCORED, HIGHEST_UNSCORED = 0.0, 1000.0
"""A scale for the tables of a regime that has no score; no rule reads it."""


_threshold = lru_cache(maxsize=65536)(threshold)


def _u64(values: Iterable[float]) -> Any:
    return np.array([_threshold(float(v)) for v in values], np.uint64)


def _chance(value: float) -> Any:
    return np.uint64(threshold(value))


def _f32(value: Any) -> Any:
    return np.float32(float(value))


def _array(values: Iterable[Any]) -> Any:
    return np.array([float(v) for v in values], np.float32)


def _steep(value: float, steep: float) -> list[float]:
    """A rate by decile, `steep` times as high in the highest as in the lowest, with the mean kept."""
    factors = [steep ** (d / 9) for d in range(10)]
    return [value * f * 10 / sum(factors) for f in factors]


def _lognormal(median: float, spread: float, size: int = 256) -> list[float]:
    normal = NormalDist()
    return [median * math.exp(spread * normal.inv_cdf((k + 0.5) / size)) for k in range(size)]


def society_tables(society: Society, parents: float) -> Tables:
    """What every world of a society has; `parents` is the share of adults with a minor child."""
    live, owe, law, talk = society.livelihood, society.obligations, society.law, society.speech
    learn, bond, firms = society.learning, society.friendship, society.firms
    risk = [float(v) for v in law.topic_risk.values]
    loss, find = live.job_loss.values, live.job_finding.values
    unmet = _steep(float(owe.unmet_at_start), 0.1)
    tables: Tables = {
        "exp": functions.exp_table(),
        "logistic": functions.logistic_table(),
        "gumbel": functions.gumbel_table(),
        "exponential": functions.exponential_table(),
        # livelihood
        "surplus": _array(live.surplus.values),
        "surplus_out_of_work": _array(live.surplus_out_of_work.values),
        "retired_factor": _f32(live.retired_factor),
        "retirement_age": _f32(live.retirement_age),
        "income_noise": _f32(live.income_noise),
        "shock_chance": _chance(float(live.shock_chance)),
        "shock_size": _f32(live.shock_size),
        "buffer_cap": np.array([min(round(16 * float(v)), 255) for v in live.buffer_cap.values], np.int64),
        "job_loss": _u64(map(float, loss)),
        "job_finding": _u64(map(float, find)),
        "out_at_start": _u64(float(a) / (float(a) + float(b)) for a, b in zip(loss, find, strict=True)),
        "relief_least": round(16 * float(society.regions.relief_least)),
        # obligations
        "loans_at_start": _chance(float(owe.loans_at_start)),
        "loan_ends": _chance(float(owe.loan_ends)),
        "loan_wanted": _chance(float(owe.loan_wanted)),
        "instalment": _f32(owe.instalment),
        "instalment_least": _f32(owe.instalment_least),
        "careless": np.float64(threshold(float(owe.careless))),
        "unwilling": np.float64(threshold(float(owe.unwilling))),
        "late_elasticity": _f32(owe.elasticity),
        "suit_chance": _chance(float(owe.suit_chance)),
        "judged": _chance(1 / float(owe.suit_lag)),
        "written_off": _chance(float(owe.written_off)),
        "judgment": np.array(
            [
                min(max(round(8 * v), 1), 127)
                for v in _lognormal(float(owe.judgment_median), float(owe.judgment_spread))
            ],
            np.uint8,
        ),
        "met_at_judgment": _chance(float(owe.met_at_judgment)),
        "garnished_share": _f32(owe.garnished_share),
        "garnished_months": _chance(float(owe.garnished_months)),
        "pays_listed": _chance(float(owe.pays_listed)),
        "pays_unlisted": _chance(float(owe.pays_unlisted)),
        "settled": _chance(float(owe.settled)),
        "unmet_at_start": _u64(unmet),
        # ordinary law
        "bank_refuses": _chance(float(law.bank_refuses_arrears)),
        "papers_missing": _chance(float(law.papers_missing)),
        "formal_jobs": _u64(map(float, law.formal_jobs.values)),
        "school_papers": _chance(float(law.school_papers)),
        "law_punishes": _u64(float(law.critical_post_punished) * r for r in risk),
        # speech and asking
        "occasion": np.float64(threshold(float(talk.occasion))),
        "topics": _u64(np.cumsum([float(v) for v in talk.topics.values])),
        "topic_loss": _array(float(talk.loss) * r for r in risk),
        "sincerity": _f32(talk.sincerity),
        "company_weight": _f32(talk.company),
        "cost_sincere": _f32(talk.cost_sincere),
        "cost_praise": _f32(talk.cost_praise),
        "inverse_noise": _f32(1 / float(talk.noise)),
        "loss": _f32(talk.loss),
        "loss_weight": _f32(talk.loss_weight),
        "rumour": np.float64(threshold(float(talk.rumour))),
        "rumour_true": _chance(float(talk.rumour_true)),
        "rumour_care": _f32(talk.rumour_care),
        "regret": np.float64(threshold(float(talk.regret))),
        "survey_pressure": _f32(society.survey.pressure),
        "survey_integrity": _f32(society.survey.integrity),
        # learning
        "fear_background": _f32(learn.fear_background),
        "fear_at_start": round(255 * float(learn.fear_background)),
        "fear_rate": _f32(learn.fear_rate),
        "fear_of_punishment": _f32(learn.fear_of_punishment),
        "fear_fades": _f32(learn.fear_fades),
        "own_weight": _f32(learn.own_weight),
        "publicity": _f32(learn.publicity),
        "tells": _chance(float(learn.tells)),
        "view_rate": _f32(learn.view_rate),
        "view_anchor": _f32(learn.view_anchor),
        "view_pulled": _f32(learn.view_pulled),
        "view_heard": _f32(learn.view_heard),
        "view_unjust": _f32(learn.view_unjust),
        "view_proportion": _f32(learn.view_proportion),
        "view_privilege": _f32(learn.view_privilege),
        "view_order": _f32(learn.view_order),
        "aware_own": _chance(float(learn.aware_own)),
        "aware_ties": _chance(float(learn.aware_ties)),
        "risk_raised": _f32(learn.risk_raised),
        "alarm_fades": _chance(1 / max(float(learn.risk_fades), 1.0)),
        # friendship
        "drop": _f32(bond.drop),
        "open": _f32(bond.open),
        "held": _f32(float(bond.open) / (float(bond.open) + float(bond.drop))),
        "crowded": _array(
            min(max(k / SLOTS / float(bond.usual), 0.25), 4.0) ** float(bond.company) for k in range(SLOTS + 1)
        ),
        "worth_of_kind": _array(bond.worth.values),
        "meets": _chance(float(bond.meets)),
        "parts": _chance(float(bond.parts)),
        "partnered_at_start": _chance(float(bond.partnered_at_start)),
        # observation
        "overlooks": _f32(society.observation.overlooks),
        "reward_lowers": float(society.observation.reward_lowers),
        "disorder_lowers": _f32(society.observation.disorder_lowers),
        # firms and regions
        "firm_margin": _f32(firms.margin),
        "public_trade": _f32(firms.public_trade),
        "firm_noise": _f32(firms.noise),
        "firm_cash_most": _f32(2 * float(firms.cash_at_start)),
        "held_back": _f32(firms.held_back),
        "late_wage": _chance(float(firms.late_wage)),
        "lays_off": _chance(float(firms.lays_off)),
        "fault": _chance(float(firms.fault)),
        "firm_evades": _chance(float(firms.evades)),
        "relief": _f32(society.regions.relief),
        "pays_late": _chance(float(society.regions.pays_late)),
        "person_key": name_key(society.name),
    }
    tables |= _conduct(society) | _demand(society, parents)
    return tables


def _conduct(society: Society) -> Tables:
    """Base rates by demographic cell (age band x sex x owner x parent), cumulated inside each group of acts.

    A declared rate is the mean over the adults who can do the act: factors by age and sex only share it out.
    """
    adults = population.marginals(society).by_kind.reshape(-1, 2)
    lives = np.array([population.band_of(age) for age in population.FIRST_AGE])
    everyone = np.stack([adults[lives == band].sum(axis=0) for band in range(4)])
    parents = everyone * np.array([[float(v)] for v in society.population.parents.values])
    envelope = np.zeros((len(GROUPS), 32, WIDEST), np.float64)
    group_acts = np.full((len(GROUPS), WIDEST), -1, np.int64)
    for g, group in enumerate(GROUPS):
        for k, name in enumerate(group):
            act = society.acts.get(name)
            group_acts[g, k] = ACT[name]
            if act is None:
                continue
            age = np.array([[float(act.young)], [1.0], [1.0], [float(act.old)]])
            factors = age * np.array([[1.0, float(act.men)]])
            who = parents if act.only == "parent" else everyone
            mean = float((factors * who).sum() / who.sum())
            for cell in range(32):
                band, man, owner, parent = cell // 8, cell // 4 % 2, cell // 2 % 2, cell % 2
                barred = (act.only == "owner" and not owner) or (act.only == "parent" and not parent)
                share = float(factors[band, man]) / mean if mean and not barred else 0.0
                envelope[g, cell, k] = float(act.rate) / 12 * share
    many = len(ACTS)
    caught, fine, elasticity, harm, rate = (np.zeros(many, np.float64) for _ in range(5))
    for name, act in society.acts.items():
        harm[ACT[name]], rate[ACT[name]] = max(float(act.harm), 0.0), float(act.rate)
        caught[ACT[name]], fine[ACT[name]] = float(act.caught), float(act.fine)
        elasticity[ACT[name]] = float(act.elasticity)
    return {
        "envelope": np.cumsum(envelope, axis=2).astype(np.float32),
        "group_totals": envelope.sum(axis=2).astype(np.float32),
        "group_acts": group_acts,
        "act_caught": _u64(caught),
        "act_fine": _array(fine),
        "act_elasticity": _array(elasticity),
        "act_harm": _array(harm),
        "act_rate": rate,
        "disorder_share": float(rate[ACT["disorder"]] / max(rate[ACT["disorder"]] + rate[ACT["public_offence"]], 1e-9)),
    }


def _demand(society: Society, parents: float) -> Tables:
    widest = max(map(len, DEMAND_GROUPS))
    demand = np.zeros((10, len(DEMAND_GROUPS), widest), np.float64)
    gates = np.zeros((len(DEMAND_GROUPS), widest), np.int64)
    wanted = np.zeros((10, len(GATES)), np.float64)
    for g, group in enumerate(DEMAND_GROUPS):
        for k, name in enumerate(group):
            gates[g, k] = GATE[name]
            if name in society.demand:
                rates = _steep(float(society.demand[name]), float(society.demand[name].steep))
                demand[:, g, k] = rates
                single = 1 - float(society.friendship.partnered_at_start)
                share = {"parent": parents, "single": single}.get(str(society.demand[name].only), 1.0)
                wanted[:, GATE[name]] = [r * share for r in rates]
    live = society.livelihood
    search = float(
        np.mean(
            [
                float(a) / (float(a) + float(b)) * float(b)
                for a, b in zip(live.job_loss.values, live.job_finding.values, strict=True)
            ]
        )
    )
    wanted[:, GATE["job"]] = search
    wanted[:, GATE["loan"]] = float(society.obligations.loan_wanted)
    worth = np.zeros(len(GATES))
    for name, figure in society.worth.items():
        worth[GATE[name]] = float(figure)
    cumulated = np.cumsum(demand, axis=2)
    return {
        "demand": np.array([threshold(v) for v in cumulated.ravel()], np.uint64).reshape(cumulated.shape),
        "demand_total": np.array([threshold(v) for v in cumulated[:, :, -1].ravel()], np.uint64)
        .reshape(10, -1)
        .T.copy(),
        "demand_gates": gates,
        "gate_worth": wanted * worth * 12,
        "gate_loss": _array(0 if gate in BENEFITS else value for gate, value in enumerate(worth)),
    }


def regime_tables(society: Society, regime: Regime, base: Tables) -> Tables:
    """What a regime adds, whatever the month. `base` are the society's tables."""
    score = regime.score
    learn = society.learning
    known = score is not None and score.rules == "known"
    low = float(score.lowest) if score else LOWEST_UNSCORED
    high = float(score.highest) if score else HIGHEST_UNSCORED
    scale = (high - low) / 600
    guard = _guards(regime)
    friends = float(regime.ties.friends) if regime.ties and not guard.no_guilt_by_tie else 0.0
    told = regime.ties is not None and regime.ties.known
    width = float(learn.width_known if known else learn.width_secret) * scale
    tables: Tables = {
        "has_score": int(score is not None),
        "known": int((known or told) and score is not None and "ties" in score.shown_to),
        "lowest": _f32(low),
        "highest": _f32(high),
        "inverse_range": _f32(1 / (high - low)),
        "step": _f32(GRID / (high - low)),
        "blur": _array(_lognormal(1.0, float(learn.risk_known if known else learn.risk_secret))),
        "friends": _f32(friends),
        "posts": _f32(regime.ties.posts if regime.ties and not guard.no_guilt_by_tie else 0),
        "tie_cost": _f32(friends if score and "ties" in score.shown_to and not guard.same_context else 0),
        "same_context": int(guard.same_context),
        "after_repair": _f32(1 - float(guard.repair) if guard.repair else 1),
        "officials_exempt": int(regime.rated is not None and "officials" in regime.rated.exempt),
        "no_file": _u64(map(float, score.no_file.values)) if score and score.no_file else _u64([0.0] * 10),
        "file_key": np.uint32(name_key("file")),
        "leaving": int(regime.enrolment is not None and regime.enrolment.leaving),
        "firms_rated": int(regime.rated is not None and regime.rated.firms),
    }
    tables |= _scoring(society, regime) | points.point_tables(regime) | points.peer_tables(regime)
    tables |= _watching(society, regime)
    tables |= _gates(regime, regime.gates) | _redress(society, regime)
    tables |= provider_tables(society, regime, base, shown_through(society))
    tables |= _harm_a_point(regime, base)
    tables |= {"width": width} | _stakes(regime, regime.gates, base, low, high, width)
    tables |= _firms(regime) | _governments(regime) | _further_lists(regime) | _campaign(regime) | _apology(regime)
    act_points = np.array([points.expected(regime, name) for name in ACTS])
    act_points[ACT["critical_post"]] -= points.retaliation(regime)
    tables |= {
        **_bounds(tables, base, act_points, low, high),
        "act_points": _array(act_points),
        "report_pull": _f32(_report_pull(regime, tables, base, act_points)),
        "late_points": _f32(act_points[ACT["pay_late"]]),
        "late_seen": _f32(tables["act_seen"][ACT["pay_late"]]),
        "praise_points": _f32(act_points[ACT["praise_post"]]),
        "critical_points": _f32(act_points[ACT["critical_post"]]),
    }
    return tables


def _bounds(tables: Tables, base: Tables, act_points: Any, low: float, high: float) -> Tables:
    """How far points can multiply the rate of an act (exp(-3) to 4: `act_least`, `act_most`), and at the most that of
    an act of each group (`group_bound`): certain to be seen, where they weigh most. `act_rise`: the least and the most
    that an act's points change W.
    """
    grid = np.linspace(low, high, GRID + 1)
    least, most, rise = np.ones(len(ACTS)), np.ones(len(ACTS)), np.zeros((len(ACTS), 2))
    for act, gain in enumerate(map(float, act_points)):
        if gain == 0:
            continue
        at = np.concatenate([grid, np.clip(grid - gain, low, high)])  # W bends at the one or the other
        rises = [np.interp(at + gain, grid, row) - np.interp(at, grid, row) for row in tables["worth"]]
        rise[act] = min(float(np.min(rises)), 0), max(float(np.max(rises)), 0)
        steep = float(base["act_elasticity"][act])
        if gain < 0:
            least[act] = math.exp(max(steep * rise[act, 0], -3)) * 0.99
        else:
            most[act] = math.exp(min(steep * rise[act, 1], math.log(4))) * 1.01
    return {
        "act_rise": (rise * 1.01).astype(np.float32),
        "act_least": _array(least),
        "act_most": _array(most),
        "group_bound": _array(max(1, *(most[ACT[name]] for name in group)) for group in GROUPS),
    }


def _report_pull(regime: Regime, tables: Tables, base: Tables, act_points: Any) -> float:
    """How far the reward for a report lowers tolerance: by its worth to somebody at the usual score."""
    if regime.score is None or act_points[ACT["report_neighbour"]] <= 0:
        return 0.0
    grid = np.linspace(float(tables["lowest"]), float(tables["highest"]), GRID + 1)
    usual, mean = float(regime.score.usual), tables["worth"].mean(axis=0)
    gain = np.interp([usual, usual + act_points[ACT["report_neighbour"]]], grid, mean)
    return min(float(base["reward_lowers"]) * float(gain[1] - gain[0]), 1.0)


def _harm_a_point(regime: Regime, base: Tables) -> Tables:
    """Harm to others (months of essentials) of a point lost on each account, at the rates at which acts are done."""
    found = {}
    for account in ("credit", "conduct"):
        said = {n: p for n, p in regime.points.items() if p.account == account and n in ACT}
        lost = {ACT[n]: -points.scaled(regime, p.value) for n, p in said.items()}
        mass = sum(base["act_rate"][a] * v for a, v in lost.items() if v > 0)
        harm = sum(base["act_rate"][a] * float(base["act_harm"][a]) for a, v in lost.items() if v > 0)
        found[f"{account}_harm"] = _f32(harm / mass if mass else 0.0)
    return found


def _private_bounds(tables: Tables, bound: Any, most: Any) -> Any:
    """The bounds of `_bounds` where private scorers' points add at most `most` (by act) to the value of acts."""
    raised = [
        max(math.exp(min(float(tables["act_elasticity"][ACT[name]]) * most[ACT[name]], math.log(4))) for name in group)
        for group in GROUPS
    ]
    return _array(min(float(b) * (r * 1.01 if r > 1 else 1), ENVELOPE) for b, r in zip(bound, raised, strict=True))


def _further_bounds(tables: Tables) -> Tables:
    """The bounds of `_bounds` by act, where nudges and private scorers' points may move the rate too (any rate), and
    where lists and the fear of being seen may lower it.
    """
    dreaded = tables["list_stake"].any(axis=0) | (tables["act_feared"] > 0)
    private = int(tables["private_acts"])
    moved = (tables["nudge_channels"] != 0) | np.array([bool(private >> act & 1) for act in range(len(ACTS))])
    return {
        "act_least": np.where(moved | dreaded, 0, tables["act_least"]).astype(np.float32),
        "act_most": np.where(moved, ENVELOPE, tables["act_most"]).astype(np.float32),
    }


def _full_savings(society: Society, makeup: Makeup) -> Any:
    """By decile, the share of full savings that 1/16 month of essentials is."""
    full = makeup.savings_full
    return _array(1 / (16 * float(full or most)) for most in society.livelihood.buffer_cap.values)


def _scoring(society: Society, regime: Regime) -> Tables:
    retained = dict.fromkeys(("credit", "conduct"), 1.0)
    for name, account in regime.accounts.items():
        if account.half_life is not None:
            retained[name] = 0.5 ** (1 / float(account.half_life))
    tables: Tables = {
        "credit_retained": _f32(round(retained["credit"], 7)),
        "conduct_retained": _f32(round(retained["conduct"], 7)),
    }
    weights: Tables = dict.fromkeys(WEIGHTS, np.float32(0)) | {"savings_full": _array([0.0] * 10)}
    score = regime.score
    if score and score.form == "ledger":
        weights |= dict.fromkeys(("credit_weight", "conduct_weight"), _f32(points.LEDGER_STEPS))
        weights |= dict.fromkeys(("credit_scale", "conduct_scale"), _f32(1 / points.LEDGER_STEPS))
        weights["origin"] = _f32(float(score.usual) - 100 * points.LEDGER_STEPS)
    elif score and score.factors and score.makeup and score.spread:
        spread, w, makeup = float(score.spread), score.factors, score.makeup
        weights |= {
            "origin": _f32(float(score.usual) - 50 * spread * (1 - float(w.ties))),
            "credit_weight": _f32(spread * float(w.credit_history)),
            "conduct_weight": _f32(spread * float(w.behaviour)),
            "capacity_weight": _f32(spread * float(w.capacity)),
            "identity_weight": _f32(spread * float(w.identity)),
            "credit_scale": _f32(makeup.credit),
            "conduct_scale": _f32(makeup.conduct),
            "by_savings": _f32(makeup.savings),
            "savings_full": _full_savings(society, makeup),
            "by_length": _f32(makeup.length or 0),
            "a_year_of_length": _f32(1 / float(makeup.length_full) if makeup.length_full else 0),
            "by_income": _f32(float(makeup.income) / 9),
            "by_age": _f32(makeup.age),
            "by_education": _f32(float(makeup.education) / 3),
            "by_urban": _f32(makeup.urban),
            "by_partner": _f32(makeup.partner),
        }
    return tables | weights


def _guards(regime: Regime) -> Safeguards:
    """The regime's safeguards; where it states none, none."""
    return regime.safeguards or NO_SAFEGUARDS


def _watching(society: Society, regime: Regime) -> Tables:
    """What the regime sees: by act, the tapped channels that show it and the chance that a record arrives."""
    many = len(ACTS)
    masks, seen, bad, cost = np.zeros(many, np.int64), np.zeros(many), np.zeros(many), np.zeros(many)
    for name, shows in shown_through(society).items():
        tapped = [c for c in shows if c in regime.channels and c != "neighbours"]  # neighbours report by themselves
        masks[ACT[name]] = sum(1 << CHANNELS.index(c) for c in tapped)
        seen[ACT[name]] = 1 - math.prod(1 - float(regime.channels[c].sensitivity) for c in tapped)
        said = regime.points.get(name)
        cost[ACT[name]] = max(-points.scaled(regime, said.value), 0.0) if said else 0.0
        bad[ACT[name]] = said is not None and (cost[ACT[name]] > 0 or points.ceiling(regime, said) < points.NO_BAND)
    wrong = false_matches(society, regime)
    total = sum(rate for rate, _ in wrong)
    acts = [tuple(ACTS)[a] for _, a in wrong]
    network = regime.channels.get("social network")
    hears = float(network.sensitivity) if network else 0.0
    punished = float(regime.speech.punished) * (hears > 0) if regime.speech else 0.0
    neighbours = regime.channels.get("neighbours")
    reports = float(society.observation.neighbour_sees) * float(neighbours.sensitivity) if neighbours else 0.0
    minority = float(society.observation.minority_factor)
    reported = float(neighbours.sensitivity) * (1 - _reviewed(regime)) if neighbours else 0.0
    return {
        "act_channels": masks,
        "act_seen": _array(seen),
        "unseen": _unseen(regime, masks),
        "act_bad": bad,
        "act_feared": _feared(society, masks),
        "bad_acts": sum(1 << a for a in range(many) if bad[a]),
        "false_match": _u64([total, total * minority]),
        "false_cumulated": _u64(np.cumsum([rate for rate, _ in wrong]) / total) if wrong else _u64([1.0]),
        "false_cost": np.array([min(round(cost[ACT[a]]), 255) for a in acts] or [0], np.int64),
        "false_account": np.array([int(regime.points[a].account == "conduct") for a in acts] or [0], np.int64),
        "regime_punishes": _u64(punished * float(r) for r in society.law.topic_risk.values),
        "praise_counts": _chance(hears if "praise_post" in regime.points else 0.0),
        "heard": _chance(hears),
        "reports": _f32(reports),
        "grudges": float(society.observation.grudge) * reported * bool(cost[ACT["disorder"]]),
        "grudge_cost": min(round(cost[ACT["disorder"]]), 255),
    }


def _feared(society: Society, masks: Any) -> Any:
    """By act: the fall of the log rate of somebody wholly afraid and sure to be seen; reading alone is feared so.

    As in speech, what may follow is weighed against the noise of the choice; reading bears a share of it.
    """
    talk, dread = society.speech, np.zeros(len(ACTS))
    act = ACT["reads_sensitive"]
    dread[act] = float(talk.reading) * float(talk.loss) / float(talk.noise) if masks[act] else 0.0
    return _array(dread)


def _unseen(regime: Regime, masks: Any) -> Any:
    """[act, quarter, four]: the chance that nothing arrives through those of an act's channels that are among these
    four of a quarter of all sixteen.
    """
    found = np.ones((len(ACTS), 4, 16))
    for number, name in enumerate(CHANNELS):
        if name in regime.channels:
            shows = (masks >> number & 1).astype(bool)[:, None] & ((np.arange(16) >> number % 4 & 1) == 1)
            found[:, number // 4][shows] *= 1.0 - float(regime.channels[name].sensitivity)
    return found


def shown_through(society: Society) -> dict[str, tuple[str, ...]]:
    """The channels through which each act can be seen, in the order of the vocabulary."""
    return {name: society.acts[name].seen_by if name in society.acts else SEEN_BY[name] for name in ACTS}


def false_matches(society: Society, regime: Regime) -> list[tuple[float, int]]:
    """Chance a month and act of every record that is written on somebody else.

    Each channel's rate is spread over the penalised acts that it shows.
    """
    wrong: list[tuple[float, int]] = []
    penalised = {name: p for name, p in regime.points.items() if points.scaled(regime, p.value) < 0}
    through = {act: shows for act, shows in shown_through(society).items() if act in penalised}
    for name, channel in regime.channels.items():
        shown = [act for act, shows in through.items() if name in shows]
        rate = float(channel.false_match) * (1 - _reviewed(regime))
        wrong += [(rate / len(shown), ACT[a]) for a in shown if rate > 0]
    return wrong


def _reviewed(regime: Regime) -> float:
    """The share of records of others that a human holds back."""
    review = _guards(regime).human_review
    return float(review.accuracy) if review else 0.0


def _context(domain: str) -> str:
    """The part of life to which a domain belongs: a mortgage is a loan."""
    return "money" if domain == "housing" else domain


def _heard(regime: Regime, gate: Gate) -> tuple[list[str], float | None, str]:
    """What a gate reacts to: lists, the score below which it is closed, and what happens to the unscored."""
    cut = regime.cut(gate)
    threshold = float(cut) if cut else None
    if not points.apart(regime):
        return list(gate.lists), threshold, gate.unscored
    here = _context(gate.domain)
    lists = [n for n in gate.lists if _context(regime.lists[n].domain) == here]
    return (lists, threshold, gate.unscored) if here == "money" else (lists, None, "pass")


def _gates(regime: Regime, gates: Mapping[str, Gate]) -> Tables:
    """What the gates in force close; `gates_kept` is of all gates."""
    numbers = {name: k for k, name in enumerate(regime.lists)}
    many = len(GATES)
    closes, cut, unscored, household = (np.zeros(many, np.int64) for _ in range(4))
    for name, gate in gates.items():
        g = GATE[name]
        lists, below, without = _heard(regime, gate)
        closes[g] = sum(1 << numbers[listed] for listed in lists)
        cut[g] = round(32 * below) if below else 0
        unscored[g] = {"pass": standing.PASS, "deposit": standing.DEPOSIT, "refuse": standing.REFUSE}[without]
        household[g] = int(gate.household and not _guards(regime).no_guilt_by_tie)
    stigma = np.zeros(many)
    if regime.stigma and regime.score and "shops" in regime.score.shown_to:
        stigma[GATE["flat"]], stigma[GATE["dating"]] = float(regime.stigma.flat), float(regime.stigma.dating)
        stigma[GATE["job"]] = float(regime.stigma.job or 0)
    by_law = [GATE[g] for g in ("loan", "mortgage", "job", "school")]
    private = {GATE[g] for provider in regime.providers.values() for g in provider.gates}
    kept = {GATE[g] for g in regime.gates} | private | set(by_law) | {int(g) for g in np.flatnonzero(stigma)}
    return {
        "gates_kept": sum(1 << g for g in kept),
        "gate_lists": closes,
        "gate_threshold": cut,
        "gate_closed_to_unscored": unscored,
        "gate_household": household,
        **rank_tables(regime, dict(gates)),
        "stigma": _array(stigma),
        "given": sum(1 << GATE[name] for name in gates if GATE[name] in BENEFITS),
        "privileged": max((int(cut[g]) for g in BENEFITS if cut[g]), default=65536),
        "list_row": term_rows(regime),
        "judgment_lists": sum(1 << numbers[n] for n, made in regime.lists.items() if made.enters == "judgment unmet"),
    }


def term_rows(regime: Regime) -> Any:
    """The row of `term` in which each list keeps its months; -1: it has none."""
    rows, taken = [], 0
    for made in regime.lists.values():
        rows.append(taken if made.timed else -1)
        taken += made.timed
    return np.array(rows, np.int64)


def _nudges(regime: Regime, tables: Tables, months: int | None) -> Tables:
    """Factors on rates for the users of a channel, so many months after the regime's first; None: not in force."""
    factor, channel = np.ones(len(ACTS)), np.zeros(len(ACTS), np.int64)
    bound = tables["group_bound"].copy()
    for name, nudge in regime.nudges.items() if months is not None else ():
        fade = 0.5 ** (max(months or 0, 0) / float(nudge.fades))
        factor[ACT[name]] = math.exp(float(nudge.strength) * fade)
        channel[ACT[name]] = 1 << CHANNELS.index(nudge.channel)
    for g, group in enumerate(GROUPS):
        most = max(1.0, *(factor[ACT[name]] for name in group))
        if most > 1:
            bound[g] = min(float(bound[g]) * most * 1.01, ENVELOPE)
    return {"act_nudge": _array(factor), "nudge_channels": channel, "group_bound": bound}


def _redress(society: Society, regime: Regime) -> Tables:
    guard = regime.safeguards
    appeal = guard.appeal if guard else None
    notice = float(guard.notice) if guard else 0.0
    alone = [float(v) for v in society.redress.noticed.values]
    return {
        "notice": _chance(notice),
        "noticed": _u64(alone),
        "appeal": int(appeal is not None and appeal.open),
        "appeal_lag": round(float(appeal.lag)) if appeal else 0,
        "appeal_accuracy": _chance(float(appeal.accuracy) if appeal else 0.0),
        "appeal_capacity": float(appeal.capacity) if appeal else 0.0,
    }


@lru_cache(maxsize=4096)
def _passing(cut: float, width: float, low: float, high: float) -> Any:
    """The share that would pass a cut, over the score's range. Kept, since cuts are the same month after month."""
    grid = np.linspace(low, high, GRID + 1)
    return np.round([1 / (1 + math.exp(-max(min((s - cut) / width, 30), -30))) for s in grid], 7)


def _stakes(
    regime: Regime,
    gates: Mapping[str, Gate],
    base: Tables,
    low: float,
    high: float,
    width: float,
    ranked: Mapping[str, float] | None = None,
) -> Tables:
    """W by decile over the score's range, and what joining gives, with these gates.

    ranked: the score down to which a gate was open by rank last month; the usual score where that is not known.
    """
    worth = np.zeros((10, GRID + 1))
    joining = np.zeros(10)
    centre = float(regime.score.usual) if regime.score else low
    by_rank = rank_tables(regime, dict(gates))["gate_cut"]
    by_score = {n: float(made.below) for n, made in regime.lists.items() if made.below is not None}
    for name, gate in gates.items():
        value = base["gate_worth"][:, GATE[name]]
        lists, below, without = _heard(regime, gate)
        at = [below] if below else []
        at += [by_score[n] for n in lists if n in by_score]
        at += [(ranked or {}).get(name, centre)] if by_rank[GATE[name]] >= 0 else []
        if at:
            worth += np.outer(value, _passing(max(at), width, low, high))
        if without != "pass":
            passes = 1 / (1 + math.exp(-(centre - max(at)) / width)) if at else 1.0
            joining += value * passes
    join = regime.enrolment
    return {
        "worth": worth.astype(np.float32),
        "join_benefits": _array(joining * float(join.benefits)) if join else _array([0.0] * 10),
        "join_considers": _chance(float(join.considers) if join else 0.0),
        "join_peers": _f32(join.peers if join else 0),
        "join_privacy": _f32(join.privacy if join else 0),
        "join_noise": _f32(join.noise if join else 0),
    }


def _firms(regime: Regime) -> Tables:
    """What the regime does to firms."""
    firms = regime.firms
    centre = float(regime.score.usual) if regime.score else 0.0
    lost = {
        n: -points.scaled(regime, regime.points[n].value) if n in regime.points else 0.0
        for n in ("counterfeit", "tax_evasion", "pay_late")
    }
    return {
        "loses_trade": _f32(firms.loses_trade if firms else 0),
        "firm_listed_below": _f32(float(firms.listed_below) - centre if firms and firms.listed_below else -1e9),
        "firm_led": _u64(
            float(getattr(firms.listed_for, name) or 0) if firms and firms.listed_for else 0.0
            for name in ("counterfeit", "tax_evasion", "pay_late")
        ),
        "firm_term": round(float(firms.term)) if firms and firms.term else 0,
        "firm_owner_points": _f32(-float(firms.owner_listed) if firms and firms.owner_listed else 0),
        "owner_drags": int(_answers(regime) and firms is not None and firms.owner_listed is not None),
        "firm_fault_points": _f32(lost["counterfeit"]),
        "firm_tax_points": _f32(lost["tax_evasion"]),
        "firm_wage_points": _f32(lost["pay_late"]),
    }


def _answers(regime: Regime) -> bool:
    """Whether a firm and who leads it answer for each other."""
    return not _guards(regime).no_guilt_by_tie


def _governments(regime: Regime) -> Tables:
    """What the regime makes of regional governments."""
    made = regime.governments
    centre = float(regime.score.usual) if regime.score else 0.0
    return {
        "governments_rated": int(made is not None),
        "governments_exempt": int(regime.rated is not None and "governments" in regime.rated.exempt),
        "government_points": _f32(made.points if made and made.points else 0),
        "government_listed_below": _f32(float(made.listed_below) - centre if made and made.listed_below else -1e9),
        "government_led": _chance(float(made.listed_for) if made and made.listed_for else 0.0),
        "government_term": round(float(made.term)) if made and made.term else 0,
        "listed_pays_late": _f32(made.pays_late if made else 1),
        "listed_relief": _f32(made.relief if made else 1),
    }


FOLLOWS = {"firm listed": standing.BY_FIRM, "on a list": standing.BY_LIST}


def _further_lists(regime: Regime) -> Tables:
    """Lists that follow from others and from firms, and what a further act adds to a term."""
    numbers = {name: k for k, name in enumerate(regime.lists)}
    of, extends, most = (np.zeros(len(numbers), np.int64) for _ in range(3))
    firm_lists = 0
    for k, made in enumerate(regime.lists.values()):
        of[k] = sum(1 << numbers[other] for other in made.of)
        if made.extends is not None:
            extends[k], most[k] = round(float(made.extends.by)), round(float(made.extends.at_most))
        if made.enters == "firm listed" or (made.of and int(of[k]) & ~firm_lists == 0):
            firm_lists |= 1 << k
    return {"list_of": of, "list_extends": extends, "list_most": most, "firm_lists": firm_lists}


def _campaign(regime: Regime) -> Tables:
    """Whom a campaign reaches, and what it does to them beside making them aware."""
    made = regime.campaign
    return {
        "campaign": _chance(float(made.amount) if made else 0.0),
        "campaign_fear": _f32(made.fear if made and made.fear else 0),
        "campaign_view": _f32(made.view if made and made.view else 0),
        "campaign_believed": _chance(float(made.believed) if made and made.believed else 0.0),
        "expects": _chance(float(made.expected.share) if made and made.expected else 0.0),
        "silence_points": _f32(made.expected.points if made and made.expected else 0),
    }


def _apology(regime: Regime) -> Tables:
    """Whether reasons are shown, how apologies are judged, and how far one may hope to be believed in pretending."""
    made = regime.speech.apology if regime.speech else None
    return {
        "hides_reasons": int(regime.speech is not None and not regime.speech.reasons),
        "apologies": int(made is not None),
        "apology_believed": _chance(float(made.sensitivity) if made else 0.0),
        "apology_mistaken": _chance(float(made.false_positive) if made else 0.0),
        "apology_hope": _f32(made.false_positive if made else 0),
    }


def _relief(society: Society, regime: Regime, begun: bool, scored: bool) -> Tables:
    """Whom the office helps and with how much: by need until the regime is in force, and until there are scores."""
    made = regime.relief if begun and regime.relief else None
    by = {"need": livelihood.BY_NEED, "score": livelihood.BY_WORTH, "data": livelihood.BY_DATA}[
        made.by if made and (scored or made.by != "score") else "need"
    ]
    return {
        "relief_by": by,
        "relief": _f32(made.amount if made and made.amount else society.regions.relief),
        "relief_above": round(32 * float(made.above)) if made and made.above else 0,
        "relief_channel": 1 << CHANNELS.index(made.channel) if made and made.channel else 0,
        "relief_missed": _chance(float(made.missed) if made and made.missed else 0.0),
        "relief_wrong": _chance(float(made.wrong) if made and made.wrong else 0.0),
    }


def _by_rank(regime: Regime, tables: Tables, gates: Mapping[str, Gate], points: Any) -> Tables:
    """What follows from the ranks of last month: what a point is worth, and who stands above every cut."""
    ranked = {n: points[k] for n in gates if (k := int(tables["gate_cut"][GATE[n]])) >= 0 and points[k] != OPEN}
    low, high = float(tables["lowest"]), float(tables["highest"])
    found = _stakes(regime, gates, tables, low, high, tables["width"], {n: float(p) for n, p in ranked.items()})
    privileges = [32 * int(p) for n, p in ranked.items() if GATE[n] in BENEFITS]
    highest = max([tables["privileged"] % 65536, *privileges])
    bounds = _bounds(tables | found, tables, tables["act_points"], low, high)
    return found | bounds | {"privileged": highest or 65536}


def _list_stakes(tables: Tables, chance: Any, term: Any) -> Any:
    """By decile and act: what the lists that the act leads onto close meanwhile, in months of essentials.

    chance (lists, acts), term (lists,) months: of the lists in force that are entered by acts.
    """
    stake = np.zeros((10, len(ACTS)))
    for k in np.flatnonzero(chance.any(axis=1)):
        on = 1 << int(k)
        for j, others in enumerate(tables["list_of"]):
            on |= (1 << j) if int(others) & on else 0
        yearly = tables["gate_worth"][:, [bool(int(mask) & on) for mask in tables["gate_lists"]]].sum(axis=1)
        stake += np.outer(yearly * float(term[k]) / 12, chance[k])
    return stake.astype(np.float32)


def monthly_tables(
    society: Society,
    regime: Regime,
    tables: Tables,
    date: Month,
    begun_in: Month | None = None,
    cut_points: Any = None,
) -> Tables:
    """What changes with the date: phases, gates and lists in force, nudges, and how far the courts have built a list.

    begun_in: the month in which this world began, where the regime itself does not say when. cut_points: the scores
    down to which the ranks of last month reached, in the order of `ranks.cuts`.
    """
    phase = enrolment.CLOSED
    for step in regime.phases:
        if date >= step.from_:
            phase = {"voluntary": enrolment.VOLUNTARY, "mandatory": enrolment.MANDATORY}[step.enrolment]
    begun = phase != enrolment.CLOSED or not regime.phases
    kind = np.zeros(len(regime.lists), np.int64)
    able, unable = np.zeros(len(regime.lists)), np.zeros(len(regime.lists))
    acts, term = np.zeros(len(regime.lists), np.int64), np.zeros(len(regime.lists), np.int64)
    below, again = np.zeros(len(regime.lists), np.int64), np.zeros(len(regime.lists), np.int64)
    chance = np.zeros((len(regime.lists), len(ACTS)))
    mistaken = 0.0
    for k, made in enumerate(regime.lists.values()):
        if not (begun if made.from_ is None else date >= made.from_):
            continue
        if made.enters == "judgment unmet" and made.able and made.unable:
            kind[k], term[k] = standing.BY_JUDGMENT, round(float(made.kept)) if made.kept else 0
            built = 1.0
            if made.ramp and made.from_ is not None:
                built = min((date - made.from_ + 1) / max(float(made.ramp), 1.0), 1.0)
            able[k], unable[k] = float(made.able) * built, float(made.unable) * built
            mistaken = float(society.observation.mistaken_identity) * built
        elif made.enters == "acts" and made.term:
            kind[k], term[k] = standing.BY_ACTS, min(round(float(made.term)), 255)
            acts[k] = sum(1 << ACT[a] for a in made.acts)
            for name, share in made.acts.items():
                chance[k, ACT[name]] = float(share)
        elif made.below and made.again:
            kind[k] = standing.BY_SCORE
            below[k], again[k] = round(32 * float(made.below)), round(32 * float(made.again))
        elif made.enters == "on a list" or (made.enters == "firm listed" and _answers(regime)):
            kind[k] = FOLLOWS[made.enters]
    scored = int(tables["has_score"] and phase != enrolment.CLOSED)
    watches = bool(regime.lists or regime.score or regime.channels)
    first = regime.phases[0].from_ if regime.phases else begun_in or date
    every = round(float(regime.score.updated)) if regime.score and regime.score.updated else 1
    amnesty = _guards(regime).amnesty
    struck = float(amnesty.share) if amnesty and amnesty.date == date else 0.0
    changed: Tables = {}
    gates = {name: gate for name, gate in regime.gates.items() if gate.from_ is None or date >= gate.from_}
    if cut_points is not None and cuts(regime):
        changed |= _by_rank(regime, tables | _gates(regime, gates), gates, cut_points)
    if any(gate.from_ for gate in regime.gates.values()):
        changed = _gates(regime, gates) | changed
        if "worth" not in changed:
            low, high = float(tables["lowest"]), float(tables["highest"])
            changed |= _stakes(regime, gates, tables, low, high, tables["width"])
    changed |= _nudges(regime, tables | changed, date - first if begun else None)
    changed |= _relief(society, regime, begun, bool(scored))
    changed |= points.presumption_tables(regime, _reviewed(regime), begun)
    changed |= monthly_provider_tables(regime, date, begun and bool(regime.channels), tables)
    changed["group_bound"] = _private_bounds(tables, changed["group_bound"], changed["private_most"])
    changed["list_stake"] = _list_stakes(tables | changed, chance, term)
    changed |= _further_bounds(tables | changed)
    return (
        changed
        | {
            "enrolment": phase,
            "in_force": int((begun and watches) or changed["providers"] > 0),
            "scored": scored,
            "gate_unscored": (tables | changed)["gate_closed_to_unscored"] * scored,
            "january": int(date.month == 1),
            "updates": int((date - first) % every == 0),
            "after_amnesty": _f32(1 - struck),
            "heals": int(tables["after_repair"] < 1 or struck > 0),
            "list_kind": kind,
            "list_able": _u64(able),
            "list_unable": _u64(unable),
            "list_acts": acts,
            "list_chance": np.array([_threshold(c) for c in chance.ravel()], np.uint64).reshape(chance.shape),
            "list_term": term,
            "list_below": below,
            "list_again": again,
            "mistaken": _chance(mistaken),
            "records": 1.0 if begun else 0.0,
            "campaigns": int(begun and bool(tables["campaign_fear"] or tables["campaign_view"])),
        }
        | ({} if begun else _not_yet(tables))
    )


def _not_yet(tables: Tables) -> Tables:
    """What a regime does before its first phase: nothing."""
    off = (
        "false_match",
        "regime_punishes",
        "praise_counts",
        "paid_points",
        "hides_reasons",
        "expects",
        "reports",
        "grudges",
        "firms_rated",
        "governments_rated",
        "act_feared",
    )
    return {name: tables[name] * 0 for name in off}
