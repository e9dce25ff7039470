"""How much of a batch one transaction takes, so that whoever waits for the database does not wait for a whole batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

_T = TypeVar("_T")
AIM_S: Final = 0.1
"""Of CPU time. Every answer waits for its audit line, and that line for the transaction at hand."""
LEAST, MOST = 100, 2000
"""Rows a transaction."""


@dataclass(slots=True)
class Pace:
    """Rows a transaction, by the CPU time that the last one took: waiting for others must not make it smaller.

    What is stored does not depend on where a batch is cut.
    """

    rows: int = 500
    clock: Callable[[], float] = field(default=time.thread_time)

    def parts(self, items: Sequence[_T]) -> Iterator[Sequence[_T]]:
        """``items`` in parts; each is taken to be done when the next is asked for."""
        done = 0
        while done < len(items):
            part = items[done : done + self.rows]
            began = self.clock()
            yield part
            self._took(len(part), self.clock() - began)
            done += len(part)

    def _took(self, rows: int, seconds: float) -> None:
        # The last part of a batch may be small, and its fixed costs say little of a full one.
        if rows >= self.rows or seconds > AIM_S:
            self.rows = min(MOST, max(LEAST, int(rows * AIM_S / max(seconds, 1e-6))))
