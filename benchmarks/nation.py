"""What a million cannot see: a nation's run beside one of a million people of the same regime, society and months.

    python -m benchmarks.nation NATION MILLION [MORE …]   run folders; writes benchmarks/nation.json and docs/nation.md
    python -m benchmarks.nation                           writes docs/nation.md from benchmarks/nation.json

Of further runs time and memory are told. All are read from what runs leave: the manifest and the census. Counts under
20 are not shown.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from sincerity.declare.problems import BadInput, Problem, sized
from sincerity.study.study import Study, load

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "nation.json"
PAGE = ROOT / "docs" / "nation.md"
BEGIN, END = "<!-- nation: made by python -m benchmarks.nation -->", "<!-- /nation -->"
FEWEST, SHORTEST = 20, 0.05
"""Counts and seconds below which nothing is said."""
RARE = (
    ("wrong_ever", "minority", "minority", "broke the law gravely or failed a debt, minority"),
    ("punished_ever", "age", "75 and over", "punished for a post, 75 and over"),
    ("on_list", "decile", "10", "on a list in the last month, highest income decile"),
    ("corrected_ever", "education", "primary or less", "had a false record taken back, primary schooling or less"),
    ("listed_unable", "education", "college", "on a list in the last month and could not pay, college"),
    ("wrongly_listed", "all", "all", "on a list in the last month only because of a mistaken identity"),
    ("wrongly_ever", "minority", "minority", "ever refused only because of somebody else's record, minority"),
    ("refused_school", "decile", "10", "refused a school, highest decile, a month"),
    ("apology_punished", "all", "all", "apologised sincerely for a post in the last month and were punished"),
    ("by_ties_ever", "decile", "1", "ever refused only because of their friends, lowest decile"),
    ("by_ties_ever", "age", "75 and over", "ever refused only because of their friends, 75 and over"),
    (
        "refused_wrongly",
        "education",
        "college",
        "refused only because of somebody else's record, college, a month",
    ),
)
"""Measure, grouping, group, and how the row is called."""
BY_PROVINCE = ("wrongly_ever", "refused only because of somebody else's record, in the year")
FIGURES = (
    "society",
    "warnings",
    "command",
    "people",
    "months",
    "start",
    "seconds",
    "by_phase",
    "ns_per_person_month",
    "peak",
    "mapped",
    "free",
    "threads",
)


def rows_of(study: Study) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(count, of) by measure, grouping and group, in the last month of the run's last world."""
    table = study.census
    last = pc.max(table["month"])
    mine = table.filter(pc.and_(pc.equal(table["month"], last), pc.equal(table["world"], study.worlds[-1])))
    return {(row["measure"], row["by"], row["group"]): (row["count"], row["of"]) for row in mine.to_pylist()}


def figures(study: Study) -> dict[str, Any]:
    """What the manifest says of a run's time and memory."""
    manifest, scenario = study.manifest, study.scenario
    timings, memory = manifest["timings"], manifest["memory"]
    known = {**timings, **memory, "people": scenario.people, "months": scenario.months}
    known["start"] = (manifest.get("start") or ["unknown"])[0]
    known |= {"society": scenario.society.title, "warnings": list(scenario.warnings), "command": study.command}
    return {name: known[name] for name in FIGURES if name in known} | {
        "threads": manifest["threads"], "ended": manifest["ended"],
        "device": manifest["device"], "columns_mapped": memory.get("columns_mapped", []),
    }  # fmt: skip


def collect(nation: Study, million: Study, *further: Study) -> dict[str, Any]:
    """All that is told; BadInput where nation and million are not the same but for their people."""
    first, second = nation.scenario, million.scenario
    names = ("regimes", "society", "start", "months", "seeds")
    for name in names:
        if getattr(first, name) != getattr(second, name):
            message = f"the two runs differ in their {name}, not in their people alone"
            raise BadInput([Problem(str(million.folder), 0, 0, message, "runs of the same but for --people")])
    if len(first.seeds) != 1 or len(first.regimes) != 1:
        raise BadInput([Problem(str(nation.folder), 0, 0, "more than one seed or regime", "one of each")])
    large, small = rows_of(nation), rows_of(million)
    none = (0, 0)

    def pair(measure: str, by: str, group: str, words: str) -> dict[str, Any]:
        both = (large.get((measure, by, group), none), small.get((measure, by, group), none))
        return {"words": words, "nation": seen(*both[0]), "million": seen(*both[1])}

    provinces = sorted({group for measure, by, group in large if by == "region" and measure == BY_PROVINCE[0]})
    cells = [key for key in large if key[1] not in ("score", "all") and not key[0].endswith("_sum") and large[key][1]]
    return {
        "regime": first.regimes[0].title,
        "society": first.society.title,
        "runs": {"nation": figures(nation), "million": figures(million)}
        | {f"further {k}": figures(study) for k, study in enumerate(further, 1)},
        "manifest": {name: told for name, told in nation.manifest.items() if name != "scenario"},
        "rare": [pair(*row) for row in RARE],
        "province": [pair(BY_PROVINCE[0], "region", name, name) for name in provinces],
        "cells": {
            "all": len(cells),
            "nation": sum(large[key][0] >= FEWEST for key in cells),
            "million": sum(small.get(key, none)[0] >= FEWEST for key in cells),
        },
    }


