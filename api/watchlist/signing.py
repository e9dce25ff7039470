"""The watch list as institutions get it: who is found, who was cleared, signed so that anybody can check where it is from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from api.auth.secret import ServerSecret
from api.tables import WATCHLIST
from contract.shanghai import DAY_MS, text_ms
from contract.watchlist import KINDS

_PURPOSE: Final = "watchlist-signing"
_TYPE: Final = "fundwatch-watchlist+json"
VALID_MS: Final = DAY_MS
"""An institution that has heard nothing for so long does not know who was cleared and has to ask."""
CLEARED_FOR_MS: Final = 365 * DAY_MS


class Found(msgspec.Struct, frozen=True):
    """A subject of a finding that holds."""

    subject: str
    since: str


class Cleared(msgspec.Struct, frozen=True):
    """A subject whose restriction ends."""

    subject: str
    cleared_at: str


class SignedList(msgspec.Struct, frozen=True):
    """What is signed; whoever is not in ``found`` is restricted by it no longer."""

    issued_at: str
    valid_until: str
    as_of: str | None
    found: list[Found]
    cleared: list[Cleared]


@dataclass(frozen=True, slots=True)
class ListSigner:
    """Signs by Ed25519 with a key of the server's secret: the same in every process, gone with the secret."""

    secret: ServerSecret

    def sign(self, document: SignedList) -> str:
        """The list as a compact JWS."""
        headers = {"kid": self.key_id, "typ": _TYPE}
        return jwt.api_jws.encode(msgspec.json.encode(document), self._key(), algorithm="EdDSA", headers=headers)

    def public_keys(self) -> dict[str, Any]:
        """The key set to check it by (RFC 8037)."""
        key: dict[str, Any] = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(self._key().public_key()))
        return {"keys": [{**key, "kid": self.key_id, "use": "sig", "alg": "EdDSA"}]}

    @property
    def key_id(self) -> str:
        """Name of the key: changes with it."""
        return hashlib.sha256(self._key().public_key().public_bytes_raw()).hexdigest()[:16]

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret.mac(_PURPOSE, b""))


def current(connection: Connection, *, now_ms: int) -> SignedList:
    """The list as it stands: findings that hold, and clearings of the last year. Nothing that a model said.

    A risk enterprise that a list names has not been found by anybody, so it is restricted nowhere (Order 737 art. 33).
    """
    rows = connection.execute(select(WATCHLIST).order_by(WATCHLIST.c.subject)).all()
    return SignedList(
        issued_at=text_ms(now_ms),
        valid_until=text_ms(now_ms + VALID_MS),
        as_of=text_ms(max(row.changed_ms for row in rows)) if rows else None,
        found=[Found(row.subject, row.since) for row in rows if row.status == "FOUND" and row.kind == KINDS[0]],
        cleared=[
            Cleared(row.subject, text_ms(row.changed_ms))
            for row in rows
            if row.status == "CLEARED" and row.changed_ms >= now_ms - CLEARED_FOR_MS
        ],
    )
