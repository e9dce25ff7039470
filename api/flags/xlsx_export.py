"""Flags as XLSX: a workbook written as a stream, every cell a string, so that nothing in it is a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from api.flags.csv_export import COLUMNS, cells
from api.flags.repository import FlagRow

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_575
"""Rows of a sheet beside its head; more go on in the next sheet."""
_MOST_TEXT: Final = 32_767
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class _Sink:
    """Takes what the archive writes until it is fetched; not seekable, so nothing is kept."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def fetch(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def xlsx_chunks(pages: Iterable[Sequence[FlagRow]], *, most_rows: int = MOST_ROWS) -> Iterator[bytes]:
    """The workbook, a chunk a page, in constant memory."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        sheets = 0
        for number, part in _sheets((row for page in pages for row in page), most_rows):
            sheets = number
            with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for rows in part:
                    sheet.write(rows)
                    yield sink.fetch()
                sheet.write(b"</sheetData></worksheet>")
        for name, text in _frame(sheets):
            book.writestr(name, _XML + text)
    yield sink.fetch()


def _sheets(rows: Iterator[FlagRow], most_rows: int) -> Iterator[tuple[int, Iterator[bytes]]]:
    number = 1
    first = next(rows, None)
    while first is not None or number == 1:
        beyond: list[FlagRow] = []
        yield number, _rows(first, rows, most_rows, beyond)
        first = beyond[0] if beyond else None
        number += 1


def _rows(first: FlagRow | None, rows: Iterator[FlagRow], most_rows: int, beyond: list[FlagRow]) -> Iterator[bytes]:
    yield _row(COLUMNS)
    written = 0
    while first is not None:
        if written == most_rows:
            beyond.append(first)
            return
        yield _row(cells(first))
        written += 1
        first = next(rows, None)


def _row(texts: Sequence[str]) -> bytes:
    return ("<row>" + "".join(map(_cell, texts)) + "</row>").encode()


def _cell(text: str) -> str:
    kept = escape(_ILLEGAL.sub("", text)[:_MOST_TEXT])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def _frame(sheets: int) -> Iterator[tuple[str, str]]:
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="flags {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    related = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
    root = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>'
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers)
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}</Types>',
    )
