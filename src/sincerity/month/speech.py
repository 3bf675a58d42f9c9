"""Speech: whether to say what one thinks. A valence, never a text.

An occasion and its topic come from traits and luck alone. Choice = argmax(U / noise + Gumbel), one word an option, so
that an option that gains can only be joined, never left. Hence self-censorship, preference falsification and cascades
(Granovetter 1978, Noelle-Neumann 1974, Kuran 1995). Where a campaign expects people to praise, silence has its price.

A rumour of a danger reaches people whatever they think, and nobody can tell a true one from a false one: to pass it on
is to speak on a forbidden matter (China's Public Security Administration Punishments Law, art. 25, and Criminal Law,
art. 291-1, punish the spreading of rumours). Who is to be punished by a regime that takes apologies may apologise,
sorry or not; an official judges it, about as well as people tell truths from lies (Bond and DePaulo 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, float64, int64, uint8, uint16, uint32, uint64
from numpy.typing import NDArray

from sincerity.month.gates import ACT
from sincerity.month.worth import stake
from sincerity.people.columns import (
    AWARE,
    CRITICISED,
    ENROLLED,
    NO_OCCASION,
    PRAISED,
    PRAISED_UNMEANT,
    PUNISHED,
    SILENT,
    SPOKE_AGAINST,
    SPOKE_FOR,
)
from sincerity.people.draws import mix
from sincerity.people.functions import gumbel
from sincerity.people.kernel import inline, kernel
from sincerity.people.seats import seats_of

CRITICAL_POST, PRAISE_POST = 1 << ACT["critical_post"], 1 << ACT["praise_post"]
EVERYDAY, POLICY, FORBIDDEN = range(3)
NO_APOLOGY, SORRY_SPARED, SORRY_PUNISHED, PRETENDED_SPARED, PRETENDED_PUNISHED = range(5)
HEARD, TRUE, PASSED_ON, PASSED_ON_FREE = 1, 2, 4, 8
"""Bits of `rumour`."""
EXPECTED, MISSED = 1, 2
"""Of `called`: to take part was expected; the scorer would notice who does not."""


@inline
def sincere_utility(tables: Any, x: Any, company: Any, gain: Any, loss: Any, fear: Any) -> Any:
    """U(say what one thinks); `company` = (agreeing - disagreeing ties) / (speaking ties + 1)."""
    utility = tables.sincerity * abs(x) + tables.company_weight * company - tables.cost_sincere
    return utility + gain if x > float32(0.0) else utility - fear * loss


@inline
def choice(tables: Any, x: Any, silence: Any, sincere: Any, praise: Any, word0: Any, word1: Any, word2: Any) -> Any:
    """The option of the greatest utility: CRITICISED or PRAISED (sincere), PRAISED_UNMEANT (x < 0 only), SILENT."""
    silent = silence * tables.inverse_noise + gumbel(tables.gumbel, word0)
    u1 = sincere * tables.inverse_noise + gumbel(tables.gumbel, word1)
    u2 = praise * tables.inverse_noise + gumbel(tables.gumbel, word2)
    said = int64(SILENT)
    best = silent
    if u1 > best:
        best = u1
        said = int64(PRAISED) if x > float32(0.0) else int64(CRITICISED)
    if x < float32(0.0) and u2 > best:
        said = int64(PRAISED_UNMEANT)
    return said


@inline
def apology(tables: Any, x: Any, risk: Any, loss: Any, lie: Any, word: Any) -> Any:
    """What becomes of somebody's apology: sorry the likelier, the weaker the view; pretended for what it may spare."""
    judged = uint64(mix(word ^ uint32(1)))
    if uint64(mix(word)) < uint64(float64(tables.regret) * (1.0 - float64(abs(x)))):
        return int64(SORRY_SPARED) if judged < tables.apology_believed else int64(SORRY_PUNISHED)
    gain = tables.apology_hope * (risk + tables.loss_weight * loss) - lie - tables.cost_praise
    pretends = gain * tables.inverse_noise + gumbel(tables.gumbel, mix(word ^ uint32(2)))
    if pretends <= gumbel(tables.gumbel, mix(word ^ uint32(3))):
        return int64(NO_APOLOGY)
    return int64(PRETENDED_SPARED) if judged < tables.apology_mistaken else int64(PRETENDED_PUNISHED)


@inline
def points_lost(people: Any, tables: Any, i: Any, q: Any, points: Any) -> Any:
    """W(s) - W(s + points) to somebody who is scored and knows it; else 0."""
    flags = int64(people.flags[i])
    if tables.scored == 0 or flags & ENROLLED == 0 or flags & AWARE == 0:
        return float32(0.0)
    held = float32(people.score[i]) * float32(1.0 / 32.0)
    return -stake(tables.worth, people.decile[q], held, points, tables.lowest, tables.step)


@inline
def punishes(people: Any, tables: Any, i: Any, q: Any, topic: Any, word: Any) -> Any:
    """Whether the regime punishes what somebody said on a topic, after an apology where it takes them."""
    if uint64(word) >= tables.regime_punishes[topic]:
        return False
    if tables.apologies == 0:
        return True
    x = float32(people.outlook[i]) * float32(1.0 / 32767.0)
    lie = tables.integrity[people.integrity[q]] * abs(x)
    loss = points_lost(people, tables, i, q, tables.critical_points)
    came = apology(tables, x, tables.topic_loss[topic], loss, lie, mix(word ^ uint32(0x2C1B3C6D)))
    people.apology[q] = uint8(came)
    return came != SORRY_SPARED and came != PRETENDED_SPARED


