"""Lives: what happened to one person in one world, as events with causes, from what each rule changed.

A step is what one rule did to one person in one month. An event is a step in words. Its cause comes from the month's
own columns, or from running the pure rule again with one input put otherwise: without which it would not have come.
Where no single input is such a one, it says *several causes together*. The score is taken apart in the same way: from
where everyone starts, what each input adds when it is let in, one after the other; the parts sum to the score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sincerity.census.waterfall import (
    ACCOUNT,
    ROUNDING,
    Part,
    Pull,
    Share,
    bits,
    cuts,
    pulls,
    score_steps,
    waterfall,
)
from sincerity.census.wording import DONE, TIES, WANTED, act, on_list, participle, signed, would_say
from sincerity.declare.dates import Month
from sincerity.declare.regime import Regime
from sincerity.declare.society import Society
from sincerity.declare.vocabulary import CAUSED, GATES, TOPICS
from sincerity.month import standing
from sincerity.month.enrolment import MANDATORY
from sincerity.month.gates import ACT, DATING, JOB, LOAN, OFFENCES
from sincerity.month.obligations import BILL_UNPAID, DEFAULT, EXIT_GARNISHED, EXIT_PAID, PAY_LATE
from sincerity.month.observation import APPEALED, CONDUCT_ACCOUNT
from sincerity.month.peers import GOOD_DEEDS
from sincerity.month.speech import HEARD, PASSED_ON, PRETENDED_SPARED, SORRY_PUNISHED, SORRY_SPARED, TRUE
from sincerity.month.tables import false_matches
from sincerity.people.columns import (
    AWARE,
    CRITICISED,
    ENROLLED,
    LOAN_PAID,
    MISTAKEN,
    NO_LOAN,
    NOT_SUED,
    OUT_OF_WORK,
    PARTNER,
    PRAISED_UNMEANT,
    PUNISHED,
    SILENT,
    SUED,
    UNWILLING,
)
from sincerity.people.ties import HOUSEHOLD, SLOTS

CENSUS = "census"
Row = dict[str, Any]
Without = list[tuple[str, Row, dict[str, Any]]]
TOGETHER = "several causes together"
DETAIL, EVENT, TURN = 1, 2, 3
"""How much an event weighs: in a full list only, in the time line, a turn of the life."""
STEEP = 3.0
"""Points by which a score must move in a month to be told without crossing anything."""


class Step(NamedTuple):
    """What one rule did to one person: month (0 is the run's first), world (its number), the columns before and after.

    again(inputs, **tables): the columns as the rule would have left them with these put otherwise.
    """

    month: int
    date: Month
    world: int
    person: int
    rule: str
    before: Row
    after: Row
    tables: Any
    again: Callable[..., Row]

    def turned(self, bit: int, name: str = "flags") -> int:
        """1 where a bit was set by the rule, -1 where it was taken away, else 0."""
        return bool(self.after[name] & bit) - bool(self.before[name] & bit)


class Event(NamedTuple):
    """One thing that happened. month: 'YYYY-MM'. kind: a short id. paths: declared figures that bear on it, as
    'regime.…' or 'society.…'. points: of the score, or 0. weight: DETAIL, EVENT or TURN.
    """

    month: str
    rule: str
    kind: str
    what: str
    cause: str
    paths: tuple[str, ...] = ()
    points: float = 0.0
    weight: int = EVENT


OF_MONEY = sum(1 << ACT[a] for a in CAUSED)


def needed(step: Step, came: Callable[[Row], bool], without: Iterable[tuple[str, Row, dict[str, Any]]]) -> str:
    """Words of those inputs without which something would not have come; each is put otherwise by itself."""
    found = [words for words, inputs, tables in without if not came(step.again(inputs, **tables))]
    return " and ".join(found) if found else TOGETHER


@dataclass
class Life:
    """One person's life in one world: events as they come, the state of each month, and the score taken apart.

    regime: of that world. months: one entry a month, see `_census`. shares: the score's parts each month.
    """

    society: Society
    regime: Regime
    person: int
    events: list[Event] = field(default_factory=list)
    months: list[Row] = field(default_factory=list)
    accounts: dict[str, dict[str, Part]] = field(default_factory=lambda: {"credit": {}, "conduct": {}})
    steps: dict[str, float] = field(default_factory=dict)
    last: Row = field(default_factory=dict)
    pulls: list[Pull] = field(default_factory=list)
    until: int = -1
    _met: Step | None = None
    _why: dict[str, str] = field(default_factory=dict)
    _mistaken: set[int] = field(default_factory=set)

    def take(self, step: Step) -> None:
        """Take in what a rule did."""
        tell = getattr(self, f"_{step.rule}", None)
        if tell is not None:
            self.events.extend(tell(step))

    @property
    def lists(self) -> tuple[str, ...]:
        """Titles of the regime's lists, by number."""
        return tuple(made.title for made in self.regime.lists.values())

    def _event(
        self, step: Step, kind: str, what: str, cause: str, *paths: str, points: float = 0.0, weight: int = EVENT
    ) -> Event:
        return Event(str(step.date), step.rule, kind, what, cause, tuple(p for p in paths if p), points, weight)

    # ---- who is near --------------------------------------------------------------------------------------------

    def _meeting(self, step: Step) -> Iterator[Event]:
        self._why = {}
        was, self._met = self._met, step
        if was is None:
            return
        gone = was.after["alive"] & ~step.after["alive"] & step.after["own_hold"]  # held still, by oneself
        for slot in bits(gone):
            kind = step.tables.kind_of_slot[slot]
            if kind != HOUSEHOLD:
                yield self._event(step, "tie lost", f"{TIES[kind]} broke with them", "the other let the tie go")

    def _enrolment(self, step: Step) -> Iterator[Event]:
        if step.turned(ENROLLED) <= 0:
            return
        if step.tables.enrolment == MANDATORY:
            yield self._event(step, "enrolled", "was enrolled", "the scheme is mandatory", "regime.phases", weight=TURN)
            return
        friends = f"{step.before['friends_scored']} of the {step.before['company']} people close to them had joined"
        without: Without = [
            (friends, {"friends_scored": 0}, {}),
            ("for what a score opens", {}, {"join_benefits": 0}),
            ("a whim of the month", {}, {"join_noise": 0}),
        ]
        why = needed(step, lambda row: bool(row["flags"] & ENROLLED), without)
        yield self._event(step, "enrolled", "joined the scheme", why, "regime.enrolment", weight=TURN)

    # ---- work and money -----------------------------------------------------------------------------------------

    def _livelihood(self, step: Step) -> Iterator[Event]:
        if step.turned(OUT_OF_WORK) > 0:
            firm = "their firm was out of cash or on a list"
            luck = "the ordinary risk of losing work"
            out = lambda row: bool(row["flags"] & OUT_OF_WORK)  # noqa: E731
            why = needed(step, out, [(firm, {}, {"lays_off": 0}), (luck, {}, {"job_loss": 0})])
            why = firm if firm in why else why
            yield self._event(step, "work lost", "lost their work", why, "society.livelihood.job_loss", weight=TURN)
        elif step.turned(OUT_OF_WORK) < 0:
            yield self._event(step, "retired", "was too old to look for work", "retirement age", weight=DETAIL)
        surplus, short = step.after["surplus"], step.after["shortfall"] > 0
        if short or surplus < -0.5:
            causes = []
            for words, tables in (
                ("a costly shock", {"shock_chance": 0}),
                ("wages came late", {"held_back": 0}),
            ):
                if step.again({}, **tables)["surplus"] > surplus + 1 / 32:
                    causes.append(words)
            if step.after["flags"] & OUT_OF_WORK:
                causes.append("out of work")
            self._why["short"] = " and ".join(causes) or "income below essentials, and no savings left"
            if not short and causes and surplus < -1:
                what = f"a month that cost {-surplus:.1f} months of essentials"
                yield self._event(step, "shock", what, self._why["short"], "society.livelihood.shock_chance")

    def _obligations(self, step: Step) -> Iterator[Event]:
        was, now, acts = step.before, step.after, step.after["acts"]
        if acts & BILL_UNPAID:
            why = self._why.get("short", TOGETHER)
            yield self._event(step, "bill unpaid", "could not pay a bill", why)
        late = acts & PAY_LATE
        if late:
            without: Without = [
                ("too little saved for the instalment", {"buffer": 255}, {}),
                ("would not pay", {"flags": was["flags"] & ~UNWILLING}, {"unwilling": 0}),
                ("forgot it", {}, {"careless": 0}),
            ]
            why = needed(step, lambda row: bool(row["acts"] & PAY_LATE), without)
            if self._why.get("short") and "saved" in why:
                why += f" ({self._why['short']})"
            self._why["late"] = why
            yield self._event(step, "late", "paid an instalment late", why)
        elif self._minds(step) and step.again({}, scored=0)["acts"] & PAY_LATE:
            yield self._event(step, "held", "paid an instalment on time, and would not have", "for the points")
        if step.turned(UNWILLING) > 0:
            why = "their own choice, at the society's rate"
            yield self._event(step, "unwilling", "stopped paying though able", why, "society.obligations.unwilling")
        if acts & DEFAULT:
            sued = "the bank sued" if now["loan"] == SUED else "the bank did not sue"
            yield self._event(step, "default", f"defaulted on the loan; {sued}", "three months late", weight=TURN)
        if now["judged"]:
            owed = (now["owed"] - was["owed"]) / 8
            met = f"owes {owed:.1f} months of essentials" if owed else "paid at once"
            yield self._event(step, "judgment", f"a court gave judgment: {met}", "the default", weight=TURN)
        if now["exit"]:
            how = {EXIT_PAID: "paid it", EXIT_GARNISHED: "it was taken from wages"}.get(
                now["exit"], "settled or written off"
            )
            yield self._event(step, "debt met", "the judgment debt ended", how, weight=TURN)
        if was["loan"] in (SUED, NOT_SUED) and now["loan"] == NO_LOAN and not now["judged"]:
            yield self._event(step, "written off", "the loan was written off", "the bank gave it up")

    def _minds(self, step: Step) -> bool:
        """Whether a loan is being paid by somebody who is scored and knows it."""
        flags = step.before["flags"]
        paying = step.before["loan"] in range(LOAN_PAID, SUED)
        return bool(paying and step.tables.scored and flags & ENROLLED and flags & AWARE)

    # ---- acts and words -----------------------------------------------------------------------------------------

    def _conduct(self, step: Step) -> Iterator[Event]:
        now = step.after
        mask = (now["acts"] | now["acts_free"]) & ~OF_MONEY
        for number in bits(mask):
            bit = 1 << number
            done, free = bool(now["acts"] & bit), bool(now["acts_free"] & bit)
            said, name = DONE[act(number)], act(number)
            if done and free:
                if bit & (OFFENCES | GOOD_DEEDS):
                    yield self._event(step, "act", said, "own inclination", f"society.acts.{name}", weight=DETAIL)
                continue
            without: Without = [
                ("its points", {}, {"act_points": 0}),
                ("a nudge", {}, {"act_nudge": 1}),
                ("fear of being seen", {}, {"act_feared": 0}),
                ("a list that it leads onto", {}, {"list_stake": 0}),
            ]
            why = needed(step, lambda row, bit=bit, done=done: bool(row["acts"] & bit) == done, without)  # type: ignore[misc]
            what = f"{said}, and would not have" if done else f"would have {participle(said)}, and did not"
            yield self._event(step, "for points" if done else "gave up", what, why, f"regime.points.{name}")

    def _speech(self, step: Step) -> Iterator[Event]:
        now = step.after
        said, free = now["said"], now["said_free"]
        topic = TOPICS[now["topic"]]
        told = {SILENT: "kept silent", CRITICISED: "criticised openly", PRAISED_UNMEANT: "praised, not meaning it"}
        if said != free:
            what = f"{told.get(said, 'praised')} where they would have {would_say(free)} ({topic})"
            points: Without = [
                ("what criticism costs in points", {}, {"critical_points": 0}),
                ("what praise brings in points", {}, {"praise_points": 0}),
            ]
            why = needed(step, lambda row: row["said"] == said, points)
            yield self._event(step, "muted", what, why, "regime.points.critical_post", "regime.points.praise_post")
        elif said in (SILENT, PRAISED_UNMEANT) and step.before["outlook"] < 0:
            alone = {"friends_for": 0, "friends_against": 0}
            fear: Without = [("fear", {"fear": 0}, {}), ("the company of others", alone, {})]
            why = needed(step, lambda row: row["said"] == said, fear)
            why = "own reserve" if why == TOGETHER else why
            yield self._event(step, "silent", f"{told[said]} ({topic})", why, weight=DETAIL)
        elif said == CRITICISED:
            yield self._event(step, "criticised", f"criticised openly ({topic})", "said what they think", weight=DETAIL)
        yield from self._rumour(step)
        if now["apology"]:
            meant = "apologised" if now["apology"] in (SORRY_SPARED, SORRY_PUNISHED) else "apologised, not meaning it,"
            spared = now["apology"] in (SORRY_SPARED, PRETENDED_SPARED)
            what = f"{meant} and was {'believed' if spared else 'not believed'}"
            yield self._event(step, "apology", what, "an official judged it", "regime.speech.apology", weight=TURN)
        if now["flags"] & PUNISHED:
            law = step.again({}, regime_punishes=0)["flags"] & PUNISHED
            why = "ordinary law" if law else "the regime"
            path = "society.law.critical_post_punished" if law else "regime.speech.punished"
            yield self._event(step, "punished", "was punished for a post", why, path, weight=TURN)

    def _rumour(self, step: Step) -> Iterator[Event]:
        """What became of a rumour that reached the person."""
        found = step.after["rumour"]
        if not found & HEARD:
            return
        warning = f"a {'true' if found & TRUE else 'false'} warning"
        if found & PASSED_ON:
            yield self._event(step, "rumour", f"passed on {warning}", "to warn others", weight=DETAIL)
            return
        without: Without = [
            ("what criticism costs in points", {}, {"critical_points": 0}),
            ("fear", {"fear": 0}, {}),
        ]
        why = needed(step, lambda row: not row["rumour"] & PASSED_ON, without)
        why = "own reserve" if why == TOGETHER else why
        yield self._event(step, "rumour", f"kept {warning} to themselves", why, weight=DETAIL)

    def _observation(self, step: Step) -> Iterator[Event]:
        now = step.after
        for number in bits(now["caught"]):
            fined = (step.before["buffer"] - now["buffer"]) / 16
            if step.tables.act_fine[number] > 0:
                name = act(number)
                what = (
                    f"was caught: {DONE[name]}; fined {fined:.1f} months of essentials"
                    if fined
                    else f"was caught: {DONE[name]}"
                )
                yield self._event(step, "caught", what, "ordinary law", f"society.acts.{name}")
        if now["grudge"]:
            self._why["false"] = "disorder"
            what = f"a neighbour reported them for nothing: {DONE['disorder']}"
            yield self._event(
                step, "grudge", what, "a grudge", "society.observation.grudge", "regime.channels",
                points=-float(now["false_new"]), weight=TURN,
            )  # fmt: skip
        elif now["false_new"]:
            number = step.again({}, false_cost=np.arange(1, len(step.tables.false_cost) + 1))["false_new"] - 1
            name = act(false_matches(self.society, self.regime)[number][1])
            self._why["false"] = name
            what = f"a record of somebody else was written on them: {DONE[name]}"
            yield self._event(
                step, "false record", what, "a false match", f"regime.points.{name}", "regime.channels",
                points=-float(now["false_new"]), weight=TURN,
            )  # fmt: skip

    # ---- the score ----------------------------------------------------------------------------------------------

    def _score(self, step: Step) -> Iterator[Event]:
        if not step.tables.scored:
            return
        yield from self._records(step)
        was, now = step.before["score"], step.after["score"]
        if not now:
            self.steps = {}
            return
        before, self.steps = self.steps, score_steps(step)
        if self.until == step.month:
            self.pulls = pulls(step, self._met)
        points, old = now / 32, was / 32
        if not was:
            yield self._event(step, "score", f"first score: {points:.0f}", "enrolled", "regime.score", weight=TURN)
            return
        why = self._moved(before)
        crossed = [
            (name, cut, path) for name, cut, path in cuts(self.regime, step.date) if (old < cut) != (points < cut)
        ]
        if crossed:
            verb = "fell" if points < old else "rose"
            names = ", ".join(f"{name} ({cut:g})" for name, cut, _ in crossed)
            side = "below" if points < old else "to or above"
            what = f"the score {verb} from {old:.0f} to {points:.0f}, {side} the cut-off of {names}"
            yield self._event(step, "crossed", what, why, *(path for _, _, path in crossed), points=points - old)
        elif abs(points - old) >= STEEP:
            what = f"the score went from {old:.0f} to {points:.0f}"
            yield self._event(step, "score", what, why, points=points - old, weight=DETAIL)

    def _moved(self, before: dict[str, float]) -> str:
        """Which parts of the score moved it since last month: those that make up most of the change."""
        moves = {label: value - before.get(label, 0.0) for label, value in self.steps.items()}
        total = sum(moves.values())
        way = 1 if total >= 0 else -1
        ahead = sorted(((way * move, label) for label, move in moves.items() if way * move > 0.05), reverse=True)
        told, sum_told = [], 0.0
        for size, label in ahead:
            why = self._why.get(label)
            told.append(f"{label} {signed(way * size, 1)}" + (f" ({why})" if why else ""))
            sum_told += size
            if sum_told >= 0.8 * abs(total):
                break
        return ", ".join(told) if told else TOGETHER

    def _records(self, step: Step) -> Iterator[Event]:
        """Bring the accounts' lines up to date, and tell of records that cost or bring points.

        What is left of old lines: the account as it would be without this month's events, over what it was. What an
        event adds: the account as it is, less the account without that event.
        """
        was, now = step.before, step.after
        idle = {"seen": 0, "false_new": 0}
        still = step.again(idle, paid_points=0, presumed_from=np.zeros(0, np.int64))
        fresh: dict[str, list[str]] = {"credit": [], "conduct": []}
        for name, lines in self.accounts.items():
            kept = still[name] / was[name] if was[name] else 1.0
            for part in lines.values():
                part.points *= kept
        for label, path, without in self._happened(step):
            moved = {name: (now[name] - without[name]) / 16 for name in self.accounts}
            for name, points in moved.items():
                if abs(points) < 1 / 32:
                    continue
                part = self.accounts[name].setdefault(label, Part(label, path))
                part.points, part.times, part.last = part.points + points, part.times + 1, str(step.date)
                if label != DONE["pay_on_time"]:
                    fresh[name].append(label)
                    weight = EVENT if points < 0 else DETAIL
                    what = f"recorded: {label} ({signed(points)} points on {ACCOUNT[name]})"
                    yield self._event(step, "record", what, "seen", path, points=points, weight=weight)
        for name, lines in self.accounts.items():
            rounding = now[name] / 16 - sum(part.points for part in lines.values())
            lines.setdefault(ROUNDING, Part(ROUNDING, "")).points += rounding
            if fresh[name]:
                self._why[ACCOUNT[name]] = ", ".join(fresh[name])

    def _happened(self, step: Step) -> Iterator[tuple[str, str, Row]]:
        """Each event of the month that may move an account: its words, its path, and the month without it."""
        was, tables = step.before, step.tables
        if was["loan"] == LOAN_PAID and tables.paid_points and not was["acts"] & PAY_LATE:
            yield DONE["pay_on_time"], "regime.points.pay_on_time", step.again({}, paid_points=0)
        for number in bits(was["seen"]):
            plain = tables.points_credit[number] or tables.points_conduct[number]
            if plain or tables.special_acts >> number & 1:
                name = act(number)
                yield DONE[name], f"regime.points.{name}", step.again({"seen": was["seen"] & ~(1 << number)})
        if was["false_new"]:
            name = self._why.get("false", "")
            words = f"somebody else {DONE.get(name, 'did something')} (a false record)"
            yield words, f"regime.points.{name}", step.again({"false_new": 0})
        for number in bits(step.after["presumed"]):
            kind, made = list(self.regime.inference.items())[number]
            if made.points is not None:
                lost = np.array(tables.presumed_points)
                lost[number] = 0
                false = " (wrongly)" if step.after["presumed_falsely"] >> number & 1 else ""
                yield f"presumed {made.title}{false}", f"regime.inference.{kind}", step.again({}, presumed_points=lost)

    def waterfall(self) -> list[Share]:
        """The last month's score, from where everyone starts, step by step, accounts down to their records."""
        return waterfall(self.steps, self.accounts)

    # ---- lists and gates ----------------------------------------------------------------------------------------

    def _standing(self, step: Step) -> Iterator[Event]:
        yield from self._listed(step)
        now = step.after
        for number in bits(now["refused"]):
            yield self._refused(step, number)
        passed = now["tried"] & ~now["refused"]
        if passed >> JOB & 1 and step.turned(OUT_OF_WORK) < 0:
            yield self._event(step, "work found", "found work", "an opening, and nothing in the way", weight=TURN)
        if passed >> LOAN & 1 and step.before["loan"] == NO_LOAN:
            yield self._event(step, "loan", "was given a loan", "wanted one, and passed")
        if passed >> DATING & 1:
            yield self._event(step, "date", "was let onto the dating site", "a single who wished to", weight=DETAIL)
        if step.turned(AWARE) > 0:
            yield self._event(step, "aware", "learned what a score does", "their own sanction", weight=EVENT)

    def _listed(self, step: Step) -> Iterator[Event]:
        names = list(self.regime.lists)
        for number in bits(step.after["entered"]):
            made, path = self.regime.lists[names[number]], f"regime.lists.{names[number]}"
            why = self._why_listed(step, number)
            yield self._event(step, "listed", f"put on the list: {made.title}", why, path, weight=TURN)
        for number in bits(step.after["left"]):
            made, path = self.regime.lists[names[number]], f"regime.lists.{names[number]}"
            why = "it was somebody else's judgment" if number in self._mistaken else made.leaves
            self._mistaken.discard(number)
            yield self._event(step, "unlisted", f"taken off the list: {made.title}", why, path, weight=TURN)

    def _why_listed(self, step: Step, number: int) -> str:
        kind, was = step.tables.list_kind[number], step.before
        if kind == standing.BY_JUDGMENT:
            if step.turned(MISTAKEN) > 0:
                self._mistaken.add(number)
                return "mistaken for somebody else"
            unable = was["owed"] * 2 > was["buffer"] and not was["flags"] & UNWILLING
            return f"a judgment unmet: {was['owed'] / 8:.1f} months of essentials" + (
                ", more than they have" if unable else ""
            )
        on = lambda row: bool(row["entered"] >> number & 1)  # noqa: E731
        if kind == standing.BY_ACTS:
            seen = list(bits(was["seen"] & int(step.tables.list_acts[number])))
            return needed(step, on, [(DONE[act(a)], {"seen": was["seen"] & ~(1 << a)}, {}) for a in seen])
        why = f"the score fell below {step.tables.list_below[number] / 32:g}"
        more = needed(
            step,
            on,
            [
                ("friends or household", {"score": was["score_alone"]}, {}),
                ("a false record", {"score": was["score_true"]}, {}),
            ],
        )
        return why + ("" if more == TOGETHER else f", which without {more} it had not")

    def _refused(self, step: Step, gate: int) -> Event:
        now, bit, name = step.after, 1 << gate, GATES[gate]
        what = f"refused {WANTED[name]}"
        if not now["refused_regime"] & bit:
            why = "ordinary law: missing papers"
            if name in ("loan", "mortgage") and not step.again({}, bank_refuses=0)["refused"] & bit:
                why = "ordinary law: the bank saw arrears or a judgment"
            return self._event(step, "refused", what, why, "society.law")
        lists = np.array(step.tables.gate_lists)
        on = list(bits(now["lists"] & int(lists[gate])))
        cut = np.array(step.tables.gate_threshold)
        score = f"a score of {now['score'] / 32:.0f}, below {cut[gate] / 32:g}" if "score" in now else "the score"
        without: Without = [
            (on_list([self.lists[n] for n in on]), {}, {"gate_lists": 0}),
            (score, {}, {"gate_threshold": 0}),
            ("not enrolled", {}, {"gate_unscored": 0}),
            ("somebody of the household is on a list", {}, {"gate_household": 0}),
            ("who sees the score looks down on it", {}, {"stigma": 0}),
        ]
        why = needed(step, lambda row: bool(row["refused"] & bit), without)
        if why == TOGETHER and on:
            why = f"{TOGETHER}: {on_list([self.lists[n] for n in on])}, and {score}"
        for column, words in (
            ("refused_false", "only because of a record that is not theirs"),
            ("refused_ties", "only because of friends or household"),
            ("refused_unable", "for a debt they cannot pay"),
        ):
            if now[column] & bit:
                why += f"; {words}"
        paths = [f"regime.gates.{name}", *(f"regime.lists.{list(self.regime.lists)[n]}" for n in on)]
        return self._event(
            step, "refused", what, why, *paths, weight=TURN if name not in ("flight", "fast_train") else EVENT
        )

    # ---- what it does to them -----------------------------------------------------------------------------------

    def _learning(self, step: Step) -> Iterator[Event]:
        was, now = step.before, step.after
        if step.turned(AWARE) > 0:
            without: Without = [
                ("a campaign", {}, {"campaign": 0}),
                ("somebody near was sanctioned", {"friends_sanctioned": 0}, {}),
            ]
            why = needed(step, lambda row: bool(row["flags"] & AWARE), without)
            yield self._event(step, "aware", "learned what a score does", why, "regime.campaign")
        if now["fear"] - was["fear"] >= 13:
            without = [
                ("their own punishment", {"flags": was["flags"] & ~PUNISHED}, {}),
                ("the punishment of friends", {"friends_punished": 0}, {}),
                ("news of the lists", {}, {"publicity": 0}),
            ]
            why = needed(step, lambda row: row["fear"] - was["fear"] >= 13, without)
            yield self._event(step, "fear", "grew more afraid to speak", why)
        if (was["outlook"] < 0) != (now["outlook"] < 0):
            side = now["outlook"] < 0
            without = [
                ("a sanction felt as unjust", {}, {"view_unjust": 0}),
                ("privileges", {}, {"view_privilege": 0}),
                ("order in the streets", {}, {"view_order": 0}),
                ("what friends and household say", {"friends_for": 0, "friends_against": 0}, {}),
                ("their own leaning", {}, {"view_anchor": 0}),
            ]
            why = needed(step, lambda row: (row["outlook"] < 0) == side, without)
            what = "began to disapprove of the order" if side else "began to approve of the order"
            yield self._event(step, "view", what, why, weight=EVENT)

    def _friendship(self, step: Step) -> Iterator[Event]:
        was, now = step.before, step.after
        if now["lost"]:
            slot = next(bits(was["hold"] & ~now["hold"]), SLOTS - 1)
            kind = TIES[step.tables.kind_of_slot[slot]]
            for_score = not step.again({}, tie_cost=0)["lost"]
            why = "their score drags one's own down" if for_score else "it faded, as ties do"
            path = "regime.ties.friends" if for_score else "society.friendship.drop"
            yield self._event(step, "tie dropped", f"dropped {kind}", why, path)
        opened = now["hold"] & ~was["hold"]
        for slot in bits(opened):
            kind = TIES[step.tables.kind_of_slot[slot]]
            yield self._event(step, "tie", f"reached out to {kind}", "company", weight=DETAIL)
        if step.turned(PARTNER) > 0:
            yield self._event(step, "partner", "found a partner", "met on the dating site", weight=TURN)
        if step.turned(PARTNER) < 0:
            yield self._event(
                step, "parted", "parted from their partner", "couples part", "society.friendship.parts", weight=TURN
            )

    def _redress(self, step: Step) -> Iterator[Event]:
        was, now = step.before, step.after
        opened = (now["false_months"] & APPEALED) - (was["false_months"] & APPEALED)
        if opened > 0:
            yield self._event(
                step, "appeal", "noticed the false record and appealed", "noticed it", "regime.safeguards.appeal"
            )
        if now["corrected"]:
            name = "conduct" if was["false_months"] & CONDUCT_ACCOUNT else "credit"
            moved = (now[name] - was[name]) / 16
            for part in self.accounts[name].values():
                if "false record" in part.label and moved:
                    part.points, moved = part.points + moved, 0.0
            what = f"the false record was taken back ({signed((now[name] - was[name]) / 16)} points)"
            yield self._event(
                step, "corrected", what, "the appeal was decided rightly", "regime.safeguards.appeal", weight=TURN
            )
        elif opened < 0:
            yield self._event(
                step,
                "appeal lost",
                "the appeal was turned down",
                "decided wrongly",
                "regime.safeguards.appeal",
                weight=TURN,
            )

    def _census(self, step: Step) -> Iterator[Event]:
        """Keep the month: score (points), lists, buffer, owed, fear, outlook, flags, company, the census's masks."""
        row = step.after
        names = ("lists", "buffer", "owed", "loan", "fear", "outlook", "flags", "company", "refused_regime")
        kept = {name: row[name] for name in (*names, "measured", "measured_more")}
        self.months.append({"month": str(step.date), "score": row["score"] / 32} | kept)
        self.last = row
        return iter(())
