"""The ledger's database: SQLite or PostgreSQL behind two ways in, one for reading and one for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from api.turns import SharedTurns
from contract.errors import ConfigurationError, LedgerUnavailable

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_WRITER_LOCK: Final = 0x66756E64
"""Advisory lock of whoever writes, so that positions grow in the order of commits, whatever the number of processes."""
_WRITES: Final = "fundwatch_writes"
_PATIENCE_S: Final = 10


class Database:
    """An engine with the ledger's transactions.

    Readers see one snapshot a transaction. Writers exclude each other: ``BEGIN IMMEDIATE`` on SQLite, an advisory
    lock on PostgreSQL. A database that is away raises ``LedgerUnavailable``; parameters never stand in an error.
    """

    def __init__(self, url: str) -> None:
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
        options: dict[str, Any] = {}
        if not url.startswith("sqlite"):
            options = {"pool_pre_ping": True, "pool_timeout": 5, "connect_args": {"connect_timeout": 5}}
        try:
            self._engine = create_engine(url, hide_parameters=True, pool_size=16, max_overflow=32, **options)
        except (ArgumentError, ValueError):
            # from None: the driver's message repeats the URL, and with it the password.
            raise ConfigurationError("--database is no URL that can be read") from None
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
            # SQLite itself lets writers sleep and try again, up to 0.1 s a try: whoever comes back at once is first.
            self._turns = SharedTurns(Path(self._engine.url.database or "").resolve())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction."""
        with self._open(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one write transaction; commits at the end, rolls back on any error."""
        with self._open(writes=True) as connection:
            yield connection

    @contextmanager
    def appending(self) -> Iterator[Connection]:
        """A write transaction beside the one writer's, for what takes a lock of its own (the audit's chain)."""
        with self._open(writes=True, excludes=False) as connection:
            yield connection

    @contextmanager
    def _open(self, *, writes: bool, excludes: bool = True) -> Iterator[Connection]:
        try:
            with ExitStack() as stack:
                if self.is_sqlite and writes:
                    self._take_turn(stack)
                raw = stack.enter_context(self._engine.connect())
                connection = raw.execution_options(**{_WRITES: writes})
                with connection.begin():
                    if not self.is_sqlite and (excludes or not writes):
                        lock = "SELECT pg_advisory_xact_lock(:lock)" if writes else "SET TRANSACTION READ ONLY"
                        connection.execute(text(lock), {"lock": _WRITER_LOCK} if writes else {})
                    yield connection
        except DBAPIError as error:
            _say(error)
            raise
        except NoConnectionError as error:
            raise LedgerUnavailable("no connection to the ledger's database is free") from error

    def _take_turn(self, stack: ExitStack) -> None:
        try:
            stack.enter_context(self._turns.mine(patience_s=_PATIENCE_S))
        except TimeoutError as error:
            raise LedgerUnavailable("the ledger's database is away or busy") from error

    def migrate(self, revision: str = "head", *, down: bool = False) -> None:
        """Bring the tables up to ``revision``, or ``down`` to it (``base`` removes them all)."""
        with self.writing() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            step = command.downgrade if down or revision == "base" else command.upgrade
            step(config, revision)

    def answers(self) -> bool:
        """Whether the database answers; raises ``LedgerUnavailable`` where it is away."""
        with self.reading() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar())

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


_AWAY: Final = ("OperationalError", "InterfaceError")


def _say(error: DBAPIError) -> None:
    """Raise what a caller can act on, nothing for a mistake of ours."""
    if type(error.orig).__name__ == "UndefinedTable" or "no such table" in str(error.orig):
        raise LedgerUnavailable("the ledger's database has no tables yet: fundwatch serve and office add make them") from error
    if "file is not a database" in str(error.orig):
        raise ConfigurationError("--database names a file that is no SQLite database: name another") from error
    if error.connection_invalidated or type(error).__name__ in _AWAY:
        raise LedgerUnavailable("the ledger's database is away or busy") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # None: the driver begins nothing by itself, so that our own BEGIN below decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: Kafka offsets are committed after the database, so what was committed must survive a power cut.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_PATIENCE_S * 1000}",
        "foreign_keys=ON",
        "cache_size=-65536",
        # 32 MiB, not 4: pages that many transactions touch are put into the file once, and seldom while others wait.
        "wal_autocheckpoint=8192",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
