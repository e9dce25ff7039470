"""The proxy that faults of the network are made with passes everything, or delays, holds and cuts it as told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.faults.proxy import Net, Proxy


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(peer,), daemon=True).start()

    def answer(peer: socket.socket) -> None:
        with peer:
            while data := peer.recv(1024):
                peer.sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    made = Proxy(echo)
    yield made
    made.close()


def connected(proxy: Proxy) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    peer.sendall(b"a")
    assert peer.recv(1) == b"a"
    return peer


def test_bytes_pass_both_ways(proxy: Proxy) -> None:
    with connected(proxy) as peer:
        peer.sendall(b"x" * 1000)
        assert peer.recv(1000)


def test_a_silent_net_holds_bytes_and_gives_them_later(proxy: Proxy) -> None:
    with connected(proxy) as peer:
        proxy.set(Net.SILENT)
        peer.sendall(b"b")
        peer.settimeout(0.2)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        proxy.set(Net.CLEAR)
        peer.settimeout(5)
        assert peer.recv(1) == b"b"


def test_a_slow_net_delays_bytes(proxy: Proxy) -> None:
    with connected(proxy) as peer:
        proxy.delay_s = 0.1
        proxy.set(Net.SLOW)
        began = time.monotonic()
        peer.sendall(b"c")
        assert peer.recv(1) == b"c"
        assert time.monotonic() - began >= 0.2, "a delay each way"


def test_a_reset_breaks_what_runs_and_takes_new_connections(proxy: Proxy) -> None:
    with connected(proxy) as peer:
        assert proxy.reset() == 1
        assert peer.recv(1) == b""
    with connected(proxy):
        pass


def test_a_cut_net_breaks_what_runs_and_refuses_new_connections(proxy: Proxy) -> None:
    with connected(proxy) as peer:
        proxy.set(Net.CUT)
        assert peer.recv(1) == b""
    with suppress(ConnectionError), socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as refused:
        assert refused.recv(1) == b""
    proxy.set(Net.CLEAR)
    with connected(proxy):
        pass
