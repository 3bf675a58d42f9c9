"""The column registry: every column of a person, declared once.

*state* is kept from month to month; *board* is what others can see, one month old; *trait* is fixed by (seed, person)
and filled for a block when it is needed; *month* is scratch of the block, visible between rules. State and board are
indexed by the person's number i, traits and month columns by the seat q = i - lo in the block.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

Life = Literal["state", "board", "trait", "month"]


class Column(NamedTuple):
    """One declared column. `low` and `high` bound the stored number; `rows` > 1 makes it (rows, people).

    A column of state that `needs` something (a name that `month.points.needs` counts) has as many rows as the regimes
    of the scenario need, and is left out where none does; rules touch it only where they do.
    """

    name: str
    dtype: type[np.generic]
    life: Life
    unit: str
    low: int
    high: int
    meaning: str
    seen_by: str = "self"
    rows: int = 1
    needs: str = ""

    @property
    def bytes(self) -> int:
        """Bytes a person."""
        return np.dtype(self.dtype).itemsize * self.rows


def _state(
    name: str, dtype: type[np.generic], unit: str, low: int, high: int, meaning: str, needs: str = "", rows: int = 1
) -> Column:
    return Column(name, dtype, "state", unit, low, high, meaning, rows=rows, needs=needs)


def _month(name: str, dtype: type[np.generic], unit: str, high: int, meaning: str, low: int = 0) -> Column:
    return Column(name, dtype, "month", unit, low, high, meaning)


# Bits of `flags`. The first eight are what others can see (the board); the rest are the person's own.
SPOKE_FOR, SPOKE_AGAINST, PUNISHED, SANCTIONED, LISTED, DISORDER, ENROLLED, OUT_OF_WORK = (1 << b for b in range(8))
IN_NEED, PARTNER, AWARE, UNWILLING, MISTAKEN, OWN_LISTED = (1 << b for b in range(8, 14))
MEMBER, DID_GOOD = 1 << 14, 1 << 15
ALARMED = 1 << 7
"""The last bit of `ever`, the one that fades: a punishment of oneself or of a tie is fresh in mind."""
SHOWN_FLAGS = 0xFF | IN_NEED | OWN_LISTED | MEMBER
"""What the board takes over from `flags`. Two of them have one reader each: IN_NEED, the relief roll, the region's
office; OWN_LISTED, on a list for something of one's own, the firm that the person leads."""

# Bits of `roll`.
NEEDY, ON_ROLL = 1, 2

# States of `loan`.
NO_LOAN, LOAN_PAID, ONE_LATE, TWO_LATE, SUED, NOT_SUED = range(6)

# What was `said`.
NO_OCCASION, SILENT, CRITICISED, PRAISED, PRAISED_UNMEANT = range(5)

STATE = (
    _state("buffer", np.uint8, "1/16 month of essential spending", 0, 255, "what the person could live on"),
    _state("flags", np.uint16, "bits", 0, 65535, "what the person is and did last; the first bits go to the board"),
    _state("loan", np.uint8, "code", 0, 5, "no loan, paid, one or two months late, sued, not sued"),
    _state("owed", np.uint8, "1/8 month of essential spending", 0, 255, "unmet court judgment"),
    _state("credit", np.int16, "1/16 point", -32767, 32767, "account of money matters", needs="score"),
    _state("conduct", np.int16, "1/16 point", -32767, 32767, "account of everything else", needs="score"),
    _state("outlook", np.int16, "1/32767", -32767, 32767, "private opinion of the order, -1 to 1"),
    _state("fear", np.uint8, "1/255", 0, 255, "perceived danger of speaking openly"),
    _state("lists", np.uint8, "bits", 0, 255, "lists the person stands on"),
    _state("term", np.uint8, "months", 0, 255, "months left on a list: a row a list with a term", "terms", rows=8),
    _state("false_points", np.uint8, "points", 0, 255, "what somebody else's record still costs", "records"),
    _state("false_months", np.uint8, "bits", 0, 255, "account (1), appealed (1), months since (6)", "records"),
    _state("ever", np.uint8, "bits", 0, 255, "what ever happened to the person, a bit a right; the last: alarmed"),
    _state("history", np.uint8, "bits", 0, 255, "what was ever true, for the audit: the census's own", "records"),
    _state("score", np.uint16, "1/32 point", 0, 65535, "this month's score, before it is shown"),
    _state("hold", np.uint32, "bits", 0, 2**32 - 1, "slots the person keeps up, before it is shown"),
    _state("hours", np.uint8, "hours", 0, 255, "hours volunteered this calendar year", "hours"),
    _state("earned", np.uint8, "points", 0, 255, "capped points gained this calendar year", "caps"),
    _state("rating", np.uint8, "1/254 of the scale + 1", 0, 255, "fading mean of what ties gave; 0: none", "peers"),
    _state(
        "private_scores",
        np.uint8,
        "1/254 of the scale + 1",
        0,
        255,
        "score of each provider; 0: no member",
        "providers",
        rows=8,
    ),
)

