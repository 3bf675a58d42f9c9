"""The table of patterns, in words and as JSON."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sincerity.cli.options import interruption, threads_of
from sincerity.cli.progress import progress
from sincerity.cli.show import document
from sincerity.declare.scenario import scenario
from sincerity.study import patterns
from sincerity.study.ledger import spread_words
from sincerity.study.patterns import Found


def show(people: str, seeds: str, json: bool, write: bool = False, threads: str = "", out: Path | None = None) -> None:
    """Judge and print; with `write`, keep it in the package. BadInput for a number that is none."""
    asked = scenario("none", people=people, seeds=seeds)
    count, crew = len(asked.seeds), threads_of(threads)
    minutes = max(1, round(patterns.guess(asked.people, count) / 60))
    print(f"about {minutes} minutes; finished runs are kept in runs/ and found again", file=sys.stderr)

    def begin(name: str, k: int, of: int) -> None:
        print(f"study {k + 1} of {of}: {name}", file=sys.stderr)

    with progress() as watch, interruption("the runs that were finished are found again"):
        found = patterns.judge(asked.people, count, threads=crew, out=out, watch=watch, begin=begin)
    made = patterns.document(found, asked.people, count)
    if write:
        print(f"written: {patterns.keep(made)}", file=sys.stderr)
    if json:
        print(document("validate", validate=made))
    else:
        print("\n".join(lines(found, asked.people, count)))


def lines(found: list[Found], people: int, seeds: int) -> Iterator[str]:
    """The page in Markdown: what it counts, the table, why which are missed, what is not measured."""
    told = patterns.declared()
    reported = [one for one in found if one.verdict == "not judged"]
    found = [one for one in found if one.verdict != "not judged"]
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
        yield from (f"- {one.declared['pattern']}: {said(one)}" for one in missed)
    if reported:
        yield from ("", "## Reported, not judged", "")
        for one in reported:
            where = f"{one.declared['world']} × {told['studies'][one.declared['study']]['society']}, {one.when}"
            yield f"- {one.declared['pattern']} ({where}): {values_of(one)} {one.target.unit}. {one.sentence}"
    yield from ("", "## Not measured", "")
    yield from (f"- {one['pattern']} (target: {one['target']}): {one['why']}." for one in told["not_measured"])
    yield from ("", "## Targets", "")
    for one in found:
        notes = [text for text in (one.target.note, one.declared.get("note", "")) if text]
        yield f"- {one.declared['pattern']}: {'. '.join([one.declared['source'], *notes]).rstrip('.')}."


def said(one: Found) -> str:
    """Why a pattern is missed, after what the value was taken from."""
    return f"{one.detail}. {one.sentence}" if one.detail else one.sentence


def values_of(one: Found) -> str:
    """The mean, and the spread over the seeds."""
    return f"{one.value:.3g} ({one.low:.3g} to {one.high:.3g})"
