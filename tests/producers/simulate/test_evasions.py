"""Schemes that hide: each evasion changes what it should and stands in the scheme's id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from contract.movement import KINDS
from producers.simulate.city import Settings, build
from producers.simulate.flows import NOBODY, Flows
from producers.simulate.patterns import _ring, p02
from producers.simulate.patterns._evade import EVASIONS, EXCLUSIVE, chosen
from producers.simulate.patterns._scene import Scene
from producers.simulate.settle import settle
from producers.simulate.town import NEVER, Town

CASH = KINDS.index("cash")


class Hidden:
    """One P02 scheme that evades in the given ways, alone in a settled city."""

    def __init__(self, evasions: frozenset[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_ring, "chosen", lambda _rng, _share, _may: evasions)
        self.town = Town(4, date(2026, 1, 5), 90)
        people = settle(self.town, 1500)
        flows = Flows(self.town.first_day)
        self.labels = p02.plant(Scene(self.town, people, flows, self.town.random("evasion")), 7)
        self.transfers = flows.sorted(90, self.town.opened, self.town.closed)
        self.accounts = [one.account for one in self.labels]
        self.texts = np.array(flows.remarks.texts)
        t = self.transfers
        inside = np.isin(t["payer"], self.accounts) & np.isin(t["payee"], self.accounts)
        self.into = np.isin(t["payee"], self.accounts) & ~inside
        # Who ever paid in, or had it handed in by himself.
        self.out = np.isin(t["payer"], self.accounts) & ~inside & (t["payee"] != NOBODY)
        self.inside = inside

    def of(self, mask: Any, name: str) -> Any:
        return self.transfers[name][mask]


@pytest.fixture
def hide(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Hidden]:
    return lambda *evasions: Hidden(frozenset(evasions), monkeypatch)


def test_a_scheme_that_does_not_hide_uses_one_account_and_its_unit(hide: Callable[..., Hidden]) -> None:
    plain = hide()
    assert len(plain.accounts) == 1
    assert plain.labels[0].scheme_id == "P02-7"
    assert (plain.of(plain.into, "amount") % 50_000 == 0).mean() > 0.8


@pytest.mark.parametrize("evasion", EVASIONS)
def test_every_evasion_changes_what_is_booked_and_stands_in_the_schemes_id(evasion: str, hide: Callable[..., Hidden]) -> None:
    plain, hidden = hide(), hide(evasion)
    assert {one.scheme_id for one in hidden.labels} == {f"P02-7+{evasion}"}
    names = ("payer", "payee", "amount", "remark", "ms")
    assert not all(np.array_equal(plain.transfers[name], hidden.transfers[name]) for name in names)


def test_jittered_amounts_are_off_the_unit(hide: Callable[..., Hidden]) -> None:
    hidden = hide("jittered")
    assert (hidden.of(hidden.into, "amount") % 50_000 == 0).mean() < 0.4


def test_irregular_payouts_keep_neither_rate_nor_date(hide: Callable[..., Hidden]) -> None:
    plain, hidden = hide(), hide("irregular")
    amounts = [len(np.unique(one.of(one.out, "amount"))) / one.out.sum() for one in (plain, hidden)]
    assert amounts[1] > 0.9 > amounts[0]


def test_wordless_and_misleading_remarks_say_nothing_of_investing(hide: Callable[..., Hidden]) -> None:
    wordless, misleading = hide("wordless"), hide("misleading")
    for hidden in (wordless, misleading):
        said = set(hidden.texts[hidden.of(hidden.into, "remark")])
        assert not said & {"复投", "投资款", "理财"}
    assert set(wordless.texts[wordless.of(wordless.into, "remark")]) == {""}
    assert "货款" in set(misleading.texts[misleading.of(misleading.into, "remark")])


def test_rotating_accounts_take_turns_and_belong_to_different_holders(hide: Callable[..., Hidden]) -> None:
    hidden = hide("rotating")
    assert 3 <= len(hidden.accounts) <= 5
    assert len({hidden.town.customer[k] for k in hidden.accounts}) == len(hidden.accounts)
    assert hidden.inside.sum() >= 5, "what others collect goes to the hub"


@pytest.mark.parametrize(("evasion", "same_holder"), [("ownaccount", True), ("elsewhere", False)])
def test_payouts_come_from_another_account(evasion: str, same_holder: bool, hide: Callable[..., Hidden]) -> None:
    hidden = hide(evasion)
    hub, outlet = hidden.accounts
    assert (hidden.town.customer[hub] == hidden.town.customer[outlet]) == same_holder
    assert set(hidden.of(hidden.into, "payee")) == {hub}
    paid_back = np.isin(hidden.transfers["payee"], hidden.of(hidden.into, "payer")) & hidden.out
    assert set(hidden.of(paid_back, "payer")) == {outlet}
    assert hidden.of(hidden.inside, "amount").sum() >= hidden.of(paid_back, "amount").sum(), "the hub fills it first"


def test_genuine_trade_mixes_with_deposits(hide: Callable[..., Hidden]) -> None:
    plain, hidden = hide(), hide("trade")
    assert hidden.into.sum() > 1.3 * plain.into.sum()
    assert len(hidden.accounts) == 1


def test_most_money_comes_in_cash_that_somebody_hands_in(hide: Callable[..., Hidden]) -> None:
    hidden = hide("cash")
    cash = hidden.into & (hidden.transfers["kind"] == CASH)
    assert cash.sum() > 0.4 * hidden.into.sum()
    assert (hidden.of(cash, "agent") > 0).all()


def test_mules_have_few_payers_each_and_pass_all_on(hide: Callable[..., Hidden]) -> None:
    hidden = hide("mules")
    mules = hidden.accounts[1:]
    payers = [len(np.unique(hidden.transfers["payer"][hidden.into & (hidden.transfers["payee"] == k)])) for k in mules]
    assert len(mules) >= 4
    assert max(payers) <= 12
    came = hidden.of(hidden.into & np.isin(hidden.transfers["payee"], mules), "amount").sum()
    assert 0.9 * came < hidden.of(hidden.inside, "amount").sum() <= came


def test_pairs_that_exclude_each_other_are_never_drawn_together() -> None:
    rng = np.random.default_rng(1)
    drawn = [chosen(rng, 1.0, frozenset(EVASIONS)) for _ in range(500)]
    assert {name for one in drawn for name in one} == set(EVASIONS)
    assert not any(set(pair) <= one for one in drawn for pair in EXCLUSIVE)
    assert all(1 <= len(one) <= 3 for one in drawn)


def test_the_share_that_hides_is_the_setting() -> None:
    for share in (0.0, 1.0):
        city = build(Settings(days=30, accounts=1500, schemes=19, seed=6, evasive=share))
        schemes = {one.scheme_id for one in city.labels if one.label}
        hiding = [one for one in schemes if "+" in one]
        assert bool(hiding) == bool(share)
        assert len(hiding) >= share * 15


def test_holders_who_help_stay_customers() -> None:
    city = build(Settings(days=30, accounts=1500, schemes=19, seed=6, evasive=1.0))
    closed = np.array(city.town.closed)
    by_design = ("P12", "S05")
    assert all(closed[one.account] == NEVER for one in city.labels if one.pattern not in by_design)
