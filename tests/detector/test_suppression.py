"""Whose findings do not count: by what an institution has verified, never by what a customer says of himself."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import numpy as np
import pytest

from contract.flag import FAMILIES
from contract.movement import HOLDER_KINDS
from contract.profile import ACCOUNT_TYPES, LICENCES, PROFILE
from detector.catalogue import load_catalogue
from detector.engine import Shard
from detector.features.layout import EVALUATION
from detector.suppression import may_be_staff, staff_only, suppressed_families
from tests.detector.shards import CATALOGUE, INSTITUTION, batch_of, profile
from tests.detector.stories import paid_in, paid_out, told

LICENSED = {"structure", "payout", "amount"}


def suppressed(payers: int = 20, yuan: int = 1_000, **attributes: Any) -> set[str]:
    """Families that do not count for an account with these verified attributes, at the scale given."""
    core = np.zeros(1, EVALUATION)
    core["payers"], core["credited_by_persons"] = payers, 100 * yuan
    for name, words in (("licence", LICENCES), ("holder_kind", HOLDER_KINDS), ("account_type", ACCOUNT_TYPES)):
        if name in attributes:
            core[name] = words.index(attributes[name]) + 1
    masks = suppressed_families(core)
    assert set(masks) <= set(FAMILIES)
    return {family for family, mask in masks.items() if mask[0]}


@pytest.mark.parametrize("licence", ["bank", "insurer", "securities", "fund", "trust", "payment", "consumer_finance"])
def test_a_financial_licence_covers_collecting_and_paying_back_at_any_scale(licence: str) -> None:
    assert suppressed(licence=licence) == LICENSED
    assert suppressed(payers=9_000, yuan=90_000_000, licence=licence) == LICENSED


@pytest.mark.parametrize(
    "attributes", [{"licence": "public_body"}, *({"holder_kind": k} for k in ("public_body", "financial", "payment"))]
)
def test_without_a_financial_licence_paying_back_payers_counts_at_legal_scale(attributes: dict[str, Any]) -> None:
    assert suppressed(**attributes) == LICENSED
    assert suppressed(payers=149, yuan=999_999, **attributes) == LICENSED
    assert suppressed(payers=150, **attributes) == LICENSED - {"payout"}
    assert suppressed(yuan=1_000_000, **attributes) == LICENSED - {"payout"}


def test_a_payroll_account_may_pay_many_but_what_it_collects_and_returns_counts() -> None:
    assert suppressed(account_type="payroll") == {"structure"}


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"licence": "charity"},
        *({"holder_kind": kind} for kind in ("person", "company", "sole_trader")),
        *({"account_type": kind} for kind in ACCOUNT_TYPES if kind != "payroll"),
    ],
)
def test_nobody_else_is_covered(attributes: dict[str, Any]) -> None:
    assert suppressed(**attributes) == set()


COLLECTED = (
    paid_in(0, range(40), 10_000, remark="投资款")
    + paid_out(10, range(20), 100, remark="分红")
    + paid_out(11, range(20, 40), 100)
)


def flags_of(**about: Any) -> list[Any]:
    """Account flags of a small scheme in the account of a holder with the profile given."""
    shard = Shard(INSTITUTION, 0, dataclasses.replace(load_catalogue(), models=CATALOGUE.models))
    if about:
        shard.profiles(batch_of([profile("a:1", about.pop("holder_kind", None), **about)], PROFILE))
    return [flag for flag in told(shard, COLLECTED) if flag.category != "large_value"]


def test_a_suppressed_finding_stays_on_the_flag_with_its_evidence_and_without_strength() -> None:
    last = flags_of(account_type="payroll")[-1]
    strengths = {one.typology: one.strength for one in last.findings}
    assert strengths.pop("dispersed_in_concentrated_out@1") == 0.0
    assert min(strengths.values()) > 0.0
    [structure] = [one for one in last.findings if one.family == "structure"]
    assert structure.evidence


def test_a_licence_quiets_what_accuses_anybody_else() -> None:
    assert flags_of()[-1].category == "illegal_fundraising"
    assert flags_of(holder_licence="insurer") == []


def test_what_a_holder_says_of_himself_quiets_nothing() -> None:
    said = flags_of(holder_kind="company", business_scope="保险", industry="J6812", holder_name_class="保险")
    assert said[-1].category == "illegal_fundraising"


@pytest.mark.parametrize(("on_payroll", "staff"), [(18, True), (17, False), (0, False)])
def test_a_firm_is_its_staffs_when_nine_in_ten_payers_are_paid_by_its_payroll_batches(on_payroll: int, staff: bool) -> None:
    core = {"payers": 20, "payers_on_payroll": on_payroll, "large_payers": 0, "large_on_payroll": 0}
    assert bool(staff_only(core)) is staff


@pytest.mark.parametrize(
    ("payers", "on_payroll", "large", "large_on_payroll", "staff"),
    [
        pytest.param(50, 36, 36, 36, True, id="fourteen guests of the canteen besides"),
        pytest.param(51, 36, 36, 36, False, id="fifteen"),
        pytest.param(50, 40, 40, 36, True, id="nine in ten of who brought much"),
        pytest.param(50, 40, 41, 36, False, id="less"),
        pytest.param(14, 0, 0, 0, False, id="nobody on the payroll"),
    ],
)
def test_a_few_who_bring_little_do_not_make_a_firm_the_publics(
    payers: int, on_payroll: int, large: int, large_on_payroll: int, staff: bool
) -> None:
    core = {"payers": payers, "payers_on_payroll": on_payroll, "large_payers": large, "large_on_payroll": large_on_payroll}
    assert bool(staff_only(core)) is staff


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        pytest.param({"seen_days": 31}, True, id="a firm whose payday may not have come yet"),
        pytest.param({"seen_days": 32}, False, id="a month was seen"),
        pytest.param({"seen_days": 20, "opened": 20_510}, False, id="an account opened since the shard began"),
        pytest.param(
            {"seen_days": 20, "on_payroll": 10, "payers_on_payroll": 1}, False, id="hardly any of those on its payroll lend"
        ),
        pytest.param({"seen_days": 20, "on_payroll": 10, "payers_on_payroll": 2}, True, id="some on its payroll lend"),
        pytest.param(
            {"seen_days": 20, "on_payroll": 10, "payers": 11}, True, id="fewer had a payday than lend, say the managers"
        ),
        pytest.param({"seen_days": 20, "on_payroll": 10, "payers": 10}, False, id="as many had a payday as lend"),
        pytest.param({"seen_days": 20, "on_payroll": 2}, True, id="two wages are no payday"),
        pytest.param({"seen_days": 20, "opened": 0}, False, id="when it was opened is not known"),
        pytest.param({"seen_days": 20, "opened": 0, "holder_kind": 0}, True, id="nor whose it is"),
        pytest.param({"seen_days": 20, "holder_kind": HOLDER_KINDS.index("sole_trader") + 1}, True, id="a shop has staff"),
        pytest.param({"seen_days": 20, "holder_kind": HOLDER_KINDS.index("person") + 1}, False, id="a person has no staff"),
        pytest.param(
            {"seen_days": 300, "large_payers": 20, "large_staff": 10},
            True,
            id="what the first month brought counts, half have wages",
        ),
        pytest.param({"seen_days": 300, "large_payers": 21, "large_staff": 10}, False, id="less than half have"),
        pytest.param({"seen_days": 300, "opened": 0, "large_payers": 20, "large_staff": 20}, True, id="opened nobody knows when"),
    ],
)
def test_before_a_month_was_seen_a_firms_payers_may_all_be_its_staff(about: dict[str, int], expected: bool) -> None:
    core = np.zeros(1, EVALUATION)
    for name, value in {"holder_kind": HOLDER_KINDS.index("company") + 1, "opened": 18_000, "as_of": 20_520, **about}.items():
        core[name] = value
    assert may_be_staff(core).tolist() == [expected]


STAFF = range(40)


def lent(first_wage: int) -> list[dict[str, Any]]:
    """A firm's staff lend it round sums in the first week; wages come by batch each month, interest too."""
    rows = [row for p in STAFF for row in paid_in(p % 7, [p], 5_000 + 5_000 * (p % 4), remark="借款", counterparty_kind="person")]
    for month in range(4):
        rows += paid_out(first_wage + 30 * month, STAFF, 5_000, batch_code="payroll", counterparty_kind="person")
        if month:
            rows += [row for p in STAFF for row in paid_out(30 * month + 9, [p], 60 + 60 * (p % 4), counterparty_kind="person")]
    return sorted(rows, key=lambda row: row["occurred_at"])


