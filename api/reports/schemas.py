"""What the API says about account reports."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.reports.content import Content, Narrative
from api.reports.rows import Delivery, Line, Report
from api.reports.states import State
from contract.shanghai import text_ms


class NarrativeOut(BaseModel):
    """A text in Chinese and English."""

    zh: str
    en: str


class FindingOut(BaseModel):
    """A finding as the report repeats it."""

    typology: str
    window: str
    value: float
    threshold: float
    strength: float
    coverage: float
    zh: str
    en: str


class ContentOut(BaseModel):
    """The elements by the central bank's codes; `@N` is what the institution holds and the ledger does not know."""

    report: dict[str, str] = Field(description="RICD, DETR, TORP, TPTR, TOSC, SETN, STNM, SBDT, SEDT, RPNM …")
    subject: dict[str, str] = Field(description="CSNM, SENM, SEID …")
    account: dict[str, str] = Field(description="CTAC, CATP, TRCD, OATM, CATM.")
    STCB: NarrativeOut
    AOSP: NarrativeOut
    STCR: list[str] = Field(description="Typologies; strongest first.")
    TICD: list[str] = Field(description="References of movements that findings name, 500 at most; STNM counts all.")
    findings: list[FindingOut]
    flags: list[str] = Field(description="What it was drafted from: flag id and revision.")
    severity: str | None


class DeliveryOut(BaseModel):
    """The report at one addressee; how others stand is for the office that wrote it."""

    office: str
    state: State | None
    at: str | None
    reason: str | None


class ReportShort(BaseModel):
    """A report in a list."""

    report_id: str
    version: int
    state: State = Field(description="To an addressee: how the report stands with it.")
    office: str
    account_id: str
    institution_code: str
    severity: str | None
    changed_at: str


class ReportLineOut(BaseModel):
    """What was done with the report."""

    version: int
    at: str
    what: str
    office: str
    holder: str | None = Field(description="People of your own office alone.")
    reason: str | None


class ReportOut(ReportShort):
    """A report with its elements, where it went, and what was done with it."""

    content: ContentOut
    deliveries: list[DeliveryOut]
    history: list[ReportLineOut]


class ReportPageOut(BaseModel):
    """A page of reports, what changed last first."""

    items: list[ReportShort]
    next_cursor: str | None


def shown_content(report: Report, own: str) -> Content:
    """What the office reads: its writers' working text, what was sent to everybody else."""
    return report.working if report.office_id == own or report.sent is None else report.sent


def short_out(report: Report, *, own: str) -> ReportShort:
    """A report in a list, as the office ``own`` reads it."""
    mine = next((one.state for one in report.deliveries if one.office_id == own), report.state)
    return ReportShort(
        report_id=report.report_id,
        version=report.version,
        state=report.state if report.office_id == own else mine,
        office=report.office_id,
        account_id=report.account_id,
        institution_code=report.institution_code,
        severity=shown_content(report, own).severity,
        changed_at=text_ms(report.changed_ms),
    )


def report_out(report: Report, history: list[Line], *, own: str) -> ReportOut:
    """A whole report as the office ``own`` reads it: other addressees' answers are not its business."""
    return ReportOut(
        **dict(short_out(report, own=own)),
        content=content_out(shown_content(report, own)),
        deliveries=_deliveries(report, own),
        history=[_line(line, own) for line in history if own in (report.office_id, line.office) or line.what in _FOR_ALL],
    )


_FOR_ALL = frozenset({"sent", "corrected"})


def content_out(content: Content) -> ContentOut:
    """The elements as JSON."""
    return ContentOut(
        report=content.report,
        subject=content.subject,
        account=content.account,
        STCB=_narrative(content.stcb),
        AOSP=_narrative(content.aosp),
        STCR=content.features,
        TICD=content.evidence,
        findings=[FindingOut.model_validate(one, from_attributes=True) for one in content.findings],
        flags=content.flags,
        severity=content.severity,
    )


def _narrative(text: Narrative) -> NarrativeOut:
    return NarrativeOut(zh=text.zh, en=text.en)


def _deliveries(report: Report, own: str) -> list[DeliveryOut]:
    stands = {one.office_id: one for one in report.deliveries}
    return [_delivery(office, stands.get(office) if own in (report.office_id, office) else None) for office in report.addressees]


def _delivery(office: str, stands: Delivery | None) -> DeliveryOut:
    if stands is None:
        return DeliveryOut(office=office, state=None, at=None, reason=None)
    return DeliveryOut(office=office, state=stands.state, at=text_ms(stands.at_ms), reason=stands.reason)


def _line(line: Line, own: str) -> ReportLineOut:
    holder = line.holder if line.office == own else None
    return ReportLineOut(version=line.version, at=line.at, what=line.what, office=line.office, holder=holder, reason=line.reason)
