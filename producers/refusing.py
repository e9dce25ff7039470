"""Refused rows of a file as items of its stream: which file, which row, why, and whose row it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from contract.fields import INSTITUTION_PATTERN
from contract.reject import RowReject
from contract.stream import Refused
from producers.raw import Raw

_INSTITUTION: Final = re.compile(INSTITUTION_PATTERN)


def unreadable(raw: Raw, file: str, institution: str | None, *, profile: bool = False) -> Iterator[Refused]:
    """Rows that could not even be split into fields; whose they are is known only where a file is of one institution."""
    for one in raw.unreadable:
        yield Refused(institution, file, one.row, one.reason, one.field, profile=profile)


def refused(
    raw: Raw, table: pa.Table, rejects: list[RowReject], file: str, institution: str | None, *, profile: bool = False
) -> Iterator[Refused]:
    """Rows of ``table``, made of ``raw``, that a check refused.

    Each is its own institution's, as the row says: a file of several would otherwise give all of them a list that none can
    use. A value that can be no institution's code is not repeated.
    """
    for one in rejects:
        owner = _institution_of(table, one.row) or institution
        yield Refused(owner, file, int(raw.rows[one.row]), one.reason, one.field, profile=profile)


def _institution_of(table: pa.Table, row: int) -> str | None:
    if "institution_code" not in table.column_names:
        return None
    told = table.column("institution_code")[row].as_py()
    return told if isinstance(told, str) and _INSTITUTION.fullmatch(told) else None
