"""Flags for the tests of the office side, as the detector would write them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from api.ledger import repository
from api.ledger.deadlines import Deadlines
from api.ledger.repository import Stored
from contract.flag import Engine, Finding, Flag
from contract.shanghai import text_ms

NOON = 1_772_337_600_000
"""2026-03-01T04:00:00Z, noon in Shanghai."""


def finding(typology: str = "pass_through@1", **changes: Any) -> Finding:
    """One finding."""
    fields: dict[str, Any] = {
        "typology": typology,
        "family": "structure",
        "window": "W10",
        "value": 5.0,
        "threshold": 3.0,
        "strength": 0.8,
        "coverage": 1.0,
        "evidence": ["e-1", "e-2"],
        "zh": "连续5日资金当日转入当日转出，日终余额不足当日转入的5%。",
        "en": "On 5 days what came in had left again by the evening.",
    }
    return Finding(**(fields | changes))


def flag(name: str = "one", **changes: Any) -> Flag:
    """One flag; ``name`` makes its id, ``minutes`` moves its update."""
    minutes = changes.pop("minutes", 0)
    category = changes.get("category", "illegal_fundraising")
    scores = {"illegal_fundraising": 90.0, "suspicious": 70.0, "observe": 50.0, "large_value": None}
    fields: dict[str, Any] = {
        "flag_id": hashlib.sha256(name.encode()).hexdigest()[:26],
        "revision": 1,
        "status": "open",
        "account_id": f"a:{name}",
        "customer_id": f"c:{name}",
        "institution_code": "BANK01",
        "institution_type": "bank",
        "branch_region": "341302",
        "subject_region": None,
        "holder_kind": "person",
        "category": category,
        "score": scores[category],
        "severity": "filing" if category == "illegal_fundraising" else None,
        "tags": [],
        "findings": [finding()],
        "measures": {"payers": 187, "credited": "2140000.00", "elderly_payer_share": 0.61},
        "model_scores": {"half_space_trees": 0.97},
        "not_evaluable": ["vulnerable_payers@1"],
        "opened_at": text_ms(NOON),
        "updated_at": text_ms(NOON + minutes * 60_000),
        "closed_at": None,
        "closed_because": None,
        "due_on": None,
        "first_movement_at": text_ms(NOON - 86_400_000),
        "last_movement_at": text_ms(NOON),
        "scheme_id": None,
        "engine": Engine(version="0.1.0", catalogue="default@1"),
    }
    return Flag(**(fields | changes))


def store(connection: Connection, batch: Sequence[Flag], *, now_ms: int = NOON) -> Stored:
    """Store flags as the ledger's writer does, at noon of the flags' own day unless told."""
    return repository.store(connection, batch, now_ms=now_ms, deadlines=Deadlines())
