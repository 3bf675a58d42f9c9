"""The numbers of the gates, in the order of the vocabulary, as the rules use them."""

from __future__ import annotations

from sincerity.declare.vocabulary import ACTS, GATES

GATE = {name: number for number, name in enumerate(GATES)}
FLIGHT, FAST_TRAIN, LOAN, MORTGAGE, JOB = (GATE[g] for g in ("flight", "fast_train", "loan", "mortgage", "job"))
PUBLIC_POST, COMPANY_OFFICE = GATE["public_post"], GATE["company_office"]
SCHOOL, DATING, FLAT = GATE["school"], GATE["dating"], GATE["flat"]
SEATS = (1 << FLIGHT) | (1 << FAST_TRAIN)
LOANS = (1 << LOAN) | (1 << MORTGAGE)
BENEFITS = tuple(GATE[g] for g in ("deposit_free", "visa", "heating"))
"""What ordinary law gives nobody: deposits waived, papers spared for a visa, a rebate. To pass is a privilege."""
JOBS = (1 << JOB) | (1 << PUBLIC_POST) | (1 << COMPANY_OFFICE)

ACT = {name: number for number, name in enumerate(ACTS)}
OFFENCES = sum(
    1 << ACT[a]
    for a in (
        *("tax_evasion", "contract_breach", "fraud", "counterfeit"),
        *("traffic_offence", "fare_dodging", "disorder", "public_offence", "serious_offence"),
    )
)
"""Acts against the law, seen or not."""
