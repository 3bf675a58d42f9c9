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
    ALARMED,
    AWARE,
    CRITICISED,
    ENROLLED,
    MISTAKEN,
    PUNISHED,
    SANCTIONED,
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
    """Whether what the regime's refusals cost (no mere privilege) is far more than the harm that stands against one.

    Who is neither scored nor on a list is refused for being outside, which sanctions nothing.
    """
    if (people.flags[i] & ENROLLED) == 0 and people.lists[i] == 0:
        return False
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
def notice(
    n: int, tables: Any, sanctioned: Any, tried: Any, refused: Any, seen: Any, word: Any, ever: Any, flags: Any
) -> None:
    """Who becomes aware: told by a campaign, by ties who were sanctioned, by a privilege of one's own, or by notice of
    a record; who was ever punished for a post; and in whose mind a punishment, one's own or a tie's, is fresh.
    """
    there, given, bad = tables.in_force != 0, uint16(tables.given), uint32(tables.bad_acts)
    for q in range(n):
        punished = (flags[q] & PUNISHED) != 0
        ever[q] |= uint8(PUNISHED_EVER if punished else 0)
        calm = uint64(mix(word[q] ^ uint32(0x1D872B41))) < tables.alarm_fades
        ever[q] = ever[q] & uint8(255 - ALARMED) if calm else ever[q]
        told = uint64(word[q]) < tables.campaign
        through_ties = uint64(mix(word[q])) < tables.aware_ties * uint64(sanctioned[q])
        alarmed = through_ties | ((flags[q] & uint16(SANCTIONED | PUNISHED)) != 0)
        ever[q] |= uint8(ALARMED if alarmed else 0)
        gained = (tried[q] & ~refused[q] & given) != 0
        notified = ((seen[q] & bad) != 0) & (uint64(mix(word[q] ^ uint32(0x7FEB352D))) < tables.notice)
        flags[q] |= uint16(AWARE if there & (told | through_ties | gained | notified) else 0)


@kernel
def fear_more(n: int, tables: Any, flags: Any, said: Any, against: Any, told: Any, luck: Any, fears: Any) -> None:
    """Fear after the posts seen, those punished of them (`told`: of one's ties), publicity and a campaign."""
    none, one, half = float32(0.0), float32(1.0), float32(0.5)
    campaigns = tables.campaigns != 0
    for q in range(n):
        fear = float32(fears[q]) * float32(1.0 / 255.0)
        mine = tables.own_weight if said[q] == CRITICISED else none
        seen = mine + half * float32(against[q])
        bad = (tables.own_weight if (flags[q] & PUNISHED) != 0 else none) + half * float32(told[q])
        change = tables.fear_of_punishment * bad * (one - fear) - max(seen - bad, none) * fear
        fear += tables.fear_rate * change - tables.fear_fades * (fear - tables.fear_background)
        fear += tables.publicity * tables.gazette[1] * (one - fear)
        reached = campaigns & (uint64(luck[0, q]) < tables.campaign)
        fear = fear + tables.campaign_fear * (one - fear) if reached else fear
        fears[q] = uint8(min(max(rounded(fear * float32(255.0), luck[1, q]), 0), 255))


@kernel
def view_anew(
    n: int, tables: Any, opinion: Any, praise: Any, blame: Any, hurt: Any, flags: Any, score: Any, luck: Any, views: Any
) -> None:
    """The view, pulled back to the first opinion and to what is heard, moved by what one met (`hurt`: unjustly)."""
    campaigns = tables.campaigns != 0
    for q in range(n):
        view = float32(views[q]) * float32(1.0 / 32767.0)
        praised, blamed = float32(praise[q]), float32(blame[q])
        spoke = praised + blamed
        heard = (praised - blamed) / spoke if spoke > float32(0.0) else view
        anchor = float32(opinion[q]) * float32(1.0 / 32767.0)
        target = tables.view_anchor * anchor + (float32(1.0) - tables.view_anchor) * heard
        view += tables.view_rate * (target - view)
        view = view - tables.view_unjust if hurt[q] != 0 else view
        privileged = ((flags[q] & ENROLLED) != 0) & (int64(score[q]) >= tables.privileged)
        view = view + tables.view_privilege if privileged else view
        view += tables.view_order * tables.gazette[2]
        reached = campaigns & (uint64(luck[0, q]) < tables.campaign)
        believed = reached & (uint64(mix(luck[0, q] ^ uint32(0x6C078965))) < tables.campaign_believed)
        view = view + tables.campaign_view * (float32(1.0) - view) if believed else view
        views[q] = int16(min(max(rounded(view * float32(32767.0), luck[2, q]), -32767), 32767))


@kernel
def learning(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 awareness, 1 rounding of fear, 2 rounding of the view."""
    n, p = hi - lo, people
    flags, score, fear, outlook = p.flags[lo:hi], p.score[lo:hi], p.fear[lo:hi], p.outlook[lo:hi]
    notice(n, tables, p.friends_sanctioned, p.tried, p.refused, p.seen, luck[0], p.ever[lo:hi], flags)
    for q in range(n):
        p.near[q] = p.friends_punished[q]
    if tables.hides_reasons != 0:
        for q in range(n):
            p.near[q] = uint8(known_punished(tables, p.friends_punished[q], luck[1, q]))
    fear_more(n, tables, flags, p.said, p.friends_against, p.near, luck, fear)
    for q in range(n):
        unjust = (p.refused_regime[q] & (p.refused_clean[q] | p.refused_unable[q])) != 0
        p.near[q] = uint8(unjust | (((flags[q] & MISTAKEN) != 0) & (p.entered[q] != 0)))
        p.unproportional[q] = uint8(0)
        if p.refused_regime[q] != 0 and out_of_proportion(people, tables, lo + q, q):
            p.near[q] = uint8(1)
            p.unproportional[q] = uint8(1)
    view_anew(n, tables, p.opinion, p.friends_for, p.friends_against, p.near, flags, score, luck, outlook)
