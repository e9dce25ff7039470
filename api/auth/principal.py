"""From a request to the person who asks: bearer key, or the console's session cookie."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.audit.trail import PURPOSE_HEADER, trail_of
from api.auth import keys, passwords, repository, sessions
from api.auth.limits import Limits
from api.auth.offices import Office
from api.auth.roles import PERMISSIONS, Permission, Role
from api.auth.scope import VisibleScope, visible_scope
from api.auth.secret import ServerSecret
from api.auth.sessions import Session, Sessions
from api.auth.tokens import REFUSED, TokenClaims, Tokens, looks_like_token
from api.database import Database
from contract.errors import Forbidden, Unauthenticated

_NO_DIGEST: Final = bytes(32)
_FOREIGN: Final = "forms are taken from this server's own pages only"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def now_ms() -> int:
    """Wall clock: keys, sessions and people's deadlines go by it; what the detector says does not."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a proven key, its holder within the office, and what the holder's role allows."""

    key_id: str
    office: Office
    role: Role
    holder: str
    good_until_ms: int | None = None
    """When a token or an issuer's session ends; None for a key, which the database knows the end of."""

    def may(self, permission: Permission) -> bool:
        """Whether the role has this permission."""
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Proves keys and sessions against the database, at every request anew."""

    database: Database
    secret: ServerSecret
    sessions: Sessions
    tokens: Tokens | None = None
    """Of the issuer that is trusted; None where there is none."""

    def by_token(self, text: str) -> Principal:
        """The principal of an issuer's token; raises ``Unauthenticated`` as for a wrong key."""
        if self.tokens is None:
            raise Unauthenticated(REFUSED)
        claims = self.tokens.claims(text)
        return self._person(
            Session(claims.key_id, claims.exp * 1000, claims.fundwatch_office, claims.fundwatch_role, claims.holder)
        )

    def by_issuer(self, claims: TokenClaims, *, now_ms: int) -> Principal:
        """The principal of who signed in through the issuer, for one session of the console.

        It ends as a key's does, and no later than the issuer's tokens may: nobody but the issuer can take one back.
        """
        life_ms = (
            self.sessions.life_ms if self.tokens is None else min(self.sessions.life_ms, int(self.tokens.most_life_s * 1000))
        )
        return self._person(
            Session(claims.key_id, now_ms + life_ms, claims.fundwatch_office, claims.fundwatch_role, claims.holder)
        )

    def _person(self, session: Session) -> Principal:
        with self.database.reading() as connection:
            office = repository.find_office(connection, session.office_id or "")
        if office is None:
            raise Unauthenticated(REFUSED)
        return Principal(session.key_id, office, Role(session.role), session.holder, good_until_ms=session.expires_ms)

    def session_of(self, principal: Principal, *, now_ms: int) -> tuple[str, int]:
        """A session's token for a proven principal, and how many ms it lasts."""
        if principal.good_until_ms is None:
            session = Session(principal.key_id, now_ms + self.sessions.life_ms)
        else:
            person = (principal.office.office_id, principal.role.value, principal.holder)
            session = Session(principal.key_id, principal.good_until_ms, *person)
        return self.sessions.issue(session), session.expires_ms - now_ms

    def by_password(self, office_id: str, holder: str, password: str) -> Principal:
        """The principal of a person's name and password, for the console alone."""
        with self.database.reading() as connection:
            found = passwords.of_person(connection, office_id, holder, now_ms=now_ms())
        key_id, digest = found or ("", None)
        if not passwords.is_right(digest, password):
            raise Unauthenticated(REFUSED)
        with self.database.reading() as connection:
            return _admit(repository.find_key(connection, key_id))

    def by_key(self, text: str) -> Principal:
        """The principal of a key's text; raises ``Unauthenticated``, with one message whatever is wrong."""
        presented = keys.parse(text)
        if presented is None:
            raise Unauthenticated(REFUSED)
        with self.database.reading() as connection:
            stored = repository.find_key(connection, presented.key_id)
        proven = hmac.compare_digest(keys.digest(presented, self.secret), stored.digest if stored else _NO_DIGEST)
        return _admit(stored if proven else None)

    def by_session(self, token: str) -> Principal:
        """The principal of a session's token."""
        session = self.sessions.read(token, now_ms=now_ms())
        if session is None:
            raise Unauthenticated(REFUSED)
        if session.office_id is not None:
            return self._person(session)
        with self.database.reading() as connection:
            return _admit(repository.find_key(connection, session.key_id))

    def of(self, request: Request) -> Principal:
        """The principal of a request; a bearer key goes before the cookie."""
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            text = credentials.strip()
            return self.by_token(text) if looks_like_token(text) else self.by_key(text)
        if token := request.cookies.get(sessions.COOKIE):
            if request.method not in _SAFE:
                refuse_foreign(request)
            return self.by_session(token)
        raise Unauthenticated(REFUSED)


