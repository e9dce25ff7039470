"""Cases that were known before this system (陈案), from a CSV file into the ledger: all rows or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator
from sqlalchemy import Connection, insert
from starlette.responses import Response

from api.areas import is_area
from api.audit import repository as audit
from api.audit.trail import Trail, trail_of
from api.auth.principal import Confirmer, Principal, Visible
from api.auth.scope import VisibleScope
from api.flags.filters import Code, InstitutionType, Severity
from api.idempotency import IdempotencyKey, repeatable
from api.ledger import history, rows
from api.ledger.deadlines import Deadlines
from api.ledger.evidence import Evidence, Seen
from api.ledger.history import HistoryLine, Kind
from api.ledger.moves import leads
from api.ledger.rows import Entry
from api.ledger.service import Board
from api.ledger.states import Status
from api.ledger.tracks import Track, entry_id
from api.reference import CHANGES, REFUSALS, json_response
from api.tables import HISTORY
from api.texts import Pseudonym, Short, Text
from contract.errors import Unprocessable
from contract.shanghai import day_number, day_start_ms, text_ms

ROUTER: Final = APIRouter(prefix="/v1/ledger", tags=["ledger"], responses=REFUSALS)
MOST_ROWS: Final = 5_000
_MOST_TOLD: Final = 20
_NUMBER: Final = r"^(0|[1-9][0-9]{0,12})$"
_MONEY: Final = r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"


class KnownCase(BaseModel):
    """One row of the file; a cell that is empty is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution_code: Code
    institution_type: InstitutionType
    account_id: Pseudonym
    branch_region: str
    subject_region: str | None = None
    severity: Severity | None = None
    status: Status = Status.NEW
    opened_on: date
    reference: Short = Field(description="Number of the case where it was kept before.")
    reason: Text
    next_action: Short | None = None
    payers: Annotated[str, StringConstraints(pattern=_NUMBER)] | None = None
    credited: Annotated[str, StringConstraints(pattern=_MONEY)] | None = None
    loss: Annotated[str, StringConstraints(pattern=_MONEY)] | None = None

    @field_validator("branch_region", "subject_region")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_area(value):
            raise ValueError("no code of the region table")
        return value

    @model_validator(mode="after")
    def _goes_on(self) -> KnownCase:
        if self.status not in (Status.NEW, Status.UNDER_ANALYSIS, Status.REPORTED_LOCAL):
            raise ValueError("status must be new, under_analysis or reported_local: what ends a case takes two persons")
        return self


class ImportOut(BaseModel):
    """What was taken in."""

    imported: int
    entries: list[str]


CSV: Final[dict[str, Any]] = {"media_type": "text/csv", "description": "Columns as `KnownCase`, comma apart, in UTF-8."}


