"""What the side topics share: one JSON object a record, read strictly, refused with a reason and never with its value."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import pyarrow as pa

from contract.errors import ContractViolation, Reason
from contract.identifiers import BAD, IN_CLEAR, judge
from contract.json_codec import read_object
from contract.shanghai import parse_ms

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")


def fields_of(value: bytes | None, types: dict[str, type | tuple[type, ...]], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The object's fields by name, absent optional ones left out.

    Raises ``MalformedRecord`` for other bytes, ``ContractViolation`` for an unknown or missing field or a wrong type.
    """
    found = read_object(value or b"")
    for name, one in found.items():
        if name not in types:
            raise ContractViolation(Reason.UNKNOWN_FIELD)
        if not isinstance(one, types[name]) or isinstance(one, bool):
            raise ContractViolation(Reason.WRONG_TYPE, name)
    for name in types:
        if name not in found and name not in optional:
            raise ContractViolation(Reason.MISSING_FIELD, name)
    return found


def pseudonym(found: dict[str, Any], name: str) -> str:
    """A field that holds an id; raises ``ContractViolation`` for none, or a number in clear."""
    text: str = found[name]
    code = judge(pa.array([text], pa.string()))[0] if text.isascii() else BAD
    if code in (BAD, IN_CLEAR):
        raise ContractViolation(Reason.BAD_ID if code == BAD else Reason.IDENTITY_IN_CLEAR, name)
    return text


def word(found: dict[str, Any], name: str, words: tuple[str, ...]) -> str:
    """A field that holds one of the words."""
    if found[name] not in words:
        raise ContractViolation(Reason.UNKNOWN_VALUE, name)
    return str(found[name])


def moment(found: dict[str, Any], name: str) -> str:
    """A field that holds an RFC 3339 time with offset, as it came."""
    text: str = found[name]
    try:
        if _TIME.fullmatch(text):
            parse_ms(text)
            return text
    except (ValueError, OverflowError):
        pass
    raise ContractViolation(Reason.BAD_TIME, name)


def whole(found: dict[str, Any], name: str) -> int:
    """A field that holds a whole number from 0 to 2⁶²."""
    if not 0 <= found[name] < 2**62:
        raise ContractViolation(Reason.UNKNOWN_VALUE, name)
    return int(found[name])


ORIGIN: Final[dict[str, type | tuple[type, ...]]] = {"ledger": str, "seq": int}
"""Which ledger sent a record and as its which, from 1: one that comes again, or after a later one, is known by it."""
LEDGER_PATTERN: Final = r"^[0-9a-f]{1,32}$"


def origin(found: dict[str, Any]) -> dict[str, Any]:
    """Ledger and number of a record that a ledger sent; both or none."""
    if "ledger" not in found and "seq" not in found:
        return {}
    for name in ORIGIN:
        if name not in found:
            raise ContractViolation(Reason.MISSING_FIELD, name)
    if not re.match(LEDGER_PATTERN, found["ledger"]):
        raise ContractViolation(Reason.UNKNOWN_VALUE, "ledger")
    return {"ledger": found["ledger"], "seq": whole(found, "seq")}


def finite(value: Any, name: str) -> float:
    """A number that is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ContractViolation(Reason.WRONG_TYPE, name)
    if not math.isfinite(value) or abs(value) > 1e15:
        raise ContractViolation(Reason.UNKNOWN_VALUE, name)
    return float(value)
