"""The table of the README, made from benchmarks/result.json: `python -m benchmarks.table` puts it in its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "result.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- benchmarks: made by python -m benchmarks.table -->", "<!-- /benchmarks -->"


def table(result: dict[str, Any]) -> str:
    """A row each contestant, and beneath it where and with what it was measured."""
    sizes = sorted({row["people"] for row in result["rows"]})
    measured = {(row["name"], row["people"]): row for row in result["rows"]}
    heads = ["written with", *(f"ns a person-month, {size:,} people" for size in sizes), "times ours", "bytes a person"]
    lines = [row_of([*heads, "lines", "processors at work", "same bits, 1 and 2 threads"])]
    lines.append("|---|" + "--:|" * (len(sizes) + 5))
    for one in result["contestants"]:
        rows = [measured[one["name"], size] for size in sizes if (one["name"], size) in measured]
        good = [row for row in rows if "trouble" not in row]
        last = good[-1] if good else {}
        cells = [one["label"]]
        for size in sizes:
            row = measured.get((one["name"], size), {})
            cells.append(f"{row['ns']:,.0f}" if "ns" in row and "trouble" not in row else "not measured")
        cells.append(" / ".join(f"{row['times_ours']:.1f}" for row in good if "times_ours" in row) or "–")
        cells += [f"{last['bytes']:,.0f}", str(one["lines"])] if last else ["–", str(one["lines"])]
        cells.append(f"{last['processors']:.1f}" if last else "–")
        cells.append({True: "yes", False: "no", None: "not seen"}[one["same_bits"]])
        lines.append(row_of(cells))
    return "\n".join([*lines, "", *beneath(result)])


def row_of(cells: list[str]) -> str:
    """A row of a table in Markdown."""
    return "| " + " | ".join(cells) + " |"


def beneath(result: dict[str, Any]) -> list[str]:
    """What stands under the table."""
    roof, about, versions = result["roofline"], result["machine"], result["versions"]
    troubles = {row["name"]: row["trouble"] for row in result["rows"] if "trouble" in row}
    told = [
        f"The core month must move {roof['least_bytes']} bytes a person; this machine's memory moves "
        f"{roof['all_threads'] / 1e9:.0f} GB a second (triad, same run), which makes {roof['least_ns']:.1f} ns "
        "the floor for people who don't fit into its caches.",
        f"Measured {result['date']} on {about['processor']}, {about['processors']} processors, "
        f"{about['memory'] / 2**30:.0f} GiB, Python {about['python']}; "
        + ", ".join(f"{name} {number}" for name, number in versions.items())
        + f"; load before the run {about['load_before']:.1f}.",
    ]
    told += [f"Not measured: {name}: {why}." for name, why in troubles.items()]
    return [" ".join([*told, *([result["note"]] if result["note"] else [])])]


def placed(readme: str, result: dict[str, Any] | None) -> str:
    """The README with the table between its marks; with nothing there before anything was measured."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = f"{table(result)}\n" if result else ""
    return f"{before}{BEGIN}\n{told}{END}{after}"


def kept() -> dict[str, Any] | None:
    """The result that lies beside this file, if any does."""
    if not RESULT.exists():
        return None
    made: dict[str, Any] = json.loads(RESULT.read_text())
    return made


def main() -> None:
    """Put the table into the README."""
    README.write_text(placed(README.read_text(), kept()))


if __name__ == "__main__":
    main()
