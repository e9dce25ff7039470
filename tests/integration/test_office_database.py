"""What the office side asks of its database beyond SQL: closed tables, one chain, migrations with data."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.audit import repository as audit
from api.audit.record import AuditRecord, Decision
from api.audit.verification import verify
from api.audit.writer import AuditWriter
from api.auth import repository as offices
from api.auth.roles import Role
from api.database import Database
from contract.shanghai import text_ms
from tests.integration.conftest import Server

pytestmark = pytest.mark.integration


@pytest.fixture
def ledger_database(database: Server) -> Iterator[Database]:
    made = Database(database.address)
    made.migrate()
    yield made
    made.close()


def line(number: int) -> AuditRecord:
    return AuditRecord(at=text_ms(number), request_id=f"{number:x}", action="GET /x", decision=Decision.ANSWERED, office="O")


@pytest.mark.parametrize("statement", ["UPDATE audit SET decision = 'empty'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_database_refuses_to_change_the_audit(ledger_database: Database, statement: str) -> None:
    with ledger_database.appending() as connection:
        audit.append(connection, [line(1)])
    if ledger_database.is_sqlite and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), ledger_database.writing() as connection:
        connection.execute(text(statement))


def test_two_processes_append_to_one_chain_while_flags_are_written(ledger_database: Database) -> None:
    writers = [AuditWriter(ledger_database), AuditWriter(ledger_database)]

    def write(number: int) -> None:
        for step in range(20):
            writers[number % 2].submit(line(number * 100 + step)).result(30)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    if not ledger_database.is_sqlite:
        # The one writer of flags must not hold the audit up.
        with ledger_database.writing() as connection:
            connection.execute(text("SELECT 1"))
            writers[0].submit(line(9999)).result(30)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        writer.close()
    with ledger_database.reading() as connection:
        verdict = verify(connection)
    assert verdict.is_whole
    assert verdict.lines == 120 + (not ledger_database.is_sqlite)


def test_migrations_go_up_and_down_with_the_data_of_the_first_release(database: Server) -> None:
    made = Database(database.address)
    made.migrate("0001")
    with made.writing() as connection:
        connection.execute(text("INSERT INTO offices VALUES ('O', 'pboc', '341300', 'O', 0)"))
        connection.execute(
            text("INSERT INTO office_keys (key_id, office_id, digest, created_ms, expires_ms) VALUES ('k', 'O', :d, 0, 10)"),
            {"d": b"d" * 32},
        )
    for _ in range(2):
        made.migrate()
        with made.reading() as connection:
            key = offices.find_key(connection, "k")
        assert key is not None
        assert (key.role, key.holder, key.is_good(9)) == (Role.VIEWER, "office", True)
        made.migrate("0001", down=True)
        with made.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM office_keys")).scalar() == 1
    made.close()
