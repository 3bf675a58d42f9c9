"""The entries of the two ledgers by group: one function each, which returns how many, of how many.

An entry's docstring is its definition, with unit and denominator; it is what `sincerity ledger --define` prints. All
are of the last twelve months of a run, or of the whole run where they say *at some time*.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Literal, NamedTuple

from sincerity.study.tally import Counted, Counts

Ratio = tuple[Counts, Counts]
Kind = Literal["right", "promise", "condition"]
Good = Literal["more", "fewer", ""]


class Entry(NamedTuple):
    """One line of a ledger. kind: a right, a promise, or a condition on which the promises rest. heading: which right
    or promise. unit: what the figure counts, scale x how many / of how many. good: whether the right is better kept,
    or the promise, where the figure is more or fewer; '' where neither can be said, and nothing is ranked by it.
    """

    id: str
    kind: Kind
    heading: str
    words: str
    unit: str
    scale: float
    figures: Callable[[Counted], Ratio]
    good: Good = "fewer"

    @property
    def definition(self) -> str:
        """The function's docstring."""
        return inspect.cleandoc(self.figures.__doc__ or "").replace("\n", " ")


MONTH, EVER, YEAR = "per 1,000 adults a month", "per 1,000 adults, at some time", "months an adult-year, per 1,000"
SHARE = "of every 1,000 such"
RIGHTS: list[Entry] = []
PROMISES: list[Entry] = []


def _entry(
    kind: Kind, heading: str, words: str, unit: str, scale: float = 1000.0, good: Good = "fewer"
) -> Callable[[Callable[[Counted], Ratio]], Callable[[Counted], Ratio]]:
    into = RIGHTS if kind == "right" else PROMISES

    def register(count: Callable[[Counted], Ratio]) -> Callable[[Counted], Ratio]:
        into.append(Entry(count.__name__, kind, heading, words, unit, scale, count, good))
        return count

    return register


def _share(c: Counted, measure: str) -> Ratio:
    return c[measure], c.of(measure)


# ---- rights -------------------------------------------------------------------------------------------------------


@_entry("right", "movement", "refused a seat", MONTH)
def seats(c: Counted) -> Ratio:
    """Adults refused a plane or fast-train seat in a month, of all adults; mean of the last twelve months."""
    return _share(c, "refused_seat")


@_entry("right", "movement", "months barred from planes or fast trains", YEAR, 12_000.0)
def months_barred(c: Counted) -> Ratio:
    """Months of the last year in which an adult was refused a seat or stood on a list barring from one, of all.

    Unit: months a year of every 1,000 adults together.
    """
    return _share(c, "barred_travel")


@_entry("right", "movement", "barred from planes or fast trains", EVER)
def barred_ever(c: Counted) -> Ratio:
    """Adults barred from a plane or fast-train seat in at least one month of the run, of all adults."""
    return _share(c, "barred_travel_ever")


@_entry("right", "expression", "kept silent, or said what they do not think", MONTH)
def muted(c: Counted) -> Ratio:
    """Adults who had something to say in a month and said nothing, or praised against their own view, of all adults."""
    return _share(c, "muted")


@_entry("right", "expression", "of those with something to say: silent or insincere", SHARE)
def muted_of_occasions(c: Counted) -> Ratio:
    """Adults silent or insincere in a month, of the adults who had something to say in it."""
    return c["muted"], c["occasion"]


@_entry("right", "expression", "silent or insincere at once: not with the tables off", MONTH)
def muted_at_once(c: Counted) -> Ratio:
    """Adults silent or insincere in a month who, in the same state and with the same luck, would have said what they
    think with the regime's tables off, of all adults. Needs ground truth.
    """
    return _share(c, "muted_at_once")


@_entry("right", "expression", "changed a lawful habit for points", MONTH)
def needless_caution(c: Counted) -> Ratio:
    """Adults who gave up or took up a lawful, harmless act in a month because of its points or a nudge, of all adults.

    Needs ground truth.
    """
    return _share(c, "gave_up")


