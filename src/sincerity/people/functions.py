"""Tables of real functions. Kernels never call exp or log, whose last bit depends on the machine: they look here.

The entries are made with `decimal` and rounded to float32, so that every machine has the same; a test holds their hash.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

import numpy as np
from numba import float32, float64, int32, int64, uint32
from numpy.typing import NDArray

from sincerity.people.kernel import inline

_EXACT = Context(prec=18)
EXP_REACH, EXP_STEPS = 8, 128
LOGISTIC_REACH, LOGISTIC_STEPS = 12, 32
_GUMBEL_CELLS = 2048


@lru_cache
def exp_table() -> NDArray[np.float32]:
    """exp(x) for x from -8 to 8 in steps of 1/128."""
    steps = EXP_REACH * EXP_STEPS
    return np.array([float(_EXACT.exp(Decimal(k) / EXP_STEPS)) for k in range(-steps, steps + 1)], np.float32)


@lru_cache
def logistic_table() -> NDArray[np.float32]:
    """1 / (1 + exp(-x)) for x from -12 to 12 in steps of 1/32."""
    steps = LOGISTIC_REACH * LOGISTIC_STEPS
    values = [1 / (1 + _EXACT.exp(Decimal(-k) / LOGISTIC_STEPS)) for k in range(-steps, steps + 1)]
    return np.array([float(v) for v in values], np.float32)


@lru_cache
def gumbel_table() -> NDArray[np.float32]:
    """-ln(-ln u): 2,048 cells of u from the top down, then 2,048 finer cells inside the uppermost."""
    cells = []
    for width in (Decimal(1) / _GUMBEL_CELLS, Decimal(1) / _GUMBEL_CELLS**2):
        for k in range(_GUMBEL_CELLS):
            u = 1 - (k + Decimal("0.5")) * width
            cells.append(float(-_EXACT.ln(-_EXACT.ln(u))))
    return np.array(cells, np.float32)


@lru_cache
def exponential_table() -> NDArray[np.float32]:
    """-ln u at 256 midpoints: an exponential variable of mean 1 (to 1/1000)."""
    return np.array([float(-_EXACT.ln((k + Decimal("0.5")) / 256)) for k in range(256)], np.float32)


@inline
def exp(table: Any, x: Any) -> Any:
    """exp(x), x clipped to -8 … 8, within 3e-5 of it."""
    y = (min(max(float32(x), float32(-7.999)), float32(7.999)) + float32(EXP_REACH)) * float32(EXP_STEPS)
    k = int64(y)
    f = y - float32(k)
    return table[k] + f * (table[k + 1] - table[k])


@inline
def logistic(table: Any, x: Any) -> Any:
    """1 / (1 + exp(-x)), x clipped to -12 … 12."""
    y = min(max(float32(x), float32(-11.99)), float32(11.99)) + float32(LOGISTIC_REACH)
    y = y * float32(LOGISTIC_STEPS)
    k = int64(y)
    f = y - float32(k)
    return table[k] + f * (table[k + 1] - table[k])


@inline
def gumbel(table: Any, word: Any) -> Any:
    """A standard Gumbel variable from a uint32 word (Train 2009: argmax of utility plus Gumbel noise is logit)."""
    top = uint32(word) >> uint32(21)
    fine = (uint32(word) >> uint32(10)) & uint32(_GUMBEL_CELLS - 1)
    return table[int64(top)] if top > uint32(0) else table[int64(_GUMBEL_CELLS) + int64(fine)]


@inline
def rounded(value: Any, word: Any) -> Any:
    """An integer beside a real value, up or down by 16 bits of luck, so that the mean is kept."""
    shifted = float64(value) + 65536.0
    whole = int64(shifted)
    up = float64(uint32(word) & uint32(0xFFFF)) < (shifted - float64(whole)) * 65536.0
    return whole - int64(65536) + (int64(1) if up else int64(0))


@inline
def rounded_above_0(value: Any, word: Any) -> Any:
    """The same of a value of 0 to 65,535, in 32 bits."""
    whole = int32(value)
    up = float32(int32(uint32(word) & uint32(0xFFFF))) < (value - float32(whole)) * float32(65536.0)
    return int32(whole + int32(up))
