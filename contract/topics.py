"""The Kafka topics, their names and how each is kept (contract §2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

EVENTS_PREFIX: Final = "fundwatch.events.v1."
REJECTS_PREFIX: Final = "fundwatch.rejects.v1."
EVENTS_PATTERN: Final = r"^fundwatch\.events\.v1\.[A-Za-z0-9_-]{1,32}$"
_BROKER: Final = r"(\[[0-9A-Fa-f:.]+\]|[^\s,:\[\]]+):[0-9]{1,5}"
_BROKERS: Final = re.compile(rf"{_BROKER}(,{_BROKER})*")
FLAGS: Final = "fundwatch.flags.v1"
EVIDENCE: Final = "fundwatch.evidence.v1"
SCHEMES: Final = "fundwatch.schemes.v1"
LEDGER_PATTERN: Final = r"^fundwatch\.(flags\.v1|schemes\.v1|rejects\.v1\.[A-Za-z0-9_-]{1,32})$"
"""What the offices' ledger reads."""
VERDICTS: Final = "fundwatch.verdicts.v1"
WATCHLIST: Final = "fundwatch.watchlist.v1"
CONTROL: Final = "fundwatch.control.v1"

_MONTH_MS: Final = 30 * 86_400_000
_BROKERS_CLOCK: Final = {"message.timestamp.type": "LogAppendTime"}
"""A record's own time is when the broker took it: a sender whose clock is wrong gets no movement refused as future, passes
none that is, and is not turned away by the broker's check of clients' times."""


def brokers(text: str) -> str:
    """Addresses of brokers as options and settings give them; raises ``ValueError`` that says what they must be.

    >>> brokers("b-1.bank.example:9092,[::1]:9092")
    'b-1.bank.example:9092,[::1]:9092'
    """
    if not _BROKERS.fullmatch(text):
        raise ValueError("must be HOST:PORT[,HOST:PORT…]")
    return text


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """How a topic is kept; a partition count never changes after creation."""

    name: str
    partitions: int
    settings: dict[str, str]


def events_topic(institution: str) -> str:
    """Topic of an institution's movements, profiles and watermarks."""
    return EVENTS_PREFIX + institution


def rejects_topic(institution: str) -> str:
    """Topic of what could not be used of them."""
    return REJECTS_PREFIX + institution


def institution_of(topic: str) -> str:
    """Institution code of an event topic."""
    return topic.removeprefix(EVENTS_PREFIX)


def institution_topics(institution: str, partitions: int) -> list[TopicSettings]:
    """The two topics of one institution."""
    month = {"retention.ms": str(_MONTH_MS), "cleanup.policy": "delete", **_BROKERS_CLOCK}
    return [
        TopicSettings(events_topic(institution), partitions, month),
        TopicSettings(rejects_topic(institution), 1, month),
    ]


def shared_topics() -> list[TopicSettings]:
    """The topics of the office side."""
    compacted = {"cleanup.policy": "compact", **_BROKERS_CLOCK}
    kept = {"cleanup.policy": "delete", "retention.ms": "-1", **_BROKERS_CLOCK}
    return [
        TopicSettings(FLAGS, 3, compacted),
        # One partition, so that a shard's day mark stands behind the evidence of its day.
        TopicSettings(EVIDENCE, 1, compacted),
        TopicSettings(SCHEMES, 1, compacted),
        TopicSettings(VERDICTS, 1, kept),
        TopicSettings(WATCHLIST, 1, kept),
        TopicSettings(CONTROL, 1, kept),
    ]
