"""Counting: each person's month as one mask of measures, then counts of the masks, alone and beside the baseline's.

All totals are integers, so that they do not depend on who counts first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint8, uint16, uint32, uint64
from numpy.typing import NDArray

from sincerity.census.measures import BIT, MONTHLY, SUMS
from sincerity.month.gates import ACT, DATING, FLAT, GATE, JOBS, LOANS, MORTGAGE, OFFENCES, SCHOOL, SEATS
from sincerity.month.livelihood import FAULTY, WAGES_LATE
from sincerity.month.obligations import EXIT_SETTLED
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
from sincerity.people.bits import lowest, place
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
from sincerity.people.firms import NO_FIRM
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
    IN_FIRM,
    WAGES_UNPAID,
    FAULTY_FIRM,
    OWES,
    MET,
    NEWLY_UNABLE,
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
        "in_firm",
        "wages_late",
        "faulty_firm",
        "owes_judgment",
        "judgment_met",
        "newly_listed_unable",
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
    "grudge",
    "unproportional",
    "workplace",
    "firm",
    "exit",
    "entered",
    "buffer",
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
    """How many bits of a uint16 are set (sums of pairs, of fours, of bytes)."""
    x = uint16(mask - ((mask >> uint16(1)) & uint16(0x5555)))
    x = uint16((x & uint16(0x3333)) + ((x >> uint16(2)) & uint16(0x3333)))
    x = uint16(x + (x >> uint16(4))) & uint16(0x0F0F)
    return uint16(x + (x >> uint16(8))) & uint16(0x1F)


@inline
def marked(regions: Any) -> Any:
    """The regions of which something is true, a bit each."""
    found = uint64(0)
    for number in range(regions.size):
        found |= uint64(regions[number] != 0) << uint64(number)
    return found


@kernel
def measure_acts(n: int, acts: Any, free: Any, judged: Any, answer: Any, views: Any, out: Any) -> None:
    """Begin out[q]: what people did, and what they say and think when asked."""
    for q in range(n):
        did, view = acts[q], views[q]
        y = bit(LATE, did & uint32(PAY_LATE)) | bit(UNPAID_BILL, did & uint32(BILL_UNPAID))
        y |= bit(OFFENCE, did & uint32(OFFENCES)) | bit(DEFAULTED, did & uint32(DEFAULT))
        y |= bit(GOOD_DEED, did & uint32(GOOD_DEEDS)) | bit(FOR_POINTS, did & ~free[q] & uint32(GOOD_DEEDS))
        y |= bit(GAVE_UP, (did ^ free[q]) & uint32(LAWFUL)) | bit(JUDGED, judged[q])
        y |= bit(APPROVE, answer[q]) | bit(APPROVE_MEANT, (answer[q] != 0) & (view > 0)) | bit(CRITIC, view < 0)
        out[q] = y


@kernel
def measure_standing(
    n: int, tables: Any, flags: Any, lists: Any, entered: Any, owed: Any, buffer: Any, refused: Any, line: Any, out: Any
) -> None:
    """Add what lists and places in line did to people, and what they are."""
    seats = uint8(tables.gate_lists[0]) | uint8(tables.gate_lists[1])
    for q in range(n):
        on, own = lists[q] != 0, flags[q]
        unable = (int64(owed[q]) * 2 > int64(buffer[q])) & ((own & UNWILLING) == 0)
        y = bit(ON_LIST, on) | bit(NEWLY_LISTED, entered[q]) | bit(LISTED_UNABLE, on & unable)
        y |= bit(WRONGLY_LISTED, on & ((own & MISTAKEN) != 0))
        y |= bit(BARRED, ((refused[q] & uint16(SEATS)) != 0) | ((lists[q] & seats) != 0))
        y |= bit(IN_LINE, line[q]) | bit(OUTRANKED, line[q] & refused[q])
        y |= bit(WORKING, (own & OUT_OF_WORK) == 0) | bit(IS_ENROLLED, own & ENROLLED) | bit(IS_AWARE, own & AWARE)
        y |= bit(PUNISHED_POST, own & PUNISHED) | bit(HAS_PARTNER, own & PARTNER) | bit(IS_MEMBER, own & MEMBER)
        out[q] |= y


@kernel
def measure_refusals(
    n: int, refused: Any, clean: Any, unable: Any, false: Any, ties: Any, lost: Any, presumed: Any, out: Any
) -> None:
    """Add the gates that were closed, and what the refusals were owed to."""
    headline = uint16(HEADLINE)
    for q in range(n):
        shut = refused[q]
        y = bit(REFUSED, shut & headline) | bit(INNOCENT, clean[q] & headline) | bit(UNABLE, unable[q] & headline)
        y |= bit(NO_SEAT, shut & uint16(SEATS)) | bit(NO_LOAN_GIVEN, shut & uint16(LOANS))
        y |= bit(NO_JOB, shut & uint16(JOBS)) | bit(NO_SCHOOL, shut & uint16(1 << SCHOOL))
        y |= bit(NO_DATE, shut & uint16(1 << DATING)) | bit(WRONGLY, false[q]) | bit(BY_TIES, ties[q])
        out[q] |= y | bit(LOST_TIE, lost[q]) | bit(PRESUMED, presumed[q])


@kernel
def measure_speech(n: int, tables: Any, said: Any, roll: Any, region: Any, out: Any) -> None:
    """Add what people said, who got relief, and what their government was."""
    late, listed = marked(tables.region_late), marked(tables.region_listed)
    for q in range(n):
        insincere, silent = said[q] == PRAISED_UNMEANT, said[q] == SILENT
        y = bit(OCCASION, said[q] != NO_OCCASION) | bit(SPOKE_CRITICAL, said[q] == CRITICISED)
        y |= bit(WAS_SILENT, silent) | bit(INSINCERE, insincere) | bit(MUTED, silent | insincere)
        y |= bit(IS_NEEDY, roll[q] & NEEDY) | bit(MISSED, roll[q] == NEEDY) | bit(UNNEEDED, roll[q] == ON_ROLL)
        here = uint64(region[q])
        y |= ((late >> here) & uint64(1)) << uint64(PAID_LATE)
        out[q] |= y | (((listed >> here) & uint64(1)) << uint64(GOVERNMENT_LISTED))


@kernel
def add_up(lo: int, n: int, people: Any, tables: Any, sums: Any, flows: Any) -> None:
    """Add the block's sums and internal flows."""
    p, hi = people, lo + n
    score, fear, views, buffer = p.score[lo:hi], p.fear[lo:hi], p.outlook[lo:hi], p.buffer[lo:hi]
    first = second = third = fourth = fifth = int64(0)
    for q in range(n):
        first += int64(score[q])
        second += int64(p.company[q])
        third += int64(fear[q])
        fourth += int64(views[q])
        fifth += int64(buffer[q])
    sums[0] += first
    sums[1] += second
    sums[2] += third
    sums[3] += fourth
    sums[4] += fifth
    first = second = third = fourth = int64(0)
    tapped, bad = uint16(tables.state_channels), uint32(tables.bad_acts)
    for q in range(n):
        by_state = p.channels[q] & tapped
        first += int64(p.watchers[q]) + int64(by_state != uint16(0))
        second += int64(ones(by_state | p.seen_through[q]))
    for q in range(n):
        third += (p.false_new[q] > 0) & (p.grudge[q] == 0)  # nobody goes free for a grudge
        fourth += (p.seen[q] & bad) != uint32(0)
    sums[5] += first
    sums[6] += second
    flows[FLOWS_FALSE] += third
    flows[FLOWS_BAD] += fourth
    first = second = third = int64(0)
    for q in range(n):
        first += (p.entered[q] != 0) | ((p.acts[q] & uint32(CRITICAL_POST)) != 0)
        second += int64(ones(uint16(p.private_false[q])))
        third += int64(p.private_bad[q])
    flows[FLOWS_NEWS] += first
    if tables.providers != 0:
        flows[FLOWS_PRIVATE_FALSE] += second
        flows[FLOWS_PRIVATE_BAD] += third


