"""The ledger's writer: nothing lost, nothing twice, whatever goes away."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.database import Database
from api.ledger import repository
from api.ledger.reading import read_flag
from api.ledger.source import FlagRecord
from api.ledger.writer import LedgerWriter
from api.metrics import LEDGER_FLAGS, LEDGER_REFUSED, LEDGER_WAITS
from api.tables import AREAS, FLAGS, LEDGER, REVISIONS, SCHEMES, TYPOLOGIES
from contract import flag as flags
from contract import scheme as schemes
from contract.errors import LedgerUnavailable, RejectedEvent, TransportUnavailable
from contract.flag import Flag
from tests.api.flags import finding, flag, store
from tests.api.schemes_made import member, scheme


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/ledger.sqlite")
    made.migrate()
    with made.writing() as connection:
        repository.ensure_ledger(connection)
    yield made
    made.close()


@dataclass
class ListSource:
    """A log in memory: polls come in order, and again from the last commit after a crash."""

    polls: list[list[FlagRecord]]
    committed: int = 0
    at: int = 0
    refusals: list[Exception] = field(default_factory=list)

    def poll(self, *, timeout_s: float) -> list[FlagRecord]:
        if self.at < len(self.polls):
            self.at += 1
            return self.polls[self.at - 1]
        return []

    def commit(self) -> None:
        if self.refusals:
            raise self.refusals.pop()
        self.committed = self.at

    def lag_records(self) -> int:
        return sum(map(len, self.polls[self.at :]))

    def close(self) -> None:
        self.at = self.committed


def record(value: bytes | None, offset: int = 0) -> FlagRecord:
    return FlagRecord("fundwatch.flags.v1", 0, offset, 1_000, value)


def records(*batch: Flag) -> list[FlagRecord]:
    return [record(flags.encode(one), offset) for offset, one in enumerate(batch)]


def writer_over(database: Database, source: ListSource) -> LedgerWriter:
    return LedgerWriter(database, lambda _group: source, clock_ms=lambda: 2_000)


def rows(database: Database, table: Any) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key.columns)))


def test_a_replayed_batch_stores_nothing_twice(database: Database) -> None:
    batch = records(flag("a"), flag("b"), flag("a"))
    source = ListSource([batch, batch])
    writer = writer_over(database, source)
    assert writer.run_once(source) == 2
    before = [rows(database, table) for table in (FLAGS, REVISIONS, AREAS, TYPOLOGIES, LEDGER)]
    assert writer.run_once(source) == 0
    assert [rows(database, table) for table in (FLAGS, REVISIONS, AREAS, TYPOLOGIES, LEDGER)] == before


def test_flags_and_schemes_of_one_poll_are_stored_together_and_what_is_no_scheme_is_refused(database: Database) -> None:
    web = scheme("web", [member("a")])
    no_money = scheme("bad", [member("a", credited="much")])
    batch = [
        FlagRecord("fundwatch.schemes.v1", 0, 0, 1_000, schemes.encode(web)),
        *records(flag("a")),
        FlagRecord("fundwatch.schemes.v1", 0, 1, 1_000, schemes.encode(no_money)),
        FlagRecord("fundwatch.schemes.v1", 0, 2, 1_000, b"{}"),
    ]
    source = ListSource([batch, batch])
    refused = LEDGER_REFUSED._value.get()  # noqa: SLF001
    assert writer_over(database, source).run_once(source) == 2
    assert writer_over(database, source).run_once(source) == 0
    assert LEDGER_REFUSED._value.get() - refused == 4  # noqa: SLF001
    assert [row.scheme_id for row in rows(database, SCHEMES)] == [web.scheme_id]
    assert [row.scheme_id for row in rows(database, FLAGS)] == [web.scheme_id]


def test_a_newer_revision_replaces_and_an_older_one_joins_the_history_alone(database: Database) -> None:
    second = flag("a", revision=2, branch_region="341321", findings=[finding("structuring@1")])
    with database.writing() as connection:
        store(connection, [second])
        assert store(connection, [flag("a", revision=1)]).current == 0
    assert [row.revision for row in rows(database, FLAGS)] == [2]
    assert [row.revision for row in rows(database, REVISIONS)] == [1, 2]
    assert {row.area for row in rows(database, AREAS)} == {"341321", "341300", "340000", "000000"}
    assert [row.typology for row in rows(database, TYPOLOGIES)] == ["structuring@1"]


@given(
    st.permutations([(name, revision) for name in "abc" for revision in (1, 2, 3)]),
    st.lists(st.integers(0, 9), max_size=4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_batches_end_in_the_same_ledger(tmp_path: Path, order: list[tuple[str, int]], cuts: list[int]) -> None:
    made = Database("sqlite:///" + str(tmp_path / f"{next(_NUMBERS)}.sqlite"))
    made.migrate()
    batch = [flag(name, revision=revision, score=80.0 + revision) for name, revision in order]
    edges = [0, *sorted(cuts), len(batch)]
    with made.writing() as connection:
        repository.ensure_ledger(connection)
    for start, end in itertools.pairwise(edges):
        with made.writing() as connection:
            store(connection, batch[start:end])
    assert [(row.revision, row.score_tenths) for row in rows(made, FLAGS)] == [(3, 830)] * 3
    assert len(rows(made, REVISIONS)) == 9
    assert sorted(row.position for row in rows(made, REVISIONS)) == list(range(1, 10))
    made.close()


_NUMBERS = itertools.count()


def test_a_record_that_is_no_flag_is_refused_with_its_place_and_the_rest_goes_on(database: Database) -> None:
    bad = [b"{", b"", b"\xff", b"[]", flags.encode(flag("x", branch_region="999999")), None]
    source = ListSource([[*(record(value) for value in bad), *records(flag("good"))]])
    before = LEDGER_REFUSED._value.get()  # noqa: SLF001 - the client has no other way to read a counter
    assert writer_over(database, source).run_once(source) == 1
    assert LEDGER_REFUSED._value.get() - before == 5  # noqa: SLF001
    assert source.committed == 1


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"branch_region": "134130"}, "unknown_region: branch_region"),
        ({"subject_region": "999999"}, "unknown_region: subject_region"),
        ({"status": "gone"}, "unknown_value: status"),
        ({"severity": "dire"}, "unknown_value: severity"),
        ({"institution_type": "casino"}, "unknown_value: institution_type"),
        ({"revision": 0}, "bad_id: flag_id"),
        ({"flag_id": "a b"}, "bad_id: flag_id"),
        ({"updated_at": "now"}, "bad_time: updated_at"),
    ],
)
def test_what_the_ledger_cannot_hold_is_named_by_field_and_never_by_value(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(RejectedEvent) as refused:
        read_flag(flags.encode(msgspec.structs.replace(flag(), **changes)))
    assert str(refused.value) == place


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_a_flag_or_a_reject(data: bytes) -> None:
    with suppress(RejectedEvent):
        read_flag(data)


def test_nothing_is_committed_before_the_database_has_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ListSource([records(flag("a"))])
    writer = writer_over(database, source)
    real = database.writing
    tries: list[int] = []

    @contextmanager
    def away_twice() -> Iterator[Any]:
        tries.append(source.committed)
        if len(tries) <= 2:
            raise LedgerUnavailable("away")
        with real() as connection:
            yield connection

    monkeypatch.setattr(database, "writing", away_twice)
    monkeypatch.setattr("api.ledger.writer._WAIT_S", (0.0,))
    waits = LEDGER_WAITS.labels("database")._value  # noqa: SLF001
    before = waits.get()
    assert writer.run_once(source) == 1
    assert tries[:3] == [0, 0, 0]
    assert source.committed == 1
    assert waits.get() - before == 2


def test_a_crash_between_store_and_commit_stores_nothing_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ListSource([records(flag("a"), flag("b")), records(flag("c"))], refusals=[TransportUnavailable("gone")])
    monkeypatch.setattr("api.ledger.writer._WAIT_S", (0.0,))
    writer = writer_over(database, source)
    before = LEDGER_FLAGS._value.get()  # noqa: SLF001
    thread = threading.Thread(target=writer.run)
    thread.start()
    for _ in range(2000):
        if source.committed == 2:
            break
        thread.join(0.005)
    writer.stop()
    thread.join()
    assert source.committed == 2
    assert LEDGER_FLAGS._value.get() - before == 3  # noqa: SLF001
    assert len(rows(database, REVISIONS)) == 3


def test_positions_grow_with_every_revision_that_is_stored(database: Database) -> None:
    for batch in ([flag("a"), flag("b")], [flag("a", revision=2)], [flag("b")]):
        with database.writing() as connection:
            store(connection, batch)
    placed = {(row.flag_id, row.revision): row.position for row in rows(database, REVISIONS)}
    assert placed[(flag("a").flag_id, 2)] == 3
    assert {row.flag_id: row.position for row in rows(database, FLAGS)}[flag("a").flag_id] == 3


def test_a_new_database_reads_the_log_anew_and_an_old_one_goes_on(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        assert repository.ensure_ledger(connection) == repository.ensure_ledger(connection)
        first = repository.ensure_ledger(connection)
    other = Database(f"sqlite:///{tmp_path}/other.sqlite")
    other.migrate()
    with other.writing() as connection:
        assert repository.ensure_ledger(connection) != first
    other.close()


class NotedWaits(threading.Event):
    """Ends the writer at its first real rest."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        if timeout:
            self.set()
        return self.is_set()


def test_a_writer_that_keeps_up_lets_flags_gather_and_one_that_is_behind_does_not(database: Database) -> None:
    source = ListSource([records(flag("first")), records(*(flag(f"f{n}") for n in range(500)))])
    # Storing takes no time here: on a busy machine it took so long that no rest was left, and nothing ended the test.
    writer = LedgerWriter(database, lambda _group: source, clock_ms=lambda: 2_000, monotonic=lambda: 0.0)
    noted = NotedWaits()
    writer._stop = noted  # noqa: SLF001 - the one place where it waits
    writer.run()
    assert noted.waits[0] == 0.0, "a full transaction was there"
    assert len(noted.waits) == 2
    assert len(rows(database, FLAGS)) == 501
