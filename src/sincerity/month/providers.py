"""Providers: private scorers, what they see of their customers, how they score them, what they close and pool.

A provider sees its own customers, through the channels that it taps and that they use. A customer of one that takes
in all has a score at once; otherwise he or she considers joining now and then, and joins if peers + what the gates are
worth - privacy + noise > 0. A score takes up points and drifts back to where its members of that income start. Where
several providers keep a gate, one that lets a person in is enough. A false match writes somebody else's act on a
member; as many true ones go unrecorded, and the score drifts back from it as from any record. On pooling, records of
one reach the others, all see whom one sees, and the mean of a person's scores stands at every gate.
"""

from __future__ import annotations

from typing import Any

from numba import float32, float64, int16, int64, uint8, uint16, uint32, uint64

from sincerity.month.obligations import PAY_LATE
from sincerity.month.provider_tables import PAID, POINTS, RECORDS, STEPS
from sincerity.people.bits import lowest, place
from sincerity.people.columns import AWARE, LOAN_PAID, MEMBER
from sincerity.people.draws import mix
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel
from sincerity.people.ties import SLOTS, whom

GOLDEN, SILVER = 0x9E3779B9, 0x85EBCA6B
PAID_BIT = 1 << PAID
ACTS_BITS = PAID_BIT - 1
SHOWN_MEMBER = 16 + MEMBER.bit_length() - 1
"""Where the board shows that somebody is a member."""


@inline
def is_customer(tables: Any, p: Any, i: Any, used: Any) -> Any:
    """Whether a provider that has begun counts this person, who uses these channels, among its customers."""
    if tables.provider_begun[p] == 0 or used & int64(tables.provider_uses[p]) == 0:
        return False
    return uint64(mix(uint32(i) ^ uint32(tables.provider_key[p]))) < tables.provider_share[p]


@inline
def recorded(tables: Any, p: Any, acts: Any, used: Any, word: Any) -> Any:
    """Of these acts of a customer, those that a provider has in its own files."""
    found = int64(0)
    left = acts & int64(tables.provider_sees[p])
    while left != 0:
        bit = lowest(left)
        left ^= bit
        act = place(bit)
        missed = 1.0
        shown = used & int64(tables.provider_shows[p, act])
        while shown != 0:
            channel = lowest(shown)
            shown ^= channel
            missed *= 1.0 - tables.provider_sight[p, place(channel)]
        if tables.provider_gained[p, act] < float32(0.0):  # some are written on somebody else
            missed = 1.0 - (1.0 - missed) * (1.0 - float64(tables.gazette[5]))
        luck = mix(word ^ (uint32(act + 1) * uint32(GOLDEN)) ^ (uint32(p + 1) * uint32(SILVER)))
        if float64(luck) < (1.0 - missed) * 4294967296.0:
            found |= bit
    return found


@inline
def misrecorded(tables: Any, p: Any, acts: Any, minority: Any, word: Any) -> Any:
    """Somebody else's act, by its bit, that a provider writes on a member this month who did not do it; or 0."""
    last = tables.private_wrong.shape[1] - 1
    many = tables.private_minority[minority]
    drawn = float64(word) * (1.0 / 4294967296.0)
    if drawn >= tables.private_wrong[p, last] * many:
        return int64(0)
    act = 0
    while drawn >= tables.private_wrong[p, act] * many:
        act += 1
    return (int64(1) << act) & ~acts


@inline
def handed_on(tables: Any, records: Any, word: Any) -> Any:
    """Of the records of all providers, those that reach the others."""
    found = int64(0)
    left = records
    while left != 0:
        bit = lowest(left)
        left ^= bit
        if uint64(mix(word ^ (uint32(place(bit) + 1) * uint32(GOLDEN)))) < tables.pool_share:
            found |= bit
    return found


@inline
def joins(people: Any, tables: Any, p: Any, i: Any, q: Any, word: Any, noise: Any) -> Any:
    """Whether a customer of a provider that one joins by choice does so this month."""
    if uint64(mix(word ^ (uint32(p + 1) * uint32(SILVER)))) >= tables.provider_considers[p]:
        return False
    members = int64(0)
    for slot in range(SLOTS):
        if (int64(people.alive[q]) >> slot) & 1:
            contact = whom(people.ties, i - q, q, slot, people.sociability[q])
            members += int64((people.board[contact] >> uint64(SHOWN_MEMBER)) & uint64(1))
    gain = tables.provider_peers[p] * float32(members) / float32(max(int64(people.company[q]), 1))
    gain += tables.provider_benefits[p, people.decile[q]] - tables.provider_privacy[p]
    stirred = mix(noise ^ (uint32(p + 1) * uint32(SILVER)))
    chance = float32(stirred >> uint32(8)) * float32(2.0**-23) - float32(1.0)
    return gain + chance * tables.provider_noise[p] > float32(0.0)


