"""A running office side without sockets: ledger, offices with keys, and a client."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.auth import keys, repository
from api.auth.offices import Kind, Office
from api.auth.principal import now_ms
from api.auth.roles import Role
from api.auth.secret import ServerSecret
from api.config import SQLITE, ApiSettings
from api.database import Database
from api.ledger import repository as ledger
from api.ledger import schemes
from api.ledger.deadlines import Deadlines
from contract.flag import Flag
from contract.scheme import Scheme
from tests.api.flags import NOON, store

_PATIENT: dict[str, Any] = {"stream_life": timedelta(0), "rate_per_s": 1e6, "lockout_failures": 10**6}
"""Streams that end at once, and limits that no test meets by chance."""
YEAR_MS = 31_536_000_000


@dataclass(frozen=True)
class World:
    """A running office side without sockets."""

    database: Database
    secret: ServerSecret
    app: FastAPI
    client: TestClient

    def office(
        self,
        kind: str,
        region: str,
        *,
        life_ms: int = YEAR_MS,
        name: str | None = None,
        role: str = "analyst",
        holder: str = "office",
    ) -> str:
        """Add an office once and give a person there a fresh key."""
        office = Office(name or f"{kind}-{region}", Kind(kind), region, f"{kind} {region}")
        text, key = keys.new_key()
        now = now_ms()
        with self.database.writing() as connection:
            if office.office_id not in {known.office_id for known, _ in repository.all_offices(connection)}:
                repository.add_office(connection, office, now_ms=now)
            repository.add_key(
                connection,
                office.office_id,
                key_id=key.key_id,
                digest=keys.digest(key, self.secret),
                now_ms=now,
                expires_ms=now + life_ms,
                role=Role(role),
                holder=holder,
            )
        return text

    def store(self, batch: Sequence[Flag], *, now_ms: int = NOON) -> None:
        """Put flags into the ledger."""
        with self.database.writing() as connection:
            ledger.ensure_ledger(connection)
            store(connection, batch, now_ms=now_ms)

    def store_schemes(self, batch: Sequence[Scheme], *, now_ms: int = NOON) -> int:
        """Put schemes into the ledger and tell how many revisions were new."""
        with self.database.writing() as connection:
            ledger.ensure_ledger(connection)
            return schemes.store(connection, batch, now_ms=now_ms, deadlines=Deadlines())

    def get(self, path: str, key: str | None, **params: Any) -> Any:
        """GET with a key; gives the response."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        return self.client.get(path, headers=headers, params=params or None)

    def post(self, path: str, key: str, body: Any) -> Any:
        """POST a body as JSON with a key; gives the response."""
        return self.client.post(path, json=body, headers={"Authorization": f"Bearer {key}"})

    def close(self) -> None:
        """Give back connections."""
        self.client.close()
        self.app.state.audit.close()
        self.database.close()

    def ids(self, key: str, **params: Any) -> list[str]:
        """Account ids of a list, in its order."""
        answer = self.get("/v1/flags", key, **params)
        assert answer.status_code == 200, answer.text
        return [item["account_id"].removeprefix("a:") for item in answer.json()["items"]]


@functools.cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        database = Database(f"{SQLITE}{path}")
        database.migrate()
        # The last connection that closes puts the log of writes into the file.
        database.close()
        return path.read_bytes()


def fresh_sqlite() -> str:
    """URL of a migrated SQLite file of its own."""
    path = Path(tempfile.mkdtemp(prefix="fundwatch-")) / "ledger.sqlite"
    path.write_bytes(_migrated())
    return f"{SQLITE}{path}"


def make_world(url: str, **given: Any) -> World:
    """A world over a fresh database; a SQLite file begins as a copy of one that was migrated once."""
    if url.startswith(SQLITE):
        Path(url.removeprefix(SQLITE)).write_bytes(_migrated())
    database = Database(url)
    if not database.is_sqlite:
        database.migrate()
    secret = ServerSecret(bytes(range(32)))
    app = create_app(database, secret, ApiSettings(**(_PATIENT | given)))
    return World(database, secret, app, TestClient(app, raise_server_exceptions=False, follow_redirects=False))
