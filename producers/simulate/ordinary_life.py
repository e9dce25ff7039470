"""What everybody does: wages, shopping, family, rent, savings, trade between companies, cash, the institutions' own bookings."""

from __future__ import annotations

from typing import Any

import numpy as np

from producers.simulate.flows import NOBODY, Flows, daytime, yuan
from producers.simulate.town import People, Town

FRIENDLY = {
    "": 40, "红包": 6, "还款": 6, "借款": 6, "生活费": 8, "转账": 14, "份子钱": 3, "房租": 3, "货款": 3, "投资": 1.2, "利息": 1,
    "合作款": 1, "谢谢": 4, "买菜": 3, "分红": 0.6, "本金": 0.6, "入股": 0.4,
}  # fmt: skip
TRADE = {"货款": 50, "": 14, "材料款": 12, "服务费": 8, "工程款": 8, "运费": 6, "保证金": 2, "合作款": 1, "投资款": 0.5}
SAVING = {"理财": 30, "理财认购": 20, "": 30, "认购": 10, "基金申购": 20}


def _months(days: int, rng: np.random.Generator, around: int) -> Any:
    """Days, from the first one, on which a monthly thing around a day of month falls."""
    return np.array([d for d in range(around + int(rng.integers(-2, 3)), days, 30) if d >= 0], np.int64)