@ROUTER.post("/import", response_model=ImportOut, status_code=status.HTTP_201_CREATED, responses=CHANGES)
def import_cases(
    request: Request,
    content: Annotated[bytes, Body(**CSV)],
    visible: Visible,
    by: Confirmer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Take existing cases into the ledger, for your office's track. A file with one bad row changes nothing."""
    board: Board = request.app.state.board
    trail = trail_of(request)
    sent = repeatable(idempotency_key, by, b"import", content)
    cases = list(read(content))
    with board.database.writing() as connection:

        def take() -> bytes:
            taken = _taken(connection, cases, by=by, visible=visible, trail=trail, now_ms=board.clock_ms(), due=board.deadlines)
            return ImportOut(imported=len(taken), entries=taken).model_dump_json().encode()

        body = sent.once(connection, take, now_ms=board.clock_ms())
    trail.returned(case.account_id for case in cases)
    return json_response(body, status.HTTP_201_CREATED)


def read(content: bytes) -> Iterator[KnownCase]:
    """The rows of a file; raises ``Unprocessable`` that names lines and columns, never what stands there."""
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(enumerate(table, start=2))
    except (UnicodeDecodeError, csv.Error):
        raise Unprocessable("the file is no CSV in UTF-8") from None
    if not lines or len(lines) > MOST_ROWS:
        raise Unprocessable(f"the file needs a head and 1 to {MOST_ROWS} rows")
    problems: list[str] = []
    cases: list[KnownCase] = []
    for number, cells in lines:
        try:
            cases.append(KnownCase.model_validate({name: cell for name, cell in cells.items() if cell not in ("", None)}))
        except ValidationError as error:
            problems += [_problem(number, one) for one in error.errors()]
    _refuse(problems)
    yield from cases


def _problem(line: int, found: Any) -> str:
    place = ".".join(str(part) for part in found["loc"]) or "row"
    if found["type"] == "extra_forbidden":
        return f"line {line}: a column that is not known, or more cells than columns"
    told = str(found["ctx"]["error"]) if found["type"] == "value_error" else found["msg"]
    return f"line {line}: {place}: {told}"


def _refuse(problems: list[str]) -> None:
    if problems:
        more = f"; and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
        raise Unprocessable("; ".join(problems[:_MOST_TOLD]) + more)


def _taken(
    connection: Connection,
    cases: list[KnownCase],
    *,
    by: Principal,
    visible: VisibleScope,
    trail: Trail,
    now_ms: int,
    due: Deadlines,
) -> list[str]:
    """Open a row for each case; raises ``Unprocessable`` for one that is there, unseen, or another office's to decide."""
    there = {entry.key for entry in rows.of_accounts(connection, {case.account_id for case in cases})}
    entries: list[Entry] = []
    problems = []
    for line, case in enumerate(cases, start=2):
        entry = _entry(case, by, visible, now_ms, due)
        if entry.key in there:
            problems.append(f"line {line}: the account is in the ledger already")
        elif visible.area not in entry.areas() or case.institution_type not in visible.institution_types:
            problems.append(f"line {line}: not an account that your office may see")
        elif not leads(entry, by.office):
            problems.append(f"line {line}: the lead office of the subject's own region decides")
        there.add(entry.key)
        entries.append(entry)
    _refuse(problems)
    rows.add(connection, entries)
    rows.show_status(connection, [entry for entry in entries if entry.status is not Status.NEW])
    lines = [_line(entry, case, by, now_ms) for entry, case in zip(entries, cases, strict=True)]
    connection.execute(insert(HISTORY), [history.row(line) for line in lines])
    acts = [
        history.act(line, now_ms=now_ms, request_id=trail.request_id, accounts=entry.accounts, key_id=by.key_id)
        for line, entry in zip(lines, entries, strict=True)
    ]
    audit.append(connection, acts)
    return [entry.entry_id for entry in entries]


def _entry(case: KnownCase, by: Principal, visible: VisibleScope, now_ms: int, due: Deadlines) -> Entry:
    opened_ms = day_start_ms(day_number(case.opened_on))
    known = {"payers": None if case.payers is None else int(case.payers), "credited": case.credited, "loss": case.loss}
    seen = Seen(
        branch_region=case.branch_region,
        subject_region=case.subject_region,
        category="illegal_fundraising",
        severity=case.severity,
        score_tenths=-1,
        measures={name: value for name, value in known.items() if value is not None},
        first_movement_at=text_ms(opened_ms),
        last_movement_at=text_ms(opened_ms),
    )
    is_taken_up = case.status is not Status.NEW
    return Entry(
        entry_id=entry_id(visible.track, case.institution_code, case.account_id),
        track=visible.track,
        institution_code=case.institution_code,
        institution_type=case.institution_type,
        account_id=case.account_id,
        status=case.status,
        version=1,
        opened_ms=opened_ms,
        changed_ms=now_ms,
        due_day=due.due_day(case.status, now_ms=now_ms),
        evidence=Evidence({"case:" + case.reference: seen}, []),
        owner_office=by.office.office_id if is_taken_up else None,
        next_action=case.next_action,
        extra_areas=(visible.area,) if visible.track is Track.CASE else (),
    )


def _line(entry: Entry, case: KnownCase, by: Principal, now_ms: int) -> HistoryLine:
    return HistoryLine(
        entry_id=entry.entry_id,
        version=1,
        at=text_ms(now_ms),
        kind=Kind.IMPORTED,
        from_status=None,
        to_status=entry.status,
        reason=case.reason,
        office=by.office.office_id,
        holder=by.holder,
        evidence=[case.reference],
        next_action=case.next_action,
    )
