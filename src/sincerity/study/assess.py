"""An assessment for a regulator: which element of which law each rule bears on, and with what figures.

It finds nothing and grades nothing: a rule is named where an element of Article 5(1)(c) of the EU's AI Act (Regulation
(EU) 2024/1689), Article 22 of the GDPR (Regulation (EU) 2016/679) or Article 24 of China's PIPL (2021) asks about what
it does. Whether an element is met is for those who apply the law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sincerity.census.wording import DONE, WANTED
from sincerity.declare import catalogue
from sincerity.study.accounts import AccountRow
from sincerity.study.context import Context, harm_and_loss
from sincerity.study.ledger import band, shown, spread
from sincerity.study.places import regime_places
from sincerity.study.tabular import MINUS

if TYPE_CHECKING:
    from sincerity.declare.regime import Regime
    from sincerity.study.study import Study

MASS = "months of essentials a year of every 1,000 adults"
OVER_TIME = "evaluated over a period of time, on behaviour or traits"
TREATMENT = "detrimental treatment"
UNRELATED = "(i) in an unrelated social context"
UNJUSTIFIED = "(ii) unjustified, or disproportionate to the behaviour"
HUMAN = "GDPR 22(3): human intervention, own view, contest"
EXPLAIN = "PIPL 24: transparent, explained, may be refused"
ELEMENTS = (OVER_TIME, TREATMENT, UNRELATED, UNJUSTIFIED, HUMAN, EXPLAIN)
NO_FINDING = (
    "This is no legal finding and gives no grade. It says which rule an element of the law asks about, and what the "
    "rule does to invented people if the stated assumptions hold. Whether the regime is an AI system, whether an "
    "element is met, and what follows, is for those who apply the law."
)


@dataclass(frozen=True, slots=True)
class Point:
    """One rule under one element. path, place: where the rule stands, as regime.yaml's path and file:line. says: what
    it says. figure: what it does, with unit and, in brackets, the band over the seeds; '' where the rule itself is the
    point. truth: whether only a simulator can know the figure. reform: the reform of the catalogue that takes the rule
    away, with its own figure where it was run beside, or ''. entry: the entry of the ledgers that the figure is, or ''.
    takes: the name of that reform, or ''.
    """

    element: str
    path: str
    place: str
    says: str
    figure: str
    truth: bool
    reform: str
    entry: str = ""
    takes: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What `assess` gives: points by element, the matrix of domains, and how an ordinary credit score differs.

    acts: lines of what recorded acts cost beside the harm that they did; none where nobody was followed.
    """

    title: str
    setting: str
    points: tuple[Point, ...]
    context: Context
    harms: dict[str, tuple[float, float]]
    beside_credit: tuple[tuple[str, str, str], ...]
    acts: tuple[str, ...]

    def __iter__(self) -> Iterator[Point]:
        return iter(self.points)

    def markdown(self) -> str:
        """The assessment as a Markdown document."""
        lines = [f"# Assessment: {self.title}", "", self.setting, "", NO_FINDING, ""]
        for element in ELEMENTS:
            found = [point for point in self.points if point.element == element]
            lines += [f"## {heading_of(element)}", ""]
            if not found:
                lines += ["No rule of this regime bears on it.", ""]
                continue
            lines += [
                "| rule | says | does (low to high over the seeds) | needs ground truth? | reform that takes it away |",
                "|---|---|---|---|---|",
            ]
            lines += [
                f"| `{p.path}` ({p.place}) | {_cell(p.says)} | {_cell(p.figure) or '–'} "
                f"| {'yes' if p.truth else 'no' if p.figure else '–'} | {p.reform or '–'} |"
                for p in found
            ]
            lines.append("")
        lines += ["## Which data close which doors", ""]
        lines += [
            "Months of essentials lost a year by every 1,000 adults, by domain of the data (down) and of the gate.",
            "",
        ]
        lines += ["```text", *self.context.lines(), "```", ""]
        if self.harms:
            lines += [
                "| domain | harm of recorded acts to others | lost by refusals because of them |",
                "|---|---|---|",
            ]
            lines += [f"| {name} | {harm:.2f} | {loss:.2f} |" for name, (harm, loss) in self.harms.items()]
            lines += ["", "Both in months of essentials a year of every 1,000 adults; both rest on assumed values.", ""]
        lines += ["## Welfare lost beside the harm, act by act", ""]
        if self.acts:
            lines += ["```text", *self.acts, "```", ""]
        else:
            lines += ["Nobody was followed: `sincerity follow` traces a random sample and tells it.", ""]
        lines += [
            "## How an ordinary credit score differs",
            "",
            "| | this regime | a credit score (fico-us) |",
            "|---|---|---|",
        ]
        lines += [f"| {what} | {here} | {there} |" for what, here, there in self.beside_credit]
        lines += [
            "",
            "Scoring creditworthiness is not prohibited by Article 5(1)(c) as such; it is high-risk (Annex III 5(b)).",
            "",
        ]
        return "\n".join([*lines, "Invented people; not a forecast.", ""])

    def __str__(self) -> str:
        return self.markdown()

    def _repr_markdown_(self) -> str:
        return self.markdown()


