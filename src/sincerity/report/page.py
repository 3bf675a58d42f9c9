"""The report: one HTML file that opens offline, runs no script and reaches nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sincerity.declare.problems import BadInput
from sincerity.report import beside, charts, groups, life, reforms, validation, words
from sincerity.report.table import ledgers
from sincerity.study import store
from sincerity.study.assess import ELEMENTS, NO_FINDING, heading_of
from sincerity.study.person import CHOSEN
from sincerity.study.twins import SMALL

if TYPE_CHECKING:
    from sincerity.study.assess import Assessment
    from sincerity.study.ledger import Ledger, LedgerRow
    from sincerity.study.rules import Rules
    from sincerity.study.study import Study
    from sincerity.study.summary import Told, World


class Cells(NamedTuple):
    """A row of the table, as text. detail: it belongs to the row before. group: the heading that it begins, or ''."""

    group: str
    sentence: str
    detail: bool
    when: str
    ordinary: str
    regime: str
    difference: str
    spread: str
    few: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart on the page: what was drawn, and its SVG as it stands in HTML."""

    picture: charts.Picture
    svg: Markup


@dataclass(frozen=True, slots=True)
class Part:
    """A regime on the page: heading, the worlds in it, paragraph, table and charts. main: the one shown open."""

    main: bool
    ledger: Ledger
    heading: str
    worlds: list[World]
    paragraph: str
    rows: list[Cells]
    spread: str
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Map:
    """The worlds after the last month, a pixel a person. svg: '' where the picture is too large for the page."""

    svg: Markup
    alt: str


MANY = 3
"""Regimes beyond which all but one are shown closed."""
LARGEST_MAP = 300_000
"""Characters of a map beyond which it is left out of the page."""


def write(study: Study, path: str | Path) -> Path:
    """Write the report of a study to `path`, whole or not at all, and return the path.

    Raises StoreError where the file cannot be written. Two to three seconds, nearly all of it the charts: loading
    Altair and the renderer takes about half, drawing the other.
    """
    text = render(study)
    target = Path(path)
    store.write(target, lambda stream: stream.write(text.encode()))
    return target


