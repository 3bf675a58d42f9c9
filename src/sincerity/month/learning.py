"""Learning: awareness, fear, and the private view.

fear <- fear + a [r n_p (1 - fear) - (n_s - n_p)+ fear] - d (fear - f0) + b (1 - fear): n_s posts seen, n_p of them
known to be punished, one's own with more weight, ties' with half; where a regime does not show for what somebody is
punished, only of ties who tell. b is publicity of the month's events: who is newly listed, or punished for speech. The
view is anchored on the first opinion (Friedkin and Johnsen 1990), pulled by what speaking ties say (where none spoke,
by nobody), down by sanctions felt as unjust (wrongful, dragged, for a debt that cannot be paid, or out of proportion:
Tyler 2006; art. 5 of China's Administrative Penalty Law asks for proportion), up by privileges and by disorder that
has fallen. One learns what a score does by one's own sanction, privilege or notice, a tie's sanction, or a campaign,
which where the regime says so also raises fear, and the view of those who believe it.
"""

from __future__ import annotations

from typing import Any

from numba import float32, int16, int64, uint8, uint16, uint32, uint64

from sincerity.month.standing import PUNISHED_EVER
from sincerity.people.bits import lowest, place
from sincerity.people.columns import (
    AWARE,
    CRITICISED,
    ENROLLED,
    MISTAKEN,
    PUNISHED,
)
from sincerity.people.draws import mix
from sincerity.people.functions import rounded
from sincerity.people.kernel import inline, kernel


@inline
def known_punished(tables: Any, ties: Any, word: Any) -> Any:
    """How many of the ties who were punished are known to be: all, or those who tell where reasons are not shown."""
    if tables.hides_reasons == 0:
        return int64(ties)
    known = int64(0)
    for tie in range(int64(ties)):
        known += uint64(mix(word ^ (uint32(tie + 1) * uint32(0x9E3779B9)))) < tables.tells
    return known


@inline
def out_of_proportion(people: Any, tables: Any, i: Any, q: Any) -> Any:
    """Whether what the regime's refusals cost (no mere privilege) is far more than the harm that stands against one."""
    lost = float32(0.0)
    left = int64(people.refused_regime[q])
    while left != 0:
        bit = lowest(left)
        left ^= bit
        lost += tables.gate_loss[place(bit)]
    harm = float32(people.owed[i]) * float32(1.0 / 8.0)
    if people.credit.size > 0:
        harm += max(-float32(people.credit[i]), float32(0.0)) * float32(1.0 / 16.0) * tables.credit_harm
        harm += max(-float32(people.conduct[i]), float32(0.0)) * float32(1.0 / 16.0) * tables.conduct_harm
    return lost > tables.view_proportion * harm


@kernel
def learning(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 awareness, 1 rounding of fear, 2 rounding of the view."""
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i])
        punished = (flags & PUNISHED) != 0
        if punished:
            people.ever[i] |= uint8(PUNISHED_EVER)
        said = int64(people.said[q])
        if (flags & AWARE) == 0 and tables.in_force != 0:
            told = uint64(luck[0, q]) < tables.campaign
            through_ties = uint64(mix(luck[0, q])) < tables.aware_ties * uint64(people.friends_sanctioned[q])
            gained = int64(people.tried[q]) & ~int64(people.refused[q]) & int64(tables.given)
            notified = (int64(people.seen[q]) & int64(tables.bad_acts)) != 0
            notified &= uint64(mix(luck[0, q] ^ uint32(0x7FEB352D))) < tables.notice
            if told or through_ties or gained != 0 or notified:
                flags |= AWARE

        fear = float32(people.fear[i]) * float32(1.0 / 255.0)
        mine = tables.own_weight if said == CRITICISED else float32(0.0)
        seen = mine + float32(0.5) * float32(people.friends_against[q])
        told = known_punished(tables, people.friends_punished[q], luck[1, q])
        bad = (tables.own_weight if punished else float32(0.0)) + float32(0.5) * float32(told)
        change = tables.fear_of_punishment * bad * (float32(1.0) - fear) - max(seen - bad, float32(0.0)) * fear
        fear += tables.fear_rate * change - tables.fear_fades * (fear - tables.fear_background)
        fear += tables.publicity * tables.gazette[1] * (float32(1.0) - fear)
        reached = tables.campaigns != 0 and uint64(luck[0, q]) < tables.campaign
        if reached:
            fear += tables.campaign_fear * (float32(1.0) - fear)
        people.fear[i] = uint8(min(max(rounded(fear * float32(255.0), luck[1, q]), 0), 255))

        view = float32(people.outlook[i]) * float32(1.0 / 32767.0)
        praised = float32(people.friends_for[q])
        blamed = float32(people.friends_against[q])
        heard = (praised - blamed) / (praised + blamed) if praised + blamed > float32(0.0) else view
        anchor = float32(people.opinion[q]) * float32(1.0 / 32767.0)
        target = tables.view_anchor * anchor + (float32(1.0) - tables.view_anchor) * heard
        view += tables.view_rate * (target - view)
        unjust = (people.refused_regime[q] & (people.refused_clean[q] | people.refused_unable[q])) != 0
        unproportional = people.refused_regime[q] != 0 and out_of_proportion(people, tables, i, q)
        people.unproportional[q] = uint8(unproportional)
        if unjust or unproportional or ((flags & MISTAKEN) and people.entered[q] != 0):
            view -= tables.view_unjust
        if flags & ENROLLED and int64(people.score[i]) >= tables.privileged:
            view += tables.view_privilege
        view += tables.view_order * tables.gazette[2]
        if reached and uint64(mix(luck[0, q] ^ uint32(0x6C078965))) < tables.campaign_believed:
            view += tables.campaign_view * (float32(1.0) - view)
        people.outlook[i] = int16(min(max(rounded(view * float32(32767.0), luck[2, q]), -32767), 32767))
        people.flags[i] = uint16(flags)
