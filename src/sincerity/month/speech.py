"""Speech: whether to say what one thinks. A valence, never a text.

An occasion and its topic come from traits and luck alone. Choice = argmax(U / noise + Gumbel), one word an option, so
that an option that gains can only be joined, never left. Hence self-censorship, preference falsification and cascades
(Granovetter 1978, Noelle-Neumann 1974, Kuran 1995).
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint8, uint16, uint32, uint64

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

CRITICAL_POST, PRAISE_POST = 1 << ACT["critical_post"], 1 << ACT["praise_post"]
EVERYDAY = 0


@inline
def sincere_utility(tables: Any, x: Any, company: Any, gain: Any, loss: Any, fear: Any) -> Any:
    """U(say what one thinks); `company` = (agreeing - disagreeing ties) / (speaking ties + 1)."""
    utility = tables.sincerity * abs(x) + tables.company_weight * company - tables.cost_sincere
    return utility + gain if x > float32(0.0) else utility - fear * loss


@inline
def choice(tables: Any, x: Any, sincere: Any, praise: Any, word0: Any, word1: Any, word2: Any) -> Any:
    """The option of the greatest utility: CRITICISED or PRAISED (sincere), PRAISED_UNMEANT (x < 0 only), SILENT."""
    silent = gumbel(tables.gumbel, word0)
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


@kernel
def speech(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words: 0 occasion, 1 topic, 2-4 the three options, 5 punished under ordinary law, 6 punished under the regime."""
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i]) & ~(SPOKE_FOR | SPOKE_AGAINST | PUNISHED)
        said = int64(NO_OCCASION)
        said_free = int64(NO_OCCASION)
        topic = int64(0)
        if uint64(luck[0, q]) < uint64(tables.occasion * tables.sociability[people.sociability[q]]):
            while topic < 3 and uint64(luck[1, q]) >= tables.topics[topic]:
                topic += 1
        if topic > EVERYDAY:
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
            said_free = choice(tables, x, sincere, -lie - tables.cost_praise, luck[2, q], luck[3, q], luck[4, q])
            said = said_free
            if tables.scored != 0 and flags & ENROLLED and flags & AWARE:
                points = float32(people.score[i]) * float32(1.0 / 32.0)
                decile = people.decile[q]
                gain = stake(tables.worth, decile, points, tables.praise_points, tables.lowest, tables.step)
                loss = -stake(tables.worth, decile, points, tables.critical_points, tables.lowest, tables.step)
                sincere = sincere_utility(tables, x, company, gain, risk + tables.loss_weight * loss, fear)
                praise = gain - lie - tables.cost_praise
                said = choice(tables, x, sincere, praise, luck[2, q], luck[3, q], luck[4, q])
            if said == CRITICISED:
                flags |= SPOKE_AGAINST
                if uint64(luck[5, q]) < tables.law_punishes[topic]:
                    flags |= PUNISHED
                if uint64(luck[6, q]) < tables.regime_punishes[topic]:
                    flags |= PUNISHED
                    people.acts[q] |= uint32(CRITICAL_POST)
            elif said != SILENT:
                flags |= SPOKE_FOR
                if uint64(mix(luck[6, q])) < tables.praise_counts:
                    people.acts[q] |= uint32(PRAISE_POST)
        people.flags[i] = uint16(flags)
        people.topic[q] = uint8(topic)
        people.said[q] = uint8(said)
        people.said_free[q] = uint8(said_free)
