"""What the API says about ledger entries."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.flags.filters import Category, InstitutionType, Severity
from api.ledger.deadlines import NEVER_DUE, Deadlines
from api.ledger.filters import TIERS, Tier
from api.ledger.history import HistoryLine, Kind
from api.ledger.rows import Entry
from api.ledger.service import EntryView
from api.ledger.states import Status, steps
from contract.shanghai import date_of, text_ms


class ActorOut(BaseModel):
    """An office, and which of its people where it is your own."""

    office: str
    holder: str | None


class ProposalOut(BaseModel):
    """A step that waits for its second person."""

    to: Status
    reason: str
    by: ActorOut
    at: str
    evidence: list[str]
    office: str | None = Field(description="Whom it would be referred to.")


class EntryOut(BaseModel):
    """A ledger entry as it stands."""

    entry_id: str
    version: int
    status: Status
    account_id: str | None = Field(description="None for the row of a scheme.")
    scheme_id: str | None = Field(description="The scheme that it is the row of, None for an account's.")
    institution_code: str | None
    institution_type: InstitutionType | None
    branch_region: str | None
    subject_region: str | None
    lead_region: str | None = Field(description="City of the lead office that handles the scheme (Order 737 art. 20).")
    category: Category
    severity: Severity | None
    tier: Tier | None
    score: float | None
    measures: dict[str, int | float | str | None]
    typologies: list[str]
    opened_at: str
    changed_at: str
    due_on: str | None
    warning: Literal["overdue", "soon"] | None
    owner: ActorOut | None
    next_action: str | None
    proposal: ProposalOut | None
    steps: list[Status] = Field(description="Where it can go from here.")


class HistoryOut(BaseModel):
    """One version of the entry."""

    version: int
    at: str
    kind: Kind
    from_status: Status | None
    to_status: Status
    proposed: Status | None
    reason: str | None
    by: ActorOut | None = Field(description="None where new evidence did it.")
    flag_id: str | None
    scheme_id: str | None
    revision: int | None
    news: list[str]
    evidence: list[str]
    referred_to: str | None = Field(description="The office that it was referred or handed over to.")
    handed_to: str | None = Field(description="The person of your own office that it was handed over to.")
    next_action: str | None


class EntryWithHistory(EntryOut):
    """An entry, every version of it, and the flags of its account that your office may see."""

    history: list[HistoryOut]
    flags: list[str]


class EntryPageOut(BaseModel):
    """A page of the ledger."""

    items: list[EntryOut]
    next_cursor: str | None


def entry_out(entry: Entry, *, own: str, deadlines: Deadlines, now_ms: int) -> EntryOut:
    """The entry as the office ``own`` reads it."""
    strongest = entry.evidence.strongest
    severity = entry.evidence.severity
    proposal = entry.proposal
    return EntryOut(
        entry_id=entry.entry_id,
        version=entry.version,
        status=entry.status,
        **_place(entry),
        category=strongest.category,  # type: ignore[arg-type]
        severity=severity,  # type: ignore[arg-type]
        tier=next((name for name, values in TIERS.items() if severity in values), None),
        score=None if strongest.score_tenths < 0 else strongest.score_tenths / 10,
        measures=strongest.measures if entry.shows_figures else {},
        typologies=entry.evidence.typologies,
        opened_at=text_ms(entry.opened_ms),
        changed_at=text_ms(entry.changed_ms),
        due_on=None if entry.due_day == NEVER_DUE else date_of(entry.due_day).isoformat(),
        warning=deadlines.warning(entry.due_day, now_ms=now_ms),
        owner=_actor(entry.owner_office, entry.owner, own),
        next_action=entry.next_action,
        proposal=None
        if proposal is None
        else ProposalOut(
            to=proposal.to,
            reason=proposal.reason,
            by=ActorOut(office=proposal.office, holder=proposal.holder if proposal.office == own else None),
            at=proposal.at,
            evidence=proposal.evidence,
            office=proposal.referred_to,
        ),
        steps=list(steps(entry.status, entry.track)),
    )


def _place(entry: Entry) -> dict[str, Any]:
    strongest = entry.evidence.strongest
    if entry.scheme_id is not None:
        names = ("account_id", "institution_code", "institution_type", "branch_region", "subject_region")
        return dict.fromkeys(names) | {"scheme_id": entry.scheme_id, "lead_region": strongest.subject_region}
    return {
        "account_id": entry.account_id,
        "scheme_id": None,
        "institution_code": entry.institution_code,
        "institution_type": entry.institution_type,
        "branch_region": strongest.branch_region,
        "subject_region": strongest.subject_region,
        "lead_region": None,
    }


def view_out(view: EntryView, *, own: str, deadlines: Deadlines, now_ms: int) -> EntryWithHistory:
    """The entry with its history."""
    shown = entry_out(view.entry, own=own, deadlines=deadlines, now_ms=now_ms)
    return EntryWithHistory(
        **dict(shown),
        history=[history_out(line, own=own) for line in view.history],
        flags=view.flag_ids,
    )


def history_out(line: HistoryLine, *, own: str) -> HistoryOut:
    """One version as the office ``own`` reads it."""
    return HistoryOut(
        version=line.version,
        at=line.at,
        kind=line.kind,
        from_status=line.from_status,
        to_status=line.to_status,
        proposed=line.proposed,
        reason=line.reason,
        by=_actor(line.office, line.holder, own),
        flag_id=line.flag_id,
        scheme_id=line.scheme_id,
        revision=line.revision,
        news=line.news,
        evidence=line.evidence,
        referred_to=line.referred_to,
        handed_to=line.handed_to if line.office == own else None,
        next_action=line.next_action,
    )


def _actor(office: str | None, holder: str | None, own: str) -> ActorOut | None:
    """Other offices' people stay their own business."""
    return None if office is None else ActorOut(office=office, holder=holder if office == own else None)
