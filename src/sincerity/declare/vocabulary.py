"""The closed lists that declared files choose from. Their order is that of bits and rows in the month: append only."""

from __future__ import annotations

from typing import Final

DOMAINS: Final[tuple[str, ...]] = (
    "money",
    "tax",
    "trade",
    "work",
    "housing",
    "family",
    "health",
    "movement",
    "order",
    "speech",
    "association",
    "public office",
    "courts",
)

# act -> domain; the order is the bit of the act in the month's masks, 0 to 31
ACTS: Final[dict[str, str]] = {
    "pay_late": "money",
    "bill_unpaid": "money",
    "default": "money",
    "judgment": "courts",
    "tax_evasion": "tax",
    "contract_breach": "trade",
    "fraud": "trade",
    "counterfeit": "trade",
    "traffic_offence": "movement",
    "fare_dodging": "movement",
    "disorder": "order",
    "public_offence": "order",
    "serious_offence": "courts",
    "volunteering": "association",
    "blood_donation": "health",
    "charity": "association",
    "award": "public office",
    "buys_diapers": "family",
    "buys_alcohol": "trade",
    "buys_home_goods": "trade",
    "buys_foreign_goods": "trade",
    "buys_luxury": "trade",
    "plays_for_hours": "family",
    "watches_for_hours": "family",
    "reads_sensitive": "speech",
    "exercises": "health",
    "visits_place": "movement",
    "gives_identity": "association",
    "petition": "association",
    "report_neighbour": "order",
    "critical_post": "speech",
    "praise_post": "speech",
}

# what points may hang on without being a bit of the masks
PASSIVE: Final[dict[str, str]] = {"pay_on_time": "money"}

# acts that follow from money, law, speech or ties; the others have a rate of their own in the society
CAUSED: Final[tuple[str, ...]] = (
    "pay_late",
    "bill_unpaid",
    "default",
    "judgment",
    "report_neighbour",
    "critical_post",
    "praise_post",
)
HABITS: Final[tuple[str, ...]] = tuple(act for act in ACTS if act not in CAUSED)
CREDITED: Final[tuple[str, ...]] = (*ACTS, *PASSIVE)
# acts that take hours, for which points may be given
HOURLY: Final[tuple[str, ...]] = ("volunteering",)

CHANNELS: Final[tuple[str, ...]] = (
    "bank and payments",
    "shops online",
    "shops",
    "utilities and tax",
    "courts",
    "social network",
    "messaging",
    "games and video",
    "phone location",
    "cameras",
    "number plates",
    "phone tapping",
    "health tracker",
    "ride hailing",
    "dating site",
    "neighbours",
)

# the order is the bit of the gate in the masks of gates tried and refused
GATES: Final[tuple[str, ...]] = (
    "flight",
    "fast_train",
    "loan",
    "mortgage",
    "job",
    "public_post",
    "company_office",
    "school",
    "dating",
    "health",
    "flat",
    "city_transit",
    "deposit_free",
    "visa",
    "heating",
    "internet",
)
# gates whose demand arises in livelihood and obligations, not in the society's `demand`
DEMANDED_ELSEWHERE: Final[tuple[str, ...]] = ("loan", "job")
WANTED: Final[tuple[str, ...]] = tuple(gate for gate in GATES if gate not in DEMANDED_ELSEWHERE)

# where the month keeps points
ACCOUNTS: Final[tuple[str, ...]] = ("credit", "conduct")

FACTORS: Final[tuple[str, ...]] = ("credit_history", "capacity", "identity", "behaviour", "ties")
TOPICS: Final[tuple[str, ...]] = ("everyday", "policy", "forbidden", "call to gather")

AGE_BANDS: Final[tuple[str, ...]] = ("18-29", "30-44", "45-59", "60 and over")
BY_AGE: Final = f"age band ({', '.join(AGE_BANDS)})"

EDUCATIONS: Final[tuple[str, ...]] = ("primary or less", "junior secondary", "senior secondary", "college")
AGE_GROUPS: Final[tuple[str, ...]] = ("0-4", *(f"{age}-{age + 4}" for age in range(5, 100, 5)), "100+")

# what a list of figures runs over -> how many figures it has; 0: any number
BY: Final[dict[str, int]] = {
    "income decile": 10,
    "education": 4,
    "topic": len(TOPICS),
    "kind of tie": 5,
    "beta parameters": 2,
    BY_AGE: len(AGE_BANDS),
    "people of a household (1, 2, 3, 4, 5, 6 and more)": 6,
    "region": 0,
    "region, age and sex": 0,
}

# sources that need no entry in `sources:`
OWN_SOURCES: Final[tuple[str, ...]] = ("assumed", "calibrated", "set by hand")
