"""Flows of whole worlds: the census counts what the rules did, and a score is the fixed point of its equation.

That nobody is on a list without having entered it, that terms run out, that demand ends passed or refused and is the
same in every world, that a doubled rate doubles its flow, and that whom no channel shows has no record:
tests/month/test_whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.linalg import spsolve

from engine.living import BOTH, declared, live
from sincerity.declare import catalogue
from sincerity.declare.dates import Month
from sincerity.declare.scenario import Scenario
from sincerity.engine import cpu
from sincerity.engine.trace import Tally, Trace
from sincerity.engine.world import World, build, settle
from sincerity.month.gates import ACT, GATE
from sincerity.month.schedule import Schedule
from sincerity.people.columns import AWARE, ENROLLED, STATE, Column
from sincerity.rules import rule

PEOPLE, MONTHS = 4_000, 14


# ---- the census counts what the rules did --------------------------------------------------------------------------


def acts(*names: str) -> int:
    return sum(1 << ACT[name] for name in names)


def gates(*names: str) -> int:
    return sum(1 << GATE[name] for name in names)


BITS = {
    "late": ("acts", acts("pay_late")),
    "unpaid_bill": ("acts", acts("bill_unpaid")),
    "defaulted": ("acts", acts("default")),
    "good_deed": ("acts", acts("volunteering", "blood_donation", "charity")),
    "tax_evaded": ("acts", acts("tax_evasion")),
    "refused_date": ("refused", gates("dating")),
    "refused_school": ("refused", gates("school")),
    "refused_loan": ("refused", gates("loan", "mortgage")),
    "refused_by_regime": ("refused_regime", -1),
    "refused_by_ties": ("refused_ties", -1),
    "refused_wrongly": ("refused_false", -1),
    "newly_listed": ("entered", -1),
    "left_list": ("left", -1),
    "judged": ("judged", 1),
    "corrected": ("corrected", 1),
    "lost_tie": ("lost", -1),
}
"""Measure of the census -> column of the month, and the bits of it of which one must be set."""


class Flows(Tally):
    """What the rules left in the month's columns: people by (world, measure, month), and acts by (world, kind, act)."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_act: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.trace = Trace({}, lambda step: None, self)

    def add(self, lo: int, hi: int, months: list[dict[str, NDArray[Any]]]) -> None:
        assert (lo, hi) == (0, PEOPLE)
        for world, month in zip(self.trace.worlds, months, strict=True):
            name = world.regime.name
            for measure, (column, bits) in BITS.items():
                had = (month[column][: hi - lo].astype(np.int64) & bits) != 0
                self.found[name, measure].append(int(had.sum()))
            for kind, column in (("acts", "acts"), ("records", "seen")):
                for act, number in ACT.items():
                    done = month[column][: hi - lo] >> np.uint32(number) & np.uint32(1)
                    self.by_act[name, kind, act].append(int(done.sum()))


def test_the_census_counts_the_flows_of_the_rules() -> None:
    flows, wanted = Flows(), declared(PEOPLE, MONTHS, BOTH, "2019-08")
    rows = cpu.simulate(wanted, 1, threads=1, block=PEOPLE, trace=flows.trace).rows.table().to_pylist()
    counted = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["month"]):
        if row["by"] == "all":
            counted[row["world"], row["measure"]].append(row["count"])
    for key, found in flows.found.items():
        assert counted[key] == found, key
    idle = {measure for (_, measure), found in flows.found.items() if not sum(found)}
    assert {key[1] for key, found in flows.found.items() if sum(found)} == set(BITS), idle
    years = {row["month"]: row for row in rows if row["by"] == "act"}
    bounds = {"2020-07": slice(0, 12), "2020-09": slice(12, 14)}
    assert set(years) == set(bounds)
    by_act = {(row["world"], row["measure"], row["group"], row["month"]): row["count"] for row in rows
              if row["by"] == "act"}  # fmt: skip
    for (world, kind, act), found in flows.by_act.items():
        for month, part in bounds.items():
            assert by_act.get((world, kind, act, month), 0) == sum(found[part]), (world, kind, act, month)


def test_doubled_rates_double_the_envelope_to_the_bit() -> None:
    names = ("tax_evasion", "contract_breach", "fraud", "counterfeit")
    rates = catalogue.society("china-2020").acts
    found = []
    for factor in (1, 2):
        doubled = [(f"acts.{name}.rate", str(rates[name].rate * factor)) for name in names]
        land = settle(catalogue.society("china-2020", doubled), 1024, 1)
        found.append(build(land, catalogue.regime("none"), Schedule()).tables(Month.parse("2020-06")))
    once, twice = found
    assert once["group_acts"][0].tolist()[:4] == [ACT[name] for name in names]
    for table in ("envelope", "group_totals"):
        assert once[table][0].any()
        assert np.array_equal(twice[table][0], 2 * once[table][0])
        assert np.array_equal(twice[table][1:], once[table][1:])


# ---- all weights zero ------------------------------------------------------------------------------------------------

