"""Agent-paid premiums: one agent's account pays for several holders."""

from __future__ import annotations

from typing import Any

import pytest

from detector.catalogue import found
from tests.detector.business_stories import Rows, conduct, premium

NAME = "agent_paid_premiums"
KEY = found()[NAME].key


def by_agent(holders: int, yuan: float = 5_000, **fields: Any) -> Rows:
    said = {"counterparty_id": "a:agent", "payer_relation": "agent", **fields}
    return [row for k in range(1, holders + 1) for row in premium(k, yuan, f"p{k}", account_id=f"a:{k}", **said)]


@pytest.mark.parametrize(
    ("rows", "fires"),
    [
        pytest.param(by_agent(3), True, id="three holders"),
        pytest.param(by_agent(2, 60_000), False, id="two"),
        pytest.param(by_agent(3, 3_000), False, id="small sums"),
        pytest.param(by_agent(3, payer_relation="child"), False, id="his own family"),
        pytest.param(by_agent(3, counterparty_id="a:other", payer_relation="employer"), False, id="an employer"),
        pytest.param(
            by_agent(3, payer_relation=None, agent_id="c:g", counterparty_customer_id="c:g"), True, id="the payer handled it"
        ),
        pytest.param(by_agent(3, payer_relation="self", agent_id="c:g"), False, id="an agent handles what holders pay"),
        pytest.param(by_agent(2) + [r | {"account_id": "a:3"} for r in premium(40, 5_000, "p3", payer_relation="agent")], False,
                     id="the third a month later, by another"),
    ],
)  # fmt: skip
def test_an_agent_pays_for_several_holders(rows: Rows, fires: bool) -> None:
    assert conduct(NAME, rows).fired == fires


def test_the_earlier_holders_are_shown_too_and_the_numbers_said() -> None:
    said = conduct(NAME, by_agent(6), account="a:6")
    assert said.accused(KEY) == {f"a:{k}" for k in range(1, 7)}
    assert said.finding is not None
    assert (said.finding.value, said.finding.threshold) == (6, 3)
    assert said.finding.strength >= 0.8
    for number in ("6", "3", "30,000"):
        assert number in said.finding.zh, number
        assert number in said.finding.en, number


FIRES = by_agent(3)
"""A story on which the typology fires, told again as wire JSON."""
ABOUT = {"institution_type": "insurance", "holder_kind": "person"}
"""What the insurer knows of the account in that story."""
