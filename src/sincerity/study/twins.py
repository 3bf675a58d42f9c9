"""Twins: the same people with the same luck, without the regime. Net, switched, the reverse, at once; and the floor.

The *floor* is what chance alone switches: ordinary law against ordinary law in which one post of one person was changed
in the first month. Keyed luck keeps what that changes small; what a regime switches below it is not the regime's doing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from sincerity.census.measures import BY_ID
from sincerity.study import store
from sincerity.study.accounts import SUPPRESSED
from sincerity.study.ledger import bands, shown, spread, spread_words
from sincerity.study.tabular import aligned
from sincerity.study.tally import Counted, Tally, rate

if TYPE_CHECKING:
    from sincerity.engine.watch import Watch
    from sincerity.engine.world import World
    from sincerity.study.study import Study

FLOOR = "floor.json"
AGAIN = "none-again"
TWINNED = (
    "muted", "spoke_critical", "insincere", "critic", "approve", "late", "offence", "good_deed", "gave_up", "refused",
    "working", "partner", "lost_tie",
)  # fmt: skip
AT_ONCE = {
    "muted": ("muted_at_once", "freed_at_once"),
    "gave_up": ("gave_up", ""),
    "good_deed": ("good_for_points", ""),
}
"""What the same rule gives on the regime's own state with its tables off: (here only, with the tables off only)."""


@dataclass(frozen=True, slots=True)
class Twin:
    """One measure of people and their twins, of every 1,000 adults a month, means over the seeds.

    ordinary, regime: how many. net: regime minus ordinary; low, high: its spread. switched: so here, and not of the
    same person without the regime in the same month. reverse: the other way round; net = switched - reverse. at_once:
    so here and not with the regime's tables off in the same state; at_once_reverse: the other way round; None where
    not asked. floor, floor_reverse: switched by chance alone; None where the floor was not run.
    """

    id: str
    words: str
    ordinary: float
    regime: float
    net: float
    low: float
    high: float
    switched: float
    reverse: float
    at_once: float | None
    at_once_reverse: float | None
    floor: float | None
    floor_reverse: float | None


@dataclass(frozen=True, slots=True)
class Twins:
    """The table of twins of one regime; iterates over its rows."""

    title: str
    rows: tuple[Twin, ...]
    spread: str

    def __iter__(self) -> Iterator[Twin]:
        return iter(self.rows)

    def row(self, id: str) -> Twin:
        """The row of a measure; KeyError for others."""
        for row in self.rows:
            if row.id == id:
                return row
        raise KeyError(id)

    def to_arrow(self) -> pa.Table:
        """One line a measure."""
        return pa.table({name: [getattr(row, name) for row in self.rows] for name in Twin.__slots__})

    def lines(self) -> list[str]:
        """The table as text."""
        head = ("of every 1,000 adults a month", "ordinary", "regime", "net", "spread", "switched", "reverse",
                "at once", "reverse", "floor", "reverse")  # fmt: skip
        signed = [False, False, True]
        figures = [[row.ordinary for row in self.rows], [row.regime for row in self.rows], [r.net for r in self.rows]]
        columns = [[shown(v, sign) for v in column] for column, sign in zip(figures, signed, strict=True)]
        pairs = bands([(row.low, row.high) for row in self.rows], True)
        more = [[getattr(row, name) for row in self.rows] for name in ("switched", "reverse", "at_once",
                "at_once_reverse")]  # fmt: skip
        asked = [[SUPPRESSED if v is None else shown(v) for v in column] for column in more]
        chance = [[getattr(row, name) for row in self.rows] for name in ("floor", "floor_reverse")]
        floor = [[SUPPRESSED if v is None else f"{v:.3f}" for v in column] for column in chance]
        parts = [*map(aligned, columns), pairs, *map(aligned, [*asked, *floor])]
        cells = list(zip([row.words for row in self.rows], *parts, strict=True))
        widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
        lines = [
            "  ".join(c.ljust(w) if k == 0 else c.rjust(w) for k, (c, w) in enumerate(zip(line, widths, strict=True)))
            for line in (head, *cells)
        ]
        return [self.title, "", *lines, "", *SMALL, f"Spread of the net: {self.spread}."]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


