"""The forms of an account report: each has every element, XML keeps its schema, and nothing is run or let in."""

from __future__ import annotations

from xml.etree import ElementTree

import xmlschema

from api.reports.elements import NAMES
from api.reports.forms import NAMESPACE, SCHEMA
from api.workbook import MEDIA_TYPE
from tests.api.flags import finding, flag
from tests.api.reports.test_account_reports import HERE, Offices
from tests.api.test_xlsx import sheets
from tests.api.world import World

NASTY = "=cmd|' /C calc'!A0 <script>alert(1)</script> \x0b\x00 & ]]>"


def nasty(world: World) -> Offices:
    """An account whose findings hold what must do no harm."""
    made = Offices(world)
    world.store([flag("a", revision=2, findings=[finding(zh=NASTY, en=NASTY, evidence=["=e-1", "e-2"])])])
    return made


def test_xml_keeps_the_schema_in_the_repository(world: World) -> None:
    offices = nasty(world)
    report = offices.draft()
    schema = xmlschema.XMLSchema(str(SCHEMA), allow="local")
    answer = offices.read(report, offices.li, "application/xml")
    assert answer.headers["content-type"] == "application/xml"
    schema.validate(answer.text)
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - written by ourselves
    names = {element.tag.partition("}")[2] for element in root.iter()}
    assert {code for group in NAMES.values() for code in group} <= names
    assert root.tag == f"{{{NAMESPACE}}}accountReport"
    broken = answer.text.replace("<TPTR>01</TPTR>", "<TPTR>07</TPTR>")
    assert not schema.is_valid(broken)


def test_a_workbook_has_every_element_and_no_formula(world: World) -> None:
    offices = nasty(world)
    book = offices.read(offices.draft(), offices.li, MEDIA_TYPE)
    elements, findings, movements = sheets(book.content)
    assert [row[1] for row in elements[1:]] == [code for group in NAMES.values() for code in group]
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for sheet in (elements, findings, movements) for row in sheet for cell in row
    )
    assert [row[0] for row in movements] == ["TICD", "'=e-1", "e-2"]


def test_the_page_is_printable_and_runs_nothing(world: World) -> None:
    offices = nasty(world)
    page = offices.read(offices.draft(), offices.li, "text/html")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert all(code in page.text for group in NAMES.values() for code in group)
    assert "http" not in page.text


def test_every_form_of_an_unseen_report_is_the_same_404(world: World) -> None:
    offices = nasty(world)
    report = offices.draft()
    for form in ("application/xml", MEDIA_TYPE, "text/html"):
        answer = offices.read(report, offices.nfra, form)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert world.get(f"{HERE}/none", offices.li).json() == world.get(f"{HERE}/{report['report_id']}", offices.nfra).json()
