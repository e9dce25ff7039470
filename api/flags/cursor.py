"""Cursors: signed places in one office's one list; opaque outside, worthless anywhere else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import msgspec

from api.auth.scope import VisibleScope
from api.auth.secret import ServerSecret
from api.flags.filters import Page
from contract.errors import BadRequest

_PURPOSE: Final = "cursor"
_MAC_BYTES: Final = 16


class Place(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page: its value in the order, and its id."""

    value: int
    flag_id: str


@dataclass(frozen=True, slots=True)
class Cursors:
    """Signs places for one list: office, filters and order are part of what is signed."""

    secret: ServerSecret
    context: bytes

    def encode(self, place: Place) -> str:
        """The cursor after ``place``."""
        body = msgspec.msgpack.encode(place)
        return base64.urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

    def decode(self, cursor: str) -> Place:
        """The place; raises ``BadRequest`` for a cursor that is forged, cut or of another list."""
        try:
            raw = base64.b64decode((cursor + "=" * (-len(cursor) % 4)).encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest("cursor: not one of this list") from None
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise BadRequest("cursor: not one of this list")
        return msgspec.msgpack.decode(body, type=Place)

    def _mac(self, body: bytes) -> bytes:
        return self.secret.mac(_PURPOSE, self.context + body)[:_MAC_BYTES]


def cursors_for(page: Page, visible: VisibleScope, secret: ServerSecret) -> Cursors:
    """The cursors of this list as this office sees it."""
    asked = page.model_dump_json(exclude={"cursor", "limit"})
    return Cursors(secret, hashlib.sha256(f"{visible.office_id}\n{asked}".encode()).digest())
