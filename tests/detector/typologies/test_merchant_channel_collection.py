"""Collection through merchants: large tickets by payment institutions, at night, gone at once or by many terminals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.stories import Heard, hear, paid_in, paid_out

NAME = "merchant_channel_collection"
HOUR_MS = 3_600_000
Rows = list[dict[str, Any]]


def heard(rows: Rows) -> Heard:
    return hear(NAME, rows)


def tickets(day: int, count: int, yuan: float = 5_000, *, terminals: int = 0, field: str = "pos_id", start: int = 0) -> Rows:
    """Credits by a payment institution, in turns through the terminals."""
    rows = paid_in(day, range(start, start + count), yuan, counterparty_kind="payment", counterparty_id="a:pay")
    return [{**row, field: f"t{k % terminals}"} if terminals else row for k, row in enumerate(rows)]


def takings(first: int = 10, second: int = 10, yuan: float = 5_000, terminals: int = 3, field: str = "pos_id") -> Rows:
    """Two days' tickets."""
    return tickets(0, first, yuan, terminals=terminals, field=field) + tickets(1, second, yuan, terminals=terminals, field=field)


def by_company(yuan: float) -> Rows:
    return paid_in(0, [90], yuan, counterparty_kind="company")


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(takings(), True, id="twenty tickets through three terminals"),
        pytest.param(takings(terminals=2), False, id="two terminals"),
        pytest.param(takings(field="merchant_code"), True, id="three merchant numbers"),
        pytest.param(takings(second=9, yuan=6_000), False, id="nineteen tickets"),
        pytest.param(takings(first=11, second=9, yuan=4_999.99), False, id="twenty fen less than a hundred thousand"),
        pytest.param(by_company(100_000) + takings(), True, id="half of the inflow"),
        pytest.param(by_company(100_000.01) + takings(), False, id="a little less than half"),
        pytest.param(takings() + tickets(1, 20, 999.99, start=50), True, id="half of the tickets are large"),
        pytest.param(tickets(0, 1, 999.99, start=80) + takings() + tickets(1, 20, 999.99, start=50), False, id="fewer are"),
    ],
)
def test_large_tickets_through_many_terminals(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


def nightly(count: int, by_day: int) -> Rows:
    """Tickets at two in the morning, and others from nine on."""
    night = [{**row, "occurred_at": row["occurred_at"] - 7 * HOUR_MS} for row in tickets(0, count, 6_000)]
    return night + tickets(0, by_day, 6_000, start=50)


@pytest.mark.parametrize(("night", "fires"), [pytest.param(6, True, id="three tenths"), pytest.param(5, False, id="a quarter")])
def test_large_tickets_at_night(night: int, fires: bool) -> None:
    assert heard(nightly(night, 20 - night)).fired == fires


def gone(days: int, each: int, kept: float = 0) -> Rows:
    """Days whose tickets leave again but for a twentieth; before them a day on which some stays."""
    stays = by_company(kept) if kept else []
    out = each * 7_500 * 0.96
    return stays + [row for day in range(1, 1 + days) for row in tickets(day, each, 7_500) + paid_out(day, [200], out)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(gone(3, 7), True, id="three days"),
        pytest.param(gone(2, 11), False, id="two days"),
        pytest.param(gone(3, 7, kept=10_500), True, id="nine tenths of all leave"),
        pytest.param(gone(3, 7, kept=10_501), False, id="a little less"),
    ],
)
def test_large_tickets_that_leave_the_same_day(rows: Rows, fires: bool) -> None:
    assert heard(rows).fired == fires


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [r for d in range(5) for r in tickets(d, 300, 187.35, terminals=4) + paid_out(d, [200], 50_000)],
            id="a supermarket with four tills",
        ),
        pytest.param([r for d in range(10) for r in tickets(d, 4, 20_000, terminals=1)], id="a jeweller with one terminal"),
        pytest.param(
            [r for d in range(10) for r in tickets(d, 1, 63_211.4) + paid_out(d, [200], 30_000)], id="a seller's daily settlement"
        ),
        pytest.param(paid_in(0, range(30), 5_000, pos_id="t1"), id="persons who pay directly"),
    ],
)
def test_ordinary_shops_have_small_tickets_or_keep_what_they_take(rows: Rows) -> None:
    assert not heard(rows).fired


def test_it_says_share_tickets_and_terminals_and_shows_the_credits() -> None:
    finding = heard(by_company(25_000) + takings() + paid_out(1, [200], 40_000)).finding
    assert finding is not None
    assert (finding.value, finding.threshold, finding.family, finding.window) == (0.8, 0.5, "channel", "W30")
    assert (finding.strength, finding.coverage) == (0.8, 1.0)
    for number in ("21", "80.0%", "50.0%", "125,000", "40,000", "3"):
        assert number in finding.zh, number
        assert number in finding.en, number
    # Events are remembered once a day has brought in fifty thousand: the company's and five tickets.
    assert finding.evidence == [*(f"in-0-{p}" for p in range(4, 10)), *(f"in-1-{p}" for p in range(10))]


def test_of_more_terminals_than_are_told_apart_it_says_at_least() -> None:
    finding = heard(takings(terminals=7)).finding
    assert finding is not None
    assert "不少于4个" in finding.zh
    assert "at least 4 terminals" in finding.en


FIRES = takings()
"""A story on which the typology fires, told again as wire JSON."""
