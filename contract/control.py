"""Which side inputs took effect where: one record a turn of a shard's day (contract §2.3, §3)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import msgspec

from contract import side_input
from contract.errors import ContractViolation, Reason
from contract.shanghai import date_of, day_number
from contract.topics import EVENTS_PATTERN

_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A shard's day turned to ``day``, brought by the record at ``position`` of its partition.

    From then on everything of the watch list and of the verdicts before the two positions was in effect. Of two records
    of the same turn the first in the topic holds; positions never go back.
    """

    topic: str
    partition: int
    position: int
    day: str
    watchlist: int
    verdicts: int

    @property
    def number(self) -> int:
        """The day's number."""
        return day_number(date.fromisoformat(self.day))


def day_text(number: int) -> str:
    """How a turn names its day.

    >>> day_text(20000)
    '2024-10-04'
    """
    return date_of(number).isoformat()


def encode(turn: Turn) -> bytes:
    """One JSON object, without a newline."""
    return msgspec.json.encode(turn)


def decode(value: bytes | None) -> Turn:
    """Read one turn; raises ``RejectedEvent`` for anything else."""
    numbers = ("partition", "position", "watchlist", "verdicts")
    found = side_input.fields_of(value, {"topic": str, "day": str, **dict.fromkeys(numbers, int)})
    if not re.match(EVENTS_PATTERN, found["topic"]):
        raise ContractViolation(Reason.UNKNOWN_VALUE, "topic")
    try:
        if not re.fullmatch(_DATE, found["day"]):
            raise ValueError
        date.fromisoformat(found["day"])
    except ValueError as error:
        raise ContractViolation(Reason.BAD_TIME, "day") from error
    return Turn(topic=found["topic"], day=found["day"], **{name: side_input.whole(found, name) for name in numbers})