def live(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """All of ordinary life for the simulated days."""
    for part in (
        _wages,
        _pensions,
        _shopping,
        _friends,
        _rent,
        _utilities,
        _cash,
        _savings,
        _loans,
        _trade,
        _brokerage,
        _own_bookings,
    ):
        part(town, people, flows, np.random.default_rng(rng.integers(2**63)))


def _wages(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    employers = rng.choice(people.companies, len(people.employed), p=_zipf(len(people.companies), 0.9))
    wage = np.clip(rng.lognormal(8.6, 0.45, len(people.employed)), 2200, 60000)
    for employer in np.unique(employers):
        staff = np.flatnonzero(employers == employer)
        for day in _months(town.days, rng, 10):
            pay = yuan(wage[staff] * rng.normal(1.0, 0.03, len(staff)))
            flows.add(
                day=day, ms_of_day=10 * 3_600_000 + rng.integers(0, 600_000), payer=employer, payee=people.employed[staff],
                amount=pay, channel="batch", batch="payroll", remark=flows.remarks.code("工资"),
            )  # fmt: skip


def _pensions(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    pension = np.clip(rng.lognormal(7.7, 0.5, len(people.retired)), 200, 12000)
    for day in _months(town.days, rng, 15):
        flows.add(
            day=day, ms_of_day=9 * 3_600_000 + rng.integers(0, 3_600_000, len(people.retired)), payer=people.treasury,
            payee=people.retired, amount=yuan(pension), channel="batch", batch="pension", remark=flows.remarks.code("养老金"),
        )  # fmt: skip


def _zipf(count: int, power: float) -> Any:
    weights = 1.0 / np.arange(1, count + 1) ** power
    return weights / weights.sum()


def _shopping(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    rate = rng.lognormal(-2.0, 1.15, len(people.persons))
    counts = rng.poisson(rate * town.days)
    buyers = np.repeat(people.persons, counts)
    total = len(buyers)
    shops = rng.choice(people.shops, total, p=_zipf(len(people.shops), 1.0))
    day = rng.integers(0, town.days, total)
    price = yuan(np.clip(rng.lognormal(3.7, 1.1, total), 1, 20000))
    by_app = rng.random(total) < 0.6
    flows.add(
        day=day[~by_app], ms_of_day=daytime(rng, int((~by_app).sum())), payer=buyers[~by_app], payee=shops[~by_app],
        amount=price[~by_app], kind="card", channel="pos",
    )  # fmt: skip
    app = rng.choice(people.payment, int(by_app.sum()))
    flows.add(
        day=day[by_app], ms_of_day=daytime(rng, len(app)), payer=buyers[by_app], payee=app, amount=price[by_app],
        channel="third_party", remark=flows.remarks.draw(rng, {"扫码支付": 5, "": 3, "消费": 2}, len(app)),
    )  # fmt: skip
    _settlement(town, flows, rng, shops[by_app], app, day[by_app], price[by_app])


def _settlement(town: Town, flows: Flows, rng: np.random.Generator, shops: Any, app: Any, day: Any, price: Any) -> None:
    """Payment institutions pay shops the next day, fee taken."""
    key = (day * len(town) + shops) * len(town) + app
    keys, place = np.unique(key, return_inverse=True)
    sums = np.bincount(place, weights=price.astype(np.float64)).astype(np.int64)
    flows.add(
        day=keys // (len(town) * len(town)) + 1, ms_of_day=7 * 3_600_000 + rng.integers(0, 3_600_000, len(keys)),
        payer=keys % len(town), payee=keys // len(town) % len(town), amount=np.maximum(sums * 994 // 1000, 1),
        channel="batch", remark=flows.remarks.code("商户结算"),
    )  # fmt: skip


def _friends(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    count = len(people.persons)
    circle = rng.integers(0, count, (count, 5))
    counts = rng.poisson(rng.lognormal(-3.2, 1.0, count) * town.days)
    payer = np.repeat(np.arange(count), counts)
    payee = circle[payer, rng.integers(0, 5, len(payer))]
    exact = rng.lognormal(5.8, 1.3, len(payer))
    steps = np.array([100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000])
    round_amount = rng.choice(steps, len(payer), p=[0.2, 0.2, 0.2, 0.16, 0.09, 0.07, 0.05, 0.02, 0.01])
    amount = np.where(rng.random(len(payer)) < 0.55, round_amount, np.clip(exact, 1, 80000))
    flows.add(
        day=rng.integers(0, town.days, len(payer)), ms_of_day=daytime(rng, len(payer)), payer=people.persons[payer],
        payee=people.persons[payee], amount=yuan(amount), channel=rng.choice(["mobile", "online", "counter"], len(payer), p=[0.8, 0.15, 0.05]),
        remark=flows.remarks.draw(rng, FRIENDLY, len(payer)),
    )  # fmt: skip


def _rent(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    tenants = rng.choice(people.employed, len(people.employed) // 6, replace=False)
    owners = rng.choice(people.landlords, len(tenants))
    rent = rng.integers(6, 40, len(tenants)) * 100
    for day in _months(town.days, rng, 5):
        flows.add(
            day=day + rng.integers(0, 4, len(tenants)), ms_of_day=daytime(rng, len(tenants)), payer=tenants, payee=owners,
            amount=yuan(rent), remark=flows.remarks.draw(rng, {"房租": 7, "": 3}, len(tenants)),
        )  # fmt: skip


def _utilities(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    homes = rng.choice(people.persons, len(people.persons) // 2, replace=False)
    for day in _months(town.days, rng, 20):
        flows.add(
            day=day + rng.integers(0, 8, len(homes)), ms_of_day=daytime(rng, len(homes)), payer=homes, payee=people.utility,
            amount=yuan(np.clip(rng.lognormal(4.8, 0.5, len(homes)), 10, 3000)), channel="online",
            remark=flows.remarks.code("水电费"),
        )  # fmt: skip


def _cash(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    counts = rng.poisson(0.02 * town.days, len(people.persons))
    who = np.repeat(people.persons, counts)
    taken = rng.random(len(who)) < 0.7
    for mask, sides in ((taken, (who, NOBODY)), (~taken, (NOBODY, who))):
        payer, payee = (side[mask] if isinstance(side, np.ndarray) else side for side in sides)
        number = int(mask.sum())
        flows.add(
            day=rng.integers(0, town.days, number), ms_of_day=daytime(rng, number), payer=payer, payee=payee,
            amount=yuan(rng.integers(1, 50, number) * 100), kind="cash", channel="atm",
        )  # fmt: skip
    shops = np.repeat(people.shops, rng.poisson(0.06 * town.days, len(people.shops)))
    flows.add(
        day=rng.integers(0, town.days, len(shops)), ms_of_day=daytime(rng, len(shops)), payer=NOBODY, payee=shops,
        amount=yuan(np.clip(rng.lognormal(8.4, 0.8, len(shops)), 100, 90000).round(-2)), kind="cash", channel="counter",
    )  # fmt: skip


def _savings(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Buying and redeeming a licensed fund: round amounts, words of investing, money back with a gain."""
    count = len(people.persons) // 12
    who = rng.choice(people.persons, count, replace=False)
    day = rng.integers(0, town.days, count)
    amount = rng.integers(1, 20, count) * rng.choice([1000, 5000, 10000], count)
    flows.add(
        day=day, ms_of_day=daytime(rng, count), payer=who, payee=people.fund, amount=yuan(amount),
        remark=flows.remarks.draw(rng, SAVING, count),
    )  # fmt: skip
    flows.add(
        day=day + rng.integers(7, 90, count), ms_of_day=daytime(rng, count), payer=people.fund, payee=who,
        amount=yuan(amount * rng.uniform(1.0, 1.02, count)), remark=flows.remarks.draw(rng, {"赎回": 6, "基金赎回": 3, "": 2}, count),
    )  # fmt: skip


def _loans(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    who = rng.choice(people.employed, len(people.employed) // 15, replace=False)
    day, amount = rng.integers(-60, town.days, len(who)), rng.integers(5, 60, len(who)) * 1000
    now = day >= 0
    flows.add(
        day=day[now], ms_of_day=daytime(rng, int(now.sum())), payer=people.lender, payee=who[now], amount=yuan(amount[now]),
        batch="loan_drawdown", channel="batch", remark=flows.remarks.code("放款"),
    )  # fmt: skip
    for month in range(1, 6):
        due = (day + 30 * month >= 0) & (day + 30 * month < town.days)
        flows.add(
            day=day[due] + 30 * month, ms_of_day=daytime(rng, int(due.sum())), payer=who[due], payee=people.lender,
            amount=yuan(amount[due] / 12 * 1.01), batch="loan_repayment", channel="batch", remark=flows.remarks.code("还款"),
        )  # fmt: skip


def _trade(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Companies buy from companies, shops from companies; some customers are suppliers as well."""
    buyers = np.concatenate([people.companies, people.shops])
    counts = rng.poisson(rng.lognormal(-2.2, 0.8, len(buyers)) * town.days)
    payer = np.repeat(buyers, counts)
    suppliers = rng.integers(0, len(people.companies), (len(town), 4))
    payee = people.companies[suppliers[payer, rng.integers(0, 4, len(payer))]]
    amount = np.clip(rng.lognormal(9.2, 1.1, len(payer)), 100, 3_000_000)
    amount = np.where(rng.random(len(payer)) < 0.35, np.maximum(1000, amount.round(-3)), amount)
    flows.add(
        day=_workdays(rng, town.days, len(payer)), ms_of_day=daytime(rng, len(payer)), payer=payer, payee=payee,
        amount=yuan(amount), channel=rng.choice(["online", "counter"], len(payer), p=[0.85, 0.15]),
        remark=flows.remarks.draw(rng, TRADE, len(payer)),
    )  # fmt: skip


def _workdays(rng: np.random.Generator, days: int, count: int) -> Any:
    day = rng.integers(0, days, count)
    return np.where(day % 7 >= 5, np.maximum(day - 2, 0), day)


def _brokerage(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    for bank_account, cash_account in people.broker_accounts:
        count = int(rng.poisson(0.05 * town.days))
        into = rng.random(count) < 0.6
        flows.add(
            day=rng.integers(0, town.days, count), ms_of_day=daytime(rng, count), payer=np.where(into, bank_account, cash_account),
            payee=np.where(into, cash_account, bank_account), amount=yuan(rng.integers(1, 80, count) * 500),
            kind="securities_transfer", channel="online",
        )  # fmt: skip


def _own_bookings(town: Town, people: People, flows: Flows, rng: np.random.Generator) -> None:
    """Interest each quarter and account fees: booked by the institution itself."""
    everyone = np.concatenate([people.persons, people.companies, people.shops])
    for day in range(75, town.days, 91):
        flows.add(
            day=day, ms_of_day=rng.integers(0, 1_800_000, len(everyone)), payer=NOBODY, payee=everyone,
            amount=np.maximum(1, yuan(rng.exponential(3.0, len(everyone)))), kind="interest", channel="batch",
            remark=flows.remarks.code("结息"),
        )  # fmt: skip
    fee = rng.choice(everyone, len(everyone) // 8, replace=False)
    flows.add(
        day=rng.integers(0, town.days, len(fee)), ms_of_day=daytime(rng, len(fee)), payer=fee, payee=NOBODY,
        amount=yuan(rng.choice([1, 2, 3, 10], len(fee))), kind="fee", channel="batch",
    )  # fmt: skip