@_entry("right", "expression", "kept a true warning to themselves", MONTH)
def warnings_withheld(c: Counted) -> Ratio:
    """Adults whom a true rumour of a danger reached in a month and who did not pass it on, of all adults.

    Needs ground truth.
    """
    return _share(c, "warning_withheld")


@_entry("right", "expression", "of those who heard a true warning: kept it to themselves", SHARE)
def warnings_of_heard(c: Counted) -> Ratio:
    """Adults who kept a true warning of a danger to themselves in a month, of the adults whom one reached.

    Needs ground truth.
    """
    return c["warning_withheld"], c["warning_heard"]


@_entry("right", "thought", "disapprove in private", MONTH, good="")
def disapprove(c: Counted) -> Ratio:
    """Adults whose own view is below 0, of all adults. Needs ground truth."""
    return _share(c, "critic")


@_entry("right", "due process", "refused only because of a false record", EVER)
def wrongly_refused(c: Counted) -> Ratio:
    """Adults refused in at least one month of the run who would have passed without a false record, of all adults.

    Needs ground truth.
    """
    return _share(c, "wrongly_ever")


@_entry("right", "due process", "carried a record of something they had not done", EVER)
def false_record(c: Counted) -> Ratio:
    """Adults who carried a false record in at least one month of the run, of all adults. Needs ground truth."""
    return _share(c, "false_record_ever")


@_entry("right", "due process", "wrongly recorded by a private scorer", YEAR, 12_000.0)
def privately_false(c: Counted) -> Ratio:
    """Months of the last year in which a private scorer took points from an adult for an act not done, of all adults.

    Needs ground truth. Unit: months a year of every 1,000 adults together.
    """
    return _share(c, "private_false")


@_entry("right", "due process", "months a false record stood", YEAR, 12_000.0)
def months_false(c: Counted) -> Ratio:
    """Months in the last year in which an adult carried a false record, of all adults. Needs ground truth.

    Unit: months a year of every 1,000 adults together.
    """
    return _share(c, "false_record")


@_entry("right", "due process", "corrected, of every 1,000 months that false records stood", SHARE, good="more")
def corrections(c: Counted) -> Ratio:
    """Corrections in the last year, of the months in it in which a false record stood. Needs ground truth."""
    return c["corrected"], c["false_record"]


@_entry("right", "due process", "months until a record was corrected", "months", 1.0)
def months_until_corrected(c: Counted) -> Ratio:
    """Months that the records corrected in the last year had stood, of the adults corrected; all adults only.

    A court's mistaken identity counts 0, since its months are not kept; those never corrected are not in it.
    """
    return c["correction_months_sum"], c["corrected"]


@_entry("right", "due process", "of those with a false record: never corrected", SHARE)
def never_corrected(c: Counted) -> Ratio:
    """Adults who carried a false record in the run and never had one taken back, of those who carried one.

    Needs ground truth.
    """
    had = c["false_record_ever"]
    return (had - c["corrected_ever"]).clip(0), had


@_entry("right", "due process", "apologised sincerely for a post, and punished", YEAR, 12_000.0)
def apologies_punished(c: Counted) -> Ratio:
    """Months of the last year in which an adult apologised sincerely for a post, was not believed and was punished, of
    all adults. Needs ground truth.

    Unit: months a year of every 1,000 adults together.
    """
    return _share(c, "apology_punished")


@_entry("right", "proportionality", "on a list", MONTH)
def listed(c: Counted) -> Ratio:
    """Adults on a list of the regime at the end of a month, of all adults."""
    return _share(c, "on_list")


@_entry("right", "proportionality", "still on a list, though the debt was met", MONTH)
def after_cure(c: Counted) -> Ratio:
    """Adults on a list for an unmet judgment in a month who owed none any more, of all adults."""
    return _share(c, "cured_listed")


