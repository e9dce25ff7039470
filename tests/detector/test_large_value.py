"""The four statutory lines by the law's rules of computation (regulation §1.2, §2.5)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from contract.flag import Flag
from tests.detector.shards import INSTITUTION, feed, large, movement, new_shard, profile
from tests.detector.stories import hear
from tests.detector.typologies.test_unit_priced_credits import FIRES

DAY = "2026-04-01"
PERSON, COMPANY = profile("a:1", "person"), profile("a:1", "company")


def raised(rows: list[dict[str, Any]], *profiles: dict[str, Any]) -> list[Flag]:
    return large(feed(new_shard(*profiles), rows))


def typologies(rows: list[dict[str, Any]], *profiles: dict[str, Any]) -> list[str]:
    return [flag.findings[0].typology.removeprefix("large_value_").removesuffix("@1") for flag in raised(rows, *profiles)]


def one(yuan: float, **fields: Any) -> list[dict[str, Any]]:
    return [movement("e1", f"{DAY}T10:00", yuan, **fields)]


ABROAD = {"counterparty_region": None, "counterparty_country": "SG"}


def usd(amount: float) -> dict[str, Any]:
    return {"currency": "EUR", "usd_amount_minor": round(amount * 100)}


@pytest.mark.parametrize(
    ("holder", "yuan", "fields", "expected"),
    [
        pytest.param("person", 49_999.99, {"kind": "cash"}, [], id="cash-just-under"),
        pytest.param("person", 50_000, {"kind": "cash"}, ["cash"], id="cash-the-limit-itself"),
        pytest.param(None, 50_000, {"kind": "cash"}, ["cash"], id="cash-of-an-unknown-holder"),
        pytest.param("person", 1, {"kind": "cash", **usd(9_999.99)}, [], id="cash-dollars-just-under"),
        pytest.param("person", 1, {"kind": "cash", **usd(10_000)}, ["cash"], id="cash-dollars"),
        pytest.param("company", 1_999_999.99, {}, [], id="company-just-under"),
        pytest.param("company", 2_000_000, {}, ["company_transfer"], id="company"),
        pytest.param("company", 2_000_000, ABROAD, ["company_transfer"], id="company-cross-border-has-the-same-line"),
        pytest.param("company", 2_000_000, {"counterparty_region": None}, ["company_transfer"], id="company-place-unknown"),
        pytest.param("company", 1, usd(199_999.99), [], id="company-dollars-just-under"),
        pytest.param("company", 1, usd(200_000), ["company_transfer"], id="company-dollars"),
        pytest.param("sole_trader", 500_000, {}, [], id="sole-trader-is-no-natural-person"),
        pytest.param("sole_trader", 2_000_000, {}, ["company_transfer"], id="sole-trader-is-a-company"),
        pytest.param("person", 499_999.99, {}, [], id="person-just-under"),
        pytest.param("person", 500_000, {}, ["person_transfer"], id="person-region-without-country-is-domestic"),
        pytest.param("person", 1, usd(99_999.99), [], id="person-dollars-just-under"),
        pytest.param("person", 1, usd(100_000), ["person_transfer"], id="person-dollars"),
        pytest.param("person", 199_999.99, ABROAD, [], id="cross-border-just-under"),
        pytest.param("person", 200_000, ABROAD, ["cross_border"], id="cross-border"),
        pytest.param("person", 1, {**usd(9_999.99), **ABROAD}, [], id="cross-border-dollars-just-under"),
        pytest.param("person", 1, {**usd(10_000), **ABROAD}, ["cross_border"], id="cross-border-dollars"),
        pytest.param("person", 200_000, {"counterparty_region": "810000"}, ["cross_border"], id="hong-kong-is-cross-border"),
        pytest.param("person", 9_000_000, {"counterparty_region": None}, [], id="person-place-unknown-not-evaluable"),
        pytest.param(None, 9_000_000, {}, [], id="holder-unknown-not-evaluable"),
    ],
)
def test_each_line_has_its_limit_and_includes_it(
    holder: str | None, yuan: float, fields: dict[str, Any], expected: list[str]
) -> None:
    assert typologies(one(yuan, **fields), profile("a:1", holder)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        *[pytest.param({"kind": kind}, [], id=f"own-{kind}") for kind in ("interest", "fee", "tax", "correction")],
        pytest.param({"kind": "securities_trade"}, [], id="a-trade-moves-nothing"),
        pytest.param({"kind": "securities_transfer"}, ["company_transfer"], id="to-the-broker-is-a-transfer"),
        pytest.param({"kind": "card"}, ["company_transfer"], id="card-is-a-transfer"),
        pytest.param({"counterparty_kind": "public_body"}, [], id="one-side-a-state-organ"),
        pytest.param({"counterparty_kind": "financial"}, ["company_transfer"], id="a-bank-on-the-other-side-only"),
        pytest.param({"own_name": True, "counterparty_institution": INSTITUTION}, [], id="own-name-inside"),
        pytest.param({"own_name": True, "counterparty_institution": "BANK2"}, ["company_transfer"], id="own-name-across"),
        pytest.param({"own_name": True}, ["company_transfer"], id="own-name-somewhere"),
        pytest.param(
            {"customer_id": "c:1", "counterparty_customer_id": "c:1", "counterparty_institution": INSTITUTION},
            [],
            id="same-customer-inside",
        ),
        pytest.param({"institution_type": "payment"}, ["company_transfer"], id="payment-institution"),
        pytest.param({"institution_type": "securities"}, [], id="the-bank-reports-transfers-to-brokers"),
        pytest.param({"institution_type": "insurance"}, [], id="the-bank-reports-transfers-to-insurers"),
        pytest.param({"institution_type": "insurance", "kind": "cash"}, ["cash"], id="insurers-report-their-cash"),
        pytest.param(
            {"kind": "cash", "own_name": True, "counterparty_institution": INSTITUTION}, ["cash"], id="own-cash-is-cash"
        ),
    ],
)
def test_what_the_law_leaves_out_is_left_out_and_nothing_else(fields: dict[str, Any], expected: list[str]) -> None:
    assert typologies(one(3_000_000, **fields), COMPANY) == expected


@pytest.mark.parametrize(
    ("holder", "counterparty", "expected"),
    [
        pytest.param("financial", "financial", [], id="interbank"),
        pytest.param("financial", "company", ["company_transfer"], id="a-bank-and-a-company"),
        pytest.param("public_body", "company", [], id="holder-a-state-organ"),
    ],
)
def test_the_holder_decides_about_exemptions_too(holder: str, counterparty: str, expected: list[str]) -> None:
    assert typologies(one(3_000_000, counterparty_kind=counterparty), profile("a:1", holder)) == expected


def test_movements_of_one_day_add_up_to_the_movement_that_crosses_the_line() -> None:
    rows = [movement(f"e{k}", f"{DAY}T{10 + k}:00", 20_000, kind="cash") for k in range(3)]
    [flag] = raised(rows)
    assert flag.measures == {"sum": "60000.00", "movements": 3}
    assert flag.findings[0].evidence == ["e0", "e1", "e2"]
    assert (flag.opened_at, flag.first_movement_at) == ("2026-04-01T04:00:00.000Z", "2026-04-01T02:00:00.000Z")


def test_the_day_ends_at_midnight_in_shanghai() -> None:
    before = movement("e1", "2026-04-01T23:59:59.999", 30_000, kind="cash")
    after = movement("e2", "2026-04-02T00:00:00", 30_000, kind="cash")
    assert raised([before, after]) == []
    assert len(raised([before, movement("e3", "2026-04-01T00:00:00", 30_000, kind="cash")])) == 1


def test_receipts_and_payments_are_never_added_or_netted() -> None:
    apart = [
        movement("e1", f"{DAY}T10:00", 30_000, kind="cash"),
        movement("e2", f"{DAY}T11:00", 30_000, kind="cash", direction="debit"),
    ]
    assert raised(apart) == []
    both = [
        movement("e1", f"{DAY}T10:00", 60_000, kind="cash"),
        movement("e2", f"{DAY}T11:00", 60_000, kind="cash", direction="debit"),
    ]
    assert len({flag.flag_id for flag in raised(both)}) == 2


def test_yuan_and_foreign_currency_are_never_added() -> None:
    rows = [
        movement("e1", f"{DAY}T10:00", 40_000, kind="cash"),
        movement("e2", f"{DAY}T11:00", 1_300, kind="cash", currency="EUR", usd_amount_minor=150_000, cny_amount_minor=1_100_000),
    ]
    assert raised(rows) == []


def test_another_currency_without_dollars_counts_by_its_yuan_and_without_either_nowhere() -> None:
    assert len(raised(one(7_000, kind="cash", currency="EUR", cny_amount_minor=5_500_000))) == 1
    assert raised(one(7_000_000, kind="cash", currency="EUR")) == []


def test_two_accounts_of_one_customer_add_up() -> None:
    rows = [movement(f"e{k}", f"{DAY}T1{k}:00", 30_000, kind="cash", account_id=f"a:{k}", customer_id="c:1") for k in (1, 2)]
    [flag] = raised(rows)
    assert (flag.account_id, flag.customer_id, flag.not_evaluable) == ("a:2", "c:1", [])


def test_without_a_customer_accounts_stay_apart_and_the_flag_says_so() -> None:
    rows = [movement(f"e{k}", f"{DAY}T1{k}:00", 30_000, kind="cash", account_id=f"a:{k}") for k in (1, 2)]
    assert raised(rows) == []
    [flag] = raised(one(50_000, kind="cash"))
    assert flag.not_evaluable == ["large_value_cash@1:across_accounts"]


def test_movements_on_two_lines_make_a_flag_each() -> None:
    rows = [*one(60_000, kind="cash"), movement("e2", f"{DAY}T11:00", 500_000), movement("e3", f"{DAY}T12:00", 200_000, **ABROAD)]
    assert typologies(rows, PERSON) == ["cash", "person_transfer", "cross_border"]


def test_a_duplicate_counts_once() -> None:
    assert raised(one(30_000, kind="cash") * 2) == []


def test_a_large_value_flag_is_named_by_holder_day_side_line_and_currency() -> None:
    [flag] = raised(one(50_000, kind="cash", customer_id="c:1", branch_region="341371"))
    parts = f"{INSTITUTION}|c:1|{DAY}|credit|0501|CNY"
    assert flag.flag_id == base64.b32encode(hashlib.sha256(parts.encode()).digest()).decode()[:26]
    assert (flag.revision, flag.status, flag.branch_region, flag.score, flag.severity) == (1, "open", "341371", None, None)
    assert flag.due_on == "2026-04-09"  # Tomb-Sweeping Day, 6 April observed, lies between
    finding = flag.findings[0]
    assert (finding.typology, finding.value, finding.threshold) == ("large_value_cash@1", 50_000, 50_000)
    assert "50000.00" in finding.zh
    assert "50000.00" in finding.en


@pytest.mark.parametrize(
    ("about", "lines"),
    [
        pytest.param(
            {"customer_id": "c:1"}, ["company_transfer", "person_transfer", "cross_border"], id="nobody-says-what-it-is"
        ),
        pytest.param({"holder_kind": "person"}, [], id="a-person"),
        pytest.param({"holder_kind": "company"}, [], id="a-company"),
    ],
)
def test_a_flag_of_an_account_says_which_lines_cannot_be_judged_for_its_holder(about: dict[str, Any], lines: list[str]) -> None:
    flag = hear("unit_priced_credits", FIRES, **about).flag
    mute = [name for name in flag.not_evaluable if name.startswith("large_value_")]
    assert mute == [f"large_value_{line}@1" for line in lines]
