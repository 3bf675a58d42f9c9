"""Counting: each person's month as one mask of measures, then counts of the masks, alone and beside the baseline's.

All totals are integers, so that they do not depend on who counts first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint8, uint64
from numpy.typing import NDArray

from sincerity.census.measures import BIT, MONTHLY, SUMS
from sincerity.month.gates import ACT, DATING, FLAT, GATE, JOBS, LOANS, MORTGAGE, OFFENCES, SCHOOL, SEATS
from sincerity.month.observation import MONTHS_OPEN
from sincerity.month.speech import (
    CRITICAL_POST,
    EXPECTED,
    HEARD,
    NO_APOLOGY,
    PASSED_ON,
    PASSED_ON_FREE,
    SORRY_PUNISHED,
    TRUE,
)
from sincerity.people.bits import place
from sincerity.people.columns import (
    AWARE,
    CRITICISED,
    ENROLLED,
    MEMBER,
    MISTAKEN,
    NEEDY,
    NO_LOAN,
    NO_OCCASION,
    ON_ROLL,
    OUT_OF_WORK,
    PARTNER,
    PRAISED,
    PRAISED_UNMEANT,
    PUNISHED,
    SILENT,
    UNWILLING,
)
from sincerity.people.kernel import inline, kernel

MANY, MANY_SUMS = len(MONTHLY), len(SUMS)
HEADLINE = SEATS | LOANS | JOBS | (1 << SCHOOL)
GOOD_DEEDS = sum(1 << ACT[a] for a in ("volunteering", "blood_donation", "charity"))
LAWFUL = sum(
    1 << ACT[a]
    for a in [
        "buys_diapers",
        "buys_alcohol",
        "buys_home_goods",
        "buys_foreign_goods",
        "buys_luxury",
        "plays_for_hours",
        "watches_for_hours",
        "reads_sensitive",
        "exercises",
        "visits_place",
        "gives_identity",
        "petition",
    ]
)
PAY_LATE, BILL_UNPAID, DEFAULT = (1 << ACT[a] for a in ("pay_late", "bill_unpaid", "default"))

_B = BIT
LATE, UNPAID_BILL, OFFENCE, GOOD_DEED = _B["late"], _B["unpaid_bill"], _B["offence"], _B["good_deed"]
APPROVE, APPROVE_MEANT, CRITIC = _B["approve"], _B["approve_meant"], _B["critic"]
ON_LIST, NEWLY_LISTED, LISTED_UNABLE, WRONGLY_LISTED = (
    _B["on_list"], _B["newly_listed"], _B["listed_unable"], _B["wrongly_listed"]
)  # fmt: skip
BARRED, REFUSED, INNOCENT, UNABLE = (
    _B["barred_travel"], _B["refused"], _B["refused_innocent"], _B["refused_unable"]
)  # fmt: skip
NO_SEAT, NO_LOAN_GIVEN, NO_JOB, NO_SCHOOL, NO_DATE = (
    _B["refused_seat"], _B["refused_loan"], _B["refused_job"], _B["refused_school"], _B["refused_date"]
)  # fmt: skip
WRONGLY, BY_TIES = _B["refused_wrongly"], _B["refused_by_ties"]
OCCASION, SPOKE_CRITICAL, WAS_SILENT, INSINCERE, MUTED = (
    _B["occasion"], _B["spoke_critical"], _B["silent"], _B["insincere"], _B["muted"]
)  # fmt: skip
PRESUMED, IS_MEMBER = _B["presumed"], _B["member"]
IN_LINE, OUTRANKED = _B["in_line"], _B["outranked"]
IS_NEEDY, MISSED, UNNEEDED = _B["in_need"], _B["relief_missed"], _B["relief_unneeded"]
PAID_LATE, GOVERNMENT_LISTED = _B["government_late"], _B["government_listed"]
GAVE_UP, FALSE_RECORD, WORKING = _B["gave_up"], _B["false_record"], _B["working"]
IS_ENROLLED, IS_AWARE, FOR_POINTS = _B["enrolled"], _B["aware"], _B["good_for_points"]
DEFAULTED, JUDGED, PUNISHED_POST, LOST_TIE, HAS_PARTNER = (
    _B["defaulted"], _B["judged"], _B["punished_post"], _B["lost_tie"], _B["partner"]
)  # fmt: skip
NO_HOME, NO_HEALTH, BY_REGIME, SANCTIONED_NOW = (
    _B["refused_home"], _B["refused_health"], _B["refused_by_regime"], _B["sanctioned"]
)  # fmt: skip
PENALISED, RECORDED, OFFENCE_SEEN, EVADED = (
    _B["penalised"], _B["recorded"], _B["offence_recorded"], _B["tax_evaded"]
)  # fmt: skip
CORRECTED, LEFT, CURED, GOT_LOAN, HAS_LOAN = (
    _B["corrected"], _B["left_list"], _B["cured_listed"], _B["got_loan"], _B["has_loan"]
)  # fmt: skip
MUTED_AT_ONCE, FREED_AT_ONCE = _B["muted_at_once"], _B["freed_at_once"]
(
    HEARD_WARNING,
    WITHHELD,
    WITHHELD_AT_ONCE,
    APOLOGISED,
    SORRY_AND_PUNISHED,
    CALLED,
    PRIVATE_FALSE,
    GRUDGE,
    UNPROPORTIONAL,
) = (
    _B[name]
    for name in (
        "warning_heard",
        "warning_withheld",
        "warning_withheld_at_once",
        "apologised",
        "apology_punished",
        "called_to_praise",
        "private_false",
        "grudge_report",
        "unproportional",
    )
)
WARNED = HEARD | TRUE
FURTHER = 64
"""The first measure of the second mask."""
HOMES, HEALTH = (1 << MORTGAGE) | (1 << FLAT), 1 << GATE["health"]
GRAVE = OFFENCES & ~((1 << ACT["traffic_offence"]) | (1 << ACT["fare_dodging"])) | DEFAULT
"""Acts that are wrong under ordinary law, without the everyday ones."""
TAX = 1 << ACT["tax_evasion"]

DID, SANCTIONED_EVER, WRONG_EVER = 1, 2, 128
"""Bits of `history`, which follow those of `ever` in the order of EVER."""
CORRECTION_MONTHS = [m.id for m in SUMS].index("correction_months_sum")
EVER_BITS = 7
BAND, BANDS = 50 * 32, 42
"""Bands of 50 points of the published score, from 0 on."""

STOCKS = sum(
    1 << b for b in (APPROVE, APPROVE_MEANT, CRITIC, WORKING, IS_ENROLLED, IS_AWARE, HAS_PARTNER, IS_MEMBER, HAS_LOAN)
)
"""Measures of state, counted by group in the last month of a year; the others are flows, summed over the year."""

FLOWS_FALSE, FLOWS_BAD, FLOWS_NEWS, FLOWS_PRIVATE_FALSE, FLOWS_PRIVATE_BAD, FLOWS = range(6)
"""Internal totals for the gazette: false records written, penalised acts recorded, people newly listed or punished for
speech by the regime, false records of private scorers, their penalised ones."""

READS = [
    "flags",
    "lists",
    "ever",
    "score",
    "fear",
    "outlook",
    "buffer",
    "owed",
    "false_points",
    "entered",
    "refused",
    "refused_clean",
    "refused_unable",
    "refused_false",
    "refused_ties",
    "topic",
    "said",
    "acts",
    "acts_free",
    "seen",
    "judged",
    "lost",
    "answer",
    "company",
    "false_new",
    "presumed_falsely",
    "channels",
    "watchers",
    "seen_through",
    "in_line",
    "roll",
    "region",
    "private_false",
    "private_bad",
    "grudge",
]
"""Columns that the census reads for what is always counted."""
READS_MORE = [
    "flags",
    "lists",
    "owed",
    "loan",
    "acts",
    "seen",
    "tried",
    "refused",
    "refused_regime",
    "left",
    "corrected",
    "said",
    "said_free",
    "false_months",
    "rumour",
    "apology",
    "called",
    "private_false",
    "unproportional",
]
"""Columns that it reads for the ledgers and the audit."""


@inline
def bit(number: Any, true: Any) -> Any:
    """The mask with one bit set where something is true."""
    return uint64(1) << uint64(number) if true else uint64(0)


@inline
def had(mask: Any, number: Any) -> Any:
    """1 where the mask has the bit of this number, else 0."""
    return int64((mask >> uint64(number)) & uint64(1))


@inline
def ones(mask: Any) -> Any:
    """How many bits of sixteen are set (sums of pairs, of fours, of bytes)."""
    x = mask - ((mask >> 1) & 0x5555)
    x = (x & 0x3333) + ((x >> 2) & 0x3333)
    x = (x + (x >> 4)) & 0x0F0F
    return (x + (x >> 8)) & 0x1F


@kernel
def measure(lo: int, hi: int, people: Any, tables: Any, sums: Any, flows: Any) -> None:
    """Write measured[q], add the block's sums (order of SUMS) and internal flows."""
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        lists = int64(people.lists[i])
        acts = int64(people.acts[q])
        free = int64(people.acts_free[q])
        refused = int64(people.refused[q])
        said = int64(people.said[q])
        view = int64(people.outlook[i])
        unable = int64(people.owed[i]) * 2 > int64(people.buffer[i]) and (flags & UNWILLING) == 0
        occasion = said != NO_OCCASION
        seats = int64(tables.gate_lists[0]) | int64(tables.gate_lists[1])
        false = people.false_points.size > 0 and (people.false_points[i] > 0 or (flags & MISTAKEN) != 0)
        insincere = said == PRAISED_UNMEANT
        y = bit(LATE, acts & PAY_LATE) | bit(UNPAID_BILL, acts & BILL_UNPAID) | bit(OFFENCE, acts & OFFENCES)
        y |= bit(GOOD_DEED, acts & GOOD_DEEDS) | bit(DEFAULTED, acts & DEFAULT) | bit(JUDGED, people.judged[q])
        y |= bit(FOR_POINTS, acts & ~free & GOOD_DEEDS) | bit(GAVE_UP, (acts ^ free) & LAWFUL)
        y |= bit(APPROVE, people.answer[q]) | bit(APPROVE_MEANT, people.answer[q] and view > 0) | bit(CRITIC, view < 0)
        y |= bit(ON_LIST, lists) | bit(NEWLY_LISTED, people.entered[q]) | bit(LISTED_UNABLE, lists != 0 and unable)
        y |= bit(WRONGLY_LISTED, lists != 0 and (flags & MISTAKEN) != 0)
        y |= bit(BARRED, refused & SEATS or lists & seats)
        y |= bit(REFUSED, refused & HEADLINE) | bit(INNOCENT, int64(people.refused_clean[q]) & HEADLINE)
        y |= bit(UNABLE, int64(people.refused_unable[q]) & HEADLINE)
        y |= bit(NO_SEAT, refused & SEATS) | bit(NO_LOAN_GIVEN, refused & LOANS) | bit(NO_JOB, refused & JOBS)
        y |= bit(NO_SCHOOL, refused & (1 << SCHOOL)) | bit(NO_DATE, refused & (1 << DATING))
        y |= bit(WRONGLY, people.refused_false[q]) | bit(BY_TIES, people.refused_ties[q])
        y |= bit(OCCASION, occasion) | bit(SPOKE_CRITICAL, said == CRITICISED) | bit(WAS_SILENT, said == SILENT)
        y |= bit(INSINCERE, insincere) | bit(MUTED, said == SILENT or insincere)
        y |= bit(FALSE_RECORD, false) | bit(WORKING, (flags & OUT_OF_WORK) == 0) | bit(IS_ENROLLED, flags & ENROLLED)
        y |= bit(IS_AWARE, flags & AWARE) | bit(PUNISHED_POST, flags & PUNISHED) | bit(LOST_TIE, people.lost[q])
        y |= bit(HAS_PARTNER, flags & PARTNER) | bit(PRESUMED, people.presumed_falsely[q])
        y |= bit(IS_MEMBER, flags & MEMBER)
        line, roll, region = int64(people.in_line[q]), int64(people.roll[q]), int64(people.region[q])
        y |= bit(IN_LINE, line) | bit(OUTRANKED, line & refused) | bit(IS_NEEDY, roll & NEEDY)
        y |= bit(MISSED, roll == NEEDY) | bit(UNNEEDED, roll == ON_ROLL)
        y |= bit(PAID_LATE, tables.region_late[region]) | bit(GOVERNMENT_LISTED, tables.region_listed[region])
        people.measured[q] = y
        sums[0] += int64(people.score[i])
        sums[1] += int64(people.company[q])
        sums[2] += int64(people.fear[i])
        sums[3] += view
        sums[4] += int64(people.buffer[i])
        by_state = int64(people.channels[q]) & int64(tables.state_channels)
        sums[5] += int64(people.watchers[q]) + int64(by_state != 0)
        sums[6] += ones(by_state | int64(people.seen_through[q]))
        flows[FLOWS_FALSE] += (people.false_new[q] > 0) & (people.grudge[q] == 0)  # nobody goes free for a grudge
        flows[FLOWS_BAD] += (int64(people.seen[q]) & int64(tables.bad_acts)) != 0
        if tables.providers != 0:
            flows[FLOWS_PRIVATE_FALSE] += ones(int64(people.private_false[q]))
            flows[FLOWS_PRIVATE_BAD] += int64(people.private_bad[q])
        flows[FLOWS_NEWS] += (people.entered[q] != 0) | ((acts & CRITICAL_POST) != 0)


