"""From a request to the office that asks: bearer key, or the console's session cookie."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from api.auth import keys, repository, sessions
from api.auth.offices import Office
from api.auth.scope import VisibleScope, visible_scope
from api.auth.secret import ServerSecret
from api.auth.sessions import Sessions
from api.database import Database
from contract.errors import Unauthenticated

_REFUSED: Final = "a valid key is needed: Authorization: Bearer <key>"
_NO_DIGEST: Final = bytes(32)


def now_ms() -> int:
    """Wall clock: keys and sessions end by it, and nothing else of the ledger does."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a proven key and its office."""

    key_id: str
    office: Office


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Proves keys and sessions against the database, at every request anew."""

    database: Database
    secret: ServerSecret
    sessions: Sessions

    def by_key(self, text: str) -> Principal:
        """The principal of a key's text; raises ``Unauthenticated``, with one message whatever is wrong."""
        presented = keys.parse(text)
        if presented is None:
            raise Unauthenticated(_REFUSED)
        with self.database.reading() as connection:
            stored = repository.find_key(connection, presented.key_id)
        proven = hmac.compare_digest(keys.digest(presented, self.secret), stored.digest if stored else _NO_DIGEST)
        return _admit(stored if proven else None)

    def by_session(self, token: str) -> Principal:
        """The principal of a session's token."""
        key_id = self.sessions.key_id(token, now_ms=now_ms())
        if key_id is None:
            raise Unauthenticated(_REFUSED)
        with self.database.reading() as connection:
            return _admit(repository.find_key(connection, key_id))

    def of(self, request: Request) -> Principal:
        """The principal of a request; a bearer key goes before the cookie."""
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.by_key(credentials.strip())
        if token := request.cookies.get(sessions.COOKIE):
            return self.by_session(token)
        raise Unauthenticated(_REFUSED)


def _admit(stored: repository.StoredKey | None) -> Principal:
    if stored is None or not stored.is_good(now_ms()):
        raise Unauthenticated(_REFUSED)
    return Principal(stored.key_id, stored.office)


def _principal(request: Request) -> Principal:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    return doorkeeper.of(request)


CurrentPrincipal = Annotated[Principal, Depends(_principal)]


def _visible(principal: CurrentPrincipal) -> VisibleScope:
    return visible_scope(principal.office)


Visible = Annotated[VisibleScope, Depends(_visible)]
