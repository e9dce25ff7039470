"""Payees were payers: the share of payees who had paid in before, refunds apart, and the strong form by money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detector.features.layout import EVALUATION, W90, WINDOW
from detector.findings import EvaluationRows
from detector.typologies.payees_were_payers import TYPOLOGY
from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "payees_were_payers"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def returned(back: int = 8, others: int = 7, payers: int = 20, yuan: float = 300, **fields: Any) -> Rows:
    """Payers pay in ten thousand each; later some of them and some others are paid small sums."""
    rows = paid_in(0, range(payers), 10_000)
    return rows + paid_out(10, range(100, 100 + others), yuan, **fields) + paid_out(11, range(back), yuan, **fields)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(returned(8, 7), True, id="eight of fifteen payees had paid in"),
        pytest.param(returned(8, 8), True, id="half of sixteen"),
        pytest.param(returned(7, 8), False, id="seven of fifteen"),
        pytest.param(returned(14, 0), False, id="fourteen payees, all of them payers"),
        pytest.param(returned(15, 0), True, id="fifteen payees, all of them payers"),
        pytest.param(returned(15, 0, yuan=10_000), False, id="each is refunded exactly"),
        pytest.param(returned(15, 0, yuan=10_010), False, id="each is refunded to a thousandth"),
        pytest.param(returned(15, 0, yuan=10_011), True, id="each gets a little more than a thousandth more"),
        pytest.param(returned(15, 0, batch_code="payroll"), False, id="by the institution's payroll batch"),
        pytest.param(returned(15, 0, batch_code="dividend"), True, id="by a dividend batch, which a scheme may have too"),
        pytest.param(returned(15, 0, yuan=4_999, batch_code="refund"), True, id="less than half by a batch called refund"),
        pytest.param(returned(15, 0, yuan=5_000, batch_code="refund"), False, id="half by a refund batch"),
        pytest.param(returned(15, 0, yuan=10_100, batch_code="refund"), False, id="all and more by a refund batch"),
        pytest.param(
            returned(15, 0, batch_code="refund") + paid_in(5, range(15), 601), True, id="less than half of the newest payment"
        ),
        pytest.param(returned(15, 0, batch_code="refund") + paid_in(5, range(15), 600), False, id="half of the newest payment"),
        pytest.param(returned(15, 0, batch_code="pension"), False, id="by a pension batch"),
        pytest.param(returned(15, 0, batch_code="subsidy"), False, id="by a subsidy batch"),
        pytest.param(returned(15, 0, batch_code="loan_drawdown"), False, id="by a batch of loans"),
        pytest.param(returned(15, 0, counterparty_kind="person"), True, id="known persons"),
        pytest.param(paid_out(0, range(20), 300) + paid_in(1, range(20), 10_000), False, id="paid first, then payers"),
        pytest.param(
            paid_in(0, range(20), 10_000, counterparty_kind="company") + paid_out(1, range(20), 300, counterparty_kind="company"),
            False,
            id="companies trade both ways",
        ),
        pytest.param(returned(8, 6) + paid_out(101, [150], 300), False, id="the payouts are ninety days old"),
        pytest.param(
            paid_in(0, [1], 900_000, counterparty_kind="company") + paid_out(1, range(300), 5_000), False, id="wages of a payroll"
        ),
        pytest.param(
            paid_in(0, range(200), 5_000) + paid_out(20, range(100), 5_000) + paid_out(30, range(300, 304), 100_000),
            False,
            id="deposits for flats, half of them given back",
        ),
    ],
)
def test_at_least_half_of_fifteen_payees_had_paid_in_before(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def paid_each(factors: tuple[float, ...], payers: int = 20) -> Rows:
    """Twenty bring ten thousand each; each is later paid so many times that, in turn, once."""
    back = [row for p in range(payers) for row in paid_out(10 + p % 7, [p], round(10_000 * factors[p % len(factors)], 2))]
    return paid_in(0, range(payers), 10_000) + back


@pytest.mark.parametrize(
    ("factors", "fires"),
    [
        pytest.param((0.01, 0.012, 0.009), True, id="interest, varied by a third"),
        pytest.param((0.01, 1.05), True, id="interest to some, principal with it to others"),
        pytest.param((2.9, 2.8), True, id="not quite three times"),
        pytest.param((3.1, 4.0), False, id="more than three times what they ever paid: they sold something"),
        pytest.param((0.6, 0.8, 0.95), False, id="most of it back once: fees less what was used"),
        pytest.param((0.45, 0.4), True, id="less than half of it"),
        pytest.param((0.004, 0.01, 0.03, 0.09, 0.2, 0.45), False, id="in no proportion to what each had paid"),
    ],
)
def test_what_comes_back_can_be_a_return_on_what_was_paid_in(factors: tuple[float, ...], fires: bool) -> None:
    assert heard(paid_each(factors)).fired == fires


def core(**values: Any) -> EvaluationRows:
    """One evaluation row on the strong form's lines: seven tenths of payouts to payers, as much out as in."""
    rows = np.zeros(1, EVALUATION)
    windows = np.zeros((1, 4), WINDOW)
    on_the_line = {
        "paid_to_walked": 1_000,
        "paid_to_returnees": 700,
        "year_credited": 1_000,
        "year_debited": 600,
        "credits_known": 1,
    }
    for name, value in {**on_the_line, **{k: v for k, v in values.items() if k != "payees"}}.items():
        rows[name] = value
    windows[0, W90]["payees"] = values.get("payees", 15)
    return EvaluationRows(rows, windows)


