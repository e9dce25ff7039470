"""One run of ``fundwatch produce``: takes a stream of items, publishes it, and keeps the account of every row."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contract import reject
from contract.stream import Counted, Item, Movements, Profiles, Refused
from producers.metrics import MOVEMENTS
from producers.publish import Publisher


@dataclass(slots=True)
class Account:
    """What became of the rows so far; rows of a two-sided file become up to two movements each."""

    institution: str
    read: int = 0
    sent: int = 0
    rejected: int = 0
    skipped: int = 0
    good: int = 0
    profiles_rejected: int = 0
    profiles: int = 0
    already_sent: int = 0
    degraded: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        # Bound once: a lookup by labels costs as much as the count itself.
        self._sent = MOVEMENTS.labels(self.institution, "sent")
        self._rejected = MOVEMENTS.labels(self.institution, "rejected")
        self._skipped = MOVEMENTS.labels(self.institution, "skipped")

    _sent: Any = field(init=False, repr=False)
    _rejected: Any = field(init=False, repr=False)
    _skipped: Any = field(init=False, repr=False)

    def acknowledged(self, movements: int) -> None:
        """Movements that the broker has acknowledged."""
        self.sent += movements
        self._sent.inc(movements)

    def note(self, item: Item) -> None:
        """Count what an item says of rows that were read."""
        if isinstance(item, Counted):
            self.read += item.rows
            self.skipped += item.skipped
            self.degraded.update(item.degraded)
            self._skipped.inc(item.skipped)
        elif isinstance(item, Refused):
            if item.profile:
                self.profiles_rejected += 1
            else:
                self.rejected += 1
                self._rejected.inc()
        elif isinstance(item, Movements):
            self.good += len(item)
        elif isinstance(item, Profiles):
            self.profiles += item.batch.num_rows

    def summary(self, *, complete: bool, records: int) -> dict[str, Any]:
        """The closing line: rows by what became of them, and the speed from file to acknowledgement."""
        seconds = time.perf_counter() - self.started
        return {
            "institution": self.institution,
            "read": self.read,
            "good": self.good,
            "sent": self.sent,
            "already_sent": self.already_sent,
            "rejected": self.rejected,
            "skipped": self.skipped,
            "degraded": dict(sorted(self.degraded.items())),
            "profiles": self.profiles,
            "profiles_rejected": self.profiles_rejected,
            "records": records,
            "seconds": round(seconds, 3),
            "rows_per_second": round(self.good / max(seconds, 1e-9)),
            "complete": complete,
        }


def run(
    items: Iterable[Item], account: Account, publisher: Publisher | None, refused: Callable[[bytes], object] | None
) -> Iterator[Account]:
    """Take every item, yielding the account after each; without a publisher rows are only checked.

    ``refused`` takes one JSON line a refused row. Raises ``TransportUnavailable`` when the broker gave a record up.
    """
    for item in items:
        account.note(item)
        if isinstance(item, Refused) and refused is not None:
            refused(reject.encode(_of_file(item, account.institution)) + b"\n")
        if publisher is not None:
            publisher.publish(item)
        yield account
    if publisher is not None:
        publisher.finish()
    yield account


def _of_file(item: Refused, institution: str) -> reject.Reject:
    return reject.Reject(
        institution_code=item.institution or institution,
        reason=item.reason,
        field=item.field,
        topic=item.file,
        partition=0,
        offset=item.row,
        row=None,
    )
