"""The words of a life: what acts, gates and ties are called when one is told."""

from __future__ import annotations

from sincerity.declare.vocabulary import ACTS
from sincerity.people.columns import CRITICISED, PRAISED_UNMEANT, SILENT

MINUS = "\N{MINUS SIGN}"

DONE = {
    "pay_late": "paid an instalment late",
    "bill_unpaid": "left a bill unpaid",
    "default": "defaulted on a loan",
    "judgment": "had a judgment over a debt",
    "tax_evasion": "evaded tax",
    "contract_breach": "broke a contract",
    "fraud": "committed a fraud",
    "counterfeit": "sold counterfeits",
    "traffic_offence": "broke a traffic rule",
    "fare_dodging": "dodged a fare",
    "disorder": "disturbed public order",
    "public_offence": "committed a public offence",
    "serious_offence": "committed a serious offence",
    "volunteering": "volunteered",
    "blood_donation": "gave blood",
    "charity": "gave to charity",
    "award": "was honoured",
    "buys_diapers": "bought diapers",
    "buys_alcohol": "bought alcohol",
    "buys_home_goods": "bought home goods",
    "buys_foreign_goods": "bought foreign goods",
    "buys_luxury": "bought luxuries",
    "plays_for_hours": "played for hours",
    "watches_for_hours": "watched for hours",
    "reads_sensitive": "read something sensitive",
    "exercises": "exercised",
    "visits_place": "was at a place that counts",
    "gives_identity": "gave away details of identity",
    "petition": "petitioned",
    "report_neighbour": "reported a neighbour",
    "critical_post": "posted criticism",
    "praise_post": "posted praise",
    "pay_on_time": "paid on time",
}
WANTED = {
    "flight": "a flight",
    "fast_train": "a fast train",
    "loan": "a loan",
    "mortgage": "a mortgage",
    "job": "a job",
    "public_post": "a public post",
    "company_office": "a company office",
    "school": "a school place for a child",
    "dating": "a date",
    "health": "health cover",
    "flat": "a flat",
    "city_transit": "city transit",
    "deposit_free": "a rental without deposit",
    "visa": "the visa lane",
    "heating": "a heating rebate",
    "internet": "fast internet",
}
TIES = (
    "somebody of the household",
    "a colleague",
    "a friend of the street",
    "an acquaintance in town",
    "a friend further away",
)


def act(number: int) -> str:
    """The name of an act."""
    return tuple(ACTS)[number]


def signed(value: float, digits: int = 0) -> str:
    """A figure with its sign, a true minus."""
    return f"{value:+.{digits}f}".replace("-", MINUS)


def would_say(said: int) -> str:
    """What somebody would have done, where they did otherwise."""
    return {SILENT: "kept silent", CRITICISED: "criticised", PRAISED_UNMEANT: "praised"}.get(said, "praised")


def participle(said: str) -> str:
    """'gave blood' -> 'given blood': the few verbs whose participle differs."""
    first, _, rest = said.partition(" ")
    return f"{ {'gave': 'given', 'was': 'been', 'broke': 'broken'}.get(first, first) } {rest}".strip()


def on_list(titles: list[str]) -> str:
    """'on the list: …', one list or several."""
    return f"on the list: {', '.join(titles)}" if titles else "a list"
