"""Cash-out after collection: many pay in, and a good part is drawn in cash; and cash that nobody collected."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "cash_out_after_collection"
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def collected(payers: int = 15, money: float = 200_000, **fields: Any) -> Rows:
    """Small sums from many and one large one on day 0."""
    return paid_in(0, range(1, payers), 4_000, **fields) + paid_in(0, [0], money - 4_000 * (payers - 1), **fields)


def drawn(yuan: float, day: int = 1, times: int = 1) -> Rows:
    """Cash at the counter, in equal parts."""
    return paid_out(day, range(50, 50 + times), yuan / times, kind="cash", counterparty_id=None, counterparty_region=None)


def by_company(yuan: float) -> Rows:
    return paid_in(0, [90], yuan, counterparty_kind="company")


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(collected() + drawn(30_000), True, id="fifteen hundredths drawn"),
        pytest.param(collected() + drawn(29_999.99), False, id="a cent less"),
        pytest.param(collected() + drawn(30_000, times=3), True, id="drawn in three parts"),
        pytest.param(collected(payers=14) + drawn(30_000), False, id="fourteen payers"),
        pytest.param(collected(money=199_999.99) + drawn(30_000), False, id="a cent less came in"),
        pytest.param(collected() + paid_out(1, [50], 150_000), False, id="transferred, not drawn"),
        pytest.param(collected() + by_company(50_000) + drawn(60_000), True, id="four fifths come from persons"),
        pytest.param(collected() + by_company(50_000.05) + drawn(60_000), False, id="a little less comes from persons"),
        pytest.param(collected(money=10_000_000) + drawn(1_000_000), True, id="a million, a tenth of what came in"),
        pytest.param(collected(money=10_000_000) + drawn(999_999.99), False, id="a cent less than a million"),
        pytest.param(collected() + drawn(30_000, day=89), True, id="drawn on the ninetieth day"),
        pytest.param(collected() + drawn(30_000, day=90), False, id="drawn a day later"),
    ],
)
def test_what_many_paid_in_is_drawn_in_cash(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(paid_in(0, [1], 300_000) + drawn(200_000), id="a harvest sold to one trader"),
        pytest.param(collected(counterparty_kind="payment") + drawn(100_000), id="a shop's takings by payment institutions"),
        pytest.param(collected(counterparty_kind="company") + drawn(100_000), id="a haulier paid by firms"),
        pytest.param(paid_in(0, range(60), 1_000) + drawn(50_000), id="wedding gifts and the banquet"),
    ],
)
def test_ordinary_cash_was_not_collected_from_many(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_payers_inflow_and_cash_and_shows_the_withdrawals() -> None:
    finding = heard(collected(payers=16, money=250_000) + drawn(100_000, times=4)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.4, 0.15, "channel", "W90")
    assert (finding.strength, finding.coverage) == (round(0.5 + 0.5 * 0.25 / 0.45, 4), 1.0)
    for number in ("16", "250,000", "100,000", "40.0%", "15.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert finding.evidence == [f"out-1-{p}" for p in range(50, 54)]


def test_where_only_the_sum_reaches_its_line_the_sum_is_what_is_told() -> None:
    finding = heard(collected(money=20_000_000) + drawn(2_000_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.strength) == (2_000_000.0, 1_000_000.0, 0.625)
    for number in ("2,000,000", "1,000,000", "10.0%", "15.0%"):
        assert number in finding.zh, number
        assert number in finding.en, number


FIRES = collected() + drawn(30_000)
"""A story on which the typology fires, told again as wire JSON."""