@kernel
def hear(n: int, tables: Any, sociability: Any, word: Any, heard: Any) -> None:
    """heard[q]: HEARD where a rumour reaches the person."""
    for q in range(n):
        reached = uint64(word[q]) < uint64(tables.rumour * tables.sociability[sociability[q]])
        heard[q] = uint8(HEARD) if reached else uint8(0)


@kernel
def rumours(lo: int, found: int, people: Any, tables: Any, word: NDArray[np.uint32]) -> None:
    """Whether a rumour is true, who passes it on, and who is punished for that, of those found in `candidates`; word,
    stirred.
    """
    for k in range(found):
        q = int64(people.candidates[k])
        i = lo + q
        heard = int64(HEARD)
        if uint64(mix(word[q] ^ uint32(1))) < tables.rumour_true:
            heard |= TRUE
        fear = float32(people.fear[i]) * float32(1.0 / 255.0)
        silent = gumbel(tables.gumbel, mix(word[q] ^ uint32(2)))
        noise = gumbel(tables.gumbel, mix(word[q] ^ uint32(3)))
        risk = tables.topic_loss[FORBIDDEN]
        loss = points_lost(people, tables, i, q, tables.critical_points)
        free = tables.rumour_care - tables.cost_sincere - fear * risk
        if free * tables.inverse_noise + noise > silent:
            heard |= PASSED_ON_FREE
        if (free - fear * tables.loss_weight * loss) * tables.inverse_noise + noise > silent:
            heard |= PASSED_ON
            flags = int64(people.flags[i])
            if uint64(mix(word[q] ^ uint32(4))) < tables.law_punishes[FORBIDDEN]:
                flags |= PUNISHED
            if punishes(people, tables, i, q, int64(FORBIDDEN), mix(word[q] ^ uint32(5))):
                flags |= PUNISHED
                people.acts[q] |= uint32(CRITICAL_POST)
            people.flags[i] = uint16(flags)
        people.rumour[q] = uint8(heard)


@kernel
def raise_topic(n: int, tables: Any, sociability: Any, luck: Any, topic: Any, flags: Any) -> None:
    """topic[q]: of an occasion to speak, if there is one; what was said last month is over."""
    for q in range(n):
        occasion = uint64(luck[0, q]) < uint64(tables.occasion * tables.sociability[sociability[q]])
        word = uint64(luck[1, q])
        number = (word >= tables.topics[0]) + (word >= tables.topics[1]) + (word >= tables.topics[2])
        topic[q] = uint8(number if occasion else 0)
        flags[q] &= ~uint16(SPOKE_FOR | SPOKE_AGAINST | PUNISHED)


@kernel
def speech(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 occasion, 1 topic, 2-4 the three options, 5 punished by law, 6 punished by the regime, 7 a rumour."""
    n = hi - lo
    raise_topic(n, tables, people.sociability, luck, people.topic, people.flags[lo:hi])
    for q in range(n):
        people.said[q] = people.said_free[q] = uint8(NO_OCCASION)
        people.called[q] = people.apology[q] = uint8(0)
    for k in range(seats_of(n, people.topic, people.candidates)):  # all topics but the everyday
        q = int64(people.candidates[k])
        i = lo + q
        flags = int64(people.flags[i])
        topic = int64(people.topic[q])
        x = float32(people.outlook[i]) * float32(1.0 / 32767.0)
        pro = float32(people.friends_for[q])
        con = float32(people.friends_against[q])
        company = (pro - con) / (pro + con + float32(1.0))
        if x < float32(0.0):
            company = -company
        fear = float32(people.fear[i]) * float32(1.0 / 255.0)
        risk = tables.topic_loss[topic]
        lie = tables.integrity[people.integrity[q]] * abs(x)
        sincere = sincere_utility(tables, x, company, float32(0.0), risk, fear)
        unmeant = -lie - tables.cost_praise
        said_free = choice(tables, x, float32(0.0), sincere, unmeant, luck[2, q], luck[3, q], luck[4, q])
        said = said_free
        if tables.scored != 0 and flags & ENROLLED and flags & AWARE:
            points = float32(people.score[i]) * float32(1.0 / 32.0)
            decile = people.decile[q]
            gain = stake(tables.worth, decile, points, tables.praise_points, tables.lowest, tables.step)
            loss = -stake(tables.worth, decile, points, tables.critical_points, tables.lowest, tables.step)
            sincere = sincere_utility(tables, x, company, gain, risk + tables.loss_weight * loss, fear)
            silence = float32(0.0)
            if topic == POLICY and uint64(mix(luck[1, q])) < tables.expects:
                noticed = uint64(mix(luck[1, q] ^ uint32(1))) < tables.heard
                people.called[q] = uint8(EXPECTED | MISSED if noticed else EXPECTED)
                silence = stake(tables.worth, decile, points, tables.silence_points, tables.lowest, tables.step)
            praise = gain + unmeant
            said = choice(tables, x, silence, sincere, praise, luck[2, q], luck[3, q], luck[4, q])
        if said == CRITICISED:
            flags |= SPOKE_AGAINST
            if uint64(luck[5, q]) < tables.law_punishes[topic]:
                flags |= PUNISHED
            if punishes(people, tables, i, q, topic, luck[6, q]):
                flags |= PUNISHED
                people.acts[q] |= uint32(CRITICAL_POST)
        elif said != SILENT:
            flags |= SPOKE_FOR
            if uint64(mix(luck[6, q])) < tables.praise_counts:
                people.acts[q] |= uint32(PRAISE_POST)
        people.flags[i] = uint16(flags)
        people.said[q] = uint8(said)
        people.said_free[q] = uint8(said_free)
    hear(n, tables, people.sociability, luck[7], people.rumour)
    rumours(lo, seats_of(n, people.rumour, people.candidates), people, tables, luck[7])
