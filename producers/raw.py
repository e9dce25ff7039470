"""What an adapter gives: a raw table with the file's row numbers, and rows that could not even be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from contract.errors import Reason


@dataclass(frozen=True, slots=True)
class Raw:
    """Columns as the file has them, data rows counted from 1, and unreadable rows with their reason."""

    table: pa.Table
    rows: Any
    unreadable: list[tuple[int, Reason]] = field(default_factory=list)
