"""Schemes for the tests of the office side, as the scheme process would write them."""

from __future__ import annotations

import hashlib
from typing import Any

from contract.flag import Engine, Finding
from contract.scheme import Line, Link, Member, Scheme, Totals
from contract.shanghai import text_ms
from tests.api.flags import NOON


def member(name: str = "one", **changes: Any) -> Member:
    """One member: the account of ``tests.api.flags.flag(name)``."""
    fields: dict[str, Any] = {
        "institution_code": "BANK01",
        "institution_type": "bank",
        "account_id": f"a:{name}",
        "customer_id": f"c:{name}",
        "branch_region": "341302",
        "subject_region": None,
        "holder_kind": "person",
        "roles": ["collects"],
        "since": text_ms(NOON - 86_400_000),
        "payers": 40,
        "credited": "400000.00",
        "returned": "12000.50",
    }
    return Member(**(fields | changes))


def _finding() -> Finding:
    return Finding(
        typology="linked_accounts@1",
        family="network",
        window="ALL",
        value=3.0,
        threshold=3.0,
        strength=0.9,
        coverage=1.0,
        evidence=["e-1"],
        zh="三个账户共用同一地址，合计收取120名付款人资金。",
        en="Three accounts share an address and took money of 120 payers together.",
    )


def scheme(name: str = "web", members: list[Member] | None = None, **changes: Any) -> Scheme:
    """One scheme; ``name`` makes its id, ``minutes`` moves its update."""
    found = [member("one"), member("two")] if members is None else members
    minutes = changes.pop("minutes", 0)
    fields: dict[str, Any] = {
        "scheme_id": hashlib.sha256(name.encode()).hexdigest()[:26].upper(),
        "revision": 1,
        "status": "open",
        "category": "illegal_fundraising",
        "severity": "filing",
        "score": 91.5,
        "stage": "growing",
        "tags": ["pretext:private_fund"],
        "members": found,
        "links": [Link(a=a, b=a + 1, kind="address", strength=0.8, amount=None) for a in range(len(found) - 1)],
        "totals": Totals(
            payers=120,
            payees=80,
            elderly_payers=61,
            absorbed="1200000.00",
            returned="36001.50",
            unpaid_principal="1190000.00",
            unpaid_after_interest="1163998.50",
            payout_coverage=0.42,
            new_payers_30d=33,
            first_missed_payout=None,
        ),
        "lines": [Line(of="persons", severity="filing", at="150", missing="30", projected_on="2026-04-01")],
        "findings": [_finding()],
        "not_evaluable": [],
        "regions": sorted({one.branch_region for one in found}),
        "lead_region": "341300",
        "opened_at": text_ms(NOON),
        "updated_at": text_ms(NOON + minutes * 60_000),
        "closed_at": None,
        "closed_because": None,
        "merged_into": None,
        "first_movement_at": text_ms(NOON - 86_400_000),
        "last_movement_at": text_ms(NOON),
        "engine": Engine(version="0.1.0", catalogue="default@1"),
    }
    return Scheme(**(fields | changes))
