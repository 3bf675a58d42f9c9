"""A laboratory for social scoring: invented people, declared rules, and what follows if the assumptions hold.

    import sincerity as sc
    study = sc.compare(["none", "citizen-score"], people="10k", years=4)
    print(study.ledger())

The names below are read from `sincerity.api` when they are first used, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sincerity.api import BadInput, Ledger, StoreError, Study, compare, lab, load, resume, run, scenario

__version__ = "0.1.0"
__all__ = ["BadInput", "Ledger", "StoreError", "Study", "compare", "lab", "load", "resume", "run", "scenario"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sincerity import api

        return getattr(api, name)
    raise AttributeError(f"module 'sincerity' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
