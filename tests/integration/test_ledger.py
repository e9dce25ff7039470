"""The ledger over a real broker and a real database, as processes and as parts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from sqlalchemy import inspect

from api.auth import repository as offices
from api.auth.offices import Kind, Office
from api.auth.scope import visible_scope
from api.database import Database
from api.flags import repository
from api.flags.filters import Page
from api.ledger import repository as ledger
from api.ledger.kafka import KafkaFlags
from api.ledger.writer import LedgerWriter, wall_clock_ms
from api.tables import METADATA
from contract import flag as flags
from contract.errors import LedgerUnavailable
from contract.topics import FLAGS as TOPIC
from tests.api.flags import flag, store
from tests.integration.conftest import Server

pytestmark = pytest.mark.integration


@pytest.fixture
def ledger_database(database: Server) -> Iterator[Database]:
    made = Database(database.address)
    made.migrate()
    yield made
    made.close()


@pytest.fixture(scope="module")
def broker(own_broker: Server) -> str:
    """A broker that holds the flags topic: none makes topics by itself."""
    admin = KafkaAdminClient(bootstrap_servers=own_broker.address)
    admin.create_topics({TOPIC: {"num_partitions": 3, "replication_factor": 1}}, wait_for_metadata=True)
    admin.close()
    return own_broker.address


def until(holds: Callable[[], bool], *, within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        threading.Event().wait(0.05)


def tables_of(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_migrations_make_the_tables_of_the_code_and_remove_them_again(ledger_database: Database) -> None:
    assert tables_of(ledger_database) == set(METADATA.tables)
    with ledger_database.reading() as connection:
        made = inspect(connection)
        for table in METADATA.tables.values():
            assert {column["name"] for column in made.get_columns(table.name)} == {c.name for c in table.columns}
            names = {index["name"] for index in made.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= names
    ledger_database.migrate("base")
    assert tables_of(ledger_database) == set()
    ledger_database.migrate()
    assert tables_of(ledger_database) == set(METADATA.tables)


def test_two_writers_at_once_give_every_revision_its_own_position(ledger_database: Database) -> None:
    with ledger_database.writing() as connection:
        ledger.ensure_ledger(connection)
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(20):
                with ledger_database.writing() as connection:
                    store(connection, [flag(f"{name}-{number}"), flag("shared", revision=number + 1)])
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    office = visible_scope(Office("x", Kind.PBOC, "341300", "x"))
    with ledger_database.reading() as connection:
        rows = repository.page_of(connection, Page(), after=None, limit=500, visible=office)
        shared, history = repository.get(connection, flag("shared").flag_id, visible=office)
    assert len(rows) == 41
    assert flags.decode(shared.document).revision == 20
    assert len(history) == 20


def test_lists_and_counts_are_the_same_on_this_database(ledger_database: Database) -> None:
    from api.flags.filters import Selection
    from api.summary.service import summarise

    with ledger_database.writing() as connection:
        ledger.ensure_ledger(connection)
        store(connection, [flag("a"), flag("b", category="suspicious"), flag("c", category="large_value")])
    office = visible_scope(Office("x", Kind.PBOC, "341300", "x"))
    summary = summarise(ledger_database, Selection(typology=["pass_through"], min_score=0.0), visible=office)
    assert summary.by_category == {"illegal_fundraising": 1, "suspicious": 1}
    assert summary.by_day == {"2026-03-01": 2}
    assert summary.by_typology == {"pass_through@1": 2}


def test_a_flag_written_to_the_broker_is_in_the_ledger_once_though_it_came_twice(broker: str, ledger_database: Database) -> None:
    producer = KafkaProducer(bootstrap_servers=broker)
    for one in (flag("a"), flag("a"), flag("b"), flag("a", revision=2)):
        producer.send(TOPIC, key=one.flag_id.encode(), value=flags.encode(one))
    producer.send(TOPIC, key=b"bad", value=b"{")
    producer.flush()
    office = visible_scope(Office("x", Kind.PBOC, "341300", "x"))

    def stored() -> list[int]:
        with ledger_database.reading() as connection:
            rows = repository.page_of(connection, Page(), after=None, limit=10, visible=office)
        return sorted(flags.decode(row.document).revision for row in rows)

    for _ in range(2):  # the second writer takes over where the first committed
        with_a_writer(ledger_database, broker, lambda: stored() == [1, 2])
    producer.close()


def with_a_writer(database: Database, broker: str, holds: Callable[[], bool]) -> None:
    """Run a writer until ``holds`` and it reads the log."""
    writer = LedgerWriter(database, lambda group: KafkaFlags(broker, group), clock_ms=wall_clock_ms)
    thread = threading.Thread(target=writer.run)
    thread.start()
    try:
        until(holds)
        until(lambda: writer.state.is_reading)
    finally:
        writer.stop()
        thread.join()


def ask(port: int, path: str, key: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            body = answer.read()
            return answer.status, json.loads(body) if body.startswith(b"{") else body.decode()
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
    except OSError:
        return 0, None


def free_ports(number: int) -> list[int]:
    import socket

    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "sigint"])
def test_serve_takes_flags_from_the_broker_serves_them_and_ends_cleanly(
    broker: str, database: Server, tmp_path: Path, number: int
) -> None:
    fundwatch = Path(sys.executable).with_name("fundwatch")
    places = ["--database", database.address, "--secret-file", str(tmp_path / "secret")]
    added = subprocess.run(
        [fundwatch, "office", "add", "--kind", "pboc", "--region", "341300", *places],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    key = added.stdout.strip()
    port, ops_port = free_ports(2)
    ports = ["--port", str(port), "--ops-port", str(ops_port)]
    log = tmp_path / "log"
    with log.open("w") as stderr:
        server = subprocess.Popen([fundwatch, "serve", "--kafka", broker, *places, *ports], stderr=stderr)
    try:
        producer = KafkaProducer(bootstrap_servers=broker)
        one = flag(f"served-{number}")
        producer.send(TOPIC, key=one.flag_id.encode(), value=flags.encode(one))
        producer.close()
        until(lambda: ask(ops_port, "/readyz")[0] == 200)
        until(lambda: ask(port, f"/v1/flags/{one.flag_id}", key)[0] == 200)
        assert ask(port, "/v1/flags", "fw_wrong")[0] == 401
        assert "ledger_flags_total" in ask(ops_port, "/metrics")[1]
    finally:
        server.send_signal(number)
        status = server.wait(timeout=30)
    assert status == 0, log.read_text()
    assert key not in log.read_text()


def test_a_database_that_is_away_is_ledger_unavailable() -> None:
    with pytest.raises(LedgerUnavailable) as away:
        Database("postgresql://nobody:secret-word@127.0.0.1:1/none").answers()
    assert "secret-word" not in str(away.value)


def test_a_key_is_found_on_this_database_until_it_is_revoked(ledger_database: Database) -> None:
    with ledger_database.writing() as connection:
        offices.add_office(connection, Office("o", Kind.LEAD, "341302", "o"), now_ms=0)
        offices.add_key(connection, "o", key_id="k", digest=b"d" * 32, now_ms=0, expires_ms=10)
    with ledger_database.reading() as connection:
        found = offices.find_key(connection, "k")
    assert found is not None
    assert (found.digest, found.is_good(9), found.is_good(10)) == (b"d" * 32, True, False)
    with ledger_database.writing() as connection:
        assert offices.revoke_keys(connection, "o", now_ms=1) == 1
    with ledger_database.reading() as connection:
        revoked = offices.find_key(connection, "k")
    assert revoked is not None
    assert not revoked.is_good(5)
