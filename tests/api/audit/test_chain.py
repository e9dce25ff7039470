"""The chain of hashes: any edit is found, and the database refuses most of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from api.audit import repository
from api.audit.record import AuditRecord, Decision
from api.audit.verification import verify
from api.audit.writer import AuditWriter
from api.audit_command import audit
from api.database import Database
from contract.errors import FatalError, LedgerUnavailable
from contract.shanghai import text_ms

CHANGES = ("record", "hash", "prev_hash", "decision", "office_id", "at_ms", "missing")


def line(number: int) -> AuditRecord:
    return AuditRecord(at=text_ms(number), request_id=f"{number:x}", action="GET /x", decision=Decision.ANSWERED, office="O")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('chain')}/ledger.sqlite")
    made.migrate()
    with made.appending() as connection:
        repository.append(connection, [line(number) for number in range(7)])
        repository.append(connection, [line(number) for number in range(7, 12)])
    yield made
    made.close()


def test_a_chain_of_several_appends_is_whole(database: Database) -> None:
    with database.reading() as connection:
        verdict = verify(connection)
        assert (verdict.lines, verdict.is_whole) == (12, True)
        assert repository.head(connection) == (12, verdict.head)


@pytest.mark.parametrize("statement", ["UPDATE audit SET decision = 'empty'", "DELETE FROM audit WHERE seq = 12"])
def test_the_database_refuses_to_change_or_delete_a_line(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
        connection.execute(text(statement))


class _Undone(Exception):
    """Takes an edit back after it was looked at."""


def edit(connection: Connection, seq: int, change: str) -> None:
    """Change a line as somebody with the database's own rights could."""
    for trigger in ("audit_no_update", "audit_no_delete"):
        connection.execute(text(f"DROP TRIGGER {trigger}"))
    if change == "missing":
        connection.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": seq})
        return
    row: Any = connection.execute(text("SELECT * FROM audit WHERE seq = :seq"), {"seq": seq}).mappings().one()
    new = {"decision": "empty", "office_id": "P", "at_ms": row["at_ms"] + 1}.get(change)
    if new is None:
        new = row[change][:-2] + bytes([row[change][-2] ^ 1]) + row[change][-1:]
    connection.execute(text(f"UPDATE audit SET {change} = :new WHERE seq = :seq"), {"new": new, "seq": seq})  # noqa: S608


@given(st.integers(1, 12), st.sampled_from(CHANGES))
@settings(max_examples=60, deadline=None)
def test_any_edit_behind_the_databases_back_is_found_where_it_was_made(database: Database, seq: int, change: str) -> None:
    with database.writing() as connection:
        undone = connection.begin_nested()
        edit(connection, seq, change)
        verdict = verify(connection)
        undone.rollback()
    # Lines cut off the end leave a shorter chain: that is what a noted head is for.
    assert verdict.broken_at == (seq if change != "missing" or seq < 12 else 0)


def test_a_head_noted_earlier_finds_a_cut_and_a_chain_computed_anew(database: Database) -> None:
    with database.reading() as connection:
        seq, head = repository.head(connection)
        assert verify(connection, known_seq=seq, known_hash=head).is_whole
        assert not verify(connection, known_seq=seq + 1, known_hash=head).is_whole
        assert not verify(connection, known_seq=seq, known_hash=bytes(32)).is_whole


def test_lines_of_many_threads_and_two_writers_make_one_chain(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/ledger.sqlite")
    database.migrate()
    writers = [AuditWriter(database), AuditWriter(database)]

    def write(number: int) -> None:
        for step in range(10):
            writers[number % 2].submit(line(number * 100 + step)).result(30)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        writer.close()
    with database.reading() as connection:
        verdict = verify(connection)
    assert (verdict.lines, verdict.is_whole) == (80, True)
    database.close()


def test_who_waits_for_a_line_that_cannot_be_written_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise LedgerUnavailable("away")

    monkeypatch.setattr(database, "appending", away)
    writer = AuditWriter(database)
    with pytest.raises(LedgerUnavailable):
        writer.submit(line(1)).result(30)
    writer.close()


def test_the_command_tells_a_whole_chain_from_a_broken_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/ledger.sqlite")
    database.migrate()
    with database.appending() as connection:
        repository.append(connection, [line(number) for number in range(3)])
    places = ["--database", f"sqlite:///{tmp_path}/ledger.sqlite"]
    whole = CliRunner().invoke(audit, ["verify", *places])
    assert (whole.exit_code, whole.stdout.split(":")[0]) == (0, "3")
    again = CliRunner().invoke(audit, ["verify", *places, "--head", whole.stdout.strip()])
    assert again.exit_code == 0
    with database.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET decision = 'empty' WHERE seq = 2"))
    broken = CliRunner().invoke(audit, ["verify", *places])
    assert broken.exit_code == 1
    assert "line 2" in broken.stderr
    wrong = CliRunner().invoke(audit, ["verify", *places, "--head", "x"])
    assert isinstance(wrong.exception, FatalError)
    database.close()


def test_the_command_says_of_a_database_without_tables_what_makes_them(tmp_path: Path) -> None:
    answer = CliRunner().invoke(audit, ["verify", "--database", f"sqlite:///{tmp_path}/empty.sqlite"])
    assert isinstance(answer.exception, LedgerUnavailable)
    assert "has no tables yet: fundwatch serve" in str(answer.exception)
