"""Metrics of the detector (contract §6)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from prometheus_client import Counter, Gauge, Histogram, Info

MOVEMENTS: Final = Counter(
    "detector_movements_total",
    "Movements taken from the log, by what became of them: used, duplicate, late, unverified or rejected.",
    ["outcome"],
)
REJECTS: Final = Counter("detector_rejects_total", "Records and rows refused, by reason.", ["reason"])
DEGRADED: Final = Counter("detector_degraded_total", "Bad optional values blanked, by field.", ["field"])
FLAGS: Final = Counter("detector_flags_total", "Flag revisions published, by category.", ["category"])
FINDINGS: Final = Counter("detector_findings_total", "Findings in published revisions, by typology.", ["typology"])
BATCH_SECONDS: Final = Histogram(
    "detector_batch_duration_seconds",
    "Time from polled records to decided flags.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)
EVENT_LAG: Final = Gauge("detector_event_lag_seconds", "Age of the newest movement when it was judged.")
ACCOUNTS: Final = Gauge("detector_accounts", "Accounts held by this worker.")
STATE_BYTES: Final = Gauge("detector_state_bytes", "Bytes of state held by this worker, room included.")
CHECKPOINT_AGE: Final = Gauge("detector_checkpoint_age_seconds", "Time since the last checkpoint of this worker.")
MODEL_SCORE: Final = Histogram(
    "detector_model_score",
    "Calibrated model scores in published revisions, by model.",
    ["model"],
    buckets=(0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0),
)
DRIFT: Final = Counter(
    "detector_drift_total", "Drifts seen in a stream of scores, of a feature that models read, or of verdicts.", ["stream"]
)
SCHEMES: Final = Counter("detector_schemes_total", "Scheme revisions published, by category.", ["category"])
EVIDENCE: Final = Counter(
    "detector_evidence_total",
    "Records of evidence: told by a worker, taken or refused by the scheme process.",
    ["outcome"],
)
SCHEMES_DAY: Final = Gauge("detector_schemes_day", "Newest day judged for schemes, in days since 1970-01-01 (Shanghai).")
SCHEMES_BEHIND: Final = Gauge("detector_schemes_shards_behind", "Shards too far behind to be waited for much longer.")
SCHEMES_ACTIVE: Final = Gauge("detector_schemes_active", "1 where this process holds the evidence topic, 0 where it stands by.")
BROKER_WAITS: Final = Counter("detector_broker_waits_total", "Times that the detector waited in vain for the broker.")
CHECKPOINT_FAILURES: Final = Counter(
    "detector_checkpoint_failures_total", "Times that a checkpoint could not be written or committed and was put off."
)
CALENDAR_FALLBACK: Final = Counter(
    "calendar_fallback_total", "Due dates computed beyond the known calendar, by Monday to Friday (regulation 1.3)."
)
BUILD: Final = Info("detector_build", "Version of the detector.")
BUILD.info({"version": version("fundwatch")})
