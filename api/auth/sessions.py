"""Signed session tokens of the console: which key signed in, and until when."""

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


class _Token(msgspec.Struct, frozen=True, array_like=True):
    key_id: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes and reads tokens; a token names its key, so revoking the key ends its sessions at once."""

    secret: ServerSecret
    life_ms: int

    def issue(self, key_id: str, *, now_ms: int) -> str:
        """A token for whoever proved to hold the key."""
        body = msgspec.msgpack.encode(_Token(key_id, now_ms + self.life_ms))
        return base64.urlsafe_b64encode(self.secret.mac(_PURPOSE, body) + body).decode()

    def key_id(self, token: str, *, now_ms: int) -> str | None:
        """The key that the token stands for; None for one that is forged or over."""
        try:
            raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not self.secret.is_mac(_PURPOSE, body, mac):
            return None
        found = msgspec.msgpack.decode(body, type=_Token)
        return found.key_id if now_ms < found.expires_ms else None
