"""Regions: relief for those in need, and a government that pays its firms late or on time.

The region's office sees need on the board. Its budget is so much an adult a month, shared out among those in need.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint8, uint64

from sincerity.people.columns import IN_NEED
from sincerity.people.kernel import kernel


@kernel
def regions(lo: int, hi: int, region: Any, tables: Any, luck: Any) -> None:
    """Over regions lo … hi - 1. Word 0: whether the government pays late this month."""
    for q in range(hi - lo):
        r = lo + q
        needy = int64(0)
        first, last = int64(tables.region_first[r]), int64(tables.region_first[r + 1])
        for person in range(first, last):
            flags = int64((region.board[person] >> uint64(16)) & uint64(0xFFFF))
            needy += (flags & IN_NEED) != 0
        region.needy[r] = needy
        budget = tables.relief * float32(last - first)
        region.relief[r] = min(budget / float32(max(needy, 1)), float32(1.0))
        region.late[r] = uint8(uint64(luck[0, q]) < tables.pays_late)
