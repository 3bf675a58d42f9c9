"""Fairness arithmetic on counts, under the names of the field (fairlearn's conventions).

`difference` is the largest less the smallest group, `ratio` the smallest over the largest (at most 1). Equalised odds:
the worse of the true-positive and the false-positive rates. A sanction is unfavourable, so that selection rates are
given for *sanctioned* and for *spared*: ratios are not symmetric.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

Z_975 = 1.959963984540054
FOUR_FIFTHS = 0.8


class Confusion(NamedTuple):
    """Counts of one group: what was so (did it or not) by what was decided (sanctioned or spared)."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def total(self) -> int:
        """Everybody in the group."""
        return sum(self)

    @property
    def selection_rate(self) -> float:
        """Share decided against: sanctioned, of all."""
        return share(self.true_positive + self.false_positive, self.total)

    @property
    def true_positive_rate(self) -> float:
        """Sanctioned, of those who did it."""
        return share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def false_positive_rate(self) -> float:
        """Sanctioned, of those who did not."""
        return share(self.false_positive, self.false_positive + self.true_negative)

    @property
    def precision(self) -> float:
        """Did it, of those sanctioned (positive predictive value)."""
        return share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def prevalence(self) -> float:
        """Did it, of all: the base rate."""
        return share(self.true_positive + self.false_negative, self.total)


def confusion(total: int, did: int, selected: int, both: int) -> Confusion:
    """The confusion counts of a group from its margins: did it, was selected, and both."""
    return Confusion(both, selected - both, did - both, total - did - selected + both)


def share(part: float, whole: float) -> float:
    """part / whole, NaN where whole is 0."""
    return part / whole if whole else float("nan")


def difference(rates: Sequence[float]) -> float:
    """The largest less the smallest; NaN where a group has no rate."""
    return max(rates) - min(rates) if _known(rates) else float("nan")


def ratio(rates: Sequence[float]) -> float:
    """The smallest over the largest; 1 where all are 0, NaN where a group has no rate."""
    if not _known(rates):
        return float("nan")
    return min(rates) / max(rates) if max(rates) else 1.0


def demographic_parity_difference(groups: Sequence[Confusion]) -> float:
    """Largest difference of selection rates."""
    return difference([g.selection_rate for g in groups])


def demographic_parity_ratio(groups: Sequence[Confusion]) -> float:
    """Smallest selection rate over the largest."""
    return ratio([g.selection_rate for g in groups])


def equalised_odds_difference(groups: Sequence[Confusion]) -> float:
    """The larger of the differences of true-positive and false-positive rates."""
    return max(difference([g.true_positive_rate for g in groups]), difference([g.false_positive_rate for g in groups]))


def equalised_odds_ratio(groups: Sequence[Confusion]) -> float:
    """The smaller of the ratios of true-positive and false-positive rates."""
    return min(ratio([g.true_positive_rate for g in groups]), ratio([g.false_positive_rate for g in groups]))


def implied_false_positive_rate(group: Confusion) -> float:
    """FPR = p / (1 - p) · (1 - PPV) / PPV · TPR: what base rate, precision and TPR leave no choice about.

    Chouldechova 2017, Big Data 5(2): where base rates differ, equal precision and equal error rates exclude each other.
    """
    p, ppv = group.prevalence, group.precision
    return p / (1 - p) * (1 - ppv) / ppv * group.true_positive_rate


def wilson(cases: int, of: int, z: float = Z_975) -> tuple[float, float]:
    """Interval of a share (95 %): Wilson 1927, J. Am. Stat. Assoc. 22. NaN where of is 0."""
    if not of:
        return float("nan"), float("nan")
    p, zz = cases / of, z * z
    middle = (p + zz / (2 * of)) / (1 + zz / of)
    half = z * sqrt(p * (1 - p) / of + zz / (4 * of * of)) / (1 + zz / of)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def newcombe(a: int, of_a: int, b: int, of_b: int) -> tuple[float, float]:
    """Interval of share a less share b (95 %): Newcombe 1998, Stat. Med. 17, method 10, from two Wilson intervals."""
    p, q = share(a, of_a), share(b, of_b)
    (low_p, high_p), (low_q, high_q) = wilson(a, of_a), wilson(b, of_b)
    down, up = sqrt((p - low_p) ** 2 + (high_q - q) ** 2), sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    return p - q - down, p - q + up


def ratio_interval(a: int, of_a: int, b: int, of_b: int) -> tuple[float, float]:
    """Interval of (a / of_a) / (b / of_b), 95 %, on the log scale (Katz et al. 1978, Biometrics 34); NaN without cases.

    The variance is that of shares; for rare events it is that of rates of person-time as well.
    """
    from math import exp, log

    if not (a and b and of_a and of_b):
        return float("nan"), float("nan")
    half = Z_975 * sqrt(1 / a - 1 / of_a + 1 / b - 1 / of_b)
    middle = log(a / of_a) - log(b / of_b)
    return exp(middle - half), exp(middle + half)


def four_fifths(selected: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Smallest favourable rate over the largest, with its interval; below 0.8 it flags adverse impact.

    selected: (chosen, of) of each group, in whatever order. US EEOC Uniform Guidelines, 29 CFR 1607.4(D), 1978.
    """
    ordered = sorted(selected, key=lambda group: share(*group))
    least, most = ordered[0], ordered[-1]
    return (ratio([share(*least), share(*most)]), *ratio_interval(*least, *most))


def _known(rates: Sequence[float]) -> bool:
    return bool(rates) and all(rate == rate for rate in rates)
