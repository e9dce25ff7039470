"""One delivery: signed, to the checked address, without redirects, and over after a few seconds whatever the receiver does."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Final

from api.webhooks.addresses import NotAllowed, Reach, Target

SIGNATURE: Final = "Fundwatch-Signature"
DELIVERY: Final = "Fundwatch-Delivery"


def signature(secret: bytes, body: bytes, *, at_s: int) -> str:
    """The header's value: the time, and HMAC-SHA-256 over time, a dot and the body.

    >>> signature(b"k", b"{}", at_s=5)[:9]
    't=5,v1=d0'
    """
    mac = hmac.digest(secret, b"%d." % at_s + body, hashlib.sha256)
    return f"t={at_s},v1={mac.hex()}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends within ``timeout_s``, a receiver that answers a byte at a time included."""

    reach: Reach
    timeout_s: float = 5.0

    def send(self, url: str, body: bytes, *, secret: bytes, delivery: str, at_s: int) -> str | None:
        """None where the receiver took it (2xx), else what went wrong, of a closed set."""
        try:
            target = self.reach.target(url)
        except NotAllowed:
            return "address_not_allowed"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "fundwatch",
            SIGNATURE: signature(secret, body, at_s=at_s),
            DELIVERY: delivery,
        }
        try:
            status = self._post(target, body, headers)
        except TimeoutError:
            return "timeout"
        except ssl.SSLError:
            return "tls"
        except (OSError, http.client.HTTPException, AttributeError):
            # AttributeError: http.client's own, where the watchdog closed its socket under it.
            return "unreachable"
        return None if 200 <= status < 300 else f"status_{status // 100}xx"

    def _post(self, target: Target, body: bytes, headers: dict[str, str]) -> int:
        connection = _Connection(target, self.timeout_s)
        expired = threading.Event()

        def give_up() -> None:
            expired.set()
            connection.cut()

        watchdog = threading.Timer(self.timeout_s, give_up)
        watchdog.start()
        try:
            connection.request("POST", target.path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException, AttributeError) as error:
            if expired.is_set():
                raise TimeoutError from error
            raise
        finally:
            watchdog.cancel()
            connection.close()


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked and shows the name that was asked for."""

    def __init__(self, target: Target, timeout_s: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout_s)
        self._target = target

    def connect(self) -> None:
        raw = socket.create_connection((self._target.address, self._target.port), self.timeout)
        # Before the handshake, so that the watchdog can end that as well.
        self.sock = raw
        if self._target.is_tls:
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self._target.host)

    def cut(self) -> None:
        """End whatever waits for the socket."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
