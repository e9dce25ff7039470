"""CSV, optionally gzipped, in blocks of bounded size; a row that cannot be read is refused alone."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from contract.errors import ConfigurationError, Reason
from producers.layout import Layout
from producers.lines import line_blocks
from producers.plain_lines import PlainLines
from producers.quoted_lines import is_closed, one_line_a_row
from producers.raw import Raw, Unreadable

NAME = "csv"
SUFFIXES = (".csv",)


def read(path: Path, layout: Layout) -> Iterator[Raw]:
    """The columns that the layout needs, all as text; encoding and delimiter from the layout's ``[file]``.

    Rows count from 1 below the header, blank lines left out; a row with line breaks in quotes counts once.
    """
    blocks = line_blocks(path)
    head, _, first = next(blocks, b"").partition(b"\n")
    table = _Table(_header(path, head, layout), layout)
    row, rest = 0, first
    for block in blocks:
        raw, rest = table.rows(rest, row, last=False)
        row += raw.table.num_rows + len(raw.unreadable)
        yield raw
        rest += block
    yield table.rows(rest, row, last=True)[0]


def _header(path: Path, line: bytes, layout: Layout) -> list[str]:
    try:
        text = line.removeprefix(codecs.BOM_UTF8).decode(layout.encoding).rstrip("\r")
        names = [name.strip() for name in next(csv.reader([text], delimiter=layout.delimiter), [])]
    except (UnicodeDecodeError, csv.Error):
        raise ConfigurationError(f"{path.name}: the first line is no header in the encoding {layout.encoding}") from None
    if len(set(names)) != len(names):
        raise ConfigurationError(f"{path.name} names a column twice")
    if not set(names) & layout.needed:
        wanted = "that the mapping names" if not layout.is_own else "of ours: give --mapping"
        raise ConfigurationError(f"{path.name} has no column {wanted}")
    return names


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, many times faster than decoding them to find out."""
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


class _Table:
    """Parses blocks of lines under one header."""

    def __init__(self, names: list[str], layout: Layout) -> None:
        self._names = names
        self._layout = layout
        self._convert = pc.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[name for name in names if name in layout.needed],
        )
        # In our own layout an empty cell is an absent value; in a bank's the mapping may give it a meaning.
        self._plain = PlainLines(names, self._convert.include_columns, layout.delimiter, empty_is_null=layout.is_own)

    def rows(self, data: bytes, before: int, *, last: bool) -> tuple[Raw, bytes]:
        """Rows of whole lines, numbered from ``before`` + 1, and lines that the next block must decide."""
        text = self._utf8(data)
        if text is not None and self._is_plain(text):
            table = self._plain.table(text)
            found = self._parsed(text, text.count(b"\n")) if table is None else (table, [])
            if found is not None:
                return self._raw([(found, before)], []), b""
        return self._row_by_row(data, before, last=last)

    def _is_plain(self, text: bytes) -> bool:
        """Whether lines are rows unless their number says otherwise.

        A quote that stays open and a blank line take lines away, which shows; in the last line an open quote does not.
        """
        if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
            return False
        return is_closed(text[text.rfind(b"\n", 0, -1) + 1 :].rstrip(b"\r\n"), self._layout.delimiter)

    def _utf8(self, data: bytes) -> bytes | None:
        if self._layout.is_utf8:
            return data if _is_utf8(data) else None
        try:
            return data.decode(self._layout.encoding).encode()
        except UnicodeDecodeError:
            return None

    def _row_by_row(self, data: bytes, before: int, *, last: bool) -> tuple[Raw, bytes]:
        """The slow way, for blocks where rows are not simply lines."""
        lines, undecodable = [], b"\x00"
        for line in data.split(b"\n"):
            text = self._utf8(line)
            lines.append(undecodable if text is None else text)
        rows = one_line_a_row(b"\n".join(lines), len(self._names), self._layout.delimiter, last=last)
        rest = rows.rest if self._layout.is_utf8 else rows.rest.decode().encode(self._layout.encoding)
        good = [(line, before + at) for at, line in enumerate(rows.lines, 1) if line is not None and line != undecodable]
        refused = [before + at for at, line in enumerate(rows.lines, 1) if line is None or line == undecodable]
        parts: list[tuple[tuple[pa.Table, list[int]], Any]] = []
        self._halve(good, parts, refused)
        return self._raw(parts, refused), rest

    def _halve(self, good: list[tuple[bytes, int]], parts: list[Any], refused: list[int]) -> None:
        """Parse lines together where that gives a row each, else in halves, down to the line that does not."""
        if not good:
            return
        found = self._parsed(b"\n".join(line for line, _ in good) + b"\n", len(good))
        if found is not None:
            parts.append((found, np.array([row for _, row in good])))
        elif len(good) == 1:
            refused.append(good[0][1])
        else:
            half = len(good) // 2
            self._halve(good[:half], parts, refused)
            self._halve(good[half:], parts, refused)

    def _parsed(self, text: bytes, lines: int) -> tuple[pa.Table, list[int]] | None:
        """The block's table and the places of ragged rows; None where rows and lines do not agree."""
        ragged: list[int] = []

        def skip(row: pc.InvalidRow) -> str:
            ragged.append(row.number - 1)
            return "skip"

        try:
            table = pc.read_csv(
                pa.BufferReader(text),
                pc.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=self._names),
                pc.ParseOptions(
                    delimiter=self._layout.delimiter,
                    quote_char='"' if b'"' in text else False,
                    invalid_row_handler=skip,
                ),
                self._convert,
            )
        except pa.ArrowInvalid:
            # Also a block of nothing but ragged rows, or of none.
            return (self._empty(), ragged) if lines == len(ragged) else None
        return (table, ragged) if table.num_rows + len(ragged) == lines else None

    def _empty(self) -> pa.Table:
        return pa.table({name: pa.array([], pa.string()) for name in self._convert.include_columns})

    def _raw(self, parts: list[Any], refused: list[int]) -> Raw:
        tables, numbers, bad = [self._empty()], [np.zeros(0, np.int64)], list(refused)
        for (table, ragged), rows in parts:
            if isinstance(rows, int):
                rows = np.arange(rows + 1, rows + 1 + table.num_rows + len(ragged))
            bad += [int(rows[at]) for at in ragged]
            tables.append(table)
            numbers.append(np.delete(rows, ragged) if ragged else rows)
        unreadable = [Unreadable(row, Reason.MALFORMED_ROW, None) for row in sorted(bad)]
        return Raw(pa.concat_tables(tables[1:] or tables), np.concatenate(numbers), unreadable)
