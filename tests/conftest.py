"""Fixtures for all tests: a small land, settled once.

The kernels' folder must be known before Numba is loaded, and a test's own imports load Numba first.
"""

from __future__ import annotations

import os

import pytest

import sincerity.people.kernel  # noqa: F401
from sincerity.declare.catalogue import society
from sincerity.engine.world import Land, settle

os.environ["SINCERITY_STARTS"] = "0"  # tests, and the processes that they start, keep nothing in the user's folder


@pytest.fixture(scope="session")
def land() -> Land:
    """Two thousand people of China, seed 1."""
    return settle(society("china-2020"), 2_000, 1)
