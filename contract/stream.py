"""A bank's files as the log would hold them: movements, profiles and watermarks in order, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from contract.errors import Reason


@dataclass(frozen=True, slots=True)
class Movements:
    """A stretch of a checked block (schema ``MOVEMENT``): rows ``order[start:stop]``, all of one partition, in its order.

    ``order`` lists all rows of the block, one institution and day after another; None where that is the block's own order.
    ``rows`` are the file rows of the stretch. A block is many stretches: what can be computed for all of its rows at once
    need not be computed a stretch at a time.
    """

    institution: str
    partition: int
    block: pa.RecordBatch
    order: Any
    start: int
    stop: int
    rows: Any

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def batch(self) -> pa.RecordBatch:
        """The stretch itself: a copy, where the block's order is another one."""
        if self.order is None:
            return self.block.slice(self.start, len(self))
        rows = self.order[self.start : self.stop]
        if rows[-1] - rows[0] == len(rows) - 1 and (rows[1:] > rows[:-1]).all():
            return self.block.slice(int(rows[0]), len(rows))
        return taken(self.block, rows)


def taken(batch: pa.RecordBatch, rows: Any) -> pa.RecordBatch:
    """The given rows; columns without any value, half of them as a rule, are not gathered."""
    count, wanted = len(rows), pa.array(rows)
    columns = [one.slice(0, count) if one.null_count == len(one) else one.take(wanted) for one in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


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
