"""Payers by age and region, and what of them is not told."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from api.accounts.payers import payers_of
from api.archive.history import HISTORY
from contract.shanghai import parse_ms


def payers(*rows: dict[str, Any]) -> Any:
    usual = {"occurred_at": parse_ms("2026-03-01T09:00:00+08:00"), "direction": "credit"}
    full = [usual | {"counterparty_customer_id": f"c:{number}"} | row for number, row in enumerate(rows)]
    return payers_of(pa.Table.from_pylist([{name: row.get(name) for name in HISTORY.names} for row in full], schema=HISTORY))


def test_a_payer_counts_once_and_only_where_he_paid_in() -> None:
    old = {"counterparty_birth_year": 1956, "counterparty_customer_id": "c:old"}
    found = payers(
        old, old, {"direction": "debit"}, {"own_name": True}, {"counterparty_kind": "payment"}, {"counterparty_id": "x"}
    )
    assert (found.total, found.by_age["70+"], found.untold) == (2, 1, 1)


def test_minors_are_not_told_apart_from_the_unknown() -> None:
    found = payers({"counterparty_birth_year": 2010}, {"counterparty_birth_year": 2008}, {}, {"counterparty_birth_year": 1966})
    assert (sum(found.by_age.values()), found.untold) == (2, 2)
    assert found.by_age["18–29"] == 1


def test_a_region_of_few_is_not_named() -> None:
    many = [{"counterparty_region": "341302"} for _ in range(5)]
    found = payers(*many, *({"counterparty_region": "341321"} for _ in range(4)), {})
    assert (found.by_region, found.other_regions) == ({"341302": 5}, 5)


def test_an_account_without_movements_has_no_payers() -> None:
    assert payers().total == 0