@kernel
def measure(lo: int, hi: int, people: Any, tables: Any, sums: Any, flows: Any) -> None:
    """Write measured[q], add the block's sums (order of SUMS) and internal flows."""
    n, p, out = hi - lo, people, people.measured
    flags, buffer = p.flags[lo:hi], p.buffer[lo:hi]
    measure_acts(n, p.acts, p.acts_free, p.judged, p.answer, p.outlook[lo:hi], out)
    measure_standing(n, tables, flags, p.lists[lo:hi], p.entered, p.owed[lo:hi], buffer, p.refused, p.in_line, out)
    measure_refusals(
        n,
        p.refused,
        p.refused_clean,
        p.refused_unable,
        p.refused_false,
        p.refused_ties,
        p.lost,
        p.presumed_falsely,
        out,
    )
    measure_speech(n, tables, p.said, p.roll, p.region, out)
    if p.false_points.size > 0:
        points = p.false_points[lo:hi]
        for q in range(n):
            out[q] |= bit(FALSE_RECORD, (points[q] > 0) | ((flags[q] & MISTAKEN) != 0))
    add_up(lo, n, people, tables, sums, flows)


@kernel
def measure_records(
    n: int, acts: Any, seen: Any, owed: Any, lists: Any, by_regime: Any, penalised: int, by_judgment: int, out: Any
) -> None:
    """Add who did what the regime penalises, and whom it recorded and sanctioned."""
    wrong, led = uint32(penalised), by_judgment != 0
    for q in range(n):
        did = ((acts[q] & wrong) != 0) | ((owed[q] > 0) & led)
        y = bit(PENALISED, did) | bit(RECORDED, seen[q] & wrong) | bit(OFFENCE_SEEN, seen[q] & uint32(OFFENCES))
        y |= bit(EVADED, acts[q] & uint32(TAX)) | bit(BY_REGIME, by_regime[q])
        out[q] |= y | bit(SANCTIONED_NOW, (lists[q] != 0) | (by_regime[q] != 0))


