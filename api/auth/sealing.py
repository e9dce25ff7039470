"""Text that only this server reads and that is worthless to anybody but the office it was made for."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.auth.secret import ServerSecret

_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Sealer:
    """Encrypts for one purpose. A position that was only signed could still be read, and counted by."""

    secret: ServerSecret
    purpose: str

    def seal(self, plain: bytes, *, context: str) -> str:
        """``plain`` as opaque text, never twice the same, bound to ``context``."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return base64.urlsafe_b64encode(nonce + self._cipher().encrypt(nonce, plain, context.encode())).decode().rstrip("=")

    def open(self, text: str, *, context: str) -> bytes | None:
        """What was sealed; None for text that is forged, cut, or of another purpose or context."""
        try:
            raw = base64.b64decode((text + "=" * (-len(text) % 4)).encode("ascii"), altchars=b"-_", validate=True)
            return self._cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
        except (binascii.Error, ValueError, InvalidTag):
            return None

    def _cipher(self) -> AESGCM:
        return AESGCM(self.secret.mac("seal:" + self.purpose, b""))
