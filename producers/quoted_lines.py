"""Makes one line of each CSV row: joins rows that hold line breaks in quotes, and finds lines whose quotes never close.

A parser that meets a stray quote takes what follows, line breaks included, into one cell until the next quote: many
good rows would vanish in one bad one. Here a stray quote costs its own line alone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

# The reader's own limit would refuse long cells that the parser takes.
csv.field_size_limit(2**31 - 1)

MOST_LINES = 20
"""A row of more lines than this is taken for a stray quote."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One entry a row, None where the row cannot be read; ``rest`` is what the next block must decide."""

    lines: list[bytes | None]
    rest: bytes


def one_line_a_row(data: bytes, cells: int, delimiter: str, *, last: bool) -> Rows:
    r"""Rows of a block of whole lines; a row's line breaks become spaces (the checks remove control characters anyway).

    What a row is depends on the file alone, not on where blocks end: undecided lines at a block's end are handed back
    unless it is the ``last`` one.

    >>> one_line_a_row(b'1,"two\nlines"\n2,"stray\n3,c\n', 2, ",", last=True).lines
    [b'1,"two lines"', None, b'3,c']
    """
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    lines = [line for line in lines if line]
    rows: list[bytes | None] = []
    at = 0
    while at < len(lines):
        if is_closed(lines[at], delimiter):
            rows.append(lines[at])
            at += 1
            continue
        end = _end(lines, at)
        if end is None and not last and len(lines) - at < MOST_LINES:
            return Rows(rows, b"\n".join(lines[at:]) + b"\n")
        joined = b" ".join(lines[at : end + 1]) if end is not None else b""
        whole = end is not None and _cells(joined, delimiter) == cells
        rows.append(joined if whole else None)
        at = end + 1 if whole and end is not None else at + 1
    return Rows(rows, b"")


def is_closed(line: bytes, delimiter: str) -> bool:
    """Whether every quote that opens a cell closes in the line; an inch sign inside a cell opens nothing.

    >>> is_closed(b'1,"a",5" wide', ","), is_closed(b'1,"a', ",")
    (True, False)
    """
    return b'"' not in line or _cells(line, delimiter) is not None


def _cells(line: bytes, delimiter: str) -> int | None:
    """Number of cells of a whole row; None where a quote stays open and the reader asks for another line."""
    reader = csv.reader([line.decode(), ""], delimiter=delimiter)
    try:
        row = next(reader)
    except csv.Error:
        return None
    return len(row) if reader.line_num == 1 else None


def _end(lines: list[bytes], start: int) -> int | None:
    """The next line that may close a quote: one with an odd number of them."""
    for at in range(start + 1, min(start + MOST_LINES, len(lines))):
        if lines[at].count(b'"') % 2:
            return at
    return None
