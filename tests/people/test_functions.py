"""Tables of functions: the committed entries, and how far they lie from the functions themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sincerity.people import functions
from sincerity.people.kernel import kernel

HASHES = {
    "exp_table": "5101df31bce2191acc037b88c391038c6edc45f15d60296fede7eeb89e22c171",
    "logistic_table": "8d80733afd994f6204321576f0671e8b2ad19a49ba3e2a82ad04c2d347c84a93",
    "gumbel_table": "725e116a85aaf87f8f3473570887566faf67ef68dcd952efd16ef1aaea7275dc",
    "exponential_table": "0e94b996a3db15c7525f8126902046baee361c87cf281afb3b1669dcb3d671eb",
}
"""sha256 of the entries as little-endian float32. If one moves, every result of every run moves."""


@kernel
def fill_exp(table: NDArray[np.float32], x: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    for k in range(x.shape[0]):
        out[k] = functions.exp(table, x[k])


@kernel
def fill_logistic(table: NDArray[np.float32], x: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    for k in range(x.shape[0]):
        out[k] = functions.logistic(table, x[k])


@kernel
def fill_gumbel(table: NDArray[np.float32], words: NDArray[np.uint32], out: NDArray[np.float32]) -> None:
    for k in range(words.shape[0]):
        out[k] = functions.gumbel(table, words[k])


@kernel
def fill_rounded(value: float, words: NDArray[np.uint32], out: NDArray[np.int64]) -> None:
    for k in range(words.shape[0]):
        out[k] = functions.rounded(value, words[k])


def filled(fill: Callable[..., None], table: NDArray[np.float32], x: NDArray[Any]) -> NDArray[np.float64]:
    out = np.zeros(len(x), np.float32)
    fill(table, x, out)
    return out.astype(np.float64)


@pytest.mark.parametrize("name", HASHES)
def test_the_entries_are_the_committed_ones(name: str) -> None:
    table = getattr(functions, name)()
    assert table.dtype == np.float32
    assert hashlib.sha256(table.astype("<f4").tobytes()).hexdigest() == HASHES[name]


def test_exp_is_within_its_bound() -> None:
    x = np.linspace(-7.999, 7.999, 400_001, dtype=np.float32)
    found = filled(fill_exp, functions.exp_table(), x)
    assert np.abs(found / np.exp(x.astype(np.float64)) - 1).max() < 3e-5
    assert (np.diff(found) >= 0).all()


def test_exp_is_clipped_beyond_its_reach() -> None:
    found = filled(fill_exp, functions.exp_table(), np.array([-1e9, -8, 8, 1e9], np.float32))
    assert found[0] == found[1] == pytest.approx(np.exp(-7.999), rel=1e-4)
    assert found[2] == found[3] == pytest.approx(np.exp(7.999), rel=1e-4)


def test_logistic_is_within_its_bound() -> None:
    x = np.linspace(-11.99, 11.99, 400_001, dtype=np.float32)
    found = filled(fill_logistic, functions.logistic_table(), x)
    assert np.abs(found - 1 / (1 + np.exp(-x.astype(np.float64)))).max() < 2e-5
    assert np.abs(found + found[::-1] - 1).max() < 1e-6
    ends = filled(fill_logistic, functions.logistic_table(), np.array([-1e9, 1e9], np.float32))
    assert ends == pytest.approx([0, 1], abs=1e-5)


def test_gumbel_has_the_distribution_of_its_name() -> None:
    """All 2**22 words that the tables tell apart, so nothing here is drawn."""
    words = np.arange(2**22, dtype=np.uint32) << np.uint32(10)
    values = filled(fill_gumbel, functions.gumbel_table(), words)
    assert values.mean() == pytest.approx(np.euler_gamma, abs=1e-3)
    assert values.var() == pytest.approx(np.pi**2 / 6, abs=3e-3)
    ordered = values[::-1]
    assert (np.diff(ordered) >= 0).all()
    ranks = (np.arange(len(ordered)) + 0.5) / len(ordered)
    assert np.abs(np.exp(-np.exp(-ordered)) - ranks).max() < 1 / 2048
    for quantile, bound in ((0.5, 1e-3), (0.99, 0.05), (0.9999, 0.01), (0.99999, 0.05)):  # the uppermost tail is there
        assert np.quantile(values, quantile) == pytest.approx(-np.log(-np.log(quantile)), abs=bound)


def test_the_exponential_table_has_mean_one() -> None:
    table = functions.exponential_table().astype(np.float64)
    assert table.mean() == pytest.approx(1, abs=1.4e-3)
    assert (np.diff(table) < 0).all()
    assert np.median(table) == pytest.approx(np.log(2), abs=1e-3)


@pytest.mark.parametrize("value", [0.0, 0.25, 3.0, 7.99998, 254.7, -0.5, -3.25, -1000.1])
def test_rounding_keeps_the_mean_and_stays_beside_the_value(value: float) -> None:
    words = np.arange(2**16, dtype=np.uint32) + np.uint32(0xABCD0000)
    found = np.zeros(2**16, np.int64)
    fill_rounded(value, words, found)
    assert found.mean() == pytest.approx(value, abs=2**-16)
    assert found.min() == np.floor(value)
    assert found.max() == np.ceil(value)
