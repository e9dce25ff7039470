"""Firms of one representative that pay back what persons brought others of them, and what only looks so."""

from __future__ import annotations

from typing import Any

import pytest

from detector.schemes.webs import Webs
from tests.detector.schemes.rings import BANKS, Town
from tests.detector.schemes.test_schemes import Found, found_in

Story = dict[str, Any]


def web(
    *,
    firms: int = 6,
    payers: int = 24,
    back: float = 0.03,
    turns: int = 2,
    returned: int | None = None,
    buyers: int = 0,
    suppliers: int = 0,
    kind: str = "company",
    shared: tuple[str, ...] = ("legal_representative_id", "phone_id"),
) -> Town:
    """Two of three firms take a few persons' money each, the others pay ``back`` a part of it every ten days.

    ``returned`` of the payers are paid back (all by default); ``buyers`` pay the firms besides and ``suppliers`` are paid.
    """
    town = Town()
    names = [
        town.account(f"firm{k}@{BANKS[k % 3]}", holder_kind=kind, **{one: f"c:{one}" for one in shared}) for k in range(firms)
    ]
    collect, pay = names[: max(1, firms * 2 // 3)], names[max(1, firms * 2 // 3) :]
    for k in range(payers):
        payer, yuan = town.account(f"payer{k}@{BANKS[k % 3]}"), 5_000.0 * (1 + k % 4)
        town.pay(2 + k // 4, payer, collect[k % len(collect)], yuan)
        if returned is None or k < returned:
            for turn in range(1, turns + 1):
                town.pay(2 + k // 4 + 10 * turn, pay[k // len(collect) % len(pay)], payer, yuan * back)
    for k in range(buyers):
        town.pay(2 + k // 4, town.account(f"buyer{k}@{BANKS[k % 3]}"), collect[k % len(collect)], 1_310.0 + k)
    for k in range(suppliers):
        town.pay(12 + k % 9, pay[k % len(pay)], town.account(f"supplier{k}@{BANKS[k % 3]}"), 2_000.0 + 7 * k)
    shop = town.account("shop@B1", holder_kind="company")
    for k, customer in enumerate(town.people(400, "customer")):
        town.pay(k // 20, customer, shop, 60.0 + k)
    a, b = town.people(2, "idle")
    for day in range(30):
        town.pay(day, a, b, 20)
    return town


def webs_in(found: Found) -> set[str]:
    """Accounts of webs at the end of what was told."""
    picture = found.picture
    return {picture.accounts[a].account_id for a in Webs.of(picture).account.tolist()}


@pytest.mark.parametrize(
    ("story", "held"),
    [
        pytest.param({}, 6, id="six firms, six payers each of those who collect"),
        pytest.param({"firms": 3, "payers": 6, "returned": 5, "suppliers": 5}, 3, id="three firms, five persons"),
        pytest.param({"firms": 3, "payers": 6, "returned": 4, "suppliers": 5}, 0, id="four persons"),
        pytest.param({"firms": 2}, 0, id="two firms"),
        pytest.param({"kind": "person"}, 0, id="private persons"),
        pytest.param({"shared": ()}, 0, id="nothing in common"),
        pytest.param({"shared": ("address_id",)}, 6, id="an address alone, with several persons each"),
        pytest.param({"payers": 12, "returned": 5, "suppliers": 10}, 6, id="held twice, with one person each"),
        pytest.param(
            {"payers": 12, "returned": 5, "suppliers": 10, "shared": ("address_id",)}, 0, id="an address, with one person each"
        ),
        pytest.param({"back": 0.7}, 0, id="paid more than they brought, as staff are"),
        pytest.param({"back": 1.0, "turns": 1}, 0, id="exact refunds"),
        pytest.param({"buyers": 48}, 6, id="a third of all whose turn has come"),
        pytest.param({"buyers": 60}, 0, id="fewer"),
        pytest.param({"payers": 60, "returned": 12}, 0, id="every fifth, as schools give fees back"),
    ],
)
def test_firms_with_a_value_in_common_are_held_together_by_persons_of_whom_another_firm_pays_back_a_part(
    story: Story, held: int
) -> None:
    assert len(webs_in(found_in(web(**story)))) == held


def test_a_web_that_pays_suppliers_as_well_is_accused_though_few_of_its_payees_had_paid_in() -> None:
    found = found_in(web(suppliers=80))
    [scheme] = found.last.values()
    assert scheme.category == "illegal_fundraising"
    [said] = [one for one in scheme.findings if one.typology == "payees_were_payers@1"]
    assert (said.value, said.threshold) == (1.0, 0.3)
    assert {member.account_id for member in scheme.members} == {f"a:firm{k}@{BANKS[k % 3]}" for k in range(6)}
