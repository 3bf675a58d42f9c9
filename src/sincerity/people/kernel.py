"""The one place where Numba is set: every rule and every kernel is compiled with these settings.

No fastmath (it moves bits), no parallel (the engine shares blocks out to threads itself), released from the GIL, kept
on disk. The kept forms lie in a folder named after the sources they were compiled from, since Numba itself notices
only a change of the kernel's own file and not of the functions that it takes in.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

_ROOMS = ("people", "month", "engine", "census")
_F = TypeVar("_F", bound=Callable[..., Any])


def sources_hash() -> str:
    """Sixteen hex digits of all Python sources from which kernels are compiled."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parent.parent
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return str(Path(home) / "sincerity" / f"kernels-{sources_hash()}")


if "NUMBA_CACHE_DIR" not in os.environ:  # said twice, for a Numba that is loaded already and for processes to come
    numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"] = _cache_folder()


def kernel(function: _F) -> _F:
    """Compile a module-level loop over a range of people."""
    return numba.njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)(function)  # type: ignore[no-any-return]


def inline(function: _F) -> _F:
    """Compile a small function that is taken into the kernels which call it."""
    return numba.njit(inline="always", error_model="numpy", boundscheck=False)(function)  # type: ignore[no-any-return]