@pytest.mark.parametrize("first_wage", [8, 16, 28])
def test_a_firm_that_borrows_from_its_staff_is_not_accused_whenever_its_first_payday_is_seen(first_wage: int) -> None:
    shard = Shard(INSTITUTION, 0, dataclasses.replace(load_catalogue(), models=CATALOGUE.models))
    shard.profiles(batch_of([profile("a:1", "company", industry="C2669", opened_on=16_436)], PROFILE))
    flags = [flag for flag in told(shard, lent(first_wage)) if flag.category != "large_value"]
    assert flags
    assert {flag.category for flag in flags} <= {"observe", "suspicious"}


def test_the_same_firm_is_accused_where_it_pays_no_wages() -> None:
    shard = Shard(INSTITUTION, 0, dataclasses.replace(load_catalogue(), models=CATALOGUE.models))
    shard.profiles(batch_of([profile("a:1", "company", industry="C2669", opened_on=16_436)], PROFILE))
    flags = told(shard, [row for row in lent(16) if row.get("batch_code") != "payroll"])
    assert "illegal_fundraising" in {flag.category for flag in flags}


def shares(others: int, wage: float) -> list[dict[str, Any]]:
    """Forty of a firm's staff buy shares of it; nothing says what a wage is, and so many more are paid one and buy none. In the
    fourth month there is a dividend of four per cent."""
    rows = [row for p in STAFF for row in paid_in(p % 7, [p], 5_000 + 5_000 * (p % 4), counterparty_kind="person")]
    for month in range(4):
        staff = random.Random(month).sample(range(len(STAFF) + others), len(STAFF) + others)
        rows += paid_out(16 + 30 * month, staff, wage, counterparty_kind="person")
    rows += [row for p in STAFF for row in paid_out(110, [p], 200 + 200 * (p % 4), counterparty_kind="person")]
    return sorted(rows, key=lambda row: row["occurred_at"])


@pytest.mark.parametrize(
    ("others", "wage", "about", "accused"),
    [
        pytest.param(60, 5_000, {"opened_on": 16_436}, False, id="of a hundred staff forty buy"),
        pytest.param(60, 5_000, {"holder": None}, False, id="nobody knows whose account it is"),
        pytest.param(0, 5_000, {"opened_on": 16_436}, True, id="nobody is paid who brought nothing"),
        pytest.param(60, 1_500, {"opened_on": 16_436}, True, id="what is paid is no wage"),
        pytest.param(60, 5_000, {"opened_on": 20_521}, True, id="the account is new"),
    ],
)
def test_staff_without_batches_are_told_by_wages_while_paydays_before_were_not_seen(
    others: int, wage: float, about: dict[str, Any], accused: bool
) -> None:
    shard = Shard(INSTITUTION, 0, dataclasses.replace(load_catalogue(), models=CATALOGUE.models))
    known = {"holder": "company", **about}
    shard.profiles(batch_of([profile("a:1", known.pop("holder"), industry="C2669", **known)], PROFILE))
    found = {flag.category for flag in told(shard, shares(others, wage))}
    assert ("illegal_fundraising" in found) is accused
