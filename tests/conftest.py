"""Fixtures for all tests: a small land, settled once.

The kernels' folder must be known before Numba is loaded, and a test's own imports load Numba first.
"""

from __future__ import annotations

import pytest

import sincerity.people.kernel  # noqa: F401
from sincerity.declare.catalogue import society
from sincerity.engine.world import Land, settle


@pytest.fixture(scope="session")
def land() -> Land:
    """Two thousand people of China, seed 1."""
    return settle(society("china-2020"), 2_000, 1)
