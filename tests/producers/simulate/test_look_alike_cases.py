"""Look-alikes have what tells them from schemes, as the regulation reference says it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from contract.movement import BATCH_CODES
from producers.simulate.town import NEVER
from tests.producers.simulate.planted import Planted, planted_alone


@pytest.fixture(params=(1, 2), ids=lambda seed: f"seed-{seed}")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def _returned(planted: Planted) -> tuple[float, float]:
    """Shares of payees who had paid before: all of them, and without those who only got exactly one credit back."""
    into, out = planted.paid_in, planted.paid_out
    payees = np.unique(out["payee"])
    paid = np.isin(payees, into["payer"])
    exact = np.array([_is_refund(into, out, int(k)) for k in payees], bool)
    return float(paid.mean()) if len(payees) else 0.0, float((paid & ~exact).mean()) if len(payees) else 0.0


def _is_refund(into: dict[str, Any], out: dict[str, Any], person: int) -> bool:
    back = out["amount"][out["payee"] == person]
    return len(back) == 1 and bool((into["amount"][into["payer"] == person] == back[0]).any())


NOBODY_GETS_BACK = ("L01", "L06", "L07", "L13", "L16", "L17", "L18", "L22")


@pytest.mark.parametrize("name", NOBODY_GETS_BACK)
def test_payees_never_paid_in(name: str, seed: int) -> None:
    assert _returned(planted_alone(name, seed))[0] <= 0.1


ONLY_REFUNDS = ("L02", "L03", "L15", "L21", "L30", "L31", "L32")


@pytest.mark.parametrize("name", ONLY_REFUNDS)
def test_what_comes_back_is_a_sum_that_was_paid_in(name: str, seed: int) -> None:
    planted = planted_alone(name, seed)
    wages = BATCH_CODES.index("payroll") + 1
    out = {key: column[planted.paid_out["batch"] != wages] for key, column in planted.paid_out.items()}
    sums = set(planted.paid_in["amount"].tolist())
    assert {int(amount) for amount, who in zip(out["amount"], out["payee"], strict=True) if who in planted.payers} <= sums


def test_l30_most_payers_get_exactly_their_sum_back(seed: int) -> None:
    planted = planted_alone("L30", seed)
    assert len(planted.payers) >= 80
    assert len(planted.paid_out["payee"]) > 0.5 * len(planted.payers)
    assert _returned(planted) == (1.0, 0.0)


@pytest.mark.parametrize("name", ["L08", "L10"])
def test_licensed_collectors_pay_back_to_payers_and_only_licence_and_account_type_tell(name: str, seed: int) -> None:
    planted = planted_alone(name, seed)
    assert _returned(planted)[0] > 0.9
    assert planted.town.licence[planted.account] is not None
    assert planted.town.account_type[planted.account] != "current"


def test_l11_borrowers_are_paid_before_they_pay(seed: int) -> None:
    planted = planted_alone("L11", seed)
    first_out = {
        int(k): planted.paid_out["ms"][planted.paid_out["payee"] == k].min() for k in np.unique(planted.paid_out["payee"])
    }
    into = planted.paid_in
    order = [first_out[int(k)] < ms for k, ms in zip(into["payer"], into["ms"], strict=True) if int(k) in first_out]
    assert all(order)
    assert len(order) >= 30


def test_l24_has_too_few_lenders_to_be_the_public(seed: int) -> None:
    assert 4 <= len(planted_alone("L24", seed).payers) <= 10


def test_l29_lenders_are_on_the_firms_payroll(seed: int) -> None:
    planted = planted_alone("L29", seed)
    payroll = planted.paid_out["batch"] == BATCH_CODES.index("payroll") + 1
    staff = set(planted.paid_out["payee"][payroll].tolist())
    lenders = set(planted.payers.tolist())
    assert len(lenders & staff) >= 0.9 * len(lenders)
    assert {planted.town.employer[k] for k in staff} == {planted.town.customer[planted.account]}
    assert _returned(planted)[0] > 0.7, "they are paid interest: nothing but the payroll tells it"


def test_l09_both_sides_are_one_holder_and_he_trades(seed: int) -> None:
    planted = planted_alone("L09", seed)
    bank, stocks = planted.accounts
    assert planted.town.customer[bank] == planted.town.customer[stocks]
    assert len(planted.of_kind("securities_trade")["ms"]) >= 20
    assert len(planted.paid_in["ms"]) == 0


@pytest.mark.parametrize(("name", "most_yuan"), [("L04", 200), ("L05", 100), ("L15", 200), ("L27", 100), ("L32", 200)])
def test_tickets_are_small(name: str, most_yuan: int, seed: int) -> None:
    assert np.median(planted_alone(name, seed).paid_in["amount"]) < most_yuan * 100


@pytest.mark.parametrize("name", ["L06", "L18", "L22", "L23", "L31", "L32"])
def test_public_bodies_and_charities_are_verified_by_their_bank(name: str) -> None:
    planted = planted_alone(name, 1)
    assert planted.town.licence[planted.account] in ("charity", "public_body")


def test_l20_turns_its_money_over_between_businesses_within_the_day(seed: int) -> None:
    planted = planted_alone("L20", seed)
    own = planted.transfers
    into, out = (planted.where(own[side] == planted.account) for side in ("payee", "payer"))
    days = [np.bincount(planted.days(one), one["amount"], minlength=90)[:89] for one in (into, out)]
    busy = days[0] > 0
    assert np.median(days[1][busy] / days[0][busy]) > 0.85
    assert len(planted.paid_in["ms"]) == 0, "no persons"
    assert np.isin(np.unique(out["payee"]), into["payer"]).mean() > 0.3


def test_l14_comes_within_three_days_and_never_again(seed: int) -> None:
    planted = planted_alone("L14", seed)
    days = planted.days(planted.paid_in)
    assert days.max() - days.min() <= 2
    assert len(planted.payers) >= 30


def test_look_alikes_stay_open() -> None:
    assert all(
        planted_alone(name, 1).town.closed[planted_alone(name, 1).account] == NEVER for name in ("L05", "L12", "L13", "L24")
    )
