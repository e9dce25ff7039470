"""Account reports for people: drafted, rewritten, sent by a second person, received, sent back and corrected."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection

from api.audit import repository as audit
from api.audit.acts import act_of
from api.audit.record import AuditRecord
from api.audit.trail import Trail
from api.auth.principal import Principal
from api.auth.roles import Permission
from api.auth.scope import VisibleScope
from api.reports import addressees, rows
from api.reports.content import Content, Narrative, drafted
from api.reports.requests import DraftAsked, ReportStep, Rewriting
from api.reports.rows import Delivery, Line, Report
from api.reports.states import BY_ADDRESSEE, BY_AUTHOR, EDITABLE, State, whole
from contract.errors import Conflict, Forbidden, Unprocessable
from contract.shanghai import text_ms

_NO_STEP: Final = "the report has no such step now"


@dataclass(frozen=True, slots=True)
class Desk:
    """Writing and delivering reports; every change in the caller's write transaction, with history and audit.

    Nothing is ever sent by the server: a person drafts, and another one of the same office sends.
    """

    clock_ms: Callable[[], int]
    crime: str | None
    """The code of table 10.6 for illegal fund-raising, where the operator has the table."""

    def draft(self, connection: Connection, asked: DraftAsked, *, by: Principal, visible: VisibleScope, trail: Trail) -> Report:
        """A draft from the flags of an account; raises ``NotFound`` where the office sees none that it is about."""
        if by.office.kind not in addressees.WRITES:
            raise Forbidden("your kind of office writes no account reports")
        found = rows.flags_of(connection, asked.institution_code, asked.account_id, visible=visible)
        own, now = by.office.office_id, self.clock_ms()
        if asked.addressees is None:
            to = addressees.usual(connection, found[0], author=own)
        else:
            to = addressees.checked(connection, asked.addressees, found[0], author=own)
        report = Report(
            report_id=secrets.token_hex(12),
            office_id=own,
            account_id=asked.account_id,
            institution_code=asked.institution_code,
            state=State.DRAFT,
            version=1,
            changed_ms=now,
            author=by.holder,
            addressees=to,
            working=drafted(found, preparer=by.holder, trigger=asked.trigger, other=asked.other_trigger, crime=self.crime),
            sent=None,
            deliveries=[],
        )
        rows.add(connection, report)
        self._note(connection, report, "drafted", None, by, trail)
        return report

    def rewrite(
        self,
        connection: Connection,
        report_id: str,
        asked: Rewriting,
        *,
        by: Principal,
        visible: VisibleScope,
        trail: Trail,
    ) -> Report:
        """Change narrative or urgency of a draft, or of what was sent back."""
        report = self._own(connection, report_id, asked.expected_version, by, visible)
        if report.state not in EDITABLE:
            raise Conflict("what was sent stands; an addressee can ask for a correction")
        report.working = _rewritten(report.working, asked, by.holder)
        report.author = by.holder
        self._change(connection, report, "rewritten", None, by, trail)
        return report

    def step(
        self, connection: Connection, report_id: str, asked: ReportStep, *, by: Principal, visible: VisibleScope, trail: Trail
    ) -> Report:
        """Send, receive, ask for a correction, or send the corrected report."""
        if asked.to in BY_AUTHOR:
            report = self._own(connection, report_id, asked.expected_version, by, visible)
            self._send(report, asked, by)
        else:
            report = self._expected(connection, report_id, asked.expected_version, visible)
            self._answer(report, asked, by)
        report.state = whole([delivery.state for delivery in report.deliveries])
        self._change(connection, report, asked.to.value, asked.reason, by, trail)
        return report

    def _send(self, report: Report, asked: ReportStep, by: Principal) -> None:
        if report.state not in BY_AUTHOR[asked.to]:
            raise Conflict(_NO_STEP)
        if by.holder == report.author or not by.may(Permission.CONFIRM):
            raise Forbidden("a supervisor of your office who did not write it last has to send it")
        if not report.addressees:
            raise Unprocessable("addressees: no office of this area is known to the ledger; name them in the draft")
        if report.sent is not None:
            report.working = _next_sending(report)
        report.sent = report.working
        report.deliveries = [Delivery(office, asked.to, self.clock_ms()) for office in report.addressees]

    def _answer(self, report: Report, asked: ReportStep, by: Principal) -> None:
        mine = next((one for one in report.deliveries if one.office_id == by.office.office_id), None)
        if mine is None:
            raise Forbidden("this report was not sent to your office")
        if mine.state not in BY_ADDRESSEE[asked.to]:
            raise Conflict(_NO_STEP)
        if asked.to is State.CORRECTION_REQUESTED and asked.reason is None:
            raise Unprocessable("reason: a correction needs one")
        mine.state, mine.at_ms, mine.reason = asked.to, self.clock_ms(), asked.reason

    def _own(self, connection: Connection, report_id: str, expected: int, by: Principal, visible: VisibleScope) -> Report:
        report = self._expected(connection, report_id, expected, visible)
        if report.office_id != by.office.office_id:
            raise Forbidden("the office that wrote the report does this")
        return report

    def _expected(self, connection: Connection, report_id: str, expected: int, visible: VisibleScope) -> Report:
        report = rows.get(connection, report_id, visible=visible)
        if report.version != expected:
            raise Conflict("the report has changed since you looked at it")
        return report

    def _change(self, connection: Connection, report: Report, what: str, reason: str | None, by: Principal, trail: Trail) -> None:
        report.version += 1
        report.changed_ms = self.clock_ms()
        rows.replace(connection, report, expected=report.version - 1)
        self._note(connection, report, what, reason, by, trail)

    def _note(self, connection: Connection, report: Report, what: str, reason: str | None, by: Principal, trail: Trail) -> None:
        line = Line(
            report_id=report.report_id,
            version=report.version,
            at=text_ms(report.changed_ms),
            what=what,
            office=by.office.office_id,
            holder=by.holder,
            reason=reason,
        )
        rows.note(connection, line)
        audit.append(connection, [_act(line, report, by, trail)])


def _rewritten(content: Content, asked: Rewriting, holder: str) -> Content:
    report = content.report | {"RPNM": holder}
    if asked.urgency is not None:
        report["DETR"] = asked.urgency
    return msgspec.structs.replace(
        content,
        report=report,
        stcb=Narrative(asked.stcb_zh or content.stcb.zh, asked.stcb_en or content.stcb.en),
        aosp=Narrative(asked.aosp_zh or content.aosp.zh, asked.aosp_en or content.aosp.en),
    )


def _next_sending(report: Report) -> Content:
    """TORP counts sendings, ORXN names the first one, MIRS says that an addressee asked for this one."""
    known = report.working.report
    again = {"TORP": str(int(known["TORP"]) + 1), "ORXN": report.report_id, "MIRS": f"{report.report_id}-{known['TORP']}"}
    return msgspec.structs.replace(report.working, report=known | again)


def _act(line: Line, report: Report, by: Principal, trail: Trail) -> AuditRecord:
    return act_of(
        by,
        trail.request_id,
        f"report.{line.what}",
        at=line.at,
        target=report.report_id,
        accounts=[report.account_id],
        detail={"version": line.version, "digest": line.digest},
    )
