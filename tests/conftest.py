"""What every test leaves as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# How long an example takes is the machine's affair: a first one compiles kernels, and neighbours may have the cores.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command run by a test sets logging up for that test's own standard error, which is closed after it."""
    yield
    structlog.reset_defaults()
