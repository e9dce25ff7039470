"""Fixtures of the office side's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh office side over SQLite."""
    made = make_world(f"sqlite:///{tmp_path}/ledger.sqlite")
    yield made
    made.close()
