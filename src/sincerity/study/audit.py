"""The audit of a regime by group, in the terms of the field (fairlearn, AIF360, aequitas), and what they do not ask.

A classifier audit stops at who is selected. A score holds people for years: beside selection stand rates of entry and
exit, false listing, and how fast what is wrong is put right. Counts of all seeds are pooled: an interval is of the
people counted, who share a society, and not of the assumptions.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from html import escape
from math import isfinite
from typing import NamedTuple

import pyarrow as pa

from sincerity.census import fairness
from sincerity.census.fairness import Confusion, share
from sincerity.study.accounts import PROVIDER, SUPPRESSED
from sincerity.study.ledger import FEW_CASES
from sincerity.study.tabular import MINUS
from sincerity.study.tally import Counted, Tally

TRUTH = "needs ground truth"


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One rate of one group. rate, low, high: shares with a 95 % Wilson interval, None where there are fewer than 20
    cases. cases, of: numerator and denominator, all seeds. ratio, ratio_low, ratio_high: over the reference group.
    """

    id: str
    words: str
    truth: bool
    group: str
    cases: int
    of: int
    rate: float | None
    low: float | None
    high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure over all groups that are not suppressed. low, high: its 95 % interval, where one is known."""

    id: str
    words: str
    truth: bool
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


class Rate(NamedTuple):
    """A rate that the audit takes of every group. truth: only a simulator knows it. cases: how many, of how many."""

    id: str
    words: str
    truth: bool
    cases: Callable[[Counted], tuple[int, int]]


def _sum(c: Counted, measure: str) -> int:
    return int(c[measure].sum())


def _of(c: Counted, measure: str) -> int:
    return int(c.of(measure).sum())


def confusion_of(c: Counted) -> Confusion:
    """Broke the law gravely or failed a debt at some time in the run, by sanctioned at some time in it."""
    of = _of(c, "wrong_ever")
    return fairness.confusion(of, _sum(c, "wrong_ever"), _sum(c, "sanctioned_ever"), _sum(c, "wrong_sanctioned_ever"))


RATES: tuple[Rate, ...] = (
    Rate("sanctioned", "sanctioned, of all (selection rate)", False,
         lambda c: (_sum(c, "sanctioned_ever"), _of(c, "sanctioned_ever"))),
    Rate("spared", "spared, of all (favourable)", False,
         lambda c: (_of(c, "sanctioned_ever") - _sum(c, "sanctioned_ever"), _of(c, "sanctioned_ever"))),
    Rate("did", "did what the regime penalises, of all", True, lambda c: (_sum(c, "did_ever"), _of(c, "did_ever"))),
    Rate("wrong", "did wrong*, of all (base rate)", True, lambda c: (_sum(c, "wrong_ever"), _of(c, "wrong_ever"))),
    Rate("tpr", "sanctioned, of those who did wrong* (TPR)", True,
         lambda c: (confusion_of(c).true_positive, _sum(c, "wrong_ever"))),
    Rate("fpr", "sanctioned, of those who never did (FPR)", True,
         lambda c: (confusion_of(c).false_positive, _of(c, "wrong_ever") - _sum(c, "wrong_ever"))),
    Rate("ppv", "did wrong*, of those sanctioned (precision)", True,
         lambda c: (confusion_of(c).true_positive, _sum(c, "sanctioned_ever"))),
    Rate("fdr_decisions", "own record would have passed, of adult-months refused", True,
         lambda c: (_sum(c, "refused_innocent"), _sum(c, "refused"))),
    Rate("recorded", "recorded, of adult-months in which they did what is penalised", True,
         lambda c: (_sum(c, "recorded"), _sum(c, "penalised"))),
    Rate("entry", "newly listed, of adult-months", False, lambda c: (_sum(c, "newly_listed"), _of(c, "newly_listed"))),
    Rate("exit", "left a list, of adult-months on one", False, lambda c: (_sum(c, "left_list"), _sum(c, "on_list"))),
    Rate("false_listing", "on a list by mistaken identity, of adult-months", True,
         lambda c: (_sum(c, "wrongly_listed"), _of(c, "wrongly_listed"))),
    Rate("false_record", "with a false record, of adult-months", True,
         lambda c: (_sum(c, "false_record"), _of(c, "false_record"))),
    Rate("correction", "corrected, of adult-months with a false record", True,
         lambda c: (_sum(c, "corrected"), _sum(c, "false_record"))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit of one regime by one grouping.

    reference: the group that ratios are over (the one with most people). rates: GroupRate, by rate and group. metrics:
    Metric, over all groups that have 20 cases and more. groups: names. calibration: (band, group, did, of): of those
    with a score in this band of 50 points, how many did in the month after what the regime penalises, one month a year.
    """

    title: str
    regime: str
    by: str
    groups: tuple[str, ...]
    reference: str
    rates: tuple[GroupRate, ...]
    metrics: tuple[Metric, ...]
    calibration: tuple[tuple[str, str, int, int], ...]

    def __iter__(self) -> Iterator[GroupRate]:
        return iter(self.rates)

    def rate(self, id: str, group: str) -> GroupRate:
        """One rate of one group; KeyError for others."""
        for each in self.rates:
            if (each.id, each.group) == (id, group):
                return each
        raise KeyError((id, group))

    def metric(self, id: str) -> Metric:
        """One figure over the groups; KeyError for others."""
        for each in self.metrics:
            if each.id == id:
                return each
        raise KeyError(id)

    def to_arrow(self) -> pa.Table:
        """One line a rate and group, one column a field of GroupRate."""
        return pa.table({f.name: [getattr(each, f.name) for each in self.rates] for f in fields(GroupRate)})

    def lines(self, width: int = 120) -> list[str]:
        """The audit as text: rates by group, then the figures over all groups, then calibration."""
        overlap = " Groups overlap: one person may be a member of several." if self.by == PROVIDER else ""
        lines = [self.title, "", f"Ratios are over {self.reference}, the group with most people.{overlap}", ""]
        wide = max(len(each.group) for each in self.rates)
        cases, of = (max(len(f"{getattr(each, name):,}") for each in self.rates) for name in ("cases", "of"))
        for rate in RATES:
            lines.append(rate.words + (f"  [{TRUTH}]" if rate.truth else ""))
            for each in (each for each in self.rates if each.id == rate.id):
                if each.rate is None:
                    lines.append(f"  {each.group.ljust(wide)}  {SUPPRESSED.rjust(4)}    fewer than {FEW_CASES} cases")
                    continue
                lines.append(
                    f"  {each.group.ljust(wide)}  {_percent(each.rate):>7}  {_percent(each.low):>7} to "
                    f"{_percent(each.high):>7}  {each.cases:>{cases},} of {each.of:>{of},}  {_times(each)}".rstrip()
                )
        lines += ["", "Over all groups"]
        wide = max(len(metric.words) for metric in self.metrics)
        for metric in self.metrics:
            value = SUPPRESSED if metric.value is None else f"{metric.value:.3f}"
            known = metric.low is not None and metric.high is not None
            inside = f"  {metric.low:6.3f} to {metric.high:6.3f}".replace("-", MINUS) if known else ""
            notes = "; ".join(part for part in (metric.note, TRUTH if metric.truth else "") if part)
            lines.append(
                f"  {metric.words.ljust(wide)}  {value:>6}{inside:<18}{f'  [{notes}]' if notes else ''}".rstrip()
            )
        return [*lines, "", *self._calibration(), *textwrap.wrap(SMALL_PRINT, width)]

    def _calibration(self) -> list[str]:
        """A line a band, a column a group."""
        shown = [each for each in self.calibration if each[3] >= FEW_CASES]
        if not shown:
            return []
        bands = list(dict.fromkeys(each[0] for each in shown))
        wide = {g: max(len(g), 14) for g in self.groups}
        cell = {(b, g): f"{_percent(share(did, of))} of {of:,}" for b, g, did, of in shown}
        lines = [f"Calibration within groups: did what is penalised in the month after, by score  [{TRUTH}]"]
        lines.append("  " + "score".ljust(9) + "  ".join(g.rjust(wide[g]) for g in self.groups))
        for band in bands:
            cells = (cell.get((band, g), SUPPRESSED).rjust(wide[g]) for g in self.groups)
            lines.append(f"  {f'{band}–{int(band) + 49}'.ljust(9)}" + "  ".join(cells))
        return [*lines, ""]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


