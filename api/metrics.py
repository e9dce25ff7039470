"""Metrics of the office side (contract §6)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from prometheus_client import Counter, Gauge, Histogram, Info

REQUEST_SECONDS: Final = Histogram(
    "api_request_duration_seconds",
    "Time from a request's head to its response's last byte, by route template.",
    ["route", "method", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
LEDGER_FLAGS: Final = Counter("ledger_flags_total", "Flag revisions stored for the first time.")
LEDGER_SCHEMES: Final = Counter("ledger_schemes_total", "Scheme revisions stored for the first time.")
LEDGER_REFUSED: Final = Counter("ledger_refused_total", "Records of the flags and schemes topics that are none.")
LEDGER_WAITS: Final = Counter("ledger_waits_total", "Tries of the ledger's writer that found something away.", ["dependency"])
LEDGER_LAG: Final = Gauge(
    "ledger_lag_seconds", "Age of the last flag taken from the log when it was stored; 0 where all is read."
)
WEBHOOK_DELIVERIES: Final = Counter(
    "api_webhook_deliveries_total", "Tries to tell webhooks, by what became of them.", ["outcome"]
)
OUTBOX_SENT: Final = Counter("ledger_outbox_sent_total", "Records sent to the detector, by topic.", ["topic"])
OUTBOX_RECORDS: Final = Gauge("ledger_outbox_records", "Records that wait to be sent to the detector.")
OUTBOX_WAITS: Final = Counter("ledger_outbox_waits_total", "Times that the outbox found the broker or the database away.")
CALENDAR_FALLBACKS: Final = Counter(
    "ledger_calendar_fallback_total", "Deadlines of years that the calendar does not know, by Monday to Friday."
)
BUILD: Final = Info("api_build", "Version of the office side.")
BUILD.info({"version": version("fundwatch")})
