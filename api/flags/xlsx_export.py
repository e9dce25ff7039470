"""Flags as XLSX: the rows of the list, in as many sheets as they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from api.flags.csv_export import COLUMNS, cells
from api.flags.repository import FlagRow
from api.workbook import MEDIA_TYPE, workbook_chunks

__all__ = ["MEDIA_TYPE", "xlsx_chunks"]
MOST_ROWS: Final = 1_048_575
"""Rows of a sheet beside its head; more go on in the next sheet."""


def xlsx_chunks(pages: Iterable[Sequence[FlagRow]], *, most_rows: int = MOST_ROWS) -> Iterator[bytes]:
    """The workbook, a chunk a row, in constant memory."""
    return workbook_chunks(_sheets((row for page in pages for row in page), most_rows))


def _sheets(rows: Iterator[FlagRow], most_rows: int) -> Iterator[tuple[str, Iterator[Sequence[str]]]]:
    number = 1
    first = next(rows, None)
    while first is not None or number == 1:
        beyond: list[FlagRow] = []
        yield f"flags {number}", _rows(first, rows, most_rows, beyond)
        first = beyond[0] if beyond else None
        number += 1


def _rows(first: FlagRow | None, rows: Iterator[FlagRow], most_rows: int, beyond: list[FlagRow]) -> Iterator[Sequence[str]]:
    yield COLUMNS
    written = 0
    while first is not None:
        if written == most_rows:
            beyond.append(first)
            return
        yield cells(first)
        written += 1
        first = next(rows, None)