def refuse_foreign(request: Request) -> None:
    """Refuse what another site's page sent with our cookie; browsers say so, and SameSite guards where they do not."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        # No page can write this header, and where it stands Origin may be "null" on our own forms (referrer policy).
        if site not in ("same-origin", "none"):
            raise Forbidden(_FOREIGN)
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Forbidden(_FOREIGN)


def _admit(stored: repository.StoredKey | None) -> Principal:
    if stored is None or not stored.is_good(now_ms()):
        raise Unauthenticated(REFUSED)
    return Principal(stored.key_id, stored.office, stored.role, stored.holder)


def caller_of(request: Request, text: str | None = None) -> tuple[str, str]:
    """Address and the id of the key that is shown (a key's ``text``, else the request's own), proven or not."""
    if text is None:
        text = request.headers.get("authorization", "").partition(" ")[2].strip()
    shown = keys.parse(text)
    return (request.client.host if request.client else ""), (shown.key_id if shown else "")


def _principal(request: Request) -> Principal:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    trail = trail_of(request)
    limits: Limits = request.app.state.limits
    address, key_id = caller_of(request)
    trail.key_id = key_id or None
    limits.check(address, key_id)
    try:
        principal = doorkeeper.of(request)
    except Unauthenticated:
        limits.failed(address, key_id)
        raise
    limits.take(principal.key_id)
    trail.office, trail.holder = principal.office.office_id, principal.holder
    trail.key_id, trail.role = principal.key_id, principal.role
    trail.good_until_ms = principal.good_until_ms
    trail.asked_for(request.headers.get(PURPOSE_HEADER), principal.office.kind)
    # For pages that are made after a refusal: whoever signed in keeps the bar that leads elsewhere.
    request.state.principal = principal
    return principal


CurrentPrincipal = Annotated[Principal, Depends(_principal)]


def _allowed(principal: Principal, permission: Permission) -> Principal:
    if not principal.may(permission):
        raise Forbidden(f"your key's role does not allow to {permission}")
    return principal


def _needs(permission: Permission) -> Callable[[Principal], Awaitable[Principal]]:
    # async, as nothing is waited for: a plain function would cost every request a change of threads.
    async def check(principal: CurrentPrincipal) -> Principal:
        return _allowed(principal, permission)

    return check


Worker = Annotated[Principal, Depends(_needs(Permission.WORK))]
Confirmer = Annotated[Principal, Depends(_needs(Permission.CONFIRM))]
Auditor = Annotated[Principal, Depends(_needs(Permission.AUDIT))]
Recipient = Annotated[Principal, Depends(_needs(Permission.FETCH))]
Administrator = Annotated[Principal, Depends(_needs(Permission.ADMINISTER))]


async def _visible(principal: Annotated[Principal, Depends(_needs(Permission.READ))]) -> VisibleScope:
    return visible_scope(principal.office)


Visible = Annotated[VisibleScope, Depends(_visible)]


def visible_to(request: Request) -> VisibleScope:
    """``Visible`` for who is in a worker thread already: proves the key, asks for the same permission."""
    return visible_scope(_allowed(_principal(request), Permission.READ).office)