SMALL = (
    "Switched: so under the regime, not so of the same person with the same luck without it, in the same month.",
    "Reverse: the other way round. Net: switched less reverse. At once: not so with the regime's tables off in the",
    "same state. Floor: what chance alone switches (one post of one person changed). A dot: not asked, or not run yet.",
)


def twins(tally: Tally, regime: str, ordinary: str, title: str, floor: dict[str, list[float]] | None) -> Twins:
    """The twins of one world against the study's first."""
    here, there = tally.of_world(regime), tally.of_world(ordinary)
    rows = tuple(_row(id, here, there, floor) for id in TWINNED)
    return Twins(title, rows, spread_words(len(tally.seeds)))


def _row(id: str, here: Counted, there: Counted, floor: dict[str, list[float]] | None) -> Twin:
    of = here.of(id)
    mine, base = rate(here[id], of, 1000.0), rate(there[id], there.of(id), 1000.0)
    low, high = spread(mine - base)
    first, second = AT_ONCE.get(id, ("", ""))
    by_chance = (floor or {}).get(id, [None, None])
    return Twin(
        id, BY_ID[id].title, float(base.mean()), float(mine.mean()), float((mine - base).mean()), low, high,
        *switches(here, there, id),
        _mean(here, first), _mean(here, second), *by_chance,
    )  # fmt: skip


def switches(here: Counted, there: Counted, id: str) -> tuple[float, float]:
    """(so here only, so there only) of every 1,000 adults a month, means over the seeds."""
    of, only = here.of(id), here.against(id)
    return float(rate(only, of, 1000.0).mean()), float(rate(there[id] - (here[id] - only), of, 1000.0).mean())


def _mean(counted: Counted, measure: str) -> float | None:
    return float(rate(counted[measure], counted.of(measure), 1000.0).mean()) if measure else None


# ---- the floor ----------------------------------------------------------------------------------------------------


def read_floor(study: Study) -> dict[str, list[float]] | None:
    """Measure -> [switched, reverse] by chance alone, as the run folder keeps it; None where it was not run."""
    return dict(found["floor"]) if (found := read_part(study, FLOOR)) else None


def read_part(study: Study, name: str) -> dict[str, Any] | None:
    """What a JSON file of the run folder says; None where there is none or it is of another run."""
    path = study.folder / name
    if not path.is_file():
        return None
    with store.disk(path):
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found if found.get("key") == study.manifest["key"] else None


def floor(study: Study, watch: Watch | None = None, threads: int | None = None) -> dict[str, list[float]]:
    """Run ordinary law against itself with one post of one person changed; keep what that switches in the run folder.

    Of the study's own size, months and seeds. Returns measure -> [switched, reverse], of every 1,000 adults a month of
    the last year.
    """
    from sincerity.declare.catalogue import regime
    from sincerity.engine.cpu import simulate
    from sincerity.engine.watch import nobody

    store.of_usual_rules(study.manifest, "the floor")
    told: Watch = watch or nobody
    law = regime("none")
    scenario = replace(study.declared(), regimes=(law, law.model_copy(update={"name": AGAIN})))
    tables = []
    for k, seed in enumerate(scenario.seeds):
        told("seed", k, len(scenario.seeds))
        tables.append(simulate(scenario, seed, threads=threads, watch=told, touch=change_a_post).rows.table())
    tally = Tally(pa.concat_tables(tables), "all")
    here, there = tally.of_world(AGAIN), tally.of_world("none")
    found = {id: list(switches(here, there, id)) for id in TWINNED}
    store.write_json(study.folder / FLOOR, {"schema": "sincerity/floor", "key": study.manifest["key"], "floor": found})
    return found


def change_a_post(worlds: Sequence[World], month: int) -> None:
    """After the first month, the first person with company is seen in world 1 to have criticised, or not to have."""
    from sincerity.people.columns import SPOKE_AGAINST, SPOKE_FOR

    if month != 0:
        return
    board, hold = worlds[1].columns["board"], worlds[1].columns["hold"]
    person = int(np.flatnonzero(hold)[0])
    seen = int(board[person])
    flags = (seen >> 16) & 0xFFFF
    changed = flags & ~SPOKE_AGAINST if flags & SPOKE_AGAINST else (flags | SPOKE_AGAINST) & ~SPOKE_FOR
    board[person] = (seen & ~(0xFFFF << 16)) | changed << 16
