"""Suspicious conduct at the securities firm and the insurer has what its definition asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from producers.simulate.flows import NOBODY
from producers.simulate.institutions import INSTITUTIONS
from producers.simulate.patterns import CONDUCT, patterns
from producers.simulate.policies import RELATIONS
from tests.producers.simulate.planted import Planted, planted_alone

OTHER = RELATIONS.index("other") + 1


@pytest.fixture(params=(1, 2, 3), ids=lambda seed: f"seed-{seed}")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def _into(planted: Planted) -> dict[str, Any]:
    return planted.where(np.isin(planted.transfers["payee"], planted.accounts))


def _out(planted: Planted) -> dict[str, Any]:
    return planted.where(np.isin(planted.transfers["payer"], planted.accounts))


@pytest.mark.parametrize("name", [pattern.NAME for pattern in patterns(CONDUCT) if pattern.NAME != "P10"])
def test_it_happens_at_the_right_kind_of_institution(name: str) -> None:
    planted = planted_alone(name, 1)
    kinds = {INSTITUTIONS[planted.town.institution[k]].kind for k in planted.accounts}
    assert kinds == {"securities" if name[0] == "S" else "insurance"}


def test_s01_cash_stays_below_the_line_three_times_a_day(seed: int) -> None:
    cash = planted_alone("S01", seed).of_kind("cash")
    assert ((cash["amount"] >= 4_000_000) & (cash["amount"] < 5_000_000)).all()
    assert np.bincount(planted_alone("S01", seed).days(cash)).max() >= 3


def test_s02_hardly_trades_and_pays_a_third_party(seed: int) -> None:
    planted = planted_alone("S02", seed)
    trades, into, out = planted.of_kind("securities_trade"), _into(planted), planted.paid_out
    assert trades["amount"].sum() <= 0.1 * into["amount"].sum()
    assert out["amount"].max() >= 40_000_000
    assert len({planted.town.customer[k] for k in out["payee"]} - {planted.town.customer[planted.account]}) == 1


@pytest.mark.parametrize("name", ["S03", "S07"])
def test_money_passes_without_a_trade(name: str, seed: int) -> None:
    planted = planted_alone(name, seed)
    assert len(planted.of_kind("securities_trade")["ms"]) == 0
    assert len(_out(planted)["ms"]) >= 3
    assert _into(planted)["amount"].sum() > 10_000_000


def test_s07_leaves_for_another_bank_of_the_holder_within_three_days(seed: int) -> None:
    planted = planted_alone("S07", seed)
    came, left = _into(planted), _out(planted)
    assert len(np.unique(came["payer"])) == len(np.unique(left["payee"])) == 1
    assert planted.town.institution[came["payer"][0]] != planted.town.institution[left["payee"][0]]
    assert {planted.town.customer[int(k)] for k in (came["payer"][0], left["payee"][0])} == {
        planted.town.customer[planted.account]
    }


@pytest.mark.parametrize("name", ["S04", "S05"])
def test_millions_are_traded_within_ten_working_days(name: str, seed: int) -> None:
    planted = planted_alone(name, seed)
    trades = planted.of_kind("securities_trade")
    assert trades["amount"].sum() >= 160_000_000
    assert np.ptp(planted.days(trades)) <= 14


def test_s05_is_closed_within_a_month(seed: int) -> None:
    planted = planted_alone("S05", seed)
    assert 0 < planted.town.closed[planted.account] - planted.town.opened[planted.account] <= 30


def test_s06_one_wins_what_the_other_loses(seed: int) -> None:
    planted = planted_alone("S06", seed)
    t = planted.of_kind("securities_trade")
    gain = [int(t["amount"][t["payee"] == k].sum() - t["amount"][t["payer"] == k].sum()) for k in planted.accounts]
    assert gain[0] == -gain[1]
    assert gain[1] > 0
    assert len(np.unique(t["instrument"])) == 1
    for account in planted.accounts:
        bought, sold = (int(t["quantity"][t[side] == account].sum()) for side in ("payer", "payee"))
        assert bought == sold > 0, "nobody holds anything afterwards"


def test_s09_moves_shares_without_a_price_often(seed: int) -> None:
    moved = planted_alone("S09", seed).of_kind("other")
    assert len(moved["ms"]) >= 4
    assert (moved["instrument"] > 0).all()


def test_i01_many_holders_one_payer_and_one_or_two_payees(seed: int) -> None:
    planted = planted_alone("I01", seed)
    premiums, back = planted.of_kind("premium"), planted.of_kind("surrender")
    assert len({planted.town.customer[k] for k in planted.accounts}) >= 10
    assert len(np.unique(premiums["payer"])) == 1
    assert len(np.unique(back["payee"])) <= 2
    assert np.ptp(planted.days(back)) <= 9


def test_i03_large_policies_come_back_within_fifteen_days(seed: int) -> None:
    planted = planted_alone("I03", seed)
    back = planted.of_kind("surrender")
    issued = np.array(planted.town.policies.issued)[back["policy"] - 1]
    assert (planted.days(back) - issued <= 15).all()
    assert back["amount"].sum() >= 50_000_000


@pytest.mark.parametrize("name", ["I05", "I10"])
def test_the_insurer_pays_somebody_else(name: str, seed: int) -> None:
    planted = planted_alone(name, seed)
    paid = _out(planted)
    assert (paid["relation"] == OTHER).any()
    assert paid["amount"].max() >= 5_000_000
    holder = planted.town.customer[planted.account]
    assert holder not in {planted.town.customer[k] for k in paid["payee"][paid["relation"] == OTHER]}


def test_i06_overpays_and_asks_it_back(seed: int) -> None:
    planted = planted_alone("I06", seed)
    assert _out(planted)["amount"].sum() >= 0.3 * _into(planted)["amount"].sum()
    assert len(_out(planted)["ms"]) >= 2


def test_i07_an_agent_pays_for_holders_who_are_not_he(seed: int) -> None:
    planted = planted_alone("I07", seed)
    premiums = planted.of_kind("premium")
    assert len(np.unique(premiums["payee"])) >= 3
    assert len(np.unique(premiums["payer"])) == 1
    assert set(premiums["agent"]) == {planted.town.customer[int(premiums["payer"][0])] + 1}


def test_i09_a_stranger_pays(seed: int) -> None:
    premiums = planted_alone("I09", seed).of_kind("premium")
    assert (premiums["relation"] == OTHER).all()
    assert (premiums["amount"] >= 5_000_000).all()


def test_i10_premiums_come_in_cash(seed: int) -> None:
    premiums = planted_alone("I10", seed).of_kind("premium")
    assert (premiums["payer"] == NOBODY).all()
    assert (premiums["amount"] >= 5_000_000).all()


def test_i11_payments_stay_below_the_line_on_consecutive_working_days(seed: int) -> None:
    planted = planted_alone("I11", seed)
    paid = _out(planted)
    assert ((paid["amount"] >= 40_000_000) & (paid["amount"] < 50_000_000)).all()
    assert len(np.unique(planted.days(paid))) == len(paid["ms"]) >= 4


def test_i12_lends_most_of_the_premium_back_within_a_month(seed: int) -> None:
    planted = planted_alone("I12", seed)
    loan, premium = planted.of_kind("policy_loan"), planted.of_kind("premium")
    assert loan["amount"].sum() >= 0.8 * premium["amount"].sum() - 1
    assert 0 < planted.days(loan)[0] - planted.days(premium)[0] <= 30
