"""Frames: the named tuples in which a rule is handed its columns and tables, and nothing else.

The classes live in this module under names made from their fields, since Numba keeps compiled forms on disk by class.
"""

from __future__ import annotations

import hashlib
from collections import namedtuple
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def frame(kind: str, fields: Sequence[str]) -> Any:
    """The named tuple class for these fields; the same class for the same fields."""
    digest = hashlib.sha256(" ".join(fields).encode()).hexdigest()[:12]
    name = f"{kind}_{digest}"
    known = globals().get(name)
    if known is None:
        known = globals()[name] = namedtuple(name, list(fields), module=__name__)
    return known


def __getattr__(name: str) -> Any:
    """A class that an older compiled form speaks of and that nobody has made: it matches nothing."""
    kind, _, digest = name.partition("_")
    if kind in ("People", "Tables", "Firms", "Regions") and len(digest) == 12:
        return namedtuple(name, [])
    raise AttributeError(name)


def read_only(array: Any) -> Any:
    """The same memory, which the holder cannot write: an array, or a named tuple of some."""
    if isinstance(array, tuple):
        return type(array)(*map(read_only, array))
    shown: NDArray[np.generic] = array.view()
    shown.flags.writeable = False
    return shown


def kind_of(value: Any) -> Any:
    """What decides into which type a kernel's argument is compiled."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.c_contiguous, value.flags.writeable
    return type(value)


def compiled(function: Any, *arguments: Any) -> Any:
    """The machine code of a kernel for arguments of such kinds: called without a look at them, four times as fast.

    It must only be given arguments of the same kinds. A function that is no kernel is returned as it is.
    """
    if not hasattr(function, "typeof_pyval"):
        return function
    return function.compile(tuple(map(function.typeof_pyval, arguments)))
