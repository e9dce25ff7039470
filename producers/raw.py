"""What an adapter gives: a raw table with the file's row numbers, and rows that could not even be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

from contract.errors import Reason


class Unreadable(NamedTuple):
    """A row that no table can hold."""

    row: int
    reason: Reason
    field: str | None


@dataclass(frozen=True, slots=True)
class Raw:
    """Columns as the file has them, data rows counted from 1, and unreadable rows with their reason."""

    table: pa.Table
    rows: Any
    unreadable: list[Unreadable] = field(default_factory=list)
