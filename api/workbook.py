"""XLSX workbooks written as a stream, every cell a string, so that nothing in them is a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_TEXT: Final = 32_767
ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0 does not take."""
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula's beginning, full-width forms included."""

Rows = Iterable[Sequence[str]]


def harmless(cell: object) -> str:
    """A cell that no spreadsheet runs: text that begins like a formula gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("c:abc"), harmless(None)
    ("'=1+1", 'c:abc', '')
    """
    text = "" if cell is None else str(cell)
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text


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


def workbook_chunks(sheets: Iterable[tuple[str, Rows]]) -> Iterator[bytes]:
    """The workbook of named sheets, a chunk a row or so, in constant memory. Cells must be ``harmless`` already."""
    sink = _Sink()
    names: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        for name, rows in sheets:
            names.append(name)
            with book.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for row in rows:
                    sheet.write(_row(row))
                    yield sink.fetch()
                sheet.write(b"</sheetData></worksheet>")
        for part, text in _frame(names):
            book.writestr(part, _XML + text)
    yield sink.fetch()


def _row(texts: Sequence[str]) -> bytes:
    return ("<row>" + "".join(map(_cell, texts)) + "</row>").encode()


def _cell(text: str) -> str:
    kept = escape(ILLEGAL.sub("", text)[:_MOST_TEXT])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    numbered = list(enumerate(names, start=1))
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
    root = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>'
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}</Types>',
    )