def seen(count: int, of: int) -> dict[str, float] | None:
    """A count and its rate of a million; None where it is too small to be shown."""
    return {"count": count, "of_million": round(1e6 * count / of, 3)} if count >= FEWEST and of else None


# ---- the page -----------------------------------------------------------------------------------------------------


def told(result: dict[str, Any]) -> str:
    """What stands between the marks."""
    runs, cells, title = result["runs"], result["cells"], result["regime"]
    many = f"{runs['nation']['people']:,}", f"{runs['million']['people']:,}"
    heads = [f"{many[0]} people", "of a million", f"{many[1]} people", "of a million"]
    rare = [row_of(["who", *heads]), "|---|" + "--:|" * 4, *map(_pair, result["rare"])]
    province = [row_of([BY_PROVINCE[1], *heads]), "|---|" + "--:|" * 4, *map(_pair, result["province"])]
    return "\n".join(
        [
            f"{title[:1].upper()}{title[1:]}; {result['society']}.",
            "",
            *_machine(runs),
            "",
            f"`{result['manifest']['command']}`, ended {result['manifest']['ended'][:10]}; its manifest, but for the "
            "figures of regime and society, is in `benchmarks/nation.json`.",
            "",
            "### Few of them in a million",
            "",
            *rare,
            "",
            f"Of the {cells['all']:,} counts by group that a census takes of a year, {cells['nation']:,} are {FEWEST} "
            f"and more in the nation, {cells['million']:,} in the million. “–”: fewer than {FEWEST}, not shown.",
            "",
            "### Province by province",
            "",
            *province,
        ]
    )


def _pair(row: dict[str, Any]) -> str:
    cells = [row["words"]]
    for who in ("nation", "million"):
        one = row[who]
        cells += [f"{one['count']:,.0f}", _rate(one["of_million"])] if one else ["–", "–"]
    return row_of(cells)


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}" if rate >= 1 else f"{rate:.2f}"


def _machine(runs: dict[str, Any]) -> list[str]:
    """Time and memory of both runs, side by side."""
    rows = [row_of(["", *(f"{run['people']:,} people" for run in runs.values())]), "|---|" + "--:|" * len(runs)]
    rows.append(row_of(["society", *(run["society"] for run in runs.values())]))
    phases = dict.fromkeys(phase for run in runs.values() for phase, s in run["by_phase"].items() if s >= SHORTEST)
    rows += [row_of([phase, *(took(run["by_phase"].get(phase, 0)) for run in runs.values())]) for phase in phases]
    for name, text in (
        ("all of it", lambda run: f"{run['seconds']:,.0f} s"),
        ("a person and month lived", lambda run: f"{run['ns_per_person_month']:.1f} ns"),
        ("most memory held", lambda run: sized(run["peak"])),
        ("in files", lambda run: sized(run["mapped"]) if run["mapped"] else "nothing"),
        ("free before", lambda run: sized(run["free"])),
        ("threads", lambda run: str(run["threads"])),
        ("start", lambda run: run["start"]),
    ):
        rows.append(row_of([name, *map(text, runs.values())]))
    return [*rows, *(f"\n{' '.join(run['warnings'])}" for run in runs.values() if run["warnings"])]


def took(seconds: float) -> str:
    """Seconds of a phase; nothing where it took next to none."""
    return f"{seconds:,.1f} s" if seconds >= SHORTEST else "–"


def row_of(cells: list[str]) -> str:
    """A row of a table in Markdown."""
    return "| " + " | ".join(cells) + " |"


def placed(page: str, result: dict[str, Any] | None) -> str:
    """The page with what is told between its marks; nothing there before a nation was run."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{told(result) + chr(10) if result else ''}{END}{after}"


def kept() -> dict[str, Any] | None:
    """The result that lies beside this file, if any does."""
    return json.loads(RESULT.read_text()) if RESULT.exists() else None


def main(arguments: list[str]) -> int:
    """Collect from two runs, if they are named, and write the page; 2 for what is wrong with them."""
    try:
        if arguments:
            if len(arguments) < 2:
                raise BadInput(
                    [Problem("benchmarks.nation", 0, 0, "expected two run folders", "a nation's, a million's")]
                )
            made = collect(*(load(folder) for folder in arguments))
            RESULT.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    PAGE.write_text(placed(PAGE.read_text(), kept()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
