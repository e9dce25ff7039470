"""How a silent log is asked: a few times a second, whoever answers it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

ASK_S: Final = 0.02
"""How long one question may take while there is nothing."""
PAUSE_S: Final = 0.1
"""How long nobody is asked after a question that found nothing: what comes meanwhile is found so much later."""

T = TypeVar("T")


def asked(poll: Callable[[float], T], timeout_s: float) -> T:
    """What ``poll`` finds first within about ``timeout_s``, else what it found last.

    ``poll`` is handed seconds. A broker should keep a fetch until there is something to give; not all do, and the
    client asks one that answers at once a thousand times a second, which takes a whole core where nothing happens.

    >>> asked(lambda seconds: [1], 1.0)
    [1]
    >>> asked(lambda seconds: [], 0.0)
    []
    """
    ends = time.monotonic() + timeout_s
    while True:
        left = ends - time.monotonic()
        found = poll(max(0.0, min(ASK_S, left)))
        if found or left <= ASK_S + PAUSE_S:
            return found
        time.sleep(PAUSE_S)