@kernel
def measure_ends(
    n: int, flags: Any, owed: Any, lists: Any, left: Any, corrected: Any, loan: Any, tried: Any, refused: Any,
    by_judgment: int, out: Any,
) -> None:  # fmt: skip
    """Add who left a list or should have, whose record was put right, and homes, health and loans."""
    led = uint8(by_judgment)
    for q in range(n):
        shut = refused[q]
        cured = ((lists[q] & led) != 0) & (owed[q] == 0) & ((flags[q] & MISTAKEN) == 0)
        y = bit(CORRECTED, corrected[q]) | bit(LEFT, left[q]) | bit(CURED, cured)
        y |= bit(NO_HOME, shut & uint16(HOMES)) | bit(NO_HEALTH, shut & uint16(HEALTH))
        out[q] |= y | bit(GOT_LOAN, tried[q] & ~shut & uint16(LOANS)) | bit(HAS_LOAN, loan[q] != NO_LOAN)


@kernel
def measure_freedom(n: int, said: Any, said_free: Any, out: Any) -> None:
    """Add who was muted or freed by the regime's tables at once."""
    for q in range(n):
        said_now, free = said[q], said_free[q]
        muted, muted_free = (
            (said_now == SILENT) | (said_now == PRAISED_UNMEANT),
            (free == SILENT) | (free == PRAISED_UNMEANT),
        )
        spoke, spoke_free = (said_now == CRITICISED) | (said_now == PRAISED), (free == CRITICISED) | (free == PRAISED)
        out[q] |= bit(MUTED_AT_ONCE, muted & spoke_free) | bit(FREED_AT_ONCE, spoke & muted_free)


@kernel
def measure_voice(
    n: int, rumour: Any, apology: Any, called: Any, private: Any, grudge: Any, unproportional: Any, out: Any, more: Any
) -> None:
    """Add what became of rumours, apologies and calls to praise, of private records and grudges, and what was out of
    proportion; `more`: the second mask.
    """
    for q in range(n):
        heard, sorry = rumour[q], apology[q]
        withheld = (heard & uint8(WARNED | PASSED_ON)) == WARNED
        out[q] |= bit(HEARD_WARNING, (heard & uint8(WARNED)) == WARNED) | bit(WITHHELD, withheld)
        z = bit(WITHHELD_AT_ONCE - FURTHER, withheld & ((heard & uint8(PASSED_ON_FREE)) != 0))
        z |= bit(APOLOGISED - FURTHER, sorry != NO_APOLOGY) | bit(SORRY_AND_PUNISHED - FURTHER, sorry == SORRY_PUNISHED)
        z |= bit(CALLED - FURTHER, called[q] & uint8(EXPECTED)) | bit(PRIVATE_FALSE - FURTHER, private[q])
        more[q] = z | bit(GRUDGE - FURTHER, grudge[q]) | bit(UNPROPORTIONAL - FURTHER, unproportional[q])


