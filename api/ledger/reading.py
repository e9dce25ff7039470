"""From a record of the flags topic to a flag that the ledger can hold."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from api.areas import is_area
from contract import flag as flags
from contract.errors import ContractViolation, MalformedRecord, Reason
from contract.flag import CATEGORIES, LARGE_VALUE, SEVERITIES, Flag
from contract.movement import INSTITUTION_TYPES
from contract.shanghai import parse_ms

_ID: Final = re.compile(r"[!-~]{1,64}", re.ASCII)
_CLOSED_SETS: Final[dict[str, tuple[str | None, ...]]] = {
    "status": ("open", "closed"),
    "institution_type": INSTITUTION_TYPES,
    "category": (*CATEGORIES, LARGE_VALUE),
    "severity": (*SEVERITIES, None),
}


def read_flag(value: bytes) -> Flag:
    """Read one record's value; raises ``RejectedEvent`` with reason and field for what is no flag of the contract."""
    try:
        flag = flags.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MalformedRecord(Reason.MALFORMED_JSON) from None
    for field, allowed in _CLOSED_SETS.items():
        if getattr(flag, field) not in allowed:
            raise ContractViolation(Reason.UNKNOWN_VALUE, field)
    if not _ID.fullmatch(flag.flag_id) or flag.revision < 1:
        raise ContractViolation(Reason.BAD_ID, "flag_id")
    for field in ("branch_region", "subject_region"):
        region = getattr(flag, field)
        if region is not None and not is_area(region):
            raise ContractViolation(Reason.UNKNOWN_REGION, field)
    try:
        parse_ms(flag.updated_at)
    except ValueError:
        raise ContractViolation(Reason.BAD_TIME, "updated_at") from None
    return flag
