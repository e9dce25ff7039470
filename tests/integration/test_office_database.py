"""What the office side asks of its database beyond SQL: closed tables, one chain, migrations with data."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.audit import repository as audit
from api.audit.record import AuditRecord, Decision
from api.audit.trail import Trail
from api.audit.verification import verify
from api.audit.writer import AuditWriter
from api.auth import repository as offices
from api.auth.offices import Kind, Office
from api.auth.principal import Principal
from api.auth.roles import Role
from api.auth.scope import visible_scope
from api.auth.secret import ServerSecret
from api.database import Database
from api.flags import repository as flag_lists
from api.flags.cursor import Place
from api.flags.filters import Page, Selection
from api.ledger import repository as ledger
from api.ledger.deadlines import Deadlines
from api.ledger.filters import EntryPage
from api.ledger.moves import Transition
from api.ledger.service import Board
from api.ledger.states import Status
from api.ledger.tracks import Track, entry_id
from api.summary import service
from contract.errors import Conflict
from contract.shanghai import text_ms
from tests.api.flags import NOON, flag, store
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


def test_kept_counts_agree_with_counting_on_this_database(ledger_database: Database) -> None:
    with ledger_database.writing() as connection:
        ledger.ensure_ledger(connection)
        for revision in (1, 2):
            batch = [flag(f"f-{i}", revision=revision, minutes=i * 300 * revision) for i in range(9)]
            store(connection, [*batch, flag("b", revision=revision, category="suspicious", branch_region="341321")])
    for region in ("000000", "341300", "341321"):
        visible = visible_scope(Office("O", Kind.PBOC, region, "O"))
        with ledger_database.reading() as connection:
            kept = service._kept(connection, Selection(), visible)  # noqa: SLF001 - the two ways are compared
            assert kept == service._counted(connection, Selection(), visible)  # noqa: SLF001
        assert kept.flags == (1 if region == "341321" else 10)


def test_of_many_who_step_at_once_one_is_first_and_the_chain_is_whole(ledger_database: Database) -> None:
    with ledger_database.writing() as connection:
        ledger.ensure_ledger(connection)
        store(connection, [flag("a")])
    board = Board(ledger_database, ServerSecret(bytes(32)), Deadlines(), lambda: NOON)
    office = Office("O", Kind.PBOC, "341300", "O")
    visible = visible_scope(office)
    asked = Transition(to=Status.UNDER_ANALYSIS, reason="x", expected_version=1)
    outcomes: list[str] = []

    def step(number: int) -> None:
        by = Principal(f"k{number}", office, Role.ANALYST, f"h{number}")
        try:
            with ledger_database.writing() as connection:
                board.move(connection, entry_id(Track.AML, "BANK01", "a:a"), asked, by=by, visible=visible, trail=Trail())
            outcomes.append("first")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=step, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 7 + ["first"]
    listed, _ = board.page(EntryPage(sort="due_on"), visible=visible)
    assert [(entry.status, entry.version) for entry in listed] == [(Status.UNDER_ANALYSIS, 2)]
    with ledger_database.reading() as connection:
        assert verify(connection).is_whole


def test_what_is_referred_lies_in_the_addressees_own_area_on_this_database(ledger_database: Database) -> None:
    office = Office("PBOC", Kind.PBOC, "341300", "O")
    police = Office("POLICE-OF-A-CITY-WITH-A-LONG-NAME", Kind.POLICE, "341300", "P")
    with ledger_database.writing() as connection:
        ledger.ensure_ledger(connection)
        offices.add_office(connection, police, now_ms=0)
        store(connection, [flag("a"), flag("b")])
    board = Board(ledger_database, ServerSecret(bytes(32)), Deadlines(), lambda: NOON)
    steps = (("li", Role.ANALYST, "under_analysis"), ("li", Role.ANALYST, "transferred"), ("wu", Role.SUPERVISOR, "transferred"))
    for version, (holder, role, to) in enumerate(steps, start=1):
        to_office = police.office_id if to == "transferred" else None
        asked = Transition(to=Status(to), reason="x", expected_version=version, office=to_office)
        with ledger_database.writing() as connection:
            by, found = Principal("k", office, role, holder), entry_id(Track.AML, "BANK01", "a:a")
            board.move(connection, found, asked, by=by, visible=visible_scope(office), trail=Trail())
    with ledger_database.reading() as connection:
        rows = flag_lists.page_of(connection, Page(), after=None, limit=9, visible=visible_scope(police))
    assert [(row.account_id, row.ledger_status) for row in rows] == [("a:a", "new")]


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
        with made.writing() as connection:
            ledger.ensure_ledger(connection)
            store(connection, [flag("a"), flag("b", category="suspicious")])
        made.migrate("0001", down=True)
        with made.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM office_keys")).scalar() == 1
    made.close()


@pytest.mark.parametrize(
    ("page", "index"),
    [
        (Page(), "areas_by_score"),
        (Page(sort="-updated_at"), "areas_by_time"),
        (Page(category=["illegal_fundraising"]), "areas_by_category_score"),
    ],
)
def test_a_page_is_one_range_of_an_index_on_this_database(ledger_database: Database, page: Page, index: str) -> None:
    with ledger_database.writing() as connection:
        ledger.ensure_ledger(connection)
        categories = ("illegal_fundraising", *("large_value",) * 9)
        batch = [flag(f"f-{i}", score=80.0 + i % 20, minutes=i, category=categories[i % 10]) for i in range(3000)]
        store(connection, batch)
    visible = visible_scope(Office("O", Kind.PBOC, "341300", "O"))
    statement = flag_lists.list_statement(page, after=Place(850, "m"), visible=visible).limit(51)
    with ledger_database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
        sql = str(statement.compile(connection.engine, compile_kwargs={"literal_binds": True})).replace("%", "%%")
        explain = "EXPLAIN QUERY PLAN " if ledger_database.is_sqlite else "EXPLAIN "
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + sql))
    assert index in plan, plan
    entered_at_the_place = ",flag_id)" if ledger_database.is_sqlite else "(ROW("
    assert entered_at_the_place in plan, plan
    assert "Seq Scan on flag_areas" not in plan, plan
