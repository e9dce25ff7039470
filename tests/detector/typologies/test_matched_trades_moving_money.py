"""Matched trades that move money: two accounts trade with each other until the money of one is the other's."""

from __future__ import annotations

from typing import Any

import pytest

from detector.catalogue import found
from tests.detector.business_stories import Rows, conduct, into, traded

NAME = "matched_trades_moving_money"
KEY = found()[NAME].key


def deal(day: int, buyer: str, seller: str, yuan: float, at: str = "10:30:00", **fields: Any) -> Rows:
    """One buys what the other sells, within a second."""
    later = f"{at[:-2]}{int(at[-2:]) + 1:02d}"
    return traded(day, yuan, "buy", at, account_id=buyer, **fields) + traded(
        day, yuan, "sell", later, account_id=seller, **fields
    )


def rounds(count: int, dear: float = 50_000, cheap: float = 45_000) -> Rows:
    """The first account buys dear and sells cheap, every time to the second."""
    return [
        row
        for day in range(count)
        for row in deal(day, "a:1", "a:2", dear) + deal(day, "a:2", "a:1", cheap, "10:40:00")
    ]  # fmt: skip


FUNDED = into(0, 500_000) + into(0, 500_000, account_id="a:2")


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(rounds(3), True, id="three rounds"),
        pytest.param(rounds(2), False, id="two"),
        pytest.param(rounds(3, 50_000, 49_000), False, id="hardly any money moved"),
        pytest.param([r for d in range(6) for r in deal(d, "a:1", "a:2", 50_000 + d)], False, id="bought and kept"),
        pytest.param(
            [
                r
                for d in range(3)
                for r in deal(d, "a:1", f"a:{9 + d}", 50_000) + deal(d, "a:1", f"a:{19 + d}", 45_000, "11:00:00")
            ],
            False,
            id="with another stranger every time",
        ),
        pytest.param(
            [row | {"quantity": "1000" if k % 2 else "1100"} for k, row in enumerate(rounds(3))], False, id="other quantities"
        ),
    ],
)
def test_two_accounts_mirror_each_other_until_money_has_moved(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, FUNDED + rows).fired == fires


def test_both_the_loser_and_the_winner_are_shown() -> None:
    said = conduct(NAME, FUNDED + rounds(4))
    assert said.accused(KEY) == {"a:1", "a:2"}
    assert said.finding is not None
    assert said.finding.value == 8
    assert "亏损20,000元" in said.finding.zh
    assert "lost 20,000 yuan" in said.finding.en
    won = conduct(NAME, FUNDED + rounds(4), account="a:2").finding
    assert won is not None
    assert "gained 20,000 yuan" in won.en


def test_a_third_trade_in_the_same_second_leaves_open_who_dealt_with_whom() -> None:
    crowd = [row for day in range(3) for row in traded(day, 50_000, "buy", "10:30:01", account_id="a:3")]
    assert not conduct(NAME, FUNDED + rounds(3) + crowd).fired


def test_a_registered_market_makers_does_not_count() -> None:
    finding = conduct(NAME, FUNDED + rounds(4), holder_licence="securities", holder_kind="financial").finding
    assert finding is None or finding.strength == 0.0


FIRES = FUNDED + rounds(4)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "holder_kind": "person"}
"""What the firm knows of the account in that story."""
