"""From a record of the schemes topic to a scheme that the ledger can hold."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from api.areas import is_area
from contract import scheme as schemes
from contract.errors import ContractViolation, MalformedRecord, Reason
from contract.flag import CATEGORIES, SEVERITIES
from contract.money import minor_of
from contract.movement import INSTITUTION_TYPES
from contract.scheme import LINKS, ROLES, STAGES, Member, PayerRegion, Scheme
from contract.shanghai import parse_ms

_ID: Final = re.compile(r"[!-~]{1,64}", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_ACCOUNT: Final = re.compile(r"[!-~]{1,96}", re.ASCII)
_CLOSED_SETS: Final[dict[str, tuple[str | None, ...]]] = {
    "status": ("open", "closed"),
    "category": CATEGORIES,
    "severity": (*SEVERITIES, None),
    "stage": STAGES,
}


def read_scheme(value: bytes) -> Scheme:
    """Read one record's value; raises ``RejectedEvent`` with reason and field for what is no scheme of the contract."""
    try:
        scheme = schemes.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MalformedRecord(Reason.MALFORMED_JSON) from None
    for field, allowed in _CLOSED_SETS.items():
        if getattr(scheme, field) not in allowed:
            raise ContractViolation(Reason.UNKNOWN_VALUE, field)
    if not _ID.fullmatch(scheme.scheme_id) or scheme.revision < 1:
        raise ContractViolation(Reason.BAD_ID, "scheme_id")
    if scheme.lead_region is not None and not is_area(scheme.lead_region):
        raise ContractViolation(Reason.UNKNOWN_REGION, "lead_region")
    if not scheme.members and scheme.status == "open":
        raise ContractViolation(Reason.MISSING_FIELD, "members")
    for member in scheme.members:
        _check_member(member)
    _check_payers(scheme.payer_regions)
    for link in scheme.links:
        if not 0 <= link.a < len(scheme.members) or not 0 <= link.b < len(scheme.members) or link.kind not in LINKS:
            raise ContractViolation(Reason.UNKNOWN_VALUE, "links")
    try:
        parse_ms(scheme.updated_at)
    except ValueError:
        raise ContractViolation(Reason.BAD_TIME, "updated_at") from None
    return scheme


def _check_payers(places: list[PayerRegion]) -> None:
    if len({where.region for where in places}) < len(places):
        raise ContractViolation(Reason.UNKNOWN_VALUE, "payer_regions")
    for where in places:
        if not is_area(where.region):
            raise ContractViolation(Reason.UNKNOWN_REGION, "payer_regions")
        try:
            minor_of(where.absorbed)
        except ValueError:
            raise ContractViolation(Reason.BAD_AMOUNT, "payer_regions") from None


def _check_member(member: Member) -> None:
    if not _CODE.fullmatch(member.institution_code) or not _ACCOUNT.fullmatch(member.account_id):
        raise ContractViolation(Reason.BAD_ID, "members")
    if member.institution_type not in INSTITUTION_TYPES or not set(member.roles) <= set(ROLES):
        raise ContractViolation(Reason.UNKNOWN_VALUE, "members")
    try:
        minor_of(member.credited)
        minor_of(member.returned)
    except ValueError:
        raise ContractViolation(Reason.BAD_AMOUNT, "members") from None
    for region in (member.branch_region, member.subject_region):
        if region is not None and not is_area(region):
            raise ContractViolation(Reason.UNKNOWN_REGION, "members")
