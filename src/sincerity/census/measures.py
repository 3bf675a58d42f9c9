"""What the census counts: one line a measure, each with its unit, its denominator and a definition in one sentence.

A person's month is two masks: bit k of the first is set when `MONTHLY[k]` was true of that person in that month, bit k
of the second when `MONTHLY[64 + k]` was. What was ever true since the start of the run is a third mask, over `EVER`.
`SUMS` are totals of a column over people, kept as whole numbers: the mean is count / of / scale, in the measure's unit.
"""

from dataclasses import dataclass
from typing import Literal

Window = Literal["month", "ever"]
Kind = Literal["promise", "cost", "context"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing counted.

    id: the word in the census column `measure`. title: as shown to a reader. unit: of count / of / scale. of: what the
    census column `of` counts. window: 'month' (true in that month) or 'ever' (true in some month so far). kind: what
    the regime promises, what it costs, or neither. scale: counts are whole numbers of 1/scale unit.
    """

    id: str
    title: str
    unit: str
    of: str
    window: Window
    kind: Kind
    definition: str
    scale: int = 1


def _month(id: str, kind: Kind, title: str, definition: str) -> Measure:
    return Measure(id, title, "share of adults", "adults", "month", kind, definition)


def _ever(id: str, title: str, definition: str) -> Measure:
    return Measure(id, title, "share of adults", "adults", "ever", "cost", definition)


def _sum(id: str, title: str, unit: str, scale: int, definition: str) -> Measure:
    return Measure(id, title, unit, "adults", "month", "context", definition, scale)


# Order is the bit order of the month's masks: append, never insert.
MONTHLY: tuple[Measure, ...] = (
    _month(
        "late",
        "promise",
        "paid a loan instalment late",
        "Adults with a loan instalment due in the month and not paid in it, per adult.",
    ),
    _month(
        "unpaid_bill",
        "promise",
        "left a bill unpaid",
        "Adults with a household bill due in the month and not paid in it, per adult.",
    ),
    _month(
        "offence",
        "promise",
        "broke the law, seen or not",
        "Adults who committed at least one offence in the month, whether or not anybody recorded it, per adult.",
    ),
    _month(
        "good_deed",
        "promise",
        "volunteered, gave blood or gave to charity",
        "Adults who volunteered, gave blood or gave to charity in the month, for whatever reason, per adult.",
    ),
    _month(
        "approve",
        "promise",
        "say they approve, when asked",
        "Adults who would answer yes in the month when asked in public whether they approve, per adult; "
        "silence is no option.",
    ),
    _month(
        "approve_meant",
        "promise",
        "say they approve and mean it",
        "Adults who would answer yes when asked in public and whose own view is above 0 in the month, per adult.",
    ),
    _month(
        "on_list",
        "cost",
        "stood on a list",
        "Adults standing on at least one of the regime's lists at the end of the month, per adult.",
    ),
    _month(
        "barred_travel",
        "cost",
        "barred from planes or fast trains",
        "Adults refused a plane or fast-train seat in the month, or standing on a list that bars them from "
        "one, per adult.",
    ),
    _month(
        "refused",
        "cost",
        "refused a seat, a loan, a job or a school",
        "Adults who tried in the month to get a plane or fast-train seat, a loan or mortgage, a job or post, "
        "or a school place for a child, and were refused at least once, per adult.",
    ),
    _month(
        "refused_innocent",
        "cost",
        "refused, having done nothing themselves",
        "Adults refused a seat, a loan, a job or a school in the month whose own true record would have "
        "passed, per adult: missing papers, a false record, a mistaken identity, friends or household stood behind it.",
    ),
    _month(
        "refused_unable",
        "cost",
        "refused, and could not have paid",
        "Adults refused a seat, a loan, a job or a school in the month for a debt greater than they could "
        "pay, per adult.",
    ),
    _month(
        "refused_seat",
        "cost",
        "refused a seat",
        "Adults refused a plane or fast-train seat in the month, per adult.",
    ),
    _month(
        "refused_loan",
        "cost",
        "refused a loan",
        "Adults refused a loan or a mortgage in the month, per adult.",
    ),
    _month(
        "refused_job",
        "cost",
        "refused a job",
        "Adults refused a job, a public post or a company office in the month, per adult.",
    ),
    _month(
        "refused_school",
        "cost",
        "refused a school",
        "Adults whose child was refused a school place in the month, per adult.",
    ),
    _month(
        "refused_date",
        "cost",
        "refused on the dating site",
        "Adults refused by the dating gate in the month, per adult.",
    ),
    _month(
        "refused_wrongly",
        "cost",
        "refused only because of a false record",
        "Adults refused in the month who would have passed had their false record not stood, per adult.",
    ),
    _month(
        "refused_by_ties",
        "cost",
        "refused only because of their friends",
        "Adults refused in the month only because of their friends, their household or the firm they lead, per adult.",
    ),
    _month(
        "occasion",
        "context",
        "had something to say",
        "Adults with an occasion to speak in public in the month, per adult; occasions come from traits and "
        "luck alone.",
    ),
    _month(
        "spoke_critical",
        "context",
        "criticised openly",
        "Adults with an occasion to speak who said openly in the month that they disapprove, per adult.",
    ),
    _month(
        "silent",
        "cost",
        "kept silent",
        "Adults with an occasion to speak in the month who said nothing, per adult.",
    ),
    _month(
        "insincere",
        "cost",
        "said what they do not think",
        "Adults with an occasion to speak in the month who praised though their own view is below 0, per adult.",
    ),
    _month(
        "gave_up",
        "cost",
        "changed a lawful habit for points",
        "Adults who in the month gave up or took up at least one lawful, harmless act because of its points, a "
        "nudge or the fear of being seen, per adult.",
    ),
    _month(
        "critic",
        "context",
        "disapprove in private",
        "Adults whose own view is below 0 in the month, per adult.",
    ),
    _month(
        "false_record",
        "cost",
        "carry a record of something they had not done",
        "Adults carrying in the month an open record of an act that somebody else did or nobody did, per adult.",
    ),
    _month(
        "working",
        "context",
        "in work",
        "Adults with work at the end of the month, per adult.",
    ),
    _month(
        "enrolled",
        "context",
        "enrolled",
        "Adults whom the regime scores at the end of the month, per adult.",
    ),
    _month(
        "aware",
        "context",
        "aware of the score",
        "Adults who know at the end of the month that the score has consequences, per adult.",
    ),
    _month(
        "newly_listed",
        "cost",
        "newly put on a list",
        "Adults put in the month on a list on which they did not stand before, per adult.",
    ),
    _month(
        "listed_unable",
        "cost",
        "on a list, and could not pay",
        "Adults standing on a list at the end of the month who owe more than their savings can pay, per adult.",
    ),
    _month(
        "wrongly_listed",
        "cost",
        "on a list only because of a mistaken identity",
        "Adults standing at the end of the month on a list that a court's mistaken identity put them on, per adult.",
    ),
    _month(
        "good_for_points",
        "context",
        "did good for points",
        "Adults whose good deed in the month happened only because of its points or a nudge (same luck, base rate: "
        "no deed), per adult.",
    ),
    _month(
        "defaulted",
        "promise",
        "defaulted on a loan",
        "Adults whose loan went into default in the month, per adult.",
    ),
    _month(
        "judged",
        "context",
        "lost a suit over a debt",
        "Adults against whom a court gave judgment over a debt in the month, per adult.",
    ),
    _month(
        "punished_post",
        "cost",
        "punished for a post",
        "Adults punished in the month for something they said openly, per adult.",
    ),
    _month(
        "lost_tie",
        "cost",
        "lost a friend",
        "Adults at least one of whose ties ended in the month, per adult.",
    ),
    _month(
        "partner",
        "context",
        "have a partner",
        "Adults with a partner at the end of the month, per adult.",
    ),
    _month(
        "muted",
        "cost",
        "kept silent, or said what they do not think",
        "Adults with an occasion to speak in the month who said nothing or praised though their own view is "
        "below 0, per adult.",
    ),
    _month(
        "presumed",
        "cost",
        "presumed to be what they are not",
        "Adults of whom the regime presumed a trait in the month out of an act that they had not done, per adult.",
    ),
    _month(
        "member",
        "context",
        "in the files of a private scorer",
        "Adults whom at least one private scorer scores at the end of the month, per adult.",
    ),
    _month(
        "in_line",
        "context",
        "stood in line for a scarce place",
        "Adults at whom in the month nothing but rank decided at a gate with places, per adult.",
    ),
    _month(
        "outranked",
        "cost",
        "refused because others ranked higher",
        "Adults who stood in line for a scarce place in the month and got none, per adult.",
    ),
    _month(
        "in_need",
        "context",
        "in need",
        "Adults out of work whose savings in the month were below what the society calls need, per adult.",
    ),
    _month(
        "relief_missed",
        "cost",
        "in need, and passed over for relief",
        "Adults in need in the month whom the office did not put on its roll, per adult.",
    ),
    _month(
        "relief_unneeded",
        "cost",
        "given relief without need",
        "Adults put on the office's roll in the month who were not in need, per adult.",
    ),
    _month(
        "government_late",
        "promise",
        "live where the government pays late",
        "Adults in regions whose government paid its firms late the month before, per adult.",
    ),
    _month(
        "government_listed",
        "context",
        "live where the government is on a list",
        "Adults in regions whose government stood on the regime's list the month before, per adult.",
    ),
    _month(
        "refused_home",
        "cost",
        "refused a home",
        "Adults refused a mortgage or a rented flat in the month, per adult.",
    ),
    _month(
        "refused_health",
        "cost",
        "refused at the health gate",
        "Adults refused by the gate of health and insurance in the month, per adult.",
    ),
    _month(
        "refused_by_regime",
        "cost",
        "refused by the regime",
        "Adults refused in the month at a gate that ordinary law would have let them through, per adult.",
    ),
    _month(
        "sanctioned",
        "cost",
        "sanctioned by the regime",
        "Adults on a list at the end of the month, or refused in it where ordinary law would have let them through, "
        "per adult.",
    ),
    _month(
        "penalised",
        "context",
        "did what the regime penalises",
        "Adults who in the month did something for which the regime in force takes points or puts on a list, or owed "
        "an unmet judgment where that leads onto a list, whether or not anybody recorded it, per adult.",
    ),
    _month(
        "recorded",
        "context",
        "recorded for what the regime penalises",
        "Adults of whom at least one act that the regime penalises reached its record in the month, per adult.",
    ),
    _month(
        "offence_recorded",
        "context",
        "broke the law and were recorded",
        "Adults of whom at least one offence reached the regime's record in the month, per adult.",
    ),
    _month(
        "tax_evaded",
        "promise",
        "evaded tax",
        "Adults who evaded tax in the month, whether or not anybody recorded it, per adult.",
    ),
    _month(
        "corrected",
        "context",
        "had a false record taken back",
        "Adults whose false record was taken back in the month, per adult.",
    ),
    _month(
        "left_list",
        "context",
        "left a list",
        "Adults who in the month left a list on which they had stood, per adult.",
    ),
    _month(
        "cured_listed",
        "cost",
        "on a list, though the debt was met",
        "Adults on a list for an unmet judgment at the end of the month who owed none any more, per adult.",
    ),
    _month(
        "got_loan",
        "promise",
        "got a loan",
        "Adults who asked for a loan or a mortgage in the month and were not refused, per adult.",
    ),
    _month(
        "has_loan",
        "context",
        "repay a loan",
        "Adults with a loan that is running or in arrears at the end of the month, per adult.",
    ),
    _month(
        "muted_at_once",
        "cost",
        "would have spoken this month without the tables",
        "Adults who kept silent or said what they do not think in the month, though the same person in the same state "
        "with the same luck would have said what he or she thinks with the regime's tables off, per adult.",
    ),
    _month(
        "freed_at_once",
        "context",
        "spoke this month because of the tables",
        "Adults who said what they think in the month, though with the regime's tables off they would have kept "
        "silent or said what they do not think, per adult.",
    ),
    _month(
        "warning_heard",
        "context",
        "heard a true warning",
        "Adults whom a rumour of a danger reached in the month that was true, whether or not they passed it on, per "
        "adult; whom one reaches comes from traits and luck alone.",
    ),
    _month(
        "warning_withheld",
        "cost",
        "kept a true warning to themselves",
        "Adults whom a true rumour of a danger reached in the month and who did not pass it on, per adult.",
    ),
    _month(
        "warning_withheld_at_once",
        "cost",
        "kept a true warning to themselves for points",
        "Adults who in the month kept a true warning to themselves, though the same person in the same state with the "
        "same luck would have passed it on with the regime's tables off, per adult.",
    ),
    _month(
        "apologised",
        "context",
        "apologised for a post",
        "Adults who in the month apologised, meaning it or not, when they were to be punished by the regime for "
        "something they said, per adult.",
    ),
    _month(
        "apology_punished",
        "cost",
        "apologised sincerely, and punished",
        "Adults who in the month apologised sincerely for something they said, were not believed, and were punished "
        "by the regime, per adult.",
    ),
    _month(
        "called_to_praise",
        "context",
        "expected to take part in praise",
        "Adults with an occasion to speak in the month on which a campaign expected them to praise, per adult.",
    ),
    _month(
        "private_false",
        "cost",
        "wrongly recorded by a private scorer",
        "Adults about whom a private scorer wrote down in the month an act that they had not done, and took points for "
        "it, per adult.",
    ),
    _month(
        "grudge_report",
        "cost",
        "reported for nothing, out of a grudge",
        "Adults on whom a neighbour's report of something that they had not done was written in the month, out of a "
        "grudge, per adult.",
    ),
    _month(
        "unproportional",
        "cost",
        "sanctioned out of proportion",
        "Adults whom the regime's refusals in the month (of more than a privilege) cost more than the society's "
        "`view_proportion` times the harm that stands against them: what they owe by judgment, and their negative "
        "accounts at the mean harm a point, per adult.",
    ),
    _month(
        "in_firm",
        "context",
        "work in a firm",
        "Adults who have a place in a firm, per adult; it stays theirs while they are out of work.",
    ),
    _month(
        "wages_late",
        "promise",
        "had wages paid late",
        "Adults with a place in a firm that held back wages the month before, per adult.",
    ),
    _month(
        "faulty_firm",
        "promise",
        "work where a faulty product was sold",
        "Adults with a place in a firm that sold a faulty product the month before, noticed or not, per adult: firms, "
        "counted by their people.",
    ),
    _month(
        "owes_judgment",
        "context",
        "owe an unmet judgment",
        "Adults who owed a judgment debt at the end of the month or met or were let off it in the month, per adult.",
    ),
    _month(
        "judgment_met",
        "promise",
        "met a judgment",
        "Adults who in the month paid what a court had ordered, or from whose income the last of it was garnished, per "
        "adult.",
    ),
    _month(
        "newly_listed_unable",
        "cost",
        "came onto a list, and could not pay",
        "Adults who came onto at least one list of the regime in the month and at that time owed more by judgment than "
        "they had saved, not being unwilling to pay, per adult.",
    ),
)

# Order is the bit order of the mask of what ever happened.
EVER: tuple[Measure, ...] = (
    _ever(
        "refused_ever",
        "refused a seat, a loan, a job or a school",
        "Adults refused a seat, a loan, a job or a school in at least one month since the start, per adult.",
    ),
    _ever(
        "refused_innocent_ever",
        "of these: had done nothing themselves",
        "Adults refused in at least one month since the start though their own true record would have passed,"
        " per adult.",
    ),
    _ever(
        "refused_unable_ever",
        "of these: could not have paid",
        "Adults refused in at least one month since the start for a debt greater than they could pay, per adult.",
    ),
    _ever(
        "false_record_ever",
        "carried a record of something they had not done",
        "Adults who carried a false record in at least one month since the start, per adult.",
    ),
    _ever(
        "on_list_ever",
        "stood on a list",
        "Adults who stood on one of the regime's lists in at least one month since the start, per adult.",
    ),
    _ever(
        "punished_ever",
        "punished for a post",
        "Adults punished for something they said in at least one month since the start, per adult.",
    ),
    _ever(
        "barred_travel_ever",
        "barred from planes or fast trains",
        "Adults barred from a plane or fast-train seat in at least one month since the start, per adult.",
    ),
    _ever(
        "did_ever",
        "did what the regime penalises",
        "Adults who in at least one month since the start did something that the regime in force penalises, or owed "
        "an unmet judgment where that leads onto a list, per adult.",
    ),
    _ever(
        "sanctioned_ever",
        "sanctioned by the regime",
        "Adults who in at least one month since the start stood on a list, or were refused where ordinary law would "
        "have let them through, per adult.",
    ),
    _ever(
        "corrected_ever",
        "had a false record taken back",
        "Adults whose false record was taken back in at least one month since the start, per adult.",
    ),
    _ever(
        "by_ties_ever",
        "refused only because of their friends",
        "Adults refused in at least one month since the start only because of their friends or household, per adult.",
    ),
    _ever(
        "wrongly_ever",
        "refused only because of a false record",
        "Adults refused in at least one month since the start who would have passed had their false record not "
        "stood, per adult.",
    ),
    _ever(
        "home_ever",
        "refused a home",
        "Adults refused a mortgage or a rented flat in at least one month since the start, per adult.",
    ),
    _ever(
        "recorded_ever",
        "recorded for what the regime penalises",
        "Adults of whom an act that the regime penalises reached its record in at least one month since the start, "
        "per adult.",
    ),
    _ever(
        "wrong_ever",
        "broke the law gravely or failed a debt",
        "Adults who in at least one month since the start committed an offence other than a traffic offence or fare "
        "dodging, defaulted on a loan, or owed an unmet judgment, whether or not anybody recorded it, per adult.",
    ),
    _ever(
        "did_sanctioned_ever",
        "of these: did what the regime penalises",
        "Adults of whom both are true since the start, in whatever order: they did something that the regime "
        "penalises, and they were sanctioned, per adult.",
    ),
    _ever(
        "wrong_sanctioned_ever",
        "of these: broke the law gravely or failed a debt",
        "Adults of whom both are true since the start, in whatever order: wrong_ever, and they were sanctioned, per "
        "adult.",
    ),
)

SUMS: tuple[Measure, ...] = (
    _sum(
        "score_sum",
        "mean score",
        "points",
        32,
        "Sum over adults of the published score at the end of the month, in 1/32 point.",
    ),
    _sum(
        "ties_sum",
        "mean number of ties",
        "ties",
        1,
        "Sum over adults of living ties at the end of the month.",
    ),
    _sum(
        "fear_sum",
        "mean fear",
        "0 to 1",
        255,
        "Sum over adults of fear at the end of the month, in 1/255 of the full scale.",
    ),
    _sum(
        "view_sum",
        "mean view",
        "-1 to 1",
        32767,
        "Sum over adults of the view at the end of the month, in 1/32767; above 0 approves.",
    ),
    _sum(
        "buffer_sum",
        "mean savings",
        "months of essential spending",
        16,
        "Sum over adults of savings at the end of the month, in 1/16 month of essential spending.",
    ),
    _sum(
        "watchers_sum",
        "organisations that can see a person",
        "organisations",
        1,
        "Sum over adults of the organisations that tap in the month a channel that the person uses: private scorers "
        "of whom he or she is a customer (all of them once they pool), and the scoring state.",
    ),
    _sum(
        "channels_sum",
        "channels through which a person is seen",
        "channels",
        1,
        "Sum over adults of the channels that the person uses and that the scoring state, or a private scorer of whom "
        "he or she is a customer, taps in the month.",
    ),
    _sum(
        "correction_months_sum",
        "months that records corrected in the month had stood",
        "months",
        1,
        "Sum over adults whose false record was taken back in the month of the months that it had stood (63 at most; "
        "0 for a court's mistaken identity, whose months are not kept).",
    ),
)

PEOPLE = Measure(
    "people",
    "people by score",
    "share of adults with a score",
    "adults with a score",
    "month",
    "context",
    "Adults whose published score lies in the 25-point bin that starts at the group's number, in the "
    "month; only with by='score'.",
)

ACTED = _month(
    "acts", "context", "did the act", "Adults who did the act in the month, recorded or not; only with by='act'."
)
RECORDS = _month(
    "records",
    "context",
    "recorded for the act",
    "Adults whose act reached the regime's record in the month; only with by='act'.",
)

REFUSALS = Measure(
    "refusals_sum",
    "refusals by the regime",
    "refusals",
    "adults",
    "month",
    "cost",
    "Refusals in the month where ordinary law would have let the person through, by what closed the gate, in 1/64 "
    "refusal; only with by='cause', where the group is the cause, ' > ' and the gate. A refusal by score is shared out "
    "to the accounts below 0 and to the ties, in proportion to the points that each takes from the score; to 'traits' "
    "where none of them does.",
    64,
)

BAND_MEASURES: tuple[Measure, ...] = tuple(
    Measure(id, title, "share of adults with a score", "adults with a score", "month", "context", told)
    for id, title, told in (
        (
            "penalised_by_score",
            "did what the regime penalises, by score",
            "Adults with the score last month who did in the month what the regime penalises; one month a year, only "
            "with by='score and …', where the group is the lower edge of a band of 50 points, ' > ' and the group.",
        ),
        (
            "late_by_score",
            "paid a loan instalment late, by score",
            "Adults with the score last month who in the month were late with a loan instalment; one month a year, "
            "groups as of penalised_by_score.",
        ),
    )
)

MEASURES: tuple[Measure, ...] = (*MONTHLY, *EVER, *SUMS, PEOPLE, ACTED, RECORDS, REFUSALS, *BAND_MEASURES)
BY_ID: dict[str, Measure] = {measure.id: measure for measure in MEASURES}
BIT: dict[str, int] = {measure.id: k for k, measure in enumerate(MONTHLY)}
EVER_BIT: dict[str, int] = {measure.id: k for k, measure in enumerate(EVER)}
