"""Fixtures for all tests: a small land, settled once."""

from __future__ import annotations

import pytest

from sincerity.declare.catalogue import society


@pytest.fixture(scope="session")
def land():  # type: ignore[no-untyped-def]
    """Two thousand people of China, seed 1. Numba is loaded only where the fixture is asked for."""
    from sincerity.engine.world import settle

    return settle(society("china-2020"), 2_000, 1)
