"""The one place where Numba is set: every rule and every kernel is compiled with these settings.

No fastmath (it moves bits), no parallel (the engine shares blocks out to threads itself), released from the GIL, kept
on disk. The kept forms of a module lie in a folder named after its source and those that it imports, since Numba
itself notices only a change of the kernel's own file and not of the functions that it takes in.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.compiler import CompilerBase, DefaultPassBuilder

_F = TypeVar("_F", bound=Callable[..., Any])
_PACKAGE = Path(__file__).resolve().parent.parent
_IMPORTS = re.compile(r"^from sincerity\.([\w.]+) import (\([^)]*\)|[^\n]*)", re.MULTILINE)


@cache
def _imported(module: str) -> tuple[str, ...]:
    """The modules of the package, without its name, that a module of it takes something from."""
    found = []
    for where, what in _IMPORTS.findall(_source(module).decode()):
        names = [f"{where}.{name}" for name in re.findall(r"\w+", what)]
        found += [m for m in (where, *names) if (_PACKAGE / f"{m.replace('.', '/')}.py").is_file()]
    return tuple(found)


def _source(module: str) -> bytes:
    return (_PACKAGE / f"{module.replace('.', '/')}.py").read_bytes()


@cache
def sources_hash(module: str) -> str:
    """Sixteen hex digits of the sources of a module, such as `month.score`, and of all that it imports from here."""
    waiting, met = [module, "people.kernel"], set()
    while waiting:
        one = waiting.pop()
        if one not in met:
            met.add(one)
            waiting += _imported(one)
    digest = hashlib.sha256()
    for one in sorted(met):
        digest.update(one.encode() + b"\0" + _source(one))
    return digest.hexdigest()[:16]


def _folder(function: Callable[..., Any]) -> str:
    """Where the compiled form of a function is kept; one from elsewhere may take in anything of the month."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    package, _, module = function.__module__.partition(".")
    name = f"{module}-{sources_hash(module)}" if package == "sincerity" else f"own-{sources_hash('month.schedule')}"
    return str(Path(home) / "sincerity" / "kernels" / name)


_OWN_FOLDER = "NUMBA_CACHE_DIR" not in os.environ


class Apart(CompilerBase):  # type: ignore[misc]
    """Numba's usual pipeline, told that the arrays which a kernel is handed lie apart: so loops over many of them
    become vector instructions. No kernel may be handed one that it writes and another that overlaps it.
    """

    def define_pipelines(self) -> list[Any]:
        """The usual one."""
        self.state.flags.noalias = True
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


def kernel(function: _F) -> _F:
    """Compile a module-level loop over a range of people."""
    if _OWN_FOLDER:  # read by Numba when the function is taken in
        numba.config.CACHE_DIR = _folder(function)
    return numba.njit(nogil=True, cache=True, error_model="numpy", boundscheck=False, pipeline_class=Apart)(function)  # type: ignore[no-any-return]


def inline(function: _F) -> _F:
    """Compile a small function that is taken into the kernels which call it."""
    return numba.njit(inline="always", error_model="numpy", boundscheck=False)(function)  # type: ignore[no-any-return]
