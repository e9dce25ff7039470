"""Records as an institution would send them."""

from __future__ import annotations

from typing import Any

import pytest

MOVEMENT: dict[str, Any] = {
    "event_id": "E1",
    "institution_code": "C1030134001",
    "institution_type": "bank",
    "account_id": "a:VVLROJW5SJRBEH4N7A2F4R5NZJ",
    "branch_region": "341302",
    "occurred_at": "2026-03-01T09:30:00.123+08:00",
    "direction": "credit",
    "amount": "2140.50",
    "currency": "CNY",
}
EVERYTHING: dict[str, Any] = MOVEMENT | {
    "customer_id": "c:7A2F4R5NZJVVLROJW5SJRBEH4N",
    "cny_amount": "2140.50",
    "usd_amount": "300",
    "kind": "cash",
    "reversal_of": "E0",
    "own_name": False,
    "counterparty_id": "a:OTHER",
    "counterparty_customer_id": "c:OTHER",
    "counterparty_kind": "person",
    "counterparty_institution": "宿州农村商业银行",
    "counterparty_region": "341371",
    "counterparty_country": "CN",
    "counterparty_birth_year": 1950,
    "counterparty_occupation": "retired",
    "channel": "mobile",
    "batch_code": "refund",
    "purpose": "投资款",
    "remark": "第三期",
    "balance_after": "-12.30",
    "agent_id": "g:1",
    "device_id": "d:1",
    "merchant_code": "m1",
    "pos_id": "p1",
    "instrument_code": "600000",
    "side": "buy",
    "quantity": "100",
    "price": "12.345",
    "product_code": "P1",
    "policy_id": "L1",
    "policy_issued_on": "2024-02-29",
    "premium_due": "1200",
    "cash_value": "0",
    "payer_relation": "本人",
}
PROFILE: dict[str, Any] = {
    "account_id": "a:VVLROJW5SJRBEH4N7A2F4R5NZJ",
    "institution_code": "C1030134001",
    "institution_type": "bank",
    "customer_id": "c:7A2F4R5NZJVVLROJW5SJRBEH4N",
    "holder_kind": "company",
    "holder_licence": "fund",
    "account_type": "settlement",
    "branch_region": "341302",
    "subject_region": "341321",
    "opened_on": "2020-01-31",
    "closed_on": "9999-12-31",
    "birth_year": 1980,
    "occupation": "employed",
    "industry": "J6631",
    "business_scope": "企业管理咨询",
    "holder_name_class": "wealth",
    "registered_capital": "1000000.00",
    "legal_representative_id": "c:1",
    "address_id": "x1",
    "phone_id": "t1",
    "employer_id": "e1",
    "updated_at": "2026-01-01T00:00:00Z",
}


@pytest.fixture
def movement() -> dict[str, Any]:
    """A movement with the required fields alone."""
    return dict(MOVEMENT)


@pytest.fixture
def full_movement() -> dict[str, Any]:
    """A movement with every field."""
    return dict(EVERYTHING)


@pytest.fixture
def profile() -> dict[str, Any]:
    """A profile with every field."""
    return dict(PROFILE)
