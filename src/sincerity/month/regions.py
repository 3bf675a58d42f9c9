"""Regions: relief for those on the roll, and a government that pays its firms late or on time.

The region's rule adds up its people's board: out of work, on a list, scored, and their scores. Its office sees the roll
there: those in need, or whom the regime takes for such. Its budget is so much
an adult a month, shared out among them. Where governments are rated, the government is a legal person: months of late
payment cost it points or lead onto a list, where it pays more promptly and has less or more to give, as declared.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int16, int64, uint8, uint32, uint64

from sincerity.people.columns import ENROLLED, IN_NEED, LISTED, OUT_OF_WORK
from sincerity.people.draws import mix
from sincerity.people.functions import rounded
from sincerity.people.kernel import kernel


@kernel
def regions(lo: int, hi: int, region: Any, tables: Any, luck: Any) -> None:
    """Over regions lo … hi - 1. Word 0: whether the government pays late this month; stirred: listing, rounding.

    Totals of what the board showed: needy, out_of_work, on_list, scored (people), score (1/32 point, of the scored).
    relief: what each of the needy gets; points: the government's account, 1/16 point; term: months left on the list.
    """
    for q in range(hi - lo):
        r = lo + q
        needy = out_of_work = on_list = scored = total = int64(0)
        first, last = int64(tables.region_first[r]), int64(tables.region_first[r + 1])
        for person in range(first, last):
            shown = region.board[person]
            flags, score = int64((shown >> uint64(16)) & uint64(0xFFFF)), int64(shown & uint64(0xFFFF))
            needy += (flags & IN_NEED) != 0
            out_of_work += (flags & OUT_OF_WORK) != 0
            on_list += (flags & LISTED) != 0
            if flags & ENROLLED:
                scored += score > 0
                total += score
        region.needy[r], region.out_of_work[r], region.on_list[r] = needy, out_of_work, on_list
        region.scored[r], region.score[r] = scored, total
        budget = tables.relief * float32(last - first)
        pays_late = float64(tables.pays_late)
        if tables.governments_rated != 0 and region.listed[r] != 0:
            budget *= tables.listed_relief
            pays_late *= float64(tables.listed_pays_late)
        region.relief[r] = min(budget / float32(max(needy, 1)), float32(1.0))
        late = float64(luck[0, q]) < pays_late
        region.late[r] = uint8(late)
        if tables.governments_rated != 0:
            word = mix(luck[0, q])
            lost = tables.government_points * float32(16.0) if late else float32(0.0)
            points = rounded(float32(region.points[r]) * tables.credit_retained + lost, word)
            region.points[r] = int16(max(points, -32767))
            term = max(int64(region.term[r]) - 1, int64(0))
            if late and uint64(mix(word ^ uint32(1))) < tables.government_led:
                term = int64(tables.government_term)
            region.term[r] = uint8(term)
            low = float32(region.points[r]) * float32(1.0 / 16.0) < tables.government_listed_below
            region.listed[r] = uint8((low or term > 0) and tables.governments_exempt == 0)
