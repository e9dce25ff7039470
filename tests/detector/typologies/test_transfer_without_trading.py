"""Transfer without trading: sums come from one bank and leave for another within three days."""

from __future__ import annotations

import pytest

from tests.detector.business_stories import OWN_BANK, SECOND_BANK, Rows, conduct, gone, into, traded

NAME = "transfer_without_trading"


def passages(count: int, after: int = 1, yuan: float = 60_000, back: str = SECOND_BANK) -> Rows:
    return [row for day in range(count) for row in into(day, yuan) + gone(day + after, yuan, back)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(passages(3), True, id="three, out on the next day"),
        pytest.param(passages(2), False, id="two"),
        pytest.param(passages(3, after=3), True, id="out on the third day"),
        pytest.param(
            into(0, 200_000) + [r for d in (4, 5, 6) for r in gone(d, 60_000, SECOND_BANK)], False, id="out on the fourth"
        ),
        pytest.param(passages(3, back=OWN_BANK), False, id="back where it came from"),
        pytest.param(passages(3) + traded(1, 50_000), False, id="parked in reverse repo"),
        pytest.param(passages(3, yuan=10_000), False, id="small sums"),
        pytest.param(
            into(0, 60_000) + [r for d in (0, 1, 2) for r in gone(d, 60_000, SECOND_BANK)], False, id="one in, three out"
        ),
    ],
)
def test_money_passes_to_another_bank_and_nothing_is_traded(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_it_says_passages_and_their_sum() -> None:
    rows = passages(4)
    finding = conduct(NAME, rows).finding
    assert finding is not None
    assert (finding.value, finding.threshold) == (4, 3)
    assert finding.strength >= 0.8
    for number in ("4", "3", "240,000"):
        assert number in finding.zh, number
        assert number in finding.en, number
    assert set(finding.evidence) == {row["event_id"] for row in rows}


FIRES = passages(3)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "securities", "holder_kind": "person"}
"""What the firm knows of the account in that story."""
