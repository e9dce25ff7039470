"""Columns of an archive file: movements, profiles and watermarks of one range of the log, in one table."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from contract.movement import MOVEMENT, TIMESTAMP
from contract.profile import PROFILE

FORMAT: Final = "1"
_OF_THE_LOG: Final = pa.schema(
    [
        ("log_offset", pa.int64()),
        ("log_row", pa.int32()),
        ("record", pa.string()),
        ("refused", pa.bool_()),
        ("complete_to", TIMESTAMP),
    ]
)
ARCHIVE: Final = pa.unify_schemas([_OF_THE_LOG, MOVEMENT, PROFILE])
"""Every column that a file may have; columns without any value are left out of it, but for ``ALWAYS``.

``log_offset`` and ``log_row`` (row inside the record, 0 for a single object) give a row's place in its partition;
``record`` is ``movement``, ``profile`` or ``watermark`` (as the header); ``refused`` is true for a row that was sound by
itself and yet refused (another content or another holder than before). A watermark has ``complete_to`` alone. Rows
stand ordered by (``account_id``, ``log_offset``, ``log_row``), so that one account is in few row groups.
"""


ALWAYS: Final = ("log_offset", "log_row", "record", "refused", "account_id", "event_id", "direction", "occurred_at")
"""Columns that are in every file, without rows too: what readers ask for."""


def filled(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The columns of ``schema``, those that are not there as nulls."""
    names = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in names else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
