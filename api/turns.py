"""A lock that is handed on in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Whoever waits longest is next. Under ``threading.Lock`` a writer that comes back at once is always first, and
    audit lines, for which every answer waits, come after the last flag.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    @contextmanager
    def mine(self, *, patience_s: float) -> Iterator[None]:
        """Hold the turn; raises ``TimeoutError`` where it does not come within ``patience_s``."""
        self._take(patience_s)
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, patience_s: float) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(patience_s):
            return
        with self._lock:
            # It may have been handed on to us between the end of our patience and here.
            if not mine.is_set():
                self._waiting.remove(mine)
                raise TimeoutError("the turn did not come")

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
