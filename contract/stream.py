"""A bank's files as the log would hold them: movements, profiles and watermarks in order, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from contract.errors import Reason


@dataclass(frozen=True, slots=True)
class Movements:
    """A checked batch (schema ``MOVEMENT``) of one partition of one institution, with the file rows it came from."""

    institution: str
    partition: int
    batch: pa.RecordBatch
    rows: Any


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