@_entry("right", "proportionality", "sanctioned out of proportion", MONTH)
def unproportional(c: Counted) -> Ratio:
    """Adults whom the regime's refusals in a month cost far more than the harm that stands against them, of all adults.

    Far more: by the society's factor. A privilege not given is no sanction. Needs ground truth.
    """
    return _share(c, "unproportional")


@_entry("right", "proportionality", "months on a list after the debt was met", YEAR, 12_000.0)
def months_after_cure(c: Counted) -> Ratio:
    """Months of the last year in which an adult stood on a list for an unmet judgment and owed none any more, of all.

    Unit: months a year of every 1,000 adults together.
    """
    return _share(c, "cured_listed")


@_entry("right", "guilt by tie, by guess", "refused only because of friends or household", EVER)
def dragged(c: Counted) -> Ratio:
    """Adults refused in at least one month of the run only for their friends or household, of all adults.

    Needs ground truth.
    """
    return _share(c, "by_ties_ever")


@_entry("right", "guilt by tie, by guess", "presumed to be what they are not", MONTH)
def presumed(c: Counted) -> Ratio:
    """Adults of whom a trait was presumed in a month out of an act that they had not done, of all adults.

    Needs ground truth.
    """
    return _share(c, "presumed")


@_entry("right", "guilt by tie, by guess", "reported for nothing, out of a grudge", YEAR, 12_000.0)
def grudges(c: Counted) -> Ratio:
    """Months of the last year in which a neighbour's report of nothing was written on an adult, of all adults.

    Needs ground truth. Unit: months a year of every 1,000 adults together.
    """
    return _share(c, "grudge_report")


@_entry("right", "guilt by tie, by guess", "sanctioned, and never broke the law gravely or failed a debt", EVER)
def never_wrong(c: Counted) -> Ratio:
    """Adults whom the regime listed or refused in the run and who in no month of it broke the law (other than in
    traffic or by dodging a fare), defaulted or owed an unmet judgment, of all adults. Needs ground truth.
    """
    return c["sanctioned_ever"] - c["wrong_sanctioned_ever"], c.of("sanctioned_ever")


@_entry("right", "guilt by tie, by guess", "sanctioned, and never did what the regime penalises", EVER)
def never_did(c: Counted) -> Ratio:
    """Adults whom the regime listed or refused in the run and who in no month of it did what it penalises, of all.

    Needs ground truth.
    """
    return c["sanctioned_ever"] - c["did_sanctioned_ever"], c.of("sanctioned_ever")


@_entry("right", "money", "refused a loan or a mortgage", MONTH)
def refused_loans(c: Counted) -> Ratio:
    """Adults refused a loan or a mortgage in a month, of all adults."""
    return _share(c, "refused_loan")


@_entry("right", "work", "refused a job, a public post or an office", MONTH)
def jobs(c: Counted) -> Ratio:
    """Adults refused a job, a public post or a company office in a month, of all adults."""
    return _share(c, "refused_job")


@_entry("right", "housing", "refused a mortgage or a flat", MONTH)
def homes(c: Counted) -> Ratio:
    """Adults refused a mortgage or a rented flat in a month, of all adults."""
    return _share(c, "refused_home")


@_entry("right", "housing", "refused a mortgage or a flat", EVER)
def homes_ever(c: Counted) -> Ratio:
    """Adults refused a mortgage or a rented flat in at least one month of the run, of all adults."""
    return _share(c, "home_ever")


@_entry("right", "education", "child refused a school", MONTH)
def schools(c: Counted) -> Ratio:
    """Adults whose child was refused a school place in a month, of all adults."""
    return _share(c, "refused_school")


@_entry("right", "health", "refused at the health gate", MONTH)
def health(c: Counted) -> Ratio:
    """Adults refused by the gate of health and insurance in a month, of all adults."""
    return _share(c, "refused_health")


