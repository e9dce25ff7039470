"""How much of a batch one transaction takes, so that whoever waits for the database does not wait for a whole batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

_T = TypeVar("_T")
AIM_S: Final = 0.2
"""Of CPU time. Every answer waits for its audit line, and that line for the transaction at hand."""
GATHER_S: Final = 0.5
"""Between two transactions while fewer rows wait than one takes. It costs by the pages that it touches: a hundred flags
touch nearly as many as five hundred do, and a writer that stores each few at once is busy with nothing else.
"""
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

    def rest_s(self, waiting: int, passed_s: float) -> float:
        """How long to let flags gather before the next poll, ``passed_s`` after the last one began and with ``waiting`` there."""
        return 0.0 if waiting >= self.rows else max(0.0, GATHER_S - passed_s)

    def _took(self, rows: int, seconds: float) -> None:
        # The last part of a batch may be small, and its fixed costs say little of a full one.
        if rows >= self.rows or seconds > AIM_S:
            self.rows = min(MOST, max(LEAST, int(rows * AIM_S / max(seconds, 1e-6))))
