"""Servers for the integration tests: Apache Kafka and PostgreSQL, or the embedded broker and SQLite where they cannot be had."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.demo import broker
from deploy.servers import kafka, postgres
from deploy.servers.process import ServerUnavailable

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
