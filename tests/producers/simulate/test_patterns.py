"""Each pattern does what its published case did, and a scheme's people live ordinary lives besides."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from contract.movement import BATCH_CODES, HOLDER_KINDS
from producers.simulate.city import Settings, build
from producers.simulate.patterns import CONDUCT, LOOK_ALIKE, SCHEME, patterns
from producers.simulate.town import PERSON
from tests.producers.simulate.planted import DAYS, planted_alone

SEEDS = (1, 2, 3)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed-{seed}")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


LIVES_BY_ORDINARY_LIFE = "L25"
"""A payment institution's account is busy without being planted."""

LEAST_TRANSFERS = {SCHEME: 18, LOOK_ALIKE: 10, CONDUCT: 2}


@pytest.mark.parametrize(
    "pattern", [one for one in patterns() if one.NAME != LIVES_BY_ORDINARY_LIFE], ids=lambda pattern: pattern.NAME
)
def test_every_pattern_labels_its_accounts_and_moves_money_on_each(pattern: ModuleType) -> None:
    planted = planted_alone(pattern.NAME, 1)
    assert pattern.__name__.endswith(pattern.NAME.lower())
    assert planted.labels
    for label in planted.labels:
        assert label.label == int(pattern.SORT != LOOK_ALIKE)
        assert label.pattern == pattern.NAME
        assert bool(label.scheme_id) == (pattern.SORT != LOOK_ALIKE)
        assert 0 <= label.active_from < label.active_to < DAYS
    sides = np.concatenate([planted.transfers["payer"], planted.transfers["payee"]])
    assert np.isin(sides, planted.accounts).sum() >= LEAST_TRANSFERS[pattern.SORT]
    assert set(planted.accounts) <= set(sides.tolist())


def test_l25_is_a_payment_institution_that_ordinary_life_keeps_busy() -> None:
    city = build(Settings(days=30, accounts=4800, schemes=0, seed=2))
    account = next(one.account for one in city.labels if one.pattern == LIVES_BY_ORDINARY_LIFE)
    assert city.town.licence[account] == "payment"
    assert np.isin(city.transfers["payee"], account).sum() > 1000


def test_every_look_alike_and_case_of_the_regulation_reference_is_there() -> None:
    names = {pattern.NAME for pattern in patterns()}
    assert {f"L{k:02d}" for k in range(1, 33)} == {name for name in names if name[0] == "L"}
    assert {f"P{k:02d}" for k in range(1, 11)} <= names
    assert {"S01", "S02", "S03", "S04", "S05", "S06", "S07", "S09", "S10", "S11"} == {name for name in names if name[0] == "S"}
    assert {"I01", "I03", "I05", "I06", "I07"} | {f"I{k:02d}" for k in range(9, 15)} == {name for name in names if name[0] == "I"}


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
    collapsed = planted.labels[0].active_to < DAYS - 1
    assert len(np.unique(out["payee"])) > (0.3 if collapsed else 0.4) * len(np.unique(into["payer"]))
    if collapsed:
        assert planted.days(out).max() < planted.labels[0].active_to, "nobody is paid after the collapse"
    assert np.ptp(into["ms"]) > 0.45 * DAYS * 86_400_000


def test_p09_gathers_18_to_40_payers_in_a_fortnight_and_pays_nobody_back(seed: int) -> None:
    planted = planted_alone("P09", seed)
    into = planted.paid_in
    assert 18 <= len(np.unique(into["payer"])) == len(into["payer"]) <= 40
    assert np.ptp(into["ms"]) <= 14 * 86_400_000
    assert (into["amount"] % 500_000 == 0).mean() > 0.8
    assert len(planted.paid_out["payee"]) == 0


@pytest.mark.parametrize("name", [pattern.NAME for pattern in patterns(SCHEME)])
def test_schemes_of_one_pattern_differ_in_size_price_and_start(name: str) -> None:
    many = [planted_alone(name, seed) for seed in range(1, 5)]
    assert len({len(one.payers) for one in many}) >= 3
    assert len({int(one.paid_in["amount"].sum()) for one in many}) == 4
    assert len({one.labels[0].active_from for one in many}) >= 3
    said = [float((one.texts[one.paid_in["remark"]] == "").mean()) for one in many]
    assert min(said) > 0.1, "many remarks are empty"
    assert np.ptp(said) > 0.02, "and each scheme has its own mixture"


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
    organisers = sorted({one.account for one in city.labels if one.pattern in ("P02", "P07", "P08", "P09", "P14", "S11")})
    assert len(organisers) >= 3
    ordinary = [int(((quiet.transfers["payer"] == k) | (quiet.transfers["payee"] == k)).sum()) for k in organisers]
    assert np.median(ordinary) >= 8
