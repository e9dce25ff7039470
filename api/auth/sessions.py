"""Signed session tokens of the console: who signed in, and until when."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

import msgspec

from api.auth.secret import ServerSecret

COOKIE: Final = "fundwatch_session"
_PURPOSE: Final = "session"
_MAC_BYTES: Final = 32


class Session(msgspec.Struct, frozen=True, array_like=True):
    """A key that signed in; or a person whom the issuer named, with the office and role that it named then."""

    key_id: str
    expires_ms: int
    office_id: str | None = None
    role: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes and reads tokens; a token names its key, so revoking the key ends its sessions at once."""

    secret: ServerSecret
    life_ms: int

    def issue(self, session: Session) -> str:
        """A token for whoever proved to be this person."""
        body = msgspec.msgpack.encode(session)
        return base64.urlsafe_b64encode(self.secret.mac(_PURPOSE, body) + body).decode()

    def read(self, token: str, *, now_ms: int) -> Session | None:
        """What the token stands for; None for one that is forged or over."""
        try:
            raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not self.secret.is_mac(_PURPOSE, body, mac):
            return None
        found = msgspec.msgpack.decode(body, type=Session)
        return found if now_ms < found.expires_ms else None
