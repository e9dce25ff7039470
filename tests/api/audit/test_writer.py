"""The audit's writer outlives whoever no longer waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from api.audit import repository
from api.audit.record import AuditRecord, Decision
from api.audit.writer import AuditWriter
from tests.api.world import World


class Slow:
    """A database whose appending waits to be let through."""

    def __init__(self, world: World) -> None:
        self.inner = world.database
        self.began, self.go = threading.Event(), threading.Event()

    @contextmanager
    def appending(self) -> Iterator[Any]:
        self.began.set()
        assert self.go.wait(10)
        with self.inner.appending() as connection:
            yield connection


def line(number: int) -> AuditRecord:
    return AuditRecord(at="2026-03-01T04:00:00.000Z", request_id=str(number), action="GET /x", decision=Decision.ANSWERED)


def test_a_client_that_hangs_up_ends_no_writer_and_loses_no_line(world: World) -> None:
    slow = Slow(world)
    writer = AuditWriter(slow)  # type: ignore[arg-type]
    first = writer.submit(line(1))
    assert slow.began.wait(10)
    second = writer.submit(line(2))
    assert second.cancel()
    assert not first.cancel()
    slow.go.set()
    writer.submit(line(3)).result(10)
    first.result(10)
    writer.close()
    with world.database.reading() as connection:
        assert repository.head(connection)[0] == 3
