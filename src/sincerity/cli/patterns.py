"""The table of patterns, in words and as JSON."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from sincerity.cli.progress import progress
from sincerity.cli.show import document
from sincerity.declare.scenario import scenario
from sincerity.study import patterns
from sincerity.study.ledger import spread_words
from sincerity.study.patterns import Found


def show(people: str, seeds: str, json: bool) -> None:
    """Judge and print. BadInput for a number that is none."""
    asked = scenario("none", people=people, seeds=seeds)
    count = len(asked.seeds)
    minutes = max(1, round(patterns.guess(asked.people, count) / 60))
    print(f"about {minutes} minutes; finished runs are kept in runs/ and found again", file=sys.stderr)

    def begin(name: str, k: int, of: int) -> None:
        print(f"study {k + 1} of {of}: {name}", file=sys.stderr)

    with progress() as watch:
        found = patterns.judge(asked.people, count, watch=watch, begin=begin)
    if json:
        print(json_document(found, asked.people, count))
    else:
        print("\n".join(lines(found, asked.people, count)))


def json_document(found: list[Found], people: int, seeds: int) -> str:
    """One document; a target's `high` is null where it is a sign."""
    told = patterns.declared()
    rows = [
        {
            "id": one.id,
            "pattern": one.declared["pattern"],
            "world": one.declared["world"],
            "society": told["studies"][one.declared["study"]]["society"],
            "when": one.when,
            "target": {"low": one.target.low, "high": one.target.high, "unit": one.target.unit},
            "source": one.declared["source"],
            "date": str(one.declared["date"]),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "verdict": one.verdict,
            "role": one.role,
        }
        for one in found
    ]
    validate = {"patterns": rows, "not_measured": told["not_measured"], "people": people, "seeds": seeds}
    return document("validate", validate=validate)


def lines(found: list[Found], people: int, seeds: int) -> Iterator[str]:
    """The page in Markdown: what it counts, the table, why which are missed, what is not measured."""
    told = patterns.declared()
    met = Counter(one.role for one in found if one.verdict == "met")
    roles = Counter(one.role for one in found)
    yield "# Validation"
    yield ""
    yield f"`sincerity validate patterns --people {people} --seeds {seeds}`: each pattern beside its target."
    yield f"Low and high: {spread_words(seeds)}. A band is met by the mean over seeds, a sign by every seed."
    yield ""
    kept = ", ".join(f"{role} {met[role]} of {roles[role]}" for role in sorted(roles))
    yield f"**Met: {kept}.** Only emergent ones are evidence: the others follow from figures that were fitted or set."
    yield ""
    yield "| pattern | world, when | role | target | value | low | high | verdict |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in found:
        society = told["studies"][one.declared["study"]]["society"]
        where = f"{one.declared['world']} × {society}, {one.when}"
        values = " | ".join(f"{value:.3g}" for value in (one.value, one.low, one.high))
        verdict = one.verdict if one.verdict == "met" else f"**{one.verdict}**"
        target = f"{one.target} {one.target.unit}"
        yield f"| {one.declared['pattern']} | {where} | {one.role} | {target} | {values} | {verdict} |"
    missed = [one for one in found if one.verdict == "missed"]
    if missed:
        yield from ("", "## Missed", "")
        yield from (f"- {one.declared['pattern']}: {one.declared['otherwise']}" for one in missed)
    yield from ("", "## Not measured", "")
    yield from (f"- {one['pattern']} (target: {one['target']}): {one['why']}." for one in told["not_measured"])
    yield from ("", "## Targets", "")
    for one in found:
        notes = [text for text in (one.target.note, one.declared.get("note", "")) if text]
        yield f"- {one.declared['pattern']}: {'. '.join([one.declared['source'], *notes]).rstrip('.')}."
