"""What every test leaves as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command run by a test sets logging up for that test's own standard error, which is closed after it."""
    yield
    structlog.reset_defaults()
