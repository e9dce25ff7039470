"""Cash premiums and third-party claims: cash over the counter, benefits to somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detector.business_stories import STRANGER, Rows, conduct, paid, premium

NAME = "cash_premiums_and_third_party_claims"


def cash(day: int, yuan: float, **fields: Any) -> Rows:
    return premium(day, yuan, **{"counterparty_id": None, "channel": "counter", **fields})


def claim(yuan: float, **fields: Any) -> Rows:
    said = {"counterparty_id": STRANGER, "payer_relation": "other", **fields}
    return paid(20, yuan, "claim", **said)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(cash(0, 30_000) + cash(9, 20_000), True, id="cash of fifty thousand"),
        pytest.param(cash(0, 49_999.99), False, id="a cent less"),
        pytest.param(cash(0, 60_000, kind="cash"), True, id="booked as cash"),
        pytest.param(cash(0, 60_000, counterparty_id="a:bank-1"), False, id="by card at the counter"),
        pytest.param(cash(0, 60_000, channel="online"), False, id="from an account that is not told"),
        pytest.param(claim(50_000), True, id="a claim to a stranger"),
        pytest.param(claim(49_999.99), False, id="a smaller one"),
        pytest.param(claim(80_000, payer_relation="beneficiary"), False, id="to the beneficiary"),
        pytest.param(claim(80_000, payer_relation="hospital"), False, id="to the hospital, as it is said"),
        pytest.param(claim(80_000, payer_relation="other", counterparty_kind="company"), False, id="to a firm that repairs"),
        pytest.param(claim(80_000, counterparty_kind="public_body"), False, id="to a public hospital"),
    ],
)
def test_cash_in_or_a_benefit_to_somebody_else(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, premium(0, 100) + rows).fired == fires


def test_both_together_are_suspicious_and_one_at_its_line_is_not() -> None:
    one, both = conduct(NAME, cash(0, 60_000)), conduct(NAME, cash(0, 60_000) + claim(50_000))
    assert one.finding is not None
    assert both.finding is not None
    assert one.finding.strength < 0.8 <= both.finding.strength
    for number in ("60,000", "50,000"):
        assert number in both.finding.zh, number
        assert number in both.finding.en, number
    assert len(both.finding.evidence) == 2


FIRES = cash(0, 60_000) + claim(50_000)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
