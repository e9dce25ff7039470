"""Broker and database away, with real servers: waited for with a line and a count, nothing committed, then all goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
import urllib.error
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from contract import flag as flags
from contract.topics import FLAGS, events_topic
from deploy.demo import figures
from deploy.demo.children import Child, Children
from deploy.demo.office_view import OfficeView
from deploy.servers import kafka, postgres
from deploy.servers.process import ServerUnavailable, answers, free_port, serving
from tests.api.flags import flag
from tests.detector import bad_input
from tests.integration.conftest import MUST_HAVE, Server, Stream

pytestmark = pytest.mark.integration


class Restarted:
    """A server on one port and one folder, started and stopped as often as told."""

    def __init__(self, folder: Path, command: list[str], port: int, stop: int) -> None:
        self.port = port
        self._how = (folder, command, stop)
        self._running: AbstractContextManager[Any] | None = None

    def start(self) -> None:
        folder, command, stop = self._how
        self._running = serving(
            command,
            name=command[0],
            log=folder / "server.log",
            ready=lambda: answers(self.port),
            within_s=90,
            env={**os.environ, "LOG_DIR": str(folder)},
            stop_signal=stop,
        )
        self._running.__enter__()

    def stop(self) -> None:
        if self._running is not None:
            self._running.__exit__(None, None, None)
        self._running = None


@pytest.fixture
def folder() -> Iterator[Path]:
    """Outside pytest's own: PostgreSQL runs as another user."""
    made = Path(tempfile.mkdtemp(prefix="fundwatch-outage-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _or_skip(error: ServerUnavailable) -> None:
    if MUST_HAVE:
        raise error
    pytest.skip(f"no server here: {error}")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Restarted]:
    """Apache Kafka that is not started yet."""
    port = free_port()
    (tmp_path / "kafka").mkdir()
    try:
        command = kafka.prepared(tmp_path / "kafka", port, {})
    except ServerUnavailable as error:
        _or_skip(error)
    made = Restarted(tmp_path / "kafka", command, port, signal.SIGTERM)
    yield made
    made.stop()


@pytest.fixture
def database(folder: Path) -> Iterator[tuple[Restarted, str]]:
    """PostgreSQL, not started yet, with its ``user:password@host:port``."""
    port = free_port()
    try:
        command, address = postgres.prepared(folder, port, [])
    except ServerUnavailable as error:
        _or_skip(error)
    made = Restarted(folder, command, port, signal.SIGINT)
    yield made, address
    made.stop()


@pytest.fixture
def stream(broker: Restarted, tmp_path: Path) -> Iterator[Stream]:
    with Children(tmp_path) as children:
        yield Stream(Server(f"127.0.0.1:{broker.port}", "Apache Kafka"), children)


def _events(child: Child, name: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in child.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("event") == name]


def _send(address: str, first: int, count: int) -> None:
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    now_ms = int(time.time() * 1000)
    for number in range(first, first + count):
        value = json.dumps(bad_input.fields(now_ms, event_id=f"E{number}")).encode()
        producer.send(events_topic(bad_input.INSTITUTION), value=value, partition=0)
    producer.flush()
    producer.close()


def _committed(address: str) -> int | None:
    consumer: Any = KafkaConsumer(bootstrap_servers=address, group_id="fundwatch-detect", enable_auto_commit=False)
    found: int | None = consumer.committed(TopicPartition(events_topic(bad_input.INSTITUTION), 0))
    consumer.close()
    return found


def test_a_worker_waits_for_its_broker_at_the_start_and_in_the_middle(stream: Stream, broker: Restarted) -> None:
    stream.children.env["DETECTOR_CHECKPOINT_EVERY"] = "PT2S"
    worker = stream.detect()

    def waits() -> float:
        return figures.value(figures.scrape(stream.ops_ports[0]), "detector_broker_waits_total") or 0.0

    stream.wait(lambda: waits() >= 1, "the worker waits for a broker that never was there")
    assert _events(worker, "broker_awaited")[0]["reason"] == f"no broker answers at 127.0.0.1:{broker.port}"

    broker.start()
    stream.topics(**{bad_input.INSTITUTION: bad_input.PARTITIONS})
    _send(stream.kafka.address, 0, 500)
    stream.sent = 500
    stream.wait_consumed()
    stream.wait(lambda: _committed(stream.kafka.address) == 500, "the first part is committed")

    broker.stop()
    before = waits()
    stream.wait(lambda: waits() > before, "the worker notices that the broker is away")
    checkpoints = len(_events(worker, "shards_checkpointed"))

    broker.start()
    _send(stream.kafka.address, 500, 500)
    stream.sent = 1000
    stream.wait_consumed()
    stream.wait(lambda: _committed(stream.kafka.address) == 1000, "the rest is committed")
    outcomes = figures.by_label(figures.scrape(stream.ops_ports[0]), "detector_movements_total", "outcome")
    assert outcomes["used"] == 1000
    assert len(_events(worker, "shards_checkpointed")) > checkpoints
    worker.process.terminate()
    assert worker.process.wait(timeout=60) == 0, worker.log.read_text()


def test_the_ledger_waits_for_its_database_and_commits_nothing_meanwhile(
    stream: Stream, broker: Restarted, database: tuple[Restarted, str], tmp_path: Path
) -> None:
    server, address = database
    broker.start()
    server.start()
    stream.topics()
    url = postgres.make_database(address)
    secret = ("--secret-file", str(tmp_path / "api.secret"))
    office = ["office", "add", "--kind", "pboc", "--region", "341300", "--database", url, *secret]
    key = stream.children.run("office", office).strip()
    port, ops_port = free_port(), free_port()
    ports = ("--port", str(port), "--ops-port", str(ops_port))
    serve = stream.children.start("serve", ["serve", "--kafka", stream.kafka.address, "--database", url, *secret, *ports])
    stream.wait(lambda: figures.is_ready(ops_port), "the API is ready")
    view = OfficeView(f"http://127.0.0.1:{port}", key)

    def listed() -> set[str]:
        try:
            return {one["flag_id"] for one in view.flags(category="illegal_fundraising")}
        except urllib.error.HTTPError as error:
            if error.code != 503:  # what an office is told while the database is away
                raise
            return set()

    first, second = flag("first"), flag("second")
    _publish(stream.kafka.address, first)
    stream.wait(lambda: listed() == {first.flag_id}, "the first flag is listed")

    server.stop()
    _publish(stream.kafka.address, second)

    def waits() -> int:
        return figures.by_label(figures.scrape(ops_port), "ledger_waits_total", "dependency")["database"]

    stream.wait(lambda: waits() >= 1, "the ledger notices that its database is away")
    assert _events(serve, "ledger_waiting")[-1]["dependency"] == "database"
    assert not figures.is_ready(ops_port)

    server.start()
    stream.wait(lambda: listed() == {first.flag_id, second.flag_id}, "the second flag is listed")


def _publish(address: str, one: flags.Flag) -> None:
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    producer.send(FLAGS, key=one.flag_id.encode(), value=flags.encode(one)).get(timeout=30)
    producer.close()
