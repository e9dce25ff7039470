"""A bank's files as the log would hold them: movements, profiles and watermarks in order, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from contract.errors import Reason


@dataclass(frozen=True, slots=True)
class Movements:
    """Rows ``start`` to ``stop`` of a checked block (schema ``MOVEMENT``, one institution), all of one partition.

    ``rows`` are the file rows that they came from. A block is many stretches: what can be computed for all of its rows
    at once need not be computed a stretch at a time.
    """

    institution: str
    partition: int
    block: pa.RecordBatch
    start: int
    stop: int
    rows: Any

    @property
    def batch(self) -> pa.RecordBatch:
        """The stretch itself, no copy."""
        return self.block.slice(self.start, self.stop - self.start)


@dataclass(frozen=True, slots=True)
class Profiles:
    """A checked batch (schema ``PROFILE``) that acts on what follows in its partition."""

    institution: str
    partition: int
    batch: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class WatermarkItem:
    """For every partition of the institution: all movements before ``complete_to_ms`` have passed."""

    institution: str
    complete_to_ms: int


@dataclass(frozen=True, slots=True)
class Refused:
    """One row of a file that could not be used; ``row`` counts data rows from 1, ``profile`` tells the kind of file."""

    institution: str | None
    file: str
    row: int
    reason: Reason
    field: str | None
    profile: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """Progress of reading: rows read so far, rows of other institutions, and optional values blanked, by field."""

    rows: int
    skipped: int
    degraded: dict[str, int]


Item = Movements | Profiles | WatermarkItem | Refused | Counted
