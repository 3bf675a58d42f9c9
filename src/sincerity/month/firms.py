"""Firms: cash, wages paid late, taxes, product faults, an own score and list.

A firm's rule gathers its members' board: those out of work do not earn for it. Wages come late where cash is out; its
members' savings feel that next month. A listed firm loses trade and lays off. Where the region pays late, its firms
wait for money. A firm is listed for its score, or for a term for what it did; the listing of who leads it can cost it
points.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int16, int64, uint8, uint32, uint64

from sincerity.month.livelihood import FAULTY, FIRM_LISTED, NO_CASH, WAGES_LATE
from sincerity.people.columns import OUT_OF_WORK, OWN_LISTED
from sincerity.people.draws import mix
from sincerity.people.firms import first_of, member
from sincerity.people.functions import rounded
from sincerity.people.kernel import kernel


@kernel
def firms(lo: int, hi: int, firm: Any, tables: Any, luck: Any) -> None:
    """Over firms lo … hi - 1. Words: 0 trade, 1 late wages, 2 faults and taxes, 3 rounding.

    cash: 1/64 month of the wage bill; points: the firm's account, 1/16 point; flags as shown to members; term: months
    left on the list.
    """
    places = tables.workplaces
    for q in range(hi - lo):
        f = lo + q
        area, place, size, end = first_of(int64(f), places)
        region = places.region_of_area[area]
        idle, seat = int64(0), int64(0)
        led_by_listed = False
        while seat < size:  # area by area
            first, many = seat, min(end - place, size - seat)
            for k in range(many):
                flags = int64((firm.board[member(area, place + k, places)] >> uint64(16)) & uint64(0xFFFF))
                idle += (flags & OUT_OF_WORK) != 0
                led_by_listed |= first + k == int64(places.leader[f]) and (flags & OWN_LISTED) != 0
            seat += many
            area, place = area + int64(1), int64(0)
        was = int64(firm.flags[f])
        noise = (float32(luck[0, q] & uint32(0xFFFF)) + float32(luck[0, q] >> uint32(16))) * float32(1.0 / 65536.0)
        working = float32(size - idle) / float32(size)
        trade = working * (tables.firm_margin + tables.firm_noise * (noise - float32(1.0)))
        if was & FIRM_LISTED:
            trade -= tables.loses_trade
        if tables.region_late[region] != 0:
            trade -= tables.public_trade
        cash = float32(firm.cash[f]) + trade * float32(64.0)
        cash = min(cash, tables.firm_cash_most * float32(64.0))
        flags = int64(0)
        if cash < float32(0.0):
            flags |= NO_CASH
            if uint64(luck[1, q]) < tables.late_wage:
                flags |= WAGES_LATE
                cash = cash + tables.held_back * float32(64.0)
        firm.cash[f] = int16(max(rounded(cash, luck[3, q]), -640))
        faults = uint64(luck[2, q]) < tables.fault
        flags |= FAULTY if faults else 0
        if tables.firms_rated != 0:
            evades = uint64(mix(luck[2, q])) < tables.firm_evades
            events = float32(0.0)
            events -= tables.firm_fault_points if faults else float32(0.0)
            events -= tables.firm_tax_points if evades else float32(0.0)
            events -= tables.firm_wage_points if flags & WAGES_LATE else float32(0.0)
            events -= tables.firm_owner_points if led_by_listed else float32(0.0)
            points = float32(firm.points[f]) * tables.credit_retained + events * float32(16.0)
            firm.points[f] = int16(max(rounded(points, luck[3, q] >> uint32(16)), -32767))
            term = max(int64(firm.term[f]) - 1, int64(0))
            caught = faults and uint64(mix(luck[2, q] ^ uint32(1))) < tables.firm_led[0]
            caught |= evades and uint64(mix(luck[2, q] ^ uint32(2))) < tables.firm_led[1]
            caught |= (flags & WAGES_LATE) != 0 and uint64(mix(luck[1, q] ^ uint32(3))) < tables.firm_led[2]
            if caught:
                term = int64(tables.firm_term)
            firm.term[f] = uint8(term)
            if term > 0 or float32(firm.points[f]) * float32(1.0 / 16.0) < tables.firm_listed_below:
                flags |= FIRM_LISTED
        firm.flags[f] = uint8(flags)