@pytest.mark.parametrize(
    ("values", "strong"),
    [
        pytest.param({}, True, id="on every line"),
        pytest.param({"year_debited": 1_100}, True, id="eleven tenths out"),
        pytest.param({"paid_to_returnees": 699}, False, id="less than seven tenths to payers"),
        pytest.param({"year_debited": 599}, False, id="less than six tenths out"),
        pytest.param({"year_debited": 1_101}, False, id="more than eleven tenths out"),
        pytest.param({"payees": 14}, False, id="fourteen payees"),
        pytest.param({"year_credited": 0}, False, id="nothing came in"),
    ],
)
def test_the_strong_form_goes_by_money(values: dict[str, int], strong: bool) -> None:
    rows = core(**values)
    assert bool(TYPOLOGY.strong(rows)[0]) == strong
    assert bool(TYPOLOGY.evaluate(rows).fired[0]) == strong


def society(members: int, *, firm: float = 0) -> Rows:
    """Members bring sums; two of three take what they like of them, in no proportion; a firm may pay in as well."""
    rows = [row for p in range(members) for row in paid_in(p % 5, [p], 4_000)]
    rows += [row for p in range(2 * members // 3) for row in paid_out(11, [p], round(20 * 1.06 ** (p % 80), 2))]
    rows += [row for p in range(members // 3) for row in paid_out(11, [500 + p], 900)]
    return rows + (paid_in(0, [999], firm) if firm else [])


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(society(150), True, id="a hundred and fifty"),
        pytest.param(society(149), False, id="one member less"),
        pytest.param(society(150, firm=700_000), False, id="most of the money is of one who gets none back"),
    ],
)
def test_of_the_public_no_proportion_is_asked(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def test_it_says_payees_share_and_money_returned_and_shows_the_payouts() -> None:
    finding = heard(returned(12, 3)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.8, 0.5, "payout", "W90")
    assert (finding.strength, finding.coverage) == (0.8, 1.0)
    for number in ("15", "12", "80.0%", "50.0%", "3,600"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [f"out-11-{p}" for p in range(12)]


def test_without_known_payers_it_cannot_be_judged() -> None:
    nobody = [{**row, "counterparty_id": None} if row["direction"] == "credit" else row for row in returned(15, 0)]
    assert (heard(nobody).fired, heard(nobody).not_evaluable) == (False, True)


FIRES = returned(8, 7)
"""A story on which the typology fires, told again as wire JSON."""
