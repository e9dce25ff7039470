"""How a Kafka consumer asks a silent log: a few times a second, whoever answers it."""

from __future__ import annotations

import time
from typing import Any, Final

ASK_S: Final = 0.02
"""How long one question may take while there is nothing."""
PAUSE_S: Final = 0.1
"""How long nobody is asked after a question that found nothing: what comes meanwhile is found so much later."""


def polled(consumer: Any, timeout_s: float) -> Any:
    """What ``consumer.poll`` finds first within about ``timeout_s``, by partition; empty where there is nothing.

    A broker should keep a fetch until there is something to give; not all do, and the client asks one that answers at once
    a thousand times a second, which takes a whole core where nothing happens. A client on its way into its group is left
    alone: it begins a question anew that was not answered within one poll, so short ones might never end.
    """
    ends = time.monotonic() + timeout_s
    while True:
        left = max(0.0, ends - time.monotonic())
        patient = not _is_settled(consumer) or left <= ASK_S + PAUSE_S
        found = consumer.poll(timeout_ms=int(1000 * (left if patient else ASK_S)))
        if found or patient:
            return found
        time.sleep(PAUSE_S)


def _is_settled(consumer: Any) -> bool:
    """Whether the consumer has partitions, knows where to read each, and has no group to join; nothing public tells."""
    return (
        bool(consumer.assignment())
        and consumer._subscription.has_all_fetch_positions()  # noqa: SLF001
        and not consumer._coordinator.need_rejoin()  # noqa: SLF001
    )
