"""Office keys: an id to find them by and 256 random bits, of which only an HMAC is stored."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

from api.auth.secret import ServerSecret

_PURPOSE: Final = "office-key"
_SHAPE: Final = re.compile(r"fw_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as somebody showed it; nothing is proven yet."""

    key_id: str
    secret: str

    def __repr__(self) -> str:
        return "PresentedKey(…)"


def new_key() -> tuple[str, PresentedKey]:
    """A fresh key: the text for its office, shown once, and its parts."""
    key = PresentedKey(secrets.token_hex(6), secrets.token_urlsafe(32))
    return f"fw_{key.key_id}_{key.secret}", key


def parse(text: str) -> PresentedKey | None:
    """The parts of a key's text, or None where it is none."""
    match = _SHAPE.fullmatch(text)
    return PresentedKey(match[1], match[2]) if match else None


def digest(key: PresentedKey, secret: ServerSecret) -> bytes:
    """What is stored of a key. A random key needs no slow hash: guessing 256 bits is hopeless at any speed."""
    return secret.mac(_PURPOSE, f"{key.key_id}:{key.secret}".encode())
