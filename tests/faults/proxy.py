"""A TCP proxy that can be made slow, silent or cut while connections run through it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from enum import Enum
from typing import Final

_CHUNK: Final = 64 * 1024
_LOOK_S: Final = 0.02


class Net(Enum):
    """What becomes of bytes."""

    CLEAR = "clear"
    SLOW = "slow"
    """Every chunk waits."""
    SILENT = "silent"
    """Connections stay and nothing passes."""
    CUT = "cut"
    """Connections are reset and new ones refused."""


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to ``target``."""

    def __init__(self, target: int, *, delay_s: float = 0.05) -> None:
        self.target = target
        self.delay_s = delay_s
        self.net = Net.CLEAR
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._open = True
        threading.Thread(target=self._accept, daemon=True, name="proxy").start()

    def set(self, net: Net) -> None:
        """Change what becomes of bytes from now on."""
        self.net = net
        if net is Net.CUT:
            self.reset()

    def reset(self) -> int:
        """Break every connection and return how many there were; new ones are taken unless the net is cut."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        return len(pairs)

    def close(self) -> None:
        """Break everything for good."""
        self._open = False
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.reset()

    def _accept(self) -> None:
        while self._open:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.net is Net.CUT:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            pair = (client, server)
            with self._lock:
                self._pairs.add(pair)
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self._pump, args=(pair, source, sink), daemon=True, name="proxy").start()

    def _pump(self, pair: tuple[socket.socket, socket.socket], source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                if self.net is Net.SLOW:
                    time.sleep(self.delay_s)
                while self.net is Net.SILENT and self._open:
                    time.sleep(_LOOK_S)
                sink.sendall(data)
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            # The other pump may still hold its number: closed by whoever comes last.
        source.close()
