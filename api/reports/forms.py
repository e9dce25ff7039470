"""An account report as XML, workbook and printable page: the same elements in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.reports.content import Content, FindingLine
from api.reports.elements import NAMES, TRIGGERS
from api.reports.schemas import ReportOut
from api.workbook import ILLEGAL, Rows, harmless, workbook_chunks

NAMESPACE: Final = "urn:fundwatch:account-report:1"
SCHEMA: Final = Path(__file__).parent / "account_report.xsd"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADS: Final = ("组别 group", "代码 code", "要素 element", "Element", "内容 value")
_FINDING: Final = ("typology", "window", "value", "threshold", "strength", "coverage", "zh", "en")
_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_xml(report: ReportOut, content: Content) -> bytes:
    """The report by ``account_report.xsd``; characters that XML does not take are left out."""
    root = Element("accountReport", {"xmlns": NAMESPACE, "id": report.report_id, "state": report.state.value})
    _head(root, content)
    for name, code, values in (("subject", "CSNM", content.subject), ("account", "CTAC", content.account)):
        group = SubElement(root, name, {"key": _clean(values[code])})
        for element, value in values.items():
            _text(group, element, value)
    findings = SubElement(root, "findings")
    for finding in content.findings:
        _finding(findings, finding)
    movements = SubElement(root, "movements")
    for event in content.evidence:
        _text(movements, "TICD", event)
    addressees = SubElement(root, "addressees")
    for delivery in report.deliveries:
        _text(addressees, "office", delivery.office)
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _head(root: Element, content: Content) -> None:
    head = SubElement(root, "report")
    for code in NAMES["report"]:
        if code == "STCR":
            for feature in content.features:
                _text(head, code, feature)
        elif code in ("STCB", "AOSP"):
            narrative = content.stcb if code == "STCB" else content.aosp
            for language, text in (("zh", narrative.zh), ("en", narrative.en)):
                _text(head, code, text).set(_LANGUAGE, language)
        else:
            _text(head, code, content.report[code])


def _finding(parent: Element, finding: FindingLine) -> None:
    numbers = {name: str(getattr(finding, name)) for name in ("value", "threshold", "strength", "coverage")}
    element = SubElement(parent, "finding", {"typology": finding.typology, "window": finding.window} | numbers)
    for language, text in (("zh", finding.zh), ("en", finding.en)):
        _text(element, "reason", text).set(_LANGUAGE, language)


def _text(parent: Element, name: str, value: str) -> Element:
    element = SubElement(parent, name)
    element.text = _clean(value)
    return element


def _clean(text: str) -> str:
    return ILLEGAL.sub("", text)


def as_xlsx(content: Content) -> Iterator[bytes]:
    """A workbook of elements, findings and movements; nothing in it is a formula."""
    return workbook_chunks(
        [
            ("报告要素", _element_rows(content)),
            ("疑点", _finding_rows(content)),
            ("涉及交易", [["TICD"], *([harmless(event)] for event in content.evidence)]),
        ]
    )


def element_rows(content: Content) -> Iterator[tuple[str, str, str, str, str]]:
    """Group, code, names in both languages and value of every element, in the order of all forms."""
    for group, names in NAMES.items():
        values = {"report": content.report, "subject": content.subject, "account": content.account}[group]
        for code, (zh, en) in names.items():
            yield group, code, zh, en, _value(code, values, content)


def _value(code: str, values: dict[str, str], content: Content) -> str:
    if code == "STCR":
        return " ".join(content.features)
    if code in ("STCB", "AOSP"):
        narrative = content.stcb if code == "STCB" else content.aosp
        return f"{narrative.zh}\n\n{narrative.en}"
    return values[code]


def _element_rows(content: Content) -> Rows:
    yield _HEADS
    for row in element_rows(content):
        yield [harmless(cell) for cell in row]


def _finding_rows(content: Content) -> Rows:
    yield _FINDING
    for finding in content.findings:
        yield [harmless(getattr(finding, name)) for name in _FINDING]


def as_page(report: ReportOut, content: Content) -> str:
    """A page to print, Chinese first, without anything from another server."""
    rows = [row for row in element_rows(content) if row[1] not in ("STCB", "AOSP")]
    trigger = TRIGGERS.get(content.report["TPTR"], ("", ""))
    page = _PAGES.get_template("report.html")
    return page.render(report=report, content=content, elements=rows, trigger=trigger)