@kernel
def measure_dealings(n: int, workplace: Any, firm: Any, owed: Any, exit: Any, more: Any) -> None:
    """Add to the second mask what firms did to those who work there, and who met what a court had ordered."""
    for q in range(n):
        z = bit(IN_FIRM - FURTHER, (workplace[q] & uint32(NO_FIRM)) != uint32(NO_FIRM))
        z |= bit(WAGES_UNPAID - FURTHER, firm[q] & uint8(WAGES_LATE)) | bit(
            FAULTY_FIRM - FURTHER, firm[q] & uint8(FAULTY)
        )
        z |= bit(OWES - FURTHER, (owed[q] > 0) | (exit[q] != 0))
        more[q] |= z | bit(MET - FURTHER, (exit[q] != 0) & (exit[q] != uint8(EXIT_SETTLED)))


@kernel
def measure_entries(n: int, flags: Any, entered: Any, owed: Any, buffer: Any, more: Any) -> None:
    """Add to the second mask who came onto a list for what could not be paid."""
    for q in range(n):
        unable = (int64(owed[q]) * 2 > int64(buffer[q])) & ((flags[q] & UNWILLING) == 0)
        more[q] |= bit(NEWLY_UNABLE - FURTHER, (entered[q] != 0) & unable)


@kernel
def keep_history(n: int, acts: Any, owed: Any, measured: Any, history: Any) -> None:
    """Bring history[q] up to date."""
    for q in range(n):
        y = measured[q]
        past = had(y, PENALISED) | (had(y, SANCTIONED_NOW) << 1) | (had(y, CORRECTED) << 2) | (had(y, BY_TIES) << 3)
        past |= (had(y, WRONGLY) << 4) | (had(y, NO_HOME) << 5) | (had(y, RECORDED) << 6)
        wrong = ((acts[q] & uint32(GRAVE)) != 0) | (owed[q] > 0)
        history[q] |= uint8(past | (int64(wrong) << 7))


@kernel
def measure_more(lo: int, hi: int, people: Any, tables: Any, sums: Any) -> None:
    """Add to measured[q] what only the ledgers and the audit ask for; bring history[i] up to date where it is kept."""
    n, p, out = hi - lo, people, people.measured
    penalised = int64(tables.bad_acts)
    for number in range(tables.list_acts.shape[0]):
        penalised |= int64(tables.list_acts[number])
    penalised = penalised if tables.in_force != 0 else int64(0)
    by_judgment = int64(tables.judgment_lists) if tables.in_force != 0 else int64(0)
    owed, lists = p.owed[lo:hi], p.lists[lo:hi]
    measure_records(n, p.acts, p.seen, owed, lists, p.refused_regime, penalised, by_judgment, out)
    measure_ends(
        n, p.flags[lo:hi], owed, lists, p.left, p.corrected, p.loan[lo:hi], p.tried, p.refused, by_judgment, out
    )
    measure_freedom(n, p.said, p.said_free, out)
    measure_voice(n, p.rumour, p.apology, p.called, p.private_false, p.grudge, p.unproportional, out, p.measured_more)
    measure_dealings(n, p.workplace, p.firm, owed, p.exit, p.measured_more)
    measure_entries(n, p.flags[lo:hi], p.entered, owed, p.buffer[lo:hi], p.measured_more)
    if p.history.size > 0:
        for q in range(n):
            if p.corrected[q] != 0:
                sums[CORRECTION_MONTHS] += int64(p.false_months[lo + q]) & MONTHS_OPEN
        keep_history(n, p.acts, owed, out, p.history[lo:hi])