SMALL_PRINT = (
    "* Broke the law other than in traffic or by dodging a fare, defaulted, or owed an unmet judgment, at some time in "
    "the run: under ordinary law, not by the regime's own list, on which nearly everybody has something after some "
    "years. A sanction is unfavourable: sanctioned and spared are both given, since ratios are not symmetric. "
    "Difference: largest less smallest; ratio: smallest over largest; equalised odds: the worse of TPR and FPR. "
    "Intervals (95 %): shares Wilson 1927, differences Newcombe 1998, ratios Katz et al. 1978; of people counted, all "
    "seeds pooled, who depend on one another through ties, and by the month: read them as too narrow. Four-fifths: 29 "
    "CFR 1607.4(D). Equal rates month by month need not be equal over the whole period. What needs ground truth no "
    "regime's own records can show. Invented people; not a forecast."
)


def audit(census: pa.Table, tally: Tally, regime: str, title: str) -> Audit:
    """The audit of one world by the tally's grouping."""
    groups = tally.groups
    counted = {group: tally.of_world(regime, group) for group in groups}
    reference = max(groups, key=lambda group: _of(counted[group], "sanctioned_ever"))
    rates = tuple(_rate(rate, group, counted, reference) for rate in RATES for group in groups)
    return Audit(title, regime, tally.by, groups, reference, rates, _metrics(counted), _bands(census, tally, regime))


