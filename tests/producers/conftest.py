"""A bank's rows as files, and a log that keeps what it is given."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contract.errors import TransportUnavailable
from contract.records import ContentType, RecordKind

MOVEMENT: dict[str, str] = {
    "event_id": "E1",
    "institution_code": "B1",
    "institution_type": "bank",
    "account_id": "a:1",
    "branch_region": "341302",
    "occurred_at": "2026-01-05T09:00:00+08:00",
    "direction": "credit",
    "amount": "10.00",
    "currency": "CNY",
}
PROFILE: dict[str, str] = {"account_id": "a:1", "institution_code": "B1", "institution_type": "bank"}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as CSV: each is a good movement (or profile) with the given changes."""

    def write(rows: Iterable[dict[str, str]], name: str = "movements.csv", base: dict[str, str] | None = None) -> Path:
        whole = [(MOVEMENT if base is None else base) | row for row in rows]
        names = list(dict.fromkeys(name for row in whole for name in row))
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as sink:
            writer = csv.DictWriter(sink, names)
            writer.writeheader()
            writer.writerows(whole)
        return path

    return write


@dataclass
class FakeReceipt:
    """A record that is acknowledged after it was waited for ``silences`` times, or refused."""

    silences: int = 0
    refused: bool = False
    place: int = 0

    def done(self) -> bool:
        return self.silences == 0

    def wait(self, _seconds: float) -> bool:
        if self.silences:
            self.silences -= 1
            return False
        if self.refused:
            raise TransportUnavailable("the broker did not take a record (Refused)")
        return True

    def offset(self) -> int:
        return self.place


@dataclass
class FakeLog:
    """An institution's topic in memory."""

    partitions: int = 2
    receipt: Callable[[], FakeReceipt] = FakeReceipt
    records: list[tuple[int, bytes, RecordKind, ContentType]] = field(default_factory=list)
    receipts: list[FakeReceipt] = field(default_factory=list)

    def send(self, partition: int, value: bytes, kind: RecordKind, content: ContentType) -> Any:
        self.records.append((partition, value, kind, content))
        self.receipts.append(self.receipt())
        self.receipts[-1].place = sum(record[0] == partition for record in self.records) - 1
        return self.receipts[-1]


@pytest.fixture(scope="session")
def fake_log() -> type[FakeLog]:
    return FakeLog


@pytest.fixture(scope="session")
def fake_receipt() -> type[FakeReceipt]:
    return FakeReceipt