BOARD = (
    Column(
        "board",
        np.uint64,
        "board",
        "bits",
        0,
        2**64 - 1,
        "last month's score (16 bits, to whom the regime shows it), public flags (16, live ties), slots held (32)",
        "as the regime says",
    ),
)

TIES = (
    Column("contacts", np.uint32, "trait", "person", 0, 2**32 - 1, "whom each slot leads to; if a rule asks", rows=32),
    Column("ties", np.uint32, "trait", "person", 0, 2**32 - 1, "the same, only of slots that one's rank has", rows=15),
    Column("reach", np.uint8, "trait", "slots", 0, 32, "slots that lead to somebody"),
)
WORKPLACE = Column(
    "workplace", np.uint32, "trait", "firm", 0, 2**32 - 1, "number of the firm, and whether the person leads it"
)

MONTH = (
    # meeting
    _month("alive", np.uint32, "bits", 2**32 - 1, "slots that both ends hold"),
    _month("own_hold", np.uint32, "bits", 2**32 - 1, "the slots that the person was seen to hold"),
    _month("company", np.uint8, "ties", 32, "live ties"),
    _month("friends_score", np.uint32, "1/32 point", 2**21, "sum over the live ties who are scored"),
    _month("friends_scored", np.uint8, "ties", 32, "live ties who are scored"),
    _month("friends_for", np.uint8, "ties", 32, "live ties who praised last month"),
    _month("friends_against", np.uint8, "ties", 32, "live ties who criticised last month"),
    _month("friends_punished", np.uint8, "ties", 32, "live ties punished for a post last month"),
    _month("friends_sanctioned", np.uint8, "ties", 32, "live ties newly refused or listed last month"),
    _month("neighbours", np.uint8, "ties", 32, "live ties of the household, street and town"),
    _month("neighbours_disorderly", np.uint8, "ties", 32, "of these, who were disorderly last month"),
    _month("household_listed", np.uint8, "people", 3, "others of the household on a list"),
    # livelihood and obligations
    _month("surplus", np.float32, "months of essentials", 32, "income less essentials this month", low=-8),
    _month("shortfall", np.uint8, "1/16 month of essential spending", 255, "bills that could not be paid"),
    _month("firm", np.uint8, "bits", 31, "what the person's firm showed last month, and whether the person leads it"),
    _month("idle", np.uint8, "yes or no", 1, "out of work this month"),
    _month("roll", np.uint8, "bits", 3, "in need; on the roll of those who get relief next month"),
    _month("exit", np.uint8, "code", 3, "how a judgment debt ended: paid (1), garnished (2), settled (3)"),
    _month("judged", np.uint8, "yes or no", 1, "a court gave judgment against the person"),
    # conduct
    _month("near", np.uint8, "code", 255, "whether somebody is concerned by what is at hand, or with which act"),
    _month("candidates", np.uint32, "seat", 2**32 - 1, "seats of those who are concerned by what is at hand"),
    _month("pending", np.uint32, "bits", 2**32 - 1, "acts of those who are concerned, not yet looked at"),
    _month("group_rate", np.float32, "acts a month", 32, "base rate of the group of acts at hand"),
    _month(
        "value",
        np.float32,
        "months of essential spending a year",
        1000,
        "what points and lists make an act worth",
        low=-1000,
    ),
    _month("acts", np.uint32, "bits", 2**32 - 1, "acts done, in the order of the vocabulary"),
    _month("acts_free", np.uint32, "bits", 2**32 - 1, "acts that the same luck gives with the regime's tables off"),
    # speech
    _month("topic", np.uint8, "code", 3, "everyday, policy, forbidden, call to gather"),
    _month("said", np.uint8, "code", 4, "no occasion, silent, criticised, praised, praised unmeant"),
    _month("said_free", np.uint8, "code", 4, "what the same luck gives with the regime's tables off"),
    _month("called", np.uint8, "bits", 3, "to take part was expected (1); silence would be noticed (2)"),
    _month("apology", np.uint8, "code", 4, "none; sorry: spared, punished; pretended: spared, punished"),
    _month("rumour", np.uint8, "bits", 15, "heard (1), true (2), passed on (4), also with the regime's tables off (8)"),
    # observation
    _month("seen", np.uint32, "bits", 2**32 - 1, "acts that reached the scorer's record"),
    _month("caught", np.uint32, "bits", 2**32 - 1, "acts noticed under ordinary law"),
    _month("false_new", np.uint8, "points", 255, "somebody else's record written on the person"),
    _month("grudge", np.uint8, "yes or no", 1, "that record is a report of nothing, out of a grudge"),
    # score
    _month(
        "money",
        np.float32,
        "points",
        10**6,
        "given on the credit account; then, what of the score is no account",
        low=-(10**6),
    ),
    _month(
        "order",
        np.float32,
        "points",
        10**6,
        "given on the conduct account; then, what ties make of the score",
        low=-(10**6),
    ),
    _month("fined", np.uint8, "bits", 3, "accounts that were fined"),
    _month("ceiling", np.float32, "points", 10**6, "below which an act sets the score"),
    _month("wronged", np.float32, "points", 10**6, "somebody else's record, written this month"),
    _month("score_own", np.uint16, "1/32 point", 65535, "score without ties and without a false record"),
    _month("score_true", np.uint16, "1/32 point", 65535, "score without a false record"),
    _month("score_alone", np.uint16, "1/32 point", 65535, "score without ties"),
    _month(
        "score_money", np.uint16, "1/32 point", 65535, "score of money matters alone, where contexts are kept apart"
    ),
    _month("score_money_true", np.uint16, "1/32 point", 65535, "the same without a false record"),
    _month("presumed", np.uint8, "bits", 255, "what is presumed of the person, in the order of the regime's file"),
    _month("presumed_falsely", np.uint8, "bits", 255, "of these, out of an act that the person had not done"),
    # providers
    _month("closed_by_providers", np.uint16, "bits", 65535, "gates at which no private scorer lets the person in"),
    _month("watchers", np.uint8, "organisations", 9, "private scorers, and the state through them, that can see them"),
    _month("seen_through", np.uint16, "bits", 65535, "channels used that private scorers tap"),
    _month("private_false", np.uint8, "bits", 255, "private scorers who wrote somebody else's record on the person"),
    _month("private_bad", np.uint8, "acts", 255, "records of the person for which private scorers took points"),
    # standing
    _month("tried", np.uint16, "bits", 65535, "gates tried"),
    _month("refused", np.uint16, "bits", 65535, "gates refused, by ordinary law or by the regime"),
    _month(
        "refused_regime", np.uint16, "bits", 65535, "gates refused by the regime where ordinary law would have passed"
    ),
    _month("refused_clean", np.uint16, "bits", 65535, "refused though the person's own record would have passed"),
    _month("refused_unable", np.uint16, "bits", 65535, "refused for a debt that the person cannot pay"),
    _month("refused_false", np.uint16, "bits", 65535, "refused only for somebody else's record"),
    _month("refused_ties", np.uint16, "bits", 65535, "refused only for friends or household"),
    _month("in_line", np.uint16, "bits", 65535, "gates with places at which nothing but rank decided"),
    _month("entered", np.uint8, "bits", 255, "lists entered"),
    _month("left", np.uint8, "bits", 255, "lists left"),
    # learning, friendship, redress, asking
    _month(
        "unproportional", np.uint8, "yes or no", 1, "a refusal cost far more than all that stands against the person"
    ),
    _month("lost", np.uint8, "ties", 32, "ties given up"),
    _month("corrected", np.uint8, "yes or no", 1, "a false record taken back"),
    _month("answer", np.uint8, "yes or no", 1, "says that he or she approves, when asked"),
    # census
    _month("measured", np.uint64, "bits", 2**64 - 1, "the month's first 64 measures, in the order of the census"),
    _month("measured_more", np.uint64, "bits", 2**64 - 1, "the month's further measures"),
)


SCRATCH = frozenset(("own_hold", "idle", "near", "candidates", "pending", "group_rate", "value", "money", "order")) | {
    "fined",
    "ceiling",
    "wronged",
}
"""Month columns that are room for the loops of a rule: no other rule looks at what it left there."""


def registry(traits: tuple[Column, ...], further: tuple[Column, ...] = ()) -> dict[str, Column]:
    """All columns by name, in the order of their lives; `further` are those of a researcher's own rules."""
    return {c.name: c for c in (*STATE, *BOARD, *TIES, WORKPLACE, *traits, *MONTH, *further)}


def kept(columns: dict[str, Column], needed: dict[str, int]) -> dict[str, Column]:
    """The columns of state and board that take memory, where `needed` says how many rows each need has."""
    found: dict[str, Column] = {}
    for name, column in columns.items():
        rows = needed.get(column.needs, 0) if column.needs else column.rows
        if column.life in ("state", "board") and rows:
            found[name] = column._replace(rows=rows)
    return found
