"""Where a webhook may go: after resolution, to no address inside the network unless the operator allows it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
MOST_URL: Final = 500
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(ValueError):
    """A URL that no webhook goes to; the message says why, without the URL."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL with the one address that is connected to: nobody resolves the name a second time."""

    host: str
    port: int
    path: str
    is_tls: bool
    address: str


def resolved(host: str, port: int) -> list[str]:
    """Addresses of a name, as the system knows them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which URLs are let through; ``allowed`` are networks that the operator opened, plain HTTP goes to those alone."""

    allowed: tuple[Network, ...] = ()
    resolve: Resolve = resolved

    def target(self, url: str) -> Target:
        """The target of a URL; raises ``NotAllowed``, where a single address of the name is inside as well."""
        parts = _parts(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in self.resolve(host, port)]
        except (OSError, UnicodeError, ValueError):
            raise NotAllowed("its name cannot be resolved") from None
        if not found or not all(self._is_open(one) for one in found):
            raise NotAllowed("its address is inside the network or nobody's")
        if parts.scheme != "https" and not all(self._is_allowed(one) for one in found):
            raise NotAllowed("it must be https")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(host, port, path, parts.scheme == "https", str(found[0]))

    def _is_open(self, address: Address) -> bool:
        return self._is_allowed(address) or all(one.is_global and not one.is_multicast for one in _meant(address))

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.allowed if network.version == address.version)


def _meant(address: Address) -> list[Address]:
    """The address, and the IPv4 address that it leads to where a translator stands on the way."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    real = [one for one in inner if one is not None]
    # A mapped address is no global one itself; what it leads to decides.
    return real if address.ipv4_mapped is not None else [address, *real]


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("it is no URL") from None
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > MOST_URL:
        raise NotAllowed("it is no URL of printable ASCII")
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise NotAllowed("it must be https with a host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed("it must hold neither a name, a password nor a fragment")
    return parts
