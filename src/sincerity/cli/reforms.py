"""The command on reforms: which single safeguard saves most, and what it costs the promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sincerity.cli.show import document

if TYPE_CHECKING:
    from sincerity.study.reforms import Reforms
    from sincerity.study.study import Study


def reforms_document(study: Study, found: Reforms) -> str:
    """The study of reforms as one JSON document: every entry of both ledgers under every reform, and how often best."""
    return document(
        "reforms",
        regime=found.regime,
        ordinary=found.ordinary,
        reforms=[{"name": name, "title": found.titles[name]} for name in found.names],
        spread=found.spread,
        seeds=found.seeds,
        run={"folder": str(study.folder), "command": study.command},
        entries=[
            line._asdict() | {"changes": [c._asdict() | {"clear": c.clear} for c in line.changes]} for line in found
        ],
        standings=[standing._asdict() for standing in found.standings],
        note="no single grade: ranked within each right; invented people; not a forecast",
    )
