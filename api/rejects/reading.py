"""From a record of a reject topic to a reject that the ledger can count."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from contract import reject as rejects
from contract.errors import ContractViolation, MalformedRecord, Reason
from contract.reject import Reject
from contract.topics import REJECTS_PREFIX, events_topic

MOST_ROWS: Final = 10_000
"""Rows of one record (contract §2.3)."""
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_FIELD: Final = re.compile(r"[a-z][a-z_-]{0,63}", re.ASCII)
"""Names of ours: of a field, or of one of our headers (``content-type``)."""
_MOST_OFFSET: Final = 2**63


def read_reject(topic: str, value: bytes) -> Reject:
    """Read one record's value; raises ``RejectedEvent`` for what is no reject of that topic's institution."""
    try:
        reject = rejects.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MalformedRecord(Reason.MALFORMED_JSON) from None
    code = topic.removeprefix(REJECTS_PREFIX)
    if not _CODE.fullmatch(code) or reject.institution_code != code or reject.topic != events_topic(code):
        raise ContractViolation(Reason.INSTITUTION_MISMATCH, "institution_code")
    if reject.field is not None and not _FIELD.fullmatch(reject.field):
        raise ContractViolation(Reason.UNKNOWN_VALUE, "field")
    for name, at, most in (
        ("partition", reject.partition, 2**31),
        ("offset", reject.offset, _MOST_OFFSET),
        ("row", reject.row or 0, MOST_ROWS),
    ):
        if not 0 <= at < most:
            raise ContractViolation(Reason.UNKNOWN_VALUE, name)
    return reject
