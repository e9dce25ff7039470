"""Servers for the integration tests: one of S3; Apache Kafka and PostgreSQL, or the embedded broker and SQLite where they cannot
be had."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import broker, figures
from deploy.demo.children import Child, Children
from deploy.servers import kafka, postgres
from deploy.servers.process import ServerUnavailable, free_port
from tests.integration import s3

MUST_HAVE = bool(os.environ.get("CI"))


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server answers and which one it is."""

    address: str
    kind: str


def _first_of(stack: ExitStack, real: Callable[[], AbstractContextManager[str]], kind: str) -> Server | None:
    """The real server; None where it cannot be had, which in CI is a failure."""
    try:
        return Server(stack.enter_context(real()), kind)
    except ServerUnavailable:
        if MUST_HAVE:
            raise
        return None


def _broker(stack: ExitStack) -> Server:
    apache = _first_of(stack, kafka.running, "Apache Kafka")
    return apache or Server(stack.enter_context(broker.running()), "embedded broker (no Apache Kafka here)")


@pytest.fixture(scope="session")
def shared_broker() -> Iterator[Server]:
    """A broker for the whole run: for tests whose topics and groups have names of their own."""
    given = os.environ.get("FUNDWATCH_TEST_KAFKA")
    with ExitStack() as stack:
        yield Server(given, "Apache Kafka") if given else _broker(stack)


@pytest.fixture(scope="module")
def own_broker() -> Iterator[Server]:
    """A broker with an empty log for one test module: the product's topics have fixed names."""
    with ExitStack() as stack:
        yield _broker(stack)


@pytest.fixture(scope="session")
def _cluster() -> Iterator[Server | None]:
    given = os.environ.get("FUNDWATCH_TEST_DATABASE")
    with ExitStack() as stack:
        yield Server(given, "PostgreSQL") if given else _first_of(stack, postgres.running, "PostgreSQL")


@pytest.fixture
def database(_cluster: Server | None, tmp_path: Path) -> Iterator[Server]:
    """An empty database of the test's own: PostgreSQL, or SQLite where it cannot be had."""
    if _cluster is None:
        yield Server(f"sqlite:///{tmp_path / 'ledger.db'}", "SQLite (no PostgreSQL here)")
        return
    with postgres.fresh_database(_cluster.address) as url:
        yield Server(url, _cluster.kind)


WITHIN_S = 180.0
POLL_S = 0.2


@dataclass(slots=True)
class Stream:
    """The product's own processes over one broker, started by its command line as an operator would."""

    kafka: Server
    children: Children
    ops_ports: list[int] = field(default_factory=list)
    linking: list[int] = field(default_factory=list)
    """Metrics ports of scheme processes, ended ones too."""
    sent: int = 0
    checkpoints: str = ""
    """Where checkpoints lie, when not in the folder of the processes."""

    def topics(self, **partitions: int) -> None:
        """Create every topic, with a partition count for each institution."""
        counts = [part for code, count in partitions.items() for part in ("--institution", f"{code}={count}")]
        self.children.run("topics", ["topics", "create", "--kafka", self.kafka.address, *counts])

    def produce(self, *arguments: str, institution: str) -> dict[str, Any]:
        """Send one institution's part of a file and give the producer's closing summary."""
        progress = str(self.children.folder / "progress")
        where = ("--institution", institution, "--kafka", self.kafka.address, "--progress", progress)
        printed = self.children.run(f"produce-{institution}", ["produce", *arguments, *where])
        summary: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
        self.sent += summary["sent"]
        return summary

    def detect(self, *arguments: str) -> Child:
        """Start one more detector worker; all share the folder of checkpoints and the consumer group."""
        port = free_port()
        self.ops_ports.append(port)
        where = ("--kafka", self.kafka.address, "--checkpoint", self.checkpoints or str(self.children.folder / "checkpoints"))
        name = f"detect-{len(self.ops_ports)}"
        return self.children.start(name, ["detect", *where, "--ops-port", str(port), *arguments])

    def schemes(self, *arguments: str) -> Child:
        """Start one more scheme process over the same folder of checkpoints."""
        port = free_port()
        self.linking.append(port)
        where = ("--kafka", self.kafka.address, "--checkpoint", str(self.children.folder / "checkpoints"))
        name = f"schemes-{len(self.linking)}"
        return self.children.start(name, ["schemes", *where, "--ops-port", str(port), *arguments])

    def judged(self) -> float:
        """The newest day that a scheme process has judged, 0 before the first."""
        days = (figures.value(figures.scrape(port), "detector_schemes_day") for port in self.linking)
        return max((day for day in days if day is not None), default=0.0)

    def consumed(self) -> list[int]:
        """Movements that each worker has taken from the log."""
        pages = [figures.scrape(port) for port in self.ops_ports]
        return [figures.by_label(page, "detector_movements_total", "outcome").total() for page in pages]

    def wait(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until something is reached; fail when a process dies or it takes too long."""
        deadline = time.monotonic() + WITHIN_S
        while not reached():
            self.children.check()
            assert time.monotonic() < deadline, f"not within {WITHIN_S:.0f} s: {what}; consumed {self.consumed()}"
            time.sleep(POLL_S)

    def wait_consumed(self) -> None:
        """Wait until the workers have taken all that was sent."""
        self.wait(lambda: sum(self.consumed()) >= self.sent, f"{self.sent} movements consumed")


@pytest.fixture(scope="module")
def _object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3.Server]:
    with s3.running(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def object_store(_object_store: s3.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[s3.Server]:
    """A server of S3, found by the environment alone, as a process of the product finds it."""
    for name, value in _object_store.environment.items():
        monkeypatch.setenv(name, value)
    yield _object_store
    _object_store.allow()


@pytest.fixture
def stream(own_broker: Server, tmp_path: Path) -> Iterator[Stream]:
    """Processes of the product, ended after the test; their logs are in the test's folder."""
    with Children(tmp_path) as children:
        yield Stream(own_broker, children)
