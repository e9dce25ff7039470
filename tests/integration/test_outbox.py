"""A decision on the office side takes effect once in a detector: through a real broker, with a send that is repeated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.database import Database
from api.outbox import repository
from api.outbox.kafka import KafkaSink
from api.outbox.publisher import Publisher
from contract.topics import shared_topics
from contract.verdict import Verdict
from contract.watchlist import WatchEntry
from detector.sides.consumed import SIDE_TOPICS, Consumed
from detector.transport.kafka_sides import KafkaSides
from detector.transport.kafka_topics import create_topics

pytestmark = pytest.mark.integration


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    database.migrate()
    yield database
    database.close()


def _decide(ledger: Database, *records: Any) -> None:
    with ledger.writing() as connection:
        for record in records:
            repository.add(connection, record, now_ms=1)


def _entry(status: str) -> WatchEntry:
    return WatchEntry(subject="c:1", status=status, since="2026-03-01T00:00:00+08:00")


def test_what_was_decided_is_read_once_and_in_order(own_broker: Any, ledger: Database) -> None:
    address = own_broker.address
    create_topics(address, shared_topics())
    verdict = Verdict(flag_id="F", revision=1, verdict="dismissed", decided_at="2026-03-01T00:00:00Z", features={"families": 2.0})
    _decide(ledger, _entry("FOUND"), verdict, _entry("CLEARED"))
    with ledger.writing() as connection:
        taken = repository.claim(connection, "dead", now_ms=1, limit=10)
    dead = KafkaSink(address)
    dead.send(taken[:2])
    dead.close()

    alive = Publisher(ledger, lambda: KafkaSink(address), lambda: 1 + repository.CLAIM_MS)
    assert (alive.run_once(), alive.run_once()) == (3, 0)
    alive.stop()
    alive.run()

    reader, consumed = KafkaSides(address), Consumed(lambda *_: pytest.fail("refused"))
    for record in reader.through(SIDE_TOPICS):
        consumed.add(record.topic, record.offset, record.value)
    reader.close()
    assert consumed.positions == (3, 2), "the log holds what was sent twice"
    assert [one.status for one in consumed.watchlist.items] == ["FOUND", "CLEARED"]
    assert [one.features for one in consumed.verdicts.items] == [{"families": 2.0}]


def test_a_broker_without_the_topics_is_told_and_none_is_made(own_broker: Any) -> None:
    reader = KafkaSides(own_broker.address)
    again = KafkaSides(own_broker.address)
    assert reader.missing == again.missing
    reader.close()
    again.close()
