"""The public names, in one place: `import sincerity as sc` and `sc.compare(...)` reach them here."""

from sincerity.declare.problems import BadInput
from sincerity.declare.scenario import scenario
from sincerity.study.lab import lab
from sincerity.study.ledger import Ledger
from sincerity.study.run import compare, resume, run
from sincerity.study.store import StoreError
from sincerity.study.study import Study, load

__all__ = ["BadInput", "Ledger", "StoreError", "Study", "compare", "lab", "load", "resume", "run", "scenario"]
