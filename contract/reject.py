"""Rejects: what could not be used, why, and where it stood; never the offending value."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from contract.errors import Reason


class RowReject(NamedTuple):
    """One row of a batch or file that was refused."""

    row: int
    reason: Reason
    field: str | None


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """One refused record or row as it goes to the institution's reject topic or file (contract §2.3).

    ``row`` counts from 0 inside a record; ``None`` where the whole record was refused. Files give ``topic`` as the
    file's name, ``partition`` 0, and ``offset`` as the data row counted from 1.
    """

    institution_code: str
    reason: Reason
    field: str | None
    topic: str
    partition: int
    offset: int
    row: int | None


def encode(reject: Reject) -> bytes:
    """One JSON object."""
    return msgspec.json.encode(reject)


def decode(data: bytes) -> Reject:
    """Read one reject."""
    return msgspec.json.decode(data, type=Reject)