def heading_of(element: str) -> str:
    """An element with the law that asks about it."""
    return element if element in (HUMAN, EXPLAIN) else f"AI Act 5(1)(c): {element}"


def assess(study: Study, name: str) -> Assessment:
    """The assessment of one world of a study."""
    scenario = study.declared()
    regime = next(each for each in scenario.regimes if each.name == name)
    found = study.context(name)
    maker = _Maker(study, regime, found)
    s = study.scenario
    setting = (
        f"{s.society.title}, {s.people:,} invented adults, {s.months} months from {s.start}, {len(s.seeds)} seeds. "
        f"Figures are of the last twelve months, beside {s.world(study.worlds[0]).title}; run `{study.command}`."
    )
    harms = harm_and_loss(study.tally("act"), scenario, regime, found) if found.data else {}
    followed = study.followed
    acts = tuple(followed.act_lines()) if followed is not None and followed.world == name else ()
    return Assessment(s.world(name).title, setting, tuple(maker.points()), found, harms, _credit(regime), acts)


class _Maker:
    """Collects the points of a regime."""

    def __init__(self, study: Study, regime: Regime, found: Context) -> None:
        self.study, self.regime, self.found = study, regime, found
        self.places = regime_places(study.folder, regime)
        self.reforms = catalogue.reforms_of(regime.name)
        self._rows: dict[str, dict[str, AccountRow]] = {}

    def points(self) -> Iterator[Point]:
        yield from self._over_time()
        yield from self._treatment()
        yield from self._unrelated()
        yield from self._unjustified()
        yield from self._safeguards()

    def _point(
        self,
        element: str,
        path: str,
        says: str,
        entry: str = "",
        reform: str = "",
        figure: str = "",
        truth: bool = False,
    ) -> Point:
        if entry:
            row = self._row(entry, self.regime.name)
            figure, truth = _figure(row), row is not None and "Needs ground truth" in row.definition
        said, takes = "", reform if reform in self.reforms else ""
        if takes:
            said = reform
            beside = self._row(entry, reform) if entry and reform in self.study.worlds else None
            if beside is not None:
                said += f": {shown(beside.regime or 0.0)}"
        return Point(element, path, self.places.get(path, ""), says, figure, truth, said, entry, takes)

    def _row(self, entry: str, world: str) -> AccountRow | None:
        """An entry of the ledgers of a world; None where its census, of an older version, does not count it."""
        if world not in self._rows:
            both = (*self.study.rights("all", world), *self.study.promises("all", world))
            self._rows[world] = {row.id: row for row in both}
        return self._rows[world].get(entry)

    def _over_time(self) -> Iterator[Point]:
        made = self.regime
        if made.score:
            yield self._point(OVER_TIME, "score", f"a score by {made.score.form}, rules {made.score.rules}", "scored")
            if made.score.factors:
                for trait in ("identity", "capacity", "ties"):
                    weight = float(getattr(made.score.factors, trait))
                    if weight:
                        yield self._point(
                            OVER_TIME, f"score.factors.{trait}", f"{100 * weight:g} % of the score",
                            reform="no-friends" if trait == "ties" else "",
                        )  # fmt: skip
        for name, account in made.accounts.items():
            kept = f"half gone after {float(account.half_life):g} months" if account.half_life else "kept for good"
            yield self._point(OVER_TIME, f"accounts.{name}", f"{account.domain}: {kept}")
        for name, made_list in made.lists.items():
            yield self._point(OVER_TIME, f"lists.{name}", f"{made_list.title}; enters by {made_list.enters}")
        for name, presumed in made.inference.items():
            yield self._point(OVER_TIME, f"inference.{name}", f"{presumed.title}, presumed", "presumed")

    def _treatment(self) -> Iterator[Point]:
        for name, entry in GATE_ENTRIES.items():
            if name in self.regime.gates:
                yield self._point(TREATMENT, f"gates.{name}", f"bars from {WANTED[name]}", entry)
        for name in self.regime.lists:
            closed = [WANTED[gate] for gate, made in self.regime.gates.items() if name in made.lists]
            if closed:
                yield self._point(TREATMENT, f"lists.{name}", f"being on it bars from {', '.join(closed)}", "listed")
        if self.regime.stigma:
            yield self._point(TREATMENT, "stigma", "those who see the score shun the low")

    def _unrelated(self) -> Iterator[Point]:
        found = self.found
        if found.data:
            share = 100 * found.unrelated
            low, high = spread(share)
            whole = f"{share.mean():.0f} % of what refusals cost ({low:.0f} to {high:.0f} %)"
            yield self._point(UNRELATED, "gates", "all gates together", figure=whole, reform="same-context")
        for name, (mass, off) in sorted(found.by_gate.items(), key=lambda pair: -float(pair[1][1].mean())):
            if f"gates.{name}" in self.places and off.mean() > 0:
                low, high = spread(off)
                says = f"bars from {WANTED[name]}"
                figure = f"{shown(off.mean())} of {shown(mass.mean())} {MASS} ({band(low, high)})"
                yield self._point(UNRELATED, f"gates.{name}", says, figure=figure, reform="same-context")

    def _unjustified(self) -> Iterator[Point]:
        made, point = self.regime, self._point
        free = made.safeguards and made.safeguards.no_guilt_by_tie
        if made.ties and not free:
            yield point(UNJUSTIFIED, "ties", "friends' scores and posts count", "dragged", "no-friends")
        household = [name for name, gate in made.gates.items() if gate.household]
        if household and not free:
            yield point(UNJUSTIFIED, f"gates.{household[0]}", "closed for a relative's list", "dragged", "no-friends")
        lawful = [act for act in LAWFUL if act in made.points]
        for act in lawful:
            says = f"{_points(made, act)}, though lawful and harmless"
            if act == lawful[0]:
                yield point(UNJUSTIFIED, f"points.{act}", says, "needless_caution")
            else:
                counted = f"counted with points.{lawful[0]} (1 figure for all {len(lawful)} such acts)"
                yield point(UNJUSTIFIED, f"points.{act}", says, figure=counted, truth=True)
        for act in ("critical_post", "petition", "reads_sensitive"):
            if act in made.points:
                entry = "muted" if act == "critical_post" else ""
                yield point(UNJUSTIFIED, f"points.{act}", _points(made, act), entry, "no-speech")
        if made.channels:
            yield point(UNJUSTIFIED, "channels", "records written on the wrong person", "false_record", "with-appeal")
            yield point(UNJUSTIFIED, "channels", "refused for such a record alone", "wrongly_refused", "with-appeal")
        if made.score:
            yield point(UNJUSTIFIED, "score", "sanctioned without grave wrong or failed debt", "never_wrong")
        for name, made_list in made.lists.items():
            if made_list.enters == "judgment unmet":
                yield point(UNJUSTIFIED, f"lists.{name}", "those who cannot pay", "listed_unable")
                yield point(UNJUSTIFIED, f"lists.{name}", "after the debt is met", "after_cure")
        for name, account in made.accounts.items():
            if account.half_life is None or float(account.half_life) >= 12:
                yield point(UNJUSTIFIED, f"accounts.{name}", "how long a penalty lasts", reform="fast-repair")

    def _safeguards(self) -> Iterator[Point]:
        made, guard = self.regime, self.regime.safeguards
        if not (made.score or made.lists):
            return
        if guard is None:
            yield self._point(HUMAN, "safeguards", "none declared", "never_corrected", "with-appeal")
            return
        yield self._point(
            HUMAN,
            "safeguards.notice",
            f"{100 * float(guard.notice):g} % of records are told",
            "corrections",
            "with-appeal",
        )
        if guard.appeal is None or not guard.appeal.open:
            yield self._point(HUMAN, "safeguards", "no appeal", "never_corrected", "with-appeal")
        else:
            lag, right = float(guard.appeal.lag), 100 * float(guard.appeal.accuracy)
            says = f"appeal after {lag:g} months, right {right:g} % of the time"
            yield self._point(HUMAN, "safeguards.appeal", says, "months_until_corrected", "with-appeal")
            yield self._point(HUMAN, "safeguards.appeal", "those never put right", "never_corrected", "with-appeal")
        says = "a human looks first" if guard.human_review else "no human looks before a record counts"
        yield self._point(HUMAN, "safeguards", says, reform="" if guard.human_review else "with-appeal")
        if made.score:
            yield self._point(EXPLAIN, "score", f"rules {made.score.rules}", "aware", "published-rules")
        for phase in made.phases:
            if phase.enrolment == "mandatory":
                yield self._point(EXPLAIN, "phases", f"mandatory from {phase.from_}: cannot be refused", "scored")


