"""Metrics of the bank side (contract §6)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from prometheus_client import Counter, Gauge, Info

MOVEMENTS: Final = Counter(
    "producer_movements_total",
    "Movements of the bank's files, by what became of them: sent (acknowledged), rejected or skipped.",
    ["institution", "outcome"],
)
WAITS: Final = Counter("producer_waits_total", "Times that the producer waited in vain for the broker's acknowledgement.")
IN_FLIGHT: Final = Gauge("producer_in_flight_bytes", "Bytes handed to the client and not yet acknowledged.")
BUILD: Final = Info("producer_build", "Version of the bank side.")
BUILD.info({"version": version("fundwatch")})