@_entry("right", "family", "refused on the dating site", MONTH)
def dates(c: Counted) -> Ratio:
    """Adults refused by the dating gate in a month, of all adults."""
    return _share(c, "refused_date")


@_entry("right", "family", "have a partner", MONTH, good="more")
def partners(c: Counted) -> Ratio:
    """Adults with a partner at the end of a month, of all adults."""
    return _share(c, "partner")


@_entry("right", "association", "lost a friend", MONTH)
def friends(c: Counted) -> Ratio:
    """Adults at least one of whose ties ended in a month, of all adults."""
    return _share(c, "lost_tie")


@_entry("right", "privacy", "scored", MONTH)
def scored(c: Counted) -> Ratio:
    """Adults whom the regime scores at the end of a month, of all adults."""
    return _share(c, "enrolled")


@_entry("right", "privacy", "channels through which a person is seen", "channels an adult", 1.0)
def channels(c: Counted) -> Ratio:
    """Channels that an adult uses and the scoring state or a private scorer taps, of all adults; all adults only."""
    return _share(c, "channels_sum")


@_entry("right", "privacy", "in the files of a private scorer", MONTH)
def member(c: Counted) -> Ratio:
    """Adults whom at least one private scorer scores at the end of a month, of all adults."""
    return _share(c, "member")


@_entry("right", "privacy", "organisations that can see a person", "organisations an adult", 1.0)
def organisations(c: Counted) -> Ratio:
    """Organisations that tap a channel which an adult uses: private scorers of whom the adult is a customer (all once
    they pool), and the scoring state; of all adults; all adults only.
    """
    return _share(c, "watchers_sum")


@_entry("right", "poverty", "on a list, and could not pay", MONTH)
def listed_unable(c: Counted) -> Ratio:
    """Adults on a list in a month who owe more than they have saved, of all adults."""
    return _share(c, "listed_unable")


@_entry("right", "poverty", "refused, and could not pay", MONTH)
def refused_unable(c: Counted) -> Ratio:
    """Adults refused a seat, a loan, a job or a school in a month for a debt greater than they could pay, of all."""
    return _share(c, "refused_unable")


@_entry("right", "poverty", "of those on a list: left it in a month", SHARE, good="more")
def exits(c: Counted) -> Ratio:
    """Adults who left a list in a month, of the adult-months on a list: the exit hazard."""
    return c["left_list"], c["on_list"]


# ---- promises -----------------------------------------------------------------------------------------------------


@_entry("condition", "on which they rest", "aware of the score", MONTH, good="")
def aware(c: Counted) -> Ratio:
    """Adults who know at the end of a month that the score has consequences, of all adults: nobody else can heed it."""
    return _share(c, "aware")


@_entry("condition", "on which they rest", "of every 1,000 offenders a month: recorded", SHARE, good="")
def offences_recorded(c: Counted) -> Ratio:
    """Adult-months with an offence that reached the record, of the adult-months with an offence. Needs ground truth.

    A regime that records more seems to have more crime; offences are therefore counted true, whoever saw them.
    """
    return c["offence_recorded"], c["offence"]


@_entry("promise", "debts", "paid a loan instalment late", MONTH)
def late(c: Counted) -> Ratio:
    """Adults late with a loan instalment in a month, of all adults."""
    return _share(c, "late")


@_entry("promise", "debts", "of those with a loan: late", SHARE)
def late_of_loans(c: Counted) -> Ratio:
    """Adults late with a loan instalment in the last month, of the adults with a loan in it; all adults: twelve months.

    A regime that grants fewer loans has fewer that can be late: this line holds that apart.
    """
    months = c.of("late") / c.of("has_loan").clip(1)
    return c["late"], (c["has_loan"] * months).astype(c["late"].dtype)


@_entry("promise", "debts", "defaulted on a loan", MONTH)
def defaults(c: Counted) -> Ratio:
    """Adults whose loan went into default in a month, of all adults."""
    return _share(c, "defaulted")


