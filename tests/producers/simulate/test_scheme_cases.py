"""Each published case as it is planted: what made it a case is there, on every seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from contract.movement import CHANNELS
from producers.simulate.flows import NOBODY
from producers.simulate.institutions import ELSEWHERE, of_kind
from producers.simulate.patterns import SCHEME, patterns
from producers.simulate.town import COMPANY, NEVER, PERSON
from tests.producers.simulate.planted import Planted, planted_alone


@pytest.fixture(params=(1, 2), ids=lambda seed: f"seed-{seed}")
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def _age(planted: Planted) -> Any:
    years = np.array(planted.town.birth_year)[planted.payers]
    return 2026 - years[years > 0]


def _paid_before(planted: Planted) -> Any:
    """Whether each payee had paid the group before the group first paid him."""
    into, out = planted.paid_in, planted.paid_out
    first_in = {int(k): into["ms"][into["payer"] == k].min() for k in np.unique(into["payer"])}
    return np.array([first_in.get(int(k), 2**62) < out["ms"][out["payee"] == k].min() for k in np.unique(out["payee"])])


REPAYS = ("P01", "P02", "P04", "P06", "P07", "P08", "P11", "P12", "P13", "P14", "P15", "P16", "S10", "S11", "I13", "I14")


@pytest.mark.parametrize("name", REPAYS)
def test_who_is_paid_had_paid_before_and_less_comes_back_than_went_in(name: str, seed: int) -> None:
    planted = planted_alone(name, seed)
    before = _paid_before(planted)
    assert len(before) >= 5
    assert before.mean() > 0.75, "some of those who take part in spending and commissions are others"
    if name != "P15":
        assert planted.paid_out["amount"].sum() < 1.3 * planted.paid_in["amount"].sum()


def test_p01_is_a_new_card_of_large_sums_from_the_elderly_that_is_emptied_in_cash(seed: int) -> None:
    planted = planted_alone("P01", seed)
    assert (_age(planted) >= 60).mean() >= 0.5
    assert np.median(planted.paid_in["amount"]) >= 2_000_000
    assert planted.of_kind("cash")["amount"].sum() >= 0.15 * planted.paid_in["amount"].sum()
    largest = planted.where(planted.transfers["payer"] == planted.account)["amount"].max()
    assert largest >= 0.3 * planted.paid_in["amount"].sum()


def test_p03_collects_and_pays_on_different_new_cards_of_staff_without_wages(seed: int) -> None:
    planted = planted_alone("P03", seed)
    cards = planted.accounts[1:]
    assert 12 <= len(cards) <= 67
    assert {planted.town.employer[card] for card in cards} == {planted.town.customer[planted.account]}
    assert not set(planted.paid_in["payee"]) & set(planted.paid_out["payer"])
    assert set(planted.transfers["batch"]) == {0}
    fees, counts = np.unique(planted.paid_in["amount"], return_counts=True)
    assert counts.max() >= 0.5 * counts.sum(), "one entry fee"
    assert len(np.unique(planted.paid_out["amount"])) <= 3, "one commission a level"
    assert min(fees) == fees[counts.argmax()]


def test_p04_shells_share_representatives_and_each_has_few_payers(seed: int) -> None:
    planted = planted_alone("P04", seed)
    assert len(planted.accounts) >= 10
    assert len({planted.town.legal[k] for k in planted.accounts}) <= max(2, len(planted.accounts) // 5)
    into = planted.paid_in
    assert max(len(np.unique(into["payer"][into["payee"] == k])) for k in planted.accounts) <= 20
    assert not set(into["payee"]) & set(planted.paid_out["payer"])
    assert len(planted.between(planted.accounts, planted.accounts)["ms"]) >= 50


def test_p05_empties_its_accounts_by_the_evening_and_lets_them_sleep(seed: int) -> None:
    planted = planted_alone("P05", seed)
    into = planted.paid_in
    for account in np.unique(into["payee"]):
        mine = into["payee"] == account
        left = planted.where(planted.transfers["payer"] == account)
        by_day = [
            np.bincount(planted.days(one), one["amount"], minlength=100)
            for one in (planted.where(planted.transfers["payee"] == account), left)
        ]
        kept = (by_day[0] - by_day[1])[by_day[0] > 0] / by_day[0][by_day[0] > 0]
        assert (kept <= 0.05).mean() > 0.9
        assert planted.town.opened[account] >= planted.town.first_day + planted.labels[0].active_from - 6
        assert mine.sum() >= 3
    sleeps = [
        np.diff(np.sort(planted.days(planted.where(planted.transfers["payee"] == k)))).max() for k in np.unique(into["payee"])
    ]
    assert max(sleeps) >= 30, "at least one is used again after a month"
    fetched = planted.of_kind("cash")
    assert set(fetched["agent"]) <= {0, planted.town.customer[planted.account] + 1}, "large cash is fetched by one person"
    assert not set(into["payee"]) & set(planted.paid_out["payer"])


def test_p06_takes_one_unit_at_one_company_and_pays_from_the_other(seed: int) -> None:
    planted = planted_alone("P06", seed)
    first, second = planted.accounts
    assert planted.town.legal[first] == planted.town.legal[second]
    assert (planted.paid_in["amount"] % 280_000 == 0).all()
    assert set(planted.paid_in["payee"]) == {first}
    assert set(planted.paid_out["payer"]) - {first} == {second}
    assert (_age(planted) >= 50).mean() > 0.6


def test_p08_lenders_come_from_all_over_the_country_and_its_own_firms_get_most(seed: int) -> None:
    planted = planted_alone("P08", seed)
    at = np.array(planted.town.institution)[planted.payers]
    cities = {planted.town.branch[k][:4] for k in planted.payers}
    assert (at == ELSEWHERE).mean() > 0.4
    assert len(cities) >= 10
    lent = planted.where((planted.transfers["payer"] == planted.account) & (planted.kind[planted.transfers["payee"]] == COMPANY))
    assert len(np.unique(lent["payee"])) <= 5
    assert lent["amount"].sum() > 0.5 * planted.paid_in["amount"].sum()


def test_p11_salesmen_pass_everything_on_and_are_paid_by_what_they_bring(seed: int) -> None:
    planted = planted_alone("P11", seed)
    chief, *others = planted.accounts
    staff, company = others[:-1], others[-1]
    assert planted.town.legal[company] == planted.town.customer[chief]
    brought = np.array([planted.paid_in["amount"][planted.paid_in["payee"] == k].sum() for k in staff])
    passed = np.array([planted.between([k], [chief])["amount"].sum() for k in staff])
    earned = np.array([planted.between([company], [k])["amount"].sum() for k in staff])
    assert ((passed / brought) > 0.85).all()
    assert ((passed / brought) <= 1.0).all()
    assert np.corrcoef(brought, earned)[0, 1] > 0.8


def test_p12_opens_four_and_closes_two_accounts_within_a_month(seed: int) -> None:
    planted = planted_alone("P12", seed)
    hub, *used = planted.accounts
    assert {planted.town.customer[k] for k in used} == {planted.town.customer[hub]}
    opened, closed = (np.array(getattr(planted.town, name))[used] for name in ("opened", "closed"))
    assert (closed < NEVER).all()
    assert any((np.abs(opened - day) <= 29).sum() >= 4 and ((closed >= day) & (closed < day + 30)).sum() >= 2 for day in opened)


def test_p13_accounts_are_tried_with_small_sums_first(seed: int) -> None:
    planted = planted_alone("P13", seed)
    hub, *lent = planted.accounts
    assert {planted.town.device[account] for account in lent} == {planted.town.customer[hub]}, "on one phone"
    for account in lent:
        tests = planted.between([hub], [account])
        assert (tests["amount"] <= 6000).all()
        assert len(tests["ms"]) == 2
        first = planted.paid_in["ms"][planted.paid_in["payee"] == account].min()
        assert tests["ms"].min() < first


def test_p14_ends_with_persons_of_the_watch_list(seed: int) -> None:
    planted = planted_alone("P14", seed)
    onward = planted.between([planted.account], planted.people.found)
    assert onward["amount"].sum() > 0.2 * planted.paid_in["amount"].sum()


def test_p16_payers_are_students_and_payouts_end(seed: int) -> None:
    planted = planted_alone("P16", seed)
    occupations = [planted.town.occupation[k] for k in planted.payers]
    assert occupations.count("student") / len(occupations) > 0.5
    assert planted.days(planted.paid_out).max() < planted.labels[0].active_to


def test_s10_money_is_at_the_securities_firm_soon(seed: int) -> None:
    planted = planted_alone("S10", seed)
    hub, stocks = planted.accounts
    assert planted.town.institution[stocks] == of_kind("securities")[0]
    assert planted.between([hub], [stocks])["amount"].sum() > 0.3 * planted.paid_in["amount"].sum()
    assert len(planted.of_kind("securities_trade")["ms"]) >= 1


def test_i14_customers_surrender_days_before_they_pay(seed: int) -> None:
    planted = planted_alone("I14", seed)
    surrendered = planted.where(planted.transfers["policy"] > 0)
    assert set(planted.payers) <= set(surrendered["payee"])
    when = dict(zip(surrendered["payee"].tolist(), planted.days(surrendered).tolist(), strict=True))
    gaps = planted.days(planted.paid_in) - np.array([when[int(k)] for k in planted.paid_in["payer"]])
    assert ((gaps >= 0) & (gaps <= 3)).all()


def test_p10_has_nights_at_three_terminals_and_deposits_below_the_line(seed: int) -> None:
    planted = planted_alone("P10", seed)
    card, cash = planted.of_kind("card"), planted.of_kind("cash")
    assert len(np.unique(card["terminal"])) == 3
    assert set(card["channel"]) == {CHANNELS.index("pos") + 1}
    assert ((card["ms"] // 3_600_000 + 8) % 24 < 6).all()
    assert ((cash["amount"] >= 4_000_000) & (cash["amount"] < 5_000_000) & (cash["payer"] == NOBODY)).all()
    assert np.bincount(planted.days(cash)).max() >= 3


@pytest.mark.parametrize("name", [pattern.NAME for pattern in patterns(SCHEME)])
def test_money_comes_from_many_persons(name: str) -> None:
    planted = planted_alone(name, 1)
    assert len(planted.payers) >= 15
    assert {planted.kind[k] for k in planted.payers} == {PERSON}