@kernel
def measure_more(lo: int, hi: int, people: Any, tables: Any, sums: Any) -> None:
    """Add to measured[q] what only the ledgers and the audit ask for; bring history[i] up to date where it is kept."""
    penalised = int64(tables.bad_acts)
    for number in range(tables.list_acts.shape[0]):
        penalised |= int64(tables.list_acts[number])
    penalised = penalised if tables.in_force != 0 else int64(0)
    by_judgment = int64(tables.judgment_lists) if tables.in_force != 0 else int64(0)
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        lists = int64(people.lists[i])
        acts = int64(people.acts[q])
        seen = int64(people.seen[q])
        refused = int64(people.refused[q])
        said, free = int64(people.said[q]), int64(people.said_free[q])
        owed = int64(people.owed[i])
        did = ((acts & penalised) != 0) | ((owed > 0) & (by_judgment != 0))
        recorded = (seen & penalised) != 0
        sanctioned = (lists | int64(people.refused_regime[q])) != 0
        muted, muted_free = (said == SILENT) | (said == PRAISED_UNMEANT), (free == SILENT) | (free == PRAISED_UNMEANT)
        spoke, spoke_free = (said == CRITICISED) | (said == PRAISED), (free == CRITICISED) | (free == PRAISED)
        y = bit(NO_HOME, refused & HOMES) | bit(NO_HEALTH, refused & HEALTH)
        y |= bit(BY_REGIME, people.refused_regime[q]) | bit(SANCTIONED_NOW, sanctioned)
        y |= bit(PENALISED, did) | bit(RECORDED, recorded) | bit(OFFENCE_SEEN, seen & OFFENCES)
        y |= bit(EVADED, acts & TAX) | bit(CORRECTED, people.corrected[q]) | bit(LEFT, people.left[q])
        y |= bit(CURED, ((lists & by_judgment) != 0) & (owed == 0) & ((flags & MISTAKEN) == 0))
        y |= bit(GOT_LOAN, int64(people.tried[q]) & ~refused & LOANS) | bit(HAS_LOAN, people.loan[i] != NO_LOAN)
        y |= bit(MUTED_AT_ONCE, muted & spoke_free) | bit(FREED_AT_ONCE, spoke & muted_free)
        rumour, sorry = int64(people.rumour[q]), int64(people.apology[q])
        withheld = (rumour & (WARNED | PASSED_ON)) == WARNED
        y |= bit(HEARD_WARNING, (rumour & WARNED) == WARNED) | bit(WITHHELD, withheld)
        z = bit(WITHHELD_AT_ONCE - FURTHER, withheld & ((rumour & PASSED_ON_FREE) != 0))
        z |= bit(APOLOGISED - FURTHER, sorry != NO_APOLOGY) | bit(SORRY_AND_PUNISHED - FURTHER, sorry == SORRY_PUNISHED)
        z |= bit(CALLED - FURTHER, int64(people.called[q]) & EXPECTED)
        z |= bit(PRIVATE_FALSE - FURTHER, people.private_false[q]) | bit(GRUDGE - FURTHER, people.grudge[q])
        z |= bit(UNPROPORTIONAL - FURTHER, people.unproportional[q])
        people.measured[q] |= y
        people.measured_more[q] = z
    if people.history.size == 0:
        return
    for q in range(hi - lo):
        i = lo + q
        y = people.measured[q]
        corrected = int64(people.corrected[q] != 0)
        sums[CORRECTION_MONTHS] += corrected * (int64(people.false_months[i]) & MONTHS_OPEN)
        past = had(y, PENALISED) | (had(y, SANCTIONED_NOW) << 1) | (had(y, CORRECTED) << 2) | (had(y, BY_TIES) << 3)
        past |= (had(y, WRONGLY) << 4) | (had(y, NO_HOME) << 5) | (had(y, RECORDED) << 6)
        wrong = (int64(people.acts[q]) & GRAVE) != 0 or people.owed[i] > 0
        past |= int64(wrong) << 7
        people.history[i] |= uint8(past)


