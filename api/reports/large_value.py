"""``/v1/reports/large-value``: large-value transactions by the day that the institution's report is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy import Connection, Row, Select, select
from starlette.responses import Response, StreamingResponse

from api.areas import is_area
from api.audit.trail import trail_of
from api.auth.places import Places
from api.auth.principal import Visible
from api.auth.scope import VisibleScope
from api.flags.endpoints import wants
from api.flags.filters import Code, InstitutionType
from api.flags.large_lines import Currency, code_of, currency_of
from api.ledger.deadlines import Deadlines
from api.order import beyond
from api.reference import EXPORT_RESPONSE, REFUSALS, json_response
from api.tables import DUES, FLAGS
from api.workbook import MEDIA_TYPE, harmless, workbook_chunks
from contract import flag as flags
from contract import regions
from contract.flag import LARGE_VALUE
from contract.shanghai import date_of, day_number, day_of, parse_ms

ROUTER: Final = APIRouter(prefix="/v1/reports/large-value", tags=["reports"], responses=REFUSALS)
_CHUNK: Final = 500


class DueQuery(BaseModel):
    """Which large-value transactions; what is due first comes first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: str | None = Field(default=None, description="Branch or subject lies in this area of the region table.")
    institution_type: list[InstitutionType] = Field(default=[], description="Repeat for several.")
    institution_code: list[Code] = Field(default=[], description="Repeat for several.")
    due_from: date | None = Field(default=None, description="Due on or after this day.")
    due_until: date | None = Field(default=None, description="Due before this day.")
    status: Literal["open", "closed"] | None = None
    limit: int | None = Field(default=None, ge=1, le=500, description="Rows of a page; 50 unless told. XLSX: all rows.")
    cursor: Annotated[str, StringConstraints(max_length=512)] | None = None

    @field_validator("region")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and not is_area(value):
            raise ValueError("no code of the region table")
        return value


class LargeValueOut(BaseModel):
    """One large-value line that was reached, with the elements of its report that the ledger knows."""

    flag_id: str
    CRCD: str | None = Field(description="0501 cash, 0502 company transfer, 0503 personal transfer, 0504 cross-border.")
    RICD: str
    CSNM: str | None
    CTAC: str
    TRCD: str
    TSTM: str = Field(description="Day of the transaction, Asia/Shanghai.")
    amount: str | None = Field(description="Of the day, the customer and the side.")
    currency: Currency = Field(description="What the amount is counted in; foreign currency has lines of its own, in US dollars.")
    movements: int | None
    status: str
    closed_because: str | None
    due_on: str
    warning: Literal["overdue", "soon"] | None = Field(description="Open and near its day, or past it.")
    across_accounts: bool = Field(description="False where the customer is unknown, so that accounts could not be summed.")
    zh: str
    en: str


class LargeValuePage(BaseModel):
    """A page of the list."""

    items: list[LargeValueOut]
    next_cursor: str | None


@ROUTER.get("", response_model=LargeValuePage, responses=EXPORT_RESPONSE)
def list_large_value(request: Request, query: Annotated[DueQuery, Query()], visible: Visible) -> Response:
    """Large-value transactions that your office may see, due first first. The institution files; nothing is filed here."""
    deadlines: Deadlines = request.app.state.board.deadlines
    now = request.app.state.board.clock_ms()
    trail = trail_of(request)
    places = Places(request.app.state.secret, "dues", _context(query, visible))
    after = places.after(query.cursor)
    if wants(request.headers.get("accept", ""), MEDIA_TYPE):
        trail.is_streamed = True
        trail.counted(0)
        lines = _everything(request, query, after, visible, deadlines, now)
        headers = {"Content-Disposition": 'attachment; filename="large-value.xlsx"', "Cache-Control": "no-store"}
        return StreamingResponse(workbook_chunks([("large value", lines)]), media_type=MEDIA_TYPE, headers=headers)
    limit = query.limit or 50
    with request.app.state.database.reading() as connection:
        found = _page(connection, query, after, limit + 1, visible)
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = places.cursor((shown[-1].due_day, shown[-1].flag_id))
    items = [_out(row, deadlines, now) for row in shown]
    trail.returned(item.CTAC for item in items)
    return json_response(LargeValuePage(items=items, next_cursor=following).model_dump_json().encode())


