"""The workbook: the list's rows, every cell text, readable by whoever reads workbooks."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from api.flags.csv_export import COLUMNS
from api.flags.cursor import Place
from api.flags.repository import FlagRow
from api.flags.xlsx_export import MEDIA_TYPE, xlsx_chunks
from contract import flag as flags
from tests.api.flags import finding, flag
from tests.api.world import World

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(book: bytes) -> list[list[list[str]]]:
    """Cells of every sheet, through the workbook's own relations."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))  # noqa: S314 - written by ourselves
        listed = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return [_cells(parts.read(name)) for name in listed]


def _cells(sheet: bytes) -> list[list[str]]:
    root = ElementTree.fromstring(sheet)  # noqa: S314
    assert root.find(f".//{MAIN}f") is None, "no formula anywhere"
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{MAIN}row")]


def test_a_workbook_has_the_lists_rows_and_no_formula(world: World) -> None:
    key = world.office("pboc", "341300")
    world.store([flag("a"), flag("b", score=85.0, findings=[finding(zh="=1+1 <b>&\x0b\ud7ff", en="@x")])])
    answer = world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": MEDIA_TYPE})
    assert answer.headers["content-type"] == MEDIA_TYPE
    (rows,) = sheets(answer.content)
    assert rows[0] == list(COLUMNS)
    assert [row[COLUMNS.index("account_id")] for row in rows[1:]] == ["a:a", "a:b"]
    assert rows[2][COLUMNS.index("reasons_zh")] == "'=1+1 <b>&\ud7ff"


def test_an_empty_list_is_an_empty_sheet_and_many_rows_go_on_in_the_next(world: World) -> None:
    key = world.office("pboc", "341300")
    empty = world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": MEDIA_TYPE})
    assert sheets(empty.content) == [[list(COLUMNS)]]
    rows = [FlagRow(Place(0, str(i)), f"a:{i}", "new", None, flags.encode(flag(str(i)))) for i in range(7)]
    book = b"".join(xlsx_chunks([rows[:3], rows[3:]], most_rows=3))
    assert [len(sheet) for sheet in sheets(book)] == [4, 4, 2]
    assert len({row[0] for sheet in sheets(book) for row in sheet[1:]}) == 7
