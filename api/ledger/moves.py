"""Steps that people take with an entry: decided by state, role and second person, written with their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.auth.offices import Kind, Office
from api.auth.principal import Principal
from api.auth.roles import Permission
from api.ledger.history import Kind as Happened
from api.ledger.rows import Entry, Proposal
from api.ledger.states import NEEDS_EVIDENCE, TWO_PERSONS, Status, steps
from api.texts import Short, Text
from contract import regions
from contract.errors import Conflict, Forbidden, Unprocessable
from contract.shanghai import text_ms


class Transition(BaseModel):
    """One step: where to, why, and which version of the entry was looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: Status = Field(description="The entry's own state refuses a proposal that waits.")
    reason: Text
    expected_version: int = Field(ge=1)
    evidence: list[Short] = Field(default=[], max_length=20, description="References; closing needs one at least.")
    office: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")] | None = Field(
        default=None, description="Whom it is referred to; `transferred` needs it."
    )
    next_action: Short | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a transition comes to: what happened, where the entry stands then, and what waits."""

    kind: Happened
    status: Status
    proposal: Proposal | None
    taken: Proposal


def decide(entry: Entry, asked: Transition, by: Principal, *, now_ms: int) -> Step:
    """What this person's step comes to; raises ``Conflict`` for a step that the state has not, ``Forbidden`` for one
    that this person may not take."""
    _check_leads(entry, by.office)
    taken = Proposal(
        to=asked.to,
        reason=asked.reason,
        office=by.office.office_id,
        holder=by.holder,
        at=text_ms(now_ms),
        evidence=asked.evidence,
        referred_to=asked.office,
        next_action=asked.next_action,
    )
    if asked.to is entry.status:
        if entry.proposal is None:
            raise Conflict("the entry is in this state already")
        return Step(Happened.REFUSED, entry.status, None, taken)
    if entry.proposal is not None:
        return _confirm(entry.proposal, taken, by)
    if asked.to not in steps(entry.status, entry.track):
        raise Conflict(f"no step leads from {entry.status} to {asked.to}")
    _check_complete(asked)
    if asked.to in TWO_PERSONS:
        return Step(Happened.PROPOSED, entry.status, taken, taken)
    return Step(Happened.MOVED, asked.to, None, taken)


def _confirm(proposal: Proposal, taken: Proposal, by: Principal) -> Step:
    if taken.to is not proposal.to:
        raise Conflict("another step waits for its second person; confirm or refuse it first")
    if by.office.office_id != proposal.office or by.holder == proposal.holder:
        raise Forbidden("a second person of the proposing office has to confirm")
    if not by.may(Permission.CONFIRM):
        raise Forbidden(f"your key's role does not allow to {Permission.CONFIRM}")
    if taken.referred_to not in (None, proposal.referred_to):
        raise Conflict("the proposal names another office")
    whole = Proposal(
        to=proposal.to,
        reason=taken.reason,
        office=taken.office,
        holder=taken.holder,
        at=taken.at,
        evidence=[*proposal.evidence, *(one for one in taken.evidence if one not in proposal.evidence)],
        referred_to=proposal.referred_to,
        next_action=taken.next_action or proposal.next_action,
    )
    return Step(Happened.MOVED, proposal.to, None, whole)


def _check_complete(asked: Transition) -> None:
    if asked.to in NEEDS_EVIDENCE and not asked.evidence:
        raise Unprocessable(f"evidence: {asked.to} needs at least one reference")
    if (asked.to is Status.TRANSFERRED) != (asked.office is not None):
        raise Unprocessable("office: named for transferred, and for nothing else")


def leads(entry: Entry, office: Office) -> bool:
    """Whether the office leads with this entry.

    Among lead offices it is the one of the subject's registered place or domicile (Order 737 art. 20); regulators
    supervise by branch as well.
    """
    subject = entry.evidence.strongest.subject_region
    if office.kind is not Kind.LEAD or subject is None:
        return True
    return regions.covers(office.region, subject)


def _check_leads(entry: Entry, office: Office) -> None:
    if not leads(entry, office):
        raise Forbidden("the lead office of the subject's own region decides (Order 737 art. 20); yours assists")
