"""What the machine's memory can move: the triad a = b + s · c of STREAM (McCalpin 1995), on arrays beyond any cache.

`python -m benchmarks.roofline THREADS` prints bytes a second as JSON: the best of ten, counted as STREAM counts (three
times eight bytes an element), on one thread and on so many.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numba
import numpy as np
from numpy.typing import NDArray

ELEMENTS, REPEATS = 1 << 24, 10


@numba.njit(nogil=True)
def triad(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], lo: int, hi: int) -> None:
    """A part of the triad."""
    for i in range(lo, hi):
        a[i] = b[i] + 3.0 * c[i]


def bandwidth(threads: int, elements: int = ELEMENTS, repeats: int = REPEATS) -> float:
    """Bytes a second."""
    a, b, c = np.zeros(elements), np.ones(elements), np.ones(elements)
    triad(a, b, c, 0, 1)
    bounds = [elements * k // threads for k in range(threads + 1)]
    best = float("inf")
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(repeats):
            began = perf_counter()
            for done in [pool.submit(triad, a, b, c, bounds[k], bounds[k + 1]) for k in range(threads)]:
                done.result()
            best = min(best, perf_counter() - began)
    return 24 * elements / best


if __name__ == "__main__":
    print(json.dumps({"one_thread": bandwidth(1), "all_threads": bandwidth(int(sys.argv[1]))}))