def render(study: Study) -> str:
    """Return the report as one HTML document: no script, no link, nothing to load."""
    environment = Environment(
        loader=PackageLoader("sincerity.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("report.html").render(**_content(study))


def _content(study: Study) -> dict[str, Any]:
    """Return all that the template shows."""
    scenario, manifest = study.scenario, study.manifest
    main = _main(study)
    parts = [_part(study, ledger, main) for ledger in ledgers(study)]
    compared = [part.ledger.regime for part in parts if part.ledger.ordinary is not None]
    return {
        "title": " · ".join(part.heading for part in parts),
        "parts": parts,
        "main": main,
        "some": words.some,
        "coded": words.coded,
        "many": len(parts) > MANY,
        "groups": [groups.groups(study, part.ledger.regime) for part in parts],
        "twins": [_twins(study, name) for name in compared],
        "twins_small": SMALL,
        "beside": beside.grid(study) if len(parts) > 1 else None,
        "unclear": beside.UNCLEAR,
        "is_detail": words.is_detail,
        "when": words.WHEN,
        "reforms": _reforms(study),
        "lives": _lives(study),
        "chosen": CHOSEN,
        "validation": validation.section(),
        "map": _map(study),
        "glossary": words.GLOSSARY,
        "setting": words.setting(scenario),
        "warnings": scenario.warnings,
        "first": scenario.regimes[0],
        "windows": words.WINDOWS_LONG,
        "invented": words.INVENTED,
        "assumed_line": words.assumed(scenario),
        "assumed": _by_file(study),
        "sources": sorted(scenario.sources.items()),
        "scope": words.SCOPE,
        "citation": citation(study),
        "command": study.command,
        "versions": manifest["versions"],
        "hashes": _hashes(manifest),
        "seconds": manifest.get("timings", {}).get("seconds"),
        "device": manifest.get("device", {}),
        "robust": _robust(study),
        "elements": ELEMENTS,
        "heading_of": heading_of,
        "no_finding": NO_FINDING,
        "assessments": _assessments(study),
        "rules": _rule_by_rule(study),
        "made": words.day(manifest["ended"]),
        "version": words.version(study),
    }


@dataclass(frozen=True, slots=True)
class Band:
    """The second band of one regime on the page: heading, and a row a sentence of the ledger."""

    heading: str
    rows: list[tuple[str, str, str, str]]
    how: str


def _robust(study: Study) -> list[Band]:
    """The draws of the assumed figures that the run folder keeps, a part a regime."""
    found = study.robust
    if found is None:
        return []
    return [
        Band(
            words.first_upper(study.scenario.world(regime).title),
            list(
                zip(
                    [row.sentence for row in rows],
                    _aligned([words.number(row.difference, sign=True) for row in rows]),
                    words.spreads([(row.low, row.high) for row in rows], True, words.FIGURE_SPACE, words.POINT_SPACE),
                    [row.note for row in rows],
                    strict=True,
                )
            ),
            found.how,
        )
        for regime, rows in found.rows.items()
    ]


def _assessments(study: Study) -> list[Assessment]:
    """An assessment of every regime that closes a gate or keeps a score; none where the rules cannot be read again."""
    return [study.assessment(name) for name in _assessed(study)]


def _assessed(study: Study) -> list[str]:
    try:
        declared = study.declared()
    except BadInput:  # a run of rules that this version no longer knows
        return []
    return [made.name for made in declared.regimes if made.score or made.lists]


def _rule_by_rule(study: Study) -> list[Rules]:
    """Rule by rule: of the regime whose reforms the study holds, else of every regime that is assessed."""
    names, reforms = _assessed(study), study.reforms()
    wanted = names if reforms is None else [name for name in names if name == reforms.regime]
    return [study.rules(name) for name in wanted]


def _main(study: Study) -> str:
    """The regime that the page shows open: the one whose reforms the study holds, else the last."""
    found = study.reforms()
    return found.regime if found is not None and len(found.names) > 1 else study.worlds[-1]


class Compared(NamedTuple):
    """The table of twins of one regime, as text: a row a measure, cells under `heads`."""

    title: str
    regime: str
    rows: list[tuple[str, list[str]]]


def _twins(study: Study, regime: str) -> Compared:
    """People beside the same people without the regime; figures padded to stand below one another."""
    rows = list(study.twins(regime))

    def figures(name: str, sign: bool = False) -> list[str]:
        values = [getattr(row, name) for row in rows]
        return _aligned(["·" if value is None else words.number(value, sign) for value in values])

    spread = words.spreads([(row.low, row.high) for row in rows], True, words.FIGURE_SPACE, words.POINT_SPACE)
    columns = [figures("ordinary"), figures("regime"), figures("net", True), spread]
    columns += [figures(name) for name in ("switched", "reverse")]
    at_once = [(row.at_once, row.at_once_reverse) for row in rows]
    columns.append(
        ["·" if a is None else words.number(a) + ("" if b is None else f" ({words.number(b)})") for a, b in at_once]
    )
    if any(row.floor is not None for row in rows):
        pairs = [(row.floor or 0.0, row.floor_reverse or 0.0) for row in rows]
        columns.append([f"{max(pair):.3f}" for pair in pairs])
    title = words.first_upper(study.scenario.world(regime).title)
    cells = [list(row) for row in zip(*columns, strict=True)]
    return Compared(title, regime, [(row.words, each) for row, each in zip(rows, cells, strict=True)])


def _part(study: Study, ledger: Ledger, main: str) -> Part:
    return Part(
        main=ledger.regime == main,
        ledger=ledger,
        heading=words.heading(ledger),
        worlds=[study.scenario.world(name) for name in (ledger.regime, ledger.ordinary) if name is not None],
        paragraph=" ".join(words.paragraph(study, ledger)),
        rows=_rows(ledger),
        spread=words.spread_meaning(ledger),
        figures=[Figure(picture, _inline(picture.svg, picture.alt)) for picture in charts.draw(study, ledger.regime)],
    )


def _reforms(study: Study) -> tuple[reforms.Section, Figure] | None:
    told = reforms.section(study)
    return told and (told, Figure(told.picture, _inline(told.picture.svg, told.picture.alt)))


def _lives(study: Study) -> list[tuple[life.Told, Figure]]:
    return [(told, Figure(told.picture, _inline(told.picture.svg, told.picture.alt))) for told in life.told(study)]


def _map(study: Study) -> Map | None:
    """Who was ever refused, in the first and the last world; None where no last state was kept."""
    from sincerity.report import map

    if not (study.manifest.get("state") or {}).get("file"):
        return None
    last = study.worlds[-1]
    first = study.worlds[0] if len(study.worlds) > 1 else None
    names = [study.scenario.world(name).short for name in (first, last) if name is not None]
    alt = f"{map.KINDS['refused'].title}? Map, a pixel a person, {words.listed(names)}."
    if study.scenario.people > map.MOST_PIXELS:  # too large for the page, and slow to draw for nothing
        return Map(Markup(""), alt)
    try:
        svg = map.svg(study, last, "refused", first, True)
    except store.StoreError:  # the states may be deleted to save space; the report is whole without them
        return None
    return Map(_inline(svg, alt) if len(svg) <= LARGEST_MAP else Markup(""), alt)


def _rows(ledger: Ledger) -> list[Cells]:
    """The table's cells, figures padded so that their decimal points stand below one another."""
    rows = list(ledger)
    regime = _aligned([words.number(row.regime) for row in rows])
    ordinary = _aligned(["" if row.ordinary is None else words.number(row.ordinary) for row in rows])
    difference = _aligned(["" if row.difference is None else words.number(row.difference, sign=True) for row in rows])
    pairs = [(row.low, row.high) for row in rows]
    spread = words.spreads(pairs, ledger.ordinary is not None, words.FIGURE_SPACE, words.POINT_SPACE)
    return [
        Cells(
            group=words.KINDS[row.kind] if k == 0 or rows[k - 1].kind != row.kind else "",
            sentence=row.sentence,
            detail=words.is_detail(row),
            when=words.WHEN[row.window],
            ordinary=ordinary[k],
            regime=regime[k],
            difference=difference[k],
            spread="an anecdote" if row.n == 1 else spread[k],
            few=_is_few(row),
        )
        for k, row in enumerate(rows)
    ]


def _aligned(texts: list[str]) -> list[str]:
    return words.aligned(texts, words.FIGURE_SPACE, words.POINT_SPACE)


def _is_few(row: LedgerRow) -> bool:
    return "few cases" in row.note


def _inline(svg: str, alt: str) -> Markup:
    """The picture inside a page: named for those who do not see it, without what only a file of its own needs."""
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"| class="[^"]*"| role="[^"]*"| aria-[\w-]+="[^"]*"', "", svg)
    name = Markup('<svg role="img" aria-label="{}"').format(alt)
    return Markup(svg.replace("<svg", name, 1))


def _by_file(study: Study) -> list[tuple[str, list[Told]]]:
    """The assumed figures: those of the society, then those of each regime, as (heading, figures)."""
    scenario = study.scenario
    titles = {"society": scenario.society.title, **{world.name: world.title for world in scenario.regimes}}
    found: dict[str, list[Told]] = {name: [] for name in titles}
    for path, figure in scenario.assumed():
        found[path.partition(".")[0]].append(figure)
    return [(words.first_upper(titles[name]), figures) for name, figures in found.items() if figures]


def _hashes(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """What was computed and from what, as (meaning, SHA-256)."""
    files = [(f"{name}, the file", value) for name, value in manifest["files"].items() if name != store.REPORT]
    return [("what determined the run (key)", manifest["key"]), ("the census's rows", manifest["content"]), *files]


def citation(study: Study) -> str:
    """How to quote the study: version, worlds, society, size, dates, seeds, run, day."""
    manifest = study.manifest
    worlds = "; ".join(words.heading(ledger) for ledger in ledgers(study))
    run = f"run {manifest['key'][:8]}, {words.day(manifest['ended'])}"
    return f"Sincerity {words.version(study)}. {worlds}. {words.setting(study.scenario)}. {words.first_upper(run)}."