GATE_ENTRIES = {
    "flight": "seats", "fast_train": "seats", "loan": "refused_loans", "mortgage": "homes", "flat": "homes",
    "job": "jobs", "public_post": "jobs", "company_office": "jobs", "school": "schools", "dating": "dates",
    "health": "health",
}  # fmt: skip
LAWFUL = (
    "buys_diapers", "buys_alcohol", "buys_home_goods", "buys_foreign_goods", "buys_luxury", "plays_for_hours",
    "watches_for_hours", "exercises", "visits_place", "gives_identity",
)  # fmt: skip


def _points(regime: Regime, act: str) -> str:
    """'+2 points to whoever bought diapers'."""
    return f"{float(regime.points[act].value):+g} points to whoever {DONE[act]}".replace("-", MINUS)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def _figure(row: AccountRow | None) -> str:
    if row is None or row.regime is None:
        return "not counted in this run"
    beside = "" if row.ordinary is None else f"; {shown(row.ordinary)} without it"
    if row.low is None or row.high is None:
        inside = ""
    else:
        change = "difference " if row.difference is not None else ""
        inside = f" ({change}{band(row.low, row.high, row.difference is not None)})"
    return f"{row.words}: {shown(row.regime)} {row.unit}{beside}{inside}"


def _credit(regime: Regime) -> tuple[tuple[str, str, str], ...]:
    """(what, here, there): this regime beside the credit score of the catalogue, from their files."""
    other = catalogue.regime("fico-us")
    return tuple((what, say(regime), say(other)) for what, say in BESIDE)


def _domains(regime: Regime) -> str:
    from sincerity.declare.vocabulary import ACTS, PASSIVE

    found = dict.fromkeys({**ACTS, **PASSIVE}[act] for act in regime.points)
    return ", ".join(found) or "none"


BESIDE: tuple[tuple[str, Callable[[Regime], str]], ...] = (
    ("data from", _domains),
    ("doors it closes", lambda r: ", ".join(dict.fromkeys(gate.domain for gate in r.gates.values())) or "none"),
    ("others' conduct counts", lambda r: "yes" if r.ties and float(r.ties.friends) else "no"),
    ("traits count", lambda r: "yes" if r.score and r.score.factors and float(r.score.factors.identity) else "no"),
    ("rules", lambda r: r.score.rules if r.score else "no score"),
    ("appeal", lambda r: "open" if r.safeguards and r.safeguards.appeal and r.safeguards.appeal.open else "none"),
    ("mandatory", lambda r: "yes" if any(p.enrolment == "mandatory" for p in r.phases) else "no"),
)