def due_statement(query: DueQuery, after: tuple[int, str] | None, visible: VisibleScope) -> Select[Any]:
    """The list's statement: one range of the table of due days."""
    inside = query.region is not None and regions.covers(visible.area, query.region)
    seen = [
        DUES.c.area == (query.region if inside else visible.area),
        DUES.c.institution_type.in_(sorted(visible.institution_types)),
        # Where the category is not for the office there is nothing, by the same statement.
        FLAGS.c.category.in_(sorted(visible.ever & {LARGE_VALUE})),
    ]
    joined = DUES.join(FLAGS, FLAGS.c.flag_id == DUES.c.flag_id)
    statement = select(DUES.c.due_day, FLAGS.c.flag_id, FLAGS.c.document).select_from(joined).where(*seen)
    if query.region is not None and not inside:
        other = DUES.alias("other_area")
        there = select(other.c.flag_id).where(other.c.flag_id == DUES.c.flag_id, other.c.area == query.region)
        statement = statement.where(there.exists())
    for column, wanted in ((DUES.c.institution_type, query.institution_type), (FLAGS.c.institution_code, query.institution_code)):
        if wanted:
            statement = statement.where(column.in_(sorted(wanted)))
    if query.status is not None:
        statement = statement.where(FLAGS.c.status == query.status)
    if query.due_from is not None:
        statement = statement.where(DUES.c.due_day >= day_number(query.due_from))
    if query.due_until is not None:
        statement = statement.where(DUES.c.due_day < day_number(query.due_until))
    if after is not None:
        statement = statement.where(beyond((DUES.c.due_day, DUES.c.flag_id), after, falls=False))
    return statement.order_by(DUES.c.due_day, DUES.c.flag_id)


def _page(
    connection: Connection, query: DueQuery, after: tuple[int, str] | None, limit: int, visible: VisibleScope
) -> list[Row[Any]]:
    return list(connection.execute(due_statement(query, after, visible).limit(limit)).all())


def _everything(
    request: Request, query: DueQuery, after: tuple[int, str] | None, visible: VisibleScope, deadlines: Deadlines, now: int
) -> Iterator[list[str]]:
    """All rows as cells, harmless in a spreadsheet, a short transaction a chunk."""
    columns = list(LargeValueOut.model_fields)
    yield columns
    while True:
        with request.app.state.database.reading() as connection:
            found = _page(connection, query, after, _CHUNK, visible)
        for row in found:
            line = _out(row, deadlines, now)
            yield [harmless(getattr(line, name)) for name in columns]
        trail_of(request).counted(len(found))
        if len(found) < _CHUNK:
            return
        after = (found[-1].due_day, found[-1].flag_id)


def _out(row: Row[Any], deadlines: Deadlines, now: int) -> LargeValueOut:
    flag = flags.decode(bytes(row.document))
    finding = flag.findings[0] if flag.findings else None
    amount, movements = flag.measures.get("sum"), flag.measures.get("movements")
    return LargeValueOut(
        flag_id=flag.flag_id,
        CRCD=code_of(flag),
        RICD=flag.institution_code,
        CSNM=flag.customer_id,
        CTAC=flag.account_id,
        TRCD="CHN" + flag.branch_region,
        TSTM=date_of(day_of(parse_ms(flag.last_movement_at))).isoformat(),
        amount=amount if isinstance(amount, str) else None,
        currency=currency_of(flag),
        movements=movements if isinstance(movements, int) else None,
        status=flag.status,
        closed_because=flag.closed_because,
        due_on=date_of(row.due_day).isoformat(),
        warning=deadlines.warning(row.due_day, now_ms=now) if flag.status == "open" else None,
        across_accounts=not any("across_accounts" in name for name in flag.not_evaluable),
        zh=finding.zh if finding else "",
        en=finding.en if finding else "",
    )


def _context(query: DueQuery, visible: VisibleScope) -> str:
    return visible.office_id + "\n" + query.model_dump_json(exclude={"cursor", "limit"})
