"""What the API says about an account."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.repository import SeenFlag
from api.flags.filters import Category, InstitutionType, LedgerStatus, Severity


class AccountFlagOut(BaseModel):
    """One of the account's flags, in short."""

    flag_id: str
    category: Category
    severity: Severity | None
    score: float | None
    status: str
    opened_at: str
    updated_at: str
    typologies: list[str]


class AtInstitutionOut(BaseModel):
    """The account at one institution: profile, measures and flags, as the newest flag tells them."""

    model_config = ConfigDict(protected_namespaces=())

    institution_code: str
    institution_type: InstitutionType
    customer_id: str | None
    holder_kind: str | None
    branch_region: str
    subject_region: str | None
    measures: dict[str, int | float | str | None]
    model_scores: dict[str, float]
    not_evaluable: list[str]
    first_movement_at: str
    last_movement_at: str
    as_of: str
    entry_id: str | None = Field(description="Its row of the risk ledger.")
    ledger_status: LedgerStatus
    flags: list[AccountFlagOut]


class AccountOut(BaseModel):
    """An account, at every institution that knows this pseudonym and where your office may see a flag of it."""

    account_id: str
    institutions: list[AtInstitutionOut]


def account_out(account_id: str, found: list[SeenFlag], entries: dict[str, str]) -> AccountOut:
    """The account from its flags, newest first, and its entries by institution."""
    codes = list(dict.fromkeys(seen.flag.institution_code for seen in found))
    return AccountOut(
        account_id=account_id,
        institutions=[
            _at_institution([seen for seen in found if seen.flag.institution_code == code], entries.get(code)) for code in codes
        ],
    )


def _at_institution(found: list[SeenFlag], entry_id: str | None) -> AtInstitutionOut:
    # Large-value flags measure one day's sum; what an account is like stands in its others, where there are any.
    told = next((seen for seen in found if seen.flag.category != "large_value"), found[0])
    newest = told.flag
    return AtInstitutionOut(
        institution_code=newest.institution_code,
        institution_type=newest.institution_type,  # type: ignore[arg-type]
        customer_id=newest.customer_id,
        holder_kind=newest.holder_kind,
        branch_region=newest.branch_region,
        subject_region=newest.subject_region,
        measures=newest.measures,
        model_scores=newest.model_scores,
        not_evaluable=newest.not_evaluable,
        first_movement_at=min(seen.flag.first_movement_at for seen in found),
        last_movement_at=max(seen.flag.last_movement_at for seen in found),
        as_of=found[0].flag.updated_at,
        entry_id=entry_id,
        ledger_status=told.ledger_status,  # type: ignore[arg-type]
        flags=[_short(seen) for seen in found],
    )


def _short(seen: SeenFlag) -> AccountFlagOut:
    flag = seen.flag
    return AccountFlagOut(
        flag_id=flag.flag_id,
        category=flag.category,  # type: ignore[arg-type]
        severity=flag.severity,  # type: ignore[arg-type]
        score=flag.score,
        status=flag.status,
        opened_at=flag.opened_at,
        updated_at=flag.updated_at,
        typologies=[finding.typology for finding in flag.findings],
    )