LANES = 0x0101010101010101
WIDTH, PLANES = 128, 9
"""Of the room in which masks are added up: rows of masks, side by side, and planes of a binary number for each bit."""
SPARSE = 8
"""Where fewer than one in so many people have anything, they are gone through one by one."""


@inline
def add3(a: Any, b: Any, c: Any) -> Any:
    """Three bits added, for each of 64 places: their carry and their sum."""
    two = a ^ b
    return (a & b) | (two & c), two ^ c


@inline
def add16(ones: Any, twos: Any, fours: Any, eights: Any, m: Any) -> Any:
    """Sixteen masks added to four planes of a binary number for each bit (Harley and Seal; Mula, Kurz and Lemire 2018):
    the planes, and the carry.
    """
    two_a, ones = add3(ones, m[0], m[1])
    two_b, ones = add3(ones, m[2], m[3])
    four_a, twos = add3(twos, two_a, two_b)
    two_a, ones = add3(ones, m[4], m[5])
    two_b, ones = add3(ones, m[6], m[7])
    four_b, twos = add3(twos, two_a, two_b)
    eight_a, fours = add3(fours, four_a, four_b)
    two_a, ones = add3(ones, m[8], m[9])
    two_b, ones = add3(ones, m[10], m[11])
    four_a, twos = add3(twos, two_a, two_b)
    two_a, ones = add3(ones, m[12], m[13])
    two_b, ones = add3(ones, m[14], m[15])
    four_b, twos = add3(twos, two_a, two_b)
    eight_b, fours = add3(fours, four_a, four_b)
    carry, eights = add3(eights, eight_a, eight_b)
    return ones, twos, fours, eights, carry


@kernel
def add_rows(m: NDArray[np.uint64], planes: NDArray[np.uint64]) -> None:
    """Add sixteen rows of WIDTH masks to the planes, place by place."""
    one, two, four, eight = planes[0], planes[1], planes[2], planes[3]
    fifth, sixth, seventh, eighth, ninth = planes[4], planes[5], planes[6], planes[7], planes[8]
    w = WIDTH
    for x in range(w):
        first = (m[x], m[w + x], m[2 * w + x], m[3 * w + x], m[4 * w + x], m[5 * w + x], m[6 * w + x], m[7 * w + x])
        row = x + 8 * w
        last = (
            m[row], m[w + row], m[2 * w + row], m[3 * w + row], m[4 * w + row], m[5 * w + row], m[6 * w + row],
            m[7 * w + row],
        )  # fmt: skip
        one[x], two[x], four[x], eight[x], carry = add16(one[x], two[x], four[x], eight[x], first + last)
        fifth[x], carry = fifth[x] ^ carry, fifth[x] & carry
        sixth[x], carry = sixth[x] ^ carry, sixth[x] & carry
        seventh[x], carry = seventh[x] ^ carry, seventh[x] & carry
        eighth[x], carry = eighth[x] ^ carry, eighth[x] & carry
        ninth[x] ^= carry


@kernel
def add_masks(masks: NDArray[np.uint64], weight: int, counts: NDArray[np.int64]) -> None:
    """Add, for each bit, `weight` times how many of some masks have it.

    Eight counters of a byte lie in each uint64: counter k holds bits k, 8 + k, … They are emptied every 255 masks.
    """
    for first in range(0, masks.size, 255):
        some = masks[first : min(masks.size, first + 255)]
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
        lanes = (a, b, c, d, e, f, g, h)
        for k in range(8):
            for byte in range(8):
                counts[8 * byte + k] += weight * int64((lanes[k] >> uint64(8 * byte)) & uint64(255))