def _rate(rate: Rate, group: str, counted: dict[str, Counted], reference: str) -> GroupRate:
    cases, of = rate.cases(counted[group])
    base, base_of = rate.cases(counted[reference])
    if cases < FEW_CASES or not of:
        return GroupRate(rate.id, rate.words, rate.truth, group, cases, of, *(None,) * 6)
    low, high = fairness.wilson(cases, of)
    over: tuple[float | None, ...] = (None, None, None)
    if group != reference and base >= FEW_CASES:
        over = (share(cases, of) / share(base, base_of), *fairness.ratio_interval(cases, of, base, base_of))
    return GroupRate(rate.id, rate.words, rate.truth, group, cases, of, share(cases, of), low, high, *over)


def _metrics(counted: dict[str, Counted]) -> tuple[Metric, ...]:
    """Parity, odds and four-fifths over the groups whose counts are large enough for each."""
    all_of_them = {g: confusion_of(c) for g, c in counted.items()}
    chosen = {g: (m.true_positive + m.false_positive, m.total) for g, m in all_of_them.items()}
    kept = {g: m for g, m in all_of_them.items() if chosen[g][0] >= FEW_CASES and chosen[g][1] - chosen[g][0] > 0}
    left_out = len(counted) - len(kept)
    note = f"{left_out} groups left out" if left_out else ""
    if len(kept) < 2:
        return tuple(Metric(id, words, truth, None, note="fewer than two groups") for id, words, truth in METRICS)
    many = list(kept.values())
    selected = [chosen[g] for g in kept]
    spared = [(of - cases, of) for cases, of in selected]
    worst, best = (f(selected, key=lambda s: share(*s)) for f in (max, min))
    odds = [m for m in many if m.false_positive >= FEW_CASES and m.true_positive >= FEW_CASES]
    enough = len(odds) == len(many)
    thin = "" if enough else "too few who did wrong, or never did, were sanctioned"
    values: dict[str, tuple[float | None, float | None, float | None]] = {
        "demographic_parity_difference": (
            fairness.demographic_parity_difference(many), *fairness.newcombe(*worst, *best)),
        "demographic_parity_ratio": fairness.four_fifths(selected),
        "four_fifths": fairness.four_fifths(spared),
        "equal_opportunity_difference": (fairness.difference([m.true_positive_rate for m in many]), None, None),
        "equalised_odds_difference": (fairness.equalised_odds_difference(many) if enough else None, None, None),
        "equalised_odds_ratio": (fairness.equalised_odds_ratio(many) if enough else None, None, None),
        "precision_difference": (fairness.difference([m.precision for m in many]), None, None),
    }  # fmt: skip
    found = []
    for id, words, truth in METRICS:
        value, low, high = (v if v is not None and isfinite(v) else None for v in values[id])
        notes = [note, thin if id.startswith("equalised") else ""]
        if id == "four_fifths" and value is not None:
            notes.append("below 0.8: flagged" if value < fairness.FOUR_FIFTHS else "0.8 and above: not flagged")
        found.append(Metric(id, words, truth, value, low, high, "; ".join(n for n in notes if n)))
    return tuple(found)


METRICS: Sequence[tuple[str, str, bool]] = (
    ("demographic_parity_difference", "demographic parity difference (sanctioned)", False),
    ("demographic_parity_ratio", "demographic parity ratio (sanctioned)", False),
    ("four_fifths", "four-fifths: ratio of the spared", False),
    ("equal_opportunity_difference", "equal opportunity difference (TPR)", True),
    ("equalised_odds_difference", "equalised odds difference", True),
    ("equalised_odds_ratio", "equalised odds ratio", True),
    ("precision_difference", "precision difference", True),
)


def _bands(census: pa.Table, tally: Tally, regime: str) -> tuple[tuple[str, str, int, int], ...]:
    """(band, group, did, of), all years and seeds, bands in order."""
    import pyarrow.compute as pc

    wanted = pc.and_(pc.equal(census["by"], f"score and {tally.by}"), pc.equal(census["measure"], "penalised_by_score"))
    rows = census.filter(pc.and_(wanted, pc.equal(census["world"], regime)))
    sums = rows.group_by(["group"]).aggregate([("count", "sum"), ("of", "sum")])
    found = []
    for name, did, of in zip(*(sums[c].to_pylist() for c in ("group", "count_sum", "of_sum")), strict=True):
        band, _, group = name.partition(" > ")
        found.append((band, group, did, of))
    return tuple(sorted(found, key=lambda each: (int(each[0]), tally.groups.index(each[1]))))


def _percent(value: float | None) -> str:
    return SUPPRESSED if value is None else f"{100 * value:.2f} %" if value < 0.1 else f"{100 * value:.1f} %"


def _times(each: GroupRate) -> str:
    if each.ratio is None:
        return ""
    if each.ratio_low is None or each.ratio_high is None or not isfinite(each.ratio_low):
        return f"× {each.ratio:.2f}"
    return f"× {each.ratio:.2f} ({each.ratio_low:.2f} to {each.ratio_high:.2f})"
