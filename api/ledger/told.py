"""What the ledger's writer tells the process that started it: whether it reads, and its metrics."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from prometheus_client import Counter

from api import metrics

_COUNTERS: Final[dict[str, Counter]] = {
    "flags": metrics.LEDGER_FLAGS,
    "schemes": metrics.LEDGER_SCHEMES,
    "refused": metrics.LEDGER_REFUSED,
    "waits": metrics.LEDGER_WAITS,
    "calendar": metrics.CALENDAR_FALLBACKS,
}
"""What the writer counts; the ledger's other metrics are of the web's process."""
Counts = dict[str, list[tuple[dict[str, str], float]]]
"""By name, for each set of labels, what was counted since the process began."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The writer's state at one moment."""

    is_reading: bool
    lag_s: float
    counts: Counts


def told(*, is_reading: bool) -> Told:
    """This process's own metrics."""
    counts = {name: [(labels, value) for labels, value in _values(counter)] for name, counter in _COUNTERS.items()}
    return Told(is_reading=is_reading, lag_s=sum(value for _, value in _values(metrics.LEDGER_LAG)), counts=counts)


def encode(what: Told) -> bytes:
    """One line."""
    return msgspec.json.encode(what) + b"\n"


def decode(line: bytes) -> Told:
    """Read one line."""
    return msgspec.json.decode(line, type=Told)


def take_over(now: Told, before: Told | None) -> None:
    """Count here what was counted there since ``before``, so that one port tells all."""
    for name, counts in now.counts.items():
        known = [] if before is None else before.counts[name]
        for labels, value in counts:
            done = next((was for with_labels, was in known if with_labels == labels), 0.0)
            counter = _COUNTERS[name].labels(**labels) if labels else _COUNTERS[name]
            counter.inc(value - done)
    metrics.LEDGER_LAG.set(now.lag_s)


def _values(metric: Any) -> list[tuple[dict[str, str], float]]:
    samples = [sample for family in metric.collect() for sample in family.samples]
    return [(dict(sample.labels), sample.value) for sample in samples if not sample.name.endswith("_created")]