@inline
def credited(account: Any, points: Any, word: Any) -> Any:
    """An account (1/16 point) after points."""
    return int16(min(max(rounded(float32(account) + points * float32(16.0), word), -32767), 32767))


@inline
def shut(tables: Any, people: Any, i: Any, published: Any, exempt: Any) -> Any:
    """The gates that providers keep and at which none of them lets the person in. published: a score of all, or -1."""
    kept = opened = int64(0)
    for p in range(tables.provider_gates.shape[0]):
        left = int64(tables.provider_gates[p])
        kept |= left
        byte = int64(people.private_scores[p, i])
        stands = float32(byte - 1) if published < float32(0.0) else published
        while left != 0:
            bit = lowest(left)
            left ^= bit
            if stands >= float32(0.0):
                passes = stands >= tables.provider_cut[p, place(bit)]
            else:
                passes = exempt or (int64(tables.provider_refuses[p]) & bit) == 0
            opened |= bit if passes else int64(0)
    return kept & ~opened


@kernel
def providers(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 what is seen, 1 who considers joining, 2 the noise of that choice, 3 rounding and what is handed on."""
    if tables.providers == 0:
        return
    many = tables.provider_begun.shape[0]
    for q in range(hi - lo):
        i = lo + q
        wrong_by = bad = int64(0)
        flags = int64(people.flags[i])
        used = int64(people.channels[q])
        exempt = tables.officials_exempt != 0 and people.official[q] != 0
        decile = people.decile[q]
        acts = int64(people.acts[q])
        if people.loan[i] == LOAN_PAID and (acts & PAY_LATE) == 0:
            acts |= PAID_BIT
        watching = known = through = customers = int64(0)
        state_told = (used & int64(tables.state_channels)) != 0
        told_more = False
        for p in range(many):
            if is_customer(tables, p, i, used):
                watching += 1
                customers |= int64(1) << p
                through |= used & int64(tables.provider_channels[p])
                told_more |= tables.provider_shares[p] == RECORDS
                if tables.pooled != 0:
                    known |= recorded(tables, p, acts, used, luck[0, q])
        known = handed_on(tables, known, luck[3, q])

        members = total = int64(0)
        for p in range(many):
            customer = (customers >> p) & 1 != 0
            own = recorded(tables, p, acts, used, luck[0, q]) if customer else int64(0)
            if tables.provider_shares[p] == RECORDS:
                people.seen[q] |= uint32(own & ACTS_BITS)
            byte = int64(people.private_scores[p, i])
            usual = tables.provider_usual[p, decile]
            word = mix(luck[3, q] ^ (uint32(p + 1) * uint32(SILVER)))
            if byte > 0:
                gained = float32(0.0)
                left = own | known
                while left != 0:
                    bit = lowest(left)
                    left ^= bit
                    one = tables.provider_gained[p, place(bit)]
                    gained += one
                    bad += one < float32(0.0)
                if tables.provider_shares[p] == POINTS and gained != float32(0.0):
                    points = gained * tables.provider_step[p]
                    if tables.provider_on_conduct[p] != 0:
                        people.conduct[i] = credited(people.conduct[i], points, word)
                    else:
                        people.credit[i] = credited(people.credit[i], points, word)
                stirred = mix(luck[0, q] ^ (uint32(p + 1) * uint32(SILVER)))
                wrong = misrecorded(tables, p, acts, people.minority[q], stirred)
                if wrong != 0:
                    gained += tables.provider_gained[p, place(wrong)]
                    wrong_by |= int64(1) << p
                now = usual + (float32(byte - 1) - usual) * tables.provider_kept[p] + gained
                byte = 1 + min(max(rounded(now, word), 0), STEPS)
            elif customer and tables.provider_scores[p] != 0 and not exempt:
                if tables.provider_chosen[p] == 0:
                    byte = 1 + int64(usual)
                elif joins(people, tables, p, i, q, luck[1, q], luck[2, q]):
                    byte = 1 + int64(usual)
                    flags |= AWARE
            people.private_scores[p, i] = uint8(byte)
            if byte > 0:
                members += 1
                total += byte - 1
        mean = float32(total) / float32(max(members, 1))
        if tables.pool_begins != 0 and members > 0:
            start = tables.pool_shift + mean * tables.pool_scale
            if tables.pool_on_conduct != 0:
                people.conduct[i] = credited(int16(0), start, luck[3, q])
            else:
                people.credit[i] = credited(int16(0), start, luck[3, q])
        published = mean if tables.pooled != 0 and members > 0 else float32(-1.0)
        people.closed_by_providers[q] = uint16(shut(tables, people, i, published, exempt))
        if tables.pooled != 0 and watching > 0:
            watching = int64(tables.providers)
        people.private_false[q], people.private_bad[q] = uint8(wrong_by), uint8(min(bad, 255))
        people.seen_through[q] = uint16(through)
        people.watchers[q] = uint8(watching + int64(told_more and not state_told))
        people.flags[i] = uint16((flags | MEMBER) if members > 0 else (flags & ~MEMBER))
