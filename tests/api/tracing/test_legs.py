"""A movement says where money came from or went, as far as it can alone; what was reversed never was."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from api.archive.history import HISTORY
from api.tracing.legs import DESTINATIONS, Book, book_of
from api.tracing.parties import Circle, Member, Party
from api.tracing.purses import ORIGINS

MEMBERS = [
    Member("B1", "a:1", "c:boss"),
    Member("B1", "a:2", "c:clerk"),
    Member("B2", "a:3", "c:boss"),
    Member("B2", "a:4", None),
]


def _row(number: int, **fields: Any) -> dict[str, Any]:
    row = {
        "event_id": f"E{number}",
        "occurred_at": 1_000 * number,
        "direction": "credit",
        "amount_minor": 100,
        "currency": "CNY",
        "kind": "transfer",
        "counterparty_id": "a:other",
        "counterparty_customer_id": "c:other",
        "counterparty_kind": "person",
    }
    return row | fields


def _book(*rows: dict[str, Any]) -> Book:
    table = pa.Table.from_pylist([{name: row.get(name) for name in HISTORY.names} for row in rows], schema=HISTORY)
    return book_of(table, 0, Circle(MEMBERS))


NAMELESS = {"counterparty_id": None, "counterparty_customer_id": None, "counterparty_kind": None}


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        pytest.param({}, "payers", id="a-person"),
        pytest.param({"counterparty_kind": None}, "payers", id="nobody-said-what-it-is"),
        pytest.param({"counterparty_kind": "company"}, "payers", id="a-company"),
        pytest.param({"counterparty_kind": "public_body"}, "other", id="a-public-body"),
        pytest.param({"counterparty_kind": "financial"}, "other", id="a-lender"),
        pytest.param({"counterparty_kind": "payment"}, "unknown", id="through-a-payment-institution"),
        pytest.param({"batch_code": "payroll"}, "other", id="wages"),
        pytest.param({"batch_code": "loan_drawdown"}, "other", id="a-loan"),
        pytest.param({"kind": "interest", **NAMELESS}, "other", id="the-banks-interest"),
        pytest.param({"own_name": True}, "other", id="own-money"),
        pytest.param({"counterparty_customer_id": "c:boss"}, "other", id="the-holders-account-elsewhere"),
        pytest.param({"counterparty_id": "a:1", "counterparty_customer_id": None}, "other", id="itself"),
        pytest.param({"counterparty_customer_id": "c:clerk"}, "other", id="another-members-holder-from-elsewhere"),
        pytest.param({"kind": "cash", **NAMELESS}, "unknown", id="cash"),
        pytest.param({"kind": "cash"}, "payers", id="cash-by-a-named-payer"),
        pytest.param(NAMELESS, "unknown", id="nobody-named"),
        pytest.param({"kind": "claim", "counterparty_kind": None}, "other", id="an-insurance-claim"),
        pytest.param({"reversal_of": "E-gone"}, "unknown", id="takes-back-what-is-not-there"),
    ],
)
def test_a_credit_says_whose_money_it_is(fields: dict[str, Any], origin: str) -> None:
    (leg,) = _book(_row(1, **fields)).legs
    assert (ORIGINS[leg.origin], leg.peers, leg.is_credit) == (origin, (), True)


@pytest.mark.parametrize(
    ("fields", "destination", "may_return"),
    [
        pytest.param({}, "receiver", True, id="a-person"),
        pytest.param({"batch_code": "payroll"}, "receiver", False, id="wages"),
        pytest.param({"counterparty_kind": "payment"}, "institution", True, id="a-payment-institution"),
        pytest.param({"merchant_code": "5411"}, "institution", True, id="a-merchant"),
        pytest.param({"kind": "securities_trade"}, "institution", True, id="securities"),
        pytest.param({"kind": "fee", **NAMELESS}, "bank", False, id="a-fee"),
        pytest.param({"kind": "cash", **NAMELESS}, "cash", True, id="cash"),
        pytest.param({"own_name": True}, "own", False, id="own-name"),
        pytest.param({"counterparty_id": "a:1", "counterparty_customer_id": None}, "own", False, id="itself"),
        pytest.param({"counterparty_customer_id": "c:boss"}, "own", False, id="the-holders-account-elsewhere"),
        pytest.param(NAMELESS, "unknown", True, id="nobody-named"),
    ],
)
def test_a_debit_says_where_it_went(fields: dict[str, Any], destination: str, may_return: bool) -> None:
    (leg,) = _book(_row(1, direction="debit", **fields)).legs
    assert (leg.destination, leg.may_return, leg.peers) == (destination, may_return, ())
    assert destination in DESTINATIONS


@pytest.mark.parametrize(
    ("account", "customer", "peers"),
    [
        ("a:2", None, (1,)),
        ("a:2", "c:boss", (1,)),
        (None, "c:boss", (2,)),
        ("c:boss", None, (2,)),
        ("c:clerk", "c:clerk", (1,)),
        ("a:4", "c:stranger", (3,)),
        ("a:other", "c:boss", ()),
        ("a:1", None, ()),
        ("a:other", "c:other", ()),
        (None, None, ()),
    ],
)
def test_a_member_is_known_by_its_account_before_its_holder(
    account: str | None, customer: str | None, peers: tuple[int, ...]
) -> None:
    assert Circle(MEMBERS).peers(Party(account, customer, None, None, None, None), 0) == peers


def test_the_banks_own_bookings_are_no_transfer_between_members() -> None:
    (leg,) = _book(_row(1, kind="fee", direction="debit", counterparty_id="a:2")).legs
    assert (leg.peers, leg.destination) == ((), "bank")


@pytest.mark.parametrize("direction", ["debit", "credit"])
def test_a_reversal_and_what_it_takes_back_are_no_legs(direction: str) -> None:
    rows = [_row(1), _row(2), _row(3, reversal_of="E1", direction=direction), _row(4, reversal_of="E1", direction=direction)]
    assert [leg.at_ms for leg in _book(*rows).legs] == [2_000, 4_000]


def test_amounts_count_in_cny_and_what_has_none_is_told() -> None:
    rows = [_row(1, currency="USD", cny_amount_minor=700), _row(2, currency="USD"), _row(3)]
    book = _book(*rows)
    assert ([leg.minor for leg in book.legs], book.uncounted) == ([700, 100], 1)


@pytest.mark.parametrize(
    ("balances", "opening", "balance"),
    [
        pytest.param((130, None, None), 30, None, id="told-at-once"),
        pytest.param((None, None, 330), 30, 330, id="told-later"),
        pytest.param((None, None, None), None, None, id="never-told"),
        pytest.param((90, None, 290), -10, 290, id="overdrawn-before"),
    ],
)
def test_what_stood_there_before_follows_from_the_first_balance(
    balances: tuple[int | None, ...], opening: int | None, balance: int | None
) -> None:
    book = _book(*(_row(number, balance_after_minor=told) for number, told in enumerate(balances)))
    assert (book.opening, book.balance) == (opening, balance)


def test_a_balance_after_money_of_another_currency_tells_no_opening() -> None:
    rows = [_row(1, currency="USD", cny_amount_minor=700), _row(2, balance_after_minor=800)]
    assert (_book(*rows).opening, _book(*rows).balance) == (None, 800)
