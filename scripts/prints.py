"""What README.md and docs/reforms.md show of runs, put between their markers: nothing there is written by hand.

`.venv/bin/python scripts/prints.py main home reforms` lives what was not lived yet (a finished run is found again) and
replaces, of each, what stands between `<!-- NAME: … -->` and `<!-- /NAME -->`:

main: what `./run` prints, and its picture; home: the same story in a society that has credit scores; reforms: which
single reform saves most. `--draws 32` first draws all assumed figures, so that the tables say which signs are not known
(minutes for each). Smaller for a try: `--people 10k --years 2 --seeds 2 --into FOLDER`.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
README, REFORMS = Path("README.md"), Path("docs/reforms.md")
PICTURES = Path("docs/images")
WIDTH = 100

if TYPE_CHECKING:
    from sincerity.study.study import Study


class Print(NamedTuple):
    """A run that is shown. worlds, society: what is compared; seeds: how many; command: what a reader types."""

    worlds: tuple[str, ...]
    society: str
    seeds: str
    command: str


PRINTS = {
    "main": Print(("none", "defaulter-lists-2018", "citizen-score"), "china-2020", "3", "./run"),
    "home": Print(
        ("none", "fico-us", "citizen-score"), "usa-2020", "3",
        "./run compare none fico-us citizen-score --society usa-2020",
    ),
    "reforms": Print(("citizen-score",), "china-2020", "20", "./run reforms citizen-score"),
}  # fmt: skip
PEOPLE, START, YEARS = "100k", "2014-06", "8"


def between(text: str, name: str, body: str) -> str:
    """The text with `body` between the markers of `name`; ValueError where it has none."""
    found = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if len(found.findall(text)) != 1:
        raise ValueError(f"there is no place for {name}, or more than one: <!-- {name}: … --> and <!-- /{name} -->")
    return found.sub(lambda place: f"{place[1]}{body.rstrip()}\n{place[2]}", text)


def block(text: str) -> str:
    """A block of plain text."""
    return f"```text\n{text.rstrip()}\n```\n"


def printed(study: Study) -> str:
    """What `compare` prints of a study, down to the life of one person drawn at random."""
    from sincerity.report import table

    told = table.render(study, WIDTH).partition("\nWhat to type next:")[0].rstrip()
    drawn = study.manifest.get("drawn", {}).get("lines", [])
    lines = [textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in drawn[:-1]]
    return block("\n".join([told, "", *lines]))


def answered(study: Study) -> str:
    """Which reform saves most, in sentences."""
    return textwrap.fill(" ".join(_answer(study)), 120) + "\n"


def reformed(study: Study, command: str) -> str:
    """The study of reforms as the middle of a page."""
    from sincerity.report import reforms

    found = study.reforms()
    assert found is not None
    chart = f"![{reforms.picture(study, found).alt.partition(';')[0]}](images/reforms.svg)"
    table = "\n".join(reforms.lines(study, found, WIDTH, answered=False))
    return "\n".join([answered(study), chart, "", f"    {command}", "", block(table)])


def _answer(study: Study) -> list[str]:
    from sincerity.report import reforms

    found = study.reforms()
    assert found is not None
    return reforms.answer(study, found)


def lived(name: str, given: argparse.Namespace) -> Study:
    """The study of one print: found, or lived."""
    from sincerity.cli.progress import progress
    from sincerity.study.reforms import keep_asked, worlds_of
    from sincerity.study.run import compare

    one = PRINTS[name]
    worlds = worlds_of(one.worlds[0]) if name == "reforms" else one.worlds
    options: dict[str, Any] = {"society": one.society, "people": given.people, "start": START, "years": given.years}
    options |= {"seeds": given.seeds or one.seeds, "out": ROOT / "runs"}
    if name == "reforms":
        options["state"] = False
    with progress() as watch:
        study = compare(list(worlds), watch=watch, **options)
        robust = study.robust
        if name != "reforms" and given.draws and (robust is None or robust.draws != given.draws):
            study.robustness(given.draws, watch=watch)
    if name == "reforms":
        keep_asked(study, worlds[1], worlds[2:])
    return study


def put(name: str, study: Study, into: Path) -> list[Path]:
    """Write one print into the files under a folder; returns them."""
    from sincerity.report import charts, reforms

    pages, pictures = {README: printed(study)}, {}
    if name == "reforms":
        found = study.reforms()
        assert found is not None
        link = "Right by right, with the chart and the price of each: [docs/reforms.md](docs/reforms.md).\n"
        pages = {README: f"{answered(study)}{link}", REFORMS: reformed(study, PRINTS[name].command)}
        pictures = {"reforms.svg": reforms.picture(study, found).svg}
    elif name == "main":
        drawn = {picture.id: picture for picture in charts.draw(study, study.worlds[-1])}
        pictures = {"sanctions-by-income.svg": drawn["income"].svg}
    for page, body in pages.items():
        path = into / page
        path.write_text(between(path.read_text(encoding="utf-8"), name, body), encoding="utf-8")
    for file, svg in pictures.items():
        (into / PICTURES / file).write_text(svg, encoding="utf-8")
    return [into / page for page in pages] + [into / PICTURES / file for file in pictures]


def main(arguments: list[str]) -> None:
    """Enter from the shell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", choices=list(PRINTS))
    parser.add_argument("--people", default=PEOPLE)
    parser.add_argument("--years", default=YEARS)
    parser.add_argument("--seeds", default="")
    parser.add_argument("--draws", type=int, default=0, help="of all assumed figures, for main and home")
    parser.add_argument("--into", type=Path, default=ROOT)
    given = parser.parse_args(arguments)
    for name in given.names:
        for path in put(name, lived(name, given), given.into):
            print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