OF_ITS_OWN = {
    "score",
    "credit",
    "conduct",
    "false_points",
    "false_months",
    "history",
    "rating",
    "hours",
    "earned",
    "scored",
}


def weightless(folder: Path) -> Any:
    """The citizen score with everything stated and every weight at zero."""
    made = catalogue.regime("citizen-score")
    lines = ["name: weightless", "extends: citizen-score", "title: a copy", "short: copy", "place: anywhere",
             "years: any", "built: no", "summary: for a test", "rated: {firms: no}", "lists: null", "gates: null",
             "firms: null"]  # fmt: skip

    def zero(unit: str) -> str:
        return f"{{value: 0, unit: {unit}, date: 2020, source: assumed, low: 0, high: 0.5}}"

    lines += ["ties:", f"  friends: {zero('points')}", f"  posts: {zero('points')}", "speech:"]
    lines += [
        f"  punished: {zero('share')}",
        "  reasons: yes",
        "stigma:",
        f"  flat: {zero('chance')}",
        f"  dating: {zero('chance')}",
        f"  job: {zero('chance')}",
    ]
    lines += ["campaign:", f"  amount: {zero('share')}", "points:"]
    for name, points in made.points.items():
        lines.append(f"  {name}: {{value: 0, account: {points.account}, unit: points, date: 2020, source: assumed, "
                     "low: 0, high: 1}")  # fmt: skip
    path = folder / "regime.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return catalogue.regime(str(path))


def test_a_regime_without_weights_is_ordinary_law_to_the_bit(tmp_path: Path) -> None:
    """It watches, keeps accounts and scores everybody; nothing follows from it, in any column that is not its own."""
    regimes = (catalogue.regime("none"), weightless(tmp_path))
    scenario = Scenario(catalogue.society("china-2020"), regimes, PEOPLE, Month(2019, 8), MONTHS, (1,))
    law, scored = live(scenario).worlds
    assert (scored.columns["score"] > 0).all()
    assert not scored.columns["conduct"].any()
    for column in STATE:
        a, b = law.columns[column.name], scored.columns[column.name]
        if column.name == "flags":
            a, b = a & np.uint16(~(ENROLLED | AWARE) & 0xFFFF), b & np.uint16(~(ENROLLED | AWARE) & 0xFFFF)
        if column.name not in OF_ITS_OWN:
            assert np.array_equal(a, b), column.name
    for kind in ("firms", "regions"):
        for name, array in getattr(law, kind).items():
            assert name in OF_ITS_OWN or np.array_equal(array, getattr(scored, kind)[name]), (kind, name)


# ---- friends' scores ----------------------------------------------------------------------------------------------

QUANTUM = 1 / 32
SUM_ALONE = Column("sum_alone", np.int64, "state", "1/32 point", 0, 2**62, "scores without ties, added up")


def nothing(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """A rule that does nothing."""


def add_alone(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Add up the score without ties, whose rounding differs from month to month."""
    people.sum_alone[lo:hi] += people.score_alone[: hi - lo]


def still(kappa: float) -> tuple[World, NDArray[np.float64]]:
    """A world in which all that moves are scores, and everybody's own score (people,), in points."""
    kept = ("meeting", "enrolment", "score")
    rows = tuple(row if row.name in kept else replace(row, function=nothing) for row in Schedule())
    schedule = Schedule(rows).after("score", rule("add alone", add_alone, "score_alone", "sum_alone", 0), (SUM_ALONE,))
    made = catalogue.regime("citizen-score", [("ties.friends", str(kappa)), ("points", "null")])
    months = 100
    scenario = Scenario(catalogue.society("china-2020"), (made,), PEOPLE, Month(2020, 6), months, (1,))
    (world,) = live(scenario, schedule=schedule).worlds
    assert (world.columns["flags"] & ENROLLED).all()
    return world, world.columns["sum_alone"] / 32 / months


@pytest.mark.parametrize("kappa", [0.05, 0.6, -0.6])
def test_a_score_that_counts_friends_scores_is_its_sparse_solution(kappa: float) -> None:
    """s = own + κ (mean of the friends' s - mean of all): within the quantum of a score over 1 - |κ|."""
    world, own = still(kappa)
    edges, _ = world.living_ties()
    a, b = edges.T
    joined = csr_array((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, a])), shape=(PEOPLE, PEOPLE))
    degree = np.asarray(joined.sum(axis=1)).ravel()
    has = degree > 0
    means = diags_array(np.divide(1, degree, out=np.zeros(PEOPLE), where=has)) @ joined
    mean = float(world.columns["score"].mean()) / 32
    known = spsolve((eye_array(PEOPLE) - kappa * means).tocsc(), own - kappa * mean * has)
    inside = (known > 351) & (known < 949)  # where no end of the scale cuts it off
    assert inside.all()
    found = world.columns["score"] / 32
    noise = QUANTUM / 2 / np.sqrt(100) * 5  # of `own`, known from a hundred roundings
    assert np.abs(found - known).max() <= (QUANTUM + noise) / (1 - abs(kappa))
    if abs(kappa) > 0.1:
        assert np.abs(found - own).max() > 50 * QUANTUM
