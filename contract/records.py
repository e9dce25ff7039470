"""Our two headers on a Kafka record: what it holds and how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from contract.errors import ContractViolation, Reason


class RecordKind(StrEnum):
    """What a record of an institution's topic holds."""

    MOVEMENT = "movement"
    PROFILE = "profile"
    WATERMARK = "watermark"


class ContentType(StrEnum):
    """How a record's value is written."""

    JSON = "application/json"
    ARROW = "application/vnd.apache.arrow.stream"


KIND_HEADER: Final = "fundwatch-record"
TYPE_HEADER: Final = "content-type"


def headers(kind: RecordKind, content: ContentType) -> list[tuple[str, bytes]]:
    """Both headers of a record that we send."""
    return [(KIND_HEADER, kind.value.encode()), (TYPE_HEADER, content.value.encode())]


def read_headers(pairs: Iterable[Sequence[object]]) -> tuple[RecordKind, ContentType]:
    """Kind and type of a record; absent ones are movement and JSON, headers of others are ignored.

    Raises ``ContractViolation`` for an unknown value of ours.
    """
    found = {str(pair[0]): pair[1] for pair in pairs}
    try:
        kind = RecordKind(_text(found.get(KIND_HEADER, b"movement")))
    except ValueError as error:
        raise ContractViolation(Reason.UNKNOWN_HEADER, KIND_HEADER) from error
    try:
        return kind, ContentType(_text(found.get(TYPE_HEADER, b"application/json")))
    except ValueError as error:
        raise ContractViolation(Reason.UNKNOWN_HEADER, TYPE_HEADER) from error


def _text(value: object) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else ""