LANES = 0x0101010101010101


@kernel
def count(n: int, masks: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
    """Add, for each bit, how many of n masks have it.

    Eight counters of a byte lie in each uint64: counter k holds bits k, 8 + k, … They are emptied every 255 people.
    """
    for first in range(0, n, 255):
        some = masks[first : min(n, first + 255)]
        a = b = c = d = e = f = g = h = uint64(0)
        for q in range(some.size):
            mask = some[q]
            a += mask & uint64(LANES)
            b += (mask >> uint64(1)) & uint64(LANES)
            c += (mask >> uint64(2)) & uint64(LANES)
            d += (mask >> uint64(3)) & uint64(LANES)
            e += (mask >> uint64(4)) & uint64(LANES)
            f += (mask >> uint64(5)) & uint64(LANES)
            g += (mask >> uint64(6)) & uint64(LANES)
            h += (mask >> uint64(7)) & uint64(LANES)
        for k, lanes in enumerate((a, b, c, d, e, f, g, h)):
            for lane in range(8):
                counts[8 * lane + k] += int64((lanes >> uint64(8 * lane)) & uint64(255))


@kernel
def lone(n: int, mine: NDArray[np.uint64], base: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    """out[q]: what is true here and not of the twin in the baseline."""
    for q in range(n):
        out[q] = mine[q] & ~base[q]


@kernel
def count_groups(
    n: int, masks: NDArray[np.uint64], wanted: Any, groups: NDArray[np.uint16], counts: NDArray[np.int64]
) -> None:
    """The same by composite cell: groups[composite, q] is the cell of counts[bit, cell] to which person q belongs."""
    for q in range(n):
        left = masks[q] & wanted
        first, second = groups[0, q], groups[1, q]
        while left != uint64(0):
            one = left & (~left + uint64(1))
            left ^= one
            number = place(one)
            counts[number, first] += 1
            counts[number, second] += 1


@kernel
def widen(n: int, ever: NDArray[np.uint8], history: NDArray[np.uint8], out: NDArray[np.uint64]) -> None:
    """The masks of what ever happened, in the order of EVER, as wide as the month's; `history` may be empty."""
    did, wrong = DID | SANCTIONED_EVER, WRONG_EVER | SANCTIONED_EVER
    for q in range(n):
        past = int64(history[q]) if history.size > 0 else int64(0)
        joint = (int64((past & did) == did) | (int64((past & wrong) == wrong) << 1)) << (EVER_BITS + 8)
        out[q] = uint64((int64(ever[q]) & 127) | (past << EVER_BITS) | joint)


@kernel
def deeds(n: int, people: Any, out: NDArray[np.uint64]) -> None:
    """The masks of acts done (bits 0 to 31) and of acts that reached the record (32 to 63)."""
    for q in range(n):
        out[q] = uint64(people.acts[q]) | (uint64(people.seen[q]) << uint64(32))


@kernel
def count_bands(
    lo: int, hi: int, people: Any, groups: NDArray[np.uint16], bands: NDArray[np.int64], late: int, penalised: int
) -> None:
    """Add to bands[what, band, cell] those scored last month; of them, those penalised now, and those late now."""
    for q in range(hi - lo):
        points = int64(people.board[lo + q] & uint64(0xFFFF))
        if points == 0:
            continue
        band = min(points // BAND, bands.shape[1] - 1)
        mask = people.measured[q]
        for composite in range(2):
            cell = groups[composite, q]
            bands[0, band, cell] += 1
            bands[1, band, cell] += int64((mask >> uint64(penalised)) & uint64(1))
            bands[2, band, cell] += int64((mask >> uint64(late)) & uint64(1))
