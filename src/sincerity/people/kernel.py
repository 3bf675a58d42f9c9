"""The one place where Numba is set: every rule and every kernel is compiled with these settings.

No fastmath (it moves bits), no parallel (the engine shares blocks out to threads itself), released from the GIL, kept
on disk, no counting of references to arrays (inside a loop it costs more than the loop; so a kernel cannot make one).
The kept forms of a module lie in a folder named after its source and those that it imports, since Numba itself notices
only a change of the kernel's own file and not of the functions that it takes in. Those of a researcher's own file lie
in a folder named after the month and all that the function takes in; they are kept only where a later process could
find the module again by its name, as a kept form asks for.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CellType, FunctionType, ModuleType
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


def function_hash(function: Any) -> str:
    """Sixteen hex digits of a function: its code, and the functions, numbers, texts and arrays that it takes in."""
    digest = hashlib.sha256()
    waiting, met = [getattr(function, "py_func", function)], set()
    while waiting:
        one = waiting.pop()
        if one in met:
            continue
        met.add(one)
        code, inside = one.__code__, [c for c in one.__code__.co_consts if hasattr(c, "co_code")]
        plain = [c for c in code.co_consts if c not in inside]
        digest.update(repr((code.co_name, code.co_code, plain, code.co_names)).encode())
        for each in inside:  # a comprehension or a function within
            waiting.append(FunctionType(each, one.__globals__, closure=tuple(CellType() for _ in each.co_freevars)))
        for name, value in _taken_in(code.co_names, one.__globals__):
            inner = getattr(value, "py_func", value)
            if isinstance(inner, FunctionType):
                waiting.append(inner)
            elif isinstance(value, (bool, int, float, str, tuple)):
                digest.update(repr((name, value)).encode())
            elif hasattr(value, "tobytes"):
                digest.update(name.encode() + value.tobytes())
    return digest.hexdigest()[:16]


def _taken_in(names: tuple[str, ...], known: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What these names stand for, those of a module's own (`module.name`) too."""
    for name in names:
        value = known.get(name)
        yield name, value
        if isinstance(value, ModuleType) and value.__name__.partition(".")[0] not in ("numpy", "numba", "math"):
            yield from ((f"{name}.{each}", vars(value).get(each)) for each in names)


def _folder(function: Callable[..., Any]) -> str:
    """Where the compiled form of a function is kept; one from elsewhere may take in anything of the month."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    package, _, module = function.__module__.partition(".")
    if package == "sincerity":
        name = f"{module}-{sources_hash(module)}"
    else:
        name = f"own-{sources_hash('month.schedule')}-{function_hash(function)}"
    return str(Path(home) / "sincerity" / "kernels" / name)


def _found_by_name(function: Callable[..., Any]) -> bool:
    """Whether its module is the one of that name; a file run by importlib without `sys.modules` is not."""
    return getattr(sys.modules.get(function.__module__), "__dict__", None) is function.__globals__


_OWN_FOLDER = "NUMBA_CACHE_DIR" not in os.environ


class Apart(CompilerBase):  # type: ignore[misc]
    """Numba's usual pipeline, told that the arrays which a kernel is handed lie apart: so loops over many of them
    become vector instructions. No kernel may be handed one that it writes and another that overlaps it.
    """

    def define_pipelines(self) -> list[Any]:
        """The usual one."""
        self.state.flags.noalias = True
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


SETTINGS: dict[str, Any] = {"error_model": "numpy", "boundscheck": False}


def kernel(function: _F) -> _F:
    """Compile a module-level loop over a range of people."""
    return _compile(function, _nrt=False, pipeline_class=Apart)


def roomy(function: _F) -> _F:
    """Compile a kernel that makes arrays of its own, or calls one that does: references to them are counted."""
    return _compile(function)


def _compile(function: _F, **further: Any) -> _F:
    if _OWN_FOLDER:  # read by Numba when the function is taken in
        numba.config.CACHE_DIR = _folder(function)
    return numba.njit(**SETTINGS, cache=_found_by_name(function), nogil=True, **further)(function)  # type: ignore[no-any-return]


def inline(function: _F) -> _F:
    """Compile a small function that is taken into the kernels which call it."""
    return numba.njit(**SETTINGS, inline="always")(function)  # type: ignore[no-any-return]