@kernel
def count(n: int, masks: NDArray[np.uint64], planes: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
    """Add, for each bit, how many of n masks have it; `planes` (PLANES, WIDTH) is room."""
    first, rows = 0, 16 * WIDTH
    while n - first >= rows:
        for plane in range(PLANES):
            for x in range(WIDTH):
                planes[plane, x] = uint64(0)
        for _ in range(min((n - first) // rows, (1 << PLANES) // 16 - 1)):
            add_rows(masks[first : first + rows], planes)
            first += rows
        for plane in range(PLANES):
            add_masks(planes[plane], 1 << plane, counts)
    add_masks(masks[first:n], 1, counts)


@kernel
def lone(n: int, mine: NDArray[np.uint64], base: NDArray[np.uint64], out: NDArray[np.uint64]) -> None:
    """out[q]: what is true here and not of the twin in the baseline."""
    for q in range(n):
        out[q] = mine[q] & ~base[q]


@kernel
def count_few(
    n: int, masks: Any, wanted: Any, first: int, groups: NDArray[np.uint16], counts: NDArray[np.int64]
) -> None:
    """As `count_groups`, person by person and bit by bit."""
    for q in range(n):
        left = int64(masks[q] & uint64(wanted))
        while left != 0:
            bit = lowest(left)
            left ^= bit
            for composite in range(2):
                counts[groups[composite, q], first + place(bit)] += 1


@kernel
def add_cell(seats: NDArray[np.uint32], masks: NDArray[np.uint64], room: NDArray[np.uint64]) -> None:
    """room[k]: counters of a byte of bits k, 8 + k, … of the masks of these seats, at most 255."""
    o = t = f = e = p = q = r = s = uint64(0)  # planes: ones, twos, fours, eights, …
    at, n = uint64(0), uint64(seats.size)
    while at + uint64(16) <= n:
        x = seats[at : at + uint64(16)]
        some = (
            masks[x[0]], masks[x[1]], masks[x[2]], masks[x[3]], masks[x[4]], masks[x[5]], masks[x[6]], masks[x[7]],
            masks[x[8]], masks[x[9]], masks[x[10]], masks[x[11]], masks[x[12]], masks[x[13]], masks[x[14]],
            masks[x[15]],
        )  # fmt: skip
        o, t, f, e, carry = add16(o, t, f, e, some)
        p, carry = p ^ carry, p & carry
        q, carry = q ^ carry, q & carry
        r, carry = r ^ carry, r & carry
        s ^= carry
        at += uint64(16)
    while at < n:
        carry = masks[seats[at]]
        o, carry = o ^ carry, o & carry
        t, carry = t ^ carry, t & carry
        f, carry = f ^ carry, f & carry
        e, carry = e ^ carry, e & carry
        p, carry = p ^ carry, p & carry
        q, carry = q ^ carry, q & carry
        r, carry = r ^ carry, r & carry
        s ^= carry
        at += uint64(1)
    one = uint64(LANES)
    for k in range(uint64(8)):
        low = ((o >> k) & one) | (((t >> k) & one) << uint64(1)) | (((f >> k) & one) << uint64(2))
        high = ((p >> k) & one) | (((q >> k) & one) << uint64(1)) | (((r >> k) & one) << uint64(2))
        low |= ((e >> k) & one) << uint64(3)
        room[k] = low | ((high | (((s >> k) & one) << uint64(3))) << uint64(4))


@kernel
def count_groups(
    n: int,
    masks: NDArray[np.uint64],
    wanted: Any,
    groups: NDArray[np.uint16],
    orders: NDArray[np.uint32],
    ends: NDArray[np.int64],
    room: NDArray[np.uint64],
    counts: NDArray[np.int64],
    first: int,
) -> None:
    """The same of the `wanted` bits by composite cell, into counts[cell, first + bit]: orders[composite] are n seats,
    cell by cell, groups[composite] the cell of each (`groups`).
    """
    some = 0
    for q in range(n):
        some += (masks[q] & uint64(wanted)) != uint64(0)
    if some * SPARSE < n:
        if some > 0:
            count_few(n, masks, wanted, first, groups, counts)
        return
    for composite in range(orders.shape[0]):
        at = uint64(0)
        for cell in range(ends.shape[1]):
            into, end = counts[cell, first : first + 64], uint64(ends[composite, cell])
            while at < end:
                last = min(end, at + uint64(255))
                add_cell(orders[composite, at:last], masks, room)
                for k in range(8):
                    room[k] &= uint64(255) * ((uint64(wanted) >> uint64(k)) & uint64(LANES))
                for byte in range(8):
                    for k in range(8):
                        into[8 * byte + k] += int64((room[k] >> uint64(8 * byte)) & uint64(255))
                at = last


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