@_entry("promise", "debts", "left a bill unpaid", MONTH)
def bills(c: Counted) -> Ratio:
    """Adults with a household bill due and not paid in a month, of all adults."""
    return _share(c, "unpaid_bill")


@_entry("promise", "taxes", "evaded tax", MONTH)
def taxes(c: Counted) -> Ratio:
    """Adults who evaded tax in a month, seen or not, of all adults. Needs ground truth."""
    return _share(c, "tax_evaded")


@_entry("promise", "government payments", "live where the government pays late", MONTH)
def government_late(c: Counted) -> Ratio:
    """Adults in regions whose government paid its firms late the month before, of all adults."""
    return _share(c, "government_late")


@_entry("promise", "courts", "lost a suit over a debt", MONTH)
def suits(c: Counted) -> Ratio:
    """Adults against whom a court gave judgment over a debt in a month, of all adults."""
    return _share(c, "judged")


@_entry("promise", "courts", "of those who owe a judgment: met it in a month", SHARE, good="more")
def judgments_met(c: Counted) -> Ratio:
    """Adults who paid what a court had ordered, or from whom the last of it was garnished, in a month, of the
    adult-months with a judgment debt. Debts settled, written off or expired are not met.
    """
    return c["judgment_met"], c["owes_judgment"]


@_entry("promise", "wages", "had wages paid late", MONTH)
def wages(c: Counted) -> Ratio:
    """Adults whose firm held back wages in a month, of all adults."""
    return _share(c, "wages_late")


@_entry("promise", "safer products", "work where a faulty product was sold", MONTH)
def products(c: Counted) -> Ratio:
    """Adults in a firm that sold a faulty product in a month, noticed or not, of all adults. Needs ground truth.

    Firms are counted by their people.
    """
    return _share(c, "faulty_firm")


@_entry("promise", "fewer offences", "broke the law, seen or not", MONTH)
def offences(c: Counted) -> Ratio:
    """Adults who committed at least one offence in a month, recorded or not, of all adults. Needs ground truth."""
    return _share(c, "offence")


@_entry("promise", "fewer offences", "broke the law and were recorded", MONTH, good="")
def offences_seen(c: Counted) -> Ratio:
    """Adults with at least one offence in a month that reached the regime's record, of all adults."""
    return _share(c, "offence_recorded")


@_entry("promise", "good deeds", "volunteered, gave blood or gave to charity", MONTH, good="more")
def good_deeds(c: Counted) -> Ratio:
    """Adults who did a good deed in a month, for whatever reason, of all adults."""
    return _share(c, "good_deed")


@_entry("promise", "inclusion", "got a loan", MONTH, good="more")
def loans(c: Counted) -> Ratio:
    """Adults who asked for a loan or mortgage in a month and got it, of all adults."""
    return _share(c, "got_loan")


@_entry("promise", "relief where needed", "of those in need: passed over for relief", SHARE)
def relief_missed(c: Counted) -> Ratio:
    """Adults in need in a month whom the office did not put on its roll, of the adult-months in need.

    In need: out of work, with savings below what the society calls need.
    """
    return c["relief_missed"], c["in_need"]


@_entry("promise", "relief where needed", "given relief without need", MONTH)
def relief_unneeded(c: Counted) -> Ratio:
    """Adults on the office's roll in a month who were not in need, of all adults."""
    return _share(c, "relief_unneeded")


@_entry("promise", "trust", "say they approve, when asked", MONTH, good="more")
def approve(c: Counted) -> Ratio:
    """Adults who would answer yes in public, silence being no option, of all adults."""
    return _share(c, "approve")


@_entry("promise", "trust", "say they approve and mean it", MONTH, good="more")
def approve_meant(c: Counted) -> Ratio:
    """Adults who would answer yes and whose own view is above 0, of all adults. Needs ground truth."""
    return _share(c, "approve_meant")
