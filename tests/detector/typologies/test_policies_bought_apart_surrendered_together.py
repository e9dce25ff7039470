"""Policies bought apart, surrendered together: many holders, one payer, one or two payees."""

from __future__ import annotations

from typing import Any

import pytest

from detector.catalogue import found
from tests.detector.business_stories import Rows, conduct, paid, premium

NAME = "policies_bought_apart_surrendered_together"
KEY = found()[NAME].key


def bought(holders: range, payer: str = "a:payer", relation: str | None = "other", **fields: Any) -> Rows:
    return [
        row
        for k in holders
        for row in premium(0, 30_000, f"p{k}", account_id=f"a:{k}", counterparty_id=payer, payer_relation=relation, **fields)
    ]


def surrendered(holders: range, payees: int = 2, day: int = 25, **fields: Any) -> Rows:
    said = {"payer_relation": "other", **fields}
    return [
        row
        for k in holders
        for row in paid(
            day + k % 4, 29_000, "surrender", f"p{k}", account_id=f"a:{k}", counterparty_id=f"a:payee{k % payees}", **said
        )
    ]


TEN, NINE, TWENTY = range(1, 11), range(1, 10), range(1, 21)


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(bought(TEN) + surrendered(TEN), True, id="ten policies to two accounts"),
        pytest.param(bought(NINE) + surrendered(NINE), False, id="nine"),
        pytest.param(bought(TWENTY) + surrendered(TWENTY, payees=20), False, id="everybody to his own account"),
        pytest.param(bought(TEN, relation="employer") + surrendered(TEN), False, id="a group policy of an employer"),
        pytest.param(
            bought(TEN, relation=None, counterparty_kind="company") + surrendered(TEN), False, id="a firm pays, nothing is said"
        ),
        pytest.param(bought(TEN) + surrendered(range(1, 6)) + surrendered(range(6, 11), day=50), False, id="not at one time"),
        pytest.param(
            [r | {"counterparty_id": f"a:own{r['account_id']}"} for r in bought(TEN)] + surrendered(TEN, payees=1),
            True,
            id="each paid for himself, all to one account",
        ),
    ],
)
def test_one_party_stands_behind_many_policies_that_end_together(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_an_agents_clients_who_surrender_to_their_own_accounts_are_no_group() -> None:
    rows = bought(TWENTY, agent_id="c:agent") + surrendered(TWENTY, payees=20, agent_id="c:agent")
    assert not conduct(NAME, rows).fired
    together = bought(TWENTY, agent_id="c:agent") + surrendered(TWENTY, payees=2, agent_id="c:agent")
    assert conduct(NAME, together).fired


def test_all_of_them_are_shown_the_earlier_ones_too() -> None:
    said = conduct(NAME, bought(TEN) + surrendered(TEN))
    assert said.accused(KEY) == {f"a:{k}" for k in TEN}
    assert said.finding is not None
    assert (said.finding.value, said.finding.threshold) == (10, 10)
    assert said.finding.strength >= 0.8
    for number in ("10", "100.0%", "290,000"):
        assert number in said.finding.zh, number
        assert number in said.finding.en, number


FIRES = bought(TEN) + surrendered(TEN)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
