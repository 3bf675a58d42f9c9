"""Speech by thresholds: people say what they think once enough of those who speak to them say it too.

In the usual month an option is chosen by its utility and luck. Here nobody weighs anything: as in Granovetter 1978
(American Journal of Sociology 83) and Kuran 1991 (World Politics 44), a critic criticises iff the share of speaking
ties that criticise is at least his or her own threshold, and says the opposite iff the share that praises is at least
another. The thresholds are fixed but for what one has learnt to fear, and for the points that are at stake.

    from speech_by_thresholds import SCHEDULE
    sc.compare(["none", "citizen-score"], people="20k", schedule=SCHEDULE)
"""

from __future__ import annotations

from typing import Any

from numba import float32, int64, uint8, uint16, uint32, uint64

from sincerity.month.speech import CRITICAL_POST, EVERYDAY, PRAISE_POST
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
from sincerity.rules import Schedule, inline, kernel, mix, rule

AT_STAKE = 1.0
"""What a month of essential spending at stake moves a threshold by, as a share of the company (assumed; 0.25 to 4)."""


@inline
def says(x: Any, speak: Any, lie: Any, praise: Any, blame: Any) -> Any:
    """What somebody of view x says; speak, lie: thresholds; praise, blame: shares of the speaking ties."""
    if x > float32(0.0):
        return int64(PRAISED) if praise >= speak else int64(SILENT)
    if blame >= speak:
        return int64(CRITICISED)
    return int64(PRAISED_UNMEANT) if praise >= lie else int64(SILENT)


@kernel
def speech(lo: int, hi: int, people: Any, tables: Any, luck: Any) -> None:
    """Words as in the usual rule: 0 occasion, 1 topic, 5 punished under ordinary law, 6 under the regime."""
    for q in range(hi - lo):
        i = lo + q
        flags = int64(people.flags[i]) & ~(SPOKE_FOR | SPOKE_AGAINST | PUNISHED)
        said, said_free, topic = int64(NO_OCCASION), int64(NO_OCCASION), int64(0)
        if uint64(luck[0, q]) < uint64(tables.occasion * tables.sociability[people.sociability[q]]):
            while topic < 3 and uint64(luck[1, q]) >= tables.topics[topic]:
                topic += 1
        if topic > EVERYDAY:
            x = float32(people.outlook[i])
            speaking = max(float32(people.friends_for[q]) + float32(people.friends_against[q]), float32(1.0))
            praise = float32(people.friends_for[q]) / speaking
            blame = float32(people.friends_against[q]) / speaking
            upright = float32(people.integrity[q]) * float32(1.0 / 255.0)
            speak, lie = float32(1.0) - upright, upright  # the most upright need nobody to speak, and all to lie
            if x < float32(0.0):
                speak += float32(people.fear[i]) * float32(1.0 / 255.0)
            said = said_free = says(x, speak, lie, praise, blame)
            if tables.scored != 0 and flags & ENROLLED and flags & AWARE:
                points = float32(people.score[i]) * float32(1.0 / 32.0)
                decile = people.decile[q]
                gain = stake(tables.worth, decile, points, tables.praise_points, tables.lowest, tables.step)
                loss = -stake(tables.worth, decile, points, tables.critical_points, tables.lowest, tables.step)
                lie -= float32(AT_STAKE) * gain
                speak += float32(AT_STAKE) * (loss if x < float32(0.0) else -gain)
                said = says(x, speak, lie, praise, blame)
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
        people.called[q] = people.apology[q] = people.rumour[q] = uint8(0)  # there are none here


SPEECH = rule(
    "speech",  # its name gives its luck: the same occasions and topics as in the usual month
    speech,
    "decile sociability integrity outlook fear score friends_for friends_against",
    "flags acts topic said said_free called apology rumour",
    7,
)
SCHEDULE = Schedule().replace("speech", SPEECH)
