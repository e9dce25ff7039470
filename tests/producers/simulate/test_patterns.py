"""Each pattern does what its published case did, and a scheme's people live ordinary lives besides."""

from __future__ import annotations

from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from contract.movement import BATCH_CODES, HOLDER_KINDS
from producers.simulate.city import Settings, build
from producers.simulate.flows import NOBODY, Flows
from producers.simulate.patterns import Label, patterns
from producers.simulate.patterns._scheme import Scene
from producers.simulate.people import settle
from producers.simulate.town import PERSON, Town

SEEDS = (1, 2, 3)
DAYS = 90


class Planted:
    """One pattern alone in a settled city where nothing else happens."""

    def __init__(self, name: str, seed: int) -> None:
        self.town = Town(seed, date(2026, 1, 5), DAYS)
        people = settle(self.town, 1500)
        flows = Flows(self.town.first_day)
        scene = Scene(self.town, people, flows, self.town.random(name, seed))
        self.label: Label = by_name(name).plant(scene, 0)[0]
        self.transfers = flows.sorted(DAYS, self.town.opened)
        self.account = self.label.account
        self.texts = np.array(flows.remarks.texts)

    def side(self, mine: str, other: str) -> dict[str, Any]:
        """Transfers with the planted account on one side and a person on the other."""
        t = self.transfers
        at = np.where(t[other] == NOBODY, 0, t[other])
        keep = (t[mine] == self.account) & (t[other] != NOBODY) & (np.array(self.town.kind)[at] == PERSON)
        return {name: column[keep] for name, column in t.items()}

    @property
    def paid_in(self) -> dict[str, Any]:
        return self.side("payee", "payer")

    @property
    def paid_out(self) -> dict[str, Any]:
        return self.side("payer", "payee")


@cache
def planted_alone(name: str, seed: int) -> Planted:
    """One planting, made once."""
    return Planted(name, seed)


def by_name(name: str) -> ModuleType:
    return next(pattern for pattern in patterns() if name == pattern.NAME)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed-{seed}")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.NAME)
def test_every_pattern_labels_its_account_and_moves_money_on_it(pattern: ModuleType, seed: int) -> None:
    planted = planted_alone(pattern.NAME, seed)
    assert pattern.__name__.endswith(pattern.NAME.lower())
    assert planted.label.label == int(pattern.SCHEME)
    assert planted.label.pattern == pattern.NAME
    assert bool(planted.label.scheme_id) == pattern.SCHEME
    assert 0 <= planted.label.active_from < planted.label.active_to < DAYS
    own = (planted.transfers["payer"] == planted.account) | (planted.transfers["payee"] == planted.account)
    assert own.sum() >= 18


def test_p02_takes_multiples_of_500_from_the_elderly_and_pays_on_few_rates(seed: int) -> None:
    planted = planted_alone("P02", seed)
    into, out = planted.paid_in, planted.paid_out
    assert planted.town.kind[planted.account] == PERSON
    assert (into["amount"] % 50_000 == 0).mean() > 0.8
    age = 2026 - np.array(planted.town.birth_year)[np.unique(into["payer"])]
    assert ((age >= 50) & (age <= 75)).mean() > 0.5
    assert set(out["payee"]) <= set(into["payer"])
    one_deposit = [k for k in np.unique(out["payee"]) if (into["payer"] == k).sum() == 1]
    deposit = {int(k): int(into["amount"][into["payer"] == k][0]) for k in one_deposit}
    rates = [round(int(a) / deposit[int(k)], 3) for k, a in zip(out["payee"], out["amount"], strict=True) if int(k) in deposit]
    assert len(rates) >= 8
    assert len(set(rates)) <= 4, "interest and interest with principal, up to the rounding of fen"


def test_p07_pays_households_principal_and_interest_over_most_of_the_time(seed: int) -> None:
    planted = planted_alone("P07", seed)
    into, out = planted.paid_in, planted.paid_out
    assert HOLDER_KINDS[planted.town.kind[planted.account] - 1] == "company"
    assert 80 <= len(np.unique(into["payer"])) <= 400
    assert set(out["payee"]) <= set(into["payer"])
    assert len(np.unique(out["payee"])) > 0.4 * len(np.unique(into["payer"]))
    assert np.ptp(into["ms"]) > 0.45 * DAYS * 86_400_000


def test_p09_gathers_18_to_40_payers_in_a_fortnight_and_pays_nobody_back(seed: int) -> None:
    planted = planted_alone("P09", seed)
    into = planted.paid_in
    assert 18 <= len(np.unique(into["payer"])) == len(into["payer"]) <= 40
    assert np.ptp(into["ms"]) <= 14 * 86_400_000
    assert (into["amount"] % 500_000 == 0).mean() > 0.8
    assert len(planted.paid_out["payee"]) == 0


@pytest.mark.parametrize("name", [pattern.NAME for pattern in patterns() if pattern.SCHEME])
def test_schemes_of_one_pattern_differ_in_size_price_and_start(name: str) -> None:
    many = [planted_alone(name, seed) for seed in range(1, 7)]
    assert len({len(np.unique(one.paid_in["payer"])) for one in many}) >= 4
    assert len({float(np.median(one.paid_in["amount"])) for one in many}) >= 2
    assert len({one.label.active_from for one in many}) >= 4
    said = [float((one.texts[one.paid_in["remark"]] == "").mean()) for one in many]
    assert min(said) > 0.1, "many remarks are empty"
    assert np.ptp(said) > 0.05, "and each scheme has its own mixture"


def test_l01_pays_wages_by_payroll_batch_and_no_employee_ever_paid_in(seed: int) -> None:
    planted = planted_alone("L01", seed)
    assert planted.town.account_type[planted.account] == "payroll"
    assert len(planted.paid_in["payer"]) == 0
    assert set(planted.paid_out["batch"]) == {BATCH_CODES.index("payroll") + 1}
    months = len(planted.paid_out["payee"]) / len(np.unique(planted.paid_out["payee"]))
    assert 2 <= months <= 4


def test_l02_takes_fees_that_are_not_round_and_returns_hardly_any(seed: int) -> None:
    planted = planted_alone("L02", seed)
    fees = planted.paid_in["amount"] / 100
    assert 200 <= len(fees) <= 2000
    assert ((fees > 200) & (fees < 6000)).all()
    assert (fees % 10 == 0).mean() < 0.05
    refunded = planted.paid_out["batch"] == 0
    assert refunded.sum() <= 0.04 * len(fees)
    assert planted.town.industry[planted.account] == "K7020"


def test_l08_is_told_from_a_scheme_by_its_licence_only(seed: int) -> None:
    planted = planted_alone("L08", seed)
    assert planted.town.licence[planted.account] == "insurer"
    assert planted.town.account_type[planted.account] == "premium_collection"
    payees, payers = np.unique(planted.paid_out["payee"]), np.unique(planted.paid_in["payer"])
    assert np.isin(payees, payers).all()
    assert 0.2 <= len(payees) / len(payers) <= 0.9


def test_organisers_shop_and_keep_family_besides_their_scheme() -> None:
    city = build(Settings(days=60, accounts=1500, schemes=12, seed=3))
    quiet = build(Settings(days=60, accounts=1500, schemes=0, seed=3))
    organisers = [one.account for one in city.labels if one.label]
    ordinary = [int(((quiet.transfers["payer"] == k) | (quiet.transfers["payee"] == k)).sum()) for k in organisers]
    assert np.median(ordinary) >= 8
