"""Peers: what one's living ties give a person for last month, and its fading mean, where everyone rates everyone.

A tie gives 0 for disorder, the full scale for a good deed, otherwise where the score starts; more by `likeness` if
both said the same, less by `retaliation` if the person criticised. Deeds and speech are last month's. The person's rule
finds it: nobody writes in another's row. Ties who said the same give the same, so the mean over ties is exact.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint8, uint16, uint64

from sincerity.month.gates import ACT
from sincerity.people.columns import DID_GOOD, DISORDER, ENROLLED, SPOKE_AGAINST, SPOKE_FOR
from sincerity.people.functions import rounded
from sincerity.people.kernel import kernel

GOOD_DEEDS = sum(1 << ACT[a] for a in ("volunteering", "blood_donation", "charity", "award"))
STEPS = 254


@kernel
def peers(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Word 0: rounding. Until somebody rates a person, `rating` is 0 and the mean stands where the score starts."""
    if tables.peers <= float32(0.0) or tables.scored == 0:
        return
    zero, one = float32(0.0), float32(1.0)
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        shown = int64((people.board[i] >> uint64(16)) & uint64(0xFFFF))
        company = int64(people.company[q])
        if flags & ENROLLED and company > 0:
            alike = int64(0)
            given = tables.rating_start
            if shown & DISORDER:
                given = zero
            elif flags & DID_GOOD:
                given = one
            if shown & SPOKE_AGAINST:
                given -= tables.retaliation
                alike = int64(people.friends_against[q])
            elif shown & SPOKE_FOR:
                alike = int64(people.friends_for[q])
            plain = min(max(given, zero), one)
            like = min(max(given + tables.likeness, zero), one)
            mean = (float32(alike) * like + float32(company - alike) * plain) / float32(company)
            was = tables.rating_start
            if people.rating[i] > 0:
                was = float32(int64(people.rating[i]) - 1) * float32(1.0 / STEPS)
            now = was + (one - tables.rating_kept) * (mean - was)
            people.rating[i] = uint8(1 + min(max(rounded(now * float32(STEPS), luck[0, q]), 0), STEPS))
        did_good = int64(people.acts[q]) & GOOD_DEEDS
        people.flags[i] = uint16((flags & ~DID_GOOD) | (DID_GOOD if did_good else 0))
