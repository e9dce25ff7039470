"""The server's secret: one file, made at first start, from which every key of ours is derived."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from contract.errors import ConfigurationError

_BYTES: Final = 32


class ServerSecret:
    """256 random bits; ``mac`` signs for one purpose, so that no signature serves another."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "ServerSecret(…)"

    def mac(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 of ``data`` under the key of ``purpose``."""
        key = hmac.digest(self._secret, purpose.encode(), hashlib.sha256)
        return hmac.digest(key, data, hashlib.sha256)

    def is_mac(self, purpose: str, data: bytes, mac: bytes) -> bool:
        """Whether ``mac`` is right, in constant time."""
        return hmac.compare_digest(self.mac(purpose, data), mac)


def read_or_make(path: Path) -> ServerSecret:
    """Read the secret, or make the file with mode 0600; refuses a file that others can read.

    Losing the file makes every key and session void, and nothing else.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise ConfigurationError(f"API_SECRET_FILE cannot be made: {error.strerror}") from error
    secret = secrets.token_bytes(_BYTES)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret.hex() + "\n")
    return ServerSecret(secret)


def _read(path: Path) -> ServerSecret:
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError("API_SECRET_FILE can be read by others: chmod 600 it")
        secret = bytes.fromhex(path.read_text().strip())
    except OSError as error:
        raise ConfigurationError(f"API_SECRET_FILE cannot be read: {error.strerror}") from error
    except ValueError:
        raise ConfigurationError("API_SECRET_FILE must hold 64 hexadecimal digits") from None
    if len(secret) != _BYTES:
        raise ConfigurationError("API_SECRET_FILE must hold 64 hexadecimal digits")
    return ServerSecret(secret)
