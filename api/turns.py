"""Turns that are handed on in the order in which they were asked for, among threads and among processes."""

from __future__ import annotations

import fcntl
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

_LOOK_S: Final = 0.002


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


class SharedTurns:
    """Turns of all processes that name the same file; threads of one process come one by one, by its own ``Turns``.

    Two locks on files beside it: whoever is next holds ``….next`` until ``….turn`` is free, so a process that comes
    back at once finds somebody before it. Locks end with their process, however that ends.
    """

    def __init__(self, beside: Path) -> None:
        self._own = Turns()
        self._next, self._turn = (beside.with_name(f"{beside.name}.{part}") for part in ("next", "turn"))

    @contextmanager
    def mine(self, *, patience_s: float) -> Iterator[None]:
        """Hold the turn; raises ``TimeoutError`` where it does not come within ``patience_s``."""
        deadline = time.monotonic() + patience_s
        with ExitStack() as held:
            held.enter_context(self._own.mine(patience_s=patience_s))
            with _locked(self._next, deadline):
                held.enter_context(_locked(self._turn, deadline))
            yield


@contextmanager
def _locked(path: Path, deadline: float) -> Iterator[None]:
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise TimeoutError("the turn did not come") from None
                time.sleep(_LOOK_S)
        yield
